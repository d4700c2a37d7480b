"""Conflicts between events: which two of them cannot both hold in one scenario."""

from model.errors import InputError
from model.months import month_number
from model.vocabulary import CLASSES_OF_GROUP, FORMED

from ..file_format.commitment_events import Deploy, Package, Pledge, Status, Ties, Withdraw
from ..file_format.dated_event import Event, Span
from ..file_format.law_events import Amend, Enact, LawEvent, Move, Repeal, Replace
from ..file_format.scenario_events import (
    Cabinet,
    Capacity,
    CloseCentre,
    CloseMission,
    Demand,
    OpenCentre,
    OpenMission,
    Opinion,
    Request,
    Shock,
    Stance,
    Threat,
)
from . import lookup

LONGEST_SURVEY = 12  # months that a survey team may keep a routine request for a unit waiting


def check(event: Event, other: Event, place: str, other_place: str) -> None:
    """Raise where two events cannot both hold; the places are named."""
    if isinstance(event, LawEvent) and isinstance(other, LawEvent):
        if not _laws_clash(event, other):
            return
        shared = set(lookup.provisions(event.instruments, event.reform)) & set(
            lookup.provisions(other.instruments, other.reform)
        )
        if shared:
            raise InputError(
                f"{place}: the {event.type_name()} of {min(shared)} contradicts the "
                f"{other.type_name()} in {other_place}"
            )
    elif isinstance(event, LawEvent) and isinstance(other, Replace):
        if _touches(event, other):
            raise InputError(
                f"{place}: the {event.type_name()} names law of {other.state} that is replaced "
                f"already in {other_place}"
            )
    elif isinstance(event, Deploy | Withdraw) and isinstance(other, Deploy | Withdraw):
        same = (event.state, event.mission) == (other.state, other.mission)
        kinds = event.kind == other.kind or "all" in (event.kind, other.kind)
        if same and kinds and _overlap(event, other):
            raise InputError(
                f"{place}: the {event.type_name()} overlaps with the {other.type_name()} in "
                f"{other_place}; give the earlier one an 'until'"
            )
    elif isinstance(event, Request | Shock) and isinstance(other, Deploy | Withdraw):
        _decided_already(event, other, place, f"the {other.type_name()} in {other_place}")
    elif isinstance(event, Deploy | Withdraw) and isinstance(other, Request | Shock):
        _decided_already(other, event, other_place, f"the {event.type_name()} in {place}")
    elif type(event) is type(other):
        if isinstance(event, Request) and _said(event) == _said(other):
            raise InputError(
                f"{place}: the same request as in {other_place}, which would be put twice; leave "
                "one out"
            )
        if isinstance(event, Replace) and isinstance(other, Replace):
            if event.state == other.state:
                raise InputError(
                    f"{place}: the law of {event.state} is replaced already in {other_place}"
                )
        elif isinstance(event, Enact) and isinstance(other, Enact):
            if event.id is not None and event.id == other.id:
                raise InputError(f"{place}: {event.id!r} is enacted already in {other_place}")
        elif isinstance(event, OpenMission) and isinstance(other, OpenMission):
            if event.mission == other.mission:
                raise InputError(f"{place}: {event.mission!r} is opened already in {other_place}")
        elif isinstance(event, CloseMission) and isinstance(other, CloseMission):
            if event.mission == other.mission:
                raise InputError(f"{place}: {event.mission!r} is closed already in {other_place}")
        elif isinstance(event, OpenCentre | CloseCentre) and isinstance(
            other, OpenCentre | CloseCentre
        ):
            if (event.state, event.centre) == (other.state, other.centre):
                raise InputError(f"{place}: the same change of {event.centre!r} as {other_place}")
        elif isinstance(event, Span) and isinstance(other, Span):
            if _same_target(event, other) and _overlap(event, other):
                raise InputError(
                    f"{place}: the event overlaps with that in {other_place}; give the earlier "
                    "one an 'until'"
                )
    elif isinstance(event, CloseCentre | OpenCentre) and isinstance(
        other, OpenCentre | CloseCentre
    ):
        opening, closing = (event, other) if isinstance(event, OpenCentre) else (other, event)
        same = (opening.state, opening.centre) == (closing.state, closing.centre)
        if same and month_number(closing.month) <= month_number(opening.month):
            raise InputError(
                f"{place}: {opening.centre!r} closes in {closing.month}, not after it opens "
                f"in {opening.month}"
            )


