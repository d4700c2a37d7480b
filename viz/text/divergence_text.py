"""Where and why runs of two scenarios diverge, in words: the largest effect first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.core.utility_terms import MEANING
from scenarios.comparison.divergence_causes import CAUSES, CLASSES, FINDING, REST
from scenarios.definition import law_table
from scenarios.file_format.schema import Scenario

from . import wording
from .labels import kind_name, state_name
from .number_text import ROUNDED, people, percent, signed

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.comparison.comparison_result import Comparison

TOLD = 8  # divergences reported; the table has all
SLIGHT = 0.02  # of the people moved by the largest divergence; smaller ones are not reported


def divergences(comparison: Comparison, other: str, most: int = TOLD) -> list[str]:
    """One sentence for each mission where runs diverge; the largest effect first."""
    laws = titles(comparison, other)
    return [divergence(row, laws) for row in foremost(comparison, other, most).to_dict("records")]


def foremost(comparison: Comparison, other: str, most: int = TOLD) -> pd.DataFrame:
    """The divergences worth reporting: those that move people, without the negligible ones."""
    table = comparison.divergences
    own = table[(table["scenario"] == other) & (table["people_moved"] > 0)]
    return own[own["people_moved"] >= SLIGHT * own["people_moved"].max()].head(most)


def slighter(comparison: Comparison, other: str, most: int = TOLD) -> str:
    """How many divergences that move people are not reported."""
    table = comparison.divergences
    moving = int(((table["scenario"] == other) & (table["people_moved"] > 0)).sum())
    more = moving - len(foremost(comparison, other, most))
    if not more:
        return ""
    what = "mission moves" if more == 1 else "missions move"
    return f"{more} more {what} fewer people."


def by_class(comparison: Comparison, other: str) -> str:
    """What first causes moved, each with its share of the people moved; blank if none moved any."""
    table = comparison.divergences
    own = table[(table["scenario"] == other) & (table["people_moved"] > 0)]
    moved = own.groupby("class")["people_moved"].sum().sort_values(ascending=False, kind="stable")
    shares = moved / moved.sum()
    told = [f"{CLASSES[str(k)]} {percent(s)}" for k, s in shares.items() if s >= SLIGHT]
    return f"By first cause, of the people moved: {', '.join(told)}." if told else ""


def titles(comparison: Comparison, other: str) -> dict[str, str]:
    """Id of every provision to its title, in the law of the base and of the other scenario."""
    found: dict[str, str] = {}
    for number in (0, 1 + comparison.others.index(other)):
        content = {k: v for k, v in comparison.manifest["scenarios"][number].items() if k != "name"}
        events = Scenario.model_validate(content).events
        found |= {str(row["id"]): str(row["title"]) for row in law_table.table(events)}
    return found


def divergence(row: Mapping[Any, Any], laws: Mapping[str, str]) -> str:
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
        return f"{what}: {row['other_answer']} in both, {_later(row)}"
    often = ""
    if row["answer_share"] < 0.995:
        often = f" (in {percent(row['answer_share'])} of these)"
    return f"{what}: {row['other_answer']} instead of {row['base_answer']}{often}"


def _later(row: Mapping[Any, Any]) -> str:
    months = row["other_arrives"] - row["base_arrives"]
    if abs(months) < 0.5:
        size = row["other_people"] - row["base_people"]
        return f"{signed(size)} people" if abs(size) >= 0.5 else "in another month"
    return f"{abs(months):.0f} months {'later' if months > 0 else 'earlier'}"


def because(row: Mapping[Any, Any], laws: Mapping[str, str]) -> str:
    """What made the difference: provision, term, slots or seats, and by how much."""
    sentence = _reason(row, laws)
    if row["answer_share"] + 0.005 < row["cause_share"] < 0.995:
        sentence += f" (in {percent(row['cause_share'])} of these)"
    return f"{sentence}."


def _reason(row: Mapping[Any, Any], laws: Mapping[str, str]) -> str:
    cause, detail, delta = row["cause"], row["detail"], row["delta"]
    if cause == "law":
        ids = [part for part in detail.replace(" / ", ", ").split(", ") if part in laws]
        named = "; ".join(dict.fromkeys(laws[part] for part in ids))
        return f"Law: {detail} ({named})" if named else f"Law: {detail or CAUSES[cause]}"
    if cause == "choice":
        chances = f"{percent(row['base_chance'])} to {percent(row['other_chance'])}"
        names = {**MEANING, REST: wording.REST[REST], FINDING: CLASSES["site"]}
        name = names.get(detail, detail)
        return f"Choice: {name} ({delta:+.2f}), acceptance {chances}"
    if cause == "capacity":
        return f"Capacity: {detail}" + (f" ({delta:+.1f} free)" if abs(delta) >= 0.05 else "")
    if cause == "vote":
        if abs(delta) < 0.005:
            return "Vote: the coalition partner, for as many seats are in support"
        return f"Vote: seats in support {100 * delta:+.0f} points"
    words: str = CAUSES[cause]
    return f"{words[:1].upper()}{words[1:]}"


def _moved(row: Mapping[Any, Any]) -> str:
    if abs(row["people"]) < ROUNDED:
        return f"{row['people_moved']:.1f} people moved in an average month, equally up and down."
    return f"{people(row['people'])} in an average month of the period."
