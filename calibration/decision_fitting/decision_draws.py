"""The stored draws of the decision weights, and the row of numbers that a draw makes.

``fits/decisions/draws.csv`` has seen the whole record; ``2010-12.csv`` and its like have seen the
decisions until that month alone.  A column is ``name.STATE``, the value for the state itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import STUDIED

STORE = Path(__file__).parents[1] / "fits" / "decisions"
UNTIL = ("2010-12", "2014-08", "2019-12")  # months until which a fit is kept beside the whole one
# What both states share and no other has: written as the shared value.
SHARED = (
    "grade_general_call", "grade_sounding", "grade_leader", "weight_ask", "officers_value",
    "support_wealth", "support_status", "support_reputation", "spill_over", "agreement_status",
    "agreement_threat", "agreement_trend",
)  # fmt: skip
DRAWS = 400  # kept of a fit


def whole() -> pd.DataFrame:
    """Draws of the fit to the whole record."""
    return pd.read_csv(STORE / "draws.csv")


def held_out(origin: int) -> pd.DataFrame:
    """Draws of the latest fit that saw no decision after ``origin``.

    Raises:
        InputError: every stored fit saw a later one.
    """
    earlier = [month for month in UNTIL if month_number(month) <= origin]
    if not earlier:
        raise InputError(
            f"no stored fit of the decisions stops by {month_text(origin)} (there are "
            f"{', '.join(UNTIL)}); choose an origin from {UNTIL[0]} on"
        )
    return pd.read_csv(STORE / f"{earlier[-1]}.csv")


def deviations(drawn: pd.DataFrame, shared: Mapping[str, Any]) -> pd.DataFrame:
    """The draws as the table of parameters has them: what states share by its name, all else as
    ``name.STATE``, the deviation from ``shared``."""
    out = {}
    for column in drawn:
        name, state = str(column).split(".")
        if name in SHARED:
            if state == STUDIED[0]:
                out[name] = drawn[column]
        else:
            out[str(column)] = drawn[column] - shared[name]
    return pd.DataFrame(out)


def with_own_row(frame: pd.DataFrame, name: str, state: str) -> pd.DataFrame:
    """The table of parameters with a row for what a state has of a shared one; a new row is nought,
    with the status and source of the shared one."""
    if ((frame["name"] == name) & (frame["state"] == state)).any():
        return frame
    shared = frame[(frame["name"] == name) & (frame["state"] == "")].iloc[0]
    row = {"name": name, "state": state, "role": "uncertainty", "value": "0", "low": "-30",
           "high": "30", "unit": shared["unit"], "status": shared["status"],
           "source": shared["source"], "description": f"own level of {state}"}  # fmt: skip
    return pd.concat([frame, pd.DataFrame([row])], ignore_index=True).fillna("")


def thinned(drawn: pd.DataFrame) -> pd.DataFrame:
    """Draws at even distances, as they are kept."""
    return drawn.iloc[:: max(1, len(drawn) // DRAWS)].round(5)


def chosen(drawn: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """So many draws at random, with return."""
    places = np.random.default_rng([seed, 11]).integers(len(drawn), size=count)
    return drawn.iloc[places].reset_index(drop=True)
