"""The tutorials work: every block of them is run in order, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"```(\w+)(?: file=(\S+))?\n(.*?)```", flags=re.DOTALL)


def command(line: str, folder: Path, environment: dict[str, str]) -> None:
    """Run one line of a shell block, with ``peacekeeping`` and ``python`` meaning our own."""
    parts = f"'{sys.executable}' -m viz.command"
    script = re.sub(r"^peacekeeping\b", parts, line)
    script = re.sub(r"^python\b", f"'{sys.executable}'", script)
    done = subprocess.run(
        ["/bin/sh", "-ec", script], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert done.stdout.strip(), line


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs_as_it_stands(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks with a file name are files, shell blocks commands, others Python with common names."""
    monkeypatch.chdir(tmp_path)
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    names: dict = {}
    for language, name, body in BLOCK.findall(path.read_text(encoding="utf-8")):
        if name:
            (tmp_path / name).write_text(body, encoding="utf-8")
        elif language == "shell":
            for line in body.strip().splitlines():
                if line.startswith("export "):
                    key, _, value = line.removeprefix("export ").partition("=")
                    environment[key] = value
                else:
                    command(line, tmp_path, environment)
        elif language == "python":
            exec(body, names)


def test_the_tutorials_are_numbered() -> None:
    assert [path.stem.split("-")[0] for path in TUTORIALS] == [
        str(n) for n in range(1, len(TUTORIALS) + 1)
    ]
