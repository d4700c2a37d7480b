"""The share of runs that say yes along the range of each lever: where it turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from ..language.spoken import say
from ..text import change_text, wording
from ..text.change_text import lever_name
from ..text.labels import kind_name, mission_name, state_name
from .style.layout import SOURCE, drawn, finish
from .style.theme import INK, QUIET, state_colour

if TYPE_CHECKING:
    from scenarios.explanation.decisions import Answers
    from scenarios.explanation.over_runs import LeverCurve, Turning

MOST = 6  # panels
COLUMNS = 3


def turning_chart(
    turning: Turning,
    titles: dict[str, str],
    *,
    title: str,
    subtitle: Sequence[str],
    share: str,
    colour: str,
    width: int = 880,
    height: int = 110,
) -> alt.VConcatChart:
    """Draw the share of runs that go through against each lever that moves it, those first that
    turn it.

    `titles`: the levers in words; `share`: what the axis is called; `colour`: of the state.
    """
    shown = [curve for curve in turning.levers if curve.swing > 0][:MOST] or turning.levers[:1]
    table = turning.table()
    table = table[table["what"].isin([curve.name for curve in shown])].reset_index(drop=True)
    columns = min(COLUMNS, len(shown))
    size = width // columns - 74
    panels = [
        _panel(curve, titles.get(curve.name, curve.name), share, colour, size, height)
        for curve in shown
    ]
    grid = alt.concat(*panels, columns=columns, spacing={"row": 26, "column": 22})
    return finish([grid], table, title=title, subtitle=subtitle, source=SOURCE, width=width)


def answer_curves(found: Answers, turning: Turning) -> alt.VConcatChart:
    """Draw what would have turned an answer, in the words of every figure of an explanation."""
    return turning_chart(
        turning,
        {curve.name: lever_name(curve.name) for curve in turning.levers},
        title=wording.OVER_CHART.format(
            state=state_name(found.state), mission=mission_name(found.mission)
        ),
        subtitle=[
            change_text.over_runs(turning),
            wording.OVER_CHART_HELP.format(
                kind=kind_name(turning.kind).capitalize(), month=turning.month
            ),
        ],
        share=wording.OVER_AXIS,
        colour=state_colour(found.state),
    )


def _panel(
    curve: LeverCurve, title: str, share: str, colour: str, width: int, height: int
) -> alt.LayerChart | alt.FacetChart:
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[curve.values[0], curve.values[-1]], nice=False),
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    y = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.5, 1], format=".0%", minExtent=38),
    )
    base = drawn().transform_filter(alt.datum.what == curve.name)
    tip = [
        alt.Tooltip("value:Q", format=".3g", title=title),
        alt.Tooltip("share:Q", format=".0%", title=share),
        alt.Tooltip("asked:Q", title=say("runs")),
    ]
    layers: list[Any] = [
        alt.Chart(pd.DataFrame({"share": [0.5]}))
        .mark_rule(color=QUIET, strokeDash=[4, 3])
        .encode(y=y),
        base.mark_line(color=colour, strokeWidth=2).encode(x=x, y=y),
        base.mark_point(color=colour, filled=True, size=26, opacity=1).encode(
            x=x, y=y, tooltip=tip
        ),
        base.transform_filter("datum.value == datum.now")
        .mark_point(color=INK, filled=True, size=70, opacity=1)
        .encode(x=x, y=y, tooltip=tip),
    ]
    if curve.turns_at is not None:
        at = pd.DataFrame({"value": [curve.turns_at], "text": [f"{curve.turns_at:.2g}"]})
        layers += [
            alt.Chart(at).mark_rule(color=INK, strokeWidth=1.2).encode(x=x),
            alt.Chart(at)
            .mark_text(align="left", baseline="top", dx=4, color=INK, fontWeight="bold")
            .encode(x=x, y=alt.value(0), text="text:N"),
        ]
    heading = alt.Title(title, fontSize=13, frame="bounds", anchor="start", offset=6, color=INK)
    return alt.layer(*layers, width=width, height=height, title=heading)
