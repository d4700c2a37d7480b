"""Limits of what the model claims: extremes, placebos, a shuffled record; all attempts together.

With the signs of terms and levers these are a sceptic's attempts to break what the model claims;
``docs/limits.md`` tells what came of each and explains what surprised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from model.core.records import World
from model.core.utility_terms import ALLIANCE
from model.engine.run_arrays import Trace
from model.months import month_number
from model.settings import Event, Settings
from model.vocabulary import KINDS, STUDIED
from model.world import legal_regimes
from model.world.build import Atlas, build
from scenarios.definition.loader import parse
from scenarios.running import model_adapter

from ..evidence import observations
from ..validation import backtest
from .attempt import COALITION, RUNS, SEED, UN, Attempt, Histories, effect
from .lever_signs import levers
from .state_swap import digests
from .term_signs import signs

SPAN = Settings(end="2014-08", afterwards="recorded")
FROZEN_UNTIL = "2001-12"  # Japan's core tasks of peacekeeping forces


def attempts(runs: int = RUNS) -> Iterator[Attempt]:
    """All attempts, group by group."""
    yield from signs()
    yield from levers(runs)
    base = Histories(build(SPAN), runs)
    yield from extremes(base, runs)
    yield from placebos(base, runs)
    yield from exchanged()
    yield from shuffled(base, runs)
    yield from forecasts_shuffled(runs)


def world(**changes: Any) -> Atlas:
    """The world of ``SPAN`` with other settings."""
    known = {name: getattr(SPAN, name) for name in SPAN.__dataclass_fields__}
    return build(Settings(**known | changes))


def altered(atlas: Atlas, change: Callable[[World], None]) -> Atlas:
    """A world with a copy of its arrays changed."""
    copies = {name: value.copy() for name, value in atlas.arrays._asdict().items()}
    arrays = atlas.arrays._replace(**copies)
    change(arrays)
    return replace(atlas, arrays=arrays)


def scenario(events: str, **changes: Any) -> Atlas:
    """The world of a scenario with these events, in the period of ``SPAN``."""
    text = f'title = "t"\nquestion = "q?"\nreferences = ["r"]\n{events}'
    made = parse(text, "attempt.toml")
    period = made.period.model_copy(update={"end": SPAN.end})
    return model_adapter.world_of(made.changed(period=period, afterwards="recorded", **changes))


def repealed(state: str) -> str:
    """Every instrument of a state out of force from the first month on."""
    return f"""[[events]]
