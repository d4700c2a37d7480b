"""Validation: the ensemble and its benchmarks, scored on the years after an origin."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from model.months import month_number, month_text, year_of
from model.settings import Settings
from model.world import build
from model.world.build import Atlas

from ..decision_fitting import decision_draws
from ..evidence import baselines, calendar_baseline, forecast, observations, scores
from ..evidence.forecast import Forecast
from ..evidence.scores import MODEL, PERSISTENCE
from ..fitting import posterior
from . import joins_and_exits

POOL = "simulation and persistence"
METRICS = ("crps", "log_score", "brier", *(f"inside_{s * 100:.0f}" for s in scores.BANDS))


@dataclass(frozen=True)
class Validation:
    """Scores of every forecaster.

    Attributes:
        forecast: what the ensemble said.
        rows: one row a forecaster, state and year, with every score.
        skill: the skill table: forecaster, group, state-years, mean of every score, and ``ratio``,
            CRPS over that of persistence.
        moves: Brier scores of joins and exits by state and mission.
    """

    forecast: Forecast
    rows: pd.DataFrame
    skill: pd.DataFrame
    moves: pd.DataFrame


def validate(
    origin: str,
    until: str,
    runs: int = 400,
    seed: int = 1,
    given: str = "calendar",
    fit: Path | None = None,
) -> Validation:
    """Forecast from ``origin``, score up to ``until``, with every baseline.

    Args:
        fit: folder of a fit; without it, the latest stored one that saw nothing after the origin.

    Raises:
        InputError: a month is not valid, no fit stops by the origin, or no whole year lies between
            the two.
    """
    return score(predict(origin, until, runs, seed, given, fit), seed)


def predict(
    origin: str,
    until: str,
    runs: int,
    seed: int,
    given: str = "calendar",
    fit: Path | None = None,
    settings: Settings | None = None,
) -> Forecast:
    """The ensemble's forecast with draws of a fit; ``settings`` switches mechanisms off."""
    month = month_number(origin, "--origin")
    draws = posterior.held_out(month)[0] if fit is None else posterior.read(fit)

    decided = decision_draws.held_out(month)

    def rows(atlas: Atlas) -> np.ndarray:
        return posterior.rows(draws, atlas, runs, seed, decided)

    return forecast.of(origin, until, runs, seed, given, rows, settings)


def rows_of(said: Forecast, samples: np.ndarray | None = None) -> pd.DataFrame:
    """Scored state-years of the simulation, or of a benchmark's samples in its place."""
    now = observations.monthly(said.states, said.origin, said.origin)[0]
    seen = observations.seen(said.states, said.years)
    chosen = said.people if samples is None else samples
    labels = tuple(year.label for year in said.years)
    return scores.scored(chosen, seen, said.states, labels, year_of(said.origin), now)


def means(rows: pd.DataFrame) -> dict[str, float]:
    """Mean CRPS of each group of state-years."""
    return {
        name: float(rows.loc[chosen, "crps"].mean()) for name, chosen in scores.groups(rows).items()
    }


def score(said: Forecast, seed: int = 1) -> Validation:
    """Score a forecast and the benchmarks from the same origin."""
    now = observations.monthly(said.states, said.origin, said.origin)[0]
    arguments = (said.origin, len(said.years), said.states)
    end = month_text(said.years[-1].last)
    atlas = build.build(Settings(end=end, afterwards="deliberate", point=True))
    calendar = (atlas, said.origin, said.years, said.states, seed)
    samples = {
        MODEL: said.people,
        PERSISTENCE: baselines.persistence(*arguments, now, seed),
        "persistence, last year": baselines.persistence(*arguments, now, seed, "last year"),
        "persistence by size": baselines.persistence(*arguments, now, seed, sizes=baselines.SIZES),
        "persistence, calendar known": calendar_baseline.persistence(*calendar),
        "persistence by size, calendar known": calendar_baseline.persistence(
            *calendar, baselines.SIZES
        ),
        "climatology": baselines.climatology(*arguments, seed),
        "hurdle regression": baselines.hurdle(*arguments, seed),
        "regression forest": baselines.forest(*arguments, seed),
    }
    samples[POOL] = baselines.pooled(said.people, samples[PERSISTENCE], seed)
    rows = pd.concat(
        rows_of(said, values).assign(forecaster=name) for name, values in samples.items()
    )
    return Validation(said, rows, table(rows), joins_and_exits.score(said))


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """The skill table from the scored rows."""
    out = []
    for name, part in rows.groupby("forecaster", sort=False):
        for group, chosen in scores.groups(part).items():
            cells = part[chosen]
            if len(cells):
                means = {metric: float(cells[metric].mean()) for metric in METRICS}
                out.append({"group": group, "forecaster": name, "cases": len(cells), **means})
    frame = pd.DataFrame(out)
    base = frame[frame["forecaster"] == PERSISTENCE].set_index("group")["crps"]
    frame["ratio"] = frame["crps"] / frame["group"].map(base)
    order = {group: number for number, group in enumerate(dict.fromkeys(frame["group"]))}
    return frame.sort_values("group", key=lambda g: g.map(order), kind="stable", ignore_index=True)
