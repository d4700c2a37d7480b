"""Expectations of a scenario held against paired runs of it and its baseline.

Each is measured run by run in both under the same luck; what is judged is the mean paired
difference and its 95 % interval.  A surprise is not removed from the file: it carries a
``finding`` and is then held to what was found, so that it cannot go stale either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from model.errors import InputError
from model.kinds import GROUPS, KINDS
from model.months import month_number, month_text

from . import engine, library
from .measures import DECIDED, MEASURES, MOVED, STOCKS
from .schema import Expectation, Scenario

if TYPE_CHECKING:
    import pandas as pd

    from model.ledger import Chunk
    from model.world import Atlas

CERTAINTY = 1.96  # standard errors on either side of a mean
TINY = 1e-9

Verdict = Literal["contradicted", "not shown", "holds"]
VERDICTS: tuple[Verdict, ...] = ("contradicted", "not shown", "holds")  # the worst first


@dataclass(frozen=True)
class Finding:
    """One expectation and what paired runs say of it; ``error`` is of the mean difference."""

    scenario: str
    expectation: Expectation
    runs: int
    base: float
    other: float
    mean: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval of what is judged."""
        return self.mean - CERTAINTY * self.error, self.mean + CERTAINTY * self.error

    @property
    def verdict(self) -> Verdict:
        """``not shown``: so many runs cannot tell; ``contradicted``: they tell otherwise."""
        return judge(self.expectation, self.mean, self.error)

    @property
    def expected(self) -> bool:
        """Whether the file says what the runs say: a finding must differ, the others must hold."""
        return (self.verdict == "holds") != bool(self.expectation.finding)


def judge(expectation: Expectation, mean: float, error: float) -> Verdict:
    """What a mean and its standard error say of an expectation.

    ``up`` and ``down`` hold when the 95 % interval leaves out zero on that side; ``zero`` when zero
    lies in it, and ``up_or_zero`` when nothing tells of a fall.  Bounds are met by the mean itself,
    and missed for certain when the whole interval lies beyond them.
    """
    low, high = mean - CERTAINTY * error, mean + CERTAINTY * error
    verdicts: list[Verdict] = [_bounded(expectation, mean, low, high)]
    direction = expectation.direction
    bounded = expectation.low is not None or expectation.high is not None
    if direction in ("up", "down"):
        near, far = (low, high) if direction == "up" else (-high, -low)
        verdicts.append("holds" if near > TINY else "contradicted" if far < -TINY else "not shown")
    elif direction in ("up_or_zero", "down_or_zero"):
        far = high if direction == "up_or_zero" else -low
        verdicts.append("holds" if far >= -TINY else "contradicted")
    elif direction == "zero" and not bounded:
        verdicts.append("holds" if low <= TINY and high >= -TINY else "contradicted")
    return min(verdicts, key=VERDICTS.index)


def _bounded(expectation: Expectation, mean: float, low: float, high: float) -> Verdict:
    least = -np.inf if expectation.low is None else expectation.low
    most = np.inf if expectation.high is None else expectation.high
    if high < least or low > most:
        return "contradicted"
    return "holds" if least <= mean <= most else "not shown"


