"""Stylised facts (``science.md`` section 2) that a forecast can show, with intervals."""

import numpy as np
import pandas as pd

from model.vocabulary import STUDIED

from . import observations
from .forecast import Forecast

TOKEN = 40  # people in a mission; fewer count as a token
TOP = 10  # largest contributors


def _share_of_top(people: np.ndarray) -> np.ndarray:
    """Share of all people whom the ten largest contributors send; states are the last axis."""
    ordered = np.sort(people, axis=-1)[..., ::-1]
    return np.asarray(ordered[..., :TOP].sum(axis=-1) / np.maximum(people.sum(axis=-1), 1e-9))


def _share_of_tokens(pairs: np.ndarray) -> np.ndarray:
    """Share of contributions (a state in a mission) below ``TOKEN`` people."""
    there = pairs > 0
    tokens = there & (pairs < TOKEN)
    return np.asarray(tokens.sum(axis=(-2, -1)) / np.maximum(there.sum(axis=(-2, -1)), 1))


def facts(said: Forecast) -> pd.DataFrame:
    """Observed value, simulated median and 80% interval of each fact in the last month scored."""
    last = said.years[-1].last
    then = observations.presence(said.states, said.missions, last)
    now = observations.presence(said.states, said.missions, said.origin)
    pairs = said.last
    stays = (now > 0) & (pairs > 0)
    missions = np.flatnonzero(then.sum(axis=0) > 0)  # whose end ended contributions is no exit
    open_now = np.isin(np.arange(now.shape[1]), missions) & (now.sum(axis=0) > 0)
    kept = (now > 0) & open_now[None, :]
    rows = {
        "share of the ten largest contributors": (
            _share_of_top(then.sum(axis=1)),
            _share_of_top(pairs.sum(axis=2)),
        ),
        f"share of contributions below {TOKEN} people": (
            _share_of_tokens(then),
            _share_of_tokens(pairs),
        ),
        "contributions of the origin that are still there": (
            ((then > 0) & kept).sum() / kept.sum(),
            (stays & kept).sum(axis=(1, 2)) / kept.sum(),
        ),
        "contributors": ((then.sum(axis=1) > 0).sum(), (pairs.sum(axis=2) > 0).sum(axis=1)),
        "people in the field": (then.sum(), pairs.sum(axis=(1, 2))),
        "missions a contributor is in, mean": (
            (then > 0).sum() / max(1, (then.sum(axis=1) > 0).sum()),
            (pairs > 0).sum(axis=(1, 2)) / np.maximum(1, (pairs.sum(axis=2) > 0).sum(axis=1)),
        ),
    }
    return pd.DataFrame([fact(name, float(seen), said) for name, (seen, said) in rows.items()])


def fact(name: str, seen: float, simulated: np.ndarray) -> dict[str, object]:
    """A row of a table of facts; runs that say nothing (NaN) are left out."""
    known = np.asarray(simulated, dtype=float)
    known = known[~np.isnan(known)]
    low, middle, high = np.quantile(known, [0.1, 0.5, 0.9]) if len(known) else [np.nan] * 3
    return {
        "fact": name,
        "observed": seen,
        "median": float(middle),
        "low": float(low),
        "high": float(high),
        "inside": bool(low - 1e-9 <= seen <= high + 1e-9),
    }


def contributors(said: Forecast, shown: int = 30) -> pd.DataFrame:
    """People of the largest contributors in the last month scored, observed and the simulated
    median and 80% band; Japan and Korea are always among them.

    Returns:
        rank, state, at_origin, observed, median, low, high, inside.
    """
    last = said.years[-1].last
    then = observations.presence(said.states, said.missions, last).sum(axis=1)
    now = observations.presence(said.states, said.missions, said.origin).sum(axis=1)
    low, middle, high = np.quantile(said.last.sum(axis=2), [0.1, 0.5, 0.9], axis=0)
    frame = pd.DataFrame(
        {
            "state": said.states,
            "at_origin": now,
            "observed": then,
            "median": middle,
            "low": low,
            "high": high,
            "inside": (low <= then) & (then <= high),
        }
    )
    frame = frame.sort_values("observed", ascending=False, kind="stable", ignore_index=True)
    frame.insert(0, "rank", frame.index + 1)
    return frame[(frame["rank"] <= shown) | frame["state"].isin(STUDIED)]
