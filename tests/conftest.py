"""Fixtures shared by several test modules."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from scenarios.definition import library, lookup
from scenarios.running import model_adapter

from .support.small_world import InventedEngine, write_tables

# The first call of a rule loads its machine code.  The suite answers the same twice on one tree;
# `make fuzz` looks somewhere else each time.
hypothesis_settings.register_profile(
    "peacekeeping", deadline=None, derandomize="FUZZ_EXAMPLES" not in os.environ
)
hypothesis_settings.load_profile("peacekeeping")


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small tables, in place of the model's own."""
    folder = write_tables(tmp_path / "tables")
    monkeypatch.setattr(lookup, "DATA", folder)
    library._shipped.cache_clear()
    return folder


@pytest.fixture
def invented(tables: Path, monkeypatch: pytest.MonkeyPatch) -> InventedEngine:
    """The small tables and an invented engine."""
    replacement = InventedEngine()
    monkeypatch.setattr(model_adapter, "simulate", replacement)
    return replacement
