"""Newer files: every layout is read whole, every fault gets a sentence, nothing else moves."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from calibration.new_data import (
    cell_checks,
    file_kinds,
    folder_of_tables,
    held_series,
    new_months,
    publisher_names,
    studied_states,
    table_checks,
)
from model.data_folder import SHIPPED
from model.errors import InputError
from model.months import month_number, month_text
from model.run_lengths import decode
from model.tables import table
from model.vocabulary import STUDIED
from model.world import un_reports
from scenarios.definition import lookup
from scenarios.storage import provenance
from tests.support import hub_files, report_files
from tests.support.hub_files import exchange, hub
from tests.support.report_files import LAYOUTS, PEOPLE

ROOT = Path(__file__).parents[2]
RAW = Path(os.environ.get("PEACEKEEPING_RAW") or ROOT.parent / "shared" / "data")
SAMPLES = RAW / "un_reports"
SHORTEST = ("2018_03", "2019_09", "2023_09", "2024_06")  # the others take a minute more
JULY = month_number("2024-07")
CODES = {**hub_files.CODES, "Republic of Korea": "KOR"}


def read(folder: Path, content: str | bytes, name: str = "file.csv") -> pd.DataFrame:
    """What a file with this content says."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return pd.concat(
        [cell_checks.judged(one, new_months.known_missions()) for one in file_kinds.read([path])]
    )


def added(folder: Path, *contents: str, replace: bool = False) -> new_months.Addition:
    """What files with these contents add to the shipped tables."""
    paths = []
    for number, content in enumerate(contents):
        paths.append(folder / f"file{number}.csv")
        paths[-1].write_text(content, encoding="utf-8")
    return new_months.add(file_kinds.read(paths), replace=replace)


def told(frame: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    return {(r.mission, r.state, r.kind): r.people for r in frame.itertuples()}  # type: ignore[misc]


def expected(missions: bool = True, officers: bool = True) -> dict[tuple[str, str, str], int]:
    """``PEOPLE`` by code, as a layout without missions or without officers has them."""
    out: dict[tuple[str, str, str], int] = {}
    for (mission, name, kind), people in PEOPLE.items():
        kind = "troops" if kind == "staff_officers" and not officers else kind
        key = (mission if missions else "", CODES[name], kind)
        out[key] = out.get(key, 0) + sum(people)
    return out


def held(month: int) -> dict[tuple[str, str, str], tuple[int, int]]:
    """The cells that the shipped tables hold for a month, by mission, name and kind."""
    series = un_reports.cells()
    names = lookup.states()
    frame = series.rows.assign(people=series.at(month))
    frame = frame[frame["people"] > 0]
    return {(r.mission, names[r.state], r.kind): (r.people, 0) for r in frame.itertuples()}  # type: ignore[index,misc]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_of_the_report_is_read_whole(layout: str, tmp_path: Path) -> None:
    frame = read(tmp_path, LAYOUTS[layout](), f"{layout}_2024_07.pdf")
    assert told(frame) == expected("without" not in layout, "2016" not in layout)
    assert set(frame["month"]) == {JULY}


def test_a_report_of_many_pages_is_read_whole(tmp_path: Path) -> None:
    people = {
        ("UNIFIL", name, kind): (number + 1, 0)
        for number, name in enumerate(("Ghana", "India", "Italy", "Nepal", "Spain", "Togo"))
        for kind in ("troops", "staff_officers", "individual_police", "experts_on_mission")
    } | {("UNMISS", name, "troops"): (9, 0) for name in list(lookup.states().values())[:60]}
    content = report_files.by_mission_today(people)
    assert content.count(b"/Type /Page ") > 2
    frame = read(tmp_path, content, "report.pdf")
    assert frame["people"].sum() == sum(men for men, _ in people.values())
    assert len(frame) == len(people)


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the UN's own files lie beside the checkout only")
def test_samples_of_the_un_s_own_files_equal_the_tables() -> None:
    """Cell by cell; by contributor and kind where the UN printed no missions."""
    paths = [path for month in SHORTEST for path in SAMPLES.glob(f"*_{month}.pdf")]
    assert len(paths) == len(SHORTEST)
    series = un_reports.cells()
    for reading in file_kinds.read(paths):
        frame = cell_checks.judged(reading, new_months.known_missions())
        keys = ["state", "mission", "kind"] if (frame["mission"] != "").all() else ["state", "kind"]
        there = series.rows.assign(people=series.at(int(frame["month"].iloc[0])))
        sums = there[there["people"] > 0].groupby(keys)["people"].sum()
        assert frame.groupby(keys)["people"].sum().equals(sums), reading.file


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("file.csv", lambda text: text),
        ("file.csv", lambda text: text.replace(",", ";")),
        ("file.csv", lambda text: "\ufeff" + text),
        ("file.txt", lambda text: text.encode("cp1252")),
        ("file.csv", lambda text: text.encode("utf-16")),
        ("file.csv", lambda text: text.replace("\n", "\r\n")),
        ("file.csv", lambda text: text.replace(",1200,", ',"1,200",')),
        ("file.csv", lambda text: text.replace("TUR", "").replace("Türkiye", "T\ufffdrkiye")),
        ("file.csv", lambda text: text.replace("CIV", "").replace("Côte", "CÃ´te")),
        ("file.csv", lambda text: text.replace(",0,", ",,", 1)),
        ("file.csv", lambda text: exchange()),
        ("file.csv", lambda text: exchange(["31-Jul-24"])),
        ("file.csv", lambda text: text + ",,,,,,,,\n"),
    ],
)  # fmt: skip
def test_a_table_is_read_however_it_was_saved(
    name: str, change: Callable[[str], str | bytes], tmp_path: Path
) -> None:
    frame = read(tmp_path, change(hub()), name)
    assert told(frame) == expected() and set(frame["month"]) == {JULY}


