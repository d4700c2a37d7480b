"""Machine code of both engines, made once before the tests start, so that their processes share it.

``python -m tests.support.machine_code`` makes it; with names of steps of a month only those.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from model.core import jit

ROOT = Path(__file__).parents[2]
STEPS = ("reset", "begin", "deliberate", "settle", "live", "part")  # what the Mesa model calls


def make() -> None:
    """Compile what is not on disk.  A fault in a rule is left for the tests to tell."""
    if not jit.COMPILING or jit.CACHE is None or jit.is_cached():
        return
    command = [sys.executable, "-m", "tests.support.machine_code"]
    subprocess.run([*command, "whole"], cwd=ROOT)  # tells how far it is
    subprocess.run([*command, *STEPS], cwd=ROOT)  # from the same parts


def compile_steps(names: list[str]) -> None:
    """Compile steps of a month, or with ``whole`` the run that walks them all."""
    from model.engine import ensemble, month_steps
    from model.engine.mesa_model import PeacekeepingModel
    from model.settings import Settings
    from model.world.build import build

    settings = Settings(end="1991-03", afterwards="recorded")
    if names == ["whole"]:
        list(ensemble.simulate(build(settings), [0], 1, threads=1))
        return
    model = PeacekeepingModel(settings)
    state = model.atlas.state_row("JPN")
    for name in names:
        if name in ("begin", "settle"):
            getattr(month_steps, name)(model.world, model.run, model.month)
        elif name == "part":
            which = month_steps.PARTS.index("approach")
            month_steps.part(model.world, model.run, model.month, state, which, 0, -1)
        elif name == "live":
            model.states["JPN"].live()
        elif name != "reset":  # which making the model has called
            getattr(month_steps, name)(model.world, model.run, model.month, state)


if __name__ == "__main__":
    compile_steps(sys.argv[1:]) if sys.argv[1:] else make()
