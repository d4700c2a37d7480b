"""The Mesa model: the same rules, one agent at a time, readable and inspectable.

Each state is a ``StateAgent`` that owns a row of the world's arrays.  A month is four steps
(``month``); the compiled ensemble walks the same ones, and a test holds both to the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np

from ..core.rng import key
from ..errors import InputError
from ..months import month_text
from ..settings import Settings
from ..world.build import Atlas, build
from . import month_steps
from .ensemble import collect, default_trace
from .run_arrays import Trace, allocate, own_world
from .run_output import Chunk
from .state_agent import StateAgent, class_of


class PeacekeepingModel(mesa.Model):
    """One run of one world; ``step`` is a month.

    Args:
        settings: what to run; the historical defaults when not given.
        atlas: a world already built, so that many models can share it.
        run, seed_key: number and seed of the run, the key of its random draws.
        parameters: row of numbers, in the order of ``atlas.columns``; the centre by default.
        overrides: levers and parameters by name, for ``mesa.batch_run``.
        trace: which decisions to write down.
        collect: whose people the data collector keeps: ``reported`` states or ``all``.
        agent_class: class of the states, or of some by ISO code: theories of the user's own.
        agent_reporters: what the data collector keeps of each agent, by name, as Mesa has it.
        seed: refused, as there is no generator to seed: the draws of a run are keyed by
            ``seed_key`` and ``run``.
        rng: accepted because Mesa's tools pass it on; draws are keyed by run and seed alone.

    Raises:
        InputError: ``seed`` is given.

    Example:
        >>> import peacekeeping as pk
        >>> model = pk.PeacekeepingModel(agent_reporters={"opinion": "opinion_un"})
        >>> for _ in range(36):
        ...     model.step()
        >>> 0.0 < model.states["JPN"].opinion_un < 1.0
        True
    """

    def __init__(
        self,
        settings: Settings | None = None,
        atlas: Atlas | None = None,
        run: int = 0,
        seed_key: int = 1,
        parameters: np.ndarray | None = None,
        overrides: Mapping[str, float] | None = None,
        trace: Trace | None = None,
        collect: str = "reported",
        agent_class: type[StateAgent] | Mapping[str, type[StateAgent]] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        seed: None = None,
        rng: Any = None,
    ) -> None:
        if seed is not None:
            raise InputError(
                f"PeacekeepingModel takes no seed; write seed_key={seed!r}, and run=1, 2 ... for "
                "more runs of it"
            )
        super().__init__(rng=rng if rng is not None else seed_key)
        self.atlas = atlas or build(settings or Settings(overrides=dict(overrides or {})))
        world = self.world = own_world(self.atlas.arrays)
        self.number = run
        self.seed_key = seed_key
        self.run = allocate(self.atlas, trace or default_trace(self.atlas))
        row = self.atlas.row(seed_key, run) if parameters is None else parameters
        month_steps.reset(world, self.run, key(seed_key, run), np.ascontiguousarray(row))
        self.month = int(world.span[0])
        self.states = {
            code: one(self, code, number)
            for number, (code, one) in enumerate(class_of(agent_class, self.atlas.states).items())
        }
        # All agents are there.  Mesa 3.3 numbers them in a register of the class that would keep
        # the model, and its world with it, for as long as the process lives.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        collected = self.atlas.states if collect == "all" else self.atlas.reported
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "month": lambda m: month_text(m.month - 1),
                **{code: _people_of(code) for code in collected},
            },
            agent_reporters=dict(agent_reporters or {}) or None,
        )

    def __repr__(self) -> str:
        deciding = [code for code, one in self.states.items() if one.deliberating]
        named = ", ".join(deciding) if len(deciding) <= 4 else f"{len(deciding)} states"
        first, last = self.world.span[1], self.world.span[2]
        return (
            f"<{type(self).__name__}, run {self.number} of seed {self.seed_key}: "
            f"{month_text(first)} to {month_text(last)}, now {month_text(self.month)}; "
            f"{named or 'no state'} active>"
        )

    def step(self) -> None:
        """One month: requests go out, states answer, offers are settled, life goes on."""
        world = self.world
        if self.month > world.span[2]:
            self.running = False
            return
        if self.month >= world.span[3]:
            month_steps.begin(world, self.run, self.month)
            self.agents.do("deliberate")
            month_steps.settle(world, self.run, self.month)
            self.agents.do("live")
        else:  # nobody decides yet: what is recorded passes by all states at once
            month_steps.live(world, self.run, self.month, 0, len(self.states))
        self.month += 1
        self.datacollector.collect(self)
        self.running = self.month <= world.span[2]

    def run_all(self) -> Chunk:
        """Step to the last month and return what the run left behind."""
        while self.month <= self.atlas.arrays.span[2]:
            self.step()
        return self.chunk()

    def chunk(self) -> Chunk:
        """What the run has left behind so far, in the shape of the ensemble's chunks."""
        return Chunk(self.atlas, self.seed_key, (collect(self.run, self.number),))


def _people_of(code: str) -> Any:
    return lambda model: model.states[code].people
