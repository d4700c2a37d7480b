"""The tutorials work: every block of them is run in order, in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model import tables, vocabulary
from model.errors import InputError
from model.settings import Settings
from model.vocabulary import AUTHORISERS, CONDITIONS, EFFECTS, UNITS
from model.world.build import build
from scenarios.explanation.law_at_date import law_at
from scenarios.running.run import run
from viz.cli import main
from viz.reports import shipped_documents

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"```(\w+)(?: file=(\S+))?\n(.*?)```", flags=re.DOTALL)


def command(line: str, folder: Path, environment: dict[str, str]) -> None:
    """Run one line of a shell block, with ``peacekeeping`` and ``python`` meaning our own."""
    parts = f"'{sys.executable}' -m viz.cli.main"
    script = re.sub(r"^peacekeeping\b", parts, line)
    script = re.sub(r"^python\b", f"'{sys.executable}'", script)
    done = subprocess.run(
        ["/bin/sh", "-ec", script], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert done.stdout.strip(), line


def call(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run a line that is a command of ours here, which spares it all that Python has loaded."""
    capsys.readouterr()
    status = main.call(shlex.split(line)[1:])
    said = capsys.readouterr()
    assert status == 0, f"{line}\n{said.err}"
    assert said.out.strip(), line


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs_as_it_stands(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Blocks with a file name are files, shell blocks commands, others Python with common names."""
    monkeypatch.chdir(tmp_path)
    environment = inherited = dict(os.environ, PYTHONPATH=str(ROOT))
    names: dict = {}
    for language, name, body in BLOCK.findall(path.read_text(encoding="utf-8")):
        if name:
            (tmp_path / name).write_text(body, encoding="utf-8")
        elif language == "shell":
            for line in body.strip().splitlines():
                if line.startswith("export "):
                    key, _, value = line.removeprefix("export ").partition("=")
                    environment = environment | {key: value}  # read where Python starts
                elif line.startswith("peacekeeping ") and environment is inherited:
                    call(line, capsys)
                else:
                    command(line, tmp_path, environment)
        elif language == "python":
            exec(body, names)


def test_the_tutorials_are_numbered() -> None:
    assert [path.stem.split("-")[0] for path in TUTORIALS] == [
        str(n) for n in range(1, len(TUTORIALS) + 1)
    ]


# --- the fifth: a country with its law --------------------------------------------------------

COUNTRY = (ROOT / "docs" / "tutorials" / "5-add-a-country.md").read_text(encoding="utf-8")


@pytest.fixture
def germany(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tables of the tutorial, read in place of the shipped ones."""
    monkeypatch.chdir(tmp_path)
    exec(shipped_documents.files(COUNTRY)["add_germany.py"], {})
    monkeypatch.setattr(tables, "FOLDER", tmp_path / "tables")
    tables.table.cache_clear()
    yield tmp_path / "tables"
    tables.table.cache_clear()


def decided_by(month: str, framework: str) -> dict[str, tuple[str, str]]:
    """Who decides on each kind, and by which provision."""
    rows = law_at("DEU", month)
    rows = rows[rows["framework"] == framework]
    return {
        kind: (row["decided by"], row["provision"])
        for row in rows.to_dict("records")
        for kind in row["kinds"].split(", ")
    }


def test_german_units_go_by_the_parliament_and_officers_by_the_cabinet(germany: Path) -> None:
    for month in ("1994-07", "1999-01", "2006-06", "2018-12"):
        for framework in ("un_pko", "coalition_un_mandated", "anti_piracy"):
            found = decided_by(month, framework)
            for kind in UNITS:
                assert found[kind] == ("parliament", "DEU-BVG-1"), (month, framework, kind)
    assert decided_by("1994-06", "un_pko")["infantry"] == ("cabinet", "DEU-GG24-1")
    assert decided_by("2005-02", "un_pko")["staff"] == ("cabinet", "DEU-GG24-1")
    assert decided_by("2005-03", "un_pko")["staff"] == ("cabinet", "DEU-PBG-1")


def test_the_bundestag_is_asked_and_can_refuse(germany: Path) -> None:
    """With seats that accept, units go with a share of the seats behind them; with none, none."""

    def units() -> pd.DataFrame:
        period: Any = {"start": "1999-01", "end": "2008-12"}
        found = run("historical", runs=6, seed=1, deliberating=["DEU"], **period).decisions
        formed = set(pd.read_csv(germany / "kinds.csv").query("formed == 1")["kind"])
        formed -= {"formed_police"}
        mine = found[(found["state"] == "DEU") & found["kind"].isin(formed)]
        return mine[mine["outcome"] == "accepted"]

    sent = units()
    assert len(sent) > 0 and set(sent["provision"]) == {"DEU-BVG-1"}
    assert sent["support"].between(0.5, 1, inclusive="neither").all()
    stances = pd.read_csv(germany / "stances.csv", dtype=str, keep_default_na=False)
    stances.loc[stances["state"] == "DEU", "acceptance"] = "0"
    stances.to_csv(germany / "stances.csv", index=False)
    tables.table.cache_clear()
    assert len(units()) == 0


@pytest.mark.parametrize("name", ["instruments", "politics", "stances", "parameters"])
def test_every_column_that_a_reader_fills_in_is_told(name: str) -> None:
    part = COUNTRY.split(f"\n`{name}.csv`, ")[1].split("\n\n`")[0].split("\n\nOptional")[0]
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| ([^|]*) \|", part, flags=re.M))))
    assert told == set(tables.table(name).columns)


def test_every_choice_of_a_column_that_a_reader_fills_in_is_told() -> None:
    columns = pd.read_csv(tables.COLUMNS, dtype=str, keep_default_na=False)
    mine = columns[columns["table"].isin(["instruments", "politics", "stances", "parameters"])]
    choices = [getattr(vocabulary, cell, cell.split(";")) for cell in mine["choices"]]
    words = {word for choice in choices for word in choice if word}
    words |= {*EFFECTS, *CONDITIONS, *AUTHORISERS}
    part = COUNTRY.split("## What a row says")[1]
    assert sorted(word for word in words if f"`{word}`" not in part) == []


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("instruments", {"state": "GER"}, "column state: 'GER' is no state"),
        ("politics", {"state": "DE"}, "column state: 'DE' is no state"),
        ("instruments", {"id": "DEU-PBG-1"}, "'DEU-PBG-1' is listed twice"),
        ("instruments", {"amends": "DEU-BVG1"}, "did you mean 'DEU-BVG-1'?"),
        ("instruments", {"authoriser": "bundestag"}, "is not one of"),
        ("instruments", {"kinds": "tanks"}, "unknown name 'tanks'"),
        ("stances", {"class": "un"}, "is not one of"),
        ("parameters", {"name": "unit_intercpt"}, "did you mean 'unit_intercept'?"),
    ],
)
def test_a_slip_in_a_row_is_told_in_one_sentence(
    germany: Path, table: str, row: dict[str, str], words: str
) -> None:
    frame = pd.read_csv(germany / f"{table}.csv", dtype=str, keep_default_na=False)
    last = frame.iloc[-1].to_dict()
    if table == "instruments" and "id" not in row:
        last |= {"id": "DEU-NEW-1"}
    frame = pd.concat([frame, pd.DataFrame([last | row])])
    frame.to_csv(germany / f"{table}.csv", index=False)
    tables.table.cache_clear()
    with pytest.raises(InputError, match=re.escape(words)):
        build(Settings(end="1995-12"))
