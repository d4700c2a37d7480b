"""The generator of future missions, fitted on those of 1989 to the last documented full year.

    python -m calibration.fitting.mission_generator [--write]

A mission and those that succeed it count as one.  Arrivals are Poisson by class, constant or with a
log-linear trend, whichever forecasts the held-out years better; lengths are Weibull with missions
still open as censored; everything else of a new mission is taken together from one mission of the
record, recent ones more often, and its size is smoothed.  Coalitions count where Japan or Korea was
asked by name: of the others the roster has only some.  Prints the fit next to the held-out
years.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, stats

from model import coverage
from model.errors import InputError
from model.months import month_number, year_of
from model.tables import FOLDER, numbers, table
from model.vocabulary import POLICE_KINDS

FIRST, HELD_OUT = 1989, 2011
LAST = year_of(coverage.last("world") + 1) - 1  # the last full year
HALF_LIFE = 15.0  # years after which a past mission counts half as a pattern
CLASSES = ("un", "coalition", "other")
RELIEF = ("disaster_relief", "un_relief")  # what the class other holds: sudden, short, by ask
LONGEST_LAG = 36  # months after its start within which a new mission still asks by name
PEERS_FROM = 1000  # authorised strength from which a mission's fill is measured


def chains() -> pd.DataFrame:
    """One row for each family of missions: class, start, end (months), whether closed, year,
    strength, and the mission of the family that asked for most."""
    roster = table("missions")
    groups = table("frameworks").set_index("framework")["group"]
    strength = table("mission_strength")
    total = numbers(strength, "mission_strength", "military")
    total += numbers(strength, "mission_strength", "police")
    peak = total.groupby(strength["mission"]).max()
    last = month_number(f"{LAST}-12")
    asked = set(table("requests")["mission"])
    rows = []
    for family, members in roster.groupby("family", sort=True):
        members = members.sort_values("start")
        first = members.iloc[0]
        kind = str(groups[first["framework"]])
        if first["start"] < f"{FIRST}-01" or first["start"] > f"{LAST}-12":
            continue
        if kind == "other" and first["framework"] not in RELIEF:
            continue
        if kind == "coalition" and asked.isdisjoint(members["mission"]):
            continue
        sizes = peak.reindex(members["mission"]).fillna(0.0)
        ends = [month_number(end) if end else last + 1 for end in members["end"]]
        pattern = members[members["mission"] == sizes.idxmax()].iloc[0]
        rows.append(
            {
                "family": family,
                "class": kind,
                "start": month_number(first["start"]),
                "end": min(max(ends), last),
                "closed": max(ends) <= last,
                "year": int(first["start"][:4]),
                "strength": float(sizes.max()),
                **{
                    name: pattern[name]
                    for name in ("mission", "framework", "host", "latitude", "longitude", "region")
                },
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Arrivals:
    """Expected arrivals a year: exp(level + slope x (year - FIRST))."""

    level: float
    slope: float

    def rate(self, year: float) -> float:
        return float(np.exp(self.level + self.slope * (year - FIRST)))

    def log_likelihood(self, years: np.ndarray, counts: np.ndarray) -> float:
        rates = np.exp(self.level + self.slope * (years - FIRST))
        return float(stats.poisson.logpmf(counts, rates).sum())


def arrivals(years: np.ndarray, counts: np.ndarray, trend: bool) -> Arrivals:
    """Poisson fit by maximum likelihood, with or without a trend."""
    level = float(np.log(max(counts.mean(), 0.05)))
    if not trend:
        return Arrivals(level, 0.0)
    found = optimize.minimize(
        lambda x: -Arrivals(x[0], x[1]).log_likelihood(years, counts), [level, 0.0]
    )
    return Arrivals(float(found.x[0]), float(found.x[1]))


def yearly(found: pd.DataFrame, kind: str, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Years and arrivals of a class in them."""
    years = np.arange(first, last + 1)
    counts = found[found["class"] == kind]["year"].value_counts().reindex(years, fill_value=0)
    return years, counts.to_numpy()


