"""Serving others: what the command says, the health address, the log, the container file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")

from model.errors import InputError
from viz.web import server
from viz.web.visit import fair_queue, usage, visitors
from viz.web.visit.fair_queue import FairQueue

from ..support.served_app import Served

ROOT = Path(__file__).parents[2]
CONTAINER = (ROOT / "Containerfile").read_text(encoding="utf-8")


def test_it_says_what_is_exposed_and_only_where_something_is() -> None:
    assert server.exposed("127.0.0.1", "/x") == server.exposed("::1", "/x") == []
    told = " ".join(server.exposed("0.0.0.0", "/srv/sweeps"))
    assert "no login" in told and "/srv/sweeps" in told and "every network" in told
    assert "192.0.2.7" in " ".join(server.exposed("192.0.2.7", "/srv/sweeps"))


def test_health_is_counts_and_nothing_of_any_visitor(served: Served) -> None:
    with urllib.request.urlopen(f"{served.address}health", timeout=30) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        told = json.load(answer)
    assert set(told) == {"status", "version", "visitors", "working", "waiting", "memory_mb"}
    assert told["status"] == "ok" and told["memory_mb"] > 50


def test_the_log_has_a_time_and_counts(tmp_path: Path) -> None:
    usage.write_log(tmp_path / "use.log")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ visitors=\d+ working=\d+ waiting=\d+ memory_mb=\w+",
        usage.line(),
    )
    with pytest.raises(OSError):
        usage.write_log(tmp_path / "nowhere" / "use.log")


def test_nobody_more_is_let_in_when_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitors.room()
    monkeypatch.setattr(usage, "memory", lambda: visitors.MOST_MEMORY + 1)
    assert not visitors.room()


def test_a_queue_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "MOST_WAITING", 0)
    with pytest.raises(InputError, match="try again"), FairQueue().place("a"):
        pass


def test_the_container_file_copies_what_the_program_is_made_of() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", CONTAINER, flags=re.MULTILINE)
    names = " ".join(copied).split()
    assert all((ROOT / name).exists() for name in names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {name.partition(".")[0] for name in project["tool"]["setuptools"]["packages"]}
    assert packages <= set(names)
    assert "app" in project["project"]["optional-dependencies"]
    assert {"LICENSE", "README.md", "constraints.txt"} <= set(names)


def test_the_container_runs_as_nobody_special_and_is_watched() -> None:
    user = CONTAINER.index("\nUSER peacekeeping")
    assert user < CONTAINER.index("\nENTRYPOINT")
    assert "/health" in CONTAINER and '"--host", "0.0.0.0"' in CONTAINER


def engine() -> str:
    """A container engine that answers, if there is one."""
    for name in filter(None, map(shutil.which, ("podman", "docker"))):
        if subprocess.run([name, "info"], capture_output=True, timeout=60).returncode == 0:
            return name
    return ""


@pytest.mark.slow
def test_the_container_is_built_and_answers() -> None:
    name = engine()
    if not name:
        pytest.skip("no container engine answers")
    built = [name, "build", "-q", "-f", "Containerfile", "-t", "peacekeeping-test", "."]
    subprocess.run(built, cwd=ROOT, check=True, timeout=1800)
    run = [name, "run", "--rm", "--entrypoint", "peacekeeping", "peacekeeping-test", "--version"]
    assert subprocess.run(run, check=True, capture_output=True, timeout=120).stdout
