"""The weights of all other contributors, sampled from the panel and shipped.

    python -m calibration.panel_fitting.panel_posterior

finds where the posterior is highest, and samples around it by importance, with weights smoothed as
ArviZ does.  How often capitals are asked and how much else speaks for staying is then set by
forecasts (``panel_levels``), because offers beyond the need are scaled, which no likelihood sees.
Draws until each of ``UNTIL`` are kept in ``calibration/fits``, the last of them is shipped, and
nothing is kept unless the weights can be trusted.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.core import parameter_values
from model.months import month_number

from ..decision_fitting.decision_posterior import compared, tell, write
from ..fitting import abc_sampler, posterior
from ..fitting.fitted_parameters import SHARED
from . import panel_levels, panel_sizes
from .panel_likelihood import ABSENT, Told, fixed_values, panel_model, priors, told
from .panel_terms import STEP, PanelTerms, panel_terms

STORE = posterior.FITS / "panel"
UNTIL = ("2010-12", "2014-12", "2024-06")  # a fit to each is kept; the last is shipped
# The fit by forecasts, which has what no likelihood tells.
FORECASTS = posterior.FITS / "forecasts" / "2010-12.csv"
SHARE = 0.1  # of the states that never had people in a line of missions, each counted ten times
KEPT, SEED = 400, 1  # draws kept by their weights
HIGHEST_K, LEAST_DRAWS = 0.7, 400  # Pareto's k up to which weights can be trusted; draws needed
# Draws proposed, degrees of freedom of the proposal, and how much wider it is than the peak: the
# next, around the mean of the one before, where the weights of that one cannot be trusted.
PROPOSALS = ((3000, 30, 1.1), (6000, 10, 1.2), (6000, 10, 1.2))
TRIES = 400  # steps to the highest point, and again as many that know how it curves
FLAT = 1e-4  # slope at which the highest point is reached
SOURCE = (
    "python -m calibration.panel_fitting.panel_posterior (calibration/fits/{until}.csv);"
    " prior in calibration/record/panel_priors.csv"
)


def until(rows: PanelTerms, month: str) -> PanelTerms:
    """The half years that end by a month."""
    return rows.kept(rows.window + STEP <= month_number(month))


class Surface:
    """The negative logarithm of the posterior, as a function of standard normal coordinates."""

    def __init__(self, given: Told, absent: Collection[str] = ()) -> None:
        import jax
        import numpyro
        from numpyro.infer.util import initialize_model

        numpyro.enable_x64()
        self.names = [str(name) for name in priors().index if name not in absent]
        model = partial(panel_model, given, fixed_values(), absent)
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

        curved = jax.jit(jax.hessian(self.at))
        near = minimize(
            both, np.zeros(len(self.names)), jac=True, method="L-BFGS-B",
            options={"maxiter": TRIES},
        )  # fmt: skip
        found = minimize(
            both, near.x, jac=True, hess=lambda x: np.asarray(curved(x)), method="trust-exact",
            options={"maxiter": TRIES, "gtol": FLAT},
        )  # fmt: skip
        return found.x, np.linalg.cholesky(np.linalg.inv(np.asarray(curved(found.x))))


def sampled(given: Told) -> tuple[pd.DataFrame, dict[str, float]]:
    """Draws of each parameter, by importance sampling around the peak, and how good they are:
    Pareto's k of the smoothed weights (Vehtari and others 2024) and the effective draws.

    A weight of which the panel tells the wrong sign is held at nought: it has no column.
    """
    import arviz
    import jax
    import jax.numpy as jnp
    from scipy import stats

    surface, centre, root = signed(given)
    for count, tails, wider in PROPOSALS:
        proposal = stats.multivariate_t(centre, wider**2 * root @ root.T, df=tails, seed=SEED)
        z = proposal.rvs(count)
        height = -np.asarray(jax.lax.map(surface.at, jnp.asarray(z)))
        weight, k = arviz.psislw(height - proposal.logpdf(z))
        chance = np.exp(np.asarray(weight))
        chance /= chance.sum()
        judged = {"pareto_k": float(k), "ess": float(1.0 / (chance**2).sum())}
        if not refusal(judged):
            break
        centre = chance @ z
    rows = pd.DataFrame(
        {name: _valued(name, z[:, number]) for number, name in enumerate(surface.names)}
    )
    drawn = abc_sampler.resampled(rows.assign(weight=chance), SEED, KEPT).drop(columns="weight")
    return drawn, judged


def signed(given: Told) -> tuple[Surface, np.ndarray, np.ndarray]:
    """The surface, its peak and the root of the covariance there, at which no weight has a sign
    that its documented range shuts out."""
    absent: list[str] = []
    while True:
        surface = Surface(given, absent)
        peak, root = surface.peak()
        wrong = [
            name
            for name, z in zip(surface.names, peak, strict=True)
            if name.startswith("weight_") and _has_wrong_sign(name, _unbounded(name, z))
        ]
        if not wrong:
            return surface, peak, root
        absent += wrong


def _has_wrong_sign(name: str, value: float) -> bool:
    """Whether a value lies beyond nought, where its documented range ends there."""
    column = {c.name: c for c in parameter_values.columns()}[name]
    return (column.low == 0.0 and value < 0.0) or (column.high == 0.0 and value > 0.0)


def refusal(found: dict[str, float]) -> str:
    """Why draws must not be shipped; empty if they may."""
    if found["pareto_k"] > HIGHEST_K:
        return f"Pareto's k is {found['pareto_k']:.2f}, above {HIGHEST_K}"
    if found["ess"] < LEAST_DRAWS:
        return f"{found['ess']:.0f} effective draws are fewer than {LEAST_DRAWS}"
    return ""


def _valued(name: str, z: np.ndarray) -> np.ndarray:
    """Values of a parameter at standard normal coordinates, within its documented range."""
    column = {c.name: c for c in parameter_values.columns()}[name]
    return np.clip(_unbounded(name, z), column.low, column.high)


def _unbounded(name: str, z: Any) -> Any:
    """Values of a parameter at standard normal coordinates."""
    row = priors().to_dict("index")[name]
    centre, spread, form = float(row["centre"]), float(row["spread"]), row["form"]
    if form == "level":
        return centre + spread * z
    if form == "share":
        middle, slope = np.log(centre / (1.0 - centre)), spread / (centre * (1.0 - centre))
        return 1.0 / (1.0 + np.exp(-(middle + slope * z)))
    return centre * np.exp(spread * z) * (1.0 if form == "positive" else -1.0)


def prior_values(count: int = 20_000, seed: int = SEED) -> pd.DataFrame:
    """Draws of the prior, in the columns of ``sampled``."""
    noise = np.random.default_rng([seed, 13]).standard_normal(count)
    return pd.DataFrame({str(name): _valued(str(name), noise) for name in priors().index})


def absent(drawn: pd.DataFrame) -> list[str]:
    """Weights that are held at nought."""
    return [*ABSENT, *(str(name) for name in priors().index if name not in drawn)]


def whole(drawn: pd.DataFrame, levels: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Draws of everything that the panel tells: weights, levels by forecasts, and sizes; with what
    no likelihood tells, as the fit by forecasts has it."""
    out = drawn.sample(posterior.DRAWS, random_state=SEED).reset_index(drop=True)
    out = out.assign(**dict.fromkeys(absent(drawn), 0.0))
    shifts = abc_sampler.resampled(levels, SEED, posterior.DRAWS)
    for name, values in panel_levels.shifted(out, shifts).items():
        out[name] = values
    other = abc_sampler.resampled(posterior.read(FORECASTS), SEED, posterior.DRAWS)
    other = other[[*SHARED]].reset_index(drop=True)
    return out.join(sizes).join(other).assign(weight=1.0 / posterior.DRAWS)


