"""The table of faults in the README names tests that there are, at least one for each."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_fault_has_a_test() -> None:
    table = (HERE / "README.md").read_text(encoding="utf-8").partition("|---|---|\n")[2]
    there = {
        name
        for path in HERE.parent.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    rows = table.strip().splitlines()
    assert len(rows) > 40
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named and set(named) <= there, row
