"""Validation: the ensemble and its benchmarks, scored on the years after an origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.months import month_number, year_of

from . import benchmarks, forecast, observed, scores
from .forecast import Forecast

MODEL = "simulation"
PERSISTENCE = "persistence"
METRICS = ("crps", "log_score", "brier", *(f"inside_{s * 100:.0f}" for s in scores.BANDS))


@dataclass(frozen=True)
class Validation:
    """Scores of every forecaster.

    Attributes:
        forecast: what the ensemble said.
        rows: one row a forecaster, state and year, with every score.
        skill: the skill table: forecaster, group, state-years, mean of every score, and ``ratio``,
            CRPS over that of persistence.
    """

    forecast: Forecast
    rows: pd.DataFrame
    skill: pd.DataFrame


def validate(
    origin: str,
    until: str,
    runs: int = 400,
    seed: int = 1,
    given: str = "calendar",
    progress: Callable[[int, int], None] | None = None,
) -> Validation:
    """Forecast from ``origin``, score up to ``until``, with every benchmark beside it.

    Raises:
        InputError: a month is not valid, or no whole year lies between the two.
    """
    said = forecast.of(origin, until, runs, seed, given)
    return score(said, seed)


def score(said: Forecast, seed: int = 1) -> Validation:
    """Score a forecast and the benchmarks from the same origin."""
    year = year_of(said.origin + 1) - 1
    now = observed.monthly(said.states, said.origin, said.origin)[0]
    seen = observed.yearly().reindex(said.years)[list(said.states)].to_numpy().T
    arguments = (year, said.years, said.states)
    samples = {
        MODEL: said.people,
        PERSISTENCE: benchmarks.persistence(*arguments, now, seed),
        "persistence, last year": benchmarks.persistence(*arguments, now, seed, "last year"),
        "climatology": benchmarks.climatology(*arguments, seed),
        "hurdle regression": benchmarks.hurdle(*arguments, seed),
    }
    rows = pd.concat(
        scores.scored(values, seen, said.states, said.years, year, now).assign(forecaster=name)
        for name, values in samples.items()
    )
    return Validation(said, rows, table(rows))


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """The skill table from the scored rows."""
    out = []
    for name, part in rows.groupby("forecaster", sort=False):
        for group, chosen in scores.groups(part).items():
            cells = part[chosen]
            if len(cells):
                means = {metric: float(cells[metric].mean()) for metric in METRICS}
                out.append({"group": group, "forecaster": name, "cases": len(cells), **means})
    frame = pd.DataFrame(out)
    base = frame[frame["forecaster"] == PERSISTENCE].set_index("group")["crps"]
    frame["ratio"] = frame["crps"] / frame["group"].map(base)
    order = {group: number for number, group in enumerate(dict.fromkeys(frame["group"]))}
    return frame.sort_values("group", key=lambda g: g.map(order), kind="stable", ignore_index=True)


def parse(origin: str, until: str) -> tuple[int, int]:
    """The two months as numbers."""
    return month_number(origin, "--origin"), month_number(until, "--until")


def change(samples: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Difference of log(1 + people) from now, for pictures."""
    return np.log1p(samples) - np.log1p(now)[None, :, None]
