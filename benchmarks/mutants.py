"""Would the tests notice a slip in ``model/``?  Mutation testing with cosmic-ray, on a sample.

``python -m benchmarks.mutants [--minutes M] [--sample N] [--seed S] [--out FILE]`` changes one
operator, number, comparison or branch of the model at a time, in copies of the repository.  Tests
of the rules, the law and random draws come first: a mutant that fails one is killed by a claim that
somebody wrote down.  What those let pass is held to the bits of the unchanged program: short worlds
for rules, the whole-model baseline for what builds a world.  Places are drawn in a seeded order,
one mutant a place, until the minutes are over.

Compiling takes most of a minute, so rules run as plain Python; builders compile nothing of their
own and run with the machine code of the unchanged rules.  mutmut, the other maintained tool, leaves
functions with decorators alone, and here every rule has one.
"""

import argparse
import ast
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "mutants.json"
KILLERS = [f"tests/model/test_{name}.py" for name in ("rules", "law", "rng", "world")]
COPIED = ("model", "scenarios", "calibration", "viz", "tests", "examples", "docs")
LEFT_OUT = (  # the decorator, and what tells of runs: tests of results and sweeps hold those
    *("__init__", "jit", "errors", "data_folder", "run_output", "outcome_selection"),
    *("ensemble", "mesa_model", "decision_trace"),
)
NOT_BEHAVIOUR = ("RemoveDecorator", "BitOr", "ExceptionReplacer")
TIMEOUT = 180.0  # seconds; a mutant that loops for ever is killed by it


def is_builder(path: Path) -> bool:
    """Whether a module runs when a world is built and holds nothing that a rule compiles in."""
    return path.parent.name == "world" or path.stem in ("settings", "tables", "parameter_values")


def silent(path: Path) -> set[int]:
    """Lines of a module that hold nothing but annotations or the text of an error."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.AnnAssign) and node.value is None):
            found |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found


def mutants(count: int, seed: int) -> list[Any]:
    """Mutants drawn among all of the model, at most one a place."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB

    os.chdir(ROOT)
    paths = [path.relative_to(ROOT) for path in sorted((ROOT / "model").rglob("*.py"))]
    paths = [path for path in paths if path.stem not in LEFT_OUT]
    with tempfile.TemporaryDirectory() as folder:
        session = WorkDB(Path(folder) / "session.sqlite", WorkDB.Mode.create)
        init(paths, session, {})
        items = [item.mutations[0] for item in session.work_items]
        session.close()
    passed = {str(path): silent(ROOT / path) for path in paths}
    places: dict[tuple[str, Any, Any], list[Any]] = {}
    for one in items:
        named = any(word in one.operator_name for word in NOT_BEHAVIOUR)
        if not named and one.start_pos[0] not in passed[str(one.module_path)]:
            place = (str(one.module_path), one.start_pos, one.end_pos)
            places.setdefault(place, []).append(one)
    chosen = random.Random(seed).sample(sorted(places), min(count, len(places)))
    # cosmic-ray names its jobs at random, so the choice goes by what they are
    return [
        random.Random(f"{seed} {place}").choice(
            sorted(places[place], key=lambda one: (one.operator_name, one.occurrence))
        )
        for place in chosen
    ]


def described(mutant: Any) -> dict[str, Any]:
    """A mutant as it is stored, with the lines that it takes away and puts in."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = (ROOT / mutant.module_path).read_text(encoding="utf-8")
    operator = get_operator(mutant.operator_name)(**(mutant.operator_args or {}))
    other = mutate_code(text, operator, mutant.occurrence)
    lines = difflib.unified_diff(text.split("\n"), other.split("\n"), lineterm="")
    return {
        "module": Path(mutant.module_path).stem,
        "function": mutant.definition_name,
        "line": mutant.start_pos[0],
        "operator": mutant.operator_name.removeprefix("core/"),
        "diff": [one for one in lines if one[:1] in "+-" and one[:3] not in ("+++", "---")],
    }


def enter(folder: Path) -> None:
    """Work in a copy of one's own, whose machine code outlives a changed builder."""
    copy = Path(tempfile.mkdtemp(dir=folder))
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for name in ("peacekeeping.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    compiler = copy / "model" / "core" / "jit.py"
    text = compiler.read_text(encoding="utf-8")
    assert 'f"{source_hash()}-' in text
    compiler.write_text(text.replace('f"{source_hash()}-', 'f"unchanged-'), encoding="utf-8")
    os.chdir(copy)
    os.environ |= {"PYTHONPATH": str(copy), "CI": "1"}  # CI: hypothesis draws the same each time
    subprocess.run([sys.executable, "-m", "tests.baseline", "--check"], check=True, cwd=copy)


def judge(mutant: Any, worlds: Path) -> dict[str, Any]:
    """What became of a mutant: killed by a test, by the comparison, or alive."""
    from cosmic_ray.mutating import mutate_and_test

    builder = is_builder(Path(mutant.module_path))
    check = "tests.baseline --check" if builder else f"tests.support.digest same {worlds}"
    os.environ["NUMBA_DISABLE_JIT"] = "0" if builder else "1"
    stages = {
        "tests": f"{sys.executable} -m pytest -x -q -p no:cacheprovider {' '.join(KILLERS)}",
        "comparison": f"{sys.executable} -m {check}",
    }
    for name, command in stages.items():
        if mutate_and_test([mutant], command, TIMEOUT).is_killed:
            return described(mutant) | {"killed_by": name}
    return described(mutant) | {"killed_by": ""}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    out = options.out.resolve()
    chosen = mutants(options.sample, options.seed)
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="peacekeeping-mutants-") as name:
        worlds = Path(name) / "worlds"
        worlds.mkdir()
        keep = [sys.executable, "-m", "tests.support.digest", "worlds", str(worlds)]
        subprocess.run(keep, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        start = time.time()
        pool = ProcessPoolExecutor(options.workers, initializer=enter, initargs=(Path(name),))
        for one in pool.map(partial(judge, worlds=worlds), chosen):
            found.append(one)
            fate = one["killed_by"] or ["alive", *one["diff"]]
            print(f"{one['module']}:{one['line']} {fate}", flush=True)
            stored = {"command": "make mutants", "seed": options.seed, "mutants": found}
            text = json.dumps(stored, indent=1, ensure_ascii=False)
            out.write_text(text + "\n", encoding="utf-8")
            if time.time() - start > 60.0 * options.minutes:
                break
        pool.shutdown(cancel_futures=True)
    alive = sum(not one["killed_by"] for one in found)
    print(f"{len(found) - alive} of {len(found)} mutants killed; written {out.name}")


if __name__ == "__main__":
    main()
