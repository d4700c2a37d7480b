"""The five factors for authorising a deployment, with the terms of the choice behind each.

The factors are those of the study group on Japan's engagement in UN peacekeeping (record JSG-016,
interim report of July 2011, part II.4).  Which terms stand for which factor is a reading of ours;
every term stands in one place, so that the sums of the factors and the rest are the utility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .decisions import Answers

SOURCE = "JSG-016"
FACTORS: Mapping[str, tuple[str, ...]] = {
    "interest": ("region", "distance", "threat", "other_side"),
    "appreciation": ("ask", "alliance", "affinity", "status", "need", "partner_left"),
    "support": ("opinion", "attention", "cabinet", "norms"),
    "safety": ("risk", "robustness", "gap", "consent", "place", "congestion", "drawdown"),
    "capacity": ("access", "capability", "experience", "size", "presence", "foothold", "task_done"),
}
OUTSIDE = "outside"  # what the study group does not name
TERMS_OUTSIDE = ("intercept", "wealth", "occasion", "compensation")


@dataclass(frozen=True)
class FactorTerm:
    """A term in a decision: its weight, its value, and what both make of the utility."""

    name: str
    weight: float
    value: float
    contribution: float


@dataclass(frozen=True)
class Factor:
    """A factor (a key of ``FACTORS``, or ``OUTSIDE``) with its terms, the heaviest first.

    ``total``: what its terms add to the utility together.
    """

    name: str
    terms: tuple[FactorTerm, ...]

    @property
    def total(self) -> float:
        return sum(term.contribution for term in self.terms)


def of_answer(found: Answers, row: Mapping[Any, Any]) -> list[Factor]:
    """The five factors of one answer of the detailed run, and what lies outside them.

    Example:
        >>> from scenarios.explanation import decisions
        >>> found = decisions.find("historical", "JPN", "UNTAC", runs=1, end="1993-12")
        >>> [factor.name for factor in of_answer(found, found.decisions.iloc[0])][:2]
        ['interest', 'appreciation']
    """
    parts = found.contributions(row)
    rest, left = found.rest(row)
    own = [term.name for term in found.scenario.terms]
    weights = {**found.weights, rest: 1.0}
    parts = {**parts, rest: left}
    return [
        Factor(name, tuple(sorted((_term(n, parts, weights) for n in names), key=_size)))
        for name, names in {**FACTORS, OUTSIDE: (*TERMS_OUTSIDE, *own, rest)}.items()
    ]


def _term(name: str, parts: Mapping[str, float], weights: Mapping[str, float]) -> FactorTerm:
    weight, made = weights[name], parts[name]
    return FactorTerm(name, weight, made / weight if weight else 0.0, made)


def _size(term: FactorTerm) -> float:
    return -abs(term.contribution)
