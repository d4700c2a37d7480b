"""One outcome read from a chunk of runs, narrowed down as an expectation says: a value a run.

Apart from ``expectations``, which judges the values, as ``measures`` names what can be asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.errors import InputError
from model.kinds import GROUPS, KINDS
from model.months import month_number

from .measures import DECIDED, MOVED, STOCKS
from .schema import Expectation

if TYPE_CHECKING:
    import pandas as pd

    from model.ledger import Chunk
    from model.world import Atlas


class Tables:
    """What several outcomes of one chunk are read from, made when first asked for."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk

    @cached_property
    def people(self) -> np.ndarray:
        """int32[runs, months, watched states, groups, kinds]."""
        return self.chunk.personnel()

    @cached_property
    def missions(self) -> pd.DataFrame:
        """People by run, month, state, mission and kind."""
        return self.chunk.missions()

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """Every traced decision."""
        return self.chunk.decisions()


class Window:
    """One outcome of a chunk, narrowed down to states, months, missions and kinds."""

    def __init__(self, tables: Tables, expectation: Expectation) -> None:
        self.tables, self.chunk, self.one = tables, tables.chunk, expectation
        self.atlas: Atlas = self.chunk.atlas
        span = self.atlas.arrays.span
        self.begin, self.stop = int(span[1]), int(span[2])
        start, end = expectation.start, expectation.end
        self.first = max(self.begin, month_number(start)) if start else self.begin
        self.last = min(self.stop, month_number(end)) if end else self.stop
        if self.last < self.first:
            raise InputError(
                f"the expectation of {expectation.variable} from {start} to {end} lies outside the "
                "period of the scenario"
            )
        self.states = self.atlas.watch if expectation.state == "all" else (expectation.state,)

    def values(self) -> np.ndarray:
        name = self.one.variable
        if name in STOCKS:
            return self._stock()
        if name in DECIDED:
            return self._decisions()
        if name in MOVED:
            return np.array([self._moves(ledger.deployments) for ledger in self.chunk.ledgers])
        people = self._people()
        if name == "personnel":
            return people.sum(axis=2).mean(axis=1)
        if name == "ever":
            return people.any(axis=(1, 2)).astype(float)
        return people.any(axis=2).mean(axis=1)

    def _people(self) -> np.ndarray:
        """People by run, month and kind, states and groups added up."""
        if self.one.mission != "all":
            return self._in_mission()
        states = [self.atlas.watch.index(code) for code in self.states]
        window = self.tables.people[:, self.first - self.begin : self.last - self.begin + 1]
        window = window[:, :, states]
        groups = [n for n, g in enumerate(GROUPS) if self.one.group in (g, "all")]
        return window[:, :, :, groups].sum(axis=(2, 3))[:, :, self._kinds()]

    def _in_mission(self) -> np.ndarray:
        months = self.last - self.first + 1
        out = np.zeros((len(self.chunk.ledgers), months, len(KINDS)))
        parts = self.tables.missions
        parts = parts[(parts["mission"] == self.one.mission) & parts["state"].isin(self.states)]
        if not len(parts):
            return out[:, :, self._kinds()]
        month = parts["month"].map(month_number).to_numpy() - self.first
        inside = (month >= 0) & (month < months)
        run = parts["run"].to_numpy() - self.chunk.runs[0]
        kind = parts["kind"].map({name: n for n, name in enumerate(KINDS)}).to_numpy()
        np.add.at(
            out, (run[inside], month[inside], kind[inside]), parts["value"].to_numpy()[inside]
        )
        return out[:, :, self._kinds()]

    def _kinds(self) -> np.ndarray:
        """Numbers of the kinds meant; presence, entries, exits mean units unless one is named."""
        formed = np.asarray(self.atlas.arrays.kinds["formed"]) > 0
        wanted = self.one.kind
        if wanted == "all" and self.one.variable in (*MOVED, "unit_presence"):
            wanted = "units"
        chosen = {
            "all": np.ones(len(KINDS), dtype=bool),
            "units": formed,
            "individuals": ~formed,
        }.get(wanted)
        if chosen is None:
            return np.array([KINDS.index(wanted)])
        return np.flatnonzero(chosen)

    def _moves(self, deployments: np.ndarray) -> float:
        d, world = deployments, self.atlas.arrays
        kept = np.isin(d["state"], [self.atlas.state_row(code) for code in self.states])
        kept &= np.isin(d["kind"], self._kinds()) & (d["people"] > 0)
        if self.one.mission != "all":
            names = list(self.atlas.missions)
            known = self.one.mission in names
            kept &= d["mission"] == (names.index(self.one.mission) if known else -1)
        elif self.one.group != "all":
            kept &= world.groups[d["framework"]] == GROUPS.index(self.one.group)
        when = d["leaves"] if self.one.variable == "exits" else d["arrives"]
        kept &= (when >= self.first) & (when <= self.last)
        if self.one.variable == "exits":
            return float(kept.sum())
        begins = world.states["deliberates"][d["state"]]
        kept &= ~((d["arrives"] == begins) & (d["since"] < d["arrives"]))  # carried in
        if self.one.variable == "entries":
            return float(kept.sum())
        routine = kept & (d["crisis"] == 0)
        if not routine.any():
            return float("nan")
        return float((d["arrives"] - d["ordered"])[routine].mean())

    def _decisions(self) -> np.ndarray:
        table = self.tables.decisions
        runs = np.array(self.chunk.runs)
        if not len(table):
            return np.zeros(len(runs))
        month = table["month"].map(month_number)
        kept = table["state"].isin(self.states) & month.between(self.first, self.last)
        if self.one.mission != "all":
            kept &= table["mission"] == self.one.mission
        elif self.one.group != "all":
            atlas = self.atlas
            groups = np.array(GROUPS)[np.asarray(atlas.arrays.missions["group"])]
            kept &= table["mission"].map(dict(zip(atlas.missions, groups, strict=True))) == (
                self.one.group
            )
        if self.one.kind != "all":
            kept &= table["kind"].isin([KINDS[n] for n in self._kinds()])
        outcomes = {
            "answers": ("accepted", "smaller", "cheaper"),
            "refusals": ("refused",),
            "substitutes": ("substitute",),
        }[self.one.variable]
        kept &= table["outcome"].isin(outcomes) & (table["reason"] != "renewal")
        counts = table[kept].groupby("run").size()
        return counts.reindex(runs, fill_value=0).to_numpy(dtype=float)

    def _stock(self) -> np.ndarray:
        from model.shapes import STOCKS as NAMES

        rows = [self.atlas.watch.index(code) for code in self.states]
        number = NAMES.index(self.one.variable)
        return np.array(
            [
                ledger.stocks[self.first : self.last + 1, rows, number].sum(axis=1).mean()
                for ledger in self.chunk.ledgers
            ]
        )
