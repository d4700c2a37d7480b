"""What lies ahead, as arrays: the generator's figures and patterns, the slots of possible missions,
the requests that come with new ones, and what is already known of future missions."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..core import records
from ..core.rng import identity
from ..coverage import last as last_known
from ..errors import unknown
from ..months import NEVER, month_number, month_text
from ..tables import kept, numbers, table
from ..vocabulary import FRAMEWORKS, GROUPS, KINDS, REGIONS
from .missions import CEASEFIRE, CONSENT, RIVAL, groups


def figure(name: str) -> float:
    """One number of ``generator.csv`` by name.

    Raises:
        InputError: the table has no such row.
    """
    frame = table("generator")
    chosen = frame["name"] == name
    if not chosen.any():
        raise unknown("figure", name, list(frame["name"]), "generator.csv")
    return float(numbers(frame[chosen], "generator", "value").iloc[0])


@kept
def generator(hostile: float, accident: float, others_decide: int, slots: int) -> np.ndarray:
    """The fit as ``GENERATOR`` records, one for each group.

    Args:
        hostile, accident: deaths per person and month, at full fighting and by accident.
        others_decide: the month from which most states decide for themselves.
        slots: the row of the first possible mission.
    """
    out = records.records(len(GROUPS), records.GENERATOR)
    for cell, group in zip(out, GROUPS, strict=True):
        cell.rate = figure(f"rate_{group}")
        cell.form = figure(f"shape_{group}")
        cell.scale = figure(f"scale_{group}")
        cell.closing = 1.0 / (cell.scale * math.gamma(1.0 + 1.0 / cell.form))
    out["spread"] = figure("size_spread")
    out["largest"] = figure("largest")
    out["peers_share"] = figure("peers_share")
    out["peers_months"] = figure("peers_months")
    out["hostile"] = hostile
    out["accident"] = accident
    out["first"] = last_known("world") + 1
    out["others_decide"] = others_decide
    out["slots"] = slots
    return out


@kept
def archetypes(codes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Past missions from which new ones are taken, as ``ARCHETYPE`` records [A], and the
    share of each kind in their strength, float64[A, K]."""
    frame = table("archetypes")
    group = groups()
    out = records.records(len(frame), records.ARCHETYPE)
    values = {
        name: numbers(frame, "archetypes", name)
        for name in (
            "latitude",
            "longitude",
            "weight",
            "strength",
            "force_level",
            "protection",
            "fighting",
            "un_resolution",
            "interest",
        )
    }
    for name, column in values.items():
        out[name] = column
    out["ceasefire"] = [CEASEFIRE[cell] for cell in frame["ceasefire"]]
    out["consent"] = [CONSENT[cell] for cell in frame["consent"]]
    out["rival"] = [RIVAL[cell] for cell in frame["rival"]]
    out["framework"] = [FRAMEWORKS.index(cell) for cell in frame["framework"]]
    out["group"] = group[out["framework"]]
    out["region"] = [REGIONS.index(cell) for cell in frame["region"]]
    out["host"] = [codes.index(cell) if cell in codes else -1 for cell in frame["host"]]
    out["disaster"] = (frame["framework"] == "disaster_relief").astype(int)
    out["un_command"] = frame["framework"].isin(("un_pko", "un_spm")).astype(int)
    place = {mission: number for number, mission in enumerate(frame["mission"])}
    kinds = np.zeros((len(frame), len(KINDS)))
    shares = table("archetype_kinds")
    share = numbers(shares, "archetype_kinds", "share")
    for mission, kind, value in zip(shares["mission"], shares["kind"], share, strict=True):
        if mission in place and kind in KINDS:
            kinds[place[mission], KINDS.index(kind)] = value
    return out, kinds


def slot_months(demand: np.ndarray, first: int, last: int) -> list[int]:
    """Months in which a new mission may be set up: all after the last month of data, and before
    its end those for which a scenario asks for more than it has."""
    record = last_known("world")
    more = np.asarray((demand["new_missions"] > 1.0).any(axis=(1, 2)))
    return [month for month in range(first, last + 1) if month > record or more[month]]


def slot_name(month: int) -> str:
    """Label of the possible mission of a month."""
    return f"New mission {month_text(month)}"


def slots(months: Sequence[int]) -> np.ndarray:
    """Possible missions as ``MISSION`` records; a run fills in what they are."""
    out = records.records(len(months), records.MISSION)
    for cell, month in zip(out, months, strict=True):
        cell.identity = identity(slot_name(month))
        cell.start = month
        cell.end = -1
        cell.announced = NEVER
        cell.successor = -1
        cell.host = -1
    return out


def asks(months: Sequence[int], names: Sequence[str], last: int) -> pd.DataFrame:
    """Asks by name that come with a new mission of their class, each with its chance, as rows of
    the table of requests."""
    frame = table("future_asks")
    lag = numbers(frame, "future_asks", "lag").astype(int)
    chance = numbers(frame, "future_asks", "chance")
    rows = []
    for month in months:
        for number, row in enumerate(frame.to_dict("records")):
            asked = month + int(lag.iloc[number])
            if slot_name(month) not in names or asked > last:
                continue
            rows.append(
                {
                    "id": f"{slot_name(month)} {row['state']} {number + 1}",
                    "month": month_text(asked),
                    "mission": slot_name(month),
                    "chance": float(chance.iloc[number]),
                    "group": row["class"],
                    **{
                        name: row[name]
                        for name in ("state", "requester", "kind", "mode", "personnel", "interest")
                    },
                }
            )
    return pd.DataFrame(rows)


def known_endings(missions: np.ndarray, names: Sequence[str]) -> None:
    """End missions on future dates that are already decided."""
    frame = table("outlook")
    for row in frame[frame["what"] == "end"].to_dict("records"):
        cell = missions[list(names).index(row["mission"])]
        cell.end = cell.announced = month_number(row["from"], "outlook.csv")


def known_strength(asked: np.ndarray, names: Sequence[str]) -> None:
    """Scale what missions ask for, int32[T, M, K], by later decisions; one after the
    other where there are several."""
    frame = table("outlook")
    frame = frame[frame["what"] == "strength"]
    values = numbers(frame, "outlook", "value")
    ramps = numbers(frame, "outlook", "ramp", 1.0)
    months = np.arange(len(asked))
    for row, value, ramp in zip(frame.to_dict("records"), values, ramps, strict=True):
        share = np.clip((months - month_number(row["from"], "outlook.csv") + 1) / ramp, 0.0, 1.0)
        factor = 1.0 + share * (value - 1.0)
        mission = list(names).index(row["mission"])
        asked[:, mission] = np.floor(asked[:, mission] * factor[:, None] + 0.5)


def asked_group(group: object) -> int:
    """The group that a mission must be of for an ask to be put, -1 for any."""
    return GROUPS.index(str(group)) if group in GROUPS else -1
