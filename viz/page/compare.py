"""Compare: what is set on the left beside another scenario, under the same luck."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import solara

from model.errors import InputError
from scenarios import library
from scenarios.compare import compare
from scenarios.comparison import Comparison
from scenarios.spreadsheet import as_csv

from .. import comparison as told
from ..difference import difference_fans
from ..palette import framework_name, state_name
from . import words
from .background import use_background
from .common import Download, Drawn, Note, Progress
from .components import Select
from .ensemble import AT_ONCE, Stopped
from .figure import Figure, figure
from .view import View

Change = Callable[..., None]


@solara.component
def Compare(view: View, change: Change, listed: list[dict[str, str]]) -> None:
    """The tab: ``listed`` are the scenarios to compare with."""
    scenario = view.resolved()
    other = view.other or scenario.baseline or "historical"

    def work(stop: Any, report: Any) -> Comparison:
        def progress(done: int, total: int) -> None:
            if stop.is_set():
                raise Stopped
            report(done, total)

        states = "all" if scenario.deliberating == "all" else None
        with AT_ONCE:
            return compare(
                library.find(other),
                scenario,
                runs=view.runs,
                seed=view.seed,
                start=scenario.period.start,
                end=scenario.period.end,
                deliberating=[states] if states else list(scenario.deliberating),
                progress=progress,
            )

    key = (scenario.model_dump_json(), scenario.name, other, view.runs, view.seed)
    job, stop = use_background(work, key)
    with solara.Div(classes=["pk-card", "pk-flat"]):
        Note(words.COMPARE_HELP.format(title=scenario.title))
        Select(
            label=words.BESIDE,
            options=[{"key": one["name"], "name": one["title"]} for one in listed],
            chosen=other,
            name="compare-with",
            event_picked=lambda name: change(other=name),
        )
    Progress(job, stop)
    if job.value is not None:
        Compared(job.value)
    elif not job.fault:
        solara.HTML(tag="div", classes=["pk-skeleton"], unsafe_innerHTML="")


@solara.component
def Compared(comparison: Comparison) -> None:
    """Headlines, fans of the difference, table of outcomes, where and why histories part."""
    drawn = solara.use_memo(lambda: differences(comparison), [id(comparison)])
    other = comparison.others[0]
    with solara.Div(classes=["pk-card"]):
        solara.HTML(
            tag="h2",
            unsafe_innerHTML=escape(
                words.COMPARED.format(other=other, base=comparison.base, runs=comparison.runs)
            ),
        )
        listed(told.headlines(comparison, other))
        listed(told.sufficiency(comparison), "pk-small")
    if drawn is None:
        Note(words.NO_DIFFERENCE)
        return
    Drawn(drawn, f"compare-{comparison.base}-{other}".replace("/", "-").replace(" ", "-"))
    with solara.Div(classes=["pk-card"]):
        solara.HTML(tag="h2", unsafe_innerHTML=escape(words.OUTCOME_TABLE))
        solara.HTML(tag="div", unsafe_innerHTML=table(comparison), classes=["pk-table", "pk-num"])
        with solara.Div(classes=["pk-downloads"]):
            Download(
                lambda: as_csv(comparison.differences).encode(),
                "differences.csv", words.CSV, "text/csv",
            )
    with solara.Div(classes=["pk-card"]):
        solara.HTML(tag="h2", unsafe_innerHTML=escape(words.PARTINGS))
        parted = told.partings(comparison, other)
        listed(parted) if parted else Note(words.NO_PARTING)
        with solara.Div(classes=["pk-downloads"]):
            Download(
                lambda: as_csv(comparison.partings).encode(),
                "partings.csv", words.CSV, "text/csv",
            )


def differences(comparison: Comparison) -> Figure | None:
    """The figure, or None where nothing differs."""
    try:
        return figure(lambda: difference_fans(comparison))
    except InputError:
        return None


def listed(sentences: list[str], kind: str = "pk-list") -> None:
    items = "".join(f"<li>{escape(one.strip())}</li>" for one in sentences if one.strip())
    solara.HTML(tag="ul", unsafe_innerHTML=items, classes=[kind, "pk-list"])


def table(comparison: Comparison) -> str:
    """State and framework: both means, difference, middle 80 %, shares of runs up and down."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in words.OUTCOME_COLUMNS)
    body = ""
    for row in told.table(comparison).to_dict("records"):
        cells = (
            state_name(row["state"]),
            framework_name(row["framework"]),
            f"{row['base']:,.1f}",
            f"{row['other']:,.1f}",
            told.signed(row["mean"]),
            f"{told.signed(row['low80'])} to {told.signed(row['high80'])}",
            f"{100 * row['up']:.0f} %",
            f"{100 * row['down']:.0f} %",
            f"{100 * row['equal']:.0f} %",
        )
        body += "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
