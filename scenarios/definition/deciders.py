"""Whose decisions an event moves: a state that does not decide in the scenario is moved by none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from model.coverage import record_end
from model.errors import InputError
from model.months import month_number

from ..file_format.commitment_events import Package
from ..file_format.dated_event import Event
from ..file_format.law_events import LawEvent
from ..file_format.scenario_events import OpenCentre
from ..file_format.schema import Scenario
from . import lookup


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
