"""Which differences are too slight to be told, by one rule for sentences, tables and titles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SMALL = 0.5  # people in an average month
PART = 0.05  # of what the base sends
RULE = f"below {SMALL:g} people in an average month and {100 * PART:g} % of the base"


def slight(rows: Mapping[Any, Any] | Any) -> Any:
    """Whether mean differences are slight: both in people and as a part of the base.

    ``rows`` is a table, or a row of one, with ``mean`` and ``base``; nothing at all is slight, too.
    """
    size = abs(rows["mean"])
    return (size < SMALL) & (size <= PART * rows["base"])


def left_out(number: int, what: str = "difference") -> str:
    """How many were left out, and by which rule; blank for none."""
    if not number:
        return ""
    many = f"1 {what}" if number == 1 else f"{number} {what}s"
    return f"{many} left out: {RULE}."
