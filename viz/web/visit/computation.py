"""What is computed for a view: people by month over the runs, and presence in missions.

A first answer comes from the first runs alone, the whole from all; what one visitor has had
computed is kept for the next who asks the same.  The compiled loop releases the interpreter's lock,
so one visitor's runs do not hold up another's.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from weakref import WeakSet

import numpy as np
import pandas as pd

from model.core.records import STOCKS
from model.engine.run_arrays import NO_TRACE
from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import GROUPS, KINDS, STOCK_UNITS
from model.world.build import Atlas
from scenarios.definition import lookup
from scenarios.file_format.schema import Scenario
from scenarios.running import model_adapter, record_series
from scenarios.running.streaming_summary import Summary

from .fair_queue import Place

LEVELS = (0.5, 0.8)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FIRST = 20  # runs of a first answer
WORLDS_KEPT = 6
BYTES_KEPT = 60_000_000  # of computed ensembles, of all visitors: a slider moved back is at once
SHOWN_STOCKS = ("trained_staff", "slots_used", "training_support", "agreements")
STEP = 40  # runs times deciding states between two looks whether others come first
MOST_KEPT = 2_500_000  # runs times months times watched states of one ensemble: memory
MOST_DECIDED = 20_000_000  # runs times months times deciding states: time
MOST_BYTES = 1_500_000_000  # of all ensembles that visitors still look at
FULL = "the web app holds as much as it may for its visitors; try again in a few minutes"

_worlds: OrderedDict[str, Atlas] = OrderedDict()
_computed: OrderedDict[str, Ensemble] = OrderedDict()
_building = threading.Lock()
_keeping = threading.Lock()
_alive: WeakSet[Ensemble] = WeakSet()


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The runs of one scenario.

    Attributes:
        people: by state, framework and kind (``all`` among them) integers[runs, months]; what is
            zero in every run is left out.
        presence: share of runs with anybody there, by month, state, framework and mission; none in
            a first answer.
        record: recorded contributions in the frame.
        stocks: by state and stock its ``QUANTILES`` over the runs, float[quantiles, months];
            ``tops``: the largest over the first runs, for the axes.
    """

    scenario: Scenario
    seed: int
    runs: int
    states: tuple[str, ...]
    months: tuple[str, ...]
    people: dict[tuple[str, str, str], np.ndarray] = field(repr=False)
    presence: pd.DataFrame | None = field(repr=False)
    record: pd.DataFrame = field(repr=False)
    stocks: dict[tuple[str, str], np.ndarray] = field(repr=False)
    tops: dict[str, float] = field(repr=False)

    @property
    def frame(self) -> tuple[str, str]:
        """First and last month."""
        return self.months[0], self.months[-1]

    @cached_property
    def size(self) -> int:
        """Bytes that it holds, nearly."""
        present = 0 if self.presence is None else int(self.presence.memory_usage().sum())
        cells = [*self.people.values(), *self.stocks.values()]
        return sum(cell.nbytes for cell in cells) + present

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

    def stock_bands(self, states: tuple[str, ...], stocks: tuple[str, ...]) -> pd.DataFrame:
        """Quantiles of stocks over all runs by month, the stock as ``kind``."""
        parts = []
        for state in states:
            for stock in stocks:
                found = dict(zip(QUANTILES, self.stocks[state, stock], strict=True))
                for level in LEVELS:
                    ends = round((1 - level) / 2, 12), round((1 + level) / 2, 12)
                    one = pd.DataFrame({"month": self.months}).assign(
                        level=level, lower=found[ends[0]], upper=found[ends[1]], median=found[0.5]
                    )
                    parts.append(one.assign(state=state, kind=stock, unit=STOCK_UNITS[stock]))
        return pd.concat(parts, ignore_index=True).assign(
            scenario=self.scenario.name, runs=self.runs, seeds=str(self.seed)
        )

    def most(self, states: tuple[str, ...], framework: str, kind: str = "all") -> float:
        """The upper end of the widest band in any month, over the first runs alone: what axes are
        chosen by, so that they stay when the other runs have come."""
        cells = (self.people.get((state, framework, kind)) for state in states)
        first = (cell[:FIRST] for cell in cells if cell is not None)
        return float(max((np.quantile(one, 0.9, axis=0).max() for one in first), default=0.0))


def compute(
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    place: Place | None = None,
    show: Callable[[Ensemble], None] = lambda first: None,
) -> Ensemble:
    """Run a scenario; ``place`` in the queue gets the runs done and asked for, and ends it early.

    ``show`` gets a first answer, made of the first runs of the whole, where these are many more.

    Raises:
        InputError: the scenario cannot be built, or there is no room for so many runs.
        Stopped: it was stopped.
    """
    found = remembered(scenario, runs, seed)
    if found is None:
        judge(scenario, runs)
        if sum(one.size for one in list(_alive)) > MOST_BYTES:
            raise InputError(FULL)
        found = _Work(scenario, runs, seed, place).whole(show)
    return found


