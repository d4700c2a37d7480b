"""Many runs kept in full take a bounded amount of memory, and what takes more is said before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from scenarios.definition.library import find
from scenarios.running import result_folder
from scenarios.running import run as running
from scenarios.running.record_comparison import beside_record
from scenarios.running.result import Result, read
from scenarios.running.run_options import resolve
from tests.support.small_world import SCENARIO, InventedEngine

ROOT = Path(__file__).parents[2]
PEAKS = """
import resource
import tempfile
from scenarios.running import run as running

for runs in (20, 400):
    with tempfile.TemporaryDirectory() as folder:
        running.run("historical", runs, start="1992-06", end="1995-06", out=folder)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def results(invented: InventedEngine, mine: Path, tmp_path: Path) -> list[Result]:
    """The same runs in memory and in folders of both formats."""
    found = [running.run(mine, runs=9)]
    for format in ("parquet", "csv"):
        running.run(mine, runs=9, out=tmp_path / format, format=format)
        found.append(read(tmp_path / format))
    return found


@pytest.mark.parametrize("name", ["series", "missions"])
def test_the_lean_table_is_the_whole_one(results: list[Result], name: str) -> None:
    for result in results:
        whole = getattr(result, name)
        only = {"variable": "personnel", "framework": "un"}
        kept = whole[(whole["variable"] == "personnel") & (whole["framework"] == "un")]
        lean = result.lean(name, **only)
        text = lean.select_dtypes(include="category").columns
        assert len(text) >= 6
        pd.testing.assert_frame_equal(
            lean.astype(dict.fromkeys(text, "object")), kept.reset_index(drop=True),
            check_dtype=False,
        )  # fmt: skip


def test_what_is_read_is_plain_text_in_one_order(results: list[Result]) -> None:
    for result in results:
        assert not len(result.series.select_dtypes(include="category").columns)
        pd.testing.assert_frame_equal(result.series, results[0].series, check_dtype=False)


def test_the_table_beside_the_record_is_the_same_from_parts(results: list[Result]) -> None:
    for result in results:
        pd.testing.assert_frame_equal(beside_record(result), beside_record(results[0]))


def test_a_table_is_read_in_parts_of_whole_runs(
    results: list[Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_folder, "ROWS_READ", 7)  # more than a run has, less than two
    for result in results:
        parts = [set(part["run"]) for part in result.parts("missions") if len(part)]
        assert len(parts) > 1 and sum(map(len, parts)) == len(set().union(*parts)) == 4


def test_what_takes_much_memory_is_said_before(
    invented: InventedEngine,
    mine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    much = running.memory(resolve(mine), 3, written=False)
    monkeypatch.setattr(running, "MUCH", much)
    running.run(mine, runs=3)
    assert not capsys.readouterr().err
    invented.error, invented.fail_after = RuntimeError("begun"), 0
    with pytest.raises(RuntimeError, match="begun"):
        running.run(mine, runs=4)
    told = capsys.readouterr().err
    assert "0.5 GB" in told and "--keep summary" in told


@pytest.mark.parametrize(("written", "measured"), [(True, 1.29e9), (False, 0.63e9)])
def test_the_estimate_is_what_was_measured_of_two_thousand_runs(
    written: bool, measured: float
) -> None:
    """Peaks of ``peacekeeping run historical --runs 2000 --seed 1``, with ``--out`` and without."""
    assert running.memory(find("historical"), 2000, written=written) == pytest.approx(
        measured, rel=0.1
    )
    assert running.memory(find("historical"), 2000, written=written) < running.MUCH


@pytest.mark.slow
def test_memory_hardly_grows_with_runs_kept_in_full() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PEAKS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    few, many = (float(line) for line in answer.stdout.split())
    assert many < few + 80  # MB; the tables of so many runs take four hundred
