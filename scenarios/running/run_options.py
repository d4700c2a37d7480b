"""What a user changes of a scenario before it runs: period, active states, levers, parameters.

The same options go to every command and function that runs a scenario, and into every manifest.
"""

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Literal, TypedDict

from model import own_terms
from model.core import utility_terms
from model.errors import InputError, nearest, unknown
from model.months import month_number
from model.own_terms import Term
from model.settings import REFORMS

from ..definition import checks, deciders, library, loader, lookup
from ..file_format.schema import Period, Scenario, within_reach

Settings = Mapping[str, float | str] | None
Format = Literal["parquet", "csv"]
FORMATS: tuple[Format, ...] = ("parquet", "csv")
Keep = Literal["runs", "summary"]
KEEPS: tuple[Keep, ...] = ("runs", "summary")
Engine = Literal["ensemble", "mesa"]
ENGINES: tuple[Engine, ...] = ("ensemble", "mesa")
LARGEST_SEED = 2**64 - 1
MOST_RUNS = 2**31 - 1


class RunOptions(TypedDict, total=False):
    """Options by name; what is left out is as the scenario says.

    Attributes:
        start: first decision month, ``YYYY-MM``; up to the month before, states are replayed.
        end: last month, inclusive.
        deliberating: codes or names of the states that decide, or ``["all"]``.
        settings: values of levers and uncertainties by name; ``reform`` dated, endogenous or none.
        point: every run uses point estimates; without it, each has a draw of the posterior, the
            same draw in every scenario.
        terms: terms of the user's own theory (``peacekeeping.Term``), for every scenario.
    """

    start: str | None
    end: str | None
    deliberating: Sequence[str] | None
    settings: Settings
    point: bool | None
    terms: Sequence[Term] | None


def check_keywords(function: Callable[..., Any], names: Iterable[str]) -> None:
    """Raise TypeError, as Python does, for a keyword that a public function does not take."""
    valid: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            valid += RunOptions.__annotations__
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            valid.append(parameter.name)
    for name in names:
        if name not in valid:
            told = f"{function.__name__}() got an unexpected keyword argument {name!r}"
            raise TypeError(f"{told}; {nearest(name, valid)}")


def resolve(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    *,
    start: str | None = None,
    end: str | None = None,
    deliberating: Sequence[str] | None = None,
    settings: Settings = None,
    point: bool | None = None,
    terms: Sequence[Term] | None = None,
) -> Scenario:
    """A scenario with what the user changed: period, deliberating states, levers by name.

    A name, file or dictionary means one scenario: of one with variants, a variant.

    Raises:
        InputError: an option is misspelt or out of range; it leaves an event or a lever of the
            scenario, or a term, without effect.
    """
    chosen = one_scenario(scenario)
    changed = put_in(
        chosen,
        start=start,
        end=end,
        deliberating=deliberating,
        settings=settings,
        point=point,
        terms=terms,
    )
    judge(chosen, changed, settings)
    return changed


def one_scenario(scenario: str | Path | Mapping[str, Any] | Scenario) -> Scenario:
    """The scenario behind a name, a file or a dictionary, checked."""
    chosen = scenario if isinstance(scenario, Scenario) else library.to_run(scenario)
    return chosen if chosen.is_checked else loader.checked(chosen)


def judge(before: Scenario, changed: Scenario, settings: Settings = None) -> None:
    """Raise InputError where what the user changed leaves a part of a scenario without effect."""
    checks.still_acts(before, changed, [name for name in settings or {} if name != "reform"])
    for one in changed.terms:
        deciders.check_term(one, changed)


def put_in(
    chosen: Scenario,
    *,
    start: str | None = None,
    end: str | None = None,
    deliberating: Sequence[str] | None = None,
    settings: Settings = None,
    point: bool | None = None,
    terms: Sequence[Term] | None = None,
) -> Scenario:
    """A checked scenario with the changes of ``resolve``, whether or not all of it still acts."""
    _check_types(start, end, deliberating, settings, point)
    given = own_terms.checked(terms or (), utility_terms.NAMES)
    first = chosen.period.start if start is None else start
    last = chosen.period.end if end is None else end
    within_reach(first, "the first month")
    within_reach(last, "the last month")
    if month_number(last) < month_number(first):
        raise InputError(f"the last month {last} is before the first month {first}")
    update: dict[str, Any] = {"period": Period(start=first, end=last)}
    if point is not None:
        update["point"] = point
    if deliberating is not None:
        deliberating = deliberating.split(",") if isinstance(deliberating, str) else deliberating
        everybody = "all" in [state.strip().lower() for state in deliberating]
        if everybody and len(deliberating) > 1:
            raise InputError("--deliberating: all stands alone; or write codes such as JPN,KOR")
        update["deliberating"] = (
            "all"
            if everybody
            else list(dict.fromkeys(lookup.state(state) for state in deliberating))
        )
    levers, uncertainties = dict(chosen.levers), dict(chosen.uncertainties)
    for name, value in (settings or {}).items():
        if name == "reform":
            update["reform"] = reform_mode(value)
            continue
        if isinstance(value, str):
            raise InputError(f"--set {name}: {value!r} is not a number")
        if isinstance(value, bool) or not isinstance(value, Real):
            raise InputError(f"--set {name}: {value!r} is not a number")
        number = _finite(name, value)
        lookup.setting(name, number)
        if name in uncertainties or name not in lookup.levers():
            uncertainties[name] = number
        else:
            levers[name] = number
    changed = chosen.changed(**update, levers=levers, uncertainties=uncertainties)
    return changed.with_terms(*tabulated(changed.with_terms(*given) if given else changed))


