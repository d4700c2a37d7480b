"""One fan: bands, median and record of one state and kind on zero-based axes.

A panel reads the figure's own table by filter, so that a figure of many panels holds its data
once. Labels are placed here, in pixels, because nothing later would keep them apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from model.months import month_number, month_text

from ...language.spoken import say
from ...text.number_text import percent
from ..style.layout import axis_steps, date, drawn, month_ticks, text_width, titled
from ..style.theme import INK, PAPER, QUIET, tint

STEP: Literal["step-after"] = "step-after"  # people come and go by whole months
ROW = 15  # pixels between rows of event labels


def panel(
    table: pd.DataFrame,
    colour: str,
    width: int,
    height: int,
    *,
    top: float | None = None,
    heading: str | None = None,
    last: bool = True,
    wide: bool = True,
    beside: Sequence[alt.Chart] = (),
) -> alt.LayerChart | alt.FacetChart:
    """Draw one state and kind; `wide` panels carry more detail than small multiples.

    `top`: people that must fit on the axis; `last`: whether the title of the month axis is shown;
    `beside`: marks drawn with it, such as its key (a layer of layers takes far longer to make).
    """
    first = table.iloc[0]
    span = table["month"].min(), table["month"].max()
    values, form = month_ticks(*span, 9 if wide else 4)
    x = alt.X(
        "month_date:T",
        title=say("month, value on its last day") if wide and last else None,
        scale=alt.Scale(type="utc", domain=[date(span[0]), date(span[1])]),
        axis=alt.Axis(values=values, format=form, labelFlush=False),
    )
    steps = people_axis(table, top, 5 if wide else 3)
    y_axis = alt.Axis(
        title=say("people") if not heading else None,
        titleAngle=0,
        titleAlign="right",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=-8,
        titleY=-11,
        values=steps,
        minExtent=38,
        format=",d",
    )
    y_scale = alt.Scale(domain=[0, steps[-1]], nice=False)
    base = drawn("month").transform_filter(
        (alt.datum.state == first["state"]) & (alt.datum.kind == first["kind"])
    )
    layers: list[Any] = []
    levels = sorted(table["level"].unique(), reverse=True)
    for level in levels:
        layers.append(
            base.transform_filter(alt.datum.level == level)
            .mark_area(color=band_colour(colour, level), interpolate=STEP)
            .encode(x=x, y=alt.Y("lower:Q", axis=y_axis, scale=y_scale), y2="upper:Q")
        )
    once = base.transform_filter(alt.datum.level == levels[0])
    lines = [("median", colour, 1.8 if wide else 1.4)]
    if table["recorded"].notna().any():
        lines += [
            ("recorded", PAPER, 3.4 if wide else 2.6),
            ("recorded", INK, 1.8 if wide else 1.4),
        ]
    for column, ink, size in lines:
        layers.append(
            once.mark_line(color=ink, strokeWidth=size, interpolate=STEP).encode(
                x=x, y=alt.Y(f"{column}:Q", axis=y_axis, scale=y_scale)
            )
        )
    if wide:
        layers.append(
            once.mark_rule(strokeWidth=3, opacity=0).encode(
                x=x,
                tooltip=[
                    alt.Tooltip("month:N", title=titled("month")),
                    alt.Tooltip("recorded:Q", format=",d", title=titled("observed")),
                    alt.Tooltip("median:Q", format=",.0f", title=titled("median")),
                    alt.Tooltip(
                        "lower:Q",
                        format=",.0f",
                        title=say("{share} band from", share=percent(levels[0])),
                    ),
                    alt.Tooltip(
                        "upper:Q",
                        format=",.0f",
                        title=say("{share} band to", share=percent(levels[0])),
                    ),
                ],
            )
        )
    title: Any = alt.Undefined
    if heading:
        title = alt.Title(heading, fontSize=14, frame="bounds", anchor="start", offset=8)
    return alt.layer(*layers, *beside, width=width, height=height, title=title)


def band_colour(colour: str, level: float) -> str:
    """Return the opaque tint of a band: the wider the band, the paler."""
    return tint(colour, 0.62 - 0.5 * level)


def people_axis(table: pd.DataFrame, top: float | None, steps: int) -> list[float]:
    """Return the values marked on a panel's people axis, zero first."""
    most = float(table[["upper", "median", "recorded"]].max().max()) if top is None else top
    return axis_steps(most, steps)


def event_rows(
    events: Mapping[str, str], table: pd.DataFrame, width: int
) -> list[tuple[str, str, float, int]]:
    """Return (month, label, x in pixels, row) with rows chosen so that no labels touch."""
    first, last = month_number(table["month"].min()), month_number(table["month"].max())
    starts: list[float] = []  # leftmost label of each row; filled from the right
    rows = []
    numbered = sorted((month_number(month), label) for month, label in events.items())
    for number, label in reversed([n for n in numbered if first <= n[0] <= last]):
        x = width * (number - first) / max(1, last - first)
        end = x + text_width(label, 11.5) + 8
        # above every label that it would reach, and so whose upright would cross it
        row = 1 + max((i for i, start in enumerate(starts) if end >= start), default=-1)
        starts[row : row + 1] = [x]
        rows.append((month_text(number), label, x, row))
    return rows


def event_marks(rows: list[tuple[str, str, float, int]], height: int) -> list[alt.Chart]:
    """Draw each event as a thin dashed upright with its label above the plot."""
    marks = []
    for _, label, x, row in rows:
        one = alt.Chart(pd.DataFrame({"text": [label]}))
        over = -8 - ROW * row
        marks += [
            one.mark_rule(color="#9aa5b1", strokeDash=[3, 3], strokeWidth=1).encode(
                x=alt.value(x), y=alt.value(over), y2=alt.value(height)
            ),
            one.mark_text(align="left", baseline="bottom", fontSize=11.5, color=QUIET, dx=3).encode(
                x=alt.value(x), y=alt.value(over + 4), text="text:N"
            ),
        ]
    return marks
