"""Where runs diverge, drawn: the missions, how many people they move, how often, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from model.errors import InputError
from scenarios.running import confidence

from ..language.spoken import say
from ..text.divergence_text import because, change, foremost, framework_of, titles
from ..text.labels import scenario_name, state_name
from ..text.number_text import often
from .fans.comparison_fans import chosen
from .style.layout import drawn, finish, wrap
from .style.theme import INK, QUIET, state_colour, tint

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison

MISSIONS = 10
ROW = 58  # pixels for each mission
WORDS = 500  # pixels for what changed and why
SOURCE = "Source: paired simulation runs; common random numbers in each pair of runs."


def divergences_chart(comparison: Comparison, other: str | None = None) -> alt.VConcatChart:
    """Draw the missions in which the answers of two scenarios diverge, largest effect first.

    Raises:
        InputError: an unknown scenario; no answer differs.
    """
    other = chosen(comparison, other)
    table = divergence_table(comparison, other, MISSIONS)
    if table.empty:
        raise InputError(f"every answer in {other} is that of {comparison.base}, in every run.")
    order = list(table["label"])
    height = ROW * len(table)
    y = alt.Y("label:N", sort=order, title=None, axis=None)
    names = (
        drawn()
        .mark_text(align="left", fontSize=13, fontWeight="bold", color=INK, dy=-8)
        .encode(x=alt.value(0), y=y, text="mission:N")
    )
    states = (
        drawn()
        .mark_text(align="left", fontSize=11.5, dy=9, lineBreak="\n")
        .encode(x=alt.value(0), y=y, text="where:N", color=alt.Color("colour:N", scale=None))
    )
    left = alt.layer(names, states).properties(width=150, height=height)
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=INK).encode(x="zero:Q")
    x = alt.X(
        "people:Q",
        title=None,
        axis=alt.Axis(
            format="+,~r", tickCount=4, grid=True, domain=False, ticks=False,
            labelExpr="datum.value == 0 ? '0' : format(datum.value, '+,~r')",
        ),
    )  # fmt: skip
    spans = (
        drawn()
        .mark_rule(strokeWidth=7, opacity=0.35)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=alt.Color("colour:N", scale=None))
    )
    means = (
        drawn()
        .mark_point(size=75, filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("colour:N", scale=None),
            tooltip=["mission:N", alt.Tooltip("people:Q", format="+,.2f"), "change:N", "why:N"],
        )
    )
    effect = _headed(
        alt.layer(zero, spans, means).properties(width=210, height=height),
        say("Personnel, average month"),
    )
    bars = (
        drawn()
        .mark_bar(height=14)
        .encode(
            x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
            y=y,
            color=alt.Color("pale:N", scale=None),
        )
    )
    shares = (
        drawn()
        .mark_text(align="left", dx=4, fontSize=12, color=INK)
        .encode(x="share:Q", y=y, text="often:N")
    )
    often = _headed(
        alt.layer(bars, shares).properties(width=95, height=height), say("Share of runs")
    )
    text: Any = {"align": "left", "fontSize": 12, "lineBreak": "\n", "baseline": "middle"}
    said = drawn().mark_text(**text, color=INK, dy=-1).encode(x=alt.value(0), y=y, text="words:N")
    words = _headed(
        said.properties(width=WORDS, height=height), say("Usual change of answer, and what made it")
    )
    frame = comparison.manifest["frame"]
    return finish(
        [alt.hconcat(left, effect, often, words, spacing=22)],
        table,
        title=say(
            "Where {other} diverges from {base}, and why",
            other=scenario_name(other),
            base=scenario_name(comparison.base),
        ),
        subtitle=[
            say(
                "{runs:,} paired runs, seed {seed}, {start} to {end}. Dot: mean change of people "
                "there in an average month, successors of the mission included;",
                runs=comparison.manifest["traced"],
                seed=comparison.manifest["seed"],
                start=frame["start"],
                end=frame["end"],
            ),
            say("bar: its 95% interval."),
        ],
        source=SOURCE,
        width=150 + 210 + 95 + WORDS + 80,
        indent=0,
    )


def _headed(chart: Any, text: str) -> Any:
    title = alt.Title(text, fontSize=12, fontWeight="normal", color=QUIET, anchor="start", offset=6)
    return chart.properties(title=title)


def divergence_table(comparison: Comparison, other: str, most: int = MISSIONS) -> pd.DataFrame:
    """Return what the figure draws, one row for each state, mission and group of frameworks."""
    own = foremost(comparison, other, most)
    laws = titles(comparison, other)
    rows = []
    for row in own.to_dict("records"):
        low, high = confidence.ends(row["people"], row["people_error"])
        changed, why = change(row), because(row, laws)
        where = say(
            "{state}, mostly {month}",
            state=state_name(row["state"]),
            month=row["usual_month"],
        )
        lines = [*wrap(changed, WORDS, 12)[:2], *wrap(why, WORDS, 12)]
        rows.append(
            {
                "label": f"{row['mission']} {row['state']} {row['framework']}",
                "mission": row["mission"],
                "state": row["state"],
                "where": "\n".join(filter(None, (framework_of(row), where))),
                "share": row["share"],
                "often": often(row["share"], comparison.manifest["traced"]),
                "people": row["people"],
                "low": low,
                "high": high,
                "change": changed,
                "why": why,
                "words": "\n".join(lines[:4]),
                "colour": state_colour(row["state"]),
                "pale": tint(state_colour(row["state"]), 0.45),
            }
        )
    return pd.DataFrame(rows)
