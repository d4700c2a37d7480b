"""The tables of the model as a Frictionless data package: names, types, ranges, sources, licences.

Types and ranges are those by which the model itself checks its tables (``model/columns.csv``).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from model import csv_rows, tables, vocabulary
from scenarios.storage import data_package, provenance
from scenarios.storage.output_folder import OutputFolder

from ..raw_data.raw_files import coded

TYPES = {"number": "number", "month": "yearmonth"}


def write(out: str | Path, overwrite: bool = False) -> Path:
    """Copy the tables in use into a folder with ``datapackage.json``; returns the folder.

    Raises:
        InputError: a table is not as it should be, or the folder cannot be written to.
    """
    command = ["peacekeeping", "data", "package"]
    with OutputFolder(out, command, overwrite) as place:
        for name in tables.names():
            shutil.copyfile(tables.FOLDER / f"{name}.csv", place.new / f"{name}.csv")
        data_package.write(
            place.new,
            "peacekeeping-tables",
            "Peace operations and those who contribute to them",
            "The tables of an agent-based model of what states contribute to peace operations. "
            "Each row says whether it is sourced, derived, calibrated or an assumption.",
            [_resource(name) for name in tables.names()],
            sources=_sources(),
        )
        place.commit({"content": "data package", "program": provenance.describe(command)})
        return place.folder


def _resource(name: str) -> dict[str, Any]:
    known = {row["column"]: row for row in csv_rows.parse(tables.COLUMNS) if row["table"] == name}
    table = tables.table(name)
    found = [_field(label, known.get(label), table[label]) for label in table.columns]
    described = coded("tables", ("folder", "table", "made", "holds", "comes_from"))
    own = described[(described["folder"] == "model/data") & (described["table"] == name)]
    holds = {"description": str(own["holds"].iloc[0])} if len(own) else {}
    encoding = {"encoding": "utf-8"}
    return data_package.resource(f"{name}.csv", found, **holds) | encoding


def _field(label: str, column: dict[Any, Any] | None, cells: pd.Series) -> dict[str, Any]:
    """A column with its type, range and choices; one that nothing checks is described by its
    cells."""
    if column is None:
        numeric = pd.to_numeric(cells.replace("", "0"), errors="coerce").notna().all()
        return {"name": label, "type": "number" if numeric else "string"}
    field: dict[str, Any] = {"name": label, "type": TYPES.get(column["type"], "string")}
    limits: dict[str, Any] = {}
    if column["blank"] == "0":
        limits["required"] = True
    for key, bound in (("minimum", column["low"]), ("maximum", column["high"])):
        if bound and column["type"] == "number":
            limits[key] = float(bound)
    if column["type"] == "choice":
        listed = getattr(vocabulary, column["choices"], None) or column["choices"].split(";")
        limits["enum"] = [str(choice) for choice in listed]
    if column["type"] == "state":
        field["description"] = "ISO code of a state of states.csv"
    return field | ({"constraints": limits} if limits else {})


def _sources() -> list[dict[str, str]]:
    """Whose data the tables rest on, each with its citation and terms."""
    rows = coded("outside_sources", ("key", "what", "citation", "licence"))
    return [
        {"title": f"{row['key']}: {row['citation']} ({row['licence']})"}
        for row in rows.to_dict("records")
    ]
