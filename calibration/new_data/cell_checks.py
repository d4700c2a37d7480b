"""What was read, judged: every number, name, kind, mission and sum, or one sentence of a fault."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from model.errors import InputError, nearest
from model.months import month_number
from scenarios.definition import lookup

from . import publisher_names as names
from .reading import Reading

CELL = ["state", "mission", "kind", "month"]
WHOLE = re.compile(r"[0-9]{1,9}(?:\.0+)?|[0-9]{1,3}(?:[,' \u00a0\u202f][0-9]{3}){1,2}")
SHOWN = 3  # names of a fault that are listed


def judged(reading: Reading, missions: Collection[str]) -> pd.DataFrame:
    """Cells with the codes of the tables: state, mission (blank where the file has none), kind,
    month (number), people; cells without people are left out.

    Args:
        missions: those that may occur.

    Raises:
        InputError: a number is no whole number of people, a name, kind or mission is unknown, a
            cell stands twice, or a printed sum is not that of the cells.
    """
    frame = reading.cells.reset_index(drop=True)
    frame["people"] = _people(frame, reading.file)
    for column, code in (("name", names.state), ("kind", names.kind)):
        _known(frame, column, code, reading.file)
    frame["mission"] = frame["mission"].map({m: names.mission(m) for m in set(frame["mission"])})
    _missions(frame, missions, reading.file)
    _twice(frame, reading.file)
    _sums(frame, reading)
    frame = frame.assign(
        state=frame["name"].map({name: names.state(name) for name in set(frame["name"])}),
        kind=frame["kind"].map({kind: names.kind(kind) for kind in set(frame["kind"])}),
        month=frame["month"].map({m: month_number(m, reading.file) for m in set(frame["month"])}),
    )
    out = frame[frame["people"] > 0].groupby(CELL, as_index=False, sort=True)["people"].sum()
    return pd.DataFrame(out)


def _people(frame: pd.DataFrame, file: str) -> pd.Series:
    """Whole numbers; thousands may be set apart, blanks are zero."""
    values = {text: number(text) for text in set(frame["people"])}
    out = frame["people"].map(values)
    if (wrong := out < 0).any():
        row = frame[wrong].iloc[0]
        raise InputError(
            f"{file}, {row['place']}: {row['people']!r} of {row['name']} is not a number of "
            "people; write a whole number from 0 up, such as 1448"
        )
    return out.astype(np.int64)


def number(text: str) -> int:
    """Whole number of a cell, below a thousand million; -1 where it is none."""
    text = text.strip()
    if not text:
        return 0
    return int(float(re.sub(r"[,' \u00a0\u202f]", "", text))) if WHOLE.fullmatch(text) else -1


def _known(frame: pd.DataFrame, column: str, code: object, file: str) -> None:
    """Refuse names that stand for nothing, nearest valid one first."""
    assert callable(code)
    wrong = [name for name in dict.fromkeys(frame[column]) if code(name) is None]
    if not wrong:
        return
    what = "contributor" if column == "name" else "kind of personnel"
    valid = lookup.states().values() if column == "name" else names.KINDS
    place = frame.loc[frame[column] == wrong[0], "place"].iloc[0]
    more = f" (and {len(wrong) - 1} more, {_listed(wrong[1:])})" if len(wrong) > 1 else ""
    raise InputError(
        f"{file}, {place}: unknown {what} {wrong[0]!r}{more}; {nearest(wrong[0], valid)} A new "
        "spelling is a row of aliases.csv in a copy of the tables"
    )


def _listed(words: list[str]) -> str:
    return ", ".join(map(repr, words[:SHOWN])) + (" ..." if len(words) > SHOWN else "")


def _missions(frame: pd.DataFrame, missions: Collection[str], file: str) -> None:
    """Refuse missions that the tables do not have, and say how one is added."""
    new = sorted(set(frame["mission"]) - {*missions, ""})
    if new:
        place = frame.loc[frame["mission"] == new[0], "place"].iloc[0]
        hint = nearest(new[0], missions)
        raise InputError(
            f"{file}, {place}: the tables have no mission {_listed(new)}; {hint} "
            "A new one is a row of missions.csv in a copy of the tables (docs/new_data.md has the "
            f"row), or --new-mission {new[0]} keeps its people without simulating it"
        )


def _twice(frame: pd.DataFrame, file: str) -> None:
    """Refuse a cell that is told twice, be it with the same number."""
    keys = ["month", "mission", "name", "kind"]
    told = frame[frame["people"] > 0]
    again = told.duplicated(keys)
    if not again.any():
        return
    row = told[again].iloc[0]
    first = told[(told[keys] == row[keys]).all(axis=1)].iloc[0]
    rows = int(again.sum())
    raise InputError(
        f"{file}: {row['name']} stands twice in {row['mission'] or 'all missions'} with "
        f"{row['kind']} of {row['month']} ({first['place']} and {row['place']}; {rows} rows are "
        "told twice); take one of them out"
    )


def _sums(frame: pd.DataFrame, reading: Reading) -> None:
    """Hold the cells against every sum that is printed."""
    sums = reading.sums.reset_index(drop=True)
    if sums.empty:
        return
    sums["mission"] = sums["mission"].map({m: names.mission(m) for m in set(sums["mission"])})
    printed = _people(sums, reading.file)
    read = pd.Series(0, index=sums.index)
    for keys in ([], ["mission"], ["name"], ["mission", "name"]):
        of = pd.Series(True, index=sums.index)
        for column in ("mission", "name"):
            of &= (sums[column] != "") == (column in keys)
        by = ["month", *keys]
        found = frame.groupby(by, as_index=False)["people"].sum()
        merged = sums.loc[of, by].merge(found, on=by, how="left")["people"].fillna(0)
        read[of] = merged.to_numpy()
    wrong = sums[read != printed]
    if len(wrong):
        row = wrong.iloc[0]
        whose = " in ".join(filter(None, (row["name"], row["mission"]))) or "everything"
        raise InputError(
            f"{reading.file}, {row['place']}: the printed total of {whose} is {row['people']}, the "
            f"rows read add up to {int(read[wrong.index[0]])} ({len(wrong)} of {len(sums)} totals "
            "differ); the file is damaged or has a new layout"
        )
