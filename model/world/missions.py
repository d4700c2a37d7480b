"""Missions month by month: dates, strength asked for, conditions, fighting, contributors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..core import records
from ..core.rng import identity
from ..coverage import last as last_known
from ..errors import InputError, unknown
from ..months import FIRST_YEAR, NEVER, month_number
from ..tables import has, kept, numbers, table
from ..vocabulary import (
    CATEGORIES,
    FRAMEWORKS,
    GROUPS,
    KIND_STANCES,
    KINDS,
    POLICE_KINDS,
    REGIONS,
    SERVICES,
)
from .legal_regimes import month_or

CEASEFIRE = {"holds": 1.0, "partial": 0.5, "fails": 0.0}
CONSENT = {"full": 1.0, "strained": 0.5, "none": 0.0}
RIVAL = {"none": 0, "bands": 1, "organised": 2, "quasi_state": 3}


def roster() -> pd.DataFrame:
    """Missions in order of start, then name."""
    return table("missions").sort_values(["start", "mission"], kind="stable").reset_index(drop=True)


def groups() -> np.ndarray:
    """Group of each framework, in the order of ``FRAMEWORKS``."""
    names = _listed("frameworks", "framework", FRAMEWORKS)["group"]
    return np.array([GROUPS.index(name) for name in names], dtype=np.int32)


def _listed(name: str, key: str, known: tuple[str, ...]) -> pd.DataFrame:
    """A table that is a closed list, held against the list that the program started with.

    Raises:
        InputError: it lists a name twice, or lacks one that the rules tell apart.
    """
    frame = table(name)
    if tuple(frame[key]) != known:
        raise InputError(
            f"{name}.csv: column {key} must list each name once, among them every name that the"
            " rules tell apart (see model/vocabulary.py)"
        )
    return frame


def kinds() -> np.ndarray:
    """The closed table of kinds as ``KIND`` records."""
    out = records.records(len(KINDS), records.KIND)
    for number, row in enumerate(_listed("kinds", "kind", KINDS).to_dict("records")):
        out[number].formed = int(row["formed"])
        out[number].minimum = int(row["minimum"])
        out[number].typical = float(row["typical"])
        out[number].exposure = float(row["exposure"])
        out[number].load = float(row["load"])
        out[number].completes = float(row["completes"])
        out[number].category = CATEGORIES.index(row["category"])
        out[number].stance = KIND_STANCES.index(row["stance"])
        out[number].service = SERVICES.index(row["service"] or "none")
    return out


def ties(codes: list[str], names: list[str]) -> np.ndarray:
    """What each state has at stake with the side that a mission is directed against, 0..1, as
    float64[S, M]; 0 where nothing is coded, and in tables that are older than this one.

    Raises:
        InputError: a state or mission of ``ties.csv`` is unknown.
    """
    out = np.zeros((len(codes), len(names)))
    if not has("ties"):
        return out
    frame = table("ties")
    levels = numbers(frame, "ties", "level")
    for line, (state, mission, level) in enumerate(
        zip(frame["state"], frame["mission"], levels, strict=True), start=2
    ):
        for what, name, valid in (("state", state, codes), ("mission", mission, names)):
            if name not in valid:
                raise unknown(what, name, valid, f"ties.csv, line {line}")
        out[codes.index(state), names.index(mission)] = level
    return out


@kept
def missions(codes: list[str]) -> np.ndarray:
    """What does not change in a mission's life, as ``MISSION`` records [M]."""
    frame = roster()
    names = list(frame["mission"])
    place = {name: number for number, name in enumerate(names)}
    group = groups()
    out = records.records(len(names), records.MISSION)
    for number, row in enumerate(frame.to_dict("records")):
        framework = FRAMEWORKS.index(row["framework"])
        cell = out[number]
        cell.identity = identity(row["mission"])
        cell.latitude = float(row["latitude"] or 0)
        cell.longitude = float(row["longitude"] or 0)
        cell.framework = framework
        cell.group = group[framework]
        cell.region = REGIONS.index(row["region"])
        cell.start = month_number(row["start"], "missions.csv")
        cell.end = month_or(row["end"], NEVER, "missions.csv")
        cell.announced = cell.end
        cell.successor = -1
        cell.root = number
        cell.disaster = int(row["framework"] == "disaster_relief")
        cell.un_command = int(row["framework"] in ("un_pko", "un_spm"))
        cell.host = codes.index(row["host"]) if row["host"] in codes else -1
    for number, row in enumerate(frame.to_dict("records")):
        older = place.get(row["succeeds"], -1)
        if older >= 0:
            out[older].successor = number
            out[number].root = out[older].root
    return out


def _spread(
    out: np.ndarray,
    name: str,
    column: str,
    months: int,
    translate: dict | None = None,
    maximum: bool = False,
) -> None:
    """Write a table of spells (mission, from, to) into float64[T, M]."""
    frame = table(name)
    place = {mission: number for number, mission in enumerate(roster()["mission"])}
    if translate is None:
        values = numbers(frame, name, column).to_list()
    else:
        values = [translate[cell] for cell in frame[column]]
    for row, value in zip(frame.to_dict("records"), values, strict=True):
        if row["mission"] not in place:
            continue
        first = max(0, month_or(row["from"], 0, f"{name}.csv"))
        last = min(months - 1, month_or(row["to"], NEVER, f"{name}.csv"))
        if last < first:
            continue
        part = out[first : last + 1, place[row["mission"]]]
        part[:] = np.maximum(part, value) if maximum else value