type = "repeal"
month = "1990-11"
instruments = ["{state}-*"]
"""


def extremes(base: Histories, runs: int) -> Iterator[Attempt]:
    """One thing at the end of its range: what depends on it must stop."""

    def attempt(change: str, claim: str, measured: str, holds: bool) -> Attempt:
        return Attempt("limits", change, claim, measured, bool(holds))

    for state in STUDIED:
        sent = Histories(scenario(repealed(state)), runs).sent(state)
        yield attempt(
            f"{state}: every provision repealed",
            "no personnel are sent",
            f"{sent.mean():.1f} people, {base.sent(state).mean():.0f} before",
            sent.max() == 0,
        )
    table = legal_regimes.instruments()
    without = Event("law", {"instruments": table[table["state"] != "JPN"]})
    sent = Histories(world(events=(without,)), runs).sent("JPN")
    yield attempt(
        "JPN: no row of law in the tables",
        "no personnel are sent",
        f"{sent.mean():.1f} people",
        sent.max() == 0,
    )
    none = Histories(world(overrides={"slots_added": -3.0}), runs)
    mean, half = effect(base.sent("JPN", formed=True), none.sent("JPN", formed=True))
    yield attempt(
        "slots_added = -3, more than Japan has",
        "fewer people in Japanese units",
        f"{mean:+.1f} ± {half:.1f}",
        mean + half < 0,
    )

    def disarmed(arrays: World) -> None:
        arrays.state_months["forces"][:, [base.atlas.state_row(code) for code in STUDIED]] = 0.0

    unarmed = Histories(altered(base.atlas, disarmed), runs).sent(formed=True)
    yield attempt(
        "neither state has any soldier",
        "no unit anywhere",
        f"{unarmed.mean():.1f} people in units, {base.sent(formed=True).mean():.0f} before",
        unarmed.max() == 0,
    )

    def opposed(arrays: World) -> None:
        for who in ("government", "opposition", "partner"):
            arrays.stances[who][:] = 0.0

    refused = Histories(altered(base.atlas, opposed), runs).sent("KOR", formed=True)
    before = base.sent("KOR", formed=True).mean()
    yield attempt(
        "no party accepts any dispatch",
        "no Korean unit anywhere, for each needs a vote",
        f"{refused.mean():.1f} people in units, {before:.0f} before",
        refused.max() == 0,
    )
    zero = Histories(world(overrides={"slots.JPN": 0.0}), runs).sent("JPN", formed=True)
    yield attempt(
        "slots.JPN = 0",
        "no Japanese unit anywhere",
        f"{zero.mean():.1f} people in units",
        zero.max() == 0,
    )
    alone = Histories(
        world(overrides={"alliance_pressure": 0.0}), runs, Trace(runs=tuple(range(runs)))
    )
    weighed = np.concatenate([ledger.terms for ledger in alone.ledgers])[:, ALLIANCE]
    yield attempt(
        "alliance_pressure = 0",
        "the alliance adds nothing to any decision",
        f"largest contribution {np.abs(weighed).max():g} in {len(weighed):,} decisions",
        np.abs(weighed).max() == 0,
    )
    silent = Event("alliance", {"month": "1990-11", "requests": 0.0, "salience": 0.0})
    quiet = Histories(world(events=(silent,)), runs)
    mean, half = effect(base.sent(group=COALITION), quiet.sent(group=COALITION))
    yield attempt(
        "no ally ever asks or wants",
        "fewer people in coalitions",
        f"{mean:+.1f} ± {half:.1f} on {base.sent(group=COALITION).mean():.0f}",
        mean + half < 0,
    )

    def unasked(arrays: World) -> None:
        arrays.asks_from[:] = 0

    rounds = Histories(altered(base.atlas, unasked), runs).sent()
    yield attempt(
        "no documented request is ever put",
        "most are sent all the same",
        f"{rounds.mean():.1f} people, {base.sent().mean():.0f} before",
        rounds.mean() > 0.5 * base.sent().mean(),
    )

    def far(arrays: World) -> None:
        arrays.distances[:] = 1e9

    away = Histories(altered(base.atlas, far), runs)
    yield attempt(
        "every mission infinitely far away",
        "no personnel are sent",
        f"{away.sent().mean():.1f} people",
        away.sent(since="1992-01").max() == 0,
    )
    idle = Histories(world(overrides={"un_demand": 0.0}), runs).sent(group=UN, since="1992-01")
    yield attempt(
        "un_demand = 0",
        "no personnel are sent to UN missions",
        f"{idle.mean():.1f} people",
        idle.max() == 0,
    )

    for level, where, wanted, sign in (
        (1.0, "fighting near every force, always", "fewer people in units", -1),
        (0.0, "no fighting near any force, ever", "more people in units", 1),
    ):

        def set_fighting(arrays: World, level: float = level) -> None:
            arrays.mission_months["fighting"][:] = level
            arrays.site_fighting[:] = level

        changed = Histories(altered(base.atlas, set_fighting), runs)
        mean, half = effect(base.sent(formed=True), changed.sent(formed=True))
        yield attempt(
            where,
            wanted,
            f"{mean:+.1f} ± {half:.1f} on {base.sent(formed=True).mean():.0f}",
            sign * mean > half,
        )
    eager = Histories(world(overrides={"unit_intercept": 5.0}), runs)
    first = eager.atlas.arrays.span[1]
    frozen = eager.people[:, : month_number(FROZEN_UNTIL) - first, 0, UN, KINDS.index("infantry")]
    yield attempt(
        "a state that wants every unit mission (unit_intercept = 5)",
        "still no Japanese infantry while the core tasks are frozen",
        f"{int(frozen.max())} people; {eager.sent('JPN', formed=True).mean():.0f} in other units",
        frozen.max() == 0,
    )


def same(one: Histories, other: Histories, states: tuple[str, ...], until: str = "") -> bool:
    """Whether the people of states are equal, run by run and month by month."""
    first = int(one.atlas.arrays.span[1])
    end = month_number(until) - first if until else None
    rows = [[h.atlas.reported.index(code) for code in states] for h in (one, other)]
    return bool(np.array_equal(one.people[:, :end, rows[0]], other.people[:, :end, rows[1]]))


def placebos(base: Histories, runs: int) -> Iterator[Attempt]:
    """Changes that change nothing, or nothing yet: the series must be the same to the bit."""

    def attempt(change: str, claim: str, holds: bool) -> Attempt:
        return Attempt("placebos", change, claim, "equal" if holds else "different", holds)

    empty = """[[events]]
