"""A result for other programs: dates beside months, signed seeds, and a description of every table.

The folder is for reading elsewhere; it is no result that this program reads back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import InputError

from ..storage import data_package
from .result_writer import Writer
from .run_options import FORMATS, Format

if TYPE_CHECKING:
    import pandas as pd

OF_FOLDER = ("layout", "format", "tables", "files")  # what a manifest says of its own files
Parts = Callable[[], Iterable["pd.DataFrame"]]


def export(
    manifest: Mapping[str, Any],
    tables: Mapping[str, Parts],
    out: str | Path,
    format: Format,
    overwrite: bool,
) -> Path:
    """Write the tables of a result, each in parts, with ``datapackage.json``; returns the folder.

    Raises:
        InputError: an unknown format, a seed that not every program reads, or a folder that cannot
            be written to or is in use.
    """
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; valid are {', '.join(FORMATS)}")
    if int(manifest["seed"]) > data_package.SIGNED:
        raise InputError(
            f"the seed {manifest['seed']} is above 2**63 - 1, which not every program reads; run "
            "the scenario again with a smaller one"
        )
    scenarios = manifest.get("scenarios") or [manifest["scenario"]]
    names = [str(one["name"]) for one in scenarios]
    command = ["peacekeeping", "export", *names, "--format", format]
    described: dict[str, list[dict[str, Any]]] = {}
    with Writer(out, format, command, overwrite) as writer:
        for name, parts in tables.items():
            for part in parts():
                table = data_package.for_others(part)
                if name not in described or len(table):
                    writer.add_whole(name, table)
                described.setdefault(name, data_package.fields(table))
        whole = {key: value for key, value in manifest.items() if key not in OF_FOLDER} | {
            "content": "export",
            "of": manifest["program"]["command"],
            "program": {**manifest["program"], "command": command},
        }

        def describe(made: Mapping[str, Any], folder: Path) -> None:
            data_package.write(
                folder,
                re.sub(r"[^a-z0-9._-]+", "-", f"peacekeeping-{'-'.join(names)}".lower()),
                f"Simulated contributions: {', '.join(names)}",
                f"Simulated, not observed, but for the table record: {manifest['runs']} runs, seed "
                f"{manifest['seed']}, {manifest['frame']['start']} to {manifest['frame']['end']}.",
                [
                    data_package.resource(str(entry["file"]), described[name])
                    for name, entry in made["tables"].items()
                ],
            )

        writer.finish(whole, describe)
        return writer.folder
