"""What builds a world, and steps on a few rows: claims that no run of a short world shows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model import tables
from model.core import records
from model.core.records import PROVISION
from model.errors import InputError
from model.months import month_number, month_text
from model.settings import Event, Settings
from model.steps import deployments, legislation
from model.tables import table
from model.vocabulary import FRAMEWORKS, GROUPS, KINDS, REGIONS
from model.world import (
    event_span,
    legal_regimes,
    parliaments,
    recorded_contributions,
    reform_packages,
    scenario_effects,
    states,
)
from model.world.build import build
from scenarios.explanation.counterfactuals import plain

from ..support import digest


def test_an_event_that_is_handled_before_does_not_hide_the_next():
    nothing: Any = None
    for first in scenario_effects.HANDLED_BEFORE:
        with pytest.raises(InputError, match="unknown event type 'treaty'"):
            scenario_effects.apply(nothing, [Event(first, {}), Event("treaty", {})], [], [])


def test_a_count_of_nobody_is_nobody_in_the_field_at_the_start():
    spells = pd.DataFrame(
        {"begins": 200, "s": 3, "m": 7, "kind": KINDS[0], "first": [150, 150], "last": [300, 300]}
    ).assign(people=[0, 5], m=[7, 8], c=0, state="GHA", mission="UNMIL")
    spells = spells.assign(come=recorded_contributions.come)
    (cell,) = recorded_contributions.initial(spells, np.ones((300, 9, 4)))
    assert (cell.mission, cell.people, cell.since) == (8, 5, 150)


def test_who_is_observed_no_more_shrinks_with_what_the_mission_asks_for():
    spells = pd.DataFrame({"begins": 200, "s": [0, 1], "m": 2, "kind": KINDS[0], "c": 0})
    spells = spells.assign(first=150, last=300, people=400, state=["GHA", "JPN"], mission="UNMIL")
    kept = np.full((300, 9, 4), 0.75)
    spells = spells.assign(come=recorded_contributions.come)
    other, watched = recorded_contributions.initial(spells, kept)
    assert (other.people, watched.people) == (300, 400)


MONTHS = month_number("2010-12") + 1
YEAR = {"month": "2005-01", "until": "2006-01"}
INSIDE = slice(month_number("2005-01"), month_number("2006-01"))


def outside(array: np.ndarray) -> np.ndarray:
    return np.delete(array, np.arange(MONTHS)[INSIDE], axis=0)


def test_an_event_is_in_force_from_its_month_to_the_month_before_its_end():
    share = event_span.window(YEAR, MONTHS)
    assert (share[INSIDE] == 1.0).all() and (outside(share) == 0.0).all()
    grown = event_span.window(YEAR | {"ramp": 4}, MONTHS)[INSIDE]
    assert grown[:5].tolist() == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert event_span.window({"month": "2005-01"}, MONTHS)[INSIDE.start :].all()


def test_a_change_of_demand_touches_its_group_and_region_while_it_lasts():
    values = YEAR | {"new_missions": 3.0, "group": "un", "region": "Asia", "council": False}
    found = scenario_effects.demand([Event("threat", {}), Event("demand", values)], MONTHS)
    assert found.shape == (MONTHS, len(GROUPS), len(REGIONS))
    un, asia = GROUPS.index("un"), REGIONS.index("Asia")
    assert (found["new_missions"][INSIDE, un, asia] == 3.0).all()
    assert (outside(found["new_missions"]) == 1.0).all()
    elsewhere = found["new_missions"].copy()
    elsewhere[:, un, asia] = 1.0
    assert (elsewhere == 1.0).all()
    coalition = found["council"][:, GROUPS.index("coalition"), asia]
    assert (coalition[INSIDE] == 0.0).all() and (outside(coalition) == 1.0).all()
    twice = scenario_effects.demand([Event("demand", values), Event("demand", values)], MONTHS)
    assert twice["new_missions"][INSIDE.start, un, asia] == 9.0
    size = scenario_effects.demand([Event("demand", YEAR | {"size": 0.5})], MONTHS)["scale"]
    assert (size[INSIDE] == 0.5).all() and (outside(size) == 1.0).all()


def test_a_change_of_pool_or_lead_time_is_dated_and_names_its_kinds():
    given = [
        Event("capacity", YEAR | {"state": "KOR", "slots": 1.0}),  # neither: not a levy
        Event("capacity", YEAR | {"state": "KOR", "pool": 2.0, "kinds": ["staff", "police"]}),
        Event("threat", YEAR | {"state": "KOR", "pool": 2.0}),
        Event("capacity", {"month": "2007-03", "state": "all", "lead_time": 0.5, "ramp": 6}),
    ]
    first, second, third = scenario_effects.levies(given, ["JPN", "KOR"])
    assert (first.state, first.first, first.until) == (1, INSIDE.start, INSIDE.stop)
    assert (first.pool, first.lead_time, first.ramp) == (2.0, 1.0, 0)
    assert {KINDS[n] for n in range(len(KINDS)) if first.kinds >> n & 1} == {"staff", "police"}
    assert (second.state, third.state, second.until) == (0, 1, legal_regimes.NEVER)
    assert (second.pool, second.lead_time, second.ramp) == (1.0, 0.5, 6)
    assert second.kinds == (1 << len(KINDS)) - 1


def test_a_cabinet_governs_while_the_event_lasts():
    world: Any = SimpleNamespace(
        paths=np.zeros(MONTHS),
        states=records.records(2, records.STATE),
        politics=records.records((MONTHS, 2), records.POLITICS),
        state_months=records.records((MONTHS, 2), records.STATE_MONTH),
    )
    world.states["regime"] = [0, 1]
    values = YEAR | {"state": "KOR", "lower_seats": 0.4, "partner": 0.1, "strength": 0.2}
    parliaments.govern(world, values, ["FRA", "KOR"], [])
    for column, value in (("lower", 0.4), ("partner", 0.1), ("upper", 0.0)):
        assert (world.politics[column][INSIDE, 1] == value).all()
        assert (outside(world.politics[column]) == 0.0).all()
        assert (world.politics[column][:, 0] == 0.0).all()
    assert (world.state_months["strength"][INSIDE, 1] == 0.2).all()
    assert (outside(world.state_months["strength"]) == 0.0).all()
    assert (world.state_months["strength"][:, 0] == 0.0).all()
    # a state without a law of its own has no seats to count, but a cabinet that may be weak
    parliaments.govern(world, values | {"state": "FRA"}, ["FRA", "KOR"], [])
    assert (world.politics["lower"][:, 0] == 0.0).all()
    assert (world.state_months["strength"][INSIDE, 0] == 0.2).all()


def test_incidents_stand_in_their_month_and_state():
    level = states.state_months(["FRA", "JPN"], month_number("2010-12") + 1)["incidents"]
    assert level[month_number("2004-04"), 1] == 1.0 and level[month_number("2004-05"), 1] == 0.0
    assert not level[:, 0].any()


def test_another_cabinet_of_the_same_camp_is_no_change_of_power():
    months = month_number("2023-12") + 1
    politics = parliaments.politics(months)
    for state, changes in (
        ("JPN", ["1993-08", "1994-06", "2009-09", "2012-12"]),
        ("KOR", ["1998-02", "2008-02", "2017-05", "2022-05"]),
    ):
        column = politics["camp"][:, list(legal_regimes.regimes()).index(state) + 1]
        found = [month_text(int(month) + 1) for month in np.nonzero(np.diff(column))[0]]
        assert found == changes


def test_names_become_bits_each_its_own():
    found = legal_regimes.bits("infantry; staff", KINDS, "here")
    assert found == 1 << KINDS.index("infantry") | 1 << KINDS.index("staff")
    assert legal_regimes.bits("all", FRAMEWORKS, "here") == (1 << len(FRAMEWORKS)) - 1
    assert legal_regimes.bits("all_units;all_individuals", KINDS, "here") == (
        1 << len(KINDS)
    ) - 1 - (1 << KINDS.index("formed_police"))
    assert legal_regimes.bits(" ", KINDS, "here") == 0


def scaled(kind: str, need: int, people: list[int]) -> list[int]:
    """What is left of offers to one request, beside one to another and one of another kind."""
    kinds = records.records(len(KINDS), records.KIND)
    kinds["formed"], kinds["minimum"] = 1, 100
    kinds[KINDS.index("staff")].formed = 0
    offers = records.records(len(people) + 2, records.OFFER)
    offers["request"], offers["kind"], offers["people"] = 7, KINDS.index(kind), [*people, 800, 900]
    offers[-2].request, offers[-1].kind = 8, KINDS.index("naval")
    counts = np.zeros(records.COUNTS, dtype=np.int64)
    counts[records.OFFERS] = len(offers)
    run = SimpleNamespace(counts=counts, offers=offers, amounts=np.zeros((2, 9), dtype=np.int64))
    plain(deployments.scale)(SimpleNamespace(kinds=kinds), run, 7, KINDS.index(kind), need)
    assert offers["people"][-2:].tolist() == [800, 900]
    return offers["people"][:-2].tolist()


@pytest.mark.parametrize(
    ("kind", "need", "people", "left"),
    [
        ("infantry", 900, [400, 500], [400, 500]),  # all that is needed
        ("infantry", 600, [400, 800], [200, 400]),  # scaled alike
        ("infantry", 400, [400, 150, 800], [133, 0, 267]),  # the smallest goes before all shrink
        ("infantry", 150, [400, 500, 300], [0, 150, 0]),  # whole units or none
        ("infantry", 90, [400, 500], [0, 0]),  # fewer than a unit
        ("infantry", 500, [], []),
        ("staff", 5, [4, 4, 2], [2, 2, 1]),  # officers have no least size but one
        ("staff", 2, [4, 4, 1], [1, 1, 0]),
    ],
)
def test_offers_beyond_the_need_are_scaled_and_a_unit_is_whole_or_stays_at_home(
    kind, need, people, left
):
    assert scaled(kind, need, people) == left


def test_the_months_of_a_provision_follow_from_the_run_own_reform():
    """A package moves its rows together; a row that another amends is out while that is in."""
    never = legal_regimes.NEVER
    links = records.records(5, records.LINK)
    links["package"], links["amended"] = [-1, 0, 0, 0, 1], [-1, -1, -1, 0, -1]
    links["since"], links["until"] = [10, 0, 0, 0, 0], never
    links["offset"], links["lasts"] = [0, 0, -6, 3, 0], [never, 24, never, never, never]
    reforms = records.records(2, records.REFORM)
    reforms["enacted"], reforms["passed"] = [100, never], [98, never]
    run = SimpleNamespace(reforms=reforms, provisions=records.records(5, PROVISION))
    plain(legislation.fold)(SimpleNamespace(links=links), run)
    months = list(zip(run.provisions["since"], run.provisions["until"], strict=True))
    assert months == [(10, 103), (100, 124), (98, never), (103, never), (never, never)]


def test_a_debate_moves_with_its_reform_and_falls_with_it():
    frame = legal_regimes.instruments()
    given = reform_packages.packages(frame, ["JPN", "KOR"], month_number("1990-11"))
    known = table("reforms")
    for column in ("debate_from", "debate_to"):
        wanted = [month_number(cell) for cell in known[column]]
        assert given[column].tolist() == wanted
    assert given["given"].tolist() == [month_number(cell) for cell in known["in_force"]]
    name = known["reform"].iloc[0]
    without = frame[frame["reform"] != name]
    for column in ("debate_from", "debate_to", "given"):
        fallen = reform_packages.packages(without, ["JPN", "KOR"], month_number("1990-11"))[column]
        assert fallen[0] == legal_regimes.NEVER and (fallen[1:] == given[column][1:]).all()


def test_a_dated_stance_stands_in_place_of_the_other_while_it_holds(monkeypatch):
    made = getattr(parliaments.stances, "__wrapped__")  # noqa: B009 (not what is kept of the table)
    frame = table("stances")
    always = frame[(frame["state"] == "JPN") & (frame["party_role"] == "partner")].iloc[[0]]
    dated = always.assign(**{"from": "1994-06", "to": "1996-12", "acceptance": "0.25"})
    plainly = made(200)
    given = pd.concat([dated, frame], ignore_index=True)  # whatever the order of the rows
    monkeypatch.setattr(
        parliaments, "table", lambda name: given if name == "stances" else table(name)
    )
    told = made(200)
    first, last = month_number("1994-06"), month_number("1996-12")
    changed = np.argwhere(told["partner"] != plainly["partner"])
    assert changed[:, 0].tolist() == list(range(first, last + 1))
    assert (told["partner"][first : last + 1].min(axis=(1, 2)) <= 0.25).all()
    assert (told["government"] == plainly["government"]).all()


def test_what_is_done_to_one_world_does_not_reach_the_next():
    """Much of a world is made once for all: each has a copy of its own."""
    settings = Settings(end="1996-12")
    first = build(settings)
    before = [digest.meant(np.asarray(array)) for array in first.arrays]
    drawn = first.draws.copy()
    for array in (*first.arrays, first.draws, first.parameters):
        np.asarray(array)[...] = 1
    again = build(settings)
    assert [digest.meant(np.asarray(array)) for array in again.arrays] == before
    assert (again.draws == drawn).all()


def test_what_is_kept_is_told_apart_by_its_arguments_and_made_again_with_the_tables(monkeypatch):
    made: list[tuple[object, ...]] = []

    @tables.kept
    def sums(names: list[str], amounts: np.ndarray) -> np.ndarray:
        made.append((names, amounts.tolist()))
        return amounts.sum(keepdims=True)

    for _ in range(2):
        assert sums(["a"], np.array([1, 2])).tolist() == [3]
        assert sums(["a"], np.array([1, 3])).tolist() == [4]
        assert sums(["b"], np.array([1, 3])).tolist() == [4]
    assert len(made) == 3
    read_again = tables.table("missions").copy()
    monkeypatch.setattr(tables, "table", lambda name: read_again)
    sums(["a"], np.array([1, 2]))
    assert len(made) == 4
    for number in range(tables.MOST):
        sums(["c"], np.array([number]))
    sums(["a"], np.array([1, 2]))  # which had been let go
    assert len(made) == 4 + tables.MOST + 1
