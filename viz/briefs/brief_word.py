"""A brief as a Word document, with the styles of Word's own template, to be edited further."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ..charts.style.export import rasterise
from ..charts.style.theme import INK, QUIET

if TYPE_CHECKING:
    from .brief import Brief
    from .brief_block import Block

FONT = "Calibri"
EAST_ASIAN = {"ja": ("Yu Gothic", "ja-JP"), "ko": ("Malgun Gothic", "ko-KR")}  # of Word itself
WIDTH = Mm(174)  # of the text on A4
SIZES = {"Normal": 9.5, "List Bullet": 9.5, "Heading 1": 11.5, "Title": 18}  # points
SCALE = 3.0  # pixels of the picture for each of its own


def written(brief: Brief) -> bytes:
    """The brief as the bytes of a .docx file."""
    document = Document()
    _set_up(document, brief.language)
    document.core_properties.title = brief.title
    document.core_properties.author = "peacekeeping"
    document.add_paragraph(brief.title, style="Title")
    under = document.add_paragraph(brief.subtitle)
    under.runs[0].font.color.rgb = RGBColor.from_string(QUIET[1:].upper())
    for block in brief.blocks:
        _add(document, block)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _set_up(document: Any, language: str) -> None:
    """A4, and type that lets two pages hold it."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(15)
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor.from_string(INK[1:].upper())
        style.element.rPr.rFonts.attrib.clear()  # fonts of the theme would win
        style.font.name = FONT
        if language in EAST_ASIAN:
            _speak(style.element.rPr, *EAST_ASIAN[language])
        space = style.paragraph_format
        space.space_before = Pt(6 if name == "Heading 1" else 0)
        space.space_after, space.line_spacing = Pt(2), 1.0


def _speak(properties: Any, font: str, language: str) -> None:
    """The font and the language of letters of East Asia."""
    properties.rFonts.set(qn("w:eastAsia"), font)
    marked = OxmlElement("w:lang")
    marked.set(qn("w:eastAsia"), language)
    properties.append(marked)


def _add(document: Any, block: Block) -> None:
    if block.sort == "heading":
        document.add_paragraph(block.lines[0], style="Heading 1")
    elif block.sort == "figure":
        picture = io.BytesIO(rasterise(block.figure, SCALE))
        shape = document.add_picture(picture, width=WIDTH)
        shape._inline.docPr.set("descr", block.lines[0])  # read out where it cannot be seen
    elif block.sort == "table":
        _add_table(document, block.lines)
    else:
        style = "List Bullet" if block.sort == "points" else "Normal"
        for line in block.lines:
            document.add_paragraph(line, style=style)


def _add_table(document: Any, rows: tuple[Any, ...]) -> None:
    """A table whose first row repeats on a new page; numbers to the right."""
    table = document.add_table(len(rows), len(rows[0]), style="Light List")
    for cells, row in zip(table.rows, rows, strict=True):
        for number, (cell, text) in enumerate(zip(cells.cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).font.size = Pt(SIZES["Normal"] - 0.5)
            if number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
