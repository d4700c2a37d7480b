"""The shapes of the world and of a run: small record arrays, the same for both engines.

``World`` is what all runs share and none changes; ``Run`` is what one run writes.  Every field is a
number, so that a compiled loop and a Mesa agent read the very same rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..vocabulary import STOCK_UNITS

Records = Any  # numpy record array: fields are attributes in compiled and plain code alike


def _fields(floats: str, integers: str = "", identities: str = "") -> np.dtype:
    return np.dtype(
        [(name, np.uint64) for name in identities.split()]
        + [(name, np.float64) for name in floats.split()]
        + [(name, np.int32) for name in integers.split()],
        align=True,
    )


STATE = _fields(
    "latitude longitude",
    "region regime first_provision last_provision since until deliberates lives ceasefire_since"
    " ceasefire_until reported",
    "identity",
)
STATE_MONTH = _fields(
    "capability wealth ideal embeddedness dependence threat status strength crisis"
    " forces centres instructors trend opinion_un opinion_coalition recorded_people recorded_units"
    " incidents armed"
)
POLITICS = _fields("lower upper partner override", "government camp")
STANCE = _fields("government partner opposition walkout")
MISSION = _fields(
    "latitude longitude inland",
    "framework group region start end successor root disaster un_command host announced regional",
    "identity",
)
MISSION_MONTH = _fields(
    "ceasefire consent force_level protection fighting un_resolution interest hostile accident"
    " recorded recorded_ideal asked asked_peak robustness",
    "rival",
)
KIND = _fields("typical exposure load completes", "formed minimum category stance service")
SITE = _fields("latitude longitude inland", "mission setting", "identity")
ASK = _fields(
    "interest chance",
    "month mission state kind people crisis ally instead group site grade surveyed pledge",
    "identity",
)
SHOCK = _fields("", "month state mission killed group")
GIVEN = _fields("", "state mission kind people first until site")
STAKE = _fields("level", "state mission first until")
LEVY = _fields("pool lead_time", "state first until ramp kinds")
PATH = _fields("alliance fighting training")
DEMAND = _fields("new_missions closures scale robustness council")
ARCHETYPE = _fields(
    "latitude longitude inland weight strength ceasefire consent force_level protection fighting"
    " un_resolution interest",
    "framework group region host rival disaster un_command",
)
GENERATOR = _fields(
    "rate form scale closing spread largest peers_share peers_months hostile accident",
    "first slots others_decide",
)
CALL = _fields("", "mission kind asked recorded minimum rose new")
INITIAL = _fields("", "month state mission kind people since site term")
DEVIATION = _fields("", "state shared column")
TREND = _fields("effect", "trend moved factor")
PACKAGE = _fields(
    "salience",
    "state regime route requires stance delay tail lasts is_given given debate_from debate_to",
    "identity",
)
LINK = _fields("", "package offset lasts amended since until")

PROVISION = np.dtype(
    [
        ("effect", np.int32),
        ("kinds", np.int32),  # bit per kind
        ("frameworks", np.int32),  # bit per framework
        ("conditions", np.int32),  # bits that must all be met
        ("ceiling", np.int32),  # people at one time, -1 = none
        ("authoriser", np.int32),
        ("host", np.int32),  # state in which a mission must lie, -1 = any
        ("term_months", np.int32),  # that a consent lasts
        ("term_ends", np.int32),  # calendar month in which it ends, 1..12; 0 = any
        ("lead_min", np.float64),  # months from decision to arrival in a crisis, at least
        ("lead_max", np.float64),  # months from decision to arrival, at most
        ("months_saved", np.float64),  # of a routine lead time, at most
        ("weapons_ease", np.float64),  # share of the use of weapons that it opens or takes away
        ("weight_norms", np.float64),  # political ease (above 0) or cost (below 0) of a dispatch
        ("since", np.int32),
        ("until", np.int32),  # first month no longer in force
    ],
    align=True,
)

RUN_STATE = _fields(
    "opinion_un opinion_coalition memory attention experience record staff_pool blocked load"
    " officers",
    "people units_un deaths suspended head",
)
MISSION_RUN = _fields("ideal", "people")
DEPLOYMENT = _fields(
    "",
    "state mission kind framework people asked ordered arrives term leaves since suspended crisis"
    " next ask site notice",
)
ENDING = _fields("", "cause provision")
REQUEST = _fields("interest share", "mission kind people state crisis reason ask since site grade")
OFFER = _fields(
    "", "request state mission kind framework people lead crisis ask since site term term_ends"
)
PENDING = _fields("ceasefire load", "ask state retry expires government answer stopped")
PROPOSAL = _fields(
    "ask interest compensation utility probability draw support upper present partner finding used"
    " comfort ready pool alliance_most lead_min lead_max months_saved ease norms standing_lead",
    "mission kind framework people crisis since gate provision conditions authoriser stopped lead"
    " substitute site asked_site asked_people nest decision duty term term_ends standing_max"
    " supply",
)
REFORM = _fields("pressure", "stage until government passed enacted openings failures")
DECISION = _fields(
    "probability draw utility support upper present partner finding used comfort ready pool"
    " alliance_most",
    "month state mission kind framework asked reason crisis ask gate provision conditions"
    " authoriser outcome stopped offered_kind offered lead substitute site offered_site grade",
)

# Named cells of ``Run.counts``.
(
    DEPLOYMENTS,
    REQUESTS,
    OFFERS,
    PENDINGS,
    DECISIONS,
    MENUS,
    MENU,
    OVERFLOW,
) = range(8)
COUNTS = 8
ALTERNATIVES = 64  # at most on one menu

# Columns of ``Run.stocks``, and the place of each.
STOCKS = tuple(STOCK_UNITS)
(
    STOCK_OPINION_UN,
    STOCK_OPINION_COALITION,
    STOCK_CASUALTY_MEMORY,
    STOCK_ATTENTION,
    STOCK_EXPERIENCE,
    STOCK_TRAINED_STAFF,
    STOCK_SLOTS_USED,
    STOCK_TRAINING_SUPPORT,
    STOCK_AGREEMENTS,
    STOCK_ALLIANCE_PRESSURE,
    STOCK_HOME_THREAT,
    STOCK_SUSPENDED,
) = range(len(STOCKS))


class World(NamedTuple):
    """What all runs share.  T months from January 1990, S states, M missions, K kinds."""

    span: np.ndarray  # int64[4]: first month run, first month reported, last month, first decision
    provisions: Records
    covering_rows: np.ndarray  # int32: rows of provisions, matter by matter
    covering: np.ndarray  # int32[regimes + 1, K, frameworks + 1]: where each matter begins
    states: Records  # STATE[S], in order of ISO code
    actors: np.ndarray  # int64: rows of the states that decide at some time or are reported
    state_months: Records  # STATE_MONTH[T, S]
    politics: Records  # POLITICS[T, R]; row 0 stands for states without one
    stances: Records  # STANCE[T, R, classes]
    salience: np.ndarray  # float64[T, R]: how much a reform debate is in the news
    missions: Records  # MISSION[M]
    mission_months: Records  # MISSION_MONTH[T, M]
    asked: np.ndarray  # int32[T, M, K]: strength asked for
    asked_by_category: np.ndarray  # int32[T, M, 4]
    filled: np.ndarray  # float64[T, M, 4]: recorded states' people by reporting category
    distances: np.ndarray  # float64[S, M]: capital to theatre, thousands of kilometres
    ties: np.ndarray  # float64[S, M]: what a state has at stake with the other side, 0..1
    own_terms: np.ndarray  # float64[own terms, T, states, M]: what each adds to the utility
    own_rows: np.ndarray  # int64[S]: place of each state in ``own_terms``; -1 where none is for it
    kinds: Records  # KIND[K]
    sites: Records  # SITE: one row for each pair of site and mission, by mission
    sites_from: np.ndarray  # int64[M + 1]: first row of each mission in ``sites``
    site_fighting: np.ndarray  # float64[T, sites]: level of fighting there, 0..1
    asks: Records  # ASK, by month
    asks_from: np.ndarray  # int64[T + 1]: first row of each month in ``asks``
    calls: Records  # CALL: what UN missions ask for, month by month
    calls_from: np.ndarray  # int64[T + 1]: first row of each month in ``calls``
    paths: Records  # PATH[T]: what a scenario changes month by month
    demand: Records  # DEMAND[T, groups, regions]: what a scenario makes of demand
    charter: Records  # MISSION[M]: missions as planned, where a run may change them; else empty
    generator: Records  # GENERATOR[groups]: the fit; rate a year
    archetypes: Records  # ARCHETYPE[A]: past missions from which new ones are taken
    pattern_kinds: np.ndarray  # float64[A, K]: their strength by kind, shares
    pattern_distances: np.ndarray  # float64[S, A]: capital to theatre
    initial: Records  # INITIAL, by month: carried over when a state begins to deliberate
    initial_from: np.ndarray  # int64[T + 1]: first row of each month in ``initial``
    shocks: Records  # SHOCK: deaths that a scenario dates
    givens: Records  # GIVEN: who is in the field, or is not, whatever the state would decide
    stakes: Records  # STAKE: what a scenario puts in place of ``ties`` for a time
    levies: Records  # LEVY: changes of a state's pool of individuals and of its lead times
    deviations: Records  # DEVIATION: which parameters a state shifts
    trends: Records  # TREND: what a composite lever moves
    known_gate: np.ndarray  # int8[regimes + 1, K, frameworks, T]: the gate on law alone
    groups: np.ndarray  # int32[frameworks]: framework to group
    packages: Records  # PACKAGE: reforms, where law is an outcome of each run; else empty
    package_covers: np.ndarray  # int32[packages, K]: bits of the frameworks they open
    links: Records  # LINK: how the months of each provision follow; empty with ``packages``
    documented: Records  # the documented provisions, where the law may differ from them; else empty
    documented_rows: np.ndarray  # as ``covering_rows``, of the documented provisions
    documented_covering: np.ndarray  # as ``covering``, of the documented provisions


class Run(NamedTuple):
    """What one run writes."""

    key: np.ndarray  # uint64[3]
    missions_key: np.ndarray  # uint64[3]: of which missions come, and who is asked for them
    parameters: np.ndarray  # float64[S, parameters]
    terms: np.ndarray  # float64[terms]: the last utility weighed; own terms come last
    counts: np.ndarray  # int64[COUNTS]
    states: Records  # RUN_STATE[S]
    missions: Records  # MISSION_RUN[M]
    kinds_here: np.ndarray  # int32[S, M]: bit per kind present or committed
    people_here: np.ndarray  # int32[S, M]
    taste: np.ndarray  # float64[S, M]: the most that a draw of taste can be, given what is known
    present: np.ndarray  # int32[M, K]: deliberating states' people, present or committed
    last_round: np.ndarray  # int32[M, K]
    proposal: Records  # PROPOSAL[1]: what is being weighed now
    menu: Records  # PROPOSAL[ALTERNATIVES]: the alternatives that answer one request
    menu_terms: np.ndarray  # float64[ALTERNATIVES, terms]: the terms of each
    loads: np.ndarray  # float64[S, SERVICES]: load of what is in the field or promised
    strain: np.ndarray  # float64[S, SERVICES]: load in the field, or still recovering from it
    back: np.ndarray  # int32[S, M]: month from which open calls of a line reach it again
    deployments: Records
    endings: Records  # ENDING[deployments]: what ended each, row by row
    requests: Records
    reached: np.ndarray  # int8[requests]: which requests reach the state now deliberating
    nest_sums: np.ndarray  # float64[nests]: sum over the alternatives of a menu, nest by nest
    nest_weights: np.ndarray  # float64[nests]: weight of each
    offers: Records
    pending: Records
    amounts: np.ndarray  # int64[2, states]: scratch for scaling
    traced_states: np.ndarray  # int8[S]: 1 where decisions are written down
    traced_missions: np.ndarray  # int8[M]
    traced_months: np.ndarray  # int64[2]
    decisions: Records
    decision_terms: np.ndarray  # float64[decisions, terms]
    menus: Records  # PROPOSAL: the menus of traced decisions, row by row
    menus_terms: np.ndarray  # float64[menus, terms]
    stocks: np.ndarray  # float64[T, reported, STOCKS]
    provisions: Records  # the world's own, or where law is an outcome this run's
    reforms: Records  # REFORM[packages]: how far each has come


def records(shape: int | tuple[int, ...], dtype: np.dtype) -> Records:
    """Zeroed record array whose fields are attributes."""
    return np.zeros(shape, dtype=dtype).view(np.recarray)
