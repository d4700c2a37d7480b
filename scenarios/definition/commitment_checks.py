"""Events about what states have decided, promised or have at stake, and the places that they name.

Each must name what there is and change something.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from model.coverage import world_end
from model.errors import InputError, unknown
from model.months import month_number
from model.vocabulary import FRAMEWORK_GROUPS, SERVICE_OF, STATUS_GOALS

from ..file_format.commitment_events import (
    Deploy,
    Incident,
    Package,
    Pledge,
    Status,
    Ties,
    Withdraw,
)
from ..file_format.dated_event import Event
from ..file_format.field_types import Site
from ..file_format.scenario_events import CloseMission, OpenMission, Request, Shock
from . import law_table, lookup

Dates = Mapping[str, tuple[str, str]]  # of each mission: its first month and its last, or blank
THERE = (Deploy, Withdraw, Incident, Shock)  # concern who is in a mission


def dates(events: Sequence[Event]) -> Dates:
    """First and last month of every documented mission and of those that events open, as they are
    where events close some earlier."""
    known = _uncurtailed(events)
    for event in events:
        if isinstance(event, CloseMission) and event.mission in known:
            first, last = known[event.mission]
            if not last or month_number(event.month) < month_number(last):
                known[event.mission] = (first, event.month)
    return known


def _uncurtailed(events: Sequence[Event]) -> dict[str, tuple[str, str]]:
    """The same where no event closes a mission."""
    opened = [event for event in events if isinstance(event, OpenMission)]
    return lookup.mission_dates() | {one.mission: (one.month, one.end or "") for one in opened}


def check(
    event: Event,
    events: Sequence[Event],
    place: str,
    at: Callable[[str], str],
    known: Dates,
    unsure: Collection[str] = (),
    asked: Collection[str] = (),
) -> None:
    """Raise InputError where an event whose mission and kind are known names a place that there is
    not, or would change nothing.

    Args:
        events: all of the scenario, this one among them.
        place: where the event stands in the file.
        at: the place of one of its fields.
        known: first and last month of every mission.
        unsure: missions whose sites, and who is asked for them, are not known in full.
        asked: missions that people are asked for or deployed in anywhere in the file.
    """
    mission: str = getattr(event, "mission", None) or ""
    if isinstance(event, CloseMission) and mission in known:
        _closed(event, *_uncurtailed(events).get(mission, ("", "")), at)
    if mission in known and isinstance(event, (*THERE, Request, Shock, Ties)):
        _in_time(event, *known[mission], at)
    sites_known = mission not in unsure
    if isinstance(event, Deploy | Request) and event.site is not None and sites_known:
        _site(event.site, event.mission, events, at("site"))
    if isinstance(event, OpenMission) and sites_known:
        _sites(event, events, at)
        _somebody_is_asked(event, asked, at)
    if isinstance(event, Status):
        _status(event, place)
    elif isinstance(event, Ties):
        _ties(event, at)
    elif isinstance(event, Incident):
        _incident(event, events, place, at, sites_known)
    elif isinstance(event, Pledge):
        _pledge(event, place, at)
    elif isinstance(event, Package):
        _package(event, events, place, at)


def _in_time(event: Event, first: str, last: str, at: Callable[[str], str]) -> None:
    """Who is concerned must be there: the mission has begun and is not over."""
    mission, what = getattr(event, "mission", ""), event.type_name()
    if last and month_number(event.month) > month_number(last):
        past = "ended" if month_number(last) <= month_number(world_end()) else "ends"
        raise InputError(
            f"{at('month')}: {mission} {past} in {last}; the {what} of {event.month} would change "
            "nothing, choose an earlier month or another mission"
        )
    until = getattr(event, "until", None)
    if isinstance(event, Deploy | Withdraw) and until and last and until > last:
        raise InputError(
            f"{at('until')}: {mission} ends in {last}; choose a month up to then, or leave it out"
        )
    if not first:
        return  # the table does not say
    if isinstance(event, THERE) and month_number(event.month) < month_number(first):
        raise InputError(
            f"{at('month')}: {mission} begins in {first}; choose that month or a later one for the "
            f"{what}"
        )
    if isinstance(event, Ties) and event.until and month_number(event.until) <= month_number(first):
        raise InputError(
            f"{at('until')}: {mission} begins in {first}; ties until {event.until} would change "
            "nothing, choose a later month"
        )


def _closed(event: CloseMission, first: str, last: str, at: Callable[[str], str]) -> None:
    """What is closed must have begun, and not be over by then."""
    if first and month_number(event.month) < month_number(first):
        raise InputError(
            f"{at('month')}: {event.mission} begins in {first}; choose that month or a later one"
        )
    if last and month_number(event.month) >= month_number(last):
        raise InputError(
            f"{at('month')}: {event.mission} ends in {last} as it is; choose an earlier month to "
            "close it, or leave the event out"
        )


def _site(site: Site, mission: str, events: Sequence[Event], place: str) -> None:
    """A site of the mission, or a new one with its fighting; an opened mission may lie at any."""
    opened = [event for event in events if isinstance(event, OpenMission)]
    own = [*lookup.sites(mission)]
    own += [one.id for event in opened if event.mission == mission for one in event.sites]
    documented = site.id in lookup.sites()
    if site.setting is not None and documented:
        raise InputError(
            f"{place}: the setting of {site.id} stands in sites.csv; leave out setting"
        )
    if site.id in own or site.fighting is not None:
        return
    if documented and mission in [event.mission for event in opened]:
        return
    new = f'{{ id = "{site.id}", fighting = 0.1 }}'
    if not own:
        raise InputError(
            f"{place}: {mission} has no sites in sites.csv; leave {site.id!r} out, or write a new "
            f"one with its fighting: {new}"
        )
    raise InputError(
        f"{unknown(f'site of {mission}', site.id, own, place)} A new one needs its fighting: {new}"
    )


def _sites(event: OpenMission, events: Sequence[Event], at: Callable[[str], str]) -> None:
    """Sites act on those who are asked by name or sent: somebody must be."""
    place = at("sites")
    for site in event.sites:
        others = [one for one in events if one is not event]
        if site.fighting is None and site.id not in lookup.sites():
            _site(site, event.mission, others, place)
    told = [
        one
        for one in events
        if isinstance(one, Deploy | Request | Incident) and one.mission == event.mission
    ]
    if event.sites and not told:
        raise InputError(
            f"{place}: places matter to who is asked by name or deployed, and nothing asks "
            f"anybody for {event.mission}; add a request or a deploy event, or leave out sites"
        )


def _somebody_is_asked(
    event: OpenMission, asked: Collection[str], at: Callable[[str], str]
) -> None:
    """Only missions of the United Nations put what they lack to all capitals, month by month."""
    if FRAMEWORK_GROUPS[event.framework] != "un" and event.mission not in asked:
        raise InputError(
            f"{at('framework')}: a mission of {event.framework} puts no open calls, so that "
            f"{event.mission} would change nothing; add a request or a deploy event for it"
        )


def _status(event: Status, place: str) -> None:
    weight = STATUS_GOALS[event.goal] if event.weight is None else event.weight
    if weight == 0.0:
        raise InputError(f"{place}: a goal of weight 0 changes nothing; write another weight")
    for row in lookup.status_goals(event.state):
        covers = month_number(row["from"]) <= month_number(event.month) and (
            not row["to"]
            or (event.until and month_number(event.until) <= month_number(row["to"]) + 1)
        )
        if covers and float(row["weight"]) >= weight:
            raise InputError(
                f"{place}: the strongest goal of a month counts, and {row['goal']} of "
                f"{event.state} has {row['weight']} throughout; write a larger weight"
            )


def _ties(event: Ties, at: Callable[[str], str]) -> None:
    documented = lookup.tie(event.state, event.mission)
    level = -event.level if event.side == "host" else event.level
    if level == documented:
        raise InputError(
            f"{at('level')}: {event.state}'s ties in {event.mission} are {abs(documented):g} "
            "already; write another level"
        )


def _incident(
    event: Incident,
    events: Sequence[Event],
    place: str,
    at: Callable[[str], str],
    sites_known: bool,
) -> None:
    if event.what == "attack" and event.state is not None:
        raise InputError(
            f"{at('state')}: an attack endangers whoever is there; leave out state, or write what "
            '= "hostages"'
        )
    needed = {"hostages": ("state",), "scandal": ("state",), "attack": ("mission",)}
    for key in needed[event.what]:
        if getattr(event, key) is None:
            raise InputError(f"{place}: {event.what} needs a {key}")
    if event.state is None:
        for key in ("opinion", "cabinet"):
            if getattr(event, key) is not None:
                raise InputError(
                    f"{at(key)}: {key} is a state's, and an attack has no state; leave it out"
                )
    if event.fighting is not None and event.mission is None:
        raise InputError(f"{at('fighting')}: fighting is in a mission; name it, or leave this out")
    if event.site is not None and sites_known:
        own = [
            site.id
            for one in events
            if isinstance(one, OpenMission) and one.mission == event.mission
            for site in one.sites
        ]
        own += [
            one.site.id
            for one in events
            if isinstance(one, Deploy | Request) and one.mission == event.mission and one.site
        ]
        listed = [*(lookup.sites(event.mission) if event.mission else ()), *own]
        if event.site not in listed:
            raise unknown(f"site of {event.mission}", event.site, listed, at("site"))
    written = {key: getattr(event, key) for key in ("opinion", "cabinet", "fighting")}
    usual = {"hostages": ("opinion", "fighting"), "scandal": ("opinion", "cabinet")}
    moves = usual.get(event.what, ("fighting",))
    if all(written[key] == 0.0 for key in moves) and not any(written.values()):
        raise InputError(f"{place}: the incident event changes nothing; write {' or '.join(moves)}")


def _pledge(event: Pledge, place: str, at: Callable[[str], str]) -> None:
    service = SERVICE_OF[event.kind]
    if event.binds and service != "ground":
        raise InputError(
            f"{at('binds')}: slots are of ground forces, and {event.kind} has another service; "
            "leave out binds"
        )
    if (event.chance, event.lead_time, event.binds or 0.0) == (0.0, 1.0, 0.0):
        raise InputError(
            f"{place}: the pledge event changes nothing; write chance or lead_time or binds"
        )


def _package(event: Package, events: Sequence[Event], place: str, at: Callable[[str], str]) -> None:
    if event.state == "all":
        raise InputError(f"{at('state')}: a package has one giver; write its code")
    if event.to == event.state:
        raise InputError(f"{at('to')}: {event.to} cannot be its own recipient; name another state")
    if event.equipment == 1.0 and not event.instructors:
        raise InputError(
            f"{place}: the package event changes nothing; write equipment or instructors"
        )
    if event.retired and not event.instructors:
        raise InputError(
            f"{at('retired')}: no instructors are sent; write how many, or leave it out"
        )
    wanted: list[tuple[str, tuple[str, ...]]] = (
        [("equipment", ("supply",))] if event.equipment != 1.0 else []
    )
    wanted += [("instructors", ("allow", "authorise", "exempt"))] if event.instructors else []
    rows = [row for row in law_table.table(events) if row["state"] == event.state]
    for what, effects in wanted:
        allowing = [
            row
            for row in rows
            if row["effect"] in effects
            and {event.framework, "all"} & set(row["frameworks"].split(";"))
        ]
        if rows and not any(law_table.in_force(row, event.month) for row in allowing):
            if what == "equipment" and not any(row["effect"] == "supply" for row in rows):
                continue  # a law that says nothing of supplies leaves them free
            later = sorted((row for row in allowing if row["in_force"]), key=law_table.entry)
            when = f"; {later[0]['id']} does from {later[0]['in_force']}" if later else ""
            raise InputError(
                f"{at(what)}: no law of {event.state} lets {what} go in {event.month} "
                f"({event.framework}){when}; choose another month or framework, or enact one"
            )
