"""Fitting by simulation: a posterior over the parameters that the panel of contributors can tell
apart and that have no likelihood; what has one is given (``posterior.given``).

Those draws are kept whose forecasts from earlier origins score best (``training_windows``).  Every
candidate gets common random numbers, so that scores differ by the parameters alone.  The decision
weights of Japan and Korea have a likelihood (``decision_fitting``).
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

import calibration
from model.errors import InputError
from model.months import month_number
from scenarios.running.run_options import check_numbers
from scenarios.storage import atomic_write, provenance
from scenarios.storage.output_folder import LOCK, NOT_COUNTED, Lock

from . import abc_sampler, posterior, priors, training_windows
from .abc_sampler import Problem
from .fitted_parameters import FITTED


def panel(until: str, runs: int) -> Problem:
    """What the panel of all contributors tells: ``FITTED``, by forecasts from earlier origins."""
    found = training_windows.windows(until)
    given = posterior.given(month_number(until))
    return Problem(
        "panel", FITTED, lambda chosen: training_windows.loss(found, given | chosen, runs)
    )


def calibrate(
    until: str,
    out: Path,
    population: int = 60,
    generations: int = 1,
    runs: int = 20,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """The posterior as a table of draws: one row a draw, a column a parameter, and ``weight``.

    Everything is kept in ``out``, every candidate as soon as it is tried; a second call goes on
    where the first was broken off and ends with the same table as an unbroken one.

    Args:
        progress: hears how many candidates are done, and about how many there are to do.

    Raises:
        InputError: ``out`` holds a fit with other settings, a count is too small, or ``pyabc`` is
            not installed.
    """
    for name, value, least, most in (
        ("population", population, least_population(generations), 10_000),
        ("generations", generations, 1, 100),
        ("runs", runs, 2, 10_000),  # the fair CRPS of a single run is not defined
    ):
        if not least <= value <= most:
            raise InputError(f"--{name} {value} is out of range; it goes from {least} to {most:,}")
    check_numbers(runs, seed)
    if find_spec("pyabc") is None:
        raise InputError("calibrate needs the package pyabc; install it with: pip install '.[fit]'")
    settings = _settings(until, population, runs, seed)
    training_windows.last_month(until)  # refused before anything is kept
    with kept_in(out, settings, "fit.json"):
        problem = panel(until, runs)
        table = abc_sampler.sample(
            problem, out / problem.name, population, generations, seed, progress
        )
        table = table.assign(**posterior.given(month_number(until)))
        table = table[[name for name in table if name != "weight"] + ["weight"]]
        text = table.to_csv(index=False, lineterminator="\n")
        atomic_write.write_whole(out / "draws.csv", text.encode())
        return table


def least_population(generations: int) -> int:
    """Fewest draws: a second generation is drawn around more of them than there are parameters."""
    return 2 if generations == 1 else len(FITTED) + 2


@contextlib.contextmanager
def kept_in(out: Path, settings: dict[str, Any], name: str) -> Iterator[None]:
    """The folder of a fit, held by one process: a new one, or that of a fit with these settings.

    Raises:
        InputError: it holds another fit, something that is no fit's, or is in use; the disk is
            full, or what it holds is damaged.
    """
    note = out / name
    made = [path for path in (out, *out.parents) if not path.exists()]
    with atomic_write.opening(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = Lock(out / LOCK, out)
    try:
        if note.exists():
            _same(settings, note)
        else:
            other = [path.name for path in out.iterdir() if path.name not in (LOCK, *NOT_COUNTED)]
            if other:
                raise InputError(
                    f"{out} holds {min(other)}, which is not of a fit; choose another --out"
                )
            atomic_write.write_whole(note, json.dumps(settings, indent=1).encode())
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InputError(
            f"the fit cannot be written to {out}: {reason}; what was tried is kept there, make "
            "room and call again"
        ) from None
    finally:
        lock.release()
        for path in made:
            with contextlib.suppress(OSError):  # not empty
                path.rmdir()


def _settings(until: str, population: int, runs: int, seed: int) -> dict[str, Any]:
    """All that the draws of a fit hang on, but for the number of generations."""
    return {
        "until": until,
        "population": population,
        "runs": runs,
        "seed": seed,
        "parameters": [*FITTED],
        "priors": provenance.text_hash(priors.priors().to_csv()),
        **tree(),
    }


def tree() -> dict[str, str]:
    """Hashes of the code and of the tables that every fit hangs on."""
    return {
        "code": provenance.code_hash(Path(calibration.__file__).parent),
        "data": provenance.text_hash(json.dumps(provenance.data_hashes())),
    }


def _same(settings: dict[str, Any], note: Path) -> None:
    """Refuse to go on with a fit that was begun otherwise.

    Raises:
        InputError: it was, or its note cannot be read.
    """
    try:
        begun = dict(json.loads(note.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise InputError(
            f"{note} cannot be read, so it is not known of which fit; choose another --out"
        ) from error
    other = [name for name, value in settings.items() if begun.get(name) != value]
    if other:
        raise InputError(
            f"{note.parent} holds a fit with other settings ({', '.join(other)}); choose another "
            "--out"
        )
