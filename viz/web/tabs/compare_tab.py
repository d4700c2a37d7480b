"""Compare: what is set on the left compared with another scenario, with common random numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import solara

from model.errors import InputError
from scenarios.comparison.compare import compare
from scenarios.comparison.comparison_result import Comparison
from scenarios.file_format.schema import Scenario

from ...briefs.brief import Brief, of_comparison, writer_of
from ...charts.fans.comparison_fans import difference_fans
from ...language.names import name_of
from ...language.spoken import current, month, speaking
from ...text import answer_text, comparison_text, divergence_text, wording
from ...text.labels import framework_name, scenario_name, state_name
from ...text.number_text import needed, often, signed, span
from ..components.chart_component import Figure, csv_file, figure, xlsx_file
from ..components.controls import Divergences, Select
from ..components.shared_parts import (
    Download,
    Drawn,
    Note,
    Numbers,
    Progress,
    Skeleton,
    heading,
    html,
    table_of,
    table_place,
)
from ..visit.computation import judge, world
from ..visit.fair_queue import LATER, Place
from ..visit.jobs import use_background
from ..visit.url_state import UNMOVED, View, offered

Change = Callable[..., None]
EXAMPLE = "alliance-surge"  # compared with the historical scenario
MOST_DIVERGENCES = 20
PANEL = 268  # pixels of each panel, so that both fit the web app at 1280


@solara.component
def Compare(view: View, change: Change, listed: list[dict[str, str]]) -> None:
    """The tab: ``listed`` are the scenarios to compare with."""
    scenario = view.resolved()
    beside = chosen(view)

    def work(place: Place) -> Comparison:
        judge(scenario, view.runs)
        return compared(view, place.report)

    key = (scenario.model_dump_json(), scenario.name, beside, view.runs, view.seed)
    job, stop = use_background(work, key)
    own = [{"key": UNMOVED, "name": wording.UNMOVED.format(title=named(scenario))}]
    with solara.Div(classes=["pk-card", "pk-flat", "pk-asked"]):
        Questions(change)
        Note(wording.COMPARE_HELP.format(title=left_title(view)))
        Select(
            label=wording.BESIDE,
            options=(own if view.values else [])
            + [{"key": one["name"], "name": one["title"]} for one in listed],
            chosen=beside,
            name="compare-with",
            event_picked=lambda name: change(other=name),
        )
    Progress(job, stop)
    if job.value is not None:
        Compared(job.value, view, change)
    elif not job.fault:
        Skeleton()


@solara.component
def Questions(change: Change) -> None:
    """Questions to begin with; each sets the scenario and the levers on the left."""
    with solara.Div(classes=["pk-examples", "pk-first"]):
        solara.HTML(tag="span", unsafe_innerHTML=wording.WHAT_IF)
        for question, scenario, values in wording.WHAT_IFS:
            # with its own period and states, as when it is chosen on the left
            asked = {
                "scenario": scenario,
                "values": values,
                "other": "",
                "text": "",
                "start": "",
                "end": "",
                "states": "",
            }
            solara.Button(
                question,
                text=True,
                classes=["pk-button"],
                on_click=lambda asked=asked: change(**asked),
            )


def chosen(view: View) -> str:
    """What the settings are compared with: what was picked, else what tells most.

    With levers moved that is the scenario without them, else its baseline, and for the historical
    scenario itself an example.
    """
    if view.other and (view.other != UNMOVED or view.values):
        return view.other
    if view.values:
        return UNMOVED
    scenario = view.resolved()
    return scenario.baseline or (EXAMPLE if scenario.name == "historical" else "historical")


def left_title(view: View) -> str:
    """The settings on the left in words."""
    scenario = view.resolved()
    title = named(scenario)
    return wording.MOVED_TITLE.format(title=title) if view.values else title


def named(scenario: Scenario) -> str:
    """The title of a scenario in the language of the reader."""
    sort = "variant" if "/" in scenario.name else "scenario"
    return name_of(sort, scenario.name, scenario.title)


def compared(view: View, progress: Callable[[int, int], None] | None = None) -> Comparison:
    """The comparison that a view asks for, the one that is the other's baseline as its base."""
    scenario = view.resolved()
    beside = chosen(view)
    if beside == UNMOVED:
        other = replace(view, values=()).resolved()
    else:
        other = offered(beside)
    if view.values:
        scenario = scenario.named(wording.MOVED_NAME.format(name=scenario.name))
    pair = (scenario, other) if other.baseline == scenario.name else (other, scenario)
    every = scenario.deliberating == "all"
    return compare(
        *pair,
        runs=view.runs,
        seed=view.seed,
        start=scenario.period.start,
        end=scenario.period.end,
        deliberating=["all"] if every else list(scenario.deliberating),
        progress=progress,
        world=world,
    )


