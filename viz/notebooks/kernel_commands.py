"""What ``!`` does in the kernel that executes the tutorials: our own commands run right there.

A notebook of a reader starts a process for each of them.  Here that would load the program, its
machine code and its tables forty times.  A command with other tables still gets a process of its
own, since tables are read once.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import rich.console

from viz.cli import main

WIDTH = "100"  # of the tables that commands print
TABLES = "PEACEKEEPING_DATA"
COLOURS = ("FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE")  # which every kernel asks for
INHERITED = {name: value for name, value in os.environ.items() if name not in COLOURS}
INHERITED |= {"COLUMNS": WIDTH, "NO_COLOR": "1"}


def begin(folder: str | Path) -> None:
    """Make the kernel ready for the next notebook: its folder, its environment, its commands."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    assert shell is not None
    vars(shell)["system"] = command
    vars(rich.console)["_is_jupyter"] = bool  # tables as text, as in a terminal
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(INHERITED)


def command(line: str) -> None:
    """Run a command of a notebook and print its answer.

    Raises:
        RuntimeError: it failed, or had no answer.
    """
    own = line.startswith("peacekeeping ")
    if own and "--tables" not in line and os.environ.get(TABLES) == INHERITED.get(TABLES):
        status, answer, complaint = _called(line)
    else:
        line = re.sub(r"^peacekeeping\b", "python -m viz.cli.main", line)
        line = re.sub(r"^python\b", shlex.quote(sys.executable), line)
        done = subprocess.run(["/bin/sh", "-ec", line], capture_output=True, text=True)
        status, answer, complaint = done.returncode, done.stdout, done.stderr
    if status or not answer.strip():
        raise RuntimeError(f"{line}: status {status}\n{complaint}")
    print(answer, end="")


def _called(line: str) -> tuple[int, str, str]:
    """Status, answer and complaint of a command that is run here."""
    answer, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(answer), contextlib.redirect_stderr(complaint):
        status = main.call(shlex.split(line)[1:])
    return status, answer.getvalue(), complaint.getvalue()
