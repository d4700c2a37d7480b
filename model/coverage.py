"""How far the record goes: from when to when each series is known, as ``coverage.csv`` says.

Series: ``world`` (missions, mandates, law and requests as documented), ``un_reports`` (every state
by mission), ``un_state_totals`` (states in all missions together before), ``deployments`` (Japan
and Korea by kind, outside the United Nations too), ``fatalities`` and ``state_years`` (in full
years).
"""

from __future__ import annotations

from pathlib import Path

from . import csv_rows, data_folder
from .errors import unknown
from .months import month_number


def spans(folder: Path | None = None) -> dict[str, tuple[str, str]]:
    """First and last month of every series, ``YYYY-MM``, by name: in the tables in use or a folder
    of others."""
    found: dict[str, tuple[str, str]] = {}
    columns = ("series", "from", "to")
    for row in csv_rows.read((folder or data_folder.DATA) / "coverage.csv", columns):
        first, last = found.get(row["series"], (row["from"], row["to"]))
        found[row["series"]] = min(first, row["from"]), max(last, row["to"])
    return found


def span(series: str, folder: Path | None = None) -> tuple[str, str]:
    """First and last month of a series, as ``spans``.

    Raises:
        InputError: the table has no such series.
    """
    found = spans(folder)
    if series not in found:
        raise unknown("series", series, sorted(found), "coverage.csv")
    return found[series]


def ends() -> dict[str, str]:
    """The last month of every series; what a run needs after it is carried forward."""
    return {series: last for series, (_, last) in sorted(spans().items())}


def world_end() -> str:
    """The last month of the documented world; later missions and requests are drawn."""
    return span("world")[1]


def record_end() -> str:
    """The last month in which every contributor is observed mission by mission."""
    return span("un_reports")[1]


def last(series: str) -> int:
    """The last month of a series as a number."""
    return month_number(span(series)[1], "coverage.csv")
