"""The decision weights of Japan and Korea, sampled and shipped.

    python -m calibration.decision_fitting.decision_posterior

samples the joint likelihood with NUTS and keeps draws and diagnostics in
``calibration/fits/decisions``.  It writes the weights into ``posterior.csv`` and
``parameters.csv``, and ships nothing unless the chains agree.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.core import parameter_values
from model.months import month_number
from model.tables import FOLDER, numbers, table
from model.vocabulary import STUDIED
from scenarios.storage import atomic_write

from . import chains, decision_draws
from .decision_draws import STORE
from .decision_likelihood import decision_model, fixed_values, priors, told
from .decision_terms import Asks, Terms, asks, terms

WARMUP, SAMPLES, CHAINS, SEED = 600, 1000, 2, 1
ACCEPTANCES = (0.97, 0.99)  # the next, with smaller steps, where the chains do not agree
PLACES = 4  # significant digits kept
WIDEST = 30.0  # deviation of a state that is always allowed
SOURCE = (
    "python -m calibration.decision_fitting.decision_posterior"
    " (calibration/fits/decisions); prior in calibration/record/decision_priors.csv"
)


class Sampler:
    """NUTS over a set of decisions, compiled once for all that it is told."""

    def __init__(
        self, asked: Asks, ended: Terms, samples: int = SAMPLES, warmup: int = WARMUP,
        chains: int = CHAINS, progress: bool = False, acceptance: float = ACCEPTANCES[0],
    ) -> None:  # fmt: skip
        import numpyro
        from numpyro.infer import MCMC, NUTS

        numpyro.enable_x64()
        model = partial(decision_model, asked, ended, fixed_values())
        self.told = told(asked, ended)
        self.mcmc = MCMC(
            NUTS(model, target_accept_prob=acceptance), num_warmup=warmup, num_samples=samples,
            num_chains=chains, chain_method="sequential", progress_bar=progress,
            jit_model_args=True,
        )  # fmt: skip

    def run(self, seed: int = SEED, **given: Any) -> Any:
        """Draws as ArviZ keeps them; ``given`` replaces fields of what is told."""
        import arviz
        import jax

        self.mcmc.run(jax.random.PRNGKey(seed), self.told._replace(**given))
        return arviz.from_numpyro(self.mcmc, log_likelihood=False)


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
        jax.random.PRNGKey(seed), *nothing, fixed_values(), told(*nothing)
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
        Asks((), none, none, none, none, whole, whole, whole, none, whole),
        Terms((), none, none, none, none, whole, whole, whole, none),
    )


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


def ship(
    drawn: pd.DataFrame, folder: Path = FOLDER, seed: int = SEED, source: str = SOURCE
) -> None:
    """Write the draws as deviations into ``posterior.csv`` and ``parameters.csv``, with the command
    that gave them as their source."""
    out = table("posterior").copy()
    frame = table("parameters").copy()
    shared = {c.name: c.value for c in parameter_values.columns() if not c.state}
    drawn_shared = {name: numbers(out, "posterior", name) for name in shared if name in out}
    made = decision_draws.deviations(
        decision_draws.chosen(drawn, len(out), seed), shared | drawn_shared
    )
    for column in made:
        out[column] = [float(f"{value:.{PLACES}g}") for value in made[column]]
        name, _, state = str(column).partition(".")
        frame = _written(frame, name, state, float(out[column].mean()), source)
    out.to_csv(folder / "posterior.csv", index=False, lineterminator="\n")
    frame.to_csv(folder / "parameters.csv", index=False, lineterminator="\n")


def _written(frame: pd.DataFrame, name: str, state: str, value: float, source: str) -> pd.DataFrame:
    """The table of parameters with one value in it, in a row of its own where there is none."""
    frame = decision_draws.with_own_row(frame, name, state)
    here = (frame["name"] == name) & (frame["state"] == state)
    frame.loc[here, "value"] = f"{value:.4g}"
    if state:
        shared = frame[(frame["name"] == name) & (frame["state"] == "")].iloc[0]
        widest = max(WIDEST, float(shared["high"]) - float(shared["low"]))
        frame.loc[here, ["low", "high"]] = [f"{-widest:g}", f"{widest:g}"]
    frame.loc[here, "status"] = "calibrated"
    frame.loc[here, "source"] = source
    return frame


def tell(done: int, total: int) -> None:
    """Say on the error stream how far it is."""
    print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Sample, judge, keep, ship; then the same until each of the months that forecasts begin in."""
    asked, ended = asks(tell), terms(tell)
    print(f"{len(asked.made)} answers, {len(ended.made)} ends of terms")
    samplers = [Sampler(asked, ended, progress=True, acceptance=one) for one in ACCEPTANCES]
    drawn = agreed(samplers)
    write(decision_draws.thinned(drawn), "draws")
    write(compared(drawn, prior_values()).round(4), "summary")
    ship(decision_draws.thinned(drawn))
    for until in decision_draws.UNTIL:
        last = month_number(until)
        seen = [np.array([one.month <= last for one in part.made]) for part in (asked, ended)]
        kept = agreed(samplers, until, asks=seen[0] * 1.0, terms=seen[1] * 1.0)
        write(decision_draws.thinned(kept), until)


def agreed(samplers: list[Sampler], name: str = "diagnostics", **given: Any) -> pd.DataFrame:
    """The draws of the first sampler whose chains agree; what they say of themselves is printed."""
    why = ""
    for sampler in samplers:
        found = sampler.run(**given)
        judged = chains.diagnostics(found, (f"{one}:both" for one in priors().index))
        print(name, ", ".join(f"{key} {value:.4g}" for key, value in judged.items()), flush=True)
        why = chains.refusal(judged)
        if not why:
            if name == "diagnostics":
                write(pd.DataFrame([judged]), name)
            return values(found)
    raise SystemExit(f"{name} not kept: {why}")


def write(frame: pd.DataFrame, name: str, folder: Path = STORE) -> None:
    """Keep a table of the fit, the whole of it or nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    text = frame.to_csv(index=False, lineterminator="\n")
    atomic_write.write_whole(folder / f"{name}.csv", text.encode())


if __name__ == "__main__":
    main()
