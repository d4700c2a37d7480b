"""Training windows: forecasts from earlier origins, and how far they are from what was seen.

Two things are forecast: people of a state in a year, and, from the month on in which every
contributor is observed mission by mission, people of a state in a mission.  Of each the CRPS of
log(1 + people) is taken, relative to standing still, and the two count alike; Japan and Korea are
weighted by ``STUDIED_WEIGHT``.
"""

from dataclasses import dataclass

import numpy as np

from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import GROUP_UN, STUDIED
from model.world.build import Atlas

from ..evidence import forecast, observations
from ..evidence.observations import Year
from .fitted_parameters import row_of

# Years between the origins of the training windows and their common end.  Short, for before 2009
# the panel shows most states by their totals alone, and who was in which mission is estimated.
HORIZONS = (4, 3, 2)
STUDIED_WEIGHT = 4.0


@dataclass(frozen=True)
class Window:
    """A world known at an origin, and what was observed after it.

    Attributes:
        cells: int[3, n], the states, missions and categories scored in the last month; without
            them the means of state-years are scored.
        seen, weight: float64[states, years] or float64[n]; weights sum to one.
        still: mean distance of standing still from what was seen.
    """

    atlas: Atlas
    years: tuple[Year, ...]
    states: tuple[str, ...]
    cells: np.ndarray | None
    seen: np.ndarray
    weight: np.ndarray
    still: float

    def says(self, chosen: dict[str, float], runs: int, seed: int) -> np.ndarray:
        """What a candidate forecasts, as log(1 + people): the shape of ``seen``, then runs."""
        row = row_of(list(self.atlas.columns), self.atlas.parameters, chosen)
        said = forecast.forecast(
            self.atlas, runs, seed, self.years, self.states, np.tile(row, (runs, 1))
        )
        people = said.people if self.cells is None else said.cells[:, *self.cells]
        return np.moveaxis(np.log1p(people), 0, -1)


def _window(origin: int, last: int, by_mission: bool) -> Window:
    """What is known at ``origin`` and was seen after it, by state and year or in the last month by
    state, mission and category."""
    atlas = forecast.known_at(origin, last)
    years = observations.years_after(origin, last)
    states = observations.contributors(origin)
    own = np.where(np.isin(states, STUDIED), STUDIED_WEIGHT, 1.0)
    cells = None
    if by_mission:
        rows = atlas.arrays.missions
        stand = (atlas.arrays.groups[rows["framework"]] == GROUP_UN) & (rows["start"] <= last)
        now, then = (observations.cells(states, atlas.missions, month) for month in (origin, last))
        for number in np.flatnonzero((rows["successor"] >= 0) & (rows["end"] <= last)):
            now[:, rows["successor"][number]] += now[:, number]  # a handover is no change
        scored = (stand & (rows["end"] > last))[None, :, None] & np.ones(now.shape, dtype=bool)
        cells = np.array(np.nonzero(scored))
        now, seen, weight = now[scored], then[scored], own[cells[0]]
    else:
        seen = observations.seen(states, years)
        now = observations.monthly(states, origin, origin)[0][:, None]
        weight = np.broadcast_to(own[:, None], seen.shape)
    weight = weight / weight.sum()
    still = float((weight * np.abs(np.log1p(seen) - np.log1p(now))).sum())
    return Window(atlas, years, states, cells, seen, weight, still)


def last_month(until: str) -> int:
    """The month in which training windows end.

    Raises:
        InputError: ``until`` leaves no room for them.
    """
    last = month_number(until, "--until")
    if not month_number("1996-12") <= last <= observations.PANEL_LAST:
        raise InputError(
            f"--until {until} is out of range; the panel allows 1996-12 to "
            f"{month_text(observations.PANEL_LAST)}"
        )
    return last


def windows(until: str) -> list[Window]:
    """Training windows that end at ``until``: state-years, and missions where they are observed.

    Raises:
        InputError: as ``last_month``.
    """
    last = last_month(until)
    found = []
    for horizon in HORIZONS:
        origin = last - 12 * horizon
        found.append(_window(origin - (origin + 1) % 12, last, False))  # from a December on
    first = observations.DYADS_FIRST
    if last >= first + 12:
        found.append(_window(first, last, True))
        if last >= first + 24:
            found.append(_window(last - 12, last, True))
    return found


def loss(found: list[Window], chosen: dict[str, float], runs: int, seed: int = 1) -> float:
    """How far a candidate's forecasts are from what was seen."""
    return distance(found, [window.says(chosen, runs, seed) for window in found])


def distance(found: list[Window], said: list[np.ndarray]) -> float:
    """CRPS relative to standing still, mean over the windows of each sort, mean of the sorts."""
    import scoringrules  # compiles at its import

    ratios: dict[bool, list[float]] = {}
    for window, members in zip(found, said, strict=True):
        seen = np.log1p(window.seen)
        crps = scoringrules.crps_ensemble(seen, members.astype(float), estimator="fair")
        ratio = float((crps * window.weight).sum()) / window.still
        ratios.setdefault(window.cells is None, []).append(ratio)
    return float(np.mean([np.mean(ratio) for ratio in ratios.values()]))
