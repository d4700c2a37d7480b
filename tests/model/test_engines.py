"""Written once, run twice: Mesa, the compiled ensemble and plain Python give the same bits."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from model.core import rng
from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import Trace
from model.settings import Event, Settings
from model.world import scenario_effects
from model.world.build import build
from tests.support import digest
from tests.support.digest import digest_of

ROOT = Path(__file__).parents[2]

SHORT = {
    "two states": Settings(end="1995-12", afterwards="recorded"),
    "all": Settings(end="1993-06", deliberating=("all",)),
    "from 2010": Settings(start="2010-01", end="2013-12", afterwards="recorded"),
    "all after the record": Settings(start="2014-06", end="2015-03"),
    "law is an outcome": Settings(end="1999-12", afterwards="recorded", reform="endogenous"),
    "no ally asks": Settings(
        end="2005-12",
        afterwards="recorded",
        events=(Event("alliance", {"month": "1990-11", "requests": 0.0, "salience": 0.0}),),
    ),
}


def same(one, other) -> bool:
    """Whether two ledgers are equal bit for bit."""
    return digest_of([one]) == digest_of([other])


@pytest.fixture(scope="module")
def worlds():
    return {name: build(settings) for name, settings in SHORT.items()}


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("seed", [0, 1, 2**64 - 1])
def test_mesa_and_ensemble_give_the_same_bits(worlds, name, seed):
    world = worlds[name]
    trace = Trace(runs=(0, 3))
    (chunk,) = ensemble.simulate(world, [0, 3], seed, trace=trace)
    for number, ledger in zip((0, 3), chunk.ledgers, strict=True):
        model = PeacekeepingModel(atlas=world, run=number, seed_key=seed, trace=trace)
        (other,) = model.run_all().ledgers
        assert len(ledger.deployments) > 0
        assert same(ledger, other)


def test_threads_chunks_and_order_change_nothing(worlds):
    world = worlds["two states"]

    def ledgers(runs, **how):
        return {
            ledger.run: ledger
            for chunk in ensemble.simulate(world, runs, 1, **how)
            for ledger in chunk.ledgers
        }

    one = ledgers(range(12), threads=1, chunk=12)
    two = ledgers(list(reversed(range(12))), threads=2, chunk=5)
    assert sorted(one) == sorted(two)
    assert all(same(one[run], two[run]) for run in one)


def test_tracing_changes_nothing_but_the_trace(worlds):
    world = worlds["two states"]
    (plain,) = ensemble.simulate(world, [0], 1, trace=Trace(runs=()))
    (traced,) = ensemble.simulate(world, [0], 1, trace=Trace(states=("JPN",)))
    assert len(plain.ledgers[0].decisions) == 0
    assert len(traced.ledgers[0].decisions) > 0
    assert digest_of(plain.ledgers, decisions=False) == digest_of(traced.ledgers, decisions=False)


def test_a_scenario_agrees_exactly_before_it_departs():
    month = "2003-01"
    baseline = build(Settings(end="2005-12", afterwards="recorded"))
    changed = build(
        Settings(
            end="2005-12",
            afterwards="recorded",
            events=(Event("threat", {"month": month, "state": "all", "change": 5.0}),),
        )
    )
    (a,) = ensemble.simulate(baseline, range(50), 7)
    (b,) = ensemble.simulate(changed, range(50), 7)
    before = 12 * 12 + 2  # months from November 1990 to the month before the departure
    assert (a.personnel()[:, :before] == b.personnel()[:, :before]).all()
    assert (a.personnel() != b.personnel()).any()


def test_adding_a_deliberating_state_that_reaches_nobody_moves_nobody_else():
    """Iceland has no army to send; letting it decide leaves every other state's draws unchanged."""
    plain = build(Settings(end="2000-12", afterwards="recorded"))
    more = build(Settings(end="2000-12", afterwards="recorded", deliberating=("JPN", "KOR", "ISL")))
    for run in range(5):
        (a,) = ensemble.simulate(plain, [run], 1)
        (b,) = ensemble.simulate(more, [run], 1)
        joined = b.spells()
        if (joined["state"] == "ISL").any():
            continue
        assert (a.personnel() == b.personnel()).all()
        assert a.ledgers[0].stocks.tobytes() == b.ledgers[0].stocks.tobytes()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Short worlds that walk through every rule, with the digests of their compiled runs."""
    folder = tmp_path_factory.mktemp("kept")
    digest.keep(folder)
    return folder


def plain(*arguments: str) -> str:
    """The last line that the digests print with compilation switched off, in their own process."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.support.digest", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )
    assert not answer.stderr, answer.stderr
    return answer.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def compared(kept) -> dict[str, list]:
    """Kept worlds that run otherwise in plain Python, and rules altered without a difference."""
    return json.loads(plain("compared", str(kept)))


def test_plain_python_builds_the_same_world(kept):
    """Compilation switched off, a world is built to the same arrays."""
    assert plain("built", str(kept)) == "true"


def test_plain_python_gives_the_same_bits(compared):
    """Compilation switched off, all worlds run to the same."""
    assert compared["different"] == []


# Rules that no run calls: they fill tables when a world is built.
BUILDERS = {"rules.law.covers", "rules.choice.distance_thousands"}


def test_the_comparison_notices_any_altered_rule(compared):
    """One side with one altered rule gives other bits, whichever rule it is."""
    missed = set(compared["unnoticed"])
    assert missed <= BUILDERS, sorted(missed - BUILDERS)


def test_a_row_of_parameters_beats_the_centre(worlds):
    world = worlds["two states"]
    rows = np.tile(world.parameters, (2, 1))
    place = [column.name for column in world.columns].index("unit_intercept")
    rows[1, place] = -9.0
    (chunk,) = ensemble.simulate(world, [0, 0], 1, parameters=rows)
    people = chunk.personnel().sum(axis=(1, 2, 3, 4))
    assert people[1] < people[0]


def test_unknown_event_types_are_refused():
    with pytest.raises(ValueError, match="unknown event type 'treaty'"):
        build(Settings(events=(Event("treaty", {}),)))
    assert scenario_effects.HANDLERS


def test_the_model_works_in_batch_run_and_collects():
    """A good Mesa citizen: ``batch_run`` and ``DataCollector`` work."""
    import mesa

    results = mesa.batch_run(
        PeacekeepingModel,
        parameters={
            "settings": [Settings(end="1991-03", afterwards="recorded")],
            "run": [0, 1],
        },
        iterations=1,
        max_steps=400,
        data_collection_period=1,
        display_progress=False,
    )
    assert {row["run"] for row in results} == {0, 1}
    assert all("JPN" in row for row in results)
    model = PeacekeepingModel(Settings(end="1993-01", afterwards="recorded"))
    model.run_all()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["month"].iloc[-1] == "1993-01"
    assert rng.key(0, 0).sum() == 0


def test_a_model_that_nobody_holds_goes_with_its_world(worlds):
    model = PeacekeepingModel(atlas=worlds["two states"])
    model.step()
    held = weakref.ref(model)
    del model
    gc.collect()
    assert held() is None
