"""One answer of one run in full: verdict, the documented answer, four steps, what would have
changed it, and the terms of the choice."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import solara

from model import csv_rows
from scenarios.definition import lookup
from scenarios.explanation.decisions import Answers

from ...charts.answer_chart import answer_waterfall, has_choice
from ...charts.maps.site_map import site_map
from ...charts.menu_chart import menu_chart
from ...language.spoken import month, say, several, translated
from ...text import factor_text, menu_text, presence_text, wording
from ...text.labels import (
    GRADE_WORDS,
    MODES,
    REASONS,
    STOPS,
    THE_SCENARIO,
    is_added,
    kind_name,
    mission_name,
    people_of,
    state_name,
)
from ..components.chart_component import Figure, figure, taken
from ..components.controls import AnswerList
from ..components.shared_parts import Drawn, heading, html, table_of
from .answer_steps import steps
from .record_evidence import evidence
from .what_would_change import Turned

PUT_OFF = "put the answer off"


@solara.component
def AnswerCard(found: Answers, number: int, pick: Callable[[int], None]) -> None:
    """One answer of the detailed run, step by step."""
    row = found.decisions.iloc[number].to_dict()
    with solara.Div(classes=["pk-card"]):
        heading(
            2,
            wording.ONE_RUN.format(
                state=state_name(found.state),
                mission=mission_name(found.mission),
                run=found.run,
                seed=found.seed,
            ),
        )
        AnswerList(
            label=wording.ANSWERS_OF.format(run=found.run),
            rows=[short(found, n) for n in range(len(found.decisions))],
            chosen=number,
            more=wording.MORE_RENEWALS,
            event_picked=pick,
        )
        solara.HTML(  # read aloud when another answer is chosen below
            tag="div", unsafe_innerHTML=verdict(found, row), attributes={"aria-live": "polite"}
        )
        html(suspended(found))
        html(evidence(found, row))
        html(steps(found, row))
        html(factors(found, row))
        Turned(found, number)


@solara.component
def Menu(found: Answers, number: int) -> None:
    """The menu with its chances as one picture, where the request had one."""
    row = found.decisions.iloc[number].to_dict()

    def draw() -> Figure | None:
        menu = found.menu(row)
        if not menu:
            return None
        request = found.requests.get(str(row["request"]))
        return figure(lambda: menu_chart(menu, row, found.state, request))

    drawn = solara.use_memo(draw, [id(found), number])
    if drawn is not None:
        Drawn(drawn, f"menu-{found.state}-{row['month']}")


@solara.component
def Where(found: Answers, number: int) -> None:
    """The site and the survey's finding on a small map, where they are known."""
    row = found.decisions.iloc[number].to_dict()

    def draw() -> Figure | None:
        chart = site_map(sites(), str(row["mission"]), row, found.state)
        return None if chart is None else taken(chart)

    drawn = solara.use_memo(draw, [id(found), number])
    if drawn is not None:
        Drawn(drawn, f"sites-{found.state}-{row['month']}")


def sites() -> list[dict[str, str]]:
    """Every documented site."""
    columns = ("id", "name", "latitude", "longitude", "missions")
    return csv_rows.read(lookup.DATA / "sites.csv", columns)


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
    if row["stopped_by"] == "too_small":
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
        f"{table_of(translated(factor_text.HEADS), cells)}</div></details>"
    )


def short(found: Answers, number: int) -> dict[str, Any]:
    """One answer as a button."""
    row = found.decisions.iloc[number]
    renewal = row["reason"] == "renewal"
    good = row["stopped_by"] == "nothing"
    stays = wording.STAYS if row["outcome"] == "accepted" else wording.LEAVES
    what = people_of(int(row["asked"]), row["kind"])
    return {
        "number": number,
        "month": month(row["month"]),
        "what": say("renewal, {what}", what=what) if renewal else what,
        "verdict": stays if renewal else wording.OUTCOME[row["outcome"]],
        "good": bool(good),
        "dull": bool(renewal and good),
    }


def suspended(found: Answers) -> str:
    """When the law suspended the work of people in the detailed run."""
    told = (f"<p>{escape(one)}</p>" for one in presence_text.suspended_in_words(found))
    return "".join(told)


def verdict(found: Answers, row: Mapping[Any, Any]) -> str:
    """The answer in one sentence, the documented one beneath."""
    name, kind = state_name(found.state), kind_name(row["kind"])
    asked_for = people_of(int(row["asked"]), row["kind"])
    stopped = STOPS.get(row["stopped_by"])
    request = found.requests.get(str(row["request"]))
    who = (request or {}).get("asker") or REASONS[row["reason"]]
    who = say(THE_SCENARIO) if is_added(str(row["request"])) else who
    grade = GRADE_WORDS[row["grade"]] if row["request"] else ""
    if row["reason"] == "renewal":
        text = say(
            "{state} stays: {what}, renewal of {month}"
            if row["outcome"] == "accepted"
            else "{state} leaves: {what}, renewal of {month}",
            state=name,
            what=asked_for,
            month=row["month"],
        )
        how = presence_text.how(found, row)
        text += say("; {how}", how=how) if how else ""
    elif row["stopped_by"] == "too_small":
        text = say(
            "Asked for {what}, {state} had nothing to offer: its usual size is below the "
            "smallest unit",
            what=asked_for,
            state=name,
        )
    else:
        text = say(
            "Asked for {what} ({who}, {mode}), {state} {given}",
            what=asked_for,
            who=say(str(who)),
            mode=say(", ").join(filter(None, (grade, MODES[row["mode"]]))),
            state=name,
            given=given(row),
        )
    if stopped and row["reason"] == "renewal":
        text += say(" — decided by {step}", step=stopped)
    elif stopped and row["stopped_by"] != "too_small":
        text += say(" — {kind} stopped by {step}", kind=kind, step=stopped)
    text = say("{sentence}.", sentence=text)
    return f'<p class="pk-verdict">{escape(text)}</p>'


def given(row: Mapping[Any, Any]) -> str:
    """What was answered, as the end of a sentence."""
    if row["offered"] > 0:
        return say(
            "sent {what} in an operation of its own, in the field after {months}"
            if row["substitute"] == "own_operation"
            else "sent {what}, in the field after {months}",
            what=menu_text.to(
                people_of(int(row["offered"]), row["offered_kind"]), str(row["offered_site"])
            ),
            months=several("{number} month", "{number} months", int(row["lead_months"])),
        )
    if row["outcome"] == "substitute":
        what = say(str(row["substitute"]).replace("_", " "))
        return say("gave {what} instead", what=what)
    outcome = str(row["outcome"])
    return say(PUT_OFF if outcome == "deferred" else outcome)
