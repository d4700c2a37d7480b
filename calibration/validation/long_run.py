"""Every state deciding from 1990 on: people in UN missions together, beside the recorded totals.

    python -m calibration.validation.long_run [--set NAME=VALUE]

keeps them in ``calibration/fits/panel/long_run.csv``.  The calendar of missions and what they asked
for are given, and no number of people after the beginning: what is shown is whether decisions alone
carry the total over thirty years.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import numpy as np
import pandas as pd

from model.engine import ensemble
from model.engine.run_arrays import NO_TRACE
from model.months import month_number
from model.settings import Settings
from model.vocabulary import GROUP_UN
from model.world.build import build

from ..decision_fitting.decision_posterior import write
from ..evidence import observations
from ..panel_fitting.panel_posterior import STORE

YEARS = (1995, 2000, 2005, 2010, 2015, 2020)
RUNS, SEED = 40, 1


def beside(
    runs: int = RUNS, seed: int = SEED, overrides: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """People in UN missions, means of years: recorded, and mean and 80% band over the runs."""
    atlas = build(
        Settings(end=f"{YEARS[-1]}-12", deliberating=("all",), overrides=dict(overrides or {}))
    )
    first = int(atlas.arrays.span[1])
    chunks = ensemble.simulate(atlas, range(runs), seed, trace=NO_TRACE)
    people = np.concatenate(
        [chunk.totals(atlas.states)[..., GROUP_UN].sum(axis=2) for chunk in chunks]
    )  # [runs, months]
    rows = []
    for year in YEARS:
        begin, end = month_number(f"{year}-01"), month_number(f"{year}-12")
        recorded = observations.totals(atlas.states, begin, end).sum(axis=1).mean()
        said = people[:, begin - first : end - first + 1].mean(axis=1)
        low, high = np.quantile(said, (0.1, 0.9))
        rows.append(
            {"year": year, "recorded": float(recorded), "mean": float(said.mean()),
             "low": float(low), "high": float(high), "ratio": float(said.mean() / recorded)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    """Run and print; keep the table, unless a parameter is set otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    given = dict(text.split("=") for text in parser.parse_args().set)
    frame = beside(overrides={name: float(value) for name, value in given.items()}).round(3)
    if not given:
        write(frame, "long_run", STORE)
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main()
