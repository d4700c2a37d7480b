"""Building a world: from tables and settings to the arrays that every run shares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from . import (
    asks,
    chambers,
    contributions,
    deliberation,
    events,
    openings,
    packages,
    prospects,
    regime,
    shapes,
    states,
    tables,
    theatre,
    values,
)
from .errors import InputError, unknown
from .folder import SHIPPED
from .kinds import GROUP_UN, KINDS
from .luck import identity
from .months import month_number, month_text
from .regime import ALWAYS, NEVER, month_or
from .settings import FIRST_MONTH, LAST_MONTH, RECORD_END, REFORMS, Settings
from .shapes import World


@dataclass(frozen=True)
class Atlas:
    """A world with its names: the arrays for the engines, the labels for people.

    Attributes:
        arrays: what the engines read.
        states, missions: ISO codes and mission labels, in the order of the rows.
        provisions: ids of the legal provisions, in the order of the rows.
        asks: ids of the documented requests, in the order of the rows.
        columns: the parameters, in the order of a run's row of numbers.
        parameters: the centre, with the settings' overrides.
        draws: float64[draws, columns], rows of which a run has one; a single one is the centre.
    """

    settings: Settings
    arrays: World
    states: tuple[str, ...]
    missions: tuple[str, ...]
    provisions: tuple[str, ...]
    asks: tuple[str, ...]
    columns: tuple[values.Column, ...]
    parameters: np.ndarray
    watch: tuple[str, ...]
    draws: np.ndarray

    def row(self, seed: int, run: int) -> np.ndarray:
        """Parameters of a run, in the order of ``columns``."""
        return values.draw_of(self.draws, seed, run)

    def state_row(self, code: str) -> int:
        """Row of a state by ISO code; an unknown one names the nearest."""
        if code not in self.states:
            raise unknown("state", code, self.states)
        return self.states.index(code)

    def mission_row(self, name: str) -> int:
        """Row of a mission by label; an unknown one names the nearest."""
        if name not in self.missions:
            raise unknown("mission", name, self.missions)
        return self.missions.index(name)


def build(settings: Settings) -> Atlas:
    """Build the world that a run's settings describe.

    Raises:
        InputError: the settings name an unknown state, month, lever, instrument or mission, or the
            user's own tables do not fit together.
    """
    try:
        return _assemble(settings)
    except (KeyError, IndexError, ValueError, OverflowError) as error:
        if isinstance(error, InputError) or tables.FOLDER == SHIPPED:
            raise
        raise InputError(
            f"the tables in {tables.FOLDER} do not fit together: a row of one names what another "
            f"does not have ({type(error).__name__}: {error})"
        ) from error


def _assemble(settings: Settings) -> Atlas:
    first = month_number(settings.start, "start")
    last = month_number(settings.end, "end")
    earliest, latest = month_number(FIRST_MONTH), month_number("2040-12")
    if not earliest <= first <= last <= latest:
        raise InputError(
            f"the period {settings.start} to {settings.end} is not valid; it must lie between "
            f"{FIRST_MONTH} and {month_text(latest)}, the first month not after the last"
        )
    months = max(last, month_number(LAST_MONTH)) + 1
    roster = states.roster()
    codes = list(roster["iso3"])
    recorded_names = list(theatre.roster()["mission"])
    opened = openings.opened(settings.events)
    demand = events.demand(settings.events, months)
    slot_months = prospects.slot_months(demand, first, last)
    slot_names = [prospects.slot_name(month) for month in slot_months]
    names = [*recorded_names, *(v["mission"] for v in opened), *slot_names]
    for code in (*settings.deliberating, *settings.watch):
        if code != "all" and code not in codes:
            raise unknown("state", code, [*codes, "all"])

    rows = _states(roster, codes, settings, first)
    provision_ids, law = _law(settings, codes, rows, months)
    kinds = theatre.kinds()
    asked = theatre.asked(months)
    mission_rows = theatre.missions(codes)
    prospects.known_strength(asked, recorded_names)
    prospects.known_endings(mission_rows, recorded_names)
    mission_months = theatre.mission_months(months)
    uniformed = contributions.mission_totals(recorded_names, months).sum(axis=2)
    hostile, accident = theatre.losses(mission_months, uniformed)
    own_rows = openings.missions(opened, roster)
    own_months = openings.conditions(opened, months, hostile, accident)
    own_asked = openings.asked(opened, own_rows, asked, mission_rows)
    slots = prospects.slots(slot_months)
    mission_rows = _beside(mission_rows, own_rows, slots)
    added = np.arange(len(recorded_names), len(names))
    mission_rows["root"][added] = added
    empty = shapes.records((months, len(slots)), shapes.MISSION_MONTH)
    mission_months = _beside(mission_months, own_months, empty, axis=1)
    none = np.zeros((months, len(slots), len(KINDS)), dtype=np.int32)
    asked = np.concatenate([asked, own_asked, none], axis=1)
    asked_by_category = theatre.by_category(asked, kinds)
    state_months = states.state_months(codes, months)

    deliberates = rows["deliberates"].astype(int)
    filled, spells = contributions.recorded(codes, names, months, deliberates)
    if settings.afterwards == "recorded":
        contributions.keep_totals(filled, names, months, asked_by_category)
    begins = int(np.median(deliberates))
    new = slice(len(recorded_names), len(recorded_names) + len(opened))
    filled[:, new] += openings.peers(own_rows, asked_by_category[:, new], begins)
    archetypes, pattern_kinds = prospects.archetypes(codes)
    contributions.write_recorded(state_months, mission_months, spells, filled, kinds)
    initial = contributions.initial(spells)

    known = values.columns()
    centre = values.base(settings.overrides, known)
    arrays = World(
        span=np.array([0, first, last, int(deliberates.min())], dtype=np.int64),
        states=rows,
        actors=np.zeros(0, dtype=np.int64),
        state_months=state_months,
        politics=chambers.politics(months),
        stances=chambers.stances(months),
        missions=mission_rows,
        mission_months=mission_months,
        asked=asked,
        asked_by_category=asked_by_category,
        filled=filled,
        distances=_distances(rows, mission_rows),
        kinds=kinds,
        asks=shapes.records(0, shapes.ASK),
        asks_from=np.zeros(months + 1, dtype=np.int64),
        calls=shapes.records(0, shapes.CALL),
        calls_from=np.zeros(months + 1, dtype=np.int64),
        paths=_paths(months),
        demand=demand,
        charter=shapes.records(0, shapes.MISSION),
        generator=prospects.generator(hostile, accident, begins, len(names) - len(slots)),
        archetypes=archetypes,
        pattern_kinds=pattern_kinds,
        pattern_distances=_distances(rows, archetypes),
        initial=initial,
        shocks=events.shocks(settings.events, codes, names),
        levies=events.levies(settings.events, codes),
        deviations=values.deviations(known, codes),
        groups=theatre.groups(),
        **law,
    )
    generated = prospects.asks(slot_months, names, last)
    documented, ask_ids = asks.documented(codes, names, settings, deliberates, generated)
    arrays = arrays._replace(asks=documented)
    events.apply(arrays, settings.events, codes, names)
    arrays = derived(arrays)
    return Atlas(
        settings=settings,
        arrays=arrays,
        states=tuple(codes),
        missions=tuple(names),
        provisions=tuple(provision_ids),
        asks=tuple(ask_ids),
        columns=tuple(known),
        parameters=centre,
        watch=tuple(settings.watch),
        draws=centre[None, :] if settings.point else values.posterior(settings.overrides, known),
    )


def with_law(atlas: Atlas, settings: Settings) -> Atlas:
    """A world under the law of other settings, which are the same in everything else.

    Equals ``build`` of them, in a fraction of its time.
    """
    rows = atlas.arrays.states.copy()
    ids, law = _law(settings, list(atlas.states), rows, len(atlas.arrays.paths))
    arrays = atlas.arrays._replace(states=rows, **law)
    return replace(atlas, settings=settings, arrays=arrays, provisions=tuple(ids))


def _law(
    settings: Settings, codes: list[str], rows: np.ndarray, months: int
) -> tuple[list[str], dict[str, np.ndarray]]:
    """What follows from the law: ids of the provisions, and arrays of the world by name.

    The places of their own provisions are written into the ``rows`` of the states.
    """
    first = month_number(settings.start)
    instruments = events.amended(regime.instruments(), settings.events)
    if settings.reform not in REFORMS:
        raise unknown("reform", settings.reform, REFORMS)
    if settings.reform == "none":
        instruments = packages.without(instruments, first)
    laws, ranges, ids = regime.provisions(instruments)
    condition = 1 << 0
    for number, code in enumerate(codes):
        cell = rows[number]
        cell.first_provision, cell.last_provision = ranges.get(code, (0, 0))
        here = laws[cell.first_provision : cell.last_provision]
        cell.conditioned = int(bool((here["conditions"] & condition).any()))
    covering_rows, covering = regime.covering(laws, rows)
    return ids, {
        "provisions": laws,
        "covering_rows": covering_rows,
        "covering": covering,
        "salience": chambers.salience(months, instruments),
        "known_gate": regime.known_gate(laws, covering_rows, covering, months),
        **_reforms(settings, instruments, ids, codes, rows, first),
    }


def _beside(*parts: np.ndarray, axis: int = 0) -> np.ndarray:
    """Records side by side along an axis, their fields still attributes."""
    return np.concatenate(parts, axis=axis).view(np.recarray)


def derived(arrays: World) -> World:
    """What follows from the rest, once every event has been applied: totals of what missions ask
    for, their calls month by month, and where each month's requests begin."""
    months = len(arrays.paths)
    total = arrays.asked_by_category[:, :, :3].sum(axis=2)
    arrays.mission_months["asked"] = total
    arrays.mission_months["asked_peak"] = np.maximum.accumulate(total, axis=0)
    missions = arrays.missions
    month = np.arange(months)[:, None]
    asking = (missions["group"] == GROUP_UN) & (missions["start"] <= month)
    asking &= month < missions["end"]
    when, mission, kind = np.nonzero(arrays.asked * asking[:, :, None] > 0)
    calls = shapes.records(len(when), shapes.CALL)
    calls["mission"], calls["kind"] = mission, kind
    calls["asked"] = arrays.asked[when, mission, kind]
    before = arrays.asked[np.maximum(when - 1, 0), mission, kind]
    calls["rose"] = (calls["asked"] > before) & (when > 0)
    calls["new"] = when == missions["start"][mission]
    category = arrays.kinds["category"][kind]
    filled = arrays.filled[np.maximum(when - 1, 0), mission, category]
    of_category = arrays.asked_by_category[when, mission, category]
    calls["recorded"] = filled * calls["asked"] / of_category  # as ``answer.recorded_of_kind``
    calls["minimum"] = np.maximum(1, arrays.kinds["minimum"][kind])
    ends = np.arange(months + 1)
    slots = int(arrays.generator[0].slots)
    varies = slots < missions.size
    varies |= bool((arrays.demand["new_missions"] != 1.0).any())
    varies |= bool((arrays.demand["closures"] != 1.0).any())
    return arrays._replace(
        charter=missions.copy() if varies else arrays.charter,
        calls=calls,
        calls_from=np.searchsorted(when, ends).astype(np.int64),
        asks_from=np.searchsorted(arrays.asks["month"], ends).astype(np.int64),
        actors=np.flatnonzero(arrays.states["lives"]).astype(np.int64),
    )


