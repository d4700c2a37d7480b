"""Files and tables judged without writing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from model import coverage
from model.errors import InputError
from model.months import month_number, month_text
from model.settings import Settings
from model.tables import names, table
from model.world import build, un_reports

from . import cell_checks, file_kinds, new_months


def of_file(path: Path, new_missions: Sequence[str] = ()) -> Iterator[str]:
    """What a file holds, a line a month, and whether the tables have it.

    Raises:
        InputError: as for ``cell_checks.judged``.
    """
    end = month_number(coverage.record_end())
    known = new_months.known_missions() | set(new_missions)
    for reading in file_kinds.read([path]):
        frame = cell_checks.judged(reading, known)
        sums = len(reading.sums)
        held = un_reports.cells()
        for month, part in frame.groupby("month"):
            number = int(str(month))
            missions = part["mission"].nunique() if (part["mission"] != "").all() else 0
            yield (
                f"{month_text(number)}  {part['people'].sum():>8,} people of "
                f"{part['state'].nunique()} states in {missions or 'unnamed'} missions  "
                f"{reading.file}  {'new' if number > end else 'held'}"
            )
            before = int(held.at(number - 1).sum())
            if said := new_months.part_only(number, int(part["people"].sum()), before):
                yield f"Note: {said}."
        yield (
            f"{reading.file}: {sums} printed totals, all equal to the rows read"
            if sums
            else f"{reading.file}: no printed totals to check the rows against"
        )
        yield from reading.notes


def of_tables() -> str:
    """That every table in use is in form and makes a world.

    Raises:
        InputError: the first fault, in one sentence.
    """
    for name in names():
        table(name)
    reports, totals = un_reports.cells(), table("mission_totals")
    end = month_text(reports.last)
    last = totals[totals["month"] == end]
    read = reports.rows.assign(people=reports.at(reports.last)).groupby("mission")["people"].sum()
    for row in last.to_dict("records"):
        sums = sum(int(row[name]) for name in ("troops", "police", "experts"))
        if sums != int(read.get(row["mission"], 0)):
            raise InputError(
                f"mission_totals.csv: {row['mission']} has {sums} people in {end}, un_reports.csv "
                f"{int(read.get(row['mission'], 0))}"
            )
    build.build(Settings(point=True))
    return f"{len(names())} tables are in form and agree; the reports go to {end}"
