"""What scripts rely on: JSON that says what the text says, silence, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

import peacekeeping as pk
from scenarios.explanation.law_at_date import law_at
from viz.cli import extras, json_output
from viz.cli.main import app, call
from viz.progress import quiet, tell_fault

ROOT = Path(__file__).parents[2]


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert call([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_json_holds_what_the_functions_find(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "record", "--state", "KOR", "--year", "2007")
    assert [one["id"] for one in found] == [one.id for one in pk.record("KOR", 2007)] and found

    law = answer(capsys, "law", "--state", "JPN", "--month", "2016-03")
    assert len(law["answers"]) == len(law_at("JPN", "2016-03"))
    named = {row["provision"] for row in law["answers"]} - {"no provision"}
    assert named <= {row["id"] for row in law["provisions"]}
    assert all(0 <= one["least"] <= one["most"] <= 1 for one in law["use_of_weapons"].values())

    listed = answer(capsys, "scenarios", "list")
    assert [one["name"] for one in listed] == pk.scenarios()
    assert all(pk.scenario(name).title for one in listed[:6] for name in one["variants"])


def test_an_explanation_is_told_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explain", "historical", "--state", "JPN", "--mission", "UNTAC", "--to", "1993-12"]
    found = answer(capsys, *words, "--runs", "3")
    known = pk.explain("historical", "JPN", "UNTAC", runs=3, end="1993-12")
    assert len(found["answers"]) == len(known.decisions) > 0
    first = known.shown()[0]
    assert found["answers"][first]["turns"] == [
        json_output.plain(turn) for turn in known.turns(first)
    ]
    assert len(found["outcomes"]) == len(known.outcomes)


def test_what_is_no_number_is_null() -> None:
    assert json_output.plain({"a": (float("nan"), float("inf"), 1.5)}) == {"a": [None, None, 1.5]}


def commands(group: Any) -> list[Any]:
    inner = getattr(group, "commands", None)
    return [group] if inner is None else [c for one in inner.values() for c in commands(one)]


def test_every_command_can_be_quiet() -> None:
    found = commands(typer.main.get_command(app))
    assert len(found) > 15
    assert all(any("--quiet" in part.opts for part in one.params) for one in found)


def test_quiet_drops_notes_and_keeps_faults(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["record", "--state", "KOR", "--year", "2007"]
    assert call(words) == 0
    loud = capsys.readouterr()
    assert call([*words, "-q"]) == 0
    silent = capsys.readouterr()
    assert loud.err and not silent.err and loud.out == silent.out
    assert call(["record", "--state", "Koreo", "--quiet"]) == 2
    assert "unknown state" in capsys.readouterr().err
    assert call(words) == 0 and capsys.readouterr().err == loud.err  # the next one is loud again


def test_faults_that_end_a_command_early_are_told_quiet_or_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('title = "x"\nquestion = "y"\nreferences = ["z"]\nlevrs = 1\nevnts = 2\n')
    assert call(["scenarios", "check", str(file), "--quiet"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    quiet()
    sys.stderr.write("a note")
    tell_fault("a fault")
    assert call(["scenarios", "outcomes"]) == 0  # which ends the silence
    assert capsys.readouterr().err == "a fault\n"


def test_a_fault_of_the_program_is_status_1_with_its_traceback_even_if_quiet() -> None:
    script = (
        "from scenarios.definition import library; from viz.cli.main import main; import sys;"
        "library.available = lambda: 1 / 0; sys.argv = ['x', 'scenarios', 'list', '--quiet'];"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "ZeroDivisionError" in done.stderr


def test_a_command_names_the_extra_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    assert call(["sweep", "screening", "--dry-run", "--out", str(tmp_path / "x")]) == 2
    assert "install the extra 'analysis'" in capsys.readouterr().err
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    for command in (["sensitivity", "japan-returns"], ["validate"], ["calibrate", "--out", "x"]):
        assert call(command) == 2
        told = capsys.readouterr().err
        assert "leaves out; install the extra" in told and len(told.splitlines()) == 1


def test_every_extra_brings_its_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for package, extra in extras.EXTRAS.items():
        name = {"sklearn": "scikit-learn"}.get(package, package)
        assert any(one.startswith(name) for one in project["optional-dependencies"][extra])
        assert not any(one.startswith(name) for one in project["dependencies"])
