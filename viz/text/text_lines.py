"""Lines of a text for a terminal or a file: a label on the left, the words in its column."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 100  # columns
LABEL = 16  # columns of the words on the left
DATES_SHOWN = 6

Line = tuple[str, str]  # text, style


def wrapped(label: str, text: str) -> Iterator[Line]:
    """A text with its label on the left, in as many lines as it needs."""
    lines = textwrap.wrap(text, WIDTH - LABEL, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        before = f"{label if number == 0 else '':<{LABEL - 1}} "
        yield (before + line, "")


def dates(months: Sequence[str]) -> str:
    """Months in a row; of many the first, the last and their number."""
    if len(months) <= DATES_SHOWN:
        return ", ".join(months)
    return f"{', '.join(months[:3])} … {months[-1]} ({len(months)} times)"