def workbook(text: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["read me"])
    sheet = book.create_sheet("data")
    for row in pd.read_csv(io.StringIO(text), keep_default_na=False, header=None).to_numpy():
        sheet.append([int(cell) if str(cell).isdecimal() else cell for cell in row])
    book.save(out)
    return out.getvalue()


def packed(**contents: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["file.xlsx", "file.csv"])
def test_a_spreadsheet_is_read_under_any_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(workbook(hub()))
    (reading,) = file_kinds.read([path])
    assert told(cell_checks.judged(reading, new_months.known_missions())) == expected()
    assert ("under another name" in " ".join(reading.notes)) == (name == "file.csv")


def test_files_in_a_zip_are_read_one_by_one(tmp_path: Path) -> None:
    content = packed(a=hub(), b=hub(["2024-08-31"]), c=report_files.by_mission_2021())
    path = tmp_path / "file.zip"
    path.write_bytes(content)
    assert [one.file for one in file_kinds.read([path])] == [f"file.zip/{n}" for n in "abc"]
    with pytest.raises(InputError, match=r"2024-07 stands in both file.zip/a and file.zip/c"):
        new_months.add(file_kinds.read([path]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (hub() + hub().partition("\n")[2], r"twice in UNIFIL with Troops of 2024-07 \(line 2 a"),
        (hub().replace(",34,1200,", ",34,-1200,"), r"line 2: '-1200' of CIV is not a number"),
        (hub().replace(",34,1200,", ",3.5,1200,"), r"line 2: '3.5' of CIV is not a number"),
        (hub().replace(",34,1200,", ",many,1200,"), r"line 2: 'many' of CIV is not a number"),
        (hub().replace("CIV", "XXX"), r"line 2: unknown contributor 'XXX'"),
        (hub(codes={}).replace("Japan", "Jappan"), r"'Jappan'; did you mean 'Japan'"),
        (hub().replace("Staff Officer", "Cook"), r"unknown kind of personnel 'Cook'"),
        (hub().replace("UNIFIL", "UNIFOO"), r"'UNIFOO'.*missions.csv.*--new-mission UNIFOO"),
        (hub(["06/07/2024"]), r"'06/07/2024' is no date that can be read in one way"),
        (hub(["2024-13-31"]), r"'2024-13-31' is no date"),
        (hub().replace("mission_acronym", "place"), r"no column for the mission; it may be called"),
        (hub().replace("male_personnel", "x"), r"no column for people"),
        (hub().replace("date\n1,", "date\n1,2,"), r"line 2: 10 cells where"),
        (hub().partition("\n")[0] + "\n", r"has a header and no rows"),
        ("a\nb\n", r"line 1 has one cell only; separate cells by , or ;"),
        ("", r"is empty; download it again"),
        ("<!doctype html>", r"is a web page, not the file itself"),
        ("{}", r"is JSON; choose CSV"),
        (b"\xd0\xcf\x11\xe0 and more", r"spreadsheet of the old kind \(.xls\); save it as .xlsx"),
        ("ID,Contributor,Troops,Date,Mission\n1,Japan,2,2001-01-31,UNDOF\n", r"kinds as columns"),
        (packed(), r"a zip with no file in it"),
        (packed(a=packed(b="x")), r"has the zip a in it; unpack that first"),
        (b"PK\x03\x04 cut short", r"the zip cannot be unpacked"),
        (b"%PDF-1.4 cut short", r"the PDF cannot be read|has no text"),
        (report_files.lines([("Annual report",)]), r"is not the UN's monthly report"),
        (report_files.pdf([([], ())]), r"has no text, only pictures"),
    ],
)  # fmt: skip
def test_a_fault_of_a_file_ends_in_one_sentence(
    content: str | bytes, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=sentence) as fault:
        read(tmp_path, content)
    assert "\n" not in str(fault.value) and "file.csv" in str(fault.value)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "flat_2019"])
