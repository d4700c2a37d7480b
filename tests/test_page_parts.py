"""The page without a browser: links, files, numbers and drawings are those of the command line."""

from __future__ import annotations

import io
import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("solara", reason="the packages of the page are not installed")

import peacekeeping as pk
from model.errors import InputError
from scenarios import engine
from scenarios.file import parse
from viz import figures
from viz.export import specification
from viz.page import ensemble, explore, picked, sharing, why
from viz.page.view import View, read
from viz.sheet import table_of

MOVED = View(
    scenario="alliance-surge",
    values=(("alliance_pressure", 2.25), ("weight_risk", -1.1)),
    start="1995-01",
    end="2015-12",
    runs=30,
    seed=2**63 + 5,
    tab="why",
    mission="UNMIS",
    answer="REQ-JPN-044:cheaper",
)


@pytest.fixture(scope="module")
def moved():
    """The ensemble of a view with levers moved."""
    return ensemble.compute(MOVED.resolved(), MOVED.runs, MOVED.seed)


@pytest.fixture(scope="module")
def result():
    """The same as the command line makes it."""
    return pk.run(
        MOVED.scenario, runs=MOVED.runs, seed=MOVED.seed, start=MOVED.start, end=MOVED.end,
        settings=dict(MOVED.values),
    )


def test_a_link_brings_back_the_very_view():
    found, faults = read("?" + MOVED.query())
    assert (found, faults) == (MOVED, [])


def test_a_link_carries_a_scenario_file_of_ones_own():
    text = sharing.as_toml(View(scenario="alliance-surge"))
    found, faults = read(View(text=text).query())
    assert faults == [] and found.text == text


@pytest.mark.parametrize(
    "query",
    ["runs=0", "runs=x", "tab=nowhere", "set.alliance_pressure=99", "set.nothing=1", "seed=-1",
     "scenario=nothing", "file=%%%", "start=2030-13", "states=XYZ", "sudo=1", "framework=moon"],
)
def test_a_false_link_is_told_in_a_sentence_and_left_out(query):
    view, faults = read(query)
    assert faults and all(fault.endswith(".") for fault in faults)
    view.resolved()


def test_the_figure_has_the_numbers_of_the_command_line(moved, result):
    drawn = figures.charts(result)["personnel-un"]()
    wanted = table_of(drawn, specification(drawn)).to_csv(index=False)
    page = explore.people_figure(moved, "un", "all", "JPN")
    assert page is not None
    found = pd.read_csv(io.BytesIO(page.csv()))
    assert found.to_csv(index=False) == pd.read_csv(io.StringIO(wanted)).to_csv(index=False)


def test_a_kept_world_with_numbers_put_in_is_the_world_built_with_them():
    scenario = MOVED.resolved()
    ensemble.world(replace(MOVED, values=()).resolved())
    kept, built = ensemble.world(scenario), engine.world_of(scenario)
    assert kept.parameters.tolist() == built.parameters.tolist()
    assert kept.draws.tolist() == built.draws.tolist()
    assert kept.settings == built.settings
    assert kept.arrays is ensemble.world(replace(MOVED, values=()).resolved()).arrays
    for here, there in zip(kept.arrays, built.arrays, strict=True):
        assert np.array_equal(here, there)


def test_a_world_is_built_anew_where_more_than_numbers_differs():
    scenario = MOVED.resolved()
    other = replace(MOVED, scenario="japan-without-2015-legislation").resolved()
    assert ensemble.world(other).arrays is not ensemble.world(scenario).arrays
    shorter = replace(MOVED, end="2014-12").resolved()
    assert ensemble.world(shorter).arrays.span[2] < ensemble.world(scenario).arrays.span[2]


def test_a_figure_with_new_numbers_is_the_one_drawn_anew(moved):
    from viz.fan import fans_drawing
    from viz.page.figure import figure, redrawn

    def drawing(factor):
        bands = moved.bands(moved.states, "un", ("all",))
        for column in ("lower", "upper", "median"):
            bands[column] = (bands[column] * factor).round()
        options = {"scenario": moved.scenario.name, "months": moved.frame}
        return fans_drawing(bands, moved.record, moved.states, "un", **options)

    redrawn(drawing(1.0))
    for factor in (0.999, 3.0):
        assert redrawn(drawing(factor)).spec == figure(drawing(factor).chart).spec


def test_the_scenario_file_is_accepted_and_gives_the_same_runs(moved):
    text = sharing.as_toml(MOVED)
    scenario = parse(text, "scenario.toml")
    assert scenario.levers == MOVED.resolved().levers
    assert [e.model_dump() for e in scenario.events] == (
        [e.model_dump() for e in MOVED.resolved().events]
    )
    again = ensemble.compute(scenario, MOVED.runs, MOVED.seed)
    assert again.people.keys() == moved.people.keys()
    assert all(np.array_equal(again.people[key], moved.people[key]) for key in moved.people)
    tomllib.loads(text)


def test_an_opened_file_is_checked_as_on_the_command_line():
    with pytest.raises(InputError, match=r"mine\.toml, line 1: unknown key 'titel'"):
        sharing.opened("mine.toml", 'titel = "x"\n', 12)
    with pytest.raises(InputError, match="too large to open"):
        sharing.opened("mine.toml", "", 10_000_000)


def test_an_answer_picked_by_its_outcome_is_one_that_was_so():
    view = View(runs=60)
    state, mission, answer = why.asked(view, ("JPN", "KOR"))
    found = why.find(view.resolved(), state, mission, runs=view.runs, seed=view.seed)
    run, number = picked.chosen(found, answer)
    assert number is not None
    row = found.in_run(run).decisions.iloc[number]
    assert (row["request"], row["outcome"]) == ("REQ-JPN-044", "cheaper")
    assert row["run"] == run


def test_another_run_is_told_with_its_own_draws():
    found = why.find("historical", "JPN", "UNMIS", runs=20)
    for run in (3, 11):
        told = found.in_run(run)
        assert set(told.decisions["run"]) == {run}
        for number in range(len(told.decisions)):
            told.turns(number)
    with pytest.raises(InputError, match="none of the 20 runs"):
        found.in_run(20)
