"""The design of a sweep: which scenario, what varies and how, how many runs, what is kept.

A design is one TOML file. What varies is a lever or an uncertainty with ``values`` or a range
``low`` to ``high``, or a named list of ``choices``, each of which changes levers, uncertainties and
events or takes on another scenario of the library. ``[outcomes]`` says what is read off each run.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PrivateAttr, ValidationError

from model.core.records import STOCKS
from model.errors import InputError, nearest, unknown
from model.input_text import checked_name
from model.months import month_number
from model.vocabulary import FORMED, INDIVIDUALS

from ..definition import library, lookup
from ..definition.checks import check
from ..definition.loader import UNSTATED, Where, of_keys, place_in, read, validated
from ..file_format.field_types import Month, Number, State, Table
from ..file_format.scenario_events import AnyEvent
from ..file_format.schema import Period, Scenario
from ..running.run_options import check_numbers, resolve

Method = Literal["grid", "list", "latin_hypercube", "sobol", "morris", "posterior"]
SAMPLED = ("latin_hypercube", "sobol", "morris")
UNITS = {
    "mean": "people",
    "peak": "people",
    "last": "people",
    "months": "months",
    "ever": "share of runs",
    "first": "months",
}
MOST_CONFIGURATIONS = 5_000_000
MOST_CHOICES = 100  # of one factor; each is checked, and each may need a world of its own
MOST_TAKEN_ON = 10  # scenarios in one choice
OWN = "own"  # name of a design in a dictionary
CONFIGURATION = "configuration"  # the column that numbers the configurations of a sweep


class Choice(Table):
    """One named way in which a factor may stand; what it changes comes on top of the scenario."""

    title: str = ""
    scenarios: list[str] = Field(
        [], max_length=MOST_TAKEN_ON, description="scenarios of the library taken on, in order"
    )
    levers: dict[str, Number] = {}
    uncertainties: dict[str, Number] = {}
    events: list[AnyEvent] = []


class Factor(Table):
    """One thing that varies: exactly one of ``values``, ``low`` with ``high``, and ``choices``."""

    most: ClassVar[int] = 40_000
    title: str = ""
    values: list[Number] | None = None
    low: Number | None = None
    high: Number | None = None
    choices: dict[str, Choice] | None = None

    @property
    def levels(self) -> list[float] | list[str] | None:
        """What it may be, where that is a list: numbers, or names of choices."""
        return list(self.choices) if self.choices is not None else self.values


class Outcome(Table):
    """One number read off each run; see ``model.engine.outcome_selection.Selection``."""

    title: str = ""
    state: State
    group: Literal["un", "coalition", "other", "all"] = "all"
    mission: str = "all"
    kind: str = Field("all", description="a kind, all, units or individuals")
    variable: str = Field("personnel", description="personnel, or a stock such as opinion_un")
    start: Month | None = None
    end: Month | None = None
    measure: Literal["mean", "peak", "last", "months", "ever", "first"] = "mean"
    at_least: Number = 1.0

    @property
    def unit(self) -> str:
        """Unit of the number over runs; blank where it is that of the stock."""
        stock = self.variable != "personnel" and UNITS[self.measure] == "people"
        return "" if stock else UNITS[self.measure]


class Series(Table):
    """Monthly people by configuration, state, group and kind."""

    keep: Literal["none", "summary", "runs"] = "none"
    states: list[State] = []


class Design(Table):
    """One sweep."""

    most: ClassVar[int] = 40_000
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    author: str = ""
    description: str = ""
    scenario: str = Field("historical", description="a name in the library, or a .toml file")
    period: Period | None = None
    deliberating: list[State] | None = None
    settings: dict[str, Number] = Field({}, description="levers and uncertainties held fixed")
    method: Method = "grid"
    samples: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        64,
        description="points of a Latin hypercube, base points of Sobol, trajectories of Morris, "
        "draws of a posterior",
    )
    second_order: bool = Field(False, description="Sobol: pairs of factors, too; more runs")
    levels: Annotated[int, Field(ge=2, le=100, multiple_of=2)] = Field(
        4, description="Morris: levels of each factor"
    )
    table: str = Field("", description="list, posterior: a CSV file next to the design")
    configurations: list[dict[str, Number | str]] = Field([], description="list: one table each")
    runs: int = 20
    seed: int = Field(1, ge=0)
    draws: Literal["common", "own"] = Field(
        "common", description="common: run 3 has the same random draws in every configuration"
    )
    vary: dict[str, Factor] = {}
    outcomes: dict[str, Outcome] = Field(min_length=1)
    quantiles: list[Annotated[float, Field(gt=0, lt=1)]] = [0.1, 0.5, 0.9]
    series: Series = Series()

    _name: str = PrivateAttr(default="")
    _folder: Path = PrivateAttr(default=Path())

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self._name

    @property
    def folder(self) -> Path:
        """Where the file stands; scenarios and tables are named from there."""
        return self._folder


FOLDER = Path(__file__).parents[1] / "data" / "designs"


def of_manifest(known: Mapping[str, Any], where: str) -> Design:
    """A design as the manifest of its sweep holds it, name included.

    Raises:
        InputError: it is not a design of this version.
    """
    try:
        design = Design.model_validate({key: known[key] for key in known if key != "name"})
    except ValidationError:
        raise InputError(f"the design in {where} is not one of this version") from None
    design._name = str(known["name"])
    return design


def of_mapping(content: Mapping[str, Any], *, sampled: bool = True) -> Design:
    """The design in a dictionary with the keys of a design file.

    ``title`` and ``question`` may be left out.  In ``vary``, ``(low, high)`` stands for a range and
    ``[value, value ...]`` for values.

    Args:
        sampled: whether the method must fit the factors; not where others choose the points.

    Raises:
        InputError: as ``find``.
    """
    if "terms" in content or isinstance(content.get("scenario"), Scenario):
        raise InputError(
            f"design {OWN}: a design names a scenario, or its .toml file, and takes no terms of "
            "one's own; for those make a loop of pk.run(..., terms=[term])"
        )
    vary = content.get("vary", {})
    factors = {}
    for key, factor in vary.items() if isinstance(vary, Mapping) else ():
        if isinstance(factor, tuple) and len(factor) == 2:
            factor = {"low": factor[0], "high": factor[1]}
        elif isinstance(factor, list):
            factor = {"values": factor}
        elif not isinstance(factor, Mapping):
            raise InputError(
                f"design {OWN}, vary.{key}: {factor!r} does not say how it varies; write a range "
                "(low, high), a list of values, or a dictionary with choices"
            )
        factors[key] = factor
    stated = {"title": OWN, "question": UNSTATED, **content}
    design = of_keys({**stated, "vary": factors or vary}, Design, OWN)
    design._name = OWN
    _check(design, place_in(f"design {OWN}"), sampled)
    return design


def available() -> list[str]:
    """Names of the designs that ship with the program."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def find(name: str | Path | Mapping[str, Any]) -> Design:
    """A design by its name among those shipped, by the path of a file, or from a dictionary.

    Raises:
        InputError: one sentence with the file, the line, the offending key or value and what would
            be right.
    """
    if isinstance(name, Mapping):
        return of_mapping(name)
    written = str(name)
    if written.endswith(".toml"):
        return load(Path(written))
    if written in available():
        return load(FOLDER / f"{written}.toml")
    hint = nearest(written, available())
    raise InputError(f"unknown design {written!r}; {hint} (a file of your own ends in .toml)")


