"""How good the fitted decisions are where the fit has not looked: whole missions left out.

    python -m calibration.decision_fitting.missions_left_out

The missions fall into groups; the weights are sampled from all but one group and judge that one.
What the base rate of the kept decisions would have said stands beside it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from model.core.rng import identity

from ..documented_decisions import decision_scores as scoring
from ..documented_decisions.decision_chances import share
from .decision_likelihood import answers_chance, fixed_values, priors, sent_chance, stay_level
from .decision_posterior import STORE, sample, tell
from .decision_terms import Asks, Terms, asks, terms

GROUPS = 5
SAMPLES, WARMUP, CHAINS = 400, 400, 1
EVERY = 4  # draws between those that judge
QUESTIONS = ("unit asked for", "officers asked for", "stay or leave")


def line(mission: str) -> str:
    """The operation that a mission belongs to, as far as its name tells: left out as a whole."""
    return mission.split("/")[0]


def groups(missions: list[str]) -> np.ndarray:
    """Number of the group of each mission: by size of the mission, the largest first, each to the
    group that has the fewest decisions; ties by a stable number of the name."""
    names, counts = np.unique([line(name) for name in missions], return_counts=True)
    order = sorted(range(len(names)), key=lambda n: (-counts[n], identity(str(names[n]))))
    filled = np.zeros(GROUPS, dtype=int)
    own: dict[str, int] = {}
    for n in order:
        least = int(filled.argmin())
        own[str(names[n])] = least
        filled[least] += counts[n]
    return np.array([own[line(name)] for name in missions])


def asks_of(asked: Asks, chosen: np.ndarray) -> Asks:
    """Some of the asks."""
    made = tuple(one for one, keep in zip(asked.made, chosen, strict=True) if keep)
    parts = {name: getattr(asked, name)[chosen] for name in vars(asked) if name != "made"}
    return replace(asked, made=made, **parts)


def terms_of(ended: Terms, chosen: np.ndarray) -> Terms:
    """Some of the ends of terms."""
    made = tuple(one for one, keep in zip(ended.made, chosen, strict=True) if keep)
    parts = {name: getattr(ended, name)[chosen] for name in vars(ended) if name != "made"}
    return replace(ended, made=made, **parts)


def left_out(asked: Asks, ended: Terms) -> pd.DataFrame:
    """Chance of what was done, and of yes, of every decision from all other groups."""
    missions = [one.mission for one in (*asked.made, *ended.made)]
    number = groups(missions)
    of_asks, of_terms = number[: len(asked.made)], number[len(asked.made) :]
    parts = []
    for group in range(GROUPS):
        found = sample(
            asks_of(asked, of_asks != group), terms_of(ended, of_terms != group),
            samples=SAMPLES, warmup=WARMUP, chains=CHAINS,
        )  # fmt: skip
        held_asks = asks_of(asked, of_asks == group)
        held_terms = terms_of(ended, of_terms == group)
        kept = [*asks_of(asked, of_asks != group).made, *terms_of(ended, of_terms != group).made]
        parts.append(judged(found, held_asks, held_terms).assign(group=group))
        parts[-1]["base"] = [base_rate(kept, one) for one in (*held_asks.made, *held_terms.made)]
        tell(group + 1, GROUPS)
    return pd.concat(parts, ignore_index=True)


def judged(found: Any, asked: Asks, ended: Terms) -> pd.DataFrame:
    """Chances of decisions that the draws have not seen, averaged over the draws."""
    fixed = fixed_values()
    drawn = {name: np.asarray(found.posterior[name])[0, ::EVERY] for name in priors().index}
    rng = np.random.default_rng([1, 12])
    count = len(next(iter(drawn.values())))
    done, yes, stay = [], [], []
    for place in range(count):
        value = {name: values[place] for name, values in drawn.items()}
        if len(asked.made):
            done.append(np.exp(np.asarray(answers_chance(asked, value, fixed))))
            yes.append(np.asarray(sent_chance(asked, value, fixed)))
        if len(ended.made):
            # Presences of missions that were left out have a firmness that nobody knows yet.
            z = rng.logistic(size=int(ended.presence.max()) + 1)
            stay.append(1.0 / (1.0 + np.exp(-np.asarray(stay_level(ended, value, z)))))
    rows = []
    for n, one in enumerate(asked.made):
        rows.append((one, np.mean([d[n] for d in done]), np.mean([y[n] for y in yes])))
    for n, one in enumerate(ended.made):
        chance = float(np.mean([s[n] for s in stay]))
        rows.append((one, chance if one.done == "stays" else 1.0 - chance, chance))
    return pd.DataFrame(
        [
            {"id": one.id, "state": one.state, "mission": one.mission, "question": one.question,
             "done": one.done, "chance": chance, "yes": yes_chance}
            for one, chance, yes_chance in rows
        ]
    )  # fmt: skip


def base_rate(kept: list[Any], one: Any) -> float:
    """Share of the kept decisions on the same question in which the same was done."""
    same = [other for other in kept if other.question == one.question]
    return float(share(sum(other.done == one.done for other in same), len(same)))


def scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Log loss of what was done, its base rate, and the AUC of yes, by question."""
    rows = []
    for question in QUESTIONS:
        part = frame[frame["question"] == question]
        if part.empty:
            continue
        said = part["done"].isin(("sent", "stays")).to_numpy()
        chance = part["yes"].to_numpy()
        auc, low, high = scoring.area(chance[~said], chance[said])
        rows.append(
            {"question": question, "decisions": len(part),
             "log_loss": -np.log(part["chance"]).mean(), "base": -np.log(part["base"]).mean(),
             "auc": auc, "low": low, "high": high}
        )  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    """Leave each group out in turn; keep and print the scores."""
    frame = left_out(asks(tell), terms(tell))
    frame.round(5).to_csv(STORE / "left_out.csv", index=False, lineterminator="\n")
    print(scores(frame).to_string(index=False, float_format="%.3f"))


if __name__ == "__main__":
    main()
