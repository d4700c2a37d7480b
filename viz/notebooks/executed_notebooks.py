"""The notebooks of the tutorials, executed: ``python -m viz.notebooks.executed_notebooks`` writes
them to ``docs/notebooks``; with numbers only those.

They keep what was printed, as text.  One kernel executes them all, each with names, folder and
environment of its own, so that machine code and tables are loaded once.
"""

from __future__ import annotations

import math
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from . import tutorial_cells

SECONDS = 600  # that a cell may take
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[+-]?\d+)?")
TIME = re.compile(r"\b[\d.,]+ (?:seconds?|minutes?|hours?)\b")  # of this machine, on that day
CLOSE = 1e-6  # relative: what the arithmetic of another processor may change
BEGIN = "from viz.notebooks import kernel_commands\nkernel_commands.begin({folder!r})\n%reset -f"
Execute = Callable[[Any, Path], Any]


@contextmanager
def kernel() -> Iterator[Execute]:
    """A kernel, as a function that executes a notebook in a folder and returns it."""
    client = NotebookClient(
        nbformat.v4.new_notebook(),
        timeout=SECONDS,
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
    )
    path = os.pathsep.join([str(tutorial_cells.ROOT), os.environ.get("PYTHONPATH", "")])
    with client.setup_kernel(env={**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)}):

        def execute(notebook: Any, folder: Path) -> Any:
            begin = nbformat.v4.new_code_cell(BEGIN.format(folder=str(folder)))
            client.nb = nbformat.from_dict({**notebook, "cells": [begin, *notebook.cells]})
            client.reset_execution_trackers()
            for number, cell in enumerate(client.nb.cells):
                client.execute_cell(cell, number, execution_count=max(number, 1))
            return _as_text(client.nb.cells[1:], notebook)

        yield execute


def _as_text(cells: list[Any], notebook: Any) -> Any:
    """The notebook with what its cells printed, without error stream, pictures and HTML."""
    count = 0
    for cell in cells:
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        printed = "".join(_printed(output) for output in cell.outputs)
        cell.outputs = [nbformat.v4.new_output("stream", text=printed)] if printed else []
    return nbformat.from_dict({**notebook, "cells": cells})


def _printed(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.text) if output.name == "stdout" else ""
    return str(output.data.get("text/plain", "")) + "\n" if "data" in output else ""


def printed(notebook: Any) -> list[str]:
    """What each code cell of a notebook printed."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(output.text for output in cell.outputs) for cell in cells]


def differences(stored: Any, made: Any) -> list[str]:
    """Lines printed by two executions that differ by more than the last digits of a number, or than
    the time that something takes."""
    found = []
    for number, (old, new) in enumerate(zip_longest(printed(stored), printed(made)), start=1):
        for one, other in zip_longest((old or "").splitlines(), (new or "").splitlines()):
            if not _alike(one or "", other or ""):
                found.append(f"cell {number}: {one!r} is now {other!r}")
    return found


def _alike(one: str, other: str) -> bool:
    one, other = (TIME.sub("a time", line) for line in (one, other))
    words = [NUMBER.sub("#", line).split() for line in (one, other)]
    numbers = [[float(number) for number in NUMBER.findall(line)] for line in (one, other)]
    return words[0] == words[1] and all(
        math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) for a, b in zip(*numbers)
    )


def _differs(there: Path, made: Any) -> bool:
    """Whether a notebook is another than the stored one, apart from times and last digits."""
    if not there.exists():
        return True
    stored = nbformat.read(there, as_version=4)
    cells = [[cell.source for cell in one.cells] for one in (stored, made)]
    return cells[0] != cells[1] or differences(stored, made) != []


def main(numbers: list[str]) -> int:
    """Execute the tutorials and write their notebooks."""
    tutorial_cells.NOTEBOOKS.mkdir(exist_ok=True)
    with kernel() as execute:
        for path in tutorial_cells.tutorials():
            if numbers and path.stem.partition("-")[0] not in numbers:
                continue
            made = tutorial_cells.notebook(path.read_text(encoding="utf-8"))
            with tempfile.TemporaryDirectory() as folder:
                made = execute(made, Path(folder))
            there = tutorial_cells.stored(path)
            changed = _differs(there, made)
            if changed:
                nbformat.write(made, there)
            name = there.relative_to(tutorial_cells.ROOT)
            print(f"{name}: {'written' if changed else 'as before'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
