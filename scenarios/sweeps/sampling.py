"""From a design to its list of configurations: one row each, one column for each factor.

Latin hypercube, Sobol and Morris samples come from SALib.  A choice is sampled as equal parts of
the unit interval.  The list depends on the design alone, so a resumed sweep finds the same one.
"""

import csv
import io
import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from model import input_files
from model.errors import InputError, unknown
from model.input_text import check_lines, checked_name

from ..definition import lookup
from .design import CONFIGURATION, MOST_CONFIGURATIONS, Design, Factor

NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"


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
        name: column(factor, drawn[:, place])
        for place, (name, factor) in enumerate(design.vary.items())
    }
    return pd.DataFrame(columns)


def column(factor: Factor, drawn: np.ndarray) -> np.ndarray:
    """A column of a sample: numbers as they are, choices by equal parts of the unit interval."""
    if factor.choices is None:
        return drawn
    levels = list(factor.choices)
    place = np.minimum((drawn * len(levels)).astype(int), len(levels) - 1)
    return np.array(levels, dtype=object)[place]


def _listed(design: Design) -> pd.DataFrame:
    """Configurations written one by one, in the design or in a table next to it."""
    if design.table:
        table = _table(design)
        place = design.table
    else:
        rows = [dict(row) for row in design.configurations]
        place = f"{design.name}.toml"
        columns = list(rows[0]) if rows else []
        for number, row in enumerate(rows):
            if set(row) != set(columns):
                odd = sorted(set(row) ^ set(columns))[0]
                raise InputError(
                    f"{place}, configuration {number + 1}: {odd!r} stands in some configurations, "
                    "not in all"
                )
        table = pd.DataFrame(rows, columns=columns)
    if table.empty:
        raise InputError(f"{place} holds no configuration")
    return table.assign(**{str(key): _checked(design, table[key], place) for key in table})


def _checked(design: Design, column: pd.Series, place: str) -> pd.Series:
    """A column of configurations: names of choices, or numbers within their range."""
    key = str(column.name)
    factor = design.vary.get(key)
    if factor is not None and factor.choices is not None:
        known = column.isin(list(factor.choices))
        if not known.all():
            number = int((~known).to_numpy().argmax())
            here = f"{place}, configuration {number + 1}"
            raise unknown(f"choice of {key}", str(column.iloc[number]), factor.choices, here)
        return column
    values = _numbers(column, place, "configuration")
    for value in (values.min(), values.max()):
        lookup.setting(key, float(value), place)
    return values


def _numbers(column: pd.Series, place: str, row: str) -> pd.Series:
    """A column of text or numbers as finite numbers."""
    text = column.astype(str)
    good = text.str.fullmatch(NUMBER)
    if not good.all():
        number = int((~good).to_numpy().argmax())
        raise InputError(
            f"{place}, {row} {number + 1}: {column.name} = {text.iloc[number]!r} is not a number"
        )
    values = text.astype(float)
    if not np.isfinite(values).all():
        raise InputError(f"{place}: {column.name} holds a number that is too large")
    return values


def _table(design: Design) -> pd.DataFrame:
    """The table beside a design, every cell as text."""
    path = input_files.place(design.table)
    path = path if path.is_absolute() else design.folder / path
    what = f"table of {design.name}.toml"
    text = input_files.text(path, what, input_files.LARGEST_TABLE)
    check_lines(text, path.name)
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader, [])
        _check_header(header, path.name)
        for cells in reader:
            if cells and len(cells) != len(header):
                raise InputError(
                    f"{path.name}, line {reader.line_num}: {len(cells)} cells where the header has "
                    f"{len(header)}"
                )
        return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (csv.Error, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"the table {path} cannot be read: {str(error).splitlines()[0]}") from None


def _check_header(header: list[str], place: str) -> None:
    """Names of the columns, each with what is usually wrong where one is not as it should be."""
    if len(header) == 1 and ";" in header[0]:
        raise InputError(f"{place}: its cells are parted by semicolons; save it with commas")
    for number, name in enumerate(header):
        if not name:
            raise InputError(f"{place}: column {number + 1} has no name; leave out such a column")
        checked_name(name, "the column", place)
        if name in header[:number]:
            raise InputError(f"{place}: the column {name!r} is listed twice")


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
    table = table.apply(_numbers, args=(design.table, "row"))
    for key in table.columns:
        for value in (table[key].min(), table[key].max()):
            lookup.setting(str(key), float(value), design.table)
    if design.samples > len(table):
        raise InputError(f"{design.table} holds {len(table)} draws, {design.samples} are asked for")
    return table.head(design.samples).reset_index(drop=True)
