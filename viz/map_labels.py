"""Labels of missions and capitals on the map, moved until none covers another or a disc."""

from __future__ import annotations

import math

import pandas as pd

from .palette import INK, state_colour, state_name
from .sheet import text_width

HALF = 8.0  # half the height of a label, pixels
Box = tuple[float, float, float, float]  # left, right, top, bottom in pixels


def map_labels(table: pd.DataFrame, zoom: float, area: float) -> pd.DataFrame:
    """Return text, lon, lat (left end of each label, degrees) and colour.

    `table`: state, mission, people and coordinates of both ends; `zoom`: pixels per radian;
    `area`: square pixels of disc per person.
    """
    degree = math.radians(1) * zoom
    sums = table.groupby(["mission", "latitude", "longitude"])["people"].sum().reset_index()
    sums = sums.sort_values("latitude", ascending=False)
    taken: list[Box] = []
    discs = []
    for _, one in sums.iterrows():
        x, y = one["longitude"] * degree, -one["latitude"] * degree
        radius = math.sqrt(area * one["people"] / math.pi)
        taken.append((x - radius, x + radius, y - radius, y + radius))
        discs.append((one["mission"], one["people"], x, y, radius + 5))
    rows = []
    for state in table.sort_values("capital_lat")["state"].unique():
        end = table[table["state"] == state].iloc[0]
        text = state_name(state)
        x, y = end["capital_lon"] * degree, -end["capital_lat"] * degree
        x, y = _free(taken, x, y, 6, text)
        rows.append({"text": text, "x": x, "y": y, "colour": state_colour(state)})
    for mission, people, x, y, away in discs:
        text = f"{mission} {people:,.0f}" if people >= 0.5 else f"{mission} under 1"
        x, y = _free(taken, x, y, away, text)
        rows.append({"text": text, "x": x, "y": y, "colour": INK})
    labels = pd.DataFrame(rows)
    return labels.assign(lon=labels["x"] / degree, lat=-labels["y"] / degree).drop(
        columns=["x", "y"]
    )


def _free(taken: list[Box], x: float, y: float, away: float, text: str) -> tuple[float, float]:
    """Return left end and height of the free place nearest to a point, and mark it as taken.

    Right of the point is tried before left of it, its own height before above and below.
    """
    wide = text_width(text)
    shifts = sorted(range(-200, 201, 2), key=lambda shift: (abs(shift), shift < 0))
    places = [(left, y + s) for s in shifts for left in (x + away, x - away - wide)]
    left, height = next((p for p in places if not _covered(taken, *p, wide)), places[0])
    taken.append((left, left + wide, height - HALF, height + HALF))
    return left, height


def _covered(taken: list[Box], left: float, y: float, wide: float) -> bool:
    """Say whether a label of `wide` pixels with its left end there would touch a taken place."""
    return any(
        a < left + wide and left < b and top < y + HALF and y - HALF < bottom
        for a, b, top, bottom in taken
    )
