"""States month by month: covariates with a year's lag, coded spells for the watched states."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..core import records
from ..months import ALWAYS, FIRST_YEAR, NEVER, month_number
from ..tables import kept, numbers, table
from .legal_regimes import month_or


def roster() -> pd.DataFrame:
    """States in order of ISO code."""
    return table("states").sort_values("iso3").reset_index(drop=True)


def by_year(name: str, codes: list[str], months: int, blank: float = 0.0) -> np.ndarray:
    """A yearly covariate as float64[T, S]: a month reads the year before; the last is held."""
    frame = table("state_years")
    values = pd.DataFrame(
        {
            "iso3": frame["iso3"],
            "year": numbers(frame, "state_years", "year").astype(int),
            "value": numbers(frame, "state_years", name, blank),
        }
    )
    wide = values.pivot_table(index="year", columns="iso3", values="value")
    years = range(FIRST_YEAR - 1, FIRST_YEAR - 1 + (months + 11) // 12)
    wide = wide.reindex(index=range(min(wide.index.min(), FIRST_YEAR - 1), max(years) + 1))
    wide = wide.reindex(columns=codes).ffill().fillna(blank)
    yearly = wide.loc[list(years)].to_numpy()
    return np.repeat(yearly, 12, axis=0)[:months]


def spells(
    name: str, column: str, codes: list[str], months: int, combine: str = "max", blank: float = 0.0
) -> np.ndarray:
    """Coded spells (state, from, to inclusive) as float64[T, S]; overlapping ones take the larger
    value or, with ``combine="sum"``, add up.  The last known level is held when ``to`` is blank."""
    out = np.full((months, len(codes)), blank)
    frame = table(name)
    values = numbers(frame, name, column)
    place = {code: number for number, code in enumerate(codes)}
    for row, value in zip(frame.to_dict("records"), values, strict=True):
        if row["state"] not in place:
            continue
        first = max(0, month_or(row["from"], ALWAYS, f"{name}.csv"))
        last = min(months - 1, month_or(row["to"], NEVER, f"{name}.csv"))
        if last < 0:
            continue
        part = out[first : last + 1, place[row["state"]]]
        part[:] = part + value if combine == "sum" else np.maximum(part, value)
    return out


@kept
def state_months(codes: list[str], months: int) -> np.ndarray:
    """Covariates of every state and month as ``STATE_MONTH`` records [T, S]."""
    out = records.records((months, len(codes)), records.STATE_MONTH)
    forces = by_year("military_personnel", codes, months)
    income = by_year("gdp_per_capita_2011", codes, months, 5000.0)
    out["forces"] = forces
    out["capability"] = capability(forces)
    out["wealth"] = np.log(np.maximum(income, 300.0) / 10_000.0)
    out["ideal"] = by_year("ideal_point", codes, months)
    ally = by_year("us_alliance", codes, months)
    ties = table("alliance_ties").set_index("class")
    for name in ("embeddedness", "dependence"):
        weight = ties[name].astype(float)
        out[name] = np.where(ally > 0, weight["ally"], weight["other"])
        for number, code in enumerate(codes):
            if code in weight.index:
                out[name][:, number] = weight[code]
    rivalry = by_year("rivalry", codes, months)
    deaths = by_year("conflict_deaths", codes, months)
    generic = np.minimum(1.0, 0.15 * np.minimum(rivalry, 2.0) + np.log10(1.0 + deaths) / 8.0)
    coded = spells("home_threat", "level", codes, months, blank=-1.0)
    out["threat"] = np.where(coded >= 0, _held(coded), generic)
    out["status"] = np.minimum(1.0, spells("status_goals", "weight", codes, months))
    strength = spells("politics", "strength", codes, months, blank=-1.0)
    out["strength"] = np.where(_held(strength) >= 0, _held(strength), 0.5)
    out["crisis"] = spells("crises", "slots", codes, months, combine="sum")
    out["centres"] = centres(codes, months)
    out["incidents"] = incidents(codes, months)
    out["instructors"] = 0.0
    years = np.arange(months) / 12.0
    out["trend"] = np.clip(years / 30.0, 0.0, 1.2)[:, None]
    return out


def incidents(codes: list[str], months: int) -> np.ndarray:
    """Level of what the public follows beside the decisions themselves, by month, float64[T, S]."""
    frame = table("incidents")
    levels = numbers(frame, "incidents", "level")
    out = np.zeros((months, len(codes)))
    for row, level in zip(frame.to_dict("records"), levels, strict=True):
        month = month_number(row["month"], "incidents.csv")
        if row["state"] in codes and month < months:
            out[month, codes.index(row["state"])] += level
    return out


def capability(forces: np.ndarray) -> np.ndarray:
    """Logarithm of the active forces, in units of fifty thousand people."""
    return np.asarray(np.log(np.maximum(forces, 500.0) / 50_000.0))


def _held(values: np.ndarray) -> np.ndarray:
    """Fill the months after the last coded one with it (negative cells mean: not coded)."""
    frame = pd.DataFrame(values).where(lambda x: x >= 0)
    return frame.ffill().fillna(values.min()).to_numpy()


def centres(codes: list[str], months: int) -> np.ndarray:
    """Home training centres open in each month, in units of a hundred trained a year."""
    frame = table("training_centres")
    home = frame[frame["home"] == "1"]
    out = np.zeros((months, len(codes)))
    place = {code: number for number, code in enumerate(codes)}
    for row in home.to_dict("records"):
        if row["state"] in place:
            first = max(0, month_number(row["from"], "training_centres.csv") + 12)
            last = min(months - 1, month_or(row["to"], NEVER, "training_centres.csv"))
            out[first : last + 1, place[row["state"]]] += float(row["staff_per_year"] or 0) / 100.0
    return out
