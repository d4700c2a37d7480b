"""What every event of a scenario has: a month; some a time for which they hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .field_types import Month, Table


class Event(Table):
    """What every event has."""

    month: Month
    note: str = ""
    reference: str = Field("", description="source id or address of the assumption")

    def type_name(self) -> str:
        """What the file writes as ``type``."""
        return str(getattr(self, "type", ""))


class Span(Event):
    """An event that holds for a time."""

    until: Month | None = Field(None, description="first month in which it no longer holds")


class Spell(Span):
    """A level that is reached over some months and holds for a time."""

    ramp: Annotated[int, Field(ge=0, le=600)] = Field(0, description="months to the full change")
