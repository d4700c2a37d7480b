"""``tables=`` answers from another folder of tables, and leaves this process with its own."""

from __future__ import annotations

import inspect
import pickle
import shutil
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

import peacekeeping as pk
from model import coverage, data_folder
from model.errors import InputError
from scenarios.running import other_tables
from tests.support.tables_example import known


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables whose reports go one month further."""
    folder = tmp_path_factory.mktemp("newer") / "tables"
    shutil.copytree(data_folder.SHIPPED, folder)
    path = folder / "coverage.csv"
    path.write_text(path.read_text().replace("2023-10,2024-06", "2023-10,2024-07"))
    return folder


def test_an_answer_comes_from_the_folder_and_this_process_keeps_its_own(newer: Path) -> None:
    assert known("Korea", tables=newer) == ("KOR", "2024-07")
    assert known("Korea") == ("KOR", coverage.record_end()) == ("KOR", "2024-06")
    assert known("Korea", tables=data_folder.DATA) == ("KOR", "2024-06")


def test_a_fault_there_is_the_same_sentence_here(newer: Path) -> None:
    with pytest.raises(InputError, match="unknown state 'Koreo'"):
        known("Koreo", tables=newer)
    with pytest.raises(InputError, match="is no folder of tables"):
        known("Korea", tables=newer / "none")
    with pytest.raises(InputError, match="cannot be given a function"):
        known(lambda: "Korea", tables=newer)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("missions", "mission 'UNTSO' stands in line 2 already"),
        ("requests", "stands in line 2 already"),
        ("un_reports", "the same row stands in line 2 already"),
        ("contributions", "the same row stands in line 2 already"),
    ],
)
def test_a_row_that_stands_twice_is_refused_and_not_counted_twice(
    newer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, words: str
) -> None:
    folder = tmp_path / "tables"
    shutil.copytree(newer, folder)
    path = folder / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        known("Korea", tables=folder)
    assert f"tables/{table}.csv, line {len(lines) + 1}: " in str(caught.value)
    assert words in str(caught.value)
    command = [sys.executable, "-m", "viz.cli.main", "scenarios", "list", "--tables", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1


def test_what_only_this_session_has_is_refused_in_a_sentence(
    newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = types.ModuleType("only_here")
    exec("class Own: pass", own.__dict__)
    monkeypatch.setitem(sys.modules, "only_here", own)
    with pytest.raises(InputError, match="cannot be given a function or a class from within this"):
        known(own.Own, tables=newer)


def test_an_error_of_the_user_s_own_code_there_is_named_here(
    newer: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuntimeError, match="the call with other tables: TypeError: known"):
        known("Korea", "Japan", tables=newer)  # type: ignore[misc]
    assert "Traceback" in capfd.readouterr().err


def test_an_interruption_there_leaves_the_word_to_the_caller(tmp_path: Path) -> None:
    (tmp_path / "call").write_bytes(pickle.dumps(("_thread", "interrupt_main", (), {})))
    done = subprocess.run(
        [sys.executable, "-c", other_tables.CHILD, str(tmp_path)], capture_output=True, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored in a background
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "")


def test_every_public_function_that_runs_the_model_takes_tables() -> None:
    for function in (pk.run, pk.compare, pk.explain, pk.sweep, pk.beside_record):
        assert "tables" in inspect.signature(function).parameters, function


@pytest.mark.slow
def test_a_run_with_other_tables_names_them_by_their_hashes(newer: Path) -> None:
    period = {"start": "2024-01", "end": "2024-12"}
    there = pk.run("historical", runs=2, tables=newer, **period)  # type: ignore[arg-type]
    here = pk.run("historical", runs=2, **period)  # type: ignore[arg-type]
    hashes = [result.manifest["program"]["data_sha256"] for result in (there, here)]
    assert {name for name in hashes[0] if hashes[0][name] != hashes[1][name]} == {"coverage.csv"}
    assert there.series.columns.equals(here.series.columns) and len(there.series) > 0


@pytest.mark.slow
def test_a_run_with_other_tables_is_shown_and_saved_like_any_other(
    newer: Path, tmp_path: Path
) -> None:
    there = pk.run("historical", runs=2, start="2024-01", end="2024-12", tables=newer)
    assert len(there.summary()) and len(there.record) and "figure" not in there._repr_html_()
    kept = there.save(tmp_path / "kept")
    assert kept.record.equals(there.record)
    assert kept.manifest["program"]["data_sha256"] == there.manifest["program"]["data_sha256"]
    with pytest.raises(InputError, match=r"beside_record\(result, tables=DIR\)"):
        kept.summary()
    assert pk.beside_record(kept, tables=newer).equals(there.summary())
