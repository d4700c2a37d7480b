"""Presence in missions as spells: recorded, and simulated as a share of runs.

Kept apart from the drawing because the same spells answer questions without a picture.
"""

from collections.abc import Iterable, Sequence

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

    chosen = (record, states, frameworks, kinds, months)
    if "share" in missions.columns:
        everybody = missions.assign(kind="", value=missions["mean"])  # not told apart by kind
        summed = _present(everybody, *chosen).groupby([*KEYS, "month"], observed=True)["share"]
        shares = summed.sum().clip(upper=1.0).reset_index()
    else:
        shares = presence([missions], *chosen, runs)
    shares = shares[shares.groupby(KEYS, observed=True)["share"].transform("max") >= at_least]
    shares["share"] = (shares["share"] * 20).round() / 20
    parts = [spells(shares[shares["share"] > 0], "share").assign(what="simulated", most=np.nan)]
    if record is not None:
        known = _present(record, None, *chosen[1:])
        sums = known.groupby([*KEYS, "month"], observed=True)["value"].sum()
        people = sums.rename("most").reset_index().assign(share=1.0)
        joined = spells(people, "share").assign(what="recorded")
        parts.insert(0, joined)
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    recorded_first = table[table["what"] == "recorded"].groupby(KEYS)["from"].min()
    simulated_first = table[table["what"] == "simulated"].groupby(KEYS)["from"].min()
    first = recorded_first.combine_first(simulated_first).rename("entry").reset_index()
    table = table.merge(first, on=KEYS)
    return table.sort_values(["state", "entry", "mission", "what", "from"], ignore_index=True)


def presence(
    parts: Iterable[pd.DataFrame],
    record: pd.DataFrame | None,
    states: Sequence[str],
    frameworks: Sequence[str] | None,
    kinds: Sequence[str] | None,
    months: tuple[str, str],
    runs: int,
) -> pd.DataFrame:
    """Share of runs present by state, framework, mission and month, from parts of whole runs."""
    counts = []
    for part in parts:
        here = _present(part, record, states, frameworks, kinds, months)
        run = [c for c in ("seed", "run") if c in here.columns]
        once = here[[*run, *KEYS, "month"]].drop_duplicates().astype(dict.fromkeys(KEYS, object))
        counts.append(once.groupby([*KEYS, "month"]).size().rename("share").reset_index())
    if not counts:
        return pd.DataFrame(columns=[*KEYS, "month", "share"])
    together = pd.concat(counts).groupby([*KEYS, "month"], as_index=False)["share"].sum()
    return together.assign(share=together["share"] / runs)


def _present(
    table: pd.DataFrame,
    record: pd.DataFrame | None,
    states: Sequence[str],
    frameworks: Sequence[str] | None,
    kinds: Sequence[str] | None,
    months: tuple[str, str],
) -> pd.DataFrame:
    """Rows with anybody there.  One mission is one row: an operation of its own stands under the
    recorded framework."""
    here = table[table["state"].isin(states) & (table["value"] > 0)]
    here = here.assign(month=here["month"].astype(object))
    here = here[(here["mission"] != "all") & here["month"].between(*months)]
    if "variable" in here.columns:
        here = here[here["variable"] == "personnel"]
    for column, chosen in (("framework", frameworks), ("kind", kinds)):
        here = here[here[column].isin(chosen)] if chosen is not None else here
    here = here[here["kind"] != "all"]
    if record is None:
        return here
    rows = _present(record, None, states, frameworks, kinds, months)[KEYS]
    named = rows.drop_duplicates(["state", "mission"]).set_index(["state", "mission"])["framework"]
    pairs = pd.MultiIndex.from_frame(here[["state", "mission"]].astype(object))
    found = pd.Series(named.astype(object).reindex(pairs).to_numpy(), index=here.index)
    return here.assign(framework=found.fillna(here["framework"].astype(object)))


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
