"""Known misfits of a forecast: where it lost most, of what sort the errors are, what each costs.

Sorts are told apart by numbers alone: what was there at the origin, what came, and what was said.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .validation import MODEL, PERSISTENCE

WORST = 12  # state-years listed
NAMED = 5  # states named with a sort of error
NOTHING = 0.02  # a change of CRPS within it says nothing

# Each sort with what the model has that makes it; the first that fits is taken.
SORTS: tuple[tuple[str, str, Callable[[pd.DataFrame], pd.Series]], ...] = (
    (
        "left, though it stayed",
        "at each renewal the choice is made anew, and a state that is in for reasons which no term "
        "of the utility holds (a promise, a neighbour, a habit) is let go",
        lambda f: (f["now"] > 0) & (f["observed"] >= f["now"] / 2) & (f["median"] < f["now"] / 2),
    ),
    (
        "units that never came",
        "a state that is asked and accepts sends a unit of the size usual for its forces and "
        "income; what else holds it back (a policy of tokens, a war, want of equipment) is not in "
        "the tables",
        lambda f: f["median"] > 2 * f[["now", "observed"]].max(axis=1),
    ),
    (
        "growth that was not foreseen",
        "contingents vary around the size that they have, so that a state which takes up a new "
        "policy of large units grows in the world and not here",
        lambda f: (f["observed"] > 2 * f["now"]) & (f["median"] < f["observed"] / 1.5),
    ),
    (
        "cuts and exits that were not foreseen",
        "a state's own decision to come home, against which nothing in mission, law or alliance "
        "spoke, is only the noise of a renewal",
        lambda f: (f["observed"] < f["now"] / 2) & (f["median"] > 1.5 * f["observed"]),
    ),
    (
        "a band too narrow",
        "the level was about right; what came lies outside the 80 % band",
        lambda f: (f["observed"] < f["low"]) | (f["observed"] > f["high"]),
    ),
    (
        "within the band",
        "what came lies within the 80 % band; what is lost here is its width",
        lambda f: pd.Series(True, index=f.index),
    ),
)


def compared(rows: pd.DataFrame) -> pd.DataFrame:
    """Scored state-years of the simulation with ``lost``, its CRPS less that of persistence, and
    ``sort`` of the error."""
    keys = ["state", "year"]
    own = rows[rows["forecaster"] == MODEL].set_index(keys)
    other = rows[rows["forecaster"] == PERSISTENCE].set_index(keys)["crps"]
    frame = own.assign(lost=own["crps"] - other).reset_index()
    chosen = [sort(frame).to_numpy() for _, _, sort in SORTS]
    frame["sort"] = np.select(chosen, [name for name, _, _ in SORTS], default="")
    return frame


def worst(rows: pd.DataFrame) -> pd.DataFrame:
    """State-years on which the simulation lost most against persistence."""
    columns = ["state", "year", "now", "observed", "low", "median", "high", "lost", "sort"]
    return compared(rows).nlargest(WORST, "lost")[columns].reset_index(drop=True)


def sorts(rows: pd.DataFrame) -> pd.DataFrame:
    """Errors by sort: state-years, mean CRPS of the simulation and of persistence, the share of all
    CRPS of the simulation that the sort makes up, and the states that cost most."""
    frame = compared(rows)
    everything = float(frame["crps"].sum())
    out = []
    for name, cause, _ in SORTS:
        part = frame[frame["sort"] == name]
        if part.empty:
            continue
        by_state = part.groupby("state")["crps"].sum().nlargest(NAMED)
        out.append(
            {
                "sort": name,
                "state_years": len(part),
                "crps": float(part["crps"].mean()),
                "persistence": float((part["crps"] - part["lost"]).mean()),
                "share": float(part["crps"].sum()) / everything,
                "states": ", ".join(by_state.index),
                "cause": cause,
            }
        )
    return pd.DataFrame(out)


def in_words(table: pd.DataFrame) -> list[str]:
    """A sentence for each sort of error, costliest first."""
    lines = []
    for row in table.sort_values("share", ascending=False).to_dict("records"):
        lines.append(
            f"**{row['sort'].capitalize()}** ({row['share']:.0%} of all error, "
            f"{row['state_years']} state-years; CRPS {row['crps']:.2f}, persistence "
            f"{row['persistence']:.2f}; most in {row['states']}): {row['cause']}."
        )
    return lines


def of_mechanisms(table: pd.DataFrame) -> list[str]:
    """A sentence for each mechanism switched off: whether it helps, adds nothing, or harms."""
    lines = []
    for name, part in table.groupby("mechanism", sort=False):
        said = []
        for row in part.to_dict("records"):
            change = row["change"]
            verb = "helps" if change > NOTHING else "harms" if change < -NOTHING else "adds nothing"
            said.append(f"{verb} for {row['group']} ({change:+.1%} CRPS without it)")
        lines.append(f"{str(name).capitalize()}: " + ", ".join(said) + ".")
    return lines