def first_answer(scenario: Scenario, runs: int, seed: int) -> Ensemble:
    """The first answer alone, of ``FIRST`` runs or fewer.

    Raises:
        InputError: the scenario cannot be built, or there is no room for so many runs.
    """
    few = min(runs, FIRST)
    found = _remembered(content(scenario, few, seed, "first"))
    if found is None:
        judge(scenario, runs)
        found = _Work(scenario, runs, seed, None).first()
    return found


def remembered(scenario: Scenario, runs: int, seed: int) -> Ensemble | None:
    """An ensemble that was computed before, for whomever, if it is still kept."""
    return _remembered(content(scenario, runs, seed, "whole"))


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


def content(scenario: Scenario, runs: int, seed: int, what: str) -> str:
    """The hash of all that an ensemble depends on."""
    text = "\n".join((scenario.name, scenario.model_dump_json(), str(runs), str(seed), what))
    return hashlib.sha256(text.encode()).hexdigest()


def _remembered(key: str) -> Ensemble | None:
    with _keeping:
        found = _computed.get(key)
        if found is not None:
            _computed.move_to_end(key)
        return found


def _remember(key: str, found: Ensemble) -> None:
    """Keep an ensemble, and forget the oldest where they grow too many."""
    _alive.add(found)
    with _keeping:
        _computed[key] = found
        while len(_computed) > 1 and sum(one.size for one in _computed.values()) > BYTES_KEPT:
            _computed.popitem(last=False)


class _Work:
    """The runs of one scenario, made a few at a time."""

    def __init__(self, scenario: Scenario, runs: int, seed: int, place: Place | None) -> None:
        self._scenario, self._runs, self._seed, self._place = scenario, runs, seed, place
        self._summary, self._parts = Summary(), list[np.ndarray]()
        self._stocks = list[np.ndarray]()  # of each run float32[months, states, stocks]
        self._atlas = world(scenario)
        self._key = content(scenario, runs, seed, "whole")

    def first(self) -> Ensemble:
        """The first answer; nothing of it is done twice for the whole."""
        few = min(self._runs, FIRST)
        self._run(few)
        found = self._ensemble(few, None)
        _remember(content(self._scenario, few, self._seed, "first"), found)
        return found

    def whole(self, show: Callable[[Ensemble], None]) -> Ensemble:
        """All runs; where somebody else has had the same made meanwhile, those."""
        if self._runs > 2 * FIRST:
            known = _remembered(content(self._scenario, FIRST, self._seed, "first"))
            show(known or self.first())
        step = max(1, STEP // decides(self._scenario))
        while (done := self._summary.runs) < self._runs:
            made = _remembered(self._key) if done else None
            if made is not None:
                return made
            self._run(min(self._runs, done + step))
        present = self._summary.presence()
        named = present.assign(scenario=self._scenario.name, seed=self._seed)
        found = self._ensemble(self._runs, named)
        _remember(self._key, found)
        return found

    def _run(self, until: int) -> None:
        """Make the runs from those done to another number."""
        most = max(1, STEP // decides(self._scenario))
        while (done := self._summary.runs) < until:
            end = min(until, done + most)
            threads = self._place.threads() if self._place is not None else None
            share = -(-(end - done) // (threads or 2))
            for chunk in model_adapter.chunks(
                self._atlas,
                range(done, end),
                self._seed,
                trace=NO_TRACE,
                threads=threads,
                at_once=share,
            ):
                self._parts.append(_small(chunk.personnel()))
                self._summary.add(chunk, people=False)
                self._stocks += [self._kept(ledger.stocks) for ledger in chunk.ledgers]
            if self._place is not None:
                self._place.report(end, self._runs)

    def _kept(self, stocks: np.ndarray) -> np.ndarray:
        """Those of a run's stocks that are shown."""
        first, last = self._atlas.arrays.span[1:3]
        own = stocks[first : last + 1, : len(self._atlas.reported)]
        return own[:, :, [STOCKS.index(name) for name in SHOWN_STOCKS]].astype(np.float32)

    def _ensemble(self, runs: int, presence: pd.DataFrame | None) -> Ensemble:
        arrays, frame = self._atlas.arrays, self._scenario.period
        people = np.concatenate(self._parts)
        self._parts = [people]
        stocks = np.stack(self._stocks)
        found = np.quantile(stocks, QUANTILES, axis=0).astype(np.float32)
        tops = np.quantile(stocks[:FIRST], QUANTILES[-1], axis=0).max(axis=(0, 1))
        return Ensemble(
            scenario=self._scenario,
            seed=self._seed,
            runs=runs,
            states=self._atlas.reported,
            months=tuple(map(month_text, range(int(arrays.span[1]), int(arrays.span[2]) + 1))),
            people=_cells(people, self._atlas.reported),
            presence=presence,
            record=recorded(self._atlas.reported, frame.start, frame.end),
            stocks={
                (state, stock): found[:, :, place, column]
                for place, state in enumerate(self._atlas.reported)
                for column, stock in enumerate(SHOWN_STOCKS)
            },
            tops=dict(zip(SHOWN_STOCKS, tops.tolist(), strict=True)),
        )


@lru_cache(maxsize=8)
def recorded(states: tuple[str, ...], start: str, end: str) -> pd.DataFrame:
    """What was recorded of states, the same for all visitors; not to be written to."""
    return record_series.monthly(states, start, end)


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
