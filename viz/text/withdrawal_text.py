"""Deployments that ended without a decision, in words: law, drawdown, mission's end, a given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .labels import kind_name

if TYPE_CHECKING:
    from scenarios.explanation.decisions import Answers

WORDS = {
    "mission_over": "the mission is over",
    "handed_over": "the mission is over and its successor takes them over",
    "law_lapsed": "no law allows it any longer",
    "law_bars": "the law bars it",
    "condition_unmet": "a condition of the law remained unmet",
    "drawdown": "the mission draws down",
    "given": "the scenario says so",
}
BY_LAW = ("law_lapsed", "law_bars", "condition_unmet")


def headline(answers: Answers, row: Mapping[Any, Any]) -> str:
    """One end in a line: month, people, what ended them."""
    mission = "" if answers.mission else f" in {row['mission']}"
    verdict = f"TRANSFERS TO {row['successor']}" if row["successor"] else "LEAVES"
    verdict = verdict if row["arrived"] else "CANCELLED"
    people = f"{row['people']:,} {kind_name(row['kind'])}{mission}"
    return f"{row['month']}  {people}: {verdict} ({WORDS[row['ended']]})"


def law(answers: Answers, row: Mapping[Any, Any]) -> str:
    """The provision that ended them, or that had allowed them, with its dates."""
    key = str(row["provision"])
    if not key or row["ended"] not in BY_LAW:
        return ""
    lapsed = "lapsed: " if row["ended"] == "law_lapsed" else ""
    return lapsed + cited(answers, key)


def cited(answers: Answers, key: str) -> str:
    """A provision by its title and id, with the months in which it is in force."""
    since, until = answers.in_force(key)
    dates = f"in force from {since}" + (f" to before {until}" if until else "")
    return f"{answers.provisions.get(key, {}).get('title', key)} [{key}], {dates}"


def summary(answers: Answers) -> Iterator[tuple[str, str]]:
    """Kind and text over all runs: what ended its deployments, how often and mostly when."""
    for kind, part in answers.endings.groupby("kind", sort=False):
        told = []
        part = part.assign(law=part["provision"].where(part["ended"].isin(BY_LAW), ""))
        for (ended, provision), same in part.groupby(["ended", "law"], sort=False):
            usual = same["month"].mode().iloc[0]
            of = f" [{provision}]" if provision else ""
            share = f"{100 * same['run'].nunique() / answers.runs:.0f}%"
            told.append(f"{WORDS[str(ended)]}{of} in {share} of the runs, mostly {usual}")
        yield str(kind), "; ".join(told)
