"""The fit of the decision weights: what it is told, rival theories, scores forward in time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from calibration.decision_fitting import decision_draws
from model.core import parameter_values, utility_terms
from model.months import month_number
from model.rules import capacity_building, force_generation, lead_time
from model.vocabulary import STUDIED
from scenarios.explanation.counterfactuals import plain

pytest.importorskip("numpyro").enable_x64()

from calibration.decision_fitting import (  # noqa: E402
    calibration_by_simulation,
    decision_likelihood,
    decision_terms,
    forward_scores,
    lead_times,
    missions_left_out,
    rival_theories,
    training_and_dialogue,
)
from calibration.decision_fitting.decision_likelihood import priors  # noqa: E402


def test_theories_name_fitted_parameters_and_leave_some_out():
    known = set(priors().index)
    rows = rival_theories.coded("decision_theories", rival_theories.COLUMNS)
    for row in rows.to_dict("records"):
        assert set(row["parameters"].split(";")) <= known, row["name"]
    acting = {name: acts for name, _, acts in rival_theories.theories()}
    assert acting[rival_theories.WHOLE].all()
    assert all(0 < acts.sum() < len(known) for name, acts in acting.items()
               if name != rival_theories.WHOLE)  # fmt: skip
    without = acting["grade of the request"]
    assert without[list(priors().index).index("weight_ask")] == 0.0


def test_every_stored_fit_has_the_same_parameters_and_keeps_its_signs():
    whole = decision_draws.whole()
    names = {f"{name}.{state}" for name in priors().index for state in STUDIED}
    for month in decision_draws.UNTIL:
        held = pd.read_csv(decision_draws.STORE / f"{month}.csv")
        assert set(held) == set(whole) == names
        for name, row in priors().iterrows():
            sign = {"positive": 1.0, "negative": -1.0}.get(row["form"])
            if sign is not None:
                for state in STUDIED:
                    assert (sign * held[f"{name}.{state}"] > 0).all(), (month, name)


def test_decisions_after_a_cut_are_judged_by_a_fit_that_has_not_seen_them():
    held = pd.read_csv(decision_draws.STORE / "forward.csv")
    for cut, part in held.groupby("cut"):
        last = month_number(str(cut))
        assert part["month"].between(last + 1, last + forward_scores.AHEAD).all()
    assert set(held["cut"]) == set(forward_scores.CUTS)


def test_coverage_counts_the_truths_inside_each_interval():
    ranks = pd.DataFrame({
        "repeat": range(4), "parameter": "a", "rank": [0.5, 0.2, 0.05, 0.99],
    })  # fmt: skip
    found = calibration_by_simulation.coverage(ranks).set_index("parameter")
    inside = [float(found[name]["a"]) for name in ("in_50", "in_80", "in_95")]
    assert inside == [0.25, 0.5, 0.75]
    assert found["in_80"]["all parameters"] == 0.5


def test_a_fit_to_synthetic_decisions_that_is_kept_is_not_made_again(monkeypatch):
    module, fitted = calibration_by_simulation, []
    names = [name for name in priors().index if not name.startswith("resize_")]
    values = {name: np.zeros((1, 4, 2)) for name in priors().index}

    class Sampled:
        posterior = values

    class Sampler:
        def __init__(self, *_: object, **__: object) -> None: ...

        def run(self, seed: int, **told: object) -> Sampled:
            if "done" in told:
                fitted.append(seed)
            return Sampled()

    truth = ({name: np.ones(2) for name in names}, None)
    monkeypatch.setattr(module, "Sampler", Sampler)
    monkeypatch.setattr(module, "draws_of", lambda prior, every: [truth] * 3)
    monkeypatch.setattr(module, "decided", lambda *_: (None, None))
    asked: Any = decision_terms.Asks
    ended: Any = decision_terms.Terms
    monkeypatch.setattr(module, "replace", lambda ended, **_: ended)
    draws = [100.0]
    monkeypatch.setattr(module.chains, "diagnostics", lambda *_: {"ess": draws[0]})
    for one in (asked, ended):
        monkeypatch.setattr(one, "made", (), raising=False)
    first = next(module.calibrated(asked, ended, repeats=3))
    assert (first["rank"] == 1.0).all() and set(first["repeat"]) == {0}
    *_, last = module.calibrated(asked, ended, repeats=3, known=first)
    assert fitted == [module.SEED + 1, module.SEED + 2, module.SEED + 3]  # none of them twice
    assert list(last.groupby("repeat").size()) == [len(names)] * 3
    draws[0] = 1.0  # a chain that stands still is drawn again, then left out
    fitted.clear()
    assert list(module.calibrated(asked, ended, repeats=3)) == []
    assert fitted == [seed for n in (1, 2, 3) for seed in [module.SEED + n] * 2]


def test_the_base_rate_is_that_of_the_kept_decisions_on_the_same_question():
    class One:
        def __init__(self, question: str, done: str) -> None:
            self.question, self.done = question, done

    kept = [One("unit asked for", "sent")] * 3 + [One("unit asked for", "nothing")]
    base = missions_left_out.base_rate(kept, One("unit asked for", "sent"))
    assert base == pytest.approx((3 + 0.5) / (4 + 1))
    assert np.isfinite(missions_left_out.base_rate([], One("x", "y")))


def test_training_is_expected_as_the_rule_expects_it():
    names = training_and_dialogue.priors().index
    value = {name: 0.3 if name not in training_and_dialogue.OWN else np.array([0.2, 0.1])
             for name in names}  # fmt: skip
    ones = np.ones((2, 1))
    told = training_and_dialogue.Years(*[number * 0.1 * ones for number in range(9)])
    support, agreements = training_and_dialogue.expected(value, told)
    rule = plain(capacity_building.support_rate)(
        0.2, told.wealth[0, 0], 0.3, told.status[0, 0], 0.3, told.reputation[0, 0], 0.3,
        told.blocked[0, 0], 0.3,
    )  # fmt: skip
    assert float(support[0, 0]) == pytest.approx(12.0 * rule)
    rule = plain(capacity_building.agreement_rate)(
        0.1, told.goals[1, 0], 0.3, told.threat[1, 0], 0.3, told.trend[1, 0], 0.3
    )
    assert float(agreements[1, 0]) == pytest.approx(12.0 * rule)


def test_lead_times_are_fitted_to_the_months_of_the_record():
    frame = lead_times.documented().set_index("id")["months"]
    assert len(frame) == 12 and frame["REQ-JPN-011"] == 21 and frame["REQ-KOR-017"] == 4
    kept = {column.name: column.value for column in parameter_values.columns()}
    told = pd.read_csv(decision_draws.STORE / "lead_times.csv").set_index("parameter")
    for name in lead_times.priors().index:
        row = told.loc[f"{name}.JPN"]
        for state in STUDIED:
            assert row["low"] < kept[str(name)] + kept[f"{name}.{state}"] < row["high"]
    assert float(str(told.loc["routine_months.JPN", "mean"])) == pytest.approx(
        frame.median(), abs=2
    )


def test_the_chance_of_a_lead_time_is_that_of_the_rule():
    value = {"routine_months": 9.0, "routine_spread": 0.4}
    draws = np.linspace(0.0005, 0.9995, 1000)
    rule = plain(lead_time.lead_months)
    drawn = [
        rule(False, True, u, np.log(u / (1 - u)), 1, 2, 9.0, 0.4, 24, 0) for u in draws.tolist()
    ]
    for month in (6, 9, 14):
        chance = float(lead_times.below(month + 0.5, value) - lead_times.below(month - 0.5, value))
        assert np.mean(np.array(drawn) == month) == pytest.approx(chance, abs=0.003)


def test_what_the_data_do_not_tell_stays_at_nought():
    kept = {column.name: column.value for column in parameter_values.columns()}
    assert kept["spill_over"] == 0.0
    rows = pd.read_csv(decision_draws.STORE / "training.csv").to_dict("records")
    (told,) = [row for row in rows if row["parameter"] == "spill_over.JPN"]
    assert told["low"] < 0.0 < told["high"]


def test_sizes_of_extensions_have_the_chances_of_the_rule():
    value = {
        "resize_cut": np.array([-2.0, -1.0]),
        "resize_cut_load": np.array([3.0, 2.0]),
        "resize_raise": np.array([-2.5, -3.0]),
        "resize_step": np.array([0.5, 0.6]),
    }
    x = np.zeros((3, utility_terms.COUNT))
    none = np.zeros(3)
    ended = decision_terms.Terms(  # the load counts where no occasion lets it into the terms
        (), x, none, none + 0.2, none > 1, np.array([0, 0, 0]), np.zeros(3, int),
        np.array([0, 1, -1]), np.array([0.0, 0.4, 0.0]),
    )  # fmt: skip
    same, cut, unknown = np.asarray(decision_likelihood.sizes_chance(ended, value))
    weights = np.exp([0.0, -2.0 + 3.0 * 0.2, -2.5])
    assert same == pytest.approx(np.log(weights[0] / weights.sum()))
    size = -(0.4 - 0.1) / 0.5 - np.log(0.5)
    assert cut == pytest.approx(np.log(weights[1] / weights.sum()) + size)
    assert unknown == 0.0
    draws = np.linspace(0.0005, 0.9995, 1000)
    rule = plain(force_generation.extended_size)
    sizes = [rule(1000, 1, 5000, -2.0 + 3.0 * 0.2, -2.5, 0.5, 0.25, draw) for draw in draws]
    assert np.mean(np.array(sizes) < 1000) == pytest.approx(weights[1] / weights.sum(), abs=0.002)
