"""The history that the model makes on its own, held against the cases that every specialist knows.

    python -m calibration.documented_decisions.free_history [--runs 200] [--out FILE]

No month, mission or state is named in a rule; here they are named to look.  The cases are in
``record/free_history.csv``.  They are in sample: they show that the mechanism can do it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.engine import ensemble
from model.months import month_number
from model.settings import Settings
from model.vocabulary import FORMED, OFFICERS, STUDIED, UNITS
from model.world import recorded_contributions
from model.world.build import build
from scenarios.storage import csv_export

from ..raw_data.raw_files import coded

END = "2023-12"
COLUMNS = (
    "id", "state", "missions", "kinds", "from", "to", "what", "low", "high", "aim", "side",
    "source",
)  # fmt: skip
GROUPS: Mapping[str, tuple[str, ...]] = {
    "units": UNITS, "officers": OFFICERS, "land": tuple(k for k in UNITS if k != "naval"),
}  # fmt: skip


def history(
    runs: int = 200, seed: int = 1, overrides: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Spells of both states in a run of the documented world, every run."""
    atlas = build(Settings(end=END, overrides=dict(overrides or {})))
    parts = [chunk.spells() for chunk in ensemble.simulate(atlas, range(runs), seed)]
    frame = pd.concat(parts, ignore_index=True)
    roots = dict(zip(atlas.missions, atlas.arrays.missions["root"].tolist(), strict=True))
    return frame.assign(root=frame["mission"].map(roots))


def cases(spells: pd.DataFrame, runs: int) -> pd.DataFrame:
    """Share of runs in which each case holds, with its aim."""
    rows = []
    for row in coded("free_history", COLUMNS).to_dict("records"):
        share = float(np.mean(_holds(row, spells, runs)))
        aim = float(row["aim"])
        met = share >= aim if row["side"] == "least" else share <= aim
        rows.append(
            {
                "case": row["id"],
                "share": share,
                "aim": f"at {row['side']} {aim:g}",
                "met": met,
                "runs": runs,
            }
        )
    return pd.DataFrame(rows)


def _holds(row: Mapping[Any, Any], spells: pd.DataFrame, runs: int) -> np.ndarray:
    """Whether a case holds in each run, bool[runs]."""
    first, last = month_number(row["from"]), month_number(row["to"])
    low, high = int(row["low"]), int(row["high"] or 10**9)
    kinds = GROUPS.get(row["kinds"], tuple(row["kinds"].split(";")))
    own = spells[(spells["state"] == row["state"]) & spells["kind"].isin(kinds)]
    own = own[(own["first"] <= last) & (own["last"] >= first)]
    found = []
    for mission in row["missions"].split(";"):
        here = own[own["mission"] == mission]
        people = np.zeros((runs, last - first + 1))
        for run, begin, end, count in here[["run", "first", "last", "people"]].to_numpy():
            people[run, max(begin - first, 0) : end - first + 1] += count
        found.append(((people >= low) & (people <= high)).any(axis=1))
    if row["what"] == "all":
        return np.logical_and.reduce(found)
    ever = np.logical_or.reduce(found)
    return ~ever if row["what"] == "never" else ever


def presence_score(spells: pd.DataFrame, runs: int, state: str) -> float:
    """Brier score of the presence of units by mission and month, 1992 to the end; missions in which
    the state never was count as one."""
    first, last = month_number("1992-01"), month_number(END)
    record = recorded_contributions.spells()
    record = record[(record["state"] == state) & record["kind"].isin(FORMED)]
    there = _by_mission(record, first, last, 1)
    said = _by_mission(
        spells[(spells["state"] == state) & spells["kind"].isin(FORMED)], first, last, runs
    )
    never = np.zeros((runs, last - first + 1), dtype=bool)
    for mission, runs_there in said.items():
        if mission not in there:
            never |= runs_there
    errors = [(never.mean(axis=0)) ** 2]
    nobody = np.zeros((runs, last - first + 1), dtype=bool)
    for mission, was in there.items():
        chance = said.get(mission, nobody).mean(axis=0)
        errors.append((chance - was[0]) ** 2)
    return float(np.mean(errors))


def _by_mission(frame: pd.DataFrame, first: int, last: int, runs: int) -> dict[str, np.ndarray]:
    """Whether anybody is in each mission, bool[runs, months]."""
    out: dict[str, np.ndarray] = {}
    number = frame["run"] if "run" in frame else pd.Series(0, index=frame.index)
    for run, mission, begin, end in zip(
        number, frame["mission"], frame["first"], frame["last"], strict=True
    ):
        if end < first or begin > last:
            continue
        cell = out.setdefault(str(mission), np.zeros((runs, last - first + 1), dtype=bool))
        cell[run, max(begin - first, 0) : end - first + 1] = True
    return out


def main() -> None:
    """Print every case and the score of each state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--out", type=Path, help="write what was measured to this CSV file")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    chosen = parser.parse_args()
    given = {name: float(value) for name, value in (text.split("=") for text in chosen.set)}
    spells = history(chosen.runs, overrides=given)
    frame = cases(spells, chosen.runs)
    if chosen.out is not None:
        chosen.out.write_bytes(csv_export.as_csv(frame))
    print(frame.to_string(index=False, float_format="%.2f"))
    print(f"{int(frame['met'].sum())} of {len(frame)} met")
    for state in STUDIED:
        print(f"Brier score of presence, {state}: {presence_score(spells, chosen.runs, state):.3f}")


if __name__ == "__main__":
    main()
