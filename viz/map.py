"""The world at one month: missions as discs sized by people, lines from the states' capitals.

Plate carrée, so that labels can be placed here without knowing the drawing's projection code.
No coastline is shipped; pass public-domain land as GeoJSON or TopoJSON and it is drawn beneath.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.errors import InputError

from .bands import run_count
from .fan_table import one_scenario
from .map_labels import map_labels
from .palette import GRID, INK, PAPER, state_colour, state_name
from .sheet import BEHIND, SOURCE, finish

LATITUDES = (-42.0, 66.0)  # degrees shown; every host and capital of a contributor lies inside
SMALLEST, LARGEST = 14, 900  # areas of the discs in square pixels; one person is still seen


def contribution_map(
    people: pd.DataFrame,
    places: pd.DataFrame,
    capitals: pd.DataFrame,
    month: str,
    states: Sequence[str] = ("JPN", "KOR"),
    *,
    land: dict[str, Any] | None = None,
    scenario: str | None = None,
    runs: int | None = None,
    title: str | None = None,
    source: str = SOURCE,
    width: int = 1100,
) -> alt.VConcatChart:
    """Draw who is where at `month`, as the mean over runs (or as recorded, for a single run).

    `people`: personnel by state and mission in the long form; `places`: mission, latitude,
    longitude; `capitals`: iso3, capital_lat, capital_lon; `land`: a GeoJSON object, or a
    TopoJSON one with an object 'land' or 'countries'. Unplaced missions are refused.
    """
    scenario = one_scenario(people, scenario)
    table = map_table(people, places, capitals, month, states, scenario, runs)
    height = int(width * (LATITUDES[1] - LATITUDES[0]) / 360)
    zoom = width / (2 * math.pi)
    frame = alt.Projection(
        type="equirectangular",
        scale=zoom,
        translate=[width / 2, zoom * math.radians(LATITUDES[1])],
        clipExtent=[[0, 0], [width, height]],
    )
    layers: list[Any] = [
        alt.Chart(alt.graticule(step=[30, 30])).mark_geoshape(filled=False, stroke=GRID)
    ]
    if land is not None:
        layers.insert(0, alt.Chart(_land(land)).mark_geoshape(fill="#eceff1", stroke=PAPER))
    ways = alt.Chart(alt.NamedData(name=BEHIND)).mark_rule(strokeWidth=1.3, opacity=0.5)
    layers.append(
        ways.encode(
            longitude="capital_lon:Q",
            latitude="capital_lat:Q",
            longitude2="longitude:Q",
            latitude2="latitude:Q",
            color=alt.Color(
                "state:N",
                scale=alt.Scale(domain=list(states), range=[state_colour(s) for s in states]),
                legend=None,
            ),
        )
    )
    most = max(100.0, float(table.groupby("mission")["people"].sum().max()))
    size = alt.Size(
        "people:Q",
        scale=alt.Scale(type="linear", domain=[0, most], range=[SMALLEST, LARGEST]),
        legend=None,
    )
    discs = alt.Chart(alt.NamedData(name=BEHIND)).transform_aggregate(
        people="sum(people)", groupby=["mission", "latitude", "longitude"]
    )
    layers.append(
        discs.mark_circle(color=INK, opacity=0.75, stroke=PAPER).encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=size,
            tooltip=["mission:N", alt.Tooltip("people:Q", format=",.0f")],
        )
    )
    labels = map_labels(table, zoom, LARGEST / most)
    for halo in (True, False):  # paper around the letters keeps them legible over lines
        text = alt.Chart(labels).mark_text(
            align="left", fontSize=12, stroke=PAPER if halo else None, strokeWidth=3
        )
        colour = alt.value(PAPER) if halo else alt.Color("colour:N", scale=None)
        layers.append(text.encode(longitude="lon:Q", latitude="lat:Q", text="text:N", color=colour))
    chart = (
        alt.layer(*layers)
        .resolve_scale(color="independent")
        .project(**frame.to_dict())
        .properties(width=width, height=height)
    )
    counts = [
        f"{state_name(s)} {table.loc[table['state'] == s, 'people'].sum():,.0f}" for s in states
    ]
    how = "mean over runs" if table["runs"].iloc[0] > 1 else "one run"
    return finish(
        [chart],
        table,
        title=title or f"Who was where in {pd.Timestamp(month):%B %Y}: {', '.join(counts)} people",
        subtitle=[
            f"Scenario: {scenario}. {table['runs'].iloc[0]:,} runs, {how}.",
            "Discs: people of these states in a mission, by area. Lines join capital and mission; "
            "they are not routes.",
        ],
        source=source,
        width=width,
        indent=0,
    )


def map_table(
    people: pd.DataFrame,
    places: pd.DataFrame,
    capitals: pd.DataFrame,
    month: str,
    states: Sequence[str],
    scenario: str,
    runs: int | None = None,
) -> pd.DataFrame:
    """Return state, mission, people (mean over runs) and both ends' coordinates at `month`."""
    own = people[people["scenario"] == scenario] if "scenario" in people.columns else people
    count = runs or max(1, run_count(own))
    here = own[(own["month"] == month) & own["state"].isin(states) & (own["mission"] != "all")]
    here = here[(here["kind"] != "all") & (here["value"] > 0)]
    if "variable" in here.columns:
        here = here[here["variable"] == "personnel"]
    if here.empty:
        raise InputError(f"Nobody of {', '.join(states)} is in any mission in {month}.")
    sums = here.groupby(["state", "mission"], observed=True)["value"].sum() / count
    table = sums.rename("people").reset_index()
    table = table.merge(places[["mission", "latitude", "longitude"]], "left", "mission")
    ends = capitals[["iso3", "capital_lat", "capital_lon"]].drop_duplicates("iso3")
    table = table.merge(ends.rename(columns={"iso3": "state"}), "left", "state")
    for column, what in (("latitude", "mission"), ("capital_lat", "state")):
        lost = sorted(table.loc[table[column].isna(), what].unique())
        if lost:
            raise InputError(f"No place on the map for {what} {', '.join(lost)}; add coordinates.")
    return table.assign(scenario=scenario, month=month, runs=count)


def _land(land: dict[str, Any]) -> alt.InlineData:
    """Return inlined land, so that nothing is fetched while drawing."""
    if land.get("type") != "Topology":
        return alt.InlineData(values=land.get("features", land))
    name = next((n for n in ("land", "countries") if n in land.get("objects", {})), None)
    if name is None:
        raise InputError("The land's TopoJSON has neither an object 'land' nor 'countries'.")
    return alt.InlineData(values=land, format=alt.TopoDataFormat(type="topojson", feature=name))
