"""States: the roster, what is known of each in a year, and defence pacts."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from model.vocabulary import STUDIED

from ..raw_data.compiler_constants import constant
from ..raw_data.month_spells import column
from ..raw_data.raw_files import Raw, coded, records
from ..raw_data.un_panel import dyad_months, state_months

YEARS = range(1988, 2025)
FARISS_LAST = 2019
PACTS_LAST = 2018
RIVALRIES_LAST = 2020
UNKNOWN = ("ideal_point", "military_personnel")  # where some states have no source


def regions(raw: Raw) -> dict[str, str]:
    """Region of every state in the crosswalk: Western Asia and Egypt are the Middle East."""
    frame = raw.table("covariates/country_crosswalk.csv")
    out = {}
    for row in records(frame):
        code, region = str(row["iso3"]), row["un_region"]
        if row["un_subregion"] == "Western Asia" or code == "EGY":
            out[code] = "Middle East"
        elif region == region:
            out[code] = str(region)
        else:
            out[code] = "Asia" if code == "TWN" else "Europe"
    return out


def states(raw: Raw) -> pd.DataFrame:
    """Members of the United Nations and whoever else stands in its panels of contributors."""
    frame = raw.table("covariates/country_crosswalk.csv")
    contributors = set(state_months(raw)["state"]) | set(dyad_months(raw)["state"])
    frame = frame[(frame["un_member_proxy"] == 1) | frame["iso3"].isin(contributors)]
    region = regions(raw)
    spells = coded("state_spells", ("iso3", "from", "to", "predecessor")).set_index("iso3")
    rows = []
    for row in records(frame.sort_values("iso3")):
        code = row["iso3"]
        spell = spells.loc[code] if code in spells.index else None
        rows.append(
            {
                "iso3": code,
                "name": row["name"],
                "region": region[code],
                "subregion": row["un_subregion"]
                if row["un_subregion"] == row["un_subregion"]
                else region[code],
                "capital_lat": row["cap_lat"],
                "capital_lon": row["cap_lon"],
                "from": spell["from"] if spell is not None else "",
                "to": spell["to"] if spell is not None else "",
                "predecessor": spell["predecessor"] if spell is not None else "",
                "regime": code if code in STUDIED else "generic",
                "source": "crosswalk;background" if spell is not None else "crosswalk",
                "status": "sourced",
            }
        )
    out = pd.DataFrame(rows)
    for name in ("capital_lat", "capital_lon"):
        out[name] = column(out[name], 4)
    return out


@dataclass
class Years:
    """A wide sheet (year x state) being filled, with a note for every carried stretch."""

    codes: list[str]
    notes: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def sheet(self, frame: pd.DataFrame, value: str) -> pd.DataFrame:
        """A long file as a wide sheet over the model's years; the last of duplicates counts."""
        frame = frame.drop_duplicates(["iso3", "year"], keep="last")
        wide = frame.pivot(index="year", columns="iso3", values=value)
        return wide.reindex(index=list(YEARS), columns=self.codes).astype(float)

    def mark(self, cells: pd.DataFrame, what: str) -> None:
        """Write a note at every true cell."""
        for row, place in zip(*np.nonzero(cells.to_numpy()), strict=True):
            key = (self.codes[place], int(cells.index[row]))
            self.notes.setdefault(key, []).append(what)

    def carried(self, wide: pd.DataFrame, name: str) -> pd.DataFrame:
        """Gaps interpolated, ends held; what no source knows takes a constant."""
        inner = wide.interpolate(limit_area="inside")
        self.mark(wide.isna() & inner.notna(), f"{name} interpolated")
        held = inner.ffill().bfill()
        self.mark(inner.isna() & held.notna(), f"{name} held")
        if name in UNKNOWN:
            self.mark(held.isna(), f"{name} unknown")
            held = held.fillna(constant(f"unknown_{name}"))
        return held


