"""The weights of all other contributors, sampled from the panel.

    python -m calibration.panel_fitting.panel_posterior [--until 2024-06]

finds where the posterior is highest, and samples around it with NUTS in coordinates in which it is
round there.  Draws, diagnostics and the comparison with the prior are kept in
``calibration/fits/panel``; nothing is kept unless the chains agree.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from model.core import parameter_values
from model.months import month_number

from ..decision_fitting import chains, decision_draws
from ..decision_fitting.decision_posterior import tell, write
from .panel_likelihood import Told, fixed_values, panel_model, priors, told
from .panel_terms import STEP, PanelTerms, panel_terms

STORE = decision_draws.STORE.parent / "panel"
UNTIL = ("2014-12", "2024-06")  # months until which a fit is kept
SHARE = 0.1  # of the states that never had people in a line of missions, each counted ten times
WARMUP, SAMPLES, COUNT, SEED = 150, 300, 2, 1
TRIES = 400  # steps to the highest point
ACCEPTANCE = 0.9


def until(rows: PanelTerms, month: str) -> PanelTerms:
    """The half years that end by a month."""
    return rows.kept(rows.window + STEP <= month_number(month))


class Surface:
    """The negative logarithm of the posterior, as a function of standard normal coordinates."""

    def __init__(self, given: Told) -> None:
        import jax
        import numpyro
        from numpyro.infer.util import initialize_model

        numpyro.enable_x64()
        self.names = [str(name) for name in priors().index]
        model = partial(panel_model, given, fixed_values())
        potential = initialize_model(jax.random.PRNGKey(SEED), model).potential_fn
        self.at = jax.jit(lambda x: potential(self._named(x)))
        self.slope = jax.jit(jax.value_and_grad(self.at))

    def _named(self, x: Any) -> dict[str, Any]:
        return {f"{name}:z": x[number] for number, name in enumerate(self.names)}

    def peak(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the posterior is highest, and the root of its covariance there."""
        import jax
        from scipy.optimize import minimize

        def both(x: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = self.slope(x)
            return float(value), np.asarray(slope)

        found = minimize(
            both, np.zeros(len(self.names)), jac=True, method="L-BFGS-B",
            options={"maxiter": TRIES},
        )  # fmt: skip
        curved = np.asarray(jax.jit(jax.hessian(self.at))(found.x))
        return found.x, np.linalg.cholesky(np.linalg.inv(curved))


def sampled(given: Told) -> tuple[pd.DataFrame, dict[str, float]]:
    """Draws of each parameter and what the chains say of themselves."""
    import arviz
    import jax
    import jax.numpy as jnp
    from numpyro.infer import MCMC, NUTS

    surface = Surface(given)
    middle, root = (jnp.asarray(part) for part in surface.peak())
    mcmc = MCMC(
        NUTS(potential_fn=lambda e: surface.at(middle + root @ e), target_accept_prob=ACCEPTANCE),
        num_warmup=WARMUP, num_samples=SAMPLES, num_chains=COUNT, chain_method="sequential",
        progress_bar=True,
    )  # fmt: skip
    starts = jax.random.normal(jax.random.PRNGKey(SEED), (COUNT, len(surface.names)))
    mcmc.run(jax.random.PRNGKey(SEED), init_params=starts)
    drawn = np.asarray(mcmc.get_samples(group_by_chain=True))
    diverging = np.asarray(mcmc.get_extra_fields(group_by_chain=True)["diverging"])
    z = np.asarray(middle) + drawn @ np.asarray(root).T
    found = arviz.from_dict({"posterior": {"z": z}, "sample_stats": {"diverging": diverging}})
    flat = z.reshape(-1, len(surface.names))
    columns = {name: _valued(name, flat[:, number]) for number, name in enumerate(surface.names)}
    return pd.DataFrame(columns), chains.diagnostics(found)


def _valued(name: str, z: np.ndarray) -> np.ndarray:
    """Values of a parameter at standard normal coordinates, within its documented range."""
    row = priors().loc[name]
    centre, spread, form = float(row["centre"]), float(row["spread"]), row["form"]
    if form == "level":
        value = centre + spread * z
    elif form == "share":
        middle, slope = np.log(centre / (1.0 - centre)), spread / (centre * (1.0 - centre))
        value = 1.0 / (1.0 + np.exp(-(middle + slope * z)))
    else:
        value = centre * np.exp(spread * z) * (1.0 if form == "positive" else -1.0)
    column = {c.name: c for c in parameter_values.columns()}[name]
    return np.clip(value, column.low, column.high)


def compared(drawn: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """Prior and posterior of each parameter side by side, with the contraction of the variance."""
    noise = np.random.default_rng([seed, 13]).standard_normal(20_000)
    rows = []
    for name in drawn:
        before = _valued(str(name), noise)
        rows.append(
            {"parameter": name, "prior": before.mean(), "prior_sd": before.std(),
             "mean": drawn[name].mean(), "sd": drawn[name].std(),
             "low": drawn[name].quantile(0.05), "high": drawn[name].quantile(0.95),
             "contraction": 1.0 - drawn[name].var() / before.var()}
        )  # fmt: skip
    return pd.DataFrame(rows)
