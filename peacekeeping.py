"""The public face: the few functions that users call.

    import peacekeeping as pk
    result = pk.run("historical", runs=200, seed=1)

The packages behind it have plain names (model, scenarios, calibration, viz), which a file of the
user's own can hide; importing this module notices and says so.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _check_own(name: str, home: Path = _HERE) -> None:
    """Raise ImportError if ``import name`` would find something else than our package."""
    spec = importlib.util.find_spec(name)
    ours = home / name / "__init__.py"
    if spec is None:
        raise ImportError(f"the package {name!r} of peacekeeping is missing; install it again")
    found = spec.origin
    if found is None or Path(found).resolve() != ours:
        place = found or next(iter(spec.submodule_search_locations or []), "somewhere else")
        raise ImportError(
            f"{place} hides the package {name!r} of peacekeeping; rename it or start Python in "
            "another folder"
        )


for _name in ("model", "scenarios", "calibration", "viz"):
    _check_own(_name)

from calibration.documented_record import entries as record  # noqa: E402  (ours, now that it is sure)
from model.errors import InputError  # noqa: E402
from scenarios.comparison.compare import compare  # noqa: E402
from scenarios.comparison.comparison_result import Comparison, read_comparison  # noqa: E402
from scenarios.definition.library import available as scenarios  # noqa: E402
from scenarios.definition.library import find as scenario  # noqa: E402
from scenarios.definition.loader import load  # noqa: E402
from scenarios.running.record_comparison import beside_record  # noqa: E402
from scenarios.running.result import Result, read  # noqa: E402
from scenarios.running.run import run  # noqa: E402
from scenarios.storage.provenance import version as _version  # noqa: E402
from scenarios.sweeps.sweep import SweepResult, read_sweep, sweep  # noqa: E402
from viz.text.explanation_text import Explanation, explain  # noqa: E402

__version__ = _version()

__all__ = [
    "Comparison",
    "Explanation",
    "InputError",
    "Result",
    "SweepResult",
    "beside_record",
    "compare",
    "explain",
    "load",
    "read",
    "read_comparison",
    "read_sweep",
    "record",
    "run",
    "scenario",
    "scenarios",
    "sweep",
]

if __name__ == "__main__":
    from viz.cli.main import main

    main()
