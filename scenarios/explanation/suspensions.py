"""When the law suspended the work of people in the field: a condition is unmet, and they stay.

The engine keeps how many people of a state are suspended in a month, not who.  Who they are follows
from those that ended so, and where only one set of its units has that number.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.core import records
from model.months import month_text
from model.rules import law
from model.steps.renewal import CONDITION_UNMET
from model.vocabulary import KINDS

from .counterfactuals import plain

if TYPE_CHECKING:
    from model.engine.run_output import Chunk, Ledger
    from model.world.build import Atlas

COLUMNS = ("run", "first", "last", "mission", "kind", "people", "provision")
MOST = 12  # units of a state whose sums are compared


def suspensions(
    atlas: Atlas, chunks: Iterable[Chunk], state: str, mission: str = ""
) -> pd.DataFrame:
    """Spells in which units of a state were suspended, by run and month.

    Columns: run; first and last month; mission, kind, people; provision, the exit rule that covers
    them, blank for none.  Months in which the units could not be told apart are left out.

    Args:
        mission: only of this one; blank for all.
    """
    place, found = atlas.reported.index(state), []
    for ledger in (one for chunk in chunks for one in chunk.ledgers):
        held: dict[tuple[str, str, int, str], list[int]] = {}
        levels = ledger.stocks[:, place, records.STOCK_SUSPENDED]
        for month in map(int, np.flatnonzero(levels)):
            for unit in _suspended(atlas, ledger, state, month, int(levels[month])):
                name = atlas.missions[unit["mission"]]
                if mission in ("", name):
                    rule = _exit_rule(atlas, ledger, unit, month)
                    key = name, KINDS[unit["kind"]], int(unit["people"]), rule
                    held.setdefault(key, []).append(month)
        for (name, kind, people, rule), months in held.items():
            for first, last in _spells(months):
                found.append(
                    (ledger.run, month_text(first), month_text(last), name, kind, people, rule)
                )
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.sort_values(["run", "first"], kind="stable", ignore_index=True)


def _suspended(atlas: Atlas, ledger: Ledger, state: str, month: int, people: int) -> list[np.void]:
    """The units suspended: who left so, and others where one set alone has the people left."""
    units, causes = ledger.deployments, ledger.endings["cause"]
    here = np.flatnonzero(
        (units["state"] == atlas.state_row(state))
        & (units["arrives"] <= month)
        & ((units["leaves"] <= 0) | (units["leaves"] > month))
    )
    # Whoever left for an unmet condition had been suspended in the months before, by its count.
    since = units["leaves"] - units["suspended"] + 1
    sure = [n for n in here if causes[n] == CONDITION_UNMET and since[n] <= month]
    rest = [n for n in here if n not in sure]
    left = people - int(units["people"][sure].sum())
    if len(rest) > MOST:
        return [units[n] for n in sure]
    sets = [
        chosen
        for size in range(len(rest) + 1)
        for chosen in combinations(rest, size)
        if sum(int(units["people"][n]) for n in chosen) == left
    ]
    return [units[n] for n in (*sure, *(sets[0] if len(sets) == 1 else ()))]


def _exit_rule(atlas: Atlas, ledger: Ledger, unit: np.void, month: int) -> str:
    """The provision in force that says how long a presence may stay suspended."""
    world, covers = atlas.arrays, plain(law.covers)
    row = world.states[unit["state"]]
    for number in range(int(row["first_provision"]), int(row["last_provision"])):
        one = ledger.provisions[number]
        in_force = one["effect"] == law.EXIT and one["since"] <= month < one["until"]
        if in_force and covers(one, int(unit["kind"]), int(unit["framework"])):
            return str(atlas.provisions[number])
    return ""


def _spells(months: list[int]) -> list[tuple[int, int]]:
    """First and last of the months that follow one another."""
    spells: list[tuple[int, int]] = []
    for month in sorted(set(months)):
        if spells and month == spells[-1][1] + 1:
            spells[-1] = spells[-1][0], month
        else:
            spells.append((month, month))
    return spells
