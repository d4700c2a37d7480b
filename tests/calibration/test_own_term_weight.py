"""The weight of a term of the user's own is found in the likelihood of documented answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from calibration.decision_fitting import decision_draws
from calibration.decision_fitting import own_term_weight as weighing
from calibration.decision_fitting.decision_likelihood import fixed_values, outcome_chances
from calibration.decision_fitting.decision_terms import CLASSES, NOTHING, OUTCOMES, Asks
from calibration.documented_decisions.decision_evidence import Decision
from model.core import utility_terms
from model.errors import InputError
from model.own_terms import Term
from model.vocabulary import STUDIED

COUNT = 240
MISSIONS = ("UNTAC", "UNDOF", "UNMIS", "UNMISS", "UNMIT", "MINUSTAH")
MONTHS = (200, 260)


def value_of(state: str, mission: str, month: str) -> float:
    """Alternates over states and missions, and changes once."""
    odd = (MISSIONS.index(mission) + STUDIED.index(state)) % 2
    return float(odd) if month < "2010-01" else 1.0 - odd


def asks(weight: float, seed: int = 1) -> tuple[Asks, pd.DataFrame]:
    """Invented asks that are answered by a known weight, and draws that all know all else."""
    random = np.random.default_rng(seed)
    made = tuple(
        Decision(
            id=f"A{n}", state=STUDIED[n % 2], mission=MISSIONS[n // 2 % len(MISSIONS)],
            month=MONTHS[n % 4 // 2], event="unit", kinds=("engineer",), done="sent", until=0,
        )
        for n in range(COUNT)
    )  # fmt: skip
    classes = np.zeros((COUNT, 1, len(CLASSES)))
    classes[:, 0, CLASSES.index("unit")] = 1.0
    asked = Asks(
        made=made,
        terms=np.zeros((COUNT, 1, 1, utility_terms.COUNT)),
        classes=classes,
        open=np.ones((COUNT, 1, 1), dtype=bool),
        nest=np.zeros((COUNT, 1), dtype=int),
        outcome=np.zeros((COUNT, 1), dtype=int),
        done=np.zeros(COUNT, dtype=int),
        grade=np.zeros(COUNT, dtype=int),
        interest=np.zeros(COUNT),
        state=np.array([STUDIED.index(one.state) for one in made]),
    )
    drawn = pd.concat([decision_draws.whole().mean().to_frame().T] * 4, ignore_index=True)
    for name in drawn:
        if str(name).startswith(("unit_intercept", "weight_ask")):
            drawn[name] = 0.0
    names = dict.fromkeys(str(name).split(".")[0] for name in drawn)
    known = {name: drawn.loc[0, [f"{name}.{s}" for s in STUDIED]].to_numpy() for name in names}
    x = weighing.values(Term("mine", value_of), asked)
    sent = np.asarray(outcome_chances(asked, known, fixed_values(), weight * x))[:, 0]
    done = np.where(random.random(COUNT) < sent, OUTCOMES.index("whole"), NOTHING)
    return Asks(**{**vars(asked), "done": done}), drawn


@pytest.mark.parametrize("weight", [1.5, -1.5])
def test_a_known_weight_is_found_and_pays_left_out(weight: float) -> None:
    asked, drawn = asks(weight)
    found = weighing.fitted(Term("mine", value_of, weight=7.0), asked, drawn)
    assert found.low < weight < found.high
    assert abs(found.mean - weight) < 3 * found.deviation
    assert found.by_decision > 2 * found.by_decision_error > 0
    assert found.by_mission > found.by_mission_error > 0
    assert found.decisions == COUNT and found.unsure == 0
    assert f"{found.mean:+.2f} log odds" in str(found)
    assert found.table()["mean"].tolist() == [found.mean]


def test_a_term_that_says_nothing_costs_a_little() -> None:
    asked, drawn = asks(0.0)
    found = weighing.fitted(Term("mine", value_of), asked, drawn)
    assert found.low < 0.0 < found.high
    assert found.by_decision < 2.0


def test_the_value_of_an_ask_is_that_of_the_month_before() -> None:
    asked, _ = asks(0.0)
    first = asked.made[0]
    rows = [{"mission": first.mission, "month": "2006-08", "value": 1.0}]
    before = [{"mission": first.mission, "month": "2006-09", "value": 1.0}]
    assert first.month == 200  # September 2006
    assert weighing.values(Term("mine", rows), asked)[0] == 1.0
    assert weighing.values(Term("mine", before), asked)[0] == 0.0


def test_a_term_that_is_the_same_everywhere_is_refused() -> None:
    asked, drawn = asks(0.0)
    with pytest.raises(InputError, match="is 1 in all 240 documented answers"):
        weighing.fitted(Term("mine", [{"value": 1.0}]), asked, drawn)


def test_names_are_judged_before_any_work() -> None:
    rows: Any = [{"mission": "UNTACC", "value": 1.0}]
    with pytest.raises(InputError, match="did you mean 'UNTAC'?"):
        weighing.fit_term(Term("mine", rows))


def test_what_is_no_term_is_told_what_to_write() -> None:
    for wrong in ("x", [Term("mine", [{"value": 1.0}])], None):
        with pytest.raises(InputError, match=r"pk.Term\(name, table\)\); .* is no Term"):
            weighing.fit_term(wrong)  # type: ignore[arg-type]


def test_asks_are_laid_out_once_until_the_tables_are_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid: list[int] = []

    def invented(tell: Any) -> Asks:
        laid.append(1)
        return asks(0.0)[0]

    monkeypatch.setattr(weighing, "_kept", [])
    monkeypatch.setattr(weighing, "asks", invented)
    for _ in range(2):
        weighing._laid_out(weighing.quiet)
    assert len(laid) == 1
    stamp = weighing.table("missions").copy()
    monkeypatch.setattr(weighing, "table", lambda name: stamp)
    weighing._laid_out(weighing.quiet)
    assert len(laid) == 2
