"""A state's answers on one mission: run 0 in full, the outcome over all runs, what would turn them.

The engine's trace is joined with what is documented (requests, provisions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from model import csv_rows
from model.core import parameter_index as P
from model.core import utility_terms
from model.engine.run_arrays import Trace
from model.errors import InputError
from model.months import NEVER, month_number, month_text
from model.vocabulary import FORMED, FRAMEWORKS, KINDS, OUTCOMES, REASONS

from ..definition import deciders, law_table, lookup
from ..file_format.schema import Scenario
from ..running import model_adapter
from ..running.run_options import RunOptions, check_numbers, in_manifest, resolve
from . import counterfactuals, decision_row
from .counterfactuals import Turn
from .suspensions import suspensions
from .withdrawals import endings

if TYPE_CHECKING:
    import numpy as np

    from model.engine.run_output import Chunk
    from model.world.build import Atlas

REQUEST_COLUMNS = ("id", "month", "mission", "state", "kind", "personnel", "documented_answer")
MOST_RUNS = 10_000  # all are traced and held at once
REST_OF_RENEWAL, REST_OF_MENU = "this month", "alternatives"


@dataclass(frozen=True)
class Answers:
    """What a state answered, and why.

    Attributes:
        scenario: as resolved; ``state``: ISO code; ``mission``: label, blank for all of them.
        decisions: every answer of the detailed ``run``, by default 0, one row each, by month;
            ``everything``: those of all runs.
        outcomes: what became of each request over the runs: one row for each documented request
            and each kind asked for in rounds, with ``answer`` ``first`` (given the first time) and
            ``best`` (the most it ever gave); shares of the runs in which it was reached.
        renewals: kind to renewals answered over all runs and the share in which it stayed.
    """

    scenario: Scenario
    state: str
    mission: str
    seed: int
    runs: int
    decisions: pd.DataFrame
    outcomes: pd.DataFrame
    renewals: pd.DataFrame
    atlas: Atlas = field(repr=False)
    chunks: tuple[Chunk, ...] = field(repr=False)
    everything: pd.DataFrame = field(repr=False)
    run: int = 0
    overrides: Mapping[str, Any] = field(default_factory=lambda: in_manifest({}))

    def in_run(self, run: int) -> Answers:
        """The same answers for another run.

        Raises:
            InputError: there is no such run.
        """
        if not 0 <= run < self.runs:
            raise InputError(f"run {run} does not exist; runs are numbered 0 to {self.runs - 1}")
        return replace(self, run=run, decisions=_of_run(self.everything, run))

    @cached_property
    def endings(self) -> pd.DataFrame:
        """Deployments that ended without a decision, over all runs; see ``endings``."""
        return endings(self.atlas, self.chunks, self.state, self.mission)

    @cached_property
    def suspensions(self) -> pd.DataFrame:
        """When the law suspended the work of people in the field, over all runs; see
        ``suspensions``."""
        return suspensions(self.atlas, self.chunks, self.state, self.mission)

    @cached_property
    def requests(self) -> dict[str, dict[str, str]]:
        """Documented requests to the state, by id, put by the model or not."""
        table = csv_rows.read(lookup.DATA / "requests.csv", REQUEST_COLUMNS)
        return {
            row["id"]: row
            for row in table
            if row["state"] == self.state and self.mission in ("", row["mission"])
        }

    @cached_property
    def provisions(self) -> dict[str, dict[str, str]]:
        """Provisions of the scenario's law by id."""
        return {row["id"]: row for row in law_table.table(self.scenario.events)}

    def in_force(self, provision: str) -> tuple[str, str]:
        """First month of a provision, and the first month without it (blank: none in sight)."""
        row = self.atlas.arrays.provisions[self.atlas.provisions.index(provision)]
        until = int(row["until"])
        known = self.provisions.get(provision, {})
        since = known.get("in_force", "") or month_text(int(row["since"]))
        return since, month_text(until) if until < NEVER else ""

    @cached_property
    def parameters(self) -> np.ndarray:
        """Parameters of the state in the detailed run, its own shifts included."""
        return self.atlas.parameters_of(self.seed, self.run, self.state)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weight of every term for the state in the detailed run."""
        ours = self.parameters[: utility_terms.COUNT].tolist()
        own = [term.weight for term in self.scenario.terms]
        return dict(zip(self.atlas.terms, [*ours, *own], strict=True))

    def contributions(self, row: Mapping[Any, Any]) -> dict[str, float]:
        """Weight times term of a decision, by name."""
        return {name: float(row[f"term_{name}"]) for name in self.weights}

    def rest(self, row: Mapping[Any, Any]) -> tuple[str, float]:
        """What of the utility is no term, and its name: the shock of a renewal, or what the other
        alternatives of the menu add and take away."""
        name = REST_OF_RENEWAL if row["reason"] == "renewal" else REST_OF_MENU
        return name, float(row["utility"]) - sum(self.contributions(row).values())

    @cached_property
    def menus(self) -> pd.DataFrame:
        """The menus of the detailed run, one row an alternative; ``number`` is the decision's."""
        parts = [part for chunk in self.chunks if len(part := chunk.menus())]
        table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        return _of_run(table, self.run)

    def menu(self, row: Mapping[Any, Any]) -> list[dict[str, Any]]:
        """The alternatives that answered a request, likeliest first; none for a renewal."""
        if self.menus.empty:
            return []
        own = self.menus[self.menus["number"] == row["number"]]
        return own.sort_values("probability", ascending=False, kind="stable").to_dict("records")

    @staticmethod
    def would_accept(row: Mapping[Any, Any]) -> bool:
        """Whether the choice alone is yes, whatever stopped the answer before it or after it."""
        return float(row["draw"]) < float(row["probability"])

    def turns(self, number: int) -> list[Turn]:
        """What would have turned answer ``number`` of run 0, the draw held fixed."""
        row = self.decisions.iloc[number].to_dict()
        stopped = row["stopped_by"]
        if stopped == "too_small":
            return []
        if stopped == "law":
            world = self.atlas.arrays
            return counterfactuals.by_law(
                world.provisions,
                self.atlas.provisions,
                decision_row.covering(self.atlas, row),
                month_number(row["month"]),
                int(row["conditions"]),
                int(row["asked"]),
                decision_row.host(self.atlas, row),
            )
        if stopped == "capacity":
            return counterfactuals.by_capacity(decision_row.needs(row))
        if stopped == "vote":
            return counterfactuals.by_vote(*decision_row.seats(row))
        missing = counterfactuals.missing_utility(float(row["utility"]), float(row["draw"]))
        if stopped == "nothing":
            return counterfactuals.by_loss(self.contributions(row), -missing)
        limits = decision_row.limits(row, self.parameters)
        renewal = row["reason"] == "renewal"
        if renewal and float(self.parameters[P.EXTENSION]) > 0.0:
            limits = {name: limits[name] for name in counterfactuals.OF_EXTENSION}
        return counterfactuals.by_terms(
            self.contributions(row),
            self.weights,
            missing,
            limits,
            1.0 if row["kind"] in FORMED else float(self.parameters[P.OFFICER_DAMPING]),
            renewal,
        )

    def rounds(self) -> list[tuple[str, str, str]]:
        """Month, kind and reason of every open call of run 0 for the mission."""
        number = self.atlas.mission_row(self.mission)
        found = []
        for month, requests in model_adapter.requests(self.atlas, self.run, self.seed):
            for request in requests[(requests["mission"] == number) & (requests["state"] < 0)]:
                reason = REASONS[request["reason"]]
                found.append((month_text(month), KINDS[request["kind"]], reason))
        return found

    @property
    def framework(self) -> str:
        """Framework of the mission asked about."""
        number = self.atlas.arrays.missions[self.atlas.mission_row(self.mission)]["framework"]
        return FRAMEWORKS[int(number)]


