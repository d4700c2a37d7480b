"""Tutorials on the site: under each block what it printed, and the notebook to take away.

MkDocs calls this (``mkdocs.yml``).
"""

from __future__ import annotations

import re
from typing import Any

import nbformat

from viz.notebooks import executed_notebooks, tutorial_cells

BLOCK = re.compile(r"^```(?:python|shell|\w+ file=\S+)\n.*?^```$", flags=re.MULTILINE | re.DOTALL)
TAKE = "[This page as a notebook](../notebooks/{name}), executed.\n\n"


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Add what the notebook of a tutorial printed."""
    path = tutorial_cells.ROOT / "docs" / str(page.file.src_uri)
    if path.parent != tutorial_cells.TUTORIALS:
        return markdown
    notebook = tutorial_cells.stored(path)
    printed = executed_notebooks.printed(nbformat.read(notebook, as_version=4))
    return with_output(markdown, printed, notebook.name)


def with_output(markdown: str, printed: list[str], name: str) -> str:
    """A tutorial's text with what each of its blocks printed, in their order."""
    left = iter(printed)

    def shown(block: re.Match[str]) -> str:
        answer = next(left).strip("\n")
        if not answer or " file=" in block[0].partition("\n")[0]:
            return block[0]
        return f'{block[0]}\n\n```{{.text .no-copy title="Output"}}\n{answer}\n```'

    heading, _, rest = markdown.partition("\n\n")
    return f"{heading}\n\n{TAKE.format(name=name)}{BLOCK.sub(shown, rest)}"
