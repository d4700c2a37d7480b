"""What would have turned an answer: terms, people and seats, each lever, each provision of law."""

from collections.abc import Mapping
from html import escape
from typing import Any

import solara

from scenarios.explanation.counterfactuals import Turn
from scenarios.explanation.decisions import Answers
from scenarios.explanation.law_counterfactuals import Tried, by_amendments
from scenarios.explanation.lever_thresholds import Lever, by_levers

from ...text import change_text, wording
from ..components.shared_parts import html
from ..visit.fair_queue import Place
from ..visit.jobs import use_background


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
    lines = [change_text.lever_line(lever, renewal) for lever in found]
    told = listed(lines) if found else f"<p>{escape(wording.NO_LEVER)}</p>"
    return f"<h3>{escape(wording.LEVERS_TURN)}</h3>{told}"


def law(found: Answers, row: Mapping[Any, Any], tried: Tried | None) -> str:
    """Provisions that would turn the answer, as a list; None: they are still being tried."""
    if tried is None:
        return f'<p class="pk-small" role="status">{escape(wording.LAW_TRIED)}</p>'
    lines = change_text.law_lines(found, row, tried)
    none = f"<p>{escape(change_text.no_law(row, tried))}</p>"
    return f"<h3>{escape(wording.LAW_TURNS)}</h3>{listed(lines) if lines else none}"


def turned(found: Answers, row: Mapping[Any, Any], turns: list[Turn]) -> str:
    """What would have turned the answer, as a list."""
    stopped = row["stopped_by"]
    if stopped == "no_need":
        return ""
    title = wording.TURNED_YES if stopped == "nothing" else wording.TURNED
    return (
        f"<h3>{escape(title)}</h3>"
        f'<p class="pk-small">{escape(wording.TURNED_HELP)}</p>'
        f"{listed(change_text.turn_lines(found, row, turns))}"
    )


def listed(lines: list[str]) -> str:
    """Sentences as a list."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
