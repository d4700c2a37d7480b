"""How long units take to arrive in a new mission, from the month that first authorises troops.

    python -m calibration.panel_fitting.build_up [--until 2024-06]

reads the monthly strength of UN missions that begin without a predecessor, from the month for which
troops were first authorised.  Those there within a month wore other hats before and are left out,
and so is what comes after two years, when later calls fill posts.  The times of arrival, each
mission counted once, give the median and the spread of a log-logistic lead (``routine_months`` and
``routine_spread``).
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np
import pandas as pd

from model.errors import InputError
from model.months import month_number
from model.tables import rows, table

WATCHED = 24  # months from a mission's first on
EARLIEST = "1990-12"  # the record of strength begins in the month before
HATS = 1  # months by which those arrive who only change hats
LEAST = 800  # troops: a mission of units, not of observers


class Lead(NamedTuple):
    """Months in the median, spread on the log scale, and missions that tell of them."""

    months: float
    spread: float
    missions: int


def arrivals(until: str) -> pd.DataFrame:
    """Shares of a mission's troops by the month in which they came: ``mission``, ``month`` from the
    first of the mission on, ``share``.

    Raises:
        InputError: ``until`` is no month, or before two years of any such mission.
    """
    last = month_number(until, "--until")
    strength = table("mission_totals")
    strength = strength.assign(month=[month_number(text) for text in strength["month"]])
    parts = []
    for mission, first in _openings().items():
        own = strength[strength["mission"] == mission].set_index("month")["troops"]
        months = np.arange(first, first + WATCHED + 1)
        if months[-1] > last or not own.index.max() >= months[-1]:
            continue
        troops = own.astype(float).reindex(months).ffill().fillna(0.0).cummax()
        came = troops.diff().to_numpy()[HATS + 1 :]
        if came.sum() >= LEAST:
            share = came / came.sum()
            month = np.arange(HATS + 1, WATCHED + 1)
            parts.append(pd.DataFrame({"mission": mission, "month": month, "share": share}))
    if not parts:
        raise InputError(f"--until {until} is too early: no new mission had been there two years")
    return pd.concat(parts, ignore_index=True)


def _openings() -> dict[str, int]:
    """Months in which UN missions without a predecessor were first to have troops, by mission."""
    found: dict[str, int] = {}
    for row in rows("mission_strength"):
        if float(row["military"] or 0.0) >= LEAST:
            first = month_number(row["from"])
            found[row["mission"]] = min(first, found.get(row["mission"], first))
    new = {
        row["mission"]
        for row in rows("missions")
        if row["framework"] == "un_pko" and not row["succeeds"] and row["start"] >= EARLIEST
    }
    return {mission: first for mission, first in found.items() if mission in new}


def lead(until: str) -> Lead:
    """Median and spread of the log-logistic distribution under which the times of arrival are most
    likely.

    Raises:
        InputError: as ``arrivals``.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    came = arrivals(until)
    month, share = came["month"].to_numpy(), came["share"].to_numpy()

    def unlikely(x: np.ndarray) -> float:
        def by(months: np.ndarray) -> np.ndarray:
            return np.asarray(expit((np.log(months) - x[0]) / np.exp(x[1])))

        chance = by(month + 0.5) - by(month - 0.5)
        return -float((share * np.log(np.maximum(chance, 1e-12))).sum())

    found = minimize(unlikely, np.array([np.log(6.0), np.log(0.4)]), method="Nelder-Mead")
    return Lead(float(np.exp(found.x[0])), float(np.exp(found.x[1])), came["mission"].nunique())


def main() -> None:
    """Print the lead, and how many missions tell of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", default="2024-06", metavar="YYYY-MM", help="last month seen")
    found = lead(parser.parse_args().until)
    print(f"routine_months {found.months:.1f}, routine_spread {found.spread:.2f}, "
          f"from {found.missions} missions")  # fmt: skip


if __name__ == "__main__":
    main()