def _decided_already(
    event: Request | Shock, given: Deploy | Withdraw, place: str, other: str
) -> None:
    """Raise where a request is never put, or nobody is there to be hit, while it is given who is in
    the mission."""
    if (event.state, event.mission) != (given.state, given.mission):
        return
    months = f"from {given.month}" + (f" to {given.until}" if given.until else " on")
    if isinstance(event, Request):
        if given.kind in (event.kind, "all") and _holds(given, event.month, _put_by(event)):
            raise InputError(
                f"{place}: {event.state} is not asked for {event.kind} in {event.mission} "
                f"{months}, by {other}; choose another month, or leave one of them out"
            )
    elif event.killed and isinstance(given, Withdraw) and given.kind == "all":
        if _holds(given, event.month, month_number(event.month)):
            raise InputError(
                f"{place}: {event.state} has no personnel in {event.mission} {months}, by {other}; "
                "choose another month or mission"
            )


def _holds(given: Deploy | Withdraw, month: str, last: int) -> bool:
    """Whether what is given holds from a month to the month ``last``."""
    ends = given.until is None or last < month_number(given.until)
    return month_number(given.month) <= month_number(month) and ends


def _put_by(event: Request) -> int:
    """The month by which a request is put: a survey may go before a routine one for a unit."""
    waits = event.mode == "routine" and event.kind in FORMED
    return month_number(event.month) + (LONGEST_SURVEY if waits else 0)


def _said(event: Event) -> dict[str, object]:
    """What an event says, without remarks."""
    return event.model_dump(exclude={"note", "reference"})


def _touches(event: LawEvent, replaced: Replace) -> bool:
    """Whether a law event names a provision that a replacement has put out of force by then."""
    if month_number(event.month) < month_number(replaced.month):
        return False
    known = lookup.instruments()
    named = lookup.provisions(event.instruments, event.reform)
    own = {name for name in named if known[name]["state"] == replaced.state}
    return bool(own - set(lookup.provisions(replaced.keep, None)))


def _laws_clash(event: LawEvent, other: LawEvent) -> bool:
    """A provision may be amended several times in different months, then repealed, nothing else."""
    if isinstance(event, Move) or isinstance(other, Move):
        return True
    if isinstance(event, Repeal) and isinstance(other, Repeal):
        return True
    if isinstance(event, Amend) and isinstance(other, Amend):
        return event.month == other.month
    repeal, amend = (event, other) if isinstance(event, Repeal) else (other, event)
    return month_number(amend.month) >= month_number(repeal.month)


def _overlap(event: Span, other: Span) -> bool:
    def span(spell: Span) -> tuple[int, float]:
        end = float("inf") if spell.until is None else month_number(spell.until)
        return month_number(spell.month), end

    (first, last), (other_first, other_last) = span(event), span(other)
    return first < other_last and other_first < last


def _classes(event: Stance) -> set[str]:
    return set(event.classes or CLASSES_OF_GROUP[event.group or "un"])


def _same_target(event: Span, other: Span) -> bool:
    def meets(key: str) -> bool:
        mine, theirs = getattr(event, key, "all"), getattr(other, key, "all")
        return mine == theirs or "all" in (mine, theirs)

    if isinstance(event, Demand):
        return meets("group") and meets("region")
    if isinstance(event, Opinion):
        return meets("state") and meets("group")
    if isinstance(event, Capacity) and isinstance(other, Capacity):
        kinds = not event.kinds or not other.kinds or bool(set(event.kinds) & set(other.kinds))
        return meets("state") and kinds
    if isinstance(event, Stance) and isinstance(other, Stance):
        return meets("state") and meets("party") and bool(_classes(event) & _classes(other))
    if isinstance(event, Threat | Cabinet):
        return meets("state")
    own = {Status: "goal", Ties: "mission", Pledge: "kind", Package: "to"}.get(type(event))
    if own is not None:
        return meets("state") and getattr(event, own) == getattr(other, own)
    return meets("state") and meets("pivot")
