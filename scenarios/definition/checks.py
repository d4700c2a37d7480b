"""What the schema alone cannot see: names that must exist, dates in order, events that do not
conflict."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

from model.coverage import world_end
from model.errors import InputError, unknown
from model.months import month_number
from model.settings import FIRST_MONTH, LATEST_MONTH
from model.vocabulary import FRAMEWORK_GROUPS

from ..file_format.commitment_events import Deploy
from ..file_format.dated_event import Event
from ..file_format.law_events import Amend, LawEvent, Replace
from ..file_format.scenario_events import Capacity, CloseCentre, OpenCentre, OpenMission, Request
from ..file_format.schema import Period, Scenario, Variant, within_reach
from . import (
    commitment_checks,
    conflicts,
    deciders,
    event_checks,
    expectation_checks,
    law_table,
    limits,
    lookup,
    name_checks,
    no_effect,
)
from .event_checks import Path, Where
from .sound_parts import NOTHING, Lost

AFTER_THE_RECORD = ("new_missions", "closures")
MOST_TOLD = 40  # faults of one file; whoever has more mends these first


class EnoughFaults(Exception):
    """So many faults were found that the rest is not looked for."""


class Faults:
    """Collects what independent checks raise, so that each error is reported once; ``lost``: what
    cannot be judged."""

    def __init__(self, lost: Lost = NOTHING) -> None:
        self.lost = lost
        self.found: list[InputError] = []
        self.raised = 0  # of one sentence more than once, too

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """A check that does not keep those after it from being made."""
        try:
            yield
        except InputError as error:
            self.raised += 1
            if str(error) not in self.sentences:
                self.found.append(error)
            if len(self.found) >= MOST_TOLD:
                raise EnoughFaults from None

    def collect(self, checks: Iterable[Callable[[], object]]) -> None:
        """Make every one of several checks."""
        for one in checks:
            with self.collecting():
                one()

    @property
    def sentences(self) -> list[str]:
        """One for each fault, in the order found."""
        return [str(error) for error in self.found]


def check(scenario: Scenario, where: Where) -> None:
    """Raise the first fault of a scenario; ``where`` gives the place of a path in the file."""
    for fault in faults(scenario, where):
        raise fault


def faults(scenario: Scenario, where: Where, lost: Lost = NOTHING) -> list[InputError]:
    """Every fault of a scenario; what one of them, or what of its file is ``lost``, makes uncertain
    is not judged."""
    problems = Faults(lost)
    with problems.collecting():
        limits.check(scenario, where)
    if problems.found:  # by which all work is judged
        return problems.found
    with problems.collecting():
        _period(scenario, where)
    if problems.found:  # by which all dates are judged: the longest there is
        scenario = scenario.changed(period=Period(start=FIRST_MONTH, end=LATEST_MONTH))
    with suppress(EnoughFaults):
        _contents(scenario, where, problems)
    return problems.found


def _contents(scenario: Scenario, where: Where, problems: Faults) -> None:
    """What a scenario of stated size holds."""
    if scenario.baseline is not None and scenario.baseline == scenario.name:
        with problems.collecting():
            raise InputError(
                f"{where(('baseline',))}: {scenario.name} names itself as its baseline; name "
                "another scenario, such as 'historical'"
            )
    if scenario.deliberating != "all":
        for number, state in enumerate(scenario.deliberating):
            with problems.collecting():
                _deliberating(scenario.deliberating, number, state, where)
        if not scenario.deliberating:
            with problems.collecting():
                place = where(("deliberating",))
                raise InputError(f'{place}: deliberating names no state; write codes, or "all"')
    placed: list[tuple[Event, Path]] = [
        (event, ("events", number)) for number, event in enumerate(scenario.events)
    ]
    _section(scenario, scenario, (), _Before([]), where, problems)
    after = _Before(placed)
    for key, variant in scenario.variants.items():
        with problems.collecting():
            _name(key, ("variants", key), where)
        _section(scenario, variant, ("variants", key), after, where, problems)
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
            _section(scenario, level, path, held, where, problems)
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
        event_checks.dated(event, first.period, ("events", number), where)
        for other_number, other in enumerate(first.events):
            place = f"{first.name}, event {other_number + 1}"
            conflicts.check(event, other, where(("events", number)), place)
    before = _Before([(event, ()) for event in first.events])
    problems = Faults()
    _effects(before, list(enumerate(second.events)), (), first, where, problems)
    for fault in problems.found:
        raise fault


def still_decided(part: Scenario, whole: Scenario) -> None:
    """Raise where an event of a part is of states that do not decide in the whole."""
    for number, event in enumerate(part.events):
        place = f"{part.name}, event {number + 1}"
        deciders.check(event, whole, lambda key, place=place: place)  # type: ignore[misc]


def still_acts(before: Scenario, changed: Scenario, settings: Sequence[str]) -> None:
    """Raise where another period, or other states that decide, leave an event or a lever of a
    scenario without effect, or where one of the ``settings`` has none."""

    def where(path: Path) -> str:
        if path[:1] == ("events",) and len(path) > 1:
            return f"{before.name}, event {int(path[1]) + 1}"
        return f"--set {path[-1]}" if path[-1] in settings else f"{before.name}, {path[-1]}"

    for number, event in enumerate(changed.events):
        path: Path = ("events", number)
        at = event_checks.within(path, where)

        def in_time(one: Scenario, event: Event = event, path: Path = path) -> None:
            event_checks.dated(event, one.period, path, where)

        def decided(one: Scenario, event: Event = event, at: Callable[[str], str] = at) -> None:
            deciders.check(event, one, at)

        for still in (in_time, decided):
            if _holds(still, before):
                still(changed)
    for name in (*changed.levers, *changed.uncertainties):

        def moved(one: Scenario, name: str = name) -> None:
            place = where(("levers", name))
            _of_a_decider(name, one, place)
            _after_the_record(name, one.period, place)

        if name in settings or _holds(moved, before):
            moved(changed)


def _holds(check: Callable[[Scenario], None], scenario: Scenario) -> bool:
    """Whether a check of a scenario finds nothing."""
    try:
        check(scenario)
    except InputError:
        return False
    return True


def _idle_law(event: LawEvent, scenario: Scenario, place: str) -> str:
    """Why a change of existing law leaves everything as it is."""
    told = f"{place}: the {event.type_name()} changes nothing; "
    if isinstance(event, Amend):
        written = event.change.model_dump(exclude_none=True)
        longest, most = event.change.lead_max, law_table.longest_lead()
        if longest is not None and longest > most and set(written) <= {"lead_max", "title"}:
            return (
                f"{told}units leave within {most:g} months in a crisis (crisis_high), so that a "
                f"lead_max above {most:g} is none; write less"
            )
        end, lapses = scenario.period.end, event.change.lapses
        if lapses is not None and month_number(lapses) > month_number(end):
            return f"{told}{lapses} is after the end of the period, {end}"
    return f"{told}what it names is not in force in {event.month}, or is so already"


def _all_events(scenario: Scenario) -> list[Event]:
    """The events of a scenario, those of its variants and levels among them."""
    sections: list[Scenario | Variant] = [scenario, *scenario.variants.values()]
    sections += [level for axis in scenario.axes.values() for level in axis.values()]
    return [event for section in sections for event in section.events]


def _asking_rounds(scenario: Scenario, section: Any, events: Sequence[Event]) -> set[str]:
    """Kinds beside officers and police that missions put to all capitals in a scenario."""
    found = {
        kind
        for event in events
        if isinstance(event, OpenMission) and FRAMEWORK_GROUPS.get(event.framework) == "un"
        for kind, share in event.kinds.items()
        if share
    }
    values = scenario.levers | scenario.uncertainties | section.levers | section.uncertainties
    if values.get("civilianisation") or values.get("civilian_posts"):
        found.add("civilian")
    return found


def _period(scenario: Scenario, where: Where) -> None:
    start, end = scenario.period.start, scenario.period.end
    within_reach(start, where(("period", "start")))
    within_reach(end, where(("period", "end")))
    if month_number(end) < month_number(start):
        raise InputError(f"{where(('period', 'end'))}: the end {end} is before the start {start}")


def _section(
    scenario: Scenario,
    section: Any,
    path: Path,
    before: _Before,
    where: Where,
    problems: Faults,
) -> None:
    """Levers, uncertainties, events and expectations of a scenario or of one of its variants."""
    _settings(scenario, section, path, where, problems)
    period = scenario.period
    every = [*before.events, *section.events]
    asked = {one.mission for one in _all_events(scenario) if isinstance(one, Request | Deploy)}
    unsure = dict.fromkeys(problems.lost.opened, ("", ""))
    known = unsure | dict(commitment_checks.dates(every))
    sound: list[tuple[int, Event]] = []  # a faulty event says nothing about the others
    for number, event in enumerate(section.events):
        own: Path = (*path, "events", number)
        at = event_checks.within(own, where)
        told = problems.raised
        problems.collect(event_checks.parties(event, own, where))
        known_parties = problems.raised == told
        problems.collect(event_checks.particulars(event, period, own, known, where))
        if problems.raised == told:
            with problems.collecting():
                event_checks.check(event, own, where)
                commitment_checks.check(
                    event, every, where(own), at, known, problems.lost.missions, asked
                )
                if isinstance(event, Capacity):
                    no_effect.pool(event, _asking_rounds(scenario, section, every), at)
        if known_parties:
            with problems.collecting():
                deciders.check(event, scenario, at)
        if problems.raised == told:
            sound.append((number, event))
    _effects(before, sound, path, scenario, where, problems)
    placed = [(event, where(place)) for event, place in before.placed]
    for number, event in sound:
        place = where((*path, "events", number))
        with problems.collecting():
            for other, other_place in placed:
                conflicts.check(event, other, place, other_place)
        placed.append((event, place))
    for number, expectation in enumerate(section.expect):
        with problems.collecting():
            expectation_checks.check(
                expectation, (*path, "expect", number), list(known), period, where
            )


def _settings(scenario: Scenario, section: Any, path: Path, where: Where, problems: Faults) -> None:
    """Levers and uncertainties: known, in range, of a state that decides, changing something."""
    for role, values in (("lever", section.levers), ("uncertainty", section.uncertainties)):
        key = "levers" if role == "lever" else "uncertainties"
        for name, value in values.items():
            with problems.collecting():
                place = where((*path, key, name))
                lookup.setting(name, value, place, role)
                _of_a_decider(name, scenario, place)
                if section is scenario and role == "lever":
                    _lever(name, value, scenario.period, place)


def _lever(name: str, value: float, period: Period, place: str) -> None:
    """Refuse a lever that is left at its value, or that moves what the period does not have."""
    usual = lookup.parameters()[name.partition(".")[0]]["value"]
    if "." not in name and value == float(usual):
        raise InputError(
            f"{place}: {name} is {usual} as it is; write another value, or leave it out"
        )
    _after_the_record(name, period, place)


def _of_a_decider(name: str, scenario: Scenario, place: str) -> None:
    """Refuse the deviation of a state that does not decide."""
    state = name.partition(".")[2]
    if state and not deciders.decides(scenario, lookup.state(state)):
        raise InputError(
            f"{place}: {state} does not decide in this scenario, so that {name} would change "
            "nothing; add the state to 'deliberating'"
        )


def _after_the_record(name: str, period: Period, place: str) -> None:
    """Refuse a lever of missions that come later than the period ends."""
    if name in AFTER_THE_RECORD and month_number(period.end) <= month_number(world_end()):
        raise InputError(
            f"{place}: {name} is of missions that come after {world_end()}, and the period ends in "
            f"{period.end}; choose a later end, or leave it out"
        )


def _effects(
    before: _Before,
    own: Sequence[tuple[int, Event]],
    path: Path,
    scenario: Scenario,
    where: Where,
    problems: Faults,
) -> None:
    """Events that would change nothing: of expired law, of unknown centres."""
    law, until = before.law, law_table.last_month(scenario)
    done: list[Event] = []
    opened = [event for event in before.events if isinstance(event, OpenCentre)]
    opened += [event for _, event in own if isinstance(event, OpenCentre)]
    for number, event in own:
        place = where((*path, "events", number))
        if isinstance(event, Replace):  # which may read the law before another of its month
            old = law_table.table([*before.events, *done])
            law = law_table.table([*before.events, *done, event])
            if law_table.same(old, law, until):
                with problems.collecting():
                    raise InputError(
                        f"{place}: the replace changes nothing; no provision of {event.state} "
                        f"goes, and none of {event.by} comes"
                    )
        elif law_table.is_law(event):
            old, law = law, law_table.amended(law, [event])
            if isinstance(event, LawEvent) and law_table.same(old, law, until):
                with problems.collecting():
                    raise InputError(_idle_law(event, scenario, place))
        if law_table.is_law(event):
            done.append(event)
        if isinstance(event, CloseCentre):
            known = [row["centre"] for row in lookup.centres() if row["state"] == event.state]
            known += [other.centre for other in opened if other.state == event.state]
            if event.centre not in known and event.centre not in problems.lost.centres:
                with problems.collecting():
                    raise unknown(f"training centre of {event.state}", event.centre, known, place)
