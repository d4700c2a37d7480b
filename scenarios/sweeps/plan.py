"""A design worked out: its configurations, cut into the chunks that a sweep runs one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.engine.outcome_selection import Selection
from model.errors import InputError

from ..definition import lookup
from ..running.model_adapter import reported_states
from ..storage import provenance
from . import chunk as blocks
from . import sampling, store
from .chunk import Block
from .design import Design, applied, base_of, chosen, find, groups_of, kinds_of

if TYPE_CHECKING:
    import pandas as pd

    from ..file_format.schema import Scenario

RUNS_OF_CHUNK = 1000  # runs in one chunk, about a second of work on one core
FEWEST_CHUNKS = 16  # of a small sweep, so that several workers have something to do
MOST_RUNS_OF_SERIES = 2000  # with series kept, the people of all runs are in memory at once


@dataclass(frozen=True)
class Plan:
    """A design worked out: its configurations, and how they are cut into chunks."""

    design: Design
    base: Scenario
    table: pd.DataFrame
    size: int  # configurations of a chunk

    @property
    def runs(self) -> int:
        """Runs of all configurations together."""
        return len(self.table) * self.design.runs

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-len(self.table) // self.size)

    @property
    def numbers(self) -> list[str]:
        """What varies as a number."""
        by_name = chosen(self.design)
        return [name for name in self.table.columns[1:] if name not in by_name]

    @property
    def choices(self) -> list[str]:
        """What varies by name."""
        by_name = chosen(self.design)
        return [name for name in self.table.columns[1:] if name in by_name]

    def manifest(self) -> dict[str, Any]:
        """What binds a folder to this design, these rules and these data."""
        design = self.design
        return {
            "content": "sweep",
            "layout": store.LAYOUT,
            "design": {"name": design.name, **design.model_dump(mode="json")},
            "scenario": {
                "name": self.base.name,
                **self.base.model_dump(mode="json", exclude={"variants"}),
            },
            "configurations": len(self.table),
            "configurations_sha256": provenance.text_hash(self.table.to_csv(index=False)),
            "runs": design.runs,
            "seed": design.seed,
            "outcomes": list(design.outcomes),
            "series": design.series.keep != "none",
            "chunks": self.chunks,
            "chunk": self.size,
            "program": provenance.describe(["peacekeeping", "sweep", f"{design.name}.toml"]),
        }

    def blocks(self, numbers: list[int]) -> Iterator[Block]:
        """The chunks of these numbers, made when they are asked for."""
        bound = blocks.binding()
        worlds: dict[tuple[str, ...], Scenario] = {}
        for number in numbers:
            first = number * self.size
            yield self.block(number, self.table.iloc[first : first + self.size], bound, worlds)

    def block(
        self, number: int, part: pd.DataFrame, bound: str, worlds: dict[tuple[str, ...], Scenario]
    ) -> Block:
        """Some configurations as one chunk; ``worlds``: scenarios made before, by their choices."""
        design = self.design
        states = tuple(design.series.states or reported_states(self.base))
        keys = list(part[self.choices].itertuples(index=False, name=None))
        distinct = list(dict.fromkeys(keys))
        for key in distinct:
            if key not in worlds:
                worlds[key] = self._scenario(key)
        return Block(
            number=number,
            first=number * self.size,
            scenarios=tuple(worlds[key] for key in distinct),
            scenario=np.array([distinct.index(key) for key in keys], dtype=np.int64),
            parameters=tuple(self.numbers),
            values=part[self.numbers].to_numpy(dtype=float),
            outcomes=tuple((name, selection(o)) for name, o in design.outcomes.items()),
            runs=design.runs,
            seed=design.seed,
            own_draws=design.draws == "own",
            states=states if design.series.keep != "none" else (),
            every_run=design.series.keep == "runs",
            quantiles=tuple(design.quantiles),
            binding=bound,
        )

    def _scenario(self, key: tuple[str, ...]) -> Scenario:
        taken = [
            (self.design.vary[name].choices or {})[value]
            for name, value in zip(self.choices, key, strict=True)
        ]
        return applied(self.base, taken)


def selection(outcome: Any) -> Selection:
    """What the model measures for an outcome."""
    return Selection(
        state=lookup.state(outcome.state),
        groups=groups_of(outcome),
        mission="" if outcome.mission == "all" else lookup.mission(outcome.mission),
        kinds=kinds_of(outcome),
        start=outcome.start or "",
        end=outcome.end or "",
        measure=outcome.measure,
        at_least=outcome.at_least,
        stock="" if outcome.variable == "personnel" else outcome.variable,
    )


def plan(design: str | Path | Mapping[str, Any] | Design) -> Plan:
    """A design worked out, checked in full before anything is simulated.

    Raises:
        InputError: anything misspelt or out of range in the design or its tables.
    """
    found = design if isinstance(design, Design) else find(design)
    table = sampling.configurations(found)
    if found.series.keep != "none" and found.runs > MOST_RUNS_OF_SERIES:
        raise InputError(
            f"{found.name}.toml: with series kept, runs is at most {MOST_RUNS_OF_SERIES}, not "
            f"{found.runs}"
        )
    if found.draws == "own" and len(table) * found.runs >= 2**32:
        raise InputError(
            f'{found.name}.toml: with draws = "own", configurations times runs must be below 2**32'
        )
    by_runs = max(1, RUNS_OF_CHUNK // found.runs)
    by_count = max(1, -(-len(table) // FEWEST_CHUNKS))
    return Plan(found, base_of(found), table, min(by_runs, by_count))
