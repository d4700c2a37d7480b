"""Running a scenario: from its name to a result, with overrides, progress and a folder."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from model.errors import InputError, unknown
from model.months import month_number
from model.settings import REFORMS

from ..definition import library, lookup
from ..definition.schema import Period, Scenario, within_reach
from ..storage import provenance
from . import model_adapter as simulation
from . import record_series
from .model_adapter import ENGINES, MOST_RUNS_OF_ALL, Engine
from .result import FORMATS, KEEPS, RECORD, Draw, Format, Keep, Result, Writer

Progress = Callable[[int, int], None]

LARGEST_SEED = 2**64 - 1
MOST_RUNS = 2**31 - 1
MOST_RUNS_KEPT = 2000  # of more, only a summary is kept unless every run is asked for


def resolve(
    scenario: str | Path | Scenario,
    *,
    start: str | None = None,
    end: str | None = None,
    deliberating: Sequence[str] | None = None,
    settings: Mapping[str, float | str] | None = None,
    point: bool | None = None,
) -> Scenario:
    """A scenario with what the user changed: period, deliberating states, levers by name."""
    chosen = scenario if isinstance(scenario, Scenario) else library.find(scenario)
    first = chosen.period.start if start is None else start
    last = chosen.period.end if end is None else end
    within_reach(first, "the first month")
    within_reach(last, "the last month")
    if month_number(last) < month_number(first):
        raise InputError(f"the last month {last} is before the first month {first}")
    update: dict[str, Any] = {"period": Period(start=first, end=last)}
    if point is not None:
        update["point"] = point
    if deliberating is not None:
        update["deliberating"] = (
            "all"
            if [state.lower() for state in deliberating] == ["all"]
            else list(dict.fromkeys(lookup.state(state) for state in deliberating))
        )
    levers, uncertainties = dict(chosen.levers), dict(chosen.uncertainties)
    for name, value in (settings or {}).items():
        if name == "reform":
            update["reform"] = reform_mode(value)
            continue
        if isinstance(value, str):
            raise InputError(f"--set {name}: {value!r} is not a number")
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise InputError(f"--set {name}: {value!r} is not a number")
        lookup.setting(name, value)
        if name in uncertainties or name not in lookup.levers():
            uncertainties[name] = float(value)
        else:
            levers[name] = float(value)
    return chosen.changed(**update, levers=levers, uncertainties=uncertainties)


def reform_mode(value: float | str) -> str:
    """How reform packages come about, as ``--set reform=`` names it."""
    if value not in REFORMS:
        raise unknown("reform", str(value), REFORMS, "--set")
    return str(value)


def exact(value: float) -> str:
    """A number as a command takes it, to the last bit."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def written(settings: Mapping[str, float | str] | None) -> list[str]:
    """The options of a command that set these values."""
    words = []
    for name, value in (settings or {}).items():
        words += ["--set", f"{name}={value if isinstance(value, str) else exact(value)}"]
    return words


def run(
    scenario: str | Path | Scenario,
    runs: int = 200,
    seed: int = 1,
    *,
    start: str | None = None,
    end: str | None = None,
    deliberating: Sequence[str] | None = None,
    settings: Mapping[str, float | str] | None = None,
    out: str | Path | None = None,
    format: Format = "parquet",
    threads: int | None = None,
    engine: Engine = "ensemble",
    keep: Keep | None = None,
    point: bool | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    draw: Draw | None = None,
) -> Result:
    """Run a scenario ``runs`` times and return its tables.

    Args:
        scenario: a name in the library (``name/variant``), a TOML file, or a Scenario.
        runs: replications that differ only by their number, which the luck is keyed by.
        seed: 0 to 2**64 - 1; the same seed gives the same result on any machine.
        start: first decision month; the states are carried as recorded up to the month before.
        end: last month, inclusive.
        deliberating: codes or names of the states that decide, or ``["all"]``.
        settings: values of levers and uncertainties by name; ``reform`` dated, endogenous or none.
        out: folder to write into; without it the result stays in memory.
        format: ``parquet`` or ``csv``, for the folder.
        threads: number of threads; results do not depend on it.
        engine: ``ensemble``, or ``mesa`` for the slow, readable model; the results are the same.
        keep: ``runs`` keeps every run; ``summary`` only what they add up to (mean, quantiles,
            presence, entries and exits), in memory that does not grow with the runs.  Without it,
            every run of up to 2,000, else the summary, which is said on the error stream.
        point: every run has the centre of the parameters; without it, each has a draw of the
            posterior, the same draw in every scenario.
        progress: called with the runs done and the runs asked for.
        overwrite: replace another result of this program in the folder; that of the same command
            is replaced unasked, and what the program did not write is never touched.
        draw: draws figures of the finished tables into a folder, before both take their place.

    Raises:
        InputError: anything misspelt, out of range or unwritable, in one sentence.
    """
    chosen = resolve(
        scenario,
        start=start,
        end=end,
        deliberating=deliberating,
        settings=settings,
        point=point,
    )
    check_numbers(runs, seed)
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; valid are {', '.join(FORMATS)}")
    if engine not in ENGINES:
        raise InputError(f"unknown engine {engine!r}; valid are {', '.join(ENGINES)}")
    if keep is not None and keep not in KEEPS:
        raise InputError(f"unknown keep {keep!r}; valid are {', '.join(KEEPS)}")
    kept: Keep = keep or ("summary" if runs > MOST_RUNS_KEPT else "runs")
    manifest = _manifest(
        chosen, runs, seed, start, end, deliberating, settings, format, engine, kept
    )
    _tell(chosen, runs, keep, kept)
    if kept == "summary":
        writer = None if out is None else _writer(out, format, manifest, overwrite)
        return _summarised(chosen, manifest, writer, draw, threads, engine, progress)
    frame = manifest["frame"]

    def frames() -> Any:
        done = 0
        for chunk in simulation.simulate(chosen, range(runs), seed, threads=threads, engine=engine):
            yield chunk
            done += chunk.runs
            if progress is not None:
                progress(done, runs)

    if out is None:
        return Result(manifest, frames=list(frames()))
    with _writer(out, format, manifest, overwrite) as writer:
        for chunk in frames():
            writer.add(chunk)
        writer.add_whole(
            RECORD, record_series.monthly(frame["states"], frame["start"], frame["end"])
        )
        whole = writer.finish(manifest, draw)
    return Result(whole, writer.folder)


