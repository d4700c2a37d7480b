"""Scores of predictive distributions, given as samples, on log(1 + people).

CRPS comes from ``scoringrules``; what follows from counting samples is counted.  Lower is better
for CRPS, log score and Brier score.
"""

import numpy as np
import pandas as pd

from model.vocabulary import STUDIED

MODEL, PERSISTENCE = "simulation", "persistence"  # forecasters
BANDS = (0.50, 0.80, 0.95)
# Steps of log(1 + people) in which the log score is counted: zero, then about a third each.
STEPS = np.concatenate([[0.0, 0.01], np.arange(0.3, 11.0, 0.3)])
LARGE = 1000  # people at the origin
GROUPS = (
    "all states", "two years and more", "Japan and Korea", "onsets", "exits", "halved or doubled",
    "a thousand people and more",
)  # fmt: skip


def crps(samples: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score on log(1 + people).

    Args:
        samples: float64[samples, ...] people.  observed: float64[...] people.
    """
    import scoringrules  # compiles at its import

    members = np.moveaxis(np.log1p(samples), 0, -1)
    return np.asarray(scoringrules.crps_ensemble(np.log1p(observed), members))


def log_score(samples: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Minus the logarithm of the share of samples in the observed step of ``STEPS``.

    Every step begins with a hundredth of a sample, so that the unforeseen costs much, not all.
    """
    step = np.digitize(np.log1p(samples), STEPS)
    seen = np.digitize(np.log1p(observed), STEPS)
    count = (step == seen).sum(axis=0)
    start = 0.01
    return -np.log((count + start) / (len(samples) + start * (len(STEPS) + 1)))


def inside(samples: np.ndarray, observed: np.ndarray, share: float) -> np.ndarray:
    """Whether the central band of the samples holds what was observed (ends included)."""
    low, high = np.quantile(samples, [0.5 - share / 2, 0.5 + share / 2], axis=0)
    return (low - 1e-9 <= observed) & (observed <= high + 1e-9)


def pit(samples: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Place of the observation among the samples, 0..1; in the middle of ties."""
    below = (samples < observed).mean(axis=0)
    return below + 0.5 * (samples == observed).mean(axis=0)


def brier(probability: np.ndarray, happened: np.ndarray) -> np.ndarray:
    """Brier score of probabilities of an event."""
    return np.asarray((probability - happened) ** 2)


def scored(
    samples: np.ndarray,
    seen: np.ndarray,
    states: tuple[str, ...],
    years: tuple[int, ...],
    origin_year: int,
    now: np.ndarray,
) -> pd.DataFrame:
    """One row a state-year that was observed, with every score.

    Args:
        samples: float64[samples, states, years].  seen: float64[states, years], NaN if unobserved.
        now: float64[states], people in the last known month.
    """
    frame = pd.DataFrame(
        {
            "state": np.repeat(states, len(years)),
            "year": np.tile(years, len(states)),
            "observed": seen.ravel(),
            "now": np.repeat(now, len(years)),
            "median": np.median(samples, axis=0).ravel(),
            "low": np.quantile(samples, 0.1, axis=0).ravel(),
            "high": np.quantile(samples, 0.9, axis=0).ravel(),
            "crps": crps(samples, seen).ravel(),
            "log_score": log_score(samples, seen).ravel(),
            "brier": brier((samples > 0).mean(axis=0), seen > 0).ravel(),
            "pit": pit(samples, seen).ravel(),
        }
    )
    frame["horizon"] = frame["year"] - origin_year
    for share in BANDS:
        frame[f"inside_{share * 100:.0f}"] = inside(samples, seen, share).ravel()
    return frame[frame["observed"].notna()].reset_index(drop=True)


def groups(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Which rows each line of the skill table looks at."""
    watched = frame["state"].isin(STUDIED)
    moved = np.abs(np.log1p(frame["observed"]) - np.log1p(frame["now"])) > np.log(2)
    rows = (
        frame["horizon"] > 0,
        frame["horizon"] >= 2,
        watched,
        (frame["now"] == 0) & (frame["observed"] > 0),
        (frame["now"] > 0) & (frame["observed"] == 0),
        moved,
        frame["now"] >= LARGE,
    )
    horizons = sorted(frame["horizon"].unique())
    by_horizon = {years_ahead(horizon): frame["horizon"] == horizon for horizon in horizons}
    return dict(zip(GROUPS, rows, strict=True)) | by_horizon


def years_ahead(horizon: int) -> str:
    """The group of the rows that look so many years ahead."""
    return f"{horizon} year{'s' if horizon > 1 else ''} ahead"
