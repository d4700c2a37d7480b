"""What a fan chart draws, as one table, and that table in a sentence.

One row per state, kind, month and band level, complete over the declared frame, with the
observed number. The same table is written as CSV next to the picture.
"""

from collections.abc import Collection, Sequence

import pandas as pd

from model.errors import InputError

from ...language.spoken import say
from ...text.labels import framework_name, scenario_name
from ...text.number_text import joined, percent
from .quantile_bands import bands, frame_of, is_summary, month_range, run_count

LEVELS = (0.5, 0.8)


def fan_table(
    series: pd.DataFrame,
    record: pd.DataFrame | None,
    states: Sequence[str],
    framework: str,
    kinds: Sequence[str],
    scenario: str | None = None,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Return scenario, state, framework, kind, month, level, lower, upper, median, recorded, …

    `series` is run-level or already bands. Inside the frame of months a state or kind without a
    row is zero in every run; `recorded` is blank after the last month with historical data.
    """
    framework_name(framework)
    scenario = one_scenario(series, scenario)
    known = set(series["state"]) | (set() if record is None else set(record["state"]))
    for state in states:
        if state not in known:
            raise InputError(
                f"State '{state}' is in no table; present: {', '.join(sorted(known))}."
            )
    own = series[series["scenario"] == scenario] if "scenario" in series.columns else series
    months = months or frame_of(own)
    chosen = own[
        own["state"].isin(states) & (own["framework"] == framework) & own["kind"].isin(kinds)
    ]
    for column, total in (("mission", "all"), ("variable", "personnel")):
        if column in chosen.columns:
            chosen = chosen[chosen[column] == total]
    if is_summary(series):
        summary, levels = chosen, sorted(own["level"].unique())
        count, seeds = int(own["runs"].iloc[0]), str(own["seeds"].iloc[0])
    else:
        summary, levels = chosen, sorted(LEVELS)
        count = runs or run_count(own)
        seeds = ", ".join(str(s) for s in sorted(own["seed"].unique())) if "seed" in own else ""
        chosen = chosen[chosen["month"].between(*months)]
        summary = bands(chosen, levels, runs=count, months=months)
    index = pd.MultiIndex.from_product(
        [states, kinds, month_range(*months), levels], names=["state", "kind", "month", "level"]
    )
    summary = summary.set_index(list(index.names))[["lower", "upper", "median"]]
    table = summary.reindex(index, fill_value=0.0).reset_index()
    table["recorded"] = recorded(record, states, framework, kinds, table)
    table.insert(0, "scenario", scenario)
    table.insert(2, "framework", framework)
    return table.assign(unit="people", runs=count, seeds=seeds)


def recorded(
    record: pd.DataFrame | None,
    states: Collection[str],
    framework: str,
    kinds: Collection[str],
    table: pd.DataFrame,
) -> pd.Series:
    """Return the observed number for each row of `table`; blank after the data end.

    Takes observed totals where there are any (mission or kind 'all'), else the sum of parts.
    """
    if record is None or record.empty:
        return pd.Series(float("nan"), index=table.index)
    own = record[record["state"].isin(states) & (record["framework"] == framework)]
    if "variable" in own.columns:
        own = own[own["variable"] == "personnel"]
    if "mission" in own.columns and (own["mission"] == "all").any():
        own = own[own["mission"] == "all"]
    if "all" in kinds and not (own["kind"] == "all").any():
        own = pd.concat([own, own.assign(kind="all")])
    sums = own.groupby(["state", "kind", "month"], observed=True)["value"].sum()
    index = pd.MultiIndex.from_frame(table[["state", "kind", "month"]])
    values = pd.Series(sums.reindex(index, fill_value=0.0).to_numpy(dtype=float), index=table.index)
    return values.where(table["month"] <= frame_of(record)[1])


def described(table: pd.DataFrame, people: bool = True) -> str:
    """Return the line that says where the numbers come from: scenario, runs, seed, months, and what
    is counted where that is people."""
    row = table.iloc[0]
    with_seed = (
        "Scenario: {scenario}. {runs:,} runs, seed {seed}, {start} to {end}, personnel by month."
        if people
        else "Scenario: {scenario}. {runs:,} runs, seed {seed}, {start} to {end}, by month."
    )
    without = (
        "Scenario: {scenario}. {runs:,} runs, {start} to {end}, personnel by month."
        if people
        else "Scenario: {scenario}. {runs:,} runs, {start} to {end}, by month."
    )
    return say(
        with_seed if row["seeds"] else without,
        scenario=scenario_name(row["scenario"]),
        runs=row["runs"],
        seed=row["seeds"],
        start=table["month"].min(),
        end=table["month"].max(),
    )


def explained(table: pd.DataFrame) -> str:
    """Return the line that says how to read the bands."""
    shares = joined(percent(v) for v in sorted(table["level"].unique()))
    known = table.loc[table["recorded"].notna(), "month"]
    line = ""
    if len(known):
        ends = known.max() < table["month"].max()
        black = "Black line: observed, to {month}. " if ends else "Black line: observed. "
        line = say(black, month=known.max())
    return line + say(
        "Coloured line: median over runs. Bands: the middle {shares} of runs each month.",
        shares=shares,
    )


def one_scenario(series: pd.DataFrame, scenario: str | None) -> str:
    """Return the scenario to draw; refuse to guess among several."""
    if "scenario" not in series.columns:
        return scenario or "unnamed"
    present = sorted(series["scenario"].unique())
    if scenario is None and len(present) == 1:
        return str(present[0])
    if scenario is None or scenario not in present:
        asked = "Several scenarios are here" if scenario is None else f"No scenario '{scenario}'"
        raise InputError(f"{asked}; choose one of: {', '.join(map(str, present))}.")
    return scenario