def tabulated(scenario: Scenario) -> tuple[Term, ...]:
    """The own terms of a scenario, functions asked for every documented mission and every state
    that may come to decide."""
    states = scenario.deliberating
    if states == "all" or scenario.afterwards == "deliberate":
        states = list(lookup.states())
    last = month_number(scenario.period.end)
    opened = [event.mission for event in scenario.events if event.type == "open_mission"]
    for one in scenario.terms:
        own_terms.check_names(one, list(lookup.states()), [*lookup.missions(), *opened])
    return tuple(one.tabulated(states, lookup.missions(), last) for one in scenario.terms)


def _finite(name: str, value: Real) -> float:
    """A number of any kind, such as a fraction or one of numpy, as the model counts with it."""
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InputError(f"--set {name}: {str(value)[:60]} is not a number that it can have")
    return number


def _check_types(start: Any, end: Any, deliberating: Any, settings: Any, point: Any) -> None:
    """Raise InputError for an option that is given in Python as something else than it is."""
    for name, month in (("start", start), ("end", end)):
        if month is not None and not isinstance(month, str):
            raise InputError(f"{name} = {month!r} is no month in quotes, such as '2010-01'")
    if deliberating is not None and not (
        isinstance(deliberating, str | list | tuple)
        and all(isinstance(state, str) for state in deliberating)
    ):
        raise InputError(f"deliberating = {deliberating!r} is no list of states")
    if settings is not None and not (
        isinstance(settings, Mapping) and all(isinstance(name, str) for name in settings)
    ):
        raise InputError("settings are no numbers by name, such as {'home_threat': 1.5}")
    if point is not None and not isinstance(point, bool):
        raise InputError(f"point = {point!r} is neither True nor False")


def reform_mode(value: float | str) -> str:
    """How reform packages come about, as ``--set reform=`` names it."""
    if value not in REFORMS:
        raise unknown("reform", str(value), REFORMS, "--set")
    return str(value)


def exact(value: float) -> str:
    """A number as a command takes it, to the last bit."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def check_numbers(runs: int, seed: int, most: int = MOST_RUNS) -> None:
    """Raise InputError unless both are whole numbers in range; ``most``: runs at most."""
    for name, value in (("runs", runs), ("seed", seed)):
        if not isinstance(value, Integral) or isinstance(value, bool):
            raise InputError(f"{name} = {value!r} is not a whole number")
    if not 1 <= runs <= most:
        raise InputError(f"runs = {runs} is out of range; ask for 1 to {most}")
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed = {seed} is out of range; it goes from 0 to 2**64 - 1")


def check_threads(threads: int | None) -> None:
    """Raise InputError unless it is a whole number of one or more, or none: as the machine has."""
    whole = isinstance(threads, Integral) and not isinstance(threads, bool)
    if threads is not None and (not whole or threads < 1):
        raise InputError(f"threads = {threads!r} is not a whole number of 1 or more")


def in_manifest(options: RunOptions, terms: Sequence[Term] = ()) -> dict[str, Any]:
    """The options as a manifest keeps them, each value exact; ``terms``: with their hashes."""
    states = options.get("deliberating")
    states = states.split(",") if isinstance(states, str) else states
    return {
        "from": options.get("start"),
        "to": options.get("end"),
        "deliberating": [state.strip() for state in states] if states else None,
        "settings": {
            name: value if isinstance(value, str) else float(value)
            for name, value in (options.get("settings") or {}).items()
        },
        "point": bool(options.get("point")),
        **({"terms": [one.described() for one in terms]} if terms else {}),
    }


def in_command(kept: Mapping[str, Any]) -> list[str]:
    """The options of a command line, from those that a manifest keeps."""
    words = ["--from", kept["from"]] if kept["from"] else []
    words += ["--to", kept["to"]] if kept["to"] else []
    words += ["--deliberating", ",".join(kept["deliberating"])] if kept["deliberating"] else []
    for name, value in kept["settings"].items():
        words += ["--set", f"{name}={value if isinstance(value, str) else exact(value)}"]
    words += ["--point"] if kept["point"] else []
    for term in kept.get("terms", ()):
        source = term["source"] if term["source"].endswith(".csv") else term["name"]
        words += ["--term", f"{source}={exact(term['weight'])}"]
    for state, name in kept.get("agents", {}).items():  # from Python alone: no option of a command
        words += ["--agent-class", f"{state}={name}"]
    return words


def in_format(command: Sequence[str], format: Format) -> list[str]:
    """A command line of ``run`` or ``compare`` with the tables in another format."""
    words = list(command)
    if "--format" in words:
        del words[words.index("--format") : words.index("--format") + 2]
    if format == "parquet":
        return words
    place = min(words.index(one) if one in words else len(words) for one in ("--engine", "--keep"))
    return [*words[:place], "--format", format, *words[place:]]
