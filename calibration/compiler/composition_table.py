"""What the strength asked for in a mission consists of: shares of kinds, from maps and panels."""

import pandas as pd

from model.errors import InputError
from model.months import month_number
from model.vocabulary import POLICE_KINDS

from ..raw_data.compiler_constants import constant
from ..raw_data.month_spells import column
from ..raw_data.raw_files import Raw, coded, number, records
from ..raw_data.un_panel import dyad_months, mission_months

SITE_KINDS = {
    "infantry": "infantry",
    "engineers": "engineer",
    "medical": "medical",
    "aviation": "air_transport",
    "signals": "communications",
    "transport": "transport",
    "maintenance": "transport",
    "riverine or naval": "naval",
}
FORMED_FROM = "1999-06"  # before the Kosovo mission, police came as individuals
COALITIONS = ("coalition", "coalition_un_mandated", "non_un_coordinated")


def kinds(raw: Raw, roster: pd.DataFrame) -> pd.DataFrame:
    """Shares of kinds for every mission, one mix for its whole life.

    Military kinds sum to one: observers take their mean share in the panel, staff their usual
    one, and formed troops the rest, mixed as deployment maps show (sites times usual size, pulled
    towards the general mix by ``map_pull`` years) or as ``kind_profiles.csv`` codes.  Police kinds
    sum to one: formed units take their share in the observed dyads.
    """
    profiles = coded("kind_profiles", ("mission", "kind", "share", "source", "status"))
    profiles["share"] = number(profiles, "share", "kind_profiles.csv")
    panel = mission_months(raw)
    sites = _sites(raw)
    formed = _formed(raw)
    rows: list[tuple[str, str, float, str, str]] = []
    for mission in records(roster):
        name, framework = mission["mission"], mission["framework"]
        here = panel[panel["mission"] == name]
        own = profiles[(profiles["mission"] == name) & ~profiles["kind"].isin(POLICE_KINDS)]
        watchers, own = own[own["kind"] == "observer"], own[own["kind"] != "observer"]
        if framework in ("un_pko", "un_spm"):
            observers, staff, status, source = _officers(here, watchers)
            troops, mix_source, mix_status = _mix(profiles, own, sites, name)
            rows.append((name, "observer", observers, source, status))
            rows.append((name, "staff", staff, source, "assumption" if staff else status))
            rest = 1.0 - observers - staff
            rows += [(name, k, rest * v, mix_source, mix_status) for k, v in troops.items()]
            share, source, status = _formed_share(profiles, formed, mission)
            rows.append((name, "police", 1.0 - share, source, status))
            rows.append((name, "formed_police", share, source, status))
        elif framework in COALITIONS or framework == "anti_piracy":
            coded_mix = own if not own.empty else profiles[profiles["mission"] == "*coalition"]
            troops = dict(coded_mix[["kind", "share"]].itertuples(index=False))
            usual = constant("staff_share")
            rows.append((name, "staff", usual, "background", "assumption"))
            scale = (1.0 - usual) / sum(troops.values())
            rows += [(name, k, v * scale, "background", "assumption") for k, v in troops.items()]
    frame = pd.DataFrame(rows, columns=["mission", "kind", "share", "source", "status"])
    frame = frame[frame["share"] > 0]
    frame["share"] = _rounded(frame)
    frame["share"] = column(frame["share"], 4)
    return frame.sort_values(["mission", "kind"], kind="stable").reset_index(drop=True)


def _rounded(frame: pd.DataFrame) -> pd.Series:
    """Shares to four places that still sum to one; the largest takes the rest."""
    police = frame["kind"].isin(POLICE_KINDS)
    out = frame["share"].round(4)
    groups = frame["mission"] + police.map({True: " police", False: " military"})
    for group in sorted(set(groups)):
        part = out[groups == group]
        largest = part.idxmax()
        out.loc[largest] = round(float(part.loc[largest]) + 1.0 - float(part.sum()), 4)
    return out


