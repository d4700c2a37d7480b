"""What builds a world: small claims that no run of a short world shows."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from model import contributions, events
from model.errors import InputError
from model.kinds import KINDS
from model.settings import Event


def test_an_event_that_is_handled_before_does_not_hide_the_next():
    nothing: Any = None
    for first in events.HANDLED_BEFORE:
        with pytest.raises(InputError, match="unknown event type 'treaty'"):
            events.apply(nothing, [Event(first, {}), Event("treaty", {})], [], [])


def test_a_count_of_nobody_is_nobody_in_the_field_at_the_start():
    spells = pd.DataFrame(
        {"begins": 200, "s": 3, "m": 7, "kind": KINDS[0], "first": [150, 150], "last": [300, 300]}
    ).assign(people=[0, 5], m=[7, 8])
    (cell,) = contributions.initial(spells)
    assert (cell.mission, cell.people, cell.since) == (8, 5, 150)
