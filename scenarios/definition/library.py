"""The library of scenarios that ships with the program, and the user's own.

Scenarios of one's own are files, dictionaries, or a folder of files that the environment variable
``PEACEKEEPING_SCENARIOS`` names, whose scenarios are then known by their names.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from model import input_files
from model.coverage import world_end
from model.errors import InputError, unknown
from model.months import month_number

from ..file_format.schema import Scenario
from ..storage.scenario_folders import FOLDER, JOIN, file_of, own, shipped
from .composition import compose
from .limits import MOST_JOINED
from .loader import load, of_mapping

HISTORICAL, CONTINUED = "historical", "continued"  # baselines of what names none
MOST_VARIANTS = 8  # that the name of their scenario stands for in a comparison


def available() -> list[str]:
    """Names of the scenarios in the library, ``historical`` first, then those of one's own folder.

    Example:
        >>> import peacekeeping as pk
        >>> pk.scenarios()[0]
        'historical'
    """
    return [*shipped(), *own()]


def every() -> list[str]:
    """Names of all scenarios that ship with the program, each followed by its variants."""
    found = []
    for name in shipped():
        found += [name, *(f"{name}/{key}" for key in find(name).choices())]
    return found


def complete() -> list[str]:
    """Names of the scenarios to run; in place of one with variants, its variants."""
    return [name for name in every() if "/" in name or not find(name).choices()]


def find(name: str | Path | Mapping[str, Any]) -> Scenario:
    """A scenario by its name in the library, by the path of a file, or from a dictionary.

    A dictionary has the keys of a scenario file; title, question and references may be left out.

    ``name/variant`` chooses one of its variants; with a file, ``file.toml/variant`` does.
    ``one+other`` puts the changes of the other on top (see ``composition``).

    Raises:
        InputError: no such scenario or variant (the nearest is named), a fault in the file, or
            scenarios that contradict each other.

    Example:
        >>> import peacekeeping as pk
        >>> pk.scenario("korea-act-in-2000").baseline
        'historical'
        >>> pk.scenario({"levers": {"home_threat": 1.5}}).period.start
        '1990-11'
    """
    if isinstance(name, Mapping):
        return of_mapping(name)
    written = str(name)
    if JOIN in written and not input_files.exists(Path(written)):
        if written.count(JOIN) >= MOST_JOINED:
            raise InputError(f"at most {MOST_JOINED} scenarios are put together")
        return compose([_one(part.strip()) for part in written.split(JOIN)])
    return _one(written)


def to_run(name: str | Path | Mapping[str, Any]) -> Scenario:
    """The one scenario that a name means where one is run.

    What the variants of a scenario share is no scenario by itself, so one of them must be named.

    Raises:
        InputError: as ``find``; a scenario with variants, none of which is named.
    """
    scenario = find(name)
    if not _stands_for_variants(scenario):
        return scenario
    told = f"{scenario.name} has variants, each a scenario of its own"
    if isinstance(name, Mapping):
        keys = " or ".join(f'.variant("{key}")' for key in scenario.variants)
        raise InputError(f"{told}; choose one with peacekeeping.scenario(...) and {keys}")
    raise InputError(f"{told}; name one: {', '.join(_variants(name, scenario))}")


def to_compare(name: str | Path | Mapping[str, Any]) -> list[Scenario]:
    """The scenarios that a name means where they are compared with another: of a scenario with
    variants, each of them.

    Raises:
        InputError: as ``find``; so many variants that they are not compared at once.
    """
    scenario = find(name)
    if not _stands_for_variants(scenario):
        return [scenario]
    if len(scenario.variants) > MOST_VARIANTS:
        raise InputError(
            f"{scenario.name} has {len(scenario.variants)} variants, and a name stands for at most "
            f"{MOST_VARIANTS}; name those to compare: {', '.join(_variants(name, scenario))}"
        )
    return [scenario.variant(key) for key in scenario.variants]


def _stands_for_variants(scenario: Scenario) -> bool:
    """Whether a scenario is run as its variants; one with axes is run as it is, too."""
    return bool(scenario.variants) and not scenario.axes


def _variants(name: str | Path | Mapping[str, Any], scenario: Scenario) -> list[str]:
    """Each variant of a scenario as it may be written after the name."""
    written = scenario.name if isinstance(name, Mapping) else name
    return [f"{written}/{key}" for key in scenario.variants]


def baseline(scenario: Scenario) -> Scenario:
    """What a scenario is compared with: its baseline over its own months, its own states deciding.

    Raises:
        InputError: there is no such scenario; see ``with_baseline``.
    """
    name = with_baseline(scenario).baseline
    assert name is not None
    return find(name).changed(period=scenario.period, deliberating=scenario.deliberating)


def with_baseline(scenario: Scenario) -> Scenario:
    """The same scenario with the name of a baseline.  One that names none is compared with the
    record carried on if all its events come after the record, else with the record as it happened.

    Raises:
        InputError: it is one of those that others are compared with.
    """
    if scenario.baseline is not None:
        return scenario
    if scenario.name in shipped():
        raise InputError(f"{scenario.name} names no baseline; name the scenario to compare it with")
    months = [event.month for event in scenario.events] or [scenario.period.start]
    after = min(map(month_number, months)) > month_number(world_end())
    return scenario.changed(baseline=CONTINUED if after else HISTORICAL)


def _one(written: str) -> Scenario:
    """A scenario that is not put together."""
    base, variant = _split(written)
    if base.endswith(".toml"):
        scenario = load(Path(base))
    elif base in shipped():
        scenario = _shipped(base)
    elif file := file_of(base):
        scenario = load(file)
    else:
        hint = unknown("scenario", base or written, available())
        raise InputError(f"{hint} (a file of your own ends in .toml)")
    if not variant:
        return scenario
    choices = scenario.choices()
    if variant not in choices:
        if not choices:
            raise InputError(f"the scenario {base!r} has no variants, so {variant!r} is not one")
        raise unknown(f"variant of {base}", variant, choices)
    return scenario.variant(variant)


def _split(written: str) -> tuple[str, str]:
    """Base and variant: what follows the name in the library or the ending of the file."""
    if written.endswith(".toml"):
        return written, ""
    head, mark, tail = written.rpartition(".toml/")
    if mark:
        return f"{head}.toml", tail
    base, _, variant = written.partition("/")
    return base, variant


@lru_cache(maxsize=64)
def _shipped(name: str) -> Scenario:
    return load(FOLDER / f"{name}.toml")
