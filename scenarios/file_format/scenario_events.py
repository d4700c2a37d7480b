"""Dated events of a scenario: law, shocks, pressure, demand, opinion, capacity, what is decided.

Each is one small table in the file, distinguished by ``type``.  A level holds from ``month`` to the
month before ``until`` (blank: to the end), reached over ``ramp`` months.  Unknown keys are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Field

from model.vocabulary import AUTHORISERS, CONDITIONS, EFFECTS, GRADES, STATUS_GOALS

from .field_types import CalendarMonth, Factor, Month, Months, Name, Share, SiteCell, State, Table

if TYPE_CHECKING:
    Effect: TypeAlias = str
    Condition: TypeAlias = str
    Authoriser: TypeAlias = str
    Grade: TypeAlias = str
    Goal: TypeAlias = str
else:  # closed lists of the model, as choices of a field
    Effect, Condition, Authoriser = Literal[*EFFECTS], Literal[*CONDITIONS], Literal[*AUTHORISERS]
    Grade, Goal = Literal[*GRADES], Literal[*STATUS_GOALS]


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
    killed: Annotated[int, Field(ge=0, le=1000)] = Field(0, description="deaths, abroad")
    slots: Annotated[int, Field(ge=0, le=20)] = Field(
        0, description="operations that a crisis at home takes"
    )
    months: Annotated[int, Field(ge=1, le=600)] = Field(1, description="how long it takes them")


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
    """A change of what a state can keep in the field, of its forces, or of its individuals."""

    type: Literal["capacity"]
    state: State
    slots: Annotated[int, Field(ge=-20, le=20)] = Field(
        0, description="operations with units at once, more or fewer"
    )
    pool: Factor = Field(1.0, description="factor on the pool of individuals of these kinds")
    lead_time: Factor = Field(1.0, description="factor on the months from decision to arrival")
    forces: Factor = Field(1.0, description="factor on its active forces, of which units come")
    kinds: list[str] = Field([], description="for pool and lead_time; blank: all")


class OpenMission(Event):
    """A mission that is not in the historical data."""

    type: Literal["open_mission"]
    mission: Name
    framework: str
    host: str = Field(description="code of a state, or of a row of territories.csv such as PSE")
    end: Month | None = Field(None, description="last month")
    strength: Annotated[int, Field(ge=1, le=200000)] = Field(description="authorised personnel")
    kinds: dict[str, Share] = Field({}, description="shares of the strength by kind; sum 1")
    force_level: Annotated[int, Field(ge=0, le=3)] = Field(
        1, description="0 to 3, the force that the mandate allows"
    )
    protection: bool = Field(False, description="whether civilians are to be protected")
    ceasefire: Literal["holds", "partial", "fails"] = "holds"
    consent: Literal["full", "strained", "none"] = "full"
    rival: Literal["none", "bands", "organised", "quasi_state"] = "none"
    fighting: Share = Field(0.0, description="0 to 1, in the country of the mission")
    un_resolution: bool = Field(True, description="false: the Council has not authorised it")
    interest: Share = Field(0.0, description="how much the pivotal state wants it")
    sites: list[SiteCell] = Field(
        [], description="its places; a request that names none is for the first"
    )


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
    requester: Literal["un", "ally", "host", "body"] = Field(
        "un", description="body: another organisation"
    )
    mode: Literal["crisis", "routine", "disaster"] = Field("routine", description="how urgent")
    interest: Share = Field(0.0, description="0 to 1, the political weight behind it")
    grade: Grade | None = Field(
        None, description="how binding it is; blank: an ally's is a sounding, others' formal notes"
    )
    site: SiteCell | None = Field(None, description="where; blank: not said")


class Deploy(Span):
    """A decision that is taken: so many people are there, whatever the rules would decide.

    From ``month`` on the state has ``people`` of a kind in the mission, until the mission ends;
    from ``until`` on it decides about them again.  It is not asked for that kind in between.
    """

    type: Literal["deploy"]
    state: State
    mission: str
    kind: str
    people: Annotated[int, Field(ge=1, le=100000)]
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

    New UN missions ask for it by name with a chance; it is ready sooner, and binds forces at home.
    Blank numbers are those of its level (chance, lead_time, binds): ministerial and level_1 0.1, 1,
    0; level_2 0.2, 0.8, 0; level_3 0.3, 0.6, 0.25; rapid 0.5, 0.4, 0.5.
    """

    type: Literal["pledge"]
    state: State
    level: Literal["ministerial", "level_1", "level_2", "level_3", "rapid"]
    kind: str
    people: Annotated[int, Field(ge=1, le=100000)]
    chance: Share | None = Field(None, description="that a new UN mission asks for it by name")
    lead_time: Factor | None = Field(None, description="factor on the months to its arrival")
    binds: Annotated[float, Field(ge=0, le=20)] | None = Field(
        None, description="slots of ground forces kept ready at home"
    )


class Package(Spell):
    """Equipment, instructors or both for another state's forces.

    Equipment multiplies the forces of the recipient that can be used; each instructor trains ten of
    its officers a year, after a year.  Instructors are missed among the giver's own officers.  The
    law of the giver must let them go.
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
        False, description="true: retired instructors, which do not lack elsewhere"
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
    | Stance
    | Deploy
    | Withdraw
    | Status
    | Ties
    | Incident
    | Pledge
    | Package,
    Field(discriminator="type"),
]

_CLASSES: tuple[type[Event], ...] = get_args(get_args(AnyEvent)[0])


def _type_of(kind: type[Event]) -> str:
    annotation: Any = kind.model_fields["type"].annotation
    return str(get_args(annotation)[0])


EVENT_TYPES: dict[str, type[Event]] = {_type_of(kind): kind for kind in _CLASSES}
