"""Where and why paired runs diverge: decisions that differ under common random numbers.

In each run and for each mission (with those that succeeded it) the first decision that differs
between the two traces, and moves anybody, is looked at: what was answered in each, and which step
made the difference (law, capacity, choice, vote), or that the question was put in one history only.
A deployment or withdrawal that one scenario alone dates comes before the decisions that follow it.
What follows from it in the same mission is counted in people, not as another divergence.  A new
mission that is one of the UN in some runs and a coalition in others is counted apart as either.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.engine.run_output import recorded_before
from model.months import month_text
from model.rules import force_generation
from model.steps import response
from model.vocabulary import GROUPS, KINDS, REASONS

from .dated_givens import GIVEN, DatedGivens, Shown
from .divergence_causes import Causes, arrives, first_cause
from .paired_decisions import Side, answered

if TYPE_CHECKING:
    from model.engine.run_output import Chunk
    from model.world.build import Atlas

CHANGE = [
    "state", "line", "framework", "mission", "month", "reason", "kind", "base_answer",
    "other_answer", "cause", "detail",
]  # fmt: skip
SUMS = (
    "delta", "base_people", "other_people", "base_chance", "other_chance", "base_arrives",
    "other_arrives",
)  # fmt: skip
TABLE = [
    "state", "framework", "mission", "share", "first", "month", "usual_month", "kind", "reason",
    "base_answer", "other_answer", "answer_share", "class", "cause", "detail", "cause_share", *SUMS,
    "people", "people_error", "people_moved",
]  # fmt: skip

ANSWERED = ("base_answer", "other_answer")
YEAR = 12  # months over which an answer is taken to move people
_OFFER = ("outcome", "offered_kind", "offered", "lead", "substitute")
_MERGED = 20  # tables of changes that wait before they are added up


class Divergences:
    """Adds up where one scenario parts from a base, over any number of paired chunks of runs."""

    def __init__(self, base: Atlas, other: Atlas) -> None:
        self.runs = 0
        self._worlds = (base, other)
        self._states = tuple(base.reported)
        self._missions = sorted({*base.missions, *other.missions})
        self._causes = Causes(self._worlds, self._states, tuple(self._missions))
        self._givens = DatedGivens(base, other)
        self._asks = sorted({*base.asks, *other.asks})
        self._changes: list[pd.DataFrame] = []
        self._begin: list[pd.DataFrame] = []
        shape = 3, len(self._states), len(GROUPS), len(self._missions)
        self._moved = np.zeros(shape, dtype=np.int64)  # person-months: sum, of amounts, of squares

    @cached_property
    def _maps(self) -> list[dict[str, np.ndarray]]:
        """Rows of each world's tables to numbers that mean the same in both; -1 for none."""
        found = []
        for atlas in self._worlds:
            reported = {code: n for n, code in enumerate(self._states)}
            missions = {name: n for n, name in enumerate(self._missions)}
            asks = {name: n for n, name in enumerate(self._asks)}
            roots = [atlas.missions[root] for root in atlas.arrays.missions["root"]]
            found.append(
                {
                    "state": np.array([reported.get(code, -1) for code in atlas.states]),
                    "mission": np.array([missions[name] for name in atlas.missions]),
                    "line": np.array([missions[name] for name in roots]),
                    "group": atlas.arrays.groups,
                    "ask": np.array([*(asks[name] for name in atlas.asks), -1]),
                }
            )
        return found

    def add(self, base: Chunk, other: Chunk) -> None:
        """Count the divergences of the same runs in two worlds."""
        self.runs += len(base.ledgers)
        first = self._first(base, other)
        if len(first):
            # as many rows as there are different changes, however many runs have them
            counted = first.groupby(CHANGE)[["runs", "first", *SUMS]].sum().reset_index()
            begin = first.groupby(["state", "run"])["month"].min().reset_index()
            self._changes.append(counted)
            self._begin.append(begin.groupby(["state", "month"]).size().reset_index(name="runs"))
            if len(self._changes) > _MERGED:
                self._changes = [_added(self._changes, CHANGE)]
                self._begin = [_added(self._begin, ["state", "month"])]
        moved = self._person_months(other, 1) - self._person_months(base, 0)
        self._moved += np.stack([moved.sum(0), np.abs(moved).sum(0), (moved**2).sum(0)])

    def _first(self, base: Chunk, other: Chunk) -> pd.DataFrame:
        """What differs first in each run, state, line of missions and group of frameworks."""
        shared = len(self._states), len(self._missions), len(self._asks)
        sides = [
            Side(chunk, maps, *shared)
            for chunk, maps in zip((base, other), self._maps, strict=True)
        ]
        _, here, there = np.intersect1d(
            sides[0].keys, sides[1].keys, assume_unique=True, return_indices=True
        )
        differs = sides[0].rows["month"][here] != sides[1].rows["month"][there]
        for name in _OFFER:
            differs |= sides[0].rows[name][here] != sides[1].rows[name][there]
        alone = [
            np.setdiff1d(np.arange(len(side.keys)), paired)
            for side, paired in zip(sides, (here, there), strict=True)
        ]
        none = [np.full(len(rows), -1) for rows in alone]
        rows = np.stack(
            [
                np.concatenate([here[differs], alone[0], none[1]]),
                np.concatenate([there[differs], none[0], alone[1]]),
            ]
        )
        shown = self._shown(base, other)
        if not rows.size:
            return _first_in_state([self._given_row(place, one) for place, one in shown.items()])

        def either(name: str) -> np.ndarray:
            left, right = (side.column(name)[row] for side, row in zip(sides, rows, strict=True))
            return np.where(rows[0] >= 0, left, right)

        months = [side.column("month")[row] for side, row in zip(sides, rows, strict=True)]
        month = np.where((rows[0] < 0) | (rows[1] < 0), either("month"), np.minimum(*months))
        whose = [either("run"), either("state"), either("line"), either("group")]
        # what both histories have before what one has; no order that depends on which is the base
        ties = either("keys"), (rows < 0).any(axis=0)
        # a request made in one run only, and refused there, moves no one: reported if nothing else
        idle = (rows < 0).any(axis=0) & (either("reason") != force_generation.RENEWAL)
        idle &= np.isin(either("outcome"), (response.DEFERRED, response.REFUSED))
        order = np.lexsort((*ties, month, idle, *whose[::-1]))
        sorted_keys = np.stack([key[order] for key in whose])
        starts = np.ones(len(order), dtype=bool)
        starts[1:] = (np.diff(sorted_keys, axis=1) != 0).any(axis=0)
        chosen = order[starts]
        kept = []
        for number in chosen.tolist():
            place = tuple(int(key[number]) for key in whose)
            given = shown.get(place)
            if given is None or (month[number] < given.given.first and not idle[number]):
                shown.pop(place, None)
                kept.append(number)
        records = self._named_rows(sides, rows[:, kept], month[kept])
        return _first_in_state(records + [self._given_row(*one) for one in shown.items()])

    def _shown(self, base: Chunk, other: Chunk) -> dict[tuple[int, ...], Shown]:
        """By run, state, line and group: the first given of one world only that shows there."""
        found: dict[tuple[int, ...], Shown] = {}
        for one in self._givens.shown(base, other):
            if one.given.state in self._states:
                line, group = self._placed[one.given.mission]
                found.setdefault((one.run, self._states.index(one.given.state), line, group), one)
        return found

    @cached_property
    def _placed(self) -> dict[str, tuple[int, int]]:
        """Line and group of the missions that givens of one world only name."""
        found = {}
        for name in {given.mission for given in self._givens.apart}:
            world = next(n for n, atlas in enumerate(self._worlds) if name in atlas.missions)
            row = self._worlds[world].mission_row(name)
            line = int(self._maps[world]["line"][row])
            found[name] = line, int(self._worlds[world].arrays.missions[row]["group"])
        return found

    def _given_row(self, place: tuple[int, ...], shown: Shown) -> dict[str, Any]:
        """A given that shows, as a row of the table of what differs."""
        run, state, line, group = place
        return {
            "run": run,
            "state": self._states[state],
            "line": self._missions[line],
            "framework": GROUPS[group],
            "mission": shown.given.mission,
            "month": shown.month,
            "reason": GIVEN,
            "kind": KINDS[shown.kind],
            "base_answer": shown.answers[0],
            "other_answer": shown.answers[1],
            "cause": "decided",
            "detail": "",
            "runs": 1,
            "delta": 0.0,
            **{f"{side}_chance": 0.0 for side in ("base", "other")},
            **{f"{side}_arrives": float(shown.month) for side in ("base", "other")},
            "base_people": float(shown.people[0]),
            "other_people": float(shown.people[1]),
        }

    def _named_rows(
        self, sides: list[Side], rows: np.ndarray, month: np.ndarray
    ) -> list[dict[str, Any]]:
        """Decisions that differ with names: answers, cause, and the numbers behind it."""
        records: list[dict[str, Any]] = []
        for left, right, when in zip(*rows.tolist(), month.tolist(), strict=True):
            pair = (sides[0].decision(left), sides[1].decision(right))
            known = pair[0] or pair[1]
            assert known is not None
            cause, detail, delta = self._causes.of(pair)
            records.append(
                {
                    "run": known["run"],
                    "state": self._states[known["state"]],
                    "line": self._missions[known["line"]],
                    "framework": GROUPS[known["group"]],
                    "mission": self._missions[known["mission"]],
                    "month": when,
                    "reason": REASONS[known["reason"]],
                    "kind": KINDS[known["kind"]],
                    "base_answer": answered(pair[0], known),
                    "other_answer": answered(pair[1], known),
                    "cause": cause,
                    "detail": detail,
                    "runs": 1,
                    "delta": delta,
                    **_numbers("base", pair[0]),
                    **_numbers("other", pair[1]),
                }
            )
        return records

    def _person_months(self, chunk: Chunk, world: int) -> np.ndarray:
        """Person-months by run, state, group and line of missions, recorded months included."""
        maps, span = self._maps[world], self._worlds[world].arrays.span
        first, last = int(span[1]), int(span[2])
        units = np.concatenate([ledger.deployments for ledger in chunk.ledgers])
        sizes = [ledger.deployments.size for ledger in chunk.ledgers]
        run = np.repeat(np.arange(len(sizes)), sizes)
        stop = np.where(units["leaves"] > 0, np.minimum(units["leaves"], last + 1), last + 1)
        length = np.maximum(stop - np.maximum(units["arrives"], first), 0)
        state, line = maps["state"][units["state"]], maps["line"][units["mission"]]
        group = maps["group"][units["framework"]]
        kept = state >= 0
        shape = len(sizes), len(self._states), len(GROUPS), len(self._missions)
        place = np.ravel_multi_index((run[kept], state[kept], group[kept], line[kept]), shape)
        people = (units["people"].astype(np.int64) * length)[kept]
        # sums of whole numbers below 2**53 are exact in float
        out = np.bincount(place, weights=people, minlength=int(np.prod(shape))).astype(np.int64)
        return out.reshape(shape) + self._recorded[world]

    @cached_property
    def _recorded(self) -> list[np.ndarray]:
        """Observed person-months in each world before a state decides."""
        found = []
        for atlas, maps in zip(self._worlds, self._maps, strict=True):
            first, last = int(atlas.arrays.span[1]), int(atlas.arrays.span[2])
            deliberates = atlas.arrays.states["deliberates"]
            begins = tuple(int(deliberates[atlas.state_row(code)]) for code in self._states)
            known = recorded_before(self._states, begins, first, last)
            out = np.zeros((len(self._states), len(GROUPS), len(self._missions)), dtype=np.int64)
            totals = known.groupby(["state", "framework", "mission"])["value"].sum().reset_index()
            for total in totals.to_dict("records"):
                state = self._states.index(total["state"])
                line = maps["line"][atlas.mission_row(total["mission"])]
                out[state, GROUPS.index(total["framework"]), line] += int(total["value"])
            found.append(out)
        return found

    def changes(self) -> pd.DataFrame:
        """One row for each kind of divergence: what changed where, why, and in how many runs.

        Columns: ``CHANGE``; ``class`` of the cause (``CLASSES``); ``share`` (of all runs),
        ``first`` (share in which nothing of this state parted before); means of ``delta`` (change
        of the term, the people, the seat share, the size or the months that made the difference)
        and, in each history, of the people offered, the chance of acceptance and the months to
        arrival.
        """
        columns = [*CHANGE, "class", "share", "first", *SUMS]
        if not self._changes:
            return pd.DataFrame(columns=columns)
        table = _added(self._changes, CHANGE)
        table[list(SUMS)] = table[list(SUMS)].div(table["runs"], axis=0)
        table["class"] = table["cause"].combine(table["detail"], first_cause)
        table["share"] = table["runs"] / self.runs
        table["first"] = table["first"] / self.runs
        return table.sort_values(
            ["share", *CHANGE], ascending=[False, *[True] * len(CHANGE)], ignore_index=True
        )[columns]

    def divergences(self) -> pd.DataFrame:
        """One row for each state, mission and group of frameworks in which runs diverge; the
        largest effect first.

        ``share`` of runs that diverge there, ``first``: share in which they diverge there first;
        ``month``: the earliest; the cause that moves most people with its ``class`` and its
        ``cause_share`` among the runs that diverge there, and of it the change of answer that moves
        most with its ``answer_share``, in the ``usual_month`` of that change; ``people``: mean
        change of people there (successors of the mission included) in a month of the period,
        ``people_error`` its standard error, ``people_moved`` the mean amount moved, up or down, by
        which the table is ordered.
        """
        changes = self.changes()
        span = self._worlds[0].arrays.span
        months = int(span[2] - span[1] + 1)
        rows: list[dict[str, Any]] = []
        for (state, line, group), own in self._by_place(changes):
            place = self._states.index(state), GROUPS.index(group), self._missions.index(line)
            total, moved, square = (float(part[place]) for part in self._moved)
            share, mean = float(own["share"].sum()), total / self.runs
            spread = max(0.0, square - self.runs * mean**2) / max(1, self.runs - 1)
            # where, when and what, for the reason that is reported
            reason = _foremost(own, ["cause", "detail"])
            told = _foremost(reason, ["mission", "kind", *ANSWERED])
            top = told.iloc[0]
            rows.append(
                {
                    "state": state,
                    "framework": group,
                    "mission": top["mission"],
                    "share": share,
                    "first": float(own["first"].sum()),
                    "month": own["month"].min(),
                    "usual_month": _foremost(told, ["month"]).iloc[0]["month"],
                    **{name: top[name] for name in ("kind", "reason", *ANSWERED)},
                    "answer_share": float(told["share"].sum()) / share,
                    "class": top["class"],
                    "cause": top["cause"],
                    "detail": top["detail"],
                    "cause_share": float(reason["share"].sum()) / share,
                    **{name: np.average(told[name], weights=told["share"]) for name in SUMS},
                    "people": mean / months,
                    "people_error": float(np.sqrt(spread / self.runs)) / months,
                    "people_moved": moved / self.runs / months,
                }
            )
        return pd.DataFrame(rows, columns=TABLE).sort_values(
            ["people_moved", "share", "state", "mission", "framework"],
            ascending=[False, False, True, True, True],
            ignore_index=True,
        )

    def _by_place(
        self, changes: pd.DataFrame
    ) -> Iterator[tuple[tuple[str, str, str], pd.DataFrame]]:
        """The changes of each state, line and group; where people of a group move without a change
        of their own, as when a mission of the UN hands over to a coalition, those of the line."""
        for (state, line), own in changes.groupby(["state", "line"], sort=False):
            place = self._states.index(str(state)), self._missions.index(str(line))
            for number, group in enumerate(GROUPS):
                mine = own[own["framework"] == group]
                if len(mine) or self._moved[1, place[0], number, place[1]]:
                    yield (str(state), str(line), group), mine if len(mine) else own

    def moments(self) -> pd.DataFrame:
        """By state and month: share of runs that diverge there for the first time."""
        if not self._begin:
            return pd.DataFrame(columns=["state", "month", "share"])
        table = _added(self._begin, ["state", "month"])
        return table.assign(share=table.pop("runs") / self.runs)


