"""How a presence goes on or ends, in words: extended until when, left on which occasion, or ended
by the law, a drawdown, the mission's end or the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from calibration.documented_record import entries
from model.core.utility_terms import MEANING
from scenarios.explanation import extension

from ..language.spoken import Words, say
from . import wording
from .labels import kind_name, people_of
from .text_lines import Line, dates, wrapped

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
OVERTAKEN = "the mission ended before they arrived"
BY_LAW = ("law_lapsed", "law_bars", "condition_unmet")
OCCASIONS = Words(
    {
        "mission_cut": "the mission has been cut since the last extension",
        "stake_fell": "the ally has less at stake there than at the last extension",
        "end_announced": "the end of the mission has been announced",
        "camp_changed": "power has changed hands, and the parties differ on such dispatches",
        "work_done": "most of its work is done",
    }
)
LAST_TERM = "for the last term: the mission ends in {last}"
SECURED = "its place is secured until {until}"
WITHOUT_OCCASION = "although no event since the last extension called for it"


def headline(answers: Answers, row: Mapping[Any, Any]) -> str:
    """One end in a line: month, people, what ended them."""
    mission = "" if answers.mission else f" in {row['mission']}"
    verdict = f"TRANSFER TO {row['successor']}" if row["successor"] else "LEAVE"
    why = WORDS[row["ended"]]
    if not row["arrived"]:
        verdict, why = "CANCELLED", OVERTAKEN if "over" in row["ended"] else why
    people = people_of(int(row["people"]), str(row["kind"]))
    return f"{row['month']}  {people}{mission}: {verdict} ({why})"


def suspended(answers: Answers, row: Mapping[Any, Any]) -> str:
    """A suspension in a line: months, people, the rule under which they may stay."""
    mission = "" if answers.mission else f" in {row['mission']}"
    months = row["first"] if row["first"] == row["last"] else f"{row['first']} to {row['last']}"
    rule = f" [{row['provision']}]" if row["provision"] else ""
    people = people_of(int(row["people"]), str(row["kind"]))
    return f"{months}  {people}{mission}: SUSPENDED (a condition of the law was unmet){rule}"


def suspended_in_words(answers: Answers) -> Iterator[str]:
    """The suspensions of the detailed run, a sentence each."""
    table = answers.suspensions
    for row in table[table["run"] == answers.run].to_dict("records"):
        yield say(
            "From {first} to {last} the work of {people} was suspended: a condition of the law was "
            "unmet.",
            first=row["first"],
            last=row["last"],
            people=people_of(int(row["people"]), str(row["kind"])),
        )


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


def renewals(answers: Answers) -> Iterator[Line]:
    """Renewals over all runs, and what is documented of a withdrawal."""
    table = answers.renewals
    if table.empty or not answers.mission:
        return
    yield ("", "")
    yield (f"Renewals, {answers.runs} runs", "bold")
    run_0 = answers.decisions
    for row in table.to_dict("records"):
        text = f"{100 * row['stayed']:.0f}% of {row['answered']:,} renewals extended"
        if len(run_0):
            due = run_0[(run_0["reason"] == "renewal") & (run_0["kind"] == row["kind"])]
            stays = due.loc[due["outcome"] == "accepted", "month"].tolist()
            leaves = due.loc[due["outcome"] != "accepted", "month"].tolist()
            text += f"; in run 0 it stays in {dates(stays)}" if stays else ""
            text += f"; in run 0 it leaves in {dates(leaves)}" if leaves else ""
        yield from wrapped(kind_name(row["kind"]), text)
    for entry in entries(answers.state, category="withdrawn"):
        if entry.mission == answers.mission:
            text = f"withdrawn in {entry.start}; {entry.statement} (source: {entry.id})"
            yield from wrapped("documented", text)


def happened(answers: Answers, row: Mapping[Any, Any]) -> str:
    """What has happened since the last extension that gave occasion to end a presence; blank for
    nothing."""
    return say(", ").join(OCCASIONS[name] for name in extension.occasions(answers, row))


def how(answers: Answers, row: Mapping[Any, Any]) -> str:
    """Until when a presence goes on after a renewal, or why it does not; blank where the law or a
    vote says why, and for a state that weighs every renewal afresh."""
    if row["outcome"] == "accepted":
        term = extension.granted(answers, row)
        return say(LAST_TERM, last=term.last) if term.last else say(SECURED, until=term.until)
    if row["stopped_by"] != "choice" or not extension.is_by_default(answers, row):
        return ""
    occasions = happened(answers, row)
    return occasions or say(WITHOUT_OCCASION)


def terms(answers: Answers, row: Mapping[Any, Any]) -> dict[str, str]:
    """The short name of every term in an answer: a term of an extension has one of its own."""
    staying = wording.STAYING if extension.is_by_default(answers, row) else {}
    own = {term.name: term.name.replace("_", " ") for term in answers.scenario.terms}
    host = {"other_side": wording.WITH_HOST} if _with_host(answers, row) else {}
    return {**wording.TERMS, **host, **staying, **own}


def _with_host(answers: Answers, row: Mapping[Any, Any]) -> bool:
    """Whether the ties that a state weighs are with the host: such a stake counts below nought."""
    return answers.contributions(row)["other_side"] * answers.weights["other_side"] < 0.0


def meanings(answers: Answers, row: Mapping[Any, Any]) -> dict[str, str]:
    """What every term in an answer stands for, the occasion of a renewal by its name."""
    told = {**MEANING, **wording.REST}
    if _with_host(answers, row):
        told["other_side"] = wording.WITH_HOST_MEANING
    parts = answers.contributions(row)
    for term in answers.scenario.terms:
        value = parts[term.name] / term.weight if term.weight else 0.0
        told[term.name] = f"own term: weight {term.weight:+.2f} x value {value:+.2f}"
    if extension.is_by_default(answers, row):
        told |= wording.STAYING_MEANING
        occasions = happened(answers, row)
        if occasions:
            told["occasion"] = occasions
    return told
