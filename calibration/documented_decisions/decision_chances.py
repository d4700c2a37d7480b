"""The chance that the model gives to what was done, in the documented situation of that month.

A world is begun in the month of the decision, with every state as recorded until then and nothing
asked but what was decided in that month; surveys that a request needs have been made.  Japan and
Korea decide from then on by the rules.  The share of runs that do as documented is the model's
probability; what the runs wrote down on the way says why.  Only outcomes are read, so that the
measure outlives the rules: answers from the decisions, presence and size from the deployments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

import numpy as np
import pandas as pd

from model.core import records
from model.core.rng import identity
from model.core.utility_terms import NAMES
from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import month_text
from model.settings import Settings
from model.vocabulary import GRADES, KINDS, STUDIED
from model.world.build import Atlas, build
from model.world.sites import site_row

from .coded_tables import ALL
from .decision_evidence import INSTEAD, SENT, Decision, resized

SEED = 1
RUNS = 200
WAIT = 1  # months in which an answer still counts: a law holds from the end of its first month
TERM = 12  # months within which a motion that prolongs something comes to a vote
INTEREST = {"leader": 0.75, "formal_note": 0.25}  # of asks that ``requests.csv`` does not have
SHOWN = 4  # terms told with a decision
NOT_TERMS = ("intercept",)

Number = TypeVar("Number", float, pd.Series)


def share(hits: Number, runs: Number) -> Number:
    """Probability from a share of runs, never nought or one: (k + 1/2) / (n + 1)."""
    return (hits + 0.5) / (runs + 1.0)


@dataclass(frozen=True)
class Chance:
    """What the model says of one decision.

    Attributes:
        runs: in which it was put; 0 where the model never puts it, and then nothing is said.
        outcomes: share of runs with each alternative of the question.
        probability: of what was done, by ``share``.
        yes: share of runs that send what was asked, or stay; NaN otherwise.
        resized: probability of the documented change of size among runs that stay; NaN if none.
        gate, stopped: the commonest legal answer with its provision, and what stopped the proposal.
        terms: mean of each utility term over the runs, by name.
        given: the mission ends by then, as every run knows: nothing is left to decide.
    """

    decision: Decision
    runs: int
    outcomes: dict[str, float]
    resized: float
    gate: str
    stopped: str
    terms: dict[str, float]
    given: bool = False

    @property
    def probability(self) -> float:
        """Of what was done, by ``share``; NaN where nothing was put."""
        if not self.runs:
            return float("nan")
        return share(self.outcomes.get(self.decision.done, 0.0) * self.runs, self.runs)

    @property
    def yes(self) -> float:
        """Share of runs that send what was asked for, stay, or carry a motion."""
        return sum(self.outcomes.get(name, 0.0) for name in ("sent", "stays", "carried"))

    @property
    def largest(self) -> str:
        """The terms that weigh most, with their sign."""
        named = [(name, mean) for name, mean in self.terms.items() if name not in NOT_TERMS]
        named.sort(key=lambda pair: -abs(pair[1]))
        return ", ".join(f"{name} {mean:+.1f}" for name, mean in named[:SHOWN])


def chances(
    made: Sequence[Decision],
    runs: int = RUNS,
    seed: int = SEED,
    rows: Callable[[Atlas], np.ndarray] | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Chance]:
    """The model's chances of documented decisions, in their order by month.

    Args:
        rows: gives the parameters of the runs; the stored posterior when not given.
        tell: gets the number of decisions done and of all.
    """
    out: list[Chance] = []
    ordered = sorted(made, key=lambda one: one.month)
    for month, part in groupby(ordered, key=lambda one: one.month):
        out += _of_month(month, list(part), runs, seed, rows)
        tell(len(out), len(ordered))
    return out


def situation(month: int, last: int, put: Sequence[Decision]) -> Atlas:
    """The world in which Japan and Korea decide from ``month`` on, with only ``put`` asked."""
    atlas = build(
        Settings(
            start=month_text(month),
            end=month_text(last),
            afterwards="recorded",
        )
    )
    known = {name: row for row, name in enumerate(atlas.asks)}
    asks = records.records(len(put), records.ASK)
    for cell, one in zip(asks, put, strict=True):
        if one.request in known:
            for field in asks.dtype.names or ():
                cell[field] = atlas.arrays.asks[known[one.request]][field]
        else:
            cell.mission, cell.state = atlas.mission_row(one.mission), atlas.state_row(one.state)
            cell.interest = INTEREST.get(one.grade, 0.0)
            cell.ally = int(one.asker.startswith("US "))
            cell.identity, cell.group, cell.instead = identity(one.request), -1, -1
            cell.grade = GRADES.index(one.grade or "none")
            cell.site = site_row(one.place, one.mission, atlas.sites, f"asks.csv, {one.id}")
        if one.modelled:
            cell.kind = KINDS.index(one.modelled[0])
        kind = atlas.arrays.kinds[cell.kind]
        cell.people = max(one.asked or cell.people or kind.typical, kind.minimum)
        cell.month, cell.chance, cell.surveyed = month, 1.0, 1
    months = np.arange(len(atlas.arrays.asks_from))
    arrays = atlas.arrays._replace(asks=asks, asks_from=np.searchsorted(asks["month"], months))
    return Atlas(**{**vars(atlas), "arrays": arrays, "asks": tuple(one.request for one in put)})


def _at_term(atlas: Atlas, month: int, made: Sequence[Decision]) -> Atlas:
    """The world in which the terms end that were decided on in the month."""
    roots = atlas.arrays.missions["root"]
    due = {
        (atlas.state_row(one.state), int(roots[atlas.mission_row(one.mission)]))
        for one in made
        if one.event in ("extension", "stay", "exit")
    }
    initial = atlas.arrays.initial.copy()
    for cell in initial:
        if (int(cell["state"]), int(roots[cell["mission"]])) in due:
            cell["term"] = month
    arrays = atlas.arrays._replace(initial=initial)
    return Atlas(**{**vars(atlas), "arrays": arrays})


def _of_month(
    month: int,
    made: list[Decision],
    runs: int,
    seed: int,
    rows: Callable[[Atlas], np.ndarray] | None,
) -> Iterator[Chance]:
    """Chances of the decisions of one month, from one world."""
    asked = {one.request: one for one in reversed(made) if one.request and one.modelled}
    last = month + max(
        TERM if one.event == "vote" else max(one.until - month, WAIT) for one in made
    )
    atlas = _at_term(situation(month, last, list(asked.values())), month, made)
    numbers = None if rows is None else rows(atlas)
    trace = Trace(states=STUDIED, runs=tuple(range(runs)))
    chunks = list(ensemble.simulate(atlas, range(runs), seed, numbers, trace=trace))
    decided = pd.concat([chunk.decisions() for chunk in chunks], ignore_index=True)
    spells = pd.concat([chunk.spells() for chunk in chunks], ignore_index=True)
    roots = dict(zip(atlas.missions, atlas.arrays.missions["root"].tolist(), strict=True))
    for one in made:
        if one.event == "vote":
            yield _vote(one, _concerning(decided, one, roots))
        elif one.event in ("extension", "stay", "exit"):
            here = _concerning(spells, one, roots)
            row = atlas.arrays.missions[atlas.mission_row(one.mission)]
            over = one.done == "leaves" and row.end < one.until and row.successor < 0
            found = _presence(one, _concerning(decided, one, roots), here)
            yield replace(found, given=bool(over))
        else:
            own = decided[decided["request"] == one.id] if len(decided) else decided
            own = own[own["month"] <= month_text(month + WAIT)] if len(own) else own
            yield _answer(one, own)


def _concerning(frame: pd.DataFrame, one: Decision, roots: dict[str, int]) -> pd.DataFrame:
    """Rows about the state, the mission or its successors, and the kinds of a decision."""
    if frame.empty:
        return frame
    kept = frame["state"] == one.state
    kept &= frame["mission"].map(roots) == roots.get(one.mission, -1)
    if ALL not in one.kinds:
        kept &= frame["kind"].isin(one.modelled)
    return frame[kept]


def _answer(one: Decision, own: pd.DataFrame) -> Chance:
    """Shares of the answers to an ask, a deferred one that is taken up at once included."""
    if own.empty:
        return Chance(one, 0, {}, float("nan"), "", "", {})
    first = own.drop_duplicates("run")
    rank = np.select([own["outcome"].isin(SENT), own["outcome"].isin(INSTEAD)], [2, 1], 0)
    best = pd.Series(rank).groupby(own["run"].to_numpy()).max()
    group = np.array(["nothing", "instead", "sent"])[best.to_numpy()]
    return Chance(one, len(first), _shares(group), float("nan"), *_why(first))


def _presence(one: Decision, decided: pd.DataFrame, here: pd.DataFrame) -> Chance:
    """Shares of runs in which a presence goes on or has ended by the month that counts."""
    before = here[here["first"] <= one.month].groupby("run")["people"].sum()
    if before.empty:
        return Chance(one, 0, {}, float("nan"), "", "", {})
    later = here[(here["first"] <= one.until) & (here["last"] >= one.until)]
    after = later.groupby("run")["people"].sum().reindex(before.index, fill_value=0)
    group = np.where(after.to_numpy() > 0, "stays", "leaves")
    stayed = after[after > 0]
    change = float("nan")
    if one.resized and len(stayed):
        sizes = zip(before[stayed.index], stayed, strict=True)
        same = [resized(was, size) == one.resized for was, size in sizes]
        change = share(sum(same), len(same))
    ends = decided[decided["reason"] == "renewal"] if len(decided) else decided
    # A renewal that failed tells more of a run than one that did not.
    refused = ends.sort_values("outcome", ascending=False) if len(ends) else ends
    return Chance(one, len(before), _shares(group), change, *_why(refused.drop_duplicates("run")))


def _vote(one: Decision, decided: pd.DataFrame) -> Chance:
    """Shares of motions that carry, among the first of each run that come to a vote."""
    if len(decided):
        put = decided["authoriser"].eq("assembly") & decided["stopped_by"].isin(("nothing", "vote"))
        decided = decided[put].drop_duplicates("run")
    if decided.empty:
        return Chance(one, 0, {}, float("nan"), "", "", {})
    group = np.where(decided["stopped_by"] == "nothing", "carried", "lost")
    return Chance(one, len(decided), _shares(group), float("nan"), *_why(decided))


def _shares(group: np.ndarray) -> dict[str, float]:
    names, counts = np.unique(group, return_counts=True)
    return {str(name): float(count) / len(group) for name, count in zip(names, counts, strict=True)}


def _why(rows: pd.DataFrame) -> tuple[str, str, dict[str, float]]:
    """Commonest legal answer and stop, and the mean of each term."""
    if rows.empty:
        return "", "no renewal came up", {}
    law = (rows["gate"] + " " + rows["provision"]).str.strip()
    stops = rows["stopped_by"].value_counts(normalize=True)
    told = ", ".join(f"{name} {part:.0%}" for name, part in stops.items())
    terms = {name: float(rows[f"term_{name}"].mean()) for name in NAMES}
    return str(law.mode().iloc[0]), told, terms
