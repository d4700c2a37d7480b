"""What was observed of every state: yearly means, the last known month, and presence in missions.

Only counts that the United Nations reported enter.  Cells estimated from margins (rule ``ipf``)
serve as a starting situation where there is nothing else, and never as a value to be hit.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from model import coverage
from model.errors import InputError
from model.months import month_number, month_text, year_of
from model.settings import FIRST_MONTH
from model.vocabulary import REPORTED
from model.world import recorded_contributions, un_reports
from model.world.build import Atlas
from model.world.recorded_contributions import accumulate, group_of_missions

CATEGORIES = REPORTED
DECEMBER = 12
SHORTEST = 6  # months of a last, unfinished year that is still scored
FIRST = month_number(FIRST_MONTH)
# Every state is observed mission by mission between these two.
DYADS_FIRST, PANEL_LAST = map(month_number, coverage.span("un_reports"))


class Year(NamedTuple):
    """Twelve months after an origin (the last ones may be fewer): ``label`` is the calendar year
    in which they end, ``first`` and ``last`` are month numbers, both inside."""

    label: int
    first: int
    last: int


def years_after(origin: int, until: int) -> tuple[Year, ...]:
    """Years after the origin up to ``until``; the last may be short of up to half its months.

    Raises:
        InputError: not one whole year lies between them, or ``until`` is not observed yet.
    """
    if until > PANEL_LAST:
        raise InputError(
            f"--until {month_text(until)} is not observed; the data end in {month_text(PANEL_LAST)}"
        )
    if until - origin < 12:
        raise InputError(
            f"no whole year lies between {month_text(origin)} and {month_text(until)}; "
            "choose a later --until or an earlier --origin"
        )
    starts = range(origin + 1, until - SHORTEST + 2, 12)
    return tuple(Year(year_of(m + 11), m, min(m + 11, until)) for m in starts)


@cache
def _states() -> tuple[str, ...]:
    """Every state that was ever reported."""
    early, late = un_reports.state_totals().rows, un_reports.cells().rows
    return tuple(sorted(set(early["state"]) | set(late["state"])))


@cache
def _totals() -> np.ndarray:
    """People in all UN missions together, int64[states, months from ``FIRST``]: as printed by
    state while that series goes, then summed over missions."""
    early, late = un_reports.state_totals(), un_reports.cells()
    out = np.zeros((len(_states()), PANEL_LAST - FIRST + 1), dtype=np.int64)
    place = {code: number for number, code in enumerate(_states())}
    np.add.at(
        out[:, early.first - FIRST : early.last - FIRST + 1],
        early.rows["state"].map(place).to_numpy(),
        early.people,
    )
    np.add.at(
        out[:, early.last - FIRST + 1 :],
        late.rows["state"].map(place).to_numpy(),
        late.people[:, early.last + 1 - late.first :],
    )
    return out


def totals(states: tuple[str, ...], first: int, last: int) -> np.ndarray:
    """Uniformed people in UN missions as reported, int64[months, states]."""
    place = {code: number for number, code in enumerate(_states())}
    own = np.array([place.get(code, -1) for code in states], dtype=int)
    out = _totals()[own, first - FIRST : last - FIRST + 1].T
    return np.where(own >= 0, out, 0)


def seen(states: tuple[str, ...], years: tuple[Year, ...]) -> np.ndarray:
    """Mean uniformed people in UN missions over each year, float64[states, years]."""
    return np.column_stack([totals(states, y.first, y.last).mean(axis=0) for y in years])


@cache
def yearly(ends: int = DECEMBER) -> pd.DataFrame:
    """Uniformed people in UN missions, means of years that end with the calendar month ``ends``:
    years (of their end) by states.  The first year has the months from November 1990 only."""
    last = [m for m in range(FIRST, PANEL_LAST + 1) if m % 12 + 1 == ends]
    means = [totals(_states(), max(FIRST, m - 11), m).mean(axis=0) for m in last]
    return pd.DataFrame(means, index=[year_of(m) for m in last], columns=list(_states()))


@cache
def closing(ends: int = DECEMBER) -> pd.DataFrame:
    """Uniformed people in UN missions in the calendar month ``ends``: years by states."""
    last = [m for m in range(FIRST, PANEL_LAST + 1) if m % 12 + 1 == ends]
    people = [totals(_states(), m, m)[0] for m in last]
    return pd.DataFrame(people, index=[year_of(m) for m in last], columns=list(_states()))


@cache
def _cells() -> pd.DataFrame:
    """Spells of uniformed people in UN missions before the reports tell states by mission."""
    frame = recorded_contributions.spells()
    groups = group_of_missions()
    uniformed = frame["category"].isin(CATEGORIES) & (frame["mission"].map(groups) == "un")
    return frame[uniformed & (frame["first"] < DYADS_FIRST)].reset_index(drop=True)


def monthly(states: tuple[str, ...], first: int, last: int) -> np.ndarray:
    """Uniformed people in UN missions as float64[months, states], as a run is started from:
    estimates stand where nothing was reported."""
    frame = _cells()
    frame = frame[frame["state"].isin(states)]
    place = frame["state"].map({code: number for number, code in enumerate(states)}).to_numpy()
    out = accumulate(
        (last + 1, len(states)),
        frame["first"].to_numpy(),
        np.minimum(frame["last"].to_numpy(), DYADS_FIRST - 1),
        (place,),
        frame["people"].to_numpy().astype(float),
    )
    if last >= DYADS_FIRST:
        series = un_reports.cells()
        own = {code: np.flatnonzero(series.rows["state"] == code) for code in states}
        for number, code in enumerate(states):
            people = series.people[own[code]].sum(axis=0)[: last - DYADS_FIRST + 1]
            out[DYADS_FIRST : DYADS_FIRST + len(people), number] = people
    return out[first:]


def cells(states: tuple[str, ...], missions: tuple[str, ...], month: int) -> np.ndarray:
    """People of each state in each UN mission and category in a month, float64[states, missions,
    3]; zero after the last month reported."""
    if month >= DYADS_FIRST:
        series = un_reports.cells()
        frame = series.rows.assign(people=series.at(month))
    else:
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
    stock = people[FIRST] / 100.0 / decay  # the first had been there before the record begins
    for t in range(month + 1):
        stock = stock * (1.0 - decay) + people[t] / 100.0
    return np.asarray(np.log1p(stock))


def contributors(origin: int) -> tuple[str, ...]:
    """States that had sent anybody to a UN mission by the month ``origin``."""
    sent = totals(_states(), FIRST, origin).sum(axis=0)
    return tuple(code for code, people in zip(_states(), sent, strict=True) if people > 0)
