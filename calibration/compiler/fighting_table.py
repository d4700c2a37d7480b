"""Fighting near each force: a yearly base from conflict deaths, and dated episodes over it."""

import math

import pandas as pd

from model.errors import InputError
from model.months import FIRST_YEAR, month_number, year_of

from ..raw_data.compiler_constants import constant
from ..raw_data.month_spells import LAST, column
from ..raw_data.raw_files import Raw, coded, records

LAST_YEAR = year_of(LAST)


def fighting(raw: Raw, roster: pd.DataFrame) -> pd.DataFrame:
    """Levels of fighting, 0 to 1, by spell.

    ``yearly`` rows: share x min(1, log10(1 + d) / full) with the constants ``fighting_share`` and
    ``fighting_full``, d being the state-based deaths of the year
    before (the last known one is carried forward) on the territory that the mission watches (the
    host where no other is coded).
    ``episode`` rows: dated by hand and laid over the base.
    """
    deaths = raw.table("covariates/ucdp_organized_violence_cy_v25_1.csv")
    by_year = deaths.groupby(["iso3", "year"])["sb_best"].sum()
    known = int(deaths["year"].max())
    territory = territories(roster)
    share, full = constant("fighting_share"), constant("fighting_full")
    rows = []
    for mission in records(roster):
        first = max(FIRST_YEAR, int(mission["start"][:4]))
        last = int(mission["end"][:4]) if mission["end"] else LAST_YEAR
        for year in range(first, last + 1):
            places = territory[mission["mission"]]
            before = min(year - 1, known)
            lost = sum(float(by_year.get((place, before), 0.0)) for place in places)
            rows.append(
                {
                    "mission": mission["mission"],
                    "from": f"{year}-01",
                    "to": f"{year}-12",
                    "level": share * min(1.0, math.log10(1.0 + lost) / full),
                    "basis": "yearly",
                    "source": "UCDP",
                    "status": "derived",
                    "note": "" if before == year - 1 else f"deaths of {known} carried forward",
                }
            )
    frame = pd.DataFrame(rows)
    frame["level"] = column(frame["level"])
    return pd.concat([frame, episodes(roster)], ignore_index=True)


def episodes(roster: pd.DataFrame) -> pd.DataFrame:
    """Episodes of fighting dated by hand, as rows of the table (needs no raw input).

    Raises:
        InputError: a mission not in the roster, an end before the beginning, a level not in 0..1.
    """
    dated = coded("fighting_episodes", ("mission", "from", "to", "level", "what", "source"))
    known = set(roster["mission"])
    rows = []
    for line, row in enumerate(records(dated), start=2):
        where = f"fighting_episodes.csv, line {line}"
        if row["mission"] not in known:
            raise InputError(f"{where}: {row['mission']!r} is not in the roster of missions")
        if month_number(row["to"], where) < month_number(row["from"], where):
            raise InputError(f"{where}: the episode ends before it begins")
        if not 0.0 <= float(row["level"]) <= 1.0:
            raise InputError(f"{where}: the level {row['level']} lies outside 0 to 1")
        rows.append(
            {
                "mission": row["mission"],
                "from": row["from"],
                "to": row["to"],
                "level": float(row["level"]),
                "basis": "episode",
                "source": row["source"],
                "status": row["status"],
                "note": row["what"],
            }
        )
    frame = pd.DataFrame(rows)
    frame["level"] = column(frame["level"])
    return frame


def territories(roster: pd.DataFrame) -> dict[str, list[str]]:
    """States on whose territory deaths count, by mission: as coded, else the host, unless the
    mission is a relief, election, training, own or sea operation, which is away from fighting."""
    own = coded("un_missions", ("mission", "territory"))
    other = coded("other_missions", ("mission", "territory"))
    given = {
        mission: [place for place in places.split(";") if place]
        for frame in (own, other)
        for mission, places in frame[["mission", "territory"]].itertuples(index=False)
    }
    away = ("coalition", "coalition_un_mandated", "un_pko", "un_spm")
    out = {}
    for row in records(roster):
        host = [row["host"]] if row["framework"] in away else []
        out[row["mission"]] = given.get(row["mission"], host)
    return out


def fatalities(raw: Raw, roster: pd.DataFrame) -> pd.DataFrame:
    """Deaths in UN missions by year and cause, as counted by the United Nations."""
    frame = raw.table("missions/fatalities_by_mission_year.csv")
    frame["other"] = frame["self_inflicted"] + frame["other_or_unknown"]
    frame = frame.rename(columns={"malicious_act": "malicious"})
    frame = frame[frame["mission"].isin(set(roster["mission"]))].copy()
    frame["source"] = "UN fatalities"
    frame["status"] = "sourced"
    columns = ["malicious", "accident", "illness", "other", "uniformed_malicious"]
    out = frame[["mission", "year", *columns, "source", "status"]]
    return out.sort_values(["mission", "year"], kind="stable").reset_index(drop=True)
