"""Building a world: from tables and settings to the arrays that every run shares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from .. import own_terms, tables
from ..core import parameter_index, parameter_values, records, utility_terms
from ..core.records import World
from ..core.rng import identity
from ..coverage import last as last_known
from ..data_folder import SHIPPED
from ..errors import InputError, unknown
from ..months import ALWAYS, NEVER, month_number
from ..rules import choice, trends
from ..rules.law import AGREEMENT_OR_NO_PARTY
from ..settings import FIRST_MONTH, LATEST_MONTH, REFORMS, Settings
from ..vocabulary import GROUP_UN, KINDS, REGIONS
from . import (
    documented_requests,
    future_missions,
    legal_regimes,
    missions,
    parliaments,
    recorded_contributions,
    reform_packages,
    scenario_commitments,
    scenario_effects,
    scenario_missions,
    seaports,
    sites,
    states,
)
from .legal_regimes import month_or


@dataclass(frozen=True)
class Atlas:
    """A world with its names: the arrays for the engines, the labels for people.

    Attributes:
        arrays: what the engines read.
        states, missions: ISO codes and mission labels, in the order of the rows.
        provisions: ids of the legal provisions, in the order of the rows.
        asks: ids of the documented requests, in the order of the rows.
        sites: mission and id of each site, in the order of the rows.
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
    sites: tuple[sites.Place, ...]
    columns: tuple[parameter_values.Column, ...]
    parameters: np.ndarray
    reported: tuple[str, ...]
    draws: np.ndarray

    def row(self, seed: int, run: int) -> np.ndarray:
        """Parameters of a run, in the order of ``columns``."""
        return parameter_values.draw_of(self.draws, seed, run)

    def parameters_of(self, seed: int, run: int, code: str) -> np.ndarray:
        """Parameters of one state in a run, its own shifts and the trends included;
        float64[parameters]."""
        drawn = self.row(seed, run)
        own = drawn[: parameter_index.COUNT].copy()
        number = self.state_row(code)
        for shift in self.arrays.deviations:
            if shift["state"] == number:
                own[shift["shared"]] += drawn[shift["column"]]
        for row in self.arrays.trends:
            level, moved = drawn[row["trend"]], row["moved"]
            if level != 0.0:
                own[moved] = trends.moved(own[moved], level, row["effect"], row["factor"])
        return own

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms of the utility: ours, then those of the user's own theory."""
        return (*utility_terms.NAMES, *(term.name for term in self.settings.terms))

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
            user's own tables are inconsistent.
    """
    try:
        return _assemble(settings)
    except (KeyError, IndexError, ValueError, OverflowError) as error:
        if isinstance(error, InputError) or tables.FOLDER == SHIPPED:
            raise
        raise InputError(
            f"inconsistent tables in {tables.FOLDER}: a row refers to an entry that is missing "
            "from "
            f"another table ({type(error).__name__}: {error})"
        ) from error


def _assemble(settings: Settings) -> Atlas:
    first = month_number(settings.start, "start")
    last = month_number(settings.end, "end")
    earliest, latest = month_number(FIRST_MONTH), month_number(LATEST_MONTH)
    if not earliest <= first <= last <= latest:
        raise InputError(
            f"the period {settings.start} to {settings.end} is not valid; it must lie between "
            f"{FIRST_MONTH} and {LATEST_MONTH}, the first month not after the last"
        )
    months = max(last, last_known("world"), last_known("un_reports")) + 1
    roster = states.roster()
    codes = list(roster["iso3"])
    recorded_names = list(missions.roster()["mission"])
    opened = scenario_missions.opened(settings.events)
    demand = scenario_effects.demand(settings.events, months)
    slot_months = future_missions.slot_months(demand, first, last)
    slot_names = [future_missions.slot_name(month) for month in slot_months]
    names = [*recorded_names, *(v["mission"] for v in opened), *slot_names]
    for code in (*settings.deliberating, *settings.reported):
        if code != "all" and code not in codes:
            raise unknown("state", code, [*codes, "all"])

    rows = _states(roster, codes, settings, first)
    provision_ids, law = _law(settings, codes, rows, months)
    kinds = missions.kinds()
    asked = missions.asked(months)
    mission_rows = missions.missions(codes)
    future_missions.known_strength(asked, recorded_names)
    future_missions.known_endings(mission_rows, recorded_names)
    mission_months, (hostile, accident) = recorded_contributions.mission_months(
        recorded_names, months
    )
    own_rows = scenario_missions.missions(opened, roster)
    own_months = scenario_missions.conditions(opened, months, hostile, accident)
    own_asked = scenario_missions.asked(opened, own_rows, asked, mission_rows)
    slots = future_missions.slots(slot_months)
    mission_rows = _beside(mission_rows, own_rows, slots)
    added = np.arange(len(recorded_names), len(names))
    mission_rows["root"][added] = added
    empty = records.records((months, len(slots)), records.MISSION_MONTH)
    mission_months = _beside(mission_months, own_months, empty, axis=1)
    none = np.zeros((months, len(slots), len(KINDS)), dtype=np.int32)
    asked = np.concatenate([asked, own_asked, none], axis=1)
    asked_by_category = missions.by_category(asked, kinds)
    state_months = states.state_months(codes, months)

    deliberates = rows["deliberates"].astype(int)
    kept = recorded_contributions.kept_share(asked_by_category)
    filled, spells = recorded_contributions.recorded(codes, names, deliberates, kept)
    begins = int(np.median(deliberates))
    new = slice(len(recorded_names), len(recorded_names) + len(opened))
    filled[:, new] += scenario_missions.peers(own_rows, asked_by_category[:, new], begins)
    archetypes, pattern_kinds = future_missions.archetypes(codes)
    seaports.write_inland(archetypes)
    seaports.write_inland(mission_rows)
    recorded_contributions.write_recorded(state_months, mission_months, spells, filled, kinds)
    places = sites.places(names, settings.events)
    site_rows = sites.sites(names, settings.events)
    seaports.write_inland(site_rows, mission_rows["inland"][site_rows["mission"]])
    initial = recorded_contributions.begun(codes, names, deliberates, kept)
    sites.write_initial(initial, codes, names, places)

    weighed, own_rows = own_terms.added(settings.terms, codes, names, months, rows["lives"] == 1)
    known = parameter_values.columns()
    centre = parameter_values.base(settings.overrides, known)
    arrays = World(
        span=np.array([0, first, last, int(deliberates.min())], dtype=np.int64),
        states=rows,
        actors=np.zeros(0, dtype=np.int64),
        state_months=state_months,
        politics=parliaments.politics(months),
        stances=parliaments.stances(months),
        missions=mission_rows,
        mission_months=mission_months,
        asked=asked,
        asked_by_category=asked_by_category,
        filled=filled,
        distances=_distances(rows, mission_rows),
        ties=missions.ties(codes, names),
        own_terms=weighed,
        own_rows=own_rows,
        kinds=kinds,
        sites=site_rows,
        sites_from=sites.first_rows(site_rows, len(names)),
        site_fighting=sites.fighting(places, months, settings.events),
        asks=records.records(0, records.ASK),
        asks_from=np.zeros(months + 1, dtype=np.int64),
        calls=records.records(0, records.CALL),
        calls_from=np.zeros(months + 1, dtype=np.int64),
        paths=_paths(months),
        demand=demand,
        charter=records.records(0, records.MISSION),
        generator=future_missions.generator(hostile, accident, begins, len(names) - len(slots)),
        archetypes=archetypes,
        pattern_kinds=pattern_kinds,
        pattern_distances=_distances(rows, archetypes),
        initial=initial,
        initial_from=np.searchsorted(initial["month"], np.arange(months + 1)).astype(np.int64),
        shocks=scenario_effects.shocks(settings.events, codes, names),
        givens=scenario_commitments.givens(settings.events, codes, names, places),
        stakes=scenario_effects.stakes(settings.events, codes, names),
        levies=scenario_effects.levies(settings.events, codes),
        deviations=parameter_values.deviations(known, codes),
        trends=parameter_values.trends(known),
        groups=missions.groups(),
        **law,
    )
    generated = pd.concat(
        [
            future_missions.asks(slot_months, names, last),
            scenario_commitments.pledged(settings.events, names, mission_rows, last),
        ]
    )
    documented, ask_ids = documented_requests.documented(
        codes, names, settings, deliberates, generated, places
    )
    arrays = arrays._replace(asks=documented)
    scenario_effects.apply(arrays, settings.events, codes, names)
    arrays = derived(arrays)
    return Atlas(
        settings=settings,
        arrays=arrays,
        states=tuple(codes),
        missions=tuple(names),
        provisions=tuple(provision_ids),
        asks=tuple(ask_ids),
        sites=tuple(places),
        columns=tuple(known),
        parameters=centre,
        reported=tuple(settings.reported),
        draws=centre[None, :]
        if settings.point
        else parameter_values.posterior(settings.overrides, known),
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
    instruments = scenario_effects.amended(legal_regimes.instruments(), settings.events)
    if settings.reform not in REFORMS:
        raise unknown("reform", settings.reform, REFORMS)
    if settings.reform == "none":
        instruments = reform_packages.without(instruments, first)
    original = instruments.equals(legal_regimes.instruments())
    laws, ranges, ids = (
        legal_regimes.documented() if original else legal_regimes.provisions(instruments)
    )
    for number, code in enumerate(codes):
        cell = rows[number]
        cell.first_provision, cell.last_provision = ranges.get(code, (0, 0))
        here = laws[cell.first_provision : cell.last_provision]
        agreed = here[(here["conditions"] & AGREEMENT_OR_NO_PARTY) > 0]
        cell.ceasefire_since = agreed["since"].min(initial=NEVER)
        cell.ceasefire_until = agreed["until"].max(initial=0)
    covering_rows, covering = legal_regimes.covering(laws, rows)
    return ids, {
        "provisions": laws,
        "covering_rows": covering_rows,
        "covering": covering,
        "salience": parliaments.salience(months, instruments),
        "known_gate": legal_regimes.known_gate(laws, covering_rows, covering, months),
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
    calls = records.records(len(when), records.CALL)
    calls["mission"], calls["kind"] = mission, kind
    calls["asked"] = arrays.asked[when, mission, kind]
    before = arrays.asked[np.maximum(when - 1, 0), mission, kind]
    calls["rose"] = (calls["asked"] > before) & (when > 0)
    calls["new"] = when == missions["start"][mission]
    category = arrays.kinds["category"][kind]
    filled = arrays.filled[np.maximum(when - 1, 0), mission, category]
    of_category = arrays.asked_by_category[when, mission, category]
    calls["recorded"] = filled * calls["asked"] / of_category  # as ``response.recorded_of_kind``
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
    out = records.records(len(codes), records.STATE)
    regimes = legal_regimes.regimes()
    after = last_known("un_reports") + 1
    out["identity"] = [identity(code) for code in codes]
    out["latitude"] = [float(cell or 0) for cell in roster["capital_lat"]]
    out["longitude"] = [float(cell or 0) for cell in roster["capital_lon"]]
    out["region"] = [REGIONS.index(cell) for cell in roster["region"]]
    out["regime"] = [regimes.index(code) + 1 if code in regimes else 0 for code in codes]
    out["since"] = [month_or(cell, ALWAYS, "states.csv") for cell in roster["from"]]
    out["until"] = [month_or(cell, NEVER, "states.csv") for cell in roster["to"]]
    told = {code: number for number, code in enumerate(settings.reported)}
    out["reported"] = [told.get(code, -1) for code in codes]
    every = "all" in settings.deliberating
    others = max(first, after) if settings.afterwards == "deliberate" else NEVER
    begins = [first if every or code in settings.deliberating else others for code in codes]
    out["deliberates"] = np.maximum(begins, out["since"])
    out["lives"] = (out["reported"] >= 0) | (out["deliberates"] < NEVER)
    return out


def _distances(rows: np.ndarray, mission_rows: np.ndarray) -> np.ndarray:
    """Distance from each capital to each theatre, thousands of kilometres, float64[S, M]."""
    out = np.zeros((rows.size, mission_rows.size))
    choice.distance_table(rows, mission_rows, out)
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
    packaged, covers, links = reform_packages.nothing()
    if settings.reform == "endogenous":
        packaged = reform_packages.packages(instruments, codes, first)
        covers = reform_packages.covers(instruments)
        links = reform_packages.links(instruments, ids, packaged)
    original = legal_regimes.instruments()
    documented, ranges, _ = legal_regimes.documented()
    if settings.reform == "dated" and instruments.equals(original):
        documented = documented[:0]
    places = rows.copy()
    for number, code in enumerate(codes):
        begin, end = ranges.get(code, (0, 0))
        places["first_provision"][number], places["last_provision"][number] = begin, end
    covering_rows, covering = legal_regimes.NO_COVER
    if documented.size:
        covering_rows, covering = legal_regimes.covering(documented, places)
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
    out = records.records(months, records.PATH)
    for name in ("alliance", "training"):
        out[name] = 1.0
    return out
