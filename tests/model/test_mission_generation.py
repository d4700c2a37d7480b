"""New missions: keyed random draws, the same bits in both engines, sensible numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calibration.fitting import mission_generator
from model import coverage
from model.core import rng
from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.month_steps import reset
from model.engine.run_arrays import NO_TRACE, Trace, allocate, own_world
from model.engine.run_output import Chunk
from model.months import month_number, month_text
from model.settings import Event, Settings
from model.tables import table
from model.world.build import Atlas, build
from tests.support.digest import digest_of

START, END = coverage.world_end(), "2033-03"  # seven years after the documented world
AHEAD = month_text(month_number(START) + 1)
NEVER_SET_UP = -1


def ahead(*events: tuple[str, dict[str, Any]], **settings: Any) -> Atlas:
    values = {"start": START, "end": END, "afterwards": "recorded"} | settings
    return build(Settings(events=tuple(Event(kind, v) for kind, v in events), **values))


def fewer(month: str = START, **values: Any) -> tuple[str, dict[str, Any]]:
    return ("demand", {"month": month} | values)


def missions(atlas: Atlas, runs: int = 30, seed: int = 1) -> list[np.ndarray]:
    """The missions of each run as ``MISSION`` records."""
    world, run = own_world(atlas.arrays), allocate(atlas, NO_TRACE)
    found = []
    for number in range(runs):
        reset(world, run, rng.key(seed, number), atlas.parameters)
        found.append(world.missions.copy())
    return found


def set_up(atlas: Atlas, rows: np.ndarray) -> dict[str, tuple[Any, ...]]:
    """Label to attributes of the missions that a run has and no record has."""
    first = int(atlas.arrays.generator[0].slots)
    return {
        atlas.missions[first + i]: tuple(
            row[name] for name in ("framework", "region", "host", "end")
        )
        for i, row in enumerate(rows[first:])
        if row["end"] != NEVER_SET_UP
    }


@pytest.fixture(scope="module")
def plain() -> Atlas:
    return ahead()


def test_turning_demand_down_removes_missions_and_renumbers_none(plain: Atlas) -> None:
    half = ahead(fewer(new_missions=0.5))
    none = ahead(fewer(new_missions=0.0))
    before = after = 0
    for one, other, empty in zip(missions(plain), missions(half), missions(none), strict=True):
        all_of_them, some = set_up(plain, one), set_up(half, other)
        assert some.items() <= all_of_them.items()
        assert not set_up(none, empty)
        before, after = before + len(all_of_them), after + len(some)
    assert 0.3 < after / before < 0.7


def test_turning_down_one_group_or_region_leaves_the_others(plain: Atlas) -> None:
    africa = 0
    changed = ahead(fewer(new_missions=0.0, group="un", region="Africa"))
    for one, other in zip(missions(plain), missions(changed), strict=True):
        gone = set_up(plain, one).keys() - set_up(changed, other).keys()
        first = int(plain.arrays.generator[0].slots)
        rows = {plain.missions[first + i]: row for i, row in enumerate(one[first:])}
        assert all(rows[name]["group"] == 0 and rows[name]["region"] == 0 for name in gone)
        africa += len(gone)
    assert africa > 0


def test_arrivals_follow_the_fitted_rate(plain: Atlas) -> None:
    figures = table("generator").set_index("name")["value"].astype(float)
    rate = sum(figures[f"rate_{group}"] for group in ("un", "coalition", "other"))
    count = np.mean([len(set_up(plain, rows)) for rows in missions(plain, 400)])
    assert count == pytest.approx(7.0 * rate, rel=0.1)


def test_the_lever_on_new_missions_does_what_the_event_does(plain: Atlas) -> None:
    lever = ahead(overrides={"new_missions": 0.5})
    event = ahead(fewer(month=AHEAD, new_missions=0.5))
    for one, other in zip(missions(lever), missions(event), strict=True):
        assert set_up(lever, one) == set_up(event, other)


def test_closing_more_often_ends_missions_earlier_and_later_less(plain: Atlas) -> None:
    often, seldom = ahead(fewer(closures=3.0)), ahead(fewer(month=AHEAD, closures=0.3))
    earlier = later = 0
    for one, more, less in zip(missions(plain), missions(often), missions(seldom), strict=True):
        assert (more["end"] <= one["end"]).all()
        assert (less["end"] >= one["end"]).all()
        earlier += int((more["end"] < one["end"]).sum())
        later += int((less["end"] > one["end"]).sum())
    assert earlier > 0
    assert later > 0


def test_missions_of_the_record_are_thinned_and_closed_by_demand() -> None:
    values = {"start": "1998-01", "end": "2006-12"}
    record = ahead(**values)
    thinned = ahead(fewer(month="1999-01", new_missions=0.3, group="un"), **values)
    assert record.arrays.charter.size == 0
    unmiset, untaet = thinned.mission_row("UNMISET"), thinned.mission_row("UNTAET")
    undof = thinned.mission_row("UNDOF")
    gone = [rows["end"] == NEVER_SET_UP for rows in missions(thinned)]
    assert 0.4 < np.mean([row[thinned.mission_row("UNMEE")] for row in gone]) < 1.0
    assert not any(row[undof] for row in gone)
    assert all(row[unmiset] == row[untaet] for row in gone)
    more = ahead(fewer(month="1999-01", new_missions=2.0, group="un"), **values)
    assert any(set_up(more, rows) for rows in missions(more))


def test_two_scenarios_are_equal_before_the_month_where_they_part(plain: Atlas) -> None:
    changed = ahead(fewer(month="2029-01", new_missions=0.2), fewer(month="2029-01", closures=2.0))

    def people(atlas: Atlas) -> np.ndarray:
        (chunk,) = ensemble.simulate(atlas, range(20), 1, chunk=20)
        return chunk.personnel()

    one, other = people(plain), people(changed)
    before = month_number("2029-01") - month_number(START)
    assert (one[:, :before] == other[:, :before]).all()
    assert (one != other).any()


@pytest.mark.parametrize("states", [("JPN", "KOR"), ("all",)])
def test_new_missions_give_the_same_bits_in_both_engines(states: tuple[str, ...]) -> None:
    values = {"deliberating": states, "end": "2029-12" if len(states) == 2 else "2027-09"}
    atlas = ahead(fewer(new_missions=6.0), fewer(month="2026-09", closures=2.0), **values)
    trace = Trace(runs=(0, 1))
    (chunk,) = ensemble.simulate(atlas, [0, 1], 1, trace=trace)
    for number, ledger in zip((0, 1), chunk.ledgers, strict=True):
        model = PeacekeepingModel(atlas=atlas, run=number, seed_key=1, trace=trace)
        (other,) = model.run_all().ledgers
        assert digest_of([ledger]) == digest_of([other])


def test_a_run_leaves_nothing_behind_for_the_next(plain: Atlas) -> None:
    def digest(runs: list[int]) -> str:
        (chunk,) = ensemble.simulate(plain, runs, 1, threads=1, chunk=len(runs))
        return digest_of(ledger for ledger in chunk.ledgers if ledger.run == 7)

    assert digest([7]) == digest([3, 5, 7])


def median(chunk: Chunk, state: str, month: str) -> float:
    column = chunk.atlas.reported.index(state)
    people = chunk.personnel()[:, month_number(month) - month_number(START), column, 0]
    return float(np.median(people.sum(axis=1)))


def test_korea_falls_with_the_known_end_of_its_largest_mission(plain: Atlas) -> None:
    (chunk,) = ensemble.simulate(plain, range(100), 1, chunk=100)
    first = median(chunk, "KOR", START)
    assert first == 477  # as documented
    assert median(chunk, "KOR", "2026-06") > 0.8 * first
    assert median(chunk, "KOR", "2027-06") < 0.7 * first


def test_korea_stays_until_its_largest_mission_ends(plain: Atlas) -> None:
    (chunk,) = ensemble.simulate(plain, range(100), 1, chunk=100)
    assert median(chunk, "KOR", "2026-12") > 0.8 * median(chunk, "KOR", START)


def test_known_endings_and_cuts_are_in_the_world(plain: Atlas) -> None:
    arrays = plain.arrays
    assert arrays.missions[plain.mission_row("UNIFIL")].end == month_number("2026-12")
    unmiss = arrays.asked[:, plain.mission_row("UNMISS")].sum(axis=1)
    cut = unmiss[month_number("2026-12")] / unmiss[month_number("2025-06")]
    assert cut == pytest.approx(0.75, abs=0.01)


def test_the_tables_are_what_the_fit_gives() -> None:
    for name, frame in mission_generator.tables().items():
        kept = table(name)
        assert list(kept.columns) == list(frame.columns), name
        assert kept.astype(str).to_numpy().tolist() == frame.astype(str).to_numpy().tolist(), name


def test_a_trend_foretells_the_held_out_arrivals_of_the_united_nations() -> None:
    rows = mission_generator.held_out(mission_generator.chains()).set_index("what")
    un = rows[rows["class"] == "un"]
    trend = un.loc["arrivals in 15 years, trend rate"]
    constant = un.loc["arrivals in 15 years, constant rate"]
    assert trend["low"] <= trend["seen"] <= trend["high"]
    assert not constant["low"] <= constant["seen"] <= constant["high"]


def test_runs_may_share_their_missions_and_nothing_else() -> None:
    atlas = ahead()
    runs, others = range(3), range(3, 6)
    own = next(ensemble.simulate(atlas, runs, 1, trace=NO_TRACE))
    same = next(ensemble.simulate(atlas, runs, 1, trace=NO_TRACE, missions=runs))
    assert digest_of(own.ledgers) == digest_of(same.ledgers)
    shared = next(ensemble.simulate(atlas, others, 1, trace=NO_TRACE, missions=runs))
    assert digest_of(shared.ledgers) != digest_of(own.ledgers)
    world, run = own_world(atlas.arrays), allocate(atlas, NO_TRACE)
    for number, other in zip(runs, others, strict=True):
        both = np.concatenate([rng.key(1, other), rng.key(1, number)])
        reset(world, run, both, atlas.parameters)
        assert set_up(atlas, world.missions) == set_up(atlas, missions(atlas, 3)[number])
        assert (run.key == rng.key(1, other)).all()
