"""Tables as CSV that a spreadsheet may open: no cell of text is taken for a formula.

Spreadsheets run a cell that begins with =, +, - or @, or with a tab or line break before one, and a
table holds words of others: names in a scenario file, in a folder of tables, in sources.  Such a
cell gets an apostrophe in front, which spreadsheets hide.  Numbers stay numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# blanks and marks that cannot be seen are skipped by a spreadsheet
UNSEEN = (
    r"\s\x00-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
RISKY = re.compile(rf"^[{UNSEEN}]*[=+\-@＝＋－＠﹢﹣﹦﹫]|^[\t\r\n]")
ENCODING = "utf-8-sig"  # with the mark by which Excel knows that letters are in UTF-8
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def harmless(cell: object) -> object:
    """A cell as it may stand in a spreadsheet: anything but text, and numbers, stay as they are."""
    if not isinstance(cell, str):
        return cell
    line = cell.replace("\r", " ") if "\r" in cell else cell  # which would begin a new row
    return f"'{line}" if RISKY.match(cell) and not NUMBER.fullmatch(cell) else line


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its text cells and column names harmless; the same table if they are already."""
    changed = {}
    for place, name in enumerate(table.columns):
        column = table.iloc[:, place]
        if getattr(column.dtype, "kind", "O") in "biufM":
            continue
        kinds = column.drop_duplicates().dropna()
        new = {kind: safe for kind in kinds if (safe := harmless(kind)) is not kind}
        if new:
            changed[name] = column.astype(object).map(lambda cell, new=new: new.get(cell, cell))
    labels = [harmless(name) for name in table.columns]
    if not changed and labels == list(table.columns):
        return table
    return table.assign(**changed).set_axis(labels, axis="columns")


def as_csv(table: pd.DataFrame, float_format: str | None = None) -> bytes:
    """A table as the bytes of a CSV file."""
    text = plain(table).to_csv(index=False, lineterminator="\n", float_format=float_format)
    return text.encode(ENCODING)
