"""The terms of every alternative of every documented decision, as arrays for the likelihood.

The model lays out the menu of an ask, and weighs an extension, in the documented situation of the
month, with every weight at one: what it writes down are the terms themselves.  What the model draws
by chance (how a cabinet reads a conflict, what a survey finds) differs between the runs of a
decision.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from model.core import records, utility_terms
from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import month_text
from model.rules import capacity
from model.vocabulary import (
    FORMED,
    FRAMEWORK_GROUPS,
    KINDS,
    MODE_DISASTER,
    NESTS,
    OFFICERS,
    POLICE_KINDS,
    SERVICE_OF,
    STUDIED,
)
from model.world.build import Atlas

from ..documented_decisions.decision_chances import WAIT, situation
from ..documented_decisions.decision_evidence import Decision, answers, exits, extensions

RUNS = 4  # runs for each ask
SEED = 1
OUTSIDE = ("mission_end", "host_ends", "law_lapse", "lost_majority", "term", "")
ZERO = (
    "unit_intercept", "officer_intercept", "police_intercept", "coalition_intercept",
    "relief_intercept", "helicopter_intercept", "air_intercept", "sea_intercept",
    "medical_intercept", "extension_individual", "staying_power",
)  # fmt: skip
OUTCOMES = ("whole", "smaller", "officers", "own_operation")
OPEN = ("nothing", "choice")  # what stops an alternative that the state itself may choose
SIZES = ("same", "cut", "raise")
NOTHING = -1
CLASSES = (
    "unit", "officer", "police", "coalition", "relief", "helicopter", "air", "sea", "medical"
)  # fmt: skip


@dataclass(frozen=True)
class Asks:
    """Asks with their menus.  N asks, R runs, A alternatives.

    Attributes:
        made: the decisions, in order.
        terms: float64[N, R, A, terms].
        classes: float64[N, A, CLASSES], 1 where an alternative belongs to the class.
        open: bool[N, R, A]: neither law nor people nor vote shuts it.
        nest: int64[N, A], -1 where there is no alternative.
        outcome: int64[N, A], place in ``OUTCOMES`` of what an alternative amounts to, wherever it
            would be.
        done: int64[N], place in ``OUTCOMES`` of what was done; ``NOTHING`` where nothing was sent.
        grade: int64[N].  interest: float64[N].  state: int64[N], place in ``STUDIED``.
    """

    made: tuple[Decision, ...]
    terms: np.ndarray
    classes: np.ndarray
    open: np.ndarray
    nest: np.ndarray
    outcome: np.ndarray
    done: np.ndarray
    grade: np.ndarray
    interest: np.ndarray
    state: np.ndarray


@dataclass(frozen=True)
class Terms:
    """Ends of terms of presences.  P points.

    Attributes:
        made: the decisions, in order.
        terms: float64[P, terms].
        individual: float64[P], 1 for officers.
        load: float64[P], congestion of the service beside the presence, whether or not there is an
            occasion to leave.
        stays: bool[P].  state: int64[P].
        presence: int64[P], number of the presence that the point belongs to.
        size: int64[P], place in ``SIZES``; ``NOTHING`` where unknown or no extension.
        change: float64[P], of the size on the log scale, without its sign.
    """

    made: tuple[Decision, ...]
    terms: np.ndarray
    individual: np.ndarray
    load: np.ndarray
    stays: np.ndarray
    state: np.ndarray
    presence: np.ndarray
    size: np.ndarray
    change: np.ndarray


Tell = Callable[[int, int], None]


def quiet(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def unit_rows(atlas: Atlas, runs: int) -> np.ndarray:
    """Parameters with every weight at one and every level at nought, float64[runs, columns]."""
    row = atlas.parameters.copy()
    for place, column in enumerate(atlas.columns):
        if column.shared.startswith("weight_"):
            row[place] = 0.0 if column.state else 1.0
        elif column.shared in ZERO:
            row[place] = 0.0
        elif column.shared in ("extension", "renewal_risk", "officers_value"):
            row[place] = 0.0 if column.state else 1.0
    return np.repeat(row[None, :], runs, axis=0)


def asks(tell: Tell = quiet) -> Asks:
    """Every documented answer to an ask, with its menu."""
    made = [one for one in answers() if one.modelled]
    menus: list[tuple[Decision, list[pd.DataFrame], records.Records]] = []
    ordered = sorted(made, key=lambda one: (one.month, one.id))
    for month, part in groupby(ordered, key=lambda one: one.month):
        for kept in apart(list(part)):
            menus += _menus(month, kept)
            tell(len(menus), len(ordered))
    return _as_asks([menu for menu in menus if menu[1]])


def apart(part: Sequence[Decision]) -> Iterator[list[Decision]]:
    """Asks of one month so that no state is asked twice for the same mission and kind at once."""
    left = list(part)
    while left:
        seen: set[tuple[str, str, str]] = set()
        now: list[Decision] = []
        later: list[Decision] = []
        for one in left:
            key = (one.state, one.mission, one.modelled[0])
            (later if key in seen else now).append(one)
            seen.add(key)
        yield now
        left = later


def _menus(
    month: int, put: list[Decision]
) -> Iterator[tuple[Decision, list[pd.DataFrame], records.Records]]:
    atlas = situation(month, month + WAIT, put)
    trace = Trace(states=STUDIED, runs=tuple(range(RUNS)))
    rows = unit_rows(atlas, RUNS)
    chunks = list(ensemble.simulate(atlas, range(RUNS), SEED, rows, threads=1, trace=trace))
    decided = pd.concat([chunk.decisions() for chunk in chunks], ignore_index=True)
    menus = pd.concat([chunk.menus() for chunk in chunks], ignore_index=True)
    known = {name: row for row, name in enumerate(atlas.asks)}
    for one in put:
        found = []
        own = decided[decided["request"] == one.request] if len(decided) else decided
        for run in own["run"].unique() if len(own) else ():
            numbers = own.loc[own["run"] == run, "number"]
            here = menus[(menus["run"] == run) & menus["number"].isin(numbers)]
            found.append(_answered(here))
        yield one, found, atlas.arrays.asks[known[one.request]]


def _answered(menu: pd.DataFrame) -> pd.DataFrame:
    """The menu that was answered: where the law shut all of the first, that of the month after, in
    which a new law may hold."""
    numbers = menu["number"].unique()
    shut = ~menu["stopped_by"].isin(OPEN)
    open_ones = [number for number in numbers if not shut[menu["number"] == number].all()]
    return menu[menu["number"] == (open_ones or list(numbers))[0]]


def _as_asks(menus: list[tuple[Decision, list[pd.DataFrame], records.Records]]) -> Asks:
    most = max(len(frame) for _, frames, _ in menus for frame in frames)
    count = len(menus)
    shape = (count, RUNS, most)
    terms = np.zeros((*shape, utility_terms.COUNT))
    is_open = np.zeros(shape, dtype=bool)
    nest = np.full((count, most), -1)
    classes = np.zeros((count, most, len(CLASSES)))
    outcome = np.full((count, most), NOTHING)
    columns = [f"term_{name}" for name in utility_terms.NAMES]
    for n, (_, frames, ask) in enumerate(menus):
        for r in range(RUNS):
            frame = frames[min(r, len(frames) - 1)]
            terms[n, r, : len(frame)] = frame[columns].to_numpy()
            is_open[n, r, : len(frame)] = frame["stopped_by"].isin(OPEN)
        first = frames[0]
        nest[n, : len(first)] = [NESTS.index(name) for name in first["nest"]]
        whole = int(first["people"].iloc[0])
        for a, row in enumerate(first.to_dict("records")):
            classes[n, a] = _classes(row, int(ask["crisis"]))
            outcome[n, a] = _outcome(row, whole)
    return Asks(
        made=tuple(one for one, _, _ in menus),
        terms=terms, classes=classes, open=is_open, nest=nest, outcome=outcome,
        done=np.array([
            _done(one, outcome[n]) for n, (one, _, _) in enumerate(menus)
        ]),
        grade=np.array([int(ask["grade"]) for _, _, ask in menus]),
        interest=np.array([float(ask["interest"]) for _, _, ask in menus]),
        state=np.array([STUDIED.index(one.state) for one, _, _ in menus]),
    )  # fmt: skip


def _classes(row: Mapping[Any, Any], mode: int) -> np.ndarray:
    group = FRAMEWORK_GROUPS[row["framework"]]
    kind = row["kind"]
    unit = kind in FORMED
    named = {
        "unit": unit, "police": kind in POLICE_KINDS and not unit,
        "officer": not unit and kind not in POLICE_KINDS,
        "coalition": group == "coalition", "relief": group == "other" or mode == MODE_DISASTER,
    }  # fmt: skip
    for service in ("helicopter", "air", "sea", "medical"):
        named[service] = SERVICE_OF[kind] == service
    return np.array([float(named[name]) for name in CLASSES])


def _outcome(row: Mapping[Any, Any], whole: int) -> int:
    """What an alternative amounts to."""
    if row["nest"] != "as_asked":
        return OUTCOMES.index(row["nest"])
    return OUTCOMES.index("smaller" if row["people"] < whole else "whole")


def _done(one: Decision, on_menu: np.ndarray) -> int:
    """What was done, of what was on the menu."""
    if one.done == "sent":
        smaller = OUTCOMES.index("smaller")
        return smaller if one.answer == "smaller" and smaller in on_menu else 0
    names = {"cheaper": "officers", "substitute": "own_operation"}
    found = OUTCOMES.index(names[one.answer]) if one.answer in names else NOTHING
    return found if found in on_menu else NOTHING


def terms(tell: Tell = quiet) -> Terms:
    """Every documented end of a term, and every exit that a state chose."""
    ended = [one for one in exits() if one.event == "stay" or one.trigger not in OUTSIDE]
    gone = {(one.state, one.mission, one.month) for one in ended if one.done == "leaves"}
    kept = [
        one for one in extensions(implied=True)
        if (one.state, one.mission, one.month) not in gone and one.done == "stays"
    ]  # fmt: skip
    made = sorted([*kept, *ended], key=lambda one: (one.month, one.id))
    rows: list[End] = []
    for month, part in groupby(made, key=lambda one: one.month):
        rows += _ends(month, list(part))
        tell(len(rows), len(made))
    decided = [row.made for row in rows]
    presences = sorted({(one.state, one.mission) for one in decided})
    return Terms(
        made=tuple(decided),
        terms=np.array([row.terms for row in rows]),
        individual=np.array([row.individual for row in rows]),
        load=np.array([row.load for row in rows]),
        stays=np.array([one.done == "stays" for one in decided]),
        state=np.array([STUDIED.index(one.state) for one in decided]),
        presence=np.array([presences.index((one.state, one.mission)) for one in decided]),
        size=np.array([_size(one) for one in decided]),
        change=np.array([_change(one) for one in decided]),
    )


class End(NamedTuple):
    """One end of a term, as a row of ``Terms``."""

    made: Decision
    terms: np.ndarray
    individual: float
    load: float


def _change(one: Decision) -> float:
    """By how much an extension changed the size, on the log scale, without its sign."""
    return abs(math.log(one.size / one.asked)) if one.size and _size(one) > 0 else 0.0


def _size(one: Decision) -> int:
    """What an extension did to the size; dated ones alone would tell of too many changes."""
    return SIZES.index(one.resized) if one.resized else NOTHING


def _ends(month: int, made: list[Decision]) -> Iterator[End]:
    """The terms of staying in a month, of the largest contingent of the presence."""
    atlas = situation(month - 1, month, [])
    initial = atlas.arrays.initial.copy()
    initial["term"] = month
    atlas = replace(atlas, arrays=atlas.arrays._replace(initial=initial))
    trace = Trace(states=STUDIED, runs=(0,))
    chunk = next(ensemble.simulate(atlas, [0], SEED, unit_rows(atlas, 1), threads=1, trace=trace))
    decided = chunk.decisions()
    if decided.empty:
        return
    decided = decided[(decided["reason"] == "renewal") & (decided["month"] == month_text(month))]
    roots = dict(zip(atlas.missions, atlas.arrays.missions["root"].tolist(), strict=True))
    columns = [f"term_{name}" for name in utility_terms.NAMES]
    for one in made:
        own = decided[
            (decided["state"] == one.state)
            & (decided["mission"].map(roots) == roots.get(one.mission, -1))
        ]
        if "all" not in one.kinds:
            own = own[own["kind"].isin(one.modelled)]
        if own.empty:
            continue
        row = own.sort_values("asked").iloc[-1]
        x = row[columns].to_numpy(dtype=float)
        x[utility_terms.INTERCEPT] = 0.0
        yield End(one, x, float(row["kind"] in (*OFFICERS, "police")), _load(atlas, row))


def _load(atlas: Atlas, row: Mapping[Any, Any]) -> float:
    """Congestion of the service beside a presence, from what was traced of its extension."""
    p = dict(zip((column.name for column in atlas.columns), atlas.parameters, strict=True))
    own = atlas.arrays.kinds["load"][KINDS.index(row["kind"])] * capacity.slot_load(
        float(row["asked"]), p["load_small"], p["load_large"]
    )
    if own <= 0.0:
        return 0.0
    return float(
        capacity.congestion_of_staying(row["used"], own, row["comfort"], p["congestion_power"])
    )
