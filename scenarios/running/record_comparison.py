"""Observed and simulated: presence and size per state and mission, in one small table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.months import month_number
from model.world import recorded_contributions

from .other_tables import takes_tables

if TYPE_CHECKING:
    from .result import Result

COLUMNS = (
    "state",
    "mission",
    "recorded_months",
    "simulated_months",
    "share_of_runs",
    "recorded_size",
    "simulated_size",
)


def recorded(states: Sequence[str], start: str, end: str) -> pd.DataFrame:
    """People in the field by state, mission and month as recorded, all kinds together.

    Columns ``state``, ``mission``, ``month`` (number), ``people`` (UN count where there is one).
    Source: the table of recorded contributions.
    """
    first, last = month_number(start), month_number(end)
    frame = recorded_contributions.spells_of(states)
    frame = frame[frame["state"].isin(set(states)) & (frame["counted"] > 0)]
    begin = frame["first"].clip(lower=first)
    length = (frame["last"].clip(upper=last) - begin + 1).clip(lower=0).to_list()
    table = frame.loc[frame.index.repeat(length), ["state", "mission"]]
    table["month"] = begin.repeat(length) + table.groupby(level=0).cumcount()
    table["people"] = frame["counted"].repeat(length).astype(float)
    summed: pd.Series[float] = table.groupby(["state", "mission", "month"])["people"].sum()
    return summed.reset_index()


@takes_tables
def beside_record(
    result: Result, states: Sequence[str] = (), *, tables: str | Path | None = None
) -> pd.DataFrame:
    """One row for each state and mission in which it was present, observed or simulated.

    ``recorded_months`` and ``simulated_months`` (mean over all runs) count months with anybody
    there; ``share_of_runs`` is the share of runs with at least one such month; the sizes are mean
    people over the months of presence.  Longest recorded presence first; ``states`` blank: all that
    the result holds.

    Example:
        >>> import peacekeeping as pk
        >>> result = pk.run("historical", runs=3, start="2010-01", end="2011-12")
        >>> table = pk.beside_record(result, states=["KOR"])
        >>> "UNIFIL" in table["mission"].tolist()
        True
    """
    frame = result.manifest["frame"]
    states = states or frame["states"]
    keys = ["state", "mission"]
    record = recorded(states, frame["start"], frame["end"])
    record = record[record["people"] > 0]
    documented = record.groupby(keys)["people"].agg(recorded_months="size", recorded_size="mean")

    simulated = _summarised(result, states) if result.keep == "summary" else _runs(result, states)
    table = documented.join(simulated, how="outer")
    months = ["recorded_months", "simulated_months", "share_of_runs"]
    table[months] = table[months].fillna(0.0).round(9)  # so that equal ones tie
    table = table.reset_index().sort_values(
        ["state", "recorded_months", "simulated_months", "mission"],
        ascending=[True, False, False, True],
    )
    return table[list(COLUMNS)].reset_index(drop=True)


def _runs(result: Result, states: Sequence[str]) -> pd.DataFrame:
    """Simulated presence and size by state and mission, from every run."""
    runs = int(result.manifest["runs"])
    sums: dict[tuple[str, str], np.ndarray] = {}
    for part in result.parts("missions"):  # of whole runs, one after the other
        rows = part[(part["variable"] == "personnel") & part["state"].isin(list(states))]
        for pair, found in _presence(rows):
            sums[pair] = sums.get(pair, 0.0) + found
    keys = ["state", "mission"]
    months, people, present = np.array([*sums.values()]).reshape(-1, 3).T
    return pd.DataFrame(
        {
            "simulated_months": months / runs,
            "share_of_runs": present / runs,
            "simulated_size": people / months,
        },
        index=pd.MultiIndex.from_tuples(list(sums), names=keys),
    )


def _presence(rows: pd.DataFrame) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """State and mission with three sums over the rows of some runs, text in categories: months
    with anybody there, people in them, runs with any such month."""
    state, mission, month = (rows[name].cat for name in ("state", "mission", "month"))
    run, numbers = np.unique(rows["run"], return_inverse=True)
    names = [state.categories, mission.categories]
    shape = (*map(len, names), len(run), len(month.categories))
    if not len(rows):
        return
    places = (state.codes, mission.codes, numbers, month.codes)
    cells, inverse = np.unique(
        np.ravel_multi_index(tuple(np.asarray(one, dtype=np.int64) for one in places), shape),
        return_inverse=True,
    )
    people = np.bincount(inverse, weights=rows["value"])
    cells, people = cells[people > 0], people[people > 0]
    by_run = cells // shape[3]
    pair = by_run // shape[2]
    months = np.bincount(pair)
    present = np.bincount(np.unique(by_run) // shape[2])
    counted = np.bincount(pair, weights=people)
    for number in np.flatnonzero(months):
        first, second = divmod(int(number), shape[1])
        words = str(names[0][first]), str(names[1][second])
        yield words, np.array([months[number], counted[number], present[number]])


def _summarised(result: Result, states: Sequence[str]) -> pd.DataFrame:
    """The same from the presence that a summary keeps; a mission has one framework."""
    presence = result.presence
    presence = presence[presence["state"].isin(list(states))]
    grouped = presence.groupby(["state", "mission"], observed=True)
    months: pd.Series[float] = grouped["share"].sum()
    return pd.DataFrame(
        {
            "simulated_months": months,
            "share_of_runs": grouped["ever"].max(),
            "simulated_size": grouped["mean"].sum() / months,
        }
    )
