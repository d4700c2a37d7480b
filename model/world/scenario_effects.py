"""What a scenario changes in the documented world, event by event.

Law arrives as a whole table of provisions; everything else is applied to the arrays.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..core import records
from ..core.records import World
from ..core.rng import identity
from ..errors import InputError, unknown
from ..months import NEVER, month_number, month_text
from ..settings import Event
from ..vocabulary import GROUP_COALITION, GROUPS, KINDS, REGIONS, STATUS_GOALS
from . import parliaments, scenario_commitments, sites, states
from .event_span import rows_of, window


def amended(frame: pd.DataFrame, events: Sequence[Event]) -> pd.DataFrame:
    """The table of provisions, replaced where the scenario changes law."""
    for event in events:
        if event.type == "law":
            frame = pd.DataFrame(event.values["instruments"])
    return frame


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
    meant = _meant(world, v)
    meant[int(world.generator[0].slots) :] = False  # these read ``World.demand``
    size = 1.0 + share * (v.get("size", 1.0) - 1.0)
    for strength in (world.asked, world.asked_by_category):
        part = strength[:, meant]
        strength[:, meant] = np.floor(part * size[:, None, None] + 0.5)
    robust = 1.0 + share * (v.get("robustness", 1.0) - 1.0)
    world.mission_months["robustness"][:, meant] *= robust[:, None]
    if not v.get("council", True):
        coalitions = meant & (world.missions["group"] == GROUP_COALITION)
        world.mission_months["un_resolution"][np.ix_(share > 0, coalitions)] = 0.0


def demand(events: Sequence[Event], months: int) -> np.ndarray:
    """What scenarios make of demand, as ``DEMAND`` records [T, groups, regions]: factors, for
    missions that no record has, and for the arrival and closing of all."""
    out = records.records((months, len(GROUPS), len(REGIONS)), records.DEMAND)
    for name in ("new_missions", "closures", "scale", "robustness", "council"):
        out[name] = 1.0
    for event in events:
        if event.type != "demand":
            continue
        v = event.values
        share = window(v, months)
        group, region = v.get("group", "all"), v.get("region", "all")
        some = slice(None) if group == "all" else GROUPS.index(group)
        where = slice(None) if region == "all" else REGIONS.index(region)
        for name in ("new_missions", "closures", "size", "robustness"):
            part = out["scale" if name == "size" else name][:, some, where]
            factor = 1.0 + share * (v.get(name, 1.0) - 1.0)
            part *= factor.reshape(-1, *[1] * (part.ndim - 1))
        if not v.get("council", True):
            out["council"][share > 0, GROUP_COALITION, where] = 0.0
    return out


def _meant(world: World, v: Any) -> np.ndarray:
    """Missions of the group and region that an event names, bool[M]."""
    meant = np.ones(world.missions.size, dtype=bool)
    if v.get("group", "all") != "all":
        meant &= world.missions["group"] == GROUPS.index(v["group"])
    if v.get("region", "all") != "all":
        meant &= world.missions["region"] == REGIONS.index(v["region"])
    return meant


def _opinion(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    column = "opinion_un" if v.get("group", "un") == "un" else "opinion_coalition"
    for row in rows_of(v, codes, "opinion event"):
        world.state_months[column][:, row] += share * v["change"] / 100.0


def _capacity(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    for row in rows_of(v, codes, "capacity event"):
        world.state_months["crisis"][:, row] -= share * v.get("slots", 0)
        _arm(world, row, 1.0 + share * (v.get("forces", 1.0) - 1.0))


def _arm(world: World, row: int, factor: np.ndarray) -> None:
    """Multiply the forces of a state, and what follows from them."""
    own = world.state_months[:, row]
    own["forces"] *= factor
    own["armed"] += np.log(np.maximum(factor, LEAST_FORCES))
    changed = factor != 1.0
    own["capability"][changed] = states.capability(own["forces"])[changed]


LEAST_FORCES = 0.01  # of what a state had: fewer are none


def _status(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    weight = STATUS_GOALS[v["goal"]] if v.get("weight") is None else v["weight"]
    share = window(v, len(world.paths))
    for row in rows_of(v, codes, "status event"):
        level = world.state_months["status"][:, row]
        level[:] = np.maximum(level, share * weight)


def _incident(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    usual = INCIDENTS[v["what"]]
    opinion, cabinet, fighting = (
        usual[name] if v.get(name) is None else v[name]
        for name in ("opinion", "cabinet", "fighting")
    )
    first = month_number(v["month"])
    span = slice(first, first + v.get("months", 6))
    group = GROUPS[world.missions[_mission(v, names)].group] if v.get("mission") else ""
    for row in rows_of(v, codes, "incident event") if v.get("state") else ():
        own = world.state_months[span, row]
        for column in ("opinion_un", "opinion_coalition"):
            if not group or (group == "coalition") == (column == "opinion_coalition"):
                own[column] -= opinion / 100.0
        own["strength"] = np.maximum(0.0, own["strength"] - cabinet)
        own["incidents"][0] += usual["attention"]
    if fighting and v.get("mission"):
        _endanger(world, v, names, span, fighting)


INCIDENTS = {  # points of support, strength of the cabinet, fighting near the mission; attention
    # support for more troops fell from 48.6 to 33.2 % when a hostage was taken (WEB-194, WEB-195)
    "hostages": {"opinion": 15.0, "cabinet": 0.0, "fighting": 0.2, "attention": 1.0},
    "scandal": {"opinion": 5.0, "cabinet": 0.3, "fighting": 0.0, "attention": 0.5},
    "attack": {"opinion": 0.0, "cabinet": 0.0, "fighting": 0.5, "attention": 0.0},
}


def _endanger(world: World, v: Any, names: Sequence[str], span: slice, fighting: float) -> None:
    """Raise fighting by so much at a site of a mission or, where none is named, all over it."""
    mission = _mission(v, names)
    first, last = int(world.sites_from[mission]), int(world.sites_from[mission + 1])
    here = world.site_fighting[span, first:last]
    if v.get("site"):
        meant = world.sites["identity"][first:last] == identity(sites.named(v["site"]))
        here[:, meant] = np.minimum(1.0, here[:, meant] + fighting)
        return
    here[:] = np.minimum(1.0, here + fighting)
    country = world.mission_months["fighting"][span, mission]
    country[:] = np.minimum(1.0, country + fighting)


def _mission(v: Any, names: Sequence[str]) -> int:
    if v["mission"] not in names:
        raise unknown("mission", v["mission"], names, "event")
    return list(names).index(v["mission"])


def _pledge(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    share = window(v, len(world.paths))
    for row in rows_of(v, codes, "pledge event"):
        world.state_months["crisis"][:, row] += share * scenario_commitments.level_of(v).binds


def _package(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    """Equipment makes more of the recipient's forces ready; instructors train its officers."""
    share = window(v, len(world.paths))
    (there,) = rows_of({"state": v["to"]}, codes, "package event")
    people = v.get("instructors", 0)
    _arm(world, there, 1.0 + share * (v.get("equipment", 1.0) - 1.0))
    trained = np.concatenate([np.zeros(CENTRE_DELAY), share])[: len(share)] * people / CENTRE_TEAM
    world.state_months["centres"][:, there] += trained / 100.0
    if not v.get("retired", False):
        for row in rows_of(v, codes, "package event"):
            world.state_months["instructors"][:, row] += share * people


