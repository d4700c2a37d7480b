"""Known truth first: parameters are drawn from the prior, a record is simulated, and fitted.

Repeated, this is simulation-based calibration (Talts and others 2018): where the fit is honest,
the rank of the truth among its draws is uniform, and an 80 % interval holds it four times in five.
Every repeat is a whole fit, kept as it ends, so that a broken series goes on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from model import values
from model.errors import InputError

from . import fit, forecast, posterior
from .raw import RECORD

TRUTH_RUN = 900_001  # the seed of the run that serves as the record; no fit ever uses it
DRAWS = 500
STORED = RECORD / "recovery.csv"  # of the series that the report shows
FILE = "recovery.csv"
COLUMNS = ("repeat", "parameter", "true", "found", "low", "high", "rank", "left")
IDENTIFIED = 0.8  # share of the prior's spread left, at most, on average over the repeats
SIGN = 0.5  # correlation of found with true values, at least


def recover(
    repeats: int,
    until: str,
    out: Path,
    population: int,
    generations: int,
    runs: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """True and found values of every parameter in every repeat, with the 80 % interval.

    Returns:
        repeat, parameter, true, found (median), low, high, rank (share of draws below the truth)
        and left (spread of the draws over that of the prior); also in ``recovery.csv`` of ``out``.

    Raises:
        InputError: ``out`` holds a series with other parameters.
    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / FILE
    done = read(path) if path.exists() else pd.DataFrame(columns=list(COLUMNS))
    if len(done) and set(done["parameter"]) != set(fit.FITTED):
        raise InputError(f"{out} holds a series with other parameters; choose another --out")
    found = fit.windows(until)
    known = list(found[0].atlas.columns)
    spreads = {name: float(cell) for name, cell in fit.priors()["spread"].items()}
    for number in range(repeats):
        if number in set(done["repeat"]):
            continue
        np.random.seed((seed * 7919 + number) % 2**32)  # noqa: NPY002  pyabc draws from it
        drawn = fit.prior(known).rvs()
        truth = {name: float(drawn[name]) for name in fit.FITTED}
        record = [_simulated(window, truth, TRUTH_RUN + number) for window in found]
        with tempfile.TemporaryDirectory() as folder:
            draws = fit.calibrate(
                until, Path(folder), population, generations, runs, seed + number, found=record
            )
        even = posterior.resampled(draws, seed, DRAWS)
        rows = []
        for name in fit.FITTED:
            low, middle, high = even[name].quantile([0.1, 0.5, 0.9])
            rank = float((even[name] < truth[name]).mean())
            left = float(even[name].std()) / spreads[name]
            rows.append((number, name, truth[name], middle, low, high, rank, left))
        new = pd.DataFrame(rows, columns=list(COLUMNS))
        done = new if done.empty else pd.concat([done, new], ignore_index=True)
        part = path.with_suffix(".part")
        done.round(5).to_csv(part, index=False, lineterminator="\n")
        part.replace(path)
        if progress is not None:
            progress(number + 1, repeats)
    return done[done["repeat"] < repeats]


def _simulated(window: fit.Window, truth: dict[str, float], run: int) -> fit.Window:
    """The window with what one run says in place of what was observed."""
    row = fit.row_of(list(window.atlas.columns), window.atlas.parameters, truth)
    said = forecast.forecast(window.atlas, 1, run, window.years, window.states, row[None, :])
    return fit.Window(window.atlas, window.years, window.states, said.people[0], window.weight)


def read(path: Path = STORED) -> pd.DataFrame:
    """A series as ``recover`` leaves it.

    Raises:
        InputError: there is no such file, or it is not one.
    """
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the series of recoveries cannot be read") from error
    if missing := set(COLUMNS) - set(frame.columns):
        raise InputError(f"{path}: no column {', '.join(sorted(missing))}")
    return frame


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Each parameter over all repeats: how well found values follow true ones, coverage of the
    80 % interval, whether ranks are uniform, and whether the data identify it at all."""
    units = {column.name: column.unit for column in values.columns()}
    out = []
    for name, part in table.groupby("parameter", sort=False):
        follows = float(np.corrcoef(part["true"], part["found"])[0, 1]) if len(part) > 2 else np.nan
        left = float(part["left"].mean())
        inside = (part["low"] <= part["true"]) & (part["true"] <= part["high"])
        out.append(
            {
                "parameter": name,
                "unit": units.get(str(name), ""),
                "repeats": len(part),
                "error": float((part["found"] - part["true"]).abs().median()),
                "follows": follows,
                "left": left,
                "inside_80": float(inside.mean()),
                "mean_rank": float(part["rank"].mean()),
                "uniform_p": float(stats.kstest(part["rank"], "uniform").pvalue),
                "identified": bool(left <= IDENTIFIED and follows >= SIGN),
            }
        )
    return pd.DataFrame(out)


def coverage(table: pd.DataFrame) -> str:
    """How many of the intervals hold the truth, in a sentence."""
    inside = (table["low"] <= table["true"]) & (table["true"] <= table["high"])
    held = int(inside.sum())
    return (
        f"80 % intervals that hold the true value: {held} of {len(table)} "
        f"({held / len(table):.0%}); mean rank of the truth {table['rank'].mean():.2f} "
        "(0.5 where nothing leans)"
    )


def unidentified(table: pd.DataFrame) -> list[str]:
    """Parameters that a fit does not find again: their prior stands."""
    found = summary(table)
    return list(found.loc[~found["identified"], "parameter"])
