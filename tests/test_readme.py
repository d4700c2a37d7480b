"""The README is true: its commands run as they stand, its figure is the one that they make."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)


def commands(word: str) -> list[str]:
    """Lines of the fenced blocks that begin with a word, without their comments."""
    lines = [line.split("#")[0].strip() for _, block in BLOCKS for line in block.splitlines()]
    return [line for line in lines if line.split(" ")[0] == word]


def test_the_readme_has_commands():
    assert len(commands("peacekeeping")) >= 5
    assert len(commands("make")) >= 3


@pytest.mark.parametrize("line", commands("peacekeeping"))
def test_a_command_of_the_readme_runs(line, tmp_path):
    arguments = shlex.split(line)[1:]
    answer = subprocess.run(
        [sys.executable, "-m", "viz.command", *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


@pytest.mark.parametrize("line", commands("make"))
def test_a_make_target_of_the_readme_exists(line):
    answer = subprocess.run(
        ["make", "--dry-run", *shlex.split(line)[1:]], capture_output=True, text=True, cwd=ROOT
    )
    assert answer.returncode == 0, answer.stderr


def test_the_python_of_the_readme_runs():
    (code,) = [block for language, block in BLOCKS if language == "python"]
    names: dict = {}
    exec(code, names)
    assert len(names["result"].series) > 0


def test_the_pictures_of_the_readme_are_there():
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
