"""Keyed randomness: known answers, uniformity, and that a draw depends on its name alone."""

from __future__ import annotations

import numpy as np
import pytest

from model.core import rng

# Known-answer vectors of Philox4x32-10 published with Random123 (Salmon and others 2011).
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS)
def test_philox_gives_the_known_answers(counter, key, words):
    arguments = [np.uint64(word) for word in (*counter, *key)]
    assert tuple(int(word) for word in rng.philox(*arguments)) == words


def test_uniform_draws_are_uniform_and_open():
    key = rng.key(1, 0)
    draws = np.array([rng.uniform(key, rng.TASTE, 0, 0, state, 7) for state in range(20_000)])
    assert draws.min() > 0.0
    assert draws.max() < 1.0
    counts = np.histogram(draws, bins=20, range=(0, 1))[0]
    chi_square = ((counts - 1000.0) ** 2 / 1000.0).sum()
    assert chi_square < 43.8, f"chi square {chi_square:.1f} on 19 degrees of freedom"


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 1])
def test_every_seed_and_run_zero_give_their_own_draws(seed):
    first = rng.uniform(rng.key(seed, 0), rng.TASTE, 0, 0, 5, 6)
    assert 0.0 < first < 1.0
    other_run = rng.uniform(rng.key(seed, 1), rng.TASTE, 0, 0, 5, 6)
    other_seed = rng.uniform(rng.key((seed + 1) % 2**64, 0), rng.TASTE, 0, 0, 5, 6)
    assert len({first, other_run, other_seed}) == 3


def test_each_part_of_the_name_changes_the_draw():
    key = rng.key(3, 4)
    base = (rng.VOTE, 2, 100, 5, 6)
    reference = rng.uniform(key, *base)
    for place in range(len(base)):
        changed = [value + (1 if number == place else 0) for number, value in enumerate(base)]
        assert rng.uniform(key, *changed) != reference


@pytest.mark.parametrize(("seed", "run"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)])
def test_seeds_and_runs_out_of_range_are_refused(seed, run):
    with pytest.raises(ValueError, match="outside 0 to"):
        rng.key(seed, run)


def test_identities_are_stable_and_distinct():
    assert rng.identity("JPN") == 0x687E817B
    from model.tables import table

    names = [*table("states")["iso3"], *table("missions")["mission"]]
    assert len({rng.identity(name) for name in names}) == len(names)
