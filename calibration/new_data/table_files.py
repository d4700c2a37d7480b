"""Tables of contributions as CSV or spreadsheets: the UN hub's file, the copies of it, and others.

Columns are known by name in any case and with any separator: those of the hub
(``contributing_country``), of the humanitarian data exchange (``Contributing_Country``), of the
flat report of 2019 (``country, description``) and of this project (``iso3, kind, people``).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, TypeVar

import pandas as pd

from model.errors import InputError

from .cell_checks import number
from .reading import CELLS, Reading

COLUMNS: dict[str, tuple[str, ...]] = {
    "month": ("lastreportingdate", "reportdate", "reportingdate", "date", "month"),
    "mission": ("missionacronym", "mission", "missionname"),
    "iso3": ("isocode3", "iso3", "contributoriso3", "isocode", "state"),
    "name": ("contributingcountry", "contributor", "country", "countryname"),
    "kind": ("personneltype", "description", "kind", "post", "type"),
    "female": ("femalepersonnel", "female", "f"),
    "male": ("malepersonnel", "male", "m"),
    "people": ("totalpersonnel", "people", "total", "personnel", "count"),
}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-\d{1,2})?(?:[T ].*)?", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})(?: .*)?", re.ASCII),
    re.compile(r"\d{1,2}[- ](?P<name>[A-Za-z]{3,9})[- ](?P<year>\d{4}|\d{2})", re.ASCII),
    re.compile(r"(?P<name>[A-Za-z]{3,9})[- ](?P<year>\d{4})", re.ASCII),
)
Row = TypeVar("Row", bound=Sequence[Any])
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")  # of programs, pictures, packed files
MOST_CELLS = 10_000_000  # with the rows themselves; the UN's whole history has two million
FIRST_YEAR, LAST_YEAR = 1948, 2100  # the first peace operation; later than any report


def text_rows(content: bytes, file: str) -> list[list[str]]:
    """Rows of a text file in any encoding in use, whatever separates its cells.

    Raises:
        InputError: no separator is told apart, or the file is cut inside a quotation.
    """
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(f"{file} is no text, so not a table; save it as CSV in UTF-8")
    if found := NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(
            f"{file} is no text, so not a table (line {line} holds U+{ord(found[0]):04X}); save it "
            "as CSV in UTF-8"
        )
    head = text.lstrip().split("\n", 1)[0]
    mark = max(";,\t|", key=head.count)
    if not head.count(mark):
        raise InputError(f"{file}: line 1 has one cell only; separate cells by , or ;")
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        return list(_bounded(rows, file))
    except csv.Error as error:
        raise InputError(f"{file} is not a valid CSV file ({error})") from None


def sheet_rows(content: bytes, file: str) -> list[list[str]]:
    """Rows of the one sheet of a workbook that has a table of contributions.

    Raises:
        InputError: openpyxl is not installed, the workbook is damaged, or no sheet has the columns.
    """
    try:
        import openpyxl
    except ImportError:
        raise InputError(
            f"{file} is a spreadsheet; reading it takes an extra: pip install "
            "'peacekeeping[data]', or save it as CSV"
        ) from None

    def sheets_of(**options: bool) -> dict[str, Any]:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, **options)
        for sheet in book:
            sheet.reset_dimensions()  # else no more is read than a file says that it has
        return {sheet.title: sheet.iter_rows(values_only=True) for sheet in book}

    try:
        sheets = {
            title: list(map(_ended, _bounded(rows, file)))
            for title, rows in sheets_of(data_only=True).items()
        }
    except InputError:
        raise
    except Exception as error:  # the library does not say what it may raise
        reason = " ".join(str(error).split())[:100]
        raise InputError(f"{file}: the spreadsheet cannot be read ({reason})") from None
    found = {
        title: rows
        for title, rows in sheets.items()
        if rows and len(_columns(rows[0])) > len(COLUMNS) // 2
    }
    if len(found) != 1:
        raise InputError(
            f"{file}: {len(found) or 'none'} of its {len(sheets)} sheets has the columns of a "
            "table of contributions in its first row; save the one with the months as CSV"
        )
    ((title, rows),) = found.items()
    width = len(rows[0])
    if any(None in row or len(row) < width for row in rows):
        _refuse_uncounted(rows, sheets_of()[title], file)
    return [[*map(_written, row), *[""] * (width - len(row))] for row in rows]


def _ended(row: Sequence[Any]) -> list[Any]:
    """A row without the blank cells at its end."""
    cells = list(row)
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return cells


def _written(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _bounded(rows: Iterable[Row], file: str) -> Iterator[Row]:
    """The rows one by one, where they are not too many for the memory."""
    cells = 0
    for row in rows:
        cells += len(row) + 1
        if cells > MOST_CELLS:
            raise InputError(
                f"{file} has more than {MOST_CELLS:,} cells, blank ones among them; leave out what "
                "is not of the table"
            )
        yield row


def _refuse_uncounted(rows: list[Any], written: Iterable[Sequence[Any]], file: str) -> None:
    """Refuse a formula whose value no spreadsheet program has put into the file."""
    for line, (values, cells) in enumerate(zip(rows, written, strict=False), start=1):
        for value, cell in zip_longest(values, _ended(cells)):
            if value is None and cell is not None:
                raise InputError(
                    f"{file}, line {line}: the formula {str(cell)[:40]!r} has no value yet; open "
                    "and save the file in a spreadsheet program, or write the numbers"
                )


def read(rows: list[list[str]], file: str) -> Reading:
    """Cells of a table of contributions.

    Raises:
        InputError: a column is missing, a row has another width, or a date is none.
    """
    header, place = rows[0], _columns(rows[0])
    lines = [line for line, row in enumerate(rows[1:], start=2) if any(map(str.strip, row))]
    body = [rows[line - 1] for line in lines]
    if "troops" in map(str.lower, header) and "kind" not in place:
        raise InputError(
            f"{file} has kinds as columns (the UN's file of the years before 2010, or a table of "
            "its own); the tables hold those years already, newer months come with personnel_type"
        )
    plain = list(map(_plain, header))
    if twice := [header[at] for at in place.values() if plain.count(plain[at]) > 1]:
        raise InputError(f"{file} has the column {twice[0]!r} twice; take one of them out")
    counted = "people" in place or {"female", "male"} <= set(place)
    for column in ("month", "mission", "kind", "name"):
        if column not in place and not (column == "name" and "iso3" in place):
            raise InputError(
                f"{file}: no column for the {column}; it may be called {COLUMNS[column][0]} or "
                f"{COLUMNS[column][1]}, and the file has {', '.join(header)[:200]}"
            )
    if not counted:
        raise InputError(
            f"{file}: no column for people, such as total or female and male personnel"
        )
    ragged = next((n for n, row in enumerate(body) if len(row) != len(header)), None)
    if ragged is not None:
        raise InputError(
            f"{file}, line {lines[ragged]}: {len(body[ragged])} cells where the header has "
            f"{len(header)}; the file is damaged or cut short"
        )
    if not body:
        raise InputError(f"{file} has a header and no rows")
    frame = pd.DataFrame({name: [row[at].strip() for row in body] for name, at in place.items()})
    frame["place"] = [f"line {line}" for line in lines]
    notes = []
    if {"female", "male"} <= set(frame):
        both = _together(frame["female"], frame["male"])
        total = frame.get("people", both)
        off = (total != "") & (both != "") & (total.map(number) != both.map(number))
        if off.any():
            at = int(off.to_numpy().argmax())
            raise InputError(
                f"{file}, line {lines[at]}: the total is {total[at]}, women and men add up to "
                f"{both[at]}; the file is damaged"
            )
        frame["people"] = total.where(total != "", both)
    blank = int((frame["people"] == "").sum())
    if blank:
        notes.append(f"{file}: {blank} blank numbers are read as zero")
    if "iso3" in frame:
        names = frame["name"] if "name" in frame else frame["iso3"]
        frame["name"] = frame["iso3"].mask(frame["iso3"] == "", names)
    dates = {text: _month(text) for text in set(frame["month"])}
    frame["month"] = frame["month"].map(dates)
    if (frame["month"] == "").any():
        at = int((frame["month"] == "").to_numpy().argmax())
        raise InputError(
            f"{file}, line {lines[at]}: {body[at][place['month']]!r} is no date that can be read "
            "in one way; write 2024-07-31 or 31/07/2024"
        )
    return Reading(file, "UN hub", frame[list(CELLS)], notes=tuple(notes))


def _columns(header: Sequence[Any]) -> dict[str, int]:
    """Place of each column that is known."""
    plain = list(map(_plain, header))
    found = {
        name: next((plain.index(spelling) for spelling in spellings if spelling in plain), -1)
        for name, spellings in COLUMNS.items()
    }
    return {name: at for name, at in found.items() if at >= 0}


def _plain(cell: object) -> str:
    """The name of a column without case and separators."""
    return re.sub(r"[^a-z0-9]", "", str(cell).lower())


def _together(female: pd.Series, male: pd.Series) -> pd.Series:
    """Men and women together, as text; what is no number is kept for the judge."""
    out = []
    for pair in zip(female, male, strict=True):
        wrong = [text for text in pair if number(text) < 0]
        out.append(wrong[0] if wrong else str(sum(map(number, pair))) if any(pair) else "")
    return pd.Series(out, index=female.index, dtype=object)


def _month(text: str) -> str:
    """``YYYY-MM`` of a date, blank where it is none, or could be read in two ways."""
    for form in DATES:
        if (found := form.fullmatch(text.strip())) is None:
            continue
        said = found.groupdict()
        if "name" in said:
            name = said["name"][:3].lower()
            at = MONTHS.index(name) + 1 if name in MONTHS else 0
        else:
            at, other = int(said["month"]), int(said.get("day") or 31)
            if min(at, other) > 12 or (max(at, other) <= 12 and at != other):
                return ""  # 30/06 and 06/30 are told by the 30, 06/07 by nothing
            at = min(at, other)
        year = int(said["year"])
        year += (1900 if year > 68 else 2000) * (len(said["year"]) == 2)
        known = 1 <= at <= 12 and FIRST_YEAR <= year <= LAST_YEAR
        return f"{year:04d}-{at:02d}" if known else ""
    return ""
