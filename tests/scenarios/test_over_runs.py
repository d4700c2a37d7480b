"""What would have turned an answer over the runs: shares that other ways of asking give, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scenarios.definition import library
from scenarios.explanation import decisions
from scenarios.explanation.decisions import Answers
from scenarios.explanation.over_runs import LeverCurve, Share, Turning, turned, turning
from scenarios.file_format.law_events import Repeal
from viz.text import change_text

RUNS = 10
REQUEST = "REQ-JPN-052"  # engineers for Haiti, a general call


def goes(found: Answers) -> list[bool]:
    """Of each run that is asked, whether the first answer to the request goes through."""
    table = found.everything
    own = table[(table["request"] == REQUEST) & (table["kind"] == "engineer")]
    return (own.groupby("run")["stopped_by"].first() == "nothing").tolist()


@pytest.fixture(scope="module")
def haiti() -> Answers:
    return decisions.find("historical", "JPN", "MINUSTAH", runs=RUNS)


@pytest.fixture(scope="module")
def found(haiti: Answers) -> Turning:
    number = int(haiti.decisions.index[haiti.decisions["request"] == REQUEST][0])
    return turning(haiti, number)


def test_the_share_is_that_of_the_answers_of_whole_runs(haiti: Answers, found: Turning) -> None:
    """Although the runs end soon after the answer."""
    told = goes(haiti)
    assert found.share == Share(sum(told) / len(told), len(told)) and found.runs == RUNS
    assert found.request == REQUEST and found.kind == "engineer" and not found.renewal


def test_a_lever_turns_it_from_the_value_that_is_told_and_not_before(found: Turning) -> None:
    curves = [curve for curve in found.levers if curve.turns_at is not None]
    assert curves and [one.turns_at is None for one in found.levers] == sorted(
        one.turns_at is None for one in found.levers
    )
    curve, at_value = curves[0], curves[0].turns_at
    assert at_value is not None
    for value, share in zip(curve.values, curve.shares, strict=True):
        beyond = abs(value - curve.now) >= abs(at_value - curve.now)
        if (value - curve.now) * (at_value - curve.now) > 0 and beyond:
            assert turned(found.share, share), (curve.name, value)
    again = decisions.find(
        "historical", "JPN", "MINUSTAH", runs=RUNS, settings={curve.name: at_value}
    )
    told = goes(again)
    at = curve.shares[curve.values.index(at_value)]
    assert at == Share(sum(told) / len(told), len(told)) and turned(found.share, at)


def test_a_provision_struck_out_answers_as_its_repeal(found: Turning) -> None:
    one = found.provisions[0]
    scenario = library.find("historical")
    repeal = Repeal(type="repeal", month=scenario.period.start, instruments=[one.provision])
    again = decisions.find(
        scenario.changed(events=[*scenario.events, repeal]), "JPN", "MINUSTAH", runs=RUNS
    )
    told = goes(again)
    assert one.share == Share(sum(told) / len(told), len(told))


def test_half_and_more_is_yes_and_nobody_asked_turns_nothing() -> None:
    assert turned(Share(0.5, 10), Share(0.4, 10)) and turned(Share(0.4, 10), Share(0.5, 10))
    assert not turned(Share(0.5, 10), Share(0.9, 10)) and not turned(Share(0.2, 10), Share(0.4, 9))
    assert not turned(Share(0.9, 10), Share(float("nan"), 0))


def test_few_runs_near_half_are_called_undecided_and_the_first_of_the_whole(
    found: Turning,
) -> None:
    assert Share(0.5, 30).undecided and Share(0.33, 30).undecided and not Share(0.31, 30).undecided
    assert not Share(float("nan"), 0).undecided
    values, few = (0.0, 1.0, 2.0), Share(0.2, 30)

    def curve(name: str, end: float) -> LeverCurve:
        return LeverCurve(name, "factor", 1.0, values, (few, few, Share(end, 30)), None)

    over = replace(found, runs=30, whole=200, share=few, levers=(curve("un_demand", 0.45),))
    said = change_text.over_runs(over)
    assert "among the first 30 of the 200 runs, 20% of those asked" in said
    assert "undecided" not in said
    assert "undecided" in change_text.over_runs(replace(over, share=Share(0.4, 30)))
    (told,) = change_text.over_lever_lines(over)
    assert told == "Undecided by so few runs: un demand (20% to 45%)."
    sure = replace(over, levers=(curve("un_demand", 0.31),))
    none, others = change_text.over_lever_lines(sure)
    assert none.startswith("No lever") and others.endswith("un demand (20% to 31%).")
    turns = replace(curve("un_demand", 0.6), turns_at=1.5)
    (told,) = change_text.over_lever_lines(replace(over, levers=(turns,)))
    assert told.endswith("60% go through (undecided by so few runs)")
    assert "first" not in change_text.over_runs(replace(sure, whole=30))


def test_it_is_told_in_sentences_and_as_a_table(haiti: Answers, found: Turning) -> None:
    table = found.table()
    assert set(table.columns) == {"what", "value", "now", "share", "asked", "turns_at"}
    assert len(table) == sum(len(one.values) for one in found.levers) + len(found.provisions)
    told = " ".join(change_text.over_lever_lines(found) + change_text.over_law_lines(haiti, found))
    curve = next(one for one in found.levers if one.turns_at is not None)
    assert f"{change_text.lever_name(curve.name)}: from {curve.turns_at:.2g}" in told
    assert "nan" not in told
