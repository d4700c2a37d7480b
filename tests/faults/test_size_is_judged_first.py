"""Every input that multiplies has a stated limit, judged from counts before anything is built."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from model.errors import InputError
from scenarios.comparison import compare
from scenarios.definition.library import find
from scenarios.definition.loader import LARGEST, faults
from scenarios.explanation import decisions as answers
from scenarios.studies import outlook

HEAD = "title = 'T'\nquestion = 'Q'\nreferences = ['R']\n"
EVENT = "[[events]]\nmonth='2001-01'\n"


def filled(head: str, unit: Callable[[int], str], end: str = "") -> str:
    """As many units as fit into a file of legal size."""
    parts, size = [HEAD + head], len(HEAD + head + end)
    while size + len(part := unit(len(parts))) < LARGEST:
        parts.append(part)
        size += len(part)
    return "".join(parts) + end


BOMBS = {
    "26 axes": HEAD
    + "".join(f"[axes.a{n}]\nx={{title='t'}}\ny={{title='t'}}\n" for n in range(26)),
    "9 axes of 4": HEAD
    + "".join(f"[axes.a{n}]\n" + "".join(f"{x}={{title='t'}}\n" for x in "wxyz") for n in range(9)),
    "levers": filled("[levers]\n", lambda n: f"l{n}=1\n"),
    "999 unknown levers": HEAD + "[levers]\n" + "".join(f"lever_{n}=1\n" for n in range(999)),
    "parts of a key": HEAD + "a" + ".a" * 400_000 + " = 1\n",
    "quoted parts": HEAD + "a" + '."a"' * 240_000 + " = 1\n",
    "parts of a header": HEAD + "[a" + ".a" * 400_000 + "]\n",
    "elements": filled("x=[", lambda n: "1,", "]\n"),
    "texts": filled("author=[", lambda n: "'a',", "]\n"),
    "deliberating": filled("deliberating=[", lambda n: "'JPN',", "]\n"),
    "events": filled("", lambda n: f"{EVENT}type='threat'\nstate='JPN'\nchange=1.0\n"),
    "500 missions": HEAD
    + "".join(
        f"{EVENT}type='open_mission'\nmission='M{n}'\nframework='un_pko'\nhost='SDN'\nstrength=9\n"
        for n in range(500)
    ),
    "laws that name all": HEAD
    + "".join(
        f"{EVENT}type='amend'\ninstruments=['*']\nchange={{ceiling={n + 1}}}\n" for n in range(500)
    ),
    "patterns": HEAD
    + f"{EVENT}type='repeal'\ninstruments=["
    + ",".join("'" + "*" * n + "a'" for n in range(1, 999))
    + "]\n",
    "variants": filled("", lambda n: f"[variants.v{n}]\ntitle='t'\n"),
    "expectations": filled("", lambda n: "[[expect]]\ndirection='up'\nmission='UNMISS'\n"),
    "tables": filled("", lambda n: f"[t{n}]\n"),
    "arrays of tables": filled("", lambda n: "[[x]]\n"),
    "a long string": HEAD + "description='" + "a" * 900_000 + "'\n",
    "a long name": HEAD + "a" * 900_000 + "=1\n",
    "escapes without an end": HEAD + 'x="' + '\\"' * 450_000 + "\n",
    "blanks": HEAD + " " * 900_000 + "x=1\n",
    "digits": HEAD + "point=0x" + "f" * 900_000 + "\n",
    "brackets": HEAD + "x=" + "[" * 400_000 + "\n",
    "inline tables": HEAD + "x=" + "{a=" * 200_000 + "\n",
    "kinds": filled(
        f"{EVENT}type='open_mission'\nmission='M'\nframework='un_pko'\nhost='SDN'\nstrength=9\n"
        "kinds={",
        lambda n: f"k{n}=0.1,",
        "}\n",
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_any_file_of_legal_size_is_answered_at_once(bomb: str) -> None:
    begun = time.process_time()
    try:
        told = faults(BOMBS[bomb], "mine.toml")
    except InputError as error:
        told = [str(error)]
    assert time.process_time() - begun < 2.0
    assert len(told) <= 40 and all(len(sentence) < 800 for sentence in told)


def test_a_file_of_axes_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "axes.toml"
    path.write_text(BOMBS["26 axes"], encoding="utf-8")
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (500_000_000,) * 2); "
        "from viz.cli.main import call; sys.exit(call(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "scenarios", "check", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 2, done.stderr
    assert "at most 10 axes" in done.stderr


@pytest.mark.parametrize(
    ("bomb", "words"),
    [
        ("9 axes of 4", "the axes have 262,144 combinations; at most 1,000"),
        ("events", "holds some"),
        ("laws that name all", "name more than 2,000 provisions"),
        ("parts of a key", "a key of more than 10 parts"),
    ],
)
def test_the_limit_is_told(bomb: str, words: str) -> None:
    try:
        told = faults(BOMBS[bomb], "mine.toml")
    except InputError as error:
        told = [str(error)]
    assert words in told[0] or "holds some" in told[0]


def test_counts_are_judged_before_anything_runs() -> None:
    with pytest.raises(InputError, match="ask for 1 to 10000"):
        answers.find("historical", "JPN", runs=2**31 - 1)
    with pytest.raises(InputError, match="out of range"):
        outlook.outlook("outlook-2035", runs=2**31 - 1)
    with pytest.raises(InputError, match="at most 50"):
        compare.compare(*["historical"] * 60)
    with pytest.raises(InputError, match="at most 10"):
        find("+".join(["historical"] * 5000))


@pytest.mark.parametrize("runs", ["3", 3.0, True, None])
def test_numbers_from_python_are_whole(runs: object) -> None:
    with pytest.raises(InputError, match="is not a whole number"):
        compare.check_numbers(runs, 1)  # type: ignore[arg-type]
