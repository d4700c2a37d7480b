"""The model as a function of its factors, for tools that choose the points themselves.

SALib, the EMA workbench and optimisers call it again and again; worlds are kept between the calls,
so that only the runs themselves take time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.errors import InputError, unknown

from ..definition import lookup
from ..file_format.schema import Scenario
from ..storage import forks
from . import chunk, sampling
from .design import Design, base_of, find, of_mapping
from .plan import Plan

if TYPE_CHECKING:
    import ema_workbench

Points = np.ndarray | pd.DataFrame | Sequence[Mapping[str, Any]] | Sequence[Sequence[Any]]


@dataclass(frozen=True, repr=False)
class Problem:
    """Factors, outcomes, and the mean of each outcome over runs at any point; ``problem`` makes it.

    Called with a value for each factor it gives the mean of each outcome, by name.

    Example:
        >>> import peacekeeping as pk
        >>> ask = {"japan_un": {"state": "JPN", "group": "un"}}
        >>> problem = pk.problem({"vary": {"home_threat": (0.5, 2)}, "outcomes": ask, "runs": 5})
        >>> problem
        Problem of 1 factor (home_threat) and 1 outcome (japan_un), 5 runs
        >>> list(problem(home_threat=1.5))
        ['japan_un']
    """

    design: Design
    _plan: Plan = field(repr=False)
    _scenarios: dict[tuple[str, ...], Scenario] = field(repr=False, default_factory=dict)

    def __repr__(self) -> str:
        """In a line: factors, outcomes, runs."""
        names = [
            f"{len(part)} {word}{'s' * (len(part) != 1)} ({', '.join(part)})"
            for word, part in (("factor", self.factors), ("outcome", self.outcomes))
        ]
        return f"Problem of {' and '.join(names)}, {self.design.runs} runs"

    @property
    def factors(self) -> list[str]:
        """Names of what varies, in the order of a point."""
        return list(self.design.vary)

    @property
    def outcomes(self) -> list[str]:
        """Names of what is measured, in the order of a row of ``evaluate``."""
        return list(self.design.outcomes)

    @property
    def salib(self) -> dict[str, Any]:
        """The problem as SALib takes it; a factor with choices goes from 0 to 1, in equal parts.

        Raises:
            InputError: a factor has a list of values, which SALib cannot draw from.
        """
        for name, factor in self.design.vary.items():
            if factor.values is not None:
                raise InputError(f"{name} has values; SALib draws from a range, (low, high)")
        return sampling.problem(self.design) | {"outputs": self.outcomes}

    def evaluate(
        self, points: Points, *, every_run: bool = False, threads: int | None = None
    ) -> np.ndarray:
        """Outcomes at many points.

        Args:
            points: a row for each point, a column for each factor in their order, as an array or
                lists (or by name, as a frame or dictionaries); choices by name, or as SALib draws
                them, from 0 to 1.
            every_run: every run by itself, instead of the mean over runs.
            threads: all cores when not given; the numbers do not depend on it.

        Returns:
            float64[points, outcomes], or float64[points, runs, outcomes].  Every point has the same
            random draws.  A month that never comes (``first``) is not a number, and is left out of
            the mean; a run that cannot be made raises.

        Raises:
            InputError: a factor that is missing or unknown, or a value out of range.
        """
        table = self._table(points)
        shape = (len(table), self.design.runs, len(self.outcomes))
        if not len(table):
            return np.empty(shape if every_run else shape[::2])
        workers = max(1, min(threads or os.cpu_count() or 1, len(table)))
        parts = [table.iloc[rows] for rows in np.array_split(np.arange(len(table)), workers)]
        blocks = [self._plan.block(0, part, "", self._scenarios) for part in parts]
        with forks.call(), ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(chunk.measured, blocks))
        errors = np.concatenate([part[1] for part in found])
        wrong = np.flatnonzero(errors != "")
        if len(wrong):
            point = table.iloc[wrong[0] // self.design.runs][self.factors].to_dict()
            raise InputError(f"at {point}: {errors[wrong[0]]}")
        runs = np.concatenate([part[0] for part in found]).reshape(shape)
        return runs if every_run else _means(runs)

    def __call__(self, **values: Any) -> dict[str, float]:
        """The mean of each outcome at one point, which is given by name."""
        return dict(zip(self.outcomes, self.evaluate([values])[0].tolist(), strict=True))

    def ema_model(self, name: str = "peacekeeping") -> ema_workbench.Model:
        """The problem as a model of the EMA workbench: levers, uncertainties and outcomes.

        A factor that is a lever of the tables, or a choice, is a lever; others are uncertainties.

        Raises:
            InputError: the workbench is not installed.
        """
        try:
            import ema_workbench as ema
        except ImportError:
            raise InputError(
                "ema_model needs the package ema_workbench; install it with pip"
            ) from None
        model = ema.Model(name, function=self)
        levers: list[Any] = []
        uncertainties: list[Any] = []
        for key, factor in self.design.vary.items():
            if factor.levels is not None:
                parameter = ema.CategoricalParameter(key, factor.levels)
            else:
                parameter = ema.RealParameter(key, factor.low, factor.high)
            is_lever = factor.choices is not None or key in lookup.levers()
            (levers if is_lever else uncertainties).append(parameter)
        model.levers, model.uncertainties = levers, uncertainties
        model.outcomes = [ema.ScalarOutcome(key) for key in self.outcomes]
        return model

    def _table(self, points: Points) -> pd.DataFrame:
        """Points as the configurations of a design, every value checked."""
        if not isinstance(points, np.ndarray | pd.DataFrame | Mapping):
            rows = list(points) if isinstance(points, Iterable) else [points]
            named = [isinstance(one, Mapping) for one in rows]
            if not all(named) and (any(named) or not self._are_rows(rows)):
                raise InputError(self._wanted("points are no such table"))
            if rows and not any(named):
                points = pd.DataFrame(rows, columns=self.factors)
        if isinstance(points, np.ndarray):
            if points.ndim != 2 or points.shape[1] != len(self.factors):
                raise InputError(self._wanted(f"points have the shape {points.shape}"))
            table = pd.DataFrame(points, columns=self.factors)
        else:
            table = pd.DataFrame(points)
        for key in table.columns:
            if key not in self.design.vary:
                raise unknown("factor", str(key), self.factors)
        missing = [key for key in self.factors if key not in table.columns]
        if missing and len(table):
            raise InputError(f"the factor {missing[0]} has no value; give one for each factor")
        columns = {key: self._column(key, table[key]) for key in self.factors if key in table}
        found = pd.DataFrame(columns, columns=self.factors)
        found.insert(0, sampling.CONFIGURATION, np.arange(len(found), dtype=np.int32))
        return found

    def _wanted(self, fault: str) -> str:
        names = ", ".join(self.factors)
        return f"{fault}; give a row for each point and a column for each of {names}"

    def _are_rows(self, rows: Sequence[Any]) -> bool:
        """Whether each is a row with a value for each factor."""
        return all(
            isinstance(row, Sequence | np.ndarray)
            and not isinstance(row, str)
            and len(row) == len(self.factors)
            for row in rows
        )

    def _column(self, key: str, values: pd.Series) -> np.ndarray:
        factor = self.design.vary[key]
        numeric = pd.api.types.is_numeric_dtype(values)
        if factor.choices is None:
            if not numeric or not np.isfinite(values.to_numpy(dtype=float)).all():
                raise InputError(f"{key} has a value that is no number")
            for value in (values.min(), values.max()) if len(values) else ():
                lookup.setting(key, float(value))
            return values.to_numpy(dtype=float)
        if numeric:
            drawn = values.to_numpy(dtype=float)
            if not ((drawn >= 0) & (drawn <= 1)).all():
                raise InputError(f"{key} has choices; give their names, or numbers from 0 to 1")
            return sampling.column(factor, drawn)
        for name in values.unique():
            if name not in factor.choices:
                raise unknown(f"choice of {key}", str(name), factor.choices)
        return values.to_numpy(dtype=object)


def problem(design: str | Path | Mapping[str, Any] | Design) -> Problem:
    """The model as a function of what a design varies, for SALib, the EMA workbench and others.

    The first call at a choice builds its world; later ones only run it.

    Args:
        design: a dictionary with ``vary`` and ``outcomes``, and where wanted ``scenario``,
            ``period``, ``settings``, ``runs`` (20), ``seed`` and further keys of a design file; or
            a design that ships with the program, a TOML file, or a Design.  In ``vary``,
            ``(low, high)`` is a range and ``[value, value ...]`` are values.  How a design samples
            does not matter here.

    Raises:
        InputError: anything misspelt or out of range, in one sentence.

    Example:
        >>> import peacekeeping as pk
        >>> ask = {"korea_un": {"state": "KOR", "group": "un", "start": "2010-01"}}
        >>> vary = {"home_threat": (0.5, 2), "alliance_pressure": (0, 2)}
        >>> problem = pk.problem({"vary": vary, "outcomes": ask, "runs": 5})
        >>> problem.salib["bounds"]
        [[0.5, 2.0], [0.0, 2.0]]
        >>> problem.evaluate([{"home_threat": 1, "alliance_pressure": 1}]).shape
        (1, 1)
    """
    if isinstance(design, Mapping):
        found = of_mapping(design, sampled=False)
    else:
        found = design if isinstance(design, Design) else find(design)
    if not found.vary:
        raise InputError(f"the design {found.name} varies nothing; name factors in vary")
    if found.series.keep != "none":
        raise InputError("a problem measures outcomes and keeps no series; leave series out")
    if found.draws == "own":
        raise InputError("a problem has the same draws at every point; leave draws = 'own' out")
    columns = [sampling.CONFIGURATION, *found.vary]
    return Problem(found, Plan(found, base_of(found), pd.DataFrame(columns=columns), 1))


def _means(runs: np.ndarray) -> np.ndarray:
    """Means over runs, what is not a number left out; not a number where nothing is left."""
    known = ~np.isnan(runs)
    count = known.sum(axis=1)
    total = np.where(known, runs, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
