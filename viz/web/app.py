"""The web app: header, settings on the left, tabs; every state is made inside the component."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import solara
import solara.lab

from model.errors import InputError
from scenarios.definition import library, lookup

from ..language.languages import ENGLISH, LANGUAGES
from ..language.names import name_of
from ..language.spoken import kept_by_language, say
from ..text import wording
from ..text.labels import state_name
from .components.controls import Choice, Controls, Tabs, Tour
from .components.shared_parts import Note, spaced
from .components.sharing import Sharing
from .tabs import compare_tab, explore_tab, fit_tab, law_tab, record_tab, sweep_tab, why_tab
from .visit.reader_language import read_in
from .visit.url_state import TABS, View, changed, ended, read
from .visit.visitors import visited

STYLE = Path(__file__).with_name("style.css")
WITHOUT_SETTINGS = ("law", "fit", "record")
TOUR_TABS = {".pk-side": "explore", ".pk-figure": "explore"}  # where what a step shows stands
SETTLED = ("start", "end", "states", "runs", "seed")


solara.lab.on_kernel_start(visited)


@solara.component
def Layout(children: Any = ()) -> None:
    """Nothing around the web app but its style."""
    solara.Div(children=list(children), classes=["pk-app"])


@solara.component
def Page() -> None:
    """One visitor's page."""
    router = solara.use_router()
    first = solara.use_memo(lambda: read(router.search or ""), [])
    chosen = solara.use_reactive(first[0])
    told = solara.use_reactive(" ".join(first[1]))
    view: View = chosen.value

    def visit(query: str) -> None:
        """Show the view of a link, as when a visitor goes back to it."""
        if query.lstrip("?") != chosen.peek().query():
            wanted, faults = read(query)
            told.set(" ".join(faults))
            chosen.set(wanted)

    def change(**fields: Any) -> None:
        """Take over what a visitor changed, or say why not."""
        try:
            wanted = changed(chosen.peek(), **fields)
            wanted.resolved()
        except InputError as error:
            told.set(ended(str(error)))
            return
        told.set("")
        chosen.set(wanted)

    language = read_in(view.language)
    solara.Title(wording.TITLE)
    solara.Style(STYLE)
    solara.HTML(
        tag="a",
        unsafe_innerHTML=wording.SKIP,
        classes=["pk-skip"],
        attributes={"href": "#panel"},
    )
    with solara.Div(classes=["pk-header"], attributes={"role": "banner"}):
        solara.HTML(tag="h1", unsafe_innerHTML=wording.TITLE)
        solara.HTML(tag="p", unsafe_innerHTML=wording.STRAPLINE, classes=["pk-strapline"])
        Tour(
            w=wording.TOUR,
            steps=[
                {"at": at, "title": title, "text": text, "tab": TOUR_TABS.get(at, "")}
                for at, title, text in wording.TOUR_STEPS
            ],
            tab=view.tab,
            event_opened=lambda tab: change(tab=tab),
        ).key(f"tour-{language}")
        Choice(
            label=wording.LANGUAGE,
            options=[{"key": key, "name": name} for key, name in LANGUAGES.items()],
            chosen=language,
            event_picked=lambda code: change(language=code),
        )
        Sharing(view, change, visit, told.set)
    with solara.Div(attributes={"role": "main"}):
        Tabs(
            tabs=[
                {"key": key, "name": wording.TABS[key][0], "hint": wording.TABS[key][1]}
                for key in TABS
            ],
            chosen=view.tab,
            label=wording.TITLE,
            language=language,
            event_picked=lambda tab: change(tab=tab),
        )
        with solara.Div(classes=["pk-body"]):
            if view.tab not in WITHOUT_SETTINGS:
                with solara.Div(classes=["pk-side"]):
                    Settings(view, change).key(f"settings-{language}")
            panel = {
                "id": "panel",
                "role": "tabpanel",
                "aria-labelledby": f"tab-{view.tab}",
                "tabindex": "-1",
            }
            with solara.Div(classes=["pk-main"], attributes=panel):
                if told.value:
                    Note(told.value, alert=True)
                if language != ENGLISH:
                    Note(wording.UNCHECKED)
                Panel(view, change).key(f"{view.tab}-{language}")


