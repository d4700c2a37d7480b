"""The words and ruling lines of a PDF, page by page; pdfplumber, an optional extra, reads them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import NamedTuple

from model.errors import InputError

SAME_LINE = 4.5  # points between the middles of words on one line; some layouts set numbers higher


class Word(NamedTuple):
    """A word with its left and right edge and the middle of its height, in points."""

    left: float
    right: float
    middle: float
    text: str


@dataclass(frozen=True)
class Page:
    """Words of a page, and its horizontal rulings: left, right, height in points."""

    words: tuple[Word, ...]
    rulings: tuple[tuple[float, float, float], ...] = ()

    def lines(self) -> list[list[Word]]:
        """Words by line from top to bottom, each line from left to right."""
        out: list[list[Word]] = []
        for word in sorted(self.words, key=lambda word: word.middle):
            if out and word.middle - out[-1][0].middle <= SAME_LINE:
                out[-1].append(word)
            else:
                out.append([word])
        return [sorted(line) for line in out]

    def ruled(self, at: float) -> list[float]:
        """Heights of the rulings that cross the position ``at``, from top to bottom."""
        return sorted({height for left, right, height in self.rulings if left <= at <= right})


def pages(content: bytes, name: str) -> list[Page]:
    """The pages of a PDF.

    Raises:
        InputError: pdfplumber is not installed, the file is damaged or has no text.
    """
    try:
        import pdfplumber
    except ImportError:
        raise InputError(
            f"{name} is a PDF; reading it takes an extra: pip install 'peacekeeping[data]'"
        ) from None
    out = []
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            for page in document.pages:
                words = page.extract_words()
                edges = page.horizontal_edges
                out.append(
                    Page(
                        tuple(
                            Word(w["x0"], w["x1"], (w["top"] + w["bottom"]) / 2, w["text"])
                            for w in words
                        ),
                        tuple((e["x0"], e["x1"], e["top"]) for e in edges),
                    )
                )
                page.close()
    except Exception as error:  # whatever a damaged file makes of its parser
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{name}: the PDF cannot be read ({reason})") from None
    if not any(page.words for page in out):
        raise InputError(f"{name}: the PDF has no text, only pictures; take the UN's own file")
    return out
