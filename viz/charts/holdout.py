"""Held-out years: forecast and observed, and the skill."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..language.spoken import say
from ..text.labels import state_name
from ..text.number_text import joined
from .skill_charts import COLOURS
from .style.layout import drawn, finish, spread, titled
from .style.theme import INK, QUIET, state_colour, tint

SOURCE = "Source: UN reports; forecasts of this model scored by 'peacekeeping validate'."
SHADE = "#fbf3d5"  # behind the years that were held out
COLUMNS = 2
PANEL, SKILL = (360, 190), (600, 240)  # width and height in pixels
LABEL_GAP = 15  # pixels from one label to the next


def held_out(
    forecast: pd.DataFrame, recorded: pd.DataFrame, states: Sequence[str], *, origin: str
) -> alt.VConcatChart:
    """Draw yearly people in UN missions: recorded throughout, forecast in the years held out.

    `forecast`: state, year, low, median, high (80% band) and observed of the simulation;
    `recorded`: state, year, people before; `origin`: the last month that the forecast knew.
    """
    ahead = forecast[forecast["state"].isin(states)]
    first = int(ahead["year"].min())
    before = recorded[recorded["state"].isin(states) & (recorded["year"] < first)]
    table = pd.concat(
        [
            before[["state", "year"]].assign(observed=before["people"]),
            ahead[["state", "year", "observed", "low", "median", "high"]],
        ],
        ignore_index=True,
    ).sort_values(["state", "year"], ignore_index=True)
    last = int(table["year"].max())
    panels = [_panel(state, table, first, last) for state in states]
    plot = alt.concat(*panels, columns=COLUMNS, spacing={"row": 24, "column": 26})
    inside = ahead["observed"].between(ahead["low"], ahead["high"]).mean()
    *others, last_name = map(state_name, states)
    names = joined([say(", ").join(others), last_name]) if others else last_name
    return finish(
        [plot],
        table,
        title=say(
            "{states}: {share:.0f}% of the held-out years fell within the band",
            states=names,
            share=100 * inside,
        ),
        subtitle=[
            say(
                "Yearly mean of personnel in UN missions. Black: observed. Coloured: forecast, "
                "median and middle 80% of the runs. Shaded: held out, nothing after {origin} was "
                "known.",
                origin=origin,
            )
        ],
        source=SOURCE,
        width=COLUMNS * (PANEL[0] + 60),
    )


def _panel(state: str, table: pd.DataFrame, first: int, last: int) -> Any:
    """One state."""
    own = table[table["state"] == state]
    years = [int(own["year"].min()), last]
    scale = alt.Scale(domain=[years[0] - 0.5, last + 0.5], nice=False)
    ticks = [year for year in range(years[0], last + 1) if year % 5 == 0]
    x = alt.X("year:Q", scale=scale, title=None, axis=alt.Axis(values=ticks, format="d"))
    base = drawn().transform_filter(alt.datum.state == state)
    shade = pd.DataFrame({"year": [first - 0.5], "end": [last + 0.5], "text": [say("held out")]})
    behind = alt.Chart(shade)
    colour = state_colour(state)
    ahead = base.transform_filter(f"isValid(datum.median) && datum.year >= {first}")
    tips = [
        alt.Tooltip("year:Q", title=titled("year")),
        alt.Tooltip("observed:Q", format=",.0f", title=say("observed")),
    ]
    told = [
        *tips,
        alt.Tooltip("median:Q", format=",.0f", title=titled("median")),
        alt.Tooltip("low:Q", format=",.0f", title=say("{share} band from", share="80%")),
        alt.Tooltip("high:Q", format=",.0f", title=say("{share} band to", share="80%")),
    ]
    marks = [
        behind.mark_rect(color=SHADE).encode(x=x, x2="end:Q"),
        behind.mark_text(align="left", baseline="bottom", dy=-3, fontSize=11, color=QUIET).encode(
            x=x, y=alt.value(0), text="text:N"
        ),
        ahead.mark_bar(width=14, color=tint(colour, 0.35)).encode(
            x=x,
            y=alt.Y("low:Q", title=None, axis=alt.Axis(minExtent=44)),
            y2="high:Q",
            tooltip=told,
        ),
        ahead.mark_tick(color=colour, orient="horizontal", thickness=3, size=14).encode(
            x=x, y="median:Q", tooltip=told
        ),
        base.mark_line(
            color=INK, strokeWidth=1.6, point=alt.OverlayMarkDef(color=INK, size=22)
        ).encode(x=x, y=alt.Y("observed:Q", title=None, axis=alt.Axis(minExtent=44)), tooltip=tips),
    ]
    title = alt.Title(
        say("{name}, personnel", name=state_name(state)),
        fontSize=14,
        frame="bounds",
        anchor="start",
        offset=8,
    )
    return alt.layer(*marks, width=PANEL[0], height=PANEL[1], title=title)


def skill_by_horizon(skill: pd.DataFrame) -> alt.VConcatChart:
    """Draw the error of every forecaster by years ahead; lower is better.

    `skill`: group ('2 years ahead'), forecaster, crps.
    """
    rows = skill[skill["group"].str.fullmatch(r"\d+ years? ahead")].copy()
    rows["ahead"] = rows["group"].str.extract(r"(\d+)").astype(int)
    table = rows[["forecaster", "ahead", "crps"]].reset_index(drop=True)
    last = table["ahead"].max()
    shown = [name for name in COLOURS if (table["forecaster"] == name).any()]
    colour = alt.Color(
        "forecaster:N",
        scale=alt.Scale(
            domain=[say(name) for name in shown], range=[COLOURS[name] for name in shown]
        ),
        legend=None,
    )
    x = alt.X(
        "ahead:O",
        title=say("years ahead"),
        axis=alt.Axis(labelAngle=0),
        scale=alt.Scale(padding=0.2),
    )
    table["forecaster"] = table["forecaster"].map(say)
    ends = table[table["ahead"] == last]
    most = 1.05 * float(table["crps"].max())
    scale = alt.Scale(domain=[0.0, most], nice=False)
    lines = (
        drawn()
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y("crps:Q", title=None, scale=scale),
            color=colour,
            tooltip=[
                alt.Tooltip("forecaster:N", title=titled("forecaster")),
                alt.Tooltip("ahead:O", title=titled("years ahead")),
                alt.Tooltip("crps:Q", format=".3f"),
            ],
        )
    )
    places = spread(ends["crps"].tolist(), LABEL_GAP * most / SKILL[1], 0.0, most)
    labels = (
        alt.Chart(ends.assign(place=places))
        .mark_text(align="left", baseline="middle", dx=10, fontSize=12)
        .encode(x=x, y=alt.Y("place:Q", scale=scale), text="forecaster:N", color=colour)
    )
    return finish(
        [alt.layer(lines, labels, width=SKILL[0], height=SKILL[1])],
        table,
        title=say("Error by years ahead, compared with simple forecasts"),
        subtitle=[
            say(
                "Continuous ranked probability score of log(1 + people), all states; lower is "
                "better."
            )
        ],
        source=SOURCE,
        width=SKILL[0] + 190,
    )
