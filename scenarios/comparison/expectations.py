"""Expectations of a scenario held against paired runs of it and its baseline.

Each is measured run by run in both with common random numbers; what is judged is the mean paired
difference and its 95% interval.  A surprise is not removed from the file: it carries a
``finding`` and is then held to what was found, so that it cannot go stale either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from model.engine.run_arrays import NO_TRACE, Trace

from ..definition import library
from ..file_format.outcome_catalogue import DECIDED, MEASURES
from ..file_format.schema import Expectation, Scenario
from ..running import confidence, model_adapter
from .outcome_window import Window

if TYPE_CHECKING:
    from model.engine.run_output import Chunk

TINY = 1e-9

Verdict = Literal["contradicted", "inconclusive", "holds"]
VERDICTS: tuple[Verdict, ...] = ("contradicted", "inconclusive", "holds")  # the worst first
TABLE = (
    "number", "what", "unit", "expected", "base", "other", "mean", "low", "high", "runs",
    "verdict", "finding",
)  # fmt: skip


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
        """Ends of the 95% interval of what is judged."""
        return confidence.ends(self.mean, self.error)

    @property
    def verdict(self) -> Verdict:
        """``inconclusive``: too few runs to tell; ``contradicted``: they show the opposite."""
        if not self.runs:
            return "inconclusive"
        return judge(self.expectation, self.mean, self.error)

    @property
    def expected(self) -> bool:
        """Whether the file says what the runs say: a finding must differ, the others must hold."""
        return (self.verdict == "holds") != bool(self.expectation.finding)


def judge(expectation: Expectation, mean: float, error: float) -> Verdict:
    """What a mean and its standard error say of an expectation.

    ``up`` and ``down`` hold when the 95% interval leaves out zero on that side; ``zero`` when zero
    lies in it, and ``up_or_zero`` when nothing tells of a fall.  Bounds are met by the mean itself,
    and missed for certain when the whole interval lies beyond them.
    """
    low, high = confidence.ends(mean, error)
    verdicts: list[Verdict] = [_bounded(expectation, mean, low, high)]
    direction = expectation.direction
    bounded = expectation.low is not None or expectation.high is not None
    if direction in ("up", "down"):
        near, far = (low, high) if direction == "up" else (-high, -low)
        verdicts.append(
            "holds" if near > TINY else "contradicted" if far < -TINY else "inconclusive"
        )
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
    return "holds" if least <= mean <= most else "inconclusive"


class Examination:
    """Measures scenarios against their baselines; a baseline shared by several is run once."""

    def __init__(self, runs: int = 200, seed: int = 1, threads: int | None = None) -> None:
        self.runs, self.seed, self.threads = runs, seed, threads
        self._kept: dict[Any, np.ndarray] = {}

    def prepare(self, scenarios: Sequence[Scenario]) -> None:
        """Run each baseline once for everything that several scenarios ask of it."""
        together: dict[Any, tuple[Scenario, list[Expectation]]] = {}
        for scenario in scenarios:
            if scenario.expect and scenario.baseline is not None:
                base, reported = library.baseline(scenario), _reported(scenario)
                asked = together.setdefault((base.model_dump_json(), reported), (base, []))[1]
                asked += scenario.expect
        for (_, reported), (base, wanted) in together.items():
            self._measured(base, wanted, reported)

    def findings(self, scenario: Scenario) -> list[Finding]:
        """What the runs say of every expectation of a scenario, in the order of the file."""
        wanted = list(scenario.expect)
        if not wanted:
            return []
        reported = _reported(scenario)
        before = self._measured(library.baseline(scenario), wanted, reported)
        after = self._measured(scenario, wanted, reported)
        return [
            _finding(scenario.name, expectation, old, new)
            for expectation, old, new in zip(wanted, before, after, strict=True)
        ]

    def _measured(
        self, scenario: Scenario, wanted: Sequence[Expectation], reported: tuple[str, ...]
    ) -> list[np.ndarray]:
        """Each outcome by run, kept for the next scenario that is compared with the same world."""
        world = (plain(scenario), reported)
        missing = {key(one): one for one in wanted if (world, key(one)) not in self._kept}
        if missing:
            found = self._run(scenario, list(missing.values()), reported)
            for one, values in zip(missing, found, strict=True):
                self._kept[world, one] = values
        return [self._kept[world, key(one)] for one in wanted]

    def _run(
        self, scenario: Scenario, wanted: Sequence[Expectation], reported: tuple[str, ...]
    ) -> list[np.ndarray]:
        decided = any(one.variable in DECIDED for one in wanted)
        trace = Trace(states=reported, runs=tuple(range(self.runs))) if decided else NO_TRACE
        atlas = model_adapter.world_of(scenario, reported)
        parts = []
        for chunk in model_adapter.chunks(
            atlas, range(self.runs), self.seed, threads=self.threads, trace=trace
        ):
            sent = chunk.personnel()
            parts.append([Window(chunk, sent, one).values() for one in wanted])
        return [np.concatenate(values) for values in zip(*parts, strict=True)]


class Held:
    """Expectations held against paired chunks of runs as they come, those of a comparison."""

    def __init__(self, scenario: Scenario, reported: Sequence[str]) -> None:
        self._name = scenario.name
        self._all = list(scenario.expect)
        self._within = [_within(one, scenario, reported) for one in self._all]
        self._wanted = [one for one, within in zip(self._all, self._within, strict=True) if within]
        self._parts: tuple[list[list[np.ndarray]], list[list[np.ndarray]]] = ([], [])

    def add(self, base: Chunk, other: Chunk, traced: bool) -> None:
        """Measure the same runs of both worlds; without a trace, decisions are left out."""
        if not self._wanted:
            return
        for parts, chunk in zip(self._parts, (base, other), strict=True):
            people, untold = chunk.personnel(), np.full(len(chunk.ledgers), np.nan)
            told = [traced or one.variable not in DECIDED for one in self._wanted]
            parts.append(
                [
                    Window(chunk, people, one).values() if known else untold
                    for one, known in zip(self._wanted, told, strict=True)
                ]
            )

    def findings(self) -> list[Finding]:
        """One for each expectation, of no run where it lies outside what was compared."""
        before, after = ([np.concatenate(v) for v in zip(*p, strict=True)] for p in self._parts)
        measured, nothing = zip(before, after, strict=True), (np.zeros(0), np.zeros(0))
        return [
            _finding(self._name, one, *(next(measured) if within else nothing))
            for one, within in zip(self._all, self._within, strict=True)
        ]


def table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Findings as rows: what was expected, both means, the mean that is judged with the ends of its
    95% interval, the verdict, and what the file says where the model disagrees."""
    rows = [
        {
            "number": number,
            "what": what(one.expectation),
            "unit": unit_of(one.expectation),
            "expected": expected(one.expectation),
            "base": one.base,
            "other": one.other,
            "mean": one.mean,
            "low": one.interval[0],
            "high": one.interval[1],
            "runs": one.runs,
            "verdict": one.verdict,
            "finding": " ".join(one.expectation.finding.split()),
        }
        for number, one in enumerate(findings)
    ]
    return pd.DataFrame(rows, columns=list(TABLE))