def main() -> None:
    """Sample until each month, judge, keep, and ship the last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=Path("results") / "panel",
        help="keeps what has been tried: a fit that was broken off goes on from there",
    )  # fmt: skip
    folder = parser.parse_args().out
    rows = panel_terms(UNTIL[-1], tell)
    for month in UNTIL:
        seen = until(rows, month)
        drawn, judged = sampled(told(seen, SHARE))
        moves = {"half_years": len(seen.state), "came": int(seen.done[~seen.stays].sum()),
                 "left": int((~seen.done[seen.stays]).sum())}  # fmt: skip
        print(month, ", ".join(f"{name} {value:.4g}" for name, value in (judged | moves).items()))
        if why := refusal(judged):
            raise SystemExit(f"{month} not kept: {why}")
        weights = {str(one): float(drawn[one].mean()) for one in drawn}
        weights |= dict.fromkeys(absent(drawn), 0.0)
        sizes = panel_sizes.draws(panel_sizes.told(month), posterior.DRAWS)
        weights |= {str(one): float(sizes[one].mean()) for one in sizes}
        levels = panel_levels.levels(month, weights, folder / month)
        write(whole(drawn, levels, sizes).round(5), month, posterior.FITS)
        write(compared(drawn, prior_values()).round(4), f"summary-{month}", STORE)
        told_of = judged | moves | {"held_at_nought": ";".join(absent(drawn))}
        write(pd.DataFrame([told_of]), f"diagnostics-{month}", STORE)
        write(levels.round(5), f"levels-{month}", STORE)
    held = posterior.read(posterior.FITS / f"{UNTIL[-1]}.csv")
    posterior.ship(held, SOURCE.format(until=UNTIL[-1]))


if __name__ == "__main__":
    main()
