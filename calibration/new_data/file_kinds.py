"""A user's file, whatever it is: recognised by its first bytes, not by its name, and read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from model import input_files
from model.errors import InputError

from . import pdf_grammar, pdf_pages, publisher_names, table_files
from .reading import Reading

LARGEST = 200_000_000  # bytes of a file, and of all that is packed in one
MOST_PACKED = 200  # files in a zip
PACKED = (b"PK\x03\x04", b"PK\x05\x06")  # a zip, or a workbook; one with nothing in it


def read(paths: Sequence[str | Path]) -> list[Reading]:
    """What each file has, in the order given; a zip counts as the files in it.

    Raises:
        InputError: a file is missing, of no kind that is known, or cannot be understood.
    """
    out: list[Reading] = []
    for path in map(input_files.place, paths):
        content = input_files.content(path, "file of contributions", LARGEST)
        out += _readings(content, path.name)
    return out


def _readings(content: bytes, file: str) -> list[Reading]:
    if not content.strip():
        raise InputError(f"{file} is empty; download it again")
    if content.startswith(b"%PDF"):
        pages = pdf_pages.pages(content, file)
        return [pdf_grammar.read(pages, file, lambda name: publisher_names.whole(name) is not None)]
    if content.startswith(PACKED):
        return _packed(content, file)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{file} is a spreadsheet of the old kind (.xls); save it as .xlsx or CSV")
    if content.lstrip()[:1] == b"<":
        raise InputError(f"{file} is a web page, not the file itself; download the file")
    if content.lstrip()[:1] in (b"{", b"["):
        raise InputError(f"{file} is JSON; choose CSV, xlsx or the PDF where it was downloaded")
    return [table_files.read(table_files.text_rows(content, file), file)]


def _packed(content: bytes, file: str) -> list[Reading]:
    """A workbook, or the files in a zip."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
        inside = [one for one in packed.infolist() if not one.is_dir()]
        wanted = [one for one in inside if not one.filename.startswith(("__MACOSX", "."))]
        if len(wanted) > MOST_PACKED or sum(one.file_size for one in inside) > LARGEST:
            raise InputError(f"{file} has too much in it; unpack it and name the files wanted")
        if any(one.filename == "xl/workbook.xml" for one in inside):
            found = table_files.read(table_files.sheet_rows(content, file), file)
            if file.lower().endswith(".xlsx"):
                return [found]
            note = f"{file} is a spreadsheet under another name and was read as one"
            return [Reading(file, found.source, found.cells, notes=(note, *found.notes))]
        if not wanted:
            raise InputError(f"{file} is a zip with no file in it; download it again")
        out: list[Reading] = []
        for one in wanted:
            part = packed.read(one)
            if part.startswith(PACKED) and b"xl/workbook.xml" not in part:
                raise InputError(f"{file} has the zip {one.filename} in it; unpack that first")
            out += _readings(part, f"{file}/{Path(one.filename).name}")
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        raise InputError(f"{file}: the zip cannot be unpacked ({error})") from None
    return out
