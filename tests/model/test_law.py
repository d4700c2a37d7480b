"""The legal gate: every documented case, and base law plus every amendment equal to today's."""

from __future__ import annotations

import calendar
import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.errors import InputError
from model.months import month_number, month_text
from model.rules import law
from model.rules.authorisation import ASSEMBLY, MINISTER
from model.settings import Event, Settings
from model.tables import table
from model.vocabulary import FRAMEWORKS, GATES, KINDS
from model.world import legal_regimes
from model.world.build import build
from scenarios.explanation.counterfactuals import plain

CASES = Path(__file__).parents[2] / "calibration" / "record" / "gate_cases.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def last_month_end(date: str) -> int:
    """Number of the month whose last day is the latest on or before a date."""
    year, month, day = (int(part) for part in date.split("-"))
    number = month_number(f"{year:04d}-{month:02d}")
    return number if day == calendar.monthrange(year, month)[1] else number - 1


def fold(state: str, month: int, kind: str, framework: str, frame=None):
    return gate(state, month, kind, framework, law.ALL_CONDITIONS, frame)


def gate(state: str, month: int, kind: str, framework: str, met: int, frame=None):
    """Answer, id of the deciding provision, and the finding without the row of it."""
    laws, ranges, ids = legal_regimes.provisions(
        legal_regimes.instruments() if frame is None else frame
    )
    first, last = ranges[state]
    number, place = KINDS.index(kind), FRAMEWORKS.index(framework)
    rows = np.array(
        [r for r in range(first, last) if law.covers(laws[r], number, place)], dtype=int
    )
    found = law.gate(laws, rows, 0, len(rows), month, met)
    return (
        found.answer,
        ids[found.provision] if found.provision >= 0 else "",
        found._replace(provision=-1),
    )


@pytest.mark.parametrize("case", cases(), ids=lambda c: "-".join(c.values()) if c else "")
def test_the_gate_is_as_documented(case):
    month = last_month_end(case["date"])
    answer, provision, _ = fold(case["state"], month, case["kind"], case["framework"])
    is_open = answer in (law.OPEN, law.OPEN_AFTER_LEAD)
    assert is_open == (case["gate"] == "open"), (
        f"{GATES[answer]} by {provision or 'no provision'} in {month_text(month)}"
    )


@pytest.mark.parametrize("state", ["JPN", "KOR"])
def test_base_law_and_every_amendment_equal_todays_law(state):
    """Enacting the packages one after the other, each on its date, ends at today's law."""
    frame = legal_regimes.instruments()
    frame = frame[frame["state"] == state].reset_index(drop=True)
    today = month_number("2023-12")
    base = frame[frame["reform"] == ""]
    packages = sorted(
        {r for r in frame["reform"] if r},
        key=lambda r: min(frame.loc[frame["reform"] == r, "in_force"]),
    )
    for package in packages:
        base = pd.concat([base, frame[frame["reform"] == package]])
    for kind in KINDS:
        for framework in FRAMEWORKS:
            assert fold(state, today, kind, framework, base) == fold(
                state, today, kind, framework, frame
            ), f"{kind} in {framework}"


def test_dropping_the_2001_amendment_restores_the_freeze():
    frame = legal_regimes.instruments()
    before = frame[~frame["reform"].isin(["PKO2001", "PEACE2015"])]
    answer, provision, _ = fold("JPN", month_number("2010-01"), "infantry", "un_pko", before)
    assert (answer, provision) == (law.NEEDS_STATUTE, "JPN-PKO92-CORE")


def test_a_condition_that_is_not_met_shuts_and_names_itself():
    met = law.ALL_CONDITIONS & ~1
    answer, provision, _ = gate("JPN", month_number("2012-06"), "engineer", "un_pko", met)
    assert (answer, provision) == (law.SHUT, "JPN-PKO92-P1")


@pytest.mark.parametrize(
    ("ceasefire", "consent", "recognised", "holds"),
    [
        (1.0, 1.0, True, True),
        (0.5, 1.0, True, True),
        (0.0, 1.0, True, False),
        (0.0, 1.0, False, True),
        (0.0, 0.0, False, False),
    ],
)
def test_the_ceasefire_principle_has_two_branches(ceasefire, consent, recognised, holds):
    assert law.ceasefire_judged(ceasefire, consent, recognised) == holds


def test_korean_units_need_a_vote_and_officers_do_not():
    month = month_number("2007-07")
    answer, _, found = fold("KOR", month, "infantry", "un_pko")
    assert answer == law.OPEN_AFTER_LEAD
    assert found.authoriser == ASSEMBLY
    answer, _, found = fold("KOR", month, "staff", "un_pko")
    assert answer == law.OPEN
    assert found.authoriser == MINISTER


