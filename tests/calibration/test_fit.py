"""Fitting: nothing later leaks in, a known truth is found, and a broken fit resumes to the same."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.decision_fitting import (
    decision_draws,
    decision_likelihood,
    lead_times,
    opinion_series,
    training_and_dialogue,
)
from calibration.evidence import baselines, forecast, observations
from calibration.fitting import (
    abc_sampler,
    calibrate,
    candidate_cache,
    fitted_parameters,
    panel_pairs,
    panel_priors,
    posterior,
    priors,
    training_windows,
)
from calibration.panel_fitting import panel_posterior
from calibration.validation.report_tables import claim
from model import run_lengths, tables
from model.core import parameter_values, rng
from model.errors import InputError
from model.months import NEVER, month_number
from model.settings import Settings
from model.vocabulary import STUDIED
from model.world import recorded_contributions, un_reports
from model.world.build import build

ORIGIN = "2010-12"


# Table, column, column of its date, nonsense and, where dates are years, the last one known.
POISON: tuple[tuple[str, ...], ...] = (
    ("contributions", "personnel", "from", "7777"),
    ("contributions", "to", "to", "2011-01"),
    ("state_totals", "troops", "month", "7777"),
    ("state_years", "military_personnel", "year", "9000000", "2010"),
    ("state_years", "ideal_point", "year", "3", "2010"),
    ("state_years", "gdp_per_capita_2011", "year", "90", "2010"),
    ("alliances", "last_year", "last_year", "2011", "2010"),
    ("fatalities", "malicious", "year", "99", "2010"),
    ("fighting", "level", "from", "1"),
    ("mission_conditions", "force_level", "from", "3"),
    ("mission_strength", "military", "from", "1"),
    ("mission_totals", "troops", "month", "1"),
    ("pivotal_interest", "interest", "from", "1"),
    ("requests", "personnel", "month", "5000"),
    ("requests", "interest", "month", "1"),
    ("politics", "strength", "from", "0"),
    ("home_threat", "level", "from", "1.5"),
    ("status_goals", "weight", "from", "1"),
    ("instruments", "effect", "in_force", "bar"),
    ("crises", "slots", "from", "9"),
    ("training_centres", "staff_per_year", "from", "900"),
    ("training_support", "amount", "from", "5000"),
    ("surveys", "support", "month", "1"),
)
GIVEN = ("fighting", "mission_conditions", "mission_strength", "pivotal_interest")


def replaced_after(month: str, first: str, people: str) -> str:
    """A monthly series of which everything after a month is nonsense."""
    series = run_lengths.decode(people, "series")
    series[max(0, month_number(month) + 1 - month_number(first)) :] = 7777
    return run_lengths.encode(series)


def _forget() -> None:
    for cached in (
        tables.table, recorded_contributions.spells, observations.yearly, observations.closing,
        observations._cells, observations._states, observations._totals, un_reports.cells,
        un_reports.state_totals,
    ):  # fmt: skip
        cached.cache_clear()


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A switch that replaces everything dated after the origin by nonsense."""

    def poison() -> None:
        folder = tmp_path / "data"
        shutil.copytree(tables.FOLDER, folder)

        starts = pd.read_csv(folder / "missions.csv", dtype=str).set_index("mission")["start"]

        def change(name: str, column: str, date: str, value: str, later: str = ORIGIN) -> None:
            frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
            hit = frame[date] > later
            if name in GIVEN:  # of later missions what is there at the start is given
                hit &= frame["mission"].map(starts) <= ORIGIN
            assert hit.any(), name
            frame.loc[hit, column] = value
            frame.to_csv(folder / f"{name}.csv", index=False)

        for row in POISON:
            change(*row)
        for name in ("un_reports", "un_state_totals"):
            frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
            frame["people"] = [
                replaced_after(ORIGIN, first, people)
                for first, people in zip(frame["from"], frame["people"], strict=True)
            ]
            frame.to_csv(folder / f"{name}.csv", index=False)
        monkeypatch.setattr(tables, "FOLDER", folder)
        _forget()

    _forget()
    yield poison
    monkeypatch.undo()
    _forget()


