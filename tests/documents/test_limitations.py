"""The misfits that docs/limitations.md admits are those that the model has."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from calibration.evidence.scores import MODEL
from calibration.validation.known_misfits import NOTHING
from model.tables import table
from model.vocabulary import KINDS, UNITS
from scenarios.running.run import run

RUNS = 60
LAND = tuple(kind for kind in UNITS if kind != "naval")
STORED = json.loads((Path(__file__).parents[2] / "docs" / "validation.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def missions() -> pd.DataFrame:
    return run("historical", runs=RUNS, seed=1).missions.query("variable == 'personnel'")


def present(found: pd.DataFrame, state: str, mission: str, *kinds: str, months: str = "") -> set:
    """Runs and months in which a state has such personnel there."""
    rows = found.query("state == @state and mission == @mission and value > 0")
    rows = rows[rows["kind"].isin(kinds or KINDS) & rows["month"].str.startswith(months)]
    return set(zip(rows["run"], rows["month"], strict=True))


def share(pairs: set) -> float:
    return len({run for run, _ in pairs}) / RUNS


@pytest.mark.parametrize(
    ("place", "months", "low", "high"),
    [
        (("JPN", "UNMIS", "engineer"), "", 0.2, 0.5),
        (("KOR", "UNAMID", *UNITS), "", 0.2, 0.5),
        (("KOR", "OEF/ISAF", *LAND), "2009-06", 0.8, 1.0),
        (("JPN", "UNIFIL", *UNITS), "", 0.15, 0.45),
        (("JPN", "UNDOF", *UNITS), "2012-06", 0.25, 0.6),
        (("KOR", "UNMISS", *UNITS), "2023-06", 0.0, 0.5),
        (("KOR", "UNIFIL", *UNITS), "2023-06", 0.35, 0.7),
        (("JPN", "UNMISS", *UNITS), "2012-06", 0.15, 0.45),
        (("KOR", "IMSC"), "", 0.1, 0.4),
        (("KOR", "Inherent Resolve"), "", 0.0, 0.1),
    ],
)
def test_a_misfit_of_presence_is_as_common_as_admitted(
    missions: pd.DataFrame, place: tuple[str, ...], months: str, low: float, high: float
) -> None:
    assert low <= share(present(missions, *place, months=months)) <= high


def test_the_units_of_2012_hardly_ever_coincide(missions: pd.DataFrame) -> None:
    units = [("UNDOF", "transport"), ("MINUSTAH", "engineer"), ("UNMISS", "engineer")]
    together = [present(missions, "JPN", *unit, months="2012") for unit in units]
    assert share(set.intersection(*together)) <= 0.1


def test_seats_hardly_matter_for_units_of_korea() -> None:
    known = table("stances").query("state == 'KOR' and `class` == 'un_support'")
    acceptance = dict(zip(known["party_role"], known["acceptance"].astype(float), strict=True))
    assert min(acceptance["government"], acceptance["opposition"]) > 0.9


def test_totals_are_forecast_better_than_no_change_and_onsets_worse() -> None:
    ratio = {row["group"]: row["ratio"] for row in STORED["skill"] if row["forecaster"] == MODEL}
    assert 0.85 < ratio["two years and more"] < 0.95
    assert ratio["onsets"] > 1.0


def test_joins_and_exits_are_forecast_better_than_by_a_constant_hazard() -> None:
    brier = {(r["move"], r["horizon"], r["forecaster"]): r["brier"] for r in STORED["moves"]}
    for move, horizon, forecaster in brier:
        if forecaster == MODEL:
            assert brier[move, horizon, MODEL] < brier[move, horizon, "constant hazard"]


def test_japan_and_korea_are_forecast_worse_than_no_change_from_2010() -> None:
    own = [r for r in STORED["skill"] if r["group"] == "Japan and Korea"]
    found = {row["forecaster"]: row for row in own}[MODEL]
    assert 1.0 < found["ratio"] < 1.25


def test_law_alone_improves_forecasts_of_japan_and_korea() -> None:
    change = {
        row["mechanism"]: row["change"]
        for row in STORED["ablations"]
        if row["group"] == "Japan and Korea"
    }
    assert 0.12 < change["law"] < 0.18
    assert change["capacity"] < -NOTHING
    others = set(change) - {"law", "capacity"}
    assert max(abs(change[name]) for name in others) < 0.025
