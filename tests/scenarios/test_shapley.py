"""Shapley values on games whose answer is known, and the study built on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from examples import japan_2015
from examples.japan_2015 import effects, shapley

GAMES = arrays(np.float64, 16, elements=st.floats(-100, 100))


def game(value) -> np.ndarray:
    """Values of all combinations of four switches, from a function of the set that is on."""
    return np.array([value({i for i in range(4) if n >> i & 1}) for n in range(16)], dtype=float)


def test_the_glove_game():
    """One left glove, two right ones: the left one is worth two thirds (a textbook game)."""
    values = np.array([1.0 if n & 1 and n & 6 else 0.0 for n in range(8)])
    assert shapley(values) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_a_weighted_majority():
    """Votes 40, 30, 20, 10 and a quota of 51: known power 5/12, 1/4, 1/4, 1/12."""
    votes = (40, 30, 20, 10)
    values = game(lambda on: sum(votes[i] for i in on) >= 51)
    assert shapley(values) == pytest.approx([5 / 12, 1 / 4, 1 / 4, 1 / 12])


@given(GAMES)
def test_the_parts_add_up_to_the_whole(values):
    assert shapley(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4), st.floats(-5, 5))
def test_equal_switches_get_equal_parts_and_a_dummy_its_own(worth, bonus):
    values = game(lambda on: worth[3] * (3 in on) + bonus * len(on - {3}) ** 2)
    parts = shapley(values)
    assert parts[0] == pytest.approx(parts[1], abs=1e-9)
    assert parts[1] == pytest.approx(parts[2], abs=1e-9)
    assert parts[3] == pytest.approx(worth[3], abs=1e-9)


@given(GAMES, GAMES)
def test_games_added_are_attributed_apart(first, second):
    assert shapley(first + second) == pytest.approx(shapley(first) + shapley(second), abs=1e-9)


def test_runs_are_attributed_one_by_one():
    values = np.arange(16.0).reshape(8, 2) ** 2
    both = shapley(values)
    assert both[:, 1] == pytest.approx(shapley(values[:, 1]))


def test_half_a_set_of_combinations_is_refused():
    with pytest.raises(ValueError, match="6 combinations"):
        shapley(np.zeros(6))


@pytest.fixture(scope="module")
def worlds():
    return japan_2015.Worlds()


def content(array: np.ndarray) -> list[bytes]:
    """The bytes of an array field by field: the padding between them says nothing."""
    return [array[name].tobytes() for name in array.dtype.names or ()] or [array.tobytes()]


def test_each_switch_changes_its_own_part_of_the_world(worlds):
    every = set(japan_2015.SWITCHES)
    whole = worlds.of(every).arrays
    plain = worlds.plain.arrays
    for name in ("mission_months", "state_months", "salience", "initial", "provisions"):
        assert content(getattr(whole, name)) == content(getattr(plain, name))

    def changed(switch: str) -> set[str]:
        arrays = worlds.of(every - {switch}).arrays
        names = ("mission_months", "state_months", "salience", "initial", "provisions")
        return {n for n in names if content(getattr(arrays, n)) != content(getattr(plain, n))}

    assert changed("robustness") == {"mission_months"}
    assert changed("threat") == {"state_months"}
    assert changed("debate") == {"salience"}
    assert changed("exposure") == {"initial"}
    assert changed("law") == {"provisions"}
    assert len(worlds.of(every - {"asia"}).missions) == len(worlds.plain.missions) + 1


def test_the_study_attributes_the_whole_change():
    found = japan_2015.study(runs=3, seed=5)
    assert found.shape == (64, 3, len(japan_2015.OUTCOMES))
    table = effects(found)["mean"].unstack("switch")
    assert table.drop(columns="all").sum(axis=1).to_numpy() == pytest.approx(table["all"])


def test_effects_have_their_interval_over_runs():
    values = np.zeros((64, 4, len(japan_2015.OUTCOMES)))
    values[:, :, 0] = [[2.0 * (n & 1)] * 4 for n in range(64)]
    table = effects(values)
    assert table.xs(("entries", "law")).to_numpy() == pytest.approx([2.0, 2.0, 2.0])
    assert (table.drop([("entries", "law"), ("entries", "all")]) == 0).all().all()
