"""The README is true: commands run, numbers match their source, links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from calibration.decision_fitting.decision_draws import STORE
from calibration.decision_fitting.missions_left_out import scores
from calibration.panel_fitting import panel_posterior
from calibration.validation.backtest import MODEL
from model.engine import ensemble
from model.settings import Settings
from model.world.build import build
from viz.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)
LEFT_OUT = pd.read_csv(STORE / "left_out.csv")
UNSEEN = pd.read_csv(ROOT / "docs" / "out_of_sample_2014-08.csv")
SAMPLE = ["explain", "historical", "--state", "JPN", "--mission", "UNMIS"]
COMMANDS = [
    line.split("#")[0].strip()
    for language, block in BLOCKS
    for line in block.splitlines()
    if not language and line.startswith("peacekeeping ")
]


def skill(group: str, measure: str) -> float:
    """A score of the simulation in the stored test on unseen years."""
    rows = UNSEEN[(UNSEEN["group"] == group) & (UNSEEN["forecaster"] == MODEL)]
    return float(rows[measure].item())


def test_the_readme_has_commands_and_is_short() -> None:
    assert len(COMMANDS) >= 4
    assert 400 <= len(README.split()) <= 600


@pytest.mark.parametrize("line", [c for c in COMMANDS if c != "peacekeeping app"])
def test_a_command_of_the_readme_runs(
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(line)[1:]
    if "--runs" not in line and ("compare" in line or "brief" in line):
        arguments += ["--runs", "20"]  # shows that it works; the default takes a minute
    assert main.call(arguments) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.strip()


def test_the_sample_is_what_explain_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """Every line of the sample is printed, in this order; lines may be left out between them."""
    assert main.call(SAMPLE) == 0
    printed = iter(capsys.readouterr().out.splitlines())
    (sample,) = (block for language, block in BLOCKS if language == "text")
    for line in sample.splitlines():
        assert line in printed, f"explain no longer prints {line!r}; copy its output anew"


def test_a_make_target_of_the_readme_exists() -> None:
    for target in re.findall(r"`make ([\w-]+)`", README):
        done = subprocess.run(["make", "--dry-run", target], capture_output=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr


def test_the_python_of_the_readme_runs() -> None:
    (code,) = (block for language, block in BLOCKS if language == "python")
    names: dict = {}
    exec(code, names)
    assert len(names["result"].series) > 0


def test_a_run_takes_milliseconds_once_compiled() -> None:
    world = build(Settings(afterwards="recorded"))
    list(ensemble.simulate(world, [0], 1, threads=1))
    start = time.process_time()
    list(ensemble.simulate(world, range(5), 1, threads=1))
    assert (time.process_time() - start) / 5 < 0.1


def test_every_link_leads_to_a_file() -> None:
    for path in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / path).exists(), path


def test_the_numbers_are_those_of_the_stored_validation() -> None:
    units = scores(LEFT_OUT).set_index("question").loc["unit asked for"]
    assert f"**{skill('all states', 'ratio'):.2f}**: error" in README
    assert f"**{skill('all states', 'inside_80'):.0%}**: share" in README
    assert f"one year ahead, {skill('1 year ahead', 'inside_80'):.0%}" in README
    (own,) = [
        row["ratio"]
        for row in json.loads((ROOT / "docs" / "validation.json").read_text("utf-8"))["skill"]
        if row["group"] == "Japan and Korea" and row["forecaster"] == MODEL
    ]
    assert f"**{own:.2f}**: the same error for Japan and Korea" in README
    fitted = pd.read_csv(panel_posterior.STORE / "forecasts.csv").iloc[-1]
    said = f"**{fitted['crps to persistence']:.2f}**: error over 2015 to 2024, fitted to 2014; "
    assert f"{said}{fitted['inside 80']:.0%} inside the 80% interval" in README
    assert f"**{units['auc']:.2f}**: chance" in README
    assert f"log loss {units['log_loss']:.2f}, base rates {units['base']:.2f}" in README
