"""Months for which the United Nations published no state by mission, filled and marked derived.

Rules, by month:

- ``neighbours``: a single month takes the mean of the months before and after it.
- ``hub means``: September to December 2014.  Cells run straight from August to January; where the
  hub's mean of the four months says otherwise, by more than its rounding, they hold that mean.
- ``printed totals``: March 2018 to August 2019 and September 2023.  Each state's cells are fitted
  to its printed total of each kind and month, and to the hub's year mean in each mission.

Where the IPI database has the mission's total of a month, cells of the first two rules are scaled
to it.  All numbers are whole, by largest remainder, so that the totals hold exactly.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model import un_reports
from model.months import month_number

from .constants import constant
from .monthly_reports import CELL, cells, state_kinds
from .panel import aliases, mission_months
from .proportional_fitting import apportioned
from .raw import Raw

MEANS_2014 = "contributions/gap_201409_201412_state_mission_means.csv"
MEANS_2018 = "contributions/gap_2018_2019_state_mission_year_means.csv"
GAP_2014 = range(month_number("2014-09"), month_number("2014-12") + 1)
REPORTED, NEIGHBOURS, HUB, PRINTED = "", "neighbours", "hub means", "printed totals"
ROUNDS = 200  # of the fit to printed totals


def filled(raw: Raw, roster: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, str]]:
    """The panel without gaps.

    Args:
        roster: missions with their dates; those that it lacks count as standing throughout.

    Returns:
        People as a wide table, whole numbers: cells (state, mission, kind) by month number; the
        rule of each month.
    """
    seen, printed = cells(raw), state_kinds(raw)
    index, months = _index(raw, seen, printed), _months(seen)
    wide = seen.pivot(index=CELL, columns="month", values="people").reindex(index)
    reported = set(seen["month"])
    people = wide.reindex(columns=months).to_numpy(dtype=float)
    people[:, [m in reported for m in months]] = np.nan_to_num(
        people[:, [m in reported for m in months]]
    )
    frame = pd.DataFrame(people, index=index, columns=months)
    stands = _stands(frame, roster)
    rules = {month: REPORTED if month in reported else _rule(month, printed) for month in months}
    _between(frame, [m for m in months if rules[m] == NEIGHBOURS])
    _hub_means(frame, raw, stands)
    _to_mission_totals(frame, raw, [m for m in months if rules[m] in (NEIGHBOURS, HUB)])
    _to_printed(frame, raw, printed, stands)
    return frame.round().astype(int), rules


def _rule(month: int, printed: pd.DataFrame) -> str:
    """By which rule a month without a report is filled."""
    if month in GAP_2014:
        return HUB
    return PRINTED if month in set(printed["month"]) else NEIGHBOURS


def _months(seen: pd.DataFrame) -> list[int]:
    return list(range(int(seen["month"].min()), int(seen["month"].max()) + 1))


def _index(raw: Raw, seen: pd.DataFrame, printed: pd.DataFrame) -> pd.MultiIndex:
    """Every cell that is reported in any month, and those that the hub alone knows."""
    known = set(seen[CELL].itertuples(index=False, name=None))
    pairs = {(state, mission) for state, mission, _ in known}
    kinds = printed.groupby("state")["kind"].agg(set)
    seen_kinds = {(state, kind) for state, _, kind in known}
    for name in (MEANS_2014, MEANS_2018):
        for state, mission in _means(raw, name).index.droplevel("year"):
            known |= {
                (state, mission, kind)
                for kind in kinds.get(state, ())
                if (state, mission) not in pairs or (state, kind) not in seen_kinds
            }
    return pd.MultiIndex.from_tuples(sorted(known), names=CELL)


def _means(raw: Raw, name: str) -> pd.Series:
    """A file of the hub by state, mission and year: people."""
    frame = raw.table(name).rename(columns={"iso3": "state", "rest": "total"})
    frame["mission"] = frame["mission"].replace(aliases("mission"))
    if "year" not in frame.columns:
        frame["year"] = 2014
    return frame.groupby(["state", "mission", "year"])["total"].sum().astype(float)


def _stands(frame: pd.DataFrame, roster: pd.DataFrame) -> np.ndarray:
    """Whether a cell's mission stands in a month or the one after its end, bool[cells, months]."""
    dates = roster.set_index("mission")
    months = np.array(frame.columns)
    out = np.ones(frame.shape, dtype=bool)
    for place, mission in enumerate(frame.index.get_level_values("mission")):
        if mission in dates.index:
            start, end = dates.at[mission, "start"], dates.at[mission, "end"]
            out[place] = months >= month_number(start)
            if end:
                out[place] &= months <= month_number(end) + 1
    return out


def _between(frame: pd.DataFrame, months: list[int]) -> None:
    """Single months as the mean of their neighbours."""
    for month in months:
        frame[month] = np.floor((frame[month - 1] + frame[month + 1]) / 2.0 + 0.5)


def _line(frame: pd.DataFrame, months: range | list[int]) -> np.ndarray:
    """Straight lines from the month before a gap to the one after, float64[cells, months]."""
    first, last = months[0] - 1, months[-1] + 1
    share = (np.array(months) - first) / (last - first)
    before, after = frame[first].to_numpy()[:, None], frame[last].to_numpy()[:, None]
    return np.asarray(before * (1.0 - share) + after * share)


