"""Dated events of a scenario: law, shocks, pressure, demand, opinion, capacity, what is decided.

Each is one small table in the file, distinguished by ``type``.  A level holds from ``month`` to the
month before ``until`` (blank: to the end), reached over ``ramp`` months.  Unknown keys are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Field

from model.vocabulary import GRADE_OWN_STUDY, GRADES

from .commitment_events import Deploy, Incident, Package, Pledge, Status, Ties, Withdraw
from .dated_event import Event, Spell
from .field_types import Factor, Month, Name, Share, SiteCell, State
from .law_events import Amend, Enact, Move, Repeal, Replace

if TYPE_CHECKING:
    Grade: TypeAlias = str
else:  # a closed list of the model, as choices of a field; a request has a grade, if a blank one
    Grade = Literal[*GRADES[GRADE_OWN_STUDY:]]


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
    personnel: Annotated[int, Field(ge=1, le=20000)]
    requester: Literal["un", "ally", "host", "body"] = Field(
        "un", description="body: another organisation"
    )
    mode: Literal["crisis", "routine", "disaster"] = Field("routine", description="how urgent")
    interest: Share = Field(0.0, description="0 to 1, the political weight behind it")
    grade: Grade | None = Field(
        None, description="how binding it is; blank: an ally's is a sounding, others' formal notes"
    )
    site: SiteCell | None = Field(None, description="where; blank: not said")


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
