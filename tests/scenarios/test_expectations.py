"""What the scenarios of the library expect is what paired runs show, or it is explained there."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from calibration.documented_record import entries
from model.vocabulary import STOCK_UNITS
from scenarios.comparison.expectations import Examination, Finding, judge
from scenarios.definition import library
from scenarios.definition.loader import parse
from scenarios.file_format.outcome_catalogue import MEASURES, STOCKS
from scenarios.file_format.schema import Expectation, Scenario, json_schema
from scenarios.running.confidence import CERTAINTY
from scenarios.running.run_options import resolve
from scenarios.storage import scenario_folders
from viz.reports import scenario_catalogue

RUNS = 60  # `python -m viz.reports.scenario_catalogue` takes more, and is held to what it finds
SEED = 1


def chosen() -> list[str]:
    """What there is to run; of many combinations the first, the middle and the last."""
    names = []
    for name in library.available():
        found = [full for full in library.complete() if full.split("/")[0] == name]
        axes = bool(library.find(name).axes)
        names += [found[0], found[len(found) // 2], found[-1]] if axes else found
    return names


@pytest.fixture(scope="module")
def examination() -> Examination:
    found = Examination(RUNS, SEED)
    found.prepare([resolve(name) for name in chosen()])
    return found


MANY = 3.5 / CERTAINTY  # two-sided 95% for about a hundred together (Bonferroni)


def _contradicted(found: Finding) -> bool:
    return judge(found.expectation, found.mean, found.error * MANY) == "contradicted"


def _outlived(found: Finding) -> bool:
    """Whether an effect that a finding denies is there after all.

    Few runs cannot show that nothing changes, nor on which side of a bound a share lies; there the
    catalogue's many runs decide.
    """
    direction = found.expectation.direction
    return found.verdict == "holds" and "zero" not in direction and direction != "unsigned"


def test_no_finding_is_written_where_many_runs_show_what_was_expected() -> None:
    stored = scenario_catalogue.results()
    for row in stored.to_dict("records"):
        expected = library.find(row["scenario"]).expect[int(row["number"])]
        assert not (expected.finding and row["verdict"] == "holds"), row


@pytest.mark.parametrize("name", chosen())
def test_expected_effects_are_those_of_paired_runs(name: str, examination: Examination) -> None:
    """So few runs may leave an effect unshown, but they must not tell otherwise.

    Of a hundred expectations that all hold, some would be contradicted by chance at 95%: here a
    contradiction counts when it stands at 95% for all of them together.
    """
    wrong = [
        f"{found.expectation.variable} {found.expectation.direction}: {found.verdict}, "
        f"{found.mean:+.3f} (95% {found.interval[0]:+.3f} to {found.interval[1]:+.3f}) in "
        f"{found.runs} runs{', though a finding is written' * bool(found.expectation.finding)}"
        for found in examination.findings(resolve(name))
        if (_outlived(found) if found.expectation.finding else _contradicted(found))
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("name", [name for name in library.available() if name != "historical"])
def test_a_scenario_states_what_it_is_compared_with_and_what_should_follow(name: str) -> None:
    scenario = library.find(name)
    assert scenario.author and scenario.description
    if scenario.baseline is None:  # others are compared with it
        assert name in {library.find(other).baseline for other in library.available()}
        return
    base = library.find(scenario.baseline)
    for full in library.complete():
        if full.split("/")[0] == name:
            one = library.find(full)
            assert one.expect
            changed = one.events, one.levers, one.uncertainties
            assert changed != (base.events, base.levers, base.uncertainties) or scenario.choices()


def references(scenario: Scenario) -> set[str]:
    """Record ids at the head of every reference of a scenario, its events and expectations."""
    texts = list(scenario.references)
    for event in (*scenario.events, *scenario.expect):
        assert event.reference, f"{scenario.name}: an event or expectation without a reference"
        texts.append(event.reference)
    found = set()
    for text in texts:
        if text.startswith(("http", "doi")):
            continue
        head = re.match(r"[A-Z]{2,4}-\d{3}", text)
        assert head, f"{scenario.name}: {text!r} begins with no record id"
        found.add(head[0])
    return found


@pytest.mark.parametrize("name", library.complete())
def test_every_reference_is_in_the_record(name: str) -> None:
    known = {entry.id for entry in entries()}
    assert references(library.find(name)) <= known


def test_the_editors_schema_accepts_the_library_and_refuses_a_misspelt_key() -> None:
    import tomllib

    import jsonschema  # type: ignore[import-untyped]

    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(json.loads(json.dumps(schema)))
    for name in library.available():
        text = (scenario_folders.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        assert not list(validator.iter_errors(tomllib.loads(text))), name
    wrong = {"title": "T", "question": "Q", "references": ["R"], "levrs": {}}
    assert list(validator.iter_errors(wrong))


def expect(direction: str, **more: object) -> Expectation:
    return Expectation.model_validate({"direction": direction, **more})


@pytest.mark.parametrize(
    ("direction", "mean", "error", "verdict"),
    [
        ("up", 1.0, 0.2, "holds"),
        ("up", 1.0, 1.0, "inconclusive"),
        ("up", -1.0, 0.2, "contradicted"),
        ("down", -1.0, 0.2, "holds"),
        ("down", 1.0, 0.2, "contradicted"),
        ("zero", 0.0, 0.0, "holds"),
        ("zero", 0.1, 0.1, "holds"),
        ("zero", 0.1, 0.01, "contradicted"),
        ("up_or_zero", -0.1, 0.1, "holds"),
        ("up_or_zero", -0.1, 0.01, "contradicted"),
        ("down_or_zero", -5.0, 0.1, "holds"),
        ("unsigned", -5.0, 0.1, "holds"),
    ],
)
def test_a_direction_is_judged_by_the_interval_of_the_mean(
    direction: str, mean: float, error: float, verdict: str
) -> None:
    assert judge(expect(direction), mean, error) == verdict


def test_bounds_are_met_by_the_mean_and_missed_only_beyond_the_interval() -> None:
    bounded = expect("unsigned", low=0.0, high=10.0)
    assert judge(bounded, 5.0, 1.0) == "holds"
    assert judge(bounded, 11.0, 1.0) == "inconclusive"
    assert judge(bounded, 20.0, 1.0) == "contradicted"


def test_a_scenario_that_is_its_baseline_shows_no_difference_at_all() -> None:
    same = library.find("historical").changed(
        baseline="historical",
        expect=[
            expect("zero", variable=name, state="JPN") for name in ("personnel", "exits", "answers")
        ],
    )
    found = Examination(3).findings(same)
    assert [one.mean for one in found] == [0.0, 0.0, 0.0]
    assert all(one.base > 0 for one in found)


def test_outcomes_agree_with_the_tables_of_a_result() -> None:
    from scenarios.running.run import run

    result = run("historical", runs=2, seed=5, start="2003-01", end="2006-12")
    months, both = 48, result.series
    people = both[(both["variable"] == "personnel") & (both["kind"] == "all")]
    korea = people[(people["state"] == "KOR") & (people["framework"] == "un")]["value"].sum()
    opinion = both[(both["variable"] == "opinion_un") & (both["state"] == "KOR")]["value"].sum()
    parts = result.missions
    golan = parts[(parts["mission"] == "UNDOF") & (parts["state"] == "JPN")]
    scenario = library.find("historical").changed(
        period=resolve("historical", start="2003-01", end="2006-12").period,
        baseline="historical",
        expect=[
            expect("zero", state="KOR", group="un"),
            expect("zero", state="KOR", variable="opinion_un"),
            expect("zero", state="JPN", mission="UNDOF"),
            expect("zero", state="JPN", mission="UNDOF", variable="ever"),
        ],
    )
    means = [one.other for one in Examination(2, seed=5).findings(scenario)]
    wanted = [korea / months / 2, opinion / months / 2, golan["value"].sum() / months / 2]
    assert np.allclose(means[:3], wanted)
    assert means[3] == golan["run"].nunique() / 2


def test_the_closed_list_of_outcomes_has_every_stock_of_the_model() -> None:
    assert tuple(STOCK_UNITS) == STOCKS
    assert {name: MEASURES[name].unit for name in STOCKS} == STOCK_UNITS


def test_a_finding_that_no_longer_differs_is_noticed() -> None:

    plain, found = expect("up"), expect("up", finding="it falls")
    for expectation, mean, expected in ((plain, 1, True), (plain, -1, False), (found, 1, False)):
        assert Finding("s", expectation, 9, 0.0, 0.0, mean, 0.1).expected is expected


AXES = """title = "T"
question = "Q"
references = ["R"]
[axes.law.old]
title = "old"
[axes.law.new]
title = "new"
[axes.threat.low]
title = "low"
[axes.threat.high]
title = "high"
[axes.threat.high.levers]
home_threat = 2
"""


def test_every_combination_of_axes_is_a_variant() -> None:
    scenario = parse(AXES, "mine.toml")
    assert list(scenario.choices()) == ["old-low", "old-high", "new-low", "new-high"]
    chosen = scenario.variant("new-high")
    assert chosen.name == "mine/new-high"
    assert chosen.title == "T: new; high"
    assert chosen.levers == {"home_threat": 2}