def _hub_means(frame: pd.DataFrame, raw: Raw, stands: np.ndarray) -> None:
    """September to December 2014: lines, or the hub's mean where the line is not near it."""
    place = [frame.columns.get_loc(month) for month in GAP_2014]
    line = _line(frame, GAP_2014) * stands[:, place]
    pairs = frame.index.droplevel("kind")
    means = _means(raw, MEANS_2014).droplevel("year").reindex(pairs.unique()).fillna(0.0)
    mean = pd.Series(line.mean(axis=1), index=pairs).groupby(level=[0, 1]).sum()
    for pair, wanted in means.items():
        rows = np.flatnonzero(pairs == pair)
        said = float(mean[pair])
        if abs(said - wanted) <= constant("hub_rounding"):
            continue
        held = line[rows].mean(axis=1)
        if held.sum() == 0.0:
            held = frame.iloc[rows].sum(axis=1).to_numpy()
        line[rows] = (held / max(held.sum(), 1e-9) * wanted)[:, None] * stands[rows][:, place]
    frame[list(GAP_2014)] = line


def _to_mission_totals(frame: pd.DataFrame, raw: Raw, months: list[int]) -> None:
    """Scale cells to the mission's observed total of each category, where there is one; round."""
    totals = mission_months(raw).set_index(["mission", "month"])
    category = frame.index.get_level_values("kind").map(un_reports.CATEGORIES)
    groups = frame.groupby([frame.index.get_level_values("mission"), category]).indices
    for month in months:
        values = frame[month].to_numpy().copy()
        for (mission, name), rows in groups.items():
            sums = values[rows].sum()
            if sums > 0:
                told = (mission, month) in totals.index
                total = int(totals.at[(mission, month), name]) if told else round(float(sums))
                values[rows] = apportioned(total, list(values[rows]))
        frame[month] = values


def _to_printed(frame: pd.DataFrame, raw: Raw, printed: pd.DataFrame, stands: np.ndarray) -> None:
    """Months with printed totals by state and kind, gap by gap and state by state."""
    months = sorted(set(printed["month"]))
    means = _means(raw, MEANS_2018)
    states = frame.index.get_level_values("state")
    for gap in np.split(months, np.flatnonzero(np.diff(months) > 1) + 1):
        place = [frame.columns.get_loc(month) for month in gap]
        seed = _line(frame, list(gap))
        values = np.zeros_like(seed)
        for state, own in printed[printed["month"].isin(gap)].groupby("state"):
            rows = np.flatnonzero(states == state)
            totals = own.pivot_table(index="kind", columns="month", values="people")
            known = means[means.index.get_level_values("state") == state].droplevel("state")
            values[rows] = _fitted(
                frame.iloc[rows].droplevel("state"),
                seed[rows],
                stands[np.ix_(rows, place)],
                totals.reindex(columns=gap).fillna(0.0),
                known,
            )
        frame[list(gap)] = values


def _fitted(
    table: pd.DataFrame,
    seed: np.ndarray,
    stands: np.ndarray,
    printed: pd.DataFrame,
    means: pd.Series,
) -> np.ndarray:
    """One state's cells in a gap, whole numbers with the printed sums, float64[cells, months].

    Args:
        table: the state's cells (mission, kind) in all months, NaN in the gap.
        seed, stands: float64 and bool[cells, months of the gap].
        printed: people by kind and month of the gap.
        means: the hub's means by mission and year, as far as it tells them.
    """
    missions, kinds = (table.index.get_level_values(name) for name in ("mission", "kind"))
    listed = sorted(set(means.index.get_level_values("mission")))
    out = (seed + constant("gap_seed") * np.isin(missions, listed)[:, None]) * stands
    of_kind = (np.array(printed.index)[:, None] == np.array(kinds)[None, :]).astype(float)
    wish = printed.to_numpy()
    empty = (of_kind @ out <= 0) & (wish > 0)
    out += of_kind.T @ empty.astype(float)  # where no cell is known, all of the kind
    names = sorted(set(missions))
    of_mission = (np.array(names)[:, None] == np.array(missions)[None, :]).astype(float)
    years = sorted(set(means.index.get_level_values("year")))
    in_year = np.array([[1990 + m // 12 == year for year in years] for m in printed.columns])
    in_year = in_year.reshape(len(printed.columns), len(years)).astype(float)
    if years:
        rest = _rest(table, means, names, years, of_mission, of_mission @ out @ in_year)
        for _ in range(ROUNDS):
            ratio = _ratio(rest, of_mission @ out @ in_year)
            out *= 1.0 + of_mission.T @ (ratio - 1.0) @ in_year.T
            out *= of_kind.T @ _ratio(wish, of_kind @ out)
    for kind, month in zip(*np.nonzero(wish), strict=True):
        rows = np.flatnonzero(of_kind[kind])
        if out[rows, month].sum() == 0.0:  # the hub has nobody where the reports print somebody
            out[rows, month] = 1.0
        out[rows, month] = apportioned(int(wish[kind, month]), list(out[rows, month]))
    return out


def _ratio(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Wanted over found; one where nothing stands."""
    return np.divide(wanted, found, out=np.ones_like(wanted), where=found > 0)


def _rest(
    table: pd.DataFrame,
    means: pd.Series,
    names: list[str],
    years: list[int],
    of_mission: np.ndarray,
    said: np.ndarray,
) -> np.ndarray:
    """Person-months of each mission in the gap's months of each year, from the hub's means of
    whole years; what the seed says where that lies within a mean's rounding."""
    mean = means.unstack("year").reindex(index=names, columns=years).fillna(0.0).to_numpy()
    months = np.array(table.columns)
    known = of_mission @ np.nan_to_num(table.to_numpy())
    told = [known[:, 1990 + months // 12 == year].sum(axis=1) for year in years]
    rest = np.maximum(0.0, 12.0 * mean - np.array(told).T)
    slack = 12.0 * 0.5
    return np.clip(said, np.maximum(0.0, rest - slack), rest + slack)
