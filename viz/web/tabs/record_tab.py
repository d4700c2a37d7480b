"""Record: the documented facts, refusals and votes with their sources, to search and filter."""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

import pandas as pd
import solara

from calibration.documented_record import FOLDER, Entry, entries
from model import csv_rows
from model.vocabulary import STUDIED

from ...language.languages import ENGLISH
from ...language.names import named_so, searched_as
from ...language.spoken import month as written
from ...language.spoken import say, speaking
from ...text import wording
from ...text.labels import state_name
from ..components.chart_component import csv_file
from ..components.controls import Filter
from ..components.shared_parts import Download, Note, in_english, table_of, table_place
from ..visit.url_state import View

Change = Callable[..., None]
SHOWN = 150  # statements on the web app at once; the file has all that were found
FILTERS = ("search", "about", "category", "year")
MAIN = (*STUDIED, "UNO")


@lru_cache(maxsize=1)
def everything() -> tuple[Entry, ...]:
    """The whole record, read once."""
    return tuple(entries())


@solara.component
def Record(view: View, change: Change) -> None:
    """The tab."""
    whole = everything()
    found = found_for(view)
    others = sorted({entry.state for entry in whole} - set(MAIN))
    with solara.Div(classes=["pk-card"]):
        Filter(
            w=wording.RECORD,
            state={key: getattr(view, key) for key in FILTERS},
            states=[{"key": code, "name": named(code)} for code in (*MAIN, *others)],
            categories=[
                {"key": key, "name": say(key.replace("_", " "))}
                for key in sorted({entry.category for entry in whole if entry.category})
            ],
            event_changed=lambda what: change(**{key: what[key] for key in FILTERS if key in what}),
        )
        in_english()
        with solara.Div(classes=["pk-count"]):
            Note(wording.FOUND.format(found=len(found), whole=len(whole)))
            Download(lambda: downloaded(found), "record.csv", wording.CSV, "text/csv")
        if found:
            place = table_place(wording.TABS["record"][1], "pk-scroll")
            solara.HTML(tag="div", unsafe_innerHTML=table(found[:SHOWN]), **place)
            if len(found) > SHOWN:
                Note(wording.MORE.format(more=len(found) - SHOWN))
        else:
            Note(wording.NOTHING_FOUND)
            if not view.search.isascii():
                Note(wording.SEARCH_ENGLISH)
    with solara.Div(classes=["pk-card"]):
        solara.HTML(tag="h2", unsafe_innerHTML=escape(wording.DISAGREE))
        solara.HTML(tag="div", unsafe_innerHTML=disagreements(), **table_place(wording.DISAGREE))


def found_for(view: View) -> list[Entry]:
    """What a view asks for."""
    year = int(view.year) if view.year else None
    narrowed = view.about or None, year, view.category or None
    found = entries(*narrowed, view.search or None)
    if found or not view.search:
        return found
    words = in_english_words(view.search)  # the statements are in English
    return entries(*narrowed, words) if words else []


def in_english_words(search: str) -> str:
    """What the statements call what is searched in Japanese or Korean, a name or a term of the
    glossary, whole or word by word; blank where they have no word for a part of it."""
    if whole := in_english_word(search):
        return whole
    parts = [part if part.isascii() else in_english_word(part) for part in search.split()]
    return " ".join(parts) if all(parts) else ""


def in_english_word(search: str) -> str:
    """A state, a mission or a term by its Japanese or Korean name; blank where it is none."""
    for sort, key in named_so(search):
        if sort == "mission":
            return key
        if sort == "state":
            with speaking(ENGLISH):
                return state_name(key)
    return searched_as(search)


def named(code: str) -> str:
    """A name for an actor."""
    if code in ("UNO", "EUR"):
        return wording.UNITED_NATIONS if code == "UNO" else wording.EUROPEAN_UNION
    return state_name(code)


def table(found: list[Entry]) -> str:
    """The statements as a table."""
    return table_of(
        wording.COLUMNS,
        (
            (
                escape(when(entry)),
                escape(named(entry.state)),
                escape(say(entry.category.replace("_", " ")))
                + (f"<br><b>{escape(entry.mission)}</b>" if entry.mission else ""),
                escape(entry.statement)
                + (f" <b>{escape(entry.amount)}</b>" if entry.amount else ""),
                f"<code>{escape(entry.id)}</code> {escape(entry.source)}{escape(sure(entry))}",
            )
            for entry in found
        ),
    )


def when(entry: Entry) -> str:
    if entry.end:
        return wording.BETWEEN.format(start=entry.start, end=entry.end)
    return written(entry.start) or wording.UNDATED


def sure(entry: Entry) -> str:
    return f" ({wording.CONFIDENCE} {say(entry.confidence)})" if entry.confidence else ""


def disagreements() -> str:
    """Where sources disagree, as a table with the columns of its file."""
    known = csv_rows.read(FOLDER / "disagreements.csv")
    columns = list(known[0]) if known else []
    heads = [say(column.replace("_", " ")) for column in columns]
    return table_of(heads, ([escape(row[column]) for column in columns] for row in known))


def downloaded(found: list[Any]) -> bytes:
    """Everything found, as a file."""
    return csv_file(pd.DataFrame([vars(entry) for entry in found]))
