"""Months from request to arrival of routine units, fitted.

    python -m calibration.decision_fitting.lead_times

The months of the documented requests are log-logistic, rounded to whole months as in
``model.rules.lead_time``.  Priors are in ``record/lead_priors.csv``.  There are a dozen cases,
so that both states share the values.  Of other states no request is documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.months import month_number
from model.vocabulary import STUDIED

from ..documented_decisions.coded_tables import table
from ..documented_decisions.decision_evidence import SENT
from ..evidence.request_outcomes import requests
from ..raw_data.raw_files import prior_table, records
from . import chains
from .decision_draws import thinned
from .decision_posterior import compared, ship, write

SOURCE = (
    "python -m calibration.decision_fitting.lead_times (calibration/fits/decisions/lead_times.csv);"
    " prior in calibration/record/lead_priors.csv"
)


def priors() -> pd.DataFrame:
    """Centre and spread of the prior of each parameter, by name; all are positive."""
    return prior_table("lead_priors")


def documented() -> pd.DataFrame:
    """``id``, ``state`` and ``months`` from request to arrival of every unit that was asked for
    anew, was sent, and was no answer to a crisis."""
    known = requests()
    routine = set(known.loc[known["formed"] & (known["mode"] == "routine"), "id"])
    rows = [
        (row["id"], row["state"], month_number(row["arrived"]) - month_number(row["asked"]))
        for row in records(table("asks"))
        if row["id"] in routine and row["occasion"] == "entry" and row["answer"] in SENT
        and row["arrived"]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["id", "state", "months"])


def likelihood(months: np.ndarray, seen: bool = True) -> None:
    """Priors and, where ``seen``, the months, int[N]."""
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist

    value: dict[str, Any] = {}
    for name, row in priors().iterrows():
        z = numpyro.sample(f"{name}:z", dist.Normal(0.0, 1.0))
        made = row["centre"] * jnp.exp(row["spread"] * z)
        value[str(name)] = numpyro.deterministic(str(name), made)
    if not seen:
        return

    chance = below(months + 0.5, value) - below(months - 0.5, value)
    numpyro.factor("months", jnp.log(chance).sum())


def below(months: Any, value: Mapping[str, Any]) -> Any:
    """Chance that a lead time before rounding is at most so many months."""
    import jax.numpy as jnp
    from jax.nn import sigmoid

    return sigmoid(jnp.log(months / value["routine_months"]) / value["routine_spread"])


def values(found: Any) -> pd.DataFrame:
    """Draws of each parameter for each state, a column ``name.STATE``."""
    drawn = {name: np.asarray(found.posterior[name]).reshape(-1) for name in priors().index}
    return pd.DataFrame({f"{name}.{one}": drawn[name] for name in drawn for one in STUDIED})


def main() -> None:
    """Sample, keep and ship; print what the data say."""
    frame = documented()
    print(frame.to_string(index=False))
    months = frame["months"].to_numpy()
    drawn = values(chains.agreed(likelihood, months))
    prior = values(chains.sampled(likelihood, months, seen=False))
    told = compared(drawn, prior).round(4)
    write(told, "lead_times")
    ship(thinned(drawn), source=SOURCE)
    print(told.to_string(index=False))


if __name__ == "__main__":
    main()
