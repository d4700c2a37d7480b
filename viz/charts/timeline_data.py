"""Presence in missions as spells: recorded, and simulated as a share of runs.

Kept apart from the drawing because the same spells answer questions without a picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.months import month_number, month_text

KEYS = ["state", "framework", "mission"]


def timeline_table(
    missions: pd.DataFrame,
    record: pd.DataFrame | None,
    states: Sequence[str],
    frameworks: Sequence[str] | None,
    kinds: Sequence[str] | None,
    runs: int,
    months: tuple[str, str],
    at_least: float = 0.1,
) -> pd.DataFrame:
    """Return spells: state, framework, mission, what (recorded, simulated), from, to, share, most.

    `missions`: run-level, or the presence that a summary of runs keeps, all kinds together. `to` is
    the first month after the spell; `share` the share of runs present, rounded to 5%; `most` the
    most people recorded at once in the spell. Sorted by the mission's first month.
    """

    def present(table: pd.DataFrame) -> pd.DataFrame:
        here = table[table["state"].isin(states) & (table["value"] > 0)]
        here = here[(here["mission"] != "all") & here["month"].between(*months)]
        if "variable" in here.columns:
            here = here[here["variable"] == "personnel"]
        for column, chosen in (("framework", frameworks), ("kind", kinds)):
            here = here[here[column].isin(chosen)] if chosen is not None else here
        return here[here["kind"] != "all"]

    def as_recorded(table: pd.DataFrame) -> pd.DataFrame:
        """One mission is one row: an operation of its own stands under the recorded framework."""
        if record is None:
            return table
        rows = present(record)[KEYS].drop_duplicates(["state", "mission"])
        known = rows.set_index(["state", "mission"])["framework"].astype(object)
        pairs = pd.MultiIndex.from_frame(table[["state", "mission"]].astype(object))
        found = pd.Series(known.reindex(pairs).to_numpy(), index=table.index)
        return table.assign(framework=found.fillna(table["framework"].astype(object)))

    if "share" in missions.columns:
        everybody = missions.assign(kind="", value=missions["mean"])  # not told apart by kind
        merged = as_recorded(present(everybody))
        summed = merged.groupby([*KEYS, "month"], observed=True)["share"].sum()
        shares = summed.clip(upper=1.0).rename("share").reset_index()
    else:
        run = [c for c in ("seed", "run") if c in missions.columns]
        simulated = as_recorded(present(missions))[[*run, *KEYS, "month"]].drop_duplicates()
        share = simulated.groupby([*KEYS, "month"], observed=True).size().rename("share") / runs
        shares = share.reset_index()
    shares = shares[shares.groupby(KEYS, observed=True)["share"].transform("max") >= at_least]
    shares["share"] = (shares["share"] * 20).round() / 20
    parts = [spells(shares[shares["share"] > 0], "share").assign(what="simulated", most=np.nan)]
    if record is not None:
        sums = present(record).groupby([*KEYS, "month"], observed=True)["value"].sum()
        people = sums.rename("most").reset_index().assign(share=1.0)
        joined = spells(people, "share").assign(what="recorded")
        parts.insert(0, joined)
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    recorded_first = table[table["what"] == "recorded"].groupby(KEYS)["from"].min()
    simulated_first = table[table["what"] == "simulated"].groupby(KEYS)["from"].min()
    first = recorded_first.combine_first(simulated_first).rename("entry").reset_index()
    table = table.merge(first, on=KEYS)
    return table.sort_values(["state", "entry", "mission", "what", "from"], ignore_index=True)


def spells(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Join consecutive months of one mission with equal `column` into spells from .. to."""
    rows = table.sort_values([*KEYS, "month"]).reset_index(drop=True)
    numbers = {month: month_number(month) for month in rows["month"].unique()}
    rows["number"] = rows["month"].map(numbers).astype("int64")
    same = (rows[[*KEYS, column]] == rows[[*KEYS, column]].shift()).all(axis=1)
    rows["spell"] = (~(same & (rows["number"].diff() == 1))).cumsum()
    grouped = rows.groupby("spell")
    result = grouped[[*KEYS, column]].first()
    result["from"] = [month_text(int(n)) for n in grouped["number"].min()]
    result["to"] = [month_text(int(n) + 1) for n in grouped["number"].max()]
    if "most" in rows.columns:
        result["most"] = grouped["most"].max()
    return result.reset_index(drop=True)
