"""Putting a result into a folder after it was made: the folder that the command would write."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from model.errors import InputError

from ..storage import display, provenance
from ..storage.output_folder import OutputFolder
from .result_folder import FIGURES, check_files
from .result_writer import Writer
from .run_options import FORMATS, Format, in_format

OTHER_TABLES = (
    "this result was made with other tables than those in use; peacekeeping.beside_record(result, "
    "tables=DIR) compares it with the record there"
)


def check_tables(manifest: Mapping[str, Any]) -> None:
    """Raise InputError if a result rests on other tables of the model than those in use."""
    if manifest["program"]["data_sha256"] != provenance.data_hashes():
        raise InputError(OTHER_TABLES)


def save(
    manifest: dict[str, Any],
    write: Callable[[Writer], None],
    out: str | Path,
    format: Format | None,
    overwrite: bool,
) -> tuple[dict[str, Any], Path]:
    """Write a result that is in memory, with its figures; returns manifest and folder.

    ``write`` puts its tables into a writer.

    Raises:
        InputError: an unknown format, or a folder that cannot be written to or is in use.
    """
    wanted = format or "parquet"
    if wanted not in FORMATS:
        raise InputError(f"unknown format {format!r}; valid are {', '.join(FORMATS)}")
    program = manifest["program"]
    command = in_format(program["command"], wanted)
    with Writer(out, wanted, command, overwrite) as writer:
        write(writer)
        whole = {**manifest, "program": {**program, "command": command}}
        return writer.finish(whole, display.studio().draw), writer.folder


def copy(
    manifest: dict[str, Any],
    folder: Path,
    out: str | Path,
    format: Format | None,
    overwrite: bool,
) -> tuple[dict[str, Any], Path]:
    """Copy a result that is in a folder, with its figures, which are drawn if it has none.

    Raises:
        InputError: a file was changed, the format is another one, or as ``save``.
    """
    if format not in (None, manifest["format"]):
        raise InputError(
            f"the result in {folder} is stored as {manifest['format']}; run it again with "
            f"format={format!r}"
        )
    check_files(folder, manifest)
    whole = {key: value for key, value in manifest.items() if key != "files"}
    names = [str(entry["file"]) for entry in manifest["tables"].values()]
    names += [name for name in manifest.get("files", {}) if (folder / name).exists()]
    with OutputFolder(out, manifest["program"]["command"], overwrite) as place:
        for name in names:
            (place.new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, place.new / name)
        if not any(name.startswith(f"{FIGURES}/") for name in names):
            display.studio().draw(whole, place.new)
        return place.commit(whole), place.folder
