"""On-line summaries equal those of the whole table, whatever the chunks."""

from __future__ import annotations

import numpy as np
import pytest

from model.engine import ensemble
from model.settings import Settings
from model.world.build import build
from scenarios.running.streaming_summary import Summary


@pytest.fixture(scope="module")
def chunks():
    world = build(Settings(end="1994-12", afterwards="recorded"))
    return list(ensemble.simulate(world, range(40), 1, chunk=7))


def summed(chunks) -> Summary:
    summary = Summary()
    for chunk in chunks:
        summary.add(chunk)
    return summary


def test_mean_and_quantiles_equal_those_of_all_runs(chunks):
    table = summed(chunks).table((0.1, 0.5, 0.9)).set_index(["month", "state", "framework", "kind"])
    people = np.concatenate([chunk.personnel() for chunk in chunks])
    month = 12 * 2 + 2 + 2  # December 1992 plus two
    totals = people[:, month, 0, 0].sum(axis=1)
    row = table.xs(("1993-03", "JPN", "un", "all"))
    assert row["mean"] == pytest.approx(totals.mean())
    for level in (0.1, 0.5, 0.9):
        assert row[f"q{level:g}"] == np.quantile(totals, level, method="inverted_cdf")


def test_the_order_and_size_of_chunks_change_nothing(chunks):
    forward, backward = summed(chunks), summed(reversed(chunks))
    assert forward.table().equals(backward.table())
    assert forward.moves().equals(backward.moves())
    assert forward.runs == 40


def test_a_period_before_which_nothing_is_recorded_has_a_presence():
    world = build(Settings(start="2026-04", end="2026-12", afterwards="recorded"))
    summary = summed(ensemble.simulate(world, range(2), 1))
    assert set(summary.presence()["month"]) <= {f"2026-{month:02}" for month in range(4, 13)}
