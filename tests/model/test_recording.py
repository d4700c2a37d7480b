"""What is recorded or traced of a state changes nothing that any state does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.core import records
from model.engine import ensemble
from model.engine.run_arrays import NO_TRACE, Trace
from model.settings import Settings
from model.steps import renewal
from model.world.build import build
from tests.support.digest import meant

DECIDING = ("BRA", "DEU", "IND", "JPN", "KOR")
RUNS = range(3)
SEEDS = (1, 20)


def runs(reported: tuple[str, ...], trace: Trace = NO_TRACE) -> list[Any]:
    settings = Settings(
        end="2004-12", deliberating=DECIDING, afterwards="recorded", reported=reported
    )
    world = build(settings)
    return [
        ledger
        for seed in SEEDS
        for chunk in ensemble.simulate(world, RUNS, seed, trace=trace)
        for ledger in chunk.ledgers
    ]


@pytest.fixture(scope="module")
def plain() -> list[Any]:
    return runs(("JPN",))


@pytest.mark.slow
def test_reporting_further_states_changes_nothing_that_is_done(plain):
    for reported in (("JPN", "DEU"), ("JPN", "BRA", "IND"), ("JPN", "FRA")):
        for was, now in zip(plain, runs(reported), strict=True):
            assert meant(was.deployments) == meant(now.deployments), (reported, now.run)
            assert meant(was.endings) == meant(now.endings), (reported, now.run)


def test_reporting_further_states_changes_no_stock(plain):
    for was, now in zip(plain, runs(("JPN", "DEU")), strict=True):
        np.testing.assert_array_equal(was.stocks[:, 0], now.stocks[:, 0])


def test_tracing_changes_nothing_that_is_done(plain):
    for states in (("DEU",), DECIDING):
        traced = runs(("JPN",), Trace(states=states, runs=tuple(RUNS)))
        assert any(ledger.decisions.size for ledger in traced)
        for was, now in zip(plain, traced, strict=True):
            assert meant(was.deployments) == meant(now.deployments), (states, now.run)
            np.testing.assert_array_equal(was.stocks, now.stocks)


def test_opinion_of_every_reported_state_moves(plain):
    ledger = runs(("DEU", "FRA"))[0]
    months = slice(24, ledger.stocks.shape[0] - 240)
    opinion = ledger.stocks[months, :, records.STOCK_OPINION_UN]
    assert (opinion.std(axis=0) > 0.0).all()


def test_work_that_a_condition_suspends_is_in_the_output():
    """Who leaves because a condition stays unmet has stood still in the month before, and no more
    people stand still than are there."""
    world = build(Settings(end="2018-12"))
    (chunk,) = ensemble.simulate(world, range(40), 1, threads=2, chunk=40)
    people = chunk.personnel().sum(axis=(3, 4))  # runs, months, states
    column = records.STOCKS.index("suspended")
    first = int(world.arrays.span[1])
    left = 0
    for ledger, here in zip(chunk.ledgers, people, strict=True):
        still = ledger.stocks[:, :, column]
        assert (still[first : first + len(here)] <= here).all()
        for place, code in enumerate(world.reported):
            own = ledger.deployments["state"] == world.state_row(code)
            for unit, end in zip(ledger.deployments[own], ledger.endings[own], strict=True):
                if end["cause"] == renewal.CONDITION_UNMET:
                    left += 1
                    assert still[unit["leaves"] - 1, place] >= unit["people"]
    assert left > 0
