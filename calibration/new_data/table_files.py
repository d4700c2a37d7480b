"""Tables of contributions as CSV or spreadsheets: the UN hub's file, the copies of it, and others.

Columns are known by name in any case and with any separator: those of the hub
(``contributing_country``), of the humanitarian data exchange (``Contributing_Country``), of the
flat report of 2019 (``country, description``) and of this project (``iso3, kind, people``).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile

import numpy as np
import pandas as pd

from model.errors import InputError

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
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-\d{1,2})?(?:[T ].*)?"),
    re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})(?: .*)?"),
    re.compile(r"\d{1,2}[- ](?P<name>[A-Za-z]{3,9})[- ](?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<name>[A-Za-z]{3,9})[- ](?P<year>\d{4})"),
)
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")


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
    head = text.lstrip().split("\n", 1)[0]
    mark = max(";,\t|", key=head.count)
    if not head.count(mark):
        raise InputError(f"{file}: line 1 has one cell only; separate cells by , or ;")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
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
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{file}: the spreadsheet cannot be read ({error})") from None
    tables = [
        [["" if cell is None else str(cell) for cell in row] for row in rows] for rows in sheets
    ]
    found = [rows for rows in tables if rows and len(_columns(rows[0])) > len(COLUMNS) // 2]
    if len(found) != 1:
        raise InputError(
            f"{file}: {len(found) or 'none'} of its {len(sheets)} sheets has the columns of a "
            "table of contributions in its first row; save the one with the months as CSV"
        )
    return found[0]


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
    if "people" not in frame:
        frame["people"] = _together(frame["female"], frame["male"])
    blank = int((frame["people"] == "").sum())
    if blank:
        notes.append(f"{file}: {blank} blank numbers are taken as nobody")
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


def _columns(header: list[str]) -> dict[str, int]:
    """Place of each column that is known."""
    plain = [re.sub(r"[^a-z0-9]", "", str(cell).lower()) for cell in header]
    found = {
        name: next((plain.index(spelling) for spelling in spellings if spelling in plain), -1)
        for name, spellings in COLUMNS.items()
    }
    return {name: at for name, at in found.items() if at >= 0}


def _together(female: pd.Series, male: pd.Series) -> pd.Series:
    """Men and women together, as text; what is no number is kept for the judge."""
    parts = [
        pd.to_numeric(one.str.replace(",", "").replace("", "0"), errors="coerce")
        for one in (female, male)
    ]
    wrong = [(part.isna() | (part < 0) | (part % 1 != 0)) for part in parts]
    out = (parts[0] + parts[1]).fillna(0).astype(np.int64).astype(str)
    out = out.mask((female == "") & (male == ""), "")
    return out.mask(wrong[0], female).mask(wrong[1], male)


def _month(text: str) -> str:
    """``YYYY-MM`` of a date, blank where it is none, or could be read in two ways."""
    for form in DATES:
        if (found := form.fullmatch(text.strip())) is None:
            continue
        said = found.groupdict()
        if "name" in said:
            name = said["name"][:3].lower()
            number = MONTHS.index(name) + 1 if name in MONTHS else 0
        else:
            number, other = int(said["month"]), int(said.get("day") or 31)
            if min(number, other) > 12 or (max(number, other) <= 12 and number != other):
                return ""  # 30/06 and 06/30 are told by the 30, 06/07 by nothing
            number = min(number, other)
        year = int(said["year"]) + (2000 if len(said["year"]) == 2 else 0)
        return f"{year:04d}-{number:02d}" if 1 <= number <= 12 else ""
    return ""