def _states(
    roster: pd.DataFrame,
    codes: list[str],
    settings: Settings,
    first: int,
) -> np.ndarray:
    """States as ``STATE`` records, their provisions apart."""
    out = shapes.records(len(codes), shapes.STATE)
    regimes = regime.regimes()
    after = month_number(RECORD_END) + 1
    for number, row in enumerate(roster.to_dict("records")):
        cell = out[number]
        code = row["iso3"]
        cell.identity = identity(code)
        cell.latitude = float(row["capital_lat"] or 0)
        cell.longitude = float(row["capital_lon"] or 0)
        cell.region = states.REGIONS.index(row["region"])
        cell.regime = regimes.index(code) + 1 if code in regimes else 0
        cell.since = month_or(row["from"], ALWAYS, "states.csv")
        cell.until = month_or(row["to"], NEVER, "states.csv")
        cell.watched = settings.watch.index(code) if code in settings.watch else -1
        if code in settings.deliberating or "all" in settings.deliberating:
            cell.deliberates = first
        elif settings.afterwards == "deliberate":
            cell.deliberates = max(first, after)
        else:
            cell.deliberates = NEVER
        cell.deliberates = max(int(cell.deliberates), int(cell.since))
        cell.lives = int(cell.watched >= 0 or cell.deliberates < NEVER)
    return out


