"""Names and texts are checked for what they may hold where they enter, whatever way they come."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pandas as pd
import pytest

from model import csv_rows as rows
from model import input_files, tables
from model.errors import InputError
from model.input_text import RESERVED, name_fault, text_fault
from scenarios.definition import lookup as names
from scenarios.definition.loader import load, parse
from scenarios.storage.csv_export import harmless
from scenarios.storage.provenance import file_hash
from scenarios.sweeps.design import load as load_design
from scenarios.sweeps.sampling import configurations

HEAD = "title = 'T'\nquestion = 'Q'\nreferences = ['R']\n"
OPEN = (
    "[[events]]\ntype='open_mission'\nmonth='2001-01'\nframework='un_pko'\nhost='SDN'\n"
    "strength=100\nmission={}\n"
)
BAD = {
    "control": "A\\u0007B",
    "escape": "A\\u001b[2J",
    "delete": "A\\u007fB",
    "c1": "A\\u009bB",
    "turned": "A\\u202eB",
    "isolate": "A\\u2066B",
    "mark": "A\\u200fB",
    "line separator": "A\\u2028B",
    "no character": "A\\uffffB",
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize(
    "place", ["title", "question", "description", "references", "mission", "note", "level"]
)
def test_no_text_of_a_file_holds_what_none_may_hold(kind: str, place: str) -> None:
    bad = f'"{BAD[kind]}"'
    bodies = {
        "title": f"title={bad}\nquestion='Q'\nreferences=['R']\n",
        "question": f"title='T'\nquestion={bad}\nreferences=['R']\n",
        "description": f"{HEAD}description={bad}\n",
        "references": f"title='T'\nquestion='Q'\nreferences=[{bad}]\n",
        "mission": HEAD + OPEN.format(bad),
        "note": HEAD + OPEN.format("'M'") + f"note={bad}\n",
        "level": f"{HEAD}[variants.v]\ntitle={bad}\n",
    }
    with pytest.raises(InputError, match=r"mine\.toml, line \d+: .*take it out") as caught:
        parse(bodies[place], "mine.toml")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["", " ", *RESERVED, "All", "LARGEST", " UNX", "A\tB", "x" * 200])
def test_no_mission_has_a_name_that_means_something_else(name: str) -> None:
    with pytest.raises(InputError, match="mission"):
        parse(HEAD + OPEN.format(f"'{name}'"), "mine.toml")


def test_ordinary_names_in_any_script_are_taken() -> None:
    for name in ("UNMISS 2", "PKO “Süd”", "평화유지군", "Mission d’Afrique (MINUX)", "日本 · 国連"):
        assert name_fault(name, RESERVED) == ""
    assert text_fault("first line\nsecond\tline, مرحبا") == ""


@pytest.mark.parametrize("stem", ["a\u202eb", "\u200b", "x" * 121])
def test_the_name_of_a_file_is_a_name(stem: str) -> None:
    with pytest.raises(InputError, match="the name of the file"):
        parse(HEAD, f"{stem}.toml")


def test_a_lone_surrogate_from_python_is_refused() -> None:
    with pytest.raises(InputError):
        parse(HEAD, "a\ud800.toml")
    with pytest.raises(InputError, match="unknown state"):
        names.state("\ud800")


@pytest.mark.parametrize("bad", ["A\u0007", "A\u202e", "A\u009b"])
def test_cells_of_data_tables_are_checked_by_both_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    path = tmp_path / "missions.csv"
    path.write_text(f"mission,end\nM,\n{bad},\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"missions\.csv, line 3: holds .*take it out"):
        rows.read(path)
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    with pytest.raises(InputError, match=r"missions\.csv, line 3: holds .*take it out"):
        tables.table.__wrapped__("missions")


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "missions.csv"
    path.write_text("mission,end,end\nM,1991-01,1999-12\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"missions\.csv, line 1: the column 'end' stands twice"):
        rows.read(path)


@pytest.mark.parametrize("name", ["all", "Largest", " UNX"])
def test_no_mission_of_a_table_has_a_reserved_name(name: str) -> None:
    column = {"column": "mission", "type": "name", "blank": "0"}
    with pytest.raises(InputError, match=r"missions\.csv, line 3, column mission"):
        tables._check(pd.DataFrame({"mission": ["UNX", name]}), "missions", column)


@pytest.mark.parametrize("code", ["../x", "jpn", "JP", "J\u00c5P"])
def test_the_code_of_a_state_is_three_letters(code: str) -> None:
    column = {"column": "iso3", "type": "code", "blank": "0"}
    with pytest.raises(InputError, match="three letters"):
        tables._check(pd.DataFrame({"iso3": ["JPN", code]}), "states", column)


def test_a_byte_order_mark_is_skipped_everywhere(tmp_path: Path) -> None:
    scenario = tmp_path / "mine.toml"
    scenario.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert load(scenario).title == "T"
    table = tmp_path / "states.csv"
    table.write_bytes(b"\xef\xbb\xbfiso3,name\nJPN,Japan\n")
    assert rows.read(table, ("iso3",))[0]["name"] == "Japan"


def design_with_table(folder: Path, table: bytes) -> Path:
    (folder / "cases.csv").write_bytes(table)
    path = folder / "cases.toml"
    path.write_text(
        "title='T'\nquestion='Q'\nmethod='list'\ntable='cases.csv'\n"
        "[vary.law.choices.NA]\n[vary.law.choices.null]\n[vary.law.choices.'2015']\n"
        "[outcomes.people]\nstate='JPN'\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_table_of_configurations_is_read_as_text(tmp_path: Path, mark: bytes) -> None:
    path = design_with_table(tmp_path, mark + b"home_threat,law\n1,NA\n0.5,2015\n0,null\n")
    found = configurations(load_design(path))
    assert found["law"].tolist() == ["NA", "2015", "null"]
    assert found["home_threat"].tolist() == [1.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"home_threat;law\n1;NA\n", "semicolons"),
        (b"home_threat, law\n1, NA\n", "begins or ends with a blank"),
        (b",home_threat,law\n0,1,NA\n", "has no name"),
        (b"home_threat,law,law\n1,NA,NA\n", "twice"),
        (b"home_threat,law\nTrue,NA\n", "'True' is not a number"),
        (b"home_threat,law\nnan,NA\n", "'nan' is not a number"),
        (b"home_threat,law\n1\n", "1 cells where the header has 2"),
        (b"home_threat,law\n1,\x00\n", "control character"),
    ],
)
def test_what_is_wrong_with_such_a_table_is_told(tmp_path: Path, table: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        configurations(load_design(design_with_table(tmp_path, table)))


def odd_file(folder: Path, kind: str) -> Path:
    path = folder / "odd"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "socket":
        socket.socket(socket.AF_UNIX).bind(str(path))
    elif kind == "folder":
        path.mkdir()
    else:
        path = folder / ("x" * 4000)
    return path


@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "folder", "long name", "socket"])
def test_only_regular_files_are_read(tmp_path: Path, kind: str) -> None:
    path = odd_file(tmp_path, kind)
    for read in (
        lambda: input_files.text(path, "table", 1000),
        lambda: rows.read(path),
        lambda: load(path.with_suffix("")),
        lambda: file_hash(path),
    ):
        with pytest.raises(InputError):
            read()


@pytest.mark.parametrize("written", ["", "  ", "~nobody-here/x", "a\0b", "a\ud800b"])
def test_a_path_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(InputError):
        input_files.place(written)


@pytest.mark.parametrize("written", ["s3://x/y", "file:x", "gs:x", "https://x.y/z", "ab:c"])
def test_what_a_library_takes_for_an_address_is_no_path(written: str) -> None:
    """Arrow would look for it elsewhere, after all was computed."""
    with pytest.raises(InputError, match="is written like an address"):
        input_files.place(written)
    assert input_files.place("a/b:c") and input_files.place("C:/x") and input_files.place("1:2")


@pytest.mark.parametrize("cell", [" =1+1", "\ufeff=1+1", "\u00a0@x", "\u200b+1", "\t-1+1", "=1"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert str(harmless(cell)).startswith("'")
