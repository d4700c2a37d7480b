"""One event by itself: its dates, the names in it, and the provision or mission that it makes."""

from collections.abc import Callable, Iterator
from functools import partial

from model.errors import InputError, unknown
from model.months import month_number

from ..file_format.commitment_events import Deploy, Incident, Package, Status, Ties, Withdraw
from ..file_format.dated_event import Event, Span, Spell
from ..file_format.law_events import Amend, Enact, LawEvent, Provision, Replace
from ..file_format.scenario_events import (
    Alliance,
    Cabinet,
    Capacity,
    CloseMission,
    OpenCentre,
    OpenMission,
    Opinion,
    Request,
    Shock,
    Stance,
    Threat,
)
from ..file_format.schema import Period, within_reach
from . import commitment_checks, lookup, name_checks, no_effect

Path = tuple[str | int, ...]
Where = Callable[[Path], str]

IN_A_MISSION = Shock | Deploy | Withdraw | Ties | Incident | Request
OF_ALL = (Alliance, Threat, Opinion, Capacity, Cabinet, Stance, Status)  # may be of every state


def within(path: Path, where: Where) -> Callable[[str], str]:
    """The place of a field of an event."""
    return lambda key: where((*path, key))


def dated(event: Event, period: Period, path: Path, where: Where) -> None:
    """An event outside the period would change nothing.  What an earlier one left behind acts, but
    not a request that was made, or a mission that was over, before anybody decides."""
    place, month = where((*path, "month")), event.month
    start = month_number(period.start)
    if month_number(month) > month_number(period.end):
        raise InputError(
            f"{place}: {month} is after the end of the period, {period.end}; the "
            f"{event.type_name()} would change nothing"
        )
    if isinstance(event, Span) and event.until is not None:
        if month_number(event.until) <= start:
            raise InputError(
                f"{where((*path, 'until'))}: {event.until} is not after the start of the period, "
                f"{period.start}; the {event.type_name()} would change nothing"
            )
    if isinstance(event, Request) and month_number(month) < start:
        raise InputError(
            f"{place}: {month} is before the start of the period, {period.start}, when no "
            "state decides yet; the request would never be put"
        )
    if isinstance(event, OpenMission) and event.end and month_number(event.end) < start:
        raise InputError(
            f"{where((*path, 'end'))}: {event.end} is before the start of the period, "
            f"{period.start}; the open_mission would change nothing"
        )


def parties(event: Event, path: Path, where: Where) -> Iterator[Callable[[], object]]:
    """Checks of whom one event concerns, each by itself: its states and the law that it names."""
    at = within(path, where)
    state = getattr(event, "state", None)
    if state is not None and not (state == "all" and isinstance(event, OF_ALL)):
        yield partial(name_checks.code, state, at("state"))
    if isinstance(event, Package):
        yield partial(name_checks.code, event.to, at("to"))
    if isinstance(event, OpenCentre) and event.partner is not None:
        yield partial(name_checks.code, event.partner, at("partner"))
    if isinstance(event, LawEvent):
        yield partial(_law, event, path, where)


def _law(event: LawEvent, path: Path, where: Where) -> None:
    if not event.instruments and event.reform is None:
        raise InputError(f"{where(path)}: the event names neither instruments nor a reform")
    place = where((*path, "instruments" if event.instruments else "reform"))
    lookup.provisions(event.instruments, event.reform, place)


def particulars(
    event: Event, period: Period, path: Path, known: commitment_checks.Dates, where: Where
) -> Iterator[Callable[[], object]]:
    """Checks of the rest that one event names, each by itself: months, mission and kinds."""
    at = within(path, where)
    yield partial(_months, event, period, path, where)
    if isinstance(event, CloseMission | IN_A_MISSION) and event.mission not in (None, "largest"):
        yield partial(name_checks.mission, event.mission, known, at("mission"))
    kind = getattr(event, "kind", None)
    if kind is not None and not (kind == "all" and isinstance(event, Withdraw)):
        yield partial(name_checks.kind, kind, at("kind"))
    if isinstance(event, Capacity):
        for one in event.kinds:
            yield partial(name_checks.kind, one, at("kinds"))


