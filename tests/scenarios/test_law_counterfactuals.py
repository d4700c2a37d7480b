"""Single changes of law that turn an answer: the same run under another table of provisions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.settings import Event
from model.vocabulary import OUTCOMES
from model.world import build
from scenarios.definition import law_table, library
from scenarios.explanation import decisions
from scenarios.explanation.decisions import Answers
from scenarios.explanation.law_counterfactuals import HOW, by_amendments
from scenarios.explanation.rerun import ABSENT, Again
from scenarios.file_format.law_events import Repeal
from scenarios.running import model_adapter


@pytest.fixture(scope="module")
def south_sudan() -> Answers:
    return decisions.find("historical", "JPN", "UNMISS", runs=1)


def first(found: Answers, **wanted: str) -> int:
    table = found.decisions
    for column, value in wanted.items():
        table = table[table[column] == value]
    return int(table.index[0])


@pytest.mark.parametrize("reform", ["dated", "endogenous"])
def test_a_world_under_another_law_is_the_one_built_with_it(reform: str) -> None:
    scenario = library.find("historical").changed(reform=reform)
    law = [row for row in law_table.table(()) if row["id"] != "JPN-PKO92-P1"]
    found = model_adapter.with_law(model_adapter.world_of(scenario), scenario, law)
    settings = model_adapter.settings_of(scenario)
    built = build.build(replace(settings, events=(Event("law", {"instruments": law}),)))
    assert found.settings == built.settings
    assert found.provisions == built.provisions and "JPN-PKO92-P1" not in found.provisions
    for name, here, there in zip(found.arrays._fields, found.arrays, built.arrays, strict=True):
        assert np.array_equal(here, there), name


def test_a_run_made_again_with_nothing_changed_turns_nothing(south_sudan: Answers) -> None:
    assert len(south_sudan.decisions) > 5
    for number in range(len(south_sudan.decisions)):
        again = Again(south_sudan, number)
        assert again.under(again.atlas) == ""


def test_a_repealed_law_turns_an_acceptance_as_a_run_under_it_says() -> None:
    cambodia = decisions.find("historical", "JPN", "UNTAC", runs=1)
    number = first(cambodia, stopped_by="nothing", kind="engineer", reason="documented")
    tried = by_amendments(cambodia, number)
    assert [HOW.index(one.how) for one in tried.amendments] == sorted(
        HOW.index(one.how) for one in tried.amendments
    )
    other = next(one for one in tried.amendments if one.how == "repealed")
    scenario = cambodia.scenario
    repeal = Repeal(type="repeal", month=scenario.period.start, instruments=[other.provision])
    law = scenario.changed(events=[*scenario.events, repeal])
    row = cambodia.decisions.iloc[number]
    again = decisions.find(law, "JPN", "UNTAC", runs=1).decisions
    same = again[again["request"] == row["request"]] if len(again) else again
    outcome = same["outcome"].iloc[0] if len(same) else ""  # it is not asked any more
    assert outcome == (other.outcome if other.outcome in OUTCOMES else "") != row["outcome"]


def test_the_permission_itself_carries_an_acceptance(south_sudan: Answers) -> None:
    number = first(south_sudan, stopped_by="nothing", kind="staff")
    row = south_sudan.decisions.iloc[number]
    tried = by_amendments(south_sudan, number)
    repealed = {one.provision: one.outcome for one in tried.amendments if one.how == "repealed"}
    assert repealed[row["provision"]] in (ABSENT, "refused")
    assert any(one.how == "conditional" for one in tried.amendments)


def test_a_later_law_brought_forward_turns_a_refusal_by_law() -> None:
    """Japan's engineers for Iraq needed an act, which came a month after they were asked for."""
    found = decisions.find("historical", "JPN", "OIF", runs=1, end="2003-12")
    stopped = found.decisions[found.decisions["stopped_by"] == "law"]
    stopped = stopped[stopped["gate"] == "needs_statute"]
    tried = by_amendments(found, int(stopped.index[0])).amendments
    assert {one.how for one in tried} & {"earlier", "permitted"}
    assert all(one.outcome != ABSENT for one in tried)


def test_the_page_says_it_plainly_where_no_law_would_turn_an_answer() -> None:
    pytest.importorskip("solara", reason="the packages of the page are not installed")
    from viz.web.decision import what_would_change

    found = decisions.find("historical", "JPN", "UNMISS", runs=1)
    number = first(found, stopped_by="choice")
    row = found.decisions.iloc[number].to_dict()
    tried = by_amendments(found, number)
    told = what_would_change.law(found, row, tried)
    assert bool(tried.amendments) != ("no single change of law changes this answer" in told)
    number = first(found, stopped_by="nothing", kind="engineer", reason="documented")
    row = found.decisions.iloc[number].to_dict()
    told = what_would_change.law(found, row, by_amendments(found, number))
    assert "[JPN-PKO92-A1] with one more condition (disaster only)" in told
    assert "Provisions that alone would have changed it" in told
