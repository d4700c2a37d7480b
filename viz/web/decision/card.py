"""One answer of one run in full: verdict, the documented answer, four steps, what would have
changed it, and the terms of the choice."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import solara

from scenarios.explanation.decisions import Answers

from ...charts.answer_chart import answer_waterfall, has_choice
from ...text import factor_text, wording
from ...text.labels import MODES, REASONS, STOPS, kind_name, state_name
from ..components.chart_component import Figure, figure
from ..components.controls import AnswerList
from ..components.shared_parts import Drawn, heading, html, table_of
from .answer_steps import steps
from .record_evidence import evidence
from .what_would_change import Turned


@solara.component
def AnswerCard(found: Answers, number: int, pick: Callable[[int], None]) -> None:
    """One answer of the detailed run, step by step."""
    row = found.decisions.iloc[number].to_dict()
    with solara.Div(classes=["pk-card"]):
        heading(
            2,
            wording.ONE_RUN.format(
                state=state_name(found.state), mission=found.mission, run=found.run, seed=found.seed
            ),
        )
        AnswerList(
            label=wording.ANSWERS_OF.format(run=found.run),
            rows=[short(found, n) for n in range(len(found.decisions))],
            chosen=number,
            more=wording.MORE_RENEWALS,
            event_picked=pick,
        )
        html(verdict(found, row))
        html(evidence(found, row))
        html(steps(found, row))
        html(factors(found, row))
        Turned(found, number)


@solara.component
def Waterfall(found: Answers, number: int) -> None:
    """The terms of the utility, where there was anything to choose."""
    row = found.decisions.iloc[number].to_dict()

    def draw() -> Figure | None:
        if not has_choice(found, number):
            return None
        return figure(lambda: answer_waterfall(found, number))

    drawn = solara.use_memo(draw, [id(found), number])
    if drawn is not None:
        Drawn(
            drawn,
            f"why-{found.state}-{found.mission.replace('/', '-').replace(' ', '-')}-{row['month']}",
        )


def factors(found: Answers, row: Mapping[Any, Any]) -> str:
    """The five factors for authorising a deployment as a table that opens at a click."""
    if row["stopped_by"] == "no_need":
        return ""
    cells = (
        [f"<b>{escape(cell)}</b>" if one[0] else escape(cell) for cell in one]
        for one in factor_text.rows(found, row)
    )
    return (
        f'<details class="pk-words"><summary>{escape(wording.FACTORS)}</summary>'
        f'<p class="pk-small">{escape(wording.FACTORS_HELP.format(law=factor_text.law(row)))}</p>'
        f'<div class="pk-table pk-num" tabindex="0" role="region" '
        f'aria-label="{escape(wording.FACTORS, quote=True)}">'
        f"{table_of(factor_text.HEADS, cells)}</div></details>"
    )


def short(found: Answers, number: int) -> dict[str, Any]:
    """One answer as a button."""
    row = found.decisions.iloc[number]
    renewal = row["reason"] == "renewal"
    good = row["stopped_by"] == "nothing"
    stays = "stays" if row["outcome"] == "accepted" else "leaves"
    what = f"{int(row['asked']):,} {kind_name(row['kind'])}"
    return {
        "number": number,
        "month": row["month"],
        "what": ("renewal, " if renewal else "") + what,
        "verdict": stays if renewal else wording.OUTCOME[row["outcome"]],
        "good": bool(good),
        "dull": bool(renewal and good),
    }


def verdict(found: Answers, row: Mapping[Any, Any]) -> str:
    """The answer in one sentence, the documented one beneath."""
    name, kind = state_name(found.state), kind_name(row["kind"])
    asked_for = f"{int(row['asked']):,} {kind}"
    stopped = STOPS.get(row["stopped_by"])
    request = found.requests.get(str(row["request"]))
    who = (request or {}).get("asker") or REASONS[row["reason"]]
    if row["reason"] == "renewal":
        result = "stays" if row["outcome"] == "accepted" else "leaves"
        text = f"{name} {result}: {asked_for}, renewal of {row['month']}"
    elif row["stopped_by"] == "no_need":
        text = f"Asked for {asked_for}, {name} had nothing left to offer"
    else:
        text = f"Asked for {asked_for} ({who}, {MODES[row['mode']]}), {name} {given(row)}"
    if stopped and row["stopped_by"] != "no_need":
        text += f" — {kind} stopped by {stopped}"
    return f'<p class="pk-verdict">{escape(text)}.</p>'


def given(row: Mapping[Any, Any]) -> str:
    """What was answered, as the end of a sentence."""
    if row["offered"] > 0:
        what = f"{int(row['offered']):,} {kind_name(row['offered_kind'])}"
        own = " in an operation of its own" if row["substitute"] == "own_operation" else ""
        lead = int(row["lead_months"])
        after = "1 month" if lead == 1 else f"{lead} months"
        return f"sent {what}{own}, in the field after {after}"
    if row["outcome"] == "substitute":
        return f"gave {str(row['substitute']).replace('_', ' ')} instead"
    return {"deferred": "put the answer off", "refused": "refused"}.get(
        str(row["outcome"]), str(row["outcome"])
    )
