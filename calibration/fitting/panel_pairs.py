"""Pairs of contributor and mission a year apart, with the usual covariates on the model's scale.

Every contributor is observed mission by mission from November 2009 on; no cell estimated from
margins enters, save in how long a state has been known as a contributor.
"""

import numpy as np
import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from model.settings import Settings
from model.vocabulary import GROUP_UN, KINDS, OFFICERS, POLICE_KINDS, UNITS
from model.world import recorded_contributions
from model.world.build import Atlas, build

from ..evidence import observations
from ..evidence.observations import CATEGORIES, DYADS_FIRST, PANEL_LAST

CLASSES = {
    "unit": tuple(kind for kind in UNITS if kind != "naval"),
    "officer": OFFICERS,
    "police": POLICE_KINDS,
}
YEAR = 12
HABIT = "habit_decay"
USUAL_DECAY = 0.02  # a month, where the model has no habit of its own


def _transitions(until: int) -> list[tuple[int, int]]:
    """Pairs of months a year apart, the last one not after ``until``."""
    last = min(until, PANEL_LAST)
    ends = range(last, DYADS_FIRST + YEAR - 1, -YEAR)
    return [(end - YEAR, end) for end in ends]


def _habit(atlas: Atlas, month: int) -> np.ndarray:
    """Logarithm of one plus people of each class abroad of late, float64[states, classes]."""
    names = [column.name for column in atlas.columns]
    decay = float(atlas.parameters[names.index(HABIT)]) if HABIT in names else USUAL_DECAY
    frame = recorded_contributions.spells()
    frame = frame[frame["state"].isin(atlas.states)]
    out = np.zeros((len(atlas.states), len(CLASSES)))
    for number, kinds in enumerate(CLASSES.values()):
        own = frame[frame["kind"].isin(kinds)]
        rows = np.array([atlas.state_row(code) for code in own["state"]], dtype=int)
        people = recorded_contributions.accumulate(
            (month + 1, len(atlas.states)),
            own["first"].to_numpy(),
            own["last"].to_numpy(),
            (rows,),
            own["people"].to_numpy(dtype=float),
        )
        for t in range(month + 1):
            out[:, number] += decay * (people[t] - out[:, number])
    return np.asarray(np.log1p(out))


def people_by_class(atlas: Atlas, month: int) -> np.ndarray:
    """People by state, mission and class, float64[states, missions, classes]."""
    frame = recorded_contributions.spells()
    frame = frame[(frame["first"] <= month) & (frame["last"] >= month)]
    frame = frame[frame["category"].isin(CATEGORIES)]
    out = np.zeros((len(atlas.states), len(atlas.missions), len(CLASSES)))
    class_of = {kind: n for n, kinds in enumerate(CLASSES.values()) for kind in kinds}
    frame = frame[frame["kind"].isin(class_of) & frame["state"].isin(atlas.states)]
    state = np.array([atlas.state_row(code) for code in frame["state"]], dtype=int)
    mission = np.array([atlas.mission_row(name) for name in frame["mission"]], dtype=int)
    kind = np.array([class_of[name] for name in frame["kind"]], dtype=int)
    np.add.at(out, (state, mission, kind), frame["people"].to_numpy(dtype=float))
    return out


def pairs(until: str) -> pd.DataFrame:
    """A row a state, UN mission that stands, class and year: people before and after, covariates.

    Raises:
        InputError: ``until`` leaves no year of state-by-mission data.
    """
    spans = _transitions(month_number(until, "--until"))
    if not spans:
        raise InputError(
            f"--until {until} is too early; contributors are observed mission by mission from "
            f"{month_text(DYADS_FIRST)}, and a year is needed"
        )
    atlas = build(
        Settings(end=month_text(spans[0][1]), deliberating=(), afterwards="deliberate", point=True)
    )
    world = atlas.arrays
    un = world.groups[world.missions["framework"]] == GROUP_UN
    parts = []
    for before, after in spans:
        was, then = people_by_class(atlas, before), people_by_class(atlas, after)
        stands = un & (was.sum(axis=(0, 2)) > 0) & (then.sum(axis=(0, 2)) > 0)
        home = world.state_months[before]
        record, habit = observations.experience(atlas, before), _habit(atlas, before)
        exists = (world.states["since"] <= before) & (world.states["until"] >= after)
        cells = exists[:, None, None] & stands[None, :, None] & np.ones(len(CLASSES), dtype=bool)
        s, m, c = np.nonzero(cells)
        asked = np.stack(
            [
                world.asked[after][:, [KINDS.index(kind) for kind in kinds]].sum(axis=1)
                for kinds in CLASSES.values()
            ],
            axis=1,
        )
        others = was.sum(axis=2)[s, m] - was[s, m, c]
        parts.append(
            pd.DataFrame(
                {
                    "state": np.array(atlas.states)[s],
                    "mission": np.array(atlas.missions)[m],
                    "class": np.array(list(CLASSES))[c],
                    "month": month_text(after),
                    "was": was[s, m, c],
                    "then": then[s, m, c],
                    "asked": np.log1p(asked[m, c]),
                    "region": (world.states["region"][s] == world.missions["region"][m]) * 1.0,
                    "presence": (others > 0) * 1.0,
                    "capability": home["capability"][s],
                    "wealth": home["wealth"][s],
                    "record": record[s],
                    "habit": habit[s, c],
                    "host": world.missions["host"][m] == s,
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    return frame[~frame["host"]].drop(columns="host").reset_index(drop=True)