def test_nothing_dated_after_the_origin_reaches_forecast_benchmarks_or_fit(poisoned):
    def everything() -> list[np.ndarray]:
        said = forecast.of(ORIGIN, "2012-12", 2, 1)
        now = observations.monthly(said.states, said.origin, said.origin)[0]
        arguments = (said.origin, len(said.years), said.states)
        loss = training_windows.loss(
            training_windows.windows(ORIGIN)[-2:], {"approach_unit": -5.0}, 2
        )
        return [
            said.people,
            said.last,
            baselines.persistence(*arguments, now, 1),
            baselines.persistence(*arguments, now, 1, "last year"),
            baselines.hurdle(*arguments, 1),
            baselines.climatology(*arguments, 1),
            np.array([loss]),
            panel_pairs.pairs(ORIGIN).select_dtypes("number").to_numpy(),
            panel_priors.priors(panel_pairs.pairs(ORIGIN), ORIGIN)[["centre", "spread"]].to_numpy(),
        ]

    before = everything()
    poisoned()
    for number, (clean, later) in enumerate(zip(before, everything(), strict=True)):
        assert (clean == later).all(), number


def test_missions_are_scored_once_every_contributor_is_seen_in_them() -> None:
    """From November 2009 on, and a handover is no change; earlier there are state-years alone."""
    assert all(window.cells is None for window in training_windows.windows("2010-10"))
    *totals, one = training_windows.windows("2010-12")
    assert all(window.cells is None for window in totals) and one.cells is not None
    assert [w.cells is None for w in training_windows.windows("2014-08")] == [True] * 3 + [
        False
    ] * 2
    names = np.array(one.atlas.missions)[one.cells[1]]
    assert "MONUSCO" in names and "MONUC" not in names and "KFOR" not in names
    assert one.weight.sum() == pytest.approx(1.0)
    india = (np.array(one.states)[one.cells[0]] == "IND") & (names == "MONUSCO")
    troops = one.seen[india & (one.cells[2] == 0)]
    # It had as many in the mission before: standing still is not far from what was seen.
    assert troops > 3000 and one.still < np.log1p(one.seen) @ one.weight / 4


def test_rounds_of_a_forecast_reach_japan_and_korea_for_units_as_they_reach_others() -> None:
    origin = month_number("2010-12")
    atlas = forecast.known_at(origin, month_number("2014-08"))
    (row,) = forecast.asked_in_rounds(atlas, 1, None)
    at = {column.name: row[number] for number, column in enumerate(atlas.columns)}
    record = observations.experience(atlas, origin)
    for code in STUDIED:
        state = atlas.state_row(code)
        forces = atlas.arrays.state_months["capability"][origin, state]
        known = (("unit", 1.0), ("capability", forces), ("record", record[state]))
        assert record[state] > 5.0 and forces > 1.0
        others = sum(at[f"approach_{name}"] * value for name, value in known)
        own = sum(at[f"approach_{name}.{code}"] * value for name, value in known)
        assert others + own == pytest.approx(others)


def test_both_sorts_of_windows_count_alike() -> None:
    """Standing still is one, knowing all is nought, of each."""
    found = training_windows.windows("2010-12")[-2:]
    known = [np.repeat(np.log1p(window.seen)[..., None], 2, axis=-1) for window in found]
    assert training_windows.distance(found, known) == pytest.approx(0.0, abs=1e-12)
    off = [known[0] + 1.0, known[1]]
    assert training_windows.distance(found, off) == pytest.approx(0.5 / found[0].still)
    off = [known[0], known[1] + 1.0]
    assert training_windows.distance(found, off) == pytest.approx(0.5 / found[1].still)


def test_askers_of_a_forecast_know_no_later_law():
    law = forecast.known_at(month_number("2013-12"), month_number("2018-12")).arrays.documented
    assert not ((law["since"] > month_number("2013-12")) & (law["since"] < NEVER)).any()
    assert (law["since"] == NEVER).sum() > 5  # that of 2016 among them


