"""Sweeps measured: what they cost, large and resumed.

``python -m benchmarks.sweep_runs [--quick] [--out FILE]`` measures, for two deciding states, what
10,000 configurations of 20 runs cost beyond the ensemble's own time for as many runs, how long a
sweep of a million rows takes to resume, and peak memory of small and large sweeps.  That a killed
sweep ends with the bytes of one left alone is a test (``test_sweep_survives``).

``--quick`` takes the years 1990 to 1994 and a tenth of the configurations.
"""

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from .speed import asked, machine, tell

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
        whole.design, out, resume=True, progress=lambda *_: seen.append(time.perf_counter() - begun)
    )
    return {
        "rows": whole.runs,
        "until the missing chunk is run, s (target 5)": seen[0],
        "until all is joined, s": time.perf_counter() - begun,
    }


def memory(folder: Path, configurations: int) -> float:
    """Peak memory in MB of a process that sweeps so many configurations of a few months."""
    path = design(folder, configurations, "1991-06", runs=5)
    out = folder / f"memory-{configurations}"
    return float(asked("sweep_runs", "--sweep", path, out))


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
            "many configurations": overhead(folder, 10_000 // part, end),
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
    options = parser.parse_args()
    if options.sweep:
        print(sweep_here(*options.sweep))
        return
    tell({"machine": machine(), **measure(options.quick)}, options.out)


if __name__ == "__main__":
    main()
