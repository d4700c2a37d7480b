"""The data compiler: the model's tables from public raw files and the coded record.

``peacekeeping data build --raw DIR --out DIR`` runs it.  Every table is built and checked before
the first one is written.  The same raw files give the same bytes.
"""

from collections.abc import Iterable

import pandas as pd

from model.errors import InputError
from model.vocabulary import FRAMEWORKS, KINDS

from ..raw_data import monthly_reports, report_gaps, un_panel
from ..raw_data.raw_files import Raw, coded
from . import (
    composition_table,
    conditions_table,
    contributions_table,
    fighting_table,
    missions_table,
    reports_table,
    sites_table,
    states_table,
)

STATUSES = {"sourced", "derived", "calibrated", "assumption"}
KEYS = {
    "states": ["iso3"],
    "state_years": ["iso3", "year"],
    "alliances": ["iso3_a", "iso3_b", "first_year"],
    "missions": ["mission"],
    "mission_strength": ["mission", "from"],
    "mission_kinds": ["mission", "kind"],
    "mission_conditions": ["mission", "from"],
    "fighting": ["mission", "from", "basis"],
    "fatalities": ["mission", "year"],
    "sites": ["id", "setting"],
    "site_fighting": ["site", "from"],
    "deployment_sites": ["state", "mission", "kind", "from"],
    "mission_totals": ["mission", "month"],
    "state_totals": ["state", "month"],
    "state_year_totals": ["state", "year"],
    "contributions": ["state", "mission", "kind", "from"],
    "un_reports": ["state", "mission", "kind"],
    "un_state_totals": ["state", "category"],
    "coverage": ["series", "from"],
    "aliases": ["alias", "kind"],
}


def tables(raw: Raw) -> dict[str, pd.DataFrame]:
    """Every compiled table by name.

    Raises:
        InputError: an input is missing or malformed, or a built table breaks its own rules.
    """
    raw.check()
    states = states_table.states(raw)
    missions = missions_table.missions(raw, states_table.regions(raw))
    monthly = report_gaps.filled(raw, missions)
    sites = sites_table.sites()
    out = {
        "states": states,
        "state_years": states_table.state_years(raw, states),
        "alliances": states_table.alliances(raw, states),
        "missions": missions,
        "mission_strength": missions_table.strength(raw, missions),
        "mission_kinds": composition_table.kinds(raw, missions),
        "mission_conditions": conditions_table.conditions(raw, missions),
        "fighting": fighting_table.fighting(raw, missions),
        "fatalities": fighting_table.fatalities(raw, missions),
        "sites": sites,
        "site_fighting": sites_table.fighting(sites),
        "deployment_sites": sites_table.deployments(),
        "mission_totals": contributions_table.mission_totals(raw, missions, monthly),
        "state_totals": contributions_table.state_totals(raw),
        "state_year_totals": contributions_table.state_year_totals(raw),
        "contributions": contributions_table.contributions(raw, missions, states, monthly),
        "un_reports": reports_table.un_reports(monthly.table()),
        "un_state_totals": reports_table.un_state_totals(raw),
        "coverage": reports_table.coverage(monthly.rules, un_panel.state_months(raw)),
        "aliases": coded("aliases", ("alias", "kind", "name", "where", "source", "status")),
    }
    known = set(missions["mission"])
    for name, frame in out.items():
        check(name, frame, known)
    return out


def check(name: str, frame: pd.DataFrame, missions: Iterable[str]) -> None:
    """Rules that hold for every table: no blanks in the key, unique keys, closed vocabularies.

    Raises:
        InputError: naming the table and the row.
    """
    if frame.empty:
        raise InputError(f"{name}.csv would have no rows; look at the raw files")
    key = frame[KEYS[name]].astype(str)
    if (key == "").to_numpy().any() or key.duplicated().any():
        twice = key[key.duplicated(keep=False) | (key == "").any(axis=1)].iloc[0]
        raise InputError(f"{name}.csv would have the key {', '.join(twice)} twice or blank")
    closed = {"status": STATUSES, "mission": set(missions), "framework": set(FRAMEWORKS)}
    if name in ("mission_kinds", "contributions", "deployment_sites"):
        closed["kind"] = set(KINDS)
    if name == "un_reports":  # as the UN prints them, small political missions included
        closed = {"kind": set(monthly_reports.KINDS)}
    for column, valid in closed.items():
        if column in frame.columns and not set(frame[column]) <= valid:
            wrong = sorted(set(frame[column].astype(str)) - valid)[0]
            raise InputError(f"{name}.csv would have the unknown {column} {wrong!r}")
    if {"from", "to"} <= set(frame.columns):
        late = (frame["to"] != "") & (frame["from"] > frame["to"])
        if late.any():
            raise InputError(f"{name}.csv: {', '.join(key[late].iloc[0])} ends before it begins")
