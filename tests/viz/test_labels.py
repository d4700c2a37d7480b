"""Every name of a closed list has its words, and no words are left of a name that has gone."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from model import vocabulary
from model.core import utility_terms
from scenarios.explanation.law_at_date import BODIES
from viz.text import labels, provision_text, wording
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
        (wording.TERMS, (*utility_terms.NAMES, *wording.REST)),
    ],
)
def test_words_are_there_for_every_name(words: Collection[str], names: Collection[str]) -> None:
    assert set(words) == set(names)