def state_years(raw: Raw, roster: pd.DataFrame) -> pd.DataFrame:
    """Covariates of every state, 1988 to 2024, without gaps; ``note`` names what was carried."""
    book = Years(list(roster["iso3"]))
    bank = raw.table("covariates/wb_population_gdp.csv")
    fariss = raw.table("covariates/real_gdp_fariss.csv")
    people = book.sheet(bank, "population")
    other = book.sheet(fariss, "pop_mn") * 1e6
    book.mark(people.isna() & other.notna(), "population fariss")
    people = book.carried(people.fillna(other), "population")
    income = _income(book, raw, fariss)
    dollars = book.sheet(bank, "gdp_current_usd")
    book.mark(dollars.isna().all() & (dollars.isna()), "gdp fariss")
    dollars = dollars.fillna((income * people).where(dollars.isna().all(), np.nan, axis=1))
    seats = raw.table("covariates/unsc_membership.csv")
    seats["value"] = seats["seat"].map({"elected": 1, "permanent": 2})
    deaths = book.sheet(raw.table("covariates/ucdp_organized_violence_cy_v25_1.csv"), "sb_best")
    deaths.loc[1988] = deaths.loc[1989]
    sheets = {
        "population": (people, 0),
        "gdp_usd": (book.carried(dollars, "gdp"), 0),
        "gdp_per_capita_2011": (income, 0),
        "military_personnel": (
            book.carried(
                book.sheet(raw.table("covariates/cow_nmc_v7.csv"), "milper_k") * 1000.0,
                "military_personnel",
            ),
            0,
        ),
        "ideal_point": (
            book.carried(
                book.sheet(raw.table("covariates/un_ideal_points.csv"), "ideal_fp"), "ideal_point"
            ),
            4,
        ),
        "us_alliance": (_pacts(book, raw), 0),
        "council_seat": (book.sheet(seats, "value").fillna(0.0), 0),
        "rivalry": (_rivalries(book, raw), 0),
        "conflict_deaths": (deaths.fillna(0.0), 0),
    }
    out = pd.DataFrame(
        [(code, year) for code in book.codes for year in YEARS], columns=["iso3", "year"]
    )
    for name, (wide, places) in sheets.items():
        out[name] = column(pd.Series(wide.to_numpy().T.ravel()), places)
    notes = [book.notes.get(key, []) for key in out[["iso3", "year"]].itertuples(index=False)]
    unknown = [any(note.endswith("unknown") for note in row) for row in notes]
    out["source"] = "WB;Fariss;COW;UN ideal points;ATOP;UNSC;TSS;UCDP"
    out["status"] = [
        "assumption" if u else "derived" if n else "sourced"
        for u, n in zip(unknown, notes, strict=True)
    ]
    out["note"] = ["; ".join(row) for row in notes]
    return out


def _income(book: Years, raw: Raw, fariss: pd.DataFrame) -> pd.DataFrame:
    """Income per head in 2011 dollars: Fariss and others to 2019, then the level of 2019 held
    (current dollars would move with exchange rates and prices); states unknown to it take World
    Bank dollars of the same years."""
    income = book.sheet(fariss, "gdppc_2011intl")
    bank = raw.table("covariates/wb_population_gdp.csv")
    bank["head"] = bank["gdp_current_usd"] / bank["population"]
    head = book.sheet(bank, "head")
    unknown = income.isna().all()
    head.loc[FARISS_LAST + 1 :] = np.nan
    book.mark(head.notna() & unknown, "income in current dollars")
    income = book.carried(income.where(~unknown, head, axis=1), "income")
    middle = income.median(axis=1)
    book.mark(income.isna(), "income unknown")
    return income.apply(lambda sheet: sheet.fillna(middle))


def _pacts(book: Years, raw: Raw) -> pd.DataFrame:
    """Whether a defence pact with the United States stands; held after 2018 but for new members."""
    wide = book.sheet(raw.table("covariates/atop_us_alliances.csv"), "us_defense_pact").fillna(0.0)
    wide.loc[PACTS_LAST + 1 :] = wide.loc[PACTS_LAST].to_numpy()
    for row in records(coded("late_alliances", ("iso3_a", "iso3_b", "first_year"))):
        wide.loc[int(row["first_year"]) :, row["iso3_a"]] = 1.0
    late = pd.DataFrame(False, index=wide.index, columns=wide.columns)
    late.loc[PACTS_LAST + 1 :] = wide.loc[PACTS_LAST + 1 :] > 0
    book.mark(late, "us_alliance held")
    return wide


def _rivalries(book: Years, raw: Raw) -> pd.DataFrame:
    """Number of strategic rivalries going on in a year; those alive in 2020 are held."""
    wide = pd.DataFrame(0.0, index=list(YEARS), columns=book.codes)
    for row in records(raw.table("covariates/strategic_rivalries_tss.csv")):
        last = YEARS[-1] if row["end_year"] >= RIVALRIES_LAST else int(row["end_year"])
        for code in (row["iso3_a"], row["iso3_b"]):
            if code in wide.columns:
                wide.loc[int(row["start_year"]) : last, code] += 1.0
    return wide


def alliances(raw: Raw, roster: pd.DataFrame) -> pd.DataFrame:
    """Defence pacts as spells of years; those alive in 2018 are left open."""
    frame = raw.table("covariates/atop_defense_dyads_spells.csv")
    known = set(roster["iso3"])
    frame = frame[frame["iso3_a"].isin(known) & frame["iso3_b"].isin(known)].copy()
    frame["last_year"] = [
        "" if year >= PACTS_LAST else str(int(year)) for year in frame["last_year"]
    ]
    frame["first_year"] = frame["first_year"].astype(int).astype(str)
    frame["source"], frame["status"] = "ATOP", "sourced"
    late = coded("late_alliances", ("iso3_a", "iso3_b", "first_year", "source", "status"))
    late["last_year"] = ""
    columns = ["iso3_a", "iso3_b", "first_year", "last_year", "source", "status"]
    both = pd.concat([frame[columns], late[columns]], ignore_index=True)
    return both.sort_values(columns[:3], kind="stable").reset_index(drop=True)