@kept
def mission_months(months: int) -> np.ndarray:
    """Conditions, mandate, fighting and losses of every mission and month, ``MISSION_MONTH``."""
    frame = roster()
    out = records.records((months, len(frame)), records.MISSION_MONTH)
    out["consent"] = 1.0
    out["robustness"] = 1.0
    out["ceasefire"] = 1.0
    _spread(out["ceasefire"], "mission_conditions", "ceasefire", months, CEASEFIRE)
    _spread(out["consent"], "mission_conditions", "consent", months, CONSENT)
    rival = np.zeros((months, len(frame)))
    _spread(rival, "mission_conditions", "rival", months, RIVAL)
    out["rival"] = rival.astype(np.int32)
    _spread(out["force_level"], "mission_conditions", "force_level", months)
    _spread(out["protection"], "mission_conditions", "protection", months)
    _spread(out["un_resolution"], "mission_conditions", "un_resolution", months)
    fighting = table("fighting")
    place = {mission: number for number, mission in enumerate(frame["mission"])}
    levels = numbers(fighting, "fighting", "level").to_list()
    for basis in ("yearly", "episode"):
        for row, level in zip(fighting.to_dict("records"), levels, strict=True):
            if row["basis"] != basis or row["mission"] not in place:
                continue
            first = max(0, month_or(row["from"], 0, "fighting.csv"))
            last = min(months - 1, month_or(row["to"], NEVER, "fighting.csv"))
            if last >= first:
                out["fighting"][first : last + 1, place[row["mission"]]] = level
    _hold(out)
    _spread(out["interest"], "pivotal_interest", "interest", months, maximum=True)
    return out


def _hold(out: np.ndarray) -> None:
    """Hold conditions after the last documented month, and the mean fighting of its last year: an
    episode under way then is not taken to last for ever."""
    last = last_known("world")
    for name in (
        "ceasefire",
        "consent",
        "rival",
        "force_level",
        "protection",
        "un_resolution",
    ):
        out[name][last + 1 :] = out[name][last]
    out["fighting"][last + 1 :] = out["fighting"][last - 11 : last + 1].mean(axis=0)


HELD_LOSSES = 60  # months over which the last documented losses are averaged and then held


def losses(out: np.ndarray, people: np.ndarray) -> tuple[float, float]:
    """Deaths per person and month, hostile and other, from the yearly counts; after the last year
    in which deaths and people are both known, a mission's mean of its last five years is held.

    Args:
        people: float64[T, M], uniformed people in each mission; yearly means divide the counts.

    Returns:
        Deaths per person and month over all missions: by hostile act at full fighting, and by
        accident, for missions that the record does not have.
    """
    frame = table("fatalities")
    place = {mission: number for number, mission in enumerate(roster()["mission"])}
    hostile = numbers(frame, "fatalities", "malicious")
    accident = numbers(frame, "fatalities", "accident")
    years = numbers(frame, "fatalities", "year").astype(int)
    for mission, year, killed, lost in zip(frame["mission"], years, hostile, accident, strict=True):
        first = (year - FIRST_YEAR) * 12
        if mission not in place or first < 0 or first >= len(people):
            continue
        here = slice(first, first + 12)
        number = place[mission]
        mean = float(people[here, number].mean())
        if mean >= 20.0:
            out["hostile"][here, number] = min(killed / (12.0 * mean), 0.001)
            out["accident"][here, number] = min(lost / (12.0 * mean), 0.001)
    end = (min(last_known("fatalities"), last_known("un_reports")) + 1) // 12 * 12
    for name in ("hostile", "accident"):
        out[name][end:] = out[name][end - HELD_LOSSES : end].mean(axis=0)
    weights = people[:end]
    exposed = float((weights * out["fighting"][:end]).sum())
    return (
        float((weights * out["hostile"][:end]).sum()) / max(exposed, 1.0),
        float((weights * out["accident"][:end]).sum()) / max(float(weights.sum()), 1.0),
    )


@kept
def asked(months: int) -> np.ndarray:
    """Strength asked for as int32[T, M, K]: spells of authorised strength times the share of each
    kind; nothing outside a mission's dates."""
    frame = roster()
    place = {mission: number for number, mission in enumerate(frame["mission"])}
    military = np.zeros((months, len(frame)))
    police = np.zeros((months, len(frame)))
    _spread(military, "mission_strength", "military", months)
    _spread(police, "mission_strength", "police", months)
    out = np.zeros((months, len(frame), len(KINDS)), dtype=np.int32)
    shares = table("mission_kinds")
    values = numbers(shares, "mission_kinds", "share").to_list()
    for mission, kind, share in zip(shares["mission"], shares["kind"], values, strict=True):
        if mission in place and kind in KINDS:
            base = police if kind in POLICE_KINDS else military
            number = place[mission]
            out[:, number, KINDS.index(kind)] = np.floor(base[:, number] * share + 0.5)
    for number, row in enumerate(frame.to_dict("records")):
        first = max(0, month_number(row["start"], "missions.csv"))
        last = month_or(row["end"], NEVER, "missions.csv")
        out[:first, number] = 0
        out[last + 1 :, number] = 0
        documented = last_known("world")
        if last > documented:
            out[documented + 1 :, number] = out[documented, number]
    return out


def by_category(asked_for: np.ndarray, table_of_kinds: np.ndarray) -> np.ndarray:
    """Strength asked for summed by reporting category, int32[T, M, 4]."""
    out = np.zeros((*asked_for.shape[:2], len(CATEGORIES)), dtype=np.int32)
    for kind in range(len(KINDS)):
        out[:, :, table_of_kinds[kind].category] += asked_for[:, :, kind]
    return out
