"""A tutorial as a notebook and back: the two are a pair, and neither loses a letter.

Jupytext turns Markdown and Python blocks into cells.  What it would leave as text becomes a cell of
its own: a shell block has ``!`` before each command, a block that is a file is written by
``%%writefile``.  What the block was called is kept with the cell (``fence``).  ``python -m
viz.notebooks.tutorial_cells docs/notebooks/1-first-run.ipynb`` takes an edited notebook back into
its tutorial.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from model.errors import InputError

ROOT = Path(__file__).parents[2]
TUTORIALS = ROOT / "docs" / "tutorials"
NOTEBOOKS = ROOT / "docs" / "notebooks"
FENCE = re.compile(r"^```(shell|\w+ file=\S+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
CELL = re.compile(r'^```python fence="([^"\n]+)"\n(.*?)^```$', flags=re.MULTILINE | re.DOTALL)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def tutorials() -> list[Path]:
    """The tutorials, by their number."""
    return sorted(TUTORIALS.glob("*.md"), key=lambda path: int(path.stem.partition("-")[0]))


def stored(tutorial: Path) -> Path:
    """Where the notebook of a tutorial lies."""
    return NOTEBOOKS / f"{tutorial.stem}.ipynb"


def notebook(text: str) -> Any:
    """The notebook of a tutorial's text, not yet executed."""
    made = jupytext.reads(FENCE.sub(_cell, text), fmt="md")
    made.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(made.cells, start=1):
        cell["id"] = f"cell-{number}"
    return made


def tutorial(notebook: Any) -> str:
    """The text of the tutorial that a notebook was made from."""
    plain = nbformat.from_dict({**notebook, "metadata": {}})
    plain.metadata["jupytext"] = {"notebook_metadata_filter": "-all"}
    return CELL.sub(_block, jupytext.writes(plain, fmt="md"))


def _cell(block: re.Match[str]) -> str:
    fence, body = block[1], block[2]
    if fence == "shell":
        body = re.sub(r"^(?=.)", "!", body, flags=re.MULTILINE).replace("!export ", "%env ")
    else:
        body = f"%%writefile {fence.partition('file=')[2]}\n{body}"
    return f'```python fence="{fence}"\n{body}```'


def _block(cell: re.Match[str]) -> str:
    fence, body = cell[1], cell[2]
    if fence == "shell":
        body = re.sub(r"^%env ", "export ", body, flags=re.MULTILINE)
        body = re.sub(r"^!", "", body, flags=re.MULTILINE)
    else:
        body = body.partition("\n")[2]
    return f"```{fence}\n{body}```"


def main(names: list[str]) -> int:
    """Write the tutorials that edited notebooks are made from."""
    for name in names:
        path = TUTORIALS / f"{Path(name).stem}.md"
        if not path.exists():
            raise InputError(f"{name} has no tutorial; {path.name} is not in docs/tutorials")
        path.write_text(tutorial(nbformat.read(name, as_version=4)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
