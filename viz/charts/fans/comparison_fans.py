"""Differences between scenarios, drawn: both levels, and next to them the paired difference.

One row for each state and framework in which anything differs: on the left the yearly averages of
both scenarios, on the right the paired difference, with the missions where runs diverge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from model.errors import InputError

from ...language.spoken import say
from ...text.answer_text import largest
from ...text.comparison_text import headline
from ...text.labels import framework_name, scenario_name, state_name
from ...text.number_text import percent, signed, span
from ..style.layout import axis_steps, drawn, finish, titled
from ..style.theme import INK, PAPER, state_colour, tint
from .fan_legend import LINE, SQUARE, key_of
from .fan_panel import ROW, event_marks, event_rows

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison

ROWS = 4  # more below each other than this cannot be read
SLIGHT = 0.1  # of the largest yearly effect; smaller ones are not drawn
LABELS = 4  # divergences named above a difference
OFTEN = 0.1  # share of runs from which a divergence is named
HEIGHT = 210  # pixels of each panel
KEY = 150  # pixels right of each panel
SOURCE = "Source: paired simulation runs; common random numbers in each pair of runs."
BASE_COLOUR = "#4a5560"


def difference_fans(
    comparison: Comparison,
    other: str | None = None,
    width: int = 380,
    only: tuple[str, str] | None = None,
) -> alt.VConcatChart:
    """Draw people by year in the base and another scenario, and the paired differences.

    `other`: the first scenario other than the base by default; `width`: pixels of each panel;
    `only`: draw one state and framework.
    States and frameworks without any difference, or with a negligible one, are left out.

    Raises:
        InputError: an unknown scenario; nothing differs.
    """
    other = chosen(comparison, other)
    table = difference_table(comparison, other, only)
    if table.empty:
        raise InputError(f"{other} sends as many people as {comparison.base} in every run.")
    wanted = table[["state", "framework"]].drop_duplicates()
    plots = [
        _row(table, row, comparison, other, width, last=number == len(wanted) - 1)
        for number, row in enumerate(wanted.to_dict("records"))
    ]
    first = wanted.iloc[0]
    frame = comparison.manifest["frame"]
    left_out = say(" Effects below a tenth of the largest are not drawn.")
    slight = only is None and len(_pairs(comparison, other)) > len(wanted)
    subtitle = [
        say(
            "{other} compared with {base}. {runs:,} paired runs, seed {seed}, {start} to {end}; "
            "averages by year.",
            other=scenario_name(other),
            base=scenario_name(comparison.base),
            runs=comparison.runs,
            seed=comparison.manifest["seed"],
            start=frame["start"],
            end=frame["end"],
        ),
        say(
            "Left: mean and middle 80% of the runs. Right: paired difference from the base; "
            "dashed: where most runs diverge."
        )
        + (left_out if slight else ""),
    ]
    return finish(
        plots,
        table,
        title=headline(comparison, other, str(first["state"]), str(first["framework"])),
        subtitle=subtitle,
        source=SOURCE,
        width=2 * (width + KEY) + 60,
        spacing=18,
    )


def _pairs(comparison: Comparison, other: str) -> pd.DataFrame:
    """States and frameworks in which the number of people differs in any run."""
    table = comparison.summary()
    own = table[(table["scenario"] == other) & (table["framework"] != "all")]
    return own[own["equal"] < 1]


def chosen(comparison: Comparison, other: str | None) -> str:
    """The scenario to compare with the base."""
    if other is None:
        return comparison.others[0]
    if other not in comparison.others:
        names = ", ".join(comparison.others)
        raise InputError(f"{other!r} is not compared with {comparison.base}; there is {names}")
    return other


def difference_table(
    comparison: Comparison, other: str, only: tuple[str, str] | None = None
) -> pd.DataFrame:
    """Return what the figure draws: by state, framework and year the `view` (base, other,
    difference) with mean and the middle 80 and 95% of the runs; the largest effects first."""

    def own(table: pd.DataFrame, scenario: str) -> pd.DataFrame:
        return table[
            (table["scenario"] == scenario)
            & (table["variable"] == "personnel")
            & (table["kind"] == "all")
            & table["year"].str.isdigit()
            & (table["framework"] != "all")
        ]

    columns = ["state", "framework", "year", "mean", "low80", "high80", "low95", "high95"]
    views = {
        "base": own(comparison.levels, comparison.base),
        "other": own(comparison.levels, other),
        "difference": own(comparison.differences, other),
    }
    moved = views["difference"]
    size = moved["mean"].abs().groupby([moved["state"], moved["framework"]]).max()
    ever = (moved["equal"] < 1).groupby([moved["state"], moved["framework"]]).any()
    ever &= size >= SLIGHT * size.max()
    order = size[ever].sort_values(ascending=False, kind="stable").index[:ROWS]
    pairs = [only] if only is not None else list(order)
    if only is None and (lead := largest(comparison, other)) is not None:
        first = (lead["state"], lead["framework"])  # what the title is about
        pairs = [first, *(pair for pair in pairs if pair != first)][:ROWS] if pairs else []
    frame = comparison.manifest["frame"]
    years = [str(y) for y in range(int(frame["start"][:4]), int(frame["end"][:4]) + 1)]
    parts = []
    for state, framework in pairs:
        for view, table in views.items():
            rows = table[(table["state"] == state) & (table["framework"] == framework)]
            rows = rows[columns].set_index("year").reindex(years)  # what is missing is zero
            rows[["state", "framework"]] = state, framework
            parts.append(rows.fillna(0.0).reset_index().assign(view=view))
    if not parts:
        return pd.DataFrame(columns=[*columns, "view"])
    table = pd.concat(parts, ignore_index=True)
    table["scenario"] = table["view"].map({"base": comparison.base}).fillna(other)
    table["middle"] = table["year"].astype(float) + 0.5
    return table


def _row(
    table: pd.DataFrame,
    row: Mapping[Any, Any],
    comparison: Comparison,
    other: str,
    width: int,
    *,
    last: bool,
) -> alt.HConcatChart:
    """Both panels of one state and framework."""
    state, framework = str(row["state"]), str(row["framework"])
    own = table[(table["state"] == state) & (table["framework"] == framework)]
    colour = state_colour(state)
    name = say(
        "{state}, personnel in {framework}",
        state=state_name(state),
        framework=framework_name(framework),
    )
    levels = own[own["view"] != "difference"]
    top = axis_steps(float(levels[["mean", "high80"]].max().max()), 4)
    left = [
        *_bands(own, "base", "#9aa5b1", top, ["80"], last),
        *_bands(own, "other", colour, top, ["80"], last),
        *_line(own, "other", colour, top, last),
        *_line(own, "base", BASE_COLOUR, top, last, dash=[5, 3]),
        _tips(own, "base", ["80"]),
        _tips(own, "other", ["80"]),
    ]
    ends = {
        view: float(own.loc[own["view"] == view, "mean"].iloc[-1]) for view in ("base", "other")
    }
    items = [
        (f"{scenario_name(comparison.base)}: {ends['base']:,.0f}", BASE_COLOUR, LINE, ends["base"]),
        (f"{scenario_name(other)}: {ends['other']:,.0f}", colour, LINE, ends["other"]),
    ]
    heading = say("In {year}", year=own["year"].max())
    left += key_of(items, heading, (top[0], top[-1]), width, HEIGHT)
    moved = own[own["view"] == "difference"]
    ticks = _around_zero(moved)
    right = [
        *_bands(own, "difference", colour, ticks, ["95", "80"], last),
        _zero(ticks),
        *_line(own, "difference", colour, ticks, last),
        _tips(own, "difference", ["80", "95"]),
    ]
    end = moved.iloc[-1].to_dict()
    items = [
        (say("Mean: {change}", change=signed(end["mean"])), colour, LINE, end["mean"]),
        (_band_label("80", end), tint(colour, 0.34), SQUARE, end["high80"]),
        (_band_label("95", end), tint(colour, 0.16), SQUARE, end["high95"]),
    ]
    right += key_of(items, heading, (ticks[0], ticks[-1]), width, HEIGHT)
    events = _named(comparison, other, state, framework)
    frame = pd.DataFrame({"month": [f"{own['year'].min()}-07", f"{own['year'].max()}-07"]})
    rows = event_rows(events, frame, width)
    right += event_marks(rows, HEIGHT)
    # as high above the plot as the labels of the other panel, which push its title up
    over = 8 if not rows else 17 + ROW * max(place for *_, place in rows)
    pair = _pairs(comparison, other)
    direction = pair[(pair["state"] == state) & (pair["framework"] == framework)].iloc[0]
    told = say(
        "Difference: more in {up} of the runs, fewer in {down}",
        up=percent(direction["up"]),
        down=percent(direction["down"]),
    )
    panels = [
        alt.layer(*marks, width=width, height=HEIGHT, title=_title(text, offset))
        for marks, text, offset in ((left, name, over), (right, told, 8))
    ]
    return alt.hconcat(*panels, spacing=18)


def _title(text: str, offset: int) -> alt.Title:
    return alt.Title(text, fontSize=14, frame="bounds", anchor="start", offset=offset)


def _band_label(level: str, end: Mapping[Any, Any]) -> str:
    ends = span(signed(end[f"low{level}"]), signed(end[f"high{level}"]))
    return f"{percent(int(level) / 100)}: {ends}"


def _axes(own: pd.DataFrame, ticks: Sequence[float], last: bool) -> tuple[alt.X, Any, Any]:
    """The year axis, each tick in the middle of its year, and axis and scale of people."""
    years = sorted(int(year) for year in own["year"].unique())
    step = 5 if years[-1] - years[0] > 12 else 2 if years[-1] - years[0] > 5 else 1
    x = alt.X(
        "middle:Q",
        title=say("average of the year") if last else None,
        scale=alt.Scale(domain=[years[0] + 0.5, years[-1] + 0.5], nice=False),
        axis=alt.Axis(
            values=[y + 0.5 for y in years if y % step == 0],
            labelExpr="format(floor(datum.value), 'd')",
            labelFlush=False,
        ),
    )
    signs = "datum.value == 0 ? '0' : format(datum.value, '+,d')"
    y_axis = alt.Axis(
        title=None,
        values=list(ticks),
        minExtent=38,
        labelExpr=signs if ticks[0] < 0 else "format(datum.value, ',d')",
    )
    return x, y_axis, alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)


def _view(own: pd.DataFrame, view: str) -> alt.Chart:
    first = own.iloc[0]
    return drawn().transform_filter(
        (alt.datum.state == first["state"])
        & (alt.datum.framework == first["framework"])
        & (alt.datum.view == view)
    )


def _bands(
    own: pd.DataFrame,
    view: str,
    colour: str,
    ticks: Sequence[float],
    levels: Sequence[str],
    last: bool,
) -> list[alt.Chart]:
    """The middle of the runs, year by year; see-through where two scenarios lie on each other."""
    x, y_axis, y_scale = _axes(own, ticks, last)
    return [
        _view(own, view)
        .mark_area(
            color=tint(colour, 0.34 if level == "80" else 0.16),
            interpolate="step",
            opacity=1.0 if view == "difference" else 0.55,
        )
        .encode(x=x, y=alt.Y(f"low{level}:Q", axis=y_axis, scale=y_scale), y2=f"high{level}:Q")
        for level in levels
    ]


def _line(
    own: pd.DataFrame,
    view: str,
    colour: str,
    ticks: Sequence[float],
    last: bool,
    dash: Sequence[float] = (),
) -> list[alt.Chart]:
    """The mean of the runs, with a light edge unless it is dashed."""
    x, y_axis, y_scale = _axes(own, ticks, last)
    y = alt.Y("mean:Q", axis=y_axis, scale=y_scale)
    inks = [(colour, 1.6)] if dash else [(PAPER, 3.4), (colour, 2.0)]
    return [
        _view(own, view)
        .mark_line(color=ink, strokeWidth=size, interpolate="step", strokeDash=list(dash))
        .encode(x=x, y=y)
        for ink, size in inks
    ]


def _zero(ticks: Sequence[float]) -> alt.Chart:
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)
    line = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=INK, strokeWidth=1)
    return line.encode(y=alt.Y("zero:Q", scale=scale, title=None))


def _tips(own: pd.DataFrame, view: str, levels: Sequence[str]) -> alt.Chart:
    """What a pointer finds over a year."""
    tips = [
        alt.Tooltip("scenario:N", title=titled("scenario")),
        alt.Tooltip("year:N", title=titled("year")),
        alt.Tooltip("mean:Q", format=",.1f", title=titled("mean")),
    ]
    for level in levels:
        tips += [
            alt.Tooltip(
                f"low{level}:Q", format=",.1f", title=say("{level}% of runs from", level=level)
            ),
            alt.Tooltip(
                f"high{level}:Q", format=",.1f", title=say("{level}% of runs to", level=level)
            ),
        ]
    return _view(own, view).mark_rule(strokeWidth=8, opacity=0).encode(x="middle:Q", tooltip=tips)


def _around_zero(moved: pd.DataFrame) -> list[float]:
    """Round values below, at and above zero that hold the bands."""
    low = max(0.0, -float(moved[["low95", "mean"]].min().min()))
    high = max(0.0, float(moved[["high95", "mean"]].max().max()))
    step = axis_steps(max((low + high) / 4, 1.0), 1)[1]
    below, above = math.ceil(low / step - 1e-9), math.ceil(high / step - 1e-9)
    return [step * n for n in range(-below, max(above, 1) + 1)]


def _named(comparison: Comparison, other: str, state: str, framework: str) -> dict[str, str]:
    """Month to mission of the divergences that are named above a difference."""
    table = comparison.divergences
    own = table[
        (table["scenario"] == other)
        & (table["state"] == state)
        & (table["framework"] == framework)
        & (table["share"] >= OFTEN)
        & (table["people_moved"] > 0)
    ]
    found: dict[str, str] = {}
    for row in own.head(LABELS).to_dict("records"):
        month = str(row["usual_month"])
        found[month] = f"{found[month]}, {row['mission']}" if month in found else row["mission"]
    return found
