"""What the program stands on: every package pinned, every licence known, no silence about what was
not asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import audit


def test_every_package_that_the_program_brings_along_is_pinned() -> None:
    assert len(audit.needed(())) > 30 and "numba" in audit.needed(())
    assert audit.unpinned(("analysis", "cluster", "fit", "app", "data", "tools", "test")) == []


def test_a_licence_is_read_from_what_the_package_ships() -> None:
    assert audit.licence("numpy").startswith("BSD-3-Clause")
    assert audit.licence("axe-playwright-python") == "MIT License"
    assert audit.licence("no-such-package") == "not installed here"


@pytest.mark.parametrize(
    ("answer", "words", "status"),
    [
        (None, "cannot be reached from here, so nothing was asked", 0),
        ([{"name": "numba", "vulns": []}], "1 of ", 0),
        ([{"name": "numba", "vulns": [{"id": "X-1"}]}], "1 with a known vulnerability: numba.", 1),
        ([{"name": "numba", "skip_reason": "odd"}], "0 of ", 0),
    ],
)
def test_the_answer_is_one_sentence(
    answer: list | None,
    words: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "audit.json"
    monkeypatch.setattr(audit, "asked", lambda: answer)
    monkeypatch.setattr(audit, "unpinned", lambda extras: [])
    monkeypatch.setattr(sys, "argv", ["audit", "--out", str(out)])
    assert audit.main() == status
    told = capsys.readouterr().out
    assert words in told and len(told.splitlines()) == 1
    assert json.loads(out.read_text())["asked"] == (answer is not None)


def test_a_database_out_of_reach_is_told_from_a_missing_tool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def says(error: str) -> None:
        done = subprocess.CompletedProcess([], 1, stdout="", stderr=error)
        monkeypatch.setattr(subprocess, "run", lambda *args, **how: done)

    says("ConnectionError: api.osv.dev")
    assert audit.asked() is None
    says("No module named pip_audit")
    with pytest.raises(SystemExit, match="pip-audit is missing"):
        audit.asked()
