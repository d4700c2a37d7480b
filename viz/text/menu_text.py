"""The menu that answered a request, in words: what was open, how likely, what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model import csv_rows
from model.tables import FOLDER

from ..language.spoken import Words, say, several
from .labels import people_of

INSTEAD = Words({"officers": "officers instead", "own_operation": "an operation of its own"})
SHUT = Words({"law": "shut by law", "capacity": "not enough personnel", "vote": "would not carry"})
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
    text = people_of(int(row["people"]), str(row["kind"]))
    if row["nest"] in INSTEAD:
        text = f"{INSTEAD[str(row['nest'])]}: {text}"
        if row["nest"] == "own_operation":
            return f"{text} ({row['mission']})"
    if row["site"]:
        text = at(text, str(row["site"]))
    return text


def at(what: str, site: str) -> str:
    """People and the place that they are for, where it is known."""
    return say("{what} at {place}", what=what, place=place_name(site)) if site else what


def to(what: str, site: str) -> str:
    """People and the place that they go to, where it is known."""
    return say("{what} to {place}", what=what, place=place_name(site)) if site else what


def place_name(site: str) -> str:
    """What a site is called; its id where it has no name."""
    return place_names().get(site, site)


def verdict(row: Mapping[str, Any]) -> str:
    """How likely an alternative was, or what shut it."""
    if row["stopped_by"] in SHUT:
        barred = row["stopped_by"] == "law" and row["provision"]
        return SHUT[str(row["stopped_by"])] + (f" ({row['provision']})" if barred else "")
    own = row["nest"] == "own_operation" and row["provision"]
    return share(float(row["probability"])) + (f" ({row['provision']})" if own else "")


def share(chance: float) -> str:
    """A chance as a percentage, which is none only where there is no chance."""
    if 0.0 < chance < 0.005:
        return say("under 1%")
    return f"{100 * chance:.0f}%"


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
        told.append(
            several(
                "{number} other place or size: {share}",
                "{number} other places and sizes: {share}",
                others,
                share=share(left),
            )
        )
    told += [f"{what(row)}: {verdict(row)}" for row in shut[:SHOWN]]
    if len(shut) > SHOWN:
        told.append(say("and {more} more that were shut", more=len(shut) - SHOWN))
    told.append(say("send no personnel: {share}", share=share(max(0.0, rest))))
    return told
