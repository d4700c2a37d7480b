"""Known misfits as the report and the web app show them: names and whole people."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from calibration.validation import known_misfits
from calibration.validation.report_tables import markdown_table
from model.coverage import record_end, span, world_end

from .labels import state_name

HEADING = "Known misfits"
OWN_UNITS = (
    "A forecast does not know direct requests to Japan and Korea after its origin: their new units "
    "come from open calls alone."
)


def section(known: pd.DataFrame, worst: pd.DataFrame, sorts: pd.DataFrame) -> str:
    """The section below its heading, as Markdown, from the three tables of a report or of its
    stored numbers."""
    known = known.assign(state=known["state"].map(state_name))
    sorts = sorts.assign(states=sorts["states"].map(named))
    return "\n\n".join(
        [
            "Investigated one by one, in traces of runs and by switching mechanisms off (the list "
            "is `calibration/record/misfits.csv`, the figures are those of this report):",
            "\n".join(f"- {line}" for line in known_misfits.known_in_words(known)),
            "State-years on which the simulation lost most to persistence (lost: additional error, "
            "as CRPS of log(1 + people)).",
            markdown_table(shown(worst)),
            "Types of error, and what in the model causes them. A state-year belongs to the first "
            "type that fits, so some that lie within the band count as cuts or growth:",
            "\n".join(f"- {line}" for line in known_misfits.in_words(sorts)),
            OWN_UNITS,
        ]
    )


def named(codes: str) -> str:
    """Names of states for their codes, both separated by commas."""
    return ", ".join(state_name(code) for code in codes.split(", "))


def shown(worst: pd.DataFrame) -> pd.DataFrame:
    """State-years as they are read: names, people at the origin and since, the band as a range."""
    people = worst[["now", "observed", "low", "median", "high"]].map(lambda one: f"{one:,.0f}")
    return pd.DataFrame(
        {
            "state": worst["state"].map(state_name),
            "year": worst["year"],
            "people at the origin": people["now"],
            "came": people["observed"],
            "forecast median": people["median"],
            "80% band": people["low"] + " to " + people["high"],
            "lost": worst["lost"].map(lambda one: f"{one:.2f}"),
            "sort": worst["sort"],
        }
    )


def assumed(start: str, end: str) -> list[str]:
    """For months without data: who is taken to be there, what is drawn, and how far to trust it."""
    told = []
    if start > record_end():
        told.append(
            f"Who is in the field in {start} is taken from the reports of {record_end()} (Japan "
            f"and Korea from deployments to {span('deployments')[1]}), without missions that have "
            "ended since."
        )
    if end > world_end():
        told.append(
            f"After {world_end()}, new missions and most requests are drawn at random, and forces, "
            f"income and ideal points of states are those of {span('state_years')[1][:4]}: compare "
            "scenarios rather than take a level for a forecast."
        )
    return told


def measured(numbers: Mapping[str, Any]) -> str:
    """What the shipped validation found of forecasts, from its numbers."""
    told = [
        f"{one['aim']} {one['measured']:.2f} ({'met' if one['met'] else 'missed'}: aim "
        f"{one['low']:g} to {one['high']:g})"
        for one in numbers["aims"]
    ]
    return (
        f"Forecasts from {numbers['origin']}, scored on what was observed until "
        f"{numbers['until']}: {'; '.join(told)}."
    )
