"""The house drawn from its own imports: rooms, floors and what leans on what.

``python -m viz.reports.architecture`` writes ``docs/architecture.md``: the words of
``docs/parts/architecture.md`` with the drawing and the floors put in where they are named.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "docs" / "parts" / "architecture.md"
PAGE = ROOT / "docs" / "architecture.md"
ROOMS = ("viz", "calibration", "scenarios", "model")  # each may lean on those after it
FACE = "peacekeeping"


def modules() -> dict[str, Path]:
    """Every module of the program by dotted name."""
    found = {FACE: ROOT / f"{FACE}.py"}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


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


def room(module: str) -> str:
    """The room in which a module stands."""
    return module.partition(".")[0]


def drawing() -> str:
    """Rooms, each with what it says of itself, and which imports from which."""
    order = (FACE, *ROOMS)
    lines = ["```mermaid", "flowchart TD"]
    for one in order:
        first = (ast.get_docstring(ast.parse(modules()[one].read_text("utf-8"))) or "").split("\n")
        lines.append(f'    {one}["<b>{one}</b><br/>{first[0].rstrip(".")}"]')
    arrows = {(room(a), room(b)) for a, b in imports().edges if room(a) != room(b)}
    for a, b in sorted(arrows, key=lambda pair: [order.index(each) for each in pair]):
        lines.append(f"    {a} --> {b}")
    return "\n".join([*lines, "```"])


def floors(name: str) -> str:
    """The modules of a room, floor by floor: each stands on those below it alone."""
    own = imports().subgraph([m for m in imports() if room(m) == name and m != name])
    stacked = list(nx.topological_generations(own.reverse()))
    lines = ["| floor | modules |", "|---|---|"]
    for number in range(len(stacked) - 1, -1, -1):
        names = sorted(one.removeprefix(f"{name}.").replace(".", "/") for one in stacked[number])
        lines.append(f"| {number} | {', '.join(names)} |")
    return "\n".join(lines)


def page() -> str:
    """The document."""
    text = WORDS.read_text(encoding="utf-8").replace("{drawing}", drawing())
    for name in ROOMS:
        text = text.replace(f"{{floors of {name}}}", floors(name))
    return text


def main() -> None:
    """Write the document."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
