"""What was read from a file, as it stands there: cells and printed sums."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

CELLS = ("month", "mission", "name", "kind", "people", "place")
SUMS = ("month", "mission", "name", "people", "place")


@dataclass(frozen=True)
class Reading:
    """A file with one month or many.

    Attributes:
        file: its name.
        source: what it is, for the column ``source`` of the tables.
        cells: ``CELLS``: month (``YYYY-MM``), mission (blank where none is printed), contributor,
            kind and people as written, and where they stand.
        sums: ``SUMS``: sums as printed, of a mission, of a contributor, of both, or (both blank) of
            everything; files that are tables print none.
        notes: what the user should know of how it was read.
    """

    file: str
    source: str
    cells: pd.DataFrame
    sums: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SUMS)))
    notes: tuple[str, ...] = ()
