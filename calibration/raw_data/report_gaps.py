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

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.months import month_number, year_of
from model.tables import table

from .compiler_constants import constant
from .monthly_reports import CELL, cells, state_kinds
from .proportional_fitting import apportioned
from .raw_files import Raw, records
from .un_panel import CATEGORIES, aliases, mission_months

MEANS_2014 = "contributions/gap_201409_201412_state_mission_means.csv"
MEANS_2018 = "contributions/gap_2018_2019_state_mission_year_means.csv"
GAP_2014 = list(range(month_number("2014-09"), month_number("2014-12") + 1))
REPORTED, NEIGHBOURS, HUB, PRINTED = "", "neighbours", "hub means", "printed totals"
ROUNDS = 200  # of the fit to printed totals
Means = dict[tuple[str, str, int], float]  # people by state, mission and year


@dataclass
class Panel:
    """Cells by month.

    Attributes:
        states, missions, kinds: str[cells], what each row is of.
        first: month (number) of the first column.
        people: float64[cells, months], NaN where nothing is known yet.
        stands: bool[cells, months], whether the mission stands or has just ended.
        rules: how each month is known.
    """

    states: np.ndarray
    missions: np.ndarray
    kinds: np.ndarray
    first: int
    people: np.ndarray
    stands: np.ndarray
    rules: dict[int, str]

    def at(self, months: list[int]) -> np.ndarray:
        """Columns of months."""
        return np.array(months) - self.first

    def months(self, *rules: str) -> list[int]:
        """Months that are known by one of the rules."""
        return [month for month, rule in self.rules.items() if rule in rules]

    def line(self, months: list[int]) -> np.ndarray:
        """Straight lines from the month before a gap to the one after, float64[cells, months]."""
        before, after = (self.people[:, self.at([m])] for m in (months[0] - 1, months[-1] + 1))
        share = (np.array(months) - months[0] + 1) / (len(months) + 1)
        return np.asarray(before * (1.0 - share) + after * share)

    def table(self) -> pd.DataFrame:
        """People as whole numbers: state, mission, kind by month number."""
        index = pd.MultiIndex.from_arrays([self.states, self.missions, self.kinds], names=CELL)
        whole = np.rint(self.people).astype(int)
        return pd.DataFrame(whole, index=index, columns=list(self.rules))

    def long(self) -> pd.DataFrame:
        """A row a cell and month with anybody: state, mission, kind, category, month, people and
        the month's rule."""
        categories = table("report_kinds").set_index("reported")["category"]
        row, column = np.nonzero(np.rint(self.people))
        months = np.array(list(self.rules))[column]
        return pd.DataFrame(
            {
                "state": self.states[row],
                "mission": self.missions[row],
                "kind": self.kinds[row],
                "category": categories.loc[list(self.kinds[row])].to_numpy(),
                "month": months,
                "people": np.rint(self.people[row, column]).astype(int),
                "rule": [self.rules[int(month)] for month in months],
            }
        )


def filled(raw: Raw, roster: pd.DataFrame) -> Panel:
    """The reports without gaps.

    Args:
        roster: missions with their dates; those that it lacks count as standing throughout.
    """
    printed = state_kinds(raw)
    panel = _reported(raw, roster, printed)
    for month in panel.months(NEIGHBOURS):
        both = panel.people[:, panel.at([month - 1, month + 1])]
        panel.people[:, panel.at([month])] = np.floor(both.mean(axis=1, keepdims=True) + 0.5)
    _hub_means(panel, _means(raw, MEANS_2014))
    _to_mission_totals(panel, raw)
    _to_printed(panel, printed, _means(raw, MEANS_2018))
    return panel


