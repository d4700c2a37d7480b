"""What the historical run must reproduce, over sixty runs, with the figures in the messages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import Trace
from model.months import month_number, month_text
from model.rules import law
from model.settings import Event, Settings
from model.vocabulary import FORMED, FRAMEWORKS, KINDS
from model.world.build import build

RUNS = 60


class History:
    """Sixty runs of a world: spells, decisions and people of Japan and Korea."""

    def __init__(self, settings: Settings) -> None:
        self.world = build(settings)
        trace = Trace(runs=tuple(range(RUNS)))
        chunks = list(ensemble.simulate(self.world, range(RUNS), 1, trace=trace))
        self.people = np.concatenate([chunk.personnel() for chunk in chunks])
        self.spells = pd.concat([chunk.spells() for chunk in chunks], ignore_index=True)
        self.decisions = pd.concat([chunk.decisions() for chunk in chunks], ignore_index=True)
        self.menus = pd.concat([chunk.menus() for chunk in chunks], ignore_index=True)
        self.stocks = np.stack([ledger.stocks for chunk in chunks for ledger in chunk.ledgers])
        self.first = month_number(settings.start)

    def un(self, state: str, start: str, end: str, kinds: list[str] | None = None) -> np.ndarray:
        """People in UN missions by run and month."""
        chosen = [KINDS.index(kind) for kind in kinds or KINDS]
        row = self.world.reported.index(state)
        first, last = month_number(start) - self.first, month_number(end) - self.first
        return self.people[:, first : last + 1, row, 0][:, :, chosen].sum(axis=2)

    def stock(self, state: str, name: str, start: str, end: str) -> np.ndarray:
        """Sum of a stock over months, by run."""
        from model.core.records import STOCKS

        row = self.world.reported.index(state)
        part = self.stocks[:, month_number(start) : month_number(end) + 1, row, STOCKS.index(name)]
        return part.sum(axis=1)


@pytest.fixture(scope="module")
def history() -> History:
    return History(Settings())


@pytest.fixture(scope="module")
def without_iraq() -> History:
    silent = Event("alliance", {"month": "2002-06", "until": "2009-01", "requests": 0.0})
    return History(Settings(end="2007-12", afterwards="recorded", events=(silent,)))


# Exactly.


def test_nobody_is_in_the_field_while_the_law_is_shut(history):
    gate = history.world.arrays.known_gate
    for code, regime in (("JPN", 1), ("KOR", 2)):
        for row in history.spells[history.spells["state"] == code].itertuples():
            kind, framework = KINDS.index(row.kind), FRAMEWORKS.index(row.framework)
            answers = gate[regime, kind, framework, row.first : row.last + 1]
            shut = np.flatnonzero(answers > law.OPEN_AFTER_LEAD)
            assert len(shut) == 0, (
                f"{code} {row.kind} in {row.mission}: shut in {month_text(row.first + shut[0])}"
            )


def test_nothing_is_accepted_against_the_law(history):
    """What is chosen from a menu is open at the place that was chosen."""
    chosen = history.menus[history.menus["stopped_by"] == "nothing"]
    assert chosen["gate"].isin(["open", "open_after_lead"]).all()
    assert len(chosen) > 0


def test_japan_sends_no_infantry_while_core_tasks_are_frozen(history):
    spells = history.spells
    japan = spells[(spells["state"] == "JPN") & (spells["kind"] == "infantry")]
    assert (japan["first"] >= month_number("2001-12")).all()


def test_instructors_are_given_only_where_the_law_lets_them_go(history):
    """Japan had no power to train the forces of others before April 2012."""
    made = history.decisions
    training = made[made["substitute"] == "instructors"]
    japan = training.loc[training["state"] == "JPN", "month"]
    assert len(training) > len(japan) > 0
    assert (japan >= "2012-04").all()


def test_who_walks_out_of_a_vote_supports_nothing(history):
    """In the two Assemblies whose opposition walked out, the seats of the government are all."""
    made = history.decisions
    absent = made[(made["state"] == "KOR") & (made["present"] < 1.0)]
    assert set(absent["month"].str[:4].astype(int)) <= {*range(1996, 2001), *range(2008, 2013)}
    politics = history.world.arrays.politics["lower"][:, 2]
    before = absent["month"].map(month_number).to_numpy() - 1
    assert len(absent) > 0
    assert (absent["support"] <= politics[before] + 1e-9).all()


def test_people_are_conserved_every_month():
    """What the tallies say equals what the deployments say, month by month."""
    model = PeacekeepingModel(Settings(end="1996-12", deliberating=("all",)), run=2)
    run = model.run
    while model.running and model.month <= model.atlas.arrays.span[2]:
        model.step()
        present = np.zeros_like(run.present)
        here = np.zeros_like(run.people_here)
        for state in range(run.states.size):
            place = run.states[state].head
            while place >= 0:
                unit = run.deployments[place]
                assert unit.people > 0
                assert unit.state == state
                present[unit.mission, unit.kind] += unit.people
                here[state, unit.mission] += unit.people
                place = unit.next
        assert (present == run.present).all(), month_text(model.month - 1)
        assert (here == run.people_here).all(), month_text(model.month - 1)
    assert run.present.sum() > 0


# In distribution.


@pytest.mark.xfail(
    strict=True,
    reason="76 %: the Golan is left by 2012 in half of the runs, South Sudan reached in a third",
)
def test_japan_keeps_units_in_un_missions_until_2017(history, record_property):
    during = (history.un("JPN", "1992-09", "2017-04", FORMED) > 0).mean()
    record_property("japanese units until 2017", during)
    assert during >= 0.80, f"{during:.0%} of month-ends from September 1992 to April 2017"


@pytest.mark.xfail(
    strict=True, reason="59 %: units stay in South Sudan, and in places where Japan sent none"
)
def test_japan_seldom_keeps_units_in_un_missions_after_2017(history, record_property):
    after = (history.un("JPN", "2017-06", "2023-12", FORMED) > 0).mean()
    record_property("japanese units after", after)
    assert after <= 0.20, f"{after:.0%} of month-ends after it"


def test_japan_hardly_ever_sends_infantry_after_2001(history, record_property):
    spells = history.spells
    sent = spells[(spells["state"] == "JPN") & (spells["kind"] == "infantry")]
    sent = sent[sent["first"] >= month_number("2002-01")]
    share = sent["run"].nunique() / RUNS
    record_property("japanese infantry", share)
    assert share <= 0.10, f"in {share:.0%} of runs"


def test_wider_law_is_not_followed_by_more_japanese_personnel(history, record_property):
    before = history.un("JPN", "2012-01", "2015-12").mean(axis=1)
    after = history.un("JPN", "2018-01", "2022-12").mean(axis=1)
    share = (after < before).mean()
    record_property("fewer Japanese after 2015", share)
    assert share >= 0.80, (
        f"fewer in {share:.0%} of runs: mean {before.mean():.0f} in 2012-15, "
        f"{after.mean():.0f} in 2018-22"
    )


def test_korea_falls_by_half_after_timor(history, record_property):
    before = history.un("KOR", "2000-01", "2002-12").mean()
    after = history.un("KOR", "2004-01", "2006-12").mean()
    record_property("korean fall", 1.0 - after / before)
    assert after <= 0.5 * before, f"from {before:.0f} in 2000-02 to {after:.0f} in 2004-06"


def test_the_korean_fall_does_not_need_iraq(history, without_iraq, record_property):
    def fall(runs: History) -> float:
        before = runs.un("KOR", "2000-01", "2002-12").mean()
        return float(before - runs.un("KOR", "2004-01", "2006-12").mean())

    asked, silent = fall(history), fall(without_iraq)
    spells = without_iraq.spells
    in_iraq = spells["mission"].isin(["OIF", "MNF-I"]) & (spells["state"] == "KOR")
    assert not in_iraq.any(), "an ally asked after all"
    record_property("korean fall without Iraq", silent / asked)
    assert silent >= 0.5 * asked, f"a fall of {asked:.0f} with Iraq, of {silent:.0f} without"


def test_korea_is_ahead_in_people_and_japan_in_training_and_agreements(history, record_property):
    korea = history.un("KOR", "2007-01", "2013-12").mean()
    japan = history.un("JPN", "2007-01", "2013-12").mean()
    record_property("korea ahead in people", korea / japan)
    assert korea > japan, f"Korea {korea:.0f}, Japan {japan:.0f}"
    for name in ("training_support", "agreements"):
        jpn = history.stock("JPN", name, "2000-01", "2010-12").mean()
        kor = history.stock("KOR", name, "2000-01", "2010-12").mean()
        record_property(f"japan ahead in {name.replace('_', ' ')}", jpn / kor)
        assert jpn > kor, f"{name}: Japan {jpn:.1f}, Korea {kor:.1f}"


def test_lead_times_have_two_modes(history, record_property):
    spells = history.spells[
        history.spells["kind"].isin(FORMED) & history.spells["state"].isin(["JPN", "KOR"])
    ]
    spells = spells[spells["asked"] < spells["first"]]
    spells = spells.drop_duplicates(["run", "state", "kind", "asked", "people"])
    months = spells["first"] - spells["asked"]
    crisis = months[spells["crisis"] > 0]
    routine = months[spells["crisis"] == 0]
    quick, middle = crisis.between(1, 2).mean(), routine.median()
    record_property("crisis lead times", quick)
    record_property("routine lead times", middle)
    assert quick >= 0.75, f"{quick:.0%} of {len(crisis)} crisis units arrive within two months"
    # Documented: eight in the median, half between five and thirteen.
    assert 6 <= middle <= 12, f"{middle:.0f} months in the median of {len(routine)} routine units"


def test_refusals_end_in_officers_or_substitutes_at_least_as_often_as_in_nothing(
    history, record_property
):
    decided = history.decisions
    named = decided[(decided["request"] != "") & (decided["reason"] != "renewal")]
    units = named[named["kind"].isin(FORMED) & (named["stopped_by"] != "nothing")]
    counts = units["outcome"].value_counts()
    instead = counts.get("cheaper", 0) + counts.get("substitute", 0)
    record_property("officers or substitutes to nothing", instead / counts.get("refused", 1))
    assert instead >= counts.get("refused", 0), counts.to_dict()


def test_korea_decides_on_its_units_at_the_end_of_a_year(history):
    """Every consent since December 2004 was extended in November or December, but for two; terms
    granted before 2002 have run out by 2003."""
    decided = history.decisions
    terms = decided[(decided["state"] == "KOR") & (decided["reason"] == "renewal")]
    terms = terms[terms["kind"].isin(FORMED) & (terms["month"] >= "2003-01")]
    assert len(terms) > 10 * RUNS
    assert set(terms["month"].str[5:]) == {"12"}


def test_a_request_open_at_the_start_is_still_answered():
    """South Sudan was asked in August 2011 and reached in January 2012: a run from 2012 answers."""
    runs = History(Settings(start="2012-01", end="2013-12", afterwards="recorded"))
    asked = runs.decisions[runs.decisions["request"] == "REQ-JPN-054"]
    assert asked["run"].nunique() == RUNS


def test_a_run_can_begin_after_the_record():
    runs = History(Settings(start="2026-04", end="2027-03"))
    assert runs.people.shape[1] == 12
    assert runs.people.sum() > 0
