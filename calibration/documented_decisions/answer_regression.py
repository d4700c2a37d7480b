"""A first look at what predicts a yes: penalised logistic regression of the answers to unit asks.

    python -m calibration.documented_decisions.answer_regression

Accepted or not, on the first contact, the site, the finding of a survey, the kind, what was in use
of the same specialism, the ally's first wish and the framework.  Every mission is predicted from
the others.  It is the seed of a fit and no part of the model.
"""

import numpy as np
import pandas as pd

from model.vocabulary import FORMED
from model.world import recorded_contributions

from . import decision_scores as scoring
from .coded_tables import table
from .decision_chances import share
from .decision_evidence import Decision, answers, security

SCALE = 1.0  # standard deviation of the prior of a coefficient, for one of its feature
# Kinds that draw on the same people and machines; what is not named stands alone.
SPECIALISMS = {
    "infantry": "combat", "guard": "combat", "special_forces_training": "combat",
    "helicopter": "helicopter", "air_transport": "fixed-wing", "naval": "ships",
    "medical": "medical", "relief_unit": "medical", "transport": "ground", "engineer": "ground",
    "movement_control": "ground",
}  # fmt: skip
SETS: dict[str, tuple[str, ...]] = {
    "kind": ("helicopter", "fixed-wing", "ships", "combat"),
    "site": ("site score",),
    "first contact": ("formal note", "leader", "general call", "own study", "not found"),
    "finding": ("found ok", "found not ok"),
    "capacity": ("in use", "units abroad"),
    "framework": ("coalition", "relief", "Korea"),
    "ally": ("ally's first wish",),
}


def cases() -> list[Decision]:
    """Answers to asks for units, with the kinds that the model lacks."""
    return [one for one in answers() if one.event == "unit"]


def features(made: list[Decision]) -> pd.DataFrame:
    """One row a decision: numbers for every feature of ``SETS``."""
    groups = recorded_contributions.group_of_missions()
    wishes = table("ally_wishes")
    first = wishes[wishes["rank"] == "1"].set_index("ask")["kinds"].str.split(";")
    return pd.DataFrame([_features(one, groups[one.mission], first) for one in made])


def _features(one: Decision, group: str, first: pd.Series) -> dict[str, float]:
    own = SPECIALISMS.get(one.kinds[0], "ground")
    score = one.score if one.score is not None else security(one.place, one.month)
    in_use, units = _abroad(one.state, one.month - 1, own)
    grade = one.grade.replace("_", " ") or "not found"
    row = {name: float(grade == name) for name in SETS["first contact"]}
    row |= {name: float(own == name) for name in SETS["kind"]}
    return row | {
        "site score": float(score or 0),
        "found ok": float(one.finding == "ok"), "in use": np.log1p(in_use),
        "found not ok": float(one.finding in ("not_ok", "conditional")),
        "units abroad": float(units), "coalition": float(group == "coalition"),
        "relief": float(group == "other"), "Korea": float(one.state == "KOR"),
        "ally's first wish": float(one.kinds[0] in first.get(one.request, ())),
    }  # fmt: skip


def _abroad(state: str, month: int, specialism: str) -> tuple[int, int]:
    """People of a specialism in the field in a month, and units of any kind."""
    spells = recorded_contributions.spells()
    chosen = (spells["state"] == state) & (spells["first"] <= month) & (spells["last"] >= month)
    here = spells[chosen & spells["kind"].isin(FORMED)]
    same = here["kind"].map(lambda kind: SPECIALISMS.get(kind, "ground")) == specialism
    return int(here.loc[same, "people"].sum()), len(here)


def fitted(given: np.ndarray, yes: np.ndarray, scale: float = SCALE) -> tuple[np.ndarray, float]:
    """Coefficients and intercept with a normal prior of ``scale`` on each standardised feature.

    Args:
        given: float64[cases, features], standardised.  yes: bool[cases].
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=scale**2, max_iter=1000).fit(given, yes)
    return model.coef_[0], float(model.intercept_[0])


def left_out(
    given: np.ndarray, yes: np.ndarray, missions: np.ndarray, scale: float = SCALE
) -> np.ndarray:
    """Chance of yes of each case from the cases of all other missions; without features, their
    base rate."""
    out = np.zeros(len(yes))
    for mission in np.unique(missions):
        held = missions == mission
        known, seen = given[~held], yes[~held]
        out[held] = share(seen.sum(), len(seen))
        if given.shape[1] and 0 < seen.sum() < len(seen):
            centre, spread = known.mean(axis=0), known.std(axis=0)
            spread[spread == 0] = 1.0
            weights, start = fitted((known - centre) / spread, seen, scale)
            level = start + (given[held] - centre) / spread @ weights
            out[held] = 1.0 / (1.0 + np.exp(-level))
    return out


def compared(made: list[Decision], scale: float = SCALE) -> pd.DataFrame:
    """Log loss, Brier score and AUC of each set of features alone, of all, and of all but it."""
    frame = features(made)
    yes = np.array([one.done == "sent" for one in made])
    missions = np.array([one.mission for one in made])
    every = [name for names in SETS.values() for name in names]
    chosen = {"base rate": [], "all": every}
    chosen |= {f"only {name}": list(own) for name, own in SETS.items()}
    chosen |= {f"without {name}": [n for n in every if n not in own] for name, own in SETS.items()}
    rows = []
    for name, columns in chosen.items():
        chance = left_out(frame[columns].to_numpy(), yes, missions, scale)
        loss = -np.log(np.where(yes, chance, 1.0 - chance)).mean()
        auc, low, high = scoring.area(chance[~yes], chance[yes])
        rows.append(
            {"features": name, "log_loss": loss, "brier": ((chance - yes) ** 2).mean(),
             "auc": auc, "low": low, "high": high}
        )  # fmt: skip
    return pd.DataFrame(rows)


def coefficients(made: list[Decision], scale: float = SCALE) -> pd.DataFrame:
    """What each feature adds to the log odds of yes, in its own unit, from all cases."""
    frame = features(made)
    yes = np.array([one.done == "sent" for one in made])
    spread = frame.std(ddof=0).replace(0.0, 1.0)
    weights, _ = fitted(((frame - frame.mean()) / spread).to_numpy(), yes, scale)
    return pd.DataFrame(
        {"feature": frame.columns, "cases": (frame != 0).sum().to_numpy(),
         "log_odds": weights / spread.to_numpy()}
    )  # fmt: skip


def main() -> None:
    """Print both tables."""
    made = cases()
    print(f"{len(made)} asks for units, {sum(one.done == 'sent' for one in made)} sent")
    print(compared(made).to_string(index=False, float_format="%.3f"))
    print(coefficients(made).to_string(index=False, float_format="%.2f"))


if __name__ == "__main__":
    main()
