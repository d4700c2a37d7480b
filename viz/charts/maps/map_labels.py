"""Labels of missions and capitals on the map: the largest first, each next to its disc, or none.

A label stands where it covers no other and no disc, off the lines if it can.  Where there is no
such place next to its disc it stands further away, with a thin line that leads to it; one that
finds no place there either is left out.
"""

import math

import pandas as pd

from ...language.spoken import say
from ...text.labels import mission_name, state_name
from ..style.layout import text_width
from ..style.theme import INK, state_colour

HALF = 8.0  # half the height of a label, pixels
GAP = 5.0  # pixels between a disc and its label
FARTHEST = 18.0  # pixels by which a label may stand higher or lower than its disc
AIR = 2.0  # pixels between two labels, at least
RINGS = (24.0, 38.0, 54.0, 70.0)  # pixels from a disc to a label with a line that leads to it
WAYS = 16  # in which it may stand
COLUMNS = ["text", "lon", "lat", "colour", "tip_lon", "tip_lat", "end_lon", "end_lat"]
Box = tuple[float, float, float, float]  # left, right, top, bottom in pixels
Line = tuple[float, float, float, float]  # x and y of both ends in pixels


def map_labels(table: pd.DataFrame, zoom: float, area: float) -> tuple[pd.DataFrame, list[str]]:
    """Return text, lon, lat (left end of each label, degrees), colour and, for a label that a line
    leads to, both ends of the line (tip_lon, tip_lat, end_lon, end_lat); and texts without place.

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
        people = f"{one['people']:,.0f}" if one["people"] >= 0.5 else say("under 1")
        wanted.append((f"{mission_name(one['mission'])} {people}", INK, x, y, radius + GAP))
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
    for number, (text, colour, x, y, away) in enumerate(wanted):
        far = () if number < len(capitals) else RINGS  # a capital needs no line to it
        place = _free(taken, lines, x, y, away, text_width(text), far)
        if place is None:
            without.append(text)
            continue
        left, height, leader = place
        row = {"text": text, "lon": left / degree, "lat": -height / degree, "colour": colour}
        if leader is not None:
            row |= {
                "tip_lon": leader[0] / degree,
                "tip_lat": -leader[1] / degree,
                "end_lon": leader[2] / degree,
                "end_lat": -leader[3] / degree,
            }
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS), without


def _free(
    taken: list[Box],
    lines: list[Line],
    x: float,
    y: float,
    away: float,
    wide: float,
    rings: tuple[float, ...],
) -> tuple[float, float, Line | None] | None:
    """Return left end and height of a free place for a label and, where it is not next to its
    point, the line that leads to it; and mark the place as taken.

    Next to the point and off the lines goes first, the nearest before others and right before
    left; then further away and off the lines; then next to it, across a line.
    """
    shifts = sorted(range(-int(FARTHEST), int(FARTHEST) + 1, 2), key=lambda s: (abs(s), s < 0))
    places = [(left, y + s) for s in shifts for left in (x + away, x - away - wide)]
    places += [(x - wide / 2, y + s) for s in (-away - HALF, away + HALF)]
    near = [
        (box, None)
        for left, height in places
        if _open(box := (left, left + wide, height - HALF, height + HALF), taken)
    ]
    clear = [one for one in near if not any(_crosses(line, one[0]) for line in lines)]
    found = clear or _further(taken, lines, x, y, away, wide, rings) or near
    if not found:
        return None
    box, leader = found[0]
    taken.append(box)
    return box[0], box[2] + HALF, leader


def _further(
    taken: list[Box],
    lines: list[Line],
    x: float,
    y: float,
    away: float,
    wide: float,
    rings: tuple[float, ...],
) -> list[tuple[Box, Line | None]]:
    """The first free place on a ring around a point, off the lines, with the line to it."""
    others = [box for box in taken if not (box[0] <= x <= box[1] and box[2] <= y <= box[3])]
    for ring in rings:
        for way in range(WAYS):
            angle = 2 * math.pi * (way + 0.5) / WAYS
            right, down = math.cos(angle), math.sin(angle)
            end_x, end_y = x + (away + ring) * right, y + (away + ring) * down
            left = end_x if right >= 0 else end_x - wide
            box = (left, left + wide, end_y - HALF, end_y + HALF)
            edge = away - GAP + 1
            leader = (x + edge * right, y + edge * down, end_x - 2 * right, end_y - 2 * down)
            if (
                _open(box, taken)
                and not any(_crosses(line, box) for line in lines)
                and not any(_crosses(leader, other) for other in others)
            ):
                return [(box, leader)]
    return []


def _open(box: Box, taken: list[Box]) -> bool:
    """Whether a place touches nothing, with some air around it."""
    wider = (box[0] - AIR, box[1] + AIR, box[2] - AIR, box[3] + AIR)
    return not any(_touch(wider, other) for other in taken)


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
