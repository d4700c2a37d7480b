"""Documented requests for units to Japan and Korea, and how each was answered.

What was refused or sent smaller in kind stands in ``refusals.csv`` with its class; who accepted,
and when the people came, in ``requests.csv``.
"""

import pandas as pd

from model.months import month_number
from model.tables import numbers, table
from model.vocabulary import FORMED
from model.world.recorded_contributions import group_of_missions

from ..raw_data.raw_files import coded

NEGATIVE = ("refusal", "downgrade")  # classes of ``refusals.csv`` that say no to a request
INSTEAD = ("cheaper", "substitute")  # answers with something else than the unit asked for
BY_NAME = ("entry", "reinforcement")  # occasions on which a state is asked for something new


def refusals() -> pd.DataFrame:
    """What was refused, cut, left, kept or never asked, with the month as a number (NaN: year)."""
    columns = ("id", "actor", "year", "month", "mission", "decision", "class", "request")
    frame = coded("refusals", columns)
    months = [
        month_number(f"{year}-{int(month):02d}") if month else float("nan")
        for year, month in zip(frame["year"], frame["month"], strict=True)
    ]
    return frame.assign(number=months)


def requests() -> pd.DataFrame:
    """Every documented request, with months as numbers (NaN where blank) and ``group``."""
    frame = table("requests").copy()
    for column in ("month", "answer_month", "arrival_month"):
        cells = [month_number(cell) if cell else float("nan") for cell in frame[column]]
        frame[column] = cells
    frame["personnel"] = numbers(frame, "requests", "personnel")
    frame["group"] = frame["mission"].map(group_of_missions())
    frame["formed"] = frame["kind"].isin(FORMED)
    return frame


def unit_requests() -> pd.DataFrame:
    """Requests to a state by name for a formed unit.

    ``verdict`` is ``refused`` (a refusal or a downgrade in ``refusals.csv``), ``accepted``, or
    ``other`` (deferred, smaller, never asked, or a refusal that no document states).
    """
    frame = requests()
    own = frame["formed"] & frame["occasion"].isin(BY_NAME) & (frame["part_of"] == "")
    frame = frame[own].reset_index(drop=True)
    said_no = refusals()
    said_no = said_no[said_no["class"].isin(NEGATIVE) & (said_no["request"] != "")]
    frame["refusal"] = frame["id"].map(said_no.set_index("request")["id"]).fillna("")
    frame["verdict"] = "other"
    frame.loc[frame["documented_answer"] == "accepted", "verdict"] = "accepted"
    frame.loc[frame["refusal"] != "", "verdict"] = "refused"
    return frame


def arrivals(state: str) -> pd.DataFrame:
    """Requests to a state for units that came: accepted, deferred or sent smaller, and not those
    answered with something cheaper, which came too."""
    frame = unit_requests()
    unit = (frame["verdict"] != "refused") & ~frame["documented_answer"].isin(INSTEAD)
    frame = frame[(frame["state"] == state) & unit]
    return frame[frame["arrival_month"].notna()]
