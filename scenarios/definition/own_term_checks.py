"""Whether a term of the user's own theory can move anybody in a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.errors import InputError
from model.months import month_number
from model.own_terms import ANY, Term

from ..file_format.schema import Scenario
from . import commitment_checks, deciders

Spell = tuple[str, str, int, float]  # state, mission, first month, first month with another value


def check(term: Term, scenario: Scenario) -> None:
    """Raise InputError where a term, its functions asked, adds nothing to any decision."""
    place = f"the term {term.name} ({term.source})"
    if term.weight == 0.0:
        raise InputError(f"{place}: its weight is 0, so that it changes nothing; write another")
    if term.default:
        return
    spells = list(_spells(term))
    if not spells:
        raise InputError(f"{place}: every value is 0, so that it changes nothing; write another")
    spells = [one for one in spells if one[0] == ANY or deciders.decides(scenario, one[0])]
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
