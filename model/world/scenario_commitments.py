"""What a scenario says that states have decided or promised already: who is in the field, who is
withdrawn, and what is pledged to the United Nations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..core import records
from ..errors import unknown
from ..months import NEVER, month_number, month_text
from ..settings import Event
from ..vocabulary import FRAMEWORKS, KINDS, SERVICE_OF
from . import sites
from .event_span import rows_of

ANY_KIND = -1
FOLLOWS = 2  # months from a new mission to the request that a pledge brings


class Level(NamedTuple):
    """What a pledge to the United Nations means, where the scenario does not say."""

    chance: float  # that a new mission asks for the unit by name
    lead_time: float  # factor on the months from decision to arrival
    binds: float  # slots of ground forces that are kept ready at home


LEVELS = {  # those of its readiness system, and a pledge at a ministerial; numbers are assumptions
    "ministerial": Level(chance=0.1, lead_time=1.0, binds=0.0),
    "level_1": Level(chance=0.1, lead_time=1.0, binds=0.0),
    "level_2": Level(chance=0.2, lead_time=0.8, binds=0.0),
    "level_3": Level(chance=0.3, lead_time=0.6, binds=0.25),
    "rapid": Level(chance=0.5, lead_time=0.4, binds=0.5),  # within 60 days
}


def level_of(v: Mapping[str, Any]) -> Level:
    """What a pledge means: the numbers of its event, and those of its level where it has none.

    Slots are of ground forces: other services bind none.
    """
    usual = LEVELS[v["level"]]
    if SERVICE_OF[v["kind"]] != "ground":
        usual = usual._replace(binds=0.0)
    chosen = {name: v.get(name) for name in Level._fields}
    return usual._replace(**{name: value for name, value in chosen.items() if value is not None})


def givens(
    events: Sequence[Event],
    codes: Sequence[str],
    names: Sequence[str],
    places: Sequence[sites.Place],
) -> np.ndarray:
    """Deployments and withdrawals that a scenario states as decided, as ``GIVEN`` records.

    Raises:
        InputError: a state, mission, kind or site is unknown.
    """
    dated = [event for event in events if event.type in ("deploy", "withdraw")]
    out = records.records(len(dated), records.GIVEN)
    for cell, event in zip(out, dated, strict=True):
        v, where = event.values, f"{event.type} event"
        cell.state = rows_of(v, codes, where)[0]
        cell.mission = _row("mission", v["mission"], names, where)
        kind = v.get("kind", "all")
        cell.kind = ANY_KIND if kind == "all" else _row("kind", kind, KINDS, where)
        cell.people = v["people"] if event.type == "deploy" else 0
        cell.first = month_number(v["month"])
        cell.until = month_number(v["until"]) if v.get("until") else NEVER
        site = sites.named(v.get("site"))
        cell.site = sites.site_row(site, v["mission"], places, f"{where}, {v['mission']}, site")
    return out


def numbered(names: Sequence[str]) -> list[str]:
    """Names of which the second and later of a kind carry a number."""
    before: Counter[str] = Counter()
    out = []
    for name in names:
        before[name] += 1
        out.append(name if before[name] == 1 else f"{name}-{before[name]}")
    return out


def pledged(
    events: Sequence[Event], names: Sequence[str], missions: np.ndarray, last: int
) -> pd.DataFrame:
    """Requests of the United Nations that pledges bring, each with its chance, as rows of the table
    of requests: one for every UN mission that begins, or may begin, while a pledge holds.

    They share the number of the pledge: what it promises can be in one place at a time.
    """
    rows = []
    promised = [event.values for event in events if event.type == "pledge"]
    names_of = numbered([f"PLEDGE-{v['state']}-{v['kind']}" for v in promised])
    slots = missions["end"] < missions["start"]  # a run fills in what they are
    un = np.isin(missions["framework"], (FRAMEWORKS.index("un_pko"), FRAMEWORKS.index("un_spm")))
    for number, (pledge, v) in enumerate(zip(names_of, promised, strict=True), 1):
        until = month_number(v["until"]) if v.get("until") else NEVER
        begins = missions["start"]
        meant = (un | slots) & (begins >= month_number(v["month"])) & (begins < until)
        for row in map(int, np.flatnonzero(meant & (begins + FOLLOWS <= last))):
            rows.append(
                {
                    "id": f"{pledge} {names[row]}",
                    "pledge": str(number),
                    "month": month_text(int(begins[row]) + FOLLOWS),
                    "mission": names[row],
                    "state": v["state"],
                    "requester": "un",
                    "kind": v["kind"],
                    "mode": "crisis" if v["level"] == "rapid" else "routine",
                    "personnel": str(v["people"]),
                    "interest": "0",
                    "grade": "formal_note",
                    "chance": level_of(v).chance,
                    "group": "un",
                }
            )
    return pd.DataFrame(rows)


def _row(what: str, name: str, valid: Sequence[str], where: str) -> int:
    if name not in valid:
        raise unknown(what, name, valid, where)
    return list(valid).index(name)