def _reported(raw: Raw, roster: pd.DataFrame, printed: pd.DataFrame) -> Panel:
    """What was reported, with room for every cell that only the hub or printed totals know."""
    seen = cells(raw)
    known = set(seen[CELL].itertuples(index=False, name=None))
    pairs = {(state, mission) for state, mission, _ in known}
    of_state = {(state, kind) for state, _, kind in known}
    kinds = printed.groupby("state")["kind"].agg(set).to_dict()
    for name in (MEANS_2014, MEANS_2018):
        for state, mission, _ in _means(raw, name):
            for kind in kinds.get(state, ()):
                if (state, mission) not in pairs or (state, kind) not in of_state:
                    known.add((state, mission, kind))
    rows = sorted(known)
    place = {cell: number for number, cell in enumerate(rows)}
    first, last = int(seen["month"].min()), int(seen["month"].max())
    with_report, with_totals = set(seen["month"]), set(printed["month"])
    rules = {}
    for month in range(first, last + 1):
        missing = HUB if month in GAP_2014 else PRINTED if month in with_totals else NEIGHBOURS
        rules[month] = REPORTED if month in with_report else missing
    people = np.zeros((len(rows), len(rules)))
    people[:, [rule != REPORTED for rule in rules.values()]] = np.nan
    where = [place[cell] for cell in seen[CELL].itertuples(index=False, name=None)]
    people[where, seen["month"].to_numpy() - first] = seen["people"].to_numpy()
    states, missions, of_kind = np.array(rows).T
    stands = _stands(missions, np.array(list(rules)), roster)
    return Panel(states, missions, of_kind, first, people, stands, rules)


def _stands(missions: np.ndarray, months: np.ndarray, roster: pd.DataFrame) -> np.ndarray:
    """Whether a cell's mission stands in a month or the one before, bool[cells, months]."""
    out = np.ones((len(missions), len(months)), dtype=bool)
    for row in records(roster[roster["mission"].isin(set(missions))]):
        inside = months >= month_number(row["start"])
        if row["end"]:
            inside &= months <= month_number(row["end"]) + 1
        out[missions == row["mission"]] = inside
    return out


def _means(raw: Raw, name: str) -> Means:
    """Mean people by state, mission and year from a file of the hub."""
    other = aliases("mission")
    out: Means = {}
    for row in records(raw.table(name)):
        mission = other.get(row["mission"], row["mission"])
        key = (row["iso3"], mission, int(row.get("year", year_of(GAP_2014[0]))))
        out[key] = out.get(key, 0.0) + float(row["rest" if "rest" in row else "total"])
    return out


def _hub_means(panel: Panel, means: Means) -> None:
    """September to December 2014: lines, or the hub's mean where the line is not near it."""
    at = panel.at(GAP_2014)
    line = panel.line(GAP_2014) * panel.stands[:, at]
    for state, mission in sorted(set(zip(panel.states, panel.missions, strict=True))):
        rows = np.flatnonzero((panel.states == state) & (panel.missions == mission))
        wanted = means.get((state, mission, year_of(GAP_2014[0])), 0.0)
        held = line[rows].mean(axis=1)
        if abs(held.sum() - wanted) <= constant("hub_rounding"):
            continue
        if held.sum() == 0.0:  # there neither before nor after: kinds as in other months
            held = np.nansum(panel.people[rows], axis=1)
        line[rows] = (held / max(held.sum(), 1.0) * wanted)[:, None] * panel.stands[rows][:, at]
    panel.people[:, at] = line


def _to_mission_totals(panel: Panel, raw: Raw) -> None:
    """Scale filled cells to the mission's observed total of each category, where there is one."""
    frame = mission_months(raw)
    known = {
        (row["mission"], row["month"], name): int(row[name])
        for row in records(frame)
        for name in CATEGORIES
    }
    category_of = table("report_kinds").set_index("reported")["category"]
    category = category_of.loc[list(panel.kinds)].to_numpy()
    groups = [
        (mission, name, np.flatnonzero((panel.missions == mission) & (category == name)))
        for mission in sorted(set(panel.missions))
        for name in CATEGORIES
    ]
    for month in panel.months(NEIGHBOURS, HUB):
        values = panel.people[:, month - panel.first]
        for mission, name, rows in groups:
            sums = float(values[rows].sum())
            if sums > 0:
                total = known.get((mission, month, name), round(sums))
                values[rows] = apportioned(total, list(values[rows]))


