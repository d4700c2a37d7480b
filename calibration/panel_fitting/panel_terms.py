"""What each contributor faced in every half year of the panel: who was asked, what spoke for coming
or staying, and what it did.

A world is begun in a month of the panel as it was then, with every state deciding from the month
after.  All are asked whatever is open there, and all terms end at once, so that the rules write
down their own terms for every state that could come and every one that could leave.  Terms are
those of the model, before they are weighed; what was done comes from the panel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.core import parameter_index as P
from model.core import parameter_values, records, utility_terms
from model.core.rng import key
from model.engine import month_steps
from model.engine.run_arrays import Trace, allocate
from model.months import month_number, month_text
from model.rules import force_generation
from model.settings import Settings
from model.vocabulary import GROUP_UN, KINDS, POLICE, STAFF, STUDIED
from model.world.build import Atlas, build

from ..evidence import observations
from ..evidence.observations import DYADS_FIRST, PANEL_LAST
from ..fitting.panel_pairs import CLASSES, people_by_class

STEP = 6  # months from one half year to the next: the usual term, and the interval of rounds
ASKED = 30.0  # log odds at which every capital is asked
APPROACHES = ("unit", "officer", "staff", "police")
STANDING = ("capability", "record", "region", "presence", "need")


@dataclass(frozen=True)
class PanelTerms:
    """Half years of states and missions, in line.

    Attributes:
        state, mission, window: names of the state and of the line of missions, and the month of the
            panel at which the half year begins, [N].
        stays: whether the state had people of the class there (else it could come), [N].
        done: whether it had them half a year later, [N].
        kind: place in ``CLASSES``, [N].  approach: place in ``APPROACHES``, [N].
        standing: what askers look at, [N, ``STANDING``].
        terms: terms of the utility before they are weighed, [N, terms].
        left: share of the mission's strength that is left half a year later, 0..1, [N].
        dyad: number of the state with the line of missions, [N].
    """

    state: np.ndarray
    mission: np.ndarray
    window: np.ndarray
    stays: np.ndarray
    done: np.ndarray
    kind: np.ndarray
    approach: np.ndarray
    standing: np.ndarray
    terms: np.ndarray
    left: np.ndarray
    dyad: np.ndarray

    def kept(self, mask: np.ndarray) -> PanelTerms:
        """Some of the rows, their dyads numbered again."""
        rows = {name: value[mask] for name, value in vars(self).items()}
        rows["dyad"] = np.unique(rows["dyad"], return_inverse=True)[1]
        return PanelTerms(**rows)


def half_years(until: str) -> list[int]:
    """Months of the panel from which half a year can be followed to ``until``."""
    last = min(month_number(until, "--until"), PANEL_LAST)
    return list(range(DYADS_FIRST, last - STEP + 1, STEP))


def panel_terms(
    until: str, tell: Callable[[int, int], None] = lambda done, total: None
) -> PanelTerms:
    """All half years of the panel to a month; Japan and Korea, who have a likelihood of their own,
    are left out.

    Raises:
        InputError: ``until`` is no month.
    """
    months = half_years(until)
    parts = []
    for number, month in enumerate(months):
        parts.append(_faced(month))
        tell(number + 1, len(months))
    frame = pd.concat(parts, ignore_index=True)
    pairs = frame["state"] + " " + frame["mission"]
    columns = {name: frame[name].to_numpy() for name in ("state", "mission", "window")}
    columns |= {name: frame[name].to_numpy(dtype=bool) for name in ("stays", "done")}
    columns |= {name: frame[name].to_numpy(dtype=int) for name in ("kind", "approach")}
    columns |= {"left": frame["left"].to_numpy(dtype=float)}
    columns |= {"standing": frame[list(STANDING)].to_numpy(dtype=float)}
    columns |= {"terms": frame[[f"term_{name}" for name in utility_terms.NAMES]].to_numpy()}
    return PanelTerms(**columns, dyad=np.unique(pairs, return_inverse=True)[1])


def _world(month: int) -> Atlas:
    """The world as it stood, in which every state decides from the month after, and every term ends
    in the month after that."""
    atlas = build(
        Settings(
            start=month_text(month + 1),
            end=month_text(month + STEP),
            deliberating=("all",),
            afterwards="deliberate",
            point=True,
        )
    )
    initial = atlas.arrays.initial.copy()
    initial["term"] = month + 2
    none = atlas.arrays.asks[:0]
    begins = np.zeros_like(atlas.arrays.asks_from)
    arrays = atlas.arrays._replace(initial=initial, asks=none, asks_from=begins)
    return Atlas(**{**vars(atlas), "arrays": arrays})


def _row(atlas: Atlas) -> np.ndarray:
    """Numbers of the run: every capital is asked, and every weight is one where terms are read."""
    row = atlas.parameters.copy()
    for number, column in enumerate(atlas.columns):
        if column.name.startswith("approach_") and column.shared.split("_")[1] in APPROACHES:
            row[number] = 0.0 if column.state else ASKED
    return row


def _faced(month: int) -> pd.DataFrame:
    """The rows of one half year."""
    atlas = _world(month)
    world = atlas.arrays
    run = allocate(atlas, Trace(states=()))
    month_steps.reset(world, run, key(1, 0), _row(atlas))
    for then in range(int(world.span[0]), month + 1):
        for state in world.actors:
            month_steps.live(world, run, then, state)
    was = people_by_class(atlas, month)
    then = people_by_class(atlas, month + STEP)
    rows = []
    first, second = month + 1, month + 2
    month_steps.begin(world, run, first)
    needs = _needs(run)
    present = run.people_here.copy()
    parameters = run.parameters.copy()
    for state in world.actors:
        month_steps.deliberate(world, run, first, state)
    coming = _decisions(run, 0)
    run.counts[records.OFFERS] = 0
    run.counts[records.REQUESTS] = 0
    before = int(run.counts[records.DECISIONS])
    for state in world.actors:
        month_steps.part(world, run, second, state, month_steps.REVIEW, -1, -1)
    staying = _decisions(run, before)
    experience = observations.experience(atlas, month)
    capability = world.state_months[month]["capability"]
    un = world.groups[world.missions["framework"]] == GROUP_UN
    missions, roots = world.missions, world.missions["root"]
    class_of = {KINDS.index(kind): n for n, kinds in enumerate(CLASSES.values()) for kind in kinds}
    seen: dict[tuple[int, int, int, bool], tuple[float, dict]] = {}
    for decision, terms, stays in [
        *((*one, False) for one in coming),
        *((*one, True) for one in staying),
    ]:
        state, mission, kind = (int(decision[name]) for name in ("state", "mission", "kind"))
        number = class_of.get(kind)
        if number is None or not un[mission] or missions[mission]["end"] < month + STEP:
            continue
        if atlas.states[state] in STUDIED or missions[mission]["host"] == state:
            continue
        if (was[state, mission, number] > 0) != stays:
            continue
        need = float(needs.get((mission, kind), (0.0, 0))[0])
        reason = needs.get((mission, kind), (0.0, 0))[1]
        place = (state, int(roots[mission]), number, stays)
        if place in seen and seen[place][0] >= need:
            continue
        young = (
            reason != force_generation.VACANCY
            or first - missions[mission]["start"] < parameters[state, P.BUILD_UP]
        )
        usual = float(world.kinds[kind]["typical"])
        weights = parameters[state, : utility_terms.COUNT]
        plain = np.divide(
            terms[: utility_terms.COUNT],
            weights,
            out=np.zeros(utility_terms.COUNT),
            where=weights != 0,
        )
        asked = world.mission_months["asked"][:, mission]
        cell = {
            "state": atlas.states[state],
            "mission": atlas.missions[int(roots[mission])],
            "window": month,
            "stays": stays,
            "done": then[state, mission, number] > 0,
            "kind": number,
            "approach": APPROACHES.index(_approach(kind, bool(world.kinds[kind]["formed"]))),
            "capability": capability[state],
            "record": experience[state],
            "region": float(world.states[state]["region"] == missions[mission]["region"]),
            "presence": float(present[state, mission] > 0),
            "need": max(0.0, np.log(max(1.0, need / usual))) if young else 0.0,
            "left": 1.0 - max(0.0, 1.0 - asked[month + STEP] / max(asked[month], 1.0))
            if world.kinds[kind]["formed"]
            else 1.0,
        }
        cell |= {f"term_{name}": plain[place_] for place_, name in enumerate(utility_terms.NAMES)}
        seen[place] = (need, cell)
    return pd.DataFrame([cell for _, cell in seen.values()])


def _approach(kind: int, formed: bool) -> str:
    """Whose rate of being asked holds for a kind."""
    if kind == POLICE:
        return "police"
    if formed:
        return "unit"
    return "staff" if kind == STAFF else "officer"


def _needs(run: records.Run) -> dict[tuple[int, int], tuple[float, int]]:
    """People asked for and the reason of each round of the month, by mission and kind."""
    rows = run.requests[: int(run.counts[records.REQUESTS])]
    return {
        (int(row["mission"]), int(row["kind"])): (float(row["people"]), int(row["reason"]))
        for row in rows
        if row["state"] < 0
    }


def _decisions(run: records.Run, begin: int) -> list[tuple[np.void, np.ndarray]]:
    """Decisions written down from a number on, with their weighed terms."""
    end = int(run.counts[records.DECISIONS])
    rows = run.decisions[begin:end].copy()
    return list(zip(rows, run.decision_terms[begin:end].copy(), strict=True))