def find(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    state: str,
    mission: str | None = None,
    month: str | None = None,
    *,
    runs: int = 100,
    seed: int = 1,
    world: Callable[[Scenario, tuple[str, ...]], Atlas] = model_adapter.world_of,
    progress: Callable[[int, int], None] | None = None,
    **options: Unpack[RunOptions],
) -> Answers:
    """Run a scenario and keep every answer of one state, on one mission or (blank) on all.

    ``world`` makes the world of a scenario with the states to report; ``progress`` gets the number
    of runs done and asked for.

    Raises:
        InputError: an unknown scenario, state, mission or setting; a month outside the period; a
            state that does not decide in the scenario.
    """
    chosen = resolve(scenario, **options)
    code = lookup.state(state)
    opened = [event.mission for event in chosen.events if event.type == "open_mission"]
    label = ""
    if mission:
        label = mission if mission in opened else lookup.mission(mission)
    if month is not None:
        number = month_number(month, "--month")
        first, last = chosen.period.start, chosen.period.end
        if not month_number(first) <= number <= month_number(last):
            raise InputError(f"{month} is out of range; {chosen.name} runs from {first} to {last}")
    check_numbers(runs, seed, MOST_RUNS)
    atlas, chunks = _run(chosen, code, label, runs, seed, world, progress)
    # Run 0 is given in detail, under the law of that run.
    law = chunks[0].ledgers[0].provisions
    atlas = replace(atlas, arrays=atlas.arrays._replace(provisions=law))

    parts = [part for chunk in chunks if len(part := chunk.decisions())]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return Answers(
        scenario=chosen,
        state=code,
        mission=label,
        seed=seed,
        runs=runs,
        decisions=_of_run(table, 0),
        outcomes=outcomes(table, runs),
        renewals=renewals(table),
        atlas=atlas,
        chunks=tuple(chunks),
        everything=table,
        overrides=in_manifest(options, chosen.terms),
    )


