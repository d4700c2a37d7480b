"""Every command keeps one sentence and status 2, before any work; tables and names for anybody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from calibration.documented_decisions import decision_chances
from calibration.fitting import calibrate as fitting
from calibration.validation import backtest, report_tables
from model.errors import InputError
from scenarios.definition import lookup
from scenarios.sweeps import executors
from scenarios.sweeps.design import load
from tests.support.small_world import SCENARIO, InventedEngine
from viz.cli import sweep_commands, terminal_tables
from viz.cli.main import call
from viz.reports import shipped_documents
from viz.text.explanation_text import Explanation

ROOT = Path(__file__).resolve().parents[2]
Captured = pytest.CaptureFixture[str]


def refused(capsys: Captured, *arguments: str) -> str:
    assert call(list(arguments)) == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told and told.count("\n") == 1, told
    return told


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever would work is an error."""

    def work(*_: object, **__: object) -> None:
        raise AssertionError("work was begun")

    monkeypatch.setattr(backtest, "validate", work)
    monkeypatch.setattr(report_tables, "make", work)
    monkeypatch.setattr(decision_chances, "chances", work)
    monkeypatch.setattr(fitting, "panel", work)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--runs", "0"], "runs = 0 is out of range"),
        (["--runs", "1"], "ask for 2 to"),
        (["--runs", "1000000000000"], "is out of range"),
        (["--seed", "-1"], "seed = -1 is out of range"),
        (["--seed", str(2**64)], "out of range"),
        (["--origin", "2010-13"], "is not a month"),
        (["--origin", "2014-08"], "is not after --origin"),
        (["--given", "all"], "--given 'all' is not valid"),
        (["--out", ""], "blank"),
        (["--out", "{file}"], "is a file, not a folder"),
        (["--fit", "{fifo}"], "is not a file"),
        (["--fit", "~nobody-here/fit"], "home folder"),
        (["--decisions", "--runs", "0"], "runs = 0 is out of range"),
        (["--decisions", "--out", "{file}"], "is a file, not a folder"),
    ],
)
@pytest.mark.usefixtures("no_work")
def test_validate_judges_before_any_work(
    tmp_path: Path, capsys: Captured, options: list[str], words: str
) -> None:
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "fifo")
    places = {"file": tmp_path / "file", "fifo": tmp_path / "fifo"}
    told = refused(capsys, "validate", *(option.format(**places) for option in options))
    assert words in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--seed", "-1"], "seed = -1"),
        (["--runs", "1000000000"], "--runs 1000000000 is out of range"),
        (["--population", "2", "--generations", "4"], "--population 2 is out of range"),
        (["--generations", "0"], "--generations 0"),
        (["--synthetic", "-3"], "--synthetic -3 is out of range"),
    ],
)
@pytest.mark.usefixtures("no_work")
def test_calibrate_judges_before_any_work_and_leaves_no_folder(
    tmp_path: Path, capsys: Captured, options: list[str], words: str
) -> None:
    pytest.importorskip("pyabc")
    assert words in refused(capsys, "calibrate", "--out", str(tmp_path / "fit"), *options)
    assert not (tmp_path / "fit").exists()


@pytest.mark.usefixtures("no_work")
def test_calibrate_touches_nothing_that_is_not_of_a_fit(tmp_path: Path, capsys: Captured) -> None:
    pytest.importorskip("pyabc")
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel" / "mine.txt").write_text("of the user")
    assert "holds panel" in refused(capsys, "calibrate", "--out", str(tmp_path))
    assert (tmp_path / "panel" / "mine.txt").exists()
    assert "--out is blank" in refused(capsys, "calibrate", "--out", "")


def test_of_two_fits_in_one_folder_one_is_refused(tmp_path: Path) -> None:
    with (
        fitting.kept_in(tmp_path / "fit", {"a": 1}, "fit.json"),
        pytest.raises(InputError, match="another run is writing"),
        fitting.kept_in(tmp_path / "fit", {"a": 1}, "fit.json"),
    ):
        pass


