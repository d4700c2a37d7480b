"""Fan charts: people in the field by month, simulated bands against the recorded line.

The record is drawn in ink, the simulation in its state's colour (or its kind's, where the
panels are kinds). Tables are the long result tables or bands already taken from them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.errors import InputError
from model.vocabulary import STUDIED

from ...language.spoken import say
from ...text.labels import KIND_NAMES, framework_name, kind_name, state_name
from ...text.number_text import joined
from ..style.chart_spec import Drawing, charted
from ..style.theme import kind_colour, state_colour
from .fan_data import described, explained, fan_table
from .fan_legend import key, key_datasets
from .fan_panel import panel, people_axis

KEY_WIDTH = 170  # pixels to the right of a wide panel


def kinds_drawing(
    series: pd.DataFrame,
    record: pd.DataFrame | None,
    state: str,
    framework: str = "un",
    *,
    kinds: Sequence[str] | None = None,
    scenario: str | None = None,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
    tops: Mapping[str, float] | None = None,
    columns: int = 3,
    width: int = 1090,
    height: int = 150,
) -> Drawing:
    """Draw one small fan per kind that was recorded or simulated, largest first.

    Each panel has its own zero-based scale; a kind which fewer than one run in ten ever sends,
    and which was never recorded, is left out unless named in `kinds`.  `tops`: people that must fit
    on the scale of a kind, from which the order is taken, too.
    """
    asked = list(kinds or [k for k in KIND_NAMES if k != "all"])
    table = fan_table(series, record, [state], framework, asked, scenario, runs, months)
    peaks = table.groupby("kind")[["upper", "recorded"]].max().max(axis=1)
    tops = {k: max(peaks[k], (tops or {}).get(k, 0.0)) for k in asked}
    shown = sorted(kinds or [k for k in asked if tops[k] > 0], key=lambda k: (-tops[k], k))
    if not shown:
        raise InputError(
            f"{state_name(state)} has no personnel of any kind in {framework_name(framework)} here."
        )
    table = table[table["kind"].isin(shown)]
    columns = min(columns, len(shown))
    size = width // columns - 62
    parts = {k: table[table["kind"] == k] for k in shown}

    def plots() -> list[Any]:
        panels = [
            panel(
                parts[k],
                kind_colour(k),
                size,
                height,
                top=tops[k],
                heading=say("{name}, personnel", name=kind_name(k).capitalize()),
                wide=False,
            )
            for k in shown
        ]
        return [alt.concat(*panels, columns=columns, spacing={"row": 26, "column": 18})]

    sentence = say(
        "{state}: what it sends to {framework}, by kind",
        state=state_name(state),
        framework=framework_name(framework),
    )
    return Drawing(
        look=("kinds", size, height, *(_look(parts[k], tops[k], 3) for k in shown)),
        plots=plots,
        table=table,
        datasets={},
        title=sentence,
        subtitle=[described(table), explained(table) + say(" Each panel has its own scale.")],
        width=width,
    )


personnel_fan_by_kind = charted(kinds_drawing)


def fans_drawing(
    series: pd.DataFrame,
    record: pd.DataFrame | None,
    states: Sequence[str] = STUDIED,
    framework: str = "un",
    *,
    scenario: str | None = None,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
    top: float = 0.0,
    width: int = 900,
    height: int = 230,
) -> Drawing:
    """Draw the fans of several states above each other on one scale, all kinds together.

    `top`: people that must fit on the scale, where they are more than those drawn.
    """
    table = fan_table(series, record, states, framework, ["all"], scenario, runs, months)
    top = max(top, float(table[["upper", "recorded"]].max().max()))
    parts = {state: table[table["state"] == state] for state in states}

    def plots() -> list[Any]:
        return [
            panel(
                own,
                state_colour(state),
                width,
                height,
                top=top,
                heading=say("{name}, personnel", name=state_name(state)),
                last=state == states[-1],
                beside=key(state, width),
            )
            for state, own in parts.items()
        ]

    datasets: dict[str, Any] = {}
    for state, own in parts.items():
        datasets |= key_datasets(own, state_colour(state), height, top=top)
    sentence = say(
        "{states}: personnel in {framework}",
        states=joined(map(state_name, states)),
        framework=framework_name(framework),
    )
    return Drawing(
        look=("fans", width, height, *(_look(own, top, 5) for own in parts.values())),
        plots=plots,
        table=table,
        datasets=datasets,
        title=sentence,
        subtitle=[described(table), explained(table)],
        width=width + KEY_WIDTH + 40,
    )


personnel_fans = charted(fans_drawing)


def _look(table: pd.DataFrame, top: float | None, steps: int) -> tuple[Any, ...]:
    """What a panel takes from its table besides the rows that it draws."""
    first = table.iloc[0]
    return (
        first["state"],
        first["kind"],
        table["month"].min(),
        table["month"].max(),
        tuple(table["level"].unique()),
        bool(table["recorded"].notna().any()),
        tuple(people_axis(table, top, steps)),
    )