def load(path: Path) -> Design:
    """The design in a file; faults as in ``find``."""
    design, where = validated(read(path, "design"), path.name, Design)
    design._name = path.stem
    design._folder = path.parent
    _check(design, where)
    return design


def base_of(design: Design) -> Scenario:
    """The scenario that every configuration starts from."""
    written = design.scenario
    beside = design.folder / written.split(".toml")[0]
    if ".toml" in written and not Path(written).is_absolute():
        written = f"{beside}.toml{written.split('.toml', 1)[1]}"
    period = design.period
    found = resolve(
        library.to_run(written),
        start=period.start if period else None,
        end=period.end if period else None,
        deliberating=design.deliberating,
        settings=design.settings,
    )
    return found.changed(variants={}, axes={}, expect=[])  # the design's choices stand in for them


def applied(base: Scenario, choices: list[Choice]) -> Scenario:
    """The scenario with what the choices change on top of it, in their order."""
    levers, uncertainties, events = dict(base.levers), dict(base.uncertainties), [*base.events]
    for choice in choices:
        parts: list[Scenario | Choice] = [library.to_run(name) for name in choice.scenarios]
        for part in [*parts, choice]:
            levers |= part.levers
            uncertainties |= part.uncertainties
            events += part.events
    return base.changed(levers=levers, uncertainties=uncertainties, events=events)


def chosen(design: Design) -> list[str]:
    """Names of the factors that are choices."""
    return [name for name, factor in design.vary.items() if factor.choices is not None]


def _check(design: Design, where: Where, sampled: bool = True) -> None:
    """What the schema alone cannot see."""
    check_numbers(design.runs, design.seed)
    try:
        base = base_of(design)
    except InputError as error:
        raise InputError(f"{where(('scenario',))}: {error}") from None
    for key, factor in design.vary.items():
        _factor(design, base, key, factor, where)
    for key, outcome in design.outcomes.items():
        _outcome(base, key, outcome, where)
    if sampled:
        _method(design, where)
    for number, state in enumerate(design.series.states):
        lookup.state(state, where(("series", "states", number)))