def lengths(found: pd.DataFrame, until: int) -> tuple[float, float]:
    """Shape and scale (months) of the Weibull of lengths, as known in the month ``until``."""
    began = found[found["start"] <= until]
    months = (np.minimum(began["end"], until) - began["start"] + 1).to_numpy(dtype=float)
    closed = (began["closed"] & (began["end"] <= until)).to_numpy()
    data = stats.CensoredData(uncensored=months[closed], right=months[~closed])
    shape, _, scale = stats.weibull_min.fit(data, floc=0)
    return float(shape), float(scale)


def smoothing(sizes: np.ndarray) -> float:
    """Width of the kernel that smooths logarithms of sizes: Silverman's rule within observer
    missions and within forces, for the two are different things."""
    logs = np.log(sizes[sizes > 0])
    small = logs < np.log(PEERS_FROM)
    within = np.where(small, logs - logs[small].mean(), logs - logs[~small].mean())
    return float(1.06 * within.std() * (len(logs) / 2) ** -0.2)


def peers() -> float:
    """Mean share of their ceiling that missions of some size had in the field from their second
    year on."""
    strength = table("mission_strength")
    ceiling = numbers(strength, "mission_strength", "military")
    ceiling += numbers(strength, "mission_strength", "police")
    starts = table("missions").set_index("mission")["start"].map(month_number)
    totals = table("mission_totals")
    people = sum(
        numbers(totals, "mission_totals", name) for name in ("troops", "police", "experts")
    )
    there = pd.Series(
        np.asarray(people),
        index=pd.MultiIndex.from_arrays([totals["mission"], totals["month"].map(month_number)]),
    )
    shares = []
    for row, size in zip(strength.to_dict("records"), ceiling, strict=True):
        if size < PEERS_FROM:
            continue
        first = max(month_number(row["from"]), int(starts[row["mission"]]) + 12)
        last = month_number(row["to"]) if row["to"] else month_number(f"{LAST}-12")
        for month in range(first, last + 1):
            if (row["mission"], month) in there.index:
                shares.append(float(there[(row["mission"], month)]) / size)
    return float(np.mean(shares))


def figures(found: pd.DataFrame) -> pd.DataFrame:
    """The table ``generator``: what the model needs of the fit."""
    rows = [
        ("peers_share", peers(), "share of the strength asked for", "mean from the second year on"),
        ("peers_months", 12.0, "months", "months in which a new mission fills up"),
    ]
    last = month_number(f"{LAST}-12")
    for kind in CLASSES:
        own = found[found["class"] == kind]
        years, counts = yearly(found, kind, FIRST, LAST)
        fit = arrivals(years, counts, _trend_wins(found, kind))
        shape, scale = lengths(own, last)
        trend = f"slope {fit.slope:.3f} a year; rate of {LAST} held"
        rows += [
            (f"rate_{kind}", fit.rate(LAST), "missions a year", trend),
            (f"shape_{kind}", shape, "", "Weibull of lengths, open missions censored"),
            (f"scale_{kind}", scale, "months", "Weibull of lengths, open missions censored"),
        ]
    sizes = found[found["class"] == "un"]["strength"].to_numpy()
    rows.append(("largest", float(sizes.max()), "people", "no new mission asks for more"))
    rows.append(("size_spread", smoothing(sizes), "log", "width of the kernel over sizes"))
    frame = pd.DataFrame(rows, columns=["name", "value", "unit", "note"])
    frame["value"] = [f"{value:.4g}" for value in frame["value"]]
    frame["source"] = "missions.csv; mission_strength.csv; mission_totals.csv"
    frame["status"] = "derived"
    return frame[["name", "value", "unit", "source", "status", "note"]]


