"""How far the record goes: from when to when each series is known, as ``coverage.csv`` says.

Series: ``world`` (missions, mandates, law and requests as documented), ``un_reports`` (every state
by mission), ``un_state_totals`` (states in all missions together before), ``deployments`` (Japan
and Korea by kind, outside the United Nations too), ``fatalities`` and ``state_years`` (in full
years).
"""

from __future__ import annotations

from pathlib import Path

from . import csv_rows
from .data_folder import DATA
from .errors import unknown
from .months import month_number


def span(series: str, folder: Path = DATA) -> tuple[str, str]:
    """First and last month of a series, ``YYYY-MM``, in a folder of tables.

    Raises:
        InputError: the table has no such series.
    """
    listed = csv_rows.read(folder / "coverage.csv", ("series", "from", "to"))
    rows = [row for row in listed if row["series"] == series]
    if not rows:
        raise unknown("series", series, sorted({row["series"] for row in listed}), "coverage.csv")
    return min(row["from"] for row in rows), max(row["to"] for row in rows)


def ends() -> dict[str, str]:
    """The last month of every series; what a run needs after it is carried forward."""
    listed = csv_rows.read(DATA / "coverage.csv", ("series", "from", "to"))
    return {series: span(series)[1] for series in sorted({row["series"] for row in listed})}


def world_end() -> str:
    """The last month of the documented world; later missions and requests are drawn."""
    return span("world")[1]


def record_end() -> str:
    """The last month in which every contributor is observed mission by mission."""
    return span("un_reports")[1]


def last(series: str) -> int:
    """The last month of a series as a number."""
    return month_number(span(series)[1], "coverage.csv")
