"""How time and memory grow: with runs, states, months and missions.

``python -m benchmarks.growth [--quick] [--out FILE]`` measures processor time of one thread, the
least of several repetitions, and the peak memory of a process, at a few sizes of each, one size
changed at a time; the exponent is the slope of a line through the logarithms (1: twice the size
takes twice as much).  From the largest it reckons what a million runs of all states would need.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .speed import asked, machine, tell

ROOT = Path(__file__).parent.parent
MILLION = 1_000_000


def least(work: Callable[[], Any], repeats: int) -> float:
    """Least processor time of ``work`` in seconds, after one unmeasured warm-up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def exponent(sizes: list[float], values: list[float]) -> float:
    """Slope of a line through the logarithms."""
    slope, _ = np.polyfit(np.log(sizes), np.log(values), 1)
    return float(slope)


def of_run(settings: Any, repeats: int, runs: int = 4) -> float:
    """Seconds of one run of a world, without what is read off it."""
    from model.engine import ensemble
    from model.engine.run_arrays import NO_TRACE
    from model.world.build import build

    world = build(settings)

    def work() -> None:
        for _ in ensemble.simulate(world, range(runs), 1, threads=1, trace=NO_TRACE):
            pass

    return least(work, repeats) / runs


def opened(number: int) -> tuple[Any, ...]:
    """So many further missions of the United Nations from 1995 to 2005."""
    from model.settings import Event

    values = {
        "month": "1995-01",
        "end": "2005-12",
        "framework": "un_pko",
        "host": "THA",
        "strength": 4000,
        "kinds": {"engineer": 0.2, "infantry": 0.7, "staff": 0.1},
    }
    return tuple(
        Event("open_mission", values | {"mission": f"Further {place}"}) for place in range(number)
    )


def measure(quick: bool) -> dict[str, dict[str, Any]]:
    """Sizes, seconds and exponents by what grows."""
    from model.settings import Settings
    from model.world import missions
    from model.world.states import roster

    repeats = 2 if quick else 5
    codes = ["JPN", "KOR", *(code for code in roster()["iso3"] if code not in ("JPN", "KOR"))]
    found: dict[str, dict[str, Any]] = {}

    def row(name: str, sizes: list[float], values: list[float], unit: str) -> None:
        found[name] = {
            **{f"{size:g}": value for size, value in zip(sizes, values, strict=True)},
            f"exponent of {unit}": exponent(sizes, values),
        }

    counts = [2, 12, 48, 193]
    whole = [
        of_run(Settings(end="2010-12", deliberating=tuple(codes[:count])), repeats)
        for count in counts
    ]
    row("states, s a run of 20 years", [float(c) for c in counts], whole, "time")
    years = [5, 10, 20, 33]
    lasting = [
        of_run(Settings(end=f"{1990 + year}-12", deliberating=("all",)), repeats) for year in years
    ]
    row("years, s a run of all states", [float(y) for y in years], lasting, "time")
    more = [0, 20, 60, 180]
    known = len(missions.roster())
    there = [float(known + number) for number in more]
    busy = [of_run(Settings(end="2010-12", events=opened(number)), repeats) for number in more]
    row("missions, s a run of two states, 20 years", there, busy, "time")
    runs = [100.0, 1000.0, 10000.0]
    seconds = [float(asked("growth", "--seconds", int(count))) for count in runs]
    row("runs of two states, s", runs, seconds, "time")
    peaks = [float(asked("speed", "--summarise", int(count))) for count in runs]
    row("runs of two states summarised, MB", runs, peaks, "memory")
    kept = [float(asked("growth", "--kept", int(count))) for count in (200, 500, 2000)]
    row("runs of two states kept and put in the table, MB", [200, 500, 2000], kept, "memory")
    found["a million runs of all states, 1990 to 2023"] = {
        "hours on one core": lasting[-1] * MILLION / 3600,
        "hours on two cores": lasting[-1] * MILLION / 7200,
        "MB at its peak, summarised": peaks[-1],
    }
    return found


def seconds_of(runs: int) -> float:
    """Processor time of so many two-state runs, of which a summary is kept."""
    from model.engine import ensemble
    from model.engine.run_arrays import NO_TRACE
    from model.settings import Settings
    from model.world.build import build
    from scenarios.running.streaming_summary import Summary

    world, summary = build(Settings()), Summary()
    list(ensemble.simulate(world, range(2), 1, threads=1, trace=NO_TRACE))
    start = time.process_time()
    for chunk in ensemble.simulate(world, range(runs), 1, threads=1, trace=NO_TRACE):
        summary.add(chunk)
    summary.table()
    return time.process_time() - start


def peak_kept(runs: int) -> float:
    """Peak memory in MB of a process that runs and shows the table beside the record."""
    import resource

    import peacekeeping as pk

    pk.beside_record(pk.run("historical", runs=runs, keep="runs"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "growth.json")
    parser.add_argument("--seconds", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--kept", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seconds:
        print(seconds_of(options.seconds))
    elif options.kept:
        print(peak_kept(options.kept))
    else:
        tell({"machine": machine(), **measure(options.quick)}, options.out)


if __name__ == "__main__":
    main()
