"""The sites of a mission on a small map: the one asked about, what the survey found there, and the
one where people were sent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ...text import wording
from ...text.labels import mission_name
from ..style.layout import BEHIND, SOURCE, finish, titled
from ..style.theme import GRID, INK, PAPER, QUIET, state_colour
from .coastline import land
from .world_map import GROUND, SEA

ROOM = 2.5  # degrees around the sites, at least
SHAPE = 0.62  # of the map, height to width


def site_table(
    sites: Sequence[Mapping[str, str]], mission: str, row: Mapping[Any, Any]
) -> pd.DataFrame:
    """Columns site, name, latitude, longitude, what: ``asked``, ``sent`` or ``other``."""
    table = pd.DataFrame(
        [
            {
                "site": one["id"],
                "name": one["name"],
                "latitude": float(one["latitude"]),
                "longitude": float(one["longitude"]),
            }
            for one in sites
            if mission in one["missions"].split(";") and one["latitude"] and one["longitude"]
        ],
        columns=["site", "name", "latitude", "longitude"],
    )
    sent = row["offered_site"] if float(row["offered"]) > 0 else ""
    found = {str(row["site"]): "asked"} | ({str(sent): "sent"} if sent else {})
    table["what"] = table["site"].map(found).fillna("other") if len(table) else []
    return table


def site_map(
    sites: Sequence[Mapping[str, str]],
    mission: str,
    row: Mapping[Any, Any],
    state: str,
    *,
    width: int = 430,
) -> alt.VConcatChart | None:
    """Draw the sites of a mission, or nothing where the place asked about is not known."""
    table = site_table(sites, mission, row)
    if not (table["what"] == "asked").any() and not (table["what"] == "sent").any():
        return None
    table["label"] = [
        one["name"]
        + (f" – {wording.SITE_FINDING.format(finding=float(row['finding']))}" if asked else "")
        + (f" – {wording.SITE_SENT}" if one["what"] == "sent" else "")
        for one in table.to_dict("records")
        for asked in [one["site"] == str(row["site"])]
    ]
    middle_x = (table["longitude"].max() + table["longitude"].min()) / 2
    middle_y = (table["latitude"].max() + table["latitude"].min()) / 2
    wide = max(
        table["longitude"].max() - table["longitude"].min() + 4 * ROOM,
        (table["latitude"].max() - table["latitude"].min() + 2 * ROOM) / SHAPE,
    )
    zoom, height = width / math.radians(wide), round(width * SHAPE)
    frame = alt.Projection(
        type="equirectangular",
        scale=zoom,
        translate=[
            width / 2 - zoom * math.radians(middle_x),
            height / 2 + zoom * math.radians(middle_y),
        ],
        clipExtent=[[0, 0], [width, height]],
    )
    base = alt.Chart(alt.NamedData(name=BEHIND))
    colours = alt.Scale(domain=["asked", "sent", "other"], range=[INK, state_colour(state), QUIET])
    place = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    layers: list[Any] = [
        alt.Chart(alt.Data(values=land())).mark_geoshape(fill=GROUND, stroke=PAPER),
        alt.Chart(alt.graticule(step=[5, 5])).mark_geoshape(filled=False, stroke=GRID),
        base.mark_circle(opacity=1, stroke=PAPER).encode(
            **place,
            color=alt.Color("what:N", scale=colours, legend=None),
            size=alt.condition("datum.what == 'other'", alt.value(40), alt.value(130)),
            tooltip=[alt.Tooltip("name:N", title=titled("name"))],
        ),
    ]
    for halo in (True, False):
        text = base.mark_text(
            align="left",
            dx=9,
            fontSize=11.5,
            stroke=PAPER if halo else None,
            strokeWidth=3,
            strokeJoin="round",
        )
        ink = alt.value(PAPER) if halo else alt.Color("what:N", scale=colours, legend=None)
        layers.append(text.encode(**place, text="label:N", color=ink))
    plot = (
        alt.layer(*layers)
        .resolve_scale(color="independent")
        .project(**frame.to_dict())
        .properties(width=width, height=height, view=alt.ViewConfig(fill=SEA, stroke=None))
    )
    return finish(
        [plot],
        table,
        title=wording.SITES_OF.format(mission=mission_name(mission)),
        subtitle=[wording.SITES_HELP],
        source=SOURCE,
        width=width,
        indent=0,
    )
