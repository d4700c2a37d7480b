"""Changes of people: as numbers in a sentence, and which of them are negligible.

One rule serves sentences, tables and titles.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from ..language.spoken import say, several

SMALL = 0.5  # people in an average month
PART = 0.05  # of what the base sends
ROUNDED = 0.05  # people: written as 0
MOST = 1_000_000  # runs that anybody would make
BELOW = "below {small:g} people in an average month and {part:g}% of the base"


def people(value: float) -> str:
    """A change of people in words: '12 more people'."""
    size = f"{abs(value):,.1f}" if abs(value) < 10 else f"{abs(value):,.0f}"
    return say("{size} more people" if value > 0 else "{size} fewer people", size=size)


def signed(value: float) -> str:
    """A number with its sign, a minus for what is below zero, and no sign at zero."""
    if not math.isfinite(value):
        return say("unknown")
    size = f"{abs(value):,.1f}" if abs(value) < 10 else f"{abs(value):,.0f}"
    if float(size.replace(",", "")) == 0:
        return "0"
    return f"{'+' if value > 0 else '−'}{size}"


def slight(rows: Mapping[Any, Any] | Any) -> Any:
    """Whether mean differences are negligible, both in people and relative to the base.

    ``rows`` is a table, or a row of one, with ``mean`` and ``base``; zero is negligible, too.
    """
    size = abs(rows["mean"])
    return (size < SMALL) & (size <= PART * rows["base"])


def needed(runs: float) -> str:
    """A number of runs that a claim takes; blank where no number tells it from zero."""
    if math.isnan(runs):
        return ""
    return f"{runs:,.0f}" if runs <= MOST else say("more than a million")


def rule() -> str:
    """What counts as a negligible change."""
    return say(BELOW, small=SMALL, part=100 * PART)


def left_out(number: int, what: str = "difference") -> str:
    """How many were left out, and by which rule; blank for none."""
    if not number:
        return ""
    if what == "row":
        one, many = "{number} row left out: {rule}.", "{number} rows left out: {rule}."
    else:
        one, many = (
            "{number} difference left out: {rule}.",
            "{number} differences left out: {rule}.",
        )
    return several(one, many, number, rule=rule())


def span(low: str, high: str) -> str:
    """From one number to another: '-3 to 12'."""
    return say("{low} to {high}", low=low, high=high)


def joined(parts: Iterable[str]) -> str:
    """Parts one after the other: 'law and choice'."""
    return say(" and ").join(parts)


def percent(share: float) -> str:
    """Return a share as '80%'."""
    return f"{100 * share:.0f}%"


def often(share: float, runs: int) -> str:
    """A share of the runs; so few that they would be 0% as their number: '1 of 200'."""
    number = round(share * runs)
    if number and percent(share) == percent(0.0):
        return say("{number} of {runs:,}", number=number, runs=runs)
    return percent(share)


def apart(chance: float, draw: float) -> tuple[str, str]:
    """A chance as a percentage and a draw in hundredths, with digits that tell them apart."""
    for digits in range(4):
        told = f"{100 * chance:.{digits}f}", f"{100 * draw:.{digits}f}"
        if told[0] != told[1]:
            break
    if not digits and told[0] in ("0", "100"):
        return ("under 1%" if chance < 0.5 else "over 99%"), told[1]
    return f"{told[0]}%", told[1]
