"""Fitting: a simulation-based posterior over the parameters that the panel can tell apart.

Sequential approximate Bayesian computation (``pyabc``) keeps the parameters whose forecasts from
earlier origins score best: the distance is the mean CRPS of log(1 + people) over state-years, with
the state-years of Japan and Korea weighted by ``WATCHED_WEIGHT``.  Every candidate meets the same
keyed luck, so that scores differ by the parameters alone.  One generation is usual: with seventeen
parameters the weights of later ones leave few effective draws.  What is not in ``FITTED`` keeps the
value of its prior (``model_review`` section 2 says why).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model import values
from model.errors import InputError
from model.months import month_number, month_text
from model.world import Atlas
from scenarios import output, provenance

from . import forecast, observed
from .observed import WATCHED
from .raw import coded
from .tried import Tried

# Shared parameters that decide who is asked, who stays and how sizes vary; the panel of all
# contributors speaks about these and nothing else.
FITTED = (
    "approach_unit",
    "approach_officer",
    "approach_police",
    "approach_capability",
    "approach_record",
    "approach_region",
    "approach_presence",
    "weight_presence",
    "weight_wealth",
    "renewal_noise",
    "resize_unit",
    "resize_officer",
    "size_capability",
    "size_wealth",
    "size_spread",
    "slots_base",
    "deployable_share",
)
# Shared alone: the two watched states have slots, forces and sizes of their own.
SHARED = ("size_capability", "size_wealth", "size_spread", "slots_base", "deployable_share")
# Parameters of which the two watched states keep their own level, set against their own record.
KEPT = tuple(name for name in FITTED if name not in SHARED)
# Years between the origins of the training windows and their common end.  Short, for before 2009
# the panel shows most states by their totals alone, and who was in which mission is estimated.
HORIZONS = (4, 3, 2)
WATCHED_WEIGHT = 4.0
KEPT_SHARE = 0.1  # of the candidates of a generation
# Sources, beside those of the model, on which the distance of a candidate rests.
MEASURED_BY = (__file__, forecast.__file__, observed.__file__)


@dataclass(frozen=True)
class Window:
    """A world known at an origin, and what was observed after it."""

    atlas: Atlas
    years: tuple[int, ...]
    states: tuple[str, ...]
    seen: np.ndarray  # float64[states, years]
    weight: np.ndarray  # float64[states, years], sums to one


def windows(until: str) -> list[Window]:
    """Training windows that end at ``until``.

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
        origin -= (origin + 1) % 12  # a December
        atlas = forecast.known_at(origin, last)
        years = forecast.years_between(origin, last)
        states = observed.contributors(origin)
        seen = observed.yearly().loc[list(years), list(states)].to_numpy().T
        weight = np.ones_like(seen)
        weight[np.isin(states, WATCHED)] = WATCHED_WEIGHT
        found.append(Window(atlas, years, states, seen, weight / weight.sum()))
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
    """Weighted mean CRPS of forecasts over the windows."""
    import scoringrules  # compiles at its import

    total = 0.0
    for window in found:
        row = row_of(list(window.atlas.columns), window.atlas.parameters, chosen)
        said = forecast.forecast(
            window.atlas, runs, seed, window.years, window.states, np.tile(row, (runs, 1))
        )
        members = np.moveaxis(np.log1p(said.people), 0, -1)
        crps = scoringrules.crps_ensemble(np.log1p(window.seen), members, estimator="fair")
        total += float((crps * window.weight).sum()) / len(found)
    return total


def priors() -> pd.DataFrame:
    """Centre and standard deviation of each prior, by name."""
    frame = coded("priors", ("name", "centre", "spread", "unit", "status", "source"))
    return frame.set_index("name")[["centre", "spread"]].astype(float)


def _bounds(known: list[values.Column]) -> dict[str, tuple[float, float, float, float]]:
    """Normal distributions of the table ``priors``, cut at the documented ranges: lowest and
    highest value in standard deviations from the centre, centre, standard deviation."""
    columns = {column.name: column for column in known}
    cells = priors().to_dict("index")
    out = {}
    for name in FITTED:
        c, middle, spread = columns[name], cells[name]["centre"], cells[name]["spread"]
        out[name] = ((c.low - middle) / spread, (c.high - middle) / spread, middle, spread)
    return out


