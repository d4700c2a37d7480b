"""A full set of tables in a folder of its own, written whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from model import data_folder
from model.errors import InputError
from scenarios.storage import provenance
from scenarios.storage.output_folder import OutputFolder


def write(
    tables: Mapping[str, pd.DataFrame],
    out: Path,
    command: Sequence[str],
    overwrite: bool = False,
    more: Mapping[str, Any] | None = None,
) -> None:
    """The tables in use with some replaced, and a manifest with a hash of each.

    Args:
        tables: those that change.
        command, overwrite: as for ``OutputFolder``.
        more: what else the manifest says.

    Raises:
        InputError: the folder is that of the shipped tables, holds something that this program did
            not write, or cannot be written to.
    """
    if out.resolve() == data_folder.SHIPPED.resolve():
        raise InputError(
            f"{out} has the tables that the program came with, which stay as they are; name "
            "another folder with --out"
        )
    with OutputFolder(out, command, overwrite) as place:
        for path in sorted(data_folder.DATA.glob("*.csv")):
            shutil.copyfile(path, place.new / path.name)
        for name, frame in tables.items():
            frame.to_csv(place.new / f"{name}.csv", index=False, lineterminator="\n")
        files = {
            path.stem: {"file": path.name, "sha256": provenance.file_hash(path)}
            for path in sorted(place.new.glob("*.csv"))
        }
        program = {"version": provenance.version(), "command": list(command)}
        place.commit({"layout": "tables", "program": program, "tables": files, **(more or {})})
