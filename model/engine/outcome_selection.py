"""What is read off a run: one number for each selection of people or of a stock over some months.

Apart from the ledgers because a sweep of many thousand configurations keeps nothing else: the
compiled loop takes a list of runs, each with the row of parameters it uses, and leaves numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core import records
from ..core.jit import entry, step
from ..core.records import Run
from ..errors import unknown
from ..months import month_number
from ..vocabulary import GROUPS, KINDS
from ..world.build import Atlas
from ..world.recorded_contributions import monthly
from . import run_output
from .single_run import simulate

MEASURES = ("mean", "peak", "last", "months", "ever", "first")
_MEAN, _PEAK, _LAST, _MONTHS, _EVER, _FIRST = range(len(MEASURES))

_COLUMNS = ("state", "mission", "groups", "kinds", "first", "last", "stock", "measure")
SELECTION = np.dtype(
    [(name, np.int64) for name in _COLUMNS] + [("at_least", np.float64)], align=True
)


@dataclass(frozen=True)
class Selection:
    """People, or a stock, of one state over some months, and what is made of them.

    Attributes:
        state: ISO code.
        groups: groups of frameworks; all when empty.
        mission: a mission's label; all when blank.
        kinds: kinds of contribution; all when empty.
        start, end: first and last month, ``YYYY-MM``, inclusive.
        measure: ``mean``, ``peak`` or ``last`` of the monthly values; ``months`` in which the value
            is at least ``at_least``; ``ever`` (1 or 0) whether there is such a month; ``first``,
            the months from ``start`` to the first such month (not a number if there is none).
        stock: one of ``records.STOCKS`` instead of people; blank for people.
    """

    state: str
    groups: tuple[str, ...] = ()
    mission: str = ""
    kinds: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    measure: str = "mean"
    at_least: float = 1.0
    stock: str = ""


@dataclass(frozen=True)
class Measures:
    """Selections as a world's arrays.

    Attributes:
        rows: SELECTION, in the order asked for.
        known: float64[selections, T], people on record in the months before the state decides.
    """

    rows: records.Records
    known: np.ndarray


def measures(atlas: Atlas, selections: Sequence[Selection]) -> Measures:
    """Selections made ready for a world.

    Raises:
        InputError: an unknown state, mission, kind, group, measure or stock, or a stock of a state
            that the world does not report.
    """
    rows = records.records(len(selections), SELECTION)
    first, last = int(atlas.arrays.span[1]), int(atlas.arrays.span[2])
    known = np.zeros((len(selections), len(atlas.arrays.paths)))
    for number, wanted in enumerate(selections):
        cell = rows[number]
        state = atlas.state_row(wanted.state)
        cell.state = state
        cell.mission = atlas.mission_row(wanted.mission) if wanted.mission else -1
        cell.groups = _bits(wanted.groups, GROUPS, "group of frameworks")
        cell.kinds = _bits(wanted.kinds, KINDS, "kind")
        cell.first = max(first, month_number(wanted.start)) if wanted.start else first
        cell.last = min(last, month_number(wanted.end)) if wanted.end else last
        cell.measure = _place(wanted.measure, MEASURES, "measure")
        cell.at_least = wanted.at_least
        cell.stock = -1
        if wanted.stock:
            cell.stock = _place(wanted.stock, records.STOCKS, "stock")
            cell.state = _place(wanted.state, atlas.reported, "reported state")
            continue
        begins = int(atlas.arrays.states[state].deliberates)
        record = monthly((wanted.state,), first, min(last, begins - 1))
        if wanted.mission:
            record = record[record["mission"] == wanted.mission]
        if wanted.groups:
            record = record[record["framework"].isin(wanted.groups)]
        if wanted.kinds:
            record = record[record["kind"].isin(wanted.kinds)]
        months = record["month"].to_numpy(dtype=int)
        np.add.at(known[number], months, record["value"].to_numpy(dtype=float))
    return Measures(rows, known)


def _place(name: str, valid: Sequence[str], what: str) -> int:
    if name not in valid:
        raise unknown(what, name, valid)
    return list(valid).index(name)


def _bits(names: Sequence[str], valid: Sequence[str], what: str) -> int:
    """One bit for each name; all bits when none is named."""
    chosen = names or valid
    return sum(1 << _place(name, valid, what) for name in chosen)


@step
def monthly_values(run, groups, wanted, known, level):
    """Put the monthly values of a selection into ``level``, from its first to its last month."""
    for month in range(wanted.first, wanted.last + 1):
        level[month] = known[month]
        if wanted.stock >= 0:
            level[month] = run.stocks[month, wanted.state, wanted.stock]
    if wanted.stock >= 0:
        return
    for i in range(run.counts[records.DEPLOYMENTS]):
        unit = run.deployments[i]
        if unit.state != wanted.state or (wanted.mission >= 0 and unit.mission != wanted.mission):
            continue
        if not (wanted.kinds >> unit.kind) & 1 or not (wanted.groups >> groups[unit.framework]) & 1:
            continue
        end = wanted.last + 1
        if unit.leaves > 0:
            end = min(end, unit.leaves)
        for month in range(max(unit.arrives, wanted.first), end):
            level[month] += unit.people


@step
def reduced(level, wanted):
    """The one number that a measure makes of monthly values."""
    total, peak, months, first = 0.0, 0.0, 0, -1
    for month in range(wanted.first, wanted.last + 1):
        value = level[month]
        total += value
        peak = value if month == wanted.first else max(peak, value)
        if value >= wanted.at_least:
            months += 1
            if first < 0:
                first = month - wanted.first
    if wanted.measure == _MEAN:
        return total / (wanted.last - wanted.first + 1)
    if wanted.measure == _PEAK:
        return peak
    if wanted.measure == _LAST:
        return level[wanted.last]
    if wanted.measure == _MONTHS:
        return float(months)
    if wanted.measure == _EVER:
        return 1.0 if months > 0 else 0.0
    return float(first) if first >= 0 else math.nan


@entry
def simulate_sets(
    world, run, seed, numbers, index, sets, wanted, known, level, places, values, people, failed
):
    """Simulate runs one after the other, each with its own set of parameters, and measure them.

    Configurations and runs are one axis: run ``i`` has the draws of number ``numbers[i]`` and the
    parameters ``sets[index[i]]``.

    Args:
        seed: uint64[3], the key of any run of the seed.
        numbers: uint64[R], numbers of the runs.
        index: int64[R], which set each run uses.
        sets: float64[sets, columns], in the order of ``parameter_values.columns``.
        wanted, known: SELECTION[Q] and float64[Q, T] of ``measures``.
        level: float64[T], scratch.
        places: int64[S], place in ``people`` of the states kept there, or -1.
        values: float64[R, Q], filled with what the selections measure.
        people: int32[R, T, states, groups, kinds], filled with people from the first month reported
            to the last; no rows when none are to be kept.
        failed: int64[R], filled with the deployments a run would have needed beyond its room.
    """
    for i in range(numbers.size):
        seed[0] = numbers[i]
        simulate(world, run, seed, sets[index[i]])
        failed[i] = run.counts[records.OVERFLOW]
        for q in range(wanted.size):
            monthly_values(run, world.groups, wanted[q], known[q], level)
            values[i, q] = reduced(level, wanted[q])
        if people.shape[0] > 0:
            units = run.deployments[: run.counts[records.DEPLOYMENTS]]
            run_output.add_up(
                deployments=units,
                groups=world.groups,
                places=places,
                first=world.span[1],
                last=world.span[2],
                out=people[i],
            )


def _on_record(atlas: Atlas, codes: tuple[str, ...]) -> np.ndarray:
    """People of states in the months before they decide: what a run without a deployment has."""
    nothing = np.zeros(0)
    nobody = run_output.Ledger(
        run=0,
        deployments=records.records(0, records.DEPLOYMENT),
        endings=records.records(0, records.ENDING),
        decisions=nothing,
        terms=nothing,
        menus=nothing,
        menus_terms=nothing,
        stocks=nothing,
        counts=nothing,
        reforms=nothing,
        provisions=nothing,
    )
    return run_output.Chunk(atlas, 0, (nobody,)).personnel(codes)[0]


def run_sets(
    atlas: Atlas,
    world: records.World,
    scratch: Run,
    seed: np.ndarray,
    numbers: np.ndarray,
    index: np.ndarray,
    sets: np.ndarray,
    chosen: Measures,
    keep: Sequence[str] = (),
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, people and failures of ``simulate_sets``; people only of the states in ``keep``.

    ``world`` and ``scratch`` are written to: each thread has its own.
    """
    months = int(world.span[2] - world.span[1] + 1)
    kept = (len(numbers), months) if keep else (0, 0)
    people = np.zeros((*kept, max(1, len(keep)), len(GROUPS), len(KINDS)), dtype=np.int32)
    places = np.full(len(atlas.states), -1, dtype=np.int64)
    for place, code in enumerate(keep):
        places[atlas.state_row(code)] = place
    if keep:  # the months before a state decides are on record
        people += _on_record(atlas, tuple(keep))
    values = np.zeros((len(numbers), len(chosen.rows)))
    failed = np.zeros(len(numbers), dtype=np.int64)
    simulate_sets(
        world,
        scratch,
        seed=seed.copy(),
        numbers=np.ascontiguousarray(numbers, dtype=np.uint64),
        index=np.ascontiguousarray(index, dtype=np.int64),
        sets=np.ascontiguousarray(sets, dtype=np.float64),
        wanted=chosen.rows,
        known=chosen.known,
        level=np.zeros(len(world.paths)),
        places=places,
        values=values,
        people=people,
        failed=failed,
    )
    return values, people, failed
