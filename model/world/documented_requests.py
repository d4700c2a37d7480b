"""Documented requests to a state by name, as records by month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..core import records
from ..core.rng import identity
from ..errors import unknown
from ..months import month_number
from ..settings import Settings
from ..tables import table
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
        for row in frame.to_dict("records")
        if row["part_of"] and row["occasion"] == "entry"
    }
    out = records.records(len(asked), records.ASK)
    for cell, row in zip(out, asked.to_dict("records"), strict=True):
        cell.month = row["month"]
        cell.mission = names.index(row["mission"])
        cell.state = codes.index(row["state"])
        cell.kind = KINDS.index(row["kind"])
        cell.people = int(float(row["personnel"] or 0))
        cell.crisis = MODES.index(row["mode"])
        cell.ally = int(row["requester"] == "ally")
        cell.interest = float(row["interest"] or 0)
        cell.chance = row["chance"]
        cell.group = future_missions.asked_group(row.get("group"))
        cell.identity = identity(row["id"])
        cell.grade = _grade(row)
        where = f"requests.csv, {row['id']}, column site"
        if row["id"].startswith("SCENARIO-"):
            where = f"request event, {row['mission']}, site"
        cell.site = sites.site_row(row["site"], row["mission"], places, where)
        other = instead.get(row["id"], "")
        cell.instead = names.index(other) if other in names else -1
    return out, list(asked["id"])


def _grade(row: dict[Any, Any]) -> int:
    """Grade of an ask.  Where none is told an ally sounds out, as it mostly did in the record, and
    the United Nations, hosts and other bodies write.

    Raises:
        InputError: there is no such grade.
    """
    if not row["grade"]:
        return GRADE_SOUNDING if row["requester"] == "ally" else GRADE_FORMAL_NOTE
    if row["grade"] not in GRADES:
        raise unknown("grade", row["grade"], GRADES, f"request {row['id']}")
    return GRADES.index(row["grade"])


def _still_open(asked: pd.DataFrame, begins: dict[str, int]) -> list[int]:
    """Month of each request; one that was open when its state begins to decide (asked before, there
    later) is put to it in its first month."""
    months = []
    for row in asked.to_dict("records"):
        where = f"requests.csv, {row['id']}"
        month = month_number(row["month"], where)
        settled = row["arrival_month"] or row["answer_month"]
        begin = int(begins[row["state"]])
        if settled and month < begin <= month_number(settled, where):
            month = begin
        months.append(month)
    return months
