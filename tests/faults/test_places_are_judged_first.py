"""Where something is to be written or found is judged before any work, and the reason is true."""

from __future__ import annotations

import os
from pathlib import Path

import filelock
import pytest

from calibration.validation import backtest
from model.errors import InputError
from scenarios.comparison import compare as comparing
from scenarios.running.run_options import resolve
from scenarios.storage import atomic_write
from scenarios.storage.output_folder import Lock
from viz.cli.main import call

Captured = pytest.CaptureFixture[str]


def refused(capsys: Captured, *arguments: str) -> str:
    assert call(list(arguments)) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1, told
    return told


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("work was begun")

    monkeypatch.setattr(comparing, "compare", work)
    monkeypatch.setattr(backtest, "validate", work)


@pytest.mark.parametrize("name", ["file/brief.html", "file/new/brief.html", "x" * 250 + ".html"])
@pytest.mark.usefixtures("no_work")
def test_a_brief_is_refused_before_it_is_computed(
    tmp_path: Path, capsys: Captured, name: str
) -> None:
    (tmp_path / "file").write_text("")
    told = refused(capsys, "brief", "korea-act-in-2000/act", "--out", str(tmp_path / name))
    assert "cannot be written to" in told


@pytest.mark.parametrize(("name", "words"), [("file/a.csv", "written to"), (".", "is a folder")])
@pytest.mark.usefixtures("no_work")
def test_a_table_of_scores_is_refused_before_it_is_computed(
    tmp_path: Path, capsys: Captured, name: str, words: str
) -> None:
    (tmp_path / "file").write_text("")
    assert words in refused(capsys, "validate", "--table", str(tmp_path / name))


def test_judging_a_place_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("old")
    for name in ("new/deep/a.html", "b.html", "old.txt"):
        atomic_write.check_file(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]
    assert (tmp_path / "old.txt").read_text() == "old"


def test_a_lock_that_cannot_be_made_is_not_taken_for_one_that_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in /proc, where nobody may make a file; filelock waits for it as for a lock."""

    def wait(self: filelock.FileLock) -> None:
        raise filelock.Timeout(self.lock_file)

    monkeypatch.setattr(filelock.FileLock, "acquire", wait)
    with pytest.raises(FileNotFoundError):
        Lock(tmp_path / "gone" / ".lock", tmp_path)
    held = tmp_path / "held.lock"
    held.touch()
    with pytest.raises(InputError, match="another run is writing"):
        Lock(held, tmp_path)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_folder_of_the_system_is_refused_for_what_it_is(capsys: Captured) -> None:
    told = refused(capsys, "data", "package", "--out", "/proc/peacekeeping")
    assert "cannot be written to" in told and "another run" not in told


def test_a_path_that_is_no_scenario_is_named_as_written(capsys: Captured) -> None:
    assert f"unknown scenario {os.devnull!r}" in refused(capsys, "run", os.devnull)


def test_all_states_stand_alone() -> None:
    with pytest.raises(InputError, match="all stands alone"):
        resolve("historical", deliberating="all,JPN")
    assert resolve("historical", deliberating=" all ").deliberating == "all"


@pytest.mark.parametrize("written", ["kor", "South Korea", " KOR "])
def test_law_takes_a_state_as_other_commands_do(capsys: Captured, written: str) -> None:
    assert "months go from" in refused(capsys, "law", "--state", written, "--month", "1900-01")
