"""Persistence that knows the calendar of missions: people go when their mission ends.

It knows what a forecast under ``--given calendar`` knows: until when each mission stands, which
one follows it, and the first strength of the one that follows.  Each state's people are scaled by
what its missions become; in other new missions it has no personnel.
"""

import numpy as np

from model.core.records import World
from model.months import year_of
from model.world.build import Atlas

from . import observations
from .baselines import SAMPLES, with_errors
from .forecast import FIRST_STRENGTH_MONTHS
from .observations import CATEGORIES, Year


def persistence(
    atlas: Atlas,
    origin: int,
    years: tuple[Year, ...],
    states: tuple[str, ...],
    seed: int,
    sizes: tuple[float, ...] = (),
) -> np.ndarray:
    """Today's people in the missions that go on, with the errors that this has made before.

    Args:
        atlas: the documented world, for dates and strengths of missions.
        sizes: limits of classes of size; a state's errors come from states of its own class.

    Returns:
        float64[samples, states, years]
    """
    rng = np.random.default_rng([seed, 6])
    out = np.zeros((SAMPLES, len(states), len(years)))
    now = anchors(atlas, origin, years, states)
    earlier = range(origin - 12, observations.FIRST + 11, -12)
    for place in range(len(years)):
        said, came = [], []
        for month in (m for m in earlier if m + 12 * (place + 1) <= origin):
            begin = month + 12 * place + 1
            whole = (Year(year_of(begin + 11), begin, begin + 11),)
            said.append(anchors(atlas, month, whole, states)[:, 0])
            came.append(observations.seen(states, whole)[:, 0])
        shape = (len(said), len(states))
        past = np.reshape(said, shape), np.reshape(came, shape)
        out[:, :, place] = with_errors(now[:, place], *past, rng, sizes)
    return out


def anchors(
    atlas: Atlas, origin: int, years: tuple[Year, ...], states: tuple[str, ...]
) -> np.ndarray:
    """People in the missions of the origin and those that follow them, as the printed total of the
    origin divides over missions, float64[states, years]."""
    cells = observations.cells(states, atlas.missions, origin)
    there = cells.sum(axis=(1, 2))
    total = observations.totals(states, origin, origin)[0]
    share = np.divide(total, there, out=np.ones_like(there), where=there > 0)
    cells = cells * share[:, None, None]
    out = np.zeros((len(states), len(years)))
    for place, year in enumerate(years):
        months = range(year.first, year.last + 1)
        factor = np.mean([becomes(atlas.arrays, origin, month) for month in months], axis=0)
        out[:, place] = (cells * factor).sum(axis=(1, 2))
    return np.where(there[:, None] > 0, out, total[:, None])


def becomes(arrays: World, origin: int, month: int) -> np.ndarray:
    """What becomes of a person in each mission and category by a later month, float64[missions, 3]:
    one while the mission stands, the ratio of first strength to strength at the origin in the one
    that follows, none without one."""
    missions, asked = arrays.missions, arrays.asked_by_category
    out = np.zeros((missions.size, len(CATEGORIES)))
    for number in range(missions.size):
        here = number
        while missions[here]["end"] < month and missions[here]["successor"] >= 0:
            here = int(missions[here]["successor"])
        row = missions[here]
        if not row["start"] <= month <= row["end"]:
            continue
        if here == number:
            out[number] = 1.0
            continue
        first = asked[row["start"] : row["start"] + FIRST_STRENGTH_MONTHS, here].max(axis=0)
        old = asked[origin, number]
        whole = float(first.sum()) / max(float(old.sum()), 1.0)
        for c in range(len(CATEGORIES)):
            out[number, c] = float(first[c]) / float(old[c]) if old[c] > 0 else whole
    return out
