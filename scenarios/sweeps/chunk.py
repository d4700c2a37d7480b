"""One chunk of a sweep: some configurations of a design, simulated wherever an executor puts them.

A block is plain data and says everything; what it leaves behind are the bytes of its tables, which
whoever coordinates the sweep writes.  Configurations that differ only in numbers share their world,
and all their runs are one axis of the compiled loop.  A configuration that fails becomes rows with
its error, without a traceback, so that the bytes are the same wherever it failed.
"""

from __future__ import annotations

import io
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from model.core import parameter_values, rng
from model.engine.outcome_selection import measures, run_sets
from model.engine.run_arrays import NO_TRACE, allocate, own_world
from model.errors import InputError
from model.months import month_text
from model.vocabulary import GROUPS, KINDS, SERIES_COLUMNS

from ..file_format.schema import Scenario
from ..running.model_adapter import apart_from_numbers, world_of
from ..storage import provenance
from .sampling import CONFIGURATION

if TYPE_CHECKING:
    from model.core.records import Run, World
    from model.engine.outcome_selection import Measures, Selection
    from model.world.build import Atlas

PIECE = 200  # runs simulated between two looks at whether to stop
WORLDS = 32  # worlds kept ready in a process
LONGEST = 400  # letters of an error kept


class OtherProgram(InputError):
    """A worker has other rules or data than the coordinator; no row may come of that."""


