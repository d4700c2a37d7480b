"""The page's own controls: small Vue templates in ``parts``, with native, keyboard-ready inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

Handler = Callable[[Any], None]


@solara.component_vue("parts/chart.vue")
def Chart(
    spec: dict[str, Any],
    tables: dict[str, Any],
    title: str = "",
    subtitle: str = "",
    source: str = "",
    label: str = "",
    event_picked: Handler | None = None,
) -> None:
    """A chart drawn in the browser; where only its tables change it is not built anew."""


@solara.component_vue("parts/controls.vue")
def Controls(
    w: dict[str, str],
    scenarios: list[dict[str, str]],
    question: str,
    state: dict[str, Any],
    frame: list[str],
    choices: list[dict[str, str]],
    levers: list[dict[str, Any]],
    uncertainties: list[dict[str, Any]],
    event_changed: Handler | None = None,
) -> None:
    """Scenario, period, states, runs, levers and uncertainties."""


@solara.component_vue("parts/tabs.vue")
def Tabs(
    tabs: list[dict[str, str]], chosen: str, label: str, event_picked: Handler | None = None
) -> None:
    """The row of tabs."""


@solara.component_vue("parts/address.vue")
def Address(query: str, w: dict[str, str]) -> None:
    """Keeps the address bar at the view's link, and copies it."""


@solara.component_vue("parts/choice.vue")
def Choice(
    label: str, options: list[dict[str, str]], chosen: str, event_picked: Handler | None = None
) -> None:
    """One of a few, as a row of buttons."""


@solara.component_vue("parts/outcomes.vue")
def Outcomes(
    w: dict[str, str],
    legend: list[dict[str, str]],
    rows: list[dict[str, Any]],
    chosen: str,
    event_picked: Handler | None = None,
) -> None:
    """Requests with the shares of runs by outcome; a share picks a run that had it."""


@solara.component_vue("parts/answers.vue")
def AnswerList(
    label: str,
    rows: list[dict[str, Any]],
    chosen: int,
    more: str = "",
    event_picked: Handler | None = None,
) -> None:
    """The answers of one run, one of them chosen; dull ones are folded behind ``more``."""


@solara.component_vue("parts/question.vue")
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


@solara.component_vue("parts/filter.vue")
def Filter(
    w: dict[str, str],
    state: dict[str, str],
    states: list[dict[str, str]],
    categories: list[dict[str, str]],
    event_changed: Handler | None = None,
) -> None:
    """What of the record is shown."""


@solara.component_vue("parts/select.vue")
def Select(
    label: str,
    options: list[dict[str, str]],
    chosen: str,
    name: str = "",
    event_picked: Handler | None = None,
) -> None:
    """One of many, from a list."""


@solara.component_vue("parts/opener.vue")
def Opener(label: str, most: int, event_opened: Handler | None = None) -> None:
    """Opens a small text file of the visitor's own; nothing of it is kept on disk."""


@solara.component_vue("parts/player.vue")
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


@solara.component_vue("parts/partings.vue")
def Partings(
    w: dict[str, Any], rows: list[dict[str, str]], event_picked: Handler | None = None
) -> None:
    """Where two histories part, a mission a row; a row asks why."""


@solara.component_vue("parts/folder.vue")
def Folder(
    w: dict[str, str], chosen: str, known: list[str], event_picked: Handler | None = None
) -> None:
    """A folder of this machine, written or picked from those at hand."""
