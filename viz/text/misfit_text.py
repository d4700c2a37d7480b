"""Known misfits as the report and the web app show them: names and whole people."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from calibration.validation import known_misfits
from calibration.validation.markdown_table import markdown_table
from model.coverage import record_end, span, world_end

from ..language.spoken import say
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
    return say(", ").join(state_name(code) for code in codes.split(", "))


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
            say(
                "Who is in the field in {start} is taken from the reports of {reports} (Japan and "
                "Korea from deployments to {deployments}), without missions that have ended since.",
                start=start,
                reports=record_end(),
                deployments=span("deployments")[1],
            )
        )
    if end > world_end():
        told.append(
            say(
                "After {month}, new missions and most requests are drawn at random, and forces, "
                "income and ideal points of states are those of {year}: compare scenarios rather "
                "than take a level for a forecast.",
                month=world_end(),
                year=span("state_years")[1][:4],
            )
        )
    return told


def measured(numbers: Mapping[str, Any]) -> str:
    """What the shipped validation found of forecasts, from its numbers."""
    told = [
        say(
            "{aim} {measured:.2f} (met: aim {low:g} to {high:g})"
            if one["met"]
            else "{aim} {measured:.2f} (missed: aim {low:g} to {high:g})",
            aim=say(one["aim"]),
            measured=one["measured"],
            low=one["low"],
            high=one["high"],
        )
        for one in numbers["aims"]
    ]
    return say(
        "Forecasts from {origin}, scored on what was observed until {until}: {told}.",
        origin=numbers["origin"],
        until=numbers["until"],
        told=say("; ").join(told),
    )
