"""The three criteria of the comparative study as a table: documented and simulated, by state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios.studies.three_criteria import FIRST

from ..language.spoken import month, say
from ..text.labels import state_name
from ..text.number_text import span

if TYPE_CHECKING:
    import pandas as pd

RECORDED, SIMULATED = "{state}, observed", "{state}, simulated (80% of runs)"
BLANK = "–"
NOTE = (
    "Documented: law, contributions, training and agreements in the tables. Simulated: mean over "
    "the runs, of months the median. A dash: not documented, or no outcome of the model."
)


def heads(table: pd.DataFrame) -> list[str]:
    """Measure and unit, then two columns for each state."""
    found = [say("Measure"), say("Unit")]
    for state in table["state"].unique():
        name = state_name(str(state))
        found += [say(RECORDED, state=name), say(SIMULATED, state=name)]
    return found


def rows(table: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Each criterion with the rows of its measures; the criterion of a row comes first."""
    states = list(table["state"].unique())
    found = []
    for (criterion, measure), part in table.groupby(["criterion", "measure"], sort=False):
        by_state = part.set_index("state")
        cells = [say(str(measure)), say(str(part["unit"].iloc[0]))]
        for state in states:
            row = by_state.loc[state].to_dict()
            ends = [_number(row[name], str(measure)) for name in ("low80", "high80")]
            said = _number(row["simulated"], str(measure))
            between = f" ({span(*ends)})" if said != BLANK else ""
            cells += [_number(row["recorded"], str(measure)), f"{said}{between}"]
        found.append((say(str(criterion)), cells))
    return found


def details(table: pd.DataFrame) -> list[str]:
    """What stands behind the numbers: provisions, missions, centres, partners, titles."""
    return [
        f"{state_name(row['state'])}, {say(row['measure'])}: {row['detail']}"
        for row in table.to_dict("records")
        if row["detail"]
    ]


def _number(value: Any, measure: str) -> str:
    if value != value:
        return BLANK
    if measure == FIRST:  # a year with a fraction, as a month
        months = round(value * 12)
        return month(f"{months // 12}-{months % 12 + 1:02d}")
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}"