@pytest.mark.parametrize(
    ("arrival", "months", "ends_in", "end"),
    [
        ("2010-03", 12, 12, "2010-12"),  # Haiti: the first consent ran to the end of the year
        ("2007-07", 12, 12, "2008-12"),
        ("2019-04", 12, 11, "2019-11"),  # Sinai
        ("2010-12", 12, 12, "2011-12"),
        ("2010-12", 1, 12, "2011-12"),  # never in the month in which it begins
        ("2009-01", 6, 0, "2009-07"),
    ],
)
def test_a_term_ends_in_the_month_to_which_consent_runs(arrival, months, ends_in, end):
    assert law.end_of_term(month_number(arrival), months, ends_in) == month_number(end)


def test_the_provisions_of_every_matter_are_written_down_once():
    """What the compiled gate walks through is what speaks of the matter, state by state."""
    laws, ranges, _ = legal_regimes.provisions(legal_regimes.instruments())
    for first, last in ranges.values():
        rows = np.full(len(laws) * len(KINDS) * len(FRAMEWORKS), -1)
        begins = np.zeros((len(KINDS), len(FRAMEWORKS) + 1), dtype=int)
        begins[0, 0] = 3  # places before belong to another state
        end = plain(law.cover)(laws, first, last, rows, begins)
        found = 3
        for kind in range(len(KINDS)):
            for framework in range(len(FRAMEWORKS)):
                wanted = [r for r in range(first, last) if law.covers(laws[r], kind, framework)]
                span = begins[kind, framework : framework + 2]
                assert rows[span[0] : span[1]].tolist() == wanted
                assert span[0] == found
                found += len(wanted)
        assert end == found and (rows[end:] == -1).all() and (rows[:3] == -1).all()


def test_a_state_without_any_law_is_asked_as_others_are():
    table = legal_regimes.instruments()
    event = Event("law", {"instruments": table[table["state"] != "KOR"]})
    asked = []
    for events in ((), (event,)):
        world = build(Settings(start="2004-01", end="2007-12", events=events))
        trace = Trace(states=("KOR",), runs=(0, 1, 2, 3))
        chunks = ensemble.simulate(world, range(4), 1, trace=trace)
        decided = pd.concat([chunk.decisions() for chunk in chunks])
        asked.append(decided["reason"].isin(("new_mandate", "vacancy")).sum())
    gates = world.arrays.known_gate[1 + legal_regimes.regimes().index("KOR")]
    assert (gates == law.OPEN).all()
    assert asked[1] > 0.5 * asked[0] > 0


def test_the_law_on_iraq_says_nothing_of_other_coalitions():
    """Nor does a law on one state open, limit or time missions that lie in none."""
    laws, ranges, ids = legal_regimes.provisions(legal_regimes.instruments())
    codes = sorted(table("states")["iso3"])
    number, place = KINDS.index("engineer"), FRAMEWORKS.index("coalition_un_mandated")
    rows = np.array([r for r in range(*ranges["JPN"]) if law.covers(laws[r], number, place)])
    month, met = month_number("2004-01"), law.ALL_CONDITIONS

    def found(host):
        return law.gate(laws, rows, 0, len(rows), month, met, host)

    at_home = found(codes.index("IRQ"))
    assert (at_home.answer, ids[at_home.provision]) == (law.OPEN, "JPN-IRQ-1")
    assert at_home.ceiling == 600 and at_home.term == 12 and at_home.ease < 1.0
    assert found(law.ANYWHERE) == at_home  # the question about none
    for host in (codes.index("TLS"), codes.index("AFG"), law.NOWHERE):
        elsewhere = found(host)
        assert elsewhere.answer == law.NEEDS_STATUTE
        assert elsewhere.term == 0 and elsewhere.ease == 1.0


def test_a_host_that_is_no_state_is_refused():
    frame = legal_regimes.instruments()
    frame.loc[frame["id"] == "JPN-IRQ-1", "host"] = "IRA"
    with pytest.raises(InputError, match="JPN-IRQ-1: unknown host 'IRA'"):
        legal_regimes.provisions(frame)


def test_the_ship_for_the_gulf_of_oman_goes_under_the_establishment_act():
    """The article on mines is for mines: a task of its own, as in 1991."""
    month = month_number("2019-12")
    assert fold("JPN", month, "naval", "own_mission")[1] == "JPN-EST-1"
    assert fold("JPN", month, "naval", "mine_clearance")[1] == "JPN-SDF-MINE"
    mission = table("missions").set_index("mission")["framework"]
    assert mission["Gulf minesweeping 1991"] == "mine_clearance"
    assert mission["Gulf of Oman 2020"] == mission["Hormuz 2020"] == "own_mission"