def patterns(found: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables ``archetypes`` and ``archetype_kinds``: what a new mission is taken from."""
    conditions = table("mission_conditions")
    fighting = table("fighting")
    level = numbers(fighting, "fighting", "level").groupby(fighting["mission"]).mean()
    wanted = table("pivotal_interest")
    interest = numbers(wanted, "pivotal_interest", "interest").groupby(wanted["mission"]).max()
    strength = table("mission_strength")
    parts = {
        name: numbers(strength, "mission_strength", name).groupby(strength["mission"]).max()
        for name in ("military", "police")
    }
    shares = table("mission_kinds")
    share = numbers(shares, "mission_kinds", "share")
    rows, kinds = [], []
    for row in found.to_dict("records"):
        name = row["mission"]
        own = conditions[conditions["mission"] == name]
        if own.empty:
            continue
        mandate = own.iloc[(len(own) - 1) // 2]
        weight = 0.5 ** ((LAST - row["year"]) / HALF_LIFE)
        rows.append(
            {
                "mission": name,
                "class": row["class"],
                "framework": row["framework"],
                "host": row["host"],
                "latitude": row["latitude"],
                "longitude": row["longitude"],
                "region": row["region"],
                "weight": f"{weight:.4f}",
                "strength": f"{row['strength']:.0f}",
                **{
                    column: mandate[column]
                    for column in (
                        "ceasefire",
                        "consent",
                        "force_level",
                        "protection",
                        "rival",
                        "un_resolution",
                    )
                },
                "fighting": f"{level.get(name, 0.0):.3f}",
                "interest": f"{interest.get(name, 0.0):.2f}",
                "source": "missions.csv and the tables of its conditions, strength and fighting",
                "status": "derived",
            }
        )
        total = sum(float(parts[part].get(name, 0.0)) for part in parts)
        for kind, value in zip(
            shares["kind"][shares["mission"] == name], share[shares["mission"] == name], strict=True
        ):
            part = "police" if kind in POLICE_KINDS else "military"
            if total > 0 and value > 0:
                amount = value * float(parts[part].get(name, 0.0)) / total
                kinds.append((name, kind, f"{amount:.4f}", "mission_kinds.csv", "derived"))
    columns = ["mission", "kind", "share", "source", "status"]
    return pd.DataFrame(rows), pd.DataFrame(kinds, columns=columns)


def asks(found: pd.DataFrame) -> pd.DataFrame:
    """The table ``future_asks``: how often each state was asked by name for a kind in a new
    mission of each class, missions of recent years counting more, and for how many."""
    roster = table("missions").set_index("mission")
    requests = table("requests")
    own = requests[(requests["occasion"] == "entry") & (requests["part_of"] == "")]
    of_family = found.set_index("family")["class"].to_dict()
    kind_of = roster["family"].map(of_family)
    own = own.assign(
        group=own["mission"].map(kind_of),
        size=numbers(own, "requests", "personnel"),
        lag=own["month"].map(month_number) - own["mission"].map(roster["start"]).map(month_number),
    ).dropna(subset=["group"])
    own["interest"] = numbers(own, "requests", "interest")
    weight = 0.5 ** ((LAST - found.set_index("family")["year"]) / HALF_LIFE)
    own["weight"] = own["mission"].map(roster["family"]).map(weight)
    rows = []
    for (state, group, requester, kind, mode), cases in own.groupby(
        ["state", "group", "requester", "kind", "mode"], sort=True
    ):
        began = found[(found["class"] == group) & (found["year"] >= 1991)]
        rows.append(
            {
                "state": state,
                "class": group,
                "requester": requester,
                "kind": kind,
                "mode": mode,
                "personnel": f"{cases['size'].median():.0f}",
                "lag": f"{min(max(cases['lag'].median(), 0), LONGEST_LAG):.0f}",
                "interest": f"{cases['interest'].mean():.2f}",
                "chance": f"{cases['weight'].sum() / weight[began['family']].sum():.4f}",
                "source": "requests.csv",
                "status": "derived",
            }
        )
    return pd.DataFrame(rows)


def _trend_wins(found: pd.DataFrame, kind: str) -> bool:
    """Whether a trend forecasts the held-out years of a class better than a constant rate."""
    held = yearly(found, kind, HELD_OUT, LAST)
    known = yearly(found, kind, FIRST, HELD_OUT - 1)
    scores = [arrivals(*known, trend=trend).log_likelihood(*held) for trend in (False, True)]
    return scores[1] > scores[0]


def held_out(found: pd.DataFrame) -> pd.DataFrame:
    """What a fit on the years before ``HELD_OUT`` says of later years, and what was observed."""
    rows: list[tuple[object, ...]] = []
    years = LAST - HELD_OUT + 1
    for kind in CLASSES:
        known = yearly(found, kind, FIRST, HELD_OUT - 1)
        seen = int(yearly(found, kind, HELD_OUT, LAST)[1].sum())
        for trend in (False, True):
            fit = arrivals(*known, trend=trend)
            mean = sum(fit.rate(year) for year in range(HELD_OUT, LAST + 1))
            low, high = stats.poisson.ppf([0.1, 0.9], mean)
            rows.append(
                (
                    kind,
                    f"arrivals in {years} years, {'trend' if trend else 'constant'} rate",
                    mean,
                    low,
                    high,
                    float(seen),
                )
            )
    un = found[found["class"] == "un"]
    before, after = un[un["year"] < HELD_OUT], un[un["year"] >= HELD_OUT]
    weight = 0.5 ** ((HELD_OUT - 1 - before["year"]) / HALF_LIFE)
    for name, sizes in (("all", before), ("weighted to recent years", before)):
        w = np.ones(len(before)) if name == "all" else weight.to_numpy()
        order = np.argsort(sizes["strength"].to_numpy())
        cumulative = np.cumsum(w[order]) / w.sum()
        at = [
            float(sizes["strength"].to_numpy()[order][np.searchsorted(cumulative, q)])
            for q in (0.5, 0.1, 0.9)
        ]
        rows.append(("un", f"strength, {name}", *at, float(after["strength"].median())))
    africa = float((weight * (before["region"] == "Africa")).sum() / weight.sum())
    rows.append(
        (
            "un",
            "share in Africa",
            africa,
            np.nan,
            np.nan,
            float((after["region"] == "Africa").mean()),
        )
    )
    shape, scale = lengths(before, month_number(f"{HELD_OUT - 1}-12"))
    for months in (24, 60):
        old_enough = after[after["start"] + months <= month_number(f"{LAST}-12")]
        seen_share = float((old_enough["end"] - old_enough["start"] + 1 >= months).mean())
        expected = float(np.exp(-((months / scale) ** shape)))
        rows.append(
            ("un", f"share open after {months} months", expected, np.nan, np.nan, seen_share)
        )
    return pd.DataFrame(rows, columns=["class", "what", "forecast", "low", "high", "seen"])


def tables() -> dict[str, pd.DataFrame]:
    """Every table that the generator reads, by name."""
    found = chains()
    archetypes, kinds = patterns(found)
    return {
        "generator": figures(found),
        "archetypes": archetypes,
        "archetype_kinds": kinds,
        "future_asks": asks(found),
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when done, 2 with one sentence when not."""
    parser = argparse.ArgumentParser(
        prog="python -m calibration.fitting.mission_generator",
        description="Fit the generator of future missions and hold it against later years.",
    )
    parser.add_argument("--write", action="store_true", help="write the model's tables")
    parser.add_argument(
        "--out", type=Path, default=FOLDER, metavar="DIR", help="folder to write to"
    )
    options = parser.parse_args(arguments)
    try:
        built = tables()
        if options.write:
            for name, frame in built.items():
                frame.to_csv(options.out / f"{name}.csv", index=False, lineterminator="\n")
    except (InputError, OSError) as error:
        print(f"generator: {error}", file=sys.stderr)
        return 2
    with pd.option_context("display.width", 120, "display.max_colwidth", 60):
        print(built["generator"][["name", "value", "unit", "note"]].to_string(index=False))
        print(f"\nFitted before {HELD_OUT}, held against {HELD_OUT} to {LAST} (10 to 90%):")
        print(held_out(chains()).round(2).to_string(index=False, na_rep=""))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
