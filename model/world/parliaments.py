"""Chambers month by month: seats and cabinets, what parties accept, and reform debates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..core import records
from ..core.records import World
from ..errors import unknown
from ..months import ALWAYS, NEVER, month_number
from ..tables import kept, numbers, table
from ..vocabulary import CLASSES_OF_GROUP, STANCE_CLASSES
from . import legal_regimes
from .event_span import rows_of, window
from .legal_regimes import month_or

PARTIES = ("government", "partner", "opposition")


@kept
def politics(months: int) -> np.ndarray:
    """Seats and cabinets by month and regime, ``POLITICS`` records [T, regimes + 1]."""
    codes = list(legal_regimes.regimes())
    out = records.records((months, len(codes) + 1), records.POLITICS)
    out["lower"] = 1.0
    out["upper"] = 1.0
    frame = table("politics")
    for name in ("lower_seats", "upper_seats", "partner", "override"):
        values_ = numbers(frame, "politics", name).to_list()
        if name == "upper_seats":
            # A state with one chamber: what another's law asks of both, its own answers alone.
            lower = numbers(frame, "politics", "lower_seats")
            values_ = lower.where(frame[name] == "", pd.Series(values_)).to_list()
        _fill(out, frame, codes, name.replace("_seats", ""), values_)
    for name, column in (("government", "cabinet"), ("camp", "camp")):
        _fill(
            out, frame, codes, name, list(pd.factorize(frame["state"] + "/" + frame[column])[0] + 1)
        )
    return out


def _fill(out: np.ndarray, frame: pd.DataFrame, codes: list[str], name: str, cells: list) -> None:
    months = len(out)
    for row, value in zip(frame.to_dict("records"), cells, strict=True):
        if row["state"] not in codes:
            continue
        first = max(0, month_or(row["from"], ALWAYS, "politics.csv"))
        last = min(months - 1, month_or(row["to"], NEVER, "politics.csv"))
        if last >= first:
            # Held after the last documented month until a later row overwrites it.
            out[name][first:, codes.index(row["state"]) + 1] = value


@kept
def stances(months: int) -> np.ndarray:
    """What parties accept, by month, regime and class, ``STANCE`` records [T, R, classes].

    A row without ``from`` and ``to`` holds always; one with dates stands in its place while it
    holds.
    """
    codes = list(legal_regimes.regimes())
    out = records.records((months, len(codes) + 1, len(STANCE_CLASSES)), records.STANCE)
    for role in PARTIES:
        out[role] = 1.0
    frame = table("stances")
    frame = frame.assign(value=numbers(frame, "stances", "acceptance"))
    dated = (frame["from"] != "") | (frame["to"] != "")
    for row in pd.concat([frame[~dated], frame[dated]]).to_dict("records"):
        if row["state"] not in codes:
            continue
        first = max(0, month_or(row["from"], ALWAYS, "stances.csv"))
        last = min(months - 1, month_or(row["to"], NEVER, "stances.csv"))
        span = slice(first, max(first, last + 1))
        cell = (span, codes.index(row["state"]) + 1, STANCE_CLASSES.index(row["class"]))
        out[row["party_role"]][cell] = row["value"]
        if row["party_role"] == "opposition":
            out["walkout"][cell] = float(row["walkout"] or 0)
    return out


def govern(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    """Another cabinet governs: seats, partner, override, strength."""
    inside = window(v, len(world.paths)) > 0
    for row in rows_of(v, codes, "cabinet event"):
        governed = int(world.states[row].regime)
        for name, column in (
            ("lower_seats", "lower"),
            ("upper_seats", "upper"),
            ("partner", "partner"),
            ("override", "override"),
        ):
            if v.get(name) is not None and governed > 0:
                world.politics[column][inside, governed] = float(v[name])
        if v.get("strength") is not None:
            world.state_months["strength"][inside, row] = float(v["strength"])


def take_sides(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    """A party accepts another share than documented of some classes of dispatch."""
    if v["party"] not in PARTIES:
        raise unknown("party", v["party"], PARTIES, "stance event")
    share = window(v, len(world.paths))[:, None]
    classes = [
        STANCE_CLASSES.index(name) for name in v.get("classes") or CLASSES_OF_GROUP[v["group"]]
    ]
    for row in rows_of(v, codes, "stance event"):
        governed = int(world.states[row].regime)
        if governed == 0:
            continue
        documented = world.stances[v["party"]][:, governed, classes]
        aim = documented + (v.get("change") or 0.0)
        if v.get("acceptance") is not None:
            aim = np.full_like(documented, v["acceptance"])
        shifted = documented + share * (np.clip(aim, 0.0, 1.0) - documented)
        world.stances[v["party"]][:, governed, classes] = shifted


def salience(months: int, instruments: pd.DataFrame) -> np.ndarray:
    """How much a reform debate is in the news, float64[T, regimes + 1].

    A package that the scenario's law no longer has brings no debate; a moved one moves it.
    """
    codes = list(legal_regimes.regimes())
    out = np.zeros((months, len(codes) + 1))
    frame = table("reforms")
    original = legal_regimes.instruments()
    levels = numbers(frame, "reforms", "salience").to_list()
    now, documented = _begins(instruments), _begins(original)
    for row, level in zip(frame.to_dict("records"), levels, strict=True):
        begins = now.get(row["reform"], NEVER)
        if begins == NEVER or row["state"] not in codes:
            continue
        shift = begins - documented[row["reform"]]
        first = max(0, month_number(row["debate_from"], "reforms.csv") + shift)
        last = min(months - 1, month_number(row["debate_to"], "reforms.csv") + shift)
        if last >= first:
            out[first : last + 1, codes.index(row["state"]) + 1] += level
    return out


def _begins(instruments: pd.DataFrame) -> dict[str, int]:
    """First month in force of each package."""
    found: dict[str, int] = {}
    for name, cell in zip(instruments["reform"], instruments["in_force"], strict=True):
        found[name] = min(found.get(name, NEVER), month_or(cell, NEVER, "instruments.csv"))
    return found
