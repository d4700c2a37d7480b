"""The data compiler: the model's tables from public raw files and the coded record.

    python -m calibration.compiler.compile_tables --raw DIR [--out DIR]

Every table is built and checked before the first one is written, and each is written next to its
place and then moved, so that a failure leaves the tables as they were.  The same raw files give
the same bytes.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from model.errors import InputError
from model.tables import FOLDER
from model.vocabulary import FRAMEWORKS, KINDS

from ..raw_data import monthly_reports, report_gaps, un_panel
from ..raw_data.raw_files import Raw, coded
from . import (
    composition_table,
    conditions_table,
    contributions_table,
    fighting_table,
    missions_table,
    reports_table,
    states_table,
)

STATUSES = {"sourced", "derived", "calibrated", "assumption"}
KEYS = {
    "states": ["iso3"],
    "state_years": ["iso3", "year"],
    "alliances": ["iso3_a", "iso3_b", "first_year"],
    "missions": ["mission"],
    "mission_strength": ["mission", "from"],
    "mission_kinds": ["mission", "kind"],
    "mission_conditions": ["mission", "from"],
    "fighting": ["mission", "from", "basis"],
    "fatalities": ["mission", "year"],
    "mission_totals": ["mission", "month"],
    "state_totals": ["state", "month"],
    "state_year_totals": ["state", "year"],
    "contributions": ["state", "mission", "kind", "from"],
    "un_reports": ["state", "mission", "kind"],
    "un_state_totals": ["state", "category"],
    "coverage": ["series", "from"],
    "aliases": ["alias", "kind"],
}


def tables(raw: Raw) -> dict[str, pd.DataFrame]:
    """Every compiled table by name.

    Raises:
        InputError: an input is missing or malformed, or a built table breaks its own rules.
    """
    raw.check()
    states = states_table.states(raw)
    missions = missions_table.missions(raw, states_table.regions(raw))
    monthly = report_gaps.filled(raw, missions)
    out = {
        "states": states,
        "state_years": states_table.state_years(raw, states),
        "alliances": states_table.alliances(raw, states),
        "missions": missions,
        "mission_strength": missions_table.strength(raw, missions),
        "mission_kinds": composition_table.kinds(raw, missions),
        "mission_conditions": conditions_table.conditions(raw, missions),
        "fighting": fighting_table.fighting(raw, missions),
        "fatalities": fighting_table.fatalities(raw, missions),
        "mission_totals": contributions_table.mission_totals(raw, missions, monthly),
        "state_totals": contributions_table.state_totals(raw),
        "state_year_totals": contributions_table.state_year_totals(raw),
        "contributions": contributions_table.contributions(raw, missions, states, monthly),
        "un_reports": reports_table.un_reports(monthly.table()),
        "un_state_totals": reports_table.un_state_totals(raw),
        "coverage": reports_table.coverage(monthly.rules, un_panel.state_months(raw)),
        "aliases": coded("aliases", ("alias", "kind", "name", "where", "source", "status")),
    }
    known = set(missions["mission"])
    for name, frame in out.items():
        check(name, frame, known)
    return out


def check(name: str, frame: pd.DataFrame, missions: Iterable[str]) -> None:
    """Rules that hold for every table: no blanks in the key, unique keys, closed vocabularies.

    Raises:
        InputError: naming the table and the row.
    """
    if frame.empty:
        raise InputError(f"{name}.csv would have no rows; look at the raw files")
    key = frame[KEYS[name]].astype(str)
    if (key == "").to_numpy().any() or key.duplicated().any():
        twice = key[key.duplicated(keep=False) | (key == "").any(axis=1)].iloc[0]
        raise InputError(f"{name}.csv would have the key {', '.join(twice)} twice or blank")
    closed = {"status": STATUSES, "mission": set(missions), "framework": set(FRAMEWORKS)}
    if name in ("mission_kinds", "contributions"):
        closed["kind"] = set(KINDS)
    if name == "un_reports":  # as the UN prints them, small political missions included
        closed = {"kind": set(monthly_reports.KINDS)}
    for column, valid in closed.items():
        if column in frame.columns and not set(frame[column]) <= valid:
            wrong = sorted(set(frame[column].astype(str)) - valid)[0]
            raise InputError(f"{name}.csv would have the unknown {column} {wrong!r}")
    if {"from", "to"} <= set(frame.columns):
        late = (frame["to"] != "") & (frame["from"] > frame["to"])
        if late.any():
            raise InputError(f"{name}.csv: {', '.join(key[late].iloc[0])} ends before it begins")


def write(built: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write all tables: first next to their places, then moved over them one after the other.

    Raises:
        InputError: the folder cannot be written to.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in built.items():
            path = folder / f"{name}.csv"
            part = folder / f".{name}.csv.part"
            waiting.append((part, path))
            with part.open("w", encoding="utf-8", newline="") as file:
                frame.to_csv(file, index=False, lineterminator="\n")
                file.flush()
                os.fsync(file.fileno())
        for part, path in waiting:
            os.replace(part, path)
    except OSError as error:
        for part, _ in waiting:
            part.unlink(missing_ok=True)
        raise InputError(f"{folder}: the tables cannot be written ({error.strerror})") from error


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when all tables are written, 2 with one sentence when not."""
    parser = argparse.ArgumentParser(
        prog="python -m calibration.compiler.compile_tables",
        description="Compile the model's tables from a folder of public raw files.",
    )
    parser.add_argument(
        "--raw",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder with contributions/, missions/ and covariates/",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=FOLDER,
        metavar="DIR",
        help="folder to write to (default: the model's own tables)",
    )
    options = parser.parse_args(arguments)
    try:
        built = tables(Raw(options.raw))
        write(built, options.out)
    except InputError as error:
        print(f"compile: {error}", file=sys.stderr)
        return 2
    for name, frame in built.items():
        size = (options.out / f"{name}.csv").stat().st_size
        print(f"{name}: {len(frame)} rows, {size // 1024 + 1} KB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
