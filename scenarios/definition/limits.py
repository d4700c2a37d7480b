"""How much one scenario may ask for: judged from counts, before anything is built of it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import accumulate

from model.errors import InputError

from ..file_format.dated_event import Event
from ..file_format.law_events import LawEvent
from ..file_format.schema import Scenario, Variant
from . import lookup

MOST_COMBINATIONS = 1000  # of levels of axes
MOST_AXES = 10
MOST_EVENTS = 500  # those of variants and levels among them: each is held against every other
MOST_EXPECTATIONS = 1000  # those of variants and levels among them
MOST_PROVISIONS = 2000  # named by changes of law; each of them leaves a copy behind
MOST_JOINED = 10  # scenarios put together into one

Path = tuple[str | int, ...]


def check(scenario: Scenario, where: Callable[[Path], str]) -> None:
    """Raise InputError where a scenario asks for more than is worked out."""
    if len(scenario.axes) > MOST_AXES:
        raise InputError(f"{where(('axes',))}: at most {MOST_AXES} axes are taken")
    if scenario.combinations > MOST_COMBINATIONS:
        raise InputError(
            f"{where(('axes',))}: the axes have {scenario.combinations:,} combinations; at most "
            f"{MOST_COMBINATIONS:,} are taken"
        )
    sections: list[tuple[Path, Scenario | Variant]] = [((), scenario)]
    sections += [(("variants", key), one) for key, one in scenario.variants.items()]
    for axis, levels in scenario.axes.items():
        sections += [(("axes", axis, key), one) for key, one in levels.items()]
    for key, most in (("events", MOST_EVENTS), ("expect", MOST_EXPECTATIONS)):
        counts = accumulate(len(getattr(section, key)) for _, section in sections)
        for (path, _), count in zip(sections, counts, strict=True):
            if count > most:
                what = "events" if key == "events" else "expectations"
                raise InputError(
                    f"{where((*path, key))}: at most {most:,} {what} are taken, those of variants "
                    "and levels among them"
                )
    events = [event for _, section in sections for event in section.events]
    if _patterns(events) > MOST_PROVISIONS or _named(events) > MOST_PROVISIONS:
        raise InputError(
            f"{where(('events',))}: the changes of law name more than {MOST_PROVISIONS:,} "
            "provisions altogether, every one as often as it is named; name fewer"
        )


def _patterns(events: Sequence[Event]) -> int:
    """How many ids and patterns of provisions events hold."""
    lists = ("instruments", "like", "keep", "without")
    return sum(len(getattr(event, name, ())) for event in events for name in lists)


def _named(events: Sequence[Event]) -> int:
    """How many provisions changes of law name; those that are misspelt are told later."""
    total = 0
    for event in events:
        with suppress(InputError):
            if isinstance(event, LawEvent):
                total += len(lookup.provisions(event.instruments, event.reform))
    return total
