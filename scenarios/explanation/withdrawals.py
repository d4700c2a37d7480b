"""What ended a state's deployments where no decision did: the law, a drawdown, the mission's end.

A refused renewal is a decision and reported as one; this module has the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.months import month_text
from model.steps.renewal import ENDS, NOT_ENDED, NOT_RENEWED, RESIZED
from model.vocabulary import KINDS

if TYPE_CHECKING:
    from model.engine.run_output import Chunk
    from model.world.build import Atlas

COLUMNS = (
    "run", "month", "mission", "kind", "people", "arrived", "ended", "provision", "successor"
)  # fmt: skip
DECIDED = (NOT_ENDED, RESIZED, NOT_RENEWED)  # it goes on, or a renewal tells its end


def endings(atlas: Atlas, chunks: Iterable[Chunk], state: str, mission: str = "") -> pd.DataFrame:
    """Deployments of a state that ended without a decision, by run and month.

    Columns: run; month, the first without them; mission, kind, people; arrived (whether they were
    in the field by then); ended, one of ``model.steps.renewal.ENDS``; provision, blank without one:
    what bars them, or whose condition is unmet, or what last allowed them; successor, the mission
    that they go over to.

    Args:
        mission: only of this one; blank for all.
    """
    missions, ids = [*atlas.missions, ""], [*atlas.provisions, ""]
    own, found = atlas.state_row(state), []
    for ledger in (ledger for chunk in chunks for ledger in chunk.ledgers):
        of_state = ledger.deployments["state"] == own
        chosen = of_state & ~np.isin(ledger.endings["cause"], DECIDED)
        for row in np.flatnonzero(chosen):
            unit, end = ledger.deployments[row], ledger.endings[row]
            ended, place = ENDS[end["cause"]], missions[unit["mission"]]
            if mission not in ("", place):
                continue
            after = atlas.arrays.missions[unit["mission"]]["successor"]
            found.append(
                (
                    ledger.run, month_text(int(unit["leaves"])), place, KINDS[unit["kind"]],
                    int(unit["people"]), bool(unit["leaves"] > unit["arrives"]), ended,
                    ids[end["provision"]], missions[after] if ended == "handed_over" else "",
                )
            )  # fmt: skip
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.sort_values(["run", "month"], kind="stable", ignore_index=True)
