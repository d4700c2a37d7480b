"""A brief as a PDF on A4: text that can be searched and copied, set line by line."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.textpath import TextToPath

from model.errors import InputError

from ..charts.style.export import rasterise
from ..charts.style.fonts import MISSING
from ..charts.style.layout import pieces
from ..charts.style.theme import GRID, INK, QUIET
from ..language.languages import IN_ENGLISH
from ..language.spoken import current

if TYPE_CHECKING:
    from .brief import Brief
    from .brief_block import Block

POINT = 1 / 72  # inches
WIDTH, HEIGHT = 595.3, 841.9  # points, A4
SIDE, TOP, BOTTOM = 51.0, 45.0, 45.0
TEXT = WIDTH - 2 * SIDE
FONT = "STIXGeneral"  # comes with the package, so that a page is the same everywhere
FONTS = {  # of a language, the first that is found
    "ja": ("Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic", "Meiryo", "Hiragino Sans"),
    "ko": ("Noto Sans CJK KR", "Noto Sans CJK JP", "Noto Sans KR", "Malgun Gothic"),
}
BODY, SMALL, HEADING, TITLE = 9.6, 8.8, 11.5, 18.0
LINE = 1.22  # of the type size, from one line to the next
FIRST = 0.36  # of the width of a table for its first column
SCALE = 3.0  # pixels of the picture for each of its own


def written(brief: Brief) -> bytes:
    """The brief as the bytes of a PDF file."""
    content = io.BytesIO()
    with matplotlib.rc_context({"pdf.fonttype": 42, "font.family": font()}):
        about = {"Title": brief.title, "Creator": "peacekeeping", "CreationDate": None}
        with PdfPages(content, metadata=about) as pages:
            sheet = _Sheet(pages)
            sheet.paragraph(brief.title, TITLE, bold=True)
            sheet.paragraph(brief.subtitle, BODY, colour=QUIET)
            for block in brief.blocks:
                _set(sheet, block)
            sheet.turn()
    return content.getvalue()


def _set(sheet: _Sheet, block: Block) -> None:
    if block.sort == "heading":
        sheet.space(6, keep=40)
        sheet.paragraph(block.lines[0], HEADING, bold=True)
    elif block.sort == "figure":
        sheet.picture(rasterise(block.figure, SCALE))
    elif block.sort == "table":
        sheet.table(block.lines)
    else:
        for line in block.lines:
            sheet.paragraph(line, BODY, bullet=block.sort == "points")


@dataclass
class _Sheet:
    """The page that is being set, and how far down it is filled, in points from the top."""

    pages: Any
    down: float = TOP
    page: Any = field(default_factory=lambda: _blank())

    def turn(self) -> None:
        """Give the page out and begin another."""
        self.pages.savefig(self.page)
        self.page, self.down = _blank(), TOP

    def space(self, points: float, keep: float = 0.0) -> None:
        """Leave so much free; turn the page if less than ``keep`` is left after it."""
        self.down += points
        if self.down + keep > HEIGHT - BOTTOM:
            self.turn()

    def paragraph(
        self, text: str, size: float, bold: bool = False, colour: str = INK, bullet: bool = False
    ) -> None:
        """A text in as many lines as it needs."""
        indent = 10.0 if bullet else 0.0
        for number, line in enumerate(_lines(text, TEXT - indent, size, bold)):
            self.space(0, keep=size * LINE)
            self.down += size * LINE
            if bullet and not number:
                self._put("•", SIDE, size, bold, colour)
            self._put(line, SIDE + indent, size, bold, colour)
        self.down += 2.0

    def picture(self, png: bytes) -> None:
        """A picture as wide as the text."""
        pixels = imread(io.BytesIO(png), format="png")
        height = TEXT * pixels.shape[0] / pixels.shape[1]
        self.space(6, keep=height)
        box = (SIDE / WIDTH, 1 - (self.down + height) / HEIGHT, TEXT / WIDTH, height / HEIGHT)
        axes = self.page.add_axes(box)
        axes.imshow(pixels, aspect="auto", interpolation="none")
        axes.axis("off")
        self.down += height + 4

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table with its heads above a rule; numbers to the right."""
        rest = TEXT * (1 - FIRST) / (len(rows[0]) - 1)
        ends = [SIDE, *(SIDE + TEXT * FIRST + rest * n for n in range(1, len(rows[0])))]
        for number, row in enumerate(rows):
            bold = number == 0
            cells = [
                _lines(cell, (TEXT * FIRST if not n else rest) - 6, SMALL, bold)
                for n, cell in enumerate(row)
            ]
            height = max(len(cell) for cell in cells) * SMALL * LINE
            self.space(2, keep=height)
            for n, (cell, end) in enumerate(zip(cells, ends, strict=True)):
                top = self.down + height - (len(cell) - 1) * SMALL * LINE
                for place, line in enumerate(cell):
                    self._put(line, end, SMALL, bold, INK, top + place * SMALL * LINE, bool(n))
            self.down += height + 2
            self._rule()
        self.down += 4

    def _rule(self) -> None:
        y = 1 - self.down / HEIGHT
        ends = [SIDE / WIDTH, 1 - SIDE / WIDTH]
        self.page.add_artist(matplotlib.lines.Line2D(ends, [y, y], color=GRID, linewidth=0.8))

    def _put(
        self,
        text: str,
        left: float,
        size: float,
        bold: bool,
        colour: str,
        down: float | None = None,
        right: bool = False,
    ) -> None:
        self.page.text(
            left / WIDTH,
            1 - (self.down if down is None else down) / HEIGHT,
            text,
            size=size,
            weight="bold" if bold else "normal",
            color=colour,
            ha="right" if right else "left",
            parse_math=False,
        )


@lru_cache(maxsize=4)
def _font_of(language: str) -> str:
    known = set(font_manager.get_font_names())
    fitting = [name for name in FONTS[language] if name in known]
    if not fitting:
        raise InputError(MISSING.format(language=IN_ENGLISH[language]))
    return fitting[0]


def font() -> str:
    """The type of a page in the language that is spoken.

    Raises:
        InputError: no font has its letters, with what to install.
    """
    return _font_of(current()) if current() in FONTS else FONT


def _blank() -> Any:
    page = Figure(figsize=(WIDTH * POINT, HEIGHT * POINT))
    FigureCanvasPdf(page)
    return page


def _lines(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """A text broken into lines no wider than so many points; a word that is wider is cut."""
    found: list[str] = []
    line = ""
    for piece in pieces(" ".join(text.split())):
        word = piece.rstrip()
        longer = f"{line}{word}"
        if _width(longer, size, bold) <= width:
            line += piece
            continue
        if line:
            found.append(line.rstrip())
        while _width(word, size, bold) > width:
            fits = next(n for n in range(len(word), 0, -1) if _width(word[:n], size, bold) <= width)
            found.append(word[:fits])
            word = word[fits:]
        line = word + piece[len(piece.rstrip()) :]
    return [*found, line.rstrip()]


def _width(text: str, size: float, bold: bool) -> float:
    """Points that a line takes."""
    face = font_manager.FontProperties(family=font(), size=size, weight="bold" if bold else 400)
    width, _, _ = TextToPath().get_text_width_height_descent(text, face, ismath=False)
    return float(width)
