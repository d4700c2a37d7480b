"""The adapter between a scenario and the engine: everything this package knows of ``model``'s run.

A scenario becomes ``model.settings.Settings``; the chunks of the ensemble become tables with the
scenario's name in the first column.  Changes of law are folded here into one event of type ``law``,
whose value ``instruments`` is the whole table of provisions.  Nothing else imports the engine.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import model
from model.errors import InputError
from model.months import month_text
from model.settings import Event, Settings
from model.vocabulary import GROUPS, STUDIED

from ..definition import law_table, lookup
from ..file_format.scenario_events import CloseCentre, OpenCentre
from ..file_format.schema import Scenario
from .run_options import Engine

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from model.engine.run_arrays import Trace
    from model.engine.run_output import Chunk
    from model.world.build import Atlas

Agents = type | Mapping[str, type] | None  # of which class states are under Mesa
COMPILING_NOTICE = "Compiling the rules, once for this version; this takes a minute or two."


@dataclass(frozen=True)
class Frames:
    """Tables of one chunk of runs; columns as in ``COLUMNS`` (decisions have their own), their text
    in categories where the engine made it so.

    A table is made each time it is asked for, from what the runs left behind: a tenth of its size.
    """

    runs: int
    make: Mapping[str, Callable[[], pd.DataFrame]]


AT_ONCE = 10  # runs whose long tables are in memory together
MOST_RUNS_OF_ALL = 50  # with every state deciding, the totals of all are kept for so many runs


def reported_states(scenario: Scenario) -> tuple[str, ...]:
    """States whose people and stocks the tables hold."""
    states = scenario.deliberating
    return STUDIED if states == "all" else tuple(states)


def settings_of(scenario: Scenario, reported: tuple[str, ...] = ()) -> Settings:
    """The engine's settings for a scenario; ``reported`` blank: the deliberating states."""
    states = scenario.deliberating
    return Settings(
        start=scenario.period.start,
        end=scenario.period.end,
        deliberating=("all",) if states == "all" else tuple(states),
        afterwards=scenario.afterwards,
        overrides=dict(scenario.levers | scenario.uncertainties),
        events=tuple(Event(kind, values) for kind, values in _events(scenario)),
        reported=reported or reported_states(scenario),
        reform=scenario.reform,
        point=scenario.point,
        terms=scenario.terms,
    )


def _events(scenario: Scenario) -> list[tuple[str, dict[str, Any]]]:
    """Type and values of every event; those of law are one, and first."""
    found: list[tuple[str, dict[str, Any]]] = []
    if any(law_table.is_law(event) for event in scenario.events):
        found.append(("law", {"instruments": law_table.table(scenario.events)}))
    for event in scenario.events:
        if not law_table.is_law(event):
            values = event.model_dump(exclude={"type"})
            if isinstance(event, CloseCentre):
                values["staff_per_year"] = _staff(event, scenario)
            found.append((event.type_name(), values))
    return found


def _staff(closed: CloseCentre, scenario: Scenario) -> float:
    """Staff a year that a closing centre no longer trains."""
    opened = [event for event in scenario.events if isinstance(event, OpenCentre)]
    same = [e for e in opened if (e.state, e.centre) == (closed.state, closed.centre)]
    if same:
        return same[0].staff_per_year
    key = (closed.state, closed.centre)
    rows = [row for row in lookup.centres() if (row["state"], row["centre"]) == key]
    return sum(float(row["staff_per_year"] or 0) for row in rows)


def world_of(scenario: Scenario, reported: tuple[str, ...] = ()) -> Atlas:
    """The world that a scenario describes, with its names."""
    from .kept_worlds import built

    settings = settings_of(scenario, reported)
    try:
        return built(settings)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        last = traceback.extract_tb(error.__traceback__)
        home = Path(model.__file__).parent
        own = [step for step in last if Path(step.filename).is_relative_to(home)]
        place = f"{Path(own[-1].filename).name}, line {own[-1].lineno}" if own else "the model"
        raise InputError(
            f"the tables in model/data cannot be used ({type(error).__name__} {error}, found by "
            f"{place}); one is damaged or of another version, restore it from the repository"
        ) from error


