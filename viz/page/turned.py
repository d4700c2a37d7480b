"""What would have turned an answer: terms, provisions, slots and seats, and how far each lever."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from html import escape
from typing import Any

import solara

from scenarios.answers import Answers
from scenarios.levers import Lever, by_levers
from scenarios.why import Turn

from ..palette import kind_name
from . import words
from .background import use_background
from .common import html, spaced
from .ensemble import in_turn

TURNS_SHOWN = 6


@solara.component
def Turned(found: Answers, number: int) -> None:
    """The list at once; what each lever would do as soon as every one is tried."""
    row = found.decisions.iloc[number].to_dict()
    turns = solara.use_memo(lambda: found.turns(number), [id(found), number])

    def work(stop: threading.Event, report: Any) -> list[Lever]:
        with in_turn(stop):
            return by_levers(found, number, stop.is_set)

    key = (id(found), number)
    job, _ = use_background(work if row["stopped_by"] != "no_need" else None, key)
    if row["stopped_by"] == "no_need":
        return
    with solara.Div(classes=["pk-turned"]):
        html(turned(found, row, turns))
        html(levers(job.value if job.key == key else None))


def levers(found: list[Lever] | None) -> str:
    """Levers that would turn the answer, as a list; None: they are still being tried."""
    if found is None:
        return f'<p class="pk-small" role="status">{escape(words.LEVERS_TRIED)}</p>'
    items = "".join(f"<li>{escape(lever_line(lever))}</li>" for lever in found)
    told = f"<ul>{items}</ul>" if found else f"<p>{escape(words.NO_LEVER)}</p>"
    return (
        f"<h3>{escape(words.LEVERS_TURN)}</h3>{told}"
        f'<p class="pk-small">{escape(words.LEVERS_HELP)}</p>'
    )


def lever_line(lever: Lever) -> str:
    """How far a lever must move, and what is answered then."""
    unit = "" if lever.unit == "factor" else f" {lever.unit}"
    return words.LEVER_LINE.format(
        lever=spaced(lever.name),
        needed=f"{lever.needed:.3g}{unit}",
        now=f"{lever.now:.3g}",
        outcome=words.OUTCOME[lever.outcome],
    )


def turned(found: Answers, row: Mapping[Any, Any], turns: list[Turn]) -> str:
    """What would have turned the answer, the draw held fixed and one thing changed at a time."""
    stopped = row["stopped_by"]
    if stopped == "no_need":
        return ""
    lines: list[str] = []
    if stopped == "nothing":
        lines = [
            words.LOST.format(term=turn.what.replace("_", " "), now=turn.now)
            for turn in turns[:TURNS_SHOWN]
        ] or [words.NOTHING_LOST]
    elif stopped == "choice":
        enough = [turn for turn in turns if turn.enough]
        lines = [
            words.MOVED.format(
                term=turn.what.replace("_", " "), now=turn.now, needed=turn.needed, words=turn.words
            )
            for turn in enough[:TURNS_SHOWN]
        ]
        if not enough:
            lines = [words.NO_TERM]
            if turns:
                lines.append(words.NEAREST.format(
                    term=turns[0].what.replace("_", " "), now=turns[0].now, reach=turns[0].reach,
                    needed=turns[0].needed, words=turns[0].words,
                ))
    else:
        for turn in turns:
            known = found.provisions.get(turn.what, {})
            title = f"{known['title']} [{turn.what}]: " if known.get("title") else ""
            alone = "" if turn.enough else words.AMONG_OTHERS
            lines.append(f"{title}{_worded(turn)}{alone}")
        lines = lines or [words.NOTHING_SINGLE.format(kind=kind_name(row["kind"]))]
        if stopped in ("law", "capacity") and row["reason"] != "renewal":
            carried = float(row["draw"]) < float(row["probability"])
            lines.append(words.BEHIND_YES if carried else words.BEHIND_NO)
    items = "".join(f"<li>{escape(line[:1].upper() + line[1:])}</li>" for line in lines)
    title = words.TURNED_YES if stopped == "nothing" else words.TURNED
    return (
        f"<h3>{escape(title)}</h3><ul>{items}</ul>"
        f'<p class="pk-small">{escape(words.TURNED_HELP)}</p>'
    )


def _worded(turn: Turn) -> str:
    """What a turn says; of slots, how a reader may have them."""
    if turn.what != "slots" or turn.now is None or turn.needed is None:
        return turn.words
    return words.SLOTS.format(missing=turn.needed - turn.now)
