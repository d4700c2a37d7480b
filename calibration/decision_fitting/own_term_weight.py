"""The weight of a term of the user's own, in the likelihood of documented answers to asks.

The stored draws of the fit are draws of all other weights where the term has none.  Each is paired
with weights on a grid and counts as much more as the answers are then likelier: so the term is
fitted jointly with all other weights, without sampling anew.  The same pairs say what each answer
would have been worth left out, alone or with all of its mission (Vehtari, Gelman, Gabry 2017).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from model.core import utility_terms
from model.errors import InputError
from model.months import month_text
from model.own_terms import Term, check_names, checked
from model.tables import table
from model.vocabulary import STUDIED

from . import decision_draws
from .decision_terms import Asks, Tell, asks, quiet

GRID = 121  # weights on the grid
REACH = 5.0  # spreads of the prior to either end of the grid
PAIRS = 2000  # of a draw and a weight, by which answers are judged left out
LEVEL = 0.9  # of the interval
FEWEST = 50.0  # effective draws below which the pairs say too little
WORST_K = 0.7  # Pareto k above which a difference is not to be trusted

_kept: list[tuple[pd.DataFrame, Asks]] = []  # asks laid out, and the table by which they were


@dataclass(frozen=True)
class FittedTerm:
    """What the documented answers of Japan and Korea say of the weight of a term.

    Attributes:
        name: of the term.
        decisions: answers to asks that were judged; ``touched``: of those in which the term is not
            at its commonest value.
        mean, deviation, low, high: of the posterior of the weight, in log odds for one unit of the
            value; the interval holds 90%.
        positive: probability that the weight is above nought.
        prior: standard deviation of the prior, which is normal around nought.
        by_decision, by_mission: difference of the left-out log score, the model with the term less
            the model without it, summed over decisions or over missions, each left out in turn.
        by_decision_error, by_mission_error: its standard error.
        draws: effective draws of all other weights.
        unsure, unsure_missions: decisions, and missions, whose left-out score hangs on single draws
            (Pareto k above 0.7).

    Example:
        >>> import peacekeeping as pk
        >>> list(vars(pk.FittedTerm)["__annotations__"])[:3]
        ['name', 'decisions', 'touched']
    """

    name: str
    decisions: int
    touched: int
    mean: float
    deviation: float
    low: float
    high: float
    positive: float
    prior: float
    by_decision: float
    by_decision_error: float
    by_mission: float
    by_mission_error: float
    draws: float
    unsure: int
    unsure_missions: int

    def __str__(self) -> str:
        lines = [
            f"term            {self.name}, in {self.decisions} documented answers of Japan and "
            f"Korea; {self.touched} differ from its commonest value",
            f"weight          {self.mean:+.2f} log odds for one unit (90% interval "
            f"{self.low:+.2f} to {self.high:+.2f}; above nought with {100 * self.positive:.0f}%)",
            f"prior           normal around nought, standard deviation {self.prior:.2f}: one "
            "standard deviation of the term moves the log odds by one",
            f"left out        by decision {self.by_decision:+.2f} (standard error "
            f"{self.by_decision_error:.2f}), by mission {self.by_mission:+.2f} (standard error "
            f"{self.by_mission_error:.2f}): log score with the term less that without it",
            f"fitted          jointly with all other weights, by reweighting the stored draws: "
            f"{self.draws:.0f} effective",
        ]
        if self.draws < FEWEST:
            lines.append(
                "caution         few draws count: the other weights would have to move far; "
                "repeat the whole fit (make fit-decisions) before you rely on this"
            )
        if self.unsure or self.unsure_missions:
            lines.append(
                f"caution         the left-out scores of {self.unsure} decisions and of "
                f"{self.unsure_missions} missions hang on single draws (Pareto k above {WORST_K})"
            )
        return "\n".join(lines)

    def table(self) -> pd.DataFrame:
        """The same as one row."""
        return pd.DataFrame([vars(self)])


def fit_term(term: Term, tell: Tell = quiet) -> FittedTerm:
    """Fit the weight of a term to the documented answers of Japan and Korea.

    The weight that the term has is left aside.  The first fit of a session lays out all asks, which
    takes a minute or so; each further one takes seconds.

    Args:
        tell: gets the asks laid out and all of them.

    Raises:
        InputError: what is given is no term, a name that is not in the tables, a term that is the
            same in all decisions, or a package that is not installed (extra ``fit``).

    Example:
        >>> import peacekeeping as pk
        >>> term = pk.Term("sudan", lambda state, mission, month: float(mission == "UNMIS"))
        >>> fitted = pk.fit_term(term)
        >>> fitted.low < fitted.mean < fitted.high
        True
    """
    if not isinstance(term, Term):
        raise InputError(
            f"fit_term takes one term, pk.fit_term(pk.Term(name, table)); {type(term).__name__} is "
            "no Term"
        )
    checked([term], utility_terms.NAMES)
    check_names(term, list(table("states")["iso3"]), list(table("missions")["mission"]))
    for package in ("numpyro", "arviz"):
        if find_spec(package) is None:
            raise InputError(
                f"fitting a term needs the package {package}, which a plain installation leaves "
                "out; install the extra 'fit': pip install 'peacekeeping[fit]'"
            )
    return fitted(term, _laid_out(tell))


def _laid_out(tell: Tell) -> Asks:
    """The asks with their menus; kept for the next term, until the tables are read again."""
    stamp = table("missions")
    if not _kept or _kept[0][0] is not stamp:
        _kept[:] = [(stamp, asks(tell))]
    return _kept[0][1]


def values(term: Term, asked: Asks) -> np.ndarray:
    """Value of a term at each ask, in the month before its answer, float64[N]."""
    missions = list(dict.fromkeys(one.mission for one in asked.made))
    known = term.tabulated(STUDIED, missions, max(one.month for one in asked.made))
    return np.array([known.value(one.state, one.mission, one.month - 1) for one in asked.made])


def fitted(term: Term, asked: Asks, drawn: pd.DataFrame | None = None) -> FittedTerm:
    """The weight of a term from the menus of the asks; ``drawn``: draws of all other weights, the
    stored ones when not given."""
    from .missions_left_out import line

    x = values(term, asked)
    spread = float(x.std())
    if spread == 0.0:
        first = asked.made[0]
        raise InputError(
            f"the term {term.name} is {x[0]:g} in all {len(x)} documented answers, such as that of "
            f"{first.state} on {first.mission} in {month_text(first.month)}: nothing tells its "
            "weight"
        )
    prior = 1.0 / spread
    grid = np.linspace(-REACH * prior, REACH * prior, GRID)  # nought is in the middle
    level = log_chances(asked, x, grid, decision_draws.whole() if drawn is None else drawn)
    without = level[:, GRID // 2]
    joint = (level - without[:, None]).sum(axis=2) - 0.5 * (grid / prior) ** 2
    share = np.exp(joint - joint.max())
    share /= share.sum()
    of_weight, of_draw = share.sum(axis=0), share.sum(axis=1)
    mean = float(of_weight @ grid)
    places = np.arange(PAIRS) / PAIRS + 0.5 / PAIRS
    draw, weight = np.divmod(np.searchsorted(np.cumsum(share.ravel()), places), GRID)
    random = np.random.default_rng(1).permutation(PAIRS)  # no order among the pairs
    with_term = level[draw, weight][random]
    lines = pd.factorize(np.array([line(one.mission) for one in asked.made]))[0]
    single, of_single = difference(with_term, without, range(len(x)))
    mission, of_mission = difference(with_term, without, lines)
    ends = np.interp([(1 - LEVEL) / 2, 0.5 + LEVEL / 2], np.cumsum(of_weight), grid)
    counts = np.unique(x, return_counts=True)[1]
    return FittedTerm(
        name=term.name,
        decisions=len(x),
        touched=int(len(x) - counts.max()),
        mean=mean,
        deviation=float(np.sqrt(of_weight @ (grid - mean) ** 2)),
        low=float(ends[0]),
        high=float(ends[1]),
        positive=float(of_weight[grid > 0].sum() + 0.5 * of_weight[GRID // 2]),
        prior=prior,
        by_decision=float(single.sum()),
        by_decision_error=float(np.sqrt(len(single) * single.var())),
        by_mission=float(mission.sum()),
        by_mission_error=float(np.sqrt(len(mission) * mission.var())),
        draws=float(1.0 / (of_draw**2).sum()),
        unsure=of_single,
        unsure_missions=of_mission,
    )


def log_chances(asked: Asks, x: np.ndarray, grid: np.ndarray, drawn: pd.DataFrame) -> np.ndarray:
    """Logarithm of the chance of what was done, float64[draws, weights, N]."""
    import jax
    import numpyro

    from .decision_likelihood import answers_chance, fixed_values

    numpyro.enable_x64()
    fixed = fixed_values()
    names = dict.fromkeys(str(column).split(".")[0] for column in drawn)
    each = {name: drawn[[f"{name}.{code}" for code in STUDIED]].to_numpy() for name in names}

    def of_weight(value: Mapping[str, Any], weight: Any) -> Any:
        return answers_chance(asked, value, fixed, asked.done, weight * x)

    over = jax.jit(jax.vmap(of_weight, in_axes=(None, 0)))
    return np.array(
        [
            np.asarray(over({name: rows[number] for name, rows in each.items()}, grid))
            for number in range(len(drawn))
        ]
    )


def difference(
    with_term: np.ndarray, without: np.ndarray, groups: Sequence[int] | np.ndarray
) -> tuple[np.ndarray, int]:
    """Left-out log score of each group of decisions with the term, less that without it, and the
    number of groups in which either hangs on single draws.

    Args:
        with_term, without: log chances by draw and decision.  groups: number of that of each.
    """
    import arviz

    count = int(max(groups)) + 1
    each, unsure = [], np.zeros(count, dtype=bool)
    for level in (with_term, without):
        summed = np.zeros((len(level), count))
        np.add.at(summed.T, np.asarray(groups), level.T)
        held = arviz.from_dict(
            posterior={"level": summed.sum(axis=1)[None]}, log_likelihood={"left": summed[None]}
        )
        with warnings.catch_warnings():  # what it warns of is told in ``unsure``
            warnings.simplefilter("ignore")
            found = arviz.loo(held, pointwise=True, reff=1.0)
        k = np.asarray(found.pareto_k)
        unsure |= np.isfinite(k) & (k > WORST_K)  # without end: the same in every draw
        each.append(np.asarray(found.loo_i))
    return each[0] - each[1], int(unsure.sum())