CENTRE_DELAY = 12  # months until the first of those whom a centre trains can be sent
CENTRE_TEAM = 0.1  # instructors abroad for every person that a partner's centre trains in a year


def _open_centre(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    _add_centre(world, v, codes, 1.0)


def _close_centre(world: World, v: Any, codes: Sequence[str], names: Sequence[str]) -> None:
    _add_centre(world, v, codes, -1.0)


def _add_centre(world: World, v: Any, codes: Sequence[str], sign: float) -> None:
    opens = min(month_number(v["month"]), len(world.paths))
    first = min(opens + CENTRE_DELAY, len(world.paths))
    trained = v.get("staff_per_year", 100.0)
    where = "training centre event"
    home = rows_of(v, codes, where)
    if not v.get("home", True):
        # A partner's centre takes instructors from here and trains people there.
        world.state_months["instructors"][opens:, home] += sign * CENTRE_TEAM * trained
        home = rows_of({"state": v["partner"]}, codes, where) if v.get("partner") else []
    for row in home:
        part = world.state_months["centres"][first:, row]
        part[:] = np.maximum(0.0, part + sign * trained / 100.0)


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
    "cabinet": parliaments.govern,
    "stance": parliaments.take_sides,
    "open_centre": _open_centre,
    "close_centre": _close_centre,
    "close_mission": _close_mission,
    "shock": _shock,
    "status": _status,
    "incident": _incident,
    "pledge": _pledge,
    "package": _package,
}
HANDLED_BEFORE = ("law", "request", "open_mission", "deploy", "withdraw", "ties")


