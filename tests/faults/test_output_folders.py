"""Nothing that is not ours is touched; a result changes whole, whatever stops the program."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from model.errors import InputError
from scenarios.running.result import read
from scenarios.running.result_folder import read_manifest
from scenarios.running.run import run
from scenarios.storage import output_folder, provenance
from scenarios.storage.output_folder import OutputFolder
from tests.support.small_world import SCENARIO, InventedEngine
from viz.cli.main import call

OWN = ("summary.csv", "changes.csv", "record.csv", "manifest.json", "notes.txt", "figures/mine.png")


def write(folder: Path, command: list[str], content: str, overwrite: bool = False) -> None:
    """A small result: two files of the same content, one of them in a folder."""
    with OutputFolder(folder, command, overwrite) as place:
        (place.new / "figures").mkdir()
        for name in ("a.csv", "figures/b.csv"):
            (place.new / name).write_text(content)
        place.commit({"program": {"command": command}})


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_what_we_did_not_write_is_refused_by_name(
    invented: InventedEngine,
    mine: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    options: list[str],
) -> None:
    out = tmp_path / "out"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("of the user")
    for command in (["run", mine, "--runs", "2"], ["compare", mine, mine, "--runs", "2"]):
        assert call([*command, "--out", str(out), *options]) == 2
        assert name.partition("/")[0] in capsys.readouterr().err
    assert held(out) == {name: b"of the user"}


def test_a_file_put_into_a_result_or_changed_there_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, ["one"], "1")
    (out / "notes.txt").write_text("of the user")
    with pytest.raises(InputError, match=r"holds notes\.txt"):
        write(out, ["one"], "2", overwrite=True)
    (out / "notes.txt").unlink()
    (out / "a.csv").write_text("changed")
    with pytest.raises(InputError, match=r"holds a\.csv, which was changed"):
        write(out, ["one"], "2", overwrite=True)
    assert (out / "a.csv").read_text() == "changed"


def test_another_result_is_replaced_only_when_asked_and_then_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, ["one"], "1")
    write(out, ["one"], "2")  # of the same command: unasked
    with pytest.raises(InputError, match="holds the result of one; .* --overwrite"):
        write(out, ["two"], "3")
    assert held(out)["a.csv"] == b"2"
    write(out, ["two"], "3", overwrite=True)
    assert held(out)["figures/b.csv"] == b"3"
    assert beside(out) == ["out"]


@pytest.mark.slow
def test_a_run_is_not_ruined_by_an_outlook_nor_by_another_run(
    invented: InventedEngine, mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert call(["run", mine, "--runs", "2", "--out", str(out)]) == 0
    before = held(out)
    capsys.readouterr()
    for command in (["run", mine, "--runs", "3"], ["compare", mine, mine, "--runs", "1"]):
        assert call([*command, "--out", str(out)]) == 2
        assert "--overwrite" in capsys.readouterr().err
    assert held(out) == before
    assert call(["run", mine, "--runs", "3", "--out", str(out), "--overwrite"]) == 0
    assert read(out).manifest["runs"] == 3


@pytest.mark.slow
def test_the_manifest_has_the_hash_of_every_file(
    invented: InventedEngine, mine: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert call(["run", mine, "--runs", "2", "--out", str(out)]) == 0
    manifest = read_manifest(out)
    signed = {entry["file"]: entry["sha256"] for entry in manifest["tables"].values()}
    signed |= manifest["files"]
    there = {name for name in held(out) if name != "manifest.json"}
    assert set(signed) == there and any(name.startswith("figures/") for name in there)
    assert all(provenance.file_hash(out / name) == digest for name, digest in signed.items())


@pytest.mark.slow
def test_a_figure_of_another_run_is_noticed(
    invented: InventedEngine, mine: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert call(["run", mine, "--runs", "2", "--out", str(out)]) == 0
    (out / "figures" / "missions.png").write_bytes(b"of another run")
    with pytest.raises(InputError, match=r"missions\.png is not of the result"):
        read(out)


@pytest.mark.parametrize("swaps", [True, False])
def test_what_a_killed_run_left_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    if not swaps:
        monkeypatch.setattr(output_folder, "_exchange", lambda *_: False)
    out = tmp_path / "out"
    write(out, ["one"], "1")
    (tmp_path / ".out.writing").mkdir()
    (tmp_path / ".out.writing" / "a.csv").write_text("half")
    (tmp_path / ".out.lock").write_text("")
    if not swaps:  # killed between the two renames
        out.rename(tmp_path / ".out.old")
    write(out, ["one"], "2")
    assert held(out)["a.csv"] == b"2"
    assert beside(out) == ["out"]


def test_a_folder_that_cannot_change_places_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("."), ["one"], "1")
    write(Path("."), ["two"], "2", overwrite=True)
    assert sorted(held(tmp_path)) == ["a.csv", "figures/b.csv", "manifest.json"]
    (tmp_path / "notes.txt").write_text("of the user")
    with pytest.raises(InputError, match=r"notes\.txt"):
        write(Path("."), ["two"], "3", overwrite=True)
    (tmp_path / "notes.txt").unlink()
    # killed while the files were moved one by one
    journal = tmp_path / ".writing"
    journal.mkdir()
    (journal / "moving.json").write_text(json.dumps(["a.csv", "figures/b.csv", "manifest.json"]))
    (tmp_path / "manifest.json").unlink()
    write(Path("."), ["three"], "3")
    assert held(tmp_path)["a.csv"] == b"3"
    assert not journal.exists()


def killed_at(step: int, place: Path, folder: str, swaps: bool) -> bool:
    """Write a new result in a process that is killed after so many calls; whether it was done."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    try:
        count = 0

        def after(function: Callable[..., object]) -> Callable[..., object]:
            def counted(*arguments: object, **named: object) -> object:
                nonlocal count
                found = function(*arguments, **named)
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return found

            return counted

        if not swaps:
            output_folder._exchange = lambda *_: False
        for name in ("rename", "replace", "unlink", "mkdir", "rmdir", "fsync"):
            setattr(os, name, after(getattr(os, name)))
        output_folder._exchange = after(output_folder._exchange)  # type: ignore[assignment]
        os.chdir(place)
        write(Path(folder), ["two"], "new", overwrite=True)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.parametrize("way", ["exchange", "rename", "in place"])