def test_a_number_that_breaks_a_printed_total_is_found(layout: str, tmp_path: Path) -> None:
    """The total stays, one row of it is changed."""
    content = LAYOUTS[layout]()
    for right, wrong in ((b"(250)", b"(251)"), (b"(240)", b"(241)"), (b"(512)", b"(513)")):
        content = content.replace(right, wrong, 1)
    with pytest.raises(InputError, match="the printed total of|do not add up"):
        read(tmp_path, content, f"{layout}_2024_07.pdf")


def test_a_report_without_the_extra_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, content in (("pdfplumber", LAYOUTS["flat_2019"]()), ("openpyxl", workbook(hub()))):
        monkeypatch.setitem(__import__("sys").modules, module, None)
        with pytest.raises(InputError, match=r"pip install 'peacekeeping\[data\]'"):
            read(tmp_path, content)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Türkiye", "TUR"), ("Turkey", "TUR"), ("T¸rkiye", "TUR"), ("TÃ¼rkiye", "TUR"),
        ("Czechia", "CZE"), ("Czech Republic", "CZE"), ("Eswatini", "SWZ"), ("Cabo Verde", "CPV"),
        ("Viet Nam", "VNM"), ("Côte d'Ivoire", "CIV"), ("Cote d’Ivoire", "CIV"),
        ("C™te d'Ivoire", "CIV"),
        ("Bolivia (Plurinational State of)", "BOL"), ("Bolivia (Plurinational", "BOL"),
        ("Moldova, Republic of", "MDA"), ("Republic of", "KOR"), ("Republic of Korea", "KOR"),
        ("Democratic People's Republic of Korea", "PRK"), ("Congo", "COG"), ("Saint Lucia", "LCA"),
        ("Democratic Republic of the Congo (DRC)", "COD"), ("The former Yugoslav Re", "MKD"),
        ("United States of Americ", "USA"), ("Niger", "NER"), ("Guinea", "GIN"), ("United", None),
        ("Ruritania", None), ("", None),
    ],
)  # fmt: skip
def test_names_are_read_as_the_un_writes_and_wrote_them(written: str, code: str | None) -> None:
    assert publisher_names.state(written) == code


def test_every_state_is_found_by_its_own_name() -> None:
    assert all(publisher_names.whole(name) == code for code, name in lookup.states().items())


