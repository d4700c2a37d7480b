"""What is held of whom, from when to when, under which terms, and where newer files come from."""

from __future__ import annotations

from model import csv_rows
from model.data_folder import DATA

from ..raw_data.raw_files import RECORD

# The series that a user can carry on, each with its sources in outside_sources.csv.
WHAT = {
    "un_reports": "every contributor by mission and kind, by month",
    "un_state_totals": "every contributor in all missions together, by month",
    "deployments": "Japan and Korea by mission and kind, outside the United Nations too",
    "world": "missions, mandates, law and requests as documented",
}
NEWER = {
    "un_reports": "the report 'by mission, country and personnel type' of each month, a PDF at "
    "peacekeeping.un.org/en/troop-and-police-contributors; or DPO-UCHISTORICAL as CSV from the "
    "Peace and Security Data Hub, psdata.un.org, copied at data.humdata.org; then: peacekeeping "
    "data add FILE --out DIR",
    "deployments": "rows of calibration/record/deployments.csv, see CONTRIBUTING.md",
    "world": "rows of the tables, see CONTRIBUTING.md",
}


def series() -> list[dict[str, str]]:
    """A row a series: series, from, to, what, derived (months that were filled), licence, newer."""
    listed = csv_rows.read(DATA / "coverage.csv", ("series", "from", "to", "status", "source"))
    terms = csv_rows.read(RECORD / "outside_sources.csv", ("key", "licence"))
    licences = {row["key"]: row["licence"] for row in terms}
    out = []
    for name in dict.fromkeys(row["series"] for row in listed):
        rows = [row for row in listed if row["series"] == name]
        keys = dict.fromkeys(key for row in rows for key in row["source"].split(";"))
        filled = [row for row in rows if row["rule"]]
        out.append(
            {
                "series": name,
                "from": min(row["from"] for row in rows),
                "to": max(row["to"] for row in rows),
                "what": WHAT.get(name, ""),
                "derived": ", ".join(
                    f"{row['from']} to {row['to']} ({row['rule']})" for row in filled
                ),
                "licence": "; ".join(f"{key}: {licences[key]}" for key in keys if key in licences)
                or "own record",
                "newer": NEWER.get(name, ""),
            }
        )
    return out
