"""The library of scenarios that ships with the program, and files of the user's own."""

from functools import lru_cache
from pathlib import Path

from model import input_files
from model.errors import InputError, unknown

from ..file_format.schema import Scenario
from .composition import JOIN, compose
from .limits import MOST_JOINED
from .loader import load

FOLDER = Path(__file__).parents[1] / "data" / "library"


def available() -> list[str]:
    """Names of the scenarios in the library, ``historical`` first.

    Example:
        >>> import peacekeeping as pk
        >>> pk.scenarios()[0]
        'historical'
    """
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return sorted(found, key=lambda name: name != "historical")


def every() -> list[str]:
    """Names of all scenarios of the library, each followed by its variants."""
    found = []
    for name in available():
        found += [name, *(f"{name}/{key}" for key in find(name).choices())]
    return found


def complete() -> list[str]:
    """Names of the scenarios to run; in place of one with variants, its variants."""
    return [name for name in every() if "/" in name or not find(name).choices()]


def find(name: str | Path) -> Scenario:
    """A scenario by its name in the library, or by the path of a file.

    ``name/variant`` chooses one of its variants; with a file, ``file.toml/variant`` does.
    ``one+other`` puts the changes of the other on top (see ``composition``).

    Raises:
        InputError: no such scenario or variant (the nearest is named), a fault in the file, or
            scenarios that contradict each other.

    Example:
        >>> import peacekeeping as pk
        >>> pk.scenario("korea-act-in-2000").baseline
        'historical'
    """
    written = str(name)
    if JOIN in written and not input_files.exists(Path(written)):
        if written.count(JOIN) >= MOST_JOINED:
            raise InputError(f"at most {MOST_JOINED} scenarios are put together")
        return compose([_one(part.strip()) for part in written.split(JOIN)])
    return _one(written)


def baseline(scenario: Scenario) -> Scenario:
    """What a scenario is compared with: its baseline over its own months, its own states deciding.

    Raises:
        InputError: it names none, or there is no such scenario.
    """
    if scenario.baseline is None:
        raise InputError(f"{scenario.name} names no baseline; name the scenario to compare it with")
    return find(scenario.baseline).changed(
        period=scenario.period, deliberating=scenario.deliberating
    )


def _one(written: str) -> Scenario:
    """A scenario that is not put together."""
    base, variant = _split(written)
    if base.endswith(".toml"):
        scenario = load(Path(base))
    elif base in available():
        scenario = _shipped(base)
    else:
        hint = unknown("scenario", base, available())
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
