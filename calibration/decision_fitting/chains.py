"""Chains of NUTS over a small likelihood, and whether they agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

WARMUP, SAMPLES, COUNT, SEED = 600, 1000, 2, 1
DRAWN = COUNT * SAMPLES
ACCEPTANCE = 0.97
HIGHEST_RHAT, LEAST_DRAWS = 1.01, 400


def sampled(likelihood: Callable[..., None], *told: Any, seen: bool = True) -> Any:
    """Draws as ArviZ keeps them, of the prior alone where what happened is not ``seen``."""
    import arviz
    import jax
    import numpyro
    from numpyro.infer import MCMC, NUTS

    numpyro.enable_x64()
    mcmc = MCMC(
        NUTS(likelihood, target_accept_prob=ACCEPTANCE), num_warmup=WARMUP, num_samples=SAMPLES,
        num_chains=COUNT, chain_method="sequential", progress_bar=False,
    )  # fmt: skip
    mcmc.run(jax.random.PRNGKey(SEED), *told, seen)
    return arviz.from_numpyro(mcmc, log_likelihood=False)


def diagnostics(found: Any, names: Iterable[str] | None = None) -> dict[str, float]:
    """The worst R-hat, the fewest effective draws and the divergences, of all that was drawn or of
    the variables ``names``."""
    import arviz

    chosen = None if names is None else list(names)
    rhat, ess = arviz.rhat(found, var_names=chosen), arviz.ess(found, var_names=chosen)
    return {
        "rhat": max(float(rhat[name].max()) for name in rhat),
        "ess": min(float(ess[name].min()) for name in ess),
        "divergences": float(np.asarray(found.sample_stats["diverging"]).sum()),
    }


def refusal(found: dict[str, float]) -> str:
    """Why draws must not be shipped; empty if they may."""
    if found["rhat"] > HIGHEST_RHAT:
        return f"R-hat {found['rhat']:.3f} is above {HIGHEST_RHAT}"
    if found["ess"] < LEAST_DRAWS:
        return f"{found['ess']:.0f} effective draws are fewer than {LEAST_DRAWS}"
    if found["divergences"] > 0:
        return f"{found['divergences']:.0f} divergences"
    return ""


def agreed(likelihood: Callable[..., None], *told: Any) -> Any:
    """Draws whose chains agree; what they say of themselves is printed.

    Raises:
        SystemExit: the chains do not agree.
    """
    found = sampled(likelihood, *told)
    judged = diagnostics(found)
    print(", ".join(f"{key} {value:.4g}" for key, value in judged.items()))
    if why := refusal(judged):
        raise SystemExit(f"not kept: {why}")
    return found
