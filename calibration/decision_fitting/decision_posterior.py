"""The decision weights of Japan and Korea, sampled and shipped.

    python -m calibration.decision_fitting.decision_posterior

samples the joint likelihood with NUTS and keeps draws and diagnostics in
``calibration/fits/decisions``.  It writes the weights into ``posterior.csv`` and
``parameters.csv``, and ships nothing unless the chains agree.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.core import parameter_values
from model.tables import FOLDER, table
from model.vocabulary import STUDIED

from .decision_likelihood import SHARED, decision_model, fixed_values, priors
from .decision_terms import Asks, Terms, asks, terms

STORE = Path(__file__).parents[1] / "fits" / "decisions"
WARMUP, SAMPLES, CHAINS, SEED = 600, 1000, 2, 1
HIGHEST_RHAT, LEAST_DRAWS = 1.01, 400
PLACES = 4  # significant digits kept
SOURCE = (
    "python -m calibration.decision_fitting.decision_posterior"
    " (calibration/fits/decisions); prior in calibration/record/decision_priors.csv"
)


def sample(
    asked: Asks, ended: Terms, samples: int = SAMPLES, warmup: int = WARMUP, chains: int = CHAINS,
    seed: int = SEED, progress: bool = False,
) -> Any:  # fmt: skip
    """NUTS draws as ArviZ keeps them."""
    import arviz
    import jax
    import numpyro
    from numpyro.infer import MCMC, NUTS

    numpyro.enable_x64()
    kernel = NUTS(decision_model, target_accept_prob=0.9)
    mcmc = MCMC(
        kernel, num_warmup=warmup, num_samples=samples, num_chains=chains,
        chain_method="sequential", progress_bar=progress,
    )  # fmt: skip
    mcmc.run(jax.random.PRNGKey(seed), asked, ended, fixed_values())
    return arviz.from_numpyro(mcmc, log_likelihood=False)


def values(found: Any) -> pd.DataFrame:
    """Draws of each parameter for each state, a column ``name.STATE``."""
    columns = {}
    for name in priors().index:
        drawn = np.asarray(found.posterior[name])
        flat = drawn.reshape(-1, len(STUDIED))
        for place, state in enumerate(STUDIED):
            columns[f"{name}.{state}"] = flat[:, place]
    return pd.DataFrame(columns)


def prior_values(count: int = 20_000, seed: int = SEED) -> pd.DataFrame:
    """Draws of the prior, in the columns of ``values``."""
    import jax
    import numpyro
    from numpyro.infer import Predictive

    numpyro.enable_x64()
    nothing = empty()
    drawn = Predictive(decision_model, num_samples=count)(
        jax.random.PRNGKey(seed), *nothing, fixed_values()
    )
    columns = {}
    for name in priors().index:
        for place, state in enumerate(STUDIED):
            columns[f"{name}.{state}"] = np.asarray(drawn[name])[:, place]
    return pd.DataFrame(columns)


def empty() -> tuple[Asks, Terms]:
    """No decisions at all: the likelihood is then the prior."""
    none = np.zeros(0)
    whole = np.zeros(0, dtype=int)
    return (
        Asks((), none, none, none, none, none, whole, none, whole),
        Terms((), none, none, none, whole, whole),
    )


def diagnostics(found: Any) -> dict[str, float]:
    """The worst R-hat, the fewest effective draws and the divergences."""
    import arviz

    names = [f"{name}:both" for name in priors().index]
    rhat = arviz.rhat(found, var_names=names)
    ess = arviz.ess(found, var_names=names)
    return {
        "rhat": float(max(float(rhat[name]) for name in names)),
        "ess": float(min(float(ess[name]) for name in names)),
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


def compared(drawn: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Prior and posterior of each value side by side, with the contraction of the variance."""
    rows = []
    for name in drawn.columns:
        rows.append(
            {"parameter": name, "prior": before[name].mean(), "prior_sd": before[name].std(),
             "mean": drawn[name].mean(), "sd": drawn[name].std(),
             "low": drawn[name].quantile(0.05), "high": drawn[name].quantile(0.95),
             "contraction": 1.0 - drawn[name].var() / before[name].var()}
        )  # fmt: skip
    return pd.DataFrame(rows)


def ship(drawn: pd.DataFrame, folder: Path = FOLDER, seed: int = SEED) -> None:
    """Write the values of both states as deviations into ``posterior.csv`` and ``parameters.csv``.

    What both states share and no other state has (grades, the weight of an ask) is written as the
    shared value.
    """
    held = table("posterior")
    chosen = np.random.default_rng([seed, 11]).integers(len(drawn), size=len(held))
    frame = table("parameters").copy()
    shared = {c.name: c.value for c in parameter_values.columns() if not c.state}
    out = held.copy()
    for column in drawn.columns:
        name, state = column.split(".")
        values_of = drawn[column].to_numpy()
        if name in SHARED:
            if state != STUDIED[0]:
                continue
            target, own, shift = name, "", 0.0
        else:
            target, own, shift = column, state, shared[name]
        shifted = [float(f"{value - shift:.{PLACES}g}") for value in values_of[chosen]]
        out[target] = shifted
        frame = _written(frame, name, own, float(np.mean(shifted)))
    out.to_csv(folder / "posterior.csv", index=False, lineterminator="\n")
    frame.to_csv(folder / "parameters.csv", index=False, lineterminator="\n")


def _written(frame: pd.DataFrame, name: str, state: str, value: float) -> pd.DataFrame:
    """The table of parameters with one value in it, in a row of its own where there is none."""
    here = (frame["name"] == name) & (frame["state"] == state)
    if not here.any():
        unit = frame.loc[(frame["name"] == name) & (frame["state"] == ""), "unit"].iloc[0]
        row = {"name": name, "state": state, "role": "uncertainty", "low": "-20", "high": "20",
               "unit": unit, "description": f"own level of {state}"}  # fmt: skip
        frame = pd.concat([frame, pd.DataFrame([row])], ignore_index=True).fillna("")
        here = (frame["name"] == name) & (frame["state"] == state)
    frame.loc[here, "value"] = f"{value:.4g}"
    if state:
        frame.loc[here, ["low", "high"]] = ["-30", "30"]
    frame.loc[here, "status"] = "calibrated"
    frame.loc[here, "source"] = SOURCE
    return frame


def read() -> pd.DataFrame:
    """The stored draws."""
    return pd.read_csv(STORE / "draws.csv")


def tell(done: int, total: int) -> None:
    """Say on the error stream how far it is."""
    print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Sample, judge, keep, ship."""
    asked, ended = asks(tell), terms(tell)
    print(f"{len(asked.made)} answers, {len(ended.made)} ends of terms")
    found = sample(asked, ended, progress=True)
    judged = diagnostics(found)
    print(", ".join(f"{name} {value:.4g}" for name, value in judged.items()))
    if why := refusal(judged):
        raise SystemExit(f"not shipped: {why}")
    drawn = values(found)
    kept = drawn.iloc[:: max(1, len(drawn) // 400)].round(5)
    STORE.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    kept.to_csv(text, index=False, lineterminator="\n")
    (STORE / "draws.csv").write_text(text.getvalue())
    table_of = compared(drawn, prior_values()).round(4)
    table_of.to_csv(STORE / "summary.csv", index=False, lineterminator="\n")
    pd.DataFrame([judged]).to_csv(STORE / "diagnostics.csv", index=False, lineterminator="\n")
    ship(kept)


if __name__ == "__main__":
    main()
