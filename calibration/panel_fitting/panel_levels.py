"""Levels that no likelihood tells: how often capitals are asked, and what else speaks for staying.

The panel's likelihood takes every yes for an arrival.  In the model offers beyond the need are
scaled and some dropped, so that as many people come only if more are asked.  These few shifts are
found by approximate Bayesian computation on forecasts from earlier origins, with the weights given.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.core import parameter_values

from ..fitting import abc_sampler, calibrate, training_windows

# Each shift moves parameters of its own: log odds of being asked, and the logarithm of the noise.
ASKED = {
    "asked_unit": ("approach_unit",),
    "asked_officer": ("approach_officer", "approach_staff"),
    "asked_police": ("approach_police",),
}
NOISE, NOISY = "noise", "renewal_noise"
SPREAD = {"asked_unit": 0.5, "asked_officer": 0.5, "asked_police": 0.5, NOISE: 0.3}
POPULATION, RUNS, SEED = 10, 20, 1


def levels(until: str, weights: Mapping[str, float], folder: Path) -> pd.DataFrame:
    """Draws of the shifts: a row a draw, a column a shift, and ``weight``.

    Args:
        until: last month seen.  weights: means of what the panel's likelihood tells.
        folder: keeps every candidate; a second call goes on where the first was broken off.

    Raises:
        InputError: ``folder`` holds another fit, or cannot be written to.
    """
    windows = training_windows.windows(until)
    base = pd.DataFrame([weights])

    def distance(shifts: dict[str, float]) -> float:
        moved = shifted(base, pd.DataFrame([shifts]))
        chosen = {**weights, **{name: float(value.iloc[0]) for name, value in moved.items()}}
        return training_windows.loss(windows, chosen, RUNS)

    problem = abc_sampler.Problem("levels", tuple(SPREAD), distance)
    settings = {"until": until, "weights": dict(weights), "population": POPULATION, "runs": RUNS}
    with calibrate.kept_in(folder, settings | calibrate.tree(), "levels.json"):
        return abc_sampler.sample(
            problem, folder / problem.name, POPULATION, 1, SEED, prior=_prior()
        )


def shifted(drawn: pd.DataFrame, shifts: pd.DataFrame) -> dict[str, Any]:
    """Parameters moved by shifts, row by row, within their documented ranges."""
    known = {column.name: column for column in parameter_values.columns()}
    out = {}
    for shift, names in ASKED.items():
        for name in names:
            out[name] = (drawn[name] + shifts[shift]).clip(known[name].low, known[name].high)
    factor = np.exp(shifts[NOISE])
    out[NOISY] = (drawn[NOISY] * factor).clip(known[NOISY].low, known[NOISY].high)
    return out


def _prior() -> Any:
    """Normal shifts around none."""
    from pyabc import RV, Distribution

    return Distribution(**{name: RV("norm", 0.0, spread) for name, spread in SPREAD.items()})
