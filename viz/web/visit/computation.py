"""What is computed for a view: people by month over the runs, presence, and one run in full.

The last worlds are kept; the compiled loop releases the interpreter's
lock, so one visitor's runs do not hold up another's.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakSet

import numpy as np
import pandas as pd

from model.engine.run_arrays import Trace
from model.engine.run_output import Chunk
from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import GROUPS, KINDS
from model.world.build import Atlas
from scenarios.definition import lookup
from scenarios.file_format.schema import Scenario
from scenarios.running import model_adapter, record_series
from scenarios.running.streaming_summary import Summary

from .fair_queue import Place

LEVELS = (0.5, 0.8)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
WORLDS_KEPT = 6
BYTES_KEPT = 60_000_000  # of computed ensembles, of all visitors: a slider moved back is at once
STEP = 60  # runs times deciding states between two looks whether others come first
MOST_KEPT = 2_500_000  # runs times months times watched states of one ensemble: memory
MOST_DECIDED = 20_000_000  # runs times months times deciding states: time
MOST_BYTES = 1_500_000_000  # of all ensembles that visitors still look at
FULL = "the web app holds as much as it may for its visitors; try again in a few minutes"

_worlds: OrderedDict[str, Atlas] = OrderedDict()
_computed: OrderedDict[Hashable, Ensemble] = OrderedDict()
_building = threading.Lock()
_keeping = threading.Lock()
_alive: WeakSet[Ensemble] = WeakSet()


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The runs of one scenario.

    Attributes:
        people: by state, framework and kind (``all`` among them) integers[runs, months]; what is
            zero in every run is left out.
        presence: share of runs with anybody there, by month, state, framework and mission.
        missions: people by mission and kind in the traced run; ``decisions``: its answers.
        record: recorded contributions in the frame.
    """

    scenario: Scenario
    seed: int
    runs: int
    traced: int
    states: tuple[str, ...]
    months: tuple[str, ...]
    people: dict[tuple[str, str, str], np.ndarray] = field(repr=False)
    presence: pd.DataFrame = field(repr=False)
    missions: pd.DataFrame = field(repr=False)
    decisions: pd.DataFrame = field(repr=False)
    record: pd.DataFrame = field(repr=False)

    @property
    def frame(self) -> tuple[str, str]:
        """First and last month."""
        return self.months[0], self.months[-1]

    @cached_property
    def size(self) -> int:
        """Bytes that it holds, nearly."""
        tables = (self.presence, self.missions, self.decisions, self.record)
        return sum(cell.nbytes for cell in self.people.values()) + sum(
            int(table.memory_usage().sum()) for table in tables
        )

    def bands(self, states: tuple[str, ...], framework: str, kinds: tuple[str, ...]) -> Any:
        """Quantiles over all runs by month, in the form of ``quantile_bands.bands``."""
        parts = []
        for state in states:
            for kind in kinds:
                cell = self.people.get((state, framework, kind))
                if cell is None:
                    continue
                found = dict(zip(QUANTILES, np.quantile(cell, QUANTILES, axis=0), strict=True))
                for level in LEVELS:
                    ends = round((1 - level) / 2, 12), round((1 + level) / 2, 12)
                    lower, upper = found[ends[0]], found[ends[1]]
                    one = pd.DataFrame({"month": self.months}).assign(
                        level=level, lower=lower, upper=upper, median=found[0.5]
                    )
                    parts.append(one.assign(state=state, kind=kind))
        columns = ["month", "level", "lower", "upper", "median", "state", "kind"]
        table = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
        return table.assign(
            scenario=self.scenario.name,
            framework=framework,
            mission="all",
            variable="personnel",
            unit="people",
            runs=self.runs,
            seeds=str(self.seed),
        )


def compute(
    scenario: Scenario, runs: int, seed: int, traced: int = 0, *, place: Place | None = None
) -> Ensemble:
    """Run a scenario; ``place`` in the queue gets the runs done and asked for, and ends it early.

    Raises:
        InputError: the scenario cannot be built, or there is no room for so many runs.
        Stopped: it was stopped.
    """
    key = (scenario.name, scenario.model_dump_json(), runs, seed, traced)
    found = _remembered(key)
    if found is None:
        judge(scenario, runs)
        if sum(one.size for one in list(_alive)) > MOST_BYTES:
            raise InputError(FULL)
        found = _compute(scenario, runs, seed, traced, place)
        _alive.add(found)
        _remember(key, found)
    return found


def judge(scenario: Scenario, runs: int) -> None:
    """Whether the web app has time and room for an ensemble, from counts, before anything is built.

    Raises:
        InputError: it is too large, with the number of runs that would do.
    """
    most = most_runs(scenario)
    if runs > most:
        raise InputError(
            f"{runs} runs of {months(scenario)} months with {decides(scenario)} deciding states "
            f"are too many for the web app; ask for {max(1, most)} runs, or use the command line"
        )


