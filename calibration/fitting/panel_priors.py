"""Joining in the panel of contributors: a regression whose coefficients become priors.

Contributors, missions and years from November 2009 on, when every contributor is observed mission
by mission.  Joining is a logit with state deviations; each coefficient stands for the parameter of
the model that does the same.  The panel shows no requests, so nothing here speaks of refusing.

    python -m calibration.fitting.panel_priors --until 2010-12 [--write]
"""

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from model.core import parameter_values
from model.errors import InputError
from model.vocabulary import STUDIED

from ..raw_data.raw_files import RECORD
from .panel_pairs import CLASSES, pairs

FEWEST = 20  # joins needed for a logit
SHARED = ("region", "presence", "capability", "record", "habit", "asked")
WIDER = 2.0  # spread of a prior over the standard error: a reduced form is not the mechanism
LEAST = 0.5  # of the estimate itself


def _choice(frame: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame, pd.Series]:
    """Whether each absent contributor joined within the year, covariates, and its state."""
    away = frame[(frame["was"] == 0) & (frame["asked"] > 0)].reset_index(drop=True)
    x = away[list(SHARED)].copy()
    x["wealth"] = away["wealth"] * (away["class"] == "unit")
    for name in CLASSES:
        x[f"class {name}"] = (away["class"] == name).astype(float)
    return (away["then"] > 0).to_numpy(dtype=float), x, away["state"]


def joining(frame: pd.DataFrame) -> pd.DataFrame:
    """Logit of joining within a year, errors clustered by state.

    Returns:
        ``estimate``, ``error``, ``cases`` and ``moves`` by covariate.

    Raises:
        InputError: too few joined.
    """
    import statsmodels.api as sm

    joined, x, state = _choice(frame)
    x = x.loc[:, x.std() > 0]  # a covariate that does not vary says nothing
    if joined.sum() < FEWEST:
        raise InputError(f"only {int(joined.sum())} joined; a logit needs {FEWEST}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = sm.Logit(joined, x).fit(
            disp=0,
            maxiter=200,
            cov_type="cluster",
            cov_kwds={"groups": state.astype("category").cat.codes.to_numpy()},
        )
    table = pd.DataFrame({"estimate": fitted.params, "error": fitted.bse})
    return table.assign(cases=len(joined), moves=int(joined.sum()))


def deviations(frame: pd.DataFrame) -> dict[str, float]:
    """How far states depart from the shared logit of joining: the standard deviation of their
    intercepts (``spread``), and those of Japan and Korea, by variational Bayes."""
    from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

    joined, x, state = _choice(frame)
    codes = pd.get_dummies(state, dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mixed = BinomialBayesMixedGLM(
            joined,
            x.to_numpy(),
            codes.to_numpy(),
            np.zeros(codes.shape[1], dtype=int),
            vcp_p=1.0,
            fe_p=5.0,
        ).fit_vb()
    own = dict(zip(codes.columns, mixed.vc_mean, strict=True))
    found = {"spread": float(np.exp(mixed.vcp_mean[0]))}
    return found | {name: float(own.get(name, np.nan)) for name in STUDIED}


# Parameter, and the covariate whose coefficient it is.
SPEAKS_OF = (
    ("approach_capability", "capability"),
    ("approach_record", "record"),
    ("approach_habit", "habit"),
    ("approach_region", "region"),
    ("approach_presence", "presence"),
    ("weight_wealth", "wealth"),
)


def priors(frame: pd.DataFrame, until: str) -> pd.DataFrame:
    """What the panel says of parameters of the model, as lines of the table ``priors``.

    A coefficient of a regression is not the mechanism: the spread of a prior is ``WIDER`` times the
    standard error and at least ``LEAST`` of the estimate.

    Returns:
        name, centre, spread, unit, status, source; parameters that the model lacks are left out.
    """
    known = {column.name: column for column in parameter_values.columns()}
    dropped = [covariate for name, covariate in SPEAKS_OF if name not in known]
    kept = frame.assign(**{name: 0.0 for name in dropped if name in frame})
    cells = joining(kept).to_dict("index")
    rows = []
    for name, covariate in SPEAKS_OF:
        if name not in known:
            continue
        cell, column = cells[covariate], known[name]
        estimate, error = float(cell["estimate"]), float(cell["error"])
        centre = min(max(estimate, column.low), column.high)
        rows.append(
            {
                "name": name,
                "centre": f"{centre:.3g}",
                "spread": f"{max(WIDER * error, LEAST * abs(estimate)):.3g}",
                "unit": column.unit,
                "status": "derived",
                "source": f"calibration.fitting.panel_priors: logit of joining to {until} "
                f"({int(cell['moves'])} of {int(cell['cases'])} cases, standard error {error:.2g})",
            }
        )
    return pd.DataFrame(rows)


def write(found: pd.DataFrame, path: Path) -> None:
    """Put lines into a table of priors in place of those of the same name; others stay."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    old = frame[~frame["name"].isin(found["name"])]
    order = {name: place for place, name in enumerate(frame["name"])}
    both = pd.concat([old, found], ignore_index=True)
    both = both.sort_values("name", key=lambda names: names.map(order), kind="stable")
    both.to_csv(path, index=False, lineterminator="\n")


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when done, 2 with one sentence when not."""
    parser = argparse.ArgumentParser(
        prog="python -m calibration.fitting.panel_priors",
        description="Regressions on the panel of contributors, and the priors that follow.",
    )
    parser.add_argument("--until", default="2010-12", metavar="YYYY-MM", help="last month seen")
    parser.add_argument("--write", action="store_true", help="write the table of priors")
    options = parser.parse_args(arguments)
    try:
        frame = pairs(options.until)
        found = priors(frame, options.until)
        if options.write:
            write(found, RECORD / "priors.csv")
        joined = joining(frame)
        own = deviations(frame)
    except (InputError, OSError) as error:
        print(f"panel_models: {error}", file=sys.stderr)
        return 2
    print(f"logit of joining\n{joined.round(3).to_string()}\n")
    print(
        f"state deviations of joining: standard deviation {own['spread']:.2f}, "
        f"Japan {own['JPN']:+.2f}, Korea {own['KOR']:+.2f}\n"
    )
    print(found[["name", "centre", "spread", "unit"]].to_string(index=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
