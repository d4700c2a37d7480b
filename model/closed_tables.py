"""Tables whose first column is a closed list: kinds, frameworks, parameters.

They are read with the standard library when the package is imported, because rules are compiled
with the places of their names.  Everything else about a table is read and checked by ``tables``.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from . import csv_rows
from .data_folder import DATA, SHIPPED
from .errors import InputError


def rows(
    name: str,
    key: str,
    columns: Sequence[str] = (),
    needed: Iterable[str] = (),
    folder: Path = DATA,
) -> dict[str, dict[str, str]]:
    """Rows of a table by the name in column ``key``, in the order of the file.

    The shipped table stands in for a user's own that cannot be read, lists a name twice or lacks
    one of the ``columns`` or of the names ``needed``; building a world then refuses that table in a
    sentence.
    """
    for path in (folder / f"{name}.csv", SHIPPED / f"{name}.csv"):
        found = _read(path, key, columns)
        if found and set(needed) <= set(found):
            return found
    raise InputError(f"{name}.csv cannot be read; the program has to be installed again")


def _read(path: Path, key: str, columns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Rows by name, those of single states apart; nothing where the file cannot be used."""
    try:
        listed = [row for row in csv_rows.read(path, (key, *columns)) if not row.get("state")]
    except InputError:
        return {}
    found = {row[key]: row for row in listed}
    return {} if "" in found or len(found) < len(listed) else found
