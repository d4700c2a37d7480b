"""Facts, misfits and recoveries as the report shows them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from calibration.evidence import historical_replay, national_stylised_facts
from calibration.evidence.scores import MODEL, PERSISTENCE
from calibration.evidence.stylised_facts import fact
from calibration.fitting import (
    abc_sampler,
    parameter_recovery,
    priors,
    training_windows,
)
from calibration.fitting.fitted_parameters import FITTED
from calibration.validation import known_misfits
from model.errors import InputError
from model.world import recorded_contributions


@pytest.fixture(scope="module")
def facts():
    return national_stylised_facts.facts(historical_replay.replay(6, 1)).set_index("fact")


def test_observed_facts_are_those_of_the_record(facts):
    seen = facts["observed"].to_dict()
    assert seen["Korea, share that accepts motions on UN missions"] > 0.9
    assert 0.5 < seen["Korea, share that accepts motions on coalitions"] < 0.75
    assert seen["Korea, people in UN missions in 2004-06 over 2000-02 (Iraq)"] < 0.2
    assert seen["Japan, longest stay of a UN unit, years"] == pytest.approx(17.0, abs=0.3)
    assert seen["Japan, UN unit entries"] == 6
    assert seen["Japan, months from request to arrival of a unit, crisis"] <= 2.0


def test_what_adds_up_is_held_against_the_documented_sums(facts):
    rows = facts.filter(like="2011-07", axis=0)
    assert rows["observed"].tolist() == [26.0, 7000.0]
    # by the same rule, the contributions of the record itself
    record = recorded_contributions.spells().assign(run=0)
    replay: Any = SimpleNamespace(spells=record, runs=1)
    assignments, people = pd.DataFrame(national_stylised_facts._sent(replay))["median"]
    assert 15 <= assignments <= 26 and people == pytest.approx(7000, rel=0.1)


def test_every_fact_has_an_interval_around_its_median(facts):
    known = facts.dropna(subset=["median"])
    assert len(known) == len(facts)
    assert (known["low"] <= known["median"]).all() and (known["median"] <= known["high"]).all()


def test_stays_are_joined_where_they_touch_and_apart_where_they_do_not():
    frame = pd.DataFrame(
        {
            "run": 0,
            "state": "JPN",
            "family": ["A", "A", "A", "B"],
            "first": [1, 5, 20, 6],
            "last": [4, 9, 25, 6],
        }
    )
    assert sorted(national_stylised_facts._lengths(frame)) == [1, 6, 9]


def test_runs_that_say_nothing_are_left_out_of_a_fact():
    row = fact("name", 2.0, np.array([1.0, np.nan, 3.0]))
    assert (row["median"], row["inside"]) == (2.0, True)
    assert fact("name", 2.0, np.array([np.nan]))["inside"] is False


def scored(cases: list[tuple[float, float, float]]) -> pd.DataFrame:
    """Rows of the simulation and persistence for (now, observed, median)."""
    rows = []
    for number, (now, seen, median) in enumerate(cases):
        base = {"state": f"S{number}", "year": 2012, "now": now, "observed": seen}
        rows.append(
            base
            | {"forecaster": MODEL, "median": median, "low": median * 0.8, "high": median * 1.2}
            | {"crps": 2.0}
        )
        rows.append(base | {"forecaster": PERSISTENCE, "crps": 0.5})
    return pd.DataFrame(rows)


def test_errors_are_sorted_by_what_came_and_what_was_said():
    cases = [
        (20.0, 20.0, 0.0),
        (1.0, 1.0, 100.0),
        (50.0, 800.0, 60.0),
        (80.0, 5.0, 70.0),
        (100.0, 130.0, 100.0),
        (9.0, 9.0, 9.0),
    ]
    found = known_misfits.compared(scored(cases))
    assert list(found["sort"]) == [name for name, _, _ in known_misfits.SORTS]
    table = known_misfits.sorts(scored(cases))
    assert table["share"].sum() == pytest.approx(1.0)
    assert len(known_misfits.in_words(table)) == len(cases)


def test_a_mechanism_within_two_per_cent_of_nothing_is_said_to_add_nothing():
    table = pd.DataFrame(
        {"mechanism": ["law"] * 3, "group": ["a", "b", "c"], "change": [0.01, 0.3, -0.2]}
    )
    assert known_misfits.of_mechanisms(table) == [
        "Law: adds nothing for a (+1.0% CRPS without it), helps for b (+30.0% CRPS without it), "
        "harms for c (-20.0% CRPS without it)."
    ]


def test_a_known_misfit_carries_what_the_report_measured_of_it(monkeypatch):
    line = {
        "misfit": "Too many",
        "state": "KOR",
        "when": "2010",
        "table": "targets",
        "where": "target=police",
        "said": "median",
        "should": "observed",
        "unit": "people",
        "cause": "they stay",
        "status": "derived",
    }
    tables = {"targets": pd.DataFrame({"target": ["police"], "median": [6.7], "observed": [0.8]})}

    def told(**changed: str) -> pd.DataFrame:
        monkeypatch.setattr(known_misfits, "coded", lambda *_: pd.DataFrame([line | changed]))
        return known_misfits.known(tables)

    assert known_misfits.known_in_words(told()) == [
        "**Too many** (KOR, 2010; 6.7 people, should be 0.8 people): they stay."
    ]
    assert told(should="0.5", unit="share").iloc[0]["should"] == 0.5
    assert told(where="target=officers").empty
    with pytest.raises(InputError, match=r"line 2: no table 'cases'; valid: targets"):
        told(table="cases")
    with pytest.raises(InputError, match="no column 'name'"):
        told(where="name=police")
    with pytest.raises(InputError, match="'mean' is neither a column nor a number"):
        told(said="mean")
    with pytest.raises(InputError, match="no unit 'heads'"):
        told(unit="heads")


def test_every_known_misfit_is_measured_by_the_shipped_report():
    stored = json.loads((Path(__file__).parents[2] / "docs/validation.json").read_text())
    tables = {name: pd.DataFrame(rows) for name, rows in stored.items() if isinstance(rows, list)}
    found = known_misfits.known(tables)
    assert len(found) == len(known_misfits.coded("misfits", known_misfits.COLUMNS)) >= 15
    # A misfit that has gone is written otherwise.
    assert ((found["said"] - found["should"]).abs() > 0.05 * found["should"].abs()).all()


def series(found: np.ndarray, true: np.ndarray, width: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "repeat": range(len(true)),
            "drawn": 75,
            "parameter": "resize_unit",
            "true": true,
            "found": found,
            "low": found - width,
            "high": found + width,
            "rank": np.linspace(0.01, 0.99, len(true)),
            "left": 0.3,
        }
    )


def test_a_parameter_that_is_found_again_is_identified_and_noise_is_not():
    rng = np.random.default_rng(3)
    true = rng.normal(0.4, 0.1, 60)
    good = parameter_recovery.summary(series(true + rng.normal(0, 0.01, 60), true, 0.05)).iloc[0]
    assert good["identified"] and good["inside_80"] == 1.0 and good["follows"] > 0.95
    noise = series(rng.normal(0.4, 0.1, 60), true, 0.05)
    assert not parameter_recovery.summary(noise).iloc[0]["identified"]


def test_the_stored_recoveries_are_of_parameters_that_are_fitted():
    stored = parameter_recovery.read()
    assert set(stored["parameter"]) == set(FITTED)
    assert stored["repeat"].nunique() >= 50


def test_a_recovery_told_twice_is_no_second_one(tmp_path):
    one = series(np.array([0.4, 0.5]), np.array([0.4, 0.5]), 0.1)
    path = tmp_path / "recovery.csv"
    one.to_csv(path, index=False)
    assert len(parameter_recovery.read(path)) == 2
    pd.concat([one, one]).to_csv(path, index=False)
    with pytest.raises(InputError, match="line 4: is listed twice"):
        parameter_recovery.read(path)


@pytest.fixture
def short(monkeypatch):
    """The last window of each sort, and a fit that keeps four of ten draws."""
    monkeypatch.setattr(abc_sampler, "KEPT_SHARE", 0.4)
    found = training_windows.windows("2010-12")[-2:]
    monkeypatch.setattr(training_windows, "windows", lambda until: found)


def test_the_loss_of_a_pool_is_that_of_the_fit(short):
    pytest.importorskip("pyabc")
    windows = training_windows.windows("2010-12")
    centre = priors.priors()["centre"].to_dict()
    chosen = {name: float(centre[name]) for name in FITTED}
    assert [window.cells is None for window in windows] == [True, False]
    said = [window.says(chosen, 3, 1)[None] for window in windows]
    assert parameter_recovery.losses(windows, said)[0] == pytest.approx(
        training_windows.loss(windows, chosen, 3), rel=1e-5
    )


def recovered(repeats: int, out: Path, pool: int, runs: int = 2) -> pd.DataFrame:
    return parameter_recovery.recover(
        repeats, "2010-12", out, population=4, pool=pool, runs=runs, seed=3
    )


def test_a_broken_series_of_recoveries_goes_on_to_the_same(short, tmp_path):
    pytest.importorskip("pyabc")
    whole = recovered(2, tmp_path / "a", 12)
    recovered(1, tmp_path / "b", 10)
    again = recovered(2, tmp_path / "b", 12)
    pd.testing.assert_frame_equal(whole, again)
    assert set(whole["drawn"]) == {10, 12}
    with pytest.raises(InputError, match="other settings"):
        recovered(1, tmp_path / "b", 12, runs=3)
    with pytest.raises(InputError, match="too small"):
        recovered(1, tmp_path / "c", 9)
