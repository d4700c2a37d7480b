"""Results are the same and can be read, whatever the clock, the system and the way Python runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from model import input_files
from model.errors import InputError
from scenarios.definition.loader import parse
from scenarios.running.result import read
from scenarios.sweeps.sweep import sweep
from tests.support.small_world import SCENARIO, InventedEngine
from viz.cli.main import call

ROOT = Path(__file__).resolve().parents[2]
DRAWN = """
import hashlib
from tests.support.chart_example import recorded, simulated
from viz.charts.fans.fan import personnel_fans
from viz.charts.style.export import render, specification
from viz.charts.timeline import mission_timeline

series, missions = simulated(runs=2)
span = {"months": ("1990-11", "2023-12")}
for chart in (
    mission_timeline(missions, recorded(), ("JPN",), **span),
    personnel_fans(series, recorded(), ("KOR",), **span),
):
    print(hashlib.sha256(render(specification(chart), "svg")).hexdigest())
"""


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=300, cwd=ROOT,
        env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.slow
def test_a_figure_is_the_same_in_every_time_zone() -> None:
    """Pixels, labels and what is read aloud, where the clock is behind and where it changes."""
    zones = ("UTC", "America/New_York", "Pacific/Auckland")
    drawn = [python("-c", DRAWN, TZ=zone) for zone in zones]
    assert all(one.returncode == 0 for one in drawn), drawn[0].stderr
    assert len({one.stdout for one in drawn}) == 1 and len(drawn[0].stdout.split()) == 2


@pytest.mark.slow
def test_excel_is_told_the_letters_of_every_table(invented: InventedEngine, tmp_path: Path) -> None:
    mine = tmp_path / "한국 · Corée.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    for format in ("csv", "parquet"):
        out = str(tmp_path / format)
        assert call(["run", str(mine), "--runs", "4", "--out", out, "--format", format]) == 0
        tables = list(Path(out).rglob("*.csv"))
        assert tables and all(path.read_bytes()[:3] == b"\xef\xbb\xbf" for path in tables)
        assert not any(b"\xef\xbb\xbf" in path.read_bytes()[3:] for path in tables)
    one, other = (read(tmp_path / format) for format in ("csv", "parquet"))
    for name in ("series", "missions", "decisions"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_dtype=False)
    assert set(one.series["scenario"]) == {mine.stem}


DEVICES = [
    "CON",
    "nul",
    "Aux.txt",
    "prn.2024.toml",
    "com1",
    "LPT9",
    "COM²",
    "conout$",
    "NUL .x",
    "CON:",
    "com1:x",
]


@pytest.mark.parametrize("name", DEVICES)
def test_no_name_is_one_that_windows_keeps(
    invented: InventedEngine, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    before = set(tmp_path.iterdir())
    for out in (tmp_path / name, f"{tmp_path}/{name}/", f"results\\{name}"):
        assert call(["run", str(mine), "--runs", "2", "--out", str(out)]) == 2
        assert "kept by Windows for a device" in capsys.readouterr().err
        with pytest.raises(InputError, match="kept by Windows"):
            sweep("japan-returns", out)
    with pytest.raises(InputError, match="kept by Windows"):
        parse(SCENARIO, f"{re.split('[.:]', name)[0].strip()}.toml")
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["console", "com10", "nullify", "aux-1", "results/com1/mine"])
def test_names_that_only_begin_alike_are_taken(name: str) -> None:
    assert input_files.place(name) == Path(name)


@pytest.mark.slow
def test_python_without_texts_is_told_in_a_sentence(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    begin = ("-OO", "-c", "from viz.cli.main import main; main()")
    assert python(*begin, "scenarios", "list").returncode == 0
    refused = python(*begin, "run", str(mine), "--runs", "2", "--out", str(tmp_path / "out"))
    assert refused.returncode == 2 and "leave out one O" in refused.stderr
    assert "Traceback" not in refused.stderr and not (tmp_path / "out").exists()
