"""A comparison in words: what changes for each state, where and why, and whether the runs suffice.

Every function takes the tables of a comparison and returns sentences, for the command and the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .fan_table import percent
from .palette import framework_name, kind_name, state_name

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.comparison import Comparison

TOLD = 8  # partings told; the table has all
SMALL = 0.05  # people in an average month: smaller means are not told by number
MOST = 1_000_000  # runs that anybody would make


def first_screen(comparison: Comparison) -> str:
    """Everything that is told first, as plain text: headlines, partings, enough runs."""
    frame, runs = comparison.manifest["frame"], comparison.runs
    lines = [
        f"{' and '.join(comparison.others)} beside {comparison.base}: {runs:,} paired runs under "
        f"the same luck, seed {comparison.manifest['seed']}, {frame['start']} to {frame['end']}",
    ]
    for other in comparison.others:
        lines += ["", other, *(f"  {line}" for line in headlines(comparison, other))]
        told = partings(comparison, other)
        if told:
            lines.append("  Where and why the histories part, what moves most people first:")
        lines += [f"  {n}. {line}" for n, line in enumerate(told, 1)]
    return "\n".join([*lines, "", *sufficiency(comparison)])


def headlines(comparison: Comparison, other: str) -> list[str]:
    """One sentence for each state: effect, interval and direction, framework by framework."""
    table = comparison.summary()
    own = table[(table["scenario"] == other) & (table["framework"] != "all")]
    found = []
    for state in comparison.states:
        rows = own[(own["state"] == state) & (own["equal"] < 1)]
        if rows.empty:
            found.append(f"{state_name(state)}: as many people in every month of every run.")
            continue
        rows = rows.reindex(rows["mean"].abs().sort_values(ascending=False).index)
        parts = [_effect(row) for row in rows.to_dict("records") if abs(row["mean"]) >= SMALL]
        if not parts:
            parts = ["hardly anybody moves on average"]
        since = str(rows["year"].iloc[0])
        when = "over the whole period" if since == "all" else f"{since} on"
        sentence = f"{state_name(state)}, average month {when}: {'; '.join(parts)}."
        peak = _peak(comparison, other, state, str(rows["framework"].iloc[0]))
        found.append(f"{sentence} {peak}" if peak else sentence)
    return found


def headline(comparison: Comparison, other: str, state: str) -> str:
    """The title of a figure: the largest effect on one state, short."""
    table = comparison.summary()
    own = table[
        (table["scenario"] == other) & (table["state"] == state) & (table["framework"] != "all")
    ]
    row = own.iloc[int(own["mean"].abs().argmax())]
    place = framework_name(row["framework"])
    if abs(row["mean"]) < SMALL:
        return f"{state_name(state)}: on average as many people in {place}"
    since = "" if row["year"] == "all" else f" {row['year']} on"
    share = max(row["up"], row["down"])
    how = f"{'more' if row['up'] >= row['down'] else 'fewer'} in {percent(share)} of the runs"
    return f"{state_name(state)}: {people(row['mean'])} in {place}{since}, {how}"


def _effect(row: Mapping[Any, Any]) -> str:
    half = 1.96 * row["error"]
    low, high = row["mean"] - half, row["mean"] + half
    return (
        f"{people(row['mean'])} in {framework_name(row['framework'])} "
        f"(95 % sure between {signed(low)} and {signed(high)}; more in {percent(row['up'])} of the "
        f"runs, fewer in {percent(row['down'])}; 80 % of runs {signed(row['low80'])} to "
        f"{signed(row['high80'])})"
    )


def _peak(comparison: Comparison, other: str, state: str, framework: str) -> str:
    """The year with the largest mean difference."""
    table = comparison.differences
    own = table[
        (table["scenario"] == other)
        & (table["state"] == state)
        & (table["framework"] == framework)
        & (table["variable"] == "personnel")
        & (table["kind"] == "all")
        & table["year"].str.isdigit()
    ]
    top = own.iloc[int(own["mean"].abs().argmax())]
    if abs(top["mean"]) < SMALL:
        return ""
    return f"Most in {top['year']}: {people(top['mean'])}."


def partings(comparison: Comparison, other: str, most: int = TOLD) -> list[str]:
    """One sentence for each mission where the histories part; what moves most people first."""
    table = comparison.partings
    own = table[(table["scenario"] == other) & (table["people_moved"] > 0)]
    return [parting(row, titles(comparison, other)) for row in own.head(most).to_dict("records")]


def titles(comparison: Comparison, other: str) -> dict[str, str]:
    """Id of every provision to its title, in the law of the base and of the other scenario."""
    from scenarios import statutes
    from scenarios.schema import Scenario

    found: dict[str, str] = {}
    for number in (0, 1 + comparison.others.index(other)):
        content = {k: v for k, v in comparison.manifest["scenarios"][number].items() if k != "name"}
        events = Scenario.model_validate(content).events
        found |= {str(row["id"]): str(row["title"]) for row in statutes.table(events)}
    return found


def parting(row: Mapping[Any, Any], laws: Mapping[str, str]) -> str:
    """Where, how often, what instead of what, why, and how many people it moves."""
    start = f"{row['mission']}, {state_name(row['state'])}, from {row['month']}"
    often = f"in {percent(row['share'])} of the runs"
    if row["month"] != row["usual_month"]:
        often += f", mostly {row['usual_month']}"
    return f"{start}: {often}; {change(row)}. {because(row, laws)} {_moved(row)}"


def change(row: Mapping[Any, Any]) -> str:
    """What was answered instead of what, usually."""
    what = kind_name(row["kind"])
    if row["base_answer"] == row["other_answer"]:
        return f"{what} {row['other_answer']} in both, {_later(row)}"
    share = percent(row["answer_share"])
    often = f" (in {share} of these)" if row["answer_share"] < 0.995 else ""
    return f"{what}: {row['other_answer']} instead of {row['base_answer']}{often}"


def _later(row: Mapping[Any, Any]) -> str:
    months = row["other_arrives"] - row["base_arrives"]
    if abs(months) < 0.5:
        size = row["other_people"] - row["base_people"]
        return f"{signed(size)} people" if abs(size) >= 0.5 else "in another month"
    return f"{abs(months):.0f} months {'later' if months > 0 else 'earlier'}"


def because(row: Mapping[Any, Any], laws: Mapping[str, str]) -> str:
    """What made the difference: provision, term, slots or seats, and by how much."""
    from model.terms import MEANING
    from scenarios.partings import CAUSES

    cause, detail, delta = row["cause"], row["detail"], row["delta"]
    if cause == "law":
        ids = [part for part in detail.replace(" / ", ", ").split(", ") if part in laws]
        named = "; ".join(dict.fromkeys(laws[part] for part in ids))
        why = f"{detail} ({named})" if named else detail or CAUSES[cause]
        return f"Law: {why}."
    if cause == "choice":
        chances = f"{percent(row['base_chance'])} to {percent(row['other_chance'])}"
        meaning = MEANING.get(detail, detail)
        return f"Choice: {meaning} ({delta:+.2f}), chance of acceptance {chances}."
    if cause == "capacity":
        size = f" ({delta:+.1f} free)" if abs(delta) >= 0.05 else ""
        return f"Capacity: {detail}{size}."
    if cause == "vote":
        return f"Vote: seats in support {100 * delta:+.0f} points."
    words: str = CAUSES[cause]
    return f"{words[:1].upper()}{words[1:]}."


def _moved(row: Mapping[Any, Any]) -> str:
    if abs(row["people"]) < SMALL:
        return f"{row['people_moved']:.1f} people moved in an average month, up as much as down."
    return f"{people(row['people'])} in an average month of the period."


def sufficiency(comparison: Comparison) -> list[str]:
    """Whether the runs are enough for the smallest effect told, and how many would be."""
    table = comparison.summary()
    told = table[(table["framework"] != "all") & (table["mean"].abs() >= SMALL)]
    if told.empty:
        return [f"{comparison.runs:,} runs show no effect of {SMALL:g} people or more."]
    row = told.iloc[int(told["mean"].abs().argmin())]
    hardest = told.iloc[int(told["runs_needed"].argmax())]
    name = f"{state_name(row['state'])} in {framework_name(row['framework'])}"
    smallest = f"the smallest effect told ({name}, {people(row['mean'])}, {row['scenario']})"
    needed = f"needs {_count(row['runs_needed'])} runs"
    if told["enough"].all():
        return [f"{comparison.runs:,} runs are enough: {smallest} {needed}."]
    also = ""
    if hardest.name != row.name:
        where = f"{state_name(hardest['state'])} in {framework_name(hardest['framework'])}"
        also = f", and the least certain ({where}) {_count(hardest['runs_needed'])}"
    return [
        f"{comparison.runs:,} runs are not enough for everything told: {smallest} {needed}{also}. "
        f"An effect there shows from {row['detectable']:.1f} people in so many runs."
    ]


def _count(runs: float) -> str:
    return f"{runs:,.0f}" if runs <= MOST else "more than a million"


def people(value: float) -> str:
    """A change of people in words: '12 more people'."""
    size = f"{abs(value):,.1f}" if abs(value) < 10 else f"{abs(value):,.0f}"
    return f"{size} {'more' if value > 0 else 'fewer'} people"


def signed(value: float) -> str:
    """A number with its sign, a minus for what is below zero, and no sign at zero."""
    if not math.isfinite(value):
        return "unknown"
    size = f"{abs(value):,.1f}" if abs(value) < 10 else f"{abs(value):,.0f}"
    if float(size.replace(",", "")) == 0:
        return "0"
    return f"{'+' if value > 0 else '−'}{size}"


def table(comparison: Comparison) -> pd.DataFrame:
    """The table below the headlines: level in each scenario, difference, intervals, directions."""
    found = comparison.summary()
    return found[(found["framework"] != "all")].reset_index(drop=True)
