"""What was observed of every state: yearly means, the last known month, and presence in missions.

Only counts that the United Nations reported enter.  Cells estimated from margins (rule ``ipf``)
serve as a starting situation where there is nothing else, and never as a value to be hit.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from model.months import month_number, year_of
from model.settings import LAST_MONTH, RECORD_END
from model.tables import numbers, table
from model.world import recorded_contributions
from model.world.build import Atlas
from model.world.recorded_contributions import accumulate, group_of_missions

CATEGORIES = ("troops", "police", "experts")
WATCHED = ("JPN", "KOR")  # their record goes on to ``LAST_MONTH``
DYADS_FIRST = month_number("2009-11")  # from here on every state is observed mission by mission
PANEL_LAST = month_number(RECORD_END)
LAST = month_number(LAST_MONTH)


@cache
def yearly() -> pd.DataFrame:
    """Uniformed people in UN missions, yearly means: years by states, nobody is zero.

    Years after 2014 hold Japan and Korea only (others NaN); 2014 is the mean of January to August,
    1990 of November and December.
    """
    frame = table("state_year_totals")
    values = sum(numbers(frame, "state_year_totals", name) for name in CATEGORIES)
    long = pd.DataFrame({"state": frame["state"], "year": frame["year"].astype(int), "n": values})
    wide = long.pivot_table(index="year", columns="state", values="n").fillna(0.0)
    later = range(wide.index.max() + 1, year_of(LAST) + 1)
    wide = wide.reindex([*wide.index, *later])
    own = monthly(WATCHED, month_number(f"{later[0]}-01"), LAST)
    for place, state in enumerate(WATCHED):
        wide.loc[list(later), state] = own[:, place].reshape(-1, 12).mean(axis=1)
    return wide


@cache
def closing() -> pd.DataFrame:
    """Uniformed people in UN missions in the last month of each year: years by states."""
    frame = table("state_year_totals")
    frame = frame.assign(n=numbers(frame, "state_year_totals", "closing"))
    frame["year"] = frame["year"].astype(int)
    return frame.pivot_table(index="year", columns="state", values="n").fillna(0.0)


def months_scored(year: int) -> tuple[int, int]:
    """First and last month (numbers) over which the mean of a year is taken."""
    first = month_number(f"{year}-01")
    return first, min(first + 11, PANEL_LAST) if first <= PANEL_LAST else first + 11


@cache
def _cells() -> pd.DataFrame:
    """Spells of uniformed people in UN missions."""
    frame = recorded_contributions.spells()
    groups = group_of_missions()
    uniformed = frame["category"].isin(CATEGORIES) & (frame["mission"].map(groups) == "un")
    return frame[uniformed].reset_index(drop=True)


def monthly(states: tuple[str, ...], first: int, last: int) -> np.ndarray:
    """Uniformed people in UN missions as float64[months, states], as a run is started from."""
    frame = _cells()
    frame = frame[frame["state"].isin(states)]
    place = frame["state"].map({code: number for number, code in enumerate(states)}).to_numpy()
    out = accumulate(
        (last + 1, len(states)),
        frame["first"].to_numpy(),
        frame["last"].to_numpy(),
        (place,),
        frame["people"].to_numpy().astype(float),
    )
    return out[first:]


def cells(states: tuple[str, ...], missions: tuple[str, ...], month: int) -> np.ndarray:
    """People of each state in each UN mission and category in a month, float64[states, missions,
    3]."""
    frame = _cells()
    frame = frame[(frame["first"] <= month) & (frame["last"] >= month)]
    frame = frame[frame["state"].isin(states) & frame["mission"].isin(missions)]
    out = np.zeros((len(states), len(missions), len(CATEGORIES)))
    s = frame["state"].map({code: number for number, code in enumerate(states)}).to_numpy()
    m = frame["mission"].map({name: number for number, name in enumerate(missions)}).to_numpy()
    c = frame["category"].map({name: number for number, name in enumerate(CATEGORIES)}).to_numpy()
    np.add.at(out, (s, m, c), frame["people"].to_numpy().astype(float))
    return out


def presence(states: tuple[str, ...], missions: tuple[str, ...], month: int) -> np.ndarray:
    """People of each state in each UN mission in a month, float64[states, missions]."""
    return np.asarray(cells(states, missions, month).sum(axis=2))


def experience(atlas: Atlas, month: int) -> np.ndarray:
    """Logarithm of one plus the stock of experience from recorded people, as the model has it,
    float64[states]."""
    place = [column.name for column in atlas.columns].index("experience_decay")
    decay = float(atlas.parameters[place])
    people = atlas.arrays.state_months["recorded_people"]
    stock = np.zeros(people.shape[1])
    for t in range(month + 1):
        stock = stock * (1.0 - decay) + people[t] / 100.0
    return np.asarray(np.log1p(stock))


def contributors(origin: int) -> tuple[str, ...]:
    """States that had sent anybody to a UN mission by the month ``origin``."""
    wide = yearly()
    known = wide[wide.index <= year_of(origin)]
    return tuple(sorted(known.columns[(known > 0).any()]))
