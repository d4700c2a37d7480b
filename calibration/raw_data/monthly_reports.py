"""The United Nations' monthly reports: who had how many people of which kind in which mission.

November 2009 to August 2014 as the IPI database holds them, January 2015 to June 2024 as read from
the reports; months without a report are filled in ``report_gaps``.  Before May 2017 the reports
count staff officers as troops.
"""

import pandas as pd

from model.errors import InputError
from model.months import month_text
from model.tables import table

from .month_spells import months_of
from .raw_files import Raw
from .un_panel import aliases, dyad_months

FILE = "contributions/un_reports_state_mission_month_201501_202406.csv"
CELL = ["state", "mission", "kind"]
KINDS = tuple(table("report_kinds")["reported"])


def reports(raw: Raw) -> pd.DataFrame:
    """Every row of the reports since 2015.

    Returns:
        level (``state-mission``, or ``state`` where the UN printed no missions), state, mission,
        kind, month (number), people.

    Raises:
        InputError: a code or kind is unknown, a number is not a positive one, or a cell of a month
            stands twice.
    """
    frame = raw.table(FILE)
    frame["month"] = months_of(frame["month"])
    frame["state"] = frame["iso3"].replace(aliases("state"))
    frame["mission"] = frame["mission"].fillna("").replace(aliases("mission"))
    frame["people"] = frame["total"].astype(float)
    known = set(raw.table("covariates/country_crosswalk.csv")["iso3"])
    for column, valid in (("state", known), ("kind", set(KINDS))):
        wrong = ~frame[column].isin(valid)
        if wrong.any():
            raise InputError(f"{FILE}: unknown {column} {frame.loc[wrong, column].iloc[0]!r}")
    if not (frame["people"] > 0).all():
        line = int((~(frame["people"] > 0)).to_numpy().argmax()) + 2
        raise InputError(f"{FILE}, line {line}: the number of people is not above zero")
    keys = ["level", *CELL, "month"]
    twice = frame.duplicated([*keys, "iso3"])
    if twice.any():
        row = frame[twice].iloc[0]
        raise InputError(
            f"{FILE}: {row['state']} stands twice in {row['mission'] or 'all missions'} with "
            f"{row['kind']} of {month_text(int(row['month']))}"
        )
    frame["people"] = frame["people"].astype(int)
    return pd.DataFrame(frame.groupby(keys, as_index=False, sort=True)["people"].sum())


def cells(raw: Raw) -> pd.DataFrame:
    """People of each state, mission, kind and month (number) as reported, both sources."""
    wide = dyad_months(raw).rename(
        columns={"formed_police": "formed_police_units", "experts": "experts_on_mission"}
    )
    values = [kind for kind in KINDS if kind in wide.columns]
    early = wide.melt(["state", "mission", "month"], values, "kind", "people")
    late = reports(raw).query("level == 'state-mission'")
    columns = [*CELL, "month", "people"]
    both = pd.concat([early[early["people"] > 0][columns], late[columns]], ignore_index=True)
    return both.sort_values([*CELL, "month"], kind="stable").reset_index(drop=True)


def state_kinds(raw: Raw) -> pd.DataFrame:
    """People of each state and kind in months for which no missions were printed."""
    out = reports(raw).query("level == 'state'")
    return out[["state", "kind", "month", "people"]].reset_index(drop=True)
