"""The tutorials work: every block runs in order in an empty folder and prints what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from model import tables, vocabulary
from model.errors import InputError
from model.settings import Settings
from model.vocabulary import AUTHORISERS, CONDITIONS, EFFECTS, UNITS
from model.world.build import build
from scenarios.explanation.law_at_date import law_at
from scenarios.running.run import run
from viz.notebooks import executed_notebooks, kernel_commands, tutorial_cells
from viz.reports import shipped_documents

ROOT = Path(__file__).parents[2]
TUTORIALS = tutorial_cells.tutorials()
GONE = "{} is not in step with its notebook; run make notebooks, look at what changed, and keep it"


@pytest.fixture(scope="module")
def execute() -> Iterator[executed_notebooks.Execute]:
    with executed_notebooks.kernel() as run_in_kernel:
        yield run_in_kernel


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs_as_it_stands_and_prints_what_its_notebook_shows(
    path: Path, execute: executed_notebooks.Execute, tmp_path: Path
) -> None:
    made = execute(tutorial_cells.notebook(path.read_text(encoding="utf-8")), tmp_path)
    stored = nbformat.read(tutorial_cells.stored(path), as_version=4)
    assert executed_notebooks.differences(stored, made) == [], GONE.format(path.name)


def test_the_tutorials_are_numbered() -> None:
    numbers = [path.stem.split("-")[0] for path in TUTORIALS]
    assert numbers == [str(n) for n in range(1, len(TUTORIALS) + 1)]
    assert [name for name in shipped_documents.documents() if name.isdigit()] == numbers


# --- notebooks --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_notebook_is_a_pair_with_its_tutorial(path: Path) -> None:
    """Its cells are those of the tutorial, and lead back to it letter by letter."""
    text = path.read_text(encoding="utf-8")
    stored = nbformat.read(tutorial_cells.stored(path), as_version=4)
    made = tutorial_cells.notebook(text)
    nbformat.validate(stored)
    assert [cell.source for cell in stored.cells] == [cell.source for cell in made.cells], (
        GONE.format(path.name)
    )
    assert tutorial_cells.tutorial(stored) == text


def test_every_notebook_has_a_tutorial_and_all_are_small_and_name_no_machine() -> None:
    notebooks = sorted(tutorial_cells.NOTEBOOKS.iterdir())
    assert notebooks == sorted(map(tutorial_cells.stored, TUTORIALS))
    assert sum(path.stat().st_size for path in notebooks) < 500_000
    for path in notebooks:
        outputs = "".join(executed_notebooks.printed(nbformat.read(path, as_version=4)))
        assert not re.search(r"/(tmp|home|root|work|Users)/", outputs), path


def test_an_edited_notebook_goes_back_into_its_tutorial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tutorial_cells, "TUTORIALS", tmp_path)
    text = (
        "# 1\n\n```shell\nexport A=b\npeacekeeping docs\n```\n\n```toml file=a.toml\nb = 1\n```\n"
    )
    notebook = tutorial_cells.notebook(text)
    sources = [cell.source for cell in notebook.cells]
    assert sources == ["# 1", "%env A=b\n!peacekeeping docs", "%%writefile a.toml\nb = 1"]
    notebook.cells[2].source += "\nc = 2"
    nbformat.write(notebook, tmp_path / "1.ipynb")
    (tmp_path / "1.md").write_text(text)
    assert tutorial_cells.main([str(tmp_path / "1.ipynb")]) == 0
    assert (tmp_path / "1.md").read_text() == text.replace("b = 1\n", "b = 1\nc = 2\n")


def test_what_is_printed_may_differ_in_last_digits_and_times_only() -> None:
    def printing(text: str) -> Any:
        output = nbformat.v4.new_output("stream", text=text)
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])

    for new, alike in (
        ("mean  0.12345678901", True),
        ("mean 0.12350", False),
        ("mean 0.12345678902 after 3 seconds", False),
        ("median 0.12345678902", False),
        ("mean 0.12345678902\nmore", False),
    ):
        found = executed_notebooks.differences(printing("mean 0.12345678902"), printing(new))
        assert (found == []) is alike, new
    assert (
        executed_notebooks.differences(printing("1 minute, 8 kB"), printing("9.5 seconds, 8 kB"))
        == []
    )


def test_a_command_of_a_notebook_that_fails_or_says_nothing_stops_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in ("peacekeeping docs 70", "python -c 1/0", "python -c 1"):
        with pytest.raises(RuntimeError, match=f"^.*{line.split()[-1]}: status"):
            kernel_commands.command(line)
    kernel_commands.command("peacekeeping docs 1")
    assert capsys.readouterr().out.startswith("# 1. First run")


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
