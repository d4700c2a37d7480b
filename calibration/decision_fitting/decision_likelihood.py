"""The joint likelihood of documented decisions, for NumPyro.

An answer to an ask is a nested logit over the menu, averaged over the random draws of the
situation; the end of a term is a logit with a firmness of its own for each presence.  Every
parameter has a value that both states share and a shift for each; priors are in
``record/decision_priors.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import numpyro
import pandas as pd
from jax.nn import log_sigmoid, log_softmax
from jax.ops import segment_sum
from numpyro import distributions as dist

from model.core import parameter_values, utility_terms
from model.rules.force_generation import SMALLEST_STEP
from model.vocabulary import GRADES, NESTS, STUDIED

from ..raw_data.raw_files import prior_table
from .decision_draws import SHARED
from .decision_terms import CLASSES, NOTHING, OUTCOMES, SIZES, Asks, Terms

SHIFT = 0.6  # spread of the prior of how far states differ, as a share of a prior's own spread
LEAST = 1e-4  # chance of an answer that is shut in every run: the coding may be wrong
MOST = 300.0  # scaled utility beyond which nothing changes
FORMULA = ("ask", "compensation", "intercept")


def priors() -> pd.DataFrame:
    """Form, centre and spread of the prior of each fitted parameter, by name."""
    return prior_table("decision_priors")


def _sampled(name: str, form: str, centre: float, spread: float, apart: Any) -> Any:
    """The values of a parameter for the two states, [2]; signs are kept by their form."""
    z = numpyro.sample(f"{name}:both", dist.Normal(0.0, 1.0))
    shift = jnp.zeros(len(STUDIED))
    if name not in SHARED:
        shift = numpyro.sample(f"{name}:shift", dist.Normal(0.0, 1.0).expand([len(STUDIED)]))
    if form == "share":
        middle = np.log(centre / (1.0 - centre))
        slope = spread / (centre * (1.0 - centre))
        value = 1.0 / (1.0 + jnp.exp(-(middle + slope * z + apart * slope * shift)))
    elif form == "level":
        value = centre + spread * (z + apart * shift)
    else:
        value = centre * jnp.exp(spread * z + apart * spread * shift)
        value = value if form == "positive" else -value
    return numpyro.deterministic(name, value)


class Told(NamedTuple):
    """What a fit is told; arrays of the same shapes need no new compilation.

    Attributes:
        done: int64[N] as ``Asks.done``.  stays: bool[P] as ``Terms.stays``.
        asks: float64[N], terms: float64[P]: 1 where a decision counts, 0 where it is kept back.
        acts: float64[priors]: 1 where a parameter acts, 0 where its value is taken as nought.
    """

    done: Any
    stays: Any
    asks: Any
    terms: Any
    acts: Any


def told(asks: Asks, terms: Terms) -> Told:
    """All that is documented, with every parameter."""
    ones = np.ones
    return Told(
        np.asarray(asks.done, dtype=int), np.asarray(terms.stays, dtype=bool),
        ones(len(asks.made)), ones(len(terms.made)), ones(len(priors())),
    )  # fmt: skip


def decision_model(asks: Asks, terms: Terms, fixed: Mapping[str, Any], given: Told) -> None:
    """Priors and likelihood.

    Args:
        asks, terms: what was decided; either may be empty.
        fixed: values of the weights that are not fitted, by name, for both states.
        given: which of it counts.
    """
    apart = numpyro.sample("apart", dist.HalfNormal(SHIFT))
    value = {
        str(name): acts * _sampled(str(name), row["form"], row["centre"], row["spread"], apart)
        for (name, row), acts in zip(priors().iterrows(), given.acts, strict=True)
    }
    z = numpyro.sample(
        "firmness", dist.Logistic(0.0, 1.0).expand([max(1, int(terms.presence.max(initial=0)) + 1)])
    )
    if len(asks.made):
        numpyro.factor(
            "answers", (given.asks * answers_chance(asks, value, fixed, given.done)).sum()
        )
    if len(terms.made):
        numpyro.factor("terms", (given.terms * terms_chance(terms, value, z, given.stays)).sum())
        numpyro.factor("sizes", (given.terms * sizes_chance(terms, value)).sum())


def answers_chance(
    asks: Asks, value: Mapping[str, Any], fixed: Mapping[str, Any], done: Any, own: Any = None
) -> Any:
    """Logarithm of the chance of what was done, [N]; ``own`` as for ``outcome_chances``."""
    chance = outcome_chances(asks, value, fixed, own)
    found = jnp.take_along_axis(chance, jnp.asarray(done)[:, None] % chance.shape[1], 1)[:, 0]
    return jnp.log(jnp.maximum(LEAST, found))


def sent_chance(asks: Asks, value: Mapping[str, Any], fixed: Mapping[str, Any]) -> Any:
    """Chance that what was asked is sent in some form, [N]."""
    chance = outcome_chances(asks, value, fixed)
    return chance[:, OUTCOMES.index("whole")] + chance[:, OUTCOMES.index("smaller")]


def outcome_chances(
    asks: Asks, value: Mapping[str, Any], fixed: Mapping[str, Any], own: Any = None
) -> Any:
    """Chance of each of ``OUTCOMES`` and, last, of sending nothing, [N, outcomes + 1].

    ``own``: what a theory of the user's own adds to the utility of sending at each ask, [N].
    Only what can be chosen is reckoned with, in one line of alternatives, [K].
    """
    ask, run, place = np.nonzero(asks.open)
    runs = asks.open.shape[1]
    menu = ask * runs + run
    nest, outcome = asks.nest[ask, place], asks.outcome[ask, place]
    x = jnp.asarray(asks.terms[ask, run, place])
    s = asks.state[ask]
    utility = (x * _weights(value, fixed)[s]).sum(axis=1)
    for number, name in enumerate(CLASSES):
        utility = utility + asks.classes[ask, place, number] * value[f"{name}_intercept"][s]
    binds = _binding(asks, value)
    made = binds * (1.0 + jnp.asarray(fixed["ask_interest"])[asks.state] * asks.interest)
    as_asked, officers = nest == NESTS.index("as_asked"), nest == NESTS.index("officers")
    utility = utility + as_asked * made[ask] * value["weight_ask"][s]
    utility = utility + ~as_asked * binds[ask] * value["weight_compensation"][s]
    if own is not None:
        utility = utility + own[ask]
    allied = x[:, utility_terms.NAMES.index("alliance")] * value["weight_alliance"][s]
    utility = utility + officers * allied * (value["officers_value"][s] - 1.0)

    scale = float(fixed["nest_scale"][0])
    each = jnp.exp(jnp.clip(utility / scale, -MOST, MOST))
    own = menu * len(NESTS) + nest
    menus = len(asks.made) * runs
    inclusive = segment_sum(each, own, menus * len(NESTS))
    some = inclusive > 0.0
    weight = jnp.where(some, jnp.where(some, inclusive, 1.0) ** scale, 0.0)
    everything = 1.0 + weight.reshape(menus, len(NESTS)).sum(axis=1)
    chance = weight[own] * each / inclusive[own] / everything[menu]
    columns = len(OUTCOMES) + 1
    found = segment_sum(chance, menu * columns + outcome, menus * columns).reshape(menus, columns)
    found = found.at[:, NOTHING].set(1.0 / everything)
    return found.reshape(len(asks.made), runs, columns).mean(axis=1)


def _weights(value: Mapping[str, Any], fixed: Mapping[str, Any]) -> Any:
    """Weight of each term for each state, [2, terms]; what a formula adds has none."""
    columns = []
    for name in utility_terms.NAMES:
        weight = f"weight_{name}"
        if name in FORMULA:
            columns.append(jnp.zeros(len(STUDIED)))
        elif weight in value:
            columns.append(value[weight])
        else:
            columns.append(jnp.asarray(fixed[weight]))
    return jnp.stack(columns, axis=1)


def _binding(asks: Asks, value: Mapping[str, Any]) -> Any:
    """As ``request_grade.binding``, for arrays."""
    grade = jnp.asarray(asks.grade)
    call = value["grade_general_call"][0]
    sounding = call + (1.0 - call) * value["grade_sounding"][0]
    leader = sounding + (1.0 - sounding) * value["grade_leader"][0]
    steps = {"own_study": 0.0, "general_call": call, "sounding": sounding, "none": sounding,
             "leader": leader, "formal_note": 1.0}  # fmt: skip
    return sum((grade == GRADES.index(name)) * level for name, level in steps.items())


def stay_level(terms: Terms, value: Mapping[str, Any], z: Any) -> Any:
    """Utility of staying at each end of a term, [P]."""
    s = jnp.asarray(terms.state)
    x = jnp.asarray(terms.terms)
    level = value["extension"][s] + value["extension_individual"][s] * jnp.asarray(terms.individual)
    level = level + value["staying_power"][s] * z[jnp.asarray(terms.presence)]
    for name in ("drawdown", "partner_left", "task_done", "congestion", "occasion"):
        place = utility_terms.NAMES.index(name)
        level = level + x[:, place] * value[f"weight_{name}"][s]
    risk = x[:, utility_terms.NAMES.index("risk")]
    return level + risk * (value["weight_risk"] * value["renewal_risk"])[s]


def terms_chance(terms: Terms, value: Mapping[str, Any], z: Any, stays: Any) -> Any:
    """Logarithm of the chance of what was done at each end of a term, [P]."""
    level = stay_level(terms, value, z)
    return jnp.where(jnp.asarray(stays), log_sigmoid(level), log_sigmoid(-level))


def sizes_chance(terms: Terms, value: Mapping[str, Any]) -> Any:
    """Logarithm of the chance of what each extension did to the size, as
    ``force_generation.extended_size``; nought where that is not documented, [P]."""
    s = jnp.asarray(terms.state)
    cut = value["resize_cut"][s] + value["resize_cut_load"][s] * jnp.asarray(terms.load)
    level = jnp.stack([jnp.zeros(len(s)), cut, value["resize_raise"][s]], axis=1)
    size = jnp.asarray(terms.size)
    found = log_softmax(level, axis=1)[jnp.arange(len(s)), size % len(SIZES)]
    step = value["resize_step"][s]
    beyond = jnp.maximum(0.0, jnp.asarray(terms.change) - SMALLEST_STEP)
    found = found + jnp.where(size > 0, -beyond / step - jnp.log(step), 0.0)
    return jnp.where(size >= 0, found, 0.0)


def fixed_values() -> dict[str, Any]:
    """Values of the parameters that the likelihood reads and does not fit, for each state, [2]."""
    known = parameter_values.columns()
    out = {c.name: np.full(len(STUDIED), c.value) for c in known if not c.state}
    for column in known:
        if column.state in STUDIED:
            out[column.shared][STUDIED.index(column.state)] += column.value
    return out
