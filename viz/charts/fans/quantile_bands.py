"""Bands over runs: what part of the runs lies where, month by month.

Kept apart from the figures so that a large result can be summarised once and drawn often. The
result tables leave out zeros: inside the declared frame of runs and months a missing row is
zero, and every quantile here is taken over all runs, not over the rows that happen to exist.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from scenarios.running.result_folder import COLUMNS

KEYS = tuple(name for name in COLUMNS if name not in ("run", "seed", "month", "value"))
MOST_CELLS = 5_000_000  # cells of group x month x run held in memory at once (40 MB)


def month_range(first: str, last: str) -> list[str]:
    """Return every month from `first` to `last`, both included, as 'YYYY-MM'."""
    return [month_text(n) for n in range(month_number(first), month_number(last) + 1)]


def frame_of(table: pd.DataFrame) -> tuple[str, str]:
    """Return the first and the last month that a table mentions."""
    if table.empty:
        raise InputError("The table has no rows, so its months are unknown; pass months=(…, …).")
    months = sorted(table["month"].astype(str).unique())
    return months[0], months[-1]


def run_count(table: pd.DataFrame) -> int:
    """Return how many runs (pairs of seed and run) a run-level table mentions."""
    columns = [c for c in ("seed", "run") if c in table.columns]
    return len(table[columns].drop_duplicates())


def bands(
    series: pd.DataFrame,
    levels: Sequence[float] = (0.5, 0.8),
    *,
    runs: int | None = None,
    months: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Summarise a run-level table as central bands over runs.

    `series` is the long result table, one row per run, month and key; `levels` are the shares
    of runs inside a band (0.8: from the 10th to the 90th percentile, interpolated linearly).
    `runs` and `months` declare the frame; without them it is what the table mentions, so pass
    `runs` when some run may have no row at all. Several scenarios must have equally many runs.

    Returns one row per key, month and level: the keys present, month, level, lower, upper,
    median (in the unit of `value`), runs, seeds. Raises InputError on a level outside 0..1, on
    more runs than declared, on months outside the frame and on doubled rows.
    """
    wrong = [level for level in levels if not 0 < level < 1]
    if wrong or not levels:
        raise InputError(f"Band levels {list(levels)} must be shares between 0 and 1, e.g. 0.8.")
    first, last = months or frame_of(series)
    start = month_number(first)
    width = month_number(last) - start + 1
    keys = [key for key in KEYS if key in series.columns]
    run_codes, declared = _run_codes(series, runs)

    codes, names = pd.factorize(series["month"])
    month_codes = np.array([month_number(n) for n in names], dtype=np.int64)[codes] - start
    if len(series) and (month_codes.min() < 0 or month_codes.max() >= width):
        raise InputError(f"The table has months outside the declared frame {first} to {last}.")

    grouped = series.groupby(keys, sort=True, observed=True)
    group_codes = grouped.ngroup().to_numpy()
    groups = series[keys].assign(_g=group_codes).drop_duplicates("_g").sort_values("_g")[keys]
    order = np.argsort(group_codes, kind="stable")
    values = series["value"].to_numpy(dtype=float)

    tails = {v: (round((1 - v) / 2, 12), round((1 + v) / 2, 12)) for v in levels}
    probabilities = sorted({0.5, *(p for pair in tails.values() for p in pair)})
    quantiles = np.empty((len(probabilities), len(groups), width))
    step = max(1, MOST_CELLS // (width * declared))
    for low in range(0, len(groups), step):
        high = min(low + step, len(groups))
        ends = np.searchsorted(group_codes[order], [low, high])
        rows = order[ends[0] : ends[1]]
        cell = ((group_codes[rows] - low) * width + month_codes[rows]) * declared + run_codes[rows]
        if len(np.unique(cell)) < len(cell):
            raise InputError("The table has doubled rows: one run, month and key must occur once.")
        flat = np.zeros((high - low) * width * declared)
        flat[cell] = values[rows]
        block = flat.reshape(high - low, width, declared)
        quantiles[:, low:high] = np.quantile(block, probabilities, axis=-1)

    at = {p: quantiles[i].ravel() for i, p in enumerate(probabilities)}
    frame = groups.loc[groups.index.repeat(width)].reset_index(drop=True)
    frame["month"] = np.tile(month_range(first, last), len(groups))
    parts = [
        frame.assign(level=v, lower=at[tails[v][0]], upper=at[tails[v][1]], median=at[0.5])
        for v in levels
    ]
    seeds = sorted(series["seed"].unique()) if "seed" in series.columns else []
    return pd.concat(parts, ignore_index=True).assign(
        runs=declared, seeds=", ".join(str(seed) for seed in seeds)
    )


def bands_of_summary(
    summary: pd.DataFrame, seed: int, levels: Sequence[float] = (0.5, 0.8)
) -> pd.DataFrame:
    """Return the bands that a stored summary of runs holds (columns q0.1, q0.25, q0.5, …).

    Its quantiles are counted, not interpolated; a month that it leaves out is zero in every run.

    Raises:
        InputError: the summary has not the quantiles of a level.
    """
    ends = {v: (f"q{round((1 - v) / 2, 12):g}", f"q{round((1 + v) / 2, 12):g}") for v in levels}
    for level, pair in ends.items():
        if not {*pair, "q0.5"} <= set(summary.columns):
            raise InputError(f"The summary has no quantiles for a band of {level:g} of the runs.")
    own = summary[["scenario", "state", "framework", "kind", "month", "runs"]].assign(
        mission="all", variable="personnel", unit="people", median=summary["q0.5"], seeds=str(seed)
    )
    parts = [
        own.assign(level=level, lower=summary[low], upper=summary[high])
        for level, (low, high) in ends.items()
    ]
    return pd.concat(parts, ignore_index=True)


def is_summary(table: pd.DataFrame) -> bool:
    """Say whether a table already holds bands rather than runs."""
    return {"month", "level", "lower", "upper", "median"} <= set(table.columns)


def _run_codes(series: pd.DataFrame, runs: int | None) -> tuple[np.ndarray, int]:
    """Return each row's run as 0..n-1 and the number of runs to take quantiles over."""
    columns = [c for c in ("seed", "run") if c in series.columns]
    codes = series.groupby(columns, sort=True).ngroup().to_numpy()
    seen = int(codes.max()) + 1 if len(codes) else 0
    if runs is not None and runs < seen:
        raise InputError(f"The table has {seen} runs but only {runs} were declared.")
    declared = seen if runs is None else runs
    if declared < 1:
        raise InputError("The table has no runs, so no band can be drawn; pass runs=…")
    return codes, declared
