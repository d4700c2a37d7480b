"""The coding of asks, sites, surveys, extensions, exits, capacity and wishes, read and checked.

The tables are in ``record/``; ``record/README.md`` says how each column was coded.  Every fault is
one sentence with the table, the line and the valid choice.
"""

import re
from functools import cache

import pandas as pd

from model.errors import InputError, unknown
from model.months import month_number
from model.vocabulary import GRADES, KINDS, STUDIED
from model.world.missions import roster

from ..raw_data.raw_files import coded

STATUSES = ("sourced", "derived", "assumption")
CONFIDENCE = ("high", "medium", "low")
FINER = {"instructors": ""}  # teams of trainers: the model has single instructors alone
ALL = "all"
ANSWERS = ("accepted", "smaller", "cheaper", "substitute", "deferred", "refused", "none")
OCCASIONS = (
    "entry", "reinforcement", "own_study", "renewal", "succession", "support", "substitute",
    "double", "denied", "none",
)  # fmt: skip
FINDINGS = ("ok", "conditional", "not_ok", "tasks", "secret", "none")
TRIGGERS = (
    "mission_end", "drawdown", "host_ends", "ally_left", "term", "task_done_successor",
    "government_pledge", "law_lapse", "lost_majority", "security_incident", "casualties_hostages",
    "competing_call",
)  # fmt: skip
GIFTS = ("money", "equipment")
RULES = ("events", "events at 25 km", "attacks", "incidents", "expert")

# The closed list, or the way of checking, of each column; a column in brackets may be blank.
WHOLE, DECIMAL, MONTH, TEXT, KIND, MISSION, SITE, ASK = (
    "whole", "decimal", "month", "text", "kind", "mission", "site", "ask",
)  # fmt: skip
COMMON: dict[str, tuple[str, ...] | str] = {"source": TEXT, "status": STATUSES}
COUNTS = {f"[{what}_{km}km]": WHOLE for km in (50, 200) for what in ("events", "deaths")}
TABLES: dict[str, dict[str, tuple[str, ...] | str]] = {
    "asks": {
        "id": TEXT, "state": STUDIED, "mission": MISSION, "kind": KIND, "[people]": WHOLE,
        "occasion": OCCASIONS, "[part_of]": ASK, "[grade]": GRADES, "[grade_highest]": GRADES,
        "asked": MONTH, "[answered]": MONTH, "[arrived]": MONTH, "[answer]": ANSWERS,
        "site": SITE, "[sites]": SITE, "[finding]": FINDINGS, "[surveyed]": ("before", "after"),
        **COUNTS, "[score]": WHOLE, "[score_3m]": WHOLE, "confidence": CONFIDENCE, **COMMON,
    },
    "sites": {
        "id": TEXT, "name": TEXT, "latitude": DECIMAL, "longitude": DECIMAL,
        "setting": ("land", "sea"), "[missions]": MISSION, "[base_for]": MISSION,
        "approximate": ("0", "1"), **COMMON,
    },
    "site_security": {
        "site": SITE, "year": WHOLE, **COUNTS, "[events_25km]": WHOLE, "[deaths_25km]": WHOLE,
        "[reports]": WHOLE, "[reports_months]": DECIMAL, "[coverage]": DECIMAL, "score": WHOLE,
        "rule": RULES, **COMMON,
    },
    "site_surveys": {
        "id": TEXT, "state": STUDIED, "[ask]": ASK, "mission": MISSION, "from": MONTH,
        "[to]": MONTH, "sites": SITE, "surveyed": ("before", "after"), "[security]": FINDINGS,
        "[infrastructure]": FINDINGS, "[overall]": FINDINGS, "task_changed": ("0", "1"),
        "[published]": ("yes", "no", "partly"), **COMMON,
    },
    "extension_points": {
        "plan": TEXT, "state": STUDIED, "mission": MISSION, "kinds": KIND, "site": SITE,
        "from": MONTH, "to": MONTH, "basis": ("dated", "implied"), "points": WHOLE, "months": WHOLE,
        "[size_before]": WHOLE, "[size_after]": WHOLE,
        "body": ("minister", "cabinet", "diet", "assembly"), **COMMON,
    },
    "exits": {
        "plan": TEXT, "state": STUDIED, "mission": MISSION, "kinds": KIND, "site": SITE,
        "event": ("exit", "stay", "reduction", "merger"), "[decided]": MONTH, "[announced]": MONTH,
        "[left]": MONTH, "[trigger]": TRIGGERS, "[second]": TRIGGERS, "people": WHOLE,
        "confidence": CONFIDENCE, **COMMON,
    },
    "capacity": {
        "state": STUDIED, "from": MONTH, "to": MONTH, "specialism": TEXT,
        "what": ("stock", "strain"), "[number]": WHOLE, **COMMON,
    },
    "ally_wishes": {
        "ask": ASK, "rank": WHOLE, "kinds": KIND, "[people]": WHOLE, "[site]": SITE,
        "[granted]": ("yes", "partly", "no"), "confidence": CONFIDENCE, **COMMON,
    },
}  # fmt: skip
KEYS = {
    "asks": ("id",), "sites": ("id",), "site_security": ("site", "year"), "site_surveys": ("id",),
    "ally_wishes": ("ask", "rank"),
}  # fmt: skip


