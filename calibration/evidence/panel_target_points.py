"""Points of targets of the other contributors: what was observed and what a forecast says."""

from collections.abc import Callable

import numpy as np

from model.vocabulary import STUDIED

from . import observations
from .forecast import Forecast
from .national_target_points import Points, Row


def _panel(said: Forecast) -> tuple[np.ndarray, np.ndarray]:
    """Yearly means: observed, float64[states, years]; simulated, float64[states, years, runs]."""
    seen = observations.seen(said.states, said.years)
    return seen, np.moveaxis(said.people, 0, -1)


def _others(said: Forecast) -> np.ndarray:
    return ~np.isin(said.states, STUDIED)


def participation(row: Row, said: Forecast) -> Points:
    """Whether each other state has anybody in UN missions in a year."""
    seen, runs = _panel(said)
    keep = ~np.isnan(seen) & _others(said)[:, None]
    labels = np.array([[f"{s} {y.label}" for y in said.years] for s in said.states])
    return Points(
        tuple(labels[keep]), (seen[keep] > 0).astype(float), (runs[keep] > 0).astype(float)
    )


def size(row: Row, said: Forecast) -> Points:
    """People of each other state in a year in which it had anybody; runs without it are NaN."""
    seen, runs = _panel(said)
    keep = (seen > 0) & _others(said)[:, None]
    labels = np.array([[f"{s} {y.label}" for y in said.years] for s in said.states])
    simulated = np.where(runs[keep] > 0, runs[keep], np.nan)
    return Points(tuple(labels[keep]), seen[keep], simulated)


def pairs(row: Row, said: Forecast) -> Points:
    """Whether each other state is in each UN mission that stands at the end of a year."""
    labels, seen, chance = [], [], []
    everyone = tuple(observations.yearly().columns)
    others = _others(said)
    for place, year in enumerate(said.years):
        month = year.last
        if not observations.DYADS_FIRST <= month <= observations.PANEL_LAST:
            continue
        standing = observations.presence(everyone, said.missions, month).sum(axis=0) > 0
        then = observations.presence(said.states, said.missions, month) > 0
        s, m = np.nonzero(others[:, None] & standing[None, :])
        labels += [
            f"{said.states[i]} {said.missions[j]} {year.label}" for i, j in zip(s, m, strict=True)
        ]
        seen.append(then[s, m].astype(float))
        chance.append(said.present[s, m, place])
    if not seen:
        return Points((), np.zeros(0), np.zeros((0, 1)), len(said.people))
    return Points(
        tuple(labels), np.concatenate(seen), np.concatenate(chance)[:, None], len(said.people)
    )


def pair_size(row: Row, said: Forecast) -> Points:
    """People of each other state in each UN mission in the last month scored; runs without it are
    NaN."""
    month = said.years[-1].last
    if not observations.DYADS_FIRST <= month <= observations.PANEL_LAST:
        return Points((), np.zeros(0), np.zeros((0, len(said.people))))
    then = observations.presence(said.states, said.missions, month)
    s, m = np.nonzero((then > 0) & _others(said)[:, None])
    runs = said.last[:, s, m].T
    labels = tuple(f"{said.states[i]} {said.missions[j]}" for i, j in zip(s, m, strict=True))
    return Points(labels, then[s, m], np.where(runs > 0, runs, np.nan))


OF_PANEL: dict[str, Callable[[Row, Forecast], Points]] = {
    "participation": participation,
    "size": size,
    "pairs": pairs,
    "pair size": pair_size,
}