def test_watched_states_keep_their_own_level_of_being_asked():
    known = parameter_values.columns()
    centre = parameter_values.base({}, known)
    row = fitted_parameters.row_of(known, centre, {"approach_unit": -6.5})
    place = {column.name: number for number, column in enumerate(known)}
    assert row[place["approach_unit"]] == -6.5
    for state in ("JPN", "KOR"):
        own = place[f"approach_unit.{state}"]
        before = centre[place["approach_unit"]] + centre[own]
        assert row[place["approach_unit"]] + row[own] == pytest.approx(before)


TRUTH = {"approach_unit": -5.9, "weight_wealth": -0.4}


class Quick:
    """Distances whose best parameters are known, in place of the simulations.

    Attributes:
        measured: how many candidates of each problem have been measured.
        breaks: problem and number of its candidates after which the fit breaks.
    """

    def __init__(self) -> None:
        self.measured: Counter[str] = Counter()
        self.breaks = ("", 0)

    def far(self, name: str, parameters: tuple[str, ...]) -> abc_sampler.Problem:
        def distance(chosen: dict[str, float]) -> float:
            if self.breaks == (name, self.measured[name]):
                raise KeyboardInterrupt
            self.measured[name] += 1
            return sum((chosen[n] - value) ** 2 for n, value in TRUTH.items() if n in chosen)

        return abc_sampler.Problem(name, parameters, distance)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Quick:
    pytest.importorskip("pyabc")
    found = Quick()
    monkeypatch.setattr(
        calibrate, "panel", lambda until, runs: found.far("panel", fitted_parameters.FITTED)
    )
    return found


def test_a_broken_fit_resumes_to_the_same_and_finds_the_truth(quick, tmp_path, monkeypatch):
    monkeypatch.setattr(abc_sampler, "KEPT_SHARE", 0.25)
    whole = calibrate.calibrate("2010-12", tmp_path / "a", 40, 2, 2, 1)
    calibrate.calibrate("2010-12", tmp_path / "b", 40, 1, 2, 1)
    resumed = calibrate.calibrate("2010-12", tmp_path / "b", 40, 2, 2, 1)
    pd.testing.assert_frame_equal(whole, resumed)
    for name, value in TRUTH.items():
        low, high = whole[name].quantile([0.05, 0.95])
        assert low <= value <= high, name


def test_a_fit_broken_between_two_candidates_resumes_to_the_same(quick, tmp_path, monkeypatch):
    monkeypatch.setattr(abc_sampler, "KEPT_SHARE", 0.5)
    whole = calibrate.calibrate("2010-12", tmp_path / "a", 20, 1, 2, 1)
    alone = quick.measured.copy()
    quick.measured.clear()
    quick.breaks = ("panel", 30)
    with pytest.raises(KeyboardInterrupt):
        calibrate.calibrate("2010-12", tmp_path / "b", 20, 1, 2, 1)
    quick.breaks = ("", 0)
    kept = tmp_path / "b" / "panel" / "candidates.csv"
    assert len(kept.read_bytes().splitlines()) == 30
    kept.write_bytes(kept.read_bytes()[:-9])  # as a loss of power leaves it
    told: list[tuple[int, int]] = []
    resumed = calibrate.calibrate(
        "2010-12", tmp_path / "b", 20, 1, 2, 1, lambda *said: told.append(said)
    )
    pd.testing.assert_frame_equal(whole, resumed)
    for file in ("draws.csv", "panel/candidates.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert sum(quick.measured.values()) == sum(alone.values()) + 1  # the damaged line, again
    assert len(told) >= 1 and all(done <= total for done, total in told)


def test_a_fit_of_other_settings_data_or_model_is_refused(quick, tmp_path, monkeypatch):
    monkeypatch.setattr(abc_sampler, "KEPT_SHARE", 0.9)

    def begun(population=20, seed=1):
        return calibrate.calibrate("2010-12", tmp_path, population, 1, 2, seed)

    begun()
    with pytest.raises(InputError, match=r"other settings \(population\); choose another --out"):
        begun(population=21)
    with pytest.raises(InputError, match=r"other settings \(seed\)"):
        begun(seed=2)
    monkeypatch.setattr(calibrate.provenance, "data_hashes", lambda: {"missions.csv": "another"})
    with pytest.raises(InputError, match=r"other settings \(data\)"):
        begun()
    with pytest.raises(InputError, match="--population 1 is out of range; it goes from 2"):
        begun(population=1)
    (tmp_path / "fit.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        begun()


def test_a_damaged_candidate_is_measured_again_and_a_whole_one_is_not(tmp_path):
    path = tmp_path / "candidates.csv"
    first = candidate_cache.Tried(path)
    for value in (0.1, 0.2, 1 / 3):
        assert first.distance((value, -value), lambda: value * 2) == value * 2  # noqa: B023
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"0.4", b"0.5") + lines[2][:-4])
    again = candidate_cache.Tried(path)
    assert again.distance((0.1, -0.1), lambda: 7.0) == 0.2
    assert again.distance((0.2, -0.2), lambda: 7.0) == 7.0
    assert again.distance((1 / 3, -1 / 3), lambda: 7.0) == 7.0
    assert (again.found, again.measured) == (1, 2)
    assert len(path.read_bytes().splitlines()) == 3


