"""The brief: two pages with the same words in every form, refused in a sentence before it runs."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import peacekeeping as pk
from model.errors import InputError
from scenarios.explanation import over_runs
from scenarios.explanation.decisions import Answers
from scenarios.explanation.over_runs import Turning
from viz.briefs import brief as briefing
from viz.briefs import brief_sections
from viz.cli import main
from viz.text.answer_text import answer

HEADINGS = [
    "Question", "Answer", "Reasons", "What would change it", "How far to trust it",
    "How it was made",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _turned_once() -> Iterator[None]:
    """What would turn an answer is the same in every language: it is computed once."""
    known: dict[object, Turning] = {}

    def turning(found: Answers, number: int, **options: Any) -> Turning:
        row = found.decisions.iloc[number].to_dict()
        key = (repr(found.scenario), found.state, found.runs, found.seed, found.run, repr(row))
        if key not in known:
            known[key] = over_runs.turning(found, number, **options)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(brief_sections, "turning", turning)
        yield


@pytest.fixture(scope="module")
def law() -> briefing.Brief:
    """A scenario that shuts a mission by law."""
    return pk.brief("japan-without-2015-legislation/debated-in-vain", runs=8)


def words(found: briefing.Brief) -> list[str]:
    """Every line that a reader must find in each form."""
    return [
        str(line)
        for block in found.blocks
        if block.sort in ("heading", "text", "points")
        for line in block.lines
    ]


def test_it_says_question_answer_reasons_and_how_it_was_made(law: briefing.Brief) -> None:
    told = str(law)
    assert [one.lines[0] for one in law.blocks if one.sort == "heading"] == HEADINGS
    assert sum(one.sort == "figure" for one in law.blocks) == 1
    assert sum(one.sort == "table" for one in law.blocks) == 1
    assert law.answer == answer(law.comparison, law.comparison.others[0]) and law.answer in told
    assert "JPN-PKO15-1: PKO Act, 2015 amendment (Act 76 of 2015), internationally" in told
    assert "coordinated operations, in force from 2016-03" in told
    assert "(source: WEB-144" in told
    # the baseline's answer is explained, as the scenario has none, and its permission carried it
    assert "in run" in told and "of historical: Japan, MFO" in told
    assert "[JPN-PKO15-1] struck out" in told
    assert "By the five factors for authorising a deployment (JSG-016): 1 national" in told
    command = "peacekeeping brief japan-without-2015-legislation/debated-in-vain"
    assert f"Command: {command} --runs 8 --seed 1" in told
    assert f"peacekeeping {pk.__version__}" in told


def test_word_and_page_hold_the_same_words_and_one_figure(
    law: briefing.Brief, tmp_path: Path
) -> None:
    docx = pytest.importorskip("docx", reason="python-docx writes Word documents")
    document = docx.Document(str(law.write(tmp_path / "law.docx")))
    in_word = [paragraph.text for paragraph in document.paragraphs]
    assert set(words(law)) <= set(in_word) and len(document.inline_shapes) == 1
    (table,) = (one.lines for one in law.blocks if one.sort == "table")
    cells = [tuple(cell.text for cell in row.cells) for row in document.tables[0].rows]
    assert cells == [tuple(row) for row in table]
    from html import unescape

    page = law.write(tmp_path / "law.html").read_text(encoding="utf-8")
    assert all(line in unescape(page) for line in words(law))
    assert page.count("<svg") == 1 and "<script" not in page and "src=" not in page


@pytest.mark.parametrize("name", ["law", "shortfall"])
def test_a_pdf_has_every_word_on_two_pages_at_most(
    name: str, law: briefing.Brief, tmp_path: Path
) -> None:
    pdfplumber = pytest.importorskip("pdfplumber", reason="pdfplumber reads the PDF back")
    found = law if name == "law" else pk.brief("dues-shortfall/restored", runs=8, end="2029-12")
    with pdfplumber.open(found.write(tmp_path / "brief.pdf")) as pages:
        assert len(pages.pages) <= 2
        printed = " ".join(page.extract_text() for page in pages.pages).split()
        edges = [word for page in pages.pages for word in page.extract_words()]
    assert max(word["x1"] for word in edges) < 595.3 - 50 and min(w["x0"] for w in edges) > 50
    together = "".join(printed).replace("•", "").replace("●", "")
    for line in words(found):
        assert "".join(line.split()) in together, line


def test_what_changes_nothing_has_no_figure_and_says_so(tmp_path: Path) -> None:
    found = pk.brief("historical", "historical", runs=1, end="1993-12")
    assert brief_sections.NOTHING_MOVED in str(found)
    assert "no state would have other personnel" in found.answer
    found.write(tmp_path / "same.html")


def test_bad_files_are_refused_before_anything_is_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was simulated")

    monkeypatch.setattr(briefing.comparing, "compare", never)
    there = tmp_path / "there.pdf"
    there.write_bytes(b"mine")
    (tmp_path / "folder.html").mkdir()
    for out, complaint in (
        ("brief.odt", "its name ends in .docx, .pdf, .html"),
        (" ", "the name of the brief is blank"),
        (there, "exists; write over it with --overwrite"),
        (tmp_path / "folder.html", "is a folder"),
    ):
        with pytest.raises(InputError, match=complaint):
            pk.brief("dues-shortfall/restored", out=out)
        assert main.call(["brief", "dues-shortfall/restored", "--out", str(out)]) == 2
        assert complaint in capsys.readouterr().err
    assert there.read_bytes() == b"mine"
    with pytest.raises(InputError, match="historical names no baseline"):
        pk.brief("historical", runs=1)
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "viz.briefs.brief_word", raising=False)
    with pytest.raises(InputError, match=r"install peacekeeping\[brief\]"):
        pk.brief("dues-shortfall/restored", out=tmp_path / "new.docx")


def test_the_command_writes_the_file_and_prints_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("docx", reason="python-docx writes Word documents")
    out = tmp_path / "deep" / "act.docx"
    given = ["brief", "korea-act-in-2000/act", "--runs", "2", "--to", "2003-12", "--out", str(out)]
    assert main.call(given) == 0
    assert capsys.readouterr().out.startswith("Under “Korea's participation act in 2000")
    assert zipfile.ZipFile(out).testzip() is None


def test_a_title_and_events_are_enough_for_a_brief(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    event = "[[events]]\ntype = 'threat'\nmonth = '2027-01'\nstate = 'JPN'\nchange = 1\n"
    Path("mine.toml").write_text(f"title = 'More threat'\n{event}")
    given = ["brief", "mine.toml", "--runs", "2", "--to", "2027-12", "--out", "mine.html"]
    assert main.call(given) == 0
    first = "mine.toml names no baseline: compared with continued.\n"
    assert capsys.readouterr().out.startswith(first)
    assert "<h2>Question</h2>\n<p>More threat</p>" in Path("mine.html").read_text()


@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [("ja", "問い", "国際平和協力法"), ("ko", "질문", "국제평화협력법")],
)
def test_it_speaks_the_language_that_was_asked_for(
    law: briefing.Brief, tmp_path: Path, language: str, heading: str, said: str
) -> None:
    found = briefing.of_comparison(law.comparison, language)
    told = str(found)
    assert found.blocks[0].lines == (heading,) and said in told
    assert f"--language {language}" in told and "JPN-PKO15-1" in told
    left = [line for line in words(found) if line.isascii()]
    assert left == [], "these lines are in English"
    page = found.write(tmp_path / "law.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page and said in page
    assert str(briefing.of_comparison(law.comparison)) == str(law)


def test_a_language_that_there_is_not_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="language 'fr' is not valid; choose one of en"):
        pk.brief("dues-shortfall/restored", out=tmp_path / "dues.html", language="fr")


def test_the_answer_is_about_the_state_that_is_asked_for(law: briefing.Brief) -> None:
    korea = briefing.of_comparison(law.comparison, about="KOR")
    assert korea.answer != law.answer and "Korea would" in korea.answer
    assert "Japan would" in law.answer and "--about KOR" in str(korea)
    with pytest.raises(InputError, match="unknown state 'Japn'; did you mean 'Japan'"):
        pk.brief("historical", "korea-act-in-2000/act", runs=2, about="Japn")


def test_a_request_that_moves_nobody_is_answered_all_the_same(tmp_path):
    file = tmp_path / "haiti.toml"
    file.write_text(
        'title = "Engineers for Haiti"\nbaseline = "continued"\n[[events]]\ntype = "request"\n'
        'month = "2027-04"\nstate = "JPN"\nmission = "Haiti GSF"\nkind = "engineer"\n'
        "personnel = 200\n"
    )
    told = str(pk.brief(file, runs=6, end="2028-12"))
    assert "Japan, asked for 200 engineers for Haiti GSF in 2027-04, first answers over 6" in told
    assert "What decided: the law 100%." in told
    assert "peacekeeping brief haiti.toml --runs 6" in told
    assert "Sources of the scenario" not in told, "it names none"
