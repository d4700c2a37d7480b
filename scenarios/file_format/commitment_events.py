"""Events about what states have decided, promised or have at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from model.vocabulary import STATUS_GOALS

from .dated_event import Event, Span, Spell
from .field_types import Factor, Share, SiteCell, State

if TYPE_CHECKING:
    Goal: TypeAlias = str
else:  # a closed list of the model, as choices of a field
    Goal = Literal[*STATUS_GOALS]


class Deploy(Span):
    """A decision that is taken: so many people are there, whatever the rules would decide.

    From ``month`` on the state has ``people`` of a kind in the mission, until the mission ends;
    from ``until`` on it decides about them again.  It is not asked for that kind in between.
    """

    type: Literal["deploy"]
    state: State
    mission: str
    kind: str
    people: Annotated[int, Field(ge=1, le=20000)]
    site: SiteCell | None = Field(None, description="where; blank: where they are, or not said")


class Withdraw(Span):
    """A decision that is taken: the state leaves the mission, and is not asked before ``until``."""

    type: Literal["withdraw"]
    state: State
    mission: str
    kind: str = Field("all", description="a kind, or all")


class Status(Spell):
    """A goal of status, which raises the worth of being seen in UN missions and elsewhere."""

    type: Literal["status"]
    state: State
    goal: Goal = Field(
        description="of the Security Council: campaign, seat, permanent_bid, permanent_seat"
    )
    weight: Share | None = Field(
        None,
        description="0 to 1; blank: as coded for such goals (campaign 0.3, seat 0.4, permanent_bid "
        "and permanent_seat 0.8, summit 0.4, chair 0.3); the strongest goal of a month counts",
    )


class Ties(Span):
    """What a state has at stake with one side of a mission, in place of ``ties.csv``.

    With the side that the mission is directed against it keeps the state away; with the host it
    draws it there by as much, which is an assumption.
    """

    type: Literal["ties"]
    state: State
    mission: str
    side: Literal["other_side", "host"] = "other_side"
    level: Share


class Incident(Event):
    """Hostages, a scandal, or an attack near a mission, for some months.

    Blank numbers are the usual ones of its kind: hostages 15 points of support and 0.2 of fighting,
    a scandal 5 points and 0.3 of the cabinet's strength, an attack 0.5 of fighting.  Hostages and
    scandals also raise attention, by 1 and 0.5, which fades.
    """

    type: Literal["incident"]
    what: Literal["hostages", "scandal", "attack"]
    state: State | None = Field(None, description="whose people or cabinet; none for an attack")
    mission: str | None = Field(None, description="where; only an attack needs one")
    site: str | None = Field(None, description="its place; blank: all over the mission")
    months: Annotated[int, Field(ge=1, le=600)] = 6
    opinion: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="points by which public support falls"
    )
    cabinet: Share | None = Field(None, description="by which the cabinet's strength falls")
    fighting: Share | None = Field(None, description="by which fighting there rises")


class Pledge(Span):
    """A unit promised to the United Nations, in its readiness system or at a ministerial.

    New UN missions ask for it by name with a chance, until it is there: one pledge is in one place
    at a time.  It is ready sooner, and binds forces at home.
    Blank numbers are those of its level (chance, lead_time, binds): ministerial and level_1 0.1, 1,
    0; level_2 0.2, 0.8, 0; level_3 0.3, 0.6, 0.25; rapid 0.5, 0.4, 0.5.
    """

    type: Literal["pledge"]
    state: State
    level: Literal["ministerial", "level_1", "level_2", "level_3", "rapid"]
    kind: str
    people: Annotated[int, Field(ge=1, le=20000)]
    chance: Share | None = Field(None, description="that a new UN mission asks for it by name")
    lead_time: Factor | None = Field(None, description="factor on the months to its arrival")
    binds: Annotated[float, Field(ge=0, le=20)] | None = Field(
        None, description="slots of ground forces kept ready at home"
    )


class Package(Spell):
    """Equipment, instructors or both for another state's forces.

    Equipment multiplies the forces of the recipient that can be used; each instructor trains ten of
    its officers a year, after a year.  Serving instructors bring experience home, retired ones do
    not; neither come out of the giver's officers for missions.  Its law must let them go.
    """

    type: Literal["package"]
    state: State = Field(description="who gives")
    to: State = Field(description="who receives; it must decide in the scenario")
    equipment: Factor = Field(1.0, description="factor on the recipient's usable forces")
    instructors: Annotated[int, Field(ge=0, le=1000)] = Field(0, description="at one time")
    framework: str = Field(
        "bilateral_training", description="under which it goes: the giver's law must allow it there"
    )
    retired: bool = Field(
        False, description="true: retired instructors, who bring no experience home"
    )
