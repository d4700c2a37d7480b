"""Forecasts from an origin: nothing later is known, and the scores are what they say."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from calibration.evidence import (
    baselines,
    calendar_baseline,
    forecast,
    observations,
    panel_target_points,
    scores,
)
from calibration.validation import backtest, long_run, report_tables
from model.errors import InputError
from model.months import NEVER, month_number
from model.settings import Settings
from model.world import build
from scenarios.storage.output_folder import OutputFolder
from viz.reports import validation_report

ORIGIN, UNTIL = "2010-12", "2012-12"


@pytest.fixture(scope="module")
def found():
    return backtest.validate(ORIGIN, UNTIL, runs=20, seed=1)


def test_crps_of_a_normal_forecast_is_the_known_one():
    draws = np.exp(np.random.default_rng(1).normal(4.0, 1.0, 40_000)) - 1.0
    seen = np.exp(4.5) - 1.0
    z = 0.5
    exact = z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)
    assert scores.crps(draws[:, None], np.array([seen]))[0] == pytest.approx(exact, abs=0.02)


def test_bands_hold_what_they_promise_where_the_forecast_is_right():
    rng = np.random.default_rng(2)
    samples, seen = rng.normal(50, 9, (400, 2000)), rng.normal(50, 9, 2000)
    for share in scores.BANDS:
        assert scores.inside(samples, seen, share).mean() == pytest.approx(share, abs=0.03)
    assert scores.pit(samples, seen).mean() == pytest.approx(0.5, abs=0.02)


def test_every_forecaster_stands_in_every_line_of_the_table(found):
    names = set(found.skill["forecaster"])
    assert names == {
        "simulation", "persistence", "persistence, last year", "persistence by size",
        "persistence, calendar known", "persistence by size, calendar known", "climatology",
        "hurdle regression", "regression forest", "simulation and persistence",
    }  # fmt: skip
    assert (found.skill.groupby("group")["forecaster"].nunique() == len(names)).all()
    assert np.isfinite(found.skill["crps"]).all()


def test_persistence_scores_as_the_orientation_says():
    """About 0.36 one year ahead from 2005 and 0.27 from 2010, over some 130 contributors; the
    anchor there is the last year's mean."""
    for origin, stated in ((2005, 0.36), (2010, 0.27)):
        month = month_number(f"{origin}-12")
        states = observations.contributors(month)
        now = observations.monthly(states, month, month)[0]
        said = baselines.persistence(month, 1, states, now, 1, "last year")
        seen = observations.yearly().loc[[origin + 1], list(states)].to_numpy().T
        assert scores.crps(said, seen).mean() == pytest.approx(stated, abs=0.04)


def test_a_forecast_starts_from_what_was_observed(found):
    now = observations.monthly(found.forecast.states, *[month_number(ORIGIN)] * 2)[0]
    closing = observations.closing().loc[2010, list(found.forecast.states)].to_numpy()
    assert (now == closing).mean() > 0.95


def test_sizes_are_told_where_both_the_record_and_a_run_have_somebody(found):
    row = {"likelihood": "log normal", "spread": "0.2", "weight": "1"}
    told = panel_target_points.pair_size(row, found.forecast)
    assert not {label[:3] for label in told.labels} & {"JPN", "KOR"}
    assert (told.observed > 0).all() and not (told.simulated == 0).any()
    state, _, mission = told.labels[0].partition(" ")
    states, missions = found.forecast.states, found.forecast.missions
    people = found.forecast.last[:, states.index(state), missions.index(mission)]
    assert (np.nan_to_num(told.simulated[0]) == people).all()
    month = found.forecast.years[-1].last
    seen = observations.presence((state,), (mission,), month)
    assert told.observed[0] == seen[0, 0] > 0


def test_no_later_law_or_request_reaches_a_forecast():
    atlas = forecast.known_at(month_number("2005-12"), month_number("2008-12"))
    known = atlas.arrays
    assert known.asks["month"].max() <= month_number("2006-01")
    assert not [name for name in atlas.provisions if "PKO15" in name or name == "KOR-PKA-1"]
    begin = month_number("2006-01")
    for name in ("threat", "ideal", "forces", "status", "strength"):
        later = known.state_months[name][begin:]
        assert (later == known.state_months[name][begin - 1]).all(), name


def test_with_nothing_given_no_mission_begins_or_ends_later():
    origin = month_number("2005-12")
    known = forecast.known_at(origin, month_number("2008-12"), "nothing").arrays
    begun = known.missions["start"] <= origin
    assert (
        known.calls["mission"][known.calls_from[origin + 1] :][:, None] != np.flatnonzero(~begun)
    ).all()
    assert known.missions["end"][begun & (known.missions["end"] > origin)].min() == NEVER


def test_a_span_without_a_whole_year_is_refused():
    with pytest.raises(InputError, match="no whole year"):
        forecast.of("2010-12", "2011-06", 1, 1)


def test_a_pool_holds_as_much_of_either_forecast():
    one, other = np.zeros((50, 3, 2)), np.ones((400, 3, 2))
    said = baselines.pooled(one, other, 1)
    assert said.shape == (baselines.SAMPLES, 3, 2)
    assert (said.mean(axis=0) == 0.5).all()


