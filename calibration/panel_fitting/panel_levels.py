"""Levels that no likelihood tells: how often capitals are asked, and what else speaks for staying.

The panel's likelihood takes every yes for an arrival.  In the model offers beyond the need are
scaled and some dropped, so that as many people come only if more are asked.  These few shifts are
found by approximate Bayesian computation on forecasts from earlier origins, with the weights given:
of who is where, as for ``calibrate``, and of how many people each mission has in all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.core import parameter_values

from ..fitting import calibrate, training_windows
from ..fitting.candidate_cache import Tried
from ..fitting.training_windows import Window

# Each shift moves parameters of its own: log odds of being asked, and the logarithm of the noise.
ASKED = {
    "asked_unit": ("approach_unit",),
    "asked_officer": ("approach_officer", "approach_staff"),
    "asked_police": ("approach_police",),
}
NOISE, NOISY = "noise", "renewal_noise"
SPREAD = {"asked_unit": 1.0, "asked_officer": 1.0, "asked_police": 1.0, NOISE: 0.5}
TRIED, KEPT = 100, 10  # shifts drawn from their prior, and kept: the nearest
RUNS, SEED = 20, 1
LEAST = 500.0  # people from which a mission's strength is judged


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

    def distance(shifts: pd.DataFrame) -> float:
        moved = shifted(base, shifts.reset_index(drop=True))
        chosen = {**weights, **{name: float(value.iloc[0]) for name, value in moved.items()}}
        said = [window.says(chosen, RUNS, SEED) for window in windows]
        return training_windows.distance(windows, said) + strength(windows, said)

    noise = np.random.default_rng([SEED, 15]).standard_normal((TRIED, len(SPREAD)))
    drawn = pd.DataFrame(noise * list(SPREAD.values()), columns=list(SPREAD))
    settings = {"until": until, "weights": dict(weights), "tried": TRIED, "runs": RUNS}
    with calibrate.kept_in(folder, settings | calibrate.tree(), "levels.json"):
        tried = Tried(folder / "candidates.csv")
        far = [
            tried.distance(tuple(row), partial(distance, drawn.iloc[[number]]))
            for number, row in enumerate(drawn.to_numpy())
        ]
    best = np.argsort(far, kind="stable")[:KEPT]
    return drawn.iloc[best].reset_index(drop=True).assign(weight=1.0 / KEPT)


def strength(windows: Sequence[Window], said: Sequence[np.ndarray]) -> float:
    """Mean error (CRPS) of the logarithm of all people of a mission, where at least ``LEAST`` were
    seen; of windows that score missions."""
    import scoringrules  # compiles at its import

    errors: list[float] = []
    for window, members in zip(windows, said, strict=True):
        if window.cells is None:
            continue
        place = window.cells[1]
        seen = np.bincount(place, window.seen)
        people = np.zeros((len(seen), members.shape[-1]))
        np.add.at(people, place, np.expm1(members))
        large = seen >= LEAST
        errors += list(
            scoringrules.crps_ensemble(
                np.log1p(seen[large]), np.log1p(people[large]), estimator="fair"
            )
        )
    return float(np.mean(errors)) if errors else 0.0


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
