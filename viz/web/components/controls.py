"""Controls: small Vue templates in ``parts``, with native, keyboard-ready inputs."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import solara

Handler = Callable[[Any], None]
SCALARS = (str, int, float, bool, type(None))


def control(file: str, **events: type) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """A control whose template is ``file``; what it tells of an event has the type given here.

    Anything else comes from no template of ours and is left out.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., Any]:
        made = solara.component_vue(file)(function)

        @wraps(function)
        def element(*given: Any, **named: Any) -> Any:
            for event, kind in events.items():
                handler = named.get(f"event_{event}")
                if handler is not None:
                    named[f"event_{event}"] = heard(handler, kind)
            return made(*given, **named)

        return element

    return decorate


def heard(handler: Handler, kind: type) -> Handler:
    """A handler that is called with one kind alone; a table holds names and plain values."""

    def call(value: Any) -> None:
        right = type(value) is kind
        if isinstance(value, Mapping):
            right = right and all(isinstance(one, SCALARS) for one in value.values())
        if right:
            handler(value)
        else:
            logging.getLogger("peacekeeping.page").warning("an event of a wrong kind was left out")

    return call


@control("parts/chart.vue", picked=dict)
def Chart(
    spec: str,
    tables: str,
    title: str = "",
    subtitle: str = "",
    source: str = "",
    label: str = "",
    failed: str = "",
    stage: str = "whole",
    event_picked: Handler | None = None,
) -> None:
    """A chart drawn in the browser, ``spec`` and ``tables`` as JSON; where only its tables change
    it is not rebuilt.  ``stage``: ``first`` where another answer is on its way."""


@control("parts/controls.vue", changed=dict)
def Controls(
    w: dict[str, str],
    scenarios: list[dict[str, str]],
    question: str,
    state: dict[str, Any],
    frame: list[str],
    choices: list[dict[str, str]],
    known: str,
    values: dict[str, float],
    own: dict[str, float],
    event_changed: Handler | None = None,
) -> None:
    """Scenario, period, states, runs, levers and uncertainties.

    ``known``: the levers and uncertainties as JSON; ``values`` now, and the scenario's ``own``, of
    those that differ from the documented ones.
    """


@control("parts/tabs.vue", picked=str)
def Tabs(
    tabs: list[dict[str, str]],
    chosen: str,
    label: str,
    language: str,
    event_picked: Handler | None = None,
) -> None:
    """The row of tabs; it also tells the browser the language of the page."""


@control("parts/address.vue", visited=str)
def Address(query: str, tab: str, w: dict[str, str], event_visited: Handler | None = None) -> None:
    """Keeps the address bar at the view's link, and copies it; Back and Forward go through the tabs
    that were opened."""


@control("parts/tour.vue", opened=str)
def Tour(
    w: dict[str, str],
    steps: list[dict[str, str]],
    tab: str = "",
    event_opened: Handler | None = None,
) -> None:
    """An offer of a tour, and its steps; the browser remembers that it was put away.  A step whose
    ``tab`` is not the open one opens it."""


@control("parts/choice.vue", picked=str)
def Choice(
    label: str, options: list[dict[str, str]], chosen: str, event_picked: Handler | None = None
) -> None:
    """One of a few, as a row of buttons."""


@control("parts/outcomes.vue", picked=dict)
def Outcomes(
    w: dict[str, str],
    legend: list[dict[str, str]],
    rows: list[dict[str, Any]],
    chosen: str,
    event_picked: Handler | None = None,
) -> None:
    """Requests with the shares of runs by outcome; a share picks a run that had it."""


@control("parts/answers.vue", picked=int)
def AnswerList(
    label: str,
    rows: list[dict[str, Any]],
    chosen: int,
    more: str = "",
    event_picked: Handler | None = None,
) -> None:
    """The answers of one run, one of them chosen; dull ones are folded behind ``more``."""


@control("parts/question.vue", changed=dict, example=str)
def Question(
    w: dict[str, str],
    examples: list[dict[str, str]],
    states: list[dict[str, str]],
    state: str,
    missions: list[dict[str, Any]],
    mission: str,
    event_changed: Handler | None = None,
    event_example: Handler | None = None,
) -> None:
    """State and mission asked about, with questions to begin with."""


@control("parts/filter.vue", changed=dict)
def Filter(
    w: dict[str, str],
    state: dict[str, str],
    states: list[dict[str, str]],
    categories: list[dict[str, str]],
    event_changed: Handler | None = None,
) -> None:
    """Which documented statements are shown."""


@control("parts/dates.vue", changed=dict)
def Dates(
    w: dict[str, str],
    states: list[dict[str, str]],
    state: str,
    since: str,
    month: str,
    first: str,
    last: str,
    event_changed: Handler | None = None,
) -> None:
    """A state and two months, from ``first`` to ``last``."""


@control("parts/select.vue", picked=str)
def Select(
    label: str,
    options: list[dict[str, str]],
    chosen: str,
    name: str = "",
    event_picked: Handler | None = None,
) -> None:
    """One of many, from a list."""


@control("parts/opener.vue", opened=dict)
def Opener(label: str, most: int, event_opened: Handler | None = None) -> None:
    """Opens a small text file of the visitor's own; nothing of it is kept on disk."""


@control("parts/player.vue", picked=str, traced=str)
def Player(
    w: dict[str, str],
    months: list[str],
    chosen: str,
    drawn: str,
    runs: int,
    run: int,
    event_picked: Handler | None = None,
    event_traced: Handler | None = None,
) -> None:
    """Play, step and jump through months, and choose the run that is followed; ``drawn``: the month
    whose map is there."""


@control("parts/divergences.vue", picked=int)
def Divergences(
    w: dict[str, Any], rows: list[dict[str, str]], event_picked: Handler | None = None
) -> None:
    """Where two histories part, a mission a row; a row asks why."""


@control("parts/folder.vue", picked=str)
def Folder(
    w: dict[str, str], chosen: str, known: list[str], event_picked: Handler | None = None
) -> None:
    """A folder of this machine, written or picked from those at hand."""
