"""Documented requests to a state by name, as records by month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..core import records
from ..core.rng import identity
from ..errors import unknown
from ..months import month_number
from ..settings import Settings
from ..tables import rows, table
from ..vocabulary import GRADE_FORMAL_NOTE, GRADE_SOUNDING, GRADES, KINDS, MODES
from . import future_missions, scenario_effects, sites

OWN_OCCASIONS = ("entry", "reinforcement")


def documented(
    codes: list[str],
    names: list[str],
    settings: Settings,
    deliberates: np.ndarray,
    generated: pd.DataFrame,
    places: list[sites.Place],
) -> tuple[np.ndarray, list[str]]:
    """Documented requests by month, and their ids.

    Renewals and successions are the model's own affair, and what was sent instead of something else
    is an answer, not a request.

    Args:
        deliberates: first month that each state decides, in the order of ``codes``.
        generated: asks that come with missions which no record has, if they are set up, and those
            that follow from pledges.
        places: sites of the missions, in the order of their rows.

    Raises:
        InputError: the site of a request is not one of its mission.
    """
    frame = table("requests")
    asked = frame[frame["occasion"].isin(OWN_OCCASIONS) & (frame["part_of"] == "")]
    asked = asked[asked["state"].isin(codes) & asked["mission"].isin(names)]
    asked = pd.concat([asked.assign(chance=1.0), generated], ignore_index=True).fillna("")
    asked = scenario_effects.requests(asked, settings.events)
    asked = asked.assign(month=_still_open(asked, dict(zip(codes, deliberates, strict=True))))
    asked = asked.sort_values(["month", "id"], kind="stable")
    instead = {
        row["part_of"]: row["mission"]
        for row in rows("requests")
        if row["part_of"] and row["occasion"] == "entry"
    }
    ids, of_mission = asked["id"].tolist(), asked["mission"].tolist()
    place = {name: number for number, name in enumerate(names)}
    out = records.records(len(asked), records.ASK)
    out["month"], out["chance"] = asked["month"], asked["chance"].to_numpy(dtype=float)
    out["mission"] = [place[name] for name in of_mission]
    out["state"] = [codes.index(code) for code in asked["state"]]
    out["kind"] = [KINDS.index(kind) for kind in asked["kind"]]
    out["people"] = [int(float(cell or 0)) for cell in asked["personnel"]]
    out["crisis"] = [MODES.index(mode) for mode in asked["mode"]]
    out["ally"] = asked["requester"] == "ally"
    out["interest"] = [float(cell or 0) for cell in asked["interest"]]
    group = asked["group"] if "group" in asked else [None] * len(asked)
    out["group"] = [future_missions.asked_group(cell) for cell in group]
    out["identity"] = [identity(one) for one in ids]
    given = zip(ids, asked["grade"], asked["requester"], strict=True)
    out["grade"] = [_grade(*each) for each in given]
    for number, (one, mission, site) in enumerate(zip(ids, of_mission, asked["site"], strict=True)):
        where = f"requests.csv, {one}, column site"
        if one.startswith("SCENARIO-"):
            where = f"request event, {mission}, site"
        out["site"][number] = sites.site_row(site, mission, places, where)
    out["instead"] = [place.get(instead.get(one, ""), -1) for one in ids]
    return out, ids


def _grade(name: str, grade: str, requester: str) -> int:
    """Grade of an ask.  Where none is told an ally sounds out, as it mostly did in the record, and
    the United Nations, hosts and other bodies write.

    Raises:
        InputError: there is no such grade.
    """
    if not grade:
        return GRADE_SOUNDING if requester == "ally" else GRADE_FORMAL_NOTE
    if grade not in GRADES:
        raise unknown("grade", grade, GRADES, f"request {name}")
    return GRADES.index(grade)


def _still_open(asked: pd.DataFrame, begins: dict[str, int]) -> list[int]:
    """Month of each request; one that was open when its state begins to decide (asked before, there
    later) is put to it in its first month."""
    months = []
    names = ("id", "state", "month", "arrival_month", "answer_month")
    for one, state, put, arrival, answer in zip(*(asked[name] for name in names), strict=True):
        where = f"requests.csv, {one}"
        month = month_number(put, where)
        settled = arrival or answer
        begin = int(begins[state])
        if settled and month < begin <= month_number(settled, where):
            month = begin
        months.append(month)
    return months
