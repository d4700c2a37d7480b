"""Targets: observed data, how the simulation is aligned with them, their likelihood and weight.

Each target is a row of ``targets.csv``.  Those of Japan and Korea are read off the documented world
run again (``replay``), those of the other contributors off a forecast.  A likelihood is that of a
simple distribution with the ensemble's own moments (a synthetic likelihood, Wood 2010), widened by
the error of the observation; cells estimated from margins enter none.

Column ``enters`` says which of them reach the parameters: as yearly totals in the distance of the
panel's fit, by their likelihood in that of the two states' levels, or through the regressions
behind the priors; the others are only checked.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from model.errors import InputError, unknown

from ..raw_data.raw_files import coded, records
from .forecast import Forecast
from .historical_replay import Replay
from .national_target_points import OF_HISTORY, Points, Row
from .panel_target_points import OF_PANEL

COLUMNS = (
    "target", "state", "quantity", "part", "from", "to", "alignment", "likelihood", "spread",
    "weight", "enters", "source", "status",
)  # fmt: skip
LIKELIHOODS = ("log normal", "normal", "Bernoulli", "negative binomial")
# How a target reaches the parameters: as yearly totals in the distance of the panel's fit, through
# the regressions behind its priors, as evidence that the fit of the decisions sees too, or not.
ENTERS = ("distance", "prior", "decisions", "checked")
APART = ("joins", "refusals", "reductions", "exits", "stays", "non-requests")
LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class Scored:
    """A target with its points.

    Attributes:
        row: the line of ``targets.csv``.
        points: observed and simulated values.
        log_likelihood: float64[points]; NaN where no run says anything.
    """

    row: Row
    points: Points
    log_likelihood: np.ndarray


def rows() -> list[Row]:
    """Every target.

    Raises:
        InputError: a quantity, a likelihood or a way to enter is unknown, or a weight no number.
    """
    found: list[Row] = []
    for line, row in enumerate(records(coded("targets", COLUMNS)), start=2):
        where = f"targets.csv, line {line}"
        if row["quantity"] not in OF_HISTORY | OF_PANEL:
            raise unknown("quantity", row["quantity"], OF_HISTORY | OF_PANEL, where)
        if row["likelihood"] not in LIKELIHOODS:
            raise unknown("likelihood", row["likelihood"], LIKELIHOODS, where)
        for way in ways(row):
            if way not in ENTERS:
                raise unknown("way to enter", way, ENTERS, where)
        try:
            float(row["weight"]), float(row["spread"])
        except ValueError as error:
            raise InputError(f"{where}: weight and spread must be numbers") from error
        found.append(row)
    return found


def ways(row: Row) -> list[str]:
    """How a target reaches the parameters."""
    return [part.strip() for part in row["enters"].split(";")]


def score(history: Replay | None = None, panel: Forecast | None = None) -> list[Scored]:
    """Targets of Japan and Korea against history run again, those of the others against a forecast.

    Targets whose simulation is not given are left out.
    """
    out: list[Scored] = []
    sources: tuple[tuple[dict[str, Callable[..., Points]], object], ...]
    sources = ((OF_HISTORY, history), (OF_PANEL, panel))
    for row in rows():
        for known, said in sources:
            if row["quantity"] in known and said is not None:
                points: Points = known[row["quantity"]](row, said)
                out.append(Scored(row, points, log_likelihood(points, row)))
    return out


def log_likelihood(points: Points, row: Row) -> np.ndarray:
    """Log-likelihood of each observed value under the ensemble's own moments."""
    name, spread = row["likelihood"], float(row["spread"])
    if not len(points.observed):
        return np.zeros(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # points of which no run says anything
        if name == "Bernoulli":
            chance = _chance(points)
            out = stats.bernoulli.logpmf(points.observed.astype(int), chance)
            return np.where(np.isnan(chance), np.nan, out)
        if name == "negative binomial":
            return _count(points)
        seen, said = points.observed, points.simulated
        if name == "log normal":
            seen, said = np.log1p(seen), np.log1p(said)
        centre = np.nanmean(said, axis=1)
        width = np.sqrt(np.nanvar(said, axis=1) + max(spread, LEAST_SPREAD) ** 2)
        return np.asarray(stats.norm.logpdf(seen, centre, width))


def _chance(points: Points) -> np.ndarray:
    """Share of runs of which a thing is true, kept off nought and one by half a run."""
    share = np.nanmean(points.simulated, axis=1)
    runs = points.runs or np.sum(~np.isnan(points.simulated), axis=1)
    return np.asarray((share * runs + 0.5) / (runs + 1.0))


def _count(points: Points) -> np.ndarray:
    """Counts: negative binomial with the ensemble's moments, Poisson where it is no wider."""
    mean = np.maximum(np.nanmean(points.simulated, axis=1), 0.5 / points.simulated.shape[1])
    variance = np.nanvar(points.simulated, axis=1)
    wide = variance > mean * 1.0001
    n = np.where(wide, mean**2 / np.where(wide, variance - mean, 1.0), 1.0)
    share = n / (n + mean)
    counts = np.round(points.observed)
    over = stats.nbinom.logpmf(counts, n, share)
    return np.asarray(np.where(wide, over, stats.poisson.logpmf(counts, mean)))


def summary(scored: list[Scored]) -> pd.DataFrame:
    """A row a target: observed and simulated mean over its points, with the 80% interval over
    runs, the share of points within their own 80% band, and the log-likelihood."""
    out = []
    for target in scored:
        points, row = target.points, target.row
        known = ~np.isnan(target.log_likelihood)
        if not known.any():
            continue
        seen, said = points.observed[known], points.simulated[known]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            means = np.nanmean(said, axis=0)
            low, high = np.nanquantile(said, [0.1, 0.9], axis=1)
        is_event = row["likelihood"] == "Bernoulli"
        inside = np.nan if is_event else float(((low <= seen) & (seen <= high)).mean())
        average = float(target.log_likelihood[known].mean())
        weight = float(row["weight"])
        out.append(
            {
                "target": row["target"],
                "quantity": row["quantity"],
                "part": row["part"],
                "enters": row["enters"],
                "points": int(known.sum()),
                "observed": float(seen.mean()),
                "median": float(np.nanmedian(means)),
                "low": float(np.nanquantile(means, 0.1)),
                "high": float(np.nanquantile(means, 0.9)),
                "inside_80": inside,
                "log_likelihood": average,
                "weight": weight,
                "weighted": weight * average * int(known.sum()),
            }
        )
    return pd.DataFrame(out)


def before_and_after(before: list[Scored], after: list[Scored]) -> pd.DataFrame:
    """``summary`` with the draws of the fit, and next to it what draws of the prior say.

    Returns:
        the columns of ``summary`` and ``prior_median``, ``prior_log_likelihood`` and ``gained``:
        weighted log-likelihood after the fit less that before it.
    """
    frame = summary(after)
    prior = summary(before).set_index("target").reindex(frame["target"])
    names = list(frame)
    for name in ("median", "log_likelihood"):
        frame.insert(names.index(name), f"prior_{name}", prior[name].to_numpy())
        names = list(frame)
    frame["gained"] = frame["weighted"] - prior["weighted"].to_numpy()
    return frame


def total(scored: list[Scored]) -> float:
    """Weighted log-likelihood of all targets: what a fit would raise."""
    return float(sum(float(t.row["weight"]) * np.nansum(t.log_likelihood) for t in scored))


def cases(scored: list[Scored]) -> pd.DataFrame:
    """Documented joins, refusals, reductions, exits, stays and non-requests one by one: the share
    of runs that did as documented, and its Brier score."""
    out = []
    for target in scored:
        if target.row["quantity"] not in APART:
            continue
        for label, said in zip(target.points.labels, target.points.simulated, strict=True):
            known = said[~np.isnan(said)]
            share = float(known.mean()) if len(known) else np.nan
            out.append(
                {
                    "class": target.row["quantity"],
                    "state": target.row["state"],
                    "case": label,
                    "runs": len(known),
                    "applies": len(known) / len(said),
                    "as_documented": share,
                    "brier": (1.0 - share) ** 2,
                }
            )
    return pd.DataFrame(out)
