"""Would the tests notice a slip in ``model/``?  Mutation testing with cosmic-ray, on a sample.

``python -m benchmarks.mutants [--sample N] [--seed S] [--out FILE]`` changes one operator, number,
comparison or branch of the model at a time, in copies of the repository, and runs, in plain Python:

1. the tests of the rules, of the law and of the luck: a mutant that fails one of them is killed by
   a claim that somebody wrote down;
2. for what those let pass, short worlds against the bits of the unchanged program (for modules that
   build a world: the arrays of one): such a mutant is killed by the comparison alone.

All places are far too many (each takes seconds), so a seeded sample of them is drawn, one mutant a
place.  Left out are annotations, which plain Python never runs, and ``compiled.py``, whose
decorator does nothing here.  mutmut, the other maintained tool, leaves functions with decorators
alone, and here every rule has one.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "mutants.json"
KILLERS = [f"tests/test_{name}.py" for name in ("rules", "law", "luck")]
COPIED = ("model", "scenarios", "calibration", "viz", "tests", "peacekeeping.py", "pyproject.toml")
LEFT_OUT = ("__init__.py", "compiled.py")
NOT_BEHAVIOUR = ("RemoveDecorator", "BitOr", "ExceptionReplacer")
TIMEOUT = 180.0  # seconds; a mutant that loops for ever is killed by it


def annotated(path: Path) -> set[int]:
    """Lines of a module that hold nothing but annotations or the text of an error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            found |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.AnnAssign) and node.value is None:
            found.add(node.lineno)
    return found


def builds(path: Path) -> bool:
    """Whether a module runs when a world is built, not when it is run: it compiles nothing."""
    text = path.read_text(encoding="utf-8")
    return not any(f"@{name}" in text for name in ("rule", "step", "shared_step", "entry"))


def mutants() -> dict[tuple[str, Any, Any], list[Any]]:
    """Every possible mutant of the model, by module and place."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB

    paths = sorted((ROOT / "model").glob("*.py"))
    paths = [path.relative_to(ROOT) for path in paths if path.name not in LEFT_OUT]
    with tempfile.TemporaryDirectory() as folder:
        session = WorkDB(Path(folder) / "session.sqlite", WorkDB.Mode.create)
        os.chdir(ROOT)
        init(paths, session, {})
        items = [item.mutations[0] for item in session.work_items]
        session.close()
    silent = {str(path): annotated(ROOT / path) for path in paths}
    places: dict[tuple[str, Any, Any], list[Any]] = {}
    for one in items:
        module = str(one.module_path)
        if any(word in one.operator_name for word in NOT_BEHAVIOUR):
            continue
        if one.start_pos[0] in silent[module]:
            continue
        places.setdefault((module, one.start_pos, one.end_pos), []).append(one)
    return places


def sample(count: int, seed: int) -> tuple[list[Any], int]:
    """Mutants drawn, at most one a place, and the number of places."""
    places = mutants()
    luck = random.Random(seed)
    chosen = luck.sample(sorted(places), min(count, len(places)))
    order = sorted  # cosmic-ray names its jobs at random, so the choice goes by what they are
    return [
        luck.choice(order(places[place], key=lambda one: (one.operator_name, one.occurrence)))
        for place in chosen
    ], len(places)


def prepare(folder: Path) -> Path:
    """A copy of the repository to change."""
    copy = Path(tempfile.mkdtemp(dir=folder))
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    return copy


def enter(folder: Path) -> None:
    """Work in a copy of one's own."""
    copy = prepare(folder)
    os.chdir(copy)
    os.environ |= {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(copy), "CI": "1"}


def judge(mutant: Any, worlds: Path) -> dict[str, Any]:
    """What became of a mutant: killed by a test, by the comparison, or alive."""
    from cosmic_ray.mutating import mutate_and_test

    python = sys.executable
    check = "built" if builds(Path(mutant.module_path)) else "same"
    stages = {
        "tests": f"{python} -m pytest -x -q -p no:cacheprovider {' '.join(KILLERS)}",
        "comparison": f"{python} -m tests.digest {check} {worlds}",
    }
    killer = ""
    for name, command in stages.items():
        result = mutate_and_test([mutant], command, TIMEOUT)
        if result.is_killed:
            killer = name
            break
    return {
        "module": Path(mutant.module_path).stem,
        "function": mutant.definition_name,
        "line": mutant.start_pos[0],
        "operator": mutant.operator_name.removeprefix("core/"),
        "killed_by": killer,
        "diff": [
            line
            for line in (result.diff or "").splitlines()
            if line[:1] in "+-" and line[:3] not in ("+++", "---")
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    out = options.out.resolve()
    start = time.time()
    chosen, places = sample(options.sample, options.seed)
    with tempfile.TemporaryDirectory(prefix="peacekeeping-mutants-") as name:
        folder = Path(name)
        worlds = folder / "worlds"
        worlds.mkdir()
        keep = [sys.executable, "-m", "tests.digest", "worlds", str(worlds)]
        subprocess.run(keep, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        found = []
        with ProcessPoolExecutor(options.workers, initializer=enter, initargs=(folder,)) as pool:
            for one in pool.map(partial(judge, worlds=worlds), chosen):
                found.append(one)
                told = one["killed_by"] or "ALIVE"
                print(
                    f"{len(found)}/{len(chosen)} {one['module']}:{one['line']} {told}", flush=True
                )
    by = Counter(one["killed_by"] for one in found)
    modules = Counter(one["module"] for one in found)
    alive = Counter(one["module"] for one in found if not one["killed_by"])
    report = {
        "command": f"python -m benchmarks.mutants --sample {options.sample} --seed {options.seed}",
        "places": places,
        "sampled": len(found),
        "killed_by_tests": by["tests"],
        "killed_by_comparison": by["comparison"],
        "survived": by[""],
        "score": round(1.0 - by[""] / len(found), 4),
        "minutes": round((time.time() - start) / 60.0, 1),
        "modules": {
            name: [number - alive[name], number] for name, number in sorted(modules.items())
        },
        "survivors": [one for one in found if not one["killed_by"]],
    }
    out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{report['score']:.0%} of {len(found)} mutants killed; written {out.name}")


if __name__ == "__main__":
    main()
