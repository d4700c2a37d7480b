"""Legal regimes: from the table of instruments to provisions in force at a date.

A row named in ``amends`` is out while the amending row is in force, so dropping or moving a reform
package restores the older law by itself: base law plus every amendment equals today's.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..core import records
from ..errors import InputError, unknown
from ..months import NEVER, month_number
from ..rules import law
from ..tables import kept, table
from ..vocabulary import AUTHORISERS, CONDITIONS, EFFECTS, FRAMEWORKS, INDIVIDUALS, KINDS, UNITS

NO_COVER = (np.zeros(0, dtype=np.int32), np.zeros((0, 0, 0), dtype=np.int32))  # of nobody


@kept
def instruments() -> pd.DataFrame:
    """The documented instruments of all regimes, one row a provision.

    Raises:
        InputError: an id is listed twice, or a row amends one that is not there.
    """
    frame = table("instruments").copy()
    twice = frame.loc[frame["id"].duplicated(), "id"]
    if len(twice):
        raise InputError(f"instruments.csv: the id {twice.iloc[0]!r} is listed twice")
    for row in frame.loc[~frame["amends"].isin(["", *frame["id"]])].to_dict("records"):
        where = f"instruments.csv, {row['id']}, column amends"
        raise unknown("id", row["amends"], frame["id"], where)
    return frame


def regimes() -> tuple[str, ...]:
    """States with a documented regime of their own; their place, from 1, is the regime's number."""
    return tuple(sorted(set(instruments()["state"])))


def bits(cell: str, names: tuple[str, ...], where: str) -> int:
    """Bit set of a ``;``-list of names; ``all``, ``all_units``, ``all_individuals`` expand."""
    value = 0
    for part in (p.strip() for p in cell.split(";") if p.strip()):
        if part == "all":
            chosen: Iterable[str] = names
        elif part == "all_units":
            chosen = UNITS
        elif part == "all_individuals":
            chosen = INDIVIDUALS
        elif part in names:
            chosen = (part,)
        else:
            raise unknown("name", part, names, where)
        for name in chosen:
            value |= 1 << names.index(name)
    return value


def month_or(cell: str, blank: int, where: str) -> int:
    """Month number of a cell, or what a blank stands for; before 1990 counts as always."""
    return month_number(cell, where) if cell else blank


def provisions(frame: pd.DataFrame) -> tuple[np.ndarray, dict[str, tuple[int, int]], list[str]]:
    """Provisions as records, the rows of each regime, and the id of each row.

    Raises:
        InputError: an effect, kind, framework, condition, authoriser or date is not valid.
    """
    rows, codes = [], sorted(table("states")["iso3"])
    for position, item in enumerate(frame.to_dict("records")):
        where = f"instruments.csv, {item['id']}"
        if item["effect"] not in EFFECTS:
            raise unknown("effect", item["effect"], EFFECTS, where)
        if item["authoriser"] not in AUTHORISERS:
            raise unknown("authoriser", item["authoriser"], AUTHORISERS, where)
        rows.append(
            {
                "id": item["id"],
                "state": item["state"],
                "effect": EFFECTS.index(item["effect"]),
                "kinds": bits(item["kinds"], KINDS, where),
                "frameworks": bits(item["frameworks"], FRAMEWORKS, where),
                "conditions": bits(item["conditions"], CONDITIONS, where),
                "ceiling": int(_number(item["ceiling"], -1, where)),
                "authoriser": AUTHORISERS.index(item["authoriser"]),
                "host": _host(item.get("host", ""), codes, where),
                "term_months": int(_number(item["term_months"], 0, where)),
                "term_ends": int(_number(item["term_ends"], 0, where)),
                "lead_min": _number(item["lead_min"], 0, where),
                "lead_max": _number(item["lead_max"], law.NO_LEAD_MAX, where),
                "months_saved": _number(item["months_saved"], 0, where),
                "weapons_ease": _number(item["weapons_ease"], 0, where),
                "weight_norms": _number(item["weight_norms"], 0, where),
                "since": month_or(item["in_force"], NEVER, where),
                "until": month_or(item["lapses"], NEVER, where),
                "position": position,
                "amends": item["amends"],
            }
        )
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        older = by_id.get(row["amends"])
        if older is not None and row["since"] < row["until"]:
            older["until"] = min(older["until"], row["since"])
    rows.sort(key=_preference)
    provisions = records.records(len(rows), records.PROVISION)
    for number, row in enumerate(rows):
        for name in records.PROVISION.names or ():
            provisions[number][name] = row[name]
    ranges = {}
    for state in sorted({row["state"] for row in rows}):
        numbers = [n for n, row in enumerate(rows) if row["state"] == state]
        ranges[state] = (numbers[0], numbers[-1] + 1)
    return provisions, ranges, [row["id"] for row in rows]


@kept
def documented() -> tuple[np.ndarray, dict[str, tuple[int, int]], list[str]]:
    """``provisions`` of the documented instruments."""
    return provisions(instruments())


def covering(laws: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which provisions cover each kind in each framework, by regime; see ``law.cover``."""
    shape = (1 + len(regimes()), len(KINDS), len(FRAMEWORKS) + 1)
    begins = np.zeros(shape, dtype=np.int32)
    found = np.zeros(len(laws) * len(KINDS) * len(FRAMEWORKS), dtype=np.int32)
    place = 0
    for row in rows[rows["regime"] > 0]:
        here = begins[row["regime"]]
        here[0, 0] = place
        place = law.cover(laws, row["first_provision"], row["last_provision"], found, here)
    return found[:place], begins


def known_gate(
    laws: np.ndarray, covering: np.ndarray, begins: np.ndarray, months: int
) -> np.ndarray:
    """The gate as an outsider reckons with it: law alone, every condition granted; open where a
    state has no law at all, as ``gate.at`` is."""
    out = np.zeros((len(begins), len(KINDS), len(FRAMEWORKS), months), dtype=np.int8)
    for number in range(1, len(begins)):
        if begins[number, 0, 0] == begins[number, -1, -1]:
            continue
        law.known(laws, covering, begins[number], out[number])
    return out


def _preference(row: dict) -> tuple:
    """Order within a regime: exemptions, newest, lightest authoriser, most specific, id."""
    return (
        row["state"],
        row["effect"] != law.EXEMPT,
        -row["since"] if row["since"] != NEVER else NEVER,
        row["authoriser"],
        bin(row["frameworks"]).count("1"),
        bin(row["kinds"]).count("1"),
        row["id"],
    )


def _host(cell: str, codes: list[str], where: str) -> int:
    """Row of the state in which a mission must lie, or anywhere."""
    if not cell:
        return law.ANYWHERE
    if cell not in codes:
        raise unknown("host", cell, codes, where)
    return codes.index(cell)


def _number(cell: str, blank: float, where: str) -> float:
    try:
        return float(cell) if cell else float(blank)
    except ValueError as error:
        raise InputError(f"{where}: {cell!r} is not a number") from error
