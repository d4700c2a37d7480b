"""Two factors against each other: the mean outcome in each cell, side by side for each choice."""

import textwrap
from collections.abc import Sequence

import altair as alt
import pandas as pd

from .style.layout import drawn, finish
from .style.theme import INK, PAPER

LEAST_SPAN = 0.25  # of the largest value that the colours span at least
CELL = 62
BINS = 6  # of a factor that takes many values
MOST = 10  # distinct values that are cells of their own


def cells(
    means: pd.DataFrame, x: str, y: str, facet: str | None, outcomes: Sequence[str]
) -> pd.DataFrame:
    """Mean of each outcome by cell: columns x, y, facet, outcome, value, configurations.

    `means`: one row for each configuration, with its factors and its mean of each outcome.
    """
    table = means.copy()
    for name in (x, y):
        table[name] = _labels(table[name])
    keys = [x, y] if facet is None else [facet, x, y]
    parts = []
    for outcome in outcomes:
        found = table.groupby(keys, sort=False, observed=True)[outcome].agg(["mean", "count"])
        found = found.reset_index().rename(
            columns={x: "x", y: "y", "mean": "value", "count": "configurations"}
        )
        found["facet"] = found[facet] if facet is not None else ""
        found["outcome"] = outcome
        parts.append(found[["facet", "x", "y", "outcome", "value", "configurations"]])
    return pd.concat(parts, ignore_index=True)


def _labels(column: pd.Series) -> pd.Series:
    """How a factor's values are written on an axis; many are put into parts of equal width."""
    if not pd.api.types.is_numeric_dtype(column):
        return column.astype(str)
    if column.nunique() <= MOST:
        return column.map(lambda value: f"{value:g}")
    edges = pd.cut(column, BINS)
    return edges.map(lambda edge: f"{edge.left:.3g} to {edge.right:.3g}").astype(str)


def heatmap(
    table: pd.DataFrame,
    *,
    x: tuple[str, Sequence[str]],
    y: tuple[str, Sequence[str]],
    facets: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, str, str]],
    title: str,
    subtitle: Sequence[str],
    source: str,
    across: int | None = None,
) -> alt.VConcatChart:
    """Draw one row of panels for each outcome, one panel for each choice, with the number in it.

    `table`: of ``cells``; `x`, `y`: title and labels in order; `facets`: key and heading of each
    panel; `rows`: key, heading and format of each outcome (a heading in the title is left out).
    `across`: pixels of the whole row of panels, where cells may be wider than usual.
    """
    count_x, count_y = len(x[1]), len(y[1])
    width = max(CELL * count_x, 150)
    if across is not None:
        width = max(width, (across - 60) // len(facets) - 18)
    plots = []
    for number, (outcome, heading, form) in enumerate(rows):
        values = table.loc[table["outcome"] == outcome, "value"]
        low, high = float(values.min()), float(values.max())
        low -= max(0.0, LEAST_SPAN * abs(high) - (high - low))  # slight differences look slight
        if form == ".0%":
            low, high = 0.0, 1.0
        if high <= low:
            high = low + 1.0
        scale = alt.Scale(
            domain=[low, high], range=["#f4f1ea", "#e0a868", "#b8410b"], interpolate="lab"
        )
        if number:
            scale = alt.Scale(
                domain=[low, high], range=["#eef3f7", "#7fabcf", "#0b4f82"], interpolate="lab"
            )
        panels = []
        for place, (key, words) in enumerate(facets):
            base = drawn().transform_filter(
                (alt.datum.outcome == outcome) & (alt.datum.facet == key)
            )
            base = base.encode(
                x=alt.X(
                    "x:O",
                    sort=list(x[1]),
                    title=x[0] if number == len(rows) - 1 else None,
                    axis=alt.Axis(
                        labelAngle=0,
                        ticks=False,
                        domain=False,
                        labelExpr="split(replace(datum.label, ' to ', ' to|'), '|')",
                    ),
                ),
                y=alt.Y(
                    "y:O",
                    sort=list(reversed(y[1])),
                    title=y[0] if place == 0 else None,
                    axis=alt.Axis(ticks=False, domain=False, labels=place == 0),
                ),
            )
            cell = base.mark_rect(stroke=PAPER, strokeWidth=2).encode(
                color=alt.Color("value:Q", scale=scale, legend=None),
                tooltip=[
                    alt.Tooltip("value:Q", format=".3g", title=heading),
                    alt.Tooltip("configurations:Q"),
                ],
            )
            text = base.mark_text(fontSize=13).encode(
                text=alt.Text("value:Q", format=form),
                color=alt.condition(
                    alt.datum.value > low + 0.62 * (high - low), alt.value(PAPER), alt.value(INK)
                ),
            )
            panel = alt.layer(cell, text).properties(width=width, height=CELL * 0.62 * count_y)
            if words:
                lines = _wrapped(words, width)
                panel = panel.properties(
                    title=alt.Title(lines, fontSize=12.5, anchor="start", offset=6)
                )
            panels.append(panel)
        strip = alt.hconcat(*panels, spacing=18)
        if len(rows) > 1 or heading not in title:
            strip = strip.properties(
                title=alt.Title(heading, fontSize=14.5, anchor="start", offset=10)
            )
        plots.append(strip)
    return finish(
        plots,
        table,
        title=title,
        subtitle=subtitle,
        source=source,
        width=len(facets) * (width + 18) + 60,
        indent=60,
        spacing=22,
    )


def _wrapped(text: str, width: float) -> list[str]:
    return textwrap.wrap(text, max(12, int(width / 6.6)))
