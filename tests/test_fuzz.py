"""Every file the program reads, damaged at random: a correct result or one sentence, no traceback.

Damage is drawn by hypothesis: bytes changed, cut out, doubled; cells replaced by what spreadsheets,
other encodings and slips of the hand leave behind.
"""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration import record
from model import tables as model_tables
from model import world
from model.errors import InputError
from model.settings import Settings
from scenarios import file as scenario_file
from scenarios import library, results, rows
from scenarios.run import run

ODD = [
    *("", " ", "nan", "inf", "-1", "1e308", "1e999", "=1+1", "NULL", "２", "\u202e7", "-"),
    *("0000-00", "2012-13", "99999-01", "all", "JPN;KOR", "é" * 300, "'", '"', "1,5", "true"),
]
SHORT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, float, float, bytes]:
    kind = draw(st.sampled_from(["cut", "change", "double", "insert", "truncate"]))
    return kind, draw(st.floats(0, 1)), draw(st.floats(0, 0.1)), draw(st.binary(max_size=6))


def damaged(content: bytes, how: tuple[str, float, float, bytes]) -> bytes:
    kind, place, length, insert = how
    start = int(place * len(content))
    stop = min(len(content), start + 1 + int(length * len(content)))
    before, part, after = content[:start], content[start:stop], content[stop:]
    return {
        "cut": before + after,
        "change": before + insert + after,
        "double": before + part + part + after,
        "insert": before + insert + part + after,
        "truncate": before,
    }[kind]


def one_sentence(error: InputError) -> None:
    assert str(error).strip() and "\n" not in str(error) and "Traceback" not in str(error)


@SHORT
@given(name=st.sampled_from(library.available()), how=damage())
def test_a_damaged_scenario_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, how: tuple[str, float, float, bytes]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "scenario.toml"
    path.write_bytes(damaged((library.FOLDER / f"{name}.toml").read_bytes(), how))
    try:
        scenario_file.load(path)
    except InputError as error:
        one_sentence(error)


@settings(SHORT, max_examples=25)
@given(data=st.data())
def test_a_damaged_table_of_the_model_builds_a_world_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("tables") / "data"
    shutil.copytree(model_tables.FOLDER, folder)
    name = data.draw(st.sampled_from(sorted(p.stem for p in folder.glob("*.csv"))))
    frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
    row = data.draw(st.integers(0, len(frame) - 1))
    column = data.draw(st.integers(0, len(frame.columns) - 1))
    frame.iloc[row, column] = data.draw(st.sampled_from(ODD))
    frame.to_csv(folder / f"{name}.csv", index=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_tables, "FOLDER", folder)
        model_tables.table.cache_clear()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                world.build(Settings(end="1995-12"))
        except InputError as error:
            one_sentence(error)
        finally:
            model_tables.table.cache_clear()


@SHORT
@given(name=st.sampled_from(["facts", "refusals", "korea_votes"]), how=damage())
def test_a_damaged_record_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, how: tuple[str, float, float, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("record") / "record"
    shutil.copytree(record.FOLDER, folder)
    path = folder / f"{name}.csv"
    path.write_bytes(damaged(path.read_bytes(), how))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "FOLDER", folder)
        try:
            record.entries("JPN", year=2007)
        except InputError as error:
            one_sentence(error)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored") / "result"
    run("historical", runs=1, end="1991-12", out=folder, format="csv")
    return folder


@SHORT
@given(data=st.data(), how=damage())
def test_a_damaged_result_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    stored: Path,
    data: st.DataObject,
    how: tuple[str, float, float, bytes],
) -> None:
    folder = tmp_path_factory.mktemp("damaged") / "result"
    shutil.copytree(stored, folder)
    names = sorted(p.name for p in folder.iterdir() if p.is_file())
    path = folder / data.draw(st.sampled_from(names))
    path.write_bytes(damaged(path.read_bytes(), how))
    try:
        result = results.read(folder)
        assert len(result.series.columns) == 11
        assert len(result.decisions.columns) > 5
    except InputError as error:
        one_sentence(error)


def test_no_cell_of_an_exported_table_begins_a_formula(tmp_path: Path) -> None:
    """A spreadsheet would run a cell that begins with =, +, - or @."""
    text = (library.FOLDER / "historical.toml").read_text(encoding="utf-8")
    path = tmp_path / "=cmd.toml"
    path.write_text(text, encoding="utf-8")
    try:
        result = run(path, runs=1, end="1991-12", out=tmp_path / "out", format="csv")
    except InputError as error:
        one_sentence(error)
        return
    assert not result.series["scenario"].str.match(r"[=+\-@\t]").any()


def test_every_column_of_every_table_has_its_type() -> None:
    listed = pd.read_csv(model_tables.COLUMNS, dtype=str, keep_default_na=False)
    found = {
        (name, column)
        for name in model_tables.names()
        if name != "posterior"  # its columns are parameters, held to their own ranges
        for column in pd.read_csv(model_tables.FOLDER / f"{name}.csv", nrows=0).columns
    }
    assert set(zip(listed["table"], listed["column"], strict=True)) == found


def test_rows_of_a_table_that_is_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "states.csv"
    path.write_bytes("iso3,name\nJPN,Japan\n".encode("utf-16"))
    with pytest.raises(InputError):
        list(rows.read(path, ("iso3", "name")))
