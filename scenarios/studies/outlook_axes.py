"""What the axes of an outlook move: each level against the middle one, the other axes held.

An axis that moves nothing is told with what became of the answers: how many its levels bear on, how
many they turn, and which way.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.engine.run_arrays import Trace
from model.vocabulary import GROUPS, OUTCOMES, REASONS
from model.world.build import Atlas

from ..file_format.schema import Scenario
from ..running import model_adapter
from ..running.confidence import ends
from ..running.run_options import check_numbers
from . import outlook

LATE = 60  # months at the end of the period, over which people are compared
SMALL, PART = 0.5, 0.05  # people, and share of what there is, below which a difference is none
KEY = ["run", "month", "state", "mission", "kind", "reason"]  # of an answer, in both runs
NO = [OUTCOMES.index("deferred"), OUTCOMES.index("refused")]


def moved(
    scenario: str | Path | Scenario = outlook.DEFAULT,
    runs: int = 200,
    seed: int = 1,
    *,
    threads: int | None = None,
) -> pd.DataFrame:
    """People in the last five years at each level of an axis, against the middle level.

    Returns:
        One row for each axis, level, state and framework: ``base`` (people at the middle level),
        ``difference`` with ``low`` and ``high`` (95% interval), ``moves`` (beyond chance, half a
        person and 5% of the base); and of the answers to requests, extensions apart: ``answers`` a
        run, the share ``new`` that is given in one of both only, the share ``met`` whose law or
        value the level changes, the share that it turns into a yes, ``gained``, and into a no,
        ``lost``.

    Raises:
        InputError: the scenario has no axes, or the numbers are out of range.
    """
    chosen = outlook.with_axes(scenario)
    check_numbers(runs, seed, outlook.MOST_RUNS)
    held = {axis: list(levels)[len(levels) // 2] for axis, levels in chosen.axes.items()}
    base = _Runs(chosen.variant("-".join(held.values())), runs, seed, threads)
    rows: list[dict[str, Any]] = []
    for axis, levels in chosen.axes.items():
        for level in levels:
            if level == held[axis]:
                continue
            key = "-".join((held | {axis: level}).values())
            other = _Runs(chosen.variant(key), runs, seed, threads)
            for place, state in enumerate(base.atlas.reported):
                for group, framework in enumerate(GROUPS):
                    before = base.people[:, place, group]
                    change = other.people[:, place, group] - before
                    mean = float(change.mean())
                    low, high = ends(mean, float(change.std()) / runs**0.5)
                    large = abs(mean) > max(SMALL, PART * float(before.mean()))
                    rows.append(
                        {
                            "axis": axis,
                            "level": level,
                            "state": state,
                            "framework": framework,
                            "runs": runs,
                            "base": float(before.mean()),
                            "difference": mean,
                            "low": low,
                            "high": high,
                            "moves": large and not low <= 0.0 <= high,
                            **_answers(base, other, state, group),
                        }
                    )
    return pd.DataFrame(rows)


class _Runs:
    """Runs of one combination: mean people of the late months, and every answer to a request."""

    def __init__(self, scenario: Scenario, runs: int, seed: int, threads: int | None) -> None:
        self.atlas: Atlas = model_adapter.world_of(scenario)
        trace = Trace(states=tuple(self.atlas.reported), runs=tuple(range(runs)))
        people, answers = [], []
        for chunk in model_adapter.chunks(
            self.atlas, range(runs), seed, threads=threads, trace=trace
        ):
            people.append(chunk.totals()[:, -LATE:].mean(axis=1))
            for ledger in chunk.ledgers:
                rows = ledger.decisions[ledger.decisions["reason"] != REASONS.index("renewal")]
                names = ("framework", "gate", "utility", "outcome", *KEY[1:])
                frame = pd.DataFrame({name: rows[name] for name in names})
                frame["run"] = ledger.run
                answers.append(frame)
        self.people = np.concatenate(people)
        found = pd.concat(answers, ignore_index=True)
        found["group"] = self.atlas.arrays.groups[found["framework"].to_numpy()]
        self.answers = found.drop_duplicates(KEY)
        self.runs = runs


def _answers(base: _Runs, other: _Runs, state: str, group: int) -> dict[str, float]:
    """What a level does to the answers of a state on missions of a group."""
    parts = []
    for one in (base, other):
        rows = one.answers
        mine = (rows["state"] == one.atlas.state_row(state)) & (rows["group"] == group)
        parts.append(rows[mine])
    both = parts[0].merge(parts[1], on=KEY, how="outer", suffixes=("", "_other"), indicator=True)
    here = both[both["_merge"] == "both"]
    was_no, is_no = here["outcome"].isin(NO), here["outcome_other"].isin(NO)
    value = (here["utility"] - here["utility_other"]).abs() > 1e-9
    met = value | (here["gate"] != here["gate_other"])
    number = max(1, len(both))
    return {
        "answers": len(parts[0]) / base.runs,
        "new": (len(both) - len(here)) / number,
        "met": float(met.sum()) / number,
        "gained": float((was_no & ~is_no).sum()) / number,
        "lost": float((~was_no & is_no).sum()) / number,
    }
