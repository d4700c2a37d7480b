"""What a forecast must beat: standing still, the long run, and regressions with usual covariates.

All see the same data up to the origin (a month number) and give samples of people by state for as
many years after it as they are asked for.
"""

import warnings

import numpy as np
import pandas as pd
from scipy.stats import nbinom

from model.months import year_of
from model.tables import table
from model.vocabulary import REGIONS

from . import observations

SAMPLES = 400
TREES = 100
LEAF = 10  # fewest earlier cases that a forest compares a state with
LAGS = (0, 1, 2, 3, 5)  # years back
SIZES = (1.0, 10.0, 100.0, 1000.0)  # people: where classes of contributors begin


def _before(origin: int) -> tuple[int, pd.DataFrame, pd.DataFrame]:
    """The origin's year, and means and closing numbers of years up to it, which end with the
    calendar month of the origin."""
    year, ends = year_of(origin), origin % 12 + 1
    mean, closing = observations.yearly(ends), observations.closing(ends)
    return year, mean[mean.index <= year], closing[closing.index <= year]


def _earlier(mean: pd.DataFrame, year: int, horizon: int) -> list[int]:
    """Years from which a forecast so far ahead could be checked by ``year``; the first year of the
    record is not whole."""
    return [t for t in mean.index[1:] if t + horizon <= year]


def persistence(
    origin: int,
    horizons: int,
    states: tuple[str, ...],
    now: np.ndarray,
    seed: int,
    anchor: str = "last month",
    sizes: tuple[float, ...] = (),
) -> np.ndarray:
    """Today's number with the errors that standing still has made before, by horizon.

    Args:
        now: float64[states], people in the last known month.
        anchor: ``last month`` starts from it; ``last year`` from the mean of the origin's year.
        sizes: limits of classes of size; a state's errors come from states of its own class.

    Returns:
        float64[samples, states, years]
    """
    year, mean, closing = _before(origin)
    rng = np.random.default_rng([seed, 1])
    start = closing if anchor == "last month" else mean
    first = now if anchor == "last month" else mean.loc[year, list(states)].to_numpy()
    out = np.zeros((SAMPLES, len(states), horizons))
    for place in range(horizons):
        earlier = _earlier(mean, year, place + 1)
        said = start.loc[earlier, list(states)].to_numpy(dtype=float)
        came = mean.loc[[t + place + 1 for t in earlier], list(states)].to_numpy()
        out[:, :, place] = with_errors(first, said, came, rng, sizes)
    return out


def with_errors(
    first: np.ndarray,
    said: np.ndarray,
    came: np.ndarray,
    rng: np.random.Generator,
    sizes: tuple[float, ...] = (),
) -> np.ndarray:
    """A forecast of people with the errors of earlier forecasts, on log(1 + people).

    Args:
        first: float64[states], what is said now.
        said, came: float64[earlier origins, states], what was said then and what came.
        sizes: limits of classes of size from which errors are drawn; none for one class.

    Returns:
        float64[samples, states]; without earlier origins, ``first``.
    """
    errors = np.log1p(came) - np.log1p(said)
    if not errors.size:
        return np.broadcast_to(first, (SAMPLES, len(first))).copy()
    then, now = np.digitize(said, sizes), np.digitize(first, sizes)
    out = np.zeros((SAMPLES, len(first)))
    for size in np.unique(now):
        own = errors[then == size] if (then == size).any() else errors.ravel()
        alike = np.flatnonzero(now == size)
        drawn = rng.choice(own, size=(SAMPLES, len(alike)))
        out[:, alike] = np.expm1(np.maximum(0.0, np.log1p(first[alike]) + drawn))
    return out


def climatology(origin: int, horizons: int, states: tuple[str, ...], seed: int) -> np.ndarray:
    """Each state's own past years, drawn at random."""
    _, mean, _ = _before(origin)
    past = mean.loc[mean.index[1:], list(states)].to_numpy()
    rng = np.random.default_rng([seed, 2])
    drawn = rng.integers(len(past), size=(SAMPLES, len(states), horizons))
    return past[drawn, np.arange(len(states))[None, :, None]]


def covariates(year: int, states: tuple[str, ...], closing: pd.DataFrame) -> pd.DataFrame:
    """Usual covariates of a year: own number, forces, income, population, vote, pact, threat."""
    frame = table("state_years")
    frame = frame[frame["year"] == str(year)].set_index("iso3").reindex(list(states))
    values = {
        name: pd.to_numeric(frame[name], errors="coerce")
        for name in (
            "population", "gdp_per_capita_2011", "military_personnel", "ideal_point",
            "us_alliance", "conflict_deaths",
        )
    }  # fmt: skip
    past = closing.loc[year, list(states)].to_numpy()
    regions = table("states").set_index("iso3")["region"].reindex(list(states))
    out = pd.DataFrame(
        {
            "constant": 1.0,
            "own": np.log1p(past),
            "present": (past > 0).astype(float),
            "population": np.log(values["population"].clip(lower=1e4)).to_numpy(),
            "income": np.log(values["gdp_per_capita_2011"].clip(lower=300)).to_numpy(),
            "forces": np.log1p(values["military_personnel"]).to_numpy(),
            "vote": values["ideal_point"].to_numpy(),
            "pact": values["us_alliance"].to_numpy(),
            "war": np.log1p(values["conflict_deaths"]).to_numpy(),
        },
        index=list(states),
    )
    for region in REGIONS[1:]:
        out[region] = (regions == region).astype(float).to_numpy()
    return out.fillna(out.median(numeric_only=True)).fillna(0.0)


