"""Fans of what a state builds up: trained people and slots, training support and agreements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.vocabulary import STOCK_UNITS

from ...language.spoken import say
from ...text import wording
from ...text.labels import state_name
from ..style.chart_spec import Drawing
from ..style.theme import state_colour
from .fan_data import described, explained
from .fan_panel import panel, people_axis

COLUMNS = 2


def stocks_drawing(
    bands: pd.DataFrame,
    states: Sequence[str],
    stocks: Sequence[str],
    *,
    title: str,
    tops: Mapping[str, float],
    width: int = 880,
    height: int = 150,
) -> Drawing:
    """Draw a small fan for each state and stock, the states beside each other.

    `bands`: state, kind (the stock), month, level, lower, upper, median, scenario, runs, seeds;
    `tops`: what must fit on the scale of a stock, the same for all states.
    """
    table = bands.assign(recorded=float("nan"))
    size = width // COLUMNS - 66
    cells = [(stock, state) for stock in stocks for state in states]
    parts = {
        (stock, state): table[(table["kind"] == stock) & (table["state"] == state)]
        for stock, state in cells
    }
    most = {
        stock: max(tops.get(stock, 0.0), float(table.loc[table["kind"] == stock, "upper"].max()))
        for stock in stocks
    }

    def plots() -> list[Any]:
        panels = [
            panel(
                parts[stock, state],
                state_colour(state),
                size,
                height,
                top=most[stock],
                heading=say(
                    "{state}: {stock}, {unit}",
                    state=state_name(state),
                    stock=wording.STOCKS[stock],
                    unit=say(STOCK_UNITS[stock]),
                ),
                wide=False,
            )
            for stock, state in cells
        ]
        return [alt.concat(*panels, columns=COLUMNS, spacing={"row": 26, "column": 18})]

    span = table["month"].min(), table["month"].max()
    axes = [tuple(people_axis(parts[cell], most[cell[0]], 3)) for cell in cells]
    return Drawing(
        look=("stocks", size, height, span, tuple(cells), tuple(axes)),
        plots=plots,
        table=table,
        datasets={},
        title=title,
        subtitle=[described(table, people=False), explained(table)],
        width=width,
    )
