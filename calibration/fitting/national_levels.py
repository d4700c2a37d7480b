"""Levels of Japan and Korea: how far the two depart from what all contributors share.

Thirteen entries of units bear no more than general willingness, the ally's weight and the weight of
risk (``model_review`` section 2).  A candidate's distance from the data is minus the weighted
log-likelihood of those ``targets`` that speak about them, with the documented world run again up to
the last month that the fit may see.  Priors are centred on no departure at all.
"""

import numpy as np

from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import STUDIED
from model.world.build import Atlas

from ..evidence import targets
from ..evidence.historical_replay import LAST, documented, replay
from ..evidence.national_target_points import OF_HISTORY, WINDOW, Points, Row
from ..evidence.targets import Scored
from .abc_sampler import Problem
from .fitted_parameters import row_of

LEVELS = tuple(
    f"{name}.{state}"
    for name in ("unit_intercept", "weight_alliance", "weight_risk")
    for state in STUDIED
)
FIRST = "1996-12"  # by then a handful of requests have been answered
RUNS = 8  # times the runs of a window: what is scored are shares of runs


def rows(until: str) -> list[Row]:
    """Targets that speak about the levels, cut so that nothing after ``until`` is looked at: what
    follows a documented case is watched for ``WINDOW`` months."""
    last = month_number(until)
    out = []
    for row in targets.rows():
        if "levels" in targets.ways(row):
            end = last if row["quantity"] == "people" else last - WINDOW
            out.append(row | {"to": month_text(min(end, month_number(row["to"], "targets.csv")))})
    return out


def simulated(
    world: Atlas, looked_at: list[Row], chosen: dict[str, float], runs: int, seed: int = 1
) -> list[Points]:
    """What the documented world run again with a candidate says of each target."""
    row = row_of(list(world.columns), world.parameters, chosen)
    history = replay(runs, seed, lambda _: np.tile(row, (runs, 1)), world)
    return [OF_HISTORY[target["quantity"]](target, history) for target in looked_at]


def distance(looked_at: list[Row], points: list[Points]) -> float:
    """Minus the weighted log-likelihood of what was observed."""
    pairs = zip(looked_at, points, strict=True)
    return -targets.total([Scored(row, p, targets.log_likelihood(p, row)) for row, p in pairs])


def own(until: str, runs: int) -> Problem:
    """What the data of the two states say.

    Raises:
        InputError: ``until`` leaves too short a record, or lies beyond it.
    """
    if not month_number(FIRST) <= month_number(until, "--own-until") <= month_number(LAST):
        raise InputError(f"--own-until {until} is out of range; the data allow {FIRST} to {LAST}")
    world, looked_at = documented(until), rows(until)

    def far(chosen: dict[str, float]) -> float:
        return distance(looked_at, simulated(world, looked_at, chosen, RUNS * runs))

    return Problem("levels", LEVELS, far)