def what(one: Expectation) -> str:
    """An outcome as text, with all that narrows it down."""
    parts = [one.variable]
    if one.kind != "all":
        parts.append(one.kind)
    if one.mission != "all":
        parts.append(f"in {one.mission}")
    elif one.group != "all":
        parts.append({"un": "in UN missions", "coalition": "in coalitions"}.get(one.group, "else"))
    if one.state != "all":
        parts.append(f"of {one.state}")
    start, end = one.start or "", one.end or ""
    if start or end:
        parts.append(f"{start or 'the start'} to {end or 'the end'}" if start != end else start)
    return ", ".join(parts)


def expected(one: Expectation) -> str:
    """What is expected, as text."""
    words = {
        "up": "up",
        "down": "down",
        "zero": "no change",
        "up_or_zero": "up or no change",
        "down_or_zero": "down or no change",
        "unsigned": "no sign",
    }[one.direction]
    bounds = [
        f"{text} {value:g}"
        for text, value in (("at least", one.low), ("at most", one.high))
        if value is not None
    ]
    if one.of == "level":
        return "level " + " and ".join(bounds)
    return ", ".join([words, *bounds])


def _finding(name: str, expectation: Expectation, before: np.ndarray, after: np.ndarray) -> Finding:
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


def _within(one: Expectation, scenario: Scenario, reported: Sequence[str]) -> bool:
    """Whether an outcome lies within the months and the states that are compared."""
    period = scenario.period
    months = (one.start or period.start) <= period.end and (one.end or period.end) >= period.start
    return months and one.state in ("all", *reported)


def key(expectation: Expectation) -> tuple[Any, ...]:
    """What is measured, without what is expected of it."""
    return tuple(
        getattr(expectation, name)
        for name in ("variable", "state", "group", "mission", "kind", "start", "end")
    )


def _mean(values: np.ndarray) -> float:
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if len(kept) else float("nan")


def _reported(scenario: Scenario) -> tuple[str, ...]:
    """The states that decide and are kept, and those that an expectation names."""
    named = [one.state for one in scenario.expect if one.state != "all"]
    return tuple(dict.fromkeys([*model_adapter.reported_states(scenario), *named]))


def plain(scenario: Scenario) -> str:
    """What a world is known by: all that it is built from."""
    return scenario.changed(expect=[], variants={}, axes={}).model_dump_json()


def unit_of(expectation: Expectation) -> str:
    """The unit of an expectation's figures."""
    return MEASURES[expectation.variable].unit