def test_killed_at_any_call_what_is_read_is_old_or_new(tmp_path: Path, way: str) -> None:
    seen: set[bytes] = set()
    done, step = False, 0
    while not done and step < 100:
        step += 1
        home = tmp_path / str(step)
        home.mkdir()
        out = home / "out"
        write(out, ["one"], "old")
        inside = way == "in place"
        done = killed_at(
            step, out if inside else home, "." if inside else str(out), way != "rename"
        )
        if (out / "manifest.json").exists():  # else nothing can be read for a moment
            files = read_files(out)
            assert len(set(files.values())) == 1, (step, files)
            seen |= set(files.values())
        else:
            assert way != "exchange"
        write(out, ["three"], "next", overwrite=True)
        assert set(read_files(out).values()) == {b"next"}
        assert beside(out) == ["out"]
    assert done and seen == {b"old", b"new"}


def read_files(out: Path) -> dict[str, bytes]:
    """The files that a signed manifest says are there, each checked."""
    found = output_folder._manifest(out)
    assert found
    for name, digest in found["files"].items():
        assert provenance.file_hash(out / name) == digest
    return {name: (out / name).read_bytes() for name in found["files"]}


def test_of_two_runs_into_one_folder_one_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with OutputFolder(out, ["one"]), pytest.raises(InputError, match="another run is writing into"):
        OutputFolder(out, ["one"])
    write(out, ["one"], "1")
    assert beside(out) == ["out"]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write(out, ["one"], "1")
    before = held(out)
    with (
        pytest.raises(InputError, match="No space left"),
        OutputFolder(out, ["two"], True) as place,
    ):
        (place.new / "a.csv").write_text("half")
        raise OSError(28, "No space left on device")
    assert held(out) == before and beside(out) == ["out"]


@pytest.mark.slow
def test_a_tilde_is_the_home_folder_everywhere(
    invented: InventedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    for format in ("parquet", "csv"):
        result = run("~/mine.toml", runs=2, out=f"~/{format}", format=format)
        assert result.folder == tmp_path / format
        assert len(read(f"~/{format}").series)
    assert call(["run", "~/mine.toml", "--runs", "2", "--out", "~/zz"]) == 0
    assert not (tmp_path / "~").exists() and (tmp_path / "zz" / "manifest.json").exists()


@pytest.mark.parametrize("value", [0.123456789, 1 / 3, 0.1 + 0.2, 2.0, 1e-17])
def test_the_command_of_a_manifest_says_numbers_to_the_last_bit(
    invented: InventedEngine, mine: str, value: float
) -> None:
    command = run(mine, runs=1, settings={"home_threat": value}).manifest["program"]["command"]
    written = command[command.index("--set") + 1].partition("=")[2]
    assert float(written) == value
