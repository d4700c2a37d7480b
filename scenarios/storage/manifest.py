"""The manifest of a folder of ours: signed, and read with every fault named."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model import input_files
from model.errors import InputError

from . import provenance

MANIFEST = "manifest.json"


def read(
    folder: Path, what: str, layout: int, kinds: Mapping[str, type], content: str | None = None
) -> dict[str, Any]:
    """The manifest of a folder of this layout that holds ``what``; ``content``: as it names itself.

    Raises:
        InputError: there is none, it is damaged, of something else or of another layout.
    """
    path = folder / MANIFEST
    if not input_files.exists(path):
        raise InputError(f"{folder} holds no {what}: it has no {MANIFEST}")
    text = input_files.text(path, "manifest", input_files.LARGEST_MANIFEST)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{path} is damaged: it is not valid JSON") from None
    held = found.get("content") if isinstance(found, dict) else content
    if held != content and isinstance(held, str):
        raise InputError(f"{folder} holds no {what} but another output ({held})")
    if not isinstance(found, dict) or held != content:
        raise InputError(f"{path} is not of a {what}; choose another folder")
    if found.get("layout") != layout:
        raise InputError(
            f"{path} has layout {found.get('layout')!r}; this version reads layout {layout}"
        )
    require(path, found, kinds)
    return provenance.unsigned(found, path)


def require(path: Path, manifest: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
    """Raise InputError unless the manifest has these keys, each of its type."""
    for key, kind in kinds.items():
        if not isinstance(manifest.get(key), kind):
            raise InputError(f"{path} is damaged: {key!r} is missing or not of its kind")


def check_tables(folder: Path, manifest: Mapping[str, Any], formats: tuple[str, ...]) -> None:
    """Hold every table of a folder to its manifest.

    Raises:
        InputError: a file is missing or was changed; it is named.
    """
    path = folder / MANIFEST
    for name, entry in manifest["tables"].items():
        names = [f"{name}.{ending}" for ending in formats]
        if not isinstance(entry, dict) or entry.get("file") not in names:
            raise InputError(f"{path} is damaged: it does not name the file of {name}")
        if not isinstance(entry.get("rows"), int) or not isinstance(entry.get("sha256"), str):
            raise InputError(f"{path} is damaged: it does not count or sign the table {name}")
        file = folder / entry["file"]
        if provenance.file_hash(file) != entry["sha256"]:
            raise InputError(
                f"{file} is damaged or was changed later: its SHA-256 is not that of the manifest; "
                "run it again"
            )
