"""What the whole model did when the baseline was last accepted, stored as small tables to read.

A change of a rule, a number or a table shows here as a list: which case, state, kind, year, was and
is.  Nothing here says what is right; the tests of the rules, of the law and of the record do.  The
baseline makes sure that nobody changes a result without seeing it.  ``python -m tests.baseline``
accepts the present results, and is the only thing that writes the tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.engine.run_output import Chunk
from model.months import FIRST_YEAR
from model.vocabulary import KINDS, STUDIED
from scenarios.running import model_adapter
from scenarios.running.run_options import resolve
from tests.support.digest import digest_of

FOLDER = Path(__file__).parent
OTHERS = "others"
PLACES = 6  # to which numbers are compared: their last bits differ from processor to processor
SEEDS = (1, 20)
RUNS = 2  # of each seed: what stands in the tables is added over the runs of all seeds


@dataclass(frozen=True)
class Case:
    """A scenario with what is changed of it."""

    scenario: str
    changes: dict[str, Any] = field(default_factory=dict)


CASES = {
    "historical": Case("historical"),
    "historical, centre": Case("historical", {"point": True}),
    "historical, all decide": Case("historical", {"deliberating": ["all"]}),
    "historical, all decide, centre": Case("historical", {"deliberating": ["all"], "point": True}),
    "reform as an outcome": Case("historical", {"settings": {"reform": "endogenous"}}),
    "without the 2015 legislation": Case("japan-without-2015-legislation/never-proposed"),
    "Korean Act in 2000": Case("korea-act-in-2000/act"),
    "outlook to 2035": Case("outlook-2035"),
}

KEYS = {
    "personnel": ["case", "state", "kind", "year"],
    "moves": ["case", "state", "move", "year"],
    "answers": ["case", "state", "answer", "year"],
    "digests": ["case", "seed", "run"],
}
UNITS = {
    "personnel": "person-months",
    "moves": "deployments",
    "answers": "requests answered",
    "digests": "digest of all decisions, deployments and stocks",
}


def chunks(case: Case) -> list[Chunk]:
    """The runs of a case, one chunk a seed, with every decision of every state."""
    world = model_adapter.world_of(resolve(case.scenario, **case.changes))
    trace = Trace(states=(), runs=tuple(range(RUNS)))
    return [
        chunk
        for seed in SEEDS
        for chunk in ensemble.simulate(world, range(RUNS), seed, trace=trace)
    ]


def _people(chunk: Chunk) -> pd.DataFrame:
    """Person-months by state (others added up), kind and year."""
    codes = (*STUDIED, *(code for code in chunk.atlas.states if code not in STUDIED))
    people = chunk.personnel(codes).sum(axis=(0, 3), dtype=np.int64)  # month, state, kind
    people = np.concatenate([people[:, :2], people[:, 2:].sum(axis=1, keepdims=True)], axis=1)
    month, state, kind = np.nonzero(people)
    first = int(chunk.atlas.arrays.span[1])
    return pd.DataFrame(
        {
            "state": np.array([*STUDIED, OTHERS])[state],
            "kind": np.array(KINDS)[kind],
            "year": FIRST_YEAR + (month + first) // 12,
            "value": people[month, state, kind],
        }
    )


def _group(states: pd.Series) -> pd.Series:
    """Japan and Korea by code, everyone else together."""
    return states.where(states.isin(STUDIED), OTHERS)


def _moves(chunk: Chunk) -> pd.DataFrame:
    """Deployments that began and ended, by state and year."""
    spells = chunk.spells()
    end = int(chunk.atlas.arrays.span[2])
    parts = [
        pd.DataFrame(
            {"state": _group(part["state"]), "move": move, "year": FIRST_YEAR + part[at] // 12}
        )
        for move, at, part in (
            ("joins", "first", spells[spells["first"] >= chunk.atlas.arrays.span[1]]),
            ("exits", "last", spells[spells["last"] < end]),
        )
    ]
    return pd.concat(parts).assign(value=1)


def _answers(chunk: Chunk) -> pd.DataFrame:
    """Requests and renewals answered, by state, answer and year."""
    made = chunk.decisions()
    return pd.DataFrame(
        {
            "state": _group(made["state"]),
            "answer": made["outcome"],
            "year": made["month"].str[:4].astype(int),
            "value": 1,
        }
    )


def tables() -> dict[str, pd.DataFrame]:
    """The tables of the present program, in the form in which they are stored."""
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in KEYS}
    for name, case in CASES.items():
        for chunk in chunks(case):
            made = {"personnel": _people(chunk), "moves": _moves(chunk), "answers": _answers(chunk)}
            made["digests"] = pd.DataFrame(
                [
                    (chunk.seed, one.run, digest_of([one], places=PLACES)[:16])
                    for one in chunk.ledgers
                ],
                columns=["seed", "run", "value"],
            )
            for kind, frame in made.items():
                parts[kind].append(frame.assign(case=name))
    return {name: _stored(name, pd.concat(frames)) for name, frames in parts.items()}


def _stored(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows added up by key; years side by side, so that a line reads as a history."""
    keys = KEYS[name]
    if "year" not in keys:
        return frame[[*keys, "value"]].astype(str).reset_index(drop=True)
    order = {case: number for number, case in enumerate(CASES)}
    wide = frame.pivot_table(
        index=[key for key in keys if key != "year"],
        columns="year",
        values="value",
        aggfunc="sum",
        fill_value=0,
    ).reset_index()
    wide = wide.sort_values("case", key=lambda cases: cases.map(order), kind="stable")
    wide.columns = pd.Index([str(column) for column in wide.columns])
    return wide.astype(str).reset_index(drop=True)


