"""Where the tables of the model lie: the shipped ones, or a folder of the user's own.

``PEACEKEEPING_DATA`` names a folder with a full set of tables: a copy of the shipped ones to which
rows were added, say a state with its law.  Its hashes stand in the manifest of every result.
"""

from __future__ import annotations

import os
from pathlib import Path

from .errors import InputError
from .input_files import place

SHIPPED = Path(__file__).parent / "data"
VARIABLE = "PEACEKEEPING_DATA"


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


DATA = _folder()
