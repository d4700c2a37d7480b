"""The README is true: its commands run as they stand, and every figure in it is the one that the
program, its tables or a stored report gives."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from calibration.fitting.fitted_parameters import FITTED
from calibration.validation.backtest import MODEL, POOL
from calibration.validation.known_misfits import NOTHING
from calibration.validation.report_tables import claim
from model import coverage, settings
from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import year_of
from model.tables import table
from model.vocabulary import KINDS
from model.world.build import build
from scenarios.definition import library
from scenarios.running import model_adapter, run
from scenarios.storage import csv_rows as listed
from viz.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"```(\w*)\n(.*?)```", flags=re.DOTALL)
BLOCKS = FENCED.findall(README)
INLINE = re.findall(r"`([^`\n]+)`", FENCED.sub("", README))
STORED = json.loads((ROOT / "docs" / "validation.json").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def commands(word: str) -> list[str]:
    """Lines of the fenced blocks that begin with a word, without their comments."""
    lines = [line.split("#")[0].strip() for _, block in BLOCKS for line in block.splitlines()]
    return [line for line in lines if line.split(" ")[0] == word]


def module(arguments: list[str], folder: Path) -> subprocess.CompletedProcess:
    """A module of ours run in an empty folder."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
    )


RUN = ["run", "historical", "--runs", "1"]
EXPLAIN = ["explain", "historical", "--state", "JPN", "--mission", "UNMIS", "--runs", "2"]
# What stands in the text as a command or as the end of one, and the shortest run that shows that it
# works; a name is the test that runs it.
WRITTEN: dict[str, list[str] | str] = {
    "peacekeeping COMMAND --help": ["compare", "--help"],
    "python -m viz.reports.reform_report": ["viz.reports.reform_report", "--help"],
    "python -m viz.reports.scenario_catalogue": ["viz.reports.scenario_catalogue", "--help"],
    "python -m calibration.fitting.mission_generator": ["calibration.fitting.mission_generator"],
    "python -m calibration.compiler.compile_tables --raw DIR": [
        "calibration.compiler.compile_tables",
        "--help",
    ],
    "peacekeeping outlook --out results/outlook": "tests/scenarios/test_composition.py",
    "run A --with B": [*RUN, "--with", "alliance-surge"],
    "scenarios levers": ["scenarios", "levers"],
    "outcomes": ["scenarios", "outcomes"],
    "schema": ["scenarios", "schema"],
    "--set reform=endogenous": [*RUN, "--set", "reform=endogenous"],
    "--set weight_alliance=0.2": [*RUN, "--set", "weight_alliance=0.2"],
    "--set NAME=VALUE": "this one, just above",
    "--from 2010-01": [*RUN, "--from", "2010-01"],
    "--deliberating all": [*RUN, "--deliberating", "all", "--to", "1992-12"],
    "--engine mesa": [*RUN, "--engine", "mesa", "--to", "1995-12"],
    "--keep summary": [*RUN, "--keep", "summary"],
    "--runs 100000 --keep summary": "tests/scenarios/test_keep_summary.py",
    "--point": [*RUN, "--point"],
    "--resume": "tests/scenarios/test_sweep_survives.py",
    "--all": [*EXPLAIN, "--all"],
    "--from 2008-01": "tests/documents/test_tutorials.py",
    "pip install -c constraints.txt .": "tests/support/wheel_check.py",
    "source .venv/bin/activate": "a shell's own; `make test` runs from that folder",
}
COMMAND = re.compile(r"(peacekeeping|python|pip|make|source|scenarios|run) |--|outcomes$|schema$")


def test_the_readme_has_commands():
    assert len(commands("peacekeeping")) >= 5
    assert len(commands("make")) >= 3


@pytest.mark.parametrize("line", commands("peacekeeping"))
def test_a_command_of_the_readme_runs(line, tmp_path):
    answer = module(["viz.cli.main", *shlex.split(line)[1:]], tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


def test_every_command_in_the_text_is_run_somewhere():
    found = {code for code in INLINE if COMMAND.match(code) and not code.startswith("make ")}
    assert found == set(WRITTEN)


@pytest.mark.parametrize("line", [line for line, how in WRITTEN.items() if isinstance(how, list)])
def test_a_command_in_the_text_runs(line, tmp_path, monkeypatch, capsys):
    arguments = WRITTEN[line]
    if "." in arguments[0]:
        answer = module(list(arguments), tmp_path)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.strip()
        return
    monkeypatch.chdir(tmp_path)
    assert main.call(list(arguments)) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    "line", sorted({*commands("make"), *(code for code in INLINE if code.startswith("make "))})
)
def test_a_make_target_of_the_readme_exists(line):
    answer = subprocess.run(
        ["make", "--dry-run", *shlex.split(line)[1:]], capture_output=True, text=True, cwd=ROOT
    )
    assert answer.returncode == 0, answer.stderr


def test_the_python_of_the_readme_runs():
    (code,) = [block for language, block in BLOCKS if language == "python"]
    names: dict = {}
    exec(code, names)
    assert len(names["result"].series) > 0


