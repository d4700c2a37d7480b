"""The monthly panels of the United Nations as the IPI database holds them: names and months."""

import pandas as pd

from model.errors import InputError
from model.months import month_number
from model.vocabulary import REPORTED

from .month_spells import months_of
from .raw_files import Raw, coded, records

CATEGORIES = REPORTED
ALIASES = ("alias", "kind", "name", "source", "status")


def aliases(kind: str) -> dict[str, str]:
    """Other names of states, missions or kinds in the raw files and the record."""
    frame = coded("aliases", ALIASES)
    return dict(frame.loc[frame["kind"] == kind, ["alias", "name"]].itertuples(index=False))


def mission_months(raw: Raw) -> pd.DataFrame:
    """Uniformed people of each mission and month, November 1990 to March 2017.

    Returns:
        mission, month (number), troops, police, experts (persons), and the place of headquarters.
    """
    frame = raw.table("contributions/ppp_mission_month_199011_201703.csv")
    frame = frame.drop(columns="mission", errors="ignore")
    frame = frame.rename(columns={"mission_std": "mission", "observers": "experts"})
    frame["mission"] = frame["mission"].replace(aliases("mission"))
    frame["month"] = months_of(frame["date"])
    frame["mission"] = _relabelled(frame)
    places = ["mission_hq_latitude", "mission_hq_longitude"]
    columns = dict.fromkeys(CATEGORIES, "sum") | dict.fromkeys(places, "first")
    out = frame.groupby(["mission", "month"], as_index=False, sort=True).agg(columns)
    return out.fillna(dict.fromkeys(CATEGORIES, 0)).astype(dict.fromkeys(CATEGORIES, int))


def _relabelled(frame: pd.DataFrame) -> pd.Series:
    """Missions of the panel's rows; those that stand under the wrong one are moved.

    Raises:
        InputError: the panel has no such row any more.
    """
    out = frame["mission"].copy()
    for row in records(coded("panel_labels", ("label", "from", "to", "mission", "source"))):
        hit = (frame["mission"] == row["label"]) & frame["month"].between(
            month_number(row["from"]), month_number(row["to"])
        )
        if not hit.any():
            raise InputError(
                f"panel_labels.csv: the panel has no {row['label']} from {row['from']} to "
                f"{row['to']} any more; look at the row again"
            )
        out[hit] = row["mission"]
    return out


def state_months(raw: Raw) -> pd.DataFrame:
    """Uniformed people of each state and month, all missions together, to March 2014.

    Returns:
        state (ISO code), month (number), troops, police, experts (persons).
    """
    frame = raw.table("contributions/ppp_country_month_199011_201403.csv")
    crosswalk = raw.table("covariates/country_crosswalk.csv")
    codes = dict(zip(crosswalk["name"], crosswalk["iso3"], strict=True)) | aliases("state")
    dyads = raw.table("contributions/ppp_dyad_month_200911_201408.csv")
    codes |= dict(zip(dyads["contributor"], dyads["iso3"], strict=True))
    frame["state"] = frame["contributor"].map(codes)
    if frame["state"].isna().any():
        name = frame.loc[frame["state"].isna(), "contributor"].iloc[0]
        raise InputError(
            f"ppp_country_month_199011_201403.csv: no code for the contributor {name!r}; "
            "add it to aliases.csv"
        )
    frame["month"] = months_of(frame["date"])
    keys = ["state", "month"]
    out = frame.groupby(keys, as_index=False, sort=True)[list(CATEGORIES)].sum()
    return out.astype(dict.fromkeys(CATEGORIES, int))


def dyad_months(raw: Raw) -> pd.DataFrame:
    """Uniformed people of each state in each mission, November 2009 to August 2014.

    Returns:
        state, mission, month (number), troops, individual_police, formed_police, experts (persons).
    """
    frame = raw.table("contributions/ppp_dyad_month_200911_201408.csv")
    frame = frame.rename(
        columns={
            "iso3": "state",
            "formed_police_units": "formed_police",
            "experts_on_mission": "experts",
        }
    )
    frame["mission"] = frame["mission"].replace(aliases("mission"))
    frame["month"] = months_of(frame["date"])
    columns = ["troops", "individual_police", "formed_police", "experts"]
    keys = ["state", "mission", "month"]
    out = frame.groupby(keys, as_index=False, sort=True)[columns].sum()
    return out.astype(dict.fromkeys(columns, int))