def test_a_forest_knows_who_stays_and_sees_nothing_later(monkeypatch):
    states = observations.contributors(month_number("2004-12"))
    said = baselines.forest(month_number("2004-12"), 1, states, 1)
    closing = observations.closing().loc[2004, list(states)].to_numpy()
    wide = np.log1p(said[:, :, 0]).std(axis=0)
    assert wide[closing > 1000].mean() < wide[(closing > 0) & (closing < 10)].mean()
    for name in ("yearly", "closing"):
        frame = getattr(observations, name)().copy()
        frame.loc[2005:] = 9e9
        monkeypatch.setattr(observations, name, lambda _, frame=frame: frame)
    assert (baselines.forest(month_number("2004-12"), 1, states, 1) == said).all()


def test_the_page_on_unseen_years_shows_the_stored_scores():
    docs = Path(__file__).parents[2] / "docs"
    stored = pd.read_csv(docs / "out_of_sample_2014-08.csv")
    crps = stored.set_index(["group", "forecaster"])["crps"]
    page = (docs / "out_of_sample.md").read_text().split("# The test on 2020 to 2024")[0]
    lines = [line.strip("| ") for line in page.splitlines() if line.startswith("| ")]
    heads, rows = lines[0].split(" | "), lines[2:]
    assert len(rows) == stored["group"].nunique()
    for row in rows:
        group, _, *shown = row.split(" | ")
        for forecaster, value in zip(heads[2:], shown, strict=True):
            assert float(value) == pytest.approx(crps[group, forecaster], abs=0.00051)


def test_the_page_shows_the_scores_of_the_forecast_frozen_in_2019():
    docs = Path(__file__).parents[2] / "docs"
    frame = pd.read_csv(docs / "out_of_sample_2019-12.csv")
    stored = {(one["group"], one["forecaster"]): one for one in frame.to_dict("records")}
    page = (docs / "out_of_sample.md").read_text().split("# The test on 2020 to 2024")[1]
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    names = ("simulation", "persistence", "persistence, calendar known")
    assert len(rows) > 5
    for group, number, *shown in rows[2:]:
        crps = [float(stored[group, name]["crps"]) for name in names]
        assert [float(value) for value in shown[:3]] == pytest.approx(crps, abs=0.00051)
        assert float(shown[3]) == pytest.approx(crps[0] / crps[2], abs=0.0051)
        assert int(number) == stored[group, names[0]]["cases"]
        inside = float(stored[group, names[0]]["inside_80"])
        assert float(shown[4].rstrip("%")) == pytest.approx(100 * inside, abs=0.51)


def test_years_after_an_origin_are_whole_but_for_the_last():
    years = observations.years_after(month_number("2014-08"), month_number("2024-06"))
    assert [y.last - y.first + 1 for y in years] == [12] * 9 + [10]
    assert years[0].first == month_number("2014-09") and years[0].label == 2015
    with pytest.raises(InputError, match="is not observed; the data end in 2024-06"):
        observations.years_after(month_number("2014-08"), month_number("2024-07"))


def test_people_go_when_their_mission_ends_and_its_successor_takes_them():
    atlas = build.build(Settings(point=True))
    origin, names = month_number("2014-08"), list(atlas.missions)
    later = calendar_baseline.becomes(atlas.arrays, origin, month_number("2018-06"))
    assert (later[names.index("UNMISS")] == 1.0).all()
    assert (later[names.index("UNMIL")] == 0.0).all()
    troops, police, _ = later[names.index("MINUSTAH")]
    assert troops == 0.0 < police < 1.0


def test_errors_of_a_class_of_size_come_from_that_class():
    said = np.array([[1.0, 5000.0]])
    came = np.array([[1.0, 500.0]])
    now, rng = np.array([2.0, 3000.0]), np.random.default_rng(1)
    apart = baselines.with_errors(now, said, came, rng, baselines.SIZES)
    assert np.allclose(apart[:, 0], 2.0) and (apart[:, 1] < 400).all()


def test_the_report_is_written_with_its_figures(tmp_path):
    """From the shipped numbers, which have every table that it shows."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    stored = json.loads((docs / "validation.json").read_text())
    tables = {name: pd.DataFrame(rows) for name, rows in stored.items() if isinstance(rows, list)}
    rows = pd.read_csv(docs / "figures" / "validation-bands.csv")
    found = SimpleNamespace(skill=tables.pop("skill"), moves=tables.pop("moves"), rows=rows)
    del tables["known"]
    heads = ("origin", "until", "runs", "seed", "given", "fit")
    fields: dict[str, Any] = {name: stored[name] for name in heads} | tables
    report = report_tables.Report(found=cast(Any, found), **fields)
    with OutputFolder(tmp_path / "out", ["validate"]) as place:
        written = validation_report.write(report, place, ["validate"])
    named = {f"figures/validation-{name}.svg" for name in ("skill", "bands", "reliability")}
    assert named <= set(written)
    assert "## Skill" in (tmp_path / "out" / "validation.md").read_text()


def test_a_long_run_is_held_against_the_recorded_total(monkeypatch: pytest.MonkeyPatch) -> None:
    """The beginning is what is recorded, so that the first year is near it."""
    monkeypatch.setattr(long_run, "YEARS", (1991,))
    (row,) = long_run.beside(runs=4).to_dict("records")
    assert 9_000 < row["recorded"] < 13_000  # the UN's own totals
    assert row["low"] <= row["mean"] <= row["high"]
    assert row["ratio"] == pytest.approx(row["mean"] / row["recorded"])
    assert 0.5 < row["ratio"] < 1.5
