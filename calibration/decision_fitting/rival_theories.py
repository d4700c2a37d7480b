"""Simpler theories of contribution, and the model without each mechanism, by the same likelihood.

    python -m calibration.decision_fitting.rival_theories

Each row of ``record/decision_theories.csv`` is fitted; Pareto-smoothed importance sampling gives
what it would have said of each decision left out (Vehtari, Gelman, Gabry 2017).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..raw_data.raw_files import coded
from .decision_likelihood import answers_chance, fixed_values, priors, terms_chance
from .decision_posterior import Sampler, tell, write
from .decision_terms import Asks, Terms, asks, terms
from .missions_left_out import CHAINS, SAMPLES, WARMUP, draws_of

COLUMNS = ("name", "sort", "parameters", "source")
WHOLE = "the whole model"


def theories() -> Iterator[tuple[str, str, np.ndarray]]:
    """Name, sort and the parameters that act, float64[priors], the whole model first."""
    known = list(priors().index)
    yield WHOLE, "whole", np.ones(len(known))
    for row in coded("decision_theories", COLUMNS).to_dict("records"):
        named = np.isin(known, row["parameters"].split(";"))
        yield row["name"], row["sort"], (named if row["sort"] == "theory" else ~named) * 1.0


def log_chances(found: Any, asked: Asks, ended: Terms, acts: np.ndarray) -> np.ndarray:
    """Logarithm of the chance of what was done, by draw and decision, float64[draws, N + P]."""
    fixed = fixed_values()
    share = dict(zip(priors().index, acts, strict=True))  # draws are kept before they are masked
    drawn = (
        ({name: share[name] * one for name, one in value.items()}, z)
        for value, z in draws_of(found, every=1)
    )
    return np.array([
        np.concatenate([
            np.asarray(answers_chance(asked, value, fixed, asked.done)),
            np.asarray(terms_chance(ended, value, z, ended.stays)),
        ])
        for value, z in drawn
    ])  # fmt: skip


def left_out_one(
    found: Any, asked: Asks, ended: Terms, acts: np.ndarray
) -> tuple[np.ndarray, float]:
    """Expected log chance of each decision left out, and the worst Pareto k of those whose chance
    differs between draws."""
    import arviz

    level = log_chances(found, asked, ended, acts)[None]
    held = arviz.from_dict(
        posterior={"firmness": np.asarray(found.posterior["firmness"])},
        log_likelihood={"decisions": level},
    )
    loo = arviz.loo(held, pointwise=True)
    k = np.asarray(loo.pareto_k)
    return np.asarray(loo.loo_i), float(k[np.isfinite(k)].max())


def compared(asked: Asks, ended: Terms) -> Iterator[pd.DataFrame]:
    """Each theory against the whole model: difference in left-out log chance, standard error;
    all that are fitted so far, given after each fit."""
    sampler = Sampler(asked, ended, SAMPLES, WARMUP, CHAINS)
    every = list(theories())
    rows = []
    whole: np.ndarray | None = None
    for number, (name, sort, acts) in enumerate(every):
        each, worst = left_out_one(sampler.run(acts=acts), asked, ended, acts)
        whole = each if whole is None else whole
        gap = each - whole
        answers = slice(0, len(asked.made))
        rows.append(
            {"name": name, "sort": sort, "elpd": each.sum(), "difference": gap.sum(),
             "standard_error": np.sqrt(len(gap) * gap.var()),
             "of_answers": gap[answers].sum(), "of_terms": gap[len(asked.made):].sum(),
             "worst_k": worst}
        )  # fmt: skip
        yield pd.DataFrame(rows)
        tell(number + 1, len(every))


def main() -> None:
    """Fit each; keep the table as it grows, and print it."""
    frame = pd.DataFrame()
    for frame in compared(asks(tell), terms(tell)):
        write(frame.round(4), "theories")
    print(frame.to_string(index=False, float_format="%.2f"))


if __name__ == "__main__":
    main()