@cache
def table(name: str) -> pd.DataFrame:
    """One table as text, blanks as empty strings, every cell checked.

    Raises:
        InputError: a cell is not what its column may hold, or an id is not in its table.
    """
    columns = TABLES[name]
    frame = coded(name, [column.strip("[]") for column in columns])
    for column, valid in columns.items():
        label = column.strip("[]")
        for line, cell in enumerate(frame[label], start=2):
            where = f"{name}.csv, line {line}, column {label}"
            if cell:
                _check(cell, valid, where)
            elif label == column:
                raise InputError(f"{where}: is blank; a value is needed")
    key = list(KEYS.get(name, ()))
    if key and (again := frame.duplicated(key)).any():
        line = int(again.to_numpy().argmax()) + 2
        raise InputError(f"{name}.csv, line {line}: {'-'.join(frame[key].iloc[line - 2])} is twice")
    return frame


def _check(cell: str, valid: tuple[str, ...] | str, where: str) -> None:
    """Hold one cell against its list or its form."""
    if isinstance(valid, tuple):
        if cell not in valid:
            raise unknown("value", cell, valid, where)
    elif valid == MONTH:
        month_number(cell, where)
    elif valid in (WHOLE, DECIMAL):
        form, told = (r"\d+", "whole number") if valid == WHOLE else (r"-?\d+(\.\d+)?", "number")
        if not re.fullmatch(form, cell):
            raise InputError(f"{where}: {cell!r} is no {told}")
    elif valid != TEXT:
        for name in cell.split(";"):
            if name not in (names := _names(valid)):
                raise unknown(valid, name, names, where)


@cache
def _names(what: str) -> frozenset[str]:
    """What a cell of this sort may name."""
    if what == KIND:
        return frozenset((*KINDS, *FINER, *GIFTS, ALL))
    if what == MISSION:
        return frozenset(roster()["mission"])
    return frozenset(coded({SITE: "sites", ASK: "asks"}[what], ("id",))["id"])


def score_of_events(events_50: float, deaths_50: float, deaths_200: float) -> int:
    """Score 0..3 of a place on land from a year's lethal events within 50 km, their deaths, and
    the deaths within 200 km; three months are judged by four times their counts.  Where 50 km reach
    over a closed line into another war, events within 25 km take their place, and none farther."""
    if events_50 >= 25 or (deaths_50 >= 100 and events_50 >= 3):
        return 3
    if events_50 >= 5 or deaths_50 >= 25 or deaths_200 >= 500:
        return 2
    return int(events_50 >= 1 or deaths_200 >= 25)


def score_of_reports(a_month: float) -> int:
    """Score 0..3 of a city from military incident reports a month."""
    return sum(a_month >= limit for limit in (0.5, 4.0, 20.0))


def score_of_attacks(attacks: int) -> int:
    """Score 0..3 of a place at sea from a year's attacks on ships within 500 km."""
    return sum(attacks >= limit for limit in (1, 10, 50))
