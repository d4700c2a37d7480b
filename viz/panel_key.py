"""The key of a wide panel: what each line and band is, beside its end, with its last value.

What it says are datasets of the figure, named after the state, so that they can change alone.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from .fan_table import percent
from .palette import INK, QUIET
from .panel import band_colour, people_axis
from .sheet import rows_of, spread

SQUARE = "M-.5,-.5h1v1h-1z"  # shapes of the key, as paths
LINE = "M-.6,-.12h1.2v.24h-1.2z"


def key(state: str, width: int) -> list[alt.Chart]:
    """Draw the labels right of a panel `width` pixels wide, each by its line's end."""
    labels, head = (alt.Chart(alt.NamedData(name=f"{part}-{state}")) for part in ("key", "head"))
    y = alt.Y("people:Q")
    marks = labels.mark_point(size=330, filled=True, opacity=1).encode(
        x=alt.value(width + 18),
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        color=alt.Color("colour:N", scale=None),
    )
    text = labels.mark_text(align="left", fontSize=12.5, color=INK)
    title = head.mark_text(align="left", fontSize=12, color=QUIET)
    return [
        marks,
        text.encode(x=alt.value(width + 31), y=y, text="text:N"),
        title.encode(x=alt.value(width + 10), y=y, text="text:N"),
    ]


def key_datasets(
    table: pd.DataFrame, colour: str, height: int, *, top: float | None = None
) -> dict[str, Any]:
    """Return what the key of one state's panel says and where, with the last month's values."""
    state = str(table["state"].iloc[0])
    last = table[table["month"] == table["month"].max()].sort_values("level")
    end = people_axis(table, top, 5)[-1]
    row = last.iloc[-1]
    items: list[tuple[str, str, str, float]] = []  # text, colour, shape, people
    for _, band in last.iloc[::-1].iterrows():
        span = f"{band['lower']:,.0f}–{band['upper']:,.0f}"
        text = f"{percent(band['level'])} of runs: {span}"
        items.append((text, band_colour(colour, band["level"]), SQUARE, band["upper"]))
    items.append((f"Median: {row['median']:,.0f}", colour, LINE, row["median"]))
    if pd.notna(row["recorded"]):
        items.append((f"Recorded: {row['recorded']:,.0f}", INK, LINE, row["recorded"]))
    wanted = [
        height * (1 - people / end) - i * 1e-6 for i, (_, _, _, people) in enumerate(items[::-1])
    ]
    placed = spread(wanted, 19, 24, height - 2)[::-1]
    labels = pd.DataFrame(
        {
            "text": [text for text, *_ in items],
            "colour": [ink for _, ink, *_ in items],
            "shape": [shape for _, _, shape, _ in items],
            "people": [end * (1 - y / height) for y in placed],
        }
    )
    head = pd.DataFrame(
        {
            "text": [f"In {pd.Timestamp(row['month']):%B %Y}"],
            "people": [end * (1 - (min(placed) - 20) / height)],
        }
    )
    return {f"key-{state}": rows_of(labels), f"head-{state}": rows_of(head)}
