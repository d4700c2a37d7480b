"""Machine code of both engines, made once before the tests start, so that their processes share it.

``python -m tests.support.machine_code`` makes it, two halves at a time; with names of steps of a
month it makes only those.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from model.core import jit

ROOT = Path(__file__).parents[2]
HALVES = (("deliberate",), ("begin", "settle", "live"))  # what takes longest, and the rest


def make() -> None:
    """Compile what is not on disk.  A fault in a rule is left for the tests to tell."""
    if not jit.COMPILING or jit.CACHE is None or jit.is_cached():
        return
    command = [sys.executable, "-m", "tests.support.machine_code"]
    one, other = HALVES
    with subprocess.Popen([*command, *other], cwd=ROOT, stderr=subprocess.DEVNULL):
        subprocess.run([*command, *one], cwd=ROOT)  # tells how far it is
    subprocess.run([*command, "whole"], cwd=ROOT)  # from the halves


def compile_steps(names: list[str]) -> None:
    """Compile steps of a month, or with ``whole`` the run that walks them all."""
    from model.engine import ensemble
    from model.engine.mesa_model import PeacekeepingModel
    from model.settings import Settings
    from model.steps import schedule

    model = PeacekeepingModel(Settings(end="1991-03", afterwards="recorded"))
    state = model.atlas.state_row("JPN")
    for name in names:
        if name == "whole":
            list(ensemble.simulate(model.atlas, [0], 1, threads=1))
        elif name in ("begin", "settle"):
            getattr(schedule, name)(model.world, model.run, model.month)
        else:
            getattr(schedule, name)(model.world, model.run, model.month, state)


if __name__ == "__main__":
    compile_steps(sys.argv[1:]) if sys.argv[1:] else make()