def _first_in_state(records: list[dict[str, Any]]) -> pd.DataFrame:
    """What differs first as a table, with what is the first of its state in its run marked."""
    table = pd.DataFrame(records)
    if len(table):
        begin = table.groupby(["run", "state"])["month"].transform("min")
        table["first"] = (table["month"] == begin).astype(int)
        table["month"] = table["month"].map(month_text)
    return table


def _foremost(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The rows of the combination of some columns that moves most people in the year after the
    answer, the more common and then the first in order among equals."""
    later = (table["other_arrives"] - table["base_arrives"]).abs().clip(upper=YEAR)
    people = table[["base_people", "other_people"]]
    moved = people["base_people"].sub(people["other_people"]).abs() * YEAR
    sizes = table.assign(moved=(moved + people.min(axis=1) * later) * table["share"])
    ranked = sizes.groupby(keys)[["moved", "share"]].sum().round(12).reset_index()
    ranked = ranked.sort_values(
        ["moved", "share", *keys], ascending=[False, False, *[True] * len(keys)], kind="stable"
    )
    top = ranked.iloc[0]
    chosen = np.logical_and.reduce([(table[key] == top[key]).to_numpy() for key in keys])
    return table[chosen]


def _numbers(side: str, decision: dict[str, Any] | None) -> dict[str, float]:
    found = decision or {"offered": 0, "probability": 0.0, "month": 0, "lead": 0}
    return {
        f"{side}_people": float(found["offered"]),
        f"{side}_chance": float(found["probability"]),
        f"{side}_arrives": arrives(found),
    }


def _added(parts: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat(parts).groupby(keys).sum().reset_index()
