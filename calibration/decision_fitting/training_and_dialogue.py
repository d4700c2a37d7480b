"""Training support and agreements by year: fitted, and does effort that the law blocked go there?

    python -m calibration.decision_fitting.training_and_dialogue

The yearly counts of both states are negative binomial around what the rules of
``model.rules.capacity_building`` expect in the documented situation.  Own experience is that of the
record; blocked requests are the documented ones that the law shut.  Priors are in
``record/training_priors.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from model.core import parameter_values, records
from model.engine import ensemble
from model.months import month_number
from model.settings import Settings
from model.vocabulary import FORMED, STUDIED
from model.world.build import Atlas, build

from ..evidence.national_target_points import activities, texts
from ..raw_data.raw_files import prior_table
from . import chains
from .decision_draws import STORE, thinned
from .decision_posterior import compared, ship, tell, write
from .decision_terms import asks

SUPPORT, AGREEMENTS = (1998, 2014), (1993, 2015)  # years that the documents cover
LEFT = "spill_over"  # stays at nought, which its interval holds: the data do not tell its sign
SOURCE = (
    "python -m calibration.decision_fitting.training_and_dialogue"
    " (calibration/fits/decisions/training.csv); prior in calibration/record/training_priors.csv"
)
OWN = ("support_base", "agreement_base")  # a value for each state
LATE = ("2023-11", "2023-12")  # a run in which both states are as recorded until the end
SEED = 1


class Years(NamedTuple):
    """What the rules read, as yearly means, and what was counted.  S states, Y years.

    Attributes:
        support, agreements: float64[S, Y], counts.
        wealth, status, reputation, blocked: float64[S, Y], of the years of ``SUPPORT``.
        goals, threat, trend: float64[S, Y], of the years of ``AGREEMENTS``.
    """

    support: np.ndarray
    agreements: np.ndarray
    wealth: np.ndarray
    status: np.ndarray
    reputation: np.ndarray
    blocked: np.ndarray
    goals: np.ndarray
    threat: np.ndarray
    trend: np.ndarray


def priors() -> pd.DataFrame:
    """Form, centre and spread of the prior of each parameter, by name."""
    return prior_table("training_priors")


def blocked_months(atlas: Atlas, decay: float) -> np.ndarray:
    """Requests for units that the law shut, as far as they are remembered, float64[T, S]."""
    asked = asks(tell)
    shut = [not one.any() for one in asked.open]
    months = len(atlas.arrays.state_months)
    out = np.zeros((months, len(STUDIED)))
    for one, closed in zip(asked.made, shut, strict=True):
        if closed and one.modelled[0] in FORMED:
            out[one.month, STUDIED.index(one.state)] += 1.0
    for month in range(1, months):
        out[month] += out[month - 1] * (1.0 - decay)
    return out


def years() -> Years:
    """Counts and covariates in the documented situation."""
    atlas = build(Settings(start=LATE[0], end=LATE[1]))
    (chunk,) = ensemble.simulate(atlas, [0], SEED, threads=1)
    rows = [atlas.state_row(state) for state in STUDIED]
    home = atlas.arrays.state_months[:, rows]
    places = [atlas.reported.index(state) for state in STUDIED]
    stock = chunk.ledgers[0].stocks[:, places, records.STOCK_EXPERIENCE]
    known = {c.name: c.value for c in parameter_values.columns()}
    blocked = blocked_months(atlas, known["blocked_decay"])

    def mean(monthly: np.ndarray, span: tuple[int, int]) -> np.ndarray:
        first = month_number(f"{span[0]}-01")
        count = span[1] - span[0] + 1
        return monthly[first : first + 12 * count].reshape(count, 12, -1).mean(axis=1).T

    def counted(of: Any, span: tuple[int, int]) -> np.ndarray:
        return np.array(
            [[of(state, year) for year in range(span[0], span[1] + 1)] for state in STUDIED]
        )

    return Years(
        support=counted(activities, SUPPORT), agreements=counted(texts, AGREEMENTS),
        wealth=mean(home["wealth"], SUPPORT), status=mean(home["status"], SUPPORT),
        reputation=mean(np.log1p(stock), SUPPORT), blocked=mean(blocked, SUPPORT),
        goals=mean(home["status"], AGREEMENTS), threat=mean(home["threat"], AGREEMENTS),
        trend=mean(home["trend"], AGREEMENTS),
    )  # fmt: skip


def expected(value: Mapping[str, Any], told: Years) -> tuple[Any, Any]:
    """Training support and agreements that the rules expect in each year, [S, Y]."""
    import jax.numpy as jnp

    support = (
        value["support_wealth"] * told.wealth + value["support_status"] * told.status
        + value["support_reputation"] * told.reputation + value["spill_over"] * told.blocked
    )  # fmt: skip
    agreements = (
        value["agreement_status"] * told.goals + value["agreement_threat"] * told.threat
        + value["agreement_trend"] * told.trend
    )  # fmt: skip
    return (
        12.0 * value["support_base"][:, None] * jnp.exp(support),
        12.0 * value["agreement_base"][:, None] * jnp.exp(agreements),
    )


def likelihood(told: Years, seen: bool = True) -> None:
    """Priors and, where ``seen``, the counts."""
    import jax.numpy as jnp
    import numpyro
    from jax.scipy.special import gammaln
    from numpyro import distributions as dist

    value: dict[str, Any] = {}
    for name, row in priors().iterrows():
        shape = (len(STUDIED),) if name in OWN else ()
        z = numpyro.sample(f"{name}:z", dist.Normal(0.0, 1.0).expand(shape))
        raw = row["spread"] * z
        made = row["centre"] * jnp.exp(raw) if row["form"] == "positive" else row["centre"] + raw
        value[str(name)] = numpyro.deterministic(str(name), made)
    spread = numpyro.sample("concentration", dist.LogNormal(0.5, 0.7).expand([2]))
    if not seen:
        return
    for number, (mean, count) in enumerate(
        zip(expected(value, told), (told.support, told.agreements), strict=True)
    ):
        k = spread[number]
        each = gammaln(count + k) - gammaln(k) - gammaln(count + 1.0)
        each = each + k * jnp.log(k / (k + mean)) + count * jnp.log(mean / (k + mean))
        numpyro.factor(f"counts {number}", each.sum())


def values(found: Any) -> pd.DataFrame:
    """Draws of each parameter for each state, a column ``name.STATE``."""
    columns = {}
    for name in priors().index:
        drawn = np.asarray(found.posterior[name]).reshape(chains.DRAWN, -1)
        for place, state in enumerate(STUDIED):
            columns[f"{name}.{state}"] = drawn[:, place % drawn.shape[1]]
    return pd.DataFrame(columns)


def main() -> None:
    """Sample, keep and ship; print what the data say."""
    told = years()
    found = chains.agreed(likelihood, told)
    drawn = values(found)
    table = compared(drawn, values(chains.sampled(likelihood, told, seen=False))).round(4)
    write(table, "training")
    kept = drawn[[name for name in drawn if not str(name).startswith(LEFT)]]
    ship(thinned(kept), source=SOURCE)
    print(table.to_string(index=False))
    print(f"kept in {STORE.name}/training.csv")


if __name__ == "__main__":
    main()
