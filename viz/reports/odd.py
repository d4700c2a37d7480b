"""``docs/odd.md``: the model described in the ODD+D protocol, from the program and its data.

    python -m viz.reports.odd [--out FILE]

The prose stands in ``docs/parts/odd.md``, with a ``{{name}}`` where a table or a list made here
belongs; the meanings of the state variables stand in ``docs/parts/state_variables.csv``.
"""

import argparse
import ast
import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from model import coverage, months, settings, tables
from model.core import parameter_index, records, rng, utility_terms
from model.core.jit import HERE, RULES
from model.engine import single_run
from model.errors import InputError
from scenarios.definition import event_types, lookup

DOCS = HERE.parent / "docs"
PAGE = DOCS / "odd.md"
DECORATORS = ("step", "entry", "month_step")
assert single_run  # importing it brings in every rule


def page() -> str:
    """The whole page as Markdown.

    Raises:
        InputError: a state variable, a rule or a parameter is not described.
    """
    text = (DOCS / "parts" / "odd.md").read_text(encoding="utf-8")
    parts = {
        "after_record": months.month_text(coverage.last("un_reports") + 1),
        "first_month": settings.FIRST_MONTH,
        "last_month": settings.LATEST_MONTH,
        "n_states": f"{len(tables.table('states')):,}",
        "n_missions": f"{len(tables.table('missions')):,}",
        "n_provisions": f"{len(tables.table('instruments')):,}",
        "n_requests": f"{len(tables.table('requests')):,}",
        "state_variables": _state_variables(),
        "purposes": ", ".join(_purposes()),
        "stocks": ", ".join(name.replace("_", " ") for name in records.STOCKS),
        "inputs": _inputs(),
        "terms": _terms(),
        "rules": _rules(),
        "steps": _steps(),
        "parameters": _parameters(),
        "trends": _trends(),
        "events": _events(),
    }
    wanted = set(re.findall(r"\{\{(\w+)\}\}", text))
    if wanted != set(parts):
        raise InputError(f"docs/parts/odd.md: places and parts differ: {wanted ^ set(parts)}")
    for name, value in parts.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = (" ".join(str(cell).split()).replace("|", "\\|") for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _state_variables() -> str:
    """A table for each record of the world and of a run."""
    path = DOCS / "parts" / "state_variables.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    described = {(row["record"], row["field"]): row for row in rows}
    layouts = {
        name: value
        for name, value in vars(records).items()
        if isinstance(value, np.dtype) and name != "PROVISION"
    }
    fields = {(name, field) for name, value in layouts.items() for field in value.names or ()}
    if odd := sorted(fields ^ set(described)):
        record, field = odd[0]
        raise InputError(
            f"docs/parts/state_variables.csv: {record}.{field} must be described exactly if it is "
            "a field of model/core/records.py"
        )
    parts = []
    for name, value in layouts.items():
        parts.append(f"**{name.replace('_', ' ').capitalize()}** (`records.{name}`)")
        cells = (described[name, field] for field in value.names or ())
        parts.append(
            _table(
                ("variable", "unit", "meaning"),
                ((f"`{cell['field']}`", cell["unit"], cell["meaning"]) for cell in cells),
            )
        )
    return "\n\n".join(parts)


def _purposes() -> list[str]:
    """What draws are made for, from the constants of ``rng``."""
    tree = _tree(HERE / "core" / "rng.py")
    names = [
        element.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for element in (target.elts if isinstance(target, ast.Tuple) else [target])
        if isinstance(element, ast.Name) and isinstance(getattr(rng, element.id), int)
    ]
    return [name.lower().replace("_", " ") for name in names if not name.startswith("_")]


def _inputs() -> str:
    """The tables of the model with their rows and columns."""
    rows = []
    for path in sorted(tables.FOLDER.glob("*.csv")):
        frame = tables.table(path.stem)
        rows.append((f"`{path.name}`", len(frame), ", ".join(frame.columns)))
    return _table(("table", "rows", "columns"), rows)


def _terms() -> str:
    """The terms of the utility with meaning and weight."""
    weight = {row["name"]: row for row in _parameter_rows() if not row["state"]}
    rows = []
    for name in utility_terms.NAMES:
        row = weight[f"weight_{name}"]
        rows.append((f"`{name}`", utility_terms.MEANING[name], row["value"], row["source"]))
    return _table(("term", "meaning", "weight", "source of the sign"), rows)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(decorators: Sequence[str]) -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Every function of the model that carries one of these decorators, module by module."""
    for path in sorted(HERE.rglob("*.py")):
        for node in _tree(path).body:
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(mark, ast.Name) and mark.id in decorators for mark in node.decorator_list
            ):
                yield path, node


def _link(path: Path, node: ast.FunctionDef) -> str:
    place = f"../model/{path.relative_to(HERE).as_posix()}#L{node.lineno}"
    return f"[`{path.stem}.{node.name}`]({place})"


def _dotted(path: Path) -> str:
    """The name of a module within ``model``."""
    return ".".join(path.relative_to(HERE).with_suffix("").parts)


def _summary(path: Path, node: ast.FunctionDef) -> str:
    """The first paragraph of a docstring, as Markdown."""
    text = ast.get_docstring(node)
    if not text:
        raise InputError(f"model/{path.relative_to(HERE).as_posix()}: {node.name} has no docstring")
    return text.split("\n\n")[0].replace("``", "`")


def _rules() -> str:
    """The rules, a table for each module: link and what it computes."""
    parts = []
    seen = []
    for path, nodes in groupby(_functions(("rule",)), key=lambda pair: pair[0]):
        first = (ast.get_docstring(_tree(path)) or "").split("\n\n")[0]
        rows = []
        for _, node in nodes:
            seen.append(f"{_dotted(path)}.{node.name}")
            rows.append((_link(path, node), _summary(path, node)))
        parts += [f"##### {path.stem}", " ".join(first.split()), _table(("rule", "computes"), rows)]
    if odd := sorted(set(seen) ^ set(RULES)):
        raise InputError(f"the rule {odd[0]} is not described by its module")
    return "\n\n".join(parts)


def _read_by(node: ast.AST) -> list[str]:
    """Names of the parameters that a function reads."""
    return sorted(
        {
            part.attr.lower()
            for part in ast.walk(node)
            if isinstance(part, ast.Attribute)
            and isinstance(part.value, ast.Name)
            and part.value.id == "P"
            and part.attr.isupper()
        }
    )


def _steps() -> str:
    """The composite steps: what each does and which parameters it reads."""
    rows = []
    for path, node in _functions(DECORATORS):
        read = ", ".join(f"`{name}`" for name in _read_by(node))
        rows.append((_link(path, node), _summary(path, node), read))
    return _table(("step", "what it does", "parameters read"), rows)


def _parameter_rows() -> list[dict[Any, Any]]:
    return tables.table("parameters").to_dict("records")


def _parameters() -> str:
    """Every parameter with value, range, status, source and where it is read."""
    readers: dict[str, set[str]] = {}
    for path in sorted(HERE.rglob("*.py")):
        for name in _read_by(_tree(path)):
            readers.setdefault(name, set()).add(path.stem)
    for name in lookup.trends():
        readers[name] = {"trends"}
    known = {row["name"] for row in _parameter_rows()}
    read = set(readers) | set(parameter_index.NAMES[: utility_terms.COUNT])  # the weights
    if unread := sorted(known - read):
        raise InputError(f"model/data/parameters.csv: no step reads {unread[0]}")
    rows = []
    for row in _parameter_rows():
        where = readers.get(row["name"], {"utility"})
        rows.append(
            (
                f"`{row['name']}{'.' + row['state'] if row['state'] else ''}`",
                row["role"],
                row["value"],
                f"{row['low']} to {row['high']}",
                row["unit"],
                row["status"],
                row["description"],
                row["source"],
                ", ".join(sorted(where)),
            )
        )
    return _table(
        ("name", "role", "value", "range", "unit", "status", "meaning", "source", "read in"), rows
    )


def _trends() -> str:
    """What each composite lever moves at level 1, how, and whence."""
    rows = [
        (
            f"`{name}`",
            f"`{row['parameter']}`",
            f"{100 * float(row['effect']):+g}%" if row["how"] == "factor" else f"+{row['effect']}",
            row["note"],
            row["source"],
        )
        for name, moves in lookup.trends().items()
        for row in moves
    ]
    return _table(("lever", "moves", "at 1", "because", "source"), rows)


def _events() -> str:
    """Every type of event with its fields: those that it must have and those that it may have."""
    rows = [
        (f"`{one.name}`", one.what, ", ".join(one.must), ", ".join(one.may))
        for one in event_types.listed()
    ]
    return _table(("type", "what happens", "must have", "may have"), rows)


def main() -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(prog="python -m viz.reports.odd", description=__doc__)
    parser.add_argument("--out", type=Path, default=PAGE, help="where to write the page")
    arguments = parser.parse_args()
    try:
        text = page()
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    arguments.out.write_text(text, encoding="utf-8")
    print(f"wrote {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
