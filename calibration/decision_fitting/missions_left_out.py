"""How good the fitted decisions are where the fit has not looked: whole missions left out.

    python -m calibration.decision_fitting.missions_left_out

The missions fall into groups; the weights are sampled from all but one group and judge that one.
What the base rate of the kept decisions would have said stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from model.core.rng import identity

from ..documented_decisions import decision_scores as scoring
from ..documented_decisions.decision_chances import share
from .decision_likelihood import answers_chance, fixed_values, priors, sent_chance, stay_level
from .decision_posterior import Sampler, tell, write
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


def left_out(asked: Asks, ended: Terms) -> pd.DataFrame:
    """Chance of what was done, and of yes, of every decision from all other groups."""
    number = groups([one.mission for one in (*asked.made, *ended.made)])
    sampler = Sampler(asked, ended, SAMPLES, WARMUP, CHAINS)
    parts = []
    for group in range(GROUPS):
        parts.append(held_back(sampler, asked, ended, number != group, number == group))
        parts[-1]["group"] = group
        tell(group + 1, GROUPS)
    return pd.concat(parts, ignore_index=True)


def held_back(
    sampler: Sampler, asked: Asks, ended: Terms, seen: np.ndarray, scored: np.ndarray
) -> pd.DataFrame:
    """Chances of the ``scored`` decisions from a fit to the ``seen`` ones, with the base rate that
    those give; both bool[N + P], asks before ends of terms."""
    count = len(asked.made)
    found = sampler.run(asks=seen[:count] * 1.0, terms=seen[count:] * 1.0)
    frame = judged(found, asked, ended)
    made = [*asked.made, *ended.made]
    kept = [one for one, chosen in zip(made, seen, strict=True) if chosen]
    frame["base"] = [base_rate(kept, one) for one in made]
    return frame[scored]


def draws_of(found: Any, every: int = EVERY) -> Iterator[tuple[dict[str, Any], Any]]:
    """Some of the draws: values of the parameters by name, and the firmness of each presence."""
    names = [*priors().index, "firmness"]
    drawn = {name: np.asarray(found.posterior[name])[0, ::every] for name in names}
    for place in range(len(drawn["firmness"])):
        value = {name: values[place] for name, values in drawn.items()}
        yield value, value.pop("firmness")


def judged(found: Any, asked: Asks, ended: Terms) -> pd.DataFrame:
    """Chances of decisions, averaged over the draws.  A presence that the draws have not seen has a
    firmness from the prior."""
    fixed = fixed_values()
    done, yes, stay = [], [], []
    for value, z in draws_of(found):
        done.append(np.exp(np.asarray(answers_chance(asked, value, fixed, asked.done))))
        yes.append(np.asarray(sent_chance(asked, value, fixed)))
        stay.append(1.0 / (1.0 + np.exp(-np.asarray(stay_level(ended, value, z)))))
    stays = np.mean(stay, axis=0)
    as_done = np.concatenate([np.mean(done, axis=0), np.where(ended.stays, stays, 1.0 - stays)])
    made = [*asked.made, *ended.made]
    return pd.DataFrame(
        {"id": [one.id for one in made], "state": [one.state for one in made],
         "mission": [one.mission for one in made], "month": [one.month for one in made],
         "question": [one.question for one in made], "done": [one.done for one in made],
         "chance": as_done, "yes": np.concatenate([np.mean(yes, axis=0), stays])}
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
    write(frame.round(5), "left_out")
    print(scores(frame).to_string(index=False, float_format="%.3f"))


if __name__ == "__main__":
    main()
