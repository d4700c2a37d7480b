"""The whole model gives the accepted results, and a change of them can be read."""

from __future__ import annotations

import pandas as pd
import pytest

from tests import baseline


@pytest.fixture(scope="module")
def stored() -> dict[str, pd.DataFrame]:
    return baseline.stored()


def test_the_whole_model_gives_the_accepted_results(stored):
    lines = baseline.differences(stored, baseline.tables())
    assert not lines, (
        f"{len(lines)} numbers differ from the baseline:\n{baseline.told(lines)}\n"
        "If this is meant, accept it with `make baseline` and say in the commit what moved and why."
    )


def test_the_baseline_covers_every_case_and_both_states(stored):
    for name, frame in stored.items():
        assert set(frame["case"]) == set(baseline.CASES), name
    assert set(stored["personnel"]["state"]) == {"JPN", "KOR", "others"}
    assert len(stored["digests"]) == len(baseline.CASES) * len(baseline.SEEDS) * baseline.RUNS


def test_no_two_cases_are_the_same(stored):
    assert not stored["digests"]["value"].duplicated().any()


def test_a_difference_names_case_state_kind_year_was_and_is(stored):
    changed = {name: frame.copy() for name, frame in stored.items()}
    frame = changed["personnel"]
    row = frame.index[(frame["state"] == "JPN") & (frame["kind"] == "engineer")][0]
    was = frame.loc[row, "1993"]
    frame.loc[row, "1993"] = "7"
    assert baseline.differences(stored, changed) == [
        f"personnel: historical, JPN, engineer, 1993: {was} → 7 person-months"
    ]
    told = baseline.told(baseline.differences(stored, changed))
    assert told.startswith("personnel: 1 numbers differ")


def test_a_missing_case_or_year_is_a_difference(stored):
    fewer = {name: frame[frame["case"] != "historical"] for name, frame in stored.items()}
    assert any("historical, JPN" in line for line in baseline.differences(stored, fewer))
    fewer = {n: f.drop(columns="2005", errors="ignore") for n, f in stored.items()}
    assert all(", 2005: " in line for line in baseline.differences(stored, fewer))
    assert baseline.differences(stored, fewer)
    assert not baseline.differences(stored, stored)
