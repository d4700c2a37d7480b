"""The types of event of a scenario, with their fields and an example from the library."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from model.errors import unknown

from ..file_format import scenario_events
from ..file_format.dated_event import Event
from . import library

MOST_CHOICES = 8  # of a closed list that are named with a field
SAID_ABOVE = ("state", "until", "ramp")  # fields of many events, described once


@dataclass(frozen=True)
class EventType:
    """One type: its ``name``, ``what`` happens, the fields that it ``must`` and ``may`` have."""

    name: str
    what: str
    must: tuple[str, ...] = field(repr=False)
    may: tuple[str, ...] = field(repr=False)


def listed() -> list[EventType]:
    """Every type of event, in the order of the schema."""
    common = set(Event.model_fields)
    found = []
    for kind in get_args(get_args(scenario_events.AnyEvent)[0]):
        name = get_args(kind.model_fields["type"].annotation)[0]
        own = {key: one for key, one in kind.model_fields.items() if key not in {*common, "type"}}
        must = tuple(_field(key, one) for key, one in own.items() if one.is_required())
        may = tuple(_field(key, one) for key, one in own.items() if not one.is_required())
        found.append(EventType(name, inspect.cleandoc(kind.__doc__ or ""), must, may))
    return found


def named(name: str) -> EventType:
    """One type by its name.

    Raises:
        InputError: there is none.
    """
    known = {one.name: one for one in listed()}
    if name not in known:
        raise unknown("type of event", name, known)
    return known[name]


def example(name: str) -> tuple[str, str]:
    """The first event of a type in the library as a scenario file has it, and the scenario's name;
    blank where no scenario has one."""
    for key in library.available():
        scenario = library.find(key)
        for events in (scenario.events, *(one.events for one in scenario.variants.values())):
            for event in events:
                if event.type_name() == name:
                    return _written(event), key
    return "", ""


def _written(event: Any) -> str:
    table = event.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    rows = {"type": event.type_name()} | table
    return "\n".join(["[[events]]", *(f"{key} = {_value(one)}" for key, one in rows.items())])


def _value(value: Any) -> str:
    """A value in TOML, on one line; its strings and numbers are written as in JSON."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _field(name: str, one: FieldInfo) -> str:
    """A field of an event with its choices, if it is of a closed list, or with its meaning."""
    choices = [str(choice) for choice in _choices(one.annotation)]
    said = choices if 1 < len(choices) <= MOST_CHOICES else []
    meaning = "; ".join([", ".join(said), one.description or ""]).strip("; ")
    return f"`{name}`" + (f" ({meaning})" if meaning and name not in SAID_ABOVE else "")


def _choices(annotation: Any) -> Iterator[Any]:
    """The words of the closed lists in an annotation."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
        return
    for inner in get_args(annotation):
        yield from _choices(inner)
