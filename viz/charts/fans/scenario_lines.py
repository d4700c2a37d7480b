"""Strands: people in the field by year, one line for each of several scenarios, states beside
each other and frameworks below each other.  Means only: bands of many lines cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from model.vocabulary import STUDIED

from ...text.labels import framework_name, state_name
from ..style.layout import BEHIND, SOURCE, finish

BASE_COLOUR = "#555555"
LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
WIDTH, HEIGHT = 300, 150


def strands(
    table: pd.DataFrame,
    *,
    base: str,
    title: str,
    states: Sequence[str] = STUDIED,
    frameworks: Sequence[str] = ("un", "coalition"),
    first: str = "",
    names: dict[str, str] | None = None,
) -> alt.VConcatChart:
    """Draw mean people by year of a base (grey, dashed) and of other scenarios.

    `table`: columns scenario, state, framework, year ('YYYY'), people; `first`: year from which it
    is drawn; `names`: how scenarios are called in the key.
    """
    called = names or {}
    kept = table[table["state"].isin(list(states)) & table["framework"].isin(list(frameworks))]
    kept = kept[kept["year"] >= first].copy()
    kept["scenario"] = kept["scenario"].map(lambda name: called.get(name, name))
    own = called.get(base, base)
    others = [name for name in dict.fromkeys(kept["scenario"]) if name != own]
    order = [own, *others]
    colours = [BASE_COLOUR, *(LINES[n % len(LINES)] for n in range(len(others)))]
    dashes = [[5, 3], *([1, 0] if n < len(LINES) else [2, 2] for n in range(len(others)))]
    rows = []
    for framework in frameworks:
        row = [
            alt.Chart(alt.NamedData(name=BEHIND))
            .transform_filter((alt.datum.state == state) & (alt.datum.framework == framework))
            .mark_line(strokeWidth=1.6)
            .encode(
                x=alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=6)),
                y=alt.Y("people:Q", title="people"),
                color=alt.Color(
                    "scenario:N",
                    sort=order,
                    scale=alt.Scale(domain=order, range=colours),
                    legend=alt.Legend(title=None, orient="bottom", columns=1, labelLimit=600)
                    if (state, framework) == (states[0], frameworks[-1])
                    else None,
                ),
                strokeDash=alt.StrokeDash(
                    "scenario:N", scale=alt.Scale(domain=order, range=dashes), legend=None
                ),
            )
            .properties(
                width=WIDTH,
                height=HEIGHT,
                title=f"{state_name(state)}, {framework_name(framework)}",
            )
            for state in states
        ]
        rows.append(alt.hconcat(*row, spacing=24))
    return finish(
        rows,
        kept.reset_index(drop=True),
        title=title,
        subtitle=["Mean people in the field over paired runs."],
        source=SOURCE,
        width=WIDTH * len(states) + 90,
    )