@solara.component
def Panel(view: View, change: explore_tab.Change) -> None:
    """The chosen tab; a fault of the program becomes a sentence, and its trace goes to the log."""
    fault, clear = solara.use_exception()
    solara.use_effect(lambda: clear() if fault is not None else None, [view])
    if fault is not None:
        logging.getLogger("peacekeeping.page").error("a tab failed", exc_info=fault)
        Note(wording.WENT_WRONG, alert=True)
    elif view.tab == "explore":
        explore_tab.Explore(view, change)
    elif view.tab == "why":
        why_tab.Why(view, change)
    elif view.tab == "compare":
        compare_tab.Compare(view, change, listed_scenarios())
    elif view.tab == "record":
        record_tab.Record(view, change)
    elif view.tab == "law":
        law_tab.Law(view, change)
    elif view.tab == "fit":
        fit_tab.Fit(view.group, change)
    else:
        sweep_tab.Sweep(view, change)


@solara.component
def Settings(view: View, change: explore_tab.Change) -> None:
    """Scenario, period, states, runs, levers and uncertainties."""
    scenario = view.resolved()
    base = replace(view, values=()).resolved()
    listed = listed_scenarios()
    own = [{"name": view.scenario, "title": wording.OWN}] if view.text else []
    states = view.states or ("" if not view.states else view.states)

    def settle(what: dict[str, Any]) -> None:
        if "set" in what:
            number = what.get("value")
            if number is None or isinstance(number, (int, float)):
                change(values=view.setting(str(what["set"]), number).values)
        elif "reset" in what:
            change(values=())
        elif "scenario" in what:
            change(scenario=what["scenario"], text="", start="", end="", states="")
        else:
            change(**{name: what[name] for name in SETTLED if name in what})

    Controls(
        w=wording.CONTROLS,
        scenarios=own + listed,
        question=say(scenario.question),
        state={
            "scenario": view.scenario,
            "states": states,
            "runs": view.runs,
            "seed": str(view.seed),
        },
        frame=[scenario.period.start, scenario.period.end],
        choices=choices(base.deliberating),
        known=parameters(),
        values=scenario.levers | scenario.uncertainties,
        own=base.levers | base.uncertainties,
        event_changed=settle,
    )


def choices(own: Any) -> list[dict[str, str]]:
    """Which states may decide: the scenario's, one of the two, or all."""
    named = "all" if own == "all" else say(", ").join(state_name(code) for code in own)
    return [
        {"code": "", "name": f"{wording.BOTH} ({named})"},
        {"code": "JPN", "name": state_name("JPN")},
        {"code": "KOR", "name": state_name("KOR")},
        {"code": "all", "name": wording.EVERY},
    ]


@kept_by_language(4)
def listed_scenarios() -> list[dict[str, str]]:
    """Every scenario of the library with its variants; not to be written to."""
    found = []
    for name in library.available():
        scenario = library.find(name)
        found.append({"name": name, "title": name_of("scenario", name, scenario.title)})
        found += [
            {
                "name": f"{name}/{key}",
                "title": "\u2003" + name_of("variant", f"{name}/{key}", variant.title),
            }
            for key, variant in scenario.variants.items()
        ]
    return found


@kept_by_language(4)
def parameters() -> str:
    """Every lever and every uncertainty as JSON: documented value, range, what it is."""
    return json.dumps({"levers": rows("lever"), "uncertainties": rows("uncertainty")})


def rows(role: str) -> list[dict[str, Any]]:
    """Every lever, or every uncertainty: documented value, range, what it is."""
    found = []
    for name, row in lookup.parameters().items():
        if row["role"] != role or not row["low"] or row["low"] == row["high"]:
            continue
        low, high = float(row["low"]), float(row["high"])
        found.append(
            {
                "name": name,
                "label": spaced(name),
                "value": float(row["value"]),
                "low": low,
                "high": high,
                "step": step(low, high),
                "short": "" if role == "uncertainty" else say(SHORT.get(row["unit"], row["unit"])),
                "tip": tip(row),
            }
        )
    return found


SHORT = {"factor": "×", "share of the public": ""}


def step(low: float, high: float) -> float:
    """A round step of about a hundredth of the range."""
    rough = (high - low) / 100
    for size in (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0):
        if size >= rough:
            return size
    return rough


def tip(row: dict[str, str]) -> str:
    """What a parameter is, its unit, range, status and source, as one text."""
    what = say(row["description"][:1].upper() + row["description"][1:])
    told = {key: row[key] for key in ("low", "high", "value", "source")}
    text = wording.TIP.format(what=what, unit=say(row["unit"]), status=say(row["status"]), **told)
    moved = [spaced(part["parameter"]) for part in lookup.trends().get(row["name"], [])]
    return f"{text} {wording.MOVES_TOGETHER.format(what=', '.join(moved))}" if moved else text
