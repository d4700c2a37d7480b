"""Fitting: a simulation-based posterior over the parameters that the record can tell apart.

The panel of all contributors speaks about the shared parameters: those are kept whose forecasts
from earlier origins score best (``training``).  Then the two states' own levels are fitted to their
own record (``levels``).  Every candidate gets common random numbers, so that scores differ by the
parameters alone.  What is in neither keeps the value of its prior (``model_review`` section 2 says
why).
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
from scenarios.running.run_options import check_numbers
from scenarios.storage import atomic_write, provenance
from scenarios.storage.output_folder import LOCK, NOT_COUNTED, Lock

from . import abc_sampler, national_levels, priors, training_windows
from .abc_sampler import Problem
from .fitted_parameters import FITTED


def panel(until: str, runs: int) -> Problem:
    """What the panel of all contributors tells: ``FITTED``, by forecasts from earlier origins."""
    found = training_windows.windows(until)
    return Problem("panel", FITTED, lambda chosen: training_windows.loss(found, chosen, runs))


def calibrate(
    until: str,
    out: Path,
    population: int = 60,
    generations: int = 1,
    runs: int = 20,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    own_until: str | None = None,
) -> pd.DataFrame:
    """The posterior as a table of draws: one row a draw, a column a parameter, and ``weight``.

    First the shared parameters are fitted to the panel of all contributors, then the levels of
    Japan and Korea to their own record.  Everything is kept in ``out``, every candidate as soon as
    it is tried; a second call goes on where the first was broken off and ends with the same table
    as an unbroken one.

    Args:
        progress: hears how many candidates are done, and about how many there are to do.
        own_until: last month that the levels of Japan and Korea may see; ``until`` when not given.

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
    own_until = own_until or until
    settings = _settings(until, own_until, population, runs, seed)
    with kept_in(out, settings, "fit.json"):
        return _fitted(until, out, population, generations, runs, seed, progress, own_until)


def least_population(generations: int) -> int:
    """Fewest draws: a second generation is drawn around more of them than there are parameters."""
    return 2 if generations == 1 else max(len(FITTED), len(national_levels.LEVELS)) + 2


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


def _fitted(
    until: str,
    out: Path,
    population: int,
    generations: int,
    runs: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
    own_until: str,
) -> pd.DataFrame:
    """The draws; arguments as in ``calibrate``."""
    made = [panel(until, runs), national_levels.own(own_until, runs)]
    each = generations * abc_sampler.candidates(population)
    parts: list[pd.DataFrame] = []
    for number, problem in enumerate(made):

        def tell(done: int, total: int, before: int = number * each) -> None:
            if progress is not None:
                progress(before + done, max(len(made) * each, before + total))

        folder = out / problem.name
        parts.append(abc_sampler.sample(problem, folder, population, generations, seed, tell))
    table = parts[0]
    for part in parts[1:]:  # independent of the first: draws are compared with each other in turn
        table = table.join(abc_sampler.resampled(part, seed, len(table)).drop(columns="weight"))
    table = table[[name for name in table if name != "weight"] + ["weight"]]
    text = table.to_csv(index=False, lineterminator="\n")
    atomic_write.write_whole(out / "draws.csv", text.encode())
    return table


def _settings(until: str, own_until: str, population: int, runs: int, seed: int) -> dict[str, Any]:
    """All that the draws of a fit hang on, but for the number of generations."""
    return {
        "until": until,
        "own_until": own_until,
        "population": population,
        "runs": runs,
        "seed": seed,
        "parameters": [*FITTED, *national_levels.LEVELS],
        "code": provenance.code_hash(Path(calibration.__file__).parent),
        "data": provenance.text_hash(json.dumps(provenance.data_hashes())),
        "priors": provenance.text_hash(priors.priors().to_csv()),
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
