"""How good the chances of documented decisions are, against the base rates of their kind.

Decisions that offer the same alternatives are scored together (``Decision.question``).  The base
rate of a decision is how often the same was done in the others of its question, leaving it out.
Shares of runs and base rates become probabilities by (k + 1/2) / (n + 1), so that nothing is ever
impossible and nothing is clipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from model.months import month_text
from model.vocabulary import STUDIED

from .decision_chances import SEED, Chance, share

RESAMPLES = 2000
BINS = np.linspace(0.0, 1.0, 6)
WORST = 10
YES = ("sent", "stays", "carried")
SIZE = "size of an extension"
APART = ("helicopter", "air_transport", "naval")  # kinds that are answered in a way of their own


def table(found: Sequence[Chance]) -> pd.DataFrame:
    """One row a decision: what was done, its probability, its base rate, law, stops and terms.

    ``scored`` is false where the model never puts it, or where the mission's documented end leaves
    nothing to decide.
    """
    rows = [_row(one) for one in found] + [
        _row(one) | {"question": SIZE, "done": one.decision.resized, "probability": one.resized}
        for one in found
        if one.decision.resized and one.resized == one.resized
    ]
    frame = pd.DataFrame(rows)
    scored = frame[frame["scored"]]
    done, question = scored["done"], scored["question"]
    same = scored.groupby(["question", "done"])["id"].transform("count") - 1
    other = question.groupby(question).transform("count") - 1
    yes = done.isin(YES)
    agreed = yes.groupby(question).transform("sum") - yes
    frame["base"] = share(same, other)
    frame["base_yes"] = share(agreed, other)
    return frame


def _row(one: Chance) -> dict[str, object]:
    made = one.decision
    return {
        "id": made.id, "question": made.question, "event": made.event, "state": made.state,
        "mission": made.mission, "month": month_text(made.month), "kind": ";".join(made.kinds),
        "asked": made.asked, "grade": made.grade, "finding": made.finding,
        "score": float("nan" if made.score is None else made.score),
        "trigger": made.trigger, "done": made.done, "probability": one.probability,
        "yes": one.yes if one.runs else float("nan"), "runs": one.runs,
        "scored": bool(one.runs) and not one.given, "gate": one.gate, "stopped": one.stopped,
        "terms": one.largest,
    }  # fmt: skip


def area(no: np.ndarray, yes: np.ndarray, seed: int = SEED) -> tuple[float, float, float]:
    """Chance that a case of ``yes`` ranks above one of ``no`` (ties count half), with the 95%
    interval of a bootstrap over cases; NaN where one of them has fewer than two."""
    if len(no) < 2 or len(yes) < 2:
        return (float("nan"),) * 3
    found = bootstrap(
        (no, yes),
        _area,
        vectorized=True,
        axis=-1,
        paired=False,
        n_resamples=RESAMPLES,
        method="percentile",
        random_state=np.random.default_rng([seed, 6]),
    )
    interval = found.confidence_interval
    return float(_area(no, yes)), float(interval.low), float(interval.high)


def _area(no: np.ndarray, yes: np.ndarray, axis: int = -1) -> np.ndarray:
    """The area over the last axis; what stands before it are resamples."""
    above = yes[..., :, None] > no[..., None, :]
    same = yes[..., :, None] == no[..., None, :]
    return np.asarray((above + 0.5 * same).mean(axis=(-2, -1)))


@dataclass(frozen=True)
class Score:
    """Scores of one group of decisions; lower is better but for the area.

    Attributes:
        log_score, base_log_score: mean of minus the logarithm of the probability of what was done.
        brier, base_brier: of yes (sent, stays, carried); NaN for sizes.
        auc, low, high: chance that a yes ranks above another answer, with its 95% interval.
    """

    question: str
    among: str
    cases: int
    yes: int
    log_score: float
    base_log_score: float
    brier: float
    base_brier: float
    auc: float
    low: float
    high: float


def score(rows: pd.DataFrame, question: str, among: str, seed: int = SEED) -> Score:
    """Scores of the scored rows of one group."""
    agreed = rows["done"].isin(YES)
    sizes = question == SIZE
    chance, base = rows["yes"], rows["base_yes"]
    return Score(
        question, among, len(rows), int(agreed.sum()),
        float(-np.log(rows["probability"]).mean()), float(-np.log(rows["base"]).mean()),
        float("nan") if sizes else float(((chance - agreed) ** 2).mean()),
        float("nan") if sizes else float(((base - agreed) ** 2).mean()),
        *area(chance[~agreed].to_numpy(), chance[agreed].to_numpy(), seed),
    )  # fmt: skip


def scores(frame: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """Scores by question, and of units and presences by state."""
    scored = frame[frame["scored"]]
    out = []
    for question, part in scored.groupby("question", sort=False):
        out.append(score(part, str(question), "both states", seed))
        if question in ("unit asked for", "stay or leave"):
            for state in STUDIED:
                own = part[part["state"] == state]
                if len(own):
                    out.append(score(own, str(question), state, seed))
    return pd.DataFrame([vars(one) for one in out])


def calibration(frame: pd.DataFrame) -> pd.DataFrame:
    """Chance of yes in five equal bins against what was done, by question."""
    scored = frame[frame["scored"] & (frame["question"] != SIZE)]
    place = np.clip(np.digitize(scored["yes"], BINS) - 1, 0, len(BINS) - 2)
    return _beside(scored, [f"{BINS[n]:.1f} to {BINS[n + 1]:.1f}" for n in place], "bin")


def by_evidence(frame: pd.DataFrame) -> pd.DataFrame:
    """Chance of yes against what was done, by what the coding says: first contact, site, kind and
    finding of unit asks, trigger of exits and stays."""
    scored = frame[frame["scored"]]
    units = scored[scored["question"] == "unit asked for"]
    site = units["score"].map(lambda n: f"site {n:.0f}" if n == n else "site at sea or not known")
    groups = [
        (units, units["grade"].replace("", "not found"), "first contact"),
        (units, site, "site"),
        (units, units["kind"].where(units["kind"].isin(APART), "other kinds"), "kind"),
        (units, units["finding"].replace("", "none known"), "finding"),
    ]
    moves = scored[scored["event"].isin(("exit", "stay")) & (scored["question"] != SIZE)]
    groups.append(
        (moves, moves["event"] + ": " + moves["trigger"].replace("", "unknown"), "trigger")
    )
    return pd.concat([_beside(part, cells, "value").assign(by=by) for part, cells, by in groups])[
        ["by", "value", "cases", "said", "happened"]
    ]


def _beside(rows: pd.DataFrame, cells: Sequence[str] | pd.Series, name: str) -> pd.DataFrame:
    """Cases, mean chance of yes and share of yes, by question and by ``cells``."""
    rows = rows.assign(**{name: cells}, agreed=rows["done"].isin(YES))
    grouped = rows.groupby(["question", name], sort=True)
    out = grouped.agg(cases=("id", "count"), said=("yes", "mean"), happened=("agreed", "mean"))
    return out.reset_index()


def worst(frame: pd.DataFrame) -> pd.DataFrame:
    """The scored decisions to which the model gave least."""
    return frame[frame["scored"]].sort_values("probability", kind="stable").head(WORST)
