"""Requests to a state by name, documented or added by a scenario, as records by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..core import records
from ..core.rng import identity
from ..errors import unknown
from ..months import month_number, month_text
from ..settings import Event, Settings
from ..tables import rows, table
from ..vocabulary import GRADE_FORMAL_NOTE, GRADE_SOUNDING, GRADES, KINDS, MODES
from . import future_missions, sites
from .event_span import window
from .scenario_commitments import numbered

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
    asked = with_scenario(asked, settings.events)
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
    pledges = asked["pledge"] if "pledge" in asked else [""] * len(asked)
    out["pledge"] = [int(cell or 0) for cell in pledges]
    out["group"] = [future_missions.asked_group(cell) for cell in group]
    out["identity"] = [identity(one) for one in ids]
    given = zip(ids, asked["grade"], asked["requester"], strict=True)
    out["grade"] = [_grade(*each) for each in given]
    for number, (one, mission, site) in enumerate(zip(ids, of_mission, asked["site"], strict=True)):
        where = f"requests.csv, {one}, column site"
        if one.startswith(ADDED):
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


def with_scenario(frame: pd.DataFrame, events: Sequence[Event]) -> pd.DataFrame:
    """Documented requests, with those that a scenario adds, and without those of a silent ally."""
    asked = [event.values for event in events if event.type == "request"]
    names = iter(request_names([(v["state"], v["mission"], v["month"]) for v in asked]))
    for event in events:
        v = event.values
        if event.type == "alliance" and v.get("requests", 1.0) != 1.0:
            frame = _pressed(frame, v)
        if event.type == "request":
            row: dict[str, Any] = dict.fromkeys(frame.columns, "") | {
                "id": next(names),
                "occasion": "entry",
                "personnel": str(v["personnel"]),
                "interest": str(v.get("interest", 0.0)),
            }
            row |= {name: str(v[name]) for name in ("month", "state", "mission", "kind")}
            row["chance"] = 1.0
            row |= {
                name: str(v.get(name) or default)
                for name, default in (
                    ("requester", "un"),
                    ("mode", "routine"),
                    ("grade", ""),
                )
            }
            own = [e.values for e in events if e.type == "open_mission"]
            first = [
                one["sites"][0]
                for one in own
                if one["mission"] == v["mission"] and one.get("sites")
            ]
            row["site"] = sites.named(v.get("site") or (first[0] if first else None))
            frame = pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
    return frame


ADDED = "SCENARIO-"  # begins the name of a request that a scenario adds


def request_names(asked: Sequence[tuple[str, str, str]]) -> list[str]:
    """Names of the requests that a scenario adds, each given as state, mission and month.

    They hold none of the scenario's order, so that a request keeps its name and its draws whatever
    else the scenario says; a second one of a month has a number.

    Example:
        >>> request_names([("KOR", "UNMISS", "2027-03")])
        ['SCENARIO-KOR-UNMISS-2027-03']
    """
    return numbered([f"{ADDED}{state}-{mission}-{month}" for state, mission, month in asked])


REPEATED_AFTER = 3  # months after which an ally that asks more often asks again


def _higher(grade: str, steps: int) -> str:
    """Grade of an ally's request that is made again: each time from higher up."""
    place = GRADES.index(grade or "sounding")
    return GRADES[min(place + steps, len(GRADES) - 1)]


def _pressed(frame: pd.DataFrame, v: Any) -> pd.DataFrame:
    """An ally's requests multiplied: each is made again every few months, from higher up, and the
    last part of one with the chance that is left; below one, each is made with that chance."""
    first = frame["month"].map(month_number).to_numpy()
    longest = max(int(first.max(initial=0)), month_number(v["month"])) + 1
    share = window(v, longest)[first]
    chosen = (frame["requester"] == "ally").to_numpy() & (share > 0.0)
    if v.get("state", "all") != "all":
        chosen &= (frame["state"] == v["state"]).to_numpy()
    factor = 1.0 + share * (v["requests"] - 1.0)
    parts = [frame[~chosen]]
    for copy in range(int(np.ceil(factor[chosen].max(initial=0.0)))):
        left = factor - copy
        again = frame[chosen & (left > 0.0)].copy()
        again["chance"] = again["chance"] * np.minimum(1.0, left[chosen & (left > 0.0)])
        if copy:
            later = first[chosen & (left > 0.0)] + copy * REPEATED_AFTER
            again["month"] = [month_text(int(month)) for month in later]
            again["id"] = again["id"] + f"+{copy}"
            again["grade"] = [_higher(grade, copy) for grade in again["grade"]]
        parts.append(again)
    return pd.concat(parts, ignore_index=True)
