"""The fit of the decision weights: what it is told, rival theories, scores forward in time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.decision_fitting import decision_draws
from model.months import month_number
from model.vocabulary import STUDIED

pytest.importorskip("numpyro").enable_x64()

from calibration.decision_fitting import (  # noqa: E402
    calibration_by_simulation,
    forward_scores,
    missions_left_out,
    rival_theories,
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


def test_the_base_rate_is_that_of_the_kept_decisions_on_the_same_question():
    class One:
        def __init__(self, question: str, done: str) -> None:
            self.question, self.done = question, done

    kept = [One("unit asked for", "sent")] * 3 + [One("unit asked for", "nothing")]
    base = missions_left_out.base_rate(kept, One("unit asked for", "sent"))
    assert base == pytest.approx((3 + 0.5) / (4 + 1))
    assert np.isfinite(missions_left_out.base_rate([], One("x", "y")))