def test_a_new_month_is_in_the_tables_and_nothing_else_moves(tmp_path: Path) -> None:
    found = added(tmp_path, hub())
    coverage = found.tables["coverage"]
    assert coverage[coverage["series"] == "un_reports"]["to"].max() == "2024-07"
    row = coverage[coverage["to"] == "2024-07"].iloc[0]
    assert (row["from"], row["status"], row["source"]) == ("2024-07", "sourced", "UN hub")
    reports = found.tables["un_reports"].set_index(["state", "mission", "kind"])
    old = table("un_reports").set_index(["state", "mission", "kind"])
    after = {cell: str(people) for cell, people in reports["people"].items()}
    assert after["KOR", "UNIFIL", "troops"].endswith(" 250")
    for cell, people in old["people"].items():
        before = decode(people, "")
        assert (decode(after[cell], "")[: len(before)] == before).all()
    totals = found.tables["mission_totals"]
    assert (
        totals[totals["month"] < "2024-07"].reset_index(drop=True).equals(table("mission_totals"))
    )
    new = totals[totals["month"] == "2024-07"].set_index("mission")
    assert list(new.loc["UNMISS", ["troops", "police", "experts"]]) == ["267", "151", "3"]
    assert set(new.index) == {"UNMISS", "UNIFIL"}


def test_japan_and_korea_are_shared_out_over_the_kinds_of_the_record(tmp_path: Path) -> None:
    frame = added(tmp_path, hub()).tables["contributions"]
    now = frame[(frame["from"] <= "2024-07") & (frame["to"] >= "2024-07")]
    korea = now[(now["state"] == "KOR") & (now["rule"] == "observed")].set_index(
        ["mission", "kind"]
    )
    assert korea["personnel"].to_dict() == {
        ("UNIFIL", "infantry"): "250", ("UNIFIL", "staff"): "4",
        ("UNMISS", "engineer"): "262", ("UNMISS", "observer"): "3",
    }  # fmt: skip
    assert not set(now[now["state"] == "KOR"]["mission"]) & {"MINURSO", "UNTSO"}  # not in the file
    later = frame[(frame["from"] == "2024-08") & (frame["state"] == "KOR")]
    assert {"262"} == set(later[later["kind"] == "engineer"]["personnel"])  # carried on
    documented = frame[(frame["state"] == "KOR") & (frame["from"] == "2026-01")]
    assert "184" in set(documented["personnel"])  # what the record says of later months stays
    before = frame[frame["to"] < "2024-06"]
    old = table("contributions")
    assert before.reset_index(drop=True).equals(old[old["to"] < "2024-06"].reset_index(drop=True))


def test_adding_the_last_month_to_tables_cut_before_it_gives_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = un_reports.cells().last
    whole = new_months._held()
    monkeypatch.setattr(new_months, "_held", lambda: whole.drop(columns=[end]))
    text = hub(
        [f"{month_text(end)}-28"], held(end), codes={n: c for c, n in lookup.states().items()}
    )
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    (reading,) = file_kinds.read([path])
    found = new_months.add([dataclasses.replace(reading, source="UN reports")])
    for name in ("un_reports", "contributions", "coverage", "mission_totals"):
        assert found.tables[name].astype(str).equals(table(name)), name


def test_one_missing_month_is_filled_and_more_are_refused(tmp_path: Path) -> None:
    found = added(tmp_path, hub(["2024-07-31", "2024-09-30"]))
    assert found.months["month"].tolist() == ["2024-07", "2024-08", "2024-09"]
    rows = found.tables["coverage"].query("series == 'un_reports'").tail(2)
    assert rows["rule"].tolist() == ["neighbours", ""] and rows["status"].tolist()[0] == "derived"
    assert "no file has 2024-08" in " ".join(found.notes)
    with pytest.raises(InputError, match="no file has 2024-08 to 2024-09, between 2024-06"):
        added(tmp_path, hub(["2024-07-31", "2024-10-31"]))


def test_months_that_are_held_are_left_out_refused_or_replaced(tmp_path: Path) -> None:
    end = un_reports.cells().last
    codes = {name: code for code, name in lookup.states().items()}
    date = f"{month_text(end)}-28"
    same = hub([date], held(end), codes=codes)
    with pytest.raises(InputError, match="nothing new: the tables go to 2024-06"):
        added(tmp_path, same)
    found = added(tmp_path, same, hub())
    assert "held already with the same numbers: 2024-06" in found.notes
    people = held(end)
    cell = next(iter(people))
    other = hub([date], {**people, cell: (people[cell][0] + 7, 0)}, codes=codes)
    differ = r"with other numbers: 2024-06 \w+ \w+ \w+ \d+ there and \d+ in the file"
    with pytest.raises(InputError, match=f"{differ}; --replace takes"):
        added(tmp_path, other)
    kept = added(tmp_path, other, hub())
    assert kept.months["month"].to_list() == ["2024-07"] and re.search(differ, kept.notes[0])
    assert added(tmp_path, other, replace=True).months["month"].tolist() == ["2024-06"]


