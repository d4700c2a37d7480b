"""The schema of a scenario file: what may be written, in which unit and range.

``json_schema()`` gives the same as JSON Schema, for editors that complete and check TOML.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from model.core import utility_terms
from model.coverage import world_end
from model.errors import InputError
from model.months import month_number, month_text
from model.own_terms import Term, checked
from model.settings import FIRST_MONTH, LATEST_MONTH
from model.vocabulary import STUDIED

from .field_types import Month, Number, State, Table
from .scenario_events import AnyEvent

USUAL_END = "2035-12"  # of a scenario of the future that writes no period
AFTER = 24  # months after the last event, at least
Direction = Literal["up", "down", "zero", "up_or_zero", "down_or_zero", "unsigned"]


def within_reach(month: str, where: str) -> str:
    """The month itself if it can be simulated."""
    number = month_number(month, where)
    if not month.isascii():
        raise InputError(f"{where}: {month!r} is not a month; write it in the digits 0 to 9")
    if not month_number(FIRST_MONTH) <= number <= month_number(LATEST_MONTH):
        raise InputError(
            f"{where}: {month} is out of range; months go from {FIRST_MONTH} to {LATEST_MONTH}"
        )
    return month


def _deliberating(value: list[str] | Literal["all"]) -> list[str] | Literal["all"]:
    return "all" if value == ["all"] else value


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank; write what the scenario is about")
    return text


class Period(Table):
    """First and last simulated month, both inclusive."""

    start: Month = FIRST_MONTH
    end: Month = Field(default_factory=world_end)


class Expectation(Table):
    """The direction in which an outcome should move against the baseline; a test checks it.

    The outcome is one of ``outcome_catalogue.MEASURES``, narrowed down here to a state, a group of
    frameworks, a mission, a kind and a span of months, and compared run by run.  ``low`` and
    ``high`` bound the mean difference (or the level) where a source gives one.  Where paired runs
    say otherwise, ``finding`` tells what was found and why; the direction stays as expected.
    """

    variable: str = Field("personnel", description="an outcome, see 'scenarios outcomes'")
    of: Literal["difference", "level"] = Field(
        "difference", description="level: of the scenario itself, not against its baseline"
    )
    direction: Direction
    state: State = "all"
    group: Literal["un", "coalition", "other", "all"] = "all"
    mission: str = "all"
    kind: str = Field("all", description="a kind, all, units or individuals")
    start: Month | None = None
    end: Month | None = None
    low: Number | None = None
    high: Number | None = None
    note: str = ""
    reference: str = ""
    finding: str = Field("", description="where the model disagrees: what it does, and why")


class Variant(Table):
    """A version of the scenario: its levers, uncertainties and events come on top."""

    title: Annotated[str, AfterValidator(_not_blank)]
    description: str = ""
    levers: dict[str, Number] = {}
    uncertainties: dict[str, Number] = {}
    events: list[AnyEvent] = []
    expect: list[Expectation] = []


class Scenario(Table):
    """One question put to the model.

    ``peacekeeping.scenario`` makes one from a name, a file or a dictionary, with every fault in a
    sentence.  One that is made here is checked when it is run; what is of another type than it
    should be is pydantic's ``ValidationError``, which is a ``ValueError``.

    Example:
        >>> import peacekeeping as pk
        >>> isinstance(pk.scenario("historical"), pk.Scenario)
        True
    """

    title: Annotated[str, AfterValidator(_not_blank)] = Field(min_length=1)
    question: str = ""
    author: str = ""
    references: list[str] = Field([], description="record ids or addresses")
    description: str = ""
    baseline: str | None = Field(None, description="the scenario it is compared with")
    period: Period = Field(
        default_factory=Period,
        description="blank: with events the record, to 2035 at least where one is later; without "
        "events that of the baseline",
    )
    deliberating: Annotated[list[State] | Literal["all"], AfterValidator(_deliberating)] = Field(
        list(STUDIED), description="states that decide by the rules"
    )
    afterwards: Literal["deliberate", "recorded"] = Field(
        "recorded",
        description="what the other states do once their record ends: keep their share of each "
        "mission, or decide by the rules",
    )
    reform: Literal["dated", "endogenous", "none"] = Field(
        "dated",
        description="reform packages that no event names: on their documented dates, an outcome of "
        "each run, or never",
    )
    point: bool = Field(False, description="every run uses point estimates, not a draw of its own")
    levers: dict[str, Number] = Field({}, description="what a policy maker may set")
    uncertainties: dict[str, Number] = Field({}, description="values that are uncertain")
    events: list[AnyEvent] = []
    expect: list[Expectation] = []
    variants: dict[str, Variant] = {}
    axes: dict[str, dict[str, Variant]] = Field(
        {}, description="levels of each axis; every combination of them is a variant"
    )

    _name: str = PrivateAttr(default="")
    _checked: bool = PrivateAttr(default=False)
    _terms: tuple[Term, ...] = PrivateAttr(default=())

    def __repr__(self) -> str:
        """In a line: name, title, period, and the user's own terms."""
        own = ", ".join(term.name for term in self._terms)
        place = f"{self.period.start or 'the record'} to {self.period.end or 'its end'}"
        return f"Scenario {self.name}: {self.title}, {place}{f', with {own}' if own else ''}"

    __str__ = __repr__

    @property
    def terms(self) -> tuple[Term, ...]:
        """Terms of the user's own theory; no file has any."""
        return self._terms

    def with_terms(self, *terms: Term) -> Scenario:
        """The same scenario with terms of the user's own theory in place of those it had.

        Raises:
            InputError: what is given is no term, or two have one name.

        Example:
            >>> import peacekeeping as pk
            >>> rows = [{"mission": "UNMISS", "month": "2011-07", "value": 1.0}]
            >>> mine = pk.scenario("historical").with_terms(pk.Term("new_state", rows))
            >>> found = pk.compare("historical", mine, runs=3, end="2012-12")
            >>> found.others
            ['historical (2)']
        """
        for one in terms:
            if not isinstance(one, Term):
                raise InputError(
                    f"with_terms takes terms one after the other, with_terms(first, second); "
                    f"{type(one).__name__} is no Term"
                )
        copy = self.named(self._name)
        copy._terms = checked(terms, utility_terms.NAMES)
        return copy

    @property
    def is_checked(self) -> bool:
        """Whether its names, dates and numbers have been held against the tables."""
        return self._checked

    def as_checked(self) -> Scenario:
        """The same scenario, marked as checked; its copies are, too."""
        copy = self.named(self._name)
        copy._checked = True
        return copy

    @property
    def name(self) -> str:
        """The file's name without its ending, and the variant if one was chosen."""
        return self._name or self.title

    def named(self, name: str) -> Scenario:
        """The same scenario under a name."""
        return self._copy(name, {})

    @property
    def combinations(self) -> int:
        """How many combinations of one level of each axis there are; none without axes."""
        return math.prod(len(levels) for levels in self.axes.values()) if self.axes else 0

    def combined(self) -> Iterator[str]:
        """Name of every combination of one level of each axis: the levels, hyphens between."""
        return ("-".join(levels) for levels in product(*self.axes.values()) if levels)

    def choices(self) -> dict[str, tuple[Variant, ...]]:
        """Name of every variant to what it puts on top: the variants as written, then every
        combination of one level of each axis."""
        found: dict[str, tuple[Variant, ...]] = {key: (one,) for key, one in self.variants.items()}
        levels = product(*(axis.values() for axis in self.axes.values()))
        return found | dict(zip(self.combined(), (one for one in levels if one), strict=True))

    def variant(self, key: str) -> Scenario:
        """The scenario with one of its variants applied; its name is ``scenario/variant``."""
        chosen = self.choices()[key]
        update: dict[str, Any] = {
            "title": f"{self.title}: {'; '.join(one.title for one in chosen)}",
            "description": "\n".join(
                text.strip()
                for text in (self.description, *(one.description for one in chosen))
                if text.strip()
            ),
            "levers": dict(self.levers),
            "uncertainties": dict(self.uncertainties),
            "events": list(self.events),
            "expect": list(self.expect),
            "variants": {},
            "axes": {},
        }
        for one in chosen:
            update["levers"] |= one.levers
            update["uncertainties"] |= one.uncertainties
            update["events"] += one.events
            update["expect"] += one.expect
        return self._copy(f"{self.name}/{key}", update)

    def dated(self) -> Scenario:
        """The same scenario; where it writes no period, over the months that its events need: of
        history, of what follows it, or of both."""
        if "period" in self.model_fields_set:
            return self
        months = self._months()
        known = month_number(world_end())
        if not months or max(months) <= known:
            return self
        start = month_text(known + 1) if min(months) > known else FIRST_MONTH
        end = max(month_number(USUAL_END), min(max(months) + AFTER, month_number(LATEST_MONTH)))
        return self.changed(period=Period(start=start, end=month_text(end)))

    @property
    def is_dated(self) -> bool:
        """Whether it writes a period, or events that need one."""
        return "period" in self.model_fields_set or bool(self._months())

    def _months(self) -> list[int]:
        """The months of all events, those of variants and levels among them."""
        sections: list[Scenario | Variant] = [self, *self.variants.values()]
        sections += [level for levels in self.axes.values() for level in levels.values()]
        return [month_number(event.month) for one in sections for event in one.events]

    def changed(self, **update: Any) -> Scenario:
        """A copy with other values of some fields; they must be valid already."""
        return self._copy(self.name, update)

    def _copy(self, name: str, update: dict[str, Any]) -> Scenario:
        copy = self.model_copy(update=update)
        copy._name = name
        return copy


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    found = Scenario.model_json_schema()
    found["description"] = found["description"].partition("\n")[0]
    return found
