"""Labels of missions and capitals on the map: the largest first, each next to its disc, or none.

A label stands where it covers no other and no disc, off the lines if it can; one that finds no
such place near its disc is left out, since further away it would not be clear what it names.
"""

import math

import pandas as pd

from ...text.labels import state_name
from ..style.layout import text_width
from ..style.theme import INK, state_colour

HALF = 8.0  # half the height of a label, pixels
GAP = 5.0  # pixels between a disc and its label
FARTHEST = 18.0  # pixels by which a label may stand higher or lower than its disc
Box = tuple[float, float, float, float]  # left, right, top, bottom in pixels
Line = tuple[float, float, float, float]  # x and y of both ends in pixels


def map_labels(table: pd.DataFrame, zoom: float, area: float) -> tuple[pd.DataFrame, list[str]]:
    """Return text, lon, lat (left end of each label, degrees) and colour; and texts without place.

    `table`: state, mission, people and coordinates of both ends; `zoom`: pixels per radian;
    `area`: square pixels of disc per person.
    """
    degree = math.radians(1) * zoom
    columns = ["capital_lon", "capital_lat", "longitude", "latitude"]
    ends = table[columns] * [degree, -degree, degree, -degree]
    lines: list[Line] = list(ends.itertuples(index=False, name=None))
    sums = table.groupby(["mission", "latitude", "longitude"])["people"].sum().reset_index()
    taken: list[Box] = []
    wanted = []
    for _, one in sums.sort_values(["people", "mission"], ascending=[False, True]).iterrows():
        x, y = one["longitude"] * degree, -one["latitude"] * degree
        radius = math.sqrt(area * one["people"] / math.pi)
        taken.append((x - radius, x + radius, y - radius, y + radius))
        people = f"{one['people']:,.0f}" if one["people"] >= 0.5 else "under 1"
        wanted.append((f"{one['mission']} {people}", INK, x, y, radius + GAP))
    capitals = table.sort_values("capital_lat").drop_duplicates("state")
    wanted[:0] = [
        (
            state_name(one["state"]),
            state_colour(one["state"]),
            one["capital_lon"] * degree,
            -one["capital_lat"] * degree,
            GAP,
        )
        for one in capitals.to_dict("records")
    ]
    rows, without = [], []
    for text, colour, x, y, away in wanted:
        place = _free(taken, lines, x, y, away, text_width(text))
        if place is None:
            without.append(text)
        else:
            left, height = place
            rows.append(
                {"text": text, "lon": left / degree, "lat": -height / degree, "colour": colour}
            )
    return pd.DataFrame(rows, columns=["text", "lon", "lat", "colour"]), without


def _free(
    taken: list[Box], lines: list[Line], x: float, y: float, away: float, wide: float
) -> tuple[float, float] | None:
    """Return left end and height of a free place next to a point, and mark it as taken.

    The nearest first, right before left; one that no line crosses goes before one that is nearer.
    """
    shifts = sorted(range(-int(FARTHEST), int(FARTHEST) + 1, 2), key=lambda s: (abs(s), s < 0))
    places = [(left, y + s) for s in shifts for left in (x + away, x - away - wide)]
    places += [(x - wide / 2, y + s) for s in (-away - HALF, away + HALF)]
    boxes = [(left, left + wide, height - HALF, height + HALF) for left, height in places]
    free = [box for box in boxes if not any(_touch(box, other) for other in taken)]
    if not free:
        return None
    clear = (box for box in free if not any(_crosses(line, box) for line in lines))
    best = next(clear, free[0])
    taken.append(best)
    return best[0], best[2] + HALF


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _crosses(line: Line, box: Box) -> bool:
    """Say whether a straight line meets a box, by cutting the line at the box's four sides."""
    x, y, other_x, other_y = line
    first, last = 0.0, 1.0
    for start, step, low, high in (
        (x, other_x - x, box[0], box[1]),
        (y, other_y - y, box[2], box[3]),
    ):
        if step == 0:
            if not low <= start <= high:
                return False
            continue
        ends = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, ends[0]), min(last, ends[1])
    return first <= last