def test_every_file_that_the_readme_names_is_there():
    for path in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / path).exists(), path
    for path in INLINE:
        if re.fullmatch(r"(docs|model|calibration|scenarios)/[\w/.]*|[A-Z]+\.cff", path):
            assert (ROOT / path).exists(), path


# --- figures ---------------------------------------------------------------------------------

WORDS = "two|three|four|five|six|seven|eight|nine|ten|seventeen|twenty|hundred|half|dozen"
FIGURE = re.compile(rf"\d[\d,.]*\d|\d|\b({WORDS})\b", flags=re.IGNORECASE)


def in_words(number: int) -> str:
    return {2: "two", 3: "three", 5: "five", 24: "Twenty-four"}.get(number, str(number))


def missions_of_the_un() -> set[str]:
    known = table("missions")
    return set(known.loc[known["framework"].isin(["un_pko", "un_spm"]), "mission"])


def units_of_japan(year: int) -> int:
    """Missions with a formed Japanese unit in a year of the record, at most in one month."""
    given = table("kinds")
    formed = set(given.loc[given["formed"] == "1", "kind"])
    rows = table("contributions").query("state == 'JPN'")
    rows = rows[rows["kind"].isin(formed) & rows["mission"].isin(missions_of_the_un())]
    last = rows["to"].where(rows["to"] != "", "9999-12")
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    return max(rows[(rows["from"] <= m) & (last >= m)]["mission"].nunique() for m in months)


def refusals(state: str, mission: str) -> int:
    known = listed.read(ROOT / "calibration" / "record" / "refusals.csv")
    return sum(row["actor"] == state and row["mission"] == mission for row in known)


def documents() -> int:
    """Founding documents: families of facts that come from one text, not from public pages."""
    known = listed.read(ROOT / "calibration" / "record" / "facts.csv")
    return len({row["id"].partition("-")[0] for row in known} - {"WEB", "RT"})


def arrivals() -> str:
    from calibration.fitting import mission_generator

    starts = mission_generator.chains()["start"]
    return f"{year_of(starts.min())} to {year_of(starts.max())}"


# A sentence of the README, and what the program makes of it.
def skill(group: str, forecaster: str) -> dict[str, float]:
    (row,) = (
        row for row in STORED["skill"] if (row["group"], row["forecaster"]) == (group, forecaster)
    )
    return row


CLAIMS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("decide month by month from {}", lambda: settings.FIRST_MONTH[:4]),
    ("Python {} or later", lambda: PROJECT["requires-python"].removeprefix(">=")),
    (
        "forecasts {} beside benchmarks",
        lambda: (
            f"{int(STORED['origin'][:4]) + 1} to {STORED['until'][:4]} from {STORED['origin'][:4]},"
        ),
    ),
    ("(up to {} runs then hold", lambda: str(model_adapter.MOST_RUNS_OF_ALL)),
    ("those of run {}, one history", lambda: str(Trace().runs[0])),
    ("alliance and threat to {}.", lambda: library.find("outlook-2035").period.end[:4]),
    ("taken by itself above {} runs", lambda: f"{run.MOST_RUNS_KEPT:,}"),
    ("After {} missions end on known dates", lambda: coverage.world_end()[:4]),
    ("a generator fitted on {} (", arrivals),
    ("state-by-mission data after {} are here", lambda: "June " + coverage.record_end()[:4]),
    ("{} parameters of who is asked", lambda: in_words(len(FITTED))),
    (
        "of all these {} are found again",
        lambda: str(len({row["parameter"] for row in STORED["recovery"] if row["identified"]})),
    ),
    ("all contributors up to {} and", lambda: STORED["fit"][:4]),
    ("docs/validation.md): {}", lambda: claim(STORED)),
    (
        "takes the two pooled in equal shares ({} of persistence, two",
        lambda: f"{skill('two years and more', POOL)['ratio']:.2f}",
    ),
    (
        "80 % band of Japan and Korea held {} of their years",
        lambda: f"{skill('Japan and Korea', MODEL)['inside_80']:.0%}",
    ),
    ("the record has {} refusals", lambda: in_words(refusals("JPN", "UNMIS"))),
    ("the {} Japanese units of 2012", lambda: in_words(units_of_japan(2012))),
    ("reading of {} founding documents", lambda: in_words(documents())),
    ("takes {} at most", lambda: model_adapter.COMPILING_NOTICE.partition("this takes ")[2][:-1]),
    ("a run of {} years takes", lambda: str(int(coverage.world_end()[:4]) - 1990)),
)
# Dates and numbers that say what is meant, not what was measured.
NAMES = (
    "in place of the two long tables",
    "the two branches of the ceasefire principle",
    "after the tsunami of 2005",
    "Japanese units of 2012",
    "leaves in others before 2023",
    "in early 2017",
    "Outlook to 2035",
)


