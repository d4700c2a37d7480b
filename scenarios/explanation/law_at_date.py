"""What a state's law allows at a date, and what else it does: the fold of its provisions."""

from itertools import groupby

import numpy as np
import pandas as pd

from model.errors import InputError, unknown
from model.rules import law
from model.vocabulary import AUTHORISERS, CONDITIONS, FRAMEWORKS, GATES, KINDS
from model.world import legal_regimes, states

from ..definition.law_table import in_range
from .counterfactuals import plain

BODIES = {  # in a table of any state's law; ``labels.AUTHORISERS`` names the legislature
    "none": "no particular body",
    "minister": "minister",
    "cabinet": "cabinet",
    "diet": "both houses",
    "diet_after": "cabinet, parliament after",
    "assembly": "parliament",
}
GATING = (law.ALLOW, law.BAR, law.FREEZE, law.UNFREEZE, law.CONDITION, law.AUTHORISE, law.EXEMPT)
COLUMNS = ("framework", "kinds", "gate", "decided by", "provision", "if")


def law_at(state: str, month: str) -> pd.DataFrame:
    """The documented law of a state in a month, every condition granted.

    Args:
        state: ISO code of a state with rows in ``instruments.csv``.
        month: ``YYYY-MM``; a law counts from the month in which it is in force.

    Returns:
        A row for each framework and the kinds that it treats alike: ``gate`` (open, open after
        lead, needs statute, shut), who must agree, the provision that decides, and the conditions
        that a mission must meet (``if``).

    Raises:
        InputError: the state is unknown or has no law in the tables, or the month is not one.
    """
    laws, span, names = law_of(state)
    number = in_range(month)
    rows = []
    for place, framework in enumerate(FRAMEWORKS):
        answers = [(kind, _answer(laws, span, n, place, number, names))
                   for n, kind in enumerate(KINDS)]  # fmt: skip
        for answer, alike in groupby(sorted(answers, key=lambda one: one[1]), lambda one: one[1]):
            rows.append((framework, ", ".join(kind for kind, _ in alike), *answer))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def beside_the_gate(state: str, month: str) -> list[str]:
    """Provisions in force in a month that do not open or shut but do something else: ceilings,
    weapons, terms, norms, supplies, surveys, standing forces, exits and background.

    Raises:
        InputError: as ``law_at``.
    """
    laws, span, names = law_of(state)
    number = in_range(month)
    return [
        names[row]
        for row in range(*span)
        if laws[row]["since"] <= number < laws[row]["until"] and laws[row]["effect"] not in GATING
    ]


def weapons_left(state: str, month: str) -> dict[str, tuple[float, float]]:
    """Least and most of the use of weapons that the law leaves open, over kinds, by framework.

    Raises:
        InputError: as ``law_at``.
    """
    laws, span, _ = law_of(state)
    number = in_range(month)
    left = {}
    for place, framework in enumerate(FRAMEWORKS):
        eases = [float(_found(laws, span, n, place, number)[0].ease) for n in range(len(KINDS))]
        left[framework] = (min(eases), max(eases))
    return left


def states_with_law() -> list[str]:
    """Codes of the states with documented law."""
    return list(legal_regimes.provisions(legal_regimes.instruments())[1])


def law_of(state: str) -> tuple[np.ndarray, tuple[int, int], list[str]]:
    """All provisions, the place of a state's own, and all ids.

    Raises:
        InputError: the state is unknown or has no law in the tables.
    """
    laws, ranges, names = legal_regimes.provisions(legal_regimes.instruments())
    codes = list(states.roster()["iso3"])
    if state not in codes:
        raise unknown("state", state, codes)
    if state not in ranges:
        raise InputError(
            f"{state} has no law in instruments.csv, so everything is open to it; states with one: "
            f"{', '.join(ranges)}"
        )
    return laws, ranges[state], names


def _found(
    laws: np.ndarray, span: tuple[int, int], kind: int, framework: int, month: int
) -> tuple[law.LegalFinding, np.ndarray]:
    """What the law finds of one matter, and the provisions that speak of it."""
    covers, gate = plain(law.covers), plain(law.gate)  # compiling them takes longer than this
    rows = np.array([r for r in range(*span) if covers(laws[r], kind, framework)], dtype=int)
    return gate(laws, rows, 0, len(rows), month=month, met=law.ALL_CONDITIONS), rows


def _answer(
    laws: np.ndarray, span: tuple[int, int], kind: int, framework: int, month: int, names: list[str]
) -> tuple[str, str, str, str]:
    """Gate, authoriser, deciding provision and conditions of one matter."""
    found, rows = _found(laws, span, kind, framework, month)
    is_open = found.answer <= law.OPEN_AFTER_LEAD
    bits = 0
    for one in rows:
        if laws[one]["since"] <= month < laws[one]["until"]:
            if laws[one]["effect"] == law.CONDITION or one == found.provision:
                bits |= int(laws[one]["conditions"])
    wanted = [name for n, name in enumerate(CONDITIONS) if bits >> n & 1]
    return (
        GATES[found.answer].replace("_", " "),
        BODIES[AUTHORISERS[found.authoriser]] if is_open else "",
        names[found.provision] if found.provision >= 0 else "no provision",
        ", ".join(wanted).replace("_", " ") if is_open else "",
    )