type = "enact"
month = "1995-01"
state = "JPN"
id = "JPN-PLACEBO"
provision = { effect = "allow", kinds = ["election"], frameworks = ["anti_piracy"], \
authoriser = "cabinet" }
"""
    yield attempt(
        "JPN: a law for election observers against piracy",
        "nothing changes",
        same(base, Histories(scenario(empty), runs), STUDIED),
    )
    korea = Histories(world(deliberating=("KOR",)), runs)
    reformed = Histories(scenario(repealed("JPN"), deliberating=["KOR"]), runs)
    yield attempt(
        "JPN: every provision repealed while Japan is recorded",
        "Korea decides as before",
        same(korea, reformed, ("KOR",)),
    )
    given = world(overrides=dict.fromkeys(("alliance_pressure", "home_threat"), 1.0))
    yield attempt(
        "levers set to where they are",
        "nothing changes",
        same(base, Histories(given, runs), STUDIED),
    )

    def others(arrays: World) -> None:
        own = [base.atlas.state_row(code) for code in STUDIED]
        rows = np.setdiff1d(np.arange(arrays.states.size), own)
        for name in ("threat", "status", "strength", "capability", "wealth"):
            arrays.state_months[name][:, rows] += 1.0

    yield attempt(
        "other states' threat, goals, cabinets, forces and income",
        "nothing changes",
        same(base, Histories(altered(base.atlas, others), runs), STUDIED),
    )
    turn = "2004-01"

    def later(arrays: World) -> None:
        when = slice(month_number(turn), None)
        for name in ("threat", "status", "strength"):
            arrays.state_months[name][when] += 1.0
        arrays.mission_months["fighting"][when] = 1.0
        arrays.site_fighting[when] = 1.0
        arrays.mission_months["consent"][when] = 0.0

    future = Histories(altered(base.atlas, later), runs)
    yield attempt(
        f"everything dated {turn} or later is worse",
        "nothing changes before",
        same(base, future, STUDIED, turn),
    )
    yield Attempt(
        "placebos",
        f"everything dated {turn} or later is worse",
        "something changes after",
        f"{effect(base.sent(since=turn), future.sent(since=turn))[0]:+.1f} people",
        not same(base, future, STUDIED),
    )


def shuffled(base: Histories, runs: int) -> Iterator[Attempt]:
    """The record taken from the wrong state, or put in the wrong order: it must not fit as well."""
    span = base.atlas.arrays.span
    known = observations.monthly(STUDIED, int(span[1]), int(span[2]))

    def missed(histories: Histories, record: np.ndarray) -> float:
        people = histories.people[:, :, :, UN].sum(axis=-1).mean(axis=0)
        return float(np.abs(np.log1p(people) - np.log1p(record)).mean())

    miss, wrong = missed(base, known), missed(base, known[:, ::-1])
    yield Attempt(
        "shuffled",
        "Japan held to Korea's record and Korea to Japan's",
        "the history fits worse",
        f"mean miss on log(1 + people) {miss:.2f}, exchanged {wrong:.2f}",
        wrong > miss,
    )

    def by_lot(arrays: World) -> None:
        asks, months = arrays.asks, arrays.asks["month"].copy()
        asks[:] = asks[np.random.default_rng(SEED).permutation(asks.size)]
        asks["month"] = months

    wrong = missed(Histories(altered(base.atlas, by_lot), runs), known)
    yield Attempt(
        "shuffled",
        "the documented requests exchange their months by lot",
        "the history fits worse",
        f"mean miss on log(1 + people) {miss:.2f}, by lot {wrong:.2f}",
        wrong > miss,
    )


def forecasts_shuffled(runs: int) -> Iterator[Attempt]:
    """Forecasts held to the records of states that were drawn by lot."""
    said = backtest.predict("2010-12", "2014-08", runs, SEED)
    rows = backtest.rows_of(said)
    order = np.random.default_rng(SEED).permutation(len(said.states))
    mixed = backtest.rows_of(said, said.people[:, order])
    own, other = float(rows["crps"].mean()), float(mixed["crps"].mean())
    yield Attempt(
        "shuffled",
        "forecasts of 2011 to 2013 held to other states' records",
        "the skill is gone",
        f"CRPS {own:.2f}, shuffled {other:.2f}",
        other > 2 * own,
    )


def exchanged(runs: int = 10, others: Sequence[str] = ("DEU", "MNG")) -> Iterator[Attempt]:
    """Japan's rows under another code: no rule, and no line of code, knows it by its name."""
    for other in others:
        own, theirs = digests("JPN", other, runs)
        yield Attempt(
            "exchanged",
            f"JPN and {other} exchange every row and their random draws",
            f"{other} does what Japan did, and Korea does not change",
            "equal" if own == theirs else "different",
            own == theirs,
        )