def _writer(
    out: str | Path, format: Format, manifest: Mapping[str, Any], overwrite: bool
) -> Writer:
    return Writer(out, format, manifest["program"]["command"], overwrite)


def _summarised(
    scenario: Scenario,
    manifest: dict[str, Any],
    writer: Writer | None,
    draw: Draw | None,
    threads: int | None,
    engine: Engine,
    progress: Progress | None,
) -> Result:
    """The result of a run that keeps a summary only."""
    runs, frame = manifest["runs"], manifest["frame"]
    counted = 0

    def done(more: int) -> None:
        nonlocal counted
        counted += more
        if progress is not None:
            progress(counted, runs)

    def tables() -> dict[str, Any]:
        return simulation.summarise(
            scenario, range(runs), manifest["seed"], threads=threads, engine=engine, done=done
        )

    if writer is None:
        return Result(manifest, tables=tables())
    with writer:
        for name, table in tables().items():
            writer.add_whole(name, table)
        writer.add_whole(
            RECORD, record_series.monthly(frame["states"], frame["start"], frame["end"])
        )
        whole = writer.finish(manifest, draw)
    return Result(whole, writer.folder)


def _tell(scenario: Scenario, runs: int, keep: Keep | None, kept: Keep) -> None:
    """Say on the error stream what of the runs is not kept, if nobody asked for that."""
    if keep is None and kept == "summary":
        print(
            f"More than {MOST_RUNS_KEPT:,} runs: only their summary is kept, as with "
            "--keep summary; --keep runs keeps every run.",
            file=sys.stderr,
            flush=True,
        )
    if scenario.deliberating == "all" and (kept == "summary" or runs > MOST_RUNS_OF_ALL):
        states = " and ".join(simulation.reported_states(scenario))
        print(
            f"Every state decides, but only {states} are kept; "
            f"up to {MOST_RUNS_OF_ALL} runs with every run kept hold the totals of all states.",
            file=sys.stderr,
            flush=True,
        )


def check_numbers(runs: int, seed: int, most: int = MOST_RUNS) -> None:
    """Raise InputError unless both are whole numbers in range; ``most``: runs at most."""
    for name, value in (("runs", runs), ("seed", seed)):
        if not isinstance(value, Integral) or isinstance(value, bool):
            raise InputError(f"{name} = {value!r} is not a whole number")
    if not 1 <= runs <= most:
        raise InputError(f"runs = {runs} is out of range; ask for 1 to {most}")
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed = {seed} is out of range; it goes from 0 to 2**64 - 1")


def _manifest(
    scenario: Scenario,
    runs: int,
    seed: int,
    start: str | None,
    end: str | None,
    deliberating: Sequence[str] | None,
    settings: Mapping[str, float | str] | None,
    format: Format,
    engine: Engine,
    keep: Keep,
) -> dict[str, Any]:
    """The manifest; the command is written anew without the folder, so that it names no place."""
    base = scenario.name
    command = ["peacekeeping", "run", base, "--runs", str(runs), "--seed", str(seed)]
    command += ["--from", start] if start else []
    command += ["--to", end] if end else []
    command += ["--deliberating", ",".join(deliberating)] if deliberating else []
    command += ["--point"] if scenario.point else []
    command += written(settings)
    command += ["--format", format] if format != "parquet" else []
    command += ["--engine", engine] if engine != "ensemble" else []
    command += ["--keep", keep] if (keep == "summary") != (runs > MOST_RUNS_KEPT) else []
    others = simulation.others_kept(scenario, runs) if keep == "runs" else ()
    return {
        "scenario": {"name": base, **scenario.model_dump(mode="json", exclude={"variants"})},
        "overrides": {
            "from": start,
            "to": end,
            "deliberating": list(deliberating) if deliberating else None,
            "settings": dict(settings or {}),
        },
        "runs": runs,
        "seed": seed,
        "keep": keep,
        "frame": {
            "start": scenario.period.start,
            "end": scenario.period.end,
            "states": list(simulation.reported_states(scenario)),
            "totals_only": list(others),  # states of which series has kind all and nothing else
        },
        "program": provenance.describe(command),
    }
