"""Every combination of a scenario's axes, run with common random numbers: what the future may hold.

One long table: mean and bands of people by year, state and framework for each combination.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.engine.run_arrays import NO_TRACE
from model.errors import InputError
from model.months import month_text
from model.vocabulary import GROUPS

from ..definition import library
from ..definition.limits import check
from ..file_format.schema import Scenario
from ..running import model_adapter
from ..running.run_options import check_numbers
from ..storage import provenance

DEFAULT = "outlook-2035"
MOST_RUNS = 200_000  # of all combinations together
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


def with_axes(scenario: str | Path | Scenario) -> Scenario:
    """A scenario whose axes can be combined.

    Raises:
        InputError: there is no such scenario, it has no axes, or a level is out of range.
    """
    chosen = scenario if isinstance(scenario, Scenario) else library.find(scenario)
    if not chosen.axes:
        raise InputError(f"{chosen.name} has no axes; an outlook needs levels to combine")
    check(chosen, lambda path: chosen.name)
    return chosen


def outlook(
    scenario: str | Path | Scenario = DEFAULT,
    runs: int = 200,
    seed: int = 1,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """People by year under every combination of the axes of a scenario.

    Returns:
        One row for each combination, state, framework and year: a column for each axis, then
        ``scenario``, ``state``, ``framework``, ``year``, ``runs``, ``mean`` and the quantiles
        ``q0.025`` to ``q0.975`` over runs of the year's mean number of people.

    Raises:
        InputError: the scenario has no axes, or the numbers are out of range.
    """
    chosen = with_axes(scenario)
    check_numbers(runs, seed, MOST_RUNS // chosen.combinations)
    combinations = list(_combinations(chosen))
    tables = []
    for number, (levels, key) in enumerate(combinations):
        table = _table(chosen.variant(key), runs, seed, threads)
        for place, (axis, level) in enumerate(zip(chosen.axes, levels, strict=True)):
            table.insert(place, axis, level)
        tables.append(table)
        if progress is not None:
            progress((number + 1) * runs, len(combinations) * runs)
    return pd.concat(tables, ignore_index=True)


def middle(scenario: Scenario) -> str:
    """The combination of the middle level of every axis."""
    return "-".join(list(levels)[len(levels) // 2] for levels in scenario.axes.values())


def _combinations(scenario: Scenario) -> list[tuple[tuple[str, ...], str]]:
    return [(levels, "-".join(levels)) for levels in product(*scenario.axes.values())]


def _table(scenario: Scenario, runs: int, seed: int, threads: int | None) -> pd.DataFrame:
    atlas = model_adapter.world_of(scenario)
    parts = [
        chunk.personnel().sum(axis=4)
        for chunk in model_adapter.chunks(atlas, range(runs), seed, threads=threads, trace=NO_TRACE)
    ]
    people = np.concatenate(parts)  # runs, months, states, groups
    first = int(atlas.arrays.span[1])
    years = np.array([month_text(first + month)[:4] for month in range(people.shape[1])])
    rows: list[dict[str, Any]] = []
    for year in dict.fromkeys(years):
        yearly = people[:, years == year].mean(axis=1)
        for place, state in enumerate(atlas.reported):
            for group, framework in enumerate(GROUPS):
                values = yearly[:, place, group]
                quantiles = np.quantile(values, LEVELS)
                rows.append(
                    {
                        "scenario": scenario.name,
                        "state": state,
                        "framework": framework,
                        "year": year,
                        "runs": runs,
                        "mean": values.mean(),
                        **{f"q{level:g}": q for level, q in zip(LEVELS, quantiles, strict=True)},
                    }
                )
    return pd.DataFrame(rows)


def manifest(scenario: Scenario, runs: int, seed: int, command: list[str]) -> dict[str, Any]:
    """What the table was made from."""
    return {
        "scenario": {"name": scenario.name, **scenario.model_dump(mode="json")},
        "runs": runs,
        "seed": seed,
        "program": provenance.describe(command),
    }
