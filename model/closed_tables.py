"""Tables whose first column is a closed list: kinds, frameworks, parameters.

They are read with the standard library when the package is imported, because rules are compiled
with the places of their names.  Everything else about a table is read and checked by ``tables``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from .data_folder import DATA, SHIPPED


def rows(
    name: str, key: str, needed: Iterable[str] = (), folder: Path = DATA
) -> dict[str, dict[str, str]]:
    """Rows of a table by the name in column ``key``, in the order of the file.

    The shipped table stands in for a user's own that cannot be read, lists a name twice or lacks
    one of the ``needed``; building a world then refuses that table in a sentence.
    """
    found = _read(folder / f"{name}.csv", key)
    return found if found and set(needed) <= set(found) else _read(SHIPPED / f"{name}.csv", key)


def _read(path: Path, key: str) -> dict[str, dict[str, str]]:
    """Rows by name; nothing where the file cannot be used."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            listed = [row for row in csv.DictReader(file) if not row.get("state")]
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    found = {row.get(key) or "": row for row in listed}
    return {} if "" in found or len(found) < len(listed) else found
