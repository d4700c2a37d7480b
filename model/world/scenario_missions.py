"""Missions that a scenario opens: additional rows, with a host, a mandate, a
strength by kind and conditions that hold for their life."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..core import records
from ..core.rng import identity
from ..errors import InputError, unknown
from ..months import NEVER, month_number
from ..settings import Event
from ..tables import has, table
from ..vocabulary import FRAMEWORKS, KINDS, REGIONS
from .future_missions import figure
from .missions import CEASEFIRE, CONSENT, RIVAL, groups


def opened(events: Sequence[Event]) -> list[Mapping[str, Any]]:
    """The values of every event that opens a mission, in the order given."""
    return [event.values for event in events if event.type == "open_mission"]


def missions(values: Sequence[Mapping[str, Any]], roster: pd.DataFrame) -> np.ndarray:
    """Opened missions as ``MISSION`` records; they lie at the host's capital and in its region.

    The host is a state or one of ``territories.csv``, which sends nobody itself.

    Args:
        roster: the states, in the order of their rows.

    Raises:
        InputError: the host, the framework or a month is not valid.
    """
    if not values:
        return records.records(0, records.MISSION)
    codes = list(roster["iso3"])
    hosts = {
        row["iso3"]: (row["capital_lat"], row["capital_lon"], row["region"])
        for row in roster.to_dict("records")
    }
    for row in table("territories").to_dict("records") if has("territories") else ():
        hosts.setdefault(row["code"], (row["latitude"], row["longitude"], row["region"]))
    group = groups()
    out = records.records(len(values), records.MISSION)
    for cell, v in zip(out, values, strict=True):
        where = f"open_mission event, {v['mission']}"
        if v["host"] not in hosts:
            raise unknown("host", v["host"], hosts, where)
        if v["framework"] not in FRAMEWORKS:
            raise unknown("framework", v["framework"], FRAMEWORKS, where)
        latitude, longitude, region = hosts[v["host"]]
        framework = FRAMEWORKS.index(v["framework"])
        cell.identity = identity(v["mission"])
        cell.latitude, cell.longitude = float(latitude or 0), float(longitude or 0)
        cell.framework = framework
        cell.group = group[framework]
        cell.region = REGIONS.index(region)
        cell.start = month_number(v["month"], where)
        cell.end = month_number(v["end"], where) if v.get("end") else NEVER
        cell.announced = cell.end
        if cell.end < cell.start:
            raise InputError(f"{where}: it ends in {v['end']}, before it begins in {v['month']}")
        cell.successor = -1
        cell.disaster = int(v["framework"] == "disaster_relief")
        cell.un_command = int(v["framework"] in ("un_pko", "un_spm"))
        cell.host = codes.index(v["host"]) if v["host"] in codes else -1
    return out


def conditions(
    values: Sequence[Mapping[str, Any]], months: int, hostile: float, accident: float
) -> np.ndarray:
    """Conditions of every opened mission and month, ``MISSION_MONTH`` [T, opened].

    Args:
        hostile: deaths by hostile act per person and month at full fighting.
        accident: deaths by accident per person and month.
    """
    out = records.records((months, len(values)), records.MISSION_MONTH)
    for number, v in enumerate(values):
        fighting = float(v.get("fighting", 0.0))
        out["ceasefire"][:, number] = CEASEFIRE[v.get("ceasefire", "holds")]
        out["consent"][:, number] = CONSENT[v.get("consent", "full")]
        out["rival"][:, number] = RIVAL[v.get("rival", "none")]
        out["force_level"][:, number] = float(v.get("force_level", 1))
        out["protection"][:, number] = float(v.get("protection", False))
        out["fighting"][:, number] = fighting
        out["un_resolution"][:, number] = float(v.get("un_resolution", True))
        out["interest"][:, number] = float(v.get("interest", 0.0))
        out["robustness"][:, number] = 1.0
        out["hostile"][:, number] = hostile * fighting
        out["accident"][:, number] = accident
    return out


def usual_shares(asked: np.ndarray, rows: np.ndarray, framework: int) -> np.ndarray:
    """Share of each kind in the strength that missions of this framework asked for, float64[K];
    where there was none, in that of its group, else of all."""
    peak = asked.max(axis=0).astype(float)
    group = groups()
    for chosen in (
        rows["framework"] == framework,
        rows["group"] == group[framework],
        np.ones(len(rows), dtype=bool),
    ):
        total = peak[chosen].sum(axis=0)
        if total.sum() > 0:
            return np.asarray(total / total.sum())
    raise InputError("mission_strength.csv: no mission asks for anybody")


def asked(
    values: Sequence[Mapping[str, Any]], rows: np.ndarray, recorded: np.ndarray, plain: np.ndarray
) -> np.ndarray:
    """Strength asked for by every opened mission, int32[T, opened, K].

    Args:
        rows: the opened missions, from ``missions``.
        recorded: int32[T, M, K] what missions of the record ask for; ``plain`` are their rows.
    """
    months = len(recorded)
    out = np.zeros((months, len(values), len(KINDS)), dtype=np.int32)
    for number, v in enumerate(values):
        shares = np.zeros(len(KINDS))
        for kind, share in (v.get("kinds") or {}).items():
            if kind not in KINDS:
                raise unknown("kind", kind, KINDS, f"open_mission event, {v['mission']}")
            shares[KINDS.index(kind)] = share
        if not shares.any():
            shares = usual_shares(recorded, plain, int(rows[number].framework))
        first, last = int(rows[number].start), min(int(rows[number].end), months - 1)
        out[first : last + 1, number] = np.floor(v["strength"] * shares + 0.5)
    return out


def peers(rows: np.ndarray, asked_by_category: np.ndarray, begins: int) -> np.ndarray:
    """What recorded states send to opened missions until they decide for themselves,
    float64[T, opened, 4]: a share of what is asked, reached over the first months."""
    months = len(asked_by_category)
    share, ramp = figure("peers_share"), figure("peers_months")
    age = np.arange(months)[:, None] - rows["start"][None, :]
    filled = share * np.clip(age / ramp, 0.0, 1.0)
    filled[min(max(begins, 0), months) :] = 0.0
    return np.asarray(asked_by_category * filled[:, :, None])
