"""The commands ``data``, and ``--tables`` on every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from model import data_folder
from model.coverage import record_end
from tests.support import hub_files, report_files
from viz.cli import fit_commands, help_panels
from viz.cli.main import app, call

ROOT = Path(__file__).parents[2]


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, which has read no tables yet."""
    return subprocess.run(
        [sys.executable, "-m", "peacekeeping", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables to which a made-up report of July 2024 was added by the command."""
    folder = tmp_path_factory.mktemp("newer")
    (folder / "report.pdf").write_bytes(report_files.by_mission_today())
    assert call(["data", "add", str(folder / "report.pdf"), "--out", str(folder / "tables")]) == 0
    return folder / "tables"


def commands(group: Any) -> list[Any]:
    inner = getattr(group, "commands", None)
    return [group] if inner is None else [c for one in inner.values() for c in commands(one)]


def test_every_command_that_reads_tables_has_the_option() -> None:
    found = typer.main.get_command(app)
    without = [
        one.name for one in commands(found) if not any("--tables" in p.opts for p in one.params)
    ]
    assert tuple(without) == help_panels.WITHOUT_TABLES


@pytest.mark.slow
def test_the_next_report_is_added_and_named_tables_are_used(newer: Path) -> None:
    done = command("data", "sources", "--json", "--tables", newer)
    ends = {row["series"]: row["to"] for row in json.loads(done.stdout)}
    assert (ends["un_reports"], record_end()) == ("2024-07", "2024-06")
    manifest = json.loads((newer / "manifest.json").read_text())
    assert manifest["added"] == [{"month": "2024-07", "file": "report.pdf", "people": 1909}]
    later = newer.parent / "august.csv"
    later.write_text(hub_files.hub(["2024-08-31"]), encoding="utf-8")
    done = command("data", "add", later, "--tables", newer, "--out", newer.parent / "august")
    assert "the record goes to 2024-08" in done.stdout and done.returncode == 0


@pytest.mark.slow
def test_a_run_begins_in_the_month_that_was_added(newer: Path) -> None:
    done = command("run", "historical", "--runs", "2", "--from", "2024-08", "--to", "2024-12",
                   "--tables", newer)  # fmt: skip
    assert "taken from the reports of 2024-07" in done.stdout and done.returncode == 0


def test_an_earlier_folder_is_replaced_only_when_told(
    newer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = newer.parent / "other.csv"
    other.write_text(hub_files.hub(), encoding="utf-8")
    add = ["data", "add", str(other), "--out", str(newer)]
    assert call(add) == 2
    assert "holds the result of peacekeeping data add report.pdf" in capsys.readouterr().err
    assert "report.pdf" in (newer / "manifest.json").read_text()


def test_files_are_judged_each_by_itself_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(hub_files.hub(), encoding="utf-8")
    bad.write_text(hub_files.hub().replace("JPN", "XXX"), encoding="utf-8")
    assert call(["data", "check", str(bad), str(good)]) == 2
    told = capsys.readouterr()
    assert "bad.csv, line 5: unknown contributor 'XXX'" in told.err
    assert "2024-07     1,909 people of 5 states in 2 missions  good.csv  new" in told.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "good.csv"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["law", "--state", "JPN", "--month", "2016-03", "--tables", "no"], "no is no folder of"),
        (["data", "add", "none.pdf", "--out", "x"], "there is no file of contributions none.pdf"),
        (["data", "add", "none.pdf", "--out", " "], "--out is blank"),
        (["data", "build", "--raw", "none", "--out", "x"], "none: no such folder"),
    ],
)  # fmt: skip
def test_a_wrong_name_ends_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(arguments) == 2
    told = capsys.readouterr().err
    assert sentence in told and len(told.splitlines()) == 1


def test_starting_the_command_line_reads_no_tables_yet() -> None:
    code = "import viz.cli.main; from model import data_folder as d; print('DATA' in vars(d))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "False\n"


def test_other_tables_cannot_follow_in_a_process_that_has_read_its_own(newer: Path) -> None:
    assert data_folder.SHIPPED.resolve() == data_folder.DATA
    assert call(["law", "--state", "JPN", "--month", "2016-03", "--tables", str(newer)]) == 2


def test_validation_says_that_nothing_was_fitted_on_months_of_ones_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fit_commands.print_fitted("2010-12", record_end(), None)
    assert capsys.readouterr().out == ""
    fit_commands.print_fitted("2024-06", "2025-06", None)
    told = capsys.readouterr().out
    assert "Months after 2024-06" in told and "parameters saw data to 2024-06" in told
