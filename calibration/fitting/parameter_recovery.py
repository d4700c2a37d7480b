"""Known truth first: parameters are drawn from the prior, a record is simulated, and fitted.

Repeated, this is simulation-based calibration (Talts and others 2018): where the fit is honest,
the rank of the truth among its draws is uniform, and an 80% interval holds it four times in five.

A fit is the first generation of the real one: of so many draws of the prior those are kept whose
forecasts score best against the data.  All repeats share one pool of draws with their forecasts,
which makes hundreds of repeats as cheap as one.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from model.core import parameter_values
from model.errors import InputError
from scenarios.running.run_options import check_numbers
from scenarios.storage import atomic_write

from ..raw_data.raw_files import RECORD
from . import abc_sampler, priors, training_windows
from .fitted_parameters import FITTED

TRUTH_RUN = 900_001  # the seed of the run that serves as data; no fit ever uses it
STORED = RECORD / "recovery.csv"  # of the series that the report shows
FILE = "recovery.csv"
STEP = 20  # draws of the pool between two writings
COLUMNS = ("repeat", "drawn", "parameter", "true", "found", "low", "high", "rank", "left")
IDENTIFIED = 0.8  # share of the prior's spread left, at most, on average over the repeats
FOLLOWS = 0.5  # correlation of found with true values, at least


Said = list[np.ndarray]  # what one draw of parameters says, an array for each part of the data


@dataclass(frozen=True)
class Truths:
    """Parameters of which truths are drawn, and how records simulated with them are fitted.

    Attributes:
        pool: name of the file that keeps the draws and what they say.
        settings: all that these hang on.
        say: what a draw says.
        lose: loss of every draw of the pool, float64[draws], against the data that one run with
            a truth leaves; that run has the number of the repeat.
    """

    pool: str
    parameters: tuple[str, ...]
    settings: str
    say: Callable[[dict[str, float]], Said]
    lose: Callable[[dict[str, float], int, Said], np.ndarray]


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
    """True and found values of every parameter in every repeat, with the 80% interval.

    Each record is fitted twice: keeping ``population`` of as many draws as the real fit tries in a
    generation, and keeping as many of the whole pool.

    Args:
        pool: draws of the prior whose forecasts are shared.
        runs: of each draw.

    Returns:
        repeat, drawn (among how many draws), parameter, true, found (median), low, high, rank
        (share of draws below the truth), left (spread of the draws over that of the prior).  Also
        in ``recovery.csv`` of ``out``, which keeps the pools so that a broken series goes on.

    Raises:
        InputError: the pool is smaller than a generation, or ``out`` holds one of other settings.
    """
    for name, value, least, most in (
        ("synthetic", repeats, 1, 10_000),
        ("population", population, 2, 10_000),
        ("pool", pool, 1, 100_000),
        ("runs", runs, 2, 10_000),
    ):
        if not least <= value <= most:
            raise InputError(f"--{name} {value} is out of range; it goes from {least} to {most:,}")
    check_numbers(runs, seed)
    tried = round(population / abc_sampler.KEPT_SHARE)
    if pool < tried:
        raise InputError(f"a pool of {pool} draws is too small; a generation tries {tried}")
    spreads = priors.priors()["spread"].to_dict()
    every = [_of_the_panel(until, runs, seed)]
    rows: list[tuple[object, ...]] = []
    for place, truths in enumerate(every):

        def tell(done: int, before: int = place * pool) -> None:
            if progress is not None:
                progress(before + done, len(every) * pool)

        drawn, said = _pool(truths, pool, seed, out / truths.pool, tell)
        rng = np.random.default_rng([seed, 7])
        for number in range(repeats):
            truth = _drawn(truths.parameters, [seed, 8, number])
            lost = truths.lose(truth, number, said)
            for size in dict.fromkeys((tried, pool)):
                among = rng.choice(pool, size, replace=False)
                kept = drawn.iloc[among[np.argsort(lost[among], kind="stable")[:population]]]
                for name in truths.parameters:
                    low, middle, high = kept[name].quantile([0.1, 0.5, 0.9])
                    rank = float((kept[name] < truth[name]).mean())
                    left = float(kept[name].std()) / float(spreads[name])
                    rows.append((number, size, name, truth[name], middle, low, high, rank, left))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).round(4)
    text = table.to_csv(index=False, lineterminator="\n")
    atomic_write.write_whole(out / FILE, text.encode())
    return table


def _drawn(parameters: tuple[str, ...], key: list[int]) -> dict[str, float]:
    """One draw of the prior."""
    state = np.random.default_rng(key).integers(2**32)
    np.random.seed(state)  # noqa: NPY002  pyabc draws from it
    one = priors.distribution(parameters).rvs()
    return {name: float(one[name]) for name in parameters}


def _pool(
    truths: Truths, size: int, seed: int, path: Path, tell: Callable[[int], None]
) -> tuple[pd.DataFrame, Said]:
    """Draws of the prior, and what they say: the arrays of ``say`` with an axis for the draws in
    front."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn: list[dict[str, float]] = []
    said: list[Said] = []
    if path.exists():
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["settings"]) != truths.settings:
                raise InputError(
                    f"{path.parent} holds a pool of other settings; choose another --out"
                )
            names = truths.parameters
            drawn = [dict(zip(names, row, strict=True)) for row in stored["drawn"].tolist()]
            parts = [stored[name] for name in stored.files if name.startswith("part_")]
            said = [list(one) for one in zip(*parts, strict=True)]
    for number in range(len(drawn), size):
        one = _drawn(truths.parameters, [seed, 9, number])
        said.append(truths.say(one))
        drawn.append(one)
        tell(number + 1)
        if (number + 1) % STEP == 0 or number + 1 == size:
            content = io.BytesIO()
            kept: dict[str, Any] = {
                "settings": np.array(truths.settings),
                "drawn": np.array([[one[name] for name in truths.parameters] for one in drawn]),
            }
            for place, part in enumerate(zip(*said, strict=True)):
                kept[f"part_{place:02d}"] = np.stack(part)
            np.savez(content, **kept)
            atomic_write.write_whole(path, content.getvalue())
    return pd.DataFrame(drawn[:size]), [np.stack(p) for p in zip(*said[:size], strict=True)]


