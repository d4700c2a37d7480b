"""Who was where: one row per mission, observed above simulated.

The record is a bar of ink; below it, the state's colour grows stronger with the share of runs in
which the state is present that month. Missions stand in the order of entry.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import STUDIED

from ..language.spoken import say
from ..text.labels import mission_name, scenario_name, state_name
from ..text.number_text import joined, percent
from .fans.fan_data import one_scenario
from .fans.quantile_bands import frame_of, run_count
from .style.chart_spec import Drawing, charted
from .style.layout import date, drawn, month_ticks, text_width, titled
from .style.theme import INK, QUIET, state_colour, tint
from .timeline_data import timeline_table

ROW = 26  # pixels per mission
SHADES = (0.2, 0.4, 0.6, 0.8, 1.0)


def timeline_drawing(
    missions: pd.DataFrame,
    record: pd.DataFrame | None,
    states: Sequence[str] = STUDIED,
    *,
    scenario: str | None = None,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
    at_least: float = 0.1,
    width: int = 880,
) -> Drawing:
    """Draw the presence of `states` in missions, one panel per state, one row per mission.

    `missions`: run-level personnel by mission; `record`: recorded personnel in the same monthly
    form, or None. Rows are the missions recorded or present in at least `at_least` of the runs
    in some month. `runs`, `months`: the frame.
    """
    scenario = one_scenario(missions, scenario)
    own = missions[missions["scenario"] == scenario] if "scenario" in missions else missions
    months = months or frame_of(own)
    count = runs or run_count(own)
    table = timeline_table(own, record, states, None, None, count, months, at_least)
    if table.empty:
        raise InputError(f"No mission of {', '.join(states)} is in the tables for this choice.")
    table["label"] = [
        mission_name(m) + ("" if f == "un" else f" · {say(f)}")
        for m, f in zip(table["mission"], table["framework"], strict=True)
    ]
    margin = int(min(260, max(text_width(label) for label in table["label"]) + 8))
    shown = [state for state in states if (table["state"] == state).any()]
    orders = {
        state: tuple(dict.fromkeys(table.loc[table["state"] == state, "label"])) for state in shown
    }

    def plots() -> list[Any]:
        both = ((_key(s, width), _rows(s, orders[s], months, width, margin)) for s in shown)
        return [plot for pair in both for plot in pair]

    seeds = ", ".join(str(s) for s in sorted(own["seed"].unique())) if "seed" in own else ""
    return Drawing(
        look=("timeline", tuple(orders.items()), months, width, margin),
        plots=plots,
        table=table.assign(scenario=scenario, runs=count, seeds=seeds),
        datasets={},
        title=say(
            "{states}: in which missions, when, and in how many runs",
            states=joined(map(state_name, shown)),
        ),
        subtitle=[
            say(
                "Scenario: {scenario}. {runs:,} runs, seed {seed}, {start} to {end}. Numbers: most "
                "personnel observed at once."
                if seeds
                else "Scenario: {scenario}. {runs:,} runs, {start} to {end}. Numbers: most "
                "personnel observed at once.",
                scenario=scenario_name(scenario),
                runs=count,
                seed=seeds,
                start=months[0],
                end=months[1],
            ),
            say(
                "Missions in order of entry; left out without observed personnel and in fewer than "
                "{share} of runs ever send anyone.",
                share=percent(at_least),
            ),
        ],
        width=width + margin + 60,
        indent=margin + 5,
        spacing=6,
    )


mission_timeline = charted(timeline_drawing)


def _rows(
    state: str, order: Sequence[str], months: tuple[str, str], width: int, margin: int
) -> alt.LayerChart | alt.FacetChart:
    """Draw one state's missions: observed in ink above the shares of runs."""
    end = month_text(month_number(months[1]) + 1)
    scale = alt.Scale(type="utc", domain=[date(months[0]), date(end)])
    values, form = month_ticks(*months, 9)
    axis = alt.Axis(values=values, format=form, grid=True, title=say("month"))
    x = alt.X("from_date:T", scale=scale, axis=axis)
    y = alt.Y(
        "label:N",
        sort=list(order),
        title=None,
        scale=alt.Scale(paddingInner=0, paddingOuter=0),
        axis=alt.Axis(labelLimit=margin, minExtent=margin, labelColor=INK, labelPadding=8),
    )
    spoken = "datum.mission + ', ' + datum.what + ', ' + datum['from'] + ' to ' + datum.to"
    base = drawn("from", "to").transform_filter(alt.datum.state == state)
    base = base.transform_calculate(spoken=spoken)  # read aloud; a date would be in local time
    colours = alt.Color(
        "share:Q",
        scale=alt.Scale(domain=[0, 1], range=["#ffffff", state_colour(state)], interpolate="rgb"),
        legend=None,
    )
    told = [
        alt.Tooltip(f"{column}:N", title=titled(column))
        for column in ("mission", "what", "from", "to", "share", "most")
    ]
    simulated = (
        base.transform_filter(alt.datum.what == "simulated")
        .mark_bar(height=7, yOffset=5)
        .encode(x=x, x2="to_date:T", y=y, color=colours, tooltip=told, description="spoken:N")
    )
    bars = base.transform_filter(alt.datum.what == "recorded")
    recorded = bars.mark_bar(height=7, yOffset=-4, color=INK).encode(
        x=x, x2="to_date:T", y=y, tooltip=told, description="spoken:N"
    )
    peaks = (
        bars.transform_aggregate(end="max(to_date)", people="max(most)", groupby=["label"])
        .mark_text(align="left", dx=5, dy=-4, fontSize=10.5, color=QUIET)
        .encode(
            x=alt.X("end:T", scale=scale),
            y=y,
            text=alt.Text("people:Q", format=",d"),
            description="people:Q",
        )
    )
    chart = alt.layer(simulated, recorded, peaks)
    return chart.properties(width=width, height=ROW * len(order))


def _key(state: str, width: int) -> alt.LayerChart | alt.FacetChart:
    """Draw the line above a panel: the state's name, the ink of observed personnel, five shades of
    share."""
    boxes = pd.DataFrame({"x": [width - 250 + 34 * i for i in range(len(SHADES))]})
    boxes["end"], boxes["share"] = boxes["x"] + 34, [percent(s) for s in SHADES]
    boxes["colour"] = [tint(state_colour(state), s) for s in SHADES]
    scale = alt.Scale(domain=[0, width])
    x = alt.X("x:Q", scale=scale, axis=None)
    shades = (
        alt.Chart(boxes)
        .mark_bar(height=9)
        .encode(x=x, x2="end:Q", y=alt.value(20), color=alt.Color("colour:N", scale=None))
    )
    marks = alt.Chart(boxes).mark_text(fontSize=10.5, color=QUIET, dx=17)
    words = pd.DataFrame(
        {"x": [width - 256, width - 405], "text": [say("share of runs present"), say("observed")]}
    )
    text = alt.Chart(words).mark_text(align="right", fontSize=12, color=INK)
    ink = pd.DataFrame({"x": [width - 490], "end": [width - 462]})
    name = pd.DataFrame({"x": [0], "text": [state_name(state)]})
    return alt.layer(
        shades,
        marks.encode(x=x, y=alt.value(8), text="share:N"),
        text.encode(x=x, y=alt.value(20), text="text:N"),
        alt.Chart(ink).mark_bar(height=7, color=INK).encode(x=x, x2="end:Q", y=alt.value(20)),
        alt.Chart(name)
        .mark_text(align="left", fontSize=15, fontWeight="bold", color=state_colour(state))
        .encode(x=x, y=alt.value(19), text="text:N"),
    ).properties(width=width, height=28)