def prior(known: list[values.Column]) -> Any:
    """The prior as the sampler wants it."""
    from pyabc import RV, Distribution

    return Distribution(**{name: RV("truncnorm", *b) for name, b in _bounds(known).items()})


def prior_draws(count: int, seed: int) -> pd.DataFrame:
    """Equally likely draws of the prior, as a fit leaves those of the posterior."""
    from scipy import stats

    rng = np.random.default_rng([seed, 10])
    drawn = {
        name: stats.truncnorm.rvs(*bounds, size=count, random_state=rng)
        for name, bounds in _bounds(values.columns()).items()
    }
    return pd.DataFrame(drawn).assign(weight=1.0 / count)


def calibrate(
    until: str,
    out: Path,
    population: int = 60,
    generations: int = 1,
    runs: int = 20,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    found: list[Window] | None = None,
) -> pd.DataFrame:
    """The posterior as a table of draws: one row a draw, a column a parameter, and ``weight``.

    Everything is kept in ``out``, every candidate as soon as it is tried; a second call goes on
    where the first was broken off and ends with the same table as an unbroken one.

    Args:
        progress: hears how many candidates are done, and about how many there are to do.
        found: windows to fit to; those of the record when not given.

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
    try:
        import pyabc
    except ImportError as error:
        raise InputError(
            "calibrate needs the package pyabc; install it with: pip install '.[fit]'"
        ) from error
    logging.getLogger("ABC").setLevel(logging.WARNING)
    settings = _settings(until, population, runs, seed)
    with output.opening(out):
        out.mkdir(parents=True, exist_ok=True)
    note, path, kept = out / "fit.json", out / "fit.db", out / "candidates.csv"
    fresh = not note.exists()
    if not fresh:
        _same(settings, note)
    found = windows(until) if found is None else found
    known = list(found[0].atlas.columns)
    if fresh:
        for old in (path, kept):
            old.unlink(missing_ok=True)
    tried = Tried(kept)

    def simulate(candidate: Any) -> dict[str, float]:
        chosen = {name: float(candidate[name]) for name in FITTED}
        before = tried.measured
        distance = tried.distance(tuple(chosen.values()), lambda: loss(found, chosen, runs))
        if progress is not None and tried.measured > before:
            total = earlier + (generations - begun) * each
            progress(tried.measured, max(total - tried.found, tried.measured))
        return {"crps": distance}

    each = population + round(population / KEPT_SHARE)  # candidates that a generation tries, about
    store = f"sqlite:///{path}"
    begun = 0
    while True:
        abc = pyabc.ABCSMC(
            simulate,
            prior(known),
            distance_function=lambda one, other: one["crps"],
            population_size=population,
            eps=pyabc.QuantileEpsilon(alpha=KEPT_SHARE),
            sampler=pyabc.sampler.SingleCoreSampler(),
        )
        if fresh:
            abc.new(store, {"crps": 0.0})
            output.write_whole(note, json.dumps(settings, indent=1).encode())
            fresh = False
        else:
            abc.load(store)
            begun = abc.history.max_t + 1
        if begun >= generations:
            break
        earlier = tried.found + tried.measured
        np.random.seed((seed * 1000 + begun) % 2**32)  # noqa: NPY002  pyabc draws from it
        abc.run(max_nr_populations=1)
        begun += 1
    draws, weights = abc.history.get_distribution(m=0, t=generations - 1)
    table = draws[list(FITTED)].reset_index(drop=True)
    table["weight"] = weights
    text = table.to_csv(index=False, lineterminator="\n")
    output.write_whole(out / "draws.csv", text.encode())
    return table


def _settings(until: str, population: int, runs: int, seed: int) -> dict[str, Any]:
    """All that the draws of a fit hang on, but for the number of generations."""
    measured_by = "".join(provenance.file_hash(Path(source)) for source in MEASURED_BY)
    return {
        "until": until,
        "population": population,
        "runs": runs,
        "seed": seed,
        "parameters": list(FITTED),
        "model": provenance.rules_hash(),
        "data": provenance.text_hash(json.dumps(provenance.data_hashes())),
        "priors": provenance.text_hash(priors().to_csv()),
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
