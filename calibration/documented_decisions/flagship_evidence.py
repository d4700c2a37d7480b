"""The cases that a specialist asks about first: what is documented, what the model says of each,
and whether it is right for the right reason, as judged by hand.

The cases and the judgements are in ``record/flagship_cases.csv``; every figure is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model import csv_rows
from model.errors import InputError

from ..raw_data.raw_files import coded, records
from . import decision_chances
from .decision_chances import RUNS, Chance
from .decision_evidence import Decision, decisions
from .known_cases import MEASURED, MEASURED_COLUMNS

COLUMNS = (
    "case", "state", "decisions", "history", "documented", "source", "judgement", "cause",
    "grounds",
)  # fmt: skip
RIGHT, OTHER, WRONG = JUDGEMENTS = ("right", "other", "wrong")
HALF = 0.5  # share of runs from which an answer is the model's


@dataclass(frozen=True)
class FlagshipCase:
    """One case with its evidence.

    Attributes:
        decisions: ids of its documented decisions; history: names of cases of ``free_history``.
        judgement: one of ``JUDGEMENTS``: right for the right reason, right for another, wrong.
        cause: of what is wrong, in a sentence; grounds: why it was judged so.
        chances: of its decisions, in their order.
        measured: share of freely running histories in which each case of ``history`` holds, and
            its aim, as stored.
    """

    name: str
    state: str
    decisions: tuple[str, ...]
    history: tuple[str, ...]
    documented: str
    source: str
    judgement: str
    cause: str
    grounds: str
    chances: tuple[Chance, ...] = ()
    measured: tuple[tuple[str, float, str], ...] = ()

    @property
    def lowest(self) -> float:
        """The lowest chance that people go or stay as documented; NaN where none is put."""
        return min((sided(one) for one in self.chances if one.runs), default=float("nan"))


def sided(found: Chance) -> float:
    """The chance that people go, or stay, if they did so and only if they did; what is given in
    their place is not counted."""
    yes = found.yes if found.decision.done in ("sent", "stays", "carried") else 1.0 - found.yes
    return decision_chances.share(yes * found.runs, found.runs)


def listed() -> list[FlagshipCase]:
    """The cases of the table, without what the model says.

    Raises:
        InputError: a decision, a case of history or a judgement that there is not.
    """
    known = {one.id for one in decisions()}
    histories = {row["case"] for row in csv_rows.read(MEASURED, MEASURED_COLUMNS)}
    found = []
    for row in records(coded("flagship_cases", COLUMNS)):
        made, history = (
            tuple(filter(None, row[name].split(";"))) for name in ("decisions", "history")
        )
        for what, names, valid in (
            ("decision", made, known),
            ("case of free_history.csv", history, histories),
            ("judgement", (row["judgement"],), set(JUDGEMENTS)),
        ):
            for name in names:
                if name not in valid:
                    raise InputError(f"flagship_cases.csv, {row['case']}: no {what} {name!r}")
        found.append(
            FlagshipCase(
                row["case"], row["state"], made, history, row["documented"], row["source"],
                row["judgement"], row["cause"], row["grounds"],
            )
        )  # fmt: skip
    return found


def measured(
    runs: int = RUNS, tell: Callable[[int, int], None] = lambda done, total: None
) -> list[FlagshipCase]:
    """The cases with the model's chance of each decision and the stored shares of histories.

    Args:
        runs: of each month.
        tell: gets the number of decisions done and of all.
    """
    cases = listed()
    wanted = {name for case in cases for name in case.decisions}
    put: list[Decision] = [one for one in decisions() if one.id in wanted]
    chances = {one.decision.id: one for one in decision_chances.chances(put, runs, tell=tell)}
    shares = {row["case"]: row for row in csv_rows.read(MEASURED, MEASURED_COLUMNS)}
    return [
        FlagshipCase(
            **{
                **vars(case),
                "chances": tuple(chances[name] for name in case.decisions),
                "measured": tuple(
                    (name, float(shares[name]["share"]), shares[name]["aim"])
                    for name in case.history
                ),
            }
        )
        for case in cases
    ]
