"""Figures of the validation report: skill, bands on held-out years, reliability, posterior."""

import altair as alt
import pandas as pd

from .style.theme import GRID, INK, QUIET, state_colour

ACCENT = "#b8410b"
COLOURS = {
    "simulation": ACCENT,
    "persistence": INK,
    "persistence, last year": QUIET,
    "climatology": "#7a7620",
    "hurdle regression": "#0b64a0",
    "regression forest": "#00795f",
    "simulation and persistence": "#8c4a8c",
}


def skill(table: pd.DataFrame) -> alt.Chart:
    """CRPS of every forecaster by horizon."""
    rows = table[table["group"].str.contains("ahead")].copy()
    rows["years ahead"] = rows["group"].str.extract(r"(\d+)").astype(int)
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    return (
        alt.Chart(rows, title="Error by horizon, all states (CRPS, lower is better)")
        .mark_line(point=True)
        .encode(
            x=alt.X("years ahead:O", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("crps:Q", title="CRPS of log(1 + people)"),
            color=alt.Color("forecaster:N", scale=scale, title=None),
            strokeDash=alt.StrokeDash("forecaster:N", legend=None),
        )
        .properties(width=520, height=280)
    )


def bands(rows: pd.DataFrame, states: list[str]) -> alt.HConcatChart:
    """80% band, median and what came, on the held-out years, a panel a state."""
    own = rows[(rows["forecaster"] == "simulation") & rows["state"].isin(states)]
    panels = []
    for state in states:
        data = own[own["state"] == state]
        base = alt.Chart(data, title=state).encode(x=alt.X("year:O", axis=alt.Axis(labelAngle=0)))
        colour = state_colour(state)
        band = base.mark_bar(color=colour, opacity=0.35, width=18).encode(
            y=alt.Y("low:Q", title="people in UN missions"), y2="high:Q"
        )
        middle = base.mark_tick(color=colour, thickness=3, width=18).encode(y="median:Q")
        seen = base.mark_point(color=INK, filled=True, size=55).encode(y="observed:Q")
        panels.append((band + middle + seen).properties(width=120, height=180))
    return alt.hconcat(*panels, title="Held-out years: 80% band, median (tick), observed (dot)")


def reliability(rows: pd.DataFrame) -> alt.HConcatChart:
    """Where outcomes fell in the forecast distributions, and how many each band held."""
    own = rows[rows["forecaster"].isin(["simulation", "persistence"])].copy()
    own["place"] = (own["pit"] * 10).clip(upper=9.999).astype(int) / 10 + 0.05
    share = own.groupby(["forecaster", "place"]).size() / own.groupby("forecaster").size()
    histogram = (
        alt.Chart(share.rename("share").reset_index(), title="Place among the samples (PIT)")
        .mark_bar(width=16)
        .encode(
            x=alt.X("place:Q", title="0 lowest, 1 highest", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("share:Q", axis=alt.Axis(format="%")),
            column=alt.Column("forecaster:N", title=None),
            color=alt.value(ACCENT),
        )
        .properties(width=220, height=180)
    )
    names = {"inside_50": 0.5, "inside_80": 0.8, "inside_95": 0.95}
    held = own.groupby("forecaster")[list(names)].mean().reset_index().melt("forecaster")
    held["promised"] = held["variable"].map(names)
    points = (
        alt.Chart(held, title="Share of outcomes that a band held")
        .mark_line(point=True)
        .encode(
            x=alt.X("promised:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0.4, 1])),
            y=alt.Y("value:Q", title="held", axis=alt.Axis(format="%")),
            color=alt.Color(
                "forecaster:N",
                scale=alt.Scale(domain=["simulation", "persistence"], range=[ACCENT, INK]),
            ),
        )
        .properties(width=220, height=180)
    )
    ends = pd.DataFrame({"x": [0.4, 1.0], "y": [0.4, 1.0]})
    line = alt.Chart(ends).mark_line(color=GRID, strokeDash=[4, 4]).encode(x="x:Q", y="y:Q")
    return alt.hconcat(histogram, line + points)


def posterior(table: pd.DataFrame) -> alt.LayerChart:
    """Prior and posterior of each fitted parameter, in standard deviations of the prior."""
    data = table.assign(
        mean_=(table["mean"] - table["prior"]) / table["prior_sd"],
        low_=(table["low"] - table["prior"]) / table["prior_sd"],
        high_=(table["high"] - table["prior"]) / table["prior_sd"],
        from_=-1.28,
        to_=1.28,
    )
    base = alt.Chart(data, title="Before (grey) and after the fit: 80% intervals").encode(
        y=alt.Y("parameter:N", title=None, sort=None)
    )
    before = base.mark_bar(color=GRID, height=12).encode(
        x=alt.X("from_:Q", title="standard deviations of the prior"), x2="to_:Q"
    )
    after = base.mark_bar(color=ACCENT, height=5).encode(x="low_:Q", x2="high_:Q")
    middle = base.mark_point(color=INK, filled=True).encode(x="mean_:Q")
    return (before + after + middle).properties(width=420, height=22 * len(table))
