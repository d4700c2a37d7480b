"""The likelihood of coming, staying and leaving in the panel of contributors, for NumPyro.

A state that is absent comes within half a year if a round reaches it and it says yes; one that is
there stays if it would choose so again at the end of its term.  Both hang on one taste of the state
for the line of missions, which is not seen: the likelihood of a state's half years with a line is
the mean over that taste.  Priors are in ``record/panel_priors.csv``; where Japan and Korea have the
same weight, theirs is the same.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import numpyro
import pandas as pd
from jax.nn import log_sigmoid, log_softmax, logsumexp, sigmoid
from jax.ops import segment_sum
from numpyro import distributions as dist

from model.core import parameter_values, utility_terms

from ..fitting.panel_pairs import CLASSES
from ..raw_data.raw_files import prior_table
from .panel_terms import APPROACHES, NO_ROUND, STANDING, PanelTerms

NODES, WIDEST = 16, 5.0  # tastes over which the likelihood is averaged, and the largest of them
SHARP = 0.5  # spread of the taste within one node, in utility
NONE = 1e-12
# Held at nought: missions in need or in decline differ in much else.
ABSENT = ("weight_need", "weight_drawdown")


def priors() -> pd.DataFrame:
    """Form, centre and spread of the prior of each fitted parameter, by name."""
    return prior_table("panel_priors")


class Told(NamedTuple):
    """What a fit is told; arrays in line with the rows of ``PanelTerms``.

    Attributes:
        weight: float64[dyads], how many dyads each stands for.
        first: int64[N], 1 where the row is of people who were there when the panel begins.
    """

    terms: Any
    standing: Any
    approach: Any
    need: Any
    share: Any
    kind: Any
    stays: Any
    done: Any
    left: Any
    in_time: Any
    dyad: Any
    first: Any
    weight: Any


def told(rows: PanelTerms, share: float = 1.0, seed: int = 1) -> Told:
    """What a fit is told: every state and line of missions that ever had people, and of the others
    a ``share``, which stands for all."""
    moved = np.zeros(rows.dyad.max() + 1, dtype=bool)
    np.logical_or.at(moved, rows.dyad, rows.stays | rows.done)
    chance = np.random.default_rng([seed, 12]).random(len(moved))
    kept = rows.kept((moved | (chance < share))[rows.dyad])
    moved = np.zeros(kept.dyad.max() + 1, dtype=bool)
    np.logical_or.at(moved, kept.dyad, kept.stays | kept.done)
    first = kept.stays & (kept.window == rows.window.min())
    return Told(
        kept.terms, kept.standing, kept.approach, kept.need, kept.share, kept.kind, kept.stays,
        kept.done, kept.left, kept.in_time, kept.dyad, first, np.where(moved, 1.0, 1.0 / share),
    )  # fmt: skip


def values(absent: Collection[str] = ()) -> dict[str, Any]:
    """A value of each fitted parameter, drawn from its prior; signs are kept by their form.  Those
    ``absent`` have none."""
    found = {}
    for name, row in priors().drop(list(absent)).iterrows():
        z = numpyro.sample(f"{name}:z", dist.Normal(0.0, 1.0))
        if row["form"] == "level":
            value = row["centre"] + row["spread"] * z
        elif row["form"] == "share":
            middle = np.log(row["centre"] / (1.0 - row["centre"]))
            slope = row["spread"] / (row["centre"] * (1.0 - row["centre"]))
            value = sigmoid(middle + slope * z)
        else:
            value = row["centre"] * jnp.exp(row["spread"] * z)
            value = value if row["form"] == "positive" else -value
        found[str(name)] = numpyro.deterministic(str(name), value)
    return found


def panel_model(given: Told, fixed: dict[str, float], absent: Collection[str] = ()) -> None:
    """Priors and likelihood; ``fixed``: values of what is not fitted, by name; ``absent``: of
    what is fitted else, held at nought."""
    value = {**fixed, **dict.fromkeys(absent, 0.0), **values(absent)}
    numpyro.factor("panel", (given.weight * dyad_chance(given, value)).sum())


def _intercepts(value: dict[str, Any]) -> Any:
    return jnp.stack([jnp.asarray(value[f"{name}_intercept"], dtype=float) for name in CLASSES])


def utility(given: Told, value: dict[str, Any]) -> Any:
    """Utility of coming or staying without taste, [N]."""
    x = jnp.asarray(given.terms)
    weights = jnp.stack(
        [
            jnp.asarray(0.0 if name == "intercept" else value[f"weight_{name}"], dtype=float)
            for name in utility_terms.NAMES
        ]
    )
    staying = jnp.asarray(given.stays)
    place = utility_terms.NAMES.index("risk")
    share = jnp.where(staying, value["renewal_risk"], 1.0)
    x = x.at[:, place].multiply(share)
    return x @ weights + _intercepts(value)[jnp.asarray(given.kind)]


def asked(given: Told, value: dict[str, Any]) -> Any:
    """Chance that a round reaches the state, [N].  Each kind that is asked for has one; it reaches
    more states the more contingents it asks for."""
    base = jnp.stack([jnp.asarray(value[f"approach_{name}"], dtype=float) for name in APPROACHES])
    slopes = jnp.stack([jnp.asarray(value[f"approach_{name}"], dtype=float) for name in STANDING])
    standing = jnp.asarray(given.standing) @ slopes
    approach = jnp.asarray(given.approach)
    units = approach == APPROACHES.index("unit")
    slope = jnp.where(units, value["approach_need_unit"], value["approach_need"])
    level = base[approach] + slope * jnp.asarray(given.need)
    level += jnp.asarray(given.share) + standing[:, None]
    missed = jnp.where(approach == NO_ROUND, 0.0, log_sigmoid(-level))
    return 1.0 - jnp.exp(missed.sum(axis=1))


def dyad_chance(given: Told, value: dict[str, Any]) -> Any:
    """Logarithm of the chance of a state's half years with a line of missions, [dyads]."""
    worth = utility(given, value)
    count = len(given.weight)
    # Tastes at even distances, weighed as a logistic is; where people were there at the beginning,
    # those with which they would be.
    taste = jnp.linspace(-WIDEST, WIDEST, NODES)[None, :]
    dyad = jnp.asarray(given.dyad)
    first = jnp.asarray(given.first)[:, None]
    would = jnp.where(first, log_sigmoid((worth[:, None] - taste) / SHARP), 0.0)
    density = log_sigmoid(taste) + log_sigmoid(-taste)
    prior = log_softmax(density + segment_sum(would, dyad, count), axis=1)
    level = worth[:, None] - taste
    officer = jnp.asarray(given.kind) == list(CLASSES).index("officer")
    noise = value["renewal_noise"] * jnp.where(officer, value["renewal_officer"], 1.0)
    stay = sigmoid(level / jnp.maximum(noise, 0.05)[:, None]) * jnp.asarray(given.left)[:, None]
    come = (asked(given, value) * jnp.asarray(given.in_time))[:, None] * sigmoid(level / SHARP)
    chance = jnp.where(jnp.asarray(given.stays)[:, None], stay, come)
    chance = jnp.clip(jnp.where(jnp.asarray(given.done)[:, None], chance, 1.0 - chance), NONE, 1.0)
    line = segment_sum(jnp.log(chance), dyad, count)
    return logsumexp(prior + line, axis=1)


def fixed_values() -> dict[str, float]:
    """Shared values of the parameters that the likelihood reads and does not fit."""
    known = {c.name: c.value for c in parameter_values.columns() if not c.state}
    return known | dict.fromkeys(ABSENT, 0.0)
