"""How likely the model says yes to each documented request, put to it in the documented situation.

A world is begun in the month of every request, with all states as recorded until then; the share
of runs that send a unit is the model's probability of yes, once at the first answer and once within
the year for which a deferred request (until a law, say) stays pending.  Clean refusals
should rank below acceptances.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import month_number, month_text
from model.settings import Settings
from model.steps.pending_requests import KEPT_MONTHS
from model.vocabulary import STUDIED
from model.world.build import Atlas, build

from ..documented_decisions.decision_scores import area
from ..evidence import request_outcomes

WAIT = KEPT_MONTHS  # months for which a deferred request stays pending
YES = ("accepted", "smaller")
ANSWERS = ("at_once", "within_year")
SEED = 1


def answers(
    runs: int, seed: int = SEED, rows: Callable[[Atlas], np.ndarray] | None = None
) -> pd.DataFrame:
    """Documented unit requests that were clearly accepted or refused, with the chance of yes.

    Returns:
        id, state, mission, kind, month (text), group, verdict, refusal, at_once, within_year; NaN
        where the model never puts the request.
    """
    asked = request_outcomes.unit_requests()
    asked = asked[asked["verdict"].isin(("accepted", "refused"))]
    first = month_number(Settings().start)
    asked = asked[asked["month"] >= first].reset_index(drop=True)
    months = sorted({int(month) for month in asked["month"]})
    parts = [
        _put(month, list(asked.loc[asked["month"] == month, "id"]), runs, seed, rows)
        for month in months
    ]
    columns = ["id", "state", "mission", "kind", "month", "group", "verdict", "refusal"]
    out = asked[columns].merge(pd.concat(parts), on="id", how="left")
    out["month"] = [month_text(int(month)) for month in out["month"]]
    return out


def _put(
    month: int, ids: list[str], runs: int, seed: int, rows: Callable[[Atlas], np.ndarray] | None
) -> pd.DataFrame:
    """Shares of runs that say yes to requests of a month."""
    atlas = build(
        Settings(start=month_text(month), end=month_text(month + WAIT), afterwards="recorded")
    )
    trace = Trace(states=STUDIED, runs=tuple(range(runs)))
    numbers = None if rows is None else rows(atlas)
    chunks = ensemble.simulate(atlas, range(runs), seed, numbers, trace=trace)
    decided = pd.concat([chunk.decisions() for chunk in chunks], ignore_index=True)
    decided = decided[decided["request"].isin(ids)]
    yes = decided["outcome"].isin(YES).groupby([decided["request"], decided["run"]], sort=False)
    shares = {"at_once": yes.first(), "within_year": yes.any()}
    out = pd.DataFrame({name: s.groupby("request").mean() for name, s in shares.items()})
    return out.rename_axis("id").reset_index()


@dataclass(frozen=True)
class Ranking:
    """Area under the curve: chance that an acceptance ranks above a refusal."""

    answer: str
    among: str
    refusals: int
    acceptances: int
    auc: float
    low: float
    high: float


def ranked(table: pd.DataFrame, answer: str, among: str, seed: int = SEED) -> Ranking:
    """AUC of the probabilities with the 95% interval of a bootstrap over cases."""
    known = table.dropna(subset=[answer])
    refused, accepted = (
        known.loc[known["verdict"] == verdict, answer].to_numpy()
        for verdict in ("refused", "accepted")
    )
    found = area(refused, accepted, seed)
    return Ranking(answer, among, len(refused), len(accepted), *found)


def ranking(table: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """AUC over all, by state and by framework."""
    parts = [("all", table)]
    parts += [(state, table[table["state"] == state]) for state in STUDIED]
    parts += [("UN missions", table[table["group"] == "un"])]
    parts += [("other operations", table[table["group"] != "un"])]
    return pd.DataFrame(
        [vars(ranked(part, answer, name, seed)) for answer in ANSWERS for name, part in parts]
    )


def matched(table: pd.DataFrame) -> pd.DataFrame:
    """Each refusal compared with the acceptances of the same state in the same group of
    frameworks: how many there are, and what share of them ranks above it (ties count half)."""
    accepted = table[table["verdict"] == "accepted"]
    out = []
    for case in table[table["verdict"] == "refused"].to_dict("records"):
        same = (accepted["state"] == case["state"]) & (accepted["group"] == case["group"])
        row = {name: case[name] for name in ("refusal", "state", "mission", "kind", "month")}
        row["matched"] = int(same.sum())
        for answer in ANSWERS:
            peers = accepted.loc[same, answer]
            row[answer] = case[answer]
            above = (peers > case[answer]) + 0.5 * (peers == case[answer])
            row[f"{answer}_below"] = float(above.mean()) if len(peers) else np.nan
        out.append(row)
    return pd.DataFrame(out)
