"""A brief as one HTML file that needs nothing else: its figure is in it, no script, no link."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..charts.style.theme import FONT, GRID, INK, QUIET, font

if TYPE_CHECKING:
    from .brief import Brief
    from .brief_block import Block

STYLE = f"""
@page {{ size: A4; margin: 16mm 18mm; }}
body {{ font: 15px/1.45 {FONT}; color: {INK}; max-width: 46em; margin: 2em auto; padding: 0 1em; }}
h1 {{ font-size: 1.6em; line-height: 1.2; margin: 0; }}
h2 {{ font-size: 1.05em; margin: 1.2em 0 .25em; }}
p {{ margin: .25em 0; }}
.under {{ color: {QUIET}; }}
ul {{ margin: .25em 0; padding-left: 1.2em; }}
li {{ margin: .2em 0; overflow-wrap: anywhere; }}
figure {{ margin: 1em 0; break-inside: avoid; }}
svg {{ width: 100%; height: auto; }}
table {{ border-collapse: collapse; width: 100%; margin: .6em 0; }}
td {{ font-variant-numeric: tabular-nums; }}
th, td {{ text-align: right; padding: .2em .5em; border-bottom: 1px solid {GRID}; }}
th {{ font-weight: 600; vertical-align: bottom; }}
th:first-child, td:first-child {{ text-align: left; padding-left: 0; }}
@media print {{
  body {{ font-size: 9.5pt; line-height: 1.3; margin: 0; padding: 0; max-width: none; }}
}}
"""


def written(brief: Brief) -> bytes:
    """The brief as the bytes of an HTML file."""
    title = escape(brief.title)
    body = "\n".join(_part(block) for block in brief.blocks)
    page = (
        f'<!doctype html>\n<html lang="{brief.language}"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{STYLE.replace(FONT, font())}</style></head>\n"
        f"<body><main><h1>{title}</h1>"
        f'<p class="under">{escape(brief.subtitle)}</p>\n{body}\n</main></body></html>\n'
    )
    return page.encode()


def _part(block: Block) -> str:
    if block.sort == "heading":
        return f"<h2>{escape(block.lines[0])}</h2>"
    if block.sort == "figure":
        label = escape(block.lines[0], quote=True)
        drawing = block.figure.decode().replace(
            "<svg ", f'<svg role="img" aria-label="{label}" ', 1
        )
        return f"<figure>{drawing}</figure>"
    if block.sort == "points":
        return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in block.lines)}</ul>"
    if block.sort == "table":
        heads, *rows = block.lines
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heads)
        cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return "".join(f"<p>{escape(line)}</p>" for line in block.lines)
