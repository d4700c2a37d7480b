"""The pages for scripts and other tools work: every block is run in order, in an empty folder."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from viz.cli import main

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```(shell|python|r)(?: needs=(\S+))?\n(.*?)```", flags=re.DOTALL)


def _is_here(language: str, packages: list[str]) -> bool:
    """Whether a block can be run: its packages are installed, and R where it is in R."""
    if language != "r":
        return all(find_spec(name) for name in packages)
    if shutil.which("Rscript") is None:
        return False
    loaded = "; ".join(f"library({name})" for name in ["stats", *packages])
    return subprocess.run(["Rscript", "-e", loaded], capture_output=True).returncode == 0


@pytest.mark.parametrize("page", ["results", "scripts", "other_tools", "for_reviewers"])
def test_a_page_runs_as_it_stands(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``needs=`` names packages of a block; without one of them it is left out."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert blocks
    for language, needs, body in blocks:
        if not _is_here(language, list(filter(None, needs.split(",")))):
            continue
        if language == "python":
            exec(body, names)
            continue
        if language == "r":
            done = subprocess.run(["Rscript", "-e", body], capture_output=True, text=True)
            assert done.returncode == 0 and done.stdout.strip(), done.stderr
            continue
        for line in body.strip().splitlines():
            words, _, place = line.partition(" > ")
            status = main.call(shlex.split(words)[1:])
            said = capsys.readouterr()
            assert status == 0 and said.out, f"{line}\n{said.err}"
            if place:
                Path(place).write_text(said.out, encoding="utf-8")
