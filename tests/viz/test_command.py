"""The command answers every user: with what was asked, or one sentence and the right status."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from calibration import documented_record as documented
from model import coverage
from scenarios.definition import library, lookup
from scenarios.running import model_adapter
from viz.charts import figures
from viz.cli import help_panels
from viz.cli.main import call

from ..support.small_world import SCENARIO, InventedEngine

ROOT = Path(__file__).resolve().parents[2]

FACTS = (
    ",".join(documented.FACT_COLUMNS) + "\n"
    'F-1,KOR,2007,7,,,mission_participation,UNIFIL,infantry,350,personnel,"Dongmyeong arrives",'
    "paper.txt,page 1,high,snapshot,,agrees\n"
    "F-2,JPN,2006,,2008,3,law,,,,,A law,paper.txt,page 2,medium,other,,web\n"
    "F-3,UNO,2011,1,,,finance,,,,,Money,paper.txt,page 3,high,money,,agrees\n"
)
REFUSALS = (
    "id,actor,year,month,mission,decision,reason,source,confidence\n"
    "D-1,KOR,2007,12,OEF/ISAF,withdrawn,Task done,press,high\n"
)
VOTES = (
    "date,motion,framework,kind,yes,no,abstain,source\n"
    "2007-07-02,UNIFIL battalion,un_pko,infantry,180,10,2,minutes\n"
    "1993-05,UNOSOM II engineers,un_pko,engineer,,,,press\n"
)


@pytest.fixture
def own_record(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "record"
    folder.mkdir()
    (folder / "facts.csv").write_text(FACTS, encoding="utf-8")
    (folder / "refusals.csv").write_text(REFUSALS, encoding="utf-8")
    (folder / "korea_votes.csv").write_text(VOTES, encoding="utf-8")
    monkeypatch.setattr(documented, "FOLDER", folder)
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return str(path)


Captured = pytest.CaptureFixture[str]


def refused(capsys: Captured, *arguments: str) -> str:
    """The one sentence with which a command line is refused."""
    assert call(list(arguments)) == 2
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert captured.err.count("\n") == 1, captured.err
    assert captured.err.startswith("peacekeeping: ")
    return captured.err


@pytest.mark.slow
def test_run_prints_recorded_beside_simulated_and_writes(
    invented: InventedEngine, mine: str, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out"
    assert call(["run", mine, "--runs", "4", "--seed", "0", "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "UNDOF" in shown and "0.50" in shown
    assert (out / "manifest.json").exists()


def test_options_reach_the_engine(invented: InventedEngine, mine: str) -> None:
    call(
        [
            "run",
            mine,
            "--runs",
            "1",
            "--from",
            "1996-02",
            "--to",
            "1996-03",
            "--deliberating",
            "KOR",
            "--set",
            "home_threat=2",
            "--set",
            "party_lean = 0.1",
        ]
    )
    (seen,) = invented.seen
    assert (seen.period.start, seen.period.end) == ("1996-02", "1996-03")
    assert seen.deliberating == ["KOR"]
    assert (seen.levers, seen.uncertainties) == ({"home_threat": 2.0}, {"party_lean": 0.1})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--deliberating", "KRO"], ["unknown state 'KRO'", "'KOR'"]),
        (["--deliberating", ","], ["names no state"]),
        (["--set", "home_thret=1"], ["unknown lever 'home_thret'", "'home_threat'"]),
        (["--set", "home_threat"], ["NAME=VALUE"]),
        (["--set", "home_threat=much"], ["'much' is not a number"]),
        (["--set", "home_threat=nan"], ["'nan' is not a number"]),
        (["--set", "home_threat=1", "--set", "home_threat=2"], ["twice"]),
        (["--set", "home_threat=99"], ["out of range"]),
        (["--from", "1980-01"], ["out of range", "1990-11"]),
        (["--to", "2005-4"], ["'2005-4' is not a month"]),
        (["--from", "1996-06", "--to", "1996-01"], ["before the first month"]),
        (["--runs", "0"], ["runs = 0"]),
        (["--runs", "many"], ["--runs", "integer"]),
        (["--seed", "-1"], ["seed = -1"]),
        (["--format", "xls"], ["'xls'", "parquet, csv"]),
        (["--rns", "3"], ["--rns"]),
    ],
)
def test_bad_options_end_with_one_sentence(
    invented: InventedEngine, mine: str, capsys: Captured, arguments: list[str], words: list[str]
) -> None:
    message = refused(capsys, "run", mine, *arguments)
    for word in words:
        assert word in message
    assert not invented.seen


def test_an_unknown_scenario_or_command_is_refused(tables: Path, capsys: Captured) -> None:
    assert "'historical'" in refused(capsys, "run", "historcal")
    assert "no scenario file" in refused(capsys, "scenarios", "check", "absent.toml")
    assert "rnu" in refused(capsys, "rnu")


@pytest.mark.parametrize(
    "command",
    [["run"], ["explain", "--state", "JPN"], ["brief", "--out", "new.html"], ["sweep"]],
    ids=lambda command: command[0],
)
def test_a_variant_is_asked_for_where_one_scenario_is_run(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "gaza-force"
    if command == ["sweep"]:
        name = "design.toml"
        Path(name).write_text(
            "title = 'T'\nquestion = 'Q'\nscenario = 'gaza-force'\nmethod = 'grid'\nruns = 2\n"
            "[vary.home_threat]\nvalues = [1, 2]\n"
            "[outcomes.people]\nvariable = 'personnel'\nmeasure = 'mean'\nstate = 'JPN'\n"
        )
    told = refused(capsys, command[0], name, *command[1:])
    assert "each a scenario of its own; name one: gaza-force/rafah, gaza-force/egypt" in told
    assert not (tmp_path / "new.html").exists()


def test_an_unwritable_folder_is_refused_and_nothing_written(
    invented: InventedEngine, mine: str, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused(capsys, "run", mine, "--out", str(tmp_path / "file/x"))


@pytest.mark.parametrize("name", ["states.csv", "parameters.csv"])
def test_a_damaged_table_is_named(
    invented: InventedEngine, tables: Path, mine: str, capsys: Captured, name: str
) -> None:
    path = tables / name
    path.write_bytes(path.read_bytes()[:-2] + b"\xff\xfe")
    assert name in refused(capsys, "run", mine, "--set", "home_threat=1")
    path.unlink()
    assert "missing" in refused(capsys, "run", mine, "--set", "home_threat=1")


def test_an_interruption_ends_with_130_and_leaves_nothing(
    tables: Path, mine: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_adapter, "simulate", InventedEngine(2, KeyboardInterrupt()))
    assert call(["run", mine, "--runs", "4", "--out", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "Interrupted; nothing was written.\n"
    assert not (tmp_path / "out").exists()


def test_explain_refuses_unknown_names_and_months_outside(
    invented: InventedEngine, mine: str, capsys: Captured
) -> None:
    assert "'UNMIS'" in refused(capsys, "explain", mine, "--state", "JPN", "--mission", "UNMIZ")
    assert "runs from" in refused(capsys, "explain", mine, "--state", "JPN", "--month", "2001-01")
    assert "unknown state" in refused(capsys, "explain", mine, "--state", "JPM")
    assert "--state" in refused(capsys, "explain", mine)


@pytest.mark.slow
def test_figures_stand_beside_the_tables_and_only_there(
    invented: InventedEngine, mine: str, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out"
    assert call(["run", mine, "--runs", "4", "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    names = {path.name for path in (out / "figures").iterdir()}
    stems = ("personnel-un", "kinds-un-JPN", "missions")
    assert {f"{stem}{end}" for stem in stems for end in (".png", ".svg", ".csv")} <= names
    assert "Figures in" in shown and "personnel-un" in shown
    assert call(["run", mine, "--runs", "1"]) == 0
    assert "Figures" not in capsys.readouterr().out


@pytest.mark.slow
def test_figures_come_from_the_folder_alone(
    invented: InventedEngine, mine: str, tmp_path: Path
) -> None:
    from scenarios.running.result import read
    from viz.charts import figures

    out = tmp_path / "out"
    assert call(["run", mine, "--runs", "4", "--out", str(out)]) == 0
    before = {p.name: p.read_bytes() for p in (out / "figures").iterdir()}
    figures.write(read(out), out)
    after = {p.name: p.read_bytes() for p in (out / "figures").iterdir()}
    assert before == after


def test_an_interruption_of_the_figures_leaves_the_tables(
    invented: InventedEngine,
    mine: str,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from viz.charts import figures

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(figures, "write", stop)
    out = tmp_path / "out"
    assert call(["run", mine, "--runs", "2", "--out", str(out)]) == 130
    assert "are complete, the figures not" in capsys.readouterr().err
    assert (out / "manifest.json").exists()


def test_an_unknown_engine_is_refused(mine: str, tables: Path, capsys: Captured) -> None:
    assert "ensemble, mesa" in refused(capsys, "run", mine, "--engine", "numba")


def test_record_lists_facts_refusals_and_votes_with_sources(
    own_record: Path, capsys: Captured
) -> None:
    assert call(["record", "--state", "south korea", "--year", "2007"]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines() if line[0] != " "] == [
        "F-1",
        "VOTE-001",
        "D-1",
    ]
    assert "source: paper.txt, page 1 (confidence high)" in shown
    assert "180 for, 10 against" in shown


def test_a_span_is_listed_in_every_year_it_touches(own_record: Path, capsys: Captured) -> None:
    for year in ("2006", "2007", "2008"):
        call(["record", "--state", "JPN", "--year", year])
        assert "F-2" in capsys.readouterr().out
    call(["record", "--state", "JPN", "--year", "2009"])
    captured = capsys.readouterr()
    assert "0 statements" in captured.out + captured.err


def test_record_searches_words_and_names_the_nearest_category(
    own_record: Path, capsys: Captured
) -> None:
    call(["record", "--text", "dongmyeong UNIFIL"])
    assert "F-1" in capsys.readouterr().out
    assert "'law'" in refused(capsys, "record", "--category", "laws")
    assert "unknown state" in refused(capsys, "record", "--state", "XYZ")
    assert "out of range" in refused(capsys, "record", "--year", "7")
    call(["record", "--state", "UNO"])
    assert "F-3" in capsys.readouterr().out


def test_scenarios_are_listed_and_shown(capsys: Captured) -> None:
    assert call(["scenarios", "list"]) == 0
    assert capsys.readouterr().out.startswith("historical")
    assert call(["scenarios", "show", "historical"]) == 0
    assert "1990-11 to 2023-12" in capsys.readouterr().out


def test_a_run_from_a_month_without_data_says_what_it_assumes(capsys: Captured) -> None:
    assert call(["run", "continued", "--from", "2027-01", "--to", "2027-02", "--runs", "1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"taken from the reports of {coverage.record_end()}" in said
    assert f"from deployments to {coverage.span('deployments')[1]}" in said
    assert f"After {coverage.world_end()}, new missions" in said
    assert f"those of {coverage.span('state_years')[1][:4]}" in said


def test_what_each_variant_changes_is_shown(capsys: Captured) -> None:
    for name in ("hostile-assembly", "outlook-2035"):
        assert call(["scenarios", "show", name]) == 0
        shown = capsys.readouterr().out.splitlines()
        scenario = library.find(name)
        levels = [level for axis in scenario.axes.values() for level in axis.values()]
        for variant in (*scenario.variants.values(), *levels):
            (place,) = [n for n, line in enumerate(shown) if line.endswith(f" {variant.title}")]
            set_here = len(variant.levers) + len(variant.uncertainties)
            below = shown[place + 1 + set_here :][: len(variant.events)]
            for event, line in zip(variant.events, below, strict=True):
                assert line.split()[:2] == ["event", "type"]
                assert f"type {event.type}, month {event.month}" in line
    assert "party partner, group un, acceptance 0.1" in text_of(capsys, "hostile-assembly")


def text_of(capsys: Captured, name: str) -> str:
    assert call(["scenarios", "show", name]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_an_unknown_mission_is_answered_with_those_of_the_country(capsys: Captured) -> None:
    explain = ("explain", "historical", "--state", "JPN", "--mission")
    told = refused(capsys, *explain, "HTI")
    assert "MINUSTAH" in told and "MINUJUSTH" in told and "UNMISS" not in told
    assert "UNTAC" in refused(capsys, *explain, "transitional authority in cambodia")
    assert "did you mean 'UNMI" in refused(capsys, *explain, "UNMIZ")


def test_missions_are_listed_and_found_by_label_place_or_part(capsys: Captured) -> None:
    assert call(["scenarios", "missions"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(lookup.missions())
    for text, label in (("Djibouti", "CTF-151"), ("ISF", "Gaza ISF"), ("ctf-151", "CTF-151")):
        assert call(["scenarios", "missions", text]) == 0
        assert label in capsys.readouterr().out
    assert "did you mean 'UNMI" in refused(capsys, "scenarios", "missions", "UNMIZ")


def test_scenarios_are_found_by_words(capsys: Captured) -> None:
    assert call(["scenarios", "list", "--text", "gaza ENGINEERS"]) == 0
    said = capsys.readouterr().out
    assert "gaza-force " in said and "would send them" in said and "dues-shortfall" not in said
    assert call(["scenarios", "list", "--text", "no such words"]) == 0
    assert "No scenario" in capsys.readouterr().out


def test_a_scenario_is_shown_without_the_marks_of_a_program(capsys: Captured) -> None:
    said = text_of(capsys, "gaza-force")
    assert "site (id Rafah, fighting 0.5)" in said and "{" not in said


def test_a_scenario_of_ones_own_is_checked(tables: Path, mine: str, capsys: Captured) -> None:
    assert call(["scenarios", "check", mine]) == 0
    assert "valid scenario" in capsys.readouterr().out


HEAVY = ("mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from viz.cli.main import call; status = call(['run', '--help']); "
        f"print([name for name in {HEAVY[:-1]} if name in sys.modules], file=sys.stderr); "
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "--runs" in done.stdout


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_fault(closed: str) -> None:
    line = f"{sys.executable} -m viz.cli.main scenarios {{}} {closed}"
    assert subprocess.run(line.format("list"), shell=True).returncode == 0
    assert subprocess.run(line.format("lst"), shell=True).returncode == 2


def test_a_closed_pipe_is_no_fault() -> None:
    command = f"{sys.executable} -m viz.cli.main scenarios --help | head -n 1 >/dev/null"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.slow
def test_a_reader_who_leaves_after_the_title_takes_no_figure_along(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "viz.cli.main", "run", "historical", "--runs", "1",
         "--to", "1993-12", "--out", str(tmp_path / "out")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "historical: 1 runs, 1990-11 to 1993-12\n"
    assert not (tmp_path / "out" / "manifest.json").exists()  # said before it is run
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    assert process.stderr.read() == ""
    assert (tmp_path / "out" / "figures" / "personnel-un.png").exists()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "compare"])
def test_the_table_is_printed_once_and_before_anything_is_drawn(
    command: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = []
    monkeypatch.setattr(figures, "export", lambda *_: printed.append(capsys.readouterr().out))
    names = ["historical"] if command == "run" else ["historical", "korea-act-in-2000/act"]
    period = ["--from", "2009-01", "--to", "2010-12"]
    assert call([command, *names, *period, "--runs", "2", "--out", str(tmp_path / "out")]) == 0
    (table,) = printed
    after = capsys.readouterr().out
    assert "KOR" in table or "Korea" in table
    assert after.splitlines()[0].startswith("Written to ") and len(after.splitlines()) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            'type = "request"\nmonth = "2027-03"\nstate = "KOR"\nmission = "UNMISS"\n'
            'kind = "instructor"\npersonnel = 100\n',
            r"Korea, asked for 100 instructors for UNMISS in 2027-03.*What decided: the law 100%",
        ),
        (
            'type = "ties"\nmonth = "2026-09"\nstate = "KOR"\nmission = "Aspides"\nlevel = 1.0\n',
            r"Korea is neither in Aspides nor asked for it in any of the 3 runs",
        ),
    ],
    ids=["a request that the law shuts", "a mission that asks nobody"],
)
def test_where_nothing_differs_a_comparison_says_why(
    event: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(f'title = "Own"\n[[events]]\n{event}')
    assert call(["compare", str(file), "--runs", "3"]) == 0
    said = capsys.readouterr().out
    assert "own compared with continued" in said and re.search(told, said)


def test_a_shadowed_package_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "scenarios.py").write_text("")
    code = "import sys; sys.path[0:0] = ['.']; import peacekeeping"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    last = done.stderr.strip().splitlines()[-1]
    assert "scenarios.py hides the package 'scenarios' of peacekeeping" in last


def test_the_face_hands_on_what_users_call() -> None:
    import peacekeeping as pk

    assert all(hasattr(pk, name) for name in pk.__all__)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert pk.__version__ == project["version"]


def test_a_real_interruption_ends_with_130(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time; from viz.cli import main as command\n"
        "from scenarios.definition import library\n"
        # A job in the background inherits a shell's order to ignore it.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def slow(): print('ready', flush=True); time.sleep(30)\n"
        "library.available = slow\n"
        "sys.exit(command.call(['scenarios', 'list']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 130
    assert process.stderr.read() == "Interrupted; nothing was written.\n"


def test_help_lists_the_common_commands_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["--help"]) == 0
    text = capsys.readouterr().out
    listed = re.findall(r"^[│|] (\w+) {2,}", text, flags=re.MULTILINE)
    assert listed[:5] == ["run", "explain", "compare", "brief", "app"]
    named = [name for panel in help_panels.PANELS.values() for name in panel]
    assert listed == named


def test_the_shell_completes_a_command() -> None:
    asked = {"_PEACEKEEPING_COMPLETE": "complete_bash", "COMP_WORDS": "peacekeeping ru"}
    done = subprocess.run(
        [sys.executable, "-m", "viz.cli.main"],
        env=os.environ | asked | {"COMP_CWORD": "1"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["run"]
