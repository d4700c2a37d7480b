"""Files of others: what is no table is not read as one, and no row of a table is lost unsaid."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openpyxl", reason="openpyxl, which reads workbooks, is not installed")

import openpyxl

from calibration.new_data import cell_checks, file_kinds, new_months, table_files
from model.errors import InputError

from ..support.hub_files import HUB, hub

ROW = hub().splitlines()[1]
SHEET = "xl/worksheets/sheet1.xml"


def read(folder: Path, content: str | bytes, name: str = "file.csv") -> list[int]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (reading,) = file_kinds.read([path])
    return cell_checks.judged(reading, new_months.known_missions())["people"].tolist()


def workbook(rows: list[list[Any]], more: Callable[[Any], None] = lambda book: None) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    more(book)
    book.save(out)
    return out.getvalue()


def altered(content: bytes, old: bytes, new: bytes, file: str = SHEET) -> bytes:
    """A workbook with one of its files changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as there, zipfile.ZipFile(out, "w") as made:
        for name in there.namelist():
            found = there.read(name)
            assert name != file or old in found
            made.writestr(name, found.replace(old, new) if name == file else found)
    return out.getvalue()


CELLS: list[list[Any]] = [list(HUB), ROW.split(",")]


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01,\n" + bytes(range(256)),
        b"PAR1,\x15\x04\n",
        b"\x89PNG\r\n\x1a\n,",
        hub().encode().replace(b"Japan", b"Ja\0pan"),
        hub().encode() + b"\0" * 50,
        hub().encode().replace(b"Japan", b"\x1b[31mJapan"),
        hub().encode("utf-32"),
        hub().encode("utf-16-be"),
    ],
)
def test_what_is_no_text_is_not_read_as_a_table(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no text, so not a table \(line \d"):
        read(tmp_path, content)


@pytest.mark.parametrize("number", ["inf", "1e3", "4.5", "12,34", "４", "٤", "9" * 20, "9" * 400])
def test_a_number_is_judged_by_one_rule_in_every_column(number: str, tmp_path: Path) -> None:
    by_sex = ROW.split(",")
    total = [*by_sex[:6], f'"{number}"', by_sex[-1]]
    by_sex[7] = f'"{number}"'
    for header, row in ((HUB, by_sex), ((*HUB[:6], "total", HUB[-1]), total)):
        with pytest.raises(InputError, match="is not a number of people"):
            read(tmp_path, ",".join(header) + "\n" + ",".join(row) + "\n")


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("male_personnel", "7", "has the column 'male_personnel' twice"),
        ("Male Personnel", "7", "twice; take one of them out"),
        ("total_personnel", "7", r"line 2: the total is 7, women and men add up to"),
    ],
)
def test_two_columns_that_say_different_things_are_refused(
    header: str, cell: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, f"{','.join(HUB)},{header}\n{ROW},{cell}\n")


@pytest.mark.parametrize("date", ["0000-09-30", "9999-09-30", "٢٠٢٤-07-31"])
def test_a_year_without_reports_is_no_date(date: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no date"):
        read(tmp_path, hub([date]))


def test_two_digits_of_a_year_are_of_the_last_hundred() -> None:
    assert table_files._month("30-Sep-99") == "1999-09"
    assert table_files._month("30-Sep-24") == "2024-09"


def test_a_quotation_that_does_not_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a valid CSV file"):
        read(tmp_path, hub() + '"')


def test_a_workbook_is_read_beyond_what_it_says_that_it_has(tmp_path: Path) -> None:
    """Programs write a wrong ``dimension``; the library reads no further."""
    book = workbook([*CELLS, [*CELLS[1][:3], "Ghana", *CELLS[1][4:]]])
    told = altered(book, b'ref="A1:I3"', b'ref="A1:I2"')
    with pytest.raises(InputError, match=r"stands twice .*line 2 and line 3"):
        read(tmp_path, told, "file.xlsx")


def test_a_formula_without_a_value_is_not_nobody(tmp_path: Path) -> None:
    row = [*CELLS[1][:7], "=1+1", CELLS[1][8]]
    with pytest.raises(InputError, match=r"line 2: the formula '=1\+1' has no value yet"):
        read(tmp_path, workbook([CELLS[0], row]), "file.xlsx")
    assert read(tmp_path, workbook([CELLS[0], [*row[:7], None, row[8]]]), "file.xlsx")


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        (b"<sheetData>", b"<sheetData", SHEET),
        (b"<worksheet", b"\0\1", SHEET),
        (
            b"<worksheet",
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><worksheet",
            SHEET,
        ),
        (b"<workbook", b"", "xl/workbook.xml"),
        (b"sheet.main+xml", b"x", "[Content_Types].xml"),
    ],
)
def test_a_damaged_workbook_is_told(old: bytes, new: bytes, file: str, tmp_path: Path) -> None:
    book = workbook(CELLS)
    if b"ENTITY" in new:
        book = altered(book, b"Troops", b"&x;")
    with pytest.raises(InputError, match=r"the spreadsheet cannot be read \("):
        read(tmp_path, altered(book, old, new, file), "file.xlsx")


def test_what_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = altered(workbook(CELLS), b"</sheetData>", b'<row r="3"><c r="XFD3"/></row></sheetData>')
    monkeypatch.setattr(table_files, "MOST_CELLS", 5_000)
    for content, name in ((wide, "file.xlsx"), (hub() + "\n" * 6_000, "file.csv")):
        with pytest.raises(InputError, match="more than 5,000 cells"):
            read(tmp_path, content, name)
    monkeypatch.setattr(file_kinds, "LARGEST", 100_000)
    large = altered(workbook(CELLS), b"</sheetData>", b"</sheetData>" + b" " * 100_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for one in zipfile.ZipFile(io.BytesIO(large)).namelist():
            file.writestr(one, zipfile.ZipFile(io.BytesIO(large)).read(one))
    with pytest.raises(InputError, match="has too much in it"):
        read(tmp_path, packed.getvalue(), "file.xlsx")