def apart_from_numbers(scenario: Scenario) -> Scenario:
    """What of a scenario its world is built from: all but its numbers, its words and its name.

    Scenarios that are the same in this share a world, with each one's numbers put in.
    """
    return scenario.changed(
        title="",
        question="",
        description="",
        author="",
        references=[],
        expect=[],
        baseline=None,
        levers={},
        uncertainties={},
        variants={},
        axes={},
    )


def with_numbers(atlas: Atlas, scenario: Scenario) -> Atlas:
    """A world built for one scenario, with the levers and uncertainties of another put in.

    The two must be the same ``apart_from_numbers``; then this equals ``world_of``, in a thousandth
    of its time.

    Raises:
        InputError: a number is out of its range.
    """
    from model.core import parameter_values

    settings = settings_of(scenario, atlas.reported)
    known, given = list(atlas.columns), settings.overrides
    centre = parameter_values.base(given, known)
    if settings.point:
        draws = centre[None, :]
    elif atlas.settings.overrides:
        draws = parameter_values.posterior(given, known)
    else:  # the draws are there, read and checked: what is given takes the place of its own
        draws = atlas.draws.copy()
        for number, column in enumerate(known):
            if column.name in given or column.shared in given:
                draws[:, number] = centre[number]
    return replace(atlas, settings=settings, parameters=centre, draws=draws)


def with_law(atlas: Atlas, scenario: Scenario, instruments: list[dict[str, str]]) -> Atlas:
    """A scenario's world under another table of provisions, everything else as it was."""
    from model.world import build

    settings = settings_of(scenario, atlas.reported)
    others = tuple(event for event in settings.events if event.type != "law")
    law = Event("law", {"instruments": instruments})
    return build.with_law(atlas, replace(settings, events=(law, *others)))


def chunks(
    atlas: Atlas,
    runs: range,
    seed: int,
    *,
    threads: int | None = None,
    engine: Engine = "ensemble",
    trace: Trace | None = None,
    at_once: int | None = None,
    parameters: np.ndarray | None = None,
    missions: range | None = None,
    agents: Agents = None,
) -> Iterator[Chunk]:
    """Run a world and yield what the runs leave behind, in the order of the runs.

    ``mesa`` steps one agent at a time: slow, readable, and the same to the last bit.
    ``at_once``: runs of each chunk of the ensemble; results do not depend on it.
    ``parameters``, ``missions``: of the ensemble, the rows of numbers, and the runs whose missions
    the runs have, where they are not their own.  ``agents``: class of the states under ``mesa``.
    """
    from model.engine import ensemble
    from model.engine.run_arrays import NO_TRACE

    chosen = ensemble.default_trace(atlas) if trace is None else trace
    if engine == "ensemble":
        size = at_once or ensemble.CHUNK
        yield from ensemble.simulate(
            atlas,
            runs,
            seed,
            parameters,
            threads=threads,
            trace=chosen,
            chunk=size,
            missions=missions,
        )
        return
    from model.engine.mesa_model import PeacekeepingModel

    for run in runs:
        traced = chosen if run in chosen.runs else NO_TRACE
        yield PeacekeepingModel(
            atlas=atlas, run=run, seed_key=seed, trace=traced, agent_class=agents
        ).run_all()


def requests(atlas: Atlas, run: int, seed: int) -> Iterator[tuple[int, np.ndarray]]:
    """Month by month what was asked of states in one run, from the month in which they decide.

    Found by stepping the readable model, which keeps each month's list.
    """
    from model.core import records
    from model.engine.mesa_model import PeacekeepingModel
    from model.engine.run_arrays import NO_TRACE

    model = PeacekeepingModel(atlas=atlas, run=run, seed_key=seed, trace=NO_TRACE)
    while model.month <= atlas.arrays.span[2]:
        month = model.month
        model.step()
        if month >= atlas.arrays.span[3]:
            yield month, model.run.requests[: model.run.counts[records.REQUESTS]]