def most_runs(scenario: Scenario) -> int:
    """The runs for which the web app has time and room."""
    watched = len(model_adapter.reported_states(scenario))
    most = min(MOST_KEPT // watched, MOST_DECIDED // decides(scenario))
    return most // months(scenario)


def months(scenario: Scenario) -> int:
    """How many months are simulated."""
    return month_number(scenario.period.end) - month_number(scenario.period.start) + 1


def decides(scenario: Scenario) -> int:
    """How many states decide."""
    states = scenario.deliberating
    return len(lookup.states()) if states == "all" else max(1, len(states))


def forget() -> None:
    """Forget all ensembles, and all worlds but the last, as when no visitor is left."""
    with _keeping:
        _computed.clear()
    with _building:
        while len(_worlds) > 1:
            _worlds.popitem(last=False)


def _remembered(key: Hashable) -> Ensemble | None:
    """An ensemble computed before, if it is still kept."""
    with _keeping:
        found = _computed.get(key)
        if found is not None:
            _computed.move_to_end(key)
        return found


def _remember(key: Hashable, found: Ensemble) -> None:
    """Keep an ensemble, and forget the oldest where they grow too many."""
    with _keeping:
        _computed[key] = found
        while len(_computed) > 1 and sum(one.size for one in _computed.values()) > BYTES_KEPT:
            _computed.popitem(last=False)


def _compute(
    scenario: Scenario, runs: int, seed: int, traced: int, place: Place | None
) -> Ensemble:
    atlas = world(scenario)
    summary = Summary()
    parts: list[np.ndarray] = []
    followed: Chunk | None = None
    trace = Trace(states=atlas.reported, runs=(traced,))
    done, at_once = 0, max(1, STEP // decides(scenario))
    for chunk in model_adapter.chunks(atlas, range(runs), seed, trace=trace, at_once=at_once):
        parts.append(_small(chunk.personnel()))
        summary.add(chunk, people=False)
        if traced in chunk.runs:
            own = [ledger for ledger in chunk.ledgers if ledger.run == traced]
            followed = Chunk(atlas, seed, tuple(own))
        done += len(chunk.ledgers)
        if place is not None:
            place.report(done, runs)
    people = np.concatenate(parts)
    parts.clear()
    first, last = int(atlas.arrays.span[1]), int(atlas.arrays.span[2])
    assert followed is not None
    frame = scenario.period
    return Ensemble(
        scenario=scenario,
        seed=seed,
        runs=runs,
        traced=traced,
        states=atlas.reported,
        months=tuple(month_text(number) for number in range(first, last + 1)),
        people=_cells(people, atlas.reported),
        presence=summary.presence().assign(scenario=scenario.name, seed=seed),
        missions=followed.missions().assign(scenario=scenario.name),
        decisions=followed.decisions(),
        record=record_series.monthly(atlas.reported, frame.start, frame.end),
    )


def _cells(people: np.ndarray, states: tuple[str, ...]) -> dict[tuple[str, str, str], np.ndarray]:
    """The filled cells of int32[runs, months, states, frameworks, kinds], totals of kinds added."""
    found = {}
    filled: np.ndarray = np.asarray(people.any(axis=(0, 1)))
    for place, framework in np.argwhere(filled.any(axis=2)):
        both = people[:, :, place, framework]
        found[states[place], GROUPS[framework], "all"] = _small(both.sum(axis=2))
        for kind in np.flatnonzero(filled[place, framework]):
            found[states[place], GROUPS[framework], KINDS[kind]] = _small(both[:, :, kind])
    return found


def _small(cell: np.ndarray) -> np.ndarray:
    """Numbers of people in half the memory, where none is too large for it."""
    return cell.astype(np.int16 if cell.max() < np.iinfo(np.int16).max else np.int32)


def world(scenario: Scenario, reported: tuple[str, ...] = ()) -> Atlas:
    """The world of a scenario; one that differs only in numbers is not built again.

    ``reported``: states whose people and stocks are kept; blank: those that decide.
    """
    reported = reported or model_adapter.reported_states(scenario)
    key = f"{model_adapter.apart_from_numbers(scenario).model_dump_json()} {reported}"
    with _building:  # a second visitor who asks for the same waits for it
        atlas = _worlds.get(key)
        if atlas is None:
            atlas = model_adapter.world_of(model_adapter.apart_from_numbers(scenario), reported)
            _worlds[key] = atlas
            while len(_worlds) > WORLDS_KEPT:
                _worlds.popitem(last=False)
        _worlds.move_to_end(key)
    return model_adapter.with_numbers(atlas, scenario)
