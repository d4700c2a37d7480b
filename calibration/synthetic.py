"""Known truth first: parameters are drawn from the prior, a record is simulated, and fitted.

Repeated, this is simulation-based calibration: where the fit is honest, an 80 % interval holds the
truth four times in five.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from . import fit, forecast, posterior

TRUTH_RUN = 900_001  # the run that serves as the record; no fit ever uses it


def recover(
    repeats: int,
    until: str,
    population: int,
    generations: int,
    runs: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """True and found values of every parameter in every repeat, with the 80 % interval."""
    found = fit.windows(until)
    known = list(found[0].atlas.columns)
    rows = []
    for number in range(repeats):
        np.random.seed((seed * 7919 + number) % 2**32)  # noqa: NPY002  pyabc draws from it
        drawn = fit.prior(known).rvs()
        truth = {name: float(drawn[name]) for name in fit.FITTED}
        record = [_simulated(window, truth, TRUTH_RUN + number) for window in found]
        with tempfile.TemporaryDirectory() as folder:
            draws = fit.calibrate(
                until, Path(folder), population, generations, runs, seed + number, found=record
            )
        even = posterior.resampled(draws, seed, 500)
        for name in fit.FITTED:
            low, middle, high = even[name].quantile([0.1, 0.5, 0.9])
            rows.append(
                {
                    "repeat": number,
                    "parameter": name,
                    "true": truth[name],
                    "found": middle,
                    "low": low,
                    "high": high,
                    "inside": bool(low <= truth[name] <= high),
                    "rank": float((even[name] < truth[name]).mean()),
                }
            )
        if progress is not None:
            progress(number + 1, repeats)
    return pd.DataFrame(rows)


def _simulated(window: fit.Window, truth: dict[str, float], run: int) -> fit.Window:
    """The window with what one run says in place of what was observed."""
    row = fit.row_of(list(window.atlas.columns), window.atlas.parameters, truth)
    said = forecast.forecast(window.atlas, 1, run, window.years, window.states, row[None, :])
    return fit.Window(window.atlas, window.years, window.states, said.people[0], window.weight)


def coverage(table: pd.DataFrame) -> str:
    """How many of the intervals hold the truth, in a sentence."""
    held = int(table["inside"].sum())
    return (
        f"80 % intervals that hold the true value: {held} of {len(table)} "
        f"({held / len(table):.0%}); mean rank of the truth {table['rank'].mean():.2f} "
        "(0.5 where nothing leans)"
    )
