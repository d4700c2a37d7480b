"""A sweep that is killed, interrupted, out of room or damaged ends with the same bytes, or says why
it does not go on."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from model.errors import InputError
from scenarios.storage import provenance
from scenarios.storage.output_folder import OutputFolder
from scenarios.sweeps.store import Store
from scenarios.sweeps.sweep import SweepInterrupted, SweepResult, sweep

from ..support.sweep_broken import contents
from ..support.sweep_design import SERIES, write_design

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A design, and the bytes of a sweep left alone."""
    folder = tmp_path_factory.mktemp("unbroken")
    design = write_design(folder, runs=20)
    return design, contents(sweep(design, folder / "out").folder)


def begun(design: Path, out: Path, chunks: int) -> None:
    """A sweep interrupted after so many chunks."""
    seen = 0

    def stop(*_: int) -> None:
        nonlocal seen
        seen += 1
        if seen == chunks:
            raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted, match=f"{chunks} of 16 chunks are finished"):
        sweep(design, out, threads=1, progress=stop)


def test_a_chunk_written_as_the_interruption_comes_is_counted(
    unbroken: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, written = Store.add, 0

    def interrupted(store: Store, done: Any) -> None:
        nonlocal written
        add(store, done)
        written += 1
        if written == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(Store, "add", interrupted)
    with pytest.raises(SweepInterrupted, match="^3 of 16 chunks are finished$"):
        sweep(unbroken[0], tmp_path / "out", threads=1)
    told: list[str] = []
    monkeypatch.setattr(Store, "add", add)
    sweep(unbroken[0], tmp_path / "out", resume=True, tell=told.append)
    assert "3 of 16 chunks are there already." in told


def started(design: Path, out: Path, how: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.sweep_design", str(design), str(out), how],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.mark.parametrize(("how", "step"), [("kill", 1), ("full", 4)])
def test_broken_at_any_file_operation_it_resumes_to_the_same_bytes(tmp_path, how, step):
    design = write_design(tmp_path, runs=2, threats=1)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.support.sweep_broken",
            str(design),
            str(tmp_path),
            how,
            str(step),
        ],
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    *wrong, last = done.stdout.splitlines()
    assert not wrong, done.stdout
    assert int(last.split()[0]) * step > 20


@pytest.mark.parametrize("how", ["threads", "processes"])
def test_killed_at_random_moments_it_resumes_to_the_same_bytes(unbroken, tmp_path, how):
    design, expected = unbroken
    out = tmp_path / "out"
    chance = random.Random(how)
    for _ in range(2):
        process = started(design, out, how)
        deadline = time.monotonic() + 60
        while not any((out / "chunks").glob("outcomes-*")) and time.monotonic() < deadline:
            if process.poll() is not None:
                break
            time.sleep(0.01)
        time.sleep(chance.random() * 0.4)
        process.kill()
        process.communicate()
    assert contents(sweep(design, out, resume=(out / "manifest.json").exists()).folder) == expected


def test_an_interruption_keeps_what_is_finished_and_resumes(unbroken, tmp_path):
    design, expected = unbroken
    begun(design, tmp_path, 5)
    assert SweepResult(tmp_path, json.loads((tmp_path / "manifest.json").read_text())).outcomes
    told: list[str] = []
    sweep(design, tmp_path, resume=True, tell=told.append)
    assert told == ["5 of 16 chunks are there already."]
    assert contents(tmp_path) == expected


def test_damaged_chunks_are_run_again(unbroken, tmp_path):
    design, expected = unbroken
    begun(design, tmp_path, 8)
    flipped, short, gone, stray = sorted((tmp_path / "chunks").glob("*.parquet"))[:4]
    content = bytearray(flipped.read_bytes())
    content[len(content) // 2] ^= 1
    flipped.write_bytes(content)
    short.write_bytes(short.read_bytes()[:100])
    gone.unlink()
    (tmp_path / "chunks" / ".half.parquet.tmp").write_bytes(b"half")
    damaged = [flipped.name, short.name]
    for number in ("000012", "000099"):
        damaged.append(stray.name.replace("000003", number))
        (tmp_path / "chunks" / damaged[-1]).write_bytes(stray.read_bytes())
    told: list[str] = []
    sweep(design, tmp_path, resume=True, tell=told.append)
    assert told[0] == f"Damaged, so run again: {', '.join(damaged)}."
    assert contents(tmp_path) == expected


@pytest.mark.parametrize("made", [os.mkfifo, os.mkdir])
def test_what_is_no_file_among_the_chunks_is_told(tmp_path, made):
    """A pipe would be waited for without end."""
    with Store(tmp_path) as kept:
        kept.chunks.mkdir()
        made(kept.chunks / "outcomes-000000.0123456789abcdef.parquet")
        with pytest.raises(InputError, match="is not a file, so not a chunk of a sweep"):
            kept.finished(["outcomes"], 1)


def test_a_file_that_may_not_grow_is_told_and_resumed(tmp_path):
    design = write_design(tmp_path, runs=60, extra=SERIES)
    expected = contents(sweep(design, tmp_path / "whole").folder)
    out = tmp_path / "out"
    limit = len(expected["manifest.json"]) + 512
    assert len(expected["series.parquet"]) > limit

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-m", "viz.cli.main", "sweep", str(design), "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=small_files, env=environment
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"peacekeeping: the sweep cannot be written to {out}: File too large; what is "
        "finished is kept, make room and go on with --resume"
    )
    assert not list(out.rglob("*.tmp"))
    sweep(design, out, resume=True)
    assert contents(out) == expected


def test_an_interrupt_of_the_command_says_how_to_go_on(unbroken, tmp_path):
    design, _ = unbroken
    command = [sys.executable, "-m", "viz.cli.main", "sweep", str(design), "--out", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    while not any((tmp_path / "chunks").glob("outcomes-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "chunks are finished. Go on with: peacekeeping sweep " in error
    assert error.rstrip().endswith(f"--out {tmp_path} --resume")
    assert "Traceback" not in error


def test_two_sweeps_cannot_write_one_folder(unbroken, tmp_path):
    design, _ = unbroken
    seen: list[str] = []

    def second(*_: int) -> None:
        with pytest.raises(InputError) as caught:
            sweep(design, tmp_path, resume=True)
        seen.append(str(caught.value))

    sweep(design, tmp_path, threads=1, progress=second)
    assert seen[0].startswith(f"another sweep is writing into {tmp_path}")


def test_without_resume_nothing_is_touched(unbroken, tmp_path):
    design, _ = unbroken
    begun(design, tmp_path, 2)
    before = contents(tmp_path)
    with pytest.raises(InputError, match="holds an unfinished sweep of small; .*--resume"):
        sweep(design, tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("finished", [True, False])
def test_another_sweep_is_replaced_when_asked_and_nothing_else_is(unbroken, tmp_path, finished):
    design, expected = unbroken
    other = write_design(tmp_path, runs=3, extra=SERIES)
    out = tmp_path / "out"
    sweep(other, out) if finished else begun(other, out, 2)
    with OutputFolder(out / "sensitivity", ["sensitivity"]) as place:
        place.commit({"program": {"command": ["sensitivity"]}})
    (out / "mine.txt").write_text("of the user")
    before = contents(out)
    with pytest.raises(InputError, match=r"holds mine\.txt, which is not of a sweep"):
        sweep(design, out, overwrite=True)
    assert contents(out) == before
    (out / "mine.txt").unlink()
    with pytest.raises(InputError, match="choose one of --resume and --overwrite"):
        sweep(design, out, resume=True, overwrite=True)
    assert contents(sweep(design, out, overwrite=True).folder) == expected


def test_a_sweep_killed_while_it_replaces_another_is_the_old_or_the_new(
    unbroken, tmp_path, monkeypatch
):
    design, expected = unbroken
    other = write_design(tmp_path, runs=3, extra=SERIES)
    for step in ("_remove_chunks", "_write_manifest", "_tidy"):
        out = tmp_path / step
        sweep(other, out)
        with monkeypatch.context() as patched:
            whole = getattr(Store, step)

            def killed(store, *given, whole=whole):
                whole(store, *given)
                raise KeyboardInterrupt

            patched.setattr(Store, step, killed)
            with pytest.raises(KeyboardInterrupt):
                sweep(design, out, overwrite=True)
        new = step != "_remove_chunks"
        again = sweep(design if new else other, out, resume=True)
        assert again.manifest["runs"] == (20 if new else 3)
        if new:
            assert contents(out) == expected


@pytest.mark.parametrize("what", ["design", "data", "rules", "package", "scenario"])
def test_a_changed_origin_is_refused(unbroken, tmp_path, monkeypatch, what):
    design, _ = unbroken
    begun(design, tmp_path / "out", 2)
    before = contents(tmp_path / "out")
    told = {
        "design": r"its design has changed since it was begun \(runs\)",
        "data": r"the data have changed since it was begun \(parameters.csv\)",
        "rules": "the rules of the model have changed",
        "package": "it was begun with numpy 1.0",
        "scenario": r"what it was made from has changed since it was begun \(scenario\)",
    }[what]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    if what == "design":
        design = write_design(tmp_path, runs=21)
    elif what == "data":
        hashes = {**provenance.data_hashes(), "parameters.csv": "0"}
        monkeypatch.setattr(provenance, "data_hashes", lambda: hashes)
    elif what == "rules":
        monkeypatch.setattr(provenance, "rules_hash", lambda: "0")
    else:
        if what == "package":
            manifest["program"]["packages"]["numpy"] = "1.0"
        else:
            manifest["scenario"]["levers"] = {"home_threat": 2.0}
        del manifest["signature"]
        (tmp_path / "out" / "manifest.json").write_text(provenance.signed(manifest))
        before = contents(tmp_path / "out")
    with pytest.raises(InputError, match=told):
        sweep(design, tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is damaged: it is not valid JSON"),
        ("{}", "is not of a sweep"),
        ('{"content": "sweep", "layout": 1}', "is damaged: 'design' is missing"),
    ],
)
def test_a_damaged_manifest_is_told(unbroken, tmp_path, content, told):
    design, _ = unbroken
    begun(design, tmp_path, 1)
    (tmp_path / "manifest.json").write_text(content)
    before = contents(tmp_path)
    for resume in (True, False):
        with pytest.raises(InputError, match=told) as raised:
            sweep(design, tmp_path, resume=resume, overwrite=not resume)
        assert "--overwrite replaces only a sweep that can be read" in str(raised.value)
        assert contents(tmp_path) == before


def test_a_table_changed_after_the_sweep_is_told(unbroken, tmp_path):
    design, _ = unbroken
    sweep(design, tmp_path)
    with (tmp_path / "outcomes.parquet").open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(InputError, match="outcomes.parquet is damaged or was changed"):
        sweep(design, tmp_path, resume=True)
