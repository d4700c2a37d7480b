"""Where and why runs of two scenarios diverge, in words: the largest effect first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.core.utility_terms import MEANING
from model.world import recorded_contributions
from scenarios.comparison.divergence_causes import CAUSES, CLASSES, FINDING, HOST_TIES, REST
from scenarios.definition import law_table
from scenarios.file_format.schema import Scenario

from ..language.names import name_of
from ..language.spoken import say, several
from . import wording
from .labels import framework_name, kind_name, mission_name, provision_title, state_name
from .number_text import ROUNDED, people, percent, signed

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.comparison.comparison_result import Comparison

TOLD = 8  # divergences reported; the table has all
SLIGHT = 0.02  # of the people moved by the largest divergence; smaller ones are not reported


def divergences(comparison: Comparison, other: str, most: int = TOLD) -> list[str]:
    """One sentence for each mission where runs diverge; the largest effect first."""
    laws = titles(comparison, other)
    rows = foremost(comparison, other, most).to_dict("records")
    return [divergence(row, laws, comparison.manifest["traced"]) for row in rows]


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
    one, many = (
        "In {number} other mission the difference is smaller.",
        "In {number} other missions the difference is smaller.",
    )
    return several(one, many, more)


def by_class(comparison: Comparison, other: str) -> str:
    """What first causes moved, each with its share of the people moved; blank if none moved any."""
    table = comparison.divergences
    own = table[(table["scenario"] == other) & (table["people_moved"] > 0)]
    if own.empty:
        return ""
    moved = own.groupby("class")["people_moved"].sum().sort_values(ascending=False, kind="stable")
    shares = moved / moved.sum()
    told = [f"{say(CLASSES[str(k)])} {percent(s)}" for k, s in shares.items() if s >= SLIGHT]
    return say("Share of the change by first cause: {shares}.", shares=say(", ").join(told))


def titles(comparison: Comparison, other: str) -> dict[str, str]:
    """Id of every provision to its title, in the law of the base and of the other scenario."""
    found: dict[str, str] = {}
    for number in (0, 1 + comparison.others.index(other)):
        content = {k: v for k, v in comparison.manifest["scenarios"][number].items() if k != "name"}
        events = Scenario.model_validate(content).events
        found |= {
            str(row["id"]): provision_title(str(row["id"]), str(row["title"]))
            for row in law_table.table(events)
        }
    return found


def divergence(row: Mapping[Any, Any], laws: Mapping[str, str], runs: int) -> str:
    """Where, how often, what instead of what, why, and how many people it moves."""
    number = round(row["share"] * runs)
    often = say("{share} of the runs", share=percent(row["share"]))
    if number and percent(row["share"]) == percent(0.0):
        often = say("{number} of {runs:,} runs", number=number, runs=runs)
    usual = row["month"] == row["usual_month"]
    return say(
        "{mission}, {state}, from {month}: in {often}; {change}. {because} {moved}"
        if usual
        else "{mission}, {state}, from {month}: in {often}, mostly {usual}; {change}. "
        "{because} {moved}",
        mission=place(row),
        state=state_name(row["state"]),
        month=row["month"],
        often=often,
        usual=row["usual_month"],
        change=change(row),
        because=because(row, laws),
        moved=_moved(row),
    )


def place(row: Mapping[Any, Any]) -> str:
    """A mission by its name, and what it is where that differs by run."""
    name, framework = mission_name(row["mission"]), framework_of(row)
    return say("{mission} ({framework})", mission=name, framework=framework) if framework else name


def framework_of(row: Mapping[Any, Any]) -> str:
    """What a mission is in the runs that are meant; blank where it is documented."""
    if row["mission"] in recorded_contributions.group_of_missions():
        return ""
    return framework_name(row["framework"])


def change(row: Mapping[Any, Any]) -> str:
    """What was answered instead of what, usually."""
    what = kind_name(row["kind"])
    base, other = _answer(str(row["base_answer"])), _answer(str(row["other_answer"]))
    if row["base_answer"] == row["other_answer"]:
        return say("{kind}: {answer} in both, {later}", kind=what, answer=other, later=_later(row))
    if row["answer_share"] < 0.995:
        return say(
            "{kind}: {other} instead of {base} (in {share} of these)",
            kind=what,
            other=other,
            base=base,
            share=percent(row["answer_share"]),
        )
    return say("{kind}: {other} instead of {base}", kind=what, other=other, base=base)


def _answer(text: str) -> str:
    """An answer as the table has it: what was given, and in brackets the step that stopped it."""
    given, _, step = text.removesuffix(")").partition(" (")
    what = given.removesuffix(" only")
    said = say(given)
    if what != given:
        said = say("{kind} only", kind=name_of("kind", what, say(what)))
    return say("{answer} ({step})", answer=said, step=say(step)) if step else said


def _later(row: Mapping[Any, Any]) -> str:
    months = row["other_arrives"] - row["base_arrives"]
    if abs(months) < 0.5:
        size = row["other_people"] - row["base_people"]
        if abs(size) < 0.5:
            return say("in another month")
        return say("{size} people", size=signed(size))
    number = round(abs(months))
    if months > 0:
        return several("{number} month later", "{number} months later", number)
    return several("{number} month earlier", "{number} months earlier", number)


def because(row: Mapping[Any, Any], laws: Mapping[str, str]) -> str:
    """What made the difference: provision, term, slots or seats, and by how much."""
    sentence = _reason(row, laws)
    if row["answer_share"] + 0.005 < row["cause_share"] < 0.995:
        sentence += say(" (in {share} of these)", share=percent(row["cause_share"]))
    return say("{sentence}.", sentence=sentence)


def _reason(row: Mapping[Any, Any], laws: Mapping[str, str]) -> str:
    cause, detail, delta = row["cause"], row["detail"], row["delta"]
    if cause == "law":
        ids = [part for part in detail.replace(" / ", ", ").split(", ") if part in laws]
        named = say("; ").join(dict.fromkeys(laws[part] for part in ids))
        cited = " / ".join(map(say, detail.split(" / "))) if detail else say(CAUSES[cause])
        if named:
            return say("Law: {provisions} ({titles})", provisions=cited, titles=named)
        return say("Law: {provisions}", provisions=cited)
    if cause == "choice":
        names = {
            **MEANING,
            REST: wording.REST[REST],
            FINDING: CLASSES["site"],
            HOST_TIES: wording.WITH_HOST_MEANING,
        }
        term = say(names.get(detail, detail))
        if percent(row["base_chance"]) == percent(row["other_chance"]):
            if abs(delta) < 0.005:
                return say(
                    "Choice: {term}, by less than 0.01; the draw lay at the threshold", term=term
                )
            return say(
                "Choice: {term} ({delta:+.2f}); the draw lay at the threshold",
                term=term,
                delta=delta,
            )
        return say(
            "Choice: {term} ({delta:+.2f}), acceptance {base} to {other}",
            term=term,
            delta=delta,
            base=percent(row["base_chance"]),
            other=percent(row["other_chance"]),
        )
    if cause == "capacity":
        if abs(delta) < 0.05:
            return say("Capacity: {what}", what=say(detail))
        return say("Capacity: {what} ({delta:+.1f} free)", what=say(detail), delta=delta)
    if cause == "vote":
        if abs(delta) < 0.005:
            return say("Vote: the coalition partner; as many seats as before are in support")
        return say("Vote: seats in support {delta:+.0f} points", delta=100 * delta)
    words: str = say(CAUSES[cause])
    return f"{words[:1].upper()}{words[1:]}"


def _moved(row: Mapping[Any, Any]) -> str:
    if abs(row["people"]) < ROUNDED:
        return say(
            "{people:.1f} people moved in an average month, equally up and down.",
            people=row["people_moved"],
        )
    return say("{change} in an average month of the period.", change=people(row["people"]))
