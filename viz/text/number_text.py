"""Changes of people: as numbers in a sentence, and which of them are negligible.

One rule serves sentences, tables and titles.
"""

import math
from collections.abc import Mapping
from typing import Any

SMALL = 0.5  # people in an average month
PART = 0.05  # of what the base sends
ROUNDED = 0.05  # people: written as 0
MOST = 1_000_000  # runs that anybody would make
RULE = f"below {SMALL:g} people in an average month and {100 * PART:g}% of the base"


def people(value: float) -> str:
    """A change of people in words: '12 more people'."""
    size = f"{abs(value):,.1f}" if abs(value) < 10 else f"{abs(value):,.0f}"
    return f"{size} {'more' if value > 0 else 'fewer'} people"


def signed(value: float) -> str:
    """A number with its sign, a minus for what is below zero, and no sign at zero."""
    if not math.isfinite(value):
        return "unknown"
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
    return f"{runs:,.0f}" if runs <= MOST else "more than a million"


def left_out(number: int, what: str = "difference") -> str:
    """How many were left out, and by which rule; blank for none."""
    if not number:
        return ""
    many = f"1 {what}" if number == 1 else f"{number} {what}s"
    return f"{many} left out: {RULE}."


def percent(share: float) -> str:
    """Return a share as '80%'."""
    return f"{100 * share:.0f}%"
