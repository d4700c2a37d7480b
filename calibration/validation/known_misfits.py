"""Known misfits: where a forecast lost most, of what sort the errors are, what each costs.

Types are distinguished by numbers alone: what was there at the origin, what came, and what was
said. Those of which the cause was looked up, one by one, are in ``misfits.csv`` of the record;
their numbers are taken from the other tables of the report.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError

from ..evidence.scores import MODEL, PERSISTENCE
from ..raw_data.raw_files import coded, records

COLUMNS = ("misfit", "state", "when", "table", "where", "said", "should", "unit", "cause", "status")
UNITS = ("share", "months", "activities a year", "people", "ratio", "correlation")

WORST = 12  # state-years listed
NAMED = 5  # states named with a sort of error
NOTHING = 0.02  # a change of CRPS within it says nothing

# Each sort with what the model has that makes it; the first that fits is taken.
SORTS: tuple[tuple[str, str, Callable[[pd.DataFrame], pd.Series]], ...] = (
    (
        "left, though it stayed",
        "at each renewal the choice is made again, and a state that is there for reasons which no "
        "term of the utility covers (a promise, a neighbour, a habit) is withdrawn",
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
        "the level was about right; what came lies outside the 80% band",
        lambda f: (f["observed"] < f["low"]) | (f["observed"] > f["high"]),
    ),
    (
        "within the band",
        "what came lies within the 80% band; what is lost here is its width",
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


def known(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Misfits whose cause was looked up, with what the report measured of each.

    Args:
        tables: those of the report, by name.

    Returns:
        misfit, state, when, said, should, unit, cause; without those that this report lacks.

    Raises:
        InputError: a line names a table, column or unit that is not there.
    """
    out = []
    for line, row in enumerate(records(coded("misfits", COLUMNS)), start=2):
        place = f"misfits.csv, line {line}"
        frame = tables.get(row["table"])
        if frame is None:
            raise InputError(f"{place}: no table {row['table']!r}; valid: {', '.join(tables)}")
        if row["unit"] not in UNITS:
            raise InputError(f"{place}: no unit {row['unit']!r}; valid: {', '.join(UNITS)}")
        for part in row["where"].split(";"):
            name, _, value = part.partition("=")
            if name not in frame:
                raise InputError(f"{place}: {row['table']} has no column {name!r}")
            frame = frame[frame[name].astype(str) == value]
        if frame.empty:
            continue  # from this origin there is no such case
        cells = {str(name): value for name, value in frame.iloc[0].items()}
        out.append(
            {name: row[name] for name in ("misfit", "state", "when")}
            | {name: _number(cells, row[name], place) for name in ("said", "should")}
            | {name: row[name] for name in ("unit", "cause")}
        )
    return pd.DataFrame(out)


def _number(cells: dict[str, Any], text: str, place: str) -> float:
    """A cell of the chosen row by its column, or a number as it stands."""
    try:
        return float(cells.get(text, text))
    except ValueError as error:
        raise InputError(f"{place}: {text!r} is neither a column nor a number") from error


def known_in_words(table: pd.DataFrame) -> list[str]:
    """A sentence for each misfit whose cause was looked up."""
    return [
        f"**{row['misfit']}** ({row['state']}, {row['when']}; {_shown(row['said'], row['unit'])}, "
        f"should be {_shown(row['should'], row['unit'])}): {row['cause']}."
        for row in table.to_dict("records")
    ]


def _shown(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.0%}"
    if unit in ("ratio", "correlation"):
        return f"{value:.2f}"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"
