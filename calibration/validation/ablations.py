"""Ablations: what each mechanism adds to the skill of a forecast, by switching it off."""

from pathlib import Path

import pandas as pd

from model.settings import Event, Settings
from model.world import legal_regimes

from . import backtest

GROUPS = ("two years and more", "Japan and Korea")


def switched_off() -> dict[str, Settings]:
    """Settings in which one mechanism is absent."""
    nothing = legal_regimes.instruments().iloc[:0]
    return {
        "law": Settings(events=(Event("law", {"instruments": nothing}),)),
        "capacity": Settings(overrides={"slots_added": 5.0, "deployable_share": 0.5}),
        "alliance": Settings(overrides={"alliance_pressure": 0.0}),
        "opinion": Settings(overrides={"weight_opinion": 0.0}),
        "peers": Settings(overrides={"weight_affinity": 0.0, "weight_need": 0.0}),
        "contingents that vary in size": Settings(
            overrides={f"resize_share_{name}": 0.0 for name in ("unit", "officer", "police")}
        ),
    }


def ablations(
    origin: str, until: str, runs: int, seed: int, given: str, fit: Path | None
) -> pd.DataFrame:
    """CRPS without each mechanism, and the change in per cent of the whole model's.

    A positive change means that the mechanism helps; one within a few per cent says nothing.
    """
    whole = backtest.predict(origin, until, runs, seed, given, fit)
    base = backtest.rows_of(whole).pipe(backtest.means)
    rows = []
    for name, settings in switched_off().items():
        said = backtest.predict(origin, until, runs, seed, given, fit, settings)
        without = backtest.rows_of(said).pipe(backtest.means)
        for group in GROUPS:
            rows.append(
                {
                    "mechanism": name,
                    "group": group,
                    "crps_whole": base[group],
                    "crps_without": without[group],
                    "change": without[group] / base[group] - 1.0,
                }
            )
    return pd.DataFrame(rows)
