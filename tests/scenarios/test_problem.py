"""The model as a function: what SALib, the EMA workbench and mesa's batch runner get from it."""

from __future__ import annotations

import pickle
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

import peacekeeping as pk
from model.engine.mesa_model import PeacekeepingModel
from model.settings import Settings
from model.world import build
from scenarios.sweeps import chunk

NONE = {"events": [{"type": "repeal", "month": "1990-11", "instruments": ["JPN-*"]}]}
DESIGN: dict[str, Any] = {
    "period": {"start": "1990-11", "end": "1996-12"},
    "vary": {
        "home_threat": (0.5, 2.0),
        "law": {"choices": {"documented": {}, "none": NONE}},
    },
    "outcomes": {
        "japan_units": {"state": "JPN", "group": "un", "kind": "units"},
        "korea_first": {"state": "KOR", "measure": "first", "at_least": 100},
    },
    "runs": 5,
}
TERM = pk.Term("mine", [{"value": 1.0}])


@pytest.fixture(scope="module")
def problem() -> pk.Problem:
    return pk.problem(DESIGN)


def test_a_point_gives_what_a_sweep_of_it_gives(problem: pk.Problem, tmp_path: Any) -> None:
    listed = {
        **DESIGN, "method": "list",
        "configurations": [{"home_threat": 0.8, "law": "documented"},
                           {"home_threat": 1.9, "law": "none"}],
    }  # fmt: skip
    swept = pk.sweep(listed, tmp_path / "out").to_xarray()
    runs = problem.evaluate(listed["configurations"], every_run=True)
    for place, name in enumerate(problem.outcomes):
        np.testing.assert_array_equal(runs[:, :, place], swept[name])
    one = problem(home_threat=0.8, law="documented")
    assert one["japan_units"] == runs[0, :, 0].mean() > 0 == runs[1, :, 0].max()


def test_a_point_gives_what_the_same_run_gives_whatever_was_asked_before() -> None:
    asked = {"opinion": {"state": "KOR", "variable": "opinion_un", "measure": "mean"},
             "japan": {"state": "JPN", "group": "un"}}  # fmt: skip
    problem = pk.problem({**DESIGN, "outcomes": asked, "vary": {"public_support": (-0.2, 0.2)}})
    found = [problem(public_support=support) for support in (-0.2, 0.2)]
    for support, one in zip((-0.2, 0.2), found, strict=True):
        run = pk.run("historical", 5, 1, end="1996-12", settings={"public_support": support})
        people = run.to_frame(state="JPN", framework="un")
        opinion = run.to_frame("opinion_un", state="KOR")
        assert one["japan"] == pytest.approx(people.to_numpy().mean(), rel=1e-12)
        assert one["opinion"] == pytest.approx(opinion.to_numpy().mean(), rel=1e-12)
    assert found[0] != found[1]


def test_points_may_come_in_any_shape_and_on_any_threads(problem: pk.Problem) -> None:
    drawn = np.array([[0.5, 0.2], [1.0, 0.7], [1.5, 0.5]])
    names = ["documented", "none", "none"]
    table = pd.DataFrame({"law": names, "home_threat": drawn[:, 0]})
    expected = problem.evaluate(table, threads=1)
    rows: Any = table.to_dict("records")
    for points in (drawn, table, rows):
        np.testing.assert_array_equal(problem.evaluate(points, threads=3), expected)
    assert problem.evaluate(np.empty((0, 2))).shape == (0, 2)


