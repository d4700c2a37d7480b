"""Menus as the engine lays them out: danger, grades, and the likelihood that is fitted to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.decision_fitting import decision_terms
from calibration.decision_fitting.decision_likelihood import fixed_values, priors
from calibration.documented_decisions.decision_chances import situation
from calibration.documented_decisions.decision_evidence import answers
from model.core import parameter_values
from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.vocabulary import GRADES, STUDIED

RUNS = 12
ASKS = ("REQ-KOR-020", "REQ-JPN-054", "REQ-KOR-043")  # several places on land


def menus(name: str, level: float | None = None, grade: str = "", **given: float) -> pd.DataFrame:
    """Menus of one documented ask in its month, with another danger at its site, grade or value of
    a parameter."""
    (one,) = (answer for answer in answers() if answer.id == name)
    atlas = situation(one.month, one.month, [one])
    if level is not None:
        atlas.arrays.site_fighting[:, atlas.arrays.asks[0]["site"]] = level
    if grade:
        atlas.arrays.asks["grade"] = GRADES.index(grade)
    rows = np.repeat(atlas.parameters[None, :], RUNS, axis=0)
    for column, value in given.items():
        rows[:, [one.name for one in atlas.columns].index(column)] = value
    trace = Trace(states=STUDIED, runs=tuple(range(RUNS)))
    chunks = ensemble.simulate(atlas, range(RUNS), 1, rows, threads=1, trace=trace)
    frames = []
    for chunk in chunks:
        decided = chunk.decisions()
        own = decided[decided["request"] == one.request][["run", "number"]]
        frames.append(chunk.menus().merge(own, on=["run", "number"]))
    return pd.concat(frames, ignore_index=True).assign(asked=one.place)


@pytest.mark.parametrize("name", ASKS)
def test_more_danger_at_a_site_never_raises_its_chance_and_never_lowers_a_quieter_one(name: str):
    calm, rough = menus(name, 0.1), menus(name, 0.6)
    keys = ["run", "nest", "site", "kind", "people"]
    both = calm.merge(rough, on=keys, suffixes=("", "_rough"))
    assert len(both) == len(calm) == len(rough)
    there = both["site"] == both["asked"]
    assert there.any() and (~there & (both["nest"] == "as_asked")).any()
    assert (both["probability_rough"] <= both["probability"] + 1e-12)[there].all()
    others = ~there & (both["nest"] == "as_asked")
    assert (both["probability_rough"] >= both["probability"] - 1e-12)[others].all()
    assert (both["probability_rough"] < both["probability"] - 1e-6)[there].any()


@pytest.mark.parametrize("name", ASKS)
def test_a_request_of_lower_grade_never_has_the_better_chance(name: str):
    chances = []
    for grade in GRADES[1:]:
        frame = menus(name, grade=grade)
        asked = frame[frame["nest"] == "as_asked"]
        chances.append(asked.groupby("run")["probability"].sum().to_numpy())
    for low, high in zip(chances, chances[1:], strict=False):
        assert (high >= low - 1e-12).all()
    assert (chances[-1] > chances[0]).any()


def test_the_likelihood_is_the_chance_that_the_engine_gives(monkeypatch: pytest.MonkeyPatch):
    """With the weights of the table, the likelihood of a menu is the engine's own chance."""
    jnp = pytest.importorskip("jax.numpy")
    pytest.importorskip("numpyro").enable_x64()
    from calibration.decision_fitting.decision_likelihood import outcome_chances, sent_chance

    chosen = [one for one in answers() if one.id in ASKS]
    monkeypatch.setattr(decision_terms, "answers", lambda: chosen)
    monkeypatch.setattr(decision_terms, "RUNS", RUNS)
    asked = decision_terms.asks()
    known = parameter_values.columns()
    value = {}
    for name in priors().index:
        level = {column.name: column.value for column in known}
        value[name] = jnp.array([level[name] + level.get(f"{name}.{s}", 0.0) for s in STUDIED])
    said = np.asarray(sent_chance(asked, value, fixed_values()))
    each = np.asarray(outcome_chances(asked, value, fixed_values()))
    assert each.sum(axis=1) == pytest.approx(1.0)
    officers = each[:, decision_terms.OUTCOMES.index("officers")]
    for one, chance, instead in zip(asked.made, said, officers, strict=True):
        summed = menus(one.id).pivot_table(
            index="run", columns="nest", values="probability", aggfunc="sum", fill_value=0.0
        )
        assert chance == pytest.approx(summed["as_asked"].mean(), abs=1e-6), one.id
        if "officers" in summed:
            assert instead == pytest.approx(summed["officers"].mean(), abs=1e-6), one.id


def test_what_officers_are_worth_to_the_ally_moves_their_chance_alone_upwards():
    less, more = menus("REQ-KOR-020", officers_value=0.0), menus("REQ-KOR-020", officers_value=1.0)
    chance = [frame.groupby("nest")["probability"].sum() for frame in (less, more)]
    assert chance[0]["officers"] < chance[1]["officers"]
    assert chance[0]["as_asked"] > chance[1]["as_asked"]
