"""Rows that stand twice in a folder of tables of the user's own, where each would count twice."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from model import csv_rows, data_folder, input_files
from model.errors import InputError

KEYS = {  # tables in which a name may stand once, and its column
    "frameworks": "framework",
    "kinds": "kind",
    "missions": "mission",
    "missions_other": "mission",
    "reforms": "reform",
    "requests": "id",
    "states": "iso3",
    "territories": "code",
}


def check(folder: Path) -> None:
    """Raise InputError where a table of the model has a row, or a name in its column of names,
    twice; what cannot be read is told where it is."""
    for shipped in sorted(data_folder.SHIPPED.glob("*.csv")):
        path = folder / shipped.name
        if path.exists():
            _check(path)


def _check(path: Path) -> None:
    seen: dict[tuple[str, ...], int] = {}
    key = KEYS.get(path.stem)
    for line, header, row in _rows(path):
        named = [row[header.index(key)]] if key in header and len(row) == len(header) else row
        first = seen.setdefault(tuple(named), line)
        if first != line:
            what = f"{key} {named[0]!r}" if key in header else "the same row"
            raise InputError(
                f"{csv_rows.shown(path)}, line {line}: {what} stands in line {first} already; keep "
                "one row"
            )


def _rows(path: Path) -> Iterator[tuple[int, list[str], list[str]]]:
    """Line, header and cells of every row that can be read."""
    try:
        text = input_files.text(path, "data table", input_files.LARGEST_TABLE)
        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        header = next(reader, [])
        for row in reader:
            if any(row):
                yield reader.line_num, header, row
    except (InputError, csv.Error):
        return
