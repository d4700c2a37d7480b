"""Known truth first: parameters are drawn from the prior, a record is simulated, and fitted.

Repeated, this is simulation-based calibration (Talts and others 2018): where the fit is honest,
the rank of the truth among its draws is uniform, and an 80 % interval holds it four times in five.

A fit is the first generation of the real one: of so many draws of the prior those are kept whose
forecasts score best against the record.  All repeats share one pool of draws with their forecasts,
which makes hundreds of repeats as cheap as one.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from model import values
from model.errors import InputError
from scenarios import output

from . import fit, forecast, priors, sampler
from .raw import RECORD

TRUTH_RUN = 900_001  # the seed of the run that serves as the record; no fit ever uses it
STORED = RECORD / "recovery.csv"  # of the series that the report shows
FILE, POOL = "recovery.csv", "pool.npz"
STEP = 20  # draws of the pool between two writings
COLUMNS = ("repeat", "drawn", "parameter", "true", "found", "low", "high", "rank", "left")
IDENTIFIED = 0.8  # share of the prior's spread left, at most, on average over the repeats
FOLLOWS = 0.5  # correlation of found with true values, at least


def recover(
    repeats: int,
    until: str,
    out: Path,
    population: int,
    pool: int,
    runs: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """True and found values of every parameter in every repeat, with the 80 % interval.

    Each record is fitted twice: keeping ``population`` of as many draws as the real fit tries in a
    generation, and keeping as many of the whole pool.

    Args:
        pool: draws of the prior whose forecasts are shared.
        runs: of each draw.

    Returns:
        repeat, drawn (among how many draws), parameter, true, found (median), low, high, rank
        (share of draws below the truth), left (spread of the draws over that of the prior).  Also
        in ``recovery.csv`` of ``out``, which keeps the pool so that a broken series goes on.

    Raises:
        InputError: the pool is smaller than a generation, or ``out`` holds one of other settings.
    """
    tried = round(population / sampler.KEPT_SHARE)
    if pool < tried:
        raise InputError(f"a pool of {pool} draws is too small; a generation tries {tried}")
    found = fit.windows(until)
    drawn, said = _pool(found, pool, runs, seed, out / POOL, progress)
    spreads = priors.priors()["spread"].to_dict()
    rng = np.random.default_rng([seed, 7])
    rows: list[tuple[object, ...]] = []
    for number in range(repeats):
        truth = _drawn([seed, 8, number])
        record = [_simulated(window, truth, TRUTH_RUN + number) for window in found]
        lost = losses(record, said)
        for size in dict.fromkeys((tried, pool)):
            among = rng.choice(pool, size, replace=False)
            kept = drawn.iloc[among[np.argsort(lost[among], kind="stable")[:population]]]
            for name in fit.FITTED:
                low, middle, high = kept[name].quantile([0.1, 0.5, 0.9])
                rank = float((kept[name] < truth[name]).mean())
                left = float(kept[name].std()) / float(spreads[name])
                rows.append((number, size, name, truth[name], middle, low, high, rank, left))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).round(4)
    text = table.to_csv(index=False, lineterminator="\n")
    output.write_whole(out / FILE, text.encode())
    return table


def _drawn(key: list[int]) -> dict[str, float]:
    """One draw of the prior."""
    state = np.random.default_rng(key).integers(2**32)
    np.random.seed(state)  # noqa: NPY002  pyabc draws from it
    one = priors.distribution(fit.FITTED).rvs()
    return {name: float(one[name]) for name in fit.FITTED}


def _pool(
    found: list[fit.Window],
    size: int,
    runs: int,
    seed: int,
    path: Path,
    progress: Callable[[int, int], None] | None,
) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """Draws of the prior, and what each says of every window, float32[draws, states, years, runs]
    as log(1 + people)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [f"window_{number}" for number in range(len(found))]
    known = priors.priors().loc[list(fit.FITTED)]
    settings = repr((fit.FITTED, known.to_dict(), runs, seed, [w.years for w in found]))
    drawn: list[dict[str, float]] = []
    said: list[list[np.ndarray]] = [[] for _ in found]
    if path.exists():
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["settings"]) != settings:
                raise InputError(
                    f"{path.parent} holds a pool of other settings; choose another --out"
                )
            drawn = [dict(zip(fit.FITTED, row, strict=True)) for row in stored["drawn"].tolist()]
            said = [list(stored[name]) for name in names]
    for number in range(len(drawn), size):
        one = _drawn([seed, 9, number])
        for place, window in enumerate(found):
            said[place].append(_forecast(window, one, runs, 1))
        drawn.append(one)
        if progress is not None:
            progress(number + 1, size)
        if (number + 1) % STEP == 0 or number + 1 == size:
            table = np.array([[one[name] for name in fit.FITTED] for one in drawn])
            content = io.BytesIO()
            parts: dict[str, Any] = {"settings": np.array(settings), "drawn": table}
            parts |= {name: np.stack(s) for name, s in zip(names, said, strict=True)}
            np.savez(content, **parts)
            output.write_whole(path, content.getvalue())
    return pd.DataFrame(drawn[:size]), [np.stack(parts[:size]) for parts in said]


