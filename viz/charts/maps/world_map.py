"""The world at one month: missions as discs sized by people, lines from the states' capitals.

Plate carrée, so that labels can be placed here without knowing the drawing's projection code."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.errors import InputError
from model.vocabulary import STUDIED

from ...language.spoken import month_in_full, say
from ...text.labels import scenario_name, state_name
from ..fans.fan_data import one_scenario
from ..fans.quantile_bands import run_count
from ..style.chart_spec import Drawing
from ..style.layout import BEHIND, STEADY, rows_of, titled
from ..style.theme import GRID, INK, PAPER, state_colour
from .coastline import land
from .map_labels import map_labels

LATITUDES = (-42.0, 66.0)  # degrees shown; every host and capital of a contributor lies inside
LONGITUDES = (-105.0, 180.0)  # the Pacific east of the date line has neither
SMALLEST, LARGEST = 14, 900  # areas of the discs in square pixels; one person is still seen
LEAST = 100.0  # people of the largest disc, at least
SEVERAL = "several"  # states in one mission
LABELS, LAND = "labels", f"{STEADY}land"
GROUND, SEA = "#e3e7ea", "#f7f9fb"


def map_drawing(
    people: pd.DataFrame,
    places: pd.DataFrame,
    capitals: pd.DataFrame,
    month: str,
    states: Sequence[str] = STUDIED,
    *,
    most: float | None = None,
    scenario: str | None = None,
    runs: int | None = None,
    width: int = 1100,
) -> Drawing:
    """Draw who is where at `month`, as the mean over runs (or as recorded, for a single run).

    `people`: personnel by state and mission in the long form; `places`: mission, latitude,
    longitude; `capitals`: iso3, capital_lat, capital_lon; `most`: people of the largest disc, by
    default those of the fullest mission. Unplaced missions are refused.
    """
    scenario = one_scenario(people, scenario)
    table = map_table(people, places, capitals, month, states, scenario, runs)
    largest = max(LEAST, most or float(table.groupby("mission")["people"].sum().max()))
    zoom = width / math.radians(LONGITUDES[1] - LONGITUDES[0])
    labels, without = map_labels(table, zoom, LARGEST / largest)
    unnamed = ""
    if without:
        unnamed = say(" Without room for a name: {missions}.", missions=say(", ").join(without))
    counts = [
        f"{state_name(s)} {table.loc[table['state'] == s, 'people'].sum():,.0f}" for s in states
    ]
    count = int(table["runs"].iloc[0])
    how = say("{runs:,} runs, mean over them", runs=count) if count > 1 else say("One run")
    return Drawing(
        look=("map", tuple(states), largest, width),
        plots=lambda: [_plot(states, largest, zoom, width)],
        table=table,
        datasets={LABELS: rows_of(labels), LAND: land()},
        title=say(
            "Who was where in {month}: {counts} personnel",
            month=month_in_full(month),
            counts=say(", ").join(counts),
        ),
        subtitle=[
            say("Scenario: {scenario}. {how}.", scenario=scenario_name(scenario), how=how),
            say(
                "Discs: personnel of these states in a mission, by area; dark where there are "
                "several states. Lines join capital and mission; they are not routes."
            )
            + unnamed,
        ],
        width=width,
        indent=0,
    )


def _plot(states: Sequence[str], largest: float, zoom: float, width: int) -> Any:
    """Land, lines, discs and labels."""
    height = round(width * (LATITUDES[1] - LATITUDES[0]) / (LONGITUDES[1] - LONGITUDES[0]))
    frame = alt.Projection(
        type="equirectangular",
        scale=zoom,
        translate=[-zoom * math.radians(LONGITUDES[0]), zoom * math.radians(LATITUDES[1])],
        clipExtent=[[0, 0], [width, height]],
    )
    colour = alt.Color(
        "who:N",
        scale=alt.Scale(domain=[*states, SEVERAL], range=[*map(state_colour, states), INK]),
        legend=None,
    )
    ground = alt.Chart(alt.NamedData(name=LAND))
    ways = alt.Chart(alt.NamedData(name=BEHIND)).transform_calculate(who="datum.state")
    discs = (
        alt.Chart(alt.NamedData(name=BEHIND))
        .transform_aggregate(
            people="sum(people)",
            states="count()",
            state="min(state)",
            groupby=["mission", "latitude", "longitude"],
        )
        .transform_calculate(who=f"datum.states > 1 ? '{SEVERAL}' : datum.state")
    )
    layers: list[Any] = [
        ground.mark_geoshape(fill=GROUND, stroke=PAPER, strokeWidth=0.5),
        alt.Chart(alt.graticule(step=[30, 30])).mark_geoshape(filled=False, stroke=GRID),
        ways.mark_rule(strokeWidth=1.5, opacity=0.55).encode(
            longitude="capital_lon:Q",
            latitude="capital_lat:Q",
            longitude2="longitude:Q",
            latitude2="latitude:Q",
            color=colour,
        ),
        discs.mark_circle(opacity=0.85, stroke=PAPER).encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            color=colour,
            size=alt.Size(
                "people:Q",
                scale=alt.Scale(type="linear", domain=[0, largest], range=[SMALLEST, LARGEST]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("mission:N", title=titled("mission")),
                alt.Tooltip("people:Q", format=",.0f", title=titled("people")),
            ],
        ),
    ]
    layers.append(
        alt.Chart(alt.NamedData(name=LABELS))
        .transform_filter("isValid(datum.tip_lon)")
        .mark_rule(strokeWidth=0.8, color=INK)
        .encode(
            longitude="tip_lon:Q",
            latitude="tip_lat:Q",
            longitude2="end_lon:Q",
            latitude2="end_lat:Q",
        )
    )
    for halo in (True, False):  # paper around the letters keeps them legible over lines
        text = alt.Chart(alt.NamedData(name=LABELS)).mark_text(
            align="left",
            fontSize=12,
            stroke=PAPER if halo else None,
            strokeWidth=3,
            strokeJoin="round",
        )
        ink = alt.value(PAPER) if halo else alt.Color("colour:N", scale=None)
        layers.append(text.encode(longitude="lon:Q", latitude="lat:Q", text="text:N", color=ink))
    return (
        alt.layer(*layers)
        .resolve_scale(color="independent")
        .project(**frame.to_dict())
        .properties(width=width, height=height, view=alt.ViewConfig(fill=SEA, stroke=None))
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
        raise InputError(f"{', '.join(states)}: no personnel in any mission in {month}.")
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
