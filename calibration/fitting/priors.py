"""Priors of the parameters that are fitted, as the table ``priors`` has them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from model.core import parameter_values

from ..raw_data.raw_files import coded


def priors() -> pd.DataFrame:
    """Centre and standard deviation of each prior, by name."""
    frame = coded("priors", ("name", "centre", "spread", "unit", "status", "source"))
    return frame.set_index("name")[["centre", "spread"]].astype(float)


def _bounds(names: Sequence[str]) -> dict[str, tuple[float, float, float, float]]:
    """Normal distributions of the table ``priors``, cut at the documented ranges: lowest and
    highest value in standard deviations from the centre, centre, standard deviation."""
    columns = {column.name: column for column in parameter_values.columns()}
    cells = priors().to_dict("index")
    out = {}
    for name in names:
        c, middle, spread = columns[name], cells[name]["centre"], cells[name]["spread"]
        out[name] = ((c.low - middle) / spread, (c.high - middle) / spread, middle, spread)
    return out


def distribution(names: Sequence[str]) -> Any:
    """The prior of some parameters as the sampler wants it."""
    from pyabc import RV, Distribution

    return Distribution(**{name: RV("truncnorm", *b) for name, b in _bounds(names).items()})


def draws(names: Sequence[str], count: int, seed: int) -> pd.DataFrame:
    """Equally likely draws of the prior, as a fit leaves those of the posterior."""
    rng = np.random.default_rng([seed, 10])
    drawn = {
        name: stats.truncnorm.rvs(*bounds, size=count, random_state=rng)
        for name, bounds in _bounds(names).items()
    }
    return pd.DataFrame(drawn).assign(weight=1.0 / count)