@solara.component
def Compared(comparison: Comparison, view: View, change: Change) -> None:
    """Headlines, where and why histories part, table of outcomes, fans of the difference."""
    other = comparison.others[0]
    job, _ = use_background(lambda place: drawn(comparison), id(comparison))
    with solara.Div(classes=["pk-card"]):
        heading(
            2,
            wording.COMPARED.format(
                other=scenario_name(other),
                base=scenario_name(comparison.base),
                runs=comparison.runs,
            ),
        )
        if differs(comparison):
            Outcomes(comparison)
        else:
            Note(wording.NO_DIFFERENCE)
    if not differs(comparison):  # the brief says how requests are answered all the same
        TakenHome(comparison)
        return
    name = f"compare-{comparison.base}-{other}".replace("/", "-").replace(" ", "-")
    if job.value is not None and job.key == id(comparison):
        Drawn(job.value, name)
    else:
        Skeleton()
    Parted(comparison, view, change)
    TakenHome(comparison)


@solara.component
def TakenHome(comparison: Comparison) -> None:
    """The brief, made once it is asked for, in each form that can be written here."""
    asked = solara.use_reactive(0)
    wanted = asked.value == id(comparison)

    def work(place: Place) -> Brief:
        return of_comparison(comparison, current(), place.report)

    job, stop = use_background(work if wanted else None, (id(comparison), wanted), rank=LATER)
    with solara.Div(classes=["pk-card", "pk-asked"]):
        heading(2, wording.BRIEF)
        Note(wording.BRIEF_HELP)
        if not wanted:
            solara.Button(
                wording.BRIEF_MAKE,
                text=True,
                classes=["pk-button", "pk-brief"],
                on_click=lambda: asked.set(id(comparison)),
            )
        elif job.value is None or job.key != (id(comparison), wanted):
            Progress(job, stop)
        else:
            made: Brief = job.value
            with solara.Div(classes=["pk-downloads"]):
                for ending, label in wording.BRIEF_FILES:
                    Download(
                        partial(written, made, ending),
                        f"brief.{ending}",
                        label,
                        "application/octet-stream",
                    )


def written(made: Brief, ending: str) -> bytes:
    """A brief as the bytes of a file."""
    with speaking(made.language):
        return writer_of(Path(f"brief.{ending}"))(made)


@solara.component
def Outcomes(comparison: Comparison) -> None:
    """The answer in a sentence, both averages and their paired difference by state and framework,
    then the same in words."""
    html(f"<p>{escape(answer_text.answer(comparison, comparison.others[0]))}</p>")
    Note(wording.OUTCOME_TABLE)
    place = table_place(wording.OUTCOME_TABLE, "pk-num")
    solara.HTML(tag="div", unsafe_innerHTML=table(comparison), **place)
    sentences = comparison_text.headlines(comparison, comparison.others[0])
    html(
        f'<p class="pk-small">{escape(" ".join(comparison_text.sufficiency(comparison)))}</p>'
        f'<details class="pk-words"><summary>{escape(wording.IN_WORDS)}</summary>'
        f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in sentences)}</ul></details>"
    )
    with solara.Div(classes=["pk-downloads"]):
        Numbers(
            lambda: csv_file(comparison.differences),
            lambda: xlsx_file(comparison.differences),
            "differences",
        )


