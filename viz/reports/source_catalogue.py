"""``docs/sources.md``: what every table holds, where it comes from and under which licence.

    python -m viz.reports.source_catalogue [--out FILE]

Texts are in ``tables.csv`` and ``outside_sources.csv`` of the record; counts are taken from the
tables themselves, so that the page cannot say what the tables do not.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd

from calibration.compiler.compile_tables import STATUSES
from calibration.raw_data.raw_files import COLUMNS, RECORD, coded, records
from model.errors import InputError
from model.tables import FOLDER

PAGE = RECORD.parent.parent / "docs" / "sources.md"
FOLDERS = {"model/data": FOLDER, "calibration/record": RECORD}
MADE = {
    "compiled": "compiled from public files and the record",
    "hand": "coded by hand",
    "model": "kept with the model",
    "fitted": "fitted by `calibration.fitting.mission_generator`",
}
ORDER = ("sourced", "derived", "calibrated", "assumption")
PREFIXES = ("AUM", "YAM", "JSG", "KAN", "STI")  # the founding documents
assert set(ORDER) == STATUSES


def page() -> str:
    """The whole page as Markdown.

    Raises:
        InputError: a table, a file or a source is not described, or described without being there.
    """
    parts = [
        "# Sources",
        "Written by `python -m viz.reports.source_catalogue` from the tables; change "
        "those, not this page.",
        "Facts carry over and texts do not: everything is in our own words, and no raw file of "
        "others is part of this project. A row is `sourced` when a document or data set says it, "
        "`derived` when it follows from such rows by a stated rule, `calibrated` when it was "
        "fitted to the record, and an `assumption` otherwise; `background` as source means that "
        "no document was opened.",
        "## Public data",
        "Keys stand in the column `source` of the tables. The data belong to those who made them: "
        "cite them, and look at their terms before passing on columns that come from them. "
        "[New data](new_data.md) says how newer files get in.",
        *_outside(),
        "## The documented record",
        *_documents(),
    ]
    described = coded("tables", ("folder", "table", "made", "holds", "comes_from"))
    for folder, path in FOLDERS.items():
        own = described[described["folder"] == folder]
        _all_described(folder, path, list(own["table"]))
        parts += [f"## Tables in `{folder}`", _tables(path, own)]
    parts += ["## Where sources disagree", _disagreements()]
    return "\n\n".join(parts) + "\n"


def _outside() -> list[str]:
    """A paragraph for each outside source; without files: not read by the compiler."""
    frame = coded("outside_sources", ("key", "what", "citation", "licence", "read_from", "files"))
    files = [name.strip() for cell in frame["files"] if cell for name in cell.split(";")]
    if sorted(files) != sorted(COLUMNS):
        odd = sorted(set(files) ^ set(COLUMNS)) or sorted(f for f in files if files.count(f) > 1)
        raise InputError(f"outside_sources.csv: {odd[0]} must be described once and be read")
    out = []
    for row in records(frame):
        lines = [f"**{row['key']}.** {row['what']}.", f"*Cite:* {row['citation']}."]
        lines.append(f"*Licence:* {row['licence']}.")
        if row["read_from"]:
            lines.append(f"*Read from* {row['read_from']}.")
        if row["files"]:
            names = ", ".join(f"`{name.strip()}`" for name in row["files"].split(";"))
            lines.append(f"*File:* {names}.")
        out.append(" ".join(lines))
    return out


def _documents() -> list[str]:
    """The founding documents and public pages behind the facts, with the number of each."""
    facts = coded("facts", ("id", "source_file"))
    prefix = facts["id"].str.split("-").str[0]
    lines = []
    for name in PREFIXES:
        own = facts[prefix == name]
        title = own["source_file"].mode().iloc[0]
        lines.append(f"- {name}: {title} ({len(own)} facts)")
    web = facts[~prefix.isin(PREFIXES)]
    lines.append(
        f"- {' and '.join(sorted(set(prefix) - set(PREFIXES)))}: public pages, "
        f"{web['source_file'].nunique()} in all, each named in `facts.csv` ({len(web)} facts)"
    )
    return ["\n".join(lines)]


def _all_described(folder: str, path: Path, names: list[str]) -> None:
    """Every table of a folder stands in ``tables.csv`` once, and nothing else does."""
    there = sorted(file.stem for file in path.glob("*.csv"))
    if sorted(names) != there:
        odd = sorted(set(names) ^ set(there)) or sorted(n for n in names if names.count(n) > 1)
        raise InputError(f"tables.csv: {folder}/{odd[0]}.csv must be there and described once")


def _tables(path: Path, described: pd.DataFrame) -> str:
    """One row a table: rows, what it holds, where from, and its rows by status."""
    rows = []
    for row in records(described):
        frame = pd.read_csv(path / f"{row['table']}.csv", dtype=str, keep_default_na=False)
        found = (
            frame["status"].value_counts() if "status" in frame.columns else pd.Series(dtype=int)
        )
        counts = [str(int(found[name])) if name in found.index else "" for name in ORDER]
        made = MADE[row["made"]]
        rows.append(
            [f"`{row['table']}`", str(len(frame)), row["holds"], f"{made}: {row['comes_from']}"]
            + counts
        )
    return _grid(["table", "rows", "holds", "from", *ORDER], rows)


def _disagreements() -> str:
    """Pairs of statements that differ, and what is used."""
    columns = ["topic", "statement_a", "source_a", "statement_b", "source_b", "what_we_use"]
    rows = [
        [
            row["topic"],
            f"{row['statement_a']} ({row['source_a']})",
            f"{row['statement_b']} ({row['source_b']})",
            row["what_we_use"],
        ]
        for row in records(coded("disagreements", columns))
    ]
    return _grid(["topic", "one says", "another says", "we use"], rows)


def _grid(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "/") for c in line) + " |" for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when the page is written, 2 with one sentence when not."""
    parser = argparse.ArgumentParser(
        prog="python -m viz.reports.source_catalogue",
        description="Write the page on sources from the tables.",
    )
    parser.add_argument("--out", type=Path, default=PAGE, metavar="FILE", help="page to write")
    options = parser.parse_args(arguments)
    try:
        text = page()
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")
    except (InputError, OSError) as error:
        print(f"sources: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
