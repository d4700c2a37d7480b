"""States that are in a mission may send a further unit of the kind, and no more officers."""

from __future__ import annotations

import numpy as np
import pytest

from model.core import records, rng
from model.engine.run_arrays import NO_TRACE, allocate
from model.engine.single_run import simulate
from model.settings import Settings
from model.vocabulary import KINDS
from model.world.build import build


@pytest.fixture(scope="module")
def atlas():
    """All states deciding, 1990 to 2004."""
    return build(Settings(end="2004-12", deliberating=("all",), point=True))


@pytest.fixture(scope="module")
def runs(atlas):
    """The arrays of five runs, each with its deployments."""
    found = []
    for number in range(5):
        scratch = allocate(atlas, NO_TRACE)
        simulate(atlas.arrays, scratch, rng.key(1, number), np.ascontiguousarray(atlas.parameters))
        found.append((scratch, scratch.deployments[: scratch.counts[records.DEPLOYMENTS]]))
    return found


def overlapping(units):
    """Kinds of which a state had two deployments in one mission at the same time."""
    found = set()
    open_until: dict[tuple[int, int, int], int] = {}
    ends = np.where(units["leaves"] > 0, units["leaves"], 10**6)
    for number in np.argsort(units["ordered"], kind="stable"):
        unit = units[number]
        key = (int(unit["state"]), int(unit["mission"]), int(unit["kind"]))
        if unit["arrives"] < open_until.get(key, -1):
            found.add(key[2])
        open_until[key] = max(open_until.get(key, -1), int(ends[number]))
    return found


def test_only_formed_units_are_reinforced(atlas, runs):
    doubled = set.union(*(overlapping(units) for _, units in runs))
    assert KINDS.index("infantry") in doubled
    assert all(atlas.arrays.kinds[kind].formed for kind in doubled)


def test_a_kind_counts_as_there_exactly_while_a_deployment_of_it_is_open(runs):
    for scratch, units in runs:
        still = units[units["leaves"] == 0]
        here = np.zeros_like(scratch.kinds_here)
        np.bitwise_or.at(here, (still["state"], still["mission"]), 1 << still["kind"])
        assert np.array_equal(here, scratch.kinds_here)
