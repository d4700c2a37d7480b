"""Sites of missions: where each lies, in what setting, and the level of fighting there by month.

A folder of tables without ``sites.csv`` (a copy made before there was one) has no sites; what is
asked there has none either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core import records
from ..core.rng import identity
from ..errors import InputError, unknown
from ..months import month_number
from ..settings import Event
from ..tables import has, kept, numbers, rows, table
from ..vocabulary import KINDS, SETTINGS

NOWHERE = -1  # no site is known
Place = tuple[str, str]  # mission and site


def places(names: Sequence[str], events: Sequence[Event] = ()) -> list[Place]:
    """Every mission with each of its sites, in the order of ``names``, then of the table, then
    those that the events of a scenario bring."""
    return list(_listed(names, events))


def named(site: str | Mapping[str, Any] | None) -> str:
    """Id of the site that an event names, alone or with what it says of it; blank for none."""
    return site or "" if isinstance(site, str) or site is None else str(site["id"])


def written(events: Sequence[Event]) -> list[tuple[str, Mapping[str, Any], int]]:
    """Sites that the events of a scenario write about: mission, what is written, from which
    month."""
    found = []
    for event in events:
        v = event.values
        own = [v.get("site"), *(v.get("sites") or ())]
        month = month_number(v["month"]) if "month" in v else 0
        found += [(v["mission"], site, month) for site in own if isinstance(site, Mapping)]
    return found


def sites(names: Sequence[str], events: Sequence[Event] = ()) -> np.ndarray:
    """Sites as ``SITE`` records, one for each of ``places``."""
    listed = _listed(names, events)
    out = records.records(len(listed), records.SITE)
    for cell, ((mission, site), row) in zip(out, listed.items(), strict=True):
        cell.identity = identity(site)
        cell.latitude, cell.longitude = float(row["latitude"]), float(row["longitude"])
        cell.mission = names.index(mission)
        cell.setting = SETTINGS.index(row["setting"])
    return out


def first_rows(rows: np.ndarray, missions: int) -> np.ndarray:
    """First row of each mission among ``SITE`` records, and their number, int64[missions + 1]."""
    return np.searchsorted(rows["mission"], np.arange(missions + 1)).astype(np.int64)


def fighting(known: Sequence[Place], months: int, events: Sequence[Event] = ()) -> np.ndarray:
    """Level of fighting at each place, float64[months, places].

    After a spell its level is held until the next one, before the first one that of the first; a
    place without a spell is quiet.  What an event says of a place holds from its month on.

    Raises:
        InputError: a site of ``site_fighting.csv`` is not in ``sites.csv``.
    """
    out = _documented_fighting(list(known), months)
    for mission, site, month in written(events):
        if site.get("fighting") is not None:
            out[month:, list(known).index((mission, site["id"]))] = site["fighting"]
    return out


@kept
def _documented_fighting(known: list[Place], months: int) -> np.ndarray:
    """The documented level of fighting at each place, float64[months, places]."""
    out = np.zeros((months, len(known)))
    if not known or not has("site_fighting"):
        return out
    frame = table("site_fighting")
    listed = set(table("sites")["id"])
    spells: dict[str, list[tuple[int, float]]] = {}
    levels = numbers(frame, "site_fighting", "level")
    for line, (site, since, level) in enumerate(
        zip(frame["site"], frame["from"], levels, strict=True), start=2
    ):
        if site not in listed:
            raise unknown("site", site, sorted(listed), f"site_fighting.csv, line {line}")
        spells.setdefault(site, []).append((month_number(since), float(level)))
    for number, (_, site) in enumerate(known):
        for place, (since, level) in enumerate(sorted(spells.get(site, ()))):
            out[max(since, 0) if place else 0 :, number] = level
    return out


def site_row(site: str, mission: str, known: Sequence[Place], where: str) -> int:
    """Row of a mission's site among the ``known`` places; -1 where none is named, and where the
    folder of tables has no sites.

    Raises:
        InputError: the mission has no such site.
    """
    if not site:
        return NOWHERE
    if (mission, site) in known:
        return list(known).index((mission, site))
    if not has("sites"):
        return NOWHERE
    own = [name for of, name in known if of == mission]
    if not own:
        raise InputError(f"{where}: {mission} has no sites in sites.csv; leave {site!r} out")
    raise unknown(f"site of {mission}", site, own, where)


def write_initial(
    initial: np.ndarray, codes: Sequence[str], names: Sequence[str], known: Sequence[Place]
) -> None:
    """Write the site of each deployment that is carried over into ``INITIAL`` records: where it
    stood in the month before its state decides, or in the first month of the record.

    Raises:
        InputError: a site of ``deployment_sites.csv`` is not one of its mission.
    """
    initial["site"] = NOWHERE
    if not has("deployment_sites"):
        return
    spells: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
    for line, row in enumerate(rows("deployment_sites"), start=2):
        where = f"deployment_sites.csv, line {line}"
        for what, name, valid in (("mission", row["mission"], names), ("kind", row["kind"], KINDS)):
            if name not in valid:
                raise unknown(what, name, valid, where)
        key = (codes.index(row["state"]), names.index(row["mission"]), KINDS.index(row["kind"]))
        first, last = month_number(row["from"]), month_number(row["to"])
        site = site_row(row["site"], row["mission"], known, where)
        spells.setdefault(key, []).append((first, last, site))
    keys = zip(*(initial[name].tolist() for name in ("state", "mission", "kind")), strict=True)
    for number, (key, begins) in enumerate(zip(keys, initial["month"].tolist(), strict=True)):
        for month in (begins - 1, begins) if key in spells else ():
            here = [site for first, last, site in spells[key] if first <= month <= last]
            if here:
                initial["site"][number] = here[0]
                break


def _listed(names: Sequence[str], events: Sequence[Event] = ()) -> dict[Place, Mapping[Any, Any]]:
    """Row of the table of each place, by mission; of a new one, what an event says of it.

    Raises:
        InputError: a mission of the table is not in the roster, or has a site twice.
    """
    found: dict[str, dict[str, Mapping[Any, Any]]] = {name: {} for name in names}
    listed = rows("sites") if has("sites") else []
    for line, row in enumerate(listed, start=2):
        for mission in filter(None, row["missions"].split(";")):
            where = f"sites.csv, line {line}, column missions"
            if mission not in found:
                raise unknown("mission", mission, names, where)
            if row["id"] in found[mission]:
                raise InputError(f"{where}: {row['id']} is listed twice for {mission}")
            found[mission][row["id"]] = row
    by_id = {row["id"]: row for row in listed}
    for mission, site, _ in written(events):
        if mission not in found:
            raise unknown("mission", mission, names, f"site {site['id']}")
        new = {"latitude": 0, "longitude": 0, "setting": site.get("setting") or "land"}
        found[mission].setdefault(site["id"], by_id.get(site["id"], new))
    return {(mission, site): row for mission, own in found.items() for site, row in own.items()}
