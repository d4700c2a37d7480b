"""Dated events of a scenario: changes of law, shocks, pressure, demand, opinion, capacity.

Each is one small table in the file, distinguished by ``type``.  A level holds from ``month`` to the
month before ``until`` (blank: to the end), reached over ``ramp`` months.  Unknown keys are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Field

from model.vocabulary import AUTHORISERS, CONDITIONS, EFFECTS, GRADES

from .field_types import Factor, Month, Months, Name, Share, State, Table

if TYPE_CHECKING:
    Effect: TypeAlias = str
    Condition: TypeAlias = str
    Authoriser: TypeAlias = str
    Grade: TypeAlias = str
else:  # closed lists of the model, as choices of a field
    Effect, Condition, Authoriser = Literal[*EFFECTS], Literal[*CONDITIONS], Literal[*AUTHORISERS]
    Grade = Literal[*GRADES]


class Event(Table):
    """What every event has."""

    month: Month
    note: str = ""
    reference: str = Field("", description="source id or address of the assumption")

    def type_name(self) -> str:
        """What the file writes as ``type``."""
        return str(getattr(self, "type", ""))


class Spell(Event):
    """An event that holds for a time."""

    until: Month | None = Field(None, description="first month in which it no longer holds")
    ramp: Annotated[int, Field(ge=0, le=600)] = Field(0, description="months to the full change")


class Provision(Table):
    """The content of a legal provision; in an amendment only what changes is written."""

    title: str | None = None
    effect: Effect | None = None
    kinds: list[str] | None = None
    frameworks: list[str] | None = None
    conditions: list[Condition] | None = None
    ceiling: Annotated[int, Field(ge=0, le=200000)] | None = None
    authoriser: Authoriser | None = None
    lead_min: Months | None = None
    lead_max: Months | None = None
    months_saved: Months | None = None
    weapons_ease: Share | None = None
    weight_norms: Annotated[float, Field(ge=-1, le=1)] | None = None
    term_months: Annotated[int, Field(ge=0, le=600)] | None = None
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


class OpenCentre(Event):
    """A training centre opens."""

    type: Literal["open_centre"]
    state: State
    centre: Name
    home: bool = Field(True, description="false: a partner's centre supported with instructors")
    partner: State | None = Field(None, description="whose centre it is, where it is not at home")
    staff_per_year: Annotated[float, Field(ge=0, le=10000, allow_inf_nan=False)]


class CloseCentre(Event):
    """A training centre closes."""

    type: Literal["close_centre"]
    state: State
    centre: str


class Shock(Event):
    """A sudden event: deaths in a contingent, or a disaster or crisis at home that takes slots."""

    type: Literal["shock"]
    what: Literal["hostile_act", "accident", "illness", "home_disaster", "home_crisis"]
    state: State
    mission: str = Field("largest", description="a mission, or largest: the largest own unit there")
    group: Literal["un", "coalition", "other"] | None = None
    killed: Annotated[int, Field(ge=0, le=1000)] = 0
    slots: Annotated[int, Field(ge=0, le=20)] = 0
    months: Annotated[int, Field(ge=1, le=600)] = 1


class Alliance(Spell):
    """What a pivotal state asks of its allies."""

    type: Literal["alliance"]
    state: State = "all"
    pivot: str = "USA"
    requests: Factor = Field(1.0, description="factor on the number of requests")
    salience: Factor = Field(1.0, description="factor on how much it wants a mission")
    embeddedness: Factor = Field(1.0, description="factor on the density of ties")


class Threat(Spell):
    """A change of the threat at home, in standard deviations of its record."""

    type: Literal["threat"]
    state: State
    change: Annotated[float, Field(ge=-5, le=5)]


class Demand(Spell):
    """A change of what the world asks for."""

    type: Literal["demand"]
    group: Literal["un", "coalition", "other", "all"] = "all"
    region: Literal["Africa", "Americas", "Asia", "Europe", "Middle East", "Oceania", "all"] = "all"
    new_missions: Factor = Field(1.0, description="factor on the arrival of missions")
    closures: Factor = Field(1.0, description="factor on the closing of missions")
    size: Factor = Field(1.0, description="factor on the authorised strength")
    robustness: Factor = Field(1.0, description="factor on the force level of new mandates")
    council: bool = Field(True, description="false: no Council resolution for coalitions")


class Opinion(Spell):
    """A change of public support, in percentage points."""

    type: Literal["opinion"]
    state: State
    group: Literal["un", "coalition"]
    change: Annotated[float, Field(ge=-100, le=100)]


class Capacity(Spell):
    """A change of what a state can keep in the field, or of its pool of individuals."""

    type: Literal["capacity"]
    state: State
    slots: Annotated[int, Field(ge=-20, le=20)] = 0
    pool: Factor = Field(1.0, description="factor on the pool of individuals of these kinds")
    lead_time: Factor = Field(1.0, description="factor on the months from decision to arrival")
    kinds: list[str] = []


class OpenMission(Event):
    """A mission that is not in the historical data."""

    type: Literal["open_mission"]
    mission: Name
    framework: str
    host: State
    end: Month | None = Field(None, description="last month")
    strength: Annotated[int, Field(ge=1, le=200000)]
    kinds: dict[str, Share] = Field({}, description="shares of the strength by kind; sum 1")
    force_level: Annotated[int, Field(ge=0, le=3)] = 1
    protection: bool = Field(False, description="whether civilians are to be protected")
    ceasefire: Literal["holds", "partial", "fails"] = "holds"
    consent: Literal["full", "strained", "none"] = "full"
    rival: Literal["none", "bands", "organised", "quasi_state"] = "none"
    fighting: Share = 0.0
    un_resolution: bool = True
    interest: Share = Field(0.0, description="how much the pivotal state wants it")


class CloseMission(Event):
    """A mission ends at the end of the month."""

    type: Literal["close_mission"]
    mission: str


class Request(Event):
    """A dated ask to one state."""

    type: Literal["request"]
    state: State
    mission: str
    kind: str
    personnel: Annotated[int, Field(ge=1, le=100000)]
    requester: Literal["un", "ally", "host", "body"] = "un"
    mode: Literal["crisis", "routine"] = "routine"
    interest: Share = 0.0
    grade: Grade | None = Field(
        None, description="how binding it is; blank: an ally's is a sounding, others' formal notes"
    )
    site: str | None = Field(
        None, description="where: the id in sites.csv of a site of the mission; blank: not said"
    )


class Cabinet(Spell):
    """Who governs: seats of the bloc, the partner with a veto, strength."""

    type: Literal["cabinet"]
    state: State
    lower_seats: Share | None = None
    upper_seats: Share | None = None
    partner: Share | None = None
    override: bool | None = None
    strength: Share | None = None


class Stance(Spell):
    """What a bloc of parties accepts to send, in votes on dispatches, renewals and reform bills.

    Acceptance is the share of the bloc that stands behind a class of dispatch; what is documented
    stands in ``stances.csv``.  A partner in the coalition stops what it accepts by less than 0.5.
    """

    type: Literal["stance"]
    state: State
    party: Literal["government", "partner", "opposition"]
    group: Literal["un", "coalition"] | None = Field(
        None, description="un: un_support and un_infantry; coalition: those of coalitions"
    )
    classes: list[str] = Field([], description="classes of dispatch, in place of a group")
    acceptance: Share | None = Field(None, description="in place of what is documented")
    change: Annotated[float, Field(ge=-1, le=1)] | None = Field(
        None, description="added to what is documented, within 0 to 1"
    )


AnyEvent = Annotated[
    Repeal
    | Move
    | Amend
    | Enact
    | Replace
    | OpenCentre
    | CloseCentre
    | Shock
    | Alliance
    | Threat
    | Demand
    | Opinion
    | Capacity
    | OpenMission
    | CloseMission
    | Request
    | Cabinet
    | Stance,
    Field(discriminator="type"),
]

_CLASSES: tuple[type[Event], ...] = get_args(get_args(AnyEvent)[0])


def _type_of(kind: type[Event]) -> str:
    annotation: Any = kind.model_fields["type"].annotation
    return str(get_args(annotation)[0])


EVENT_TYPES: dict[str, type[Event]] = {_type_of(kind): kind for kind in _CLASSES}
