"""What each contributor faced in every half year of the panel: who was asked, what spoke for coming
or staying, and what it did.

A world is begun in a month of the panel as it was then, with every state deciding from the month
after.  All are asked for whatever the missions have, and all terms end at once, so that the rules
write down their own terms for every state that could come and every one that could leave.  Terms
are those of the model, before they are weighed; what was done comes from the panel.  A state could
come where a round was due, or where others left and made room; a new mission has a first half year
of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from model.core import parameter_index as P
from model.core import records, utility_terms
from model.core.rng import key
from model.engine import month_steps
from model.engine.run_arrays import Trace, allocate
from model.errors import InputError
from model.months import month_number, month_text
from model.rules import force_generation
from model.settings import Settings
from model.vocabulary import GROUP_UN, KINDS, POLICE, STAFF, STUDIED
from model.world.build import Atlas, build

from ..evidence import observations
from ..evidence.observations import DYADS_FIRST, PANEL_LAST
from ..fitting.panel_pairs import CLASSES, people_by_class

STEP = 6  # months from one half year to the next: the usual term, and the interval of rounds
SETTLED = 4  # months after which a new mission has its first people
ASKED = 30.0  # log odds at which every capital is asked
DEMAND = 5.0  # times its strength, at which a mission has a round for every kind
APPROACHES = ("unit", "officer", "staff", "police")
ASKERS = tuple(f"approach_{name}" for name in APPROACHES)
STANDING = ("capability", "record", "region", "presence")
MOST = 12  # kinds of a class that may be asked for at once
NO_ROUND = -1  # in place of an approach


class Round(NamedTuple):
    """A round of a month: people asked for, its reason, and the share of its kind in all units."""

    people: float
    reason: int
    share: float


NOT_DUE = Round(0.0, force_generation.VACANCY, 1.0)


@dataclass(frozen=True)
class PanelTerms:
    """Half years of states and missions, in line.

    Attributes:
        state, mission, window: names of the state and of the line of missions, and the month of the
            panel at which the half year begins, [N].
        stays: whether the state had people of the class there (else it could come), [N].
        done: whether it had them half a year later, [N].
        kind: place in ``CLASSES``, [N].
        standing: what askers look at, [N, ``STANDING``].
        approach: of each kind of the class for which a round is due, place in ``APPROACHES``; else
            ``NO_ROUND``, [N, ``MOST``].
        need: logarithm of the contingents that each of these rounds asks for, [N, ``MOST``].
        share: logarithm of the share of the kind in all units asked for, [N, ``MOST``].
        terms: terms of the utility before they are weighed, [N, terms].
        left: share of the mission's strength that is left half a year later, 0..1, [N].
        in_time: chance that units promised to a new mission have arrived by the end, 0..1; of
            others 1, for as many who were promised before arrive, [N].
        dyad: number of the state with the line of missions, [N].
    """

    state: np.ndarray
    mission: np.ndarray
    window: np.ndarray
    stays: np.ndarray
    done: np.ndarray
    kind: np.ndarray
    standing: np.ndarray
    approach: np.ndarray
    need: np.ndarray
    share: np.ndarray
    terms: np.ndarray
    left: np.ndarray
    in_time: np.ndarray
    dyad: np.ndarray

    def kept(self, mask: np.ndarray) -> PanelTerms:
        """Some of the rows, their dyads numbered again."""
        rows = {name: value[mask] for name, value in vars(self).items()}
        rows["dyad"] = np.unique(rows["dyad"], return_inverse=True)[1]
        return PanelTerms(**rows)


def half_years(until: str) -> list[int]:
    """Months of the panel from which half a year can be followed to ``until``.

    Raises:
        InputError: ``until`` is no month, or leaves no half year.
    """
    last = min(month_number(until, "--until"), PANEL_LAST)
    found = list(range(DYADS_FIRST, last - STEP + 1, STEP))
    if not found:
        raise InputError(
            f"--until {until} is too early; contributors are observed mission by mission from "
            f"{month_text(DYADS_FIRST)}, and half a year is needed"
        )
    return found


def panel_terms(
    until: str, tell: Callable[[int, int], None] = lambda done, total: None
) -> PanelTerms:
    """All half years of the panel to a month; Japan and Korea, who have a likelihood of their own,
    are left out.

    Raises:
        InputError: as ``half_years``.
    """
    months = half_years(until)
    spans = [(month, month + STEP, False) for month in months]
    spans += [(first - 1, end, True) for first, end in _beginnings(months)]
    parts = []
    for number, (month, end, begins) in enumerate(spans):
        parts.append(_faced(month, end, begins))
        tell(number + 1, len(spans))
    frame = pd.concat(parts, ignore_index=True)
    pairs = frame["state"] + " " + frame["mission"]
    columns: dict[str, np.ndarray] = {
        name: frame[name].to_numpy() for name in ("state", "mission", "window")
    }
    columns |= {name: frame[name].to_numpy(dtype=bool) for name in ("stays", "done")}
    columns |= {"kind": frame["kind"].to_numpy(dtype=int)}
    columns |= {name: frame[name].to_numpy(dtype=float) for name in ("left", "in_time")}
    columns |= {name: np.stack(list(frame[name])) for name in ("approach", "need", "share")}
    columns |= {"standing": frame[list(STANDING)].to_numpy(dtype=float)}
    columns |= {"terms": frame[[f"term_{name}" for name in utility_terms.NAMES]].to_numpy()}
    return PanelTerms(**columns, dyad=np.unique(pairs, return_inverse=True)[1])


def _beginnings(months: list[int]) -> list[tuple[int, int]]:
    """Months in which UN missions begin, each with the half year at which its people are counted
    first."""
    atlas = build(Settings(end=month_text(months[-1] + STEP), point=True))
    rows = atlas.arrays.missions
    un = atlas.arrays.groups[rows["framework"]] == GROUP_UN
    grid = np.array([*months, months[-1] + STEP])
    begun = sorted({int(row["start"]) for row in rows[un] if months[0] < row["start"]})
    pairs = [(first, grid[grid >= first + SETTLED]) for first in begun]
    return [(first, int(later[0])) for first, later in pairs if len(later)]


def _world(month: int, end: int) -> Atlas:
    """The world as it stood, in which every state decides from the month after, and every term ends
    in the month after that."""
    atlas = build(
        Settings(
            start=month_text(month + 1),
            end=month_text(end),
            deliberating=("all",),
            afterwards="deliberate",
            point=True,
        )
    )
    initial = atlas.arrays.initial.copy()
    initial["term"] = month + 2
    begins = np.zeros_like(atlas.arrays.asks_from)
    arrays = atlas.arrays._replace(initial=initial, asks=atlas.arrays.asks[:0], asks_from=begins)
    return Atlas(**{**vars(atlas), "arrays": arrays})


def _begun(atlas: Atlas, month: int, demand: float) -> records.Run:
    """A run in which the first month has begun, every capital is asked, and missions ask for so
    many times their strength."""
    row = atlas.parameters.copy()
    for number, column in enumerate(atlas.columns):
        if column.shared == "renewal_risk":
            row[number] = 0.0 if column.state else 1.0
        elif column.shared in ASKERS:
            row[number] = 0.0 if column.state else ASKED
        elif column.shared == "un_demand":
            row[number] = demand
    world = atlas.arrays
    run = allocate(atlas, Trace(states=()))
    month_steps.reset(world, run, key(1, 0), row)
    for then in range(int(world.span[0]), month + 1):
        for state in world.actors:
            month_steps.live(world, run, then, state, state + 1)
    month_steps.begin(world, run, month + 1)
    return run


def _faced(month: int, end: int, begins: bool) -> pd.DataFrame:
    """The rows of one half year, of missions that begin with it or of those that were there."""
    atlas = _world(month, end)
    world = atlas.arrays
    needs = _needs(_begun(atlas, month, 1.0))
    run = _begun(atlas, month, DEMAND)
    faced = _Faced(atlas, month, end, begins, needs, run)
    for state in world.actors:
        month_steps.deliberate(world, run, month + 1, state)
    coming = _decisions(run, 0)
    rows = faced.rows(run, coming, stays=False)
    if not begins:
        run.counts[records.OFFERS] = run.counts[records.REQUESTS] = 0
        for state in world.actors:
            month_steps.part(world, run, month + 2, state, month_steps.REVIEW, -1, -1)
        rows += faced.rows(run, _decisions(run, len(coming)), stays=True)
    return pd.DataFrame(rows)


class _Faced:
    """What was open in one half year, and what came of it."""

    def __init__(
        self, atlas: Atlas, month: int, end: int, begins: bool,
        needs: dict[tuple[int, int], Round], run: records.Run,
    ) -> None:  # fmt: skip
        self.atlas, self.month, self.end, self.needs = atlas, month, end, needs
        self.present = run.people_here > 0  # a copy: what comes later is not in it
        self.was = people_by_class(atlas, month)
        self.then = people_by_class(atlas, end)
        world, rows = atlas.arrays, atlas.arrays.missions
        self.un = world.groups[rows["framework"]] == GROUP_UN
        self.un &= (rows["start"] == month + 1) if begins else (rows["start"] <= month)
        self.un &= rows["end"] >= end
        lines = np.zeros_like(self.was)
        for mission, root in enumerate(rows["root"]):
            lines[:, root] += self.was[:, mission]
        self.in_time = 1.0
        if begins:
            lead = run.parameters[0, [P.ROUTINE_MONTHS, P.ROUTINE_SPREAD]]
            self.in_time = arrived(end - month - 1, *lead)
        self.before = lines[:, rows["root"]]  # of a line of missions, by whichever of them
        self.gone = np.maximum(self.was - self.then, 0.0).sum(axis=0)
        self.experience = observations.experience(atlas, month)
        self.classes = {
            KINDS.index(kind): n for n, kinds in enumerate(CLASSES.values()) for kind in kinds
        }
        build_up = float(run.parameters[0, P.BUILD_UP])
        self.rounds = {
            (int(mission), n): self._rounds(build_up, int(mission), n)
            for mission in np.flatnonzero(self.un)
            for n in range(len(CLASSES))
        }

    def rows(
        self, run: records.Run, decided: list[tuple[np.void, np.ndarray]], stays: bool
    ) -> list[dict[str, Any]]:
        """A row for each state, mission and class that could come or leave, by the kind of the
        class that is needed most."""
        found: dict[tuple[int, int, int], tuple[float, dict[str, Any]]] = {}
        for decision, terms in decided:
            state, mission, kind = (int(decision[name]) for name in ("state", "mission", "kind"))
            number = self.classes.get(kind)
            if number is None or not self._open(state, mission, number, stays):
                continue
            need = self.needs.get((mission, kind), NOT_DUE).people
            place = state, mission, number
            if place not in found or found[place][0] < need:
                cell = self._cell(run, place, kind, stays)
                weights = run.parameters[state, : utility_terms.COUNT]
                plain = np.divide(
                    terms[: utility_terms.COUNT], weights,
                    out=np.zeros(utility_terms.COUNT), where=weights != 0,
                )  # fmt: skip
                named = zip(utility_terms.NAMES, plain, strict=True)
                found[place] = need, cell | {f"term_{name}": value for name, value in named}
        return [cell for _, cell in found.values()]

    def _open(self, state: int, mission: int, number: int, stays: bool) -> bool:
        """Whether a state could come, or was there and could leave."""
        missions = self.atlas.arrays.missions
        if not self.un[mission] or self.atlas.states[state] in STUDIED:
            return False
        if missions[mission]["host"] == state:
            return False
        there = self.was[state, mission, number] > 0
        if stays:
            return bool(there)
        if there or self.before[state, mission, number] > 0:
            return False
        return bool((self.rounds[mission, number][0] != NO_ROUND).any())

    def _rounds(
        self, build_up: float, mission: int, number: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Approach, need and share of each kind of a class for which a round was due; where others
        left and made room, of one."""
        world = self.atlas.arrays
        row = world.missions[mission]
        young = self.month + 1 - row["start"] < build_up
        approach, need, share = np.full(MOST, NO_ROUND), np.zeros(MOST), np.zeros(MOST)
        own = [kind for kind, of in self.classes.items() if of == number]
        due = [kind for kind in own if (mission, kind) in self.needs]
        if not due and self.gone[mission, number] > 0:
            due = own[:1]
        for place, kind in enumerate(due):
            formed = bool(world.kinds[kind]["formed"])
            approach[place] = APPROACHES.index(_approach(kind, formed))
            call = self.needs.get((mission, kind), NOT_DUE)
            share[place] = np.log(call.share)
            if call.people > 0.0 and (young or call.reason != force_generation.VACANCY):
                need[place] = np.log(max(1.0, call.people / world.kinds[kind]["typical"]))
        return approach, need, share

    def _cell(
        self, run: records.Run, place: tuple[int, int, int], kind: int, stays: bool
    ) -> dict[str, Any]:
        """What askers look at, and what was done."""
        state, mission, number = place
        world = self.atlas.arrays
        row, formed = world.missions[mission], bool(world.kinds[kind]["formed"])
        approach, need, share = self.rounds[mission, number]
        strength = world.mission_months["asked"][:, mission]
        cut = 0.0
        if formed:
            cut = force_generation.drawdown(strength[self.end], strength[self.month])
        return {
            "state": self.atlas.states[state],
            "mission": self.atlas.missions[int(row["root"])],
            "window": self.month,
            "stays": stays,
            "done": self.then[state, mission, number] > 0,
            "kind": number,
            "approach": approach,
            "need": need,
            "share": share,
            "capability": world.state_months[self.month]["capability"][state],
            "record": self.experience[state],
            "region": float(world.states[state]["region"] == row["region"]),
            "presence": float(self.present[state, mission]),
            "left": 1.0 - cut,
            "in_time": self.in_time if formed else 1.0,
        }


def arrived(months: int, median: float, spread: float) -> float:
    """Chance that a routine lead is over after so many whole months: it is log-logistic."""
    return float(1.0 / (1.0 + ((months + 0.5) / median) ** (-1.0 / spread)))


def _approach(kind: int, formed: bool) -> str:
    """Whose rate of being asked holds for a kind."""
    if kind == POLICE:
        return "police"
    if formed:
        return "unit"
    return "staff" if kind == STAFF else "officer"


def _needs(run: records.Run) -> dict[tuple[int, int], Round]:
    """The rounds of the month, by mission and kind."""
    rows = run.requests[: int(run.counts[records.REQUESTS])]
    return {
        (int(row["mission"]), int(row["kind"])): Round(
            float(row["people"]), int(row["reason"]), float(row["share"])
        )
        for row in rows
        if row["state"] < 0
    }


def _decisions(run: records.Run, begin: int) -> list[tuple[np.void, np.ndarray]]:
    """Decisions written down from a number on, with their weighed terms."""
    end = int(run.counts[records.DECISIONS])
    rows = run.decisions[begin:end].copy()
    return list(zip(rows, run.decision_terms[begin:end].copy(), strict=True))
