"""Does the fit find what was put in?  Simulation-based calibration (Talts and others 2018).

    python -m calibration.decision_fitting.calibration_by_simulation [--repeats 40]

Parameters are drawn from the prior, decisions from the likelihood in the documented situations, and
the fit is made to these.  A right fit covers the truth as often as its intervals say.  A fit takes
one to six minutes; each is kept, so that it may be stopped, read, and taken up again.  As with the
fit that is shipped, a chain that does not mix is drawn again in smaller steps and then left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from . import chains
from .decision_draws import STORE
from .decision_likelihood import fixed_values, outcome_chances, priors, stay_level
from .decision_posterior import ACCEPTANCES, Sampler, tell, write
from .decision_terms import NOTHING, OUTCOMES, Asks, Terms, asks, terms
from .missions_left_out import draws_of

REPEATS, SAMPLES, WARMUP, CHAINS, SEED = 40, 300, 300, 1, 3
SHARES = (0.5, 0.8, 0.95)
LEAST_DRAWS = 30  # effective draws of a chain that mixes


def decided(
    value: dict[str, Any], z: Any, asked: Asks, ended: Terms, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Decisions drawn from the likelihood: what was done, int64[N], and who stays, bool[P]."""
    chance = np.cumsum(np.asarray(outcome_chances(asked, value, fixed_values())), axis=1)
    draw = rng.random(len(chance))[:, None] * chance[:, -1:]
    done = (draw >= chance).sum(axis=1)
    done = np.where(done == len(OUTCOMES), NOTHING, done)
    stays = rng.random(len(ended.made)) < 1.0 / (
        1.0 + np.exp(-np.asarray(stay_level(ended, value, z)))
    )
    return done, stays


def calibrated(
    asked: Asks, ended: Terms, repeats: int = REPEATS, known: pd.DataFrame | None = None
) -> Iterator[pd.DataFrame]:
    """Share of the draws below the truth (``rank``): a row for each repeat and parameter, given
    after each fit; what is ``known`` is not fitted again."""
    ended = replace(ended, size=np.full(len(ended.made), NOTHING))  # sizes are not drawn anew
    count = (len(asked.made), len(ended.made))
    samplers = [
        Sampler(asked, ended, SAMPLES, warmup, CHAINS, acceptance=one)
        for warmup, one in zip((WARMUP, 2 * WARMUP), ACCEPTANCES, strict=True)
    ]
    prior = samplers[0].run(seed=SEED, asks=np.zeros(count[0]), terms=np.zeros(count[1]))
    truths = list(draws_of(prior, every=max(1, SAMPLES // repeats)))[:repeats]
    rng = np.random.default_rng([SEED, 13])
    ranks = pd.DataFrame(columns=["repeat", "parameter", "rank"]) if known is None else known
    for repeat, (value, z) in enumerate(truths):
        done, stays = decided(value, z, asked, ended, rng)
        if repeat in set(ranks["repeat"]):
            continue
        rows = []
        found = mixed(samplers, seed=SEED + 1 + repeat, done=done, stays=stays)
        if found is None:
            continue
        for name in judged():
            drawn = np.asarray(found.posterior[name])[0, :, 0]
            rank = float((drawn < value[name][0]).mean())
            rows.append({"repeat": repeat, "parameter": name, "rank": rank})
        ranks = pd.concat([ranks, pd.DataFrame(rows)] if len(ranks) else [pd.DataFrame(rows)])
        yield ranks
        tell(repeat + 1, len(truths))


def judged() -> list[str]:
    """Parameters whose values are looked for; sizes are not drawn anew."""
    return [str(name) for name in priors().index if not str(name).startswith("resize_")]


def mixed(samplers: list[Sampler], **told: Any) -> Any:
    """Draws of the first sampler whose chain mixes; None where no chain does."""
    names = [f"{name}:both" for name in priors().index]
    for sampler in samplers:
        found = sampler.run(**told)
        if chains.diagnostics(found, names)["ess"] >= LEAST_DRAWS:
            return found
    return None


def coverage(ranks: pd.DataFrame) -> pd.DataFrame:
    """Share of truths inside the central intervals, by parameter and, last, over all."""
    inside = {f"in_{100 * share:.0f}": (ranks["rank"] - 0.5).abs() <= share / 2 for share in SHARES}
    frame = ranks.assign(**inside)
    names = list(inside)
    each = frame.groupby("parameter", sort=False)[names].mean().reset_index()
    all_of_them = frame[names].mean().to_frame().T.assign(parameter="all parameters")
    found = pd.concat([each, all_of_them], ignore_index=True)
    return found.assign(repeats=ranks["repeat"].nunique())


def main() -> None:
    """Repeat; keep and print the coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--afresh", action="store_true", help="fit again what is kept, too")
    options = parser.parse_args()
    path = STORE / "coverage_ranks.csv"
    known = pd.read_csv(path) if path.exists() and not options.afresh else None
    for ranks in calibrated(asks(tell), terms(tell), options.repeats, known):
        write(ranks.round(4), "coverage_ranks")
        known = ranks
    if known is None:
        raise SystemExit("--repeats must be at least 1")
    found = coverage(known)
    write(found.round(4), "coverage")
    print(found.to_string(index=False, float_format="%.2f"))


if __name__ == "__main__":
    main()