def stakes(events: Sequence[Event], codes: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """What a scenario says that states have at stake with the side that a mission is directed
    against or, below 0, with its host, as ``STAKE`` records."""
    dated = [event.values for event in events if event.type == "ties"]
    out = records.records(len(dated), records.STAKE)
    for cell, v in zip(out, dated, strict=True):
        cell.state = rows_of(v, codes, "ties event")[0]
        cell.mission = _mission(v, names)
        cell.first = month_number(v["month"])
        cell.until = month_number(v["until"]) if v.get("until") else NEVER
        cell.level = -v["level"] if v.get("side") == "host" else v["level"]
    return out


def shocks(events: Sequence[Event], codes: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """Deaths that a scenario dates, as ``SHOCK`` records."""
    dated = [e.values for e in events if e.type == "shock" and e.values.get("killed")]
    out = records.records(len(dated), records.SHOCK)
    for cell, v in zip(out, dated, strict=True):
        cell.month = month_number(v["month"])
        cell.state = rows_of(v, codes, "shock event")[0]
        cell.killed = v["killed"]
        cell.mission = -1
        if v.get("mission", "largest") != "largest":
            if v["mission"] not in names:
                raise unknown("mission", v["mission"], names, "shock event")
            cell.mission = list(names).index(v["mission"])
        cell.group = GROUPS.index(v["group"]) if v.get("group") else -1
    return out


def levies(events: Sequence[Event], codes: Sequence[str]) -> np.ndarray:
    """Changes of pools and lead times that a scenario dates, as ``LEVY`` records."""
    dated = [
        (levy, row)
        for event in events
        if event.type in ("capacity", "pledge")
        for levy in (_levy(event),)
        if levy["pool"] != 1.0 or levy["lead_time"] != 1.0
        for row in rows_of(event.values, codes, f"{event.type} event")
    ]
    out = records.records(len(dated), records.LEVY)
    for cell, (v, row) in zip(out, dated, strict=True):
        cell.state = row
        cell.first = month_number(v["month"])
        cell.until = month_number(v["until"]) if v.get("until") else NEVER
        cell.ramp = v.get("ramp", 0)
        cell.pool = v["pool"]
        cell.lead_time = v["lead_time"]
        for kind in v.get("kinds") or KINDS:
            cell.kinds |= 1 << KINDS.index(kind)
    return out


def _levy(event: Event) -> dict[str, Any]:
    """What an event says of a pool and a lead time; a pledge shortens that of its own kind."""
    neutral = {"pool": 1.0, "lead_time": 1.0}
    if event.type == "pledge":
        ready = scenario_commitments.level_of(event.values).lead_time
        return {**event.values, **neutral, "lead_time": ready, "kinds": [event.values["kind"]]}
    return {**neutral, **event.values}


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
