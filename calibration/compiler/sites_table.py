"""Sites of missions, the fighting near each, and where documented units stood."""

import pandas as pd

from model.errors import InputError
from model.months import FIRST_YEAR, month_number
from model.vocabulary import SETTING_BASE, SETTINGS

from ..raw_data.compiler_constants import constant
from ..raw_data.month_spells import dated, runs, spread, written
from ..raw_data.raw_files import coded, records

BASE = SETTINGS[SETTING_BASE]
COLUMNS = ("id", "name", "country", "latitude", "longitude", "setting", "missions", "base_for",
           "approximate", "source", "status", "note")  # fmt: skip
SCORES = range(4)
THERE = ("accepted", "smaller")  # answers after which people stood at the site of the ask
LEAVES = ("exit", "merger")  # a stay may be about people who were still to go


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


def deployments() -> pd.DataFrame:
    """Site of each documented deployment of Japan and Korea by spell, as far as it is coded (needs
    no raw input).

    In each month it is the site of the last sign by then (the first ask that was met, the
    extensions), and before the first sign that of the first; where there is no other sign that of
    the exit.
    """
    signs = _signs()
    spells = coded("deployments", ("state", "mission", "kind", "from", "to"))
    for name in ("from", "to"):
        spells[name] = spells[name].map(month_number)
    rows = []
    for row in records(spread(spells[["state", "mission", "kind", "from", "to"]])):
        own = signs.get((row["state"], row["mission"], row["kind"]), [])
        if own:
            by_then = [sign for sign in own if sign[0] <= row["month"]] or own[:1]
            site = by_then[-1][1]
            tables = {table for _, place, table in own if place == site}
            rows.append(row | {"site": site, "source": ";".join(sorted(tables))})
    found = dated(runs(pd.DataFrame(rows), ["state", "mission", "kind"], ["site", "source"]))
    found["status"] = "derived"
    return found[["state", "mission", "kind", "from", "to", "site", "source", "status"]]


def _signs() -> dict[tuple[str, str, str], list[tuple[int, str, str]]]:
    """Month, site and table of what is coded of where a state's people of a kind stood in a
    mission, by month."""
    out: dict[tuple[str, str, str], list[tuple[int, str, str]]] = {}
    columns = ("state", "mission", "kind", "site", "answer", "asked", "answered", "arrived")
    asks = coded("asks", columns)
    asks = asks[asks["answer"].isin(THERE)].copy()
    asks["month"] = [
        month_number(row["arrived"] or row["answered"] or row["asked"]) for row in records(asks)
    ]
    asks = asks.sort_values("month", kind="stable").drop_duplicates(["state", "mission", "kind"])
    for row in records(asks):
        key = row["state"], row["mission"], row["kind"]
        out[key] = [(row["month"], row["site"], "asks.csv")]
    for row in records(coded("extension_points", ("state", "mission", "kinds", "site", "from"))):
        for kind in row["kinds"].split(";"):
            sign = (month_number(row["from"]), row["site"], "extension_points.csv")
            out.setdefault((row["state"], row["mission"], kind), []).append(sign)
    for row in records(coded("exits", ("state", "mission", "kinds", "site", "event", "left"))):
        for kind in row["kinds"].split(";"):
            if row["event"] in LEAVES:
                sign = (month_number(row["left"]), row["site"], "exits.csv")
                out.setdefault((row["state"], row["mission"], kind), [sign])
    return {key: sorted(signs) for key, signs in out.items()}
