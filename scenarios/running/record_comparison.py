"""Observed and simulated: presence and size per state and mission, in one small table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
    frame = recorded_contributions.spells()
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
    table[months] = table[months].fillna(0.0)
    table = table.reset_index().sort_values(
        ["state", "recorded_months", "simulated_months", "mission"],
        ascending=[True, False, False, True],
    )
    return table[list(COLUMNS)].reset_index(drop=True)


def _runs(result: Result, states: Sequence[str]) -> pd.DataFrame:
    """Simulated presence and size by state and mission, from every run."""
    runs = int(result.manifest["runs"])
    keys = ["state", "mission"]
    found, present = [], []
    for part in result.parts("missions"):  # of whole runs, one after the other
        rows = part[(part["variable"] == "personnel") & part["state"].isin(list(states))]
        rows = rows.astype(dict.fromkeys(keys, "object"))
        if rows.empty:
            continue
        summed = rows.groupby([*keys, "run", "month"], observed=True)["value"].sum()
        monthly = summed[summed > 0].reset_index()
        found.append(monthly.groupby(keys)["value"].agg(months="size", people="sum").reset_index())
        present.append(monthly[[*keys, "run"]].drop_duplicates())
    if not found:
        empty = pd.DataFrame(columns=["state", "mission", "simulated_months", "share_of_runs"])
        return empty.assign(simulated_size=float("nan")).set_index(keys)
    sums = pd.concat(found, ignore_index=True).groupby(keys).sum()
    once = pd.concat(present, ignore_index=True).groupby(keys)["run"].nunique()
    return pd.DataFrame(
        {
            "simulated_months": sums["months"] / runs,
            "share_of_runs": once / runs,
            "simulated_size": sums["people"] / sums["months"],
        }
    )


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
