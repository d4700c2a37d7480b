"""Lines of the program that no test runs: ``make coverage`` writes ``coverage.json``.

Compiled rules cannot be watched line by line, so the tests of the rules run once more as plain
Python; within the whole suite the comparison of the engines runs its short worlds as plain Python,
too, in a process of its own, and processes are followed.  A line that was run is not a line whose
answer was looked at: for that see ``mutants.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "coverage.json"
PLAIN = [f"tests/model/test_{name}.py" for name in ("rules", "law", "rng", "world")]
SHOWN = 20  # modules


def watched(folder: Path, tests: list[str], environment: dict[str, str]) -> bool:
    """Run tests under coverage; whether all passed."""
    command = [sys.executable, "-m", "coverage", "run", "-m", "pytest", "-q", *tests]
    own = os.environ | {"COVERAGE_FILE": str(folder / "data")} | environment
    return subprocess.run(command, cwd=ROOT, env=own).returncode == 0


def found(folder: Path) -> dict[str, Any]:
    """What coverage found, by file."""
    own = os.environ | {"COVERAGE_FILE": str(folder / "data")}
    for words in (["combine", "-q"], ["json", "-q", "-o", str(folder / "found.json")]):
        subprocess.run([sys.executable, "-m", "coverage", *words], cwd=ROOT, env=own, check=True)
    files: dict[str, Any] = json.loads((folder / "found.json").read_text())["files"]
    return files


def spans(lines: list[int]) -> str:
    """Numbers in short: ``12-14, 20``."""
    starts = [n for n in lines if n - 1 not in lines]
    ends = [n for n in lines if n + 1 not in lines]
    return ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in zip(starts, ends, strict=True))


def share(summaries: list[dict[str, Any]]) -> dict[str, Any]:
    """Statements, those run, and the percentage, over some files."""
    statements = sum(one["num_statements"] for one in summaries)
    run = sum(one["covered_lines"] for one in summaries)
    return {
        "statements": statements,
        "run": run,
        "percent_covered": round(100.0 * run / max(statements, 1), 1),
    }


def report(files: dict[str, Any]) -> dict[str, Any]:
    """Totals, packages and the least covered modules."""
    packages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, one in files.items():
        packages[str(Path(name).parent).replace(os.sep, "/")].append(one["summary"])
    least = sorted(files.items(), key=lambda item: item[1]["summary"]["percent_covered"])
    return {
        "command": "make coverage",
        "totals": share([one["summary"] for one in files.values()]),
        "packages": {name: share(parts) for name, parts in sorted(packages.items())},
        "least_covered": {
            name: {
                "percent_covered": round(one["summary"]["percent_covered"], 1),
                "lines_not_run": spans(one["missing_lines"]),
            }
            for name, one in least[:SHOWN]
            if one["missing_lines"]
        },
    }


def main() -> int:
    """Measure, write, and print the packages; 1 if a test failed on the way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--tests", nargs="*", default=[], help="only these, instead of all")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peacekeeping-coverage-") as name:
        folder = Path(name)
        passed = watched(folder, PLAIN, {"NUMBA_DISABLE_JIT": "1"})
        passed &= watched(folder, options.tests, {})
        told = report(found(folder))
    options.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    for package, one in told["packages"].items():
        print(f"{package:<16} {one['run']:>6} of {one['statements']:>6} lines run, "
              f"{one['percent_covered']:.1f} %")  # fmt: skip
    print(f"{told['totals']['percent_covered']:.1f} % in all; written {options.out.name}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
