"""The key next to a panel: what each line and band is, by its end, with its last value.

Of a fan, what the key says are datasets of the figure, named after the state, so that they can
change alone.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from ...language.spoken import month_in_full, say
from ...text.number_text import percent
from ..style.layout import rows_of, spread
from ..style.theme import INK, QUIET
from .fan_panel import band_colour, people_axis

SQUARE = "M-.5,-.5h1v1h-1z"  # shapes of the key, as paths
LINE = "M-.6,-.12h1.2v.24h-1.2z"

Item = tuple[str, str, str, float]  # text, colour, shape, people


class Measures(NamedTuple):
    """How large a key is and where it stands, in pixels (a sign in square pixels)."""

    sign: int
    word: float
    heading: float
    right: tuple[int, int, int]  # of the panel: signs, words, heading
    gap: int  # from one label to the next
    over: int  # from the first label up to the heading
    highest: int  # where a label may stand, from the top of the panel


WIDE = Measures(330, 12.5, 12, (18, 31, 10), 19, 20, 24)
NARROW = Measures(220, 12, 11.5, (14, 25, 8), 18, 19, 26)


def key(state: str, width: int) -> list[alt.Chart]:
    """Draw the key of a state's fan right of its panel, which is `width` pixels wide."""
    labels, head = (alt.Chart(alt.NamedData(name=f"{part}-{state}")) for part in ("key", "head"))
    return _drawn(labels, head, width, WIDE)


def key_of(
    items: Sequence[Item], heading: str, ends: tuple[float, float], width: int, height: int
) -> list[alt.Chart]:
    """Draw a key with its own data next to a panel whose axis goes from one to the other end."""
    labels, head = _placed(items, heading, ends, height, NARROW)
    return _drawn(alt.Chart(labels), alt.Chart(head), width, NARROW)


def key_datasets(
    table: pd.DataFrame, colour: str, height: int, *, top: float | None = None
) -> dict[str, Any]:
    """Return what the key of one state's panel says and where, with the last month's values."""
    state = str(table["state"].iloc[0])
    last = table[table["month"] == table["month"].max()].sort_values("level")
    row = last.iloc[-1]
    items: list[Item] = []
    for _, band in last.iloc[::-1].iterrows():
        span = f"{band['lower']:,.0f}–{band['upper']:,.0f}"
        text = say("{share} of runs: {span}", share=percent(band["level"]), span=span)
        items.append((text, band_colour(colour, band["level"]), SQUARE, band["upper"]))
    items.append((say("Median: {people:,.0f}", people=row["median"]), colour, LINE, row["median"]))
    if pd.notna(row["recorded"]):
        recorded = say("Observed: {people:,.0f}", people=row["recorded"])
        items.append((recorded, INK, LINE, row["recorded"]))
    ends = (0.0, people_axis(table, top, 5)[-1])
    heading = say("In {month}", month=month_in_full(str(row["month"])))
    labels, head = _placed(items, heading, ends, height, WIDE)
    return {f"key-{state}": rows_of(labels), f"head-{state}": rows_of(head)}


def _placed(
    items: Sequence[Item], heading: str, ends: tuple[float, float], height: int, size: Measures
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Labels at their lines' ends, moved apart where they would touch, and the heading above."""
    low, high = ends
    people = (high - low) / height  # in a pixel
    wanted = [(high - value) / people for *_, value in items]
    placed = spread(wanted, size.gap, size.highest, height - 2)
    labels = pd.DataFrame(
        {
            "text": [text for text, *_ in items],
            "colour": [ink for _, ink, *_ in items],
            "shape": [shape for _, _, shape, _ in items],
            "people": [high - y * people for y in placed],
        }
    )
    head = pd.DataFrame({"text": [heading], "people": [high - (min(placed) - size.over) * people]})
    return labels, head


def _drawn(labels: alt.Chart, head: alt.Chart, width: int, size: Measures) -> list[alt.Chart]:
    """Signs, words and heading right of a panel."""
    signs, words, heading = (alt.value(width + right) for right in size.right)
    y = alt.Y("people:Q")
    return [
        labels.mark_point(size=size.sign, filled=True, opacity=1).encode(
            x=signs,
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            color=alt.Color("colour:N", scale=None),
        ),
        labels.mark_text(align="left", fontSize=size.word, color=INK).encode(
            x=words, y=y, text="text:N"
        ),
        head.mark_text(align="left", fontSize=size.heading, color=QUIET).encode(
            x=heading, y=y, text="text:N"
        ),
    ]
