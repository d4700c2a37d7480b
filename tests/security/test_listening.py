"""Where the web app listens, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")

from model.errors import InputError
from viz.web.server import listening, serve

from ..support.served_app import ROOT


@pytest.mark.parametrize(
    "host",
    ["", " ", "\t", "''", '""', "[]", "0", "0x0", "00", "0.0", "000.000.0.0", "127.1", "localhost"],
)
def test_every_spelling_of_nowhere_is_this_machine_alone(host: str) -> None:
    with listening(host, 0) as place:
        assert place.getsockname()[0].startswith("127.")


@pytest.mark.parametrize("folder", ["nowhere", "file"])
def test_a_folder_of_sweeps_that_is_none_is_told(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is no folder"):
        serve(0, folder=tmp_path / folder)


def test_the_folder_and_the_log_may_lie_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell does not expand the tilde of --log=~/log."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(InputError, match=str(tmp_path / "nowhere")):
        serve(0, folder=Path("~/nowhere"))
    with pytest.raises(InputError, match=str(tmp_path / "nowhere")):
        serve(0, folder=tmp_path, log=Path("~/nowhere/log"))


def test_others_are_let_in_only_where_that_is_written_out() -> None:
    with listening("0.0.0.0", 0) as place:
        assert place.getsockname()[0] == "0.0.0.0"


@pytest.mark.parametrize("host", ["::1", "[::1]", " ::1 "])
def test_the_other_loopback_is_served(host: str) -> None:
    try:
        place = listening(host, 0)
    except InputError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    with place:
        assert place.getsockname()[0] == "::1"


@pytest.mark.parametrize("host", ["no such host", "a\0b", "example.invalid", "\ud800", "a" * 300])
def test_what_is_no_host_is_told(host: str) -> None:
    with pytest.raises(InputError, match="--host"):
        listening(host, 0)


def app(*options: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "viz.cli.main", "app", "--port", "0", *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_it_says_that_it_is_closed() -> None:
    process = app()
    assert process.stdout is not None
    assert "The web app is at" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    try:
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert told == "Interrupted; the web app is closed.\n"


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["absent", "empty", "row", "number"])
def test_broken_data_end_it_with_a_sentence(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "data"
    source = ROOT / "model" / "data"
    if broken != "absent":
        folder.mkdir()
        for path in source.glob("*"):
            text = path.read_text(encoding="utf-8")
            if broken == "empty" and path.name == "missions.csv":
                text = ""
            if broken == "row" and path.name == "contributions.csv":
                text = text[: len(text) // 2]
            if broken == "number" and path.name == "parameters.csv":
                text = re.sub(r"(?m)^home_threat,,lever,1,", "home_threat,,lever,seven,", text)
            (folder / path.name).write_text(text, encoding="utf-8")
    process = app(PEACEKEEPING_DATA=str(folder))
    try:
        _, told = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode == 2
    assert told.count("\n") == 1 and told.startswith("peacekeeping: ")