def test_an_earlier_month_that_is_replaced_leaves_later_ones(tmp_path: Path) -> None:
    frame = added(tmp_path, hub(["2020-03-31"]), replace=True).tables["contributions"]
    month = month_number("2020-03")
    before, after = (
        studied_states.monthly_rows(one[(one["personnel"] != "") & one["state"].isin(STUDIED)])
        for one in (table("contributions"), frame)
    )
    keys = ["state", "mission", "kind", "month"]
    others = [one[one["month"] != month].sort_values(keys) for one in (before, after)]
    assert others[0].reset_index(drop=True).equals(others[1].reset_index(drop=True))
    now = after[(after["month"] == month) & (after["rule"] == "observed")]
    assert set(now["mission"]) == {"UNIFIL", "UNMISS"}


def test_a_month_in_two_files_or_without_missions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2024-07 stands in both file0.csv and file1.csv"):
        added(tmp_path, hub(), hub())
    path = tmp_path / "report.pdf"
    path.write_bytes(LAYOUTS["without_missions_2023"]())
    with pytest.raises(InputError, match="2024-07 without their missions"):
        new_months.add(file_kinds.read([path]))


def test_a_file_that_seems_to_be_a_part_of_a_report_gets_a_warning(tmp_path: Path) -> None:
    some = "month,mission,country,kind,people\n2024-07,UNMISS,Japan,Staff Officer,4\n"
    (said,) = [one for one in added(tmp_path, some).notes if "part of the report" in one]
    assert said.startswith("2024-07 has 4 people, the month before ") and "count as zero" in said
    lines = list(table_checks.of_file(tmp_path / "file0.csv"))
    assert any("part of the report" in line for line in lines)
    assert lines[-1].endswith("no printed totals to check the rows against")
    assert not new_months.part_only(JULY, 50, 100)


def test_a_new_mission_is_kept_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(hub().replace("UNIFIL", "UNIFOO"), encoding="utf-8")
    found = new_months.add(file_kinds.read([path]), ["UNIFOO"])
    assert "UNIFOO" in set(found.tables["un_reports"]["mission"])
    assert "kept in the reports and not simulated: UNIFOO" in found.notes
    assert "UNIFOO" not in set(found.tables["mission_totals"]["mission"])


def test_a_folder_of_tables_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, frames = tmp_path / "out", {"coverage": table("coverage")}
    with pytest.raises(InputError, match="the program came with, which stay as they are"):
        folder_of_tables.write(frames, SHIPPED, ["add"], overwrite=True)
    folder_of_tables.write(frames, out, ["add"])
    assert {path.name for path in SHIPPED.glob("*.csv")} < {path.name for path in out.iterdir()}
    before = {path.name: provenance.file_hash(path) for path in out.iterdir()}
    with pytest.raises(InputError, match="--overwrite"):
        folder_of_tables.write(frames, out, ["other"])

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder_of_tables.shutil, "copyfile", full)
    with pytest.raises(InputError, match="nothing of it is left"):
        folder_of_tables.write(frames, out, ["add"])
    assert before == {path.name: provenance.file_hash(path) for path in out.iterdir()}
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not of a result that this program wrote"):
        folder_of_tables.write(frames, mine, ["add"], overwrite=True)


def test_what_is_held_is_told_with_terms_and_the_place_of_newer_files() -> None:
    found = {row["series"]: row for row in held_series.series()}
    assert found["un_reports"]["to"] == month_text(un_reports.cells().last)
    assert set(found) == set(held_series.WHAT) and all(row["licence"] for row in found.values())
    assert "peacekeeping data add" in found["un_reports"]["newer"]
    assert "2018-03 to 2019-08 (printed totals)" in found["un_reports"]["derived"]


def test_the_tables_in_use_are_judged() -> None:
    assert "tables are in form and agree" in table_checks.of_tables()
