"""A sweep on a Dask cluster: a scheduler and two workers, one of which is killed in mid-sweep."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.errors import InputError
from scenarios.sweeps.sweep import sweep

from ..support.sweep_broken import contents
from ..support.sweep_design import write_design

ROOT = Path(__file__).parents[2]
pytest.importorskip("distributed")


def begun(part: str, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{part}", *options, "--no-dashboard"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler on loopback, and its two workers."""
    import json

    file = tmp_path / "scheduler.json"
    running = [begun("scheduler", "--host", "127.0.0.1", "--port", "0", f"--scheduler-file={file}")]
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)
        address = json.loads(file.read_text())["address"]
        for _ in range(2):
            options = ("--nthreads", "1", "--no-nanny", f"--local-directory={tmp_path}")
            running.append(begun("worker", address, "--host", "127.0.0.1", *options))
        wait_for_workers(address, 2)
        yield address, running[1:]
    finally:
        for process in running:
            process.kill()
            process.wait()


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def test_a_worker_killed_in_mid_sweep_changes_nothing(cluster, tmp_path):
    address, workers = cluster
    design = write_design(tmp_path, runs=40)
    expected = contents(sweep(design, tmp_path / "alone").folder)
    seen: list[int] = []

    def kill_one(done: int, total: int, failed: int) -> None:
        seen.append(done)
        if len(seen) == 3:
            workers[0].kill()

    found = sweep(design, tmp_path / "cluster", cluster=address, progress=kill_one)
    assert workers[0].wait(timeout=30) != 0
    assert workers[1].poll() is None
    assert seen[-1] == 16 * 40 and len(seen) == 16
    assert contents(found.folder) == expected


def test_an_address_where_nobody_answers_is_told(tmp_path):
    design = write_design(tmp_path)
    with pytest.raises(InputError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        sweep(design, tmp_path / "out", cluster="tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()