def _officers(here: pd.DataFrame, coded_row: pd.DataFrame) -> tuple[float, float, str, str]:
    """Shares of observers and staff among the military: share, share, status, source."""
    if not coded_row.empty:
        row = coded_row.iloc[0]
        share = float(row["share"])
        return (share, min(constant("staff_share"), 1.0 - share), row["status"], row["source"])
    if here.empty:
        return (1.0, 0.0, "assumption", "background: observers only")
    experts = float(here["experts"].sum())
    military = experts + float(here["troops"].sum())
    if military == 0:
        return (0.5, 0.5, "assumption", "no military in the panel")
    observers = experts / military
    if here["troops"].max() < constant("officers_only"):
        return (observers, 1.0 - observers, "derived", "IPI")
    staff = min(constant("staff_share"), 1.0 - observers)
    return (observers, staff, "derived", "IPI; usual share of staff")


def _sites(raw: Raw) -> pd.DataFrame:
    """People by mission, year and kind as sites on deployment maps times usual sizes."""
    frame = raw.table("missions/unit_kinds.csv")
    frame = frame[(frame["number_unit"] == "sites") & frame["kind"].isin(list(SITE_KINDS))]
    frame["kind"] = frame["kind"].map(SITE_KINDS)
    people = {kind: constant(f"site_{kind}") for kind in set(SITE_KINDS.values())}
    usual = frame["number"] * frame["kind"].map(people)
    frame["people"] = frame["personnel"].where(frame["personnel"] > usual, usual)
    return frame.groupby(["mission", "year", "kind"])["people"].sum().reset_index()


def _mix(
    profiles: pd.DataFrame, own: pd.DataFrame, sites: pd.DataFrame, name: str
) -> tuple[dict[str, float], str, str]:
    """Shares of formed troops by kind (sum 1), source and status."""
    if not own.empty:
        total = float(own["share"].sum())
        source = ";".join(dict.fromkeys(own["source"]))
        status = "derived" if (own["status"] == "derived").any() else "assumption"
        shares = {k: v / total for k, v in own[["kind", "share"]].itertuples(index=False)}
        return (shares, source, status)
    general = profiles[profiles["mission"] == "*"]
    mix = {str(k): float(v) for k, v in zip(general["kind"], general["share"], strict=True)}
    if abs(sum(mix.values()) - 1.0) > 1e-9:
        raise InputError("kind_profiles.csv: the shares of the mission '*' must sum to 1")
    here = sites[sites["mission"] == name]
    if here.empty:
        return (mix, "background", "assumption")
    years = here["year"].nunique()
    seen = here.groupby("kind")["people"].sum()
    seen = seen / seen.sum()
    weight = years / (years + constant("map_pull"))
    names = sorted(set(mix) | set(seen.index))
    out = {k: weight * float(seen.get(k, 0.0)) + (1 - weight) * mix.get(k, 0.0) for k in names}
    return (out, "Geo-PKO map data over a general mix", "derived")


def _formed(raw: Raw) -> pd.Series:
    """Share of formed units among police by mission in the observed dyads."""
    dyads = dyad_months(raw)
    total = dyads.groupby("mission")[["individual_police", "formed_police"]].sum()
    police = total["individual_police"] + total["formed_police"]
    return (total["formed_police"] / police)[police > 0]


def _formed_share(
    profiles: pd.DataFrame, formed: pd.Series, mission: dict[str, str]
) -> tuple[float, str, str]:
    """Share of formed units among the police of a mission, source and status."""
    name = mission["mission"]
    own = profiles[(profiles["mission"] == name) & (profiles["kind"] == "formed_police")]
    if not own.empty:
        row = own.iloc[0]
        return (float(row["share"]), row["source"], row["status"])
    if month_number(mission["start"]) < month_number(FORMED_FROM) and name not in formed.index:
        return (0.0, "individual police before June 1999", "assumption")
    if name in formed.index:
        return (float(formed[name]), "IPI", "derived")
    return (0.0, "background", "assumption")
