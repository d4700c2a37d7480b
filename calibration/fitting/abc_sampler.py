"""Sampling a posterior: sequential approximate Bayesian computation (``pyabc``), broken off and
taken up again at will.

One generation is usual: with many parameters the weights of later ones leave few effective draws.
Every candidate is kept as soon as it is tried, and a second call ends with the same draws as an
unbroken one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError

from . import priors
from .candidate_cache import Tried

KEPT_SHARE = 0.1  # of the candidates of a generation


@dataclass(frozen=True)
class Problem:
    """Parameters to find, and how far a candidate is from the data.

    Attributes:
        name: of the folder that keeps its candidates.
        parameters: their names, which have priors.
        distance: of a candidate, by name of parameter; smaller is better.
    """

    name: str
    parameters: tuple[str, ...]
    distance: Callable[[dict[str, float]], float]


def candidates(population: int) -> int:
    """About how many candidates a generation tries."""
    return population + round(population / KEPT_SHARE)


def sample(
    problem: Problem,
    folder: Path,
    population: int,
    generations: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    prior: Any = None,
) -> pd.DataFrame:
    """Draws of the posterior: one row a draw, a column a parameter, and ``weight``.

    Args:
        folder: keeps every candidate and generation; what it holds is gone on from.
        progress: hears how many candidates are done, and about how many there are to do.
        prior: as pyabc has it; by default that of the table ``priors``.
    """
    import pyabc

    logging.getLogger("ABC").setLevel(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    path, mark = folder / "fit.db", folder / "begun"
    fresh = not mark.exists()
    if fresh:
        path.unlink(missing_ok=True)  # what a kill left of a database
    tried = Tried(folder / "candidates.csv")
    begun = earlier = 0

    def simulate(candidate: Any) -> dict[str, float]:
        chosen = {name: float(candidate[name]) for name in problem.parameters}
        before = tried.measured
        distance = tried.distance(tuple(chosen.values()), lambda: problem.distance(chosen))
        if progress is not None and tried.measured > before:
            total = earlier + (generations - begun) * candidates(population)
            progress(tried.measured, max(total - tried.found, tried.measured))
        return {"distance": distance}

    while True:
        abc = pyabc.ABCSMC(
            simulate,
            priors.distribution(problem.parameters) if prior is None else prior,
            distance_function=lambda one, other: one["distance"],
            population_size=population,
            eps=pyabc.QuantileEpsilon(alpha=KEPT_SHARE),
            sampler=pyabc.sampler.SingleCoreSampler(),
        )
        store = f"sqlite:///{path}"
        if fresh:
            abc.new(store, {"distance": 0.0})
            mark.touch()
            fresh = False
        else:
            try:
                abc.load(store)
                begun = abc.history.max_t + 1
            except Exception as error:  # of the database, which has errors of its own
                raise InputError(
                    f"{path} is damaged ({type(error).__name__}); remove it and {mark.name} beside "
                    "it, and call again: the candidates are kept apart from it"
                ) from None
        if begun >= generations:
            break
        earlier = tried.found + tried.measured
        np.random.seed((seed * 1000 + begun) % 2**32)  # noqa: NPY002  pyabc draws from it
        abc.run(max_nr_populations=1)
        begun += 1
    found, weights = abc.history.get_distribution(m=0, t=generations - 1)
    return found[list(problem.parameters)].reset_index(drop=True).assign(weight=weights)


def resampled(draws: pd.DataFrame, seed: int, count: int) -> pd.DataFrame:
    """Equally likely draws from weighted ones, by systematic resampling."""
    rng = np.random.default_rng([seed, 4])
    weight = draws["weight"].to_numpy()
    places = (np.arange(count) + rng.uniform()) / count
    chosen = np.searchsorted(np.cumsum(weight) / weight.sum(), places)
    return draws.iloc[np.minimum(chosen, len(draws) - 1)].reset_index(drop=True)