def test_an_interrupted_fit_says_what_is_there(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyabc")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "panel", stop)
    assert call(["calibrate", "--out", str(tmp_path / "fit")]) == 130
    told = capsys.readouterr().err
    assert "is kept in" in told and "nothing was written" not in told


@pytest.mark.parametrize("month", ["9999-12", "0000-12", "\uff12\uff10\uff11\uff16-03", "2041-01"])
def test_law_takes_months_that_there_are(capsys: Captured, month: str) -> None:
    refused(capsys, "law", "--state", "JPN", "--month", month)


def test_explain_states_its_limit(capsys: Captured) -> None:
    arguments = ["explain", "historical", "--state", "JPN", "--runs", "2147483647"]
    assert "ask for 1 to 10000" in refused(capsys, *arguments)


DESIGN = """
title = "T"
question = "Q"
[vary.{factor}]
{choices}
[outcomes.people]
state = "JPN"
"""


@pytest.mark.parametrize(
    ("factor", "choices", "words"),
    [
        ("configuration", "choices.a = {}", "meaning of its own"),
        ("people", "choices.a = {}", "is an outcome, too"),
        ('"a\\u0007"', "choices.a = {}", "control character"),
        ("law", 'choices."\\u202e" = {}', "reading direction"),
        ("law", "choices.a.scenarios = [" + "'historical'," * 11 + "]", "at most 10"),
    ],
)
def test_a_design_is_refused_before_it_runs(
    tmp_path: Path, factor: str, choices: str, words: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(DESIGN.format(factor=factor, choices=choices), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        load(path)


@pytest.mark.parametrize("address", ["localhost", "", "http://127.0.0.1:8786", "tcp://"])
def test_a_cluster_address_is_judged_before_anybody_is_called(address: str) -> None:
    with pytest.raises(InputError, match="is no address of a Dask scheduler"):
        executors.cluster(address)


@pytest.mark.slow
def test_workers_need_no_guard_in_the_script(tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from scenarios.sweeps import executors\n"
        "import os\n"
        "print('once')\n"
        "with executors.processes(2).open() as pool:\n"
        "    print(pool.submit(os.getpid).result() != os.getpid())\n"
    )
    path = tmp_path / "no_guard.py"
    path.write_text(script, encoding="utf-8")
    for arguments, text in (([str(path)], None), (["-"], script)):
        done = subprocess.run(
            [sys.executable, *arguments], input=text, capture_output=True, text=True, timeout=120
        )
        assert done.stdout.split() == ["once", "True"], done.stderr
        assert done.stderr == ""


def test_a_second_interruption_does_not_disturb_what_is_put_away() -> None:
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        with pytest.raises(KeyboardInterrupt):
            sweep_commands._interrupt_once()
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Türkiye", "TUR"),
        ("TURKIYE", "TUR"),
        ("Côte d'Ivoire", "CIV"),
        ("Cote d’Ivoire", "CIV"),
        ("Democratic Republic of the Congo", "COD"),
        ("Myanmar", "MMR"),
        ("Cabo Verde", "CPV"),
        ("Swaziland", "SWZ"),
        ("Czech Republic", "CZE"),
        ("Viet Nam", "VNM"),
        ("Bolivia (Plurinational State of)", "BOL"),
        ("Timor Leste", "TLS"),
        ("Guinea Bissau", "GNB"),
        ("Lao People’s Democratic Republic", "LAO"),
    ],
)
def test_states_go_by_the_names_that_the_un_uses(written: str, code: str) -> None:
    assert lookup.state(written) == code


@pytest.mark.parametrize("written", ["NA", "Kingdom of Atlantis", "Central Europe", "XX"])
def test_a_wrong_guess_is_not_offered(written: str) -> None:
    with pytest.raises(InputError, match="ISO 3166 code"):
        lookup.state(written)


def test_a_near_miss_is_offered() -> None:
    with pytest.raises(InputError, match="did you mean 'KOR'"):
        lookup.state("KRO")
    with pytest.raises(InputError, match="did you mean 'Bangladesh'"):
        lookup.state("Bangladehs")


def test_an_explanation_is_text_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    import rich.console

    monkeypatch.setattr(rich.console, "_is_jupyter", lambda: True)

    class Told(Explanation):
        def __init__(self) -> None:
            pass

        def lines(self):
            yield ("a line of text", "bold")

    assert str(Told()) == "a line of text\n"


ROW = {
    "scenario": "korea-act-in-2000", "state": "KOR", "framework": "coalition", "year": "from 2005",
    "base": 12345.6, "other": 23456.7, "mean": 11111.1, "error": 10.0, "low80": -1234.5,
    "high80": 22222.2, "low95": -2345.6, "high95": 33333.3, "up": 0.25, "equal": 0.5, "down": 0.25,
    "runs_needed": 12345.0, "enough": False,
}  # fmt: skip


def test_a_comparison_can_be_read_at_80_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    terminal_tables._print_differences(pd.DataFrame([ROW]))
    shown = capsys.readouterr().out
    assert "…" not in shown and max(map(len, shown.splitlines())) <= 80
    for number in ("12,345.6", "23,456.7", "+11,111", "25%", "50%"):
        assert number in shown


@pytest.mark.parametrize("columns", ["80", "60"])
def test_a_run_can_be_read_in_a_narrow_terminal(
    invented: InventedEngine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
    columns: str,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    assert call(["run", str(mine), "--runs", "4"]) == 0
    shown = capsys.readouterr().out
    assert "UNDOF" in shown and "…" not in shown
    assert all(len(line) <= int(columns) for line in shown.splitlines() if "UNDOF" in line)


def test_a_result_is_a_line_in_a_notebook(invented: InventedEngine, tmp_path: Path) -> None:
    from scenarios.running.run import run

    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    assert repr(run(mine, runs=2)) == "Result of mine, 2 runs, in memory"


def test_documents_are_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    whole = shipped_documents.atomic_write.write_whole

    def full(path: Path, content: bytes) -> None:
        if list(tmp_path.glob("out/*")):
            raise OSError(28, "No space left on device")
        whole(path, content)

    monkeypatch.setattr(shipped_documents, "atomic_write", SimpleNamespace(
        write_whole=full, opening=shipped_documents.atomic_write.opening
    ))  # fmt: skip
    assert "No space left" in refused(capsys, "docs", "5", "--out", str(tmp_path / "out"))
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize("folder", ["~nobody-here/x", "{loop}", "x" * 5000])
def test_a_broken_data_folder_is_told_in_a_sentence(tmp_path: Path, folder: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    environment = {**os.environ, "PEACEKEEPING_DATA": folder.format(loop=tmp_path / "loop")}
    for arguments, status in ((["--version"], 0), (["scenarios", "list"], 2), (["app"], 2)):
        done = subprocess.run(
            [sys.executable, "-c", "from viz.cli.main import main; main()", *arguments],
            capture_output=True, text=True, timeout=120, env=environment, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == status, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
