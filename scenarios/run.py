"""Running a scenario: from its name to a result, with overrides, progress and a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.months import month_number

from . import engine as simulation
from . import library, names, provenance, recorded
from .engine import ENGINES, Engine
from .results import FORMATS, Format, Result, Writer
from .schema import Period, Scenario, within_reach

Progress = Callable[[int, int], None]

LARGEST_SEED = 2**64 - 1
MOST_RUNS = 2**31 - 1


def resolve(
    scenario: str | Path | Scenario,
    *,
    start: str | None = None,
    end: str | None = None,
    deliberating: Sequence[str] | None = None,
    settings: Mapping[str, float] | None = None,
) -> Scenario:
    """A scenario with what the user changed: period, deliberating states, levers by name."""
    chosen = scenario if isinstance(scenario, Scenario) else library.find(scenario)
    first, last = start or chosen.period.start, end or chosen.period.end
    within_reach(first, "the first month")
    within_reach(last, "the last month")
    if month_number(last) < month_number(first):
        raise InputError(f"the last month {last} is before the first month {first}")
    update: dict[str, Any] = {"period": Period(start=first, end=last)}
    if deliberating is not None:
        update["deliberating"] = (
            "all"
            if [state.lower() for state in deliberating] == ["all"]
            else list(dict.fromkeys(names.state(state) for state in deliberating))
        )
    levers, uncertainties = dict(chosen.levers), dict(chosen.uncertainties)
    for name, value in (settings or {}).items():
        names.setting(name, value)
        if name in uncertainties or name not in names.levers():
            uncertainties[name] = float(value)
        else:
            levers[name] = float(value)
    return chosen.changed(**update, levers=levers, uncertainties=uncertainties)


def run(
    scenario: str | Path | Scenario,
    runs: int = 200,
    seed: int = 1,
    *,
    start: str | None = None,
    end: str | None = None,
    deliberating: Sequence[str] | None = None,
    settings: Mapping[str, float] | None = None,
    out: str | Path | None = None,
    format: Format = "parquet",
    threads: int | None = None,
    engine: Engine = "ensemble",
    progress: Progress | None = None,
) -> Result:
    """Run a scenario ``runs`` times and return its tables.

    Args:
        scenario: a name in the library (``name/variant``), a TOML file, or a Scenario.
        runs: replications that differ only by their number, which the luck is keyed by.
        seed: 0 to 2**64 - 1; the same seed gives the same result on any machine.
        start: first decision month; the states are carried as recorded up to the month before.
        end: last month, inclusive.
        deliberating: codes or names of the states that decide, or ``["all"]``.
        settings: values of levers and uncertainties by name.
        out: folder to write into; without it the result stays in memory.
        format: ``parquet`` or ``csv``, for the folder.
        threads: number of threads; results do not depend on it.
        engine: ``ensemble``, or ``mesa`` for the slow, readable model; the results are the same.
        progress: called with the runs done and the runs asked for.

    Raises:
        InputError: anything misspelt, out of range or unwritable, in one sentence.
    """
    chosen = resolve(
        scenario, start=start, end=end, deliberating=deliberating, settings=settings
    )
    check_numbers(runs, seed)
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; valid are {', '.join(FORMATS)}")
    if engine not in ENGINES:
        raise InputError(f"unknown engine {engine!r}; valid are {', '.join(ENGINES)}")
    manifest = _manifest(chosen, runs, seed, start, end, deliberating, settings, format, engine)
    frame = manifest["frame"]

    def frames() -> Any:
        done = 0
        for chunk in simulation.simulate(
            chosen, range(runs), seed, threads=threads, engine=engine
        ):
            yield chunk
            done += chunk.runs
            if progress is not None:
                progress(done, runs)

    if out is None:
        return Result(manifest, frames=list(frames()))
    with Writer(Path(out), format) as writer:
        for chunk in frames():
            writer.add(chunk)
        writer.add_record(recorded.monthly(frame["states"], frame["start"], frame["end"]))
        whole = writer.finish(manifest)
    return Result(whole, Path(out))


def check_numbers(runs: int, seed: int) -> None:
    if not 1 <= runs <= MOST_RUNS:
        raise InputError(f"runs = {runs} is out of range; ask for 1 to {MOST_RUNS}")
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed = {seed} is out of range; it goes from 0 to 2**64 - 1")


def _manifest(
    scenario: Scenario,
    runs: int,
    seed: int,
    start: str | None,
    end: str | None,
    deliberating: Sequence[str] | None,
    settings: Mapping[str, float] | None,
    format: Format,
    engine: Engine,
) -> dict[str, Any]:
    """The manifest; the command is written anew without the folder, so that it names no place."""
    base = scenario.name
    command = ["peacekeeping", "run", base, "--runs", str(runs), "--seed", str(seed)]
    command += ["--from", start] if start else []
    command += ["--to", end] if end else []
    command += ["--deliberating", ",".join(deliberating)] if deliberating else []
    for name, value in (settings or {}).items():
        command += ["--set", f"{name}={value:g}"]
    command += ["--format", format] if format != "parquet" else []
    command += ["--engine", engine] if engine != "ensemble" else []
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
        "frame": {
            "start": scenario.period.start,
            "end": scenario.period.end,
            "states": list(simulation.watched(scenario)),
        },
        "program": provenance.describe(command),
    }
