"""Contributions of all states by mission and kind, observed or estimated, and totals."""

import numpy as np
import pandas as pd

from model.months import month_number, month_text, year_of
from model.vocabulary import STUDIED

from ..raw_data.compiler_constants import constant
from ..raw_data.month_spells import LAST, dated, spread
from ..raw_data.proportional_fitting import sparse_fit
from ..raw_data.raw_files import Raw, records
from ..raw_data.report_gaps import Panel
from ..raw_data.un_panel import CATEGORIES, dyad_months, mission_months, state_months
from . import japan_korea_table, unit_maps

COLUMNS = [
    "state", "mission", "kind", "from", "to", "personnel", "national_personnel", "source", "status",
    "rule",
]  # fmt: skip
DYADS_FIRST = month_number("2009-11")
REPORTS_FIRST = month_number("2015-01")  # from here on the reports themselves are read


def contributions(
    raw: Raw, roster: pd.DataFrame, states: pd.DataFrame, panel: Panel
) -> pd.DataFrame:
    """All spells that the reports do not tell by themselves: Japan and Korea by kind, the others
    before November 2009 as estimated from margins by year (rule ``ipf``)."""
    own = japan_korea_table.contributions(raw, roster, panel)
    parts = [own, _estimated(raw, roster, states, own)]
    frame = pd.concat(parts, ignore_index=True)[COLUMNS]
    keys = ["state", "mission", "kind", "from"]
    return frame.sort_values(keys, kind="stable").reset_index(drop=True)


def _finished(frame: pd.DataFrame, status: str, rule: str) -> pd.DataFrame:
    """Spells with the columns of the table."""
    return frame.assign(
        personnel=frame["people"].astype(int).astype(str),
        national_personnel="",
        source="IPI",
        status=status,
        rule=rule,
    )[COLUMNS]


def _estimated(
    raw: Raw, roster: pd.DataFrame, states: pd.DataFrame, own: pd.DataFrame
) -> pd.DataFrame:
    """Yearly estimates of the other states before November 2009.

    For each year and category, person-months of states and of missions (less Japan and Korea, whose
    cells are known) are the margins; the seed falls with the distance from capital to mission and
    rises with presence in the following year and in the observed dyads; for troops it is the people
    of RADPKO where they are known, and it rises with units on the maps of Geo-PKO.  Personnel is
    person-months over the months from the first to the last in which the mission stands in that
    year's panel and within its dates; a month of withdrawal after the end counts in the months
    before.
    """
    totals = state_months(raw)
    totals = totals[(totals["month"] < DYADS_FIRST) & ~totals["state"].isin(STUDIED)]
    missions = mission_months(raw)
    missions = missions[missions["month"] < DYADS_FIRST]
    names = sorted(set(missions["mission"]) & set(roster["mission"]))
    codes = sorted(set(totals["state"]))
    nearness = _nearness(states, roster, codes, names)
    later = dyad_months(raw).groupby(["state", "mission"]).size()
    seen = np.array([[(s, m) in later.index for m in names] for s in codes])
    base = nearness * np.where(seen, constant("fit_seen_later"), 1.0)
    known = _known(own)
    found = unit_maps.units(raw)
    share = constant("fit_share")
    opens = roster.set_index("mission")["start"].map(month_number)
    shuts = roster.set_index("mission")["end"].map(lambda end: month_number(end) if end else LAST)
    rows = []
    for category in CATEGORIES:
        following = np.zeros_like(base, dtype=bool)
        smallest = constant(f"fit_smallest_{category}") * constant("fit_months")
        for year in range(year_of(DYADS_FIRST), 1989, -1):
            inside = missions["month"].map(year_of) == year
            here = missions[inside].groupby("mission")
            people = here[category].sum().reindex(names).fillna(0.0)
            taken = known.get((category, year))
            if taken is not None:
                people = (people - taken.reindex(names).fillna(0.0)).clip(lower=0.0)
            supply = totals[totals["month"].map(year_of) == year].groupby("state")[category].sum()
            supply = supply.reindex(codes).fillna(0.0)
            if supply.sum() == 0 or people.sum() == 0:
                continue
            seed = base * np.where(following, constant("fit_next_year"), 1.0)
            if category == "troops":
                seed = found.seed(seed, codes, names, year)
            last = here["month"].max()
            last = last.clip(upper=shuts.reindex(last.index))
            first = here["month"].min().clip(lower=opens.reindex(last.index).clip(upper=last))
            months = (last - first + 1).reindex(names).fillna(0).to_numpy()
            table = sparse_fit(seed, supply.to_numpy(), people.to_numpy(), smallest, share)
            following = table > 0
            persons = np.divide(table, months, out=np.zeros_like(table), where=months > 0)
            for s, m in zip(*np.nonzero(np.floor(persons + 0.5)), strict=True):
                rows.append(
                    {
                        "state": codes[s],
                        "mission": names[m],
                        "kind": _kind(category, persons[s, m]),
                        "from": month_text(int(first[names[m]])),
                        "to": month_text(int(last[names[m]])),
                        "people": int(np.floor(persons[s, m] + 0.5)),
                    }
                )
    return _finished(pd.DataFrame(rows), "derived", "ipf")


def _kind(category: str, people: float) -> str:
    """Kind that stands for people of a category of another state."""
    if category == "troops":
        return "infantry" if people >= constant("company") else "staff"
    return "observer" if category == "experts" else "police"