def _months(event: Event, period: Period, path: Path, where: Where) -> None:
    within_reach(event.month, where((*path, "month")))
    if isinstance(event, Span) and event.until is not None:
        name_checks.order(event.month, event.until, where((*path, "until")))
        length = month_number(event.until) - month_number(event.month)
        if isinstance(event, Spell) and event.ramp > length:
            raise InputError(
                f"{where((*path, 'ramp'))}: {event.ramp} months are more than the {length} from "
                f"{event.month} to {event.until}, so that the full change is never reached; write "
                "a shorter ramp or a later until"
            )
    dated(event, period, path, where)


def check(event: Event, path: Path, where: Where) -> None:
    """Raise where one event whose names are right, whatever else there is, cannot be."""
    at = within(path, where)
    if isinstance(event, Amend):
        _provision(event.change, at("change"))
        if not event.change.model_dump(exclude_none=True):
            raise InputError(f"{at('change')}: the amend changes nothing; write what is to change")
        if list(event.change.model_dump(exclude_none=True)) == ["title"]:
            raise InputError(
                f"{at('change')}: no rule of the model reads a title; write what else is to change"
            )
        if event.change.lapses is not None:
            name_checks.order(event.month, event.change.lapses, where((*path, "change", "lapses")))
    if isinstance(event, Enact):
        _enact(event, path, where)
    if isinstance(event, Replace):
        _replace(event, at)
    if isinstance(event, OpenMission):
        _open_mission(event, at)
    no_effect.check(event, where(path), at)
    if isinstance(event, Enact) and event.provision is not None and not event.like:
        no_effect.new_provision(event.provision, at("provision"))


def _enact(event: Enact, path: Path, where: Where) -> None:
    if event.provision is None:
        if not event.like:
            raise InputError(f"{where(path)}: write a 'provision', or 'like' with what to copy")
        lookup.provisions(event.like, None, where((*path, "like")))
        return
    _provision(event.provision, where((*path, "provision")))
    if event.provision.lapses is not None:
        name_checks.order(
            event.month, event.provision.lapses, where((*path, "provision", "lapses"))
        )
    if event.like:
        lookup.provisions(event.like, None, where((*path, "like")))
        return
    if event.id is None:
        raise InputError(f"{where(path)}: a new provision needs an 'id'")
    if event.id in lookup.instruments():
        raise InputError(
            f"{where((*path, 'id'))}: the provision {event.id!r} exists already; "
            'use type = "amend" or "move"'
        )


def _replace(event: Replace, at: Callable[[str], str]) -> None:
    known = lookup.instruments()
    governed = sorted({row["state"] for row in known.values()})
    for key, code in (("state", event.state), ("by", event.by)):
        if code not in governed:
            raise unknown("state with documented provisions", code, governed, at(key))
    if event.state == event.by:
        raise InputError(f"{at('by')}: {event.by}'s law is to replace itself; name another state")
    for key, owner, patterns in (
        ("keep", event.state, event.keep),
        ("without", event.by, event.without),
    ):
        for name in lookup.provisions(patterns, None, at(key)):
            if known[name]["state"] != owner:
                raise InputError(f"{at(key)}: {name} is no provision of {owner}")


def _provision(provision: Provision, place: str) -> None:
    for kind in provision.kinds or ():
        if kind not in ("all", "all_units", "all_individuals"):
            name_checks.kind(kind, place)
    for framework in provision.frameworks or ():
        if framework != "all":
            lookup.framework(framework, place)
    if provision.host:
        name_checks.code(provision.host, place)
    low, high = provision.lead_min, provision.lead_max
    if low is not None and high is not None and high < low:
        raise InputError(f"{place}: lead_max {high:g} is below lead_min {low:g}")


def _open_mission(event: OpenMission, at: Callable[[str], str]) -> None:
    if event.mission in lookup.missions():
        raise InputError(f"{at('mission')}: the mission {event.mission!r} exists already")
    lookup.framework(event.framework, at("framework"))
    name_checks.host(event.host, at("host"))
    if event.end is not None:
        name_checks.order(event.month, event.end, at("end"))
    for kind in event.kinds:
        name_checks.kind(kind, at("kinds"))
    total = sum(event.kinds.values())
    if event.kinds and abs(total - 1) > 1e-6:
        raise InputError(f"{at('kinds')}: the shares of the kinds sum to {total:g}, not to 1")
