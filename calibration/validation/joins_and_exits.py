"""Joins and exits by state and mission: how good their probabilities were.

Every pair of a contributor and a UN mission that stands at the end of the year is a case; pairs are
observed from November 2009 on.  Beside the simulation stand a constant hazard (what share joined or
left in the year before the origin) and a logit with the usual covariates, both compounded over the
horizon.
"""

import warnings

import numpy as np
import pandas as pd

from model.tables import table
from model.world.missions import roster

from ..evidence import observations, scores
from ..evidence.forecast import Forecast

FEWEST = 20  # joins or exits needed for a logit; with fewer, only the constant hazard stands


def _standing(missions: tuple[str, ...], month: int) -> np.ndarray:
    """Missions in which anybody is observed in a month."""
    everyone = tuple(observations.yearly().columns)
    return observations.presence(everyone, missions, month).sum(axis=0) > 0


def _covariates(states: tuple[str, ...], missions: tuple[str, ...], month: int) -> np.ndarray:
    """Usual covariates of each pair, float64[states, missions, covariates]."""
    home = table("states").set_index("iso3").loc[list(states)]
    there = roster().set_index("mission").loc[list(missions)]
    same = home["region"].to_numpy()[:, None] == there["region"].to_numpy()[None, :]
    people = observations.presence(states, missions, month)
    size = observations.presence(tuple(observations.yearly().columns), missions, month).sum(axis=0)
    years = table("state_years")
    forces = years[years["year"] == str(1990 + month // 12)].set_index("iso3")
    armed = pd.to_numeric(forces["military_personnel"], errors="coerce").reindex(list(states))
    shape = people.shape
    parts = [
        np.ones(shape),
        same.astype(float),
        np.broadcast_to(np.log1p(people.sum(axis=1))[:, None], shape),
        np.broadcast_to(np.log1p((people > 0).sum(axis=1))[:, None], shape),
        np.broadcast_to(np.log1p(size)[None, :], shape),
        np.broadcast_to(np.log1p(armed.fillna(0.0).to_numpy())[:, None], shape),
        np.log1p(people),
    ]
    return np.stack(parts, axis=2)


def _hazard(
    x: np.ndarray, moved: np.ndarray, chosen: np.ndarray, new: np.ndarray
) -> np.ndarray | None:
    """Yearly chance of a move for new pairs from a logit on earlier ones."""
    import statsmodels.api as sm

    if moved[chosen].sum() < FEWEST:
        return None
    use = x[chosen].std(axis=0) > 0
    use[0] = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = sm.Logit(moved[chosen], x[chosen][:, use]).fit_regularized(alpha=0.5, disp=0)
    return np.asarray(fitted.predict(new.reshape(-1, new.shape[2])[:, use])).reshape(new.shape[:2])


def score(said: Forecast) -> pd.DataFrame:
    """Brier scores of presence for pairs absent (joins) and present (exits) at the origin.

    Returns:
        move, horizon, forecaster, cases, happened, brier; empty where pairs are not observed.
    """
    origin, states, missions = said.origin, said.states, said.missions
    names = set(roster()["mission"])
    keep = [number for number, name in enumerate(missions) if name in names]
    missions = tuple(missions[number] for number in keep)
    if origin - 12 < observations.DYADS_FIRST:
        return pd.DataFrame(columns=["move", "horizon", "forecaster", "cases", "happened", "brier"])
    before = observations.presence(states, missions, origin - 12) > 0
    now = observations.presence(states, missions, origin) > 0
    stood = _standing(missions, origin - 12) & _standing(missions, origin)
    past, new = (_covariates(states, missions, month) for month in (origin - 12, origin))
    rows = []
    for place, year in enumerate(said.years):
        last = year.last
        horizon = (last - origin) / 12.0
        then = observations.presence(states, missions, last) > 0
        standing = np.broadcast_to(_standing(missions, last), now.shape)
        chance = said.present[:, keep, place]
        for move, start in (("joins", False), ("exits", True)):
            cases = standing & (now == start)
            happened = (then != start)[cases]
            yearly = {}
            earlier = np.broadcast_to(stood, now.shape) & (before == start)
            rate = float((now != start)[earlier].mean())
            yearly["constant hazard"] = np.full(now.shape, rate)
            fitted = _hazard(past, (now != start).astype(float), earlier, new)
            if fitted is not None:
                yearly["hazard regression"] = fitted
            said_so = {"simulation": chance if not start else 1.0 - chance}
            said_so |= {name: 1.0 - (1.0 - p) ** horizon for name, p in yearly.items()}
            for name, probability in said_so.items():
                rows.append(
                    {
                        "move": move,
                        "horizon": place + 1,
                        "forecaster": name,
                        "cases": int(cases.sum()),
                        "happened": int(happened.sum()),
                        "brier": float(scores.brier(probability[cases], happened).mean()),
                    }
                )
    return pd.DataFrame(rows)
