"""The public API: the few functions that users call.

    import peacekeeping as pk
    result = pk.run("historical", runs=200, seed=1)

The packages behind it have plain names (model, scenarios, calibration, viz), which a file of the
user's own can hide; importing this module notices and says so.  What a name stands for is loaded
when it is first used, so that importing is quick.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

from model.errors import InputError  # noqa: E402  (ours, now that it is sure)
from scenarios.storage import display as _display  # noqa: E402
from scenarios.storage import forks as _forks  # noqa: E402
from scenarios.storage.provenance import version as _version  # noqa: E402

if TYPE_CHECKING:
    from calibration.decision_fitting.own_term_weight import FittedTerm, fit_term
    from calibration.documented_record import entries as record
    from model.engine.mesa_model import PeacekeepingModel
    from model.engine.state_agent import StateAgent
    from model.own_terms import Term
    from scenarios.comparison.compare import compare
    from scenarios.comparison.comparison_result import Comparison, read_comparison
    from scenarios.definition.library import available as scenarios
    from scenarios.definition.library import find as scenario
    from scenarios.definition.loader import load
    from scenarios.file_format.schema import Scenario
    from scenarios.running.record_comparison import beside_record
    from scenarios.running.result import Result, read
    from scenarios.running.run import run
    from scenarios.sweeps.problem import Problem, problem
    from scenarios.sweeps.sweep import SweepResult, read_sweep, sweep
    from viz.briefs.brief import Brief, brief
    from viz.text.explanation_text import Explanation, explain

__version__ = _version()
_display.drawn_by(lambda: importlib.import_module("viz.reports.result_figures"))

_PLACES = {
    "Brief": "viz.briefs.brief:Brief",
    "Comparison": "scenarios.comparison.comparison_result:Comparison",
    "Explanation": "viz.text.explanation_text:Explanation",
    "FittedTerm": "calibration.decision_fitting.own_term_weight:FittedTerm",
    "PeacekeepingModel": "model.engine.mesa_model:PeacekeepingModel",
    "Problem": "scenarios.sweeps.problem:Problem",
    "Result": "scenarios.running.result:Result",
    "Scenario": "scenarios.file_format.schema:Scenario",
    "StateAgent": "model.engine.state_agent:StateAgent",
    "SweepResult": "scenarios.sweeps.sweep:SweepResult",
    "Term": "model.own_terms:Term",
    "beside_record": "scenarios.running.record_comparison:beside_record",
    "brief": "viz.briefs.brief:brief",
    "compare": "scenarios.comparison.compare:compare",
    "explain": "viz.text.explanation_text:explain",
    "fit_term": "calibration.decision_fitting.own_term_weight:fit_term",
    "load": "scenarios.definition.loader:load",
    "problem": "scenarios.sweeps.problem:problem",
    "read": "scenarios.running.result:read",
    "read_comparison": "scenarios.comparison.comparison_result:read_comparison",
    "read_sweep": "scenarios.sweeps.sweep:read_sweep",
    "record": "calibration.documented_record:entries",
    "run": "scenarios.running.run:run",
    "scenario": "scenarios.definition.library:find",
    "scenarios": "scenarios.definition.library:available",
    "sweep": "scenarios.sweeps.sweep:sweep",
}

__all__ = [
    "Brief", "Comparison", "Explanation", "FittedTerm", "InputError", "PeacekeepingModel",
    "Problem", "Result", "Scenario", "StateAgent", "SweepResult", "Term", "beside_record", "brief",
    "compare", "explain", "fit_term", "load", "problem", "read", "read_comparison", "read_sweep",
    "record", "run", "scenario", "scenarios", "sweep",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load what a public name stands for, once."""
    if name not in _PLACES:
        raise AttributeError(f"module 'peacekeeping' has no attribute {name!r}")
    module, _, thing = _PLACES[name].partition(":")
    with _forks.call():
        found = getattr(importlib.import_module(module), thing)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if __name__ == "__main__":
    from viz.cli.main import main

    main()
