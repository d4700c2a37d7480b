"""Fit: how good the model is and where it fails, from the validation report that is shipped."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import markdown
import pandas as pd
import solara

from model import csv_rows
from model.errors import InputError
from model.vocabulary import STUDIED
from scenarios.definition import lookup

from ...charts.holdout import held_out, skill_by_horizon
from ...language.languages import ENGLISH
from ...language.spoken import kept_by_language, say, speaking
from ...reports import shipped_documents
from ...text import misfit_text, wording
from ..components.chart_component import Figure, figure
from ..components.controls import Select
from ..components.shared_parts import Drawn, Note, heading, html, in_english, table_of, table_place

STATES = (*STUDIED, "BGD", "IND")
SHOWN = (misfit_text.HEADING,)  # sections shown in full; the others are folded
COLUMNS = ("crps", "ratio", "inside_50", "inside_80", "inside_95")
LINKED = re.compile(r' (href|src)="([^"]*)"')
SAFE = re.compile(r"https?://|#|data:image/svg\+xml;base64,[\w+/=]*$|[\w./-]+$")
FIRST_GROUP = "two years and more"


@dataclass(frozen=True)
class Report:
    """The report: its numbers, its sections (heading to text) and its two figures."""

    numbers: dict[str, Any]
    sections: dict[str, str]
    held_out: Figure
    skill: Figure


@kept_by_language(4)
def report() -> Report | None:
    """The report, or None where it is missing or not whole."""
    try:
        place = shipped_documents.folder().resolve()
        numbers = json.loads((place / "validation.json").read_text(encoding="utf-8"))
        text = (place / "validation.md").read_text(encoding="utf-8")
        bands = pd.read_csv(place / "figures" / "validation-bands.csv")
        own = bands[bands["forecaster"] == "simulation"]
        states = [state for state in STATES if (own["state"] == state).any()]
        skill = pd.DataFrame(numbers["skill"])
        with speaking(ENGLISH):  # as the sections from the report are
            known = misfit_text.section(
                *(pd.DataFrame(numbers[one]) for one in ("known", "misfits", "sorts"))
            )
        parts = sections(text) | {misfit_text.HEADING: known}
        return Report(
            numbers,
            {name: pictured(part, place) for name, part in parts.items()},
            figure(lambda: held_out(own, recorded(), states, origin=numbers["origin"])),
            figure(lambda: skill_by_horizon(skill)),
        )
    except (InputError, OSError, ValueError, KeyError):
        return None


def recorded() -> pd.DataFrame:
    """Observed yearly people by state: those of whole years."""
    table = pd.DataFrame(csv_rows.read(lookup.DATA / "state_year_totals.csv", ("state", "year")))
    parts = table[["troops", "police", "experts"]].astype(float).sum(axis=1)
    found = table[["state"]].assign(year=table["year"].astype(int), people=parts)
    return found[table["months"].astype(int) == 12]


def sections(text: str) -> dict[str, str]:
    """The report's sections by heading, in their order."""
    parts = re.split(r"(?m)^## (.+)$", text)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


@solara.component
def Fit(group: str, change: Callable[..., None]) -> None:
    """The tab; an honest sentence where no report is at hand."""
    found = report()
    with solara.Div(classes=["pk-card"]):
        heading(2, wording.FIT)
        if found is None:
            Note(wording.NO_REPORT)
        else:
            numbers = found.numbers
            Note(wording.FIT_HELP.format(**{key: numbers[key] for key in ("origin", "until")}))
            html(aims(numbers["aims"]))
    if found is not None:
        Reported(found, group, change)


