"""The fit of the panel beside the one to an earlier month, on years that neither saw.

    python -m calibration.validation.fit_comparison

forecasts from the last month of the later fit with both, all else equal, and keeps the scores in
``calibration/fits/panel/forecasts.csv``.
"""

from __future__ import annotations

import pandas as pd

from ..decision_fitting.decision_posterior import write
from ..evidence.forecast import Forecast
from ..evidence.scores import MODEL
from ..fitting import posterior
from ..panel_fitting.panel_posterior import STORE, UNTIL
from . import backtest

EARLIER, ORIGIN, LAST = UNTIL
FITS = {until: f"panel to {until}" for until in (EARLIER, ORIGIN)}
RUNS, SEED = 200, 1
CALENDAR = "persistence, calendar known"


def row(name: str, found: backtest.Validation) -> dict[str, object]:
    """One line of the table: how good a fit's forecasts are."""
    skill = found.skill

    def of(group: str, forecaster: str, measure: str) -> float:
        own = (skill["group"] == group) & (skill["forecaster"] == forecaster)
        return float(skill.loc[own, measure].iloc[0])

    said = ("all states", MODEL)
    total = totals(found.forecast, found.rows[found.rows["forecaster"] == MODEL])
    moves = found.moves[found.moves["forecaster"] == MODEL]
    return {
        "fit": name,
        "crps to persistence": of(*said, "ratio"),
        "crps to persistence, calendar known": of(*said, "crps")
        / of("all states", CALENDAR, "crps"),
        "Japan and Korea": of("Japan and Korea", MODEL, "ratio"),
        "inside 50": of(*said, "inside_50"),
        "inside 80": of(*said, "inside_80"),
        "total, least": total.min(),
        "total, most": total.max(),
        "joins and exits, Brier": moves["brier"].mean(),
    }


def totals(said: Forecast, rows: pd.DataFrame) -> pd.Series:
    """People forecast over people seen, by year, of states that were observed."""
    seen = rows.groupby("year")["observed"].sum()
    mean = pd.DataFrame(
        said.people.mean(axis=0), index=list(said.states), columns=[y.label for y in said.years]
    )
    there = rows.pivot(index="state", columns="year", values="observed").notna()
    return mean.where(there.reindex(mean.index)[mean.columns]).sum() / seen


def main() -> None:
    """Forecast with both fits, print and keep the scores."""
    found = [
        row(name, backtest.validate(ORIGIN, LAST, RUNS, SEED, fit=posterior.FITS / f"{fit}.csv"))
        for fit, name in FITS.items()
    ]
    frame = pd.DataFrame(found).round(4)
    write(frame, "forecasts", STORE)
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main()
