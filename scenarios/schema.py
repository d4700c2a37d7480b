"""The schema of a scenario file: what may be written, in which unit and range.

``json_schema()`` gives the same as JSON Schema, for editors that complete and check TOML.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from model.errors import InputError
from model.months import month_number

from .events import AnyEvent, Month, Number, State, Table

FIRST_MONTH = "1990-11"  # the contribution data begin
LAST_MONTH = "2040-12"  # the engine builds no world beyond it

Direction = Literal["up", "down", "zero", "up_or_zero", "down_or_zero", "unsigned"]


def within_reach(month: str, where: str) -> str:
    """The month itself if it can be simulated."""
    number = month_number(month, where)
    if not month.isascii():
        raise InputError(f"{where}: {month!r} is not a month; write it in the digits 0 to 9")
    if not month_number(FIRST_MONTH) <= number <= month_number(LAST_MONTH):
        raise InputError(
            f"{where}: {month} is out of range; months go from {FIRST_MONTH} to {LAST_MONTH}"
        )
    return month


def _deliberating(value: list[str] | Literal["all"]) -> list[str] | Literal["all"]:
    return "all" if value == ["all"] else value


class Period(Table):
    """First and last simulated month, both inclusive."""

    start: Month = FIRST_MONTH
    end: Month = "2023-12"


class Expectation(Table):
    """The direction in which an outcome should move against the baseline; a test checks it.

    The outcome is a ``variable`` of the result tables, averaged over states, months and runs as
    narrowed down here.  ``low`` and ``high`` bound the paired difference where a source gives one.
    """

    variable: str = "personnel"
    direction: Direction
    state: State = "all"
    group: Literal["un", "coalition", "other", "all"] = "all"
    mission: str = "all"
    kind: str = Field("all", description="a kind, all, units or individuals")
    start: Month | None = None
    end: Month | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    note: str = ""
    reference: str = ""


class Variant(Table):
    """A version of the scenario: its levers, uncertainties and events come on top."""

    title: str
    levers: dict[str, Number] = {}
    uncertainties: dict[str, Number] = {}
    events: list[AnyEvent] = []
    expect: list[Expectation] = []


class Scenario(Table):
    """One question put to the model."""

    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    author: str = ""
    references: list[str] = Field(min_length=1, description="record ids or addresses")
    description: str = ""
    baseline: str | None = Field(None, description="the scenario it is compared with")
    period: Period = Period()
    deliberating: Annotated[
        list[State] | Literal["all"], AfterValidator(_deliberating)
    ] = Field(["JPN", "KOR"], description="states that decide by the rules")
    afterwards: Literal["deliberate", "recorded"] = Field(
        "deliberate", description="what the other states do once their record ends"
    )
    levers: dict[str, Number] = Field({}, description="what a policy maker may set")
    uncertainties: dict[str, Number] = Field({}, description="what nobody knows")
    events: list[AnyEvent] = []
    expect: list[Expectation] = []
    variants: dict[str, Variant] = {}

    _name: str = PrivateAttr(default="")

    @property
    def name(self) -> str:
        """The file's name without its ending, and the variant if one was chosen."""
        return self._name or self.title

    def named(self, name: str) -> Scenario:
        """The same scenario under a name."""
        return self._copy(name, {})

    def variant(self, key: str) -> Scenario:
        """The scenario with one of its variants applied; its name is ``scenario/variant``."""
        chosen = self.variants[key]
        return self._copy(
            f"{self.name}/{key}",
            {
                "title": f"{self.title}: {chosen.title}",
                "levers": self.levers | chosen.levers,
                "uncertainties": self.uncertainties | chosen.uncertainties,
                "events": [*self.events, *chosen.events],
                "expect": [*self.expect, *chosen.expect],
                "variants": {},
            },
        )

    def changed(self, **update: Any) -> Scenario:
        """A copy with other values of some fields; they must be valid already."""
        return self._copy(self.name, update)

    def _copy(self, name: str, update: dict[str, Any]) -> Scenario:
        copy = self.model_copy(update=update)
        copy._name = name
        return copy


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    return Scenario.model_json_schema()