def _forecast(window: fit.Window, chosen: dict[str, float], runs: int, seed: int) -> np.ndarray:
    """What a draw says of a window, float32[states, years, runs] as log(1 + people)."""
    row = fit.row_of(list(window.atlas.columns), window.atlas.parameters, chosen)
    said = forecast.forecast(
        window.atlas, runs, seed, window.years, window.states, np.tile(row, (runs, 1))
    )
    return np.moveaxis(np.log1p(said.people), 0, -1).astype(np.float32)


def _simulated(window: fit.Window, truth: dict[str, float], run: int) -> fit.Window:
    """The window with what one run says in place of what was observed."""
    seen = np.expm1(_forecast(window, truth, 1, run)[..., 0].astype(float))
    return fit.Window(window.atlas, window.years, window.states, seen, window.weight)


def losses(record: list[fit.Window], said: list[np.ndarray]) -> np.ndarray:
    """The loss of the real fit (``fit.loss``) for every draw of a pool, float64[draws]."""
    import scoringrules  # compiles at its import

    total = np.zeros(len(said[0]))
    for window, members in zip(record, said, strict=True):
        seen = np.broadcast_to(np.log1p(window.seen), members.shape[:-1])
        crps = scoringrules.crps_ensemble(seen, members.astype(float), estimator="fair")
        total += (crps * window.weight).sum(axis=(1, 2)) / len(record)
    return total


def read(path: Path = STORED) -> pd.DataFrame:
    """A series as ``recover`` leaves it.

    Raises:
        InputError: there is no such file, it is not one, or it tells a recovery twice.
    """
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the series of recoveries cannot be read") from error
    if missing := set(COLUMNS) - set(frame.columns):
        raise InputError(f"{path}: no column {', '.join(sorted(missing))}")
    twice = frame.duplicated(["repeat", "drawn", "parameter"])
    if twice.any():
        raise InputError(f"{path}, line {int(twice.to_numpy().argmax()) + 2}: told twice")
    return frame


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Each parameter over all repeats: how well found values follow true ones, coverage of the
    80 % interval, whether ranks are uniform, and whether the data identify it at all."""
    units = {column.name: column.unit for column in values.columns()}
    out = []
    for (drawn, name), part in table.groupby(["drawn", "parameter"], sort=False):
        follows = float(np.corrcoef(part["true"], part["found"])[0, 1]) if len(part) > 2 else np.nan
        left = float(part["left"].mean())
        out.append(
            {
                "drawn": drawn,
                "parameter": name,
                "unit": units.get(str(name), ""),
                "repeats": len(part),
                "error": float((part["found"] - part["true"]).abs().median()),
                "follows": follows,
                "left": left,
                "inside_80": float(_inside(part).mean()),
                "mean_rank": float(part["rank"].mean()),
                "uniform_p": float(stats.kstest(part["rank"], "uniform").pvalue),
                "identified": bool(left <= IDENTIFIED and follows >= FOLLOWS),
            }
        )
    frame = pd.DataFrame(out)
    return frame.sort_values("drawn", kind="stable", ignore_index=True)


def _inside(table: pd.DataFrame) -> pd.Series:
    """Whether each 80 % interval holds the truth."""
    return (table["low"] <= table["true"]) & (table["true"] <= table["high"])


def coverage(table: pd.DataFrame) -> str:
    """How many of the intervals hold the truth, in a sentence for each size of fit."""
    lines = []
    for drawn, part in table.groupby("drawn"):
        held = int(_inside(part).sum())
        lines.append(
            f"Among {drawn} draws, 80 % intervals that hold the true value: {held} of {len(part)} "
            f"({held / len(part):.0%}); mean rank of the truth {part['rank'].mean():.2f}"
        )
    return "\n".join(lines)
