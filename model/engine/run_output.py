"""What a run leaves behind: deployments, decisions and stocks, and the tables made from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..core.jit import entry
from ..months import month_text
from ..vocabulary import (
    AUTHORISERS,
    FRAMEWORKS,
    GATES,
    GRADES,
    GROUPS,
    KINDS,
    MODES,
    NESTS,
    OUTCOMES,
    REASONS,
    STOPS,
    SUBSTITUTES,
)
from ..world.build import Atlas
from ..world.recorded_contributions import monthly
from ..world.reform_packages import names as reform_names


@dataclass(frozen=True)
class Ledger:
    """One run: its deployments (spells of constant size) and what ended each, traced decisions,
    stocks, and how far each reform came, where law is an outcome."""

    run: int
    deployments: np.ndarray
    endings: np.ndarray
    decisions: np.ndarray
    terms: np.ndarray
    menus: np.ndarray
    menus_terms: np.ndarray
    stocks: np.ndarray
    counts: np.ndarray
    reforms: np.ndarray
    provisions: np.ndarray  # the law that held in this run


@entry
def add_up(deployments, groups, places, first, last, out):
    """Add people by month, reported state, framework group and kind into int32[T, W, 3, K].

    With K = 1 all kinds are added into the one column.
    """
    apart = out.shape[3] > 1
    for i in range(deployments.size):
        unit = deployments[i]
        place = places[unit.state]
        if place < 0:
            continue
        begin = max(unit.arrives, first)
        end = last + 1
        if unit.leaves > 0:
            end = min(end, unit.leaves)
        group = groups[unit.framework]
        kind = unit.kind if apart else 0
        people = unit.people
        for month in range(begin, end):
            out[month - first, place, group, kind] += people


_RECORD_COLUMNS = ("month", "state", "framework", "mission", "kind", "value")


@lru_cache(maxsize=16)
def recorded_before(
    codes: tuple[str, ...], begins: tuple[int, ...], first: int, last: int
) -> pd.DataFrame:
    """The record of states (as ``monthly``) in the months before each begins to decide."""
    last = min(last, max(begins, default=first) - 1)
    if last < first:  # nothing to read the tables for
        return pd.DataFrame({name: [] for name in _RECORD_COLUMNS})
    known = monthly(codes, first, last)
    begin = known["state"].map(dict(zip(codes, begins, strict=True))).to_numpy(dtype=int)
    return known[known["month"].to_numpy(dtype=int) < begin]


class RecordedCells(NamedTuple):
    """The record of states as numbers, one place of each array a cell."""

    month: np.ndarray  # from the first
    state: np.ndarray
    group: np.ndarray
    kind: np.ndarray
    people: np.ndarray
    mission: np.ndarray


@lru_cache(maxsize=16)
def recorded_cells(
    codes: tuple[str, ...],
    begins: tuple[int, ...],
    first: int,
    last: int,
    missions: tuple[str, ...] = (),
) -> RecordedCells:
    """``recorded_before`` as numbers; the mission, where ``missions`` name the places."""
    known = recorded_before(codes, begins, first, last)
    labels = {"state": codes, "framework": GROUPS, "kind": KINDS}
    labels |= {"mission": missions} if missions else {}
    state, group, kind, *mission = (
        known[column].map({name: n for n, name in enumerate(names)}).to_numpy(dtype=int)
        for column, names in labels.items()
    )
    return RecordedCells(
        month=known["month"].to_numpy(dtype=int) - first,
        state=state,
        group=group,
        kind=kind,
        people=known["value"].to_numpy(dtype=int),
        mission=mission[0] if mission else np.zeros(0, dtype=int),
    )


@dataclass(frozen=True)
class Chunk:
    """Consecutive runs of one world and seed."""

    atlas: Atlas
    seed: int
    ledgers: tuple[Ledger, ...]

    @cached_property
    def runs(self) -> tuple[int, ...]:
        """Numbers of the runs."""
        return tuple(ledger.run for ledger in self.ledgers)

    def personnel(self, states: tuple[str, ...] = ()) -> np.ndarray:
        """People in the field as int32[runs, T, states, 3 groups, kinds], recorded months included.

        Args:
            states: ISO codes; the reported states when empty.
        """
        return self._people(states or self.atlas.reported, len(KINDS))

    def totals(self, states: tuple[str, ...] = ()) -> np.ndarray:
        """People of all kinds as int32[runs, T, states, 3 groups]: ``personnel`` added up, in a
        fraction of its time and room."""
        return self._people(states or self.atlas.reported, 1)[..., 0]

    def _people(self, codes: tuple[str, ...], kinds: int) -> np.ndarray:
        atlas, world = self.atlas, self.atlas.arrays
        first, last = int(world.span[1]), int(world.span[2])
        place = np.full(len(atlas.states), -1, dtype=np.int64)
        for number, code in enumerate(codes):
            place[atlas.state_row(code)] = number
        shape = (len(self.ledgers), last - first + 1, len(codes), len(GROUPS), kinds)
        out = np.zeros(shape, dtype=np.int32)
        for number, ledger in enumerate(self.ledgers):
            add_up(
                deployments=ledger.deployments,
                groups=world.groups,
                places=place,
                first=first,
                last=last,
                out=out[number],
            )
        known = recorded_cells(*self.frame(codes))
        if len(known.people):
            kind = known.kind if kinds > 1 else np.zeros_like(known.kind)
            for people in out:
                np.add.at(people, (known.month, known.state, known.group, kind), known.people)
        return out

    def frame(self, codes: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...], int, int]:
        """What observed data are needed: states, the months they become active, the period."""
        world = self.atlas.arrays
        begins = (int(world.states[self.atlas.state_row(code)].deliberates) for code in codes)
        return tuple(codes), tuple(begins), int(world.span[1]), int(world.span[2])

    def spells(self) -> pd.DataFrame:
        """Every deployment of every run: state, mission, kind, people, first and last month."""
        atlas = self.atlas
        last = int(atlas.arrays.span[2])
        made = [ledger.deployments for ledger in self.ledgers]
        d = np.concatenate(made)
        ends = np.where(d["leaves"] > 0, d["leaves"] - 1, last)
        out = pd.DataFrame(
            {
                "run": np.repeat(self.runs, [len(one) for one in made]),
                "state": np.array(atlas.states)[d["state"]],
                "mission": np.array(atlas.missions)[d["mission"]],
                "framework": np.array(FRAMEWORKS)[d["framework"]],
                "group": np.array(GROUPS)[atlas.arrays.groups[d["framework"]]],
                "kind": np.array(KINDS)[d["kind"]],
                "people": d["people"].astype(int),
                "asked": d["asked"].astype(int),
                "first": d["arrives"].astype(int),
                "last": np.minimum(ends, last).astype(int),
                "crisis": d["crisis"].astype(int),
            }
        )
        return out[out["last"] >= out["first"]].reset_index(drop=True)

    def reforms(self) -> pd.DataFrame:
        """Where law is an outcome: run, state and reform, the month in force (blank: never), the
        windows that opened and the attempts that failed.  Reforms that are given are left out."""
        packages = self.atlas.arrays.packages
        free = np.flatnonzero(packages["is_given"] == 0)
        names = np.array(reform_names())
        last = int(self.atlas.arrays.span[2])
        frames = []
        for ledger in self.ledgers:
            own = ledger.reforms[free]
            frame = pd.DataFrame(
                {
                    "run": ledger.run,
                    "seed": self.seed,
                    "state": np.array(self.atlas.states)[packages["state"][free]],
                    "reform": names[free],
                    "in_force": [month_text(int(m)) if m <= last else "" for m in own["enacted"]],
                    "windows": own["openings"].astype(int),
                    "failures": own["failures"].astype(int),
                }
            )
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def decisions(self) -> pd.DataFrame:
        """Traced decisions with names: who, what, when, gate, provision and conditions met (bits of
        ``vocabulary.CONDITIONS``), capacity, each utility term, probability, draw, vote, answer."""
        atlas = self.atlas
        made = [ledger.decisions for ledger in self.ledgers]
        if not sum(len(one) for one in made):
            return pd.DataFrame()
        d = np.concatenate(made)
        provision = np.array([*atlas.provisions, ""])
        asks = np.array([*atlas.asks, ""])
        kinds = np.array([*KINDS, ""])
        sites = np.array([*(site for _, site in atlas.sites), ""])
        months = {month: month_text(month) for month in np.unique(d["month"]).tolist()}
        frame = pd.DataFrame(
            {
                "run": np.repeat(self.runs, [len(one) for one in made]),
                "number": np.concatenate([np.arange(len(one)) for one in made]),
                "seed": self.seed,
                "month": [months[month] for month in d["month"].tolist()],
                "state": np.array(atlas.states)[d["state"]],
                "mission": np.array(atlas.missions)[d["mission"]],
                "request": asks[d["ask"]],
                "reason": np.array(REASONS)[d["reason"]],
                "kind": kinds[d["kind"]],
                "asked": d["asked"].astype(int),
                "framework": np.array(FRAMEWORKS)[d["framework"]],
                "mode": np.array(MODES)[d["crisis"]],
                "gate": np.array(GATES)[d["gate"]],
                "provision": provision[d["provision"]],
                "conditions": d["conditions"].astype(int),
                "authoriser": np.array(AUTHORISERS)[d["authoriser"]],
                "site": sites[d["site"]],
                "grade": np.array(GRADES)[d["grade"]],
                "finding": d["finding"],
                "used": d["used"],
                "comfort": d["comfort"],
                "ready": d["ready"],
                "pool": d["pool"],
                "alliance_most": d["alliance_most"],
                "utility": d["utility"],
                "probability": d["probability"],
                "draw": d["draw"],
                "support": d["support"],
                "upper": d["upper"],
                "present": d["present"],
                "partner": d["partner"],
                "stopped_by": np.array(STOPS)[d["stopped"]],
                "outcome": np.array(OUTCOMES)[d["outcome"]],
                "offered_kind": kinds[d["offered_kind"]],
                "offered": d["offered"].astype(int),
                "offered_site": sites[d["offered_site"]],
                "lead_months": d["lead"].astype(int),
                "substitute": np.array(SUBSTITUTES)[d["substitute"]],
            }
        )
        parts = np.concatenate([ledger.terms for ledger in self.ledgers])
        named = {f"term_{name}": parts[:, number] for number, name in enumerate(atlas.terms)}
        return pd.concat([frame, pd.DataFrame(named)], axis=1)

    def menus(self) -> pd.DataFrame:
        """The menus of traced decisions, one row an alternative: run and ``number`` of the
        decision, what it is, its legal answer, its worth term by term, its chance."""
        atlas = self.atlas
        made = [ledger.menus for ledger in self.ledgers]
        if not sum(len(one) for one in made):
            return pd.DataFrame()
        d = np.concatenate(made)
        lengths = [len(one) for one in made]
        provision = np.array([*atlas.provisions, ""])
        sites = np.array([*(site for _, site in atlas.sites), ""])
        frame = pd.DataFrame(
            {
                "run": np.repeat(self.runs, lengths),
                "number": d["decision"].astype(int),
                "nest": np.array(NESTS)[d["nest"]],
                "mission": np.array(atlas.missions)[d["mission"]],
                "framework": np.array(FRAMEWORKS)[d["framework"]],
                "site": sites[d["site"]],
                "kind": np.array(KINDS)[d["kind"]],
                "people": d["people"].astype(int),
                "gate": np.array(GATES)[d["gate"]],
                "provision": provision[d["provision"]],
                "authoriser": np.array(AUTHORISERS)[d["authoriser"]],
                "finding": d["finding"],
                "used": d["used"],
                "comfort": d["comfort"],
                "support": d["support"],
                "stopped_by": np.array(STOPS)[d["stopped"]],
                "utility": d["utility"],
                "probability": d["probability"],
            }
        )
        parts = np.concatenate([ledger.menus_terms for ledger in self.ledgers])
        named = {f"term_{name}": parts[:, number] for number, name in enumerate(atlas.terms)}
        return pd.concat([frame, pd.DataFrame(named)], axis=1)
