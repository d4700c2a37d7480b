"""Sites of missions and the fighting near each: places and scores of the record, as levels."""

import pandas as pd

from model.errors import InputError
from model.months import FIRST_YEAR
from model.vocabulary import SETTING_BASE, SETTINGS

from ..raw_data.compiler_constants import constant
from ..raw_data.month_spells import dated, runs, written
from ..raw_data.raw_files import coded, records

BASE = SETTINGS[SETTING_BASE]
COLUMNS = ("id", "name", "country", "latitude", "longitude", "setting", "missions", "base_for",
           "approximate", "source", "status", "note")  # fmt: skip
SCORES = range(4)


def sites() -> pd.DataFrame:
    """Places at which units stood, were asked for or were looked at, with their missions (needs no
    raw input).

    A place that lies outside the area of operations of some of its missions has a row of its own
    for these, with the setting ``base``.  A place without a mission is left out.

    Raises:
        InputError: a place is a base for a mission that it does not have.
    """
    rows = []
    for line, row in enumerate(records(coded("sites", COLUMNS)), start=2):
        every = [name for name in row["missions"].split(";") if name]
        bases = [name for name in row.pop("base_for").split(";") if name]
        note = row.pop("note")
        for name in bases:
            if name not in every:
                raise InputError(f"sites.csv, line {line}: base for {name!r}, no mission of it")
        inside = [name for name in every if name not in bases]
        if inside:
            rows.append(row | {"missions": ";".join(inside), "note": ""})
        if bases:
            rows.append(row | {"missions": ";".join(bases), "setting": BASE, "note": note})
    return pd.DataFrame(rows)[[name for name in COLUMNS if name != "base_for"]]


def fighting(places: pd.DataFrame) -> pd.DataFrame:
    """Level of fighting near each site, 0 to 1, by spell of calendar years with the same score
    (needs no raw input).

    Args:
        places: as ``sites``; scores of other places are left out.
    """
    levels = {str(score): written(constant(f"site_level_{score}")) for score in SCORES}
    scored = coded("site_security", ("site", "year", "score", "source", "status"))
    known = set(places["id"])
    rows = [
        {
            "site": row["site"],
            "month": 12 * (int(row["year"]) - FIRST_YEAR) + month,
            "level": levels[row["score"]],
            "source": row["source"],
            "status": row["status"],
        }
        for row in records(scored)
        if row["site"] in known and int(row["year"]) >= FIRST_YEAR
        for month in range(12)
    ]
    spells = dated(runs(pd.DataFrame(rows), ["site"], ["level", "source", "status"]))
    return spells[["site", "from", "to", "level", "source", "status"]]

