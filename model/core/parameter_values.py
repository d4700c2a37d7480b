"""Values of the parameters: the table, overrides by name, the posterior, a row of numbers a run."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import InputError, unknown
from ..tables import has, kept, numbers, table
from . import parameter_index, records, rng


@dataclass(frozen=True)
class Column:
    """One number of a run: a shared parameter, or a state's deviation from it."""

    name: str  # "routine_low" or "routine_low.JPN"
    shared: str
    state: str
    role: str  # lever, uncertainty or constant
    value: float
    low: float
    high: float
    unit: str
    status: str
    source: str
    description: str


@kept
def columns() -> list[Column]:
    """All parameters in the order of the columns: the shared ones first, then deviations.

    Raises:
        InputError: a shared parameter is missing, twice there, unknown, or outside its range.
    """
    frame = table("parameters")
    value, low, high = (numbers(frame, "parameters", name) for name in ("value", "low", "high"))
    found: dict[str, Column] = {}
    for row, v, lo, hi in zip(frame.to_dict("records"), value, low, high, strict=True):
        if row["name"] not in parameter_index.INDEX:
            raise unknown("parameter", row["name"], parameter_index.NAMES, "parameters.csv")
        name = f"{row['name']}.{row['state']}" if row["state"] else row["name"]
        if name in found:
            raise InputError(f"parameters.csv: {name!r} is listed twice; keep one row")
        if not lo <= v <= hi:
            raise InputError(f"parameters.csv: {name} is {v:g}, outside its range {lo:g} to {hi:g}")
        found[name] = Column(
            name=name,
            shared=row["name"],
            value=v,
            low=lo,
            high=hi,
            **{
                key: row[key]
                for key in ("state", "role", "unit", "status", "source", "description")
            },
        )
    missing = [name for name in parameter_index.NAMES if name not in found]
    if missing:
        raise InputError(f"parameters.csv: no row for {', '.join(missing)}")
    shared = [found[name] for name in parameter_index.NAMES]
    return shared + [c for c in found.values() if c.state]


def base(overrides: Mapping[str, float], known: list[Column]) -> np.ndarray:
    """The row of numbers at the centre of the table, with overrides by name put in.

    Raises:
        InputError: a name is unknown or a value lies outside the documented range.
    """
    place = {column.name: number for number, column in enumerate(known)}
    row = np.array([column.value for column in known])
    for name, value in overrides.items():
        if name not in place:
            raise unknown("lever or parameter", name, place, "--set")
        column = known[place[name]]
        if not column.low <= value <= column.high:
            raise InputError(
                f"--set {name}={value:g} is outside its range {column.low:g} to {column.high:g}"
                f" ({column.unit})"
            )
        row[place[name]] = value
    return row


def posterior(overrides: Mapping[str, float], known: list[Column]) -> np.ndarray:
    """Draws of the fitted parameters as rows of numbers, float64[draws, columns].

    The rest stays at the centre.  What is overridden by name is not drawn, and with a shared
    parameter the deviations of single states from it are not drawn either.

    Raises:
        InputError: the table names an unknown parameter or leaves its documented range.
    """
    drawn, places = _drawn(known)
    rows = np.repeat(base(overrides, known)[None, :], len(drawn), axis=0)
    free = [not {known[n].name, known[n].shared} & set(overrides) for n in places]
    rows[:, places[free]] = drawn[:, free]
    return rows


@kept
def _drawn(known: list[Column]) -> tuple[np.ndarray, np.ndarray]:
    """Draws of the fitted parameters, float64[draws, fitted], and their places in ``known``."""
    frame = table("posterior")
    place = {column.name: number for number, column in enumerate(known)}
    names = list(frame.columns.drop("draw"))
    out = np.zeros((len(frame), len(names)))
    for number, name in enumerate(names):
        if name not in place:
            raise unknown("parameter", name, place, "posterior.csv")
        column = known[place[name]]
        out[:, number] = drawn = numbers(frame, "posterior", name).to_numpy()
        outside = (drawn < column.low) | (drawn > column.high)
        if outside.any():
            raise InputError(
                f"posterior.csv, line {int(outside.argmax()) + 2}: {name} is outside its range "
                f"{column.low:g} to {column.high:g}"
            )
    return out, np.array([place[name] for name in names], dtype=np.int64)


def draw_of(rows: np.ndarray, seed: int, run: int) -> np.ndarray:
    """The row of a run: which draw it has depends on seed and run alone, so that a scenario and its
    baseline have the same."""
    if len(rows) == 1:
        return rows[0]
    chance = rng.uniform(rng.key(seed, run), rng.PARAMETERS, kind=0, month=0, state=0, mission=0)
    return rows[min(int(chance * len(rows)), len(rows) - 1)]


def trends(known: list[Column]) -> np.ndarray:
    """What each composite lever moves, as ``TREND`` records; nothing in tables that are older.

    Raises:
        InputError: ``trends.csv`` names an unknown parameter.
    """
    if not has("trends"):
        return records.records(0, records.TREND)
    frame = table("trends")
    place = {column.name: number for number, column in enumerate(known) if not column.state}
    effects = numbers(frame, "trends", "effect")
    out = records.records(len(frame), records.TREND)
    for cell, row, effect in zip(out, frame.to_dict("records"), effects, strict=True):
        for name in (row["trend"], row["parameter"]):
            if name not in place:
                raise unknown("parameter", name, place, "trends.csv")
        cell.trend, cell.moved = place[row["trend"]], place[row["parameter"]]
        cell.effect = effect
        cell.factor = int(row["how"] == "factor")
    return out


def deviations(known: list[Column], codes: list[str]) -> np.ndarray:
    """Which columns shift a state's own row of parameters."""
    shared = {column.name: number for number, column in enumerate(known) if not column.state}
    rows = [
        (codes.index(c.state), shared[c.shared], number)
        for number, c in enumerate(known)
        if c.state and c.state in codes
    ]
    out = records.records(len(rows), records.DEVIATION)
    for cell, (state, parameter, column) in zip(out, rows, strict=True):
        cell.state, cell.shared, cell.column = state, parameter, column
    return out
