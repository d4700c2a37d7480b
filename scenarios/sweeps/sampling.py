"""From a design to its list of configurations: one row each, one column for each factor.

Latin hypercube, Sobol and Morris samples come from SALib.  A choice is sampled as equal parts of
the unit interval.  The list depends on the design alone, so a resumed sweep finds the same one.
"""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError, unknown

from ..definition import lookup
from .design import MOST_CONFIGURATIONS, Design, Factor

CONFIGURATION = "configuration"


def configurations(design: Design) -> pd.DataFrame:
    """Every configuration of a design in order: its number and the value of each factor.

    Raises:
        InputError: a table that cannot be read, names nothing known or leaves a value out; or more
            configurations than a sweep takes.
    """
    size = count(design)
    if size > MOST_CONFIGURATIONS:
        raise InputError(
            f"the design has {size:,} configurations; a sweep takes up to {MOST_CONFIGURATIONS:,}"
        )
    if design.method == "grid":
        levels = [factor.levels or [] for factor in design.vary.values()]
        table = pd.DataFrame(list(product(*levels)), columns=list(design.vary))
    elif design.method == "list":
        table = _listed(design)
    elif design.method == "posterior":
        table = _drawn(design)
    else:
        table = _sampled(design)
    table.insert(0, CONFIGURATION, np.arange(len(table), dtype=np.int32))
    return table


def count(design: Design) -> int:
    """How many configurations a design has."""
    factors = len(design.vary)
    if design.method == "grid":
        return math.prod(len(factor.levels or ()) for factor in design.vary.values())
    if design.method == "sobol":
        return design.samples * ((2 * factors if design.second_order else factors) + 2)
    if design.method == "morris":
        return design.samples * (factors + 1)
    if design.method == "list" and design.configurations:
        return len(design.configurations)
    if design.table:
        return len(_table(design))
    return design.samples


def problem(design: Design) -> dict[str, Any]:
    """The factors as SALib wants them: names and bounds; choices from 0 to 1."""
    return {
        "num_vars": len(design.vary),
        "names": list(design.vary),
        "bounds": [
            [0.0, 1.0] if factor.choices is not None else [factor.low, factor.high]
            for factor in design.vary.values()
        ],
    }


def points(design: Design) -> np.ndarray:
    """float64[configurations, factors]: the sample as SALib drew it; choices from 0 to 1."""
    from SALib.sample import latin, morris, sobol

    asked = problem(design)
    seed = numpy_seed(design.seed)
    if design.method == "latin_hypercube":
        return np.asarray(latin.sample(asked, design.samples, seed=seed))
    if design.method == "sobol":
        return np.asarray(
            sobol.sample(
                asked,
                design.samples,
                calc_second_order=design.second_order,
                scramble=True,
                seed=seed,
            )
        )
    return np.asarray(morris.sample(asked, design.samples, num_levels=design.levels, seed=seed))


def numpy_seed(seed: int) -> int:
    """A seed that SALib heeds: it takes 0 for none, and none of more than 32 bits."""
    return int(np.random.SeedSequence(seed).generate_state(1)[0]) or 1


def _sampled(design: Design) -> pd.DataFrame:
    """The points of a sample as configurations."""
    drawn = points(design)
    columns = {
        name: _column(factor, drawn[:, place])
        for place, (name, factor) in enumerate(design.vary.items())
    }
    return pd.DataFrame(columns)


def _column(factor: Factor, drawn: np.ndarray) -> np.ndarray:
    """A column of a sample: numbers as they are, choices by equal parts of the unit interval."""
    if factor.choices is None:
        return drawn
    levels = list(factor.choices)
    place = np.minimum((drawn * len(levels)).astype(int), len(levels) - 1)
    return np.array(levels, dtype=object)[place]


def _listed(design: Design) -> pd.DataFrame:
    """Configurations written one by one, in the design or in a table beside it."""
    if design.table:
        table = _table(design)
        rows: list[dict[str, Any]] = [
            {str(key): value for key, value in row.items()} for row in table.to_dict("records")
        ]
        place = design.table
    else:
        rows = [dict(row) for row in design.configurations]
        place = f"{design.name}.toml"
    if not rows:
        raise InputError(f"{place} holds no configuration")
    columns = list(rows[0])
    for number, row in enumerate(rows):
        here = f"{place}, configuration {number + 1}"
        if list(row) != columns and set(row) != set(columns):
            odd = sorted(set(row) ^ set(columns))[0]
            raise InputError(f"{here}: {odd!r} stands in some configurations, not in all")
        for key, value in row.items():
            _value(design, key, value, here)
    return pd.DataFrame(rows, columns=columns)


def _value(design: Design, key: str, value: Any, here: str) -> None:
    factor = design.vary.get(key)
    if factor is not None and factor.choices is not None:
        if value not in factor.choices:
            raise unknown(f"choice of {key}", str(value), factor.choices, here)
        return
    if isinstance(value, str) or not np.isfinite(value):
        raise InputError(f"{here}: {key} = {value!r} is not a number")
    lookup.setting(key, float(value), here)


def _table(design: Design) -> pd.DataFrame:
    path = Path(design.table)
    path = path if path.is_absolute() else design.folder / path
    try:
        return pd.read_csv(path)
    except FileNotFoundError:
        raise InputError(f"there is no table {path}, which {design.name}.toml names") from None
    except (OSError, ValueError) as error:
        raise InputError(f"the table {path} cannot be read: {str(error).splitlines()[0]}") from None


def _drawn(design: Design) -> pd.DataFrame:
    """Draws of a posterior, one configuration each: every column of the table is a parameter."""
    if not design.table:
        raise InputError(
            f"{design.name}.toml: a posterior needs a table, a CSV file with one row for each draw "
            "and one column for each parameter"
        )
    table = _table(design)
    if len(table) < 1:
        raise InputError(f"{design.table} holds no draw")
    for key in table.columns:
        if not pd.api.types.is_numeric_dtype(table[key]) or not np.isfinite(table[key]).all():
            raise InputError(f"{design.table}: the column {key!r} is not all numbers")
        for value in (table[key].min(), table[key].max()):
            lookup.setting(str(key), float(value), design.table)
    if design.samples > len(table):
        raise InputError(f"{design.table} holds {len(table)} draws, {design.samples} are asked for")
    return table.head(design.samples).reset_index(drop=True)