def _distances(rows: np.ndarray, mission_rows: np.ndarray) -> np.ndarray:
    """Distance from each capital to each theatre, thousands of kilometres, float64[S, M]."""
    out = np.zeros((rows.size, mission_rows.size))
    deliberation.distance_table(rows, mission_rows, out)
    return out


def _reforms(
    settings: Settings,
    instruments: pd.DataFrame,
    ids: list[str],
    codes: list[str],
    rows: np.ndarray,
    first: int,
) -> dict[str, np.ndarray]:
    """Reforms, where law is an outcome, and the documented law, where it may differ."""
    packaged, covers, links = packages.nothing()
    if settings.reform == "endogenous":
        packaged = packages.packages(instruments, codes, first)
        covers = packages.covers(instruments)
        links = packages.links(instruments, ids, packaged)
    original = regime.instruments()
    documented, ranges, _ = regime.provisions(original)
    if settings.reform == "dated" and instruments.equals(original):
        documented = documented[:0]
    places = rows.copy()
    for number, code in enumerate(codes):
        begin, end = ranges.get(code, (0, 0))
        places["first_provision"][number], places["last_provision"][number] = begin, end
    covering_rows, covering = regime.NO_COVER
    if documented.size:
        covering_rows, covering = regime.covering(documented, places)
    return {
        "packages": packaged,
        "package_covers": covers,
        "links": links,
        "documented": documented,
        "documented_rows": covering_rows,
        "documented_covering": covering,
    }


def _paths(months: int) -> np.ndarray:
    """The neutral path: nothing multiplied, nothing shifted."""
    out = shapes.records(months, shapes.PATH)
    for name in ("alliance", "training"):
        out[name] = 1.0
    return out
