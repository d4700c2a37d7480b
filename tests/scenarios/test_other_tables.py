"""``tables=`` answers from another folder of tables, and leaves this process with its own."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import pytest

import peacekeeping as pk
from model import coverage, data_folder
from model.errors import InputError
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
