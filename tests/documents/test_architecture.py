"""The tree keeps the order that docs/architecture.md gives it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache

import networkx as nx

from tests.support.import_graph import API, PACKAGES, ROOT, imports, modules, package_of

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MOST_MODULES = 16


@cache
def order() -> list[str]:
    """The packages in the order of the page, each after all that it may import."""
    tree = re.findall(r"^( *)([\w/]+)/ {2,}", PAGE.split("```")[1], flags=re.MULTILINE)
    found: list[str] = []
    top = ""
    for indent, name in tree:
        top = top if indent else name
        found.append(f"{top}/{name}".replace("/", ".") if indent else name)
    return found


def rank(module: str) -> int:
    """The place of a module's package in the order; the public API comes last."""
    listed = order()
    return len(listed) if module == API else listed.index(package_of(module))


def test_every_package_is_in_the_tree_of_the_page() -> None:
    folders = {package_of(module) for module in modules()} - {API}
    assert folders <= set(order())
    assert all((ROOT / name.replace(".", "/")).is_dir() for name in order())


def test_no_import_leads_upwards() -> None:
    """Within a package, between sub-packages, and between packages."""
    up = [(a, b) for a, b in imports().edges if rank(a) < rank(b)]
    assert not up, f"against the order of docs/architecture.md: {up}"


def test_no_packages_import_each_other_in_a_circle() -> None:
    between = nx.DiGraph(
        (package_of(a), package_of(b)) for a, b in imports().edges if package_of(a) != package_of(b)
    )
    assert not [sorted(c) for c in nx.strongly_connected_components(between) if len(c) > 1]


def test_no_modules_import_each_other_in_a_circle() -> None:
    circles = [sorted(c) for c in nx.strongly_connected_components(imports()) if len(c) > 1]
    assert not circles


def test_no_name_occurs_twice_in_the_tree() -> None:
    names = Counter(module.rpartition(".")[2] for module in modules() if module != API)
    assert not [name for name, count in names.items() if count > 1]


def test_no_folder_has_too_many_modules() -> None:
    counts = Counter(package_of(m) for m, path in modules().items() if path.stem != "__init__")
    assert max(counts.values()) <= MOST_MODULES, counts.most_common(3)


def test_tests_mirror_the_packages() -> None:
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(PACKAGES) <= folders <= {*PACKAGES, "documents", "faults", "security"}


def test_imports_are_found_in_every_form() -> None:
    """Across packages, within one, of a name, of a module, and inside a function."""
    edges = set(imports().edges)
    assert ("scenarios.running.model_adapter", "model.world.build") in edges  # in a function
    assert ("model.steps.utility", "model.rules.alliance") in edges  # from ..rules import alliance
    assert ("model.steps.utility", "model.vocabulary") in edges  # from ..vocabulary import GROUP_UN
    assert ("viz.cli.main", "viz.web.server") in edges  # from ..web.server import serve
    for_type_checkers = ("scenarios.running.result", "scenarios.running.model_adapter")
    assert for_type_checkers not in edges


def test_files_that_the_page_names_are_there() -> None:
    named = re.findall(r"`((?:model|scenarios|calibration|viz|tests)/[\w./-]*)`", PAGE)
    assert len(named) > 20
    for path in named:
        assert (ROOT / path).exists(), path


def test_the_wheel_has_every_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = set(settings["tool"]["setuptools"]["packages"])
    found = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for top in ("model", "scenarios", "calibration", "viz")
        for file in (ROOT / top).rglob("__init__.py")
    }
    assert found <= shipped, found - shipped
