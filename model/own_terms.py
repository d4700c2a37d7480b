"""Terms of a user's own theory: a number for each state, mission and month, times a weight.

A term comes as a table or as a function and becomes spells: a value holds from its month until the
next one of the same state and mission.  What it adds to the utility of sending is an array of the
world, so that no compiled rule knows of it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import csv_rows, data_folder, input_files
from .errors import InputError, unknown
from .input_text import check_lines, number
from .months import month_number, month_text

if TYPE_CHECKING:
    import numpy as np

KEYS = ("state", "mission", "month")
COLUMNS = (*KEYS, "value")
MOST = 30.0  # weight times value: more than this in log odds decides alone
MOST_TERMS = 10
MOST_ROWS = 5_000_000
LATEST = "2040-12"  # last month of any world
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
ANY = ""  # in a spell: every state, or every mission

Spells = tuple[tuple[str, str, tuple[tuple[int, float], ...]], ...]
Function = Callable[[str, str, str], float]


@dataclass(frozen=True)
class Term:
    """A term of the utility of sending, from a theory of the user's own.

    In a month a state weighs each alternative by our terms, each times its weight, and by those of
    the user, each times its weight, on the scale of log odds.  The value is that of the month
    before, as of everything that a state looks at.  A term bears on the choice to send people, of
    any kind; not on extending a presence, where a state extends by default (Japan, Korea).

    Args:
        name: small letters, digits and underscores; other than those of our terms.
        values: a CSV file, a DataFrame or a list of rows, with a column ``value`` and any of
            ``state`` (ISO code), ``mission`` (label) and ``month`` (``YYYY-MM``); a column that is
            left out: the same for all.  A row holds from its month until the next one.  Or a
            function of state, mission and month that returns a number.
        weight: what one unit of the value adds to the log odds.
        default: value where the table has no row (yet), and of missions that a function does not
            know: those that a scenario opens or a run generates.

    Raises:
        InputError: a name, a column, a row or a number that cannot be used.

    Example:
        >>> import peacekeeping as pk
        >>> rows = [{"mission": "UNMISS", "month": "2011-07", "value": 1.0}]
        >>> term = pk.Term("new_state", rows, weight=0.8)
        >>> result = pk.run("historical", runs=3, end="2012-12", terms=[term])
        >>> result.manifest["overrides"]["terms"][0]["weight"]
        0.8
    """

    name: str
    values: Any = field(repr=False, compare=False)
    weight: float = 1.0
    default: float = 0.0
    spells: Spells = field(default=(), init=False, repr=False, compare=False)
    source: str = field(default="", init=False)
    sha256: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not NAME.fullmatch(self.name):
            raise InputError(
                f"{self.name!r} is no name of a term; write up to 30 small letters, digits and "
                "underscores, a letter first"
            )
        for what in ("weight", "default"):
            self._set(what, _number(getattr(self, what), f"the {what} of the term {self.name}"))
        self._within(self.default, f"the term {self.name}, default")
        if callable(self.values):
            self._set("source", f"function {getattr(self.values, '__name__', 'without a name')}")
            return
        if isinstance(self.values, str | Path):
            path = input_files.place(self.values)
            self._set("source", path.name)
            self._read(_of_file(path), path.name, first=2)
        else:
            self._set("source", "table")
            self._read(_of_frame(self.values, self.name), f"the term {self.name}", first=1)
        self._set("values", None)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _within(self, value: float, where: str) -> None:
        if abs(value * self.weight) > MOST:
            raise InputError(
                f"{where}: {value:g} times the weight {self.weight:g} is beyond {MOST:g}, which "
                "decides alone; scale the values"
            )

    def _read(self, rows: Iterator[Mapping[str, Any]], place: str, first: int) -> None:
        """Take over the rows of a table; ``first``: what the first of them is called."""
        found: dict[tuple[str, str], dict[int, float]] = {}
        what = "line" if first == 2 else "row"
        for count, row in enumerate(rows, start=first):
            if count > MOST_ROWS:
                raise InputError(f"{place} has more than {MOST_ROWS:,} rows")
            where = f"{place}, {what} {count}"
            value = _number(row["value"], f"{where}, column value")
            self._within(value, where)
            state, mission = (_text(row, key, where) for key in KEYS[:2])
            month = _month(row["month"], where) if "month" in row else 0
            own = found.setdefault((state, mission), {})
            if month in own:
                told = [one for one in (state, mission) if one]
                told += [month_text(month)] if "month" in row else []
                raise InputError(f"{where}: {', '.join(told)} is listed twice; keep one row")
            own[month] = value
        if not found:
            raise InputError(f"{place} has no rows; a term needs at least one")
        self._keep(found)

    def _keep(self, found: Mapping[tuple[str, str], Mapping[int, float]]) -> None:
        spells = tuple((*key, tuple(sorted(found[key].items()))) for key in sorted(found))
        self._set("spells", spells)
        digest = hashlib.sha256(repr((self.default, spells)).encode())
        self._set("sha256", digest.hexdigest())

    @property
    def is_function(self) -> bool:
        """Whether the values are still to be asked of a function."""
        return callable(self.values)

    def tabulated(self, states: Sequence[str], missions: Sequence[str], last: int) -> Term:
        """The same term with the values of its function for these states and missions, each month
        from January 1990 to ``last``; a term that is a table already is returned as it is.

        Raises:
            InputError: the function fails, or returns something else than a number.
        """
        if not self.is_function:
            return self
        months = [month_text(month) for month in range(last + 1)]
        found = {
            (state, mission): self._asked(state, mission, months)
            for state in states
            for mission in missions
        }
        copy = replace(self, values=[{"value": self.default}])
        copy._set("source", self.source)
        copy._keep(found)
        return copy

    def _asked(self, state: str, mission: str, months: Sequence[str]) -> dict[int, float]:
        """The values that the function gives month by month, where they change."""
        kept: dict[int, float] = {}
        before: Any = math.nan  # equal to nothing, so that the first value is looked at
        for month, text in enumerate(months):
            where = f"the term {self.name}, {state}, {mission}, {text}"
            try:
                value = self.values(state, mission, text)
            except Exception as error:
                raise InputError(
                    f"{where}: the function fails ({type(error).__name__}: {error})"
                ) from error
            if value == before:
                continue
            before = value
            kept[month] = _number(float(value) if isinstance(value, bool) else value, where)
            self._within(kept[month], where)
        return kept

    def described(self) -> dict[str, Any]:
        """What a manifest keeps of it."""
        return {
            "name": self.name,
            "weight": self.weight,
            "default": self.default,
            "source": self.source,
            "sha256": self.sha256,
        }

    def value(self, state: str, mission: str, month: int) -> float:
        """Value in a month, before its weight; ``month`` as a number from January 1990."""
        for of_state, of_mission, changes in self.spells:
            if of_state in (ANY, state) and of_mission in (ANY, mission):
                known = [value for since, value in changes if since <= month]
                return known[-1] if known else self.default
        return self.default


def checked(terms: Any, taken: Sequence[str] = ()) -> tuple[Term, ...]:
    """Terms as a person gives them; ``taken``: names that are not free.

    Raises:
        InputError: they are no terms, too many, or of one name.
    """
    if not isinstance(terms, list | tuple) or not all(isinstance(one, Term) for one in terms):
        raise InputError("terms is no list of terms; write [pk.Term(name, table, weight=...)]")
    if len(terms) > MOST_TERMS:
        raise InputError(f"{len(terms)} terms are too many; at most {MOST_TERMS} are taken")
    names = list(taken)
    for one in terms:
        if one.name in names:
            raise InputError(f"there is a term {one.name!r} already; choose another name")
        names.append(one.name)
    return tuple(terms)


def check_names(term: Term, states: Sequence[str], missions: Sequence[str]) -> None:
    """Hold the names in a term against those of a world.

    Raises:
        InputError: a state or a mission that the world does not have.
    """
    place = f"the term {term.name} ({term.source})"
    known = {ANY, *states}, {ANY, *missions}
    for state, mission, _ in term.spells:
        if state not in known[0]:
            raise _unknown_state(state, states, place)
        if mission not in known[1]:
            raise unknown("mission", mission, missions, place)


def _unknown_state(written: str, states: Sequence[str], place: str) -> InputError:
    """A state by its name is told its code; other words are told the nearest code."""
    rows = csv_rows.read(data_folder.DATA / "states.csv", ("iso3", "name"))
    codes = [row["iso3"] for row in rows if row["name"].lower() == written.lower()]
    if set(codes) & set(states):
        return InputError(f"{place}: write the state {written!r} as its code {codes[0]!r}")
    if len(written) > 3:
        return InputError(f"{place}: unknown state {written!r}; write the code, such as 'JPN'")
    return unknown("state", written, states, place)


def added(
    terms: Sequence[Term],
    states: Sequence[str],
    missions: Sequence[str],
    months: int,
    acting: Sequence[bool],
) -> tuple[np.ndarray, np.ndarray]:
    """What own terms add to the utility: weight times value, float64[terms, months, rows, missions]
    and the row of each state, int64[states], -1 where no term is for it.

    Args:
        states, missions: codes and labels in the order of the world.
        acting: of each state whether it ever decides; the others have no row.

    Raises:
        InputError: as ``check_names``.
    """
    import numpy as np

    rows = np.full(len(states), -1, dtype=np.int64)
    if not terms:
        return np.zeros((0, 0, 0, 0)), rows
    rows[np.flatnonzero(acting)] = np.arange(sum(map(bool, acting)))
    out = np.zeros((len(terms), months, int(rows.max(initial=-1)) + 1, len(missions)))
    place = {name: column for column, name in enumerate(missions)}
    row = dict(zip(states, rows.tolist(), strict=True))
    for layer, term in zip(out, terms, strict=True):
        check_names(term, states, missions)
        layer[:] = term.weight * term.default
        for state, mission, changes in term.spells:
            own = slice(None) if state == ANY else row[state]
            if own == -1:
                continue
            there = slice(None) if mission == ANY else place[mission]
            for since, value in changes:
                layer[since:, own, there] = term.weight * value
    return out, rows


def _of_file(path: Path) -> Iterator[Mapping[str, Any]]:
    text = input_files.text(path, "table of a term", input_files.LARGEST_TABLE)
    check_lines(text, path.name)
    reader = csv.DictReader(io.StringIO(text), strict=True, restkey="", restval=None)
    _check_columns(reader.fieldnames or (), path.name)
    try:
        for row in reader:
            if "" in row or None in row.values():
                raise InputError(
                    f"{path.name}, line {reader.line_num}: not as many cells as the header has"
                )
            yield row
    except csv.Error as error:
        raise InputError(
            f"{path.name}, line {reader.line_num}: not a valid CSV row ({error})"
        ) from None


def _of_frame(table: Any, name: str) -> Iterator[Mapping[str, Any]]:
    place = f"the term {name}"
    rows = table.to_dict("records") if hasattr(table, "columns") else table
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise InputError(
            f"{place}: {type(table).__name__} is no table; give a CSV file, a DataFrame, a list of "
            "rows, or a function of state, mission and month"
        )
    header = list(rows[0]) if rows else COLUMNS
    _check_columns(header, place)
    for row in rows:
        if list(row) != header:
            raise InputError(f"{place}: its rows have different columns")
        yield row


def _check_columns(header: Sequence[Any], place: str) -> None:
    if "value" not in header:
        raise InputError(f"{place}: the column 'value' is missing; it has {', '.join(header)}")
    for column in header:
        if column not in COLUMNS:
            raise unknown("column", str(column), COLUMNS, place)
    if len(set(header)) < len(header):
        raise InputError(f"{place}: a column is there twice")


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    """A name in a row; ``ANY`` where the table does not have its column."""
    if key not in row:
        return ANY
    if not isinstance(row[key], str) or not row[key].strip():
        raise InputError(
            f"{where}: the {key} is blank; leave the column out where the value is the same for all"
        )
    return row[key].strip()


def _month(cell: Any, where: str) -> int:
    """Month of a cell: text, or what pandas makes of months and dates."""
    dated = hasattr(cell, "strftime") and cell == cell  # a missing date is not itself
    text = cell.strftime("%Y-%m") if dated else str(cell).strip()
    found = month_number(text, f"{where}, column month")
    if not 0 <= found <= month_number(LATEST):
        raise InputError(f"{where}: {text} is out of range; months go from 1990-01 to {LATEST}")
    return found


def _number(cell: Any, where: str) -> float:
    """A finite number."""
    try:
        value = number(cell) if isinstance(cell, str) else float(cell)
    except (TypeError, ValueError):
        value = math.nan
    if isinstance(cell, bool) or not math.isfinite(value):
        shown = repr(cell) if len(repr(cell)) <= 40 else f"{repr(cell)[:40]}..."
        raise InputError(f"{where}: {shown} is not a number")
    return value
