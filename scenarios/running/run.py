"""Running a scenario: from its name to a result, with overrides, progress and a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Unpack

from model.errors import InputError
from model.months import month_number

from ..definition import lookup
from ..file_format.schema import Scenario
from ..storage import provenance
from . import model_adapter as simulation
from . import record_series
from .model_adapter import MOST_RUNS_OF_ALL, Agents
from .other_tables import takes_tables
from .result import Result
from .result_folder import RECORD
from .result_writer import Draw, Writer
from .run_options import (
    ENGINES,
    FORMATS,
    KEEPS,
    Engine,
    Format,
    Keep,
    RunOptions,
    check_numbers,
    check_threads,
    in_command,
    in_manifest,
    resolve,
)

Progress = Callable[[int, int], None]

# Memory of runs kept in full, estimated from 200 and 2,000 runs of the whole record.
BYTES_AT_LEAST = 450_000_000
BYTES_OF_DRAWING = 250_000_000
BYTES_IN_MEMORY = 90  # of a run, for each month and active state
BYTES_WRITTEN = 700  # of a run, for each month: figures are drawn of one state after the other
MUCH = 1_500_000_000  # bytes; more is said before it is taken
MOST_RUNS_KEPT = 2000  # of more, only a summary is kept unless every run is asked for


@takes_tables
def run(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    runs: int = 200,
    seed: int = 1,
    *,
    out: str | Path | None = None,
    format: Format = "parquet",
    threads: int | None = None,
    engine: Engine = "ensemble",
    keep: Keep | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    draw: Draw | None = None,
    tables: str | Path | None = None,
    agent_class: Agents = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Run a scenario ``runs`` times and return its tables.

    Args:
        scenario: a name in the library (``name/variant``), a TOML file, a dictionary with the keys
            of one, or a Scenario.
        runs: replications that differ only in their random draws, keyed by their number.
        seed: 0 to 2**64 - 1; the same seed gives the same result on any machine.
        out: folder to write into; without it the result stays in memory.
        format: ``parquet`` or ``csv``, for the folder.
        threads: number of threads; results do not depend on it.
        engine: ``ensemble``, or ``mesa`` for the slow, readable model; the results are the same.
        keep: ``runs`` keeps every run; ``summary`` only what they add up to (mean, quantiles,
            presence, entries and exits), in memory that does not grow with the runs.  Without it,
            every run of up to 2,000, else the summary, which is said on the error stream.
        progress: called with the runs done and the runs asked for.
        overwrite: replace another result of this program in the folder; that of the same command
            is replaced unasked, and what the program did not write is never touched.
        draw: draws figures of the finished tables into a folder, before both take their place.
        tables: folder of tables to run with, such as ``peacekeeping data add`` writes; in a process
            of its own, which takes a few seconds to start.
        agent_class: class of the states, or of some by ISO code, derived from
            ``peacekeeping.StateAgent``; the engine is then ``mesa``.
        options: ``start``, ``end``, ``deliberating``, ``settings``, ``point`` and ``terms``, as in
            ``RunOptions``: what is changed of the scenario.

    Raises:
        InputError: anything misspelt, out of range or unwritable, in one sentence.

    Example:
        >>> import peacekeeping as pk
        >>> result = pk.run("historical", runs=3, seed=1, start="2010-01", end="2011-12")
        >>> result.series.columns[:4].tolist()
        ['scenario', 'run', 'seed', 'month']
    """
    chosen = resolve(scenario, **options)
    check_numbers(runs, seed)
    check_threads(threads)
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; valid are {', '.join(FORMATS)}")
    if engine not in ENGINES:
        raise InputError(f"unknown engine {engine!r}; valid are {', '.join(ENGINES)}")
    if keep is not None and keep not in KEEPS:
        raise InputError(f"unknown keep {keep!r}; valid are {', '.join(KEEPS)}")
    kept: Keep = keep or ("summary" if runs > MOST_RUNS_KEPT else "runs")
    if agent_class is not None:
        engine = "mesa"
    overrides = in_manifest(options, chosen.terms) | _agents(agent_class, chosen)
    manifest = _manifest(chosen, runs, seed, overrides, format, engine, kept)
    _tell(chosen, runs, keep, kept, memory(chosen, runs, written=out is not None))
    if kept == "summary":
        writer = None if out is None else _writer(out, format, manifest, overwrite)
        how: dict[str, Any] = {"threads": threads, "engine": engine, "agents": agent_class}
        return _summarised(chosen, manifest, writer, draw, how, progress)
    frame = manifest["frame"]

    def frames() -> Any:
        done = 0
        how: dict[str, Any] = {"threads": threads, "engine": engine, "agents": agent_class}
        for chunk in simulation.simulate(chosen, range(runs), seed, **how):
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
    how: Mapping[str, Any],
    progress: Progress | None,
) -> Result:
    """The result of a run that keeps a summary only; ``how`` it is simulated."""
    runs, frame = manifest["runs"], manifest["frame"]
    counted = 0

    def done(more: int) -> None:
        nonlocal counted
        counted += more
        if progress is not None:
            progress(counted, runs)

    def tables() -> dict[str, Any]:
        return simulation.summarise(scenario, range(runs), manifest["seed"], done=done, **how)

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


def _agents(given: Agents, scenario: Scenario) -> dict[str, Any]:
    """Names of the classes of the states that are not ours, for the manifest."""
    if given is None:
        return {}
    from model.engine.state_agent import StateAgent, class_of

    found = class_of(given, list(lookup.states()))
    told = given if isinstance(given, Mapping) else simulation.reported_states(scenario)
    return {
        "agents": {code: found[code].__name__ for code in told if found[code] is not StateAgent}
    }


def memory(scenario: Scenario, runs: int, *, written: bool) -> int:
    """About how many bytes of memory runs take that are kept in full, in a folder or without."""
    months = month_number(scenario.period.end) - month_number(scenario.period.start) + 1
    if written:
        return BYTES_AT_LEAST + BYTES_OF_DRAWING + runs * months * BYTES_WRITTEN
    states = len(simulation.reported_states(scenario))
    return BYTES_AT_LEAST + runs * months * states * BYTES_IN_MEMORY


def _tell(scenario: Scenario, runs: int, keep: Keep | None, kept: Keep, taken: int) -> None:
    """Say on the error stream what of the runs is not kept, if that was not asked for, and what
    keeping all would take."""
    if kept == "runs" and taken > MUCH:
        print(
            f"{runs:,} runs kept in full take some {taken / 1e9:.1f} GB of memory; "
            "--keep summary needs constant memory.",
            file=sys.stderr,
            flush=True,
        )
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


def _manifest(
    scenario: Scenario,
    runs: int,
    seed: int,
    overrides: dict[str, Any],
    format: Format,
    engine: Engine,
    keep: Keep,
) -> dict[str, Any]:
    """The manifest; the command is written without the folder, so that it names no place."""
    base = scenario.name
    command = ["peacekeeping", "run", base, "--runs", str(runs), "--seed", str(seed)]
    command += in_command(overrides)
    command += ["--format", format] if format != "parquet" else []
    command += ["--engine", engine] if engine != "ensemble" else []
    command += ["--keep", keep] if (keep == "summary") != (runs > MOST_RUNS_KEPT) else []
    others = simulation.others_kept(scenario, runs) if keep == "runs" else ()
    return {
        "scenario": {"name": base, **scenario.model_dump(mode="json", exclude={"variants"})},
        "overrides": overrides,
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
