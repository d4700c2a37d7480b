"""Law: what a state's law allows in two months, side by side, and what came in between."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import solara

from model.errors import InputError
from scenarios.definition.law_table import FIRST_MONTH
from scenarios.explanation.law_at_date import states_with_law
from scenarios.file_format.schema import LATEST_MONTH

from ...language.spoken import kept_by_language, say, translated
from ...text import law_text, wording
from ...text.labels import state_name
from ..components.controls import Dates
from ..components.shared_parts import Note, heading, table_of, table_place
from ..visit.url_state import View, ended

Change = Callable[..., None]
CITED = "[", "]"  # around the id of a provision


@solara.component
def Law(view: View, change: Change) -> None:
    """The tab."""
    state, since, month = view.law_state, view.law_since, view.law_month
    with solara.Div(classes=["pk-card"]):
        heading(2, wording.LAW_TAB["title"].format(state=state_name(state)))
        Dates(
            w=wording.LAW_TAB,
            states=[{"key": code, "name": state_name(code)} for code in states_with_law()],
            state=state,
            since=since,
            month=month,
            first=FIRST_MONTH,
            last=LATEST_MONTH,
            event_changed=lambda what: change(
                **{key: what[key] for key in ("law_state", "law_since", "law_month") if key in what}
            ),
        )
    if since == month:
        Note(wording.LAW_TAB["same"], alert=True)
        return
    try:
        changed, beside = changes(state, since, month), side_by_side(state, since, month)
    except InputError as error:
        Note(ended(str(error)), alert=True)
        return
    with solara.Div(classes=["pk-card"]):
        heading(2, wording.LAW_TAB["changed"].format(since=since, month=month))
        if changed:
            place = table_place(wording.LAW_TAB["changes"], "pk-law")
            solara.HTML(tag="div", unsafe_innerHTML=changed, **place)
        else:
            text = say(law_text.NOTHING, state=state_name(state), since=since, month=month)
            Note(text)
    with solara.Div(classes=["pk-card"]):
        heading(2, wording.LAW_TAB["beside"].format(since=since, month=month))
        Note(wording.LAW_TAB["help"])
        place = table_place(wording.LAW_TAB["answers"], "pk-law", "pk-sides")
        solara.HTML(tag="div", unsafe_innerHTML=beside, **place)


@kept_by_language(200)
def changes(state: str, since: str, month: str) -> str:
    """Provisions that came and went, as a table; blank for none."""
    rows = law_text.change_rows(state, since, month)
    if not rows:
        return ""
    return table_of(translated(law_text.CHANGES), ([_cell(cell) for cell in row] for row in rows))


@kept_by_language(200)
def side_by_side(state: str, since: str, month: str) -> str:
    """The answers of both months, as a table; those that changed stand out."""
    heads = [one.format(since=since, month=month) for one in wording.LAW_COLUMNS]
    rows = []
    for name, kinds, before, after in law_text.beside_rows(state, since, month):
        same = after == say(law_text.SAME)
        mark = "pk-same" if same else "pk-changed"
        later = f'<div class="{mark}">{_cell(after)}</div>'
        rows.append([f"<b>{escape(name)}</b>" if name else "", escape(kinds), _cell(before), later])
    return table_of(heads, rows)


def _cell(text: str) -> str:
    """A text with the ids of provisions set apart."""
    return escape(text).replace(CITED[0], "<code>").replace(CITED[1], "</code>")
