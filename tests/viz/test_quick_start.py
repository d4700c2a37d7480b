"""What is loaded before the first line: packages that take long come only after it.

Seconds depend on the machine; what a process has imported does not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "numpy", "pyarrow", "numba", "mesa", "altair", "solara", "scipy", "SALib")
AT_THE_FIRST_LINE = """
import io, os, sys
class Stream(io.TextIOWrapper):
    def write(self, text):
        text = text if isinstance(text, str) else text.decode()  # the program writes both
        if text.strip():
            loaded = ",".join(name for name in {heavy!r} if name in sys.modules)
            os.write(1, (text.strip().splitlines()[0] + "|" + loaded).encode())
            os._exit(0)
        return len(text)
sys.stdout = Stream(sys.stdout.buffer, encoding="utf-8")
from viz.cli import main
main.call({arguments!r})
"""


def first_line(*arguments: str) -> tuple[str, str]:
    """The first line of a command, and what had been imported by then."""
    script = AT_THE_FIRST_LINE.format(heavy=HEAVY, arguments=list(arguments))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    line, _, loaded = done.stdout.rpartition("|")
    assert line, done.stderr
    return line, loaded


@pytest.mark.parametrize(
    "arguments, begins",
    [
        (["run", "historical", "--runs", "2"], "historical: 2 runs"),
        (["law", "--state", "JPN", "--month", "2006-06"], "The law of JPN in 2006-06"),
        (["record", "--state", "KOR", "--year", "2007"], ""),
        (["--help"], ""),
        (["run", "--help"], ""),
    ],
)
def test_the_first_line_waits_for_no_heavy_package(arguments: list[str], begins: str) -> None:
    line, loaded = first_line(*arguments)
    assert line.startswith(begins) and not loaded, loaded


def test_importing_the_program_loads_no_heavy_package() -> None:
    script = f"import sys, peacekeeping; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_explaining_loads_neither_mesa_nor_charts() -> None:
    script = (
        "import sys, viz.text.explanation_text;"
        "print([n for n in ('mesa', 'altair', 'solara', 'scipy.special') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"
