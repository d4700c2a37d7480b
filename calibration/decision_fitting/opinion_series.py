"""Public support for missions, fitted to the surveys.

    python -m calibration.decision_fitting.opinion_series

Support moves month by month as in ``model.rules.opinion``, with the documented experience, reform
debates and requests; each survey lies around it.  The Cabinet Office asks in Japan whether people
want as much participation in UN operations or more: that series gives Japan's own values.  Surveys
on coalitions are few, and each asks something else, so that both states share the values.  Priors
are in ``record/opinion_priors.csv``; no survey followed a death, so that its cost keeps its prior.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from model.core.records import STOCK_EXPERIENCE
from model.engine import ensemble
from model.months import month_number
from model.settings import Settings
from model.tables import numbers, table
from model.vocabulary import GROUP_COALITION, STUDIED
from model.world.build import Atlas, build

from ..raw_data.raw_files import prior_table
from . import chains
from .decision_draws import thinned
from .decision_posterior import compared, ship, write

SOURCE = (
    "python -m calibration.decision_fitting.opinion_series"
    " (calibration/fits/decisions/opinion.csv); prior in calibration/record/opinion_priors.csv"
)
SERIES = "participation in UN operations"  # the question of the one regular series
COALITION = ("coalition_base", "coalition_speed", "asked_cost")  # shared by both states
ERROR = {"un": 0.03, "coalition": 0.1}  # scale of the prior of how far surveys lie around support


class Surveys(NamedTuple):
    """What people said.

    Attributes:
        un: int64[N] months and float64[N] shares, of Japan's series on UN operations.
        coalition: int64[M] months, int64[M] places of the states, float64[M] shares.
    """

    un: tuple[Any, Any]
    coalition: tuple[Any, Any, Any]


class Drivers(NamedTuple):
    """What is documented of what moves support, month by month.

    Attributes:
        experience: float64[T] of Japan.  debate: float64[T], reform debates in Japan's news.
        requests: float64[T, states], requests for coalitions.
    """

    experience: Any
    debate: Any
    requests: Any


def priors() -> pd.DataFrame:
    """Form, centre and spread of the prior of each parameter, by name."""
    return prior_table("opinion_priors")


def surveys() -> Surveys:
    """The documented surveys."""
    frame = table("surveys")
    month = frame["month"].map(month_number).to_numpy()
    share = numbers(frame, "surveys", "support").to_numpy() / 100.0
    un = ((frame["framework"] == "un") & frame["question"].str.startswith(SERIES)).to_numpy()
    other = (frame["framework"] == "coalition").to_numpy()
    states = frame["state"].map(STUDIED.index).to_numpy(dtype=int)
    return Surveys((month[un], share[un]), (month[other], states[other], share[other]))


def drivers() -> Drivers:
    """Documented experience, debates and requests, with all states as recorded."""
    atlas = build(Settings(deliberating=(), point=True))
    (chunk,) = ensemble.simulate(atlas, range(1), 1, chunk=1)
    stocks = chunk.ledgers[0].stocks
    regime = int(atlas.arrays.states[atlas.state_row(STUDIED[0])]["regime"])
    return Drivers(
        stocks[:, atlas.reported.index(STUDIED[0]), STOCK_EXPERIENCE],
        np.asarray(atlas.arrays.salience[: len(stocks), regime]),
        _requests(atlas, len(stocks)),
    )


def _requests(atlas: Atlas, months: int) -> np.ndarray:
    """Requests for coalitions in each month, float64[T, states]."""
    out = np.zeros((months, len(STUDIED)))
    for ask in atlas.arrays.asks:
        code = atlas.states[int(ask["state"])]
        coalition = atlas.arrays.missions[int(ask["mission"])]["group"] == GROUP_COALITION
        if code in STUDIED and coalition and ask["month"] < months:
            out[int(ask["month"]), STUDIED.index(code)] += 1.0
    return out


def likelihood(told: Surveys, moved: Drivers, seen: bool = True) -> None:
    """Priors and, where ``seen``, the surveys."""
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist

    value: dict[str, Any] = {}
    for name, row in priors().iterrows():
        z = numpyro.sample(f"{name}:z", dist.Normal(0.0, 1.0))
        if row["form"] == "share":
            middle = np.log(row["centre"] / (1.0 - row["centre"]))
            slope = row["spread"] / (row["centre"] * (1.0 - row["centre"]))
            made = 1.0 / (1.0 + jnp.exp(-(middle + slope * z)))
        else:
            made = row["centre"] * jnp.exp(row["spread"] * z)
        value[str(name)] = numpyro.deterministic(str(name), made)
    error = {
        group: numpyro.sample(f"error:{group}", dist.HalfNormal(scale))
        for group, scale in ERROR.items()
    }
    if not seen:
        return
    month, share = told.un
    support = un_support(moved, value)[jnp.asarray(month)]
    numpyro.sample("un", dist.Normal(support, error["un"]), obs=jnp.asarray(share))
    month, state, share = told.coalition
    support = coalition_support(moved, value)[jnp.asarray(month), jnp.asarray(state)]
    numpyro.sample("coalition", dist.Normal(support, error["coalition"]), obs=jnp.asarray(share))


def un_support(by: Drivers, value: dict[str, Any]) -> Any:
    """Support for UN missions in Japan, [T], as ``opinion.un_next`` moves it."""
    import jax
    import jax.numpy as jnp

    floor, ceiling = value["opinion_floor"], value["opinion_ceiling"]

    def step(level: Any, now: tuple[Any, Any]) -> tuple[Any, Any]:
        experience, debate = now
        target = floor + (ceiling - floor) * (1.0 - jnp.exp(-experience / value["opinion_scale"]))
        moved = level + value["opinion_speed"] * (target - level) - value["reform_cost"] * debate
        return jnp.clip(moved, 0.0, 1.0), jnp.clip(moved, 0.0, 1.0)

    driven = (jnp.asarray(by.experience), jnp.asarray(by.debate))
    return jax.lax.scan(step, floor, driven)[1]


def coalition_support(by: Drivers, value: dict[str, Any]) -> Any:
    """Support for coalitions, [T, states], as ``opinion.coalition_next`` moves it."""
    import jax
    import jax.numpy as jnp

    def step(level: Any, asked: Any) -> tuple[Any, Any]:
        moved = level + value["coalition_speed"] * (value["coalition_base"] - level)
        moved = jnp.clip(moved - value["asked_cost"] * asked, 0.0, 1.0)
        return moved, moved

    begin = jnp.full(len(STUDIED), value["coalition_base"])
    return jax.lax.scan(step, begin, jnp.asarray(by.requests))[1]


def values(found: Any) -> pd.DataFrame:
    """Draws of each parameter for the states that it holds for, a column ``name.STATE``."""
    columns = {}
    for name in priors().index:
        drawn = np.asarray(found.posterior[name]).reshape(-1)
        for state in STUDIED if name in COALITION else STUDIED[:1]:
            columns[f"{name}.{state}"] = drawn
    return pd.DataFrame(columns)


def main() -> None:
    """Sample, keep and ship; print what the data say."""
    told = surveys(), drivers()
    drawn = values(chains.agreed(likelihood, *told))
    prior = values(chains.sampled(likelihood, *told, seen=False))
    found = compared(drawn, prior).round(4)
    write(found, "opinion")
    ship(thinned(drawn), source=SOURCE)
    print(found.to_string(index=False))


if __name__ == "__main__":
    main()