class Examination:
    """Measures scenarios against their baselines; a baseline shared by several is run once."""

    def __init__(self, runs: int = 200, seed: int = 1, threads: int | None = None) -> None:
        self.runs, self.seed, self.threads = runs, seed, threads
        self._kept: dict[Any, np.ndarray] = {}
        self._yearly: dict[Any, pd.DataFrame] = {}

    def prepare(self, scenarios: Sequence[Scenario]) -> None:
        """Run each baseline once for everything that several scenarios ask of it."""
        together: dict[Any, tuple[Scenario, list[Expectation]]] = {}
        for scenario in scenarios:
            if scenario.expect and scenario.baseline is not None:
                base, watch = _baseline(scenario), _watch(scenario)
                asked = together.setdefault((base.model_dump_json(), watch), (base, []))[1]
                asked += scenario.expect
        for (_, watch), (base, wanted) in together.items():
            self._measured(base, wanted, watch)

    def findings(self, scenario: Scenario) -> list[Finding]:
        """What the runs say of every expectation of a scenario, in the order of the file."""
        wanted = list(scenario.expect)
        if not wanted:
            return []
        if scenario.baseline is None:
            raise InputError(f"{scenario.name} expects an effect but names no baseline")
        watch = _watch(scenario)
        before = self._measured(_baseline(scenario), wanted, watch)
        after = self._measured(scenario, wanted, watch)
        return [
            self._finding(scenario.name, expectation, old, new)
            for expectation, old, new in zip(wanted, before, after, strict=True)
        ]

    def yearly(self, scenario: Scenario) -> pd.DataFrame:
        """People of a scenario already examined, and of its baseline: mean over runs and the months
        of each year, by scenario (the baseline first), state, framework and year."""
        import pandas as pd

        watch = _watch(scenario)
        pair = (_baseline(scenario), scenario)
        tables = [self._yearly[_plain(one), watch].assign(scenario=one.name) for one in pair]
        return pd.concat(tables, ignore_index=True)

    def _finding(
        self, name: str, expectation: Expectation, before: np.ndarray, after: np.ndarray
    ) -> Finding:
        both = ~np.isnan(before) & ~np.isnan(after)
        level = expectation.of == "level"
        judged = after[~np.isnan(after)] if level else (after - before)[both]
        many = len(judged)
        error = float(judged.std(ddof=1) / np.sqrt(many)) if many > 1 else 0.0
        return Finding(
            scenario=name,
            expectation=expectation,
            runs=many,
            base=_mean(before if level else before[both]),
            other=_mean(after if level else after[both]),
            mean=_mean(judged),
            error=error,
        )

    def _measured(
        self, scenario: Scenario, wanted: Sequence[Expectation], watch: tuple[str, ...]
    ) -> list[np.ndarray]:
        """Each outcome by run, kept for the next scenario that is compared with the same world."""
        world = (_plain(scenario), watch)
        missing = {key(one): one for one in wanted if (world, key(one)) not in self._kept}
        if missing:
            found = self._run(scenario, list(missing.values()), watch)
            for one, values in zip(missing, found, strict=True):
                self._kept[world, one] = values
        return [self._kept[world, key(one)] for one in wanted]

    def _run(
        self, scenario: Scenario, wanted: Sequence[Expectation], watch: tuple[str, ...]
    ) -> list[np.ndarray]:
        from model.run_state import NO_TRACE, Trace

        decided = any(one.variable in DECIDED for one in wanted)
        trace = Trace(states=watch, runs=tuple(range(self.runs))) if decided else NO_TRACE
        atlas = engine.world_of(scenario, watch)
        parts, people = [], []
        for chunk in engine.chunks(
            atlas, range(self.runs), self.seed, threads=self.threads, trace=trace
        ):
            tables = _Tables(chunk)
            parts.append([_Window(tables, one).values() for one in wanted])
            people.append(tables.people.sum(axis=(0, 4)))
        self._yearly[_plain(scenario), watch] = _by_year(atlas, sum(people) / self.runs)
        return [np.concatenate(values) for values in zip(*parts, strict=True)]


def _baseline(scenario: Scenario) -> Scenario:
    """The baseline over the same months, with the same states deciding."""
    assert scenario.baseline is not None
    base = library.find(scenario.baseline)
    return base.changed(period=scenario.period, deliberating=scenario.deliberating)


def key(expectation: Expectation) -> tuple[Any, ...]:
    """What is measured, without what is expected of it."""
    return tuple(
        getattr(expectation, name)
        for name in ("variable", "state", "group", "mission", "kind", "start", "end")
    )


def _mean(values: np.ndarray) -> float:
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if len(kept) else float("nan")


def _watch(scenario: Scenario) -> tuple[str, ...]:
    """The states that decide and are kept, and those that an expectation names."""
    named = [one.state for one in scenario.expect if one.state != "all"]
    return tuple(dict.fromkeys([*engine.watched(scenario), *named]))


def _plain(scenario: Scenario) -> str:
    """What a world is known by: all that it is built from."""
    return scenario.changed(expect=[], variants={}, axes={}).model_dump_json()


def _by_year(atlas: Atlas, people: np.ndarray) -> pd.DataFrame:
    """Long rows of float64[months, states, groups], averaged over the months of each year."""
    import pandas as pd

    month, state, group = np.indices(people.shape)
    years = np.array([month_text(int(atlas.arrays.span[1]) + m)[:4] for m in range(len(people))])
    table = pd.DataFrame(
        {
            "state": np.array(atlas.watch)[state.ravel()],
            "framework": np.array(GROUPS)[group.ravel()],
            "year": years[month.ravel()],
            "people": people.ravel(),
        }
    )
    means: pd.Series[float] = table.groupby(["state", "framework", "year"])["people"].mean()
    return means.reset_index()


