"""Sweeps measured: killed twenty times, compared with alternatives, large and resumed.

``python -m benchmarks.sweep_runs [--quick] [--out FILE]`` measures, for two deciding states:

- whether a sweep killed twenty times at random moments ends with the bytes of one left alone;
- what 10,000 configurations of 20 runs cost beyond the ensemble's own time for as many runs;
- a configuration under ``mesa.batch_run`` and under a plain process pool, compared with the
sweep's; - how long a sweep of a million rows takes to resume, and peak memory of small and large
sweeps.

``--quick`` takes the years 1990 to 1994 and a tenth of the configurations.
"""

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from .speed import machine, tell

ROOT = Path(__file__).parent.parent
DESIGN = """title = "Measured"
question = "How long?"
method = "latin_hypercube"
samples = {samples}
runs = {runs}

[period]
start = "1990-11"
end = "{end}"

[vary.alliance_pressure]
low = 0.5
high = 2.0

[vary.home_threat]
low = 0.5
high = 2.0

[outcomes.japan]
state = "JPN"
group = "un"

[outcomes.korea]
state = "KOR"
measure = "peak"
"""


def design(folder: Path, samples: int, end: str, runs: int = 20) -> Path:
    """A design of so many configurations, in a file."""
    path = folder / f"measured-{samples}.toml"
    path.write_text(DESIGN.format(samples=samples, end=end, runs=runs), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every file of a sweep."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def kills(folder: Path, times: int, end: str) -> dict[str, Any]:
    """Kill one sweep again and again at random moments; is it the same in the end?"""
    path = design(folder, 400, end)
    command = [sys.executable, "-m", "benchmarks.sweep_runs", "--sweep", str(path)]
    begun = time.perf_counter()
    subprocess.run([*command, str(folder / "alone")], check=True, cwd=ROOT)
    whole = time.perf_counter() - begun
    chance, killed, tries = random.Random(20), 0, 0
    while killed < times:
        tries += 1
        out = folder / f"killed-{tries}"
        while True:
            process = subprocess.Popen([*command, str(out)], cwd=ROOT)
            try:
                process.wait(timeout=chance.uniform(0.3, 1.0) * whole * 0.7)
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
        if contents(out) != contents(folder / "alone"):
            return {"killed": killed, "same bytes": False}
    return {"killed": killed, "sweeps they were spread over": tries, "same bytes": True}


def overhead(folder: Path, configurations: int, end: str) -> dict[str, Any]:
    """Seconds of a sweep compared with the ensemble's for as many runs of one world."""
    from model.engine import ensemble
    from model.engine.run_arrays import NO_TRACE
    from model.settings import Settings
    from model.world.build import build
    from scenarios.sweeps.sweep import sweep

    path = design(folder, configurations, end)
    world = build(Settings(end=end, afterwards="recorded"))
    sweep(design(folder, 16, end), folder / "warm")
    runs = configurations * 20

    def alone(runs: int) -> float:
        begun = time.perf_counter()
        for _ in ensemble.simulate(world, range(runs), 1, trace=NO_TRACE):
            pass
        return time.perf_counter() - begun

    alone(200)
    before = alone(runs // 2)
    begun = time.perf_counter()
    sweep(path, folder / "large")
    whole = time.perf_counter() - begun
    own = before + alone(runs // 2)  # halves before and after, for a machine that others use
    return {
        "configurations": configurations,
        "ensemble alone, s": own,
        "sweep, s": whole,
        "overhead (target at most 0.1)": whole / own - 1.0,
        "configurations a second": configurations / whole,
    }


def pooled(values: tuple[float, float, str]) -> float:
    """What a plain process pool does for one configuration."""
    import peacekeeping as pk

    settings = {"alliance_pressure": values[0], "home_threat": values[1]}
    result = pk.run("historical", 20, 1, end=values[2], settings=settings, threads=1)
    people = result.series[result.series["variable"] == "personnel"]
    return float(people.loc[people["kind"] == "all", "value"].sum())


def others(configurations: int, end: str) -> dict[str, Any]:
    """Seconds a configuration takes under a plain process pool and under ``mesa.batch_run``."""
    chance = np.random.default_rng(1)
    values = [(*chance.uniform(0.5, 2.0, 2), end) for _ in range(configurations)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(pooled, values[:2]))
        begun = time.perf_counter()
        list(pool.map(pooled, values))
        pool_time = (time.perf_counter() - begun) / configurations
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.sweep_runs", "--batch-run", end],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return {
        "plain process pool of 2, s a configuration": pool_time,
        "mesa.batch_run with 2 processes, s a configuration": float(answer.stdout.split()[-1]),
    }


def batch_run(end: str) -> float:
    """Seconds a configuration of 20 runs takes under ``mesa.batch_run``, our own rules compiled."""
    import mesa

    from model.engine.mesa_model import PeacekeepingModel
    from model.settings import Settings

    settings = [Settings(end=end, overrides={"home_threat": value}) for value in (0.5, 1.5)]
    begun = time.perf_counter()
    mesa.batch_run(
        PeacekeepingModel,
        parameters={"settings": settings, "run": list(range(20))},
        number_processes=2,
        iterations=1,
        max_steps=10_000,
        data_collection_period=-1,
        display_progress=False,
    )
    return (time.perf_counter() - begun) / len(settings)


def resumed(folder: Path, configurations: int) -> dict[str, Any]:
    """Seconds until a stored sweep of a million rows has found what is missing and goes on."""
    from scenarios.sweeps import chunk
    from scenarios.sweeps.plan import plan
    from scenarios.sweeps.store import Store
    from scenarios.sweeps.sweep import sweep

    whole = plan(design(folder, configurations, "1990-12"))
    out = folder / "million"
    chance = np.random.default_rng(1)
    with Store(out) as kept:
        kept.open(whole.manifest(), whole.table, resume=False)
        for one in whole.blocks(list(range(whole.chunks - 1))):  # made up: only the last is missing
            values = chance.standard_normal((len(one.values) * one.runs, 2))
            errors = np.full(len(values), "", dtype=object)
            table = chunk.encoded(chunk.outcome_table(one, values, errors))
            kept.add(chunk.Done(one.number, len(values), 0, {"outcomes": table}))
    seen: list[float] = []
    begun = time.perf_counter()
    sweep(
        whole.design,
        out,
        resume=True,
        progress=lambda *_: seen.append(time.perf_counter() - begun),
    )
    return {
        "rows": whole.runs,
        "until the missing chunk is run, s (target 5)": seen[0],
        "until all is joined, s": time.perf_counter() - begun,
    }


def memory(folder: Path, configurations: int) -> float:
    """Peak memory in MB of a process that sweeps so many configurations of a few months."""
    path = design(folder, configurations, "1991-06", runs=5)
    command = [sys.executable, "-m", "benchmarks.sweep_runs", "--sweep", str(path)]
    answer = subprocess.run(
        [*command, str(folder / f"memory-{configurations}")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return float(answer.stdout.split()[-1])


def sweep_here(path: str, out: str) -> float:
    """Sweep, or go on with it; returns this process's peak memory in MB."""
    from scenarios.sweeps.sweep import sweep

    sweep(path, out, resume=(Path(out) / "manifest.json").exists())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def measure(quick: bool) -> dict[str, Any]:
    """All of it, in a temporary folder."""
    end = "1994-12" if quick else "2023-12"
    part = 10 if quick else 1
    folder = Path(tempfile.mkdtemp(prefix="sweeps-"))
    try:
        # First, for a process inherits the peak of its parent; the very first may compile.
        _, small, large = (memory(folder, n) for n in (10, 1_000, 20_000 // part))
        return {
            "a configuration of 20 runs": others(20, end),
            "many configurations": overhead(folder, 10_000 // part, end),
            "killed": kills(folder, 20, end),
            "resumed": resumed(folder, 50_000),
            "memory": {
                "peak, 1,000 configurations, MB": small,
                f"peak, {20_000 // part:,} configurations, MB": large,
            },
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1990 to 1994, fewer configurations")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "sweeps.json")
    parser.add_argument("--sweep", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--batch-run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sweep:
        print(sweep_here(*options.sweep))
        return
    if options.batch_run:
        print(batch_run(options.batch_run))
        return
    results = {"machine": machine(), **measure(options.quick)}
    tell(results, options.out)
    if not results["killed"]["same bytes"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
