"""Fan charts: people in the field by month, simulated bands against the recorded line.

The record is drawn in ink, the simulation in its state's colour (or its kind's, where the
panels are kinds). Tables are the long result tables or bands already taken from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from model.errors import InputError

from .fan_table import described, explained, fan_table, finding
from .palette import (
    KIND_NAMES,
    framework_name,
    kind_colour,
    kind_name,
    state_colour,
    state_name,
)
from .panel import panel
from .panel_key import key
from .sheet import SOURCE, finish

KEY_WIDTH = 170  # pixels to the right of a wide panel


def personnel_fan(
    series: pd.DataFrame,
    record: pd.DataFrame | None,
    state: str,
    framework: str = "un",
    kind: str = "all",
    *,
    scenario: str | None = None,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
    events: Mapping[str, str] | None = None,
    title: str | None = None,
    source: str = SOURCE,
    width: int = 900,
    height: int = 380,
) -> alt.VConcatChart:
    """Draw one state's people in the field by month: median, 50 % and 80 % bands, record.

    `series`: run-level totals (mission 'all') or the result of `bands`; `record`: recorded
    contributions in the same monthly form, or None; `runs` and `months` declare the frame in
    which missing rows are zero; `events`: month -> short label, drawn as thin uprights.
    """
    table = fan_table(series, record, [state], framework, [kind], scenario, runs, months)
    colour = state_colour(state)
    plot = panel(table, colour, width, height, events=events)
    plot = plot + key(table, colour, width, height)
    what = "personnel" if kind == "all" else kind_name(kind)
    name = f"{state_name(state)}: {what} in {framework_name(framework)}"
    return finish(
        [plot],
        table,
        title=title or f"{name} — {finding(table)}",
        subtitle=[described(table), explained(table)],
        source=source,
        width=width + KEY_WIDTH + 40,
    )


def personnel_fan_by_kind(
    series: pd.DataFrame,
    record: pd.DataFrame | None,
    state: str,
    framework: str = "un",
    *,
    kinds: Sequence[str] | None = None,
    scenario: str | None = None,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
    title: str | None = None,
    source: str = SOURCE,
    columns: int = 3,
    width: int = 1090,
    height: int = 150,
) -> alt.VConcatChart:
    """Draw one small fan per kind that was recorded or simulated, largest first.

    Each panel has its own zero-based scale; a kind which fewer than one run in ten ever sends,
    and which was never recorded, is left out unless named in `kinds`.
    """
    asked = list(kinds or [k for k in KIND_NAMES if k != "all"])
    table = fan_table(series, record, [state], framework, asked, scenario, runs, months)
    peaks = table.groupby("kind")[["upper", "recorded"]].max().max(axis=1)
    shown = sorted(kinds or peaks[peaks > 0].index, key=lambda k: (-peaks[k], k))
    if not shown:
        raise InputError(
            f"{state_name(state)} has no personnel of any kind in {framework_name(framework)} here."
        )
    table = table[table["kind"].isin(shown)]
    columns = min(columns, len(shown))
    size = width // columns - 62
    panels = [
        panel(
            table[table["kind"] == k],
            kind_colour(k),
            size,
            height,
            heading=f"{kind_name(k).capitalize()}, people",
            wide=False,
        )
        for k in shown
    ]
    grid = alt.concat(*panels, columns=columns, spacing={"row": 26, "column": 18})
    sentence = f"{state_name(state)}: what it sends to {framework_name(framework)}, by kind"
    return finish(
        [grid],
        table,
        title=title or sentence,
        subtitle=[described(table), explained(table) + " Each panel has its own scale."],
        source=source,
        width=width,
    )


def personnel_fans(
    series: pd.DataFrame,
    record: pd.DataFrame | None,
    states: Sequence[str] = ("JPN", "KOR"),
    framework: str = "un",
    *,
    scenario: str | None = None,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
    title: str | None = None,
    source: str = SOURCE,
    width: int = 900,
    height: int = 230,
) -> alt.VConcatChart:
    """Draw the fans of several states above each other on one scale, all kinds together."""
    table = fan_table(series, record, states, framework, ["all"], scenario, runs, months)
    top = float(table[["upper", "recorded"]].max().max())
    plots = []
    for state in states:
        own = table[table["state"] == state]
        colour = state_colour(state)
        name = f"{state_name(state)}, people"
        last = state == states[-1]
        plot = panel(own, colour, width, height, top=top, heading=name, last=last)
        plots.append(plot + key(own, colour, width, height, top=top))
    sentence = f"{' and '.join(map(state_name, states))}: personnel in {framework_name(framework)}"
    return finish(
        plots,
        table,
        title=title or sentence,
        subtitle=[described(table), explained(table)],
        source=source,
        width=width + KEY_WIDTH + 40,
    )
