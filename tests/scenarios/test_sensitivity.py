"""Sensitivity finds a known truth, separates it from noise, and counts what it leaves out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import InputError
from scenarios.sweeps import design as designs
from scenarios.sweeps import sampling, store
from scenarios.sweeps.design import Design
from scenarios.sweeps.plan import plan
from scenarios.sweeps.sensitivity import analyse
from scenarios.sweeps.sweep import SweepResult
from viz.charts.style.export import render, specification
from viz.cli.main import call
from viz.reports.sensitivity_report import charts, print_answers

from ..support.sweep_design import write_design

NUMBERS: dict[str, Any] = {
    "home_threat": {"low": 0.0, "high": 1.0},
    "alliance_pressure": {"low": 0.0, "high": 1.0},
    "un_demand": {"low": 0.0, "high": 1.0},
}
LAW: dict[str, Any] = {"law": {"choices": {"old": {}, "new": {}}}}


def made_up(
    folder: Path,
    luck: float,
    failing: tuple[int, ...] = (),
    bump: float = 0.0,
    never: float = -np.inf,
    **changes: Any,
) -> tuple[SweepResult, Design]:
    """A finished sweep of an invented model: 4 x threat + 2 x alliance + 3 (law is new) + luck."""
    content: dict[str, Any] = {
        "title": "made up",
        "question": "which?",
        "runs": 8,
        "samples": 64,
        "vary": NUMBERS | LAW,
        "outcomes": {"answer": {"state": "JPN"}},
        **changes,
    }
    if content.get("method") == "grid":
        del content["samples"]
    design = Design.model_validate(content)
    table = sampling.configurations(design)
    configurations, runs = len(table), design.runs
    chance = np.random.default_rng(1)
    mean = 4 * table["home_threat"] + 2 * table["alliance_pressure"]
    if "law" in table:
        mean += 3 * (table["law"] == "new")
    mean += bump * (table["home_threat"] == 0.5)
    values = mean.to_numpy()[:, None] + luck * chance.standard_normal(runs)[None, :]
    errors = np.full((configurations, runs), "", dtype=object)
    values[values < never] = np.nan
    for number in failing:
        values[number, 0], errors[number, 0] = np.nan, "failed"
    rows = pa.table(
        {
            "configuration": np.repeat(np.arange(configurations), runs),
            "run": np.tile(np.arange(runs), configurations),
            "answer": values.ravel(),
            "error": errors.ravel(),
        }
    )
    pq.write_table(rows, folder / "outcomes.parquet")
    (folder / "design.parquet").write_bytes(store.design_bytes(table))
    manifest = {"complete": True, "series": False, "scenario": {"period": {"start": "1990-11"}}}
    return SweepResult(folder, manifest), design


def test_sobol_finds_the_known_shares(tmp_path):
    found = analyse(*made_up(tmp_path, 0.5, method="sobol", samples=512))
    table = found.indices.pivot(index="factor", columns="measure", values="value")
    variance = {"home_threat": 16 / 12, "alliance_pressure": 4 / 12, "un_demand": 0, "law": 9 / 4}
    whole = sum(variance.values())
    for factor, part in variance.items():
        assert table.loc[factor, "first"] == pytest.approx(part / whole, abs=0.05)
        assert table.loc[factor, "total"] == pytest.approx(part / whole, abs=0.05)
    wide = found.indices.set_index(["factor", "measure"])
    assert (wide["low"] <= wide["value"]).all() and (wide["value"] <= wide["high"]).all()
    assert (found.indices["by_draws"] < 1e-9).all()  # the same draws everywhere move no index


def test_morris_finds_the_known_effects(tmp_path):
    found = analyse(*made_up(tmp_path, 0.0, method="morris", samples=40))
    star = found.indices[found.indices["measure"] == "mu_star"].set_index("factor")["value"]
    assert star["home_threat"] == pytest.approx(4)
    assert star["alliance_pressure"] == pytest.approx(2)
    assert star["un_demand"] == pytest.approx(0, abs=1e-9)
    assert star.idxmax() in ("home_threat", "law")


def test_a_hypercube_shows_region_ends_and_share(tmp_path):
    found = analyse(*made_up(tmp_path, 0.0, method="latin_hypercube", samples=400))
    share = found.indices.set_index("factor")["value"]
    assert share["law"] > share["home_threat"] > share["alliance_pressure"] > share["un_demand"]
    assert share["law"] == pytest.approx(0.575, abs=0.06)
    best, worst = found.regions.iloc[0], found.regions.iloc[-1]
    assert "law new" in best["region"] and "home_threat above" in best["region"]
    assert "law old" in worst["region"] and "home_threat up to" in worst["region"]
    assert found.regions["configurations"].sum() == 400
    ends = found.ends.set_index(["factor", "end"])["mean"]
    assert ends["home_threat", "high"] - ends["home_threat", "low"] == pytest.approx(3, abs=0.4)
    assert ends["law", "high"] - ends["law", "low"] == pytest.approx(3, abs=0.4)


@pytest.mark.parametrize(("bump", "told"), [(0.0, []), (9.0, ["0.5"]), (-9.0, ["0.5"])])
def test_a_factor_that_turns_between_its_ends_is_told(tmp_path, capsys, bump, told):
    grid = {"home_threat": {"values": [0.0, 0.5, 1.0]}, "alliance_pressure": {"values": [0.0, 1.0]}}
    result, design = made_up(tmp_path, 1.0, bump=bump, method="grid", vary=grid)
    found = analyse(result, design)
    between = found.ends[found.ends["end"] == "between"]
    assert between["label"].tolist() == told
    print_answers(found, design)
    said = "home_threat does not move it one way" in capsys.readouterr().out
    assert said == bool(told)


def test_luck_is_told_from_the_parameters(tmp_path):
    noise = analyse(*made_up(tmp_path, 1.0, method="latin_hypercube", samples=400, runs=200)).noise
    row = noise.iloc[0]
    parameters = 16 / 12 + 4 / 12 + 9 / 4
    assert row["draws"] == pytest.approx(1 / (1 + parameters), abs=0.05)
    assert row["parameters"] == pytest.approx(parameters / (1 + parameters), abs=0.05)
    assert row["together"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("method", "samples", "left_out"),
    [("latin_hypercube", 64, 2), ("morris", 10, 2 * 5), ("sobol", 16, 2 * 6)],
)
def test_failed_configurations_are_left_out_whole_and_counted(tmp_path, method, samples, left_out):
    found = analyse(*made_up(tmp_path, 0.1, failing=(3, 20), method=method, samples=samples))
    assert found.noise["left_out"].tolist() == [left_out]
    assert np.isfinite(found.indices["value"]).all()


def test_too_many_failures_are_told(tmp_path):
    with pytest.raises(InputError, match=r"at least 4 .* usable are 0 of 5 \(1 failed: "):
        analyse(*made_up(tmp_path, 0.1, failing=(3,), method="morris", samples=1))


def test_every_shipped_design_can_be_planned():
    assert designs.available()
    for name in designs.available():
        whole = plan(name)
        assert whole.runs > 0 and whole.design.question.endswith("?")


@pytest.mark.parametrize("never", [3.0, np.inf])
@pytest.mark.parametrize("method", ["grid", "sobol", "morris", "latin_hypercube"])
def test_what_never_happens_in_some_runs_or_all_is_drawn(tmp_path, monkeypatch, method, never):
    vary = {name: {"values": [0.0, 0.5, 1.0]} for name in NUMBERS} if method == "grid" else NUMBERS
    outcomes = {"answer": {"state": "JPN", "measure": "first", "at_least": 10}}
    swept, design = made_up(tmp_path, 0.5, method=method, vary=vary, outcomes=outcomes, never=never)
    swept.manifest["scenario"]["period"]["end"] = "1990-12"
    rows = pq.read_table(tmp_path / "outcomes.parquet")
    pq.write_table(store._summed(rows, ["answer"], []), tmp_path / "summary.parquet")
    found = charts(analyse(swept, design), swept, design)
    assert ("heatmap" in found) == (never < np.inf)
    for chart in found.values():
        assert b"<svg" in render(specification(chart), "svg")


def test_the_command_prints_writes_and_draws(tmp_path, capsys, monkeypatch):
    design = write_design(tmp_path, runs=4, threats=3)
    text = design.read_text().replace(
        "[vary.law]", "[vary.alliance_pressure]\nvalues = [1, 2]\n\n[vary.law]"
    )
    design.write_text(text)
    out = tmp_path / "out"
    assert call(["sensitivity", str(design), "--out", str(out)]) == 0
    told = capsys.readouterr()
    shown = told.out
    assert f"in {out}: it is run first" in told.err
    assert "12 configurations of 4 runs" in shown and "where law documented" in shown
    assert {"heatmap.png", "tornado-japan_ever.svg", "indices-opinion.csv"} <= {
        path.name for path in (out / "sensitivity" / "figures").iterdir()
    }
    cells = pd.read_csv(out / "sensitivity" / "figures" / "heatmap.csv")
    ever = cells[(cells["outcome"] == "japan_ever") & (cells["facet"] == "none")]
    assert len(ever) == 6 and (ever["value"] == 0).all()
    assert pd.read_csv(out / "sensitivity" / "noise.csv")["left_out"].tolist() == [0] * 4
    assert json.loads((out / "manifest.json").read_text())["complete"]
    # read, not run again; a reader who leaves at the first line takes no table or figure along
    shutil.rmtree(out / "sensitivity")

    def left(*_):
        raise BrokenPipeError

    monkeypatch.setattr("viz.reports.sensitivity_report.print_answers", left)
    monkeypatch.setattr("viz.cli.main.silence", lambda: None)
    assert call(["sensitivity", str(design), "--out", str(out)]) == 0
    told = capsys.readouterr().err
    assert "complete already" in told and "run first" not in told
    assert (out / "sensitivity" / "figures" / "heatmap.png").exists()
    assert (out / "sensitivity" / "noise.csv").exists()
