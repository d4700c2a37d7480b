"""What would have turned an answer: over the runs, and in one run as an illustration."""

from collections.abc import Mapping
from html import escape
from typing import Any

import solara

from scenarios.explanation.counterfactuals import Turn
from scenarios.explanation.decisions import Answers
from scenarios.explanation.law_counterfactuals import Tried, by_amendments
from scenarios.explanation.lever_thresholds import Lever, by_levers
from scenarios.explanation.over_runs import RUNS, Turning, turning

from ...charts.turning_chart import answer_curves
from ...text import change_text, wording
from ..components.chart_component import Figure, figure
from ..components.shared_parts import Drawn, Note, Progress, heading, html
from ..visit.fair_queue import LATER, Place
from ..visit.jobs import use_background


@solara.component
def Turned(found: Answers, number: int) -> None:
    """What would have turned the answer, over the runs; one run alone only when it is asked for."""
    row = found.decisions.iloc[number].to_dict()
    alone = solara.use_reactive(False)

    def work(place: Place) -> Turning:
        return turning(found, number, stopped=place.over, progress=place.report)

    # the same question asked of another run of the same ensemble has the same answer
    renewal, asked = row["reason"] == "renewal", row["stopped_by"] != "too_small"
    own = (row["request"], row["kind"], row["month"] if renewal or row["request"] else "", renewal)
    key = (id(found.everything), found.mission, own)
    job, stop = use_background(work if asked else None, key, rank=LATER)
    if not asked:
        return
    with solara.Div(classes=["pk-turned"]):
        runs = min(RUNS, found.runs)
        heading(3, wording.OVER_TITLE.format(runs=runs))
        if job.value is None or job.key != key:
            Note(wording.OVER_TRIED.format(runs=runs))
            Progress(job, stop)
        else:
            OverRuns(found, job.value)
        if alone.value:
            OneRun(found, number)
        else:
            solara.Button(
                wording.ONE_RUN_ONLY, classes=["pk-button"], on_click=lambda: alone.set(True)
            )


@solara.component
def OverRuns(found: Answers, over: Turning) -> None:
    """Levers and provisions in sentences, and the curves."""
    html(
        f"<p>{escape(change_text.over_runs(over))}</p>"
        f'<p class="pk-small">{escape(wording.OVER_HELP)}</p>'
        f'<div class="pk-beside"><div><h4>{escape(wording.OVER_LEVERS)}</h4>'
        f"{listed(change_text.over_lever_lines(over))}</div>"
        f"<div><h4>{escape(wording.OVER_LAW)}</h4>"
        f"{listed(change_text.over_law_lines(found, over))}</div></div>"
    )

    def draw() -> Figure:
        return figure(lambda: answer_curves(found, over))

    drawn = solara.use_memo(draw, [id(over)])
    Drawn(drawn, f"turning-{found.state}-{over.request or over.kind}")


@solara.component
def OneRun(found: Answers, number: int) -> None:
    """One run's path: terms, levers and provisions that turn it there, as an illustration."""
    row = found.decisions.iloc[number].to_dict()
    turns = solara.use_memo(lambda: found.turns(number), [id(found), number])

    def pull(place: Place) -> list[Lever]:
        return by_levers(found, number, place.over)

    def amend(place: Place) -> Tried:
        return by_amendments(found, number, place.over)

    key = (id(found), number)
    pulled, _ = use_background(pull, key, rank=LATER)
    amended, _ = use_background(amend, key, rank=LATER)
    heading(3, wording.ONE_RUN_ONLY)
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
    if stopped == "too_small":
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
