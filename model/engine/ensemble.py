"""The ensemble: many runs of one world on all cores, yielding chunks in the order of the runs.

Threads drive a compiled loop that releases the interpreter's lock; every run has its own key, so
the results do not depend on the number of threads, the size of chunks or the order of work.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Event

import numpy as np

from ..core import records, rng
from ..errors import InputError
from ..world.build import Atlas
from .run_arrays import NO_TRACE, Trace, allocate, own_world
from .run_output import Chunk, Ledger
from .single_run import simulate as simulate_one

CHUNK = 50  # runs handed out at a time


def default_trace(atlas: Atlas) -> Trace:
    """Decisions of the reported states in run 0."""
    return Trace(states=tuple(code for code in atlas.reported if code in atlas.states))


def simulate(
    atlas: Atlas,
    runs: Sequence[int],
    seed: int,
    parameters: np.ndarray | None = None,
    threads: int | None = None,
    trace: Trace | None = None,
    chunk: int = CHUNK,
    missions: Sequence[int] | None = None,
) -> Iterator[Chunk]:
    """Run the ensemble.

    Args:
        atlas: the world, from ``world.build``.
        runs: numbers of the runs, each below 2**32.
        seed: 0 to 2**64 - 1.
        parameters: float64[len(runs), columns]; each run has its draw when not given.
        threads: all cores when not given.
        trace: which decisions to write down; by default the reported states in run 0.
        chunk: runs in each yielded chunk.
        missions: the run whose missions and requests each run has; its own when not given.

    Raises:
        InputError: a run needed more room than its arrays have.
    """
    chosen = default_trace(atlas) if trace is None else trace
    workers = max(1, min(threads or os.cpu_count() or 1, len(runs)))
    spare: list[tuple[records.Run, records.Run, records.World]] = []
    stopped = Event()

    def work(places: range) -> Chunk:
        scratch = (
            spare.pop()
            if spare
            else (allocate(atlas, chosen), allocate(atlas, NO_TRACE), own_world(atlas.arrays))
        )
        try:
            ledgers = []
            for i in places:
                if stopped.is_set():
                    break
                traced = scratch[0] if runs[i] in chosen.runs else scratch[1]
                row = atlas.row(seed, runs[i]) if parameters is None else parameters[i]
                of = runs[i] if missions is None else missions[i]
                ledgers.append(one(scratch[2], traced, runs[i], seed, row, of))
        finally:
            spare.append(scratch)
        return Chunk(atlas, seed, tuple(ledgers))

    pieces = iter(range(i, min(i + chunk, len(runs))) for i in range(0, len(runs), chunk))
    if workers == 1:
        for piece in pieces:
            yield work(piece)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(work, piece) for piece in islice(pieces, 2 * workers)]
        try:
            while waiting:
                yield waiting.pop(0).result()
                waiting.extend(pool.submit(work, piece) for piece in islice(pieces, 1))
        finally:
            # An interruption ends the runs under way, not only the waiting.
            stopped.set()
            pool.shutdown(cancel_futures=True)


def one(
    world: records.World,
    scratch: records.Run,
    number: int,
    seed: int,
    row: np.ndarray,
    missions: int | None = None,
) -> Ledger:
    """One run into a ledger of its own; ``missions``: the run whose missions it has, if another.

    Raises:
        InputError: an array of the run overflowed.
    """
    key = rng.key(seed, number)
    if missions is not None and missions != number:
        key = np.concatenate([key, rng.key(seed, missions)])
    simulate_one(world, scratch, key, np.ascontiguousarray(row))
    return collect(scratch, number)


def collect(scratch: records.Run, number: int) -> Ledger:
    """Copy what a run left behind out of its arrays."""
    if scratch.counts[records.OVERFLOW] > 0:
        raise InputError(
            f"run {number} needed more room than its arrays have "
            f"({int(scratch.counts[records.DEPLOYMENTS])} deployments); ask for less"
        )
    return Ledger(
        run=number,
        deployments=scratch.deployments[: scratch.counts[records.DEPLOYMENTS]].copy(),
        endings=scratch.endings[: scratch.counts[records.DEPLOYMENTS]].copy(),
        decisions=scratch.decisions[: scratch.counts[records.DECISIONS]].copy(),
        terms=scratch.decision_terms[: scratch.counts[records.DECISIONS]].copy(),
        menus=scratch.menus[: scratch.counts[records.MENUS]].copy(),
        menus_terms=scratch.menus_terms[: scratch.counts[records.MENUS]].copy(),
        stocks=scratch.stocks.copy(),
        counts=scratch.counts.copy(),
        reforms=scratch.reforms.copy(),
        provisions=scratch.provisions.copy() if scratch.reforms.size else scratch.provisions,
    )
