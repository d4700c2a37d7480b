"""Where the tables of the model lie: the shipped ones, or a folder of the user's own.

``PEACEKEEPING_DATA`` (or ``--tables`` on the command line, ``tables=`` in Python) names a folder
with a full set of tables: a copy of the shipped ones to which rows were added, say a state with its
law, or newer months.  Its hashes stand in the manifest of every result.  A process has one set:
rules are compiled with the places of the names in it.
"""

from __future__ import annotations

import os
from pathlib import Path

from .errors import InputError
from .input_files import exists, place

SHIPPED = Path(__file__).parent / "data"
VARIABLE = "PEACEKEEPING_DATA"
FIRST_TABLE = "coverage.csv"  # by which a folder of tables is known

DATA: Path  # found when it is first asked for; from then on it stays


def __getattr__(name: str) -> Path:
    """The folder, once something asks for it."""
    if name != "DATA":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()["DATA"] = _folder()
    return found


def _folder() -> Path:
    """The folder that the variable names, checked; a fault is told by the first who reads it."""
    try:
        found = place(os.environ.get(VARIABLE) or SHIPPED).resolve()
        found.stat()
        return found
    except InputError:
        return Path(os.environ[VARIABLE].replace("\0", ""))
    except (OSError, RuntimeError):  # a loop, a name that is too long
        return Path(os.environ[VARIABLE])


def checked(written: str | Path) -> Path:
    """The folder of tables that a person names.

    Raises:
        InputError: there is none, or it holds no tables.
    """
    try:
        found = place(written).resolve()
    except (OSError, RuntimeError):
        raise InputError(f"{written} is no folder of tables") from None
    if not exists(found / FIRST_TABLE):
        raise InputError(
            f"{written} is no folder of tables (it has no {FIRST_TABLE}); name one that "
            "'peacekeeping data add' wrote, or a full copy of the tables"
        )
    return found


def use(written: str | Path) -> None:
    """Take the tables of this process from a folder; only before the first of them is read.

    Raises:
        InputError: it is no folder of tables, or others are in use already.
    """
    folder = checked(written)
    if globals().get("DATA", folder) != folder:
        raise InputError(f"this process has read tables already, so {written} needs another one")
    os.environ[VARIABLE] = str(folder)
