"""The five factors for authorising a deployment, in words: a sheet for one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scenarios.explanation.counterfactuals import CLEAR
from scenarios.explanation.five_factors import FACTORS, OUTSIDE, SOURCE, Factor, of_answer

from ..language.spoken import Words, say
from . import presence_text

if TYPE_CHECKING:
    from scenarios.explanation.decisions import Answers

NAMES = Words(
    {
        "interest": "national interest and policy",
        "appreciation": "appreciation by allies and others",
        "support": "support at home",
        "safety": "safe and reliable support framework",
        "capacity": "capacity shown and built",
        OUTSIDE: "outside the five",
    }
)
HEADS = ("Factor", "Term", "Weight", "Value", "Together")
LAW = Words(
    {
        "open": "the law permits it{provision}",
        "open_after_lead": "the law permits it after a vote{provision}",
        "needs_statute": "it needs a statute{provision}",
        "shut": "the law shuts it out{provision}",
    }
)


def title(factor: Factor) -> str:
    """A factor by its number and name."""
    number = list(FACTORS).index(factor.name) + 1 if factor.name in FACTORS else ""
    return f"{number} {NAMES[factor.name]}".strip()


def law(row: Mapping[Any, Any]) -> str:
    """What comes before the five: whether the law permits it."""
    provision = f" [{row['provision']}]" if row["provision"] else ""
    return say(LAW.english[row["gate"]], provision=provision)


def rows(found: Answers, row: Mapping[Any, Any]) -> list[tuple[str, str, str, str, str]]:
    """The sheet as rows of ``HEADS``: each factor with its sum, then its terms that matter."""
    told, names = [], presence_text.terms(found, row)
    for factor in of_answer(found, row):
        told.append((title(factor), "", "", "", f"{factor.total:+.2f}"))
        told += [
            (
                "",
                names[term.name],
                f"{term.weight:+.2f}",
                f"{term.value:+.2f}",
                f"{term.contribution:+.2f}",
            )
            for term in factor.terms
            if abs(term.contribution) >= CLEAR
        ]
    return told


def summary(found: Answers, row: Mapping[Any, Any]) -> str:
    """The sums of the factors in a sentence."""
    sums = say("; ").join(
        f"{title(factor)} {factor.total:+.2f}"
        for factor in of_answer(found, row)
        if factor.name in FACTORS
    )
    return say(
        "By the five factors for authorising a deployment ({source}): {sums}.",
        source=SOURCE,
        sums=sums,
    )
