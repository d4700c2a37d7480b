"""Reading the tables in ``data/``: every failure is one sentence naming table, row and choice."""

from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from . import csv_rows, input_files, vocabulary
from .data_folder import DATA
from .errors import InputError, unknown
from .input_text import RESERVED, name_fault

FOLDER = DATA
COLUMNS = Path(__file__).parent / "columns.csv"  # type, range and choices of every column
Made = TypeVar("Made", bound=Callable[..., Any])
MOST = 16  # results of a function that are kept
ABSENT = "absent"  # in its column ``blank``: a cell may be blank, and the whole column missing


def names() -> list[str]:
    """Names of the tables, without ``.csv``."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


def has(name: str) -> bool:
    """Whether the folder holds a table; an older copy lacks those that were added later."""
    return input_files.exists(FOLDER / f"{name}.csv")


@cache
def table(name: str) -> pd.DataFrame:
    """One table as text columns, blanks as empty strings.

    Raises:
        InputError: the file is missing, as ``csv_rows.parse``, or a cell is not as ``columns.csv``
            says.
    """
    path = FOLDER / f"{name}.csv"
    if not input_files.exists(path):
        raise unknown("data table", name, names(), where=str(FOLDER))
    frame = pd.DataFrame(csv_rows.parse(path))
    if frame.empty:
        raise InputError(f"{path}: the data table has no rows; restore it from the repository")
    for column in _columns().get(name, ()):
        _check(frame, name, column)
    return frame


def kept(function: Made) -> Made:
    """Keep what a function makes from the tables alone (an array, a table, or several), by its
    arguments; whoever asks gets a copy.  It is made again when the tables are read again."""
    made: dict[Any, tuple[pd.DataFrame, Any]] = {}

    @wraps(function)
    def copied(*arguments: Any) -> Any:
        stamp = table("missions")
        key = (FOLDER, *map(_told_apart, arguments))
        if key not in made or made[key][0] is not stamp:
            made[key] = (stamp, function(*arguments))
            for oldest in list(made)[:-MOST]:
                made.pop(oldest, None)
        found = made[key][1]
        return tuple(part.copy() for part in found) if isinstance(found, tuple) else found.copy()

    return cast(Made, copied)


def _told_apart(argument: Any) -> Any:
    """What stands for an argument among the results that are kept."""
    if isinstance(argument, np.ndarray):
        return argument.shape, argument.dtype.str, sha256(argument.tobytes()).digest()
    return tuple(argument) if isinstance(argument, list) else argument


@kept
def rows(name: str) -> list[dict[Any, Any]]:
    """The rows of a table, to be read only."""
    return table(name).to_dict("records")


@cache
def _columns() -> dict[str, list[dict[Any, Any]]]:
    """What each column of each table may hold."""
    frame = pd.DataFrame(csv_rows.parse(COLUMNS))
    return {str(name): rows.to_dict("records") for name, rows in frame.groupby("table")}


def _check(frame: pd.DataFrame, name: str, column: dict[Any, Any]) -> None:
    """Hold one column against its type, range and choices.

    Raises:
        InputError: the column is missing, or a cell is not what the column may hold.
    """
    label = column["column"]
    if label not in frame.columns and column["blank"] == ABSENT:
        frame[label] = ""  # a column that an older copy of the tables does not have
    if label not in frame.columns:
        raise InputError(f"{name}.csv has no column {label!r}; it has {', '.join(frame.columns)}")
    cells = frame[label]
    filled = cells != ""
    if column["blank"] == "0":
        _refuse(cells, ~filled, name, label, "is blank; a value is needed")
    if column["type"] == "name":
        for cell in cells[filled].unique():
            if fault := name_fault(cell, RESERVED):
                _refuse(cells, cells == cell, name, label, fault)
    elif column["type"] == "code":
        good = cells.str.fullmatch("[A-Z]{3}")
        _refuse(cells, filled & ~good, name, label, "is no code; write three letters A to Z")
    elif column["type"] == "month":
        form = r"\d{4}-(0[1-9]|1[0-2])"
        good = cells.str.fullmatch(form)
        _refuse(cells, filled & ~good, name, label, "is not a month; write YYYY-MM")
    elif column["type"] == "colour":
        good = cells.str.fullmatch("#[0-9a-f]{6}")
        _refuse(cells, filled & ~good, name, label, "is not a colour; write #rrggbb")
    elif column["type"] == "state":
        wanted = "is no state of states.csv; write its code there, such as JPN"
        _refuse(cells, filled & ~cells.isin(table("states")["iso3"]), name, label, wanted)
    elif column["type"] == "choice":
        # written out, or the name of a closed list
        choices = getattr(vocabulary, column["choices"], None) or column["choices"].split(";")
        wanted = f"is not one of {', '.join(choices)}"
        _refuse(cells, filled & ~cells.isin(choices), name, label, wanted)
    elif column["type"] == "number":
        values = numbers(frame, name, label)
        low, high = float(column["low"] or "-inf"), float(column["high"] or "inf")
        wanted = f"is out of range; it goes from {column['low']} to {column['high']}"
        _refuse(cells, filled & ~values.between(low, high), name, label, wanted)


def _refuse(cells: pd.Series, bad: pd.Series, name: str, column: str, wanted: str) -> None:
    """Name the first bad cell, if there is one."""
    if bad.any():
        row = int(bad.to_numpy().argmax())
        cell = str(cells.iloc[row])
        shown = repr(cell if len(cell) <= 40 else cell[:40] + "...")
        raise InputError(f"{name}.csv, line {row + 2}, column {column}: {shown} {wanted}")


def numbers(frame: pd.DataFrame, name: str, column: str, blank: float = 0.0) -> pd.Series:
    """A column as numbers; ``blank`` stands for empty cells.

    Raises:
        InputError: the column is missing or a cell is not a number.
    """
    if column not in frame.columns:
        raise InputError(f"{name}.csv has no column {column!r}; it has {', '.join(frame.columns)}")
    values = pd.to_numeric(frame[column].replace("", str(blank)), errors="coerce")
    bad = values.isna() | np.isinf(values)
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise InputError(
            f"{name}.csv, line {row + 2}, column {column}: "
            f"{frame[column].iloc[row]!r} is not a number"
        )
    return values.astype(float)
