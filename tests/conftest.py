"""Fixtures shared by several test modules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from model.world import build
from scenarios.definition import library, lookup
from scenarios.running import model_adapter

from .support import machine_code, served_app, shared_worlds
from .support.small_world import InventedEngine, write_tables

# The first call of a rule loads its machine code.  The suite answers the same twice on one tree;
# `make fuzz` looks somewhere else each time.
hypothesis_settings.register_profile(
    "peacekeeping", deadline=None, derandomize="FUZZ_EXAMPLES" not in os.environ
)
hypothesis_settings.load_profile("peacekeeping")

# Modules that run ensembles, processes or a browser; `make test-fast` leaves them out, as it does
# single tests of other modules that take two seconds and more.
SLOW = {
    "test_exported_result",
    "test_problem",
    "test_attack",
    "test_baseline",
    "test_compare",
    "test_compile",
    "test_composition",
    "test_engines",
    "test_examples",
    "test_expectations",
    "test_explain",
    "test_facts",
    "test_fit",
    "test_fuzz",
    "test_history",
    "test_keep_summary",
    "test_law_counterfactuals",
    "test_limitations",
    "test_mission_generation",
    "test_pages",
    "test_panel_priors",
    "test_readme",
    "test_reference",
    "test_reform",
    "test_result_methods",
    "test_results",
    "test_scenario_engines",
    "test_sensitivity",
    "test_site",
    "test_shapley",
    "test_stress_tests",
    "test_swapped_laws",
    "test_sweep",
    "test_sweep_cluster",
    "test_sweep_survives",
    "test_targets",
    "test_tutorials",
    "test_validation",
    "test_web_app",
}

# Modules with a test of half a minute and more come first: at the end nobody waits for one of them.
FIRST = (
    "test_tutorials",
    "test_examples",
    "test_engines",
    "test_fit",
    "test_pages",
    "test_many_visitors",
    "test_reference",
    "test_ten_questions",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Before parallel workers start: each would compile the same for more than a minute."""
    machine_code.make()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow modules, and those that need a web app or a browser; the longest go
    first."""
    for item in items:
        if item.path.stem in SLOW or {"served", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.path.stem not in FIRST)


@pytest.fixture(scope="session", autouse=True)
def _worlds() -> Iterator[None]:
    """Scenarios share worlds; tests of building call ``build`` by its own name and do not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "build", shared_worlds.shared(build.build))
        yield


@pytest.fixture
def record_property(record_property: Callable[[str, object], None]) -> Callable[[str, float], None]:
    """Figures of a test as plain numbers, which the workers of a parallel run can hand over."""
    return lambda name, value: record_property(name, float(value))


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


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[served_app.Served]:
    """One server of the web app for all tests that leave it as they found it."""
    found = served_app.start(tmp_path_factory.mktemp("served") / "log")
    yield found
    served_app.stop(found)
