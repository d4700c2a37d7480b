"""Every shipped scenario, as its file says, gives the same bits in Mesa and in the ensemble.

Periods are short, about the first dated change; ``python -m benchmarks.equality`` takes the whole.
"""

from __future__ import annotations

import pytest

from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import Trace
from model.months import month_number, month_text
from model.settings import FIRST_MONTH
from scenarios.definition import library
from scenarios.file_format.schema import Period, Scenario
from scenarios.running import model_adapter
from tests.support.digest import digest_of

BEFORE, AFTER = 6, 12  # months about the first change


ALL_DECIDE = ("historical", "swapped-laws/all", "unifil-exit/dangerous-offer")


def every() -> list[tuple[str, bool]]:
    """One of each file of the library, the last of its variants, and a few with all states."""
    last = {full.split("/")[0]: full for full in library.complete()}
    return [*((name, False) for name in last.values()), *((name, True) for name in ALL_DECIDE)]


def shortened(scenario: Scenario, all_decide: bool) -> Scenario:
    """The scenario from a little before its first dated change, with every state or its own."""
    earliest = month_number(FIRST_MONTH)
    dates = [getattr(event, "month", None) or "" for event in scenario.events]
    first = min((month_number(date) for date in dates if date), default=earliest)
    start = max(earliest, first - BEFORE)
    end = start + (BEFORE + AFTER if not all_decide else BEFORE + 3)
    changes: dict = {"period": Period(start=month_text(start), end=month_text(end))}
    if all_decide:
        changes["deliberating"] = "all"
    return scenario.changed(**changes)


@pytest.mark.parametrize(("name", "all_decide"), every())
def test_a_scenario_gives_the_same_bits_in_both_engines(name: str, all_decide: bool) -> None:
    world = model_adapter.world_of(shortened(library.find(name), all_decide))
    trace = Trace(runs=(2,))
    (chunk,) = ensemble.simulate(world, [2], 2**64 - 1, trace=trace)
    model = PeacekeepingModel(atlas=world, run=2, seed_key=2**64 - 1, trace=trace)
    assert digest_of(model.run_all().ledgers) == digest_of(chunk.ledgers)
    assert len(chunk.ledgers[0].deployments) + len(chunk.ledgers[0].decisions) > 0