def test_every_figure_of_the_readme_is_what_the_program_gives():
    told = [sentence.format(made()) for sentence, made in CLAIMS]
    assert not [sentence for sentence in told if sentence not in README]


def test_no_figure_of_the_readme_is_left_out():
    """Take away what is claimed and checked above: no number remains in the text."""
    text = FENCED.sub(lambda block: " ".join(re.findall(r"#.*", block[2])), README)
    for sentence in (*(sentence.format(made()) for sentence, made in CLAIMS), *NAMES):
        text = text.replace(sentence, " ")
    text = re.sub(r"`[^`\n]+`|\]\([^)]+\)", " ", text)
    left = [text[max(0, m.start() - 30) : m.end() + 30] for m in FIGURE.finditer(text)]
    assert not left


def test_a_run_takes_milliseconds_once_compiled():
    world = build(settings.Settings(afterwards="recorded"))
    list(ensemble.simulate(world, [0], 1, threads=1))
    start = time.process_time()
    list(ensemble.simulate(world, range(5), 1, threads=1))
    assert (time.process_time() - start) / 5 < 0.1


def test_the_known_misfits_of_the_readme_are_the_ones_of_the_program():
    """A misfit that has gone, or has become another, is written otherwise."""
    runs = 60
    found = run.run("historical", runs=runs, seed=1).missions.query("variable == 'personnel'")

    def there(state: str, mission: str, *kinds: str, months: str = "") -> set[tuple[int, str]]:
        rows = found.query("state == @state and mission == @mission and value > 0")
        rows = rows[rows["kind"].isin(kinds or KINDS) & rows["month"].str.startswith(months)]
        return set(zip(rows["run"], rows["month"], strict=True))

    def share(pairs: set[tuple[int, str]]) -> float:
        return len({number for number, _ in pairs}) / runs

    units = [("UNDOF", "transport"), ("MINUSTAH", "engineer"), ("UNMISS", "engineer")]
    together = set.intersection(*(there("JPN", *unit, months="2012") for unit in units))
    last = {number for number, month in there("KOR", "UNIFIL", "infantry") if month == "2023-12"}
    juba = {
        when: share(there("JPN", "UNMISS", "engineer", months=when))
        for when in ("2012-12", "2013", "2017-03")
    }
    measured = {
        "Japan's engineers appear in Sudan (UNMIS) in many runs": (
            share(there("JPN", "UNMIS", "engineer")), 0.25, 1.0,
        ),
        "Japan is in Lebanon (UNIFIL) in many": (share(there("JPN", "UNIFIL")), 0.25, 0.75),
        "units of 2012 hardly ever coincide": (share(together), 0.0, 0.35),
        "Japan's engineers reach South Sudan late in most runs, often by a year or more,": (
            juba["2013"] - juba["2012-12"], 0.25, 1.0,
        ),
        "and are seldom there in early 2017": (juba["2017-03"], 0.0, 0.25),
        "Korea joins the patrols off Hormuz (IMSC)": (share(there("KOR", "IMSC")), 0.8, 1.0),
        "and the air campaign against Islamic State in nearly all runs": (
            share(there("KOR", "Inherent Resolve")), 0.8, 1.0,
        ),
        "Japan's relief unit after the tsunami of 2005 is mostly held back": (
            share(there("JPN", "Tsunami relief 2005")), 0.0, 0.5,
        ),
        "its unit in Lebanon is missing in some runs": (
            1.0 - share(there("KOR", "UNIFIL", "infantry")), 0.02, 0.6,
        ),
        "and leaves in others before 2023": (
            share(there("KOR", "UNIFIL", "infantry")) - len(last) / runs, 0.02, 1.0,
        ),
    }  # fmt: skip
    for sentence, (value, low, high) in measured.items():
        assert sentence in README, sentence
        assert low <= value <= high, f"{sentence}: in {value:.0%} of runs"


def test_what_the_readme_says_of_skill_in_plain_words_is_so():
    assert 0.85 < skill("two years and more", MODEL)["ratio"] < 0.97
    assert skill("onsets", MODEL)["ratio"] > 1.0
    without = {
        row["mechanism"]: row["change"]
        for row in STORED["ablations"]
        if row["group"] == "Japan and Korea"
    }
    assert max(without["law"], without["alliance"]) < NOTHING
    assert min(without["capacity"], without["opinion"]) > NOTHING
    for horizon in range(1, 5):
        for move in ("joins", "exits"):
            brier = {
                row["forecaster"]: row["brier"]
                for row in STORED["moves"]
                if (row["move"], row["horizon"]) == (move, horizon)
            }
            assert brier[MODEL] < brier["constant hazard"], (move, horizon)


def test_seats_hardly_matter_for_units_of_korea_as_the_readme_says():
    known = table("stances").query("state == 'KOR' and `class` == 'un_support'")
    acceptance = dict(zip(known["party_role"], known["acceptance"].astype(float), strict=True))
    assert "so that seats hardly matter there" in README
    assert min(acceptance["government"], acceptance["opposition"]) > 0.9