def _of_run(table: pd.DataFrame, run: int) -> pd.DataFrame:
    return table[table["run"] == run].reset_index(drop=True) if len(table) else table


def _run(
    scenario: Scenario,
    code: str,
    mission: str,
    runs: int,
    seed: int,
    world: Callable[[Scenario, tuple[str, ...]], Atlas],
    progress: Callable[[int, int], None] | None,
) -> tuple[Atlas, list[Chunk]]:
    reported = tuple(dict.fromkeys((*model_adapter.reported_states(scenario), code)))
    atlas = world(scenario, reported)
    if mission and mission not in atlas.missions:
        raise InputError(f"the mission {mission!r} is not part of {scenario.name}")
    begins = int(atlas.arrays.states[atlas.state_row(code)]["deliberates"])
    if begins > int(atlas.arrays.span[2]):
        raise deciders.refusal(code, scenario.name, model_adapter.reported_states(scenario))
    trace = Trace(states=(code,), missions=(mission,) if mission else (), runs=tuple(range(runs)))
    chunks = []
    for chunk in model_adapter.chunks(atlas, range(runs), seed, trace=trace):
        chunks.append(chunk)
        if progress is not None:
            progress(chunk.runs[-1] + 1, runs)
    return atlas, chunks


def outcomes(decisions: pd.DataFrame, runs: int) -> pd.DataFrame:
    """Shares of runs by outcome for each request; see ``Answers.outcomes``.

    Columns: mission, request (blank for rounds), kind, answer, month (of the earliest answer),
    reached (share of runs), then the six outcomes (shares of the runs in which it was reached).
    """
    columns = ["mission", "request", "kind", "answer", "month", "reached", *OUTCOMES]
    if decisions.empty:
        return pd.DataFrame(columns=columns)
    asked = decisions[decisions["reason"] != "renewal"]
    keys = ["mission", "request", "kind"]
    code = asked["outcome"].map({name: number for number, name in enumerate(OUTCOMES)})
    grouped = asked.assign(code=code).groupby([*keys, "run"], sort=False)["code"]
    found = []
    for answer, codes in (("first", grouped.first()), ("best", grouped.min())):
        counts = codes.groupby(level=keys).value_counts().unstack(fill_value=0)
        reached = counts.sum(axis=1)
        shares = counts.div(reached, axis=0).reindex(columns=range(len(OUTCOMES)), fill_value=0.0)
        shares.columns = pd.Index(OUTCOMES)
        shares.insert(0, "reached", reached / runs)
        shares.insert(0, "month", asked.groupby(keys)["month"].min())
        shares.insert(0, "answer", answer)
        found.append(shares.reset_index())
    table = pd.concat(found, ignore_index=True)
    order = ["month", "mission", "request", "kind", "answer"]
    rising = [True, True, True, True, False]  # first before best
    return table.sort_values(order, ascending=rising, ignore_index=True)[columns]


def renewals(decisions: pd.DataFrame) -> pd.DataFrame:
    """By mission and kind over all runs: renewals answered, and the share that stayed."""
    columns = ["mission", "kind", "answered", "stayed"]
    if decisions.empty:
        return pd.DataFrame(columns=columns)
    due = decisions[decisions["reason"] == "renewal"]
    due = due.assign(stays=due["outcome"] == "accepted")
    table = due.groupby(["mission", "kind"])["stays"].agg(answered="size", stayed="mean")
    return table.reset_index()[columns]
