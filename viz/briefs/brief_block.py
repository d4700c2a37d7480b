"""One part of a brief, and how it reads as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Block:
    """One part of a brief: a ``heading``, ``text``, ``points``, ``table`` or ``figure``.

    ``lines``: the text, the points, or the cells of the table row by row, its heads first;
    ``figure``: a drawing as SVG.
    """

    sort: str
    lines: tuple[Any, ...] = ()
    figure: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        if self.sort == "heading":
            return f"\n{self.lines[0]}"
        if self.sort == "table":
            return "\n".join("  ".join(str(cell) for cell in row) for row in self.lines)
        mark = "- " if self.sort == "points" else ""
        return "\n".join(f"{mark}{line}" for line in self.lines)