def _settings(parameters: tuple[str, ...], *others: object) -> str:
    return repr((parameters, priors.priors().loc[list(parameters)].to_dict(), *others))


def _of_the_panel(until: str, runs: int, seed: int) -> Truths:
    """Shared parameters, from forecasts: what each window says, float32."""
    found = training_windows.windows(until)

    def say(chosen: dict[str, float]) -> Said:
        return [window.says(chosen, runs, 1).astype(np.float32) for window in found]

    def lose(truth: dict[str, float], number: int, said: Said) -> np.ndarray:
        record = []
        for window in found:
            one = window.says(truth, 1, TRUTH_RUN + number)[..., 0]
            record.append(replace(window, seen=np.expm1(one)))
        return losses(record, said)

    settings = _settings(FITTED, runs, seed, [window.years for window in found])
    return Truths("panel.npz", FITTED, settings, say, lose)


def losses(record: list[training_windows.Window], said: Said) -> np.ndarray:
    """The distance of the real fit for every draw of a pool, float64[draws]."""
    return np.array(
        [
            training_windows.distance(record, [part[draw] for part in said])
            for draw in range(len(said[0]))
        ]
    )


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
        raise InputError(f"{path}, line {int(twice.to_numpy().argmax()) + 2}: is listed twice")
    return frame


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Each parameter over all repeats: how well found values follow true ones, coverage of the
    80% interval, whether ranks are uniform, and whether the data identify it at all."""
    units = {column.name: column.unit for column in parameter_values.columns()}
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
    """Whether each 80% interval holds the truth."""
    return (table["low"] <= table["true"]) & (table["true"] <= table["high"])


def coverage(table: pd.DataFrame) -> str:
    """How many of the intervals hold the truth, in a sentence for each size of fit."""
    lines = []
    for drawn, part in table.groupby("drawn"):
        held = int(_inside(part).sum())
        lines.append(
            f"Among {drawn} draws, 80% intervals that hold the true value: {held} of {len(part)} "
            f"({held / len(part):.0%}); mean rank of the truth {part['rank'].mean():.2f}"
        )
    return "\n".join(lines)
