"""Tables described for other programs: a Frictionless ``datapackage.json`` beside them.

R, pandas, DuckDB's readers and data repositories take names, types and ranges of columns from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import provenance

if TYPE_CHECKING:
    import pandas as pd

FILE = "datapackage.json"
SIGNED = 2**63 - 1  # largest whole number that every program reads
MONTH = r"\d{4}-(0[1-9]|1[0-2])"
MEANING = {  # of columns that results share
    "scenario": "name of the scenario",
    "run": "number of the run, from 0",
    "seed": "seed of all runs",
    "month": "month, YYYY-MM",
    "date": "first day of the month",
    "state": "ISO code of the state",
    "framework": "un, coalition or other; all: not divided",
    "mission": "mission; all: all of them together",
    "kind": "kind of contribution; all: all of them together",
    "variable": "what is counted: personnel, or a stock of the state",
    "unit": "unit of the value",
    "value": "the value; a row that is missing within the period is zero",
}


def for_others(table: pd.DataFrame) -> pd.DataFrame:
    """A table with types that every program reads: the first day of each month beside it, and the
    seed as a signed whole number."""
    import pandas as pd

    found = table.astype({"seed": "int64"}) if "seed" in table else table.copy()
    if "month" in found and found["month"].astype(str).str.fullmatch(MONTH).all():
        days = pd.to_datetime(found["month"].astype(str) + "-01").dt.date
        found.insert(list(found.columns).index("month") + 1, "date", days)
    return found


def fields(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Name, type and, where it is known, meaning of each column of a table."""
    from pandas.api import types

    found = []
    for name in table.columns:
        column = table[name]
        field = {"name": str(name), "type": "string"}
        if types.is_bool_dtype(column):
            field["type"] = "boolean"
        elif types.is_integer_dtype(column):
            field["type"] = "integer"
        elif types.is_numeric_dtype(column):
            field["type"] = "number"
        elif name == "date":
            field["type"] = "date"
        if name in MEANING:
            field["description"] = MEANING[str(name)]
        found.append(field)
    return found


def resource(file: str, fields: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """One table of a package, by the name of its file."""
    stem, _, ending = file.rpartition(".")
    described: dict[str, Any] = {"name": stem.replace("_", "-").lower(), "path": file, **more}
    if ending == "csv":
        described |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8-sig"}
        schema = {"fields": list(fields), "missingValues": [""]}
    else:
        described |= {"format": ending, "mediatype": f"application/vnd.apache.{ending}"}
        schema = {"fields": list(fields)}
    return {**described, "profile": "tabular-data-resource", "schema": schema}


def write(
    folder: Path,
    name: str,
    title: str,
    description: str,
    resources: Sequence[Mapping[str, Any]],
    **more: Any,
) -> None:
    """Put ``datapackage.json`` beside the tables of a folder."""
    package = {
        "profile": "data-package",
        "name": name,
        "title": title,
        "description": description,
        "version": provenance.version(),
        **more,
        "resources": list(resources),
    }
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")
