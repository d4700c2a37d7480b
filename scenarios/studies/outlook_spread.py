"""Where the spread of an outlook comes from: the fit, the missions that come, everything else.

Each is told by pairs of runs that share it and nothing else: the covariance over pairs is the
variance that it brings (Sobol' 1993; Saltelli and others 2010).  What is left is the luck of single
decisions, and what the three do together.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.engine.run_arrays import NO_TRACE
from model.months import month_text
from model.vocabulary import GROUPS
from model.world.build import Atlas

from ..definition import library
from ..definition.limits import check
from ..file_format.schema import Scenario
from ..running import model_adapter
from ..running.run_options import check_numbers
from . import outlook

LOW, HIGH = 0.1, 0.9  # of runs: the middle 80%


def spread(
    scenario: str | Path | Scenario = outlook.DEFAULT,
    runs: int = 200,
    seed: int = 1,
    *,
    threads: int | None = None,
) -> pd.DataFrame:
    """The spread of people by year under the middle levels of a scenario's axes, by its source.

    Returns:
        One row for each state, framework and year: ``state``, ``framework``, ``year``, ``runs``,
        ``mean``, ``q0.1`` and ``q0.9`` over runs of the year's mean number of people, their
        standard deviation ``sd``, and what of it there would be from one source alone: ``sd_fit``
        (what the posterior leaves open), ``sd_missions`` (which missions come, how large, and who
        is asked for them) and ``sd_rest``. Squared, the three make up the square of ``sd``; with
        few runs they are rough: of 200 runs each share of the variance errs by about 0.07.

    Raises:
        InputError: the scenario has no axes, or the numbers are out of range.
    """
    chosen = scenario if isinstance(scenario, Scenario) else library.find(scenario)
    if chosen.axes:
        chosen = chosen.variant(outlook.middle(chosen))
    check(chosen, lambda path: chosen.name)
    check_numbers(runs, seed, outlook.MOST_RUNS)
    atlas = model_adapter.world_of(chosen)
    first, other = range(runs), range(runs, 2 * runs)
    rows = np.stack([atlas.row(seed, run) for run in first])
    own = _yearly(atlas, first, seed, threads)
    same_fit = _yearly(atlas, other, seed, threads, parameters=rows)
    same_missions = _yearly(atlas, other, seed, threads, missions=first)
    total = own.var(axis=0)
    fit = np.clip(_covariance(own, same_fit), 0.0, total)
    missions = np.clip(_covariance(own, same_missions), 0.0, total - fit)
    found: list[dict[str, Any]] = []
    for year, label in enumerate(_years(atlas)):
        for place, state in enumerate(atlas.reported):
            for group, framework in enumerate(GROUPS):
                cell = (year, place, group)
                values = own[(slice(None), *cell)]
                left = total[cell] - fit[cell] - missions[cell]
                found.append(
                    {
                        "state": state,
                        "framework": framework,
                        "year": label,
                        "runs": runs,
                        "mean": values.mean(),
                        "q0.1": np.quantile(values, LOW),
                        "q0.9": np.quantile(values, HIGH),
                        "sd": total[cell] ** 0.5,
                        "sd_fit": fit[cell] ** 0.5,
                        "sd_missions": missions[cell] ** 0.5,
                        "sd_rest": max(0.0, left) ** 0.5,
                    }
                )
    return pd.DataFrame(found)


def _covariance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Covariance over pairs of runs; first axis: runs."""
    return np.asarray(((one - one.mean(axis=0)) * (other - other.mean(axis=0))).mean(axis=0))


def _years(atlas: Atlas) -> list[str]:
    first, last = int(atlas.arrays.span[1]), int(atlas.arrays.span[2])
    return list(dict.fromkeys(month_text(month)[:4] for month in range(first, last + 1)))


def _yearly(atlas: Atlas, runs: range, seed: int, threads: int | None, **shared: Any) -> np.ndarray:
    """Mean people of a year: float64[runs, years, states, groups]."""
    parts = model_adapter.chunks(atlas, runs, seed, threads=threads, trace=NO_TRACE, **shared)
    people = np.concatenate([chunk.totals() for chunk in parts])
    first = int(atlas.arrays.span[1])
    labels = np.array([month_text(first + month)[:4] for month in range(people.shape[1])])
    return np.stack([people[:, labels == y].mean(axis=1) for y in _years(atlas)], axis=1)