def test_a_fit_that_is_killed_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    """The earliest fit there is, for its windows are the shortest."""
    pytest.importorskip("pyabc")
    monkeypatch.setattr(training_windows, "windows", cache(training_windows.windows))
    until, population, runs = "1996-12", 2, 2
    root = Path(__file__).parents[2]
    out = tmp_path / "killed"
    kept = out / "panel" / "candidates.csv"
    command = [sys.executable, "-m", "viz.cli.main", "calibrate", "--until", until]
    command += ["--population", str(population), "--runs", str(runs), "--out", str(out)]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.DEVNULL) as process:
        while not kept.exists() or len(kept.read_bytes().splitlines()) < 5:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.05)
        process.kill()
    assert not (out / "draws.csv").exists()
    before = len(kept.read_bytes().splitlines())
    told: list[int] = []
    calibrate.calibrate(until, out, population, 1, runs, 1, lambda done, _: told.append(done))
    whole = tmp_path / "whole"
    calibrate.calibrate(until, whole, population, 1, runs, 1)
    for name in ("draws.csv", "panel/candidates.csv", "fit.json"):
        assert (whole / name).read_bytes() == (out / name).read_bytes(), name
    left = len(kept.read_bytes().splitlines()) - before
    assert len(told) <= left + 1  # a line half-written is measured again


def test_every_run_has_a_draw_of_its_own_which_events_and_overrides_do_not_move():
    world = build(Settings(end="1991-12"))
    other = build(Settings(end="1993-12", overrides={"resize_unit": 0.0, "home_threat": 2.0}))
    place = {column.name: number for number, column in enumerate(world.columns)}
    rows = np.stack([world.row(1, run) for run in range(50)])
    same = np.stack([other.row(1, run) for run in range(50)])
    assert len(np.unique(rows[:, place["approach_unit"]])) > 10
    assert (rows[:, place["approach_unit"]] == same[:, place["approach_unit"]]).all()
    assert (same[:, place["resize_unit"]] == 0.0).all()
    point = build(Settings(end="1991-12", point=True))
    assert (point.row(1, 3) == point.parameters).all()


def test_draws_of_the_prior_are_those_of_the_table():
    drawn = priors.draws(fitted_parameters.FITTED, 4000, 1)
    assert drawn.equals(priors.draws(fitted_parameters.FITTED, 4000, 1))
    ranges = {column.name: (column.low, column.high) for column in parameter_values.columns()}
    for name, cell in priors.priors().to_dict("index").items():
        low, high = ranges[str(name)]
        assert drawn[name].between(low, high).all()
        if low < cell["centre"] - 3 * cell["spread"] and cell["centre"] + 3 * cell["spread"] < high:
            assert drawn[name].mean() == pytest.approx(cell["centre"], abs=0.08 * cell["spread"])
            assert drawn[name].std() == pytest.approx(cell["spread"], rel=0.05)