def simulate(
    scenario: Scenario,
    runs: range,
    seed: int,
    *,
    threads: int | None = None,
    engine: Engine = "ensemble",
    agents: Agents = None,
) -> Iterator[Frames]:
    """Run a scenario chunk by chunk; the decisions of the reported states are traced in run 0.

    Where every state decides and runs are few, ``series`` holds the totals of all (kind ``all``).
    """
    from model.engine import long_tables

    atlas = world_of(scenario)
    others = others_kept(scenario, len(runs))
    how: dict[str, Any] = {"threads": threads, "engine": engine, "agents": agents}
    for chunk in chunks(atlas, runs, seed, at_once=AT_ONCE, **how):
        tables: dict[str, Callable[[], pd.DataFrame]] = {
            "series": partial(_series, chunk, others),
            "missions": partial(long_tables.missions, chunk),
            "decisions": chunk.decisions,
        }
        yield Frames(
            len(chunk.runs),
            {name: partial(_made, make, scenario.name) for name, make in tables.items()},
        )


def _made(make: Callable[[], pd.DataFrame], name: str) -> pd.DataFrame:
    return _named(make(), name)


def _series(chunk: Chunk, others: tuple[str, ...]) -> pd.DataFrame:
    """One run after the other, so that the order is the same whatever the chunks."""
    import pandas as pd

    from model.engine import long_tables

    table = long_tables.series(chunk)
    if others:
        parts = [long_tables.in_words(table), _totals(chunk, others)]
        table = pd.concat(parts, ignore_index=True)
    return table.sort_values("run", kind="stable")


def others_kept(scenario: Scenario, runs: int) -> tuple[str, ...]:
    """States other than the reported ones whose totals are kept over so many runs."""
    if scenario.deliberating != "all" or runs > MOST_RUNS_OF_ALL:
        return ()
    return tuple(code for code in lookup.states() if code not in reported_states(scenario))


def _totals(chunk: Chunk, states: tuple[str, ...]) -> pd.DataFrame:
    """People of states by month and framework, all kinds together, as rows of ``series``.

    A few runs at a time: all states, months and kinds of many runs would take gigabytes.
    """
    import numpy as np
    import pandas as pd

    from model.engine.run_output import Chunk

    first_month, last_month = int(chunk.atlas.arrays.span[1]), int(chunk.atlas.arrays.span[2])
    months = np.array([month_text(month) for month in range(first_month, last_month + 1)])
    parts = []
    for first in range(0, len(chunk.ledgers), 4):
        few = Chunk(chunk.atlas, chunk.seed, chunk.ledgers[first : first + 4])
        people = few.totals(states)
        run, month, state, group = people.nonzero()
        parts.append(
            pd.DataFrame(
                {
                    "run": np.array(few.runs)[run],
                    "month": months[month],
                    "state": np.array(states)[state],
                    "framework": np.array(GROUPS)[group],
                    "value": people[run, month, state, group].astype(float),
                }
            )
        )
    same = {"mission": "all", "kind": "all", "variable": "personnel", "unit": "people"}
    return pd.concat(parts, ignore_index=True).assign(seed=chunk.seed, **same)


def summarise(
    scenario: Scenario,
    runs: range,
    seed: int,
    *,
    threads: int | None = None,
    engine: Engine = "ensemble",
    done: Callable[[int], None] | None = None,
    agents: Agents = None,
) -> dict[str, pd.DataFrame]:
    """Run a scenario and keep only what its runs add up to; memory does not grow with the runs.

    Tables ``summary``, ``presence`` and ``moves`` (see ``Summary``), and the ``decisions`` of the
    reported states in run 0.  ``done`` gets the number of runs of each chunk.
    """
    from .streaming_summary import Summary

    summary = Summary()
    decisions = None
    how: dict[str, Any] = {"threads": threads, "engine": engine, "agents": agents}
    for chunk in chunks(world_of(scenario), runs, seed, **how):
        summary.add(chunk)
        if decisions is None:  # run 0 is in the first chunk
            decisions = chunk.decisions()
        if done is not None:
            done(len(chunk.ledgers))
    tables = {
        "summary": summary.table(),
        "presence": summary.presence(),
        "moves": summary.moves(),
        "decisions": decisions,
    }
    return {key: _named(table, scenario.name) for key, table in tables.items() if table is not None}


def _named(table: pd.DataFrame, name: str) -> pd.DataFrame:
    import pandas as pd

    table = table.reset_index(drop=True)
    words: Any = name
    if any(isinstance(kind, pd.CategoricalDtype) for kind in table.dtypes):
        words = pd.Categorical.from_codes([0] * len(table), categories=pd.Index([name]))
    table.insert(0, "scenario", words)
    return table