@solara.component
def Reported(found: Report, group: str, change: Callable[..., None]) -> None:
    """Held-out years, skill, misfits in words, and the rest of the report folded."""
    skill = pd.DataFrame(found.numbers["skill"])
    groups = list(dict.fromkeys(skill["group"]))
    chosen = group if group in groups else FIRST_GROUP if FIRST_GROUP in groups else groups[0]
    Drawn(found.held_out, "held-out-years")
    Drawn(found.skill, "skill-by-horizon")
    with solara.Div(classes=["pk-card"]):
        heading(2, wording.SKILL)
        Note(wording.SKILL_HELP)
        Select(
            label=wording.SKILL_GROUP,
            options=[{"key": one, "name": _capital(say(one))} for one in groups],
            chosen=chosen,
            name="fit-group",
            event_picked=lambda one: change(group=one),
        )
        own = skill[skill["group"] == chosen]
        place = table_place(wording.SKILL, "pk-skill")
        solara.HTML(tag="div", unsafe_innerHTML=table(own), **place)
    for name in SHOWN:
        if name in found.sections:
            with solara.Div(classes=["pk-card", "pk-report"]):
                heading(2, say(name))
                in_english()
                html(f'<div lang="en">{rendered(found.sections[name])}</div>')
    with solara.Div(classes=["pk-card", "pk-report"]):
        heading(2, wording.WHOLE_REPORT)
        in_english()
        for name, text in found.sections.items():
            if name not in SHOWN:
                html(
                    f"<details><summary>{escape(say(name))}</summary>"
                    f'<div lang="en">{rendered(text)}</div></details>'
                )


def aims(known: list[dict[str, Any]]) -> str:
    """Every aim as a tile: what was measured, what was wanted, met or missed."""
    tiles = ""
    for aim in known:
        share = aim["aim"].startswith("outcomes")
        measured, low, high = (
            f"{100 * float(aim[key]):.0f}%" if share else f"{float(aim[key]):.2f}"
            for key in ("measured", "low", "high")
        )
        wanted = wording.AIM_BETWEEN.format(low=low, high=high)
        if not float(aim["low"]):
            wanted = wording.AIM_AT_MOST.format(high=high)
        verdict = wording.MET if aim["met"] else wording.MISSED
        kind = "met" if aim["met"] else "missed"
        name = aim["aim"].replace("CRPS of persistence", wording.english.RATIO)
        name = say(name[:1].upper() + name[1:])
        tiles += (
            f'<div class="pk-aim {kind}"><p>{escape(name)}</p><p><b>{escape(measured)}</b> '
            f"<span>{escape(verdict)}</span></p><p>{escape(wanted)}</p></div>"
        )
    return f'<div class="pk-aims">{tiles}</div>'


def table(own: pd.DataFrame) -> str:
    """Skill of each forecaster in one group, the best of each error in bold."""
    best = own["crps"].min()
    rows = []
    for row in own.to_dict("records"):
        cells = [escape(_capital(say(row["forecaster"])))]
        for name in COLUMNS:
            share = name.startswith("inside")
            text = f"{100 * row[name]:.0f}%" if share else f"{row[name]:.3f}"
            strong = name in ("crps", "ratio") and row["crps"] == best
            cells.append(f"<b>{text}</b>" if strong else text)
        rows.append(cells)
    count = wording.CASES.format(cases=int(own["cases"].iloc[0]))
    return f'{table_of(wording.SKILL_COLUMNS, rows)}<p class="pk-small">{escape(count)}</p>'


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def rendered(text: str) -> str:
    """A section as HTML; its tables may be wider than the web app, and are moved by the keyboard.

    Its words come from tables, too: HTML in it is shown as it is written, and a link or a picture
    leads to nothing but another page or a picture put inside.
    """
    reader = markdown.Markdown(extensions=["tables"])
    reader.preprocessors.deregister("html_block")
    reader.inlinePatterns.deregister("html")
    made = reader.convert(text)
    safe = LINKED.sub(lambda found: found[0] if SAFE.match(unescape(found[2])) else "", made)
    return safe.replace("<table>", '<table tabindex="0">')


def pictured(text: str, place: Path) -> str:
    """A section with its pictures put inside, as a browser cannot read the folder.

    One that cannot be read leaves its name.
    """

    def inside(found: re.Match[str]) -> str:
        path = (place / found[2]).resolve()
        if not path.is_relative_to(place) or path.suffix not in (".png", ".svg"):
            return found[0]
        try:
            data = base64.b64encode(path.with_suffix(".svg").read_bytes()).decode()
        except OSError:
            return f"*{found[1]}*"
        return f"![{found[1]}](data:image/svg+xml;base64,{data})"

    return re.sub(r"!\[([^\]]*)\]\(([^)]+)\)", inside, text)
