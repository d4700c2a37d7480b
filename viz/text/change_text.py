"""What would have changed an answer, in sentences: terms, levers and provisions, one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scenarios.definition import lookup
from scenarios.explanation.law_counterfactuals import NEW, Tried
from scenarios.explanation.rerun import ABSENT

from . import wording
from .labels import kind_name

if TYPE_CHECKING:
    from scenarios.explanation.counterfactuals import Turn
    from scenarios.explanation.decisions import Answers
    from scenarios.explanation.lever_thresholds import Lever

TURNS_SHOWN = 6


def turn_lines(found: Answers, row: Mapping[Any, Any], turns: Sequence[Turn]) -> list[str]:
    """What would have turned the answer, the draw held fixed and one thing changed at a time."""
    stopped = row["stopped_by"]
    lines: list[str] = []
    if stopped == "nothing":
        lines = [
            wording.LOST.format(term=wording.TERMS[turn.what], now=turn.now)
            for turn in turns[:TURNS_SHOWN]
        ] or [wording.NOTHING_LOST]
    elif stopped == "choice":
        enough = [turn for turn in turns if turn.enough]
        lines = [
            wording.MOVED.format(
                term=wording.TERMS[turn.what], now=turn.now, needed=turn.needed, words=turn.words
            )
            for turn in enough[:TURNS_SHOWN]
        ]
        if not enough:
            lines = [wording.NO_TERM]
            if turns:
                lines.append(
                    wording.NEAREST.format(
                        term=wording.TERMS[turns[0].what],
                        now=turns[0].now,
                        reach=turns[0].reach,
                        needed=turns[0].needed,
                        words=turns[0].words,
                    )
                )
    else:
        for turn in turns:
            known = found.provisions.get(turn.what, {})
            title = f"{known['title']} [{turn.what}]: " if known.get("title") else ""
            alone = "" if turn.enough else wording.AMONG_OTHERS
            lines.append(f"{title}{turn.words}{alone}")
        lines = lines or [wording.NOTHING_SINGLE.format(kind=kind_name(row["kind"]))]
        if stopped in ("law", "capacity") and row["reason"] != "renewal":
            carried = float(row["draw"]) < float(row["probability"])
            lines.append(wording.BEHIND_YES if carried else wording.BEHIND_NO)
    return [line[:1].upper() + line[1:] for line in lines]


def lever_line(lever: Lever, renewal: bool) -> str:
    """How far a lever must move, and what is answered then."""
    unit = "" if lever.unit == "factor" else f" {lever.unit}"
    return wording.LEVER_LINE.format(
        lever=lever.name.replace("_", " "),
        needed=f"{lever.needed:.3g}{unit}",
        now=f"{lever.now:.3g}",
        outcome=then(lever.outcome, renewal),
    )


def then(outcome: str, renewal: bool) -> str:
    """An answer after a change, in words."""
    if outcome == ABSENT:
        return wording.ABSENT_THEN[renewal]
    if renewal:
        return wording.STAYS if outcome == "accepted" else wording.LEAVES
    return wording.OUTCOME[outcome]


def law_lines(found: Answers, row: Mapping[Any, Any], tried: Tried) -> list[str]:
    """Provisions that would turn the answer; conditions of one provision on one line."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for one in tried.amendments:
        lines.setdefault((one.provision, one.how, one.outcome), []).append(one.what)
    return [law_line(found, row, *key, what) for key, what in lines.items()]


def no_law(row: Mapping[Any, Any], tried: Tried) -> str:
    """That no provision would turn the answer."""
    none = wording.NO_LAW if row["stopped_by"] != "nothing" else wording.NO_LAW_STOPS
    return none.format(count=tried.provisions)


def law_line(
    found: Answers, row: Mapping[Any, Any], provision: str, how: str, outcome: str, what: list[str]
) -> str:
    """What of a provision would have to change, and what is answered then."""
    known = found.provisions.get(provision, {})
    change = wording.AMENDED[how].format(
        what=wording.OR.join(part.replace(";", ", ").replace("_", " ") for part in what),
        since=known.get("in_force", ""),
        kind=kind_name(row["kind"]),
        legislature=lookup.legislature(found.state),
    )
    title = "" if provision == NEW else f"{known.get('title', provision)} [{provision}] "
    outcome = then(outcome, row["reason"] == "renewal")
    return wording.LAW_LINE.format(change=f"{title}{change}", outcome=outcome)
