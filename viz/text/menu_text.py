"""The menu that answered a request, in words: what was open, how likely, what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model import csv_rows
from model.tables import FOLDER

from .labels import kind_name

INSTEAD = {"officers": "officers instead", "own_operation": "an operation of its own"}
SHUT = {"law": "shut by law", "capacity": "not so many people", "vote": "would not carry"}
LEAST = 0.01  # chance of an alternative that is worth a line of its own
SHOWN = 2  # alternatives that were shut, in full


def place_names() -> dict[str, str]:
    """Name of each site by its id."""
    path = FOLDER / "sites.csv"
    if not path.is_file():
        return {}
    return {row["id"]: row["name"] for row in csv_rows.read(path, ("id", "name"))}


def what(row: Mapping[str, Any]) -> str:
    """One alternative: people, kind, place."""
    text = f"{int(row['people']):,} {kind_name(str(row['kind']))}"
    if row["nest"] in INSTEAD:
        text = f"{INSTEAD[str(row['nest'])]}: {text}"
        if row["nest"] == "own_operation":
            return f"{text} ({row['mission']})"
    if row["site"]:
        text += f" at {place_names().get(str(row['site']), row['site'])}"
    return text


def verdict(row: Mapping[str, Any]) -> str:
    """How likely an alternative was, or what shut it."""
    if row["stopped_by"] in SHUT:
        barred = row["stopped_by"] == "law" and row["provision"]
        return SHUT[str(row["stopped_by"])] + (f" ({row['provision']})" if barred else "")
    return f"{100 * float(row['probability']):.0f}%"


def lines(menu: Sequence[Mapping[str, Any]]) -> list[str]:
    """The alternatives likeliest first, then what was shut; then sending nothing."""
    if not menu:
        return []
    likely = [row for row in menu if float(row["probability"]) >= LEAST]
    shut = [row for row in menu if row["stopped_by"] in SHUT]
    rest = 1.0 - sum(float(row["probability"]) for row in menu)
    left = sum(float(row["probability"]) for row in menu) - sum(
        float(row["probability"]) for row in likely
    )
    told = [f"{what(row)}: {verdict(row)}" for row in likely]
    others = len(menu) - len(likely) - len(shut)
    if others:
        told.append(f"{others} other places and sizes: {100 * left:.0f}%")
    told += [f"{what(row)}: {verdict(row)}" for row in shut[:SHOWN]]
    if len(shut) > SHOWN:
        told.append(f"and {len(shut) - SHOWN} more that were shut")
    told.append(f"nothing: {100 * max(0.0, rest):.0f}%")
    return told
