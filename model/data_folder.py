"""Where the tables of the model lie: the shipped ones, or a folder of the user's own.

``PEACEKEEPING_DATA`` names a folder with a full set of tables: a copy of the shipped ones to which
rows were added, say a state with its law.  Its hashes stand in the manifest of every result.
"""

from __future__ import annotations

import os
from pathlib import Path

SHIPPED = Path(__file__).parent / "data"
VARIABLE = "PEACEKEEPING_DATA"

DATA = Path(os.environ.get(VARIABLE) or SHIPPED).expanduser().resolve()
