"""The rooms stand on each other in one direction, and the page that draws them is true."""

from __future__ import annotations

import ast
import re

import networkx as nx
import pytest

from viz.reports import architecture
from viz.reports.architecture import FACE, ROOMS, imports, modules, room

ORDER = (FACE, *ROOMS)


def test_imports_lead_down_only() -> None:
    up = [
        (one, other)
        for one, other in imports().edges
        if ORDER.index(room(one)) > ORDER.index(room(other))
    ]
    assert not up, f"a lower room imports a higher one: {up}"


def test_the_model_imports_nothing_of_ours() -> None:
    out = [edge for edge in imports().edges if room(edge[0]) == "model" != room(edge[1])]
    assert not out


def test_no_modules_import_each_other_in_a_circle() -> None:
    circles = [sorted(c) for c in nx.strongly_connected_components(imports()) if len(c) > 1]
    assert not circles


def test_imports_are_found_in_every_form() -> None:
    """Across rooms, within one, of a name, of a module, and inside a function."""
    edges = set(imports().edges)
    assert (
        "scenarios.running.model_adapter",
        "model.world.build",
    ) in edges  # in a function, absolute
    assert ("model.steps.utility", "model.rules.alliance") in edges  # from . import pressure
    assert ("model.steps.utility", "model.vocabulary") in edges  # from .kinds import GROUP_UN
    assert ("viz.cli.main", "viz.web.server") in edges  # from .page.server import serve
    assert (
        "scenarios.running.result",
        "scenarios.running.model_adapter",
    ) not in edges  # for type checkers alone


def test_the_page_is_what_the_code_gives() -> None:
    assert architecture.PAGE.read_text(encoding="utf-8") == architecture.page(), (
        "run python -m viz.reports.architecture"
    )


NAMED = sorted(set(re.findall(
    r"`((?:model|scenarios|calibration|viz)\.[\w.]+)`",
    architecture.WORDS.read_text(encoding="utf-8"),
)))  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_whatever_the_page_names_is_there(name: str) -> None:
    if name in modules():
        return
    module, _, thing = name.rpartition(".")
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    defined = {getattr(node, "name", "") for node in tree.body}
    assert thing in defined, f"{module} has no {thing}"


def test_files_that_the_page_names_are_there() -> None:
    words = architecture.WORDS.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:model|scenarios|calibration|viz|docs|tests)/[\w./-]*)`", words):
        assert (architecture.ROOT / path).exists(), path
