"""Every event of a scenario has its effect on what the states decide, from its month onwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import Trace
from model.engine.run_output import Chunk
from model.errors import InputError
from model.months import month_number
from model.settings import Event, Settings
from model.vocabulary import CLASSES_OF_GROUP, GROUPS, KINDS, STANCE_CLASSES
from model.world.build import Atlas, build
from tests.support.digest import digest_of

START, END, RUNS = "2000-01", "2006-12", 24
OPENED = {
    "mission": "Asian force",
    "month": "2002-01",
    "end": "2005-12",
    "framework": "un_pko",
    "host": "THA",
    "strength": 8000,
    "kinds": {"engineer": 0.5, "infantry": 0.3, "staff": 0.2},
}


def world(*events: tuple[str, dict[str, Any]], **settings: Any) -> Atlas:
    dated = tuple(Event(kind, values) for kind, values in events)
    values = {"start": START, "end": END, "afterwards": "recorded"} | settings
    return build(Settings(events=dated, **values))


def run(*events: tuple[str, dict[str, Any]], runs: int = RUNS, **settings: Any) -> Chunk:
    (chunk,) = ensemble.simulate(world(*events, **settings), range(runs), 1, chunk=runs)
    return chunk


@pytest.fixture(scope="module")
def plain() -> Chunk:
    return run()


def people(chunk: Chunk, state: str, first: str = START, kinds: Any = slice(None)) -> np.ndarray:
    """People of a reported state from a month on, by run: float64[runs]."""
    offset = month_number(first) - month_number(START)
    reported = chunk.atlas.reported.index(state)
    return np.asarray(chunk.personnel()[:, offset:, reported][..., kinds].sum(axis=(1, 2, 3)))


def agree_before(one: Chunk, other: Chunk, month: str) -> bool:
    months = month_number(month) - month_number(START)
    return bool((one.personnel()[:, :months] == other.personnel()[:, :months]).all())


def ask(state: str, **values: Any) -> tuple[str, dict[str, Any]]:
    asked = {"month": "2002-02", "state": state, "mission": "Asian force", "kind": "engineer"}
    return ("request", asked | {"personnel": 400} | values)


@pytest.mark.slow
def test_an_opened_mission_asks_has_conditions_and_ends(plain: Chunk) -> None:
    atlas = world(("open_mission", OPENED | {"fighting": 0.25, "interest": 0.5}))
    arrays = atlas.arrays
    row = atlas.mission_row("Asian force")
    first, last = month_number("2002-01"), month_number("2005-12")
    assert arrays.asked[first, row].sum() == 8000
    assert arrays.asked[first, row, KINDS.index("engineer")] == 4000
    assert arrays.asked[first - 1, row].sum() == arrays.asked[last + 1, row].sum() == 0
    assert arrays.mission_months["fighting"][first, row] == 0.25
    assert arrays.mission_months["interest"][first, row] == 0.5
    assert (arrays.calls["mission"] == row).any()
    chunk = run(("open_mission", OPENED), ask("JPN"), ask("KOR"))
    there = chunk.spells()
    there = there[there["mission"] == "Asian force"]
    assert len(there) > 0
    assert agree_before(plain, chunk, "2002-01")


@pytest.mark.slow
def test_a_harder_mandate_in_an_opened_mission_draws_fewer() -> None:
    def joined(**values: Any) -> int:
        asks = [ask(state, kind=kind) for state in ("JPN", "KOR") for kind in ("engineer", "staff")]
        chunk = run(("open_mission", OPENED | values), *asks)
        spells = chunk.spells()
        return int((spells["mission"] == "Asian force").sum())

    hard = {"force_level": 3, "protection": True, "fighting": 0.9, "ceasefire": "fails"}
    assert joined(**hard) < joined()


def test_an_opened_mission_without_a_list_of_kinds_asks_for_the_usual_ones() -> None:
    atlas = world(("open_mission", OPENED | {"kinds": {}}))
    asked = atlas.arrays.asked[month_number("2003-01"), atlas.mission_row("Asian force")]
    assert abs(int(asked.sum()) - 8000) < len(KINDS)
    assert asked.argmax() == KINDS.index("infantry")


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
def test_the_number_of_an_allys_requests_is_multiplied(factor: float) -> None:
    plain = run()
    chunk = run(("alliance", {"month": "2001-01", "requests": factor}))
    asks = chunk.atlas.arrays.asks
    later = (asks["ally"] == 1) & (asks["month"] >= month_number("2001-01"))
    before = plain.atlas.arrays.asks
    known = int(((before["ally"] == 1) & (before["month"] >= month_number("2001-01"))).sum())
    assert known > 0
    assert asks["chance"][later].sum() == pytest.approx(factor * known)
    assert agree_before(plain, chunk, "2001-01")
    if factor < 1.0:  # whoever said no says so again: taste is drawn once for a mission
        assert (people(plain, "JPN") != people(chunk, "JPN")).any()


def test_half_the_allys_requests_are_put_in_half_the_runs() -> None:
    decisions = run(("alliance", {"month": "2001-01", "requests": 0.5}), runs=1).atlas
    (chunk,) = ensemble.simulate(
        decisions, range(40), 1, chunk=40, trace=ensemble.Trace(runs=tuple(range(40)))
    )
    asked = chunk.decisions()
    by_ally = asked[(asked["reason"] == "ally") & (asked["month"] >= "2001-01")]
    runs = by_ally.groupby("request")["run"].nunique()
    assert runs.max() < 40
    assert 8 < runs.mean() < 32


def test_demand_of_one_region_and_group_scales_its_missions_alone() -> None:
    plain, changed = (
        world(),
        world(("demand", {"month": "2002-01", "group": "un", "region": "Asia", "size": 0.5})),
    )
    month = month_number("2003-01")
    before, after = plain.arrays.asked[month].sum(axis=1), changed.arrays.asked[month].sum(axis=1)
    asia = plain.mission_row("UNMISET")
    assert after[asia] == pytest.approx(before[asia] / 2, abs=8)
    elsewhere = plain.arrays.missions["region"] != plain.arrays.missions["region"][asia]
    assert (before[elsewhere] == after[elsewhere]).all()


def test_demand_outside_the_united_nations_and_robustness_of_a_group() -> None:
    changed = world(
        ("demand", {"month": "2002-01", "group": "other", "size": 2.0}),
        ("demand", {"month": "2002-01", "group": "un", "robustness": 2.0}),
    ).arrays
    robust = changed.mission_months["robustness"][month_number("2003-01")]
    un = changed.missions["group"] == 0
    assert (robust[un] == 2.0).all()
    assert (robust[~un] == 1.0).all()


def test_a_larger_pool_sends_more_individuals(plain: Chunk) -> None:
    pool = ("capacity", {"month": "2001-01", "state": "KOR", "pool": 3.0})
    chunk = run(pool)
    individuals = [KINDS.index(kind) for kind in ("staff", "observer", "police")]
    assert (
        people(chunk, "KOR", kinds=individuals).sum()
        > people(plain, "KOR", kinds=individuals).sum()
    )
    assert agree_before(plain, chunk, "2001-01")


def test_a_pool_of_one_kind_leaves_the_others_alone() -> None:
    chunk = run(
        ("capacity", {"month": "2001-01", "state": "KOR", "pool": 3.0, "kinds": ["police"]})
    )
    levies = chunk.atlas.arrays.levies
    assert levies["kinds"].tolist() == [1 << KINDS.index("police")]


def test_shorter_lead_times_bring_people_earlier(plain: Chunk) -> None:
    chunk = run(("capacity", {"month": "2000-01", "state": "KOR", "lead_time": 0.3}))

    def lead(one: Chunk) -> float:
        months = [
            unit["arrives"] - unit["ordered"]
            for ledger in one.ledgers
            for unit in ledger.deployments
            if one.atlas.states[unit["state"]] == "KOR"
            and unit["arrives"] > unit["ordered"] > 0
            and unit["since"] >= unit["arrives"]  # no change of size
            and unit["ordered"] >= month_number("2000-02")
        ]
        return float(np.mean(months))

    assert lead(chunk) < 0.7 * lead(plain)


def test_a_shock_in_one_mission_kills_only_where_people_are() -> None:
    def dead(mission: str) -> float:
        chunk = run(
            (
                "shock",
                {
                    "month": "2003-01",
                    "state": "JPN",
                    "mission": mission,
                    "killed": 50,
                    "what": "hostile_act",
                },
            )
        )
        month = month_number("2003-01")
        return float(np.mean([ledger.stocks[month, 0, 2] for ledger in chunk.ledgers]))

    assert dead("UNMISET") > 20.0
    assert dead("UNAMSIL") < 1.0


@pytest.mark.slow
def test_a_partners_centre_takes_instructors_and_trains_there() -> None:
    values = {"month": "2002-01", "state": "JPN", "centre": "C", "staff_per_year": 100.0}
    plain = world().arrays
    changed = world(("open_centre", values | {"home": False, "partner": "KEN"})).arrays
    month = month_number("2003-06")
    names = world().states
    japan, kenya = names.index("JPN"), names.index("KEN")
    gained = changed.state_months
    assert gained["instructors"][month, japan] > plain.state_months["instructors"][month, japan]
    assert gained["centres"][month, japan] == plain.state_months["centres"][month, japan]
    assert gained["centres"][month, kenya] > plain.state_months["centres"][month, kenya]


def opposed(**values: Any) -> tuple[str, dict[str, Any]]:
    about = {"month": "2002-01", "state": "KOR", "party": "opposition", "group": "un"}
    return ("stance", about | values)


def votes_carried(chunk: Chunk, mission: str) -> float:
    """Share of the votes on Korean units for a mission that carried, under a minority cabinet."""
    told = chunk.decisions()
    told = told[(told["state"] == "KOR") & (told["mission"] == mission)]
    voted = told[(told["authoriser"] == "assembly") & (told["support"] > 0.0)]
    voted = voted[(voted["month"] >= "2002-02") & (voted["month"] <= "2004-04")]
    assert len(voted) > 0
    return float((voted["support"] > 0.5).mean())


@pytest.mark.slow
def test_a_hostile_opposition_votes_a_minority_cabinet_down() -> None:
    def run_of(*events: tuple[str, dict[str, Any]]) -> Chunk:
        trace = Trace(runs=tuple(range(RUNS)))
        atlas = world(("open_mission", OPENED), ask("KOR"), *events)
        (chunk,) = ensemble.simulate(atlas, range(RUNS), 1, chunk=RUNS, trace=trace)
        return chunk

    before, hostile = run_of(), run_of(opposed(acceptance=0.0))
    assert agree_before(before, hostile, "2002-01")
    assert votes_carried(before, "Asian force") == 1.0
    assert votes_carried(hostile, "Asian force") < 0.5
    units = [KINDS.index("engineer")]
    # Engineers whom the house keeps out of UN missions are free for a coalition.
    un = GROUPS.index("un")
    reported = before.atlas.reported.index("KOR")
    fewer, more = (chunk.personnel()[:, :, reported, un][..., units] for chunk in (hostile, before))
    assert fewer.sum() < more.sum()
    of_coalitions = run_of(opposed(group="coalition", acceptance=0.0))
    assert votes_carried(of_coalitions, "Asian force") == 1.0


def test_a_stance_as_documented_changes_nothing(plain: Chunk) -> None:
    chunk = run(opposed(group=None, classes=["un_support"], acceptance=0.97))
    assert (chunk.atlas.arrays.stances == plain.atlas.arrays.stances).all()
    assert digest_of(chunk.ledgers) == digest_of(plain.ledgers)


@pytest.mark.slow
def test_a_stance_holds_for_its_time_its_party_and_its_classes() -> None:
    changed = world(opposed(change=-2.0, until="2003-01", ramp=4)).arrays.stances
    documented = world().arrays.stances
    first, last = month_number("2002-01"), month_number("2003-01")
    classes = [STANCE_CLASSES.index(name) for name in CLASSES_OF_GROUP["un"]]
    korea = world().arrays.states[world().state_row("KOR")].regime
    assert (changed["opposition"][first, korea, classes] > 0.0).all()
    assert (changed["opposition"][first + 4 : last, korea][:, classes] == 0.0).all()
    apart = changed.copy().view(type(documented))
    apart["opposition"][first:last, korea, :2] = documented["opposition"][first:last, korea, :2]
    assert (apart == documented).all()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"party": "labour"}, "valid are government, partner, opposition"),
        ({"state": "XXX"}, "unknown state 'XXX'"),
    ],
)
def test_a_stance_of_nobody_is_refused(values: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        world(opposed(acceptance=0.0, **values))


@pytest.mark.slow
def test_an_opened_mission_gives_the_same_bits_in_both_engines() -> None:
    atlas = world(
        ("open_mission", OPENED),
        ask("JPN"),
        ("alliance", {"month": "2001-01", "requests": 1.5}),
        opposed(acceptance=0.0),
        ("capacity", {"month": "2001-01", "state": "KOR", "pool": 2.0, "lead_time": 0.5}),
        end="2003-12",
    )
    trace = Trace(runs=(0,))
    (chunk,) = ensemble.simulate(atlas, [0], 1, trace=trace)
    (other,) = PeacekeepingModel(atlas=atlas, run=0, seed_key=1, trace=trace).run_all().ledgers
    assert digest_of(chunk.ledgers) == digest_of([other])
