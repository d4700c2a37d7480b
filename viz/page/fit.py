"""Fit: how good the model is and where it fails, from the validation report that is shipped."""

from __future__ import annotations

from pathlib import Path

import solara

from . import words
from .common import Note

DOCS = Path(__file__).resolve().parents[2] / "docs"
REPORT = DOCS / "validation.md"


@solara.component
def Fit() -> None:
    """The tab; an honest sentence where no report is at hand."""
    try:
        text = REPORT.read_text(encoding="utf-8")
    except OSError:
        with solara.Div(classes=["pk-card"]):
            solara.HTML(tag="h2", unsafe_innerHTML=words.FIT)
            Note(words.NO_REPORT)
        return
    with solara.Div(classes=["pk-card", "pk-report"]):
        solara.Markdown(pictured(text))


def pictured(text: str) -> str:
    """The report with its own pictures put inside, as a browser cannot read the folder."""
    import base64
    import re

    def inside(found: re.Match[str]) -> str:
        path = (DOCS / found[2]).resolve()
        if not path.is_relative_to(DOCS) or path.suffix not in (".png", ".svg"):
            return found[0]
        try:
            data = base64.b64encode(path.read_bytes()).decode()
        except OSError:
            return f"*{found[1]}*"
        kind = "svg+xml" if path.suffix == ".svg" else "png"
        return f"![{found[1]}](data:image/{kind};base64,{data})"

    return re.sub(r"!\[([^\]]*)\]\(([^)]+)\)", inside, text)