def hurdle(origin: int, horizons: int, states: tuple[str, ...], seed: int) -> np.ndarray:
    """Logit of having anybody (joining and leaving), truncated negative binomial of how many.

    One direct regression a horizon, on all earlier origins; samples from the fitted distributions.
    """
    import statsmodels.api as sm
    from statsmodels.discrete.truncated_model import TruncatedLFNegativeBinomialP

    year, mean, closing = _before(origin)
    rng = np.random.default_rng([seed, 3])
    out = np.zeros((SAMPLES, len(states), horizons))
    for place in range(horizons):
        horizon = place + 1
        starts = _earlier(mean, year, horizon)
        x = pd.concat([covariates(t, states, closing) for t in starts])
        y = np.concatenate([mean.loc[t + horizon, list(states)].to_numpy() for t in starts])
        y = np.ceil(y)
        centre, spread = x.mean(), x.std().replace(0.0, 1.0)
        centre["constant"], spread["constant"] = 0.0, 1.0
        z = (x - centre) / spread
        new = (covariates(year, states, closing) - centre) / spread
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            joins = sm.Logit(y > 0, z.to_numpy()).fit_regularized(alpha=1.0, disp=0)
            some = y > 0
            rough = np.linalg.lstsq(z.to_numpy()[some], np.log(y[some]), rcond=None)[0]
            size = TruncatedLFNegativeBinomialP(y[some], z.to_numpy()[some]).fit(
                start_params=[*rough, 1.0], disp=0, maxiter=100, method="bfgs", skip_hessian=True
            )
        chance = joins.predict(new.to_numpy())
        middle = np.exp(np.clip(new.to_numpy() @ size.params[:-1], -5.0, 10.0))
        alpha = float(np.clip(size.params[-1], 1e-3, 50.0))
        n = 1.0 / alpha
        zero = nbinom.cdf(0, n, n / (n + middle))
        u = rng.uniform(size=(SAMPLES, len(states)))
        sizes = nbinom.ppf(np.minimum(zero + u * (1.0 - zero), 1 - 1e-9), n, n / (n + middle))
        there = rng.uniform(size=u.shape) < chance
        out[:, :, place] = np.where(there, sizes, 0.0)
    return out


def forest(origin: int, horizons: int, states: tuple[str, ...], seed: int) -> np.ndarray:
    """Quantile regression forest (Meinshausen 2006) of the change on log(1 + people).

    Sees the covariates, each state's past numbers and where they tend; one forest a horizon, on
    all earlier origins.  It shows how much these data tell to a method that assumes nothing.
    """
    from sklearn.ensemble import RandomForestRegressor

    year, mean, closing = _before(origin)
    level = closing[list(states)].transform(np.log1p)
    yearly = mean[list(states)].transform(np.log1p)
    rng = np.random.default_rng([seed, 4])
    start = level.index[0]

    def seen_at(year: int) -> np.ndarray:
        past = [frame.loc[max(year - lag, start)] for lag in LAGS for frame in (level, yearly)]
        trends = [past[0] - level.loc[max(year - lag, start)] for lag in (1, 3)]
        highest, there = level.loc[:year].max(), (level.loc[:year] > 0).mean()
        return np.column_stack([covariates(year, states, closing), *past, *trends, highest, there])

    out = np.zeros((SAMPLES, len(states), horizons))
    for place in range(horizons):
        horizon = place + 1
        starts = _earlier(mean, year, horizon)
        change = np.concatenate([yearly.loc[t + horizon] - level.loc[t] for t in starts])
        past = np.vstack([seen_at(t) for t in starts])
        trees = RandomForestRegressor(
            TREES, min_samples_leaf=LEAF, max_features=0.4, random_state=seed % 2**32
        ).fit(past, change)
        leaves, own = trees.apply(past), trees.apply(seen_at(year))
        for state in range(len(states)):
            alike = [np.flatnonzero(leaves[:, k] == own[state, k]) for k in range(TREES)]
            drawn = [rng.choice(cases, SAMPLES // TREES) for cases in alike]
            out[:, state, place] = change[np.concatenate(drawn)]
    now = level.loc[year].to_numpy()[None, :, None]
    return np.expm1(np.maximum(0.0, now + out))


def pooled(one: np.ndarray, other: np.ndarray, seed: int) -> np.ndarray:
    """Linear pool of two forecasts: as many samples of each.

    Equal shares need no tuning and are seldom beaten (Stock and Watson 2004).
    """
    rng = np.random.default_rng([seed, 5])
    half = SAMPLES // 2
    return np.concatenate([rng.choice(samples, half) for samples in (one, other)])