def _factor(design: Design, base: Scenario, key: str, factor: Factor, where: Where) -> None:
    place = where(("vary", key))
    checked_name(key, "the factor", place, (CONFIGURATION, "run", "seed", "error", "outcome"))
    if key in design.outcomes:
        raise InputError(f"{place}: {key} is an outcome, too; give one of them another name")
    if factor.choices is not None and len(factor.choices) > MOST_CHOICES:
        raise InputError(f"{place}: {key} has more than {MOST_CHOICES} choices")
    for name in factor.choices or ():
        checked_name(name, "the choice", place)
    ways = [factor.values is not None, factor.low is not None, factor.choices is not None]
    if sum(ways) != 1 or (factor.low is None) != (factor.high is None):
        raise InputError(f"{place}: {key} needs exactly one of values, low with high, and choices")
    if factor.values is not None and len(set(factor.values)) != len(factor.values):
        raise InputError(f"{place}: {key} has the same value twice")
    if factor.levels is not None and not factor.levels:
        raise InputError(f"{place}: {key} has nothing to choose from")
    if factor.choices is None:
        for value in factor.values or (factor.low, factor.high):
            lookup.setting(key, float(value or 0.0), place)
        if factor.low is not None and factor.high is not None and not factor.low < factor.high:
            raise InputError(f"{place}: low {factor.low:g} is not below high {factor.high:g}")
        if key in design.settings:
            raise InputError(f"{place}: {key} is held fixed in [settings] and varies; choose one")
        return
    if key in lookup.parameters():
        raise InputError(f"{place}: {key} is a parameter; give its choices another name")
    for name, choice in factor.choices.items():
        here = where(("vary", key, "choices", name))
        own = {"levers": choice.levers, "uncertainties": choice.uncertainties}
        clash = [n for part in own.values() for n in part if n in design.vary]
        if clash:
            raise InputError(f"{here}: {clash[0]} varies by itself; take it out of the choice")
        check(applied(base, [choice]), _always(here))


def _always(place: str) -> Where:
    return lambda path: place


def _outcome(base: Scenario, key: str, outcome: Outcome, where: Where) -> None:
    place = where(("outcomes", key))
    if not key.isidentifier():
        raise InputError(f"{place}: an outcome's name has letters, digits and _; {key!r} has not")
    if key in ("configuration", "run", "seed", "error"):
        raise InputError(f"{place}: {key!r} is a column already; choose another name")
    lookup.state(outcome.state, where(("outcomes", key, "state")))
    if outcome.kind not in ("all", "units", "individuals"):
        lookup.kind(outcome.kind, where(("outcomes", key, "kind")))
    if outcome.mission != "all":
        lookup.mission(outcome.mission, where(("outcomes", key, "mission")))
    if outcome.variable != "personnel" and outcome.variable not in stock_names():
        at = where(("outcomes", key, "variable"))
        raise unknown("variable", outcome.variable, ("personnel", *stock_names()), at)
    first, last = month_number(base.period.start), month_number(base.period.end)
    start = month_number(outcome.start or base.period.start)
    end = month_number(outcome.end or base.period.end)
    if not first <= start <= end <= last:
        raise InputError(
            f"{place}: {outcome.start or base.period.start} to {outcome.end or base.period.end} "
            f"does not lie within the period {base.period.start} to {base.period.end}"
        )


def stock_names() -> tuple[str, ...]:
    """Variables other than personnel."""
    return STOCKS


def _method(design: Design, where: Where) -> None:
    """What each way of sampling needs, and what would be ignored."""
    place = where(("method",))
    method = design.method
    if method == "grid":
        for key, factor in design.vary.items():
            if factor.levels is None:
                raise InputError(
                    f"{where(('vary', key))}: a grid needs values; {key} has only low and high"
                )
        if not design.vary:
            raise InputError(f"{place}: a grid needs something to vary, such as [vary.home_threat]")
    if method in SAMPLED:
        for key, factor in design.vary.items():
            if factor.values is not None:
                raise InputError(
                    f"{where(('vary', key))}: {method} draws from low to high; {key} has values"
                )
        if not design.vary:
            raise InputError(f"{place}: {method} needs something to vary")
    if method == "list":
        if bool(design.table) == bool(design.configurations):
            raise InputError(f"{place}: a list needs either configurations or a table (a CSV file)")
    elif design.configurations:
        raise InputError(f"{where(('configurations',))}: only the method 'list' has configurations")
    if method not in ("list", "posterior") and design.table:
        raise InputError(f"{where(('table',))}: only 'list' and 'posterior' read a table")
    if method == "sobol" and design.samples & (design.samples - 1):
        raise InputError(
            f"{where(('samples',))}: Sobol needs a power of two, such as 64 or 256, not "
            f"{design.samples}"
        )


def kinds_of(outcome: Outcome) -> tuple[str, ...]:
    """Kinds of contribution that an outcome counts; all when empty."""
    if outcome.kind == "all":
        return ()
    if outcome.kind in ("units", "individuals"):
        return FORMED if outcome.kind == "units" else INDIVIDUALS
    return (lookup.kind(outcome.kind),)


def groups_of(outcome: Outcome) -> tuple[str, ...]:
    """Groups of frameworks that an outcome counts; all when empty."""
    return () if outcome.group == "all" else (outcome.group,)
