"""A function that takes its tables from a folder, for the tests of ``tables=``."""

from __future__ import annotations

from pathlib import Path

from model import coverage
from scenarios.definition import lookup
from scenarios.running.other_tables import takes_tables


@takes_tables
def known(state: str, *, tables: str | Path | None = None) -> tuple[str, str]:
    """The code of a state, and the end of the record."""
    return lookup.state(state), coverage.record_end()