def _to_printed(panel: Panel, printed: pd.DataFrame, means: Means) -> None:
    """Months with printed totals by state and kind, gap by gap and state by state."""
    wide = printed.pivot_table(
        index=["state", "kind"], columns="month", values="people", fill_value=0
    )
    states = wide.index.get_level_values("state")
    months = panel.months(PRINTED)
    for part in np.split(months, np.flatnonzero(np.diff(months) > 1) + 1):
        gap = [int(month) for month in part]
        at = panel.at(gap)
        seed = panel.line(gap)
        values = np.zeros_like(seed)
        for state in sorted(set(states)):
            rows = np.flatnonzero(panel.states == state)
            own = wide.loc[states == state, gap].droplevel("state")
            known = {m: n for m, n in means.items() if m[0] == state}
            values[rows] = _fitted(panel, rows, gap, seed[rows], own, known)
        panel.people[:, at] = values


def _fitted(
    panel: Panel,
    rows: np.ndarray,
    gap: list[int],
    seed: np.ndarray,
    printed: pd.DataFrame,
    means: Means,
) -> np.ndarray:
    """One state's cells in a gap, whole numbers with the printed sums, float64[cells, months].

    Args:
        rows: the state's cells.  seed: float64[cells, months of the gap].
        printed: people by kind and month of the gap.
        means: the hub's means of the state, as far as it tells them.
    """
    kinds, missions = panel.kinds[rows], panel.missions[rows]
    listed = sorted({mission for _, mission, _ in means})
    out = seed + constant("gap_seed") * np.isin(missions, listed)[:, None]
    out = out * panel.stands[np.ix_(rows, panel.at(gap))]
    wish = printed.to_numpy(dtype=float)
    of_kind = (np.array(printed.index)[:, None] == kinds[None, :]).astype(float)
    out += of_kind.T @ ((of_kind @ out <= 0) & (wish > 0))  # no cell is known: all of the kind
    years = sorted({year_of(m) for m in gap} & {year for _, _, year in means})
    if years:
        names = sorted(set(missions))
        of_mission = (np.array(names)[:, None] == missions[None, :]).astype(float)
        in_year = np.array([[float(year_of(m) == year) for year in years] for m in gap])
        rest = _rest(panel, rows, gap, means, names, years)
        slack = 12.0 * 0.5  # means of twelve months are rounded to whole people
        said = of_mission @ out @ in_year
        rest = np.clip(said, np.maximum(0.0, rest - slack), rest + slack)
        for _ in range(ROUNDS):
            ratio = _ratio(rest, of_mission @ out @ in_year)
            out *= 1.0 + of_mission.T @ (ratio - 1.0) @ in_year.T
            out *= of_kind.T @ _ratio(wish, of_kind @ out)
    whole = np.zeros_like(out)
    for kind, month in zip(*np.nonzero(wish), strict=True):
        own = np.flatnonzero(of_kind[kind])
        weights = out[own, month]
        if weights.sum() == 0.0:  # the hub has no people where the reports print some
            weights = np.ones(len(own))
        whole[own, month] = apportioned(int(wish[kind, month]), list(weights))
    return whole


def _ratio(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Wanted over found; one where nothing stands."""
    return np.divide(wanted, found, out=np.ones_like(wanted), where=found > 0)


def _rest(
    panel: Panel, rows: np.ndarray, gap: list[int], means: Means, names: list[str], years: list[int]
) -> np.ndarray:
    """Person-months that the hub's means of whole years leave for the gap, by mission and year."""
    state = panel.states[rows[0]]
    out = np.zeros((len(names), len(years)))
    for place, year in enumerate(years):
        told = [m for m in panel.rules if year_of(m) == year and m not in gap]
        known = panel.people[np.ix_(rows, panel.at(told))].sum(axis=1) if told else 0.0 * rows
        for number, mission in enumerate(names):
            mean = means.get((state, mission, year), 0.0)
            out[number, place] = 12.0 * mean - known[panel.missions[rows] == mission].sum()
    return np.maximum(0.0, out)