class Stopped(Exception):
    """The sweep was interrupted before the block was finished."""


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive configurations of a design.

    Attributes:
        number: place among the chunks of the sweep.
        first: number of the first configuration.
        scenarios: the scenarios that the configurations start from.
        scenario: int[n], which of them each configuration uses.
        parameters: names of what varies as a number.
        values: float64[n, parameters].
        outcomes: name and selection of each outcome.
        runs, seed: runs of each configuration, and the seed of all.
        own_draws: whether run 3 of one configuration has other random draws than that of the next.
        states: states whose monthly people are kept; none when empty.
        every_run: whether they are kept run by run, or as mean and ``quantiles``.
        binding: hash of rules and data that must run it.
    """

    number: int
    first: int
    scenarios: tuple[Scenario, ...]
    scenario: np.ndarray
    parameters: tuple[str, ...]
    values: np.ndarray
    outcomes: tuple[tuple[str, Selection], ...]
    runs: int
    seed: int
    own_draws: bool
    states: tuple[str, ...]
    every_run: bool
    quantiles: tuple[float, ...]
    binding: str


@dataclass(frozen=True)
class Done:
    """What a block leaves behind: its tables as the bytes of Parquet files."""

    number: int
    runs: int
    failed: int
    tables: dict[str, bytes]


@dataclass
class _Ready:
    """A world with what is needed to run it; ``spare`` arrays are used by one thread at a time.

    ``draws`` of the posterior, by what is not drawn, and the numbers of the scenario.
    """

    atlas: Atlas
    measures: Measures
    draws: dict[str, np.ndarray] = field(default_factory=dict)
    spare: list[tuple[World, Run]] = field(default_factory=list)


def binding() -> str:
    """Hash of all code that makes numbers and of every data table."""
    whole = {"code": provenance.code_hash(), "data": provenance.data_hashes()}
    return provenance.text_hash(json.dumps(whole, sort_keys=True))


def outcome_schema(names: Sequence[str]) -> pa.Schema:
    """Columns of ``outcomes``: configuration, run, each outcome, error (blank where it ran)."""
    return pa.schema(
        [
            pa.field(CONFIGURATION, pa.int32()),
            pa.field("run", pa.int32()),
            *(pa.field(name, pa.float64()) for name in names),
            pa.field("error", pa.string()),
        ]
    )


def simulate(block: Block, stop: threading.Event | None = None) -> Done:
    """Run a block.

    Raises:
        OtherProgram: this process has other code or data than the sweep was begun with.
        Stopped: ``stop`` was set on the way.
    """
    if _own_binding() != block.binding:
        raise OtherProgram(
            "a worker has other code or data tables than this program; install the same version "
            "on every machine"
        )
    values, errors, series = measured(block, stop)
    tables = {"outcomes": outcome_table(block, values, errors)}
    if block.states:
        schema = series_schema(block)
        parts = [series[number] for number in sorted(series)]
        tables["series"] = pa.concat_tables(parts) if parts else schema.empty_table()
    return Done(
        block.number,
        len(errors),
        int(np.count_nonzero(errors != "")),
        {name: encoded(table) for name, table in tables.items()},
    )


def measured(
    block: Block, stop: threading.Event | None = None
) -> tuple[np.ndarray, np.ndarray, dict[int, pa.Table]]:
    """What the runs of a block measure, configuration by configuration.

    Returns:
        float64[runs, outcomes]; the error of each run, blank where it ran; the people of each
        configuration, where they are kept.

    Raises:
        Stopped: ``stop`` was set on the way.
    """
    count = len(block.values)
    values = np.full((count * block.runs, len(block.outcomes)), np.nan)
    errors = np.full(count * block.runs, "", dtype=object)
    series: dict[int, pa.Table] = {}
    for place, scenario in enumerate(block.scenarios):
        chosen = np.flatnonzero(block.scenario == place)
        if not len(chosen):
            continue
        rows = (chosen[:, None] * block.runs + np.arange(block.runs)).ravel()
        try:
            ready = _world(block, scenario)
            sets = _Sets(block, scenario, ready)
            for piece, found, people, failed in _pieces(block, ready, sets, chosen, stop):
                values[rows[piece]] = np.where(failed[:, None] > 0, np.nan, found)
                for run in np.flatnonzero(failed):
                    errors[rows[piece][run]] = _overflow(int(failed[run]))
                if len(people):
                    for part in range(len(people) // block.runs):
                        here = slice(part * block.runs, (part + 1) * block.runs)
                        number = int(chosen[piece.start // block.runs + part])
                        if not failed[here].any():
                            series[number] = _series(block, ready.atlas, number, people[here])
        except (Stopped, OSError, MemoryError):
            raise
        except Exception as error:
            values[rows] = np.nan
            errors[rows] = _one_line(error)
    return values, errors, series


_worlds: OrderedDict[str, _Ready] = OrderedDict()
_building = threading.Lock()
_bound: list[str] = []


def _own_binding() -> str:
    if not _bound:
        _bound.append(binding())
    return _bound[0]


def _world(block: Block, scenario: Scenario) -> _Ready:
    """A world ready to run, built once for all configurations that differ only in numbers."""
    same = apart_from_numbers(scenario)
    states = tuple(dict.fromkeys([s.state for _, s in block.outcomes] + list(block.states)))
    key = f"{same.model_dump_json()} {states} {[s for _, s in block.outcomes]}"
    with _building:
        if key in _worlds:
            _worlds.move_to_end(key)
            return _worlds[key]
        atlas = world_of(same, states)
        ready = _Ready(atlas, measures(atlas, [wanted for _, wanted in block.outcomes]))
        _worlds[key] = ready
        while len(_worlds) > WORLDS:
            _worlds.popitem(last=False)
        return ready


class _Sets:
    """Rows of parameters of single runs: a run's draw of the posterior, the design's values put in.

    As with ``--set``, what the scenario sets or the design varies is not drawn.
    """

    def __init__(self, block: Block, scenario: Scenario, ready: _Ready) -> None:
        known = list(ready.atlas.columns)
        place = {column.name: number for number, column in enumerate(known)}
        fixed = scenario.levers | scenario.uncertainties
        key = f"{sorted(fixed.items())} {block.parameters}"
        if key not in ready.draws:  # whatever the values of what varies, which come in below
            varied = dict(zip(block.parameters, block.values[0], strict=True))
            ready.draws[key] = parameter_values.posterior(fixed | varied, known)
        self._block = block
        self._draws = ready.draws[key]
        self._factors = [place[name] for name in block.parameters]

    def rows(self, configurations: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """float64[runs, columns]: the row of each run, by its configuration and its number."""
        seed = self._block.seed
        out = np.stack([parameter_values.draw_of(self._draws, seed, int(run)) for run in numbers])
        out[:, self._factors] = self._block.values[configurations]
        return out


def _pieces(
    block: Block, ready: _Ready, sets: _Sets, chosen: np.ndarray, stop: threading.Event | None
) -> Iterator[tuple[slice, np.ndarray, np.ndarray, np.ndarray]]:
    """Simulate the runs of some configurations piece by piece; whole ones where people are kept."""
    total = len(chosen) * block.runs
    step = PIECE
    if block.states:
        step = max(1, PIECE // block.runs) * block.runs
    key = rng.key(block.seed, 0)
    try:
        world, scratch = ready.spare.pop()
    except IndexError:
        world, scratch = own_world(ready.atlas.arrays), allocate(ready.atlas, NO_TRACE)
    try:
        for first in range(0, total, step):
            if stop is not None and stop.is_set():
                raise Stopped
            piece = slice(first, min(first + step, total))
            flat = np.arange(piece.start, piece.stop)
            index, run = flat // block.runs, flat % block.runs
            numbers = run
            if block.own_draws:
                numbers = (block.first + chosen[index]) * block.runs + run
            found = run_sets(
                ready.atlas,
                world,
                scratch,
                key,
                numbers,
                np.arange(len(flat)),
                sets.rows(chosen[index], numbers),
                ready.measures,
                block.states,
            )
            yield piece, *found
    finally:
        ready.spare.append((world, scratch))


def _overflow(needed: int) -> str:
    return f"a run needed more room than its arrays have ({needed} deployments too many)"


def _one_line(error: Exception) -> str:
    """An error in one line, without a place or a traceback."""
    text = " ".join(str(error).split())[:LONGEST]
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}"


def outcome_table(block: Block, values: np.ndarray, errors: np.ndarray) -> pa.Table:
    """The rows of a block: what each run measured, or the error that stopped it."""
    count = len(block.values)
    names = [name for name, _ in block.outcomes]
    columns = {
        CONFIGURATION: np.repeat(np.arange(block.first, block.first + count), block.runs),
        "run": np.tile(np.arange(block.runs), count),
        **{name: values[:, number] for number, name in enumerate(names)},
        "error": errors,
    }
    return pa.table(columns, schema=outcome_schema(names))


def series_schema(block: Block) -> pa.Schema:
    """Columns of ``series``: those of a result, with the configuration in front."""
    text = SERIES_COLUMNS[2:-1]  # from month to unit
    middle = [pa.field(name, pa.string()) for name in text]
    first = [pa.field(CONFIGURATION, pa.int32())]
    if block.every_run:
        first.append(pa.field("run", pa.int32()))
        last = ["value"]
    else:
        last = ["mean", *(f"q{level:g}" for level in block.quantiles)]
    return pa.schema(first + middle + [pa.field(name, pa.float64()) for name in last])


def _series(block: Block, atlas: Atlas, number: int, people: np.ndarray) -> pa.Table:
    """Monthly people of one configuration; cells that are zero are left out."""
    whole = np.concatenate([people.sum(axis=4, keepdims=True), people], axis=4)
    cells = whole if block.every_run else whole.any(axis=0)
    found = np.nonzero(cells)
    month, state, group, kind = found[-4:]
    first = int(atlas.arrays.span[1])
    months = np.array([month_text(first + m) for m in range(whole.shape[1])])
    columns: dict[str, Any] = {
        CONFIGURATION: np.full(len(month), block.first + number),
        "month": months[month],
        "state": np.array(block.states)[state],
        "framework": np.array(GROUPS)[group],
        "mission": np.full(len(month), "all"),
        "kind": np.array(["all", *KINDS])[kind],
        "variable": np.full(len(month), "personnel"),
        "unit": np.full(len(month), "people"),
    }
    if block.every_run:
        columns |= {"run": found[0], "value": whole[found].astype(float)}
    else:
        held = whole[:, month, state, group, kind].astype(float)
        columns["mean"] = held.mean(axis=0)
        for level in block.quantiles:
            columns[f"q{level:g}"] = np.quantile(held, level, axis=0, method="inverted_cdf")
    return pa.table(columns, schema=series_schema(block))


def encoded(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()
