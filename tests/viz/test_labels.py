"""Every name of a closed list has its words, and no words are left of a name that has gone."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from model import vocabulary
from model.core import utility_terms
from scenarios.explanation.extension import OCCASIONS
from scenarios.explanation.law_at_date import BODIES
from viz.text import factor_text, labels, presence_text, provision_text, wording

pytest.importorskip("solara", reason="the packages of the web app are not installed")

from viz.web.tabs import why_tab


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (labels.KIND_NAMES, ("all", *vocabulary.KINDS)),
        (labels.FRAMEWORK_NAMES, vocabulary.GROUPS),
        (labels.REASONS, vocabulary.REASONS),
        (labels.GATES, vocabulary.GATES),
        (labels.STOPS, set(vocabulary.STOPS) - {"nothing"}),
        (labels.AUTHORISERS, vocabulary.AUTHORISERS),
        (BODIES, vocabulary.AUTHORISERS),
        (provision_text.EFFECTS, set(vocabulary.EFFECTS) - {"none"}),
        (wording.OUTCOME, vocabulary.OUTCOMES),
        (why_tab.LADDER, vocabulary.OUTCOMES),
        (provision_text.CONDITION_WORDS, vocabulary.CONDITIONS),
        (factor_text.LAW, vocabulary.GATES),
        (presence_text.OCCASIONS, OCCASIONS),
        (wording.TERMS, (*utility_terms.NAMES, *wording.REST)),
    ],
)
def test_words_are_there_for_every_name(words: Collection[str], names: Collection[str]) -> None:
    assert set(words) == set(names)


def test_words_for_people_are_of_kinds_that_there_are() -> None:
    assert set(labels.PERSONNEL) <= set(vocabulary.KINDS)
    assert set(wording.STAYING) | set(wording.STAYING_MEANING) <= set(utility_terms.NAMES)
