"""Fitting: a simulation-based posterior over the parameters that the record can tell apart.

The panel of all contributors speaks about the shared parameters: those are kept whose forecasts
from earlier origins score best.  Two things are forecast: people of a state in a year, and, from
the month on in which every contributor is observed mission by mission, people of a state in a
mission.  Of each the CRPS of log(1 + people) is taken, relative to standing still, and the two
count alike; Japan and Korea are weighted by ``WATCHED_WEIGHT``.  Then the two states' own
levels are fitted to their own record (``levels``).  Every candidate meets the same keyed luck, so
that scores differ by the parameters alone.  What is in neither keeps the value of its prior
(``model_review`` section 2 says why).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model import values
from model.errors import InputError
from model.months import month_number, month_text
from model.world import Atlas
from scenarios import output, provenance

from . import forecast, levels, observed, priors, sampler
from .observed import WATCHED
from .sampler import Problem

# Parameters that decide who is asked, who stays and how sizes vary; the panel of all contributors
# speaks about these and nothing else.  Of the first the two watched states keep their own level,
# set against their own record; for the others they have slots, forces and sizes of their own.
KEPT = (
    "approach_unit",
    "approach_officer",
    "approach_staff",
    "approach_police",
    "approach_capability",
    "approach_record",
    "approach_region",
    "approach_presence",
    "approach_need",
    "weight_presence",
    "weight_wealth",
    "renewal_noise",
    "renewal_officer",
    "resize_unit",
    "resize_officer",
    "resize_police",
    "size_officer",
    "size_police",
)
SHARED = (
    "resize_room",
    "size_capability",
    "size_wealth",
    "size_spread",
    "slots_base",
    "deployable_share",
)
FITTED = (*KEPT, *SHARED)
# Years between the origins of the training windows and their common end.  Short, for before 2009
# the panel shows most states by their totals alone, and who was in which mission is estimated.
HORIZONS = (4, 3, 2)
WATCHED_WEIGHT = 4.0
# Modules, beside those of the model, on which the distance of a candidate rests.
MEASURED_BY = ("fit", "forecast", "levels", "observed", "points", "replay", "targets")


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
    years: tuple[int, ...]
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
    years = forecast.years_between(origin, last)
    states = observed.contributors(origin)
    own = np.where(np.isin(states, WATCHED), WATCHED_WEIGHT, 1.0)
    cells = None
    if by_mission:
        rows = atlas.arrays.missions
        stand = (atlas.arrays.groups[rows["framework"]] == 0) & (rows["start"] <= last)
        now, then = (observed.cells(states, atlas.missions, month) for month in (origin, last))
        for number in np.flatnonzero((rows["successor"] >= 0) & (rows["end"] <= last)):
            now[:, rows["successor"][number]] += now[:, number]  # a handover is no change
        scored = (stand & (rows["end"] > last))[None, :, None] & np.ones(now.shape, dtype=bool)
        cells = np.array(np.nonzero(scored))
        now, seen, weight = now[scored], then[scored], own[cells[0]]
    else:
        seen = observed.yearly().loc[list(years), list(states)].to_numpy().T
        now = observed.monthly(states, origin, origin)[0][:, None]
        weight = np.broadcast_to(own[:, None], seen.shape)
    weight = weight / weight.sum()
    still = float((weight * np.abs(np.log1p(seen) - np.log1p(now))).sum())
    return Window(atlas, years, states, cells, seen, weight, still)


def windows(until: str) -> list[Window]:
    """Training windows that end at ``until``: state-years, and missions where they are observed.

    Raises:
        InputError: ``until`` leaves no room for them.
    """
    last = month_number(until, "--until")
    if not month_number("1996-12") <= last <= observed.PANEL_LAST:
        raise InputError(
            f"--until {until} is out of range; the panel allows 1996-12 to "
            f"{month_text(observed.PANEL_LAST)}"
        )
    found = []
    for horizon in HORIZONS:
        origin = last - 12 * horizon
        found.append(_window(origin - (origin + 1) % 12, last, False))  # from a December on
    first = observed.DYADS_FIRST
    if last >= first + 12:
        found.append(_window(first, last, True))
        if last >= first + 24:
            found.append(_window(last - 12, last, True))
    return found


def row_of(known: list[values.Column], centre: np.ndarray, chosen: dict[str, float]) -> np.ndarray:
    """A row of numbers with some shared parameters replaced.

    Where a parameter is among ``KEPT``, the deviations of Japan and Korea take up the difference,
    so that their own levels stay.
    """
    place = {column.name: number for number, column in enumerate(known)}
    row = centre.copy()
    for name, value in chosen.items():
        shift = value - centre[place[name]]
        row[place[name]] = value
        if name in KEPT:
            for state in WATCHED:
                own = place.get(f"{name}.{state}")
                if own is not None:
                    row[own] -= shift
    return row


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


def panel(until: str, runs: int) -> Problem:
    """What the panel of all contributors tells: ``FITTED``, by forecasts from earlier origins."""
    found = windows(until)
    return Problem("panel", FITTED, lambda chosen: loss(found, chosen, runs))


def calibrate(
    until: str,
    out: Path,
    population: int = 60,
    generations: int = 1,
    runs: int = 20,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    own_until: str | None = None,
) -> pd.DataFrame:
    """The posterior as a table of draws: one row a draw, a column a parameter, and ``weight``.

    First the shared parameters are fitted to the panel of all contributors, then the levels of
    Japan and Korea to their own record.  Everything is kept in ``out``, every candidate as soon as
    it is tried; a second call goes on where the first was broken off and ends with the same table
    as an unbroken one.

    Args:
        progress: hears how many candidates are done, and about how many there are to do.
        own_until: last month that the levels of Japan and Korea may see; ``until`` when not given.

    Raises:
        InputError: ``out`` holds a fit with other settings, a count is too small, or ``pyabc`` is
            not installed.
    """
    for name, value, least in (
        ("population", population, 2),
        ("generations", generations, 1),
        ("runs", runs, 2),  # the fair CRPS of a single run is not defined
    ):
        if value < least:
            raise InputError(f"--{name} {value} is too small; it must be at least {least}")
    if find_spec("pyabc") is None:
        raise InputError("calibrate needs the package pyabc; install it with: pip install '.[fit]'")
    own_until = own_until or until
    settings = _settings(until, own_until, population, runs, seed)
    made = [panel(until, runs), levels.own(own_until, runs)]
    with output.opening(out):
        out.mkdir(parents=True, exist_ok=True)
    note = out / "fit.json"
    if note.exists():
        _same(settings, note)
    else:
        for problem in made:
            shutil.rmtree(out / problem.name, ignore_errors=True)
        output.write_whole(note, json.dumps(settings, indent=1).encode())
    each = generations * sampler.candidates(population)
    parts: list[pd.DataFrame] = []
    for number, problem in enumerate(made):

        def tell(done: int, total: int, before: int = number * each) -> None:
            if progress is not None:
                progress(before + done, max(len(made) * each, before + total))

        folder = out / problem.name
        parts.append(sampler.sample(problem, folder, population, generations, seed, tell))
    table = parts[0]
    for part in parts[1:]:  # independent of the first: draws are set beside each other in turn
        table = table.join(sampler.resampled(part, seed, len(table)).drop(columns="weight"))
    table = table[[name for name in table if name != "weight"] + ["weight"]]
    text = table.to_csv(index=False, lineterminator="\n")
    output.write_whole(out / "draws.csv", text.encode())
    return table


def _settings(until: str, own_until: str, population: int, runs: int, seed: int) -> dict[str, Any]:
    """All that the draws of a fit hang on, but for the number of generations."""
    here = Path(__file__)
    measured_by = "".join(provenance.file_hash(here.with_name(f"{m}.py")) for m in MEASURED_BY)
    return {
        "until": until,
        "own_until": own_until,
        "population": population,
        "runs": runs,
        "seed": seed,
        "parameters": [*FITTED, *levels.LEVELS],
        "model": provenance.rules_hash(),
        "data": provenance.text_hash(json.dumps(provenance.data_hashes())),
        "priors": provenance.text_hash(priors.priors().to_csv()),
        "distance": provenance.text_hash(measured_by),
    }


def _same(settings: dict[str, Any], note: Path) -> None:
    """Refuse to go on with a fit that was begun otherwise.

    Raises:
        InputError: it was, or its note cannot be read.
    """
    try:
        begun = dict(json.loads(note.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise InputError(
            f"{note} cannot be read, so it is not known of which fit; choose another --out"
        ) from error
    other = [name for name, value in settings.items() if begun.get(name) != value]
    if other:
        raise InputError(
            f"{note.parent} holds a fit with other settings ({', '.join(other)}); choose another "
            "--out"
        )
