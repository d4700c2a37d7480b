"""The four trends and the security deficit: nothing at nought, what the table says above it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from model.core import parameter_index as P
from model.core.parameter_index import INDEX
from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import Trace
from model.engine.run_output import Chunk
from model.months import month_number
from model.rules import capacity, trends
from model.settings import Event, Settings
from model.tables import table
from model.vocabulary import (
    COALITION_UN_MANDATED,
    GROUP_COALITION,
    GROUP_UN,
    KINDS,
)
from model.world.build import Atlas, build
from tests.support.digest import digest_of

NAMES = ("civilianisation", "militarisation", "decentralisation", "strategisation")
RUNS = 60
CIVIL = [KINDS.index(kind) for kind in ("police", "formed_police", "civilian", "election")]


@cache
def world(lever: str = "", level: float = 0.0) -> Atlas:
    overrides = {lever: level} if lever else {}
    span = Settings("2026-04", "2033-12", afterwards="recorded", overrides=overrides, point=True)
    return build(span)


@cache
def run(lever: str = "", level: float = 0.0) -> Chunk:
    trace = Trace(states=("JPN", "KOR"), runs=tuple(range(RUNS)))
    (chunk,) = ensemble.simulate(world(lever, level), range(RUNS), 1, trace=trace, chunk=RUNS)
    return chunk


def asked(chunk: Chunk, kinds: list[int]) -> int:
    """Requests of some kinds that Japan or Korea answered, over all runs."""
    return sum(int(np.isin(ledger.decisions["kind"], kinds).sum()) for ledger in chunk.ledgers)


def missions(lever: str = "", level: float = 0.0) -> list[PeacekeepingModel]:
    """A few runs laid out and not yet run: what missions they have."""
    return [PeacekeepingModel(atlas=world(lever, level), run=number) for number in range(12)]


def new(model: PeacekeepingModel) -> np.ndarray:
    rows = model.world.missions[int(model.world.generator[0].slots) :]
    return rows[rows["end"] >= rows["start"]]


@pytest.mark.parametrize("lever", [*NAMES, "security_deficit"])
def test_a_trend_at_nought_changes_no_bit_and_above_it_something(lever: str) -> None:
    plain = digest_of(run().ledgers)
    assert digest_of(run(lever, 0.0).ledgers) == plain
    assert digest_of(run(lever, 1.0).ledgers) != plain


def test_each_trend_moves_what_the_table_says_and_twice_as_far_at_two() -> None:
    assert set(table("trends")["trend"]) == set(NAMES)
    for row in table("trends").to_dict("records"):
        place, effect = INDEX[row["parameter"]], float(row["effect"])
        before, once, twice = (
            world(row["trend"], level).parameters_of(1, 0, "KOR")[place]
            for level in (0.0, 1.0, 2.0)
        )
        step = effect * before if row["how"] == "factor" else effect
        assert [once - before, twice - before] == pytest.approx([step, 2 * step])
        model = PeacekeepingModel(atlas=world(row["trend"], 1.0))
        state = model.atlas.state_row("KOR")
        assert model.run.parameters[state, place] == once


def test_civilianisation_asks_for_more_police_and_civilians_and_no_more_units() -> None:
    other = [kind for kind in range(len(KINDS)) if kind not in CIVIL]
    assert asked(run("civilianisation", 1.0), CIVIL) > 1.5 * asked(run(), CIVIL)
    few, many = asked(run("civilianisation", 1.0), other), asked(run(), other)
    assert few == pytest.approx(many, rel=0.1)
    civilian = [KINDS.index("civilian")]
    assert asked(run("civilianisation", 1.0), civilian) > asked(run(), civilian)


def test_militarisation_sends_new_missions_to_harder_places_with_robust_mandates() -> None:
    for mild, hard in zip(missions(), missions("militarisation", 1.0), strict=True):
        before, after = new(mild), new(hard)
        assert (before["start"] == after["start"]).all()
        was, now = mild.world.mission_months["fighting"], hard.world.mission_months["fighting"]
        first = int(mild.world.generator[0].slots)
        assert now[:, first:] == pytest.approx(np.minimum(1.0, 1.5 * was[:, first:]))
        assert (now[:, :first] == was[:, :first]).all()
        assert hard.run.parameters[0, P.MANDATE_ROBUSTNESS] == 2.0


def test_decentralisation_puts_a_regional_body_in_place_of_the_united_nations() -> None:
    before = np.concatenate([new(one) for one in missions()])
    after = np.concatenate([new(one) for one in missions("decentralisation", 1.0)])
    assert (before["start"] == after["start"]).all() and (before["host"] == after["host"]).all()
    moved = before["group"] != after["group"]
    assert (before["group"][moved] == GROUP_UN).all()
    assert (after["group"][moved] == GROUP_COALITION).all()
    assert (after["framework"][moved] == COALITION_UN_MANDATED).all()
    assert (after["regional"] == moved).all() and not before["regional"].any()
    share = moved.sum() / (before["un_command"] == 1).sum()
    assert 0.2 < share < 0.6  # half of the peacekeeping missions, none of the political ones


def test_strategisation_leaves_out_missions_in_which_nobody_has_an_interest() -> None:
    before = np.concatenate([new(one) for one in missions()])
    after = np.concatenate([new(one) for one in missions("strategisation", 1.0)])
    assert 0.4 * len(before) < len(after) < 0.9 * len(before)
    assert set(after["identity"]) <= set(before["identity"])
    assert trends.comes_about(0.5, 1.0) == 1.0 and trends.comes_about(0.5, 0.0) == 0.5


def test_threat_at_home_leaves_less_to_spare_as_the_deficit_has_it() -> None:
    assert capacity.spared(4.0, 0.0, 1.5) == 4.0
    assert capacity.spared(4.0, 0.5, 0.8) == pytest.approx(2.4)
    assert capacity.spared(4.0, 1.0, 1.5) == 0.0
    units = [kind for kind in range(len(KINDS)) if kind not in (*CIVIL, KINDS.index("staff"))]

    def people(chunk: Chunk) -> float:
        return float(chunk.personnel()[..., units].mean())

    assert people(run("security_deficit", 1.0)) < 0.95 * people(run())


@pytest.mark.parametrize("code", ["KOR", "USA"])
def test_fewer_forces_leave_less_that_is_carried_with_ease(code: str) -> None:
    values = {"month": "2026-04", "state": code, "forces": 0.8}
    fewer = build(Settings("2026-04", "2027-03", events=(Event("capacity", values),)))
    same = build(Settings("2026-04", "2027-03"))
    month, row = month_number("2026-10"), same.state_row(code)
    before, after = (one.arrays.state_months[month, row] for one in (same, fewer))
    assert after["forces"] == pytest.approx(0.8 * before["forces"])
    assert after["armed"] - before["armed"] == pytest.approx(np.log(0.8))