class _Tables:
    """What several outcomes of one chunk are read from, made when first asked for."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk

    @cached_property
    def people(self) -> np.ndarray:
        """int32[runs, months, watched states, groups, kinds]."""
        return self.chunk.personnel()

    @cached_property
    def missions(self) -> pd.DataFrame:
        """People by run, month, state, mission and kind."""
        return self.chunk.missions()

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """Every traced decision."""
        return self.chunk.decisions()


class _Window:
    """One outcome of a chunk, narrowed down to states, months, missions and kinds."""

    def __init__(self, tables: _Tables, expectation: Expectation) -> None:
        self.tables, self.chunk, self.one = tables, tables.chunk, expectation
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
        self.states = self.atlas.watch if expectation.state == "all" else (expectation.state,)

    def values(self) -> np.ndarray:
        name = self.one.variable
        if name in STOCKS:
            return self._stock()
        if name in DECIDED:
            return self._decisions()
        if name in MOVED:
            return np.array([self._moves(ledger.deployments) for ledger in self.chunk.ledgers])
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
        states = [self.atlas.watch.index(code) for code in self.states]
        window = self.tables.people[:, self.first - self.begin : self.last - self.begin + 1]
        window = window[:, :, states]
        groups = [n for n, g in enumerate(GROUPS) if self.one.group in (g, "all")]
        return window[:, :, :, groups].sum(axis=(2, 3))[:, :, self._kinds()]

    def _in_mission(self) -> np.ndarray:
        months = self.last - self.first + 1
        out = np.zeros((len(self.chunk.ledgers), months, len(KINDS)))
        parts = self.tables.missions
        parts = parts[(parts["mission"] == self.one.mission) & parts["state"].isin(self.states)]
        if not len(parts):
            return out[:, :, self._kinds()]
        month = parts["month"].map(month_number).to_numpy() - self.first
        inside = (month >= 0) & (month < months)
        run = parts["run"].to_numpy() - self.chunk.runs[0]
        kind = parts["kind"].map({name: n for n, name in enumerate(KINDS)}).to_numpy()
        np.add.at(
            out, (run[inside], month[inside], kind[inside]), parts["value"].to_numpy()[inside]
        )
        return out[:, :, self._kinds()]

    def _kinds(self) -> np.ndarray:
        """Numbers of the kinds meant; presence, entries, exits mean units unless one is named."""
        formed = np.asarray(self.atlas.arrays.kinds["formed"]) > 0
        wanted = self.one.kind
        if wanted == "all" and self.one.variable in (*MOVED, "unit_presence"):
            wanted = "units"
        chosen = {
            "all": np.ones(len(KINDS), dtype=bool),
            "units": formed,
            "individuals": ~formed,
        }.get(wanted)
        if chosen is None:
            return np.array([KINDS.index(wanted)])
        return np.flatnonzero(chosen)

    def _moves(self, deployments: np.ndarray) -> float:
        d, world = deployments, self.atlas.arrays
        kept = np.isin(d["state"], [self.atlas.state_row(code) for code in self.states])
        kept &= np.isin(d["kind"], self._kinds()) & (d["people"] > 0)
        if self.one.mission != "all":
            names = list(self.atlas.missions)
            known = self.one.mission in names
            kept &= d["mission"] == (names.index(self.one.mission) if known else -1)
        elif self.one.group != "all":
            kept &= world.groups[d["framework"]] == GROUPS.index(self.one.group)
        when = d["leaves"] if self.one.variable == "exits" else d["arrives"]
        kept &= (when >= self.first) & (when <= self.last)
        if self.one.variable == "exits":
            return float(kept.sum())
        begins = world.states["deliberates"][d["state"]]
        kept &= ~((d["arrives"] == begins) & (d["since"] < d["arrives"]))  # carried in
        if self.one.variable == "entries":
            return float(kept.sum())
        routine = kept & (d["crisis"] == 0)
        if not routine.any():
            return float("nan")
        return float((d["arrives"] - d["ordered"])[routine].mean())

    def _decisions(self) -> np.ndarray:
        table = self.tables.decisions
        runs = np.array(self.chunk.runs)
        if not len(table):
            return np.zeros(len(runs))
        month = table["month"].map(month_number)
        kept = table["state"].isin(self.states) & month.between(self.first, self.last)
        if self.one.mission != "all":
            kept &= table["mission"] == self.one.mission
        elif self.one.group != "all":
            atlas = self.atlas
            groups = np.array(GROUPS)[np.asarray(atlas.arrays.missions["group"])]
            kept &= table["mission"].map(dict(zip(atlas.missions, groups, strict=True))) == (
                self.one.group
            )
        if self.one.kind != "all":
            kept &= table["kind"].isin([KINDS[n] for n in self._kinds()])
        outcomes = {
            "answers": ("accepted", "smaller", "cheaper"),
            "refusals": ("refused",),
            "substitutes": ("substitute",),
        }[self.one.variable]
        kept &= table["outcome"].isin(outcomes) & (table["reason"] != "renewal")
        counts = table[kept].groupby("run").size()
        return counts.reindex(runs, fill_value=0).to_numpy(dtype=float)

    def _stock(self) -> np.ndarray:
        from model.shapes import STOCKS as NAMES

        rows = [self.atlas.watch.index(code) for code in self.states]
        number = NAMES.index(self.one.variable)
        return np.array(
            [
                ledger.stocks[self.first : self.last + 1, rows, number].sum(axis=1).mean()
                for ledger in self.chunk.ledgers
            ]
        )


def unit_of(expectation: Expectation) -> str:
    """The unit of an expectation's figures."""
    return MEASURES[expectation.variable].unit
