"""A forecast: the ensemble from an origin on, with everything dated later taken away.

What stays known is declared in ``GIVEN``: the calendar of missions, with mandate, conditions
and strength of each at its start, and nothing of what came of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from model.engine import ensemble
from model.engine.run_arrays import NO_TRACE
from model.errors import InputError
from model.months import NEVER, month_number, month_text
from model.settings import Event, Settings
from model.vocabulary import GROUP_UN, KINDS, STUDIED
from model.world import build, legal_regimes
from model.world.build import Atlas

from . import observations
from .observations import Year

GIVEN = {
    "calendar": "dates, host, mandate, first strength and first conditions of missions",
    "nothing": "nothing: missions of the origin go on, and no new one comes",
}
FIRST_STRENGTH_MONTHS = 6  # a ceiling set within so many months of the start counts as the first


@dataclass(frozen=True)
class Forecast:
    """What an ensemble says of the years after its origin.

    Attributes:
        origin: last known month (number).
        years: the years scored, each of twelve months after the origin.
        states, missions: names in the order of the axes.
        people: float64[runs, states, years], mean uniformed people in UN missions over the months
            of the year.
        present: float64[states, missions, years], share of runs with people in a mission at the
            end of the year.
        cells: float32[runs, states, missions, 3], people in the last month scored, by category.
    """

    origin: int
    years: tuple[Year, ...]
    states: tuple[str, ...]
    missions: tuple[str, ...]
    people: np.ndarray
    present: np.ndarray
    cells: np.ndarray

    @property
    def last(self) -> np.ndarray:
        """People in the last month scored, float32[runs, states, missions]."""
        return self.cells.sum(axis=3)


def known_at(
    origin: int, until: int, given: str = "calendar", settings: Settings | None = None
) -> Atlas:
    """The world as known at the end of ``origin``, in which all states decide from the next month.

    Law, covariates, politics and conditions stay as they are in that month; crises at home and
    debates about reform are over; requests not yet made are not there.
    """
    base = settings or Settings()
    frame = legal_regimes.instruments()
    frame = frame[(frame["in_force"] == "") | (frame["in_force"] <= month_text(origin))]
    atlas = build.build(
        Settings(
            start=month_text(origin + 1),
            end=month_text(until),
            deliberating=("all",),
            afterwards="deliberate",
            overrides=base.overrides,
            point=True,
            events=(Event("law", {"instruments": frame}), *base.events),
            reported=base.reported,
        )
    )
    arrays = atlas.arrays
    later = slice(origin + 1, None)
    for rows in (arrays.state_months, arrays.politics, arrays.mission_months):
        trend = rows["trend"].copy() if "trend" in (rows.dtype.names or ()) else None
        rows[later] = rows[origin]
        if trend is not None:
            rows["trend"] = trend
            rows["crisis"][later] = 0.0
            rows["recorded_people"][later] = 0.0
            rows["recorded_units"][later] = 0.0
    arrays.mission_months["recorded"][later] = 0.0
    arrays.mission_months["recorded_ideal"][later] = 0.0
    arrays.salience[later] = 0.0
    documented = arrays.documented.copy()
    documented["since"][documented["since"] > origin] = NEVER
    asked = arrays.asked.copy()
    missions = arrays.missions
    whole = None
    if given == "calendar":
        whole = build.build(replace(base, point=True, end=month_text(until))).arrays
    for number in range(missions.size):
        row = missions[number]
        if row.start <= origin:
            asked[later, number] = asked[origin, number]
            if whole is None:
                row.end = max(row.end, NEVER) if row.end > origin else row.end
        elif whole is None:
            asked[later, number] = 0
            row.start = NEVER
        else:
            begun = min(row.start + FIRST_STRENGTH_MONTHS, len(asked))
            first = asked[row.start : begun, number].max(axis=0)
            asked[later, number] = 0
            asked[row.start : row.end + 1, number] = first
            arrays.mission_months[row.start :, number] = whole.mission_months[row.start, number]
            for name in (
                "recorded",
                "recorded_ideal",
                "hostile",
                "accident",
                "asked",
                "asked_peak",
            ):
                arrays.mission_months[name][later, number] = 0.0
        if row.end < NEVER:
            asked[row.end + 1 :, number] = 0
    by_category = np.zeros_like(arrays.asked_by_category)
    for kind in range(len(KINDS)):
        by_category[:, :, arrays.kinds[kind].category] += asked[:, :, kind]
    arrays.filled[later] = 0.0
    arrays = arrays._replace(
        documented=documented,
        asks=arrays.asks[arrays.asks["month"] <= origin + 1],
        asked=asked,
        asked_by_category=by_category,
    )
    return Atlas(**{**vars(atlas), "arrays": build.derived(arrays)})


def asked_in_rounds(atlas: Atlas, runs: int, parameters: np.ndarray | None) -> np.ndarray:
    """Rows of numbers in which rounds reach Japan and Korea for units as they reach others.

    In the documented world their units are asked for by name, and rounds pass them by; of requests
    by name a forecast knows nothing.  What their own weights of forces and record, which stand for
    officers, add at the origin is taken off again for units.
    """
    rows = np.repeat(atlas.parameters[None, :], runs, axis=0) if parameters is None else parameters
    rows = rows.copy()
    place = {column.name: number for number, column in enumerate(atlas.columns)}
    origin = int(atlas.arrays.span[1]) - 1
    capability = atlas.arrays.state_months["capability"][origin]
    record = observations.experience(atlas, origin)
    for code in STUDIED:
        state = atlas.state_row(code)
        own = rows[:, place[f"approach_capability.{code}"]] * capability[state]
        own += rows[:, place[f"approach_record.{code}"]] * record[state]
        rows[:, place[f"approach_unit.{code}"]] = -own
    return rows


def forecast(
    atlas: Atlas,
    runs: int,
    seed: int,
    years: tuple[Year, ...],
    states: tuple[str, ...],
    parameters: np.ndarray | None = None,
    threads: int | None = 1,
) -> Forecast:
    """Run the ensemble of a world that begins at its origin.

    Args:
        parameters: float64[runs, columns]; the centre for every run when not given.
    """
    origin = int(atlas.arrays.span[1]) - 1
    rows = np.array([atlas.state_row(code) for code in states])
    place = np.full(len(atlas.states), -1)
    place[rows] = np.arange(len(rows))
    people = np.zeros((runs, len(states), len(years)))
    present = np.zeros((len(states), len(atlas.missions), len(years)))
    category = atlas.arrays.kinds["category"]
    uniformed = category < len(observations.CATEGORIES)
    shape = (runs, *present.shape[:2], len(observations.CATEGORIES))
    final = np.zeros(shape, dtype=np.float32)
    rows_run = asked_in_rounds(atlas, runs, parameters)
    chunks = ensemble.simulate(
        atlas, range(runs), seed, parameters=rows_run, threads=threads, trace=NO_TRACE
    )
    for ledger in (ledger for chunk in chunks for ledger in chunk.ledgers):
        d = ledger.deployments
        d = d[(atlas.arrays.groups[d["framework"]] == GROUP_UN) & uniformed[d["kind"]]]
        d = d[place[d["state"]] >= 0]
        where = place[d["state"]]
        ends = np.where(d["leaves"] > 0, d["leaves"], NEVER)
        for number, (_, first, last) in enumerate(years):
            overlap = np.minimum(ends, last + 1) - np.maximum(d["arrives"], first)
            weight = d["people"] * np.maximum(overlap, 0) / (last - first + 1)
            people[ledger.run, :, number] = np.bincount(where, weight, len(states))
            here = (d["arrives"] <= last) & (ends > last)
            cell = np.zeros(present.shape[:2], dtype=bool)
            cell[where[here], d["mission"][here]] = True
            present[:, :, number] += cell
        cells = (where[here], d["mission"][here], category[d["kind"][here]])
        np.add.at(final[ledger.run], cells, d["people"][here])
    return Forecast(origin, years, states, atlas.missions, people, present / runs, final)


def of(
    origin: str,
    until: str,
    runs: int,
    seed: int,
    given: str = "calendar",
    rows: Callable[[Atlas], np.ndarray] | None = None,
    settings: Settings | None = None,
) -> Forecast:
    """The forecast from a month on, by text; ``rows`` gives the parameters of its runs.

    Raises:
        InputError: a month or ``given`` is not valid, or no whole year lies between the months.
    """
    if given not in GIVEN:
        raise InputError(f"--given {given!r} is not valid; valid are {', '.join(GIVEN)}")
    first, last = month_number(origin, "--origin"), month_number(until, "--until")
    years = observations.years_after(first, last)
    atlas = known_at(first, last, given, settings)
    numbers = None if rows is None else rows(atlas)
    return forecast(atlas, runs, seed, years, observations.contributors(first), numbers)
