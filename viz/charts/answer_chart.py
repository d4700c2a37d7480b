"""One answer of a traced run as a waterfall: the named terms of its choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.explanation.counterfactuals import utility_needed

from ..text import presence_text, wording
from ..text.labels import kind_name, state_name
from .waterfall import utility_waterfall

if TYPE_CHECKING:
    import altair as alt

    from scenarios.explanation.decisions import Answers


def has_choice(answers: Answers, number: int) -> bool:
    """Whether there was anything to choose."""
    return bool(answers.decisions.iloc[number]["stopped_by"] != "too_small")


def answer_waterfall(answers: Answers, number: int) -> alt.VConcatChart:
    """The terms of the utility of answer ``number`` of the detailed run, which had a choice."""
    row = answers.decisions.iloc[number].to_dict()
    rest, left = answers.rest(row)
    needed = utility_needed(float(row["draw"]))
    yes = float(row["utility"]) > needed
    return utility_waterfall(
        {**answers.contributions(row), rest: left},
        presence_text.meanings(answers, row),
        needed,
        labels=presence_text.terms(answers, row),
        title=(wording.CHOICE_YES if yes else wording.CHOICE_NO).format(
            state=state_name(answers.state), month=row["month"]
        ),
        subtitle=(
            wording.STAYING_HELP if row["reason"] == "renewal" else wording.CHOICE_HELP
        ).format(probability=row["probability"], draw=row["draw"], kind=kind_name(row["kind"])),
    )
