"""Events that change law: provisions repealed, moved, amended, enacted, taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from model.vocabulary import AUTHORISERS, CONDITIONS, EFFECTS

from .dated_event import Event
from .field_types import CalendarMonth, Month, Months, Share, State, Table

if TYPE_CHECKING:
    Effect: TypeAlias = str
    Condition: TypeAlias = str
    Authoriser: TypeAlias = str
else:  # closed lists of the model, as choices of a field
    Effect, Condition, Authoriser = Literal[*EFFECTS], Literal[*CONDITIONS], Literal[*AUTHORISERS]


class Provision(Table):
    """The content of a legal provision; in an amendment only what changes is written."""

    title: str | None = None
    effect: Effect | None = None
    kinds: list[str] | None = None
    frameworks: list[str] | None = None
    conditions: list[Condition] | None = None
    host: str | None = Field(None, description="only for missions in this state, by its code")
    ceiling: Annotated[int, Field(ge=0, le=200000)] | None = None
    authoriser: Authoriser | None = None
    lead_min: Months | None = None
    lead_max: Months | None = None
    months_saved: Months | None = None
    weapons_ease: Share | None = None
    weight_norms: Annotated[float, Field(ge=-1, le=1)] | None = None
    term_months: Annotated[int, Field(ge=0, le=600)] | None = None
    term_ends: CalendarMonth | None = None
    lapses: Month | None = None


class LawEvent(Event):
    """A change of existing provisions: named by id, by a pattern with ``*``, or as a reform."""

    instruments: list[str] = []
    reform: str | None = Field(None, description="a reform package of the instrument table")


class Repeal(LawEvent):
    """From the month on no longer in force; a month before its entry removes it altogether."""

    type: Literal["repeal"]


class Move(LawEvent):
    """In force from another month; a package keeps the distances between its parts."""

    type: Literal["move"]


class Amend(LawEvent):
    """From the month on with another content."""

    type: Literal["amend"]
    change: Provision


class Enact(Event):
    """A new provision, or (``like``) a copy of another state's, in force from the month on."""

    type: Literal["enact"]
    state: State
    id: str | None = Field(
        None, description="name of the new provision", pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$"
    )
    provision: Provision | None = None
    like: list[str] = Field([], description="ids to copy; what provision says is changed in them")


class Replace(Event):
    """From the month on another state's provisions in place of a state's own.

    They come with their later dates: what the other enacts or lets lapse afterwards follows here
    too.  Replacements in the same month read the law before any of them, so that two states can
    exchange their laws.
    """

    type: Literal["replace"]
    state: State
    by: State = Field(description="the state whose provisions are taken over")
    keep: list[str] = Field([], description="own provisions that stay, by id or pattern with *")
    without: list[str] = Field([], description="provisions of the other that are not taken over")