def test_the_centre_lies_within_the_draws():
    known = parameter_values.columns()
    rows = parameter_values.posterior({}, known)
    centre = parameter_values.base({}, known)
    assert (rows.min(axis=0) - 1e-9 <= centre).all() and (centre <= rows.max(axis=0) + 1e-9).all()


def test_the_shipped_posterior_is_made_from_the_stored_fit():
    stored = tables.table("posterior").astype(float)
    made = posterior.shipped(posterior.read(posterior.FITS / f"{panel_posterior.UNTIL[-1]}.csv"))
    shared = [*fitted_parameters.FITTED, *fitted_parameters.GIVEN]
    assert np.array_equal(made[shared], stored[shared])
    # What the decisions of Japan and Korea give stands in place of what the panel gave.
    decided = {
        f"{name}.{state}" for name in decision_likelihood.priors().index for state in STUDIED
    }
    kept = [name for name in made.columns if name not in decided]
    # deviations hang on the centre, of which the table keeps three digits
    assert np.allclose(made[kept], stored[kept], atol=0.02)
    names = (*training_and_dialogue.OWN, *lead_times.priors().index, *opinion_series.priors().index)
    training = {f"{name}.{state}" for name in names for state in STUDIED}
    others = decided | set(decision_draws.SHARED) | training
    assert set(stored.columns) - set(made.columns) <= others


def test_the_shipped_decision_weights_are_those_of_the_stored_draws():
    stored = tables.table("posterior").astype(float)
    drawn = decision_draws.whole()
    known = {column.name: column.value for column in parameter_values.columns()}
    for name in ("extension", "weight_risk", "weight_congestion"):
        for state in STUDIED:
            held = stored[f"{name}.{state}"] + stored.get(name, known[name])
            assert held.between(drawn[f"{name}.{state}"].min() - 0.01,
                                drawn[f"{name}.{state}"].max() + 0.01).all()  # fmt: skip
            assert held.mean() == pytest.approx(drawn[f"{name}.{state}"].mean(), rel=0.15)


def test_a_fit_that_saw_later_months_is_not_used():
    with pytest.raises(InputError, match="no stored fit"):
        posterior.held_out(month_number("1999-12"))
    with pytest.raises(InputError, match="no stored fit of the decisions stops by 1999-12"):
        decision_draws.held_out(month_number("1999-12"))


def test_a_forecast_decides_by_weights_that_saw_nothing_after_its_origin():
    world = build(Settings(end="1991-12", point=True))
    place = {column.name: number for number, column in enumerate(world.columns)}
    decided = decision_draws.held_out(month_number("2011-03"))
    assert decided.equals(pd.read_csv(decision_draws.STORE / "2010-12.csv"))
    drawn = posterior.read(posterior.FITS / "2010-12.csv")
    made = posterior.rows(drawn, world, 50, 1, decided)
    name = "weight_risk"
    own = made[:, place[name]] + made[:, place[f"{name}.JPN"]]
    assert np.isin(own.round(6), decided[f"{name}.JPN"].round(6)).all()
    assert len(np.unique(own)) > 10
    assert np.isin(made[:, place["weight_ask"]], decided["weight_ask.JPN"]).all()


def test_the_draw_of_parameters_has_luck_of_its_own():
    purposes = [v for k, v in vars(rng).items() if k.isupper() and isinstance(v, int)]
    assert len(purposes) == len(set(purposes))


def test_the_report_claims_exactly_what_was_measured():
    root = Path(__file__).parents[2]
    stored = json.loads((root / "docs" / "validation.json").read_text(encoding="utf-8"))
    sentence = claim(stored)
    assert sentence in (root / "docs" / "validation.md").read_text(encoding="utf-8")
