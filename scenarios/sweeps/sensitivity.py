"""Which factor matters: what a finished sweep says about its design.

Each outcome is averaged over the runs of a configuration, and the averages are laid against the
factors: elementary effects for a Morris design, first and total indices for a Sobol design, shares
of the variance for any other (all from SALib), what each factor does from one end to the other, and
the regions of a regression tree (scikit-learn).  How much of the spread is due to random draws is
separated by an analysis of variance over configurations and runs.  A configuration in which a run
failed is left out, with the whole trajectory or block that a Morris or Sobol design needs it in,
and counted.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError
from model.months import month_number

from . import sampling
from .design import Design
from .scenario_discovery import regions
from .sweep import SweepResult

CONFIDENCE = 0.95
RESAMPLES = 200  # of configurations, for the intervals
DRAW_RESAMPLES = 40  # of runs, for what random draws do to an index
SURELY = 3.0  # standard errors, for several values are looked at
FEW = 10  # distinct values up to which a factor is taken value by value
FEWEST = 4  # configurations that can be analysed at all


@dataclass(frozen=True)
class Sensitivity:
    """What a sweep says; every table is long.

    Attributes:
        noise: one row an outcome: variance of single runs, and the shares of it that come from the
            parameters, from random draws alone, and from both together; configurations
            analysed and left out because a run failed.
        indices: outcome, factor, measure (``mu_star``, ``sigma``, ``first``, ``total``), value,
            its 95% interval, and ``by_draws``: its standard deviation over other runs.
        ends: outcome, factor, end (``low``, ``high``), label, mean over the configurations at that
            end of the factor, its standard error over runs (``error``), and how many there are;
            ``between`` is there where the outcome is surely beyond both ends between them.
        regions: outcome, region as text, configurations in it, share of all, mean, its standard
            deviation over configurations, and ``explained``: the share of the variance between
            configurations that the regions of this outcome explain.
    """

    noise: pd.DataFrame
    indices: pd.DataFrame
    ends: pd.DataFrame
    regions: pd.DataFrame


@dataclass(frozen=True)
class _Answers:
    """One outcome over configurations and runs, with those left out marked."""

    name: str
    values: np.ndarray  # float64[configurations, runs]
    kept: np.ndarray  # bool[configurations]

    def means(self, runs: np.ndarray | None = None) -> np.ndarray:
        """Average over (some) runs of every configuration."""
        chosen = self.values if runs is None else self.values[:, runs]
        return np.asarray(chosen.mean(axis=1))


def analyse(result: SweepResult, design: Design) -> Sensitivity:
    """The sensitivity of every outcome of a finished sweep.

    Raises:
        InputError: the sweep is unfinished, or too few configurations ran without an error.
    """
    if not result.complete:
        raise InputError(f"the sweep in {result.folder} is not finished; go on with --resume")
    table = result.design.to_table().to_pandas().drop(columns=sampling.CONFIGURATION)
    noise, indices, ends, places = [], [], [], []
    for answers in _answers(result, design):
        noise.append(_noise(answers, design))
        indices.append(_indices(answers, design, table))
        ends.append(_ends(answers, table, grid=design.method == "grid"))
        here = table[answers.kept].reset_index(drop=True)
        found = regions(answers.means()[answers.kept], here)
        found.insert(0, "outcome", answers.name)
        places.append(found)
    return Sensitivity(
        pd.DataFrame(noise),
        pd.concat(indices, ignore_index=True),
        pd.concat(ends, ignore_index=True),
        pd.concat(places, ignore_index=True),
    )


def _answers(result: SweepResult, design: Design) -> list[_Answers]:
    """Every outcome as configurations by runs.

    ``first`` is not a number where it never happened; there it counts as the whole of its months.
    """
    rows = result.outcomes.to_table().to_pandas()
    failed = (rows["error"] != "").to_numpy().reshape(-1, design.runs).any(axis=1)
    kept = ~_spoilt(failed, design)
    if kept.sum() < FEWEST:
        raise InputError(
            f"a sensitivity analysis needs at least {FEWEST} configurations; usable are "
            f"{int(kept.sum())} of {len(kept)}"
            + (f" ({failed.sum()} failed: outcomes.parquet says why)" if failed.any() else "")
        )
    period = result.manifest["scenario"]["period"]
    found = []
    for name, outcome in design.outcomes.items():
        values = rows[name].to_numpy().reshape(-1, design.runs)
        if outcome.measure == "first":
            start = month_number(outcome.start or period["start"])
            never = month_number(outcome.end or period["end"]) - start + 1
            values = np.where(np.isnan(values), float(never), values)
        found.append(_Answers(name, values, kept))
    return found


def _spoilt(failed: np.ndarray, design: Design) -> np.ndarray:
    """Configurations left out: those that failed, and those that say nothing without them."""
    group = 1
    if design.method == "morris":
        group = len(design.vary) + 1
    if design.method == "sobol":
        group = len(failed) // design.samples
    return np.asarray(np.repeat(failed.reshape(-1, group).any(axis=1), group))


def _noise(answers: _Answers, design: Design) -> dict[str, Any]:
    """Variance of single runs, split by a two-way analysis of variance without replication.

    With draws of their own, runs of one number have nothing in common, and the part of random draws
    alone is counted with draws and parameters together.
    """
    values = answers.values[answers.kept]
    count, runs = values.shape
    found = {"parameters": 0.0, "draws": 0.0, "together": 0.0}
    centre = values.mean()
    by_configuration, by_run = values.mean(axis=1), values.mean(axis=0)
    if runs > 1 and count > 1:
        rest = values - by_configuration[:, None] - by_run[None, :] + centre
        error = float((rest**2).sum() / ((count - 1) * (runs - 1)))
        between = runs * float(((by_configuration - centre) ** 2).sum()) / (count - 1)
        across = count * float(((by_run - centre) ** 2).sum()) / (runs - 1)
        found["parameters"] = max(0.0, (between - error) / runs)
        found["draws"] = max(0.0, (across - error) / count)
        found["together"] = error
        if design.draws == "own":
            found["together"] += found.pop("draws")
            found["draws"] = 0.0
    total = sum(found.values())
    return {
        "outcome": answers.name,
        "configurations": count,
        "left_out": int((~answers.kept).sum()),
        "runs": runs,
        "mean": float(centre),
        "lowest": float(by_configuration.min()),
        "highest": float(by_configuration.max()),
        "variance": total,
        **{name: value / total if total > 0 else 0.0 for name, value in found.items()},
    }


def _indices(answers: _Answers, design: Design, table: pd.DataFrame) -> pd.DataFrame:
    """Indices of one outcome, with what other random draws would do to them."""
    compute = _method(answers, design, table)
    runs = answers.values.shape[1]
    chance = np.random.default_rng(design.seed)
    whole = compute(answers.means(), RESAMPLES)
    others = []
    if runs > 1:
        for _ in range(DRAW_RESAMPLES):
            drawn = np.asarray(chance.integers(0, runs, size=runs))
            others.append(compute(answers.means(drawn), 2)["value"].to_numpy())
    whole["by_draws"] = np.std(others, axis=0, ddof=1) if others else np.nan
    whole.insert(0, "outcome", answers.name)
    return whole


Compute = Callable[[np.ndarray, int], pd.DataFrame]


def _method(answers: _Answers, design: Design, table: pd.DataFrame) -> Compute:
    """What computes the indices of a design from averages and a number of resamples."""
    kept = answers.kept
    if design.method == "morris":
        return lambda means, resamples: _morris(means, kept, design, resamples)
    if design.method == "sobol":
        return lambda means, resamples: _sobol(means, kept, design, resamples)
    return lambda means, resamples: _shares(means[kept], table[kept], design, resamples)


def _morris(means: np.ndarray, kept: np.ndarray, design: Design, resamples: int) -> pd.DataFrame:
    """Mean absolute elementary effect (``mu_star``) and its spread (``sigma``) by factor."""
    from SALib.analyze import morris

    found = morris.analyze(
        sampling.problem(design),
        sampling.points(design)[kept],
        means[kept],
        conf_level=CONFIDENCE,
        num_levels=design.levels,
        num_resamples=max(10, resamples),
        seed=sampling.numpy_seed(design.seed),
    )
    star, half = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
    sigma = np.asarray(found["sigma"])
    nothing = np.full(len(star), np.nan)
    return pd.concat(
        [
            _long(list(design.vary), "mu_star", star, star - half, star + half),
            _long(list(design.vary), "sigma", sigma, nothing, nothing),
        ],
        ignore_index=True,
    )


def _sobol(means: np.ndarray, kept: np.ndarray, design: Design, resamples: int) -> pd.DataFrame:
    """First and total indices by factor."""
    from SALib.analyze import sobol

    used = means[kept]
    names = list(design.vary)
    zero = np.zeros(len(names))
    if used.std() < 1e-12:  # nothing varies, so nothing matters
        parts = [_long(names, measure, zero, zero, zero) for measure in ("first", "total")]
        return pd.concat(parts, ignore_index=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a resample in which nothing varies
        found = sobol.analyze(
            sampling.problem(design),
            used,
            calc_second_order=design.second_order,
            num_resamples=max(10, resamples),
            conf_level=CONFIDENCE,
            seed=sampling.numpy_seed(design.seed),
        )
    parts = []
    for measure, key in (("first", "S1"), ("total", "ST")):
        value, half = np.asarray(found[key]), np.asarray(found[f"{key}_conf"])
        parts.append(_long(names, measure, value, value - half, value + half))
    return pd.concat(parts, ignore_index=True)


def _shares(means: np.ndarray, table: pd.DataFrame, design: Design, resamples: int) -> pd.DataFrame:
    """Share of the variance between configurations that each factor explains by itself."""
    chance = np.random.default_rng(design.seed)
    drawn = [chance.integers(0, len(means), len(means)) for _ in range(min(resamples, RESAMPLES))]
    value, low, high = [], [], []
    edge = (1 - CONFIDENCE) / 2
    for name in table.columns:
        groups = _groups(table[name])
        value.append(_explained(means, groups))
        again = [_explained(means[rows], groups[rows]) for rows in drawn]
        low.append(float(np.quantile(again, edge)))
        high.append(float(np.quantile(again, 1 - edge)))
    return _long(list(table.columns), "first", np.array(value), np.array(low), np.array(high))


def _groups(column: pd.Series) -> np.ndarray:
    """Value by value where a factor has few, else equal parts of its configurations."""
    codes, distinct = pd.factorize(column, sort=True)
    if len(distinct) <= FEW:
        return np.asarray(codes)
    ranks = column.rank(method="first").to_numpy() - 1
    parts = max(2, min(FEW, len(column) // 10))
    return np.asarray((ranks * parts // len(column)).astype(int))


def _explained(means: np.ndarray, groups: np.ndarray) -> float:
    """Adjusted share of the variance between groups (epsilon squared), at least zero."""
    count = np.bincount(groups)
    used = int((count > 0).sum())
    total = float(((means - means.mean()) ** 2).sum())
    if total < 1e-12 or used < 2 or len(means) <= used:
        return 0.0
    centre = np.bincount(groups, weights=means) / np.maximum(count, 1)
    within = float(((means - centre[groups]) ** 2).sum())
    spare = within / (len(means) - used)
    return max(0.0, (total - within - (used - 1) * spare) / total)


def _long(
    names: list[str], measure: str, value: np.ndarray, low: np.ndarray, high: np.ndarray
) -> pd.DataFrame:
    return pd.DataFrame(
        {"factor": names, "measure": measure, "value": value, "low": low, "high": high}
    )


def _ends(answers: _Answers, table: pd.DataFrame, grid: bool) -> pd.DataFrame:
    """Mean outcome where a factor is low and where it is high, all else as it varies.

    Of a factor with few values these are the lowest and the highest, of another its outer quarters,
    of choices the one with the lowest and the one with the highest mean.
    """
    values, table = answers.values[answers.kept], table[answers.kept]
    means, runs = values.mean(axis=1), values.shape[1]
    rows = []
    for name in table.columns:
        column = table[name]
        ends = _two_ends(column, means)
        if grid:
            ends |= _between(column, values, ends)
        for end, (label, chosen) in ends.items():
            here = means[chosen]
            by_run = values[chosen].mean(axis=0)
            error = by_run.std(ddof=1) / np.sqrt(runs) if runs > 1 else np.nan
            rows.append(
                {
                    "outcome": answers.name,
                    "factor": name,
                    "end": end,
                    "label": label,
                    "mean": float(here.mean()),
                    "error": float(error),
                    "configurations": len(here),
                }
            )
    return pd.DataFrame(rows)


def _two_ends(column: pd.Series, means: np.ndarray) -> dict[str, tuple[str, np.ndarray]]:
    if not pd.api.types.is_numeric_dtype(column):
        by_choice = pd.Series(means).groupby(column.to_numpy()).mean()
        low, high = str(by_choice.idxmin()), str(by_choice.idxmax())
        if low == high:  # nothing to choose between; any other will do
            high = next((str(name) for name in by_choice.index if str(name) != low), low)
        return {
            "low": (low, (column == low).to_numpy()),
            "high": (high, (column == high).to_numpy()),
        }
    if column.nunique() <= FEW:
        first, last = column.min(), column.max()
        return {
            "low": (f"{first:g}", (column == first).to_numpy()),
            "high": (f"{last:g}", (column == last).to_numpy()),
        }
    first, last = column.quantile(0.25), column.quantile(0.75)
    return {
        "low": (f"up to {first:.3g}", (column <= first).to_numpy()),
        "high": (f"from {last:.3g}", (column >= last).to_numpy()),
    }


def _between(
    column: pd.Series, values: np.ndarray, ends: dict[str, tuple[str, np.ndarray]]
) -> dict[str, tuple[str, np.ndarray]]:
    """The value between the ends whose mean lies farthest beyond both, if random draws do not
    explain it.

    Only where every value meets the same others, as in a grid, is nothing else behind it.
    """
    if not pd.api.types.is_numeric_dtype(column) or values.shape[1] < 2:
        return {}
    both = [values[chosen].mean(axis=0) for _, chosen in ends.values()]
    found, farthest = {}, 0.0
    for value in sorted(column.unique())[1:-1]:
        chosen = (column == value).to_numpy()
        beyond = [values[chosen].mean(axis=0) - end for end in both]
        if beyond[0].mean() * beyond[1].mean() <= 0:
            continue
        least = min(beyond, key=lambda gap: abs(float(gap.mean())))
        error = least.std(ddof=1) / np.sqrt(len(least))
        if abs(least.mean()) > max(SURELY * error, farthest):
            found, farthest = {"between": (f"{value:g}", chosen)}, abs(float(least.mean()))
    return found
