"""What would have turned an answer: terms, people and seats, each lever, each provision of law."""

from collections.abc import Mapping
from html import escape
from typing import Any

import solara

from scenarios.definition import lookup
from scenarios.explanation.counterfactuals import Turn
from scenarios.explanation.decisions import Answers
from scenarios.explanation.law_counterfactuals import NEW, Tried, by_amendments
from scenarios.explanation.lever_thresholds import Lever, by_levers
from scenarios.explanation.rerun import ABSENT

from ...text import wording
from ...text.labels import kind_name
from ..components.shared_parts import html, spaced
from ..visit.fair_queue import Place
from ..visit.jobs import use_background

TURNS_SHOWN = 6


@solara.component
def Turned(found: Answers, number: int) -> None:
    """The list at once; what each lever would do as soon as every one is tried."""
    row = found.decisions.iloc[number].to_dict()
    turns = solara.use_memo(lambda: found.turns(number), [id(found), number])

    def pull(place: Place) -> list[Lever]:
        return by_levers(found, number, place.over)

    def amend(place: Place) -> Tried:
        return by_amendments(found, number, place.over)

    key, asked = (id(found), number), row["stopped_by"] != "no_need"
    pulled, _ = use_background(pull if asked else None, key, later=True)
    amended, _ = use_background(amend if asked else None, key, later=True)
    if not asked:
        return
    with solara.Div(classes=["pk-turned"]):
        html(turned(found, row, turns))
        html(levers(pulled.value if pulled.key == key else None, row["reason"] == "renewal"))
        html(law(found, row, amended.value if amended.key == key else None))
        html(f'<p class="pk-small">{escape(wording.TRIED_HELP)}</p>')


def levers(found: list[Lever] | None, renewal: bool) -> str:
    """Levers that would turn the answer, as a list; None: they are still being tried."""
    if found is None:
        return f'<p class="pk-small" role="status">{escape(wording.LEVERS_TRIED)}</p>'
    items = "".join(f"<li>{escape(lever_line(lever, renewal))}</li>" for lever in found)
    told = f"<ul>{items}</ul>" if found else f"<p>{escape(wording.NO_LEVER)}</p>"
    return f"<h3>{escape(wording.LEVERS_TURN)}</h3>{told}"


def lever_line(lever: Lever, renewal: bool) -> str:
    """How far a lever must move, and what is answered then."""
    unit = "" if lever.unit == "factor" else f" {lever.unit}"
    return wording.LEVER_LINE.format(
        lever=spaced(lever.name),
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


def law(found: Answers, row: Mapping[Any, Any], tried: Tried | None) -> str:
    """Provisions that would turn the answer, as a list; None: they are still being tried."""
    if tried is None:
        return f'<p class="pk-small" role="status">{escape(wording.LAW_TRIED)}</p>'
    lines: dict[tuple[str, str, str], list[str]] = {}  # conditions of one provision on one line
    for one in tried.amendments:
        lines.setdefault((one.provision, one.how, one.outcome), []).append(one.what)
    items = "".join(
        f"<li>{escape(law_line(found, row, *key, what))}</li>" for key, what in lines.items()
    )
    none = wording.NO_LAW if row["stopped_by"] != "nothing" else wording.NO_LAW_STOPS
    told = f"<ul>{items}</ul>" if items else f"<p>{escape(none.format(count=tried.provisions))}</p>"
    return f"<h3>{escape(wording.LAW_TURNS)}</h3>{told}"


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


def turned(found: Answers, row: Mapping[Any, Any], turns: list[Turn]) -> str:
    """What would have turned the answer, the draw held fixed and one thing changed at a time."""
    stopped = row["stopped_by"]
    if stopped == "no_need":
        return ""
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
    items = "".join(f"<li>{escape(line[:1].upper() + line[1:])}</li>" for line in lines)
    title = wording.TURNED_YES if stopped == "nothing" else wording.TURNED
    return (
        f"<h3>{escape(title)}</h3>"
        f'<p class="pk-small">{escape(wording.TURNED_HELP)}</p><ul>{items}</ul>'
    )