def stored() -> dict[str, pd.DataFrame]:
    """The accepted tables; empty where none has been written yet."""
    found = {}
    for name in KEYS:
        path = FOLDER / f"{name}.csv"
        found[name] = pd.read_csv(path, dtype=str) if path.is_file() else pd.DataFrame()
    return found


def write(made: dict[str, pd.DataFrame]) -> None:
    """Accept tables as the baseline."""
    for name, frame in made.items():
        frame.to_csv(FOLDER / f"{name}.csv", index=False, lineterminator="\n")


def _cells(name: str, frame: pd.DataFrame) -> dict[tuple[str, ...], str]:
    """Value of each key; zeros and missing cells are the same."""
    if frame.empty:
        return {}
    keys = [key for key in KEYS[name] if key != "year"]
    if "year" in KEYS[name]:
        frame = frame.melt(id_vars=keys, var_name="year")
    labels = frame[KEYS[name]].itertuples(index=False, name=None)
    return {key: value for key, value in zip(labels, frame["value"], strict=True) if value != "0"}


def differences(was: dict[str, pd.DataFrame], now: dict[str, pd.DataFrame]) -> list[str]:
    """One line for each number that differs: table, case, state, kind, year, was and is."""
    lines = []
    for name in KEYS:
        before, after = _cells(name, was[name]), _cells(name, now[name])
        for key in sorted({*before, *after}, key=_place):
            old, new = before.get(key, "0"), after.get(key, "0")
            if old != new:
                lines.append(f"{name}: {', '.join(key)}: {old} → {new} {UNITS[name]}")
    return lines


def _place(key: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Cases in their own order, then alphabetically."""
    known = list(CASES)
    return known.index(key[0]) if key[0] in known else len(known), key[1:]


def told(lines: list[str], most: int = 60) -> str:
    """The differences as text: counts by table, then the first lines of each."""
    if not lines:
        return "no difference"
    out = []
    for name in KEYS:
        mine = [line for line in lines if line.startswith(f"{name}:")]
        if mine:
            out.append(f"{name}: {len(mine)} numbers differ")
            out += [f"  {line.partition(': ')[2]}" for line in mine[:most]]
            out += [f"  … and {len(mine) - most} more"] if len(mine) > most else []
    return "\n".join(out)
