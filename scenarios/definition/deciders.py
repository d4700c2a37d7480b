"""Whose decisions an event, or a term of the user's own, moves: a state that does not decide in the
scenario is moved by none."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from model.coverage import record_end
from model.errors import InputError
from model.months import month_number
from model.own_terms import ANY, Term

from ..file_format.commitment_events import Package
from ..file_format.dated_event import Event
from ..file_format.law_events import LawEvent
from ..file_format.scenario_events import OpenCentre
from ..file_format.schema import Scenario
from . import commitment_checks, lookup

Spell = tuple[str, str, int, float]  # state, mission, first month, first month with another value


def check(event: Event, scenario: Scenario, at: Callable[[str], str]) -> None:
    """Raise InputError where an event concerns only states that do not decide in the scenario."""
    key, states = _concerned(event)
    if states and not any(decides(scenario, state) for state in states):
        raise InputError(
            f"{at(key)}: {' and '.join(states)} {'does' if len(states) == 1 else 'do'} not decide "
            f"in this scenario, so that the {event.type_name()} would change nothing; add the "
            "state to 'deliberating'"
        )


def decides(scenario: Scenario, state: str) -> bool:
    """Whether a state decides by the rules at some time."""
    if scenario.deliberating == "all" or state in scenario.deliberating:
        return True
    beyond = month_number(scenario.period.end) > month_number(record_end())
    return scenario.afterwards == "deliberate" and beyond


def refusal(state: str, name: str, choices: Sequence[str]) -> InputError:
    """Of a question about a state that does not decide in a scenario; ``choices``: who does."""
    return InputError(
        f"{state} does not decide in {name}, its documented contributions are replayed; choose one "
        f"of the deliberating states ({', '.join(choices)}) or let it decide with --deliberating "
        f"{state}"
    )


def _concerned(event: Event) -> tuple[str, list[str]]:
    """The field that names the states concerned, and their codes; none where all are."""
    if isinstance(event, LawEvent):
        known = lookup.instruments()
        named = lookup.provisions(event.instruments, event.reform)
        key = "instruments" if event.instruments else "reform"
        return key, sorted({known[name]["state"] for name in named})
    if isinstance(event, Package):
        return "to", [event.to]
    state = getattr(event, "state", None)
    if state in (None, "all"):
        return "state", []
    if isinstance(event, OpenCentre) and event.partner is not None:
        return "state", [state, event.partner]
    return "state", [state]


def check_term(term: Term, scenario: Scenario) -> None:
    """Raise InputError where a term, its functions asked, adds nothing to any decision."""
    place = f"the term {term.name} ({term.source})"
    if term.weight == 0.0:
        raise InputError(f"{place}: its weight is 0, so that it changes nothing; write another")
    if term.default:
        return
    spells = list(_spells(term))
    if not spells:
        raise InputError(f"{place}: every value is 0, so that it changes nothing; write another")
    spells = [one for one in spells if one[0] == ANY or decides(scenario, one[0])]
    if not spells:
        raise InputError(
            f"{place}: its values are for states that do not decide in {scenario.name}, so that it "
            "changes nothing; add them with --deliberating, or leave the column state out"
        )
    period = scenario.period
    first, last = month_number(period.start) - 1, month_number(period.end)  # seen a month later
    spells = [one for one in spells if one[2] < last and one[3] > first]
    if not spells:
        raise InputError(
            f"{place}: none of its values falls between {period.start} and {period.end}, so that "
            "it changes nothing; choose other months or another period"
        )
    ends = {name: end for name, (_, end) in commitment_checks.dates(scenario.events).items() if end}
    if all(one[1] in ends and month_number(ends[one[1]]) <= first for one in spells):
        raise InputError(
            f"{place}: its missions have ended by {period.start}, so that it changes nothing; "
            "choose others or an earlier period"
        )


def _spells(term: Term) -> Iterator[Spell]:
    """The spells of values other than 0."""
    for state, mission, changes in term.spells:
        ends = [float(since) for since, _ in changes[1:]] + [math.inf]
        for (since, value), until in zip(changes, ends, strict=True):
            if value:
                yield state, mission, since, until