def test_the_world_is_built_once_for_each_choice(
    problem: pk.Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem(home_threat=1.0, law="none")
    built = []
    monkeypatch.setattr(chunk, "world_of", lambda *given: built.append(given))
    problem(home_threat=1.3, law="none")
    assert not built


def test_salib_samples_and_analyses_it(problem: pk.Problem) -> None:
    from SALib.analyze import morris as analysis
    from SALib.sample import morris

    points = morris.sample(problem.salib, 4, num_levels=4, seed=1)
    found = problem.evaluate(points)
    assert found.shape == (12, 2)
    indices = analysis.analyze(problem.salib, points, found[:, 0], seed=1)
    effects = dict(zip(indices["names"], indices["mu_star"], strict=True))
    assert effects["law"] > 0  # without the law there is no unit to be had


def test_the_ema_workbench_runs_it(problem: pk.Problem) -> None:
    ema = pytest.importorskip("ema_workbench")
    model = problem.ema_model()
    assert {one.name for one in model.levers} == {"home_threat", "law"}
    experiments, outcomes = ema.perform_experiments(model, policies=4)
    assert len(experiments) == 4 and np.isfinite(outcomes["japan_units"]).all()
    again = problem.evaluate(experiments[["home_threat", "law"]].astype({"law": str}))
    np.testing.assert_array_equal(outcomes["japan_units"], again[:, 0])


def test_a_problem_goes_to_other_processes(problem: pk.Problem) -> None:
    copy = pickle.loads(pickle.dumps(problem))
    point = {"home_threat": 1.2, "law": "documented"}
    assert copy(**point) == problem(**point)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"vary": {}}, "varies nothing"),
        ({"vary": {"home_threa": (0, 1)}}, "home_threa"),
        ({"vary": {"home_threat": (2, 1)}}, "low 2 is not below high 1"),
        ({"vary": {"home_threat": (0, 1e9)}}, "home_threat"),
        ({"outcomes": {"x": {"state": "Koreo"}}}, "unknown state 'Koreo'"),
        ({"outcmes": {}}, "unknown key 'outcmes'; did you mean 'outcomes'"),
        ({"draws": "own"}, "same draws at every point"),
        ({"series": {"keep": "runs"}}, "leave series out"),
        ({"terms": [TERM]}, "takes no terms of one's own; for those make a loop of pk.run"),
        ({"scenario": pk.scenario("historical").with_terms(TERM)}, "takes no terms of one's own"),
        ({"scenario": pk.scenario("historical")}, "own: a design names a scenario, or its .toml"),
        ({"vary": {"home_threat": 1}}, r"vary.home_threat: 1 does not say .* range \(low, high\)"),
    ],
)
def test_a_fault_of_a_problem_is_a_sentence(change: dict[str, Any], words: str) -> None:
    with pytest.raises(pk.InputError, match=words):
        pk.problem({**DESIGN, **change})


def test_points_may_be_lists(problem: pk.Problem) -> None:
    named = problem.evaluate([{"home_threat": 0.8, "law": "none"}])
    np.testing.assert_array_equal(problem.evaluate([[0.8, "none"]]), named)
    np.testing.assert_array_equal(problem.evaluate([(0.8, 0.9)]), named)


def test_a_fault_of_a_point_is_a_sentence(problem: pk.Problem) -> None:
    for point, words in (
        ({"home_threat": 1.0}, "the factor law has no value"),
        ({"home_threat": 1.0, "law": "x"}, "unknown choice of law 'x'"),
        ({"home_threat": 99.0, "law": "none"}, "home_threat"),
        ({"home_threat": float("nan"), "law": "none"}, "is no number"),
        ({"home_threat": 1.0, "law": "none", "lever": 1}, "unknown factor 'lever'"),
        ({"home_threat": 1.0, "law": 1.5}, "numbers from 0 to 1"),
    ):
        with pytest.raises(pk.InputError, match=words):
            problem(**point)
    with pytest.raises(pk.InputError, match="a column for each of home_threat, law"):
        problem.evaluate(np.zeros((2, 3)))
    for points in ([[1.0]], [1.0, 0.5], [[1.0, "none"], {"home_threat": 1.0}], "xy", 5):
        with pytest.raises(pk.InputError, match="a column for each of home_threat, law"):
            problem.evaluate(points)  # type: ignore[arg-type]
    with pytest.raises(pk.InputError, match="SALib draws from a range"):
        _ = pk.problem({**DESIGN, "vary": {"home_threat": [0.5, 1]}}).salib


def test_a_seed_of_mesa_is_told_what_takes_its_place() -> None:
    with pytest.raises(pk.InputError, match="takes no seed; write seed_key=5, and run=1, 2"):
        PeacekeepingModel(seed=5)  # type: ignore[arg-type]


def test_mesa_runs_the_readable_model_in_batches() -> None:
    settings = Settings(start="1990-11", end="1992-12")
    found = mesa.batch_run(
        PeacekeepingModel,
        {"settings": [settings], "run": [0, 1]},
        number_processes=1,
        data_collection_period=1,
        display_progress=False,
    )
    table = pd.DataFrame(found)
    model = PeacekeepingModel(atlas=build.build(settings), run=1)
    model.run_all()
    own = model.datacollector.get_model_vars_dataframe().set_index("month")
    batch = table[table["run"] == 1].drop_duplicates("month").set_index("month")
    assert own.loc["1992-09", "JPN"] == batch.loc["1992-09", "JPN"]
