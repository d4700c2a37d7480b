"""The posterior as the model ships it: equally likely draws, and the centre in the parameters.

    python -m calibration.fitting.posterior 2010-12

ships the fit of the panel that stops in that month.  The draws of ``peacekeeping calibrate`` and
of ``panel_fitting`` are kept in ``calibration/fits``; shipping one writes its columns of
``posterior.csv`` and the centre in ``parameters.csv``.  The decision weights of Japan and Korea
have draws of their own (``decision_fitting``).
"""

import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from model import input_files
from model.core import parameter_values
from model.errors import InputError
from model.months import month_number, month_text
from model.tables import FOLDER, numbers, table
from model.vocabulary import STUDIED
from model.world.build import Atlas

from ..decision_fitting import decision_draws
from .abc_sampler import resampled
from .fitted_parameters import FITTED, GIVEN, OWN, row_of
from .priors import priors

DRAWS = 100
FITS = Path(__file__).parents[1] / "fits"  # draws of fits, by the last month that they saw
PLACES = 4  # significant digits kept


def shipped(draws: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """The table ``posterior``: a row a draw, a column a parameter or a state's deviation.

    Japan and Korea keep what they have of ``OWN``, draw by draw.
    """
    names = [name for name in (*FITTED, *GIVEN) if name in draws]
    out = resampled(draws, seed, DRAWS)[names].map(_rounded)
    held, centre = table("posterior"), {c.name: c.value for c in parameter_values.columns()}
    for name in names:
        if name not in OWN:
            continue
        for state in STUDIED:
            column = f"{name}.{state}"
            before = _draws(held, name, centre[name]) + _draws(held, column, centre.get(column, 0))
            out[column] = [_rounded(value) for value in before - out[name]]
    out.insert(0, "draw", range(len(out)))
    return out


def _draws(held: pd.DataFrame, name: str, centre: float) -> np.ndarray:
    """The shipped draws of a parameter, or its centre where it is not drawn."""
    if name in held:
        return numbers(held, "posterior", name).to_numpy()
    return np.full(len(held), centre)


def _rounded(value: float) -> float:
    return float(f"{value:.{PLACES}g}")


def ship(draws: pd.DataFrame, note: str, folder: Path = FOLDER) -> pd.DataFrame:
    """Write draws to ``posterior.csv`` and their mean to ``parameters.csv`` (status calibrated).

    What Japan and Korea keep has the status that it had, or that of what all shared before.

    Args:
        note: what stands as the source of the fitted values.
    """
    out = shipped(draws)
    held = table("posterior")
    held = held.drop(columns=[name for name in held if name in out])
    out.join(held).to_csv(folder / "posterior.csv", index=False, lineterminator="\n")
    frame = table("parameters").copy()
    for column in out.columns.drop("draw"):
        name, _, state = str(column).partition(".")
        if state:
            frame = decision_draws.with_own_row(frame, name, state)
        here = (frame["name"] == name) & (frame["state"] == state)
        frame.loc[here, "value"] = f"{out[column].mean():.4g}"
        if state:
            frame.loc[here, ["low", "high"]] = ["-30", "30"]
    for name in (name for name in out.columns.drop("draw") if "." not in name):
        here = (frame["name"] == name) & (frame["state"] == "")
        frame.loc[here, ["status", "source"]] = ["calibrated", note]
    frame.to_csv(folder / "parameters.csv", index=False, lineterminator="\n")
    return out


def summary(draws: pd.DataFrame) -> pd.DataFrame:
    """Each fitted parameter: prior centre and spread, posterior mean and 80% interval, and what
    share of the prior's spread is left (near 1: the data say nothing)."""
    known = {column.name: column for column in parameter_values.columns()}
    before = priors().to_dict("index")
    even = resampled(draws, 1, 1000)
    rows = []
    for name in FITTED:
        column = known[name]
        spread = float(before[name]["spread"])
        rows.append(
            {
                "parameter": name,
                "unit": column.unit,
                "prior": float(before[name]["centre"]),
                "prior_sd": spread,
                "mean": even[name].mean(),
                "low": even[name].quantile(0.1),
                "high": even[name].quantile(0.9),
                "left": even[name].std() / spread,
            }
        )
    return pd.DataFrame(rows)


def held_out(origin: int) -> tuple[pd.DataFrame, str]:
    """Draws of the latest fit that saw nothing after ``origin``, and the month up to which it saw.

    Raises:
        InputError: every stored fit saw something later.
    """
    known = {path.stem: path for path in sorted(FITS.glob("*.csv"))}
    earlier = [name for name in known if month_number(name) <= origin]
    if not earlier:
        raise InputError(
            f"no stored fit stops by {month_text(origin)} (there are {', '.join(known)}); make one "
            f"with: peacekeeping calibrate --until {month_text(origin)} --out DIR, and pass it on "
            "with --fit DIR"
        )
    return read(known[earlier[-1]]), earlier[-1]


def given(until: int) -> dict[str, float]:
    """Values of ``GIVEN``, weights and sizes, as the panel told them by a month; before the first
    stored fit, as that has them."""
    known = {month_number(path.stem): path for path in FITS.glob("*.csv")}
    earlier = [month for month in known if month <= until] or [min(known)]
    draws = read(known[max(earlier)])
    return {name: float(draws[name].mean()) for name in GIVEN}


def read(path: Path) -> pd.DataFrame:
    """Draws as a fit leaves them.

    Raises:
        InputError: there is no such file, or it is not one.
    """
    file = path / "draws.csv" if path.is_dir() else path
    text = input_files.text(file, "table of draws of a fit", input_files.LARGEST_TABLE)
    try:
        draws = pd.read_csv(io.StringIO(text))
    except ValueError as error:
        raise InputError(f"{file}: the draws of a fit cannot be read") from error
    missing = {*FITTED, "weight"} - set(draws.columns)
    if missing:
        raise InputError(f"{file}: no column {', '.join(sorted(missing))}")
    if draws.empty:
        raise InputError(f"{file}: no draws in it")
    for name in (*FITTED, *(name for name in GIVEN if name in draws), "weight"):
        values = pd.to_numeric(draws[name], errors="coerce").to_numpy(dtype=float)
        bad = ~np.isfinite(values) | ((name == "weight") & (values < 0))
        if bad.any():
            row = int(bad.argmax())
            cell = str(draws[name].iloc[row])[:40]
            raise InputError(f"{file}, line {row + 2}, column {name}: {cell!r} is no such number")
        draws[name] = values
    if draws["weight"].sum() <= 0:
        raise InputError(f"{file}: the weights add up to nothing")
    return draws


def rows(
    draws: pd.DataFrame,
    atlas: Atlas,
    runs: int,
    seed: int,
    decided: pd.DataFrame | None = None,
) -> np.ndarray:
    """Rows of numbers for ``runs`` runs, float64[runs, columns]: equally likely draws in turn.

    Args:
        decided: draws of the decision weights; those that the world has when not given.
    """
    known = list(atlas.columns)
    even = resampled(draws, seed, DRAWS)
    order = np.random.default_rng([seed, 5]).integers(len(even), size=runs)
    given = atlas.settings.overrides
    free = [name for name in (*FITTED, *GIVEN) if name in even and name not in given]
    chosen = [{name: float(even[name].iloc[n]) for name in free} for n in range(len(even))]
    made = np.stack([row_of(known, atlas.parameters, draw) for draw in chosen])
    out = made[order]
    if decided is not None:
        shared = {c.name: out[:, n] for n, c in enumerate(known) if not c.state}
        own = decision_draws.deviations(decision_draws.chosen(decided, runs, seed), shared)
        place = {column.name: number for number, column in enumerate(known)}
        for name in own:
            if name not in given and str(name).split(".")[0] not in given:
                out[:, place[str(name)]] = own[name]
    return out


if __name__ == "__main__":
    until = sys.argv[1]
    ship(
        read(FITS / f"{until}.csv"),
        f"peacekeeping calibrate --until {until} (calibration/fits/{until}.csv); "
        "prior in calibration/record/priors.csv",
    )
