"""What the schema alone cannot see: names that must exist, dates in order, events that do not
conflict."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

from model.errors import InputError, unknown
from model.months import month_number

from ..file_format.scenario_events import (
    Amend,
    Capacity,
    CloseCentre,
    CloseMission,
    Enact,
    Event,
    LawEvent,
    OpenCentre,
    OpenMission,
    Provision,
    Replace,
    Request,
    Shock,
    Spell,
)
from ..file_format.schema import Period, Scenario, within_reach
from . import conflicts, expectation_checks, law_table, limits, lookup, name_checks, no_effect

Path = tuple[str | int, ...]
Where = Callable[[Path], str]

MOST_TOLD = 40  # faults of one file; whoever has more mends these first


class EnoughFaults(Exception):
    """So many faults were found that the rest is not looked for."""


class Faults:
    """Collects what independent checks raise, so that each error is reported once."""

    def __init__(self) -> None:
        self.found: list[InputError] = []

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """A check that does not keep those after it from being made."""
        try:
            yield
        except InputError as error:
            if str(error) not in self.sentences:
                self.found.append(error)
            if len(self.found) >= MOST_TOLD:
                raise EnoughFaults from None

    @property
    def sentences(self) -> list[str]:
        """One for each fault, in the order found."""
        return [str(error) for error in self.found]


def check(scenario: Scenario, where: Where) -> None:
    """Raise the first fault of a scenario; ``where`` gives the place of a path in the file."""
    for fault in faults(scenario, where):
        raise fault


def faults(scenario: Scenario, where: Where) -> list[InputError]:
    """Every fault of a scenario; what one of them makes uncertain is not judged."""
    problems = Faults()
    with problems.collecting():
        limits.check(scenario, where)
        _period(scenario, where)
    if problems.found:  # by which all work and all dates are judged
        return problems.found
    with suppress(EnoughFaults):
        _contents(scenario, where, problems)
    return problems.found


def _contents(scenario: Scenario, where: Where, problems: Faults) -> None:
    """What a scenario of stated size holds."""
    if scenario.deliberating != "all":
        for number, state in enumerate(scenario.deliberating):
            with problems.collecting():
                _deliberating(scenario.deliberating, number, state, where)
        if not scenario.deliberating:
            with problems.collecting():
                place = where(("deliberating",))
                raise InputError(f'{place}: deliberating names no state; write codes, or "all"')
    period = scenario.period
    placed: list[tuple[Event, Path]] = [
        (event, ("events", number)) for number, event in enumerate(scenario.events)
    ]
    _section(scenario, (), _Before([]), period, where, problems)
    after = _Before(placed)
    for key, variant in scenario.variants.items():
        with problems.collecting():
            _name(key, ("variants", key), where)
        _section(variant, ("variants", key), after, period, where, problems)
    with problems.collecting():
        _axes(scenario, placed, where, problems)


def _deliberating(states: list[str], number: int, state: str, where: Where) -> None:
    place = where(("deliberating", number))
    name_checks.code(state, place)
    if state in states[:number]:
        raise InputError(f"{place}: {state!r} is listed twice")


def _axes(
    scenario: Scenario, before: list[tuple[Event, Path]], where: Where, problems: Faults
) -> None:
    """Levels of the axes: each on top of the scenario, without conflicts with other axes."""
    earlier = list(before)
    for axis, levels in scenario.axes.items():
        _name(axis, ("axes", axis), where)
        if not levels:
            raise InputError(f"{where(('axes', axis))}: the axis {axis!r} has no level")
        own: list[tuple[Event, Path]] = []
        held = _Before(list(earlier))
        for key, level in levels.items():
            path: Path = ("axes", axis, key)
            _name(key, path, where)
            _section(level, path, held, scenario.period, where, problems)
            own += [(event, (*path, "events", n)) for n, event in enumerate(level.events)]
        earlier += own
    called = Counter([*scenario.variants, *scenario.combined()])
    twice, times = called.most_common(1)[0] if called else ("", 0)
    if times > 1:
        raise InputError(f"{where(('axes',))}: two variants would be called {twice!r}")


class _Before:
    """Events that hold already, with their places, and the law as they leave it."""

    def __init__(self, placed: list[tuple[Event, Path]]) -> None:
        self.placed = placed
        self.events = [event for event, _ in placed]

    @cached_property
    def law(self) -> list[law_table.Row]:
        """The law under the events; read once for all that comes on top of them."""
        return law_table.table(self.events)


def _name(key: str, path: Path, where: Where) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", key):
        raise InputError(
            f"{where(path)}: {key!r} is no name; write letters, digits, hyphens, underscores, dots"
        )


def together(first: Scenario, second: Scenario) -> None:
    """Raise where the events of two scenarios cannot stand in one: a clash, or no effect."""

    def where(path: Path) -> str:
        place = f", event {int(path[1]) + 1}" if path[:1] == ("events",) and len(path) > 1 else ""
        return f"{second.name}{place}"

    for number, event in enumerate(second.events):
        _dated(event, first.period, ("events", number), where)
        for other_number, other in enumerate(first.events):
            place = f"{first.name}, event {other_number + 1}"
            conflicts.check(event, other, where(("events", number)), place)
    _effects(_Before([(event, ()) for event in first.events]), second.events, (), where)


def _period(scenario: Scenario, where: Where) -> None:
    start, end = scenario.period.start, scenario.period.end
    within_reach(start, where(("period", "start")))
    within_reach(end, where(("period", "end")))
    if month_number(end) < month_number(start):
        raise InputError(f"{where(('period', 'end'))}: the end {end} is before the start {start}")


def _section(
    section: Any, path: Path, before: _Before, period: Period, where: Where, problems: Faults
) -> None:
    """Levers, uncertainties, events and expectations of a scenario or of one of its variants."""
    for name, value in section.levers.items():
        with problems.collecting():
            lookup.setting(name, value, where((*path, "levers", name)), "lever")
    for name, value in section.uncertainties.items():
        with problems.collecting():
            lookup.setting(name, value, where((*path, "uncertainties", name)), "uncertainty")
    own = [
        event.mission
        for event in (*before.events, *section.events)
        if isinstance(event, OpenMission)
    ]
    for number, event in enumerate(section.events):
        with problems.collecting():
            _event(event, (*path, "events", number), own, where)
            _dated(event, period, (*path, "events", number), where)
    if not problems.found:  # a faulty event says nothing about the others
        with problems.collecting():
            _effects(before, section.events, path, where)
        placed = [(event, where(place)) for event, place in before.placed]
        for number, event in enumerate(section.events):
            place = where((*path, "events", number))
            with problems.collecting():
                for other, other_place in placed:
                    conflicts.check(event, other, place, other_place)
            placed.append((event, place))
    for number, expectation in enumerate(section.expect):
        with problems.collecting():
            expectation_checks.check(expectation, (*path, "expect", number), own, period, where)


def _dated(event: Event, period: Period, path: Path, where: Where) -> None:
    """An event outside the period would change nothing."""
    place, month = where((*path, "month")), event.month
    if month_number(month) > month_number(period.end):
        raise InputError(
            f"{place}: {month} is after the end of the period, {period.end}; the "
            f"{event.type_name()} would change nothing"
        )
    if isinstance(event, Spell) and event.until is not None:
        if month_number(event.until) <= month_number(period.start):
            raise InputError(
                f"{where((*path, 'until'))}: {event.until} is not after the start of the period, "
                f"{period.start}; the {event.type_name()} would change nothing"
            )


def _event(event: Event, path: Path, own: list[str], where: Where) -> None:
    def at(key: str) -> str:
        return where((*path, key))

    within_reach(event.month, at("month"))
    if isinstance(event, Spell) and event.until is not None:
        name_checks.order(event.month, event.until, at("until"))
    state = getattr(event, "state", None)
    if state is not None and not (state == "all" and isinstance(event, Spell)):
        name_checks.code(state, at("state"))
    if isinstance(event, LawEvent):
        if not event.instruments and event.reform is None:
            raise InputError(f"{where(path)}: the event names neither instruments nor a reform")
        place = at("instruments" if event.instruments else "reform")
        lookup.provisions(event.instruments, event.reform, place)
    if isinstance(event, Amend):
        _provision(event.change, at("change"))
        if not event.change.model_dump(exclude_none=True):
            raise InputError(f"{at('change')}: the amend changes nothing; write what is to change")
        if event.change.lapses is not None:
            name_checks.order(event.month, event.change.lapses, where((*path, "change", "lapses")))
    if isinstance(event, Enact):
        _enact(event, path, where)
    if isinstance(event, Replace):
        _replace(event, at)
    if isinstance(event, OpenMission):
        _open_mission(event, at)
    if isinstance(event, OpenCentre) and event.partner is not None:
        name_checks.code(event.partner, at("partner"))
    no_effect.check(event, where(path), at)
    if isinstance(event, CloseMission | Request) or (
        isinstance(event, Shock) and event.mission != "largest"
    ):
        name_checks.mission(event.mission, own, at("mission"))
    if isinstance(event, Request):
        name_checks.kind(event.kind, at("kind"))
        if event.site is not None:
            name_checks.site(event.site, event.mission, at("site"))
    if isinstance(event, Capacity):
        for kind in event.kinds:
            name_checks.kind(kind, at("kinds"))


def _effects(before: _Before, own: Sequence[Event], path: Path, where: Where) -> None:
    """Events that would change nothing: of expired law, of unknown centres."""
    law = before.law
    opened = [event for event in (*before.events, *own) if isinstance(event, OpenCentre)]
    for number, event in enumerate(own):
        place = where((*path, "events", number))
        if isinstance(event, LawEvent):
            after = law_table.amended(law, [event])
            if after == law:
                raise InputError(
                    f"{place}: the {event.type_name()} changes nothing; what it names is not in "
                    f"force in {event.month}, or is so already"
                )
            law = after
        if isinstance(event, CloseCentre):
            known = [row["centre"] for row in lookup.centres() if row["state"] == event.state]
            known += [other.centre for other in opened if other.state == event.state]
            if event.centre not in known:
                raise unknown(f"training centre of {event.state}", event.centre, known, place)


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
    if event.provision.effect is None:
        raise InputError(f"{where((*path, 'provision'))}: a new provision needs an 'effect'")


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
    low, high = provision.lead_min, provision.lead_max
    if low is not None and high is not None and high < low:
        raise InputError(f"{place}: lead_max {high:g} is below lead_min {low:g}")


def _open_mission(event: OpenMission, at: Callable[[str], str]) -> None:
    if event.mission in lookup.missions():
        raise InputError(f"{at('mission')}: the mission {event.mission!r} exists already")
    lookup.framework(event.framework, at("framework"))
    name_checks.code(event.host, at("host"))
    if event.end is not None:
        name_checks.order(event.month, event.end, at("end"))
    for kind in event.kinds:
        name_checks.kind(kind, at("kinds"))
    total = sum(event.kinds.values())
    if event.kinds and abs(total - 1) > 1e-6:
        raise InputError(f"{at('kinds')}: the shares of the kinds sum to {total:g}, not to 1")