@solara.component
def Parted(comparison: Comparison, view: View, change: Change) -> None:
    """The missions where the histories part; a press asks why, for state, mission and month."""
    other = comparison.others[0]
    found = divergence_text.foremost(comparison, other, MOST_DIVERGENCES)
    laws = solara.use_memo(lambda: divergence_text.titles(comparison, other), [id(comparison)])

    traced = comparison.manifest["traced"]

    def ask(number: int) -> None:
        if not 0 <= number < len(found):
            return
        row = found.iloc[number]
        # what is reported may be the scenario that the settings are compared with
        taken: dict[str, Any] = {}
        if other == chosen(view):
            taken = {"scenario": other, "text": "", "values": ()}
        change(
            **taken,
            tab="why",
            state=str(row["state"]),
            mission=str(row["mission"]),
            answer=f"{row['usual_month']}:{row['kind']}",
        )

    with solara.Div(classes=["pk-card"]):
        heading(2, wording.DIVERGENCES)
        if not len(found):
            Note(wording.NO_DIVERGENCE)
            return
        Note(wording.DIVERGENCES_HELP)
        with solara.Div(**table_place(wording.DIVERGENCES)):
            Divergences(
                w={"columns": list(wording.DIVERGENCE_COLUMNS)},
                rows=[divergence_row(row, laws, traced) for row in found.to_dict("records")],
                event_picked=ask,
            )
        Note(divergence_text.by_class(comparison, other))
        with solara.Div(classes=["pk-downloads"]):
            Numbers(
                lambda: csv_file(comparison.divergences),
                lambda: xlsx_file(comparison.divergences),
                "divergences",
            )


def divergence_row(row: Any, laws: Mapping[str, str], runs: int) -> dict[str, str]:
    """One divergence as the web app shows it."""
    state = state_name(row["state"])
    usual = row["usual_month"]
    first = "" if row["month"] == usual else wording.FIRST_PARTED.format(month=row["month"])
    return {
        "mission": divergence_text.place(row),
        "state": state,
        "month": month(usual) + first,
        "share": often(row["share"], runs),
        "change": divergence_text.change(row),
        "because": divergence_text.because(row, laws),
        "people": signed(row["people"]),
        "ask": wording.ASK_WHY.format(state=state, mission=row["mission"], month=usual),
    }


def differs(comparison: Comparison) -> bool:
    """Whether any run has other people in any month."""
    return bool((comparison.summary()["equal"] < 1).any())


def drawn(comparison: Comparison) -> Figure | None:
    """The figure, or None where nothing differs."""
    try:
        return figure(lambda: difference_fans(comparison, width=PANEL))
    except InputError:
        return None


def table(comparison: Comparison) -> str:
    """State and framework: both means, difference, middle 80%, shares of runs up and down."""
    names = {
        "base": scenario_name(comparison.base),
        "other": scenario_name(comparison.others[0]),
    }
    heads = [name.format(**names) for name in wording.OUTCOME_COLUMNS]
    rows = []
    for row in comparison_text.table(comparison).to_dict("records"):
        cells = (
            state_name(row["state"]),
            framework_name(row["framework"]),
            f"{row['base']:,.1f}",
            f"{row['other']:,.1f}",
            signed(row["mean"]),
            span(signed(row["low80"]), signed(row["high80"])),
            f"{100 * row['up']:.0f}%",
            f"{100 * row['down']:.0f}%",
            f"{100 * row['equal']:.0f}%",
            needed(row["runs_needed"]),
        )
        rows.append(map(escape, cells))
    return table_of(heads, rows)
