"""Cases that the model is known to get wrong, with how often it did when they were last measured.

``free_history`` measures them and writes ``fits/decisions/free_history.csv``; here they are only
read, so that an answer can say what it rests on without another run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model import csv_rows

from ..raw_data.raw_files import coded, records
from .free_history import COLUMNS

MEASURED = Path(__file__).parents[1] / "fits" / "decisions" / "free_history.csv"
MEASURED_COLUMNS = ("case", "share", "aim", "met", "runs")


@dataclass(frozen=True)
class KnownCase:
    """A case of history that fewer (or more) runs show than should.

    ``share`` of the runs in which it holds, ``aim`` as text such as 'at least 0.7'.
    """

    name: str
    state: str
    missions: tuple[str, ...]
    share: float
    aim: str
    runs: int


@lru_cache(maxsize=1)
def wrong() -> tuple[KnownCase, ...]:
    """Every case that missed its aim when it was last measured, the worst first.

    Raises:
        InputError: the file of what was measured is missing or lacks a column.
    """
    listed = {row["id"]: row for row in records(coded("free_history", COLUMNS))}
    found = []
    for row in csv_rows.read(MEASURED, MEASURED_COLUMNS):
        if row["met"] == "True" or row["case"] not in listed:
            continue
        case = listed[row["case"]]
        missed = abs(float(row["share"]) - float(case["aim"]))
        one = KnownCase(
            row["case"], case["state"], tuple(case["missions"].split(";")), float(row["share"]),
            row["aim"], int(row["runs"]),
        )  # fmt: skip
        found.append((missed, one))
    return tuple(one for _, one in sorted(found, key=lambda pair: -pair[0]))
