"""The reference from the docstrings opens from disk, without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_reference_is_built_and_loads_nothing_from_a_network(tmp_path: Path) -> None:
    rooms = ["peacekeeping", "model.rules", "scenarios.studies"]  # all of them take minutes
    done = subprocess.run(
        [sys.executable, "-m", "pdoc", "--docformat", "google", "-o", str(tmp_path), *rooms],
        cwd=ROOT,
        env=dict(os.environ, NUMBA_DISABLE_JIT="1", PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    pages = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*.html")}
    assert "request" in pages["model/rules/alliance.html"].read_text(encoding="utf-8")
    loaded = re.compile(
        r"<(?:script|img|iframe)[^>]+src=\"https?:|<link[^>]+href=\"https?:"
        r"|url\(['\"]?https?:|@import"
    )
    for name, path in pages.items():
        assert not loaded.search(path.read_text(encoding="utf-8")), name
