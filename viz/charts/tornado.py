"""Bars of what each factor does to an outcome: from its low to its high end, and its indices."""

from collections.abc import Mapping
from typing import Literal

import altair as alt
import pandas as pd

from ..language.spoken import say
from .style.layout import drawn, finish
from .style.theme import INK

LOW, HIGH = "#5b7fa6", "#c46a1b"
ROW = 46
WIDTH = 560
MEASURES = {
    "first": "share of the variance, by itself",
    "total": "share of the variance, with all others",
    "mu_star": "mean absolute elementary effect",
}


def tornado(
    ends: pd.DataFrame,
    mean: float,
    *,
    outcome: str,
    unit: str,
    titles: Mapping[str, str],
    note: str,
    source: str,
) -> alt.VConcatChart:
    """Draw the mean of one outcome at the low and the high end of each factor, longest bar first.

    `ends`: rows of one outcome of ``Sensitivity.ends``; `mean`: over all configurations, where the
    bars begin; `note`: what is left out or due to random draws.
    """
    table = ends.copy()
    table["title"] = [titles.get(name, name) for name in table["factor"]]
    table["overall"] = mean
    span = table.groupby("title")["mean"].agg(lambda column: column.max() - column.min())
    order = list(span.sort_values(ascending=False, kind="stable").index)
    table["text"] = table["label"].astype(str)
    most = table.groupby("factor")["mean"].transform("max")
    table["side"] = ["right" if value >= top else "left" for value, top in zip(table["mean"], most)]
    low, high = min(table["mean"].min(), mean), max(table["mean"].max(), mean)
    room = 0.3 * ((high - low) or max(abs(high), 1.0))
    x = alt.X(
        "mean:Q",
        title=unit,
        scale=alt.Scale(domain=[low - room, high + room], nice=False, zero=False),
        axis=alt.Axis(tickCount=6, grid=True),
    )
    y = alt.Y("title:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, labelPadding=8))
    base = drawn().encode(y=y)
    ink = alt.Scale(domain=["low", "high"], range=[LOW, HIGH])
    colour = alt.Color("end:N", scale=ink, legend=None)
    bars = base.mark_bar(height=20).encode(
        x=x,
        x2="overall:Q",
        color=colour,
        tooltip=["title:N", "label:N", alt.Tooltip("mean:Q", format=".3g"), "configurations:Q"],
    )
    sides: list[tuple[str, Literal["left", "right"]]] = [("right", "left"), ("left", "right")]
    labels = [
        base.transform_filter(alt.datum.side == side)
        .mark_text(align=align, dx=6 if side == "right" else -6, fontSize=12, color=INK)
        .encode(x=x, text="text:N")
        for side, align in sides
    ]
    rule = base.mark_rule(color=INK, strokeWidth=1).encode(x="overall:Q", y=alt.Y())
    plot = alt.layer(rule, bars, *labels).properties(width=WIDTH, height=ROW * len(order))
    return finish(
        [plot],
        table,
        title=say("What moves: {outcome}", outcome=outcome),
        subtitle=[
            say(
                "Mean where a factor is at its low end (blue) and at its high end (orange); the "
                "line is the mean over all configurations, {mean:.3g}.",
                mean=mean,
            ),
            note,
        ],
        source=source,
        width=WIDTH + 220,
        indent=200,
    )


def indices(
    table: pd.DataFrame, *, outcome: str, titles: Mapping[str, str], note: str, source: str
) -> alt.VConcatChart:
    """Draw the indices of one outcome with their intervals, one row a factor."""
    table = table[table["measure"].isin(list(MEASURES))].copy()
    table["title"] = [titles.get(name, name) for name in table["factor"]]
    table["what"] = [say(MEASURES[measure]) for measure in table["measure"]]
    order = list(table.groupby("title")["value"].max().sort_values(ascending=False).index)
    kinds = list(dict.fromkeys(table["what"]))
    y = alt.Y("title:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, labelPadding=8))
    colour = alt.Color(
        "what:N",
        scale=alt.Scale(domain=kinds, range=[HIGH, LOW][: len(kinds)]),
        legend=alt.Legend(title=None, orient="top", labelLimit=400) if len(kinds) > 1 else None,
    )
    base = drawn().encode(y=y, yOffset=alt.YOffset("what:N", sort=kinds))
    unit = kinds[0] if len(kinds) == 1 else say("share of the variance between configurations")
    bars = base.mark_bar().encode(
        x=alt.X("value:Q", title=unit),
        color=colour,
        tooltip=["title:N", "what:N", alt.Tooltip("value:Q", format=".3f")],
    )
    whiskers = base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q")
    plot = alt.layer(bars, whiskers).properties(width=WIDTH, height=ROW * len(order))
    return finish(
        [plot],
        table,
        title=say("Which factor matters: {outcome}", outcome=outcome),
        subtitle=[say("Lines are 95% intervals over the sample."), note],
        source=source,
        width=WIDTH + 220,
        indent=200,
    )
