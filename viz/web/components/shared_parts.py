"""What several tabs show: a figure with its downloads, progress, a sentence where nothing is."""

import threading
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import solara

from model.core import jit
from model.errors import InputError

from ...language.languages import ENGLISH
from ...language.names import name_of
from ...language.spoken import current
from ...text import wording
from ..visit.fair_queue import QUEUE, Stopped
from ..visit.jobs import Job, visitor
from ..visit.url_state import ended
from .chart_component import Figure
from .controls import Chart


@solara.component
def Drawn(
    figure: Figure,
    name: str,
    picked: Callable[[Any], None] | None = None,
    *,
    renewed: bool = False,
    first: bool = False,
) -> None:
    """A figure with its downloads; ``name``: of the files, without ending.  ``renewed``: it is of
    the settings of before, and another is on its way.  ``first``: it is a first answer."""
    states = [("pk-renewed", renewed), ("pk-provisional", first)]
    busy = {"aria-busy": "true"} if renewed or first else {}
    with solara.Div(classes=["pk-card", *(name for name, on in states if on)], attributes=busy):
        Chart(
            spec=figure.plot_text,
            tables=figure.tables_text,
            stage="first" if first else "whole",
            title=figure.title,
            subtitle=figure.subtitle,
            source=figure.source,
            label=wording.CHART.format(title=figure.title),
            failed=wording.NOT_DRAWN,
            event_picked=picked,
        )
        with solara.Div(classes=["pk-downloads"]):
            Download(figure.png, f"{name}.png", wording.PNG, "image/png")
            Download(figure.svg, f"{name}.svg", wording.SVG, "image/svg+xml")
            Numbers(figure.csv, figure.xlsx, name)


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@solara.component
def Numbers(csv: Callable[[], bytes], xlsx: Callable[[], bytes], name: str) -> None:
    """Buttons for numbers as CSV and as a workbook; ``name``: of the files, without ending."""
    with solara.Div(classes=["pk-numbers"]):
        Download(csv, f"{name}.csv", wording.CSV, "text/csv")
        Download(xlsx, f"{name}.xlsx", wording.XLSX, XLSX_TYPE)


@solara.component
def Download(data: Callable[[], bytes], name: str, label: str, kind: str) -> None:
    """A button that makes a file when it is pressed, or says why there is none."""
    fault = solara.use_reactive("")

    def made() -> bytes | None:
        stop = threading.Event()
        who, there = visitor(stop)
        try:
            with QUEUE.place(who, stop, there=there):
                return data()
        except InputError as error:
            fault.set(ended(str(error)))
        except Stopped:
            pass
        return None

    if fault.value:
        Note(fault.value, alert=True)
    with solara.FileDownload(made, filename=name, mime_type=kind):
        solara.Button(
            label,
            classes=["pk-button"],
            text=True,
            attributes={"aria-label": f"{wording.DOWNLOAD} {name}", "title": name},
        )


@solara.component
def Progress(job: Job, stop: Callable[[], None], stopped: str = "") -> None:
    """A thin bar with a button to stop; its place is kept when idle so that nothing jumps."""
    with solara.Div(classes=["pk-progress", job.status]):
        if job.busy:
            share = job.done / job.total if job.total else 0.0
            text = wording.COMPILING if not job.total and compiling() else wording.STARTING
            if job.total:
                text = wording.RUNNING.format(done=job.done, runs=job.total)
            solara.HTML(
                tag="div",
                unsafe_innerHTML=f'<div class="pk-bar" style="width:{100 * share:.0f}%"></div>',
                classes=["pk-track"],
            )
            solara.HTML(tag="span", unsafe_innerHTML=text, attributes={"role": "status"})
            solara.Button(wording.STOP, on_click=stop, text=True, classes=["pk-button"])
        elif job.status == "stopped":
            Note(stopped or wording.STOPPED)
    if job.fault:
        Note(job.fault, alert=True)


def compiling() -> bool:
    """Whether the rules have to be compiled first, as once for each version."""
    return jit.COMPILING and not jit.is_cached()


@solara.component
def Note(text: str, alert: bool = False) -> None:
    """A sentence, escaped; ``alert`` is read aloud at once."""
    attributes = {"role": "alert"} if alert else {}
    solara.HTML(
        tag="p",
        unsafe_innerHTML=escape(text),
        classes=["pk-fault" if alert else "pk-note"],
        attributes=attributes,
    )


@solara.component
def Skeleton() -> None:
    """The place of what is on its way."""
    solara.HTML(
        tag="div", classes=["pk-skeleton"], unsafe_innerHTML="", attributes={"aria-hidden": "true"}
    )


def in_english() -> None:
    """Tells readers of another language that what follows is in English alone."""
    if current() != ENGLISH:
        Note(wording.ENGLISH_ONLY)


def heading(level: int, text: str) -> None:
    """A heading, escaped."""
    solara.HTML(tag=f"h{level}", unsafe_innerHTML=escape(text))


def html(text: str) -> None:
    """Text of ours, its parts escaped by those who made them."""
    solara.HTML(tag="div", unsafe_innerHTML=text)


def table_place(label: str, *classes: str) -> dict[str, Any]:
    """Options of an element around a table that may be wider than the web app: it scrolls within
    its place, with the keyboard too."""
    return {
        "classes": ["pk-table", *classes],
        "attributes": {"tabindex": "0", "role": "region", "aria-label": label},
    }


def table_of(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table as HTML; heads are escaped here, cells by those who made them."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def spaced(name: str) -> str:
    """A parameter's name as words."""
    text = name.replace("_", " ").capitalize()
    text = text.replace("Un ", "UN ", 1) if text.startswith("Un ") else text
    return name_of("lever", name, text)
