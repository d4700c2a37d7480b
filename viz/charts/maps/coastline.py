"""The land of the world for the map, shipped as a small table of its own, so nothing is fetched.

    python -m viz.charts.maps.coastline LAND-110M.JSON

makes ``coastline.csv`` again from Natural Earth's land at 1:110 million, in the TopoJSON form that
the package world-atlas has; ``docs/sources.md`` has citation and licence.
"""

import csv
import io
import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.errors import InputError

from ..style.export import write_together

TABLE = Path(__file__).with_name("coastline.csv")
SOUTHERNMOST = -60.0  # degrees; Antarctica has no contributors and no missions
Ring = list[tuple[float, float]]


@lru_cache(maxsize=1)
def land() -> dict[str, Any]:
    """All land but Antarctica as a GeoJSON geometry, longitudes and latitudes in degrees.

    Raises:
        InputError: the table is missing or damaged.
    """
    try:
        with TABLE.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        polygons: dict[str, list[list[list[float]]]] = {}
        for row in rows:
            numbers = [int(text) / 10 for text in row["tenths_of_degrees"].split()]
            ring = [list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
            polygons.setdefault(row["polygon"], []).append(ring)
    except (OSError, KeyError, ValueError):
        raise InputError(
            "the table viz/coastline.csv is missing or damaged; install the program again"
        ) from None
    return {"type": "MultiPolygon", "coordinates": list(polygons.values())}


def compiled(topology: dict[str, Any]) -> str:
    """The table of a TopoJSON file with an object ``land``, as CSV; coordinates in tenths.

    Raises:
        InputError: it has no such object.
    """
    try:
        arcs = _arcs(topology)
        shapes = topology["objects"]["land"]
        shapes = shapes.get("geometries", [shapes])
        polygons = [polygon for shape in shapes for polygon in shape["arcs"]]
    except (KeyError, TypeError):
        raise InputError("the file is no TopoJSON with an object 'land'") from None
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["polygon", "tenths_of_degrees"])
    number = 0
    for polygon in polygons:
        rings = [_tenths(_joined(ring, arcs)) for ring in polygon]
        if max(y for _, y in rings[0]) < 10 * SOUTHERNMOST:
            continue
        number += 1
        for ring in rings:
            if len(ring) > 3:
                writer.writerow([number, " ".join(f"{x} {y}" for x, y in ring)])
    return text.getvalue()


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    """Every arc with its steps added up and put into degrees."""
    wide, high = topology["transform"]["scale"]
    left, low = topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((left + x * wide, low + y * high))
        found.append(points)
    return found


def _joined(ring: list[int], arcs: list[Ring]) -> Ring:
    """The arcs of a ring one after the other; a negative number is an arc walked backwards."""
    points: Ring = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _tenths(ring: Ring) -> list[tuple[int, int]]:
    """A ring in whole tenths of degrees, neighbours that fall together taken once."""
    points = [(round(10 * x), round(10 * y)) for x, y in ring]
    return [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]


def main(arguments: list[str]) -> int:
    """Make the table from a file; 0, or 2 with one sentence."""
    if len(arguments) != 1:
        print("usage: python -m viz.charts.maps.coastline LAND-110M.JSON", file=sys.stderr)
        return 2
    try:
        text = compiled(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    except (OSError, ValueError, InputError) as error:
        print(f"coastline: {arguments[0]}: {error}", file=sys.stderr)
        return 2
    write_together({TABLE: text.encode()})
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
