"""Which module of the program imports which, read from the source."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[2]
PACKAGES = ("model", "scenarios", "calibration", "viz")
API = "peacekeeping"


@cache
def modules() -> dict[str, Path]:
    """Every module of the program by dotted name."""
    found = {API: ROOT / f"{API}.py"}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def package_of(module: str) -> str:
    """The innermost package of a module, itself if it is one."""
    is_package = modules()[module].name == "__init__.py"
    return module if is_package or "." not in module else module.rpartition(".")[0]


@cache
def imports() -> nx.DiGraph:
    """Which module imports which, wherever in the file; names for type checkers alone left out."""
    known = modules()
    graph = nx.DiGraph()
    graph.add_nodes_from(known)
    for name, path in known.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for node in _at_run_time(ast.parse(path.read_text(encoding="utf-8"))):
            graph.add_edges_from((name, one) for one in _named(node, package, known) if one != name)
    return graph


def _at_run_time(node: ast.AST) -> list[ast.Import | ast.ImportFrom]:
    found: list[ast.Import | ast.ImportFrom] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            found.append(child)
        found += _at_run_time(child)
    return found


def _named(node: ast.Import | ast.ImportFrom, package: str, known: dict[str, Path]) -> set[str]:
    """Modules of ours that an import statement names."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names if alias.name in known}
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    whole = {f"{base}.{alias.name}" for alias in node.names} & set(known)
    some = any(f"{base}.{alias.name}" not in known for alias in node.names)
    return whole | ({base} & set(known) if some else set())
