"""Would the tests notice a slip in ``model/``?  Mutation testing with cosmic-ray, on a sample.

``python -m benchmarks.mutants [--minutes M] [--sample N] [--seed S] [--again] [--out FILE]``
changes one operator, number, comparison or branch of the model at a time, in copies of the
repository, and runs two stages:

1. tests of the rules, of the law and of random draws: a mutant that fails one of them is killed by
a
   claim that somebody wrote down;
2. for what those let pass, short worlds against the bits of the unchanged program (for modules that
   build a world, the whole-model baseline): such a mutant is killed by the comparison alone.

Compiling takes most of a minute, so rules run as plain Python; builders compile nothing of their
own and run with the machine code of the unchanged rules.  All places are far too many (each takes
seconds), so places are drawn in a seeded order, one mutant a place, until the minutes are over.
What another seed found is kept: ``mutants.json`` grows, a place is tried once.  ``--again`` tries
those that stayed alive once more, with the tests of today; the comparison has let them pass.
Left out are annotations, the texts of errors, ``compiled.py``, and the modules that only tell what
a run left behind.  mutmut, the other maintained tool, leaves functions with decorators alone, and
here every rule has one.
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
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "mutants.json"
KILLERS = [f"tests/model/test_{name}.py" for name in ("rules", "law", "rng", "world")]
COPIED = ("model", "scenarios", "calibration", "viz", "tests", "peacekeeping.py", "pyproject.toml")
LEFT_OUT = (  # the decorator, and what tells of runs: tests of results and sweeps hold those
    *("__init__", "jit", "errors", "data_folder", "run_output", "outcome_selection"),
    *("ensemble", "mesa_model", "decision_trace"),
)
NOT_BEHAVIOUR = ("RemoveDecorator", "BitOr", "ExceptionReplacer")
TIMEOUT = 180.0  # seconds; a mutant that loops for ever is killed by it


def is_builder(path: Path) -> bool:
    """Whether a module runs when a world is built and holds nothing that a rule compiles in."""
    return path.parent.name == "world" or path.stem in ("settings", "tables", "parameter_values")


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


def mutants() -> dict[tuple[str, Any, Any], list[Any]]:
    """Every possible mutant of the model, by module and place."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB

    paths = sorted((ROOT / "model").rglob("*.py"))
    paths = [path.relative_to(ROOT) for path in paths if path.stem not in LEFT_OUT]
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


def sample(places: dict[Any, list[Any]], count: int, seed: int) -> list[Any]:
    """Mutants drawn, at most one a place."""
    chosen = random.Random(seed).sample(sorted(places), min(count, len(places)))
    # cosmic-ray names its jobs at random, so the choice goes by what they are
    return [
        random.Random(f"{seed} {place}").choice(
            sorted(places[place], key=lambda one: (one.operator_name, one.occurrence))
        )
        for place in chosen
    ]


def changed(mutant: Any) -> list[str]:
    """The lines that a mutant takes away and puts in, as they are stored."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = (ROOT / mutant.module_path).read_text(encoding="utf-8")
    operator = get_operator(mutant.operator_name)(**(mutant.operator_args or {}))
    other = mutate_code(text, operator, mutant.occurrence)
    lines = difflib.unified_diff(text.split("\n"), other.split("\n"), lineterm="")
    return [one for one in lines if one[:1] in "+-" and one[:3] not in ("+++", "---")]


def identity(one: dict[str, Any]) -> tuple[str, ...]:
    """What tells a stored mutant from others, wherever its line has moved to."""
    return (one["module"], one["function"] or "", one["operator"], *one["diff"])


def told(mutant: Any) -> dict[str, Any]:
    """A mutant as it is stored."""
    return {
        "module": Path(mutant.module_path).stem,
        "function": mutant.definition_name,
        "line": mutant.start_pos[0],
        "operator": mutant.operator_name.removeprefix("core/"),
        "diff": changed(mutant),
    }


def standing(places: dict[Any, list[Any]], alive: list[dict[str, Any]]) -> list[Any]:
    """Those of the stored mutants that stayed alive and can still be made."""
    wanted = {identity(one) for one in alive}
    names = {(one["module"], one["function"], one["operator"]) for one in alive}
    near = [
        one
        for many in places.values()
        for one in many
        if (Path(one.module_path).stem, one.definition_name,
            one.operator_name.removeprefix("core/")) in names
    ]  # fmt: skip
    return [one for one in near if identity(told(one)) in wanted]


def prepare(folder: Path) -> Path:
    """A copy of the repository to change."""
    copy = Path(tempfile.mkdtemp(dir=folder))
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    compiled = copy / "model" / "compiled.py"
    text = compiled.read_text(encoding="utf-8")
    named = text.replace('f"{source_hash()}-', 'f"unchanged-')  # machine code outlives a builder
    assert named != text
    compiled.write_text(named, encoding="utf-8")
    return copy


def enter(folder: Path, again: bool) -> None:
    """Work in a copy of one's own."""
    copy = prepare(folder)
    os.chdir(copy)
    os.environ |= {"PYTHONPATH": str(copy), "CI": "1"}  # CI: hypothesis draws the same each time
    if not again:  # machine code of the unchanged model, for the builders
        subprocess.run([sys.executable, "-m", "tests.baseline", "--check"], check=True, cwd=copy)


