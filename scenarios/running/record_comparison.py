"""Recorded beside simulated: presence and size per state and mission, in one small table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from model.months import month_number

from .result import Result

if TYPE_CHECKING:
    import pandas as pd

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
    from model.world import recorded_contributions

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


def beside_record(result: Result, states: Sequence[str] = ()) -> pd.DataFrame:
    """One row for each state and mission in which it was present, in the record or in a run.

    ``recorded_months`` and ``simulated_months`` (mean over all runs) count months with anybody
    there; ``share_of_runs`` is the share of runs with at least one such month; the sizes are mean
    people over the months of presence.  Longest recorded presence first; ``states`` blank: all that
    the result holds.
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
    import pandas as pd

    runs = int(result.manifest["runs"])
    keys = ["state", "mission"]
    parts = result.missions
    parts = parts[(parts["variable"] == "personnel") & parts["state"].isin(list(states))]
    monthly: pd.Series[float] = parts.groupby([*keys, "run", "month"], observed=True)["value"].sum()
    by_month = monthly[monthly > 0].reset_index()
    grouped = by_month.groupby(keys, observed=True)
    return pd.DataFrame(
        {
            "simulated_months": grouped.size() / runs,
            "share_of_runs": grouped["run"].nunique() / runs,
            "simulated_size": grouped["value"].mean(),
        }
    )


def _summarised(result: Result, states: Sequence[str]) -> pd.DataFrame:
    """The same from the presence that a summary keeps; a mission has one framework."""
    import pandas as pd

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
