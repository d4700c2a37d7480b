"""Rows of a CSV table, read with the standard library and checked: header, width, encoding.

Every fault names the file and the line.  ``tables`` makes checked columns of them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from . import input_files
from .errors import InputError
from .input_text import check_lines


def shown(path: Path) -> str:
    """The last two parts of a path: enough to find a table, on any machine."""
    return "/".join(path.parts[-2:])


def read(path: Path, required: Sequence[str] = ()) -> list[dict[str, str]]:
    """The rows of ``parse``, kept until the file changes."""
    try:
        stamp = path.stat().st_mtime_ns
    except (OSError, ValueError):
        stamp = 0  # told below
    return list(_kept(path, tuple(required), stamp))


@lru_cache(maxsize=32)
def _kept(path: Path, required: tuple[str, ...], stamp: int) -> list[dict[str, str]]:
    return parse(path, required)


def parse(path: Path, required: Sequence[str] = ()) -> list[dict[str, str]]:
    """All rows of a table as dictionaries of text.

    Raises:
        InputError: the file is missing, unreadable, not UTF-8, lacks a required column or has one
            twice, or a row has another number of cells than the header (a truncated file ends so).
    """
    place = shown(path)
    if not input_files.exists(path):
        raise InputError(
            f"the table {place} is missing; --tables or PEACEKEEPING_DATA names a folder "
            "without it, or the program has to be installed again"
        )
    text = input_files.text(path, "data table", input_files.LARGEST_TABLE)
    check_lines(text, place)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[dict[str, str]] = []
    try:
        header = next(reader, [])
        missing = [column for column in required if column not in header]
        if missing:
            raise InputError(f"{place}, line 1: the column {missing[0]!r} is missing")
        if twice := [column for column in header if column and header.count(column) > 1]:
            raise InputError(f"{place}, line 1: the column {twice[0]!r} stands twice")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{place}, line {reader.line_num}: {len(cells)} cells where the header has "
                    f"{len(header)}; the file is damaged or cut short"
                )
            rows.append(dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise InputError(
            f"{place}, line {reader.line_num}: not a valid CSV row ({error}); "
            "the file is damaged or cut short"
        ) from None
    return rows
