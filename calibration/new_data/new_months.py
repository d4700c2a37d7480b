"""Tables of the model with new months of the reports in them: what is held stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from model.tables import table
from model.vocabulary import REPORTED
from model.world import un_reports
from model.world.missions import roster

from ..compiler import reports_table
from ..raw_data.month_spells import dated, runs
from ..raw_data.report_gaps import NEIGHBOURS
from . import cell_checks, studied_states
from .reading import Reading

LEAST_SHARE = 0.5  # of the month before; a file with fewer personnel seems to be a part
SHOWN = 4  # cells in which a file differs from the tables


@dataclass(frozen=True)
class Addition:
    """What files add to the tables.

    Attributes:
        tables: the tables that change, by name, as they are written.
        months: months added, with file and people of each; ``neighbours`` where one was filled.
        notes: everything else that a user should know.
    """

    tables: dict[str, pd.DataFrame]
    months: pd.DataFrame
    notes: list[str] = field(default_factory=list)


def part_only(month: int, people: int, before: int) -> str:
    """A warning where a month has so few personnel that its file seems to be a part of a report;
    blank where it has enough."""
    if people >= LEAST_SHARE * before:
        return ""
    return (
        f"{month_text(month)} has {people:,} people, the month before {before:,}: if the file is "
        "a part of the report, add the whole of it; states and missions that a file leaves out "
        "count as zero"
    )


def known_missions() -> set[str]:
    """Every mission of the roster or of the reports so far."""
    return set(roster()["mission"]) | set(table("un_reports")["mission"])


def add(
    readings: Sequence[Reading], new_missions: Sequence[str] = (), replace: bool = False
) -> Addition:
    """The tables in use with what files have beyond them.

    Args:
        new_missions: missions that are kept in the reports though the roster lacks them.
        replace: let a file change months that are held already.

    Raises:
        InputError: see ``cell_checks.judged``; two files have the same month; a month between the
            record and the files is missing; a file prints no missions; it differs from what is
            held; or it has nothing new.
    """
    notes = [note for reading in readings for note in reading.notes]
    parts = []
    for reading in readings:
        part = cell_checks.judged(reading, known_missions() | set(new_missions))
        parts.append(part.assign(file=reading.file, source=reading.source))
    frame = pd.concat(parts, ignore_index=True)
    _one_file_a_month(frame)
    held, names = _held(), _file_names(frame)
    begin, end = int(held.columns[0]), int(held.columns[-1])
    frame = _with_missions(frame, held)
    if early := sum(month < begin for month in names):
        notes.append(
            f"{early} months before {month_text(begin)} are left out: the tables have them in "
            "another form"
        )
    frame = frame[frame["month"] >= begin]
    same = frame["month"].isin(held.columns)
    changed = _changed(frame[same], held)
    taken = sorted(set(frame["month"]) - set(held.columns))
    if changed and not replace:
        differ = f"held already, with other numbers: {_shown(changed)}"
        if not taken:
            raise InputError(
                f"{names[changed[0][0]]}: its months are {differ}; --replace takes the file's"
            )
        notes.append(f"{differ}; the tables keep theirs, --replace takes the file's")
    elif changed:
        taken = sorted({month for month, *_ in changed} | set(taken))
    differing = {month for month, *_ in changed}
    if old := sorted(set(frame["month"]) - set(taken) - differing):
        notes.append(f"held already with the same numbers: {_spans(old)}")
    if not taken:
        raise InputError(
            f"nothing new: the tables go to {month_text(end)} and have every month of "
            + ", ".join(sorted({reading.file for reading in readings}))
        )
    frame = frame[frame["month"].isin(taken)]
    return _added(frame, held, names, taken, notes)


def _held() -> pd.DataFrame:
    """People of the tables in use by state, mission and kind (rows) and month number (columns)."""
    series = un_reports.cells()
    index = pd.MultiIndex.from_frame(series.rows[cell_checks.CELL[:3]])
    return pd.DataFrame(series.people, index, range(series.first, series.last + 1))


def _file_names(frame: pd.DataFrame) -> dict[int, str]:
    return dict(frame.groupby("month")["file"].first())


def _one_file_a_month(frame: pd.DataFrame) -> None:
    files = frame.groupby("month")["file"].unique()
    both = files[files.map(len) > 1]
    if len(both):
        raise InputError(
            f"{month_text(int(both.index[0]))} stands in both {both.iloc[0][0]} and "
            f"{both.iloc[0][1]}; give one of them"
        )


def _with_missions(frame: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Refuse months for which a file prints no missions, unless the tables hold them."""
    without = frame[frame["mission"] == ""]
    new = without[~without["month"].isin(held.columns)]
    if len(new):
        raise InputError(
            f"{new['file'].iloc[0]} prints contributors of {month_text(int(new['month'].iloc[0]))} "
            "without their missions, so it cannot go on with the record; take the report 'by "
            "mission, country and personnel type' of that month"
        )
    if len(without):
        first = without.iloc[0]
        raise InputError(
            f"{first['file']} prints contributors without their missions; the tables hold "
            f"{month_text(int(first['month']))} by mission already, as coverage.csv says"
        )
    return frame


def _changed(frame: pd.DataFrame, held: pd.DataFrame) -> list[tuple[int, str, int, int]]:
    """Cells of held months in which files differ: month, cell, people held, people of the file."""
    out = []
    for month, part in frame.groupby("month"):
        both = pd.concat(
            [held[month], part.set_index(cell_checks.CELL[:3])["people"]], axis=1
        ).fillna(0)
        both.columns = pd.Index(["held", "new"])
        differ = both[both["held"] != both["new"]].astype(int)
        for cell, row in differ.iterrows():
            name = " ".join(map(str, np.ravel(np.array(cell))))
            out.append((int(str(month)), name, row["held"], row["new"]))
    return out


