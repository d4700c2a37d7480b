"""What a scenario changes in the documented world, event by event.

Law arrives as a whole table of provisions; everything else is applied to the arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from . import shapes
from .errors import InputError, unknown
from .months import month_number, month_text
from .settings import Event
from .shapes import World


def amended(frame: pd.DataFrame, events: Sequence[Event]) -> pd.DataFrame:
    """The table of provisions, replaced where the scenario changes law."""
    for event in events:
        if event.type == "law":
            frame = pd.DataFrame(event.values["instruments"])
    return frame


def requests(frame: pd.DataFrame, events: Sequence[Event]) -> pd.DataFrame:
    """Documented requests, with those that a scenario adds, and without those of a silent ally."""
    for number, event in enumerate(events):
        v = event.values
        if event.type == "alliance" and v.get("requests", 1.0) == 0.0:
            silent = (frame["requester"] == "ally") & (frame["month"] >= v["month"])
            if v.get("until"):
                silent &= frame["month"] < v["until"]
            if v.get("state", "all") != "all":
                silent &= frame["state"] == v["state"]
            frame = frame[~silent]
        if event.type == "request":
            row = dict.fromkeys(frame.columns, "") | {
                "id": f"SCENARIO-{number + 1}",
                "occasion": "entry",
                "personnel": str(v["personnel"]),
                "interest": str(v.get("interest", 0.0)),
            }
            row |= {name: str(v[name]) for name in ("month", "state", "mission", "kind")}
            row |= {
                name: str(v.get(name, default))
                for name, default in (("requester", "un"), ("mode", "routine"))
            }
            frame = pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
    return frame


def window(values: Any, months: int) -> np.ndarray:
    """How far an event is in force in each month, 0..1: from ``month``, over ``ramp`` months, until
    the month before ``until``."""
    first = month_number(values["month"])
    last = month_number(values["until"]) if values.get("until") else months
    ramp = values.get("ramp", 0)
    out = np.zeros(months)
    inside = np.arange(months)
    chosen = (inside >= first) & (inside < last)
    out[chosen] = 1.0
    if ramp:
        out[chosen] = np.minimum(1.0, (inside[chosen] - first + 1) / ramp)
    return out


def rows_of(values: Any, codes: Sequence[str], where: str) -> list[int]:
    """Rows of the state an event names, or of all."""
    code = values.get("state", "all")
    if code == "all":
        return list(range(len(codes)))
    if code not in codes:
        raise unknown("state", code, codes, where)
    return [list(codes).index(code)]


def _alliance(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    world.paths["alliance"] *= 1.0 + share * (v.get("salience", 1.0) - 1.0)
    for row in rows_of(v, codes, "alliance event"):
        part = world.state_months["embeddedness"][:, row]
        part *= 1.0 + share * (v.get("embeddedness", 1.0) - 1.0)


def _threat(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    for row in rows_of(v, codes, "threat event"):
        level = world.state_months["threat"][:, row]
        spread = max(float(level[:408].std()), 0.05)
        level[:] = np.maximum(0.0, level + share * v["change"] * spread)


def _demand(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    size = 1.0 + share * (v.get("size", 1.0) - 1.0)
    if v.get("group", "all") in ("un", "all"):
        world.paths["un_demand"] *= size
    if v.get("group", "all") in ("coalition", "all"):
        world.paths["coalition_demand"] *= size
    world.paths["robustness"] *= 1.0 + share * (v.get("robustness", 1.0) - 1.0)
    if not v.get("council", True):
        coalitions = world.missions["group"] == 1
        world.mission_months["un_resolution"][np.ix_(share > 0, coalitions)] = 0.0


def _opinion(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    column = "opinion_un" if v.get("group", "un") == "un" else "opinion_coalition"
    for row in rows_of(v, codes, "opinion event"):
        world.state_months[column][:, row] += share * v["change"] / 100.0


def _capacity(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    for row in rows_of(v, codes, "capacity event"):
        world.state_months["crisis"][:, row] -= share * v.get("slots", 0)


def _cabinet(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    inside = window(v, len(world.paths)) > 0
    for row in rows_of(v, codes, "cabinet event"):
        regime = int(world.states[row].regime)
        for name, column in (
            ("lower_seats", "lower"),
            ("upper_seats", "upper"),
            ("partner", "partner"),
            ("override", "override"),
        ):
            if v.get(name) is not None and regime > 0:
                world.politics[column][inside, regime] = float(v[name])
        for name, column in (("strength", "strength"), ("brake", "ministries")):
            if v.get(name) is not None:
                world.state_months[column][inside, row] = float(v[name])


def _centre(sign: float) -> Callable[[World, Any, Sequence[str], Sequence[str]], None]:
    def change(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
        first = min(month_number(v["month"]) + 12, len(world.paths))
        for row in rows_of(v, codes, "training centre event"):
            part = world.state_months["centres"][first:, row]
            part[:] = np.maximum(0.0, part + sign * v.get("staff_per_year", 100.0) / 100.0)

    return change


def _close_mission(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    if v["mission"] not in names:
        raise unknown("mission", v["mission"], names, "close_mission event")
    row = list(names).index(v["mission"])
    end = month_number(v["month"])
    if end < world.missions[row].start:
        raise InputError(
            f"close_mission event: {v['mission']} begins in "
            f"{month_text(int(world.missions[row].start))}, after {v['month']}"
        )
    if end >= world.missions[row].end:
        raise InputError(
            f"close_mission event: {v['mission']} ends already in "
            f"{month_text(int(world.missions[row].end))}, not after {v['month']}"
        )
    world.missions[row].end = end
    world.asked[end + 1 :, row] = 0
    world.asked_by_category[end + 1 :, row] = 0


def _shock(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    if v.get("slots"):
        first = month_number(v["month"])
        for row in rows_of(v, codes, "shock event"):
            world.state_months["crisis"][first : first + v.get("months", 1), row] += v["slots"]


HANDLERS: dict[str, Callable[[World, Any, Sequence[str], Sequence[str]], None]] = {
    "alliance": _alliance,
    "threat": _threat,
    "demand": _demand,
    "opinion": _opinion,
    "capacity": _capacity,
    "cabinet": _cabinet,
    "open_centre": _centre(1.0),
    "close_centre": _centre(-1.0),
    "close_mission": _close_mission,
    "shock": _shock,
}
HANDLED_BEFORE = ("law", "request")


def shocks(events: Sequence[Event], codes: Sequence[str]) -> np.ndarray:
    """Deaths that a scenario dates, as ``SHOCK`` records."""
    groups = {"un": 0, "coalition": 1, "other": 2, None: -1}
    dated = [e.values for e in events if e.type == "shock" and e.values.get("killed")]
    out = shapes.records(len(dated), shapes.SHOCK)
    for cell, v in zip(out, dated, strict=True):
        cell.month = month_number(v["month"])
        cell.state = rows_of(v, codes, "shock event")[0]
        cell.killed = v["killed"]
        cell.group = groups[v.get("group")]
        cell.hostile = int(v["what"] == "hostile_act")
    return out


def apply(
    world: World, events: Sequence[Event], codes: Sequence[str], names: Sequence[str]
) -> None:
    """Apply every event to the arrays, in the order given.

    Raises:
        InputError: an event type or a name in it is unknown.
    """
    for event in events:
        if event.type in HANDLED_BEFORE:
            continue
        if event.type not in HANDLERS:
            raise unknown("event type", event.type, [*HANDLERS, *HANDLED_BEFORE])
        HANDLERS[event.type](world, event.values, codes, names)
