"""The validation report: what it says, as one machine-readable table of tables and as Markdown."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.months import month_number
from model.world.build import Atlas

from ..decision_fitting import decision_draws
from ..evidence import forecast, historical_replay, national_stylised_facts, stylised_facts, targets
from ..evidence.scores import MODEL
from ..fitting import parameter_recovery, posterior, priors
from ..fitting.fitted_parameters import FITTED
from . import ablations, backtest, known_misfits, request_ranking
from .backtest import Validation

AIMS: tuple[tuple[str, str, float, float, str], ...] = (
    ("two years and more", "ratio", 0.0, 0.80, "CRPS of persistence, two years and more"),
    ("Japan and Korea", "ratio", 0.0, 0.60, "CRPS of persistence, Japan and Korea"),
    ("all states", "inside_80", 0.72, 0.88, "outcomes within the 80% band, all states"),
)
HEADS = {
    "crps": "CRPS", "ratio": "of persistence", "log_score": "log score", "brier": "Brier",
    "inside_50": "in 50%", "inside_80": "in 80%", "inside_95": "in 95%",
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """Everything the report shows, computed once."""

    origin: str
    until: str
    runs: int
    seed: int
    given: str
    fit: str
    found: Validation
    aims: pd.DataFrame
    posterior: pd.DataFrame
    facts: pd.DataFrame
    ablations: pd.DataFrame
    misfits: pd.DataFrame
    sorts: pd.DataFrame
    targets: pd.DataFrame
    cases: pd.DataFrame
    ranking: pd.DataFrame
    refused: pd.DataFrame
    watched_facts: pd.DataFrame
    contributors: pd.DataFrame
    recovery: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """What was measured, by name."""
        return {
            "aims": self.aims, "skill": self.found.skill, "moves": self.found.moves,
            "posterior": self.posterior, "facts": self.facts, "ablations": self.ablations,
            "misfits": self.misfits, "targets": self.targets, "cases": self.cases,
            "ranking": self.ranking, "refused": self.refused, "sorts": self.sorts,
            "watched_facts": self.watched_facts, "contributors": self.contributors,
            "recovery": self.recovery,
        }  # fmt: skip

    def known(self) -> pd.DataFrame:
        """Misfits whose cause was looked up."""
        return known_misfits.known(self.tables())

    def stored(self) -> dict[str, Any]:
        """The numbers as plain data, rounded as they are shown."""
        head = {name: getattr(self, name) for name in ("origin", "until", "runs", "seed", "given")}
        head["fit"] = self.fit
        tables = self.tables() | {"known": self.known()}
        plain = {name: t.round(4).to_json(orient="records") for name, t in tables.items()}
        return head | {name: json.loads(text) for name, text in plain.items()}


def make(
    origin: str,
    until: str,
    runs: int,
    seed: int,
    given: str,
    fit: Path | None,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Compute every part; ``tell`` gets the name of the next step."""
    if fit is None:
        draws, name = posterior.held_out(month_number(origin))
    else:
        draws, name = posterior.read(fit), fit.name
    tell("forecast and benchmarks")
    found = backtest.validate(origin, until, runs, seed, given, fit)

    decided = decision_draws.held_out(month_number(origin))

    def rows(atlas: Atlas) -> np.ndarray:
        return posterior.rows(draws, atlas, runs, seed, decided)

    def before(atlas: Atlas) -> np.ndarray:
        drawn = priors.draws(FITTED, posterior.DRAWS, seed)
        return posterior.rows(drawn, atlas, runs, seed, decided)

    tell("the documented world run again")
    history = historical_replay.replay(runs, seed, rows)
    scored = targets.score(history, found.forecast)
    tell("the same before the fit")
    unfitted = targets.score(
        historical_replay.replay(runs, seed, before),
        forecast.of(origin, until, runs, seed, given, before),
    )
    tell("documented requests put to the model")
    answers = request_ranking.answers(runs, seed, rows)
    tell("ablations")
    removed = ablations.ablations(origin, until, max(100, runs // 2), seed, given, fit)
    return Report(
        origin, until, runs, seed, given, name, found, aims(found.skill),
        posterior.summary(draws), stylised_facts.facts(found.forecast), removed,
        known_misfits.worst(found.rows), known_misfits.sorts(found.rows),
        targets.before_and_after(unfitted, scored), targets.cases(scored),
        request_ranking.ranking(answers, seed), request_ranking.matched(answers),
        national_stylised_facts.facts(history),
        stylised_facts.contributors(found.forecast), recovered(),
    )  # fmt: skip


def aims(skill: pd.DataFrame) -> pd.DataFrame:
    """What was aimed at and what was measured."""
    rows = []
    own = skill[skill["forecaster"] == MODEL].set_index("group")
    for group, column, low, high, text in AIMS:
        value = float(own[column].to_dict()[group])
        rows.append(
            {"aim": text, "low": low, "high": high, "measured": value, "met": low <= value <= high}
        )
    return pd.DataFrame(rows)


def recovered() -> pd.DataFrame:
    """What the stored recoveries say of each fitted parameter that they are about."""
    series = parameter_recovery.read()
    return parameter_recovery.summary(series[series["parameter"].isin(FITTED)])


def claim(stored: dict[str, Any]) -> str:
    """The sentence on skill that the README carries."""
    parts = [
        f"{row['aim']}: {_plain(row['measured'], row)} ({'met' if row['met'] else 'missed'}, "
        f"aim {_plain(row['high'], row) if not row['low'] else _range(row)})"
        for row in stored["aims"]
    ]
    parts += [
        f"documented requests that were accepted rank above those refused with AUC "
        f"{row['auc']:.2f} (95% interval {row['low']:.2f} to {row['high']:.2f}, "
        f"{row['refusals']} refusals)"
        for row in stored.get("ranking", [])[:1]
    ]
    return (
        f"From {stored['origin']}, scored to {stored['until']}, {stored['runs']} runs: "
        + "; ".join(parts)
        + "."
    )


def _plain(value: float, row: dict[str, Any]) -> str:
    return f"{value:.0%}" if row["low"] else f"{value:.2f}"


def _range(row: dict[str, Any]) -> str:
    return f"{row['low']:.0%} to {row['high']:.0%}"


def save(report: Report, folder: Path) -> dict[str, Any]:
    """Write ``validation.json``; returns what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = report.stored()
    text = json.dumps(stored, indent=1, ensure_ascii=False)
    (folder / "validation.json").write_text(text + "\n", encoding="utf-8")
    return stored