def judge(mutant: Any, worlds: Path, again: bool) -> dict[str, Any]:
    """What became of a mutant: killed by a test, by the comparison, or alive."""
    from cosmic_ray.mutating import mutate_and_test

    builder = is_builder(Path(mutant.module_path))
    check = "tests.baseline --check" if builder else f"tests.support.digest same {worlds}"
    stages = {
        "tests": f"{sys.executable} -m pytest -x -q -p no:cacheprovider {' '.join(KILLERS)}",
        "comparison": f"{sys.executable} -m {check}",
    }
    if again:
        del stages["comparison"]
    os.environ["NUMBA_DISABLE_JIT"] = "0" if builder else "1"
    killer = ""
    for name, command in stages.items():
        result = mutate_and_test([mutant], command, TIMEOUT)
        if result.is_killed:
            killer = name
            break
    return told(mutant) | {"killed_by": killer}


def report(found: list[dict[str, Any]], places: int, minutes: float) -> dict[str, Any]:
    """What became of the mutants of all seeds, as it is stored."""
    by = Counter(one["killed_by"] for one in found)
    modules = Counter(one["module"] for one in found)
    alive = Counter(one["module"] for one in found if not one["killed_by"])
    return {
        "command": "make mutants",
        "seeds": sorted({one["seed"] for one in found}),
        "places": places,
        "sampled": len(found),
        "killed_by_tests": by["tests"],
        "killed_by_comparison": by["comparison"],
        "survived": by[""],
        "score": round(1.0 - by[""] / len(found), 4),
        "killed_since": sum(one.get("once_alive", False) for one in found if one["killed_by"]),
        "minutes": round(minutes, 1),
        "modules": {name: [n - alive[name], n] for name, n in sorted(modules.items())},
        "mutants": found,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--again", action="store_true", help="those that stayed alive")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    out = options.out.resolve()
    before = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    found: list[dict[str, Any]] = before.get("mutants", [])
    places = mutants()
    if options.again:
        chosen = standing(places, [one for one in found if not one["killed_by"]])
    else:
        tried = {identity(one) for one in found}
        chosen = sample(places, options.sample, options.seed)
        chosen = [one for one in chosen if identity(told(one)) not in tried]
    with tempfile.TemporaryDirectory(prefix="peacekeeping-mutants-") as name:
        folder = Path(name)
        worlds = folder / "worlds"
        worlds.mkdir()
        keep = [sys.executable, "-m", "tests.support.digest", "worlds", str(worlds)]
        if not options.again:
            subprocess.run(keep, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        start = time.time()
        start_with = (folder, options.again)
        pool = ProcessPoolExecutor(options.workers, initializer=enter, initargs=start_with)
        work = partial(judge, worlds=worlds, again=options.again)
        for one in pool.map(work, chosen):
            known = next((old for old in found if identity(old) == identity(one)), None)
            if known is None:
                found.append(one | {"seed": options.seed})
            else:
                known |= {"killed_by": one["killed_by"], "line": one["line"], "once_alive": True}
            print(f"{one['module']}:{one['line']} {one['killed_by'] or ['alive', *one['diff']]}",
                  flush=True)  # fmt: skip
            minutes = (time.time() - start) / 60.0
            whole = report(found, len(places), before.get("minutes", 0.0) + minutes)
            out.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            if minutes > options.minutes:
                break
        pool.shutdown(cancel_futures=True)
    alive = sum(not one["killed_by"] for one in found)
    print(f"{len(found) - alive} of {len(found)} mutants killed; written {out.name}")


if __name__ == "__main__":
    main()
