"""Speed, compared with what a user would otherwise have: one go, one machine, one scenario.

``python -m benchmarks.speed [--quick] [--out FILE]`` measures, for the world from 1990 to 2023 with
every state deciding and monthly personnel by state collected:

- the same model in plain Python (compilation off) under ``mesa.batch_run``, one and two processes;
- the compiled Mesa loop;
- the ensemble on one and two threads;
- a bare loop that makes exactly as many draws and exponentials as the run makes, counted in plain
  Python: the floor;

and for Japan and Korea alone: 500 runs summarised for a chart, and peak memory of 100 and 10,000
runs of which only summaries are kept; and the seconds to the first line of a warm ``run``, which
says what is run, and to the first line of its answer.  Medians (of three, of five for the bare
loop; the plain model runs once a process, for it takes minutes), ratios and the machine go to the
file.
"""

import argparse
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PERIOD = ("1990-11", "2023-12")
SHORT = ("1990-11", "1994-12")


def timed(work: Callable[[], Any], repeats: int) -> float:
    """Median wall time of ``work`` in seconds, after one unmeasured warm-up."""
    return in_turn([work], repeats)[0]


def in_turn(works: list[Callable[[], Any]], repeats: int) -> list[float]:
    """Median wall time of each, one after the other in every round: what slows the machine down
    for a while slows all of them, and their ratios stand."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for work, own in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            own.append(time.perf_counter() - start)
    return [statistics.median(own) for own in times]


def asked(module: str, *arguments: object, plain: bool = False) -> str:
    """The last line that a module prints in a fresh process; ``plain``: without compilation."""
    answer = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | ({"NUMBA_DISABLE_JIT": "1"} if plain else {}),
    )
    return answer.stdout.strip().splitlines()[-1]


def plain_mesa(processes: int, runs: int, period: tuple[str, str]) -> float:
    """Seconds a run of the plain model takes under ``mesa.batch_run``, in a fresh process."""
    return float(asked("plain", processes, runs, *period, plain=True))


def counted(period: tuple[str, str]) -> dict[str, int]:
    """Draws, exponentials and answers of one run, counted in plain Python in a fresh process."""
    return dict(json.loads(asked("count", *period, plain=True)))


def bare_loop(draws: int, exponentials: int) -> Callable[[], float]:
    """So many keyed draws and exponentials in one compiled loop, and nothing else."""
    import numba

    from model.core import rng

    @numba.njit(nogil=True, error_model="numpy")
    def loop(key: Any, draws: int, exponentials: int) -> float:
        total = 0.0
        for i in range(draws):
            total += rng.uniform(key, 2, i & 15, i & 511, i, i + 7)
        for i in range(exponentials):
            total += math.exp(-1e-6 * i)
        return total

    key = rng.key(1, 0)
    return lambda: float(loop(key, draws, exponentials))


def people_by_state(chunk: Any) -> Any:
    """Monthly personnel by state of a chunk: what every engine is asked to collect."""
    return chunk.totals(chunk.atlas.states).sum(axis=3)


def everyone(quick: bool) -> dict[str, Any]:
    """Every state deciding."""
    from model.engine import ensemble
    from model.engine.mesa_model import PeacekeepingModel
    from model.engine.run_arrays import NO_TRACE
    from model.settings import Settings
    from model.world.build import build

    period = SHORT if quick else PERIOD
    world = build(Settings(start=period[0], end=period[1], deliberating=("all",)))
    counts = counted(period)
    months = int(world.arrays.span[2] - world.arrays.span[1] + 1)

    def mesa_loop() -> None:
        people_by_state(PeacekeepingModel(atlas=world, trace=NO_TRACE).run_all())

    def ensemble_runs(threads: int, runs: int) -> Callable[[], None]:
        def work() -> None:
            for part in ensemble.simulate(
                world, range(runs), 1, threads=threads, trace=NO_TRACE, chunk=2
            ):
                people_by_state(part)

        return work

    runs = 8
    bare = bare_loop(counts["draws"], counts["exponentials"])
    alone, both, floor = in_turn([ensemble_runs(1, runs), ensemble_runs(2, runs), bare], 7)
    found = {
        "states": len(world.states),
        "months": months,
        **counts,
        "compiled Mesa loop, s a run": timed(mesa_loop, 3),
        "ensemble, 1 thread, s a run": alone / runs,
        "ensemble, 2 threads, s a run": both / runs,
        "bare loop, s a run": floor,
        "plain Python under batch_run, 1 process, s a run": plain_mesa(1, 1, period),
        "plain Python under batch_run, 2 processes, s a run": plain_mesa(2, 2, period),
    }
    plain = min(
        found["plain Python under batch_run, 1 process, s a run"],
        found["plain Python under batch_run, 2 processes, s a run"],
    )
    found["runs a second, 2 threads"] = 1.0 / found["ensemble, 2 threads, s a run"]
    found["ratio to plain Python, 2 threads (target 300)"] = (
        plain / found["ensemble, 2 threads, s a run"]
    )
    found["ratio to the bare loop, 1 thread (target at most 4)"] = (
        found["ensemble, 1 thread, s a run"] / found["bare loop, s a run"]
    )
    found["ratio to the compiled Mesa loop, 1 thread"] = (
        found["compiled Mesa loop, s a run"] / found["ensemble, 1 thread, s a run"]
    )
    return found


def two_states() -> dict[str, Any]:
    """Japan and Korea deciding, the others recorded: what a slider redraws."""
    import numpy as np

    from model.engine import ensemble
    from model.engine.run_arrays import NO_TRACE
    from model.settings import Settings
    from model.world.build import build

    # First, for a process inherits the peak of the one that starts it; the very first may compile.
    _, small, large = memory(1), memory(100), memory(10_000)
    world = build(Settings(afterwards="recorded"))

    def chart() -> None:
        parts = [
            chunk.totals()[:, :, :, 0]
            for chunk in ensemble.simulate(world, range(500), 1, trace=NO_TRACE)
        ]
        np.quantile(np.concatenate(parts), (0.1, 0.25, 0.5, 0.75, 0.9), axis=0)

    seconds = timed(chart, 3)
    return {
        "states deciding": 2,
        "months": int(world.arrays.span[2] - world.arrays.span[1] + 1),
        "500 runs summarised for a chart, s (target 0.5)": seconds,
        "runs a second": 500 / seconds,
        "peak memory, 100 runs, MB": small,
        "peak memory, 10,000 runs, MB": large,
    }


def memory(runs: int) -> float:
    """Peak resident memory in MB of a process that keeps only summaries of so many runs."""
    return float(asked("speed", "--summarise", runs))


def summarise(runs: int) -> float:
    """Summarise so many two-state runs; returns this process's peak memory in MB."""
    from model.engine import ensemble
    from model.engine.run_arrays import NO_TRACE
    from model.settings import Settings
    from model.world.build import build
    from scenarios.running.streaming_summary import Summary

    summary = Summary()
    world = build(Settings(afterwards="recorded"))
    for chunk in ensemble.simulate(world, range(runs), 1, trace=NO_TRACE):
        summary.add(chunk)
    summary.table()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def first_lines() -> dict[str, float]:
    """Median seconds until a warm ``peacekeeping run`` of two runs in a fresh process says what it
    runs, and until it gives the first line of its answer."""
    command = [sys.executable, "-m", "viz.cli.main", "run", "historical", "--runs", "2"]
    times: list[tuple[float, float]] = []
    for _ in range(4):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            with subprocess.Popen(
                [*command, "--out", str(Path(folder) / "out")],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            ) as process:
                assert process.stdout is not None
                said = []
                for _ in range(2):
                    process.stdout.readline()
                    said.append(time.perf_counter() - start)
                times.append((said[0], said[1]))
                process.stdout.read()
    first, answer = zip(*times[1:], strict=True)  # the first run warms the caches
    return {
        "first line of output, s (target 2)": statistics.median(first),
        "first line of the answer, s": statistics.median(answer),
    }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    import numba
    import numpy

    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": numpy.__version__,
    }


def tell(results: dict[str, dict[str, Any]], out: Path) -> None:
    """Print figures by title and name, and write them as JSON."""
    for title, figures in results.items():
        print(title)
        for name, value in figures.items():
            print(f"  {name}: {value:.4g}" if isinstance(value, float) else f"  {name}: {value}")
    out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1990 to 1994 only")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "speed.json")
    parser.add_argument("--summarise", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.summarise:
        print(summarise(options.summarise))
        return
    results = {
        "machine": machine(),
        "two states": two_states(),
        "every state": everyone(options.quick),
        "a warm run": first_lines(),
    }
    tell(results, options.out)


if __name__ == "__main__":
    main()
