"""A result folder is complete or it is none, and it reads back as it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model import coverage
from model.errors import InputError
from scenarios.definition.loader import parse
from scenarios.running import model_adapter, record_series
from scenarios.running import run as running
from scenarios.running.record_comparison import beside_record
from scenarios.running.result import read
from scenarios.running.result_folder import COLUMNS, FILES, TABLES
from scenarios.running.result_writer import Writer
from scenarios.running.run_options import FORMATS, Format

from ..support.small_world import SCENARIO, InventedEngine


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def scenario(tables: Path):
    return parse(SCENARIO, "mine.toml")


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_reads_back_what_memory_holds(
    invented: InventedEngine, scenario, tmp_path: Path, format: Format
) -> None:
    memory = running.run(scenario, runs=5, seed=0)
    running.run(scenario, runs=5, seed=0, out=tmp_path / "out", format=format)
    stored = read(tmp_path / "out")
    assert files(tmp_path / "out") == sorted(
        ["manifest.json", *(f"{name}.{format}" for name in FILES)]
    )
    for name in FILES:
        mine, theirs = getattr(memory, name), getattr(stored, name)
        assert list(mine.columns) == list(theirs.columns)
        pd.testing.assert_frame_equal(
            mine.astype(str).replace("nan", ""), theirs.astype(str).replace("nan", "")
        )
    assert tuple(stored.series.columns) == COLUMNS


def test_the_same_run_writes_the_same_bytes_anywhere(
    invented: InventedEngine, scenario, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        running.run(scenario, runs=3, seed=7, out=tmp_path / name)
    for file in files(tmp_path / "one"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_the_manifest_says_what_was_run_and_names_no_place(
    invented: InventedEngine, scenario, tmp_path: Path
) -> None:
    running.run(
        scenario,
        runs=2,
        seed=2**64 - 1,
        start="1996-02",
        settings={"home_threat": 2, "party_lean": 0.25},
        deliberating=["Japan"],
        out=tmp_path / "out",
    )
    text = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["seed"] == 2**64 - 1
    assert manifest["scenario"]["levers"] == {"home_threat": 2}
    assert manifest["scenario"]["uncertainties"] == {"party_lean": 0.25}
    assert manifest["scenario"]["deliberating"] == ["JPN"]
    assert manifest["overrides"]["from"] == "1996-02"
    assert set(manifest["program"]["data_sha256"]) >= {"parameters.csv", "states.csv"}
    assert manifest["program"]["data_to"] == coverage.ends()
    assert "--set home_threat=2" in " ".join(manifest["program"]["command"])
    assert str(tmp_path) not in text
    assert read(tmp_path / "out").series["seed"].iloc[0] == 2**64 - 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("broken")])
def test_a_broken_run_leaves_nothing(
    tables: Path, scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(model_adapter, "simulate", InventedEngine(4, error))
    with pytest.raises(type(error)):
        running.run(scenario, runs=8, out=tmp_path / "deep" / "out")
    assert not (tmp_path / "deep").exists()


def test_a_broken_run_leaves_an_older_result_whole(
    invented: InventedEngine, scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    running.run(scenario, runs=3, out=out)
    before = {name: (out / name).read_bytes() for name in files(out)}
    monkeypatch.setattr(model_adapter, "simulate", InventedEngine(2, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        running.run(scenario, runs=8, out=out, overwrite=True)
    assert {name: (out / name).read_bytes() for name in files(out)} == before


def test_a_new_result_takes_the_place_of_one_in_another_format(
    invented: InventedEngine, scenario, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    running.run(scenario, runs=3, out=out, format="csv")
    running.run(scenario, runs=3, out=out, overwrite=True)
    assert not list(out.glob("*.csv"))
    read(out)


def test_a_folder_without_manifest_is_no_result(
    invented: InventedEngine, scenario, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    running.run(scenario, runs=3, out=out)
    (out / "manifest.json").unlink()
    with pytest.raises(InputError, match="no complete result"):
        read(out)


@pytest.mark.parametrize("name", ["series.parquet", "missions.parquet", "manifest.json"])
def test_a_truncated_file_is_named(
    invented: InventedEngine, scenario, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    running.run(scenario, runs=3, out=out)
    whole = (out / name).read_bytes()
    (out / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=name):
        read(out)


def test_an_unwritable_folder_is_told_before_anything_is_simulated(
    invented: InventedEngine, scenario, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        running.run(scenario, runs=3, out=tmp_path / "file" / "out")
    assert not invented.seen


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.integers(1, 9), st.integers(0, 2**64 - 1))
def test_every_run_is_in_the_tables_whatever_the_chunks(
    invented: InventedEngine, tables: Path, runs: int, seed: int
) -> None:
    result = running.run(parse(SCENARIO, "mine.toml"), runs=runs, seed=seed)
    assert set(result.missions["run"]) == {run for run in range(runs) if run % 2}
    assert len(result.series) == 6 * (runs // 2)


def test_progress_ends_with_every_run(invented: InventedEngine, scenario) -> None:
    seen: list[tuple[int, int]] = []
    running.run(scenario, runs=5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"runs": 0},
        {"seed": -1},
        {"seed": 2**64},
        {"format": "xml"},
        {"start": "1996-7"},
        {"start": "1997-01", "end": "1996-01"},
        {"settings": {"home_thret": 1}},
        {"deliberating": ["XXX"]},
    ],
)
def test_impossible_requests_are_refused(
    invented: InventedEngine, scenario, wrong: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        running.run(scenario, **wrong)  # type: ignore[arg-type]
    assert not invented.seen


def test_the_table_sets_recorded_beside_simulated(invented: InventedEngine, scenario) -> None:
    table = beside_record(running.run(scenario, runs=4)).set_index(["state", "mission"])
    golan: Any = table.loc[("JPN", "UNDOF")]
    assert golan["recorded_months"] == 5  # February to June, of six months
    assert golan["recorded_size"] == 45  # 43 transport and two staff officers
    assert golan["simulated_months"] == 3  # six months in two of four runs
    assert golan["share_of_runs"] == 0.5
    assert golan["simulated_size"] == 40.5
    korea = table.loc["KOR"]
    assert len(korea) and (korea["recorded_months"] > 0).all()
    assert (korea["simulated_months"] == 0).all()
    assert ("JPN", "UNMISS") not in table.index


def test_the_writer_refuses_a_table_without_its_columns(tables: Path, tmp_path: Path) -> None:
    bad = pd.DataFrame({"run": [1]})
    frames = model_adapter.Frames(1, dict.fromkeys(TABLES, bad.copy))
    with pytest.raises(ValueError, match="lacks the"), Writer(tmp_path / "out") as writer:
        writer.add(frames)
    assert not (tmp_path / "out").exists()


def test_the_record_is_kept_within_the_frame_of_the_result(
    invented: InventedEngine, scenario, tmp_path: Path
) -> None:
    running.run(scenario, runs=1, out=tmp_path / "out")
    record = read(tmp_path / "out").record
    assert tuple(record.columns) == record_series.COLUMNS
    assert set(record["state"]) <= {"JPN", "KOR"}
    assert record["month"].between("1996-01", "1996-06").all()
    assert (record["value"] > 0).all()


def test_both_engines_fill_the_same_tables_in_the_same_order() -> None:
    short: Any = {"runs": 2, "start": "1992-06", "end": "1993-06"}
    fast = running.run("historical", **short)
    slow = running.run("historical", engine="mesa", **short)
    for name in TABLES:
        one, two = (getattr(each, name) for each in (fast, slow))
        pd.testing.assert_frame_equal(one, two)
    assert len(fast.decisions)
    assert "mesa" in slow.manifest["program"]["command"]
