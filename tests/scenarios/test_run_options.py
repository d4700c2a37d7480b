"""A keyword that a public function does not take is named with the nearest one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import peacekeeping as pk

run: Any = pk.run
explain: Any = pk.explain
compare: Any = pk.compare


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: run("historical", run=3), r"^run\(\) got .* 'run'; did you mean 'runs'\?"),
        (lambda: run("historical", starts="2000-01"), "did you mean 'start'"),
        (lambda: explain("historical", "JPN", missions="UNTAC"), "did you mean 'mission'"),
        (lambda: compare("historical", "next-unit", agent_class={}), r"^compare\(\) got an"),
    ],
)  # fmt: skip
def test_a_misspelt_keyword_is_named(ask: Callable[[], Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        ask()
