"""What one run of every state makes: keyed draws, exponentials and requests answered.

``NUMBA_DISABLE_JIT=1 python -m benchmarks.count FIRST LAST`` counts in plain Python, where
every rule can be wrapped, and prints them as JSON; ``benchmarks.speed`` runs it.
"""

import json
import math
import sys
from collections.abc import Callable
from typing import Any

from model.core import jit, rng
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import NO_TRACE
from model.settings import Settings
from model.steps import schedule

COUNTED = {
    "draws": [(rng, "uniform")],
    "exponentials": [(math, "exp")],
    "requests answered": [(schedule, "respond"), (schedule, "renew")],
}


def counting(counts: dict[str, int], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, each call of which adds one to ``counts[name]``."""

    def counted(*arguments: Any, **named: Any) -> Any:
        counts[name] += 1
        return function(*arguments, **named)

    return counted


def count(first: str, last: str) -> dict[str, int]:
    """Calls in run 0 of seed 1, every state deciding, from the first month to the last.

    Raises:
        RuntimeError: rules are compiled, so that calls cannot be seen.
    """
    if jit.COMPILING:
        raise RuntimeError("calls are counted in plain Python only; set NUMBA_DISABLE_JIT=1")
    settings = Settings(start=first, end=last, deliberating=("all",))
    model = PeacekeepingModel(settings, trace=NO_TRACE)
    counts = dict.fromkeys(COUNTED, 0)
    for name, places in COUNTED.items():
        for module, function in places:
            setattr(module, function, counting(counts, name, getattr(module, function)))
    model.run_all()
    return counts


if __name__ == "__main__":
    print(json.dumps(count(sys.argv[1], sys.argv[2])))