def _shown(changed: list[tuple[int, str, int, int]]) -> str:
    first = [
        f"{month_text(month)} {cell} {old} there and {new} in the file"
        for month, cell, old, new in changed[:SHOWN]
    ]
    more = f" and {len(changed) - SHOWN} more cells" if len(changed) > SHOWN else ""
    return ", ".join(first) + more


def _spans(months: Sequence[int]) -> str:
    """Months as text, neighbouring ones as a span."""
    frame = dated(runs(pd.DataFrame({"month": months, "one": 1}), ["one"], []))
    pairs = zip(frame["from"], frame["to"], strict=True)
    return ", ".join(a if a == b else f"{a} to {b}" for a, b in pairs)


def _added(
    frame: pd.DataFrame,
    held: pd.DataFrame,
    names: dict[int, str],
    taken: list[int],
    notes: list[str],
) -> Addition:
    wide = frame.pivot(index=cell_checks.CELL[:3], columns="month", values="people")
    people = held.drop(columns=[m for m in taken if m in held.columns])
    people = pd.concat([people, wide], axis=1).sort_index().sort_index(axis=1).fillna(0).astype(int)
    single = _gaps(people, taken, int(held.columns[-1]))
    for month in single:
        both = people[[month - 1, month + 1]].mean(axis=1)
        people[month] = np.floor(both + 0.5).astype(int)
        notes.append(f"no file has {month_text(month)}: it is the mean of the months beside it")
    people = people.sort_index(axis=1)
    sums = people.sum()
    notes += [
        said
        for month in taken
        if month - 1 in sums and (said := part_only(month, int(sums[month]), int(sums[month - 1])))
    ]
    sources = dict(frame.groupby("month")["source"].first()) | dict.fromkeys(single, "UN reports")
    rules = dict.fromkeys(taken, "") | dict.fromkeys(single, NEIGHBOURS)
    off = sorted(set(frame["mission"]) - set(roster()["mission"]))
    if off:
        notes.append(f"kept in the reports and not simulated: {', '.join(off)}")
    long = people.melt(
        value_vars=sorted(rules), var_name="month", value_name="people", ignore_index=False
    )
    long = long[long["people"] > 0].reset_index().assign(rule=lambda rows: rows["month"].map(rules))
    tables = {
        "un_reports": reports_table.series(people, cell_checks.CELL[:3]),
        "coverage": _coverage(rules, sources),
        "mission_totals": _mission_totals(long, sources),
        "contributions": studied_states.contributions(long, sources),
    }
    months = pd.DataFrame(
        [
            (
                month_text(m),
                names.get(m, NEIGHBOURS) if not rules[m] else NEIGHBOURS,
                int(people[m].sum()),
            )
            for m in sorted(rules)
        ],
        columns=["month", "file", "people"],
    )
    return Addition(tables, months, notes)


def _gaps(people: pd.DataFrame, taken: list[int], end: int) -> list[int]:
    """Single months that lie between known ones; more than one in a row is refused."""
    missing = [m for m in range(end + 1, max([*taken, end])) if m not in people.columns]
    for first, second in zip(missing, missing[1:], strict=False):
        if second == first + 1:
            raise InputError(
                f"no file has {_spans(missing)}, between {month_text(end)}, where the tables end, "
                f"and {month_text(max(taken))}; add the files of these months too"
            )
    return missing


def _coverage(rules: dict[int, str], sources: dict[int, str]) -> pd.DataFrame:
    """The table with the new months of ``un_reports``; neighbouring months alike make one row."""
    frame = table("coverage")
    reports = frame[frame["series"] == "un_reports"]
    held = [
        {**row, "month": month}
        for row in reports.to_dict("records")
        for month in range(month_number(row["from"]), month_number(row["to"]) + 1)
        if month not in rules
    ]
    new = [
        {
            "series": "un_reports",
            "month": month,
            "status": "derived" if rule else "sourced",
            "rule": rule,
            "source": sources[month],
        }
        for month, rule in rules.items()
    ]
    spells = runs(pd.DataFrame([*held, *new]), ["series"], ["status", "rule", "source"])
    both = pd.concat([frame[frame["series"] != "un_reports"], dated(spells)[list(frame)]])
    return both.sort_values(["series", "from"], kind="stable").reset_index(drop=True)


def _mission_totals(long: pd.DataFrame, sources: dict[int, str]) -> pd.DataFrame:
    """The table with sums of the new months, within the dates of the missions."""
    frame = table("mission_totals")
    categories = table("report_kinds").set_index("reported")["category"]
    new = long.assign(category=long["kind"].map(categories), month=long["month"].map(month_text))
    new = within(new)
    new = new.pivot_table(
        index=["mission", "month"], columns="category", values="people", aggfunc="sum", fill_value=0
    ).reindex(columns=list(REPORTED), fill_value=0)
    new = new.reset_index()
    numbers = new["month"].map(month_number)
    filled = dict(zip(long["month"], long["rule"], strict=True))
    new["status"] = ["derived" if filled[month] else "sourced" for month in numbers]
    new["source"] = numbers.map(sources)
    old = frame[~frame["month"].isin(set(new["month"]))]
    both = pd.concat([old, new[list(frame)].astype(str)])
    return both.sort_values(["mission", "month"], kind="stable").reset_index(drop=True)


def within(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows (``month`` as text) of missions of the roster that stand then."""
    dates = roster().set_index("mission")
    frame = frame[frame["mission"].isin(dates.index)]
    start, end = (frame["mission"].map(dates[name]) for name in ("start", "end"))
    return frame[(frame["month"] >= start) & ((end == "") | (frame["month"] <= end))]
