"""Explanations say what decided, and what would have changed it, and nothing that is not so."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.core import parameter_index as P
from model.core import records, utility_terms
from model.engine.run_arrays import Trace
from model.errors import InputError
from model.months import month_number, month_text
from model.rules import capacity, law
from model.steps.renewal import ENDS
from model.vocabulary import FORMED, GATES, KINDS, OUTCOMES, SETTING_LAND
from scenarios.definition import library
from scenarios.definition.loader import parse
from scenarios.explanation import (
    counterfactuals,
    decision_row,
    decisions,
    extension,
    five_factors,
)
from scenarios.explanation.decisions import Answers
from scenarios.file_format.schema import Scenario
from scenarios.running import model_adapter
from viz.cli.main import call
from viz.text import factor_text, menu_text, outcome_shares, presence_text
from viz.text.decision_text import Account
from viz.text.explanation_text import Explanation, explain
from viz.text.labels import authoriser, people_of
from viz.text.provision_text import says
from viz.text.text_lines import WIDTH

CLOSE: Any = {"start": "1990-11", "end": "1999-12"}


@pytest.fixture(scope="module")
def japan() -> Answers:
    return decisions.find("historical", "Japan", runs=4, **CLOSE)


@pytest.fixture(scope="module")
def korea() -> Answers:
    """A run in which a request is answered twice; in that of seed 1 none is."""
    return decisions.find("historical", "KOR", runs=1, seed=4)


# What would have turned an answer.


@given(st.floats(0.01, 0.99), st.floats(-6, 6))
def test_a_state_accepts_from_the_needed_utility_on(draw: float, utility: float) -> None:
    missing = counterfactuals.missing_utility(utility, draw)
    accepts = draw < 1 / (1 + math.exp(-utility))
    assert accepts == (missing < 0) or abs(missing) < 1e-9


def test_a_term_turns_a_refusal_only_within_its_own_range() -> None:
    weights = {"risk": -3.0, "ask": 2.0, "distance": -0.5, "intercept": 1.0}
    parts = {"risk": -0.9, "ask": 2.0, "distance": -4.0, "intercept": -3.0}
    limits = counterfactuals.RANGES | {"ask": (0.0, 2.0)}
    turns = counterfactuals.by_terms(parts, weights, missing=1.0, limits=limits)
    found = {turn.what: turn for turn in turns}
    assert set(found) == {"risk", "ask"}  # a country cannot be moved
    assert found["ask"].enough and found["ask"].reach == 4.0 and found["ask"].needed == 3.0
    assert not found["risk"].enough and found["risk"].reach == 0.0
    assert turns[0].what == "ask"  # the one that suffices comes first


def test_what_officers_do_not_feel_cannot_turn_their_answer() -> None:
    parts = {"risk": -0.9}
    (turn,) = counterfactuals.by_terms(
        parts, {"risk": -3.0, "opinion": 2.0}, 0.5, {"risk": (0, 1)}, 0.0
    )
    assert turn.reach == 0.0
    assert not counterfactuals.by_terms(
        {"opinion": 0.0}, {"opinion": 2.0}, 0.5, {"opinion": (-1, 1)}, 0.0
    )


def test_terms_of_a_renewal_bear_on_renewals_alone() -> None:
    parts, weights = {"drawdown": -2.0}, {"drawdown": -3.0}
    assert not counterfactuals.by_terms(parts, weights, 1.0)
    (turn,) = counterfactuals.by_terms(parts, weights, 1.0, renewal=True)
    assert turn.enough


def test_an_acceptance_names_the_terms_it_rests_on() -> None:
    turns = counterfactuals.by_loss(
        {"ask": 2.0, "opinion": 0.3, "intercept": 3.0, "risk": -1.0}, spare=0.5
    )
    assert [turn.what for turn in turns] == ["ask"]


def provision(effect: int, since: int = 0, until: int = 999, **cells: int) -> dict[str, int]:
    return {"effect": effect, "since": since, "until": until, "ceiling": -1, **cells}


def code_of(rows: list[dict[str, int]]) -> np.ndarray:
    provisions = records.records(len(rows), records.PROVISION)
    for number, row in enumerate(rows):
        for name, value in row.items():
            provisions[number][name] = value
    return provisions


def test_the_provision_whose_absence_opens_the_gate_is_named() -> None:
    code = code_of([provision(law.BAR), provision(law.ALLOW)])
    turns = counterfactuals.by_law(code, ("BAR", "ACT"), [0, 1], 100, 0)
    assert [turn.what for turn in turns] == ["BAR"]


def test_an_unmet_condition_is_named_beside_the_provision_that_asks_for_it() -> None:
    code = code_of([provision(law.CONDITION, conditions=0b10), provision(law.ALLOW)])
    turns = counterfactuals.by_law(code, ("P", "ACT"), [0, 1], 100, met=0b01)
    assert [turn.what for turn in turns] == ["P", law.CONDITIONS[1]]


def test_without_a_permission_only_a_later_law_opens_the_gate() -> None:
    code = code_of([provision(law.ALLOW, since=120)])
    (turn,) = counterfactuals.by_law(code, ("ACT",), [0], 100, 0)
    assert (turn.what, turn.needed, turn.words) == ("ACT", 120, "open from 2000-01 under later law")
    assert not counterfactuals.by_law(code, ("ACT",), [0], 130, 0)  # open by then: nothing to turn


def test_two_bars_are_not_opened_by_striking_one() -> None:
    code = code_of([provision(law.BAR), provision(law.BAR), provision(law.ALLOW)])
    assert not counterfactuals.by_law(code, ("A", "B", "C"), [0, 1, 2], 100, 0)


def test_a_ceiling_stops_too_many_people_only() -> None:
    code = code_of([provision(law.CEILING) | {"ceiling": 300}, provision(law.ALLOW)])
    (turn,) = counterfactuals.by_law(code, ("CEILING", "ACT"), [0, 1], 100, 0, people=301)
    assert turn.what == "CEILING"


def test_missing_capacity_is_told_in_its_own_unit() -> None:
    (turn,) = counterfactuals.by_capacity({"slots": (0.25, 1.0), "ready personnel": (900.0, 200.0)})
    assert (turn.what, turn.enough, turn.words) == ("slots", True, "0.75 slots missing")
    both = counterfactuals.by_capacity({"slots": (0.25, 1.0), "ready personnel": (100.0, 200.0)})
    assert not any(turn.enough for turn in both)


def test_a_vote_lacks_seats_or_the_partner() -> None:
    (house,) = counterfactuals.by_vote({"lower house": 0.7, "upper house": 0.5})
    assert (house.what, house.enough) == ("upper house", True)
    assert [turn.what for turn in counterfactuals.by_vote({"lower house": 0.7}, partner=0.2)] == [
        "partner"
    ]
    assert not counterfactuals.by_vote({"National Assembly": 0.4}, present=0.7)


# Answers of the engine.


@pytest.mark.parametrize(("state", "stops"), [("JPN", {"law", "nothing"}), ("KOR", {"nothing"})])
def test_the_law_folded_over_the_traced_conditions_gives_the_traced_answer(
    state: str, stops: set[str]
) -> None:
    found = decisions.find("historical", state, runs=1, seed=2)
    rows = found.decisions[found.decisions["stopped_by"] != "too_small"].to_dict("records")
    assert stops <= {row["stopped_by"] for row in rows}
    ids = [*found.atlas.provisions, ""]
    fold = counterfactuals.plain(law.gate)
    for row in rows:
        covering = decision_row.covering(found.atlas, row)
        legal = fold(
            found.atlas.arrays.provisions,
            covering,
            0,
            len(covering),
            month_number(row["month"]),
            row["conditions"],
            decision_row.host(found.atlas, row),
        )
        assert (GATES[legal.answer], ids[legal.provision]) == (
            row["gate"],
            row["provision"],
        ), row


@pytest.mark.parametrize("name", ["japan", "korea"])
def test_what_a_dispatch_needs_is_what_stopped_it_or_let_it_pass(
    name: str, request: pytest.FixtureRequest
) -> None:
    rows = request.getfixturevalue(name).decisions.to_dict("records")
    needed = [(row, decision_row.needs(row)) for row in rows]
    assert {name for _, needs in needed for name in needs} >= {
        "ready personnel",
        "trained officers",
    }
    for row, needs in needed:
        lacking = any(needed > free for free, needed in needs.values())
        if row["stopped_by"] == "capacity":
            assert lacking, row
        elif row["stopped_by"] != "law":
            assert not lacking, row


@pytest.mark.parametrize("name", ["japan", "korea"])
def test_no_request_of_the_ally_weighs_more_than_the_most_it_can(
    name: str, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(name)
    weighed = found.decisions[found.decisions["utility"] != 0.0]
    most = weighed["alliance_most"] * found.weights["alliance"]
    assert (weighed["term_alliance"] <= most + 1e-12).all() and (most > 0).any()


def test_no_request_binds_more_than_a_formal_note_with_a_leader_behind_it() -> None:
    options: Any = {"start": "2004-01", "end": "2010-12", "settings": {"ask_interest": 0.5}}
    found = decisions.find("historical", "JPN", "UNMIS", runs=1, **options)
    assert found.parameters[P.ASK_INTEREST] == 0.5
    best = 1.5 * found.weights["ask"]
    stopped = found.decisions["stopped_by"] == "choice"
    turns = [turn for n in stopped[stopped].index for turn in found.turns(n) if turn.what == "ask"]
    assert turns and all(turn.reach == pytest.approx(best) for turn in turns)
    assert all(turn.enough == (turn.needed < best) for turn in turns if turn.needed is not None)


@pytest.mark.parametrize("name", ["japan", "korea"])
def test_every_stop_is_explained_by_what_the_trace_shows(
    name: str, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(name)
    for number, row in enumerate(found.decisions.to_dict("records")):
        turns = found.turns(number)
        if row["stopped_by"] == "capacity":
            assert turns and all(turn.by == "capacity" for turn in turns), row
        if row["stopped_by"] == "vote":
            assert turns and all(turn.by == "vote" for turn in turns), row
        if row["stopped_by"] == "choice":
            assert counterfactuals.missing_utility(row["utility"], row["draw"]) >= 0
        if row["stopped_by"] == "nothing":
            assert counterfactuals.missing_utility(row["utility"], row["draw"]) <= 0


def test_every_term_stands_in_one_factor_and_the_factors_add_up_to_the_utility(
    japan: Answers, korea: Answers
) -> None:
    listed = [*five_factors.TERMS_OUTSIDE, *(t for f in five_factors.FACTORS.values() for t in f)]
    assert sorted(listed) == sorted(utility_terms.NAMES)
    for found in (japan, korea):
        for row in found.decisions.to_dict("records"):
            sheet = five_factors.of_answer(found, row)
            assert sum(factor.total for factor in sheet) == pytest.approx(row["utility"])
            for term in (term for factor in sheet for term in factor.terms):
                assert term.weight * term.value == pytest.approx(term.contribution)


def test_ties_with_the_host_are_not_called_ties_with_the_other_side() -> None:
    def told(side: str) -> tuple[str, str]:
        ties = {"type": "ties", "month": "2026-09", "state": "KOR", "mission": "UNMISS"}
        event = ties | {"side": side, "level": 1.0}
        asked = {"type": "request", "month": "2027-03", "state": "KOR", "mission": "UNMISS"}
        request = asked | {"requester": "un", "kind": "police", "personnel": 10}
        plain = library.find("continued").model_dump(mode="json", exclude={"variants", "events"})
        tied = Scenario.model_validate(plain | {"events": [event, request]}).named("tied")
        found = decisions.find(tied, "KOR", "UNMISS", runs=1, end="2028-12")
        row = found.decisions[found.decisions["kind"] == "police"].iloc[0].to_dict()
        texts = presence_text.terms(found, row), presence_text.meanings(found, row)
        return texts[0]["other_side"], texts[1]["other_side"]

    assert told("host") == (
        "ties with the host",
        "stakes with the host, on whose side the operation is",
    )
    assert told("other_side")[0] == "ties with the other side"


def test_the_sheet_shows_each_factor_with_weight_and_value_of_its_terms() -> None:
    told = str(explain("historical", "JPN", "UNMISS", "2011-09", runs=1, factors=True))
    for number, name in enumerate(list(factor_text.NAMES.values())[:5], 1):
        assert re.search(rf"^ +{number} {name} +[+-]\d", told, flags=re.MULTILINE), name
    assert re.search(r"  load of the service +-\d\.\d\d  -\d\.\d\d x \+\d\.\d\d", told)
    assert "before the five: the law permits it [JPN-PKO92-A1]." in " ".join(told.split())
    assert "nothing from" not in told and "nothing from" in str(
        explain("historical", "JPN", "UNMISS", "2011-09", runs=1)
    )


@pytest.mark.parametrize("name", ["japan", "korea"])
def test_an_occasion_to_leave_has_a_name_and_a_routine_renewal_has_none(
    name: str, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(name)
    due = found.decisions[found.decisions["reason"] == "renewal"]
    told = set()
    for row in due.to_dict("records"):
        named = extension.occasions(found, row | {"term_occasion": -1.0})
        assert bool(named) == (row["term_occasion"] != 0.0), row
        assert not row["term_occasion"] or named == extension.occasions(found, row)
        told |= set(named)
    assert told <= set(presence_text.OCCASIONS)
    assert name == "japan" or told == set(extension.OCCASIONS)


def test_a_renewal_says_until_when_it_stays_or_what_gave_occasion_to_leave(korea: Answers) -> None:
    due = korea.decisions[korea.decisions["reason"] == "renewal"]
    for number in due.index:
        row = korea.decisions.iloc[number].to_dict()
        lines = [line for line, _ in Account(korea, number).lines(set())]
        answer = " ".join(" ".join(lines[2:6]).split()).partition(" law ")[0]
        if row["outcome"] == "accepted":
            term = extension.granted(korea, row)
            assert row["month"] < term.until
            assert (term.last or f"secured until {term.until}") in answer, answer
        elif row["stopped_by"] == "choice":
            words = presence_text.happened(korea, row) or "although no event since"
            assert f"it leaves: {words}" in answer or f"it leaves {words}" in answer, answer
        assert "willingness" not in " ".join(lines)


def test_a_request_that_is_answered_twice_says_so(korea: Answers) -> None:
    asked = korea.decisions["request"]
    assert (asked[asked != ""].duplicated()).any()
    for number in asked[asked != ""].index:
        before = korea.decisions["month"][:number][asked[:number] == asked[number]]
        told = " ".join(" ".join(line for line, _ in Account(korea, number).lines(set())).split())
        again = f"taken up again after the answer of {before.iloc[-1]}" if len(before) else ""
        assert ("taken up again" in told) == bool(again) and again in told
        assert "asked by UN" not in told and "asked by USA" not in told


def test_leaving_is_decided_and_nothing_is_told_as_authorised_that_was_refused(
    korea: Answers,
) -> None:
    for number, row in enumerate(korea.decisions.to_dict("records")):
        told = " ".join(line for line, _ in Account(korea, number).lines(set()))
        assert "LEAVES (stopped" not in told and "authorised by" not in told
        if row["reason"] == "renewal" and row["stopped_by"] == "choice":
            assert "LEAVES (decided by choice)" in told


def test_the_answer_comes_first_with_its_place_and_its_reasons(korea: Answers) -> None:
    rows = korea.decisions
    for number in rows[(rows["reason"] != "renewal") & (rows["stopped_by"] != "too_small")].index:
        row = rows.iloc[number].to_dict()
        lines = [line for line, _ in Account(korea, number).lines(set())]
        assert lines[1].startswith(row["month"]) and lines[2].startswith("answer")
        if row["offered"] > 0 and row["offered_site"]:
            place = menu_text.place_name(row["offered_site"])
            assert f"to {place}" in " ".join(" ".join(lines[2:5]).split())


def test_the_load_that_is_told_is_the_one_that_weighs(japan: Answers) -> None:
    power, weight = japan.parameters[P.CONGESTION_POWER], japan.weights["congestion"]
    congestion = counterfactuals.plain(capacity.congestion)
    rows = japan.decisions
    units = rows[rows["kind"].isin(FORMED) & (rows["reason"] != "renewal")]
    units = units[units["term_congestion"] != 0.0]
    assert len(units) > 3
    for row in units.to_dict("records"):
        used, comfort = decision_row.in_use(row)
        added = decision_row.load_added(japan.atlas, japan.parameters, row)
        cost = weight * congestion(used, added, comfort, power)
        assert row["term_congestion"] == pytest.approx(cost), row


def test_the_fighting_at_a_place_is_a_survey_s_where_one_went(korea: Answers) -> None:
    told = str(explain("historical", "JPN", "UNMIS", "2005-04", runs=1, start="2004-01"))
    assert "place           Juba: the survey of April 2005 found fighting 0." in told
    sites = zip(korea.atlas.sites, korea.atlas.arrays.sites, strict=True)
    setting = {place: one["setting"] for place, one in sites}
    wanted = set()
    for number, row in enumerate(korea.decisions.to_dict("records")):
        if not row["site"] or row["stopped_by"] == "too_small":
            continue
        text = " ".join(" ".join(line for line, _ in Account(korea, number).lines(set())).split())
        on_land = setting[row["mission"], row["site"]] == SETTING_LAND
        went = row["request"] and row["kind"] in FORMED and row["mode"] == "routine" and on_land
        want = "survey of" if went else "renewal" if row["reason"] == "renewal" else "without a"
        wanted.add(want)
        assert ("the survey of" in text) == (want == "survey of"), row
        assert ("without a survey" in text) == (want == "without a"), row
    assert wanted == {"survey of", "renewal", "without a"}


def test_a_law_that_shuts_a_mission_out_says_what_is_not_met() -> None:
    own = 0
    for seed in range(1, 7):
        told = explain(
            "historical", "JPN", "IMSC", runs=1, seed=seed, start="2019-01", end="2019-12"
        )
        text = " ".join(str(told).split())
        assert "the law asks for a UN resolution [JPN-IPS-1]" in text
        assert "not met: a UN resolution" in text
        own += "250 naval personnel in an operation of its own (Gulf of Oman 2020)" in text
    assert own > 0


def test_so_many_of_a_kind_are_people() -> None:
    assert people_of(100, "helicopter") == "100 helicopter personnel"  # not a hundred machines
    for kind in KINDS:
        many, one = people_of(20, kind), people_of(1, kind)
        assert not many.endswith(("units", "transport", "naval", "medical", "communications"))
        assert not one.endswith("s") or kind == "police", one


def test_shares_of_every_request_add_up(japan: Answers) -> None:
    assert set(japan.outcomes["answer"]) == {"first", "best"}
    assert np.allclose(japan.outcomes[list(OUTCOMES)].sum(axis=1), 1.0)
    assert japan.outcomes["reached"].between(0, 1).all()


def test_the_best_answer_is_the_most_it_gave() -> None:
    rows = [
        ("UNMIS", "R-1", "engineer", "documented", 0, "2005-03", "refused"),
        ("UNMIS", "R-1", "engineer", "documented", 0, "2006-03", "cheaper"),
        ("UNMIS", "R-1", "engineer", "documented", 1, "2005-03", "refused"),
        ("UNMIS", "", "engineer", "renewal", 1, "2007-03", "accepted"),
    ]
    columns = ["mission", "request", "kind", "reason", "run", "month", "outcome"]
    table = pd.DataFrame(rows, columns=columns)
    first, best = decisions.outcomes(table, 4).to_dict("records")
    assert (first["answer"], first["refused"], first["reached"]) == ("first", 1.0, 0.5)
    assert (best["answer"], best["cheaper"], best["refused"]) == ("best", 0.5, 0.5)
    assert decisions.renewals(table).to_dict("records") == [
        {"mission": "UNMIS", "kind": "engineer", "answered": 1, "stayed": 1.0}
    ]
    assert decisions.outcomes(pd.DataFrame(), 4).empty


def test_explaining_changes_nothing_about_the_run(japan: Answers) -> None:
    plain = model_adapter.world_of(japan.scenario)
    (chunk,) = model_adapter.chunks(plain, range(1), japan.seed, trace=Trace(states=("JPN",)))
    table = chunk.decisions()
    pd.testing.assert_frame_equal(
        japan.decisions.drop(columns=["run"]), table.drop(columns=["run"]).reset_index(drop=True)
    )


def test_the_traced_seats_are_those_that_carried_or_stopped(korea: Answers, japan: Answers) -> None:
    for found in (korea, japan):
        for row in found.decisions.to_dict("records"):
            if row["authoriser"] in ("diet", "assembly") and row["stopped_by"] == "vote":
                houses, present, partner = decision_row.seats(row)
                assert partner < 0.5 or any(share <= 0.5 * present for share in houses.values())
            if row["authoriser"] == "assembly" and row["stopped_by"] == "nothing":
                houses, present, _ = decision_row.seats(row)
                assert houses["National Assembly"] > 0.5 * present


def test_a_legislature_goes_by_the_name_of_its_own_state() -> None:
    assert authoriser("assembly", "KOR") == "National Assembly"
    assert authoriser("diet", "JPN") == "Diet, before dispatch"
    assert authoriser("diet_after", "KOR") == "National Assembly, after dispatch"  # of lent law
    assert authoriser("assembly", "MNG") == "legislature"
    assert authoriser("cabinet", "JPN") == "cabinet"


# The text.


def test_the_text_tells_the_law_the_terms_and_the_documented_answer() -> None:
    text = str(explain("historical", "JPN", "UNTAC", runs=3, **CLOSE))
    assert all(len(line) <= WIDTH for line in text.splitlines())
    for words in (
        "Japan and UNTAC",
        "REQ-JPN-004",
        "documented",
        "[JPN-PKO92-A1]",
        "source:",
        "chance of sending engineers",
        "sends 600 engineers to Takeo, in the field after 1 month",
        "what if",
        "Outcomes over 3 runs",
        "state was asked by name",
    ):
        assert words in " ".join(text.split()), words
    assert "\x1b" not in text


def test_a_stop_is_followed_by_what_the_choice_would_have_been(japan: Answers) -> None:
    def told(row: Any) -> str:
        account = Account(replace(japan, decisions=pd.DataFrame([row])), 0)
        return " ".join(" ".join(line for line, _ in account._behind()).split())

    rows: Any = {row["stopped_by"]: row for row in japan.decisions.to_dict("records")}
    for draw, otherwise, enough in (
        (0.0, "otherwise it would have accepted", "otherwise it would have accepted"),
        (1.0, "even if it were legal, it would have declined", "even with enough of it, it would"),
    ):
        law = rows["law"] | {"draw": draw}
        capacity = law | {"stopped_by": "capacity"}
        assert told(law).startswith(f"the law stopped it; {otherwise}")
        assert told(capacity).startswith(f"capacity stopped it; {enough}")
    assert not told(rows["nothing"])
    without = {"ready": 0.0, "reason": "documented", "kind": "engineer"}
    assert told(rows["law"] | without).endswith("not enough capacity either (ready personnel)")


def test_the_chance_is_of_what_it_says_and_hypothetical_before_a_stop(
    japan: Answers, korea: Answers
) -> None:
    def told(found: Answers, row: Any) -> str:
        account = Account(replace(found, decisions=pd.DataFrame([row])), 0)
        return " ".join(" ".join(line for line, _ in account._choice()).split())

    asked = japan.decisions.query("stopped_by == 'nothing' and kind == 'engineer'").iloc[0]
    yes, no = {"probability": 0.83, "draw": 0.4}, {"probability": 0.83, "draw": 0.93}
    sends = "chance of sending engineers 83%; this run's random draw"
    assert f"{sends} (40 of 100) is below it: it does; the" in told(japan, asked.to_dict() | yes)
    refused = asked.to_dict() | no | {"stopped_by": "choice"}
    assert f"choice {sends} (93 of 100) is above it: it does not; the" in told(japan, refused)
    for stopped, before in (
        ("law", "had the law been open"),
        ("capacity", "had there been enough capacity"),
        ("vote", "before the vote"),
    ):
        shut = told(japan, asked.to_dict() | yes | {"stopped_by": stopped})
        assert f"choice {before}: {sends} (40 of 100) is below it: it would; the" in shut
    ships = told(japan, asked.to_dict() | yes | {"kind": "naval"})
    assert "chance of sending naval personnel 83%" in ships
    due = korea.decisions.query("reason == 'renewal'").iloc[0].to_dict()
    leaves = told(korea, due | no | {"stopped_by": "choice"})
    assert "choice chance of staying 83%; this run's random draw (93 of 100) is above it" in leaves
    assert "above it: it leaves; the" in leaves
    by_law = due | yes | {"stopped_by": "law"}
    assert "it would have stayed; the" in told(korea, by_law)
    account = Account(replace(korea, decisions=pd.DataFrame([by_law])), 0)
    assert "otherwise it would have stayed" in " ".join(line for line, _ in account._behind())


def test_the_page_says_of_what_the_chance_is_and_that_a_shut_law_made_it_idle(
    korea: Answers,
) -> None:
    from viz.web.decision.answer_steps import choice

    row = korea.decisions.query("reason == 'renewal'").iloc[0].to_dict()
    row |= {"probability": 0.83, "draw": 0.93, "number": -1}
    assert "<b>Leaves</b>" in choice(korea, row | {"stopped_by": "choice"})
    assert "Chance of staying 0.83 (bar)" in choice(korea, row | {"stopped_by": "choice"})
    shut = choice(korea, row | {"stopped_by": "law", "reason": "documented", "kind": "engineer"})
    assert "Had the law been open: No" in shut and "Chance of sending engineers 0.83" in shut


def test_a_month_without_a_decision_names_the_nearest() -> None:
    whole = explain("historical", "JPN", "UNTAC", runs=1, **CLOSE)
    months = set(whole.decisions["month"])
    assert "1992-05" not in months
    text = str(explain("historical", "JPN", "UNTAC", "1992-05", runs=1, **CLOSE))
    assert "No decision falls in 1992-05" in text
    assert f"Nearest after: {min(months)}" in text and "Nearest before: none" in text


def test_renewals_are_told_in_full_only_when_asked_for() -> None:
    short = explain("historical", "JPN", "UNDOF", runs=1, **CLOSE)
    full = explain("historical", "JPN", "UNDOF", runs=1, everything=True, **CLOSE)
    assert (short.decisions["reason"] == "renewal").any()
    assert len(short.shown()) < len(full.shown()) == len(full.decisions)
    assert "STAYS" in str(full) or "LEAVES" in str(full)


def test_who_was_never_asked_is_told_when_rounds_went_out() -> None:
    found = explain("historical", "JPN", "UNTAC", runs=1, start="1990-11", end="1992-06")
    text = str(found)
    assert found.decisions.empty
    assert "was not asked about UNTAC in run 0" in text
    assert "Open calls went out" in text and "1992-0" in text


def test_the_overview_lists_every_request(japan: Answers) -> None:
    text = str(explain("historical", "JPN", runs=1, **CLOSE))
    assert all(key in text for key in set(japan.outcomes["request"]) if key)
    assert "--mission" in text


def test_requests_that_no_document_has_stand_apart_in_the_overview(korea: Answers) -> None:
    text = "\n".join(line for line, _ in outcome_shares.lines(korea, korea.outcomes))
    above, _, below = text.partition("Simulated requests that are not documented:")
    none = [key for key in korea.requests if outcome_shares.undocumented(korea, key)]
    put = set(korea.outcomes["request"]) - {""}
    assert not set(none) & put  # nobody is asked what the record denies
    for key in put:
        assert (key in below) == (key in none) and (key in above) == (key not in none)
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_the_shares_of_the_page_and_of_the_command_are_of_the_same_and_say_so() -> None:
    from viz.web.tabs.why_tab import outcome_rows

    found = decisions.find("historical", "JPN", "UNMIS", runs=12, start="2004-01", end="2011-12")
    text = " ".join(line for line, _ in outcome_shares.lines(found, found.outcomes))
    of = outcome_shares.share_of(found)
    assert "first answer" in of.lower() and "12 runs" in of and "2004-01" in of
    assert of in " ".join(text.split())
    assert found.requests["REQ-JPN-044"]["month"] == "2008-05"  # and is answered in August
    rows = text.replace("officers", " ").split("2008-05 REQ-JPN-044")[1].split()
    (page,) = [row for row in outcome_rows(found) if row["key"] == "REQ-JPN-044"]
    shown = {share["key"]: f"{share['percent']:.0f}" for share in page["shares"]}
    assert rows[2 : 2 + len(OUTCOMES)] == [shown.get(name, ".") for name in OUTCOMES]


def test_a_request_of_a_scenario_stands_with_the_month_in_which_it_is_made() -> None:
    text = 'title = "T"\n[period]\nstart = "2026-04"\nend = "2027-12"\n[[events]]\n'
    text += 'type = "request"\nmonth = "2026-08"\nstate = "KOR"\nmission = "UNMISS"\n'
    asked = parse(text + 'kind = "engineer"\npersonnel = 200\n', "asked.toml")
    found = decisions.find(asked, "KOR", "UNMISS", runs=2)
    first = found.outcomes.query("request == 'SCENARIO-KOR-UNMISS-2026-08'")["month"].min()
    assert first > "2026-08"  # the answer takes its time
    said = "\n".join(line for line, _ in outcome_shares.lines(found, found.outcomes))
    assert "2026-08 SCENARIO    engineers " in said and first not in said


def test_who_asked_comes_with_how_binding_it_was_and_a_scenario_s_request_is_no_document() -> None:
    told = str(explain("historical", "JPN", "UNMIS", runs=1, start="2008-01", end="2008-12"))
    assert "asked by        the UN, a sounding, in 2008-05, at routine pace\n" in told
    text = 'title = "T"\n[period]\nstart = "2026-04"\nend = "2027-12"\n[[events]]\n'
    text += 'type = "request"\nmonth = "2026-08"\nstate = "KOR"\nmission = "UNMISS"\n'
    text += 'kind = "engineer"\npersonnel = 200\ngrade = "formal_note"\n'
    asked = parse(text, "asked.toml")
    told = str(explain(asked, "KOR", "UNMISS", runs=1))
    assert "asked by        the scenario, a formal note, in 2026-08, at routine pace\n" in told
    assert "asked by        open call" in told or "documented request" not in told


def test_two_requests_of_a_scenario_for_the_same_can_be_told_apart() -> None:
    text = 'title = "T"\n[period]\nstart = "2026-04"\nend = "2027-12"\n'
    for people, grade in ((200, "formal_note"), (300, "sounding")):
        text += '[[events]]\ntype = "request"\nmonth = "2026-08"\nstate = "KOR"\n'
        text += f'mission = "UNMISS"\nkind = "engineer"\npersonnel = {people}\n'
        text += f'grade = "{grade}"\n'
    asked = parse(text, "asked.toml")
    for mission in ("UNMISS", None):
        found = decisions.find(asked, "KOR", mission, runs=2)
        table = found.outcomes[found.outcomes["request"] != ""]
        said = [line.strip() for line, _ in outcome_shares.lines(found, table)]
        where = "" if mission else "UNMISS, "
        for told in ("200 engineers, a formal note", "300 engineers, a sounding, number 2"):
            number = said.index(f"asked: {where}{told}")
            assert said[number - 1].startswith(("2026-08 SCENARIO    engineers", "best"))
        assert not [line for line in said if len(line) > WIDTH]


def test_the_page_says_how_binding_a_request_was() -> None:
    from viz.web.decision.card import verdict

    found = decisions.find("historical", "JPN", "UNMIS", runs=1, start="2008-01", end="2008-12")
    row = found.decisions.query("request == 'REQ-JPN-044'").iloc[0].to_dict()
    assert "(UN, a sounding, at routine pace)" in verdict(found, row)
    own = row | {"request": "SCENARIO-JPN-UNMIS-2008-05", "grade": "formal_note"}
    assert "(the scenario, a formal note, at routine pace)" in verdict(found, own)


def test_the_scenario_s_own_law_is_cited() -> None:
    scenario = library.find("historical")
    found = decisions.find(scenario, "JPN", "UNTAC", runs=1, **CLOSE)
    key = next(key for key in found.decisions["provision"] if key)
    since, until = found.in_force(key)
    assert since and (not until or until > since)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--mission", "UNTACC"], "did you mean 'UNTAC'"),
        (["--month", "1980-01"], "1980-01"),
        (["--runs", "0"], "runs = 0"),
        (["--set", "home_thret=1"], "did you mean 'home_threat'"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_a_sentence(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["explain", "historical", "--state", "JPN", *options]) == 2
    message = capsys.readouterr().err
    assert words in message and message.count("\n") == 1


def test_a_state_that_does_not_decide_is_told_so() -> None:
    with pytest.raises(InputError, match="FRA does not decide"):
        explain("historical", "FRA", "UNTAC", runs=1)


# What ended a deployment where no decision did.


def test_the_lapse_of_a_law_is_told_with_the_law_that_lapsed() -> None:
    # Ships that go and stay in every run, the one that is told among them, until the law lapses.
    span: Any = {"start": "2001-01", "settings": {"sea_intercept": 5.0, "extension": 10.0}}
    told = explain("historical", "JPN", "OEF-MIO", runs=2, end="2008-06", **span)
    lapsed = told.answers.endings
    assert set(lapsed["ended"]) == {"law_lapsed"} and set(lapsed["month"]) == {"2007-11"}
    assert set(lapsed["provision"]) == {"JPN-ATS-1"}
    text = str(told)
    left = re.search(r"2007-11  \d+ naval personnel: LEAVE \(no law allows it any longer\)", text)
    assert left is not None and left.start() < text.index("2008-01  REQ")
    assert "in force from 2001-11 to before 2007-11" in " ".join(text.split())
    alone = str(explain("historical", "JPN", "OEF-MIO", "2007-11", runs=1, end="2008-06", **span))
    assert ": LEAVE (" in alone and "No decision falls in" not in alone


def test_a_suspension_is_told_with_its_months_and_its_rule_before_the_end_that_follows() -> None:
    from viz.web.decision.card import suspended

    found = decisions.find("historical", "JPN", "UNMISS", runs=20, start="2010-01", end="2020-12")
    held, ends = found.suspensions, found.endings
    place = found.atlas.reported.index("JPN")
    for ledger in (ledger for chunk in found.chunks for ledger in chunk.ledgers):
        level = ledger.stocks[:, place, records.STOCK_SUSPENDED]
        for row in held[held["run"] == ledger.run].to_dict("records"):
            for month in range(month_number(row["first"]), month_number(row["last"]) + 1):
                assert level[month] >= row["people"]
    left = ends[ends["ended"] == "condition_unmet"].to_dict("records")
    for row in left:  # each was suspended up to the month before
        keys = ["run", "mission", "kind"]
        same = held[(held[keys] == [row[key] for key in keys]).all(axis=1)]
        assert month_number(row["month"]) - 1 in set(same["last"].map(month_number)), row
    unmet = ends[(ends["ended"] == "condition_unmet") & (ends["kind"] == "engineer")].iloc[0]
    own = found.in_run(int(unmet["run"]))
    told = str(Explanation(own))
    people = f"{unmet['people']} engineers"
    line = f"2014-01 to 2014-02  {people}: SUSPENDED (a condition of the law was unmet) "
    assert f"{line}[JPN-PKO92-P4]\n" in told
    assert told.index("SUSPENDED") < told.index(f"2014-03  {people}: LEAVE (a condition")
    assert "SUSPENDED" in str(Explanation(own, "2014-02"))
    assert f"From 2014-01 to 2014-02 the work of {people} was suspended" in suspended(own)
    calm = next(run for run in range(20) if run not in set(held["run"]))
    assert not suspended(found.in_run(calm))


def test_every_end_of_a_deployment_is_a_refused_renewal_or_told_as_an_ending(
    korea: Answers,
) -> None:
    ledger = korea.chunks[0].ledgers[0]
    units = ledger.deployments[ledger.endings["cause"] != ENDS.index("resized")]
    units = units[(units["state"] == korea.atlas.state_row("KOR")) & (units["leaves"] > 0)]
    decided = korea.decisions
    left = decided[(decided["reason"] == "renewal") & (decided["outcome"] == "refused")]
    assert len(left) > 5 and len(korea.endings) > 5
    # A mission may end while its contingent serves its notice: both are told.
    both = left.merge(korea.endings, on=["mission", "kind"], suffixes=("", "_ended"))
    ended, told = (both[name].map(month_number).astype(int) for name in ("month_ended", "month"))
    gap = ended - told
    overtaken = int(gap.between(1, 6).sum())
    assert len(units) == len(left) + len(korea.endings) - overtaken
    refused = set(left[["month", "mission", "kind"]].itertuples(index=False, name=None))
    over = set(korea.endings[["month", "mission", "kind"]].itertuples(index=False, name=None))
    assert not refused & over


def test_an_ending_is_what_it_says(korea: Answers) -> None:
    world, missions = korea.atlas.arrays, korea.atlas.missions
    ends = {name: month_text(int(row["end"])) for name, row in zip(missions, world.missions)}
    for row in korea.endings.to_dict("records"):
        over = row["ended"] in ("mission_over", "handed_over")
        assert over == (row["month"] > ends[row["mission"]])
        assert bool(row["successor"]) == (row["ended"] == "handed_over")
    assert {"mission_over", "handed_over"} <= set(korea.endings["ended"])


def test_an_answer_is_told_with_what_the_provision_says_not_with_a_remark(korea: Answers) -> None:
    known = korea.provisions
    noted = {key: row["note"] for key, row in known.items() if row.get("note")}
    text = str(explain("historical", "JPN", "UNTAC", runs=1, **CLOSE))
    said = " ".join(text.split())
    assert "JPN-PKO92-A1" in text and noted["JPN-PKO92-A1"] not in said
    assert (
        "allows engineers, transport, air transport, helicopters, movement control, medical" in said
    )
    assert "decided by the cabinet; reckoned at 1 to 6 months from decision to arrival" in said
    for key, row in known.items():
        words = says(row, row["state"])
        assert "_" not in words and ";;" not in words
        if row["effect"] == "allow":
            assert words.startswith("allows ")
        assert bool(words) == (row["effect"] != "none"), key


def test_an_amendment_that_widens_is_not_told_as_one_that_takes_away(japan: Answers) -> None:
    told = {key: says(row, "JPN") for key, row in japan.provisions.items()}
    assert told["JPN-PKO92-P5"] == (
        "takes away three of five steps of the use of weapons by all personnel; equal steps are an "
        "assumption"
    )
    assert told["JPN-PKO01-2"] == (
        "narrows the limit of JPN-PKO92-P5 on the use of weapons by all personnel to two of five "
        "steps; equal steps are an assumption"
    )


def test_the_law_has_the_width_that_is_asked_for_and_its_notes_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["law", "--state", "JPN", "--month", "2016-04"]
    monkeypatch.setenv("COLUMNS", "90")
    assert call(asked) == 0
    narrow = capsys.readouterr().out
    assert max(len(line) for line in narrow.splitlines()) == 90
    rows = [line.split("│") for line in narrow.splitlines() if line.count("│") == 7]
    kinds = "".join(row[2].strip() for row in rows)
    assert "…" not in narrow and "movement control" in kinds.replace(
        "movementcontrol", "movement control"
    )
    monkeypatch.delenv("COLUMNS")
    assert call([*asked, "--notes"]) == 0
    told = capsys.readouterr().out
    assert max(len(line) for line in told.splitlines() if "│" in line) > 100
    assert "note: rear tasks by units" in told and "note:" not in narrow