def _nearness(
    states: pd.DataFrame, roster: pd.DataFrame, codes: list[str], names: list[str]
) -> np.ndarray:
    """How near each state lies to each mission, float64[S, M]; hosts stay almost empty."""
    homes = states.set_index("iso3").loc[codes, ["capital_lat", "capital_lon"]].astype(float)
    places = roster.set_index("mission").loc[names]
    there = places[["latitude", "longitude"]].astype(float)
    a, b = np.radians(homes.to_numpy()), np.radians(there.to_numpy())
    cosine = np.sin(a[:, :1]) * np.sin(b[:, 0]) + np.cos(a[:, :1]) * np.cos(b[:, 0]) * np.cos(
        a[:, 1:] - b[:, 1]
    )
    km = 6371.0 * np.arccos(np.clip(cosine, -1.0, 1.0))
    own = np.array(codes)[:, None] == places["host"].to_numpy()[None, :]
    near = np.exp(-km / constant("fit_reach"))
    return np.round(np.where(own, constant("fit_host"), near), 6)


def _known(own: pd.DataFrame) -> dict[tuple[str, int], pd.Series]:
    """Person-months of Japan and Korea in UN missions that the panel counts, by category, year."""
    counted = own[own["rule"].isin(["attributed", "divided", "observed"])].copy()
    category = {"observer": "experts", "police": "police"}
    counted["category"] = [category.get(kind, "troops") for kind in counted["kind"]]
    counted["people"] = counted["personnel"].astype(int)
    for name in ("from", "to"):
        counted[name] = [month_number(text) for text in counted[name]]
    monthly = spread(counted[["mission", "category", "from", "to", "people"]])
    monthly["year"] = monthly["month"].map(year_of)
    sums = monthly.groupby(["category", "year", "mission"])["people"].sum()
    out: dict[tuple[str, int], pd.Series] = {}
    for name in CATEGORIES:
        for year in sorted(set(monthly.loc[monthly["category"] == name, "year"])):
            out[(name, int(year))] = sums.loc[(name, year)].astype(float)
    return out


def mission_totals(raw: Raw, roster: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Uniformed people of each mission and month: the IPI database to 2014, then sums of the
    reports within the mission's dates, derived where the month was filled."""
    early = mission_months(raw)[["mission", "month", *CATEGORIES]]
    early = early[early["month"] < REPORTS_FIRST].assign(status="sourced", source="IPI")
    cells = panel.long()
    cells = cells[cells["month"] >= REPORTS_FIRST]
    late = cells.pivot_table(
        index=["mission", "month"], columns="category", values="people", aggfunc="sum", fill_value=0
    ).reset_index()
    late["status"] = ["derived" if panel.rules[m] else "sourced" for m in late["month"]]
    both = pd.concat([early, late.assign(source="UN reports")], ignore_index=True)
    dates = roster.set_index("mission")
    both = both[both["mission"].isin(dates.index) & (both[list(CATEGORIES)].sum(axis=1) > 0)]
    start, end = (both["mission"].map(dates[name]) for name in ("start", "end"))
    written = both["month"].map(month_text)
    stands = (written >= start) & ((end == "") | (written <= end))
    both = both[stands | (both["month"] < REPORTS_FIRST)]
    both = both.sort_values(["mission", "month"], kind="stable").reset_index(drop=True)
    out = dated(both, ["month"])
    return out[["mission", "month", *CATEGORIES, "status", "source"]].astype(str)


def state_totals(raw: Raw) -> pd.DataFrame:
    """Observed monthly totals of Japan and Korea, all missions together, and what is used."""
    frame = state_months(raw)
    frame = frame[frame["state"].isin(STUDIED)]
    frame = dated(frame, ["month"]).assign(source="IPI", status="sourced", note="")
    frame = frame.astype(str)
    for row in records(japan_korea_table.corrections()):
        hit = (frame["state"] == row["state"]) & (frame["month"] == row["month"])
        frame.loc[hit, row["category"]] = row["used"]
        frame.loc[hit, "status"] = "assumption"
        frame.loc[hit, "note"] = f"{row['category']} {row['observed']} in the panel"
    return frame[["state", "month", *CATEGORIES, "source", "status", "note"]]


def state_year_totals(raw: Raw) -> pd.DataFrame:
    """Observed yearly means of every state, all UN missions together: what forecasts are scored on.

    Months to March 2014 come from the panel of states, later ones from the dyads; a month in which
    a state is not listed counts as zero.  Years without personnel are left out.
    ``closing`` is the number of people in the last of these months.
    """
    earlier, later = state_months(raw), dyad_months(raw)
    later = later[later["month"] > earlier["month"].max()]
    later = later.assign(police=later["individual_police"] + later["formed_police"])
    frame = pd.concat([earlier, later[["state", "month", *CATEGORIES]]])
    frame["year"] = frame["month"].map(year_of)
    months = frame.groupby("year")["month"].nunique()
    ends = frame[frame["month"] == frame.groupby("year")["month"].transform("max")]
    closing = ends.groupby(["state", "year"])[list(CATEGORIES)].sum().sum(axis=1)
    sums = frame.groupby(["state", "year"], as_index=False, sort=True)[list(CATEGORIES)].sum()
    sums["months"] = sums["year"].map(months)
    for category in CATEGORIES:
        sums[category] = (sums[category] / sums["months"]).round(2)
    sums = sums[sums[list(CATEGORIES)].sum(axis=1) > 0]
    keys = pd.MultiIndex.from_frame(sums[["state", "year"]])
    sums["closing"] = closing.reindex(keys).fillna(0).astype(int).to_numpy()
    out = sums.assign(source="IPI", status="derived")
    return out[["state", "year", "months", *CATEGORIES, "closing", "source", "status"]].astype(str)
