"""One outcome read from a chunk of runs, narrowed down as an expectation says, for each run.

Apart from ``expectations``, which judges the values, as ``measures`` names what can be asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.core.records import STOCKS as NAMES
from model.engine.run_output import recorded_before
from model.errors import InputError
from model.months import month_number
from model.rules import force_generation
from model.steps.renewal import HANDED_OVER, RESIZED
from model.vocabulary import GROUPS, KINDS, OUTCOMES

from ..file_format.outcome_catalogue import DECIDED, MOVED, STOCKS
from ..file_format.schema import Expectation

if TYPE_CHECKING:
    from model.engine.run_output import Chunk, Ledger
    from model.world.build import Atlas

TOUR = 6  # months until people are relieved: half-yearly on the Golan and in South Sudan (WEB-011)
UNITS_ALONE = ("entries", "exits", "lead_time", "unit_presence")  # unless a kind is named
COUNTED_ANSWERS = {  # of decisions, by the variable that counts them
    "answers": ("accepted", "smaller", "cheaper"),
    "refusals": ("refused",),
    "substitutes": ("substitute",),
}


class Window:
    """One outcome of a chunk, narrowed down to states, months, missions and kinds.

    ``people``: ``chunk.personnel()``, which several outcomes share.
    """

    def __init__(self, chunk: Chunk, people: np.ndarray, expectation: Expectation) -> None:
        self.chunk, self.people, self.one = chunk, people, expectation
        self.atlas: Atlas = self.chunk.atlas
        span = self.atlas.arrays.span
        self.begin, self.stop = int(span[1]), int(span[2])
        start, end = expectation.start, expectation.end
        self.first = max(self.begin, month_number(start)) if start else self.begin
        self.last = min(self.stop, month_number(end)) if end else self.stop
        if self.last < self.first:
            raise InputError(
                f"the expectation of {expectation.variable} from {start} to {end} lies outside the "
                "period of the scenario"
            )
        self.states = self.atlas.reported if expectation.state == "all" else (expectation.state,)

    def values(self) -> np.ndarray:
        name = self.one.variable
        if name in STOCKS:
            return self._stock()
        if name in DECIDED:
            return self._decisions()
        if name in MOVED:
            return np.array([self._moves(ledger) for ledger in self.chunk.ledgers])
        people = self._people()
        if name == "personnel":
            return people.sum(axis=2).mean(axis=1)
        if name == "ever":
            return people.any(axis=(1, 2)).astype(float)
        return people.any(axis=2).mean(axis=1)

    def _people(self) -> np.ndarray:
        """People by run, month and kind, states and groups added up."""
        if self.one.mission != "all":
            return self._in_mission()
        states = [self.atlas.reported.index(code) for code in self.states]
        window = self.people[:, self.first - self.begin : self.last - self.begin + 1]
        window = window[:, :, states]
        groups = [n for n, g in enumerate(GROUPS) if self.one.group in (g, "all")]
        return window[:, :, :, groups].sum(axis=(2, 3))[:, :, self._kinds()]

    def _in_mission(self) -> np.ndarray:
        """People of the states in one mission, of every kind that is meant, months as recorded
        before a state decides included."""
        atlas, span = self.atlas, self.atlas.arrays.span
        out = np.zeros((len(self.chunk.ledgers), self.last - self.first + 1, len(KINDS)))
        if self.one.mission not in atlas.missions:
            return out[:, :, self._kinds()]
        states = [atlas.state_row(code) for code in self.states]
        row = atlas.missions.index(self.one.mission)
        for people, ledger in zip(out, self.chunk.ledgers, strict=True):
            d = ledger.deployments
            for unit in d[(d["mission"] == row) & np.isin(d["state"], states)]:
                begin = max(int(unit["arrives"]), self.first)
                end = min(int(unit["leaves"]) or self.last + 1, self.last + 1)
                if begin < end:
                    people[begin - self.first : end - self.first, unit["kind"]] += unit["people"]
        begins = tuple(int(atlas.arrays.states[state]["deliberates"]) for state in states)
        known = recorded_before(tuple(self.states), begins, int(span[1]), int(span[2]))
        for part in known[known["mission"] == self.one.mission].to_dict("records"):
            if self.first <= part["month"] <= self.last:
                out[:, part["month"] - self.first, KINDS.index(part["kind"])] += part["value"]
        return out[:, :, self._kinds()]

    def _kinds(self) -> np.ndarray:
        """Numbers of the kinds meant; presence, entries, exits mean units unless one is named."""
        formed = np.asarray(self.atlas.arrays.kinds["formed"]) > 0
        wanted = self.one.kind
        if wanted == "all" and self.one.variable in UNITS_ALONE:
            wanted = "units"
        chosen = {
            "all": np.ones(len(KINDS), dtype=bool),
            "units": formed,
            "individuals": ~formed,
        }.get(wanted)
        if chosen is None:
            return np.array([KINDS.index(wanted)])
        return np.flatnonzero(chosen)

    def _placed(self, missions: np.ndarray, groups: np.ndarray) -> np.ndarray | bool:
        """Which rows are in the mission that is meant, or in its group of frameworks."""
        if self.one.mission != "all":
            known = self.one.mission in self.atlas.missions
            return missions == (self.atlas.missions.index(self.one.mission) if known else -1)
        return self.one.group == "all" or groups == GROUPS.index(self.one.group)

    def _moves(self, ledger: Ledger) -> float:
        d, world = ledger.deployments, self.atlas.arrays
        kept = np.isin(d["state"], [self.atlas.state_row(code) for code in self.states])
        kept &= np.isin(d["kind"], self._kinds()) & (d["people"] > 0)
        kept &= self._placed(d["mission"], world.groups[d["framework"]])
        if self.one.variable == "people_sent":
            return self._sent(d[kept])
        when = d["leaves"] if self.one.variable == "exits" else d["arrives"]
        kept &= (when >= self.first) & (when <= self.last)
        if self.one.variable == "exits":
            return float((kept & ~goes_on(ledger)).sum())
        if self.one.variable == "assignments":
            begins = world.states["deliberates"][d["state"]]
            carried = (d["arrives"] == begins) & (d["since"] < d["arrives"])
            return float(len(np.unique(d["mission"][kept & ~carried & ~resized(ledger)])))
        kept &= d["since"] >= d["arrives"]  # not carried in, resized or handed over
        if self.one.variable == "entries":
            return float(kept.sum())
        routine = kept & (d["crisis"] == 0)
        if not routine.any():
            return float("nan")
        return float((d["arrives"] - d["ordered"])[routine].mean())

    def _sent(self, deployments: np.ndarray) -> float:
        """People who served in the months, from those who are there and how long."""
        d = deployments
        begin = np.maximum(d["arrives"], self.first)
        end = np.minimum(np.where(d["leaves"] > 0, d["leaves"], self.last + 1), self.last + 1)
        begun = (d["since"] >= d["arrives"]) & (d["arrives"] >= self.first)
        return float(people_sent(d["people"], np.maximum(end - begin, 0), begun).sum())

    def _decisions(self) -> np.ndarray:
        """Answers that count, but for those to a renewal."""
        wanted = [OUTCOMES.index(name) for name in COUNTED_ANSWERS[self.one.variable]]
        states = [self.atlas.state_row(code) for code in self.states]
        groups = np.asarray(self.atlas.arrays.missions["group"])
        counts = []
        for ledger in self.chunk.ledgers:
            d = ledger.decisions
            kept = np.isin(d["outcome"], wanted) & (d["reason"] != force_generation.RENEWAL)
            kept &= np.isin(d["state"], states)
            kept &= (d["month"] >= self.first) & (d["month"] <= self.last)
            kept &= self._placed(d["mission"], groups[d["mission"]])
            if self.one.kind != "all":
                kept &= np.isin(d["kind"], self._kinds())
            counts.append(float(kept.sum()))
        return np.array(counts)

    def _stock(self) -> np.ndarray:
        rows = [self.atlas.reported.index(code) for code in self.states]
        number = NAMES.index(self.one.variable)
        return np.array(
            [
                ledger.stocks[self.first : self.last + 1, rows, number].sum(axis=1).mean()
                for ledger in self.chunk.ledgers
            ]
        )


def goes_on(ledger: Ledger) -> np.ndarray:
    """Which deployments end on paper alone, with another size or under another mission, bool[D]."""
    return np.isin(ledger.endings["cause"], (RESIZED, HANDED_OVER))


def resized(ledger: Ledger) -> np.ndarray:
    """Which deployments are another size of one that was there before, bool[D]."""
    d = ledger.deployments
    before = d[ledger.endings["cause"] == RESIZED]
    ends = {(one["state"], one["mission"], one["kind"], one["leaves"]) for one in before}
    return np.array(
        [(one["state"], one["mission"], one["kind"], one["arrives"]) in ends for one in d],
        dtype=bool,
    )


def people_sent(people: np.ndarray, months: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """People who served, from the size of each contribution and its months.

    A presence is relieved every ``TOUR`` months, and whoever begins one (``begun``) serves at
    least once; what goes on with another size adds by its months.

    Example:
        >>> people_sent(np.array([43, 100]), np.array([204, 2]), np.array([True, True])).tolist()
        [1462.0, 100.0]
    """
    tours = np.where(begun & (months > 0), np.maximum(months, TOUR), months) / TOUR
    return np.asarray(people * tours)
