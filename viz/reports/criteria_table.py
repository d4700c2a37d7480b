"""The three criteria of the comparative study as a table: documented and simulated, by state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios.studies.three_criteria import FIRST

from ..language.languages import ENGLISH
from ..language.spoken import current, month, say
from ..text.labels import state_name
from ..text.number_text import span

if TYPE_CHECKING:
    import pandas as pd

RECORDED, SIMULATED = "{state}, observed", "{state}, simulated (80% of runs)"
BLANK = "–"
TINY = 1e-9  # between numbers that are the same but for rounding
WHOLE = ("trained officers ready",)  # people, none of them in parts
SAME = "{number} (the same in every run)"
COUNTED = {  # what "number" counts, where a language has a word for it
    "missions joined for the first time": "count of missions",
    "provisions newly in force": "count of provisions",
    "training centres at home": "places",
    "centres abroad supported": "places",
    "instructors sent": "people",
    "people trained": "people",
    "courses, visits and programmes": "times",
    "exercises": "times",
}
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
        cells = [say(str(measure)), unit_of(str(measure), str(part["unit"].iloc[0]))]
        for state in states:
            row = by_state.loc[state].to_dict()
            ends = [_number(row[name], str(measure)) for name in ("low80", "high80")]
            said = _number(row["simulated"], str(measure))
            if said != BLANK:
                said = _with_band(said, ends, str(measure), row)
            cells += [_number(row["recorded"], str(measure)), said]
        found.append((say(str(criterion)), cells))
    return found


def unit_of(measure: str, unit: str) -> str:
    """A unit in words; in Japanese and Korean a number has the word for what is counted."""
    if unit == "number" and current() != ENGLISH and measure in COUNTED:
        return say(COUNTED[measure])
    return say(unit)


def _with_band(said: str, ends: list[str], measure: str, row: dict[Any, Any]) -> str:
    """A mean with the middle 80% of the runs; alone where that has no width."""
    if len({said, *ends}) > 1:
        return f"{said} ({span(*ends)})"
    values = [float(row[name]) for name in ("simulated", "low80", "high80")]
    even = measure != FIRST and max(values) - min(values) <= TINY
    return say(SAME, number=said) if even else said


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
    if measure in WHOLE or abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}"
