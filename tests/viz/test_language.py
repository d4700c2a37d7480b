"""Every text is in every language, with the same places; English is said as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from model import csv_rows
from model.errors import InputError
from model.tables import FOLDER
from model.vocabulary import KINDS
from scenarios.definition import library, lookup
from viz.charts.style import fonts, layout
from viz.language import catalogue, korean_particles, languages, names, spoken
from viz.reports import catalogue_messages, glossary_page
from viz.text import labels, law_text, wording

OTHERS = ("ja", "ko")
WEB = Path(spoken.__file__).parents[1] / "web"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing_from_a_catalogue_and_nothing_left_over(language: str) -> None:
    assert catalogue_messages.missing(language) == []
    assert catalogue_messages.unused(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_places_in_the_same_form(language: str) -> None:
    for english, told in catalogue.texts(language).items():
        assert catalogue_messages.places(told) == catalogue_messages.places(english), english
        assert told.strip() and not re.search(r"[぀-ヿ]", told if language == "ko" else "")


def test_particles_stand_in_korean_alone_and_are_known() -> None:
    for told in catalogue.texts("ko").values():
        left = korean_particles.PAIR.sub("", told)
        assert not re.search(r"\[[가-힣]+/[가-힣]+\]", left), told
    assert not any(korean_particles.PAIR.search(told) for told in catalogue.texts("ja").values())


def test_a_particle_follows_the_last_sound() -> None:
    fitted = korean_particles.fitted
    assert fitted("일본[은/는] 한국[과/와] UNIFIL[을/를]") == "일본은 한국과 UNIFIL을"
    assert fitted("‘법제’[이/가] UNMISS[으로/로] 3[을/를]") == "‘법제’가 UNMISS로 3을"
    assert fitted("20%[이/가] 31％[으로/로] 5.2%[은/는]") == "20%가 31％로 5.2%는"
    assert fitted("서울[으로/로] 부산[으로/로]") == "서울로 부산으로"


def test_english_is_said_as_it_is_written() -> None:
    for english in catalogue_messages.messages():
        assert spoken.looked_up(english) == english
    assert spoken.say("In {month}", month="2011-07") == "In 2011-07"
    assert wording.TABS == wording.english.TABS and labels.state_name("KOR") == "Korea"


def test_a_language_is_spoken_for_a_while_and_then_no_more() -> None:
    with spoken.speaking("ja"):
        assert labels.state_name("KOR") == "韓国" and labels.kind_name("engineer") == "施設部隊"
        assert spoken.say("In {month}", month="2011-07") == "2011年7月"
        assert labels.people_of(1350, "engineer") == "施設部隊1,350人"
        with spoken.speaking("ko"):
            assert wording.FOUND.format(found=3, whole=1200) == "기록 1,200건 중 3건"
            assert spoken.month("2017-05") == "2017년 5월"
            assert labels.kind_name("air_transport") == "항공수송부대"  # 공수부대 are paratroopers
        assert wording.STEPS["law"].startswith("1 法制")
    assert spoken.current() == "en" and labels.state_name("KOR") == "Korea"


def test_what_is_kept_is_kept_for_each_language() -> None:
    made: list[str] = []

    @spoken.kept_by_language(8)
    def told(name: str) -> str:
        made.append(name)
        return labels.state_name(name)

    def both() -> list[str]:
        with spoken.speaking("ko"):
            return [told("JPN"), told("JPN")]

    assert [told("JPN"), *both(), told("JPN")] == ["Japan", "일본", "일본", "Japan"]
    assert made == ["JPN", "JPN"]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("ja,en-US;q=0.9,en;q=0.8", "ja"),
        ("fr-FR, ko-KR;q=0.7, ja;q=0.3", "ko"),
        ("en-GB,ja;q=0.5", "en"),
        ("de, fr;q=0.4", "en"),
        ("ja;q=0, ko;q=x", "en"),
        ("," * 5000, "en"),
    ],
)
def test_the_browser_chooses(accepted: str, code: str) -> None:
    assert languages.wished(accepted) == code


def test_a_language_that_there_is_not_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="'fr' is not valid; choose one of en .English., ja"):
        languages.chosen("fr")


def test_every_name_is_in_the_table_once_and_means_something() -> None:
    rows = names.rows()
    assert len({(row["sort"], row["key"]) for row in rows}) == len(rows)
    assert all(row["ja"] and row["ko"] and row["sort"] in names.SORTS for row in rows)
    assert all(row["status"] in names.STATUSES for row in rows)
    assert all(row["source"] for row in rows if row["status"] != "translation")
    have = pd.DataFrame(rows).groupby("sort")["key"].agg(set)
    full = {
        row["mission"]
        for file in ("missions.csv", "missions_other.csv")
        for row in csv_rows.read(FOLDER / file, ("mission", "name"))
        if row["name"] != row["mission"]
    }
    levers = {name for name, row in lookup.parameters().items() if row["role"] == "lever"}
    shipped = {name: library.find(name) for name in library.available()}
    assert have["state"] == set(lookup.states())
    assert have["mission"] == full
    assert have["kind"] == {"all", *KINDS}
    assert have["provision"] == {row["id"] for row in csv_rows.read(FOLDER / "instruments.csv")}
    assert have["lever"] == levers
    assert have["scenario"] == set(shipped)
    assert have["variant"] == {
        f"{name}/{key}" for name, one in shipped.items() for key in one.variants
    }


def test_no_text_stands_in_the_templates_of_the_web_app() -> None:
    for path in sorted(WEB.rglob("*.vue")):
        shown = path.read_text(encoding="utf-8").split("<script>")[0]
        assert not re.search(r'\s(title|aria-label|label|placeholder)="', shown), path.name
        shown = re.sub(r'{{.*?}}|<(?:"[^"]*"|[^>"])*>|&#?\w+;', " ", shown, flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]{2,}", shown), (path.name, shown.split())


@pytest.mark.parametrize("language", OTHERS)
def test_a_law_is_told_by_its_official_title(language: str) -> None:
    title = {"ja": "国際平和協力法", "ko": "국제평화협력법"}[language]
    with spoken.speaking(language):
        rows = law_text.change_rows("JPN", "2015-08", "2016-03")
        assert any(title in row[1] and "JPN-PKO15-1" in row[1] for row in rows)
        told = " ".join(cell for row in rows for cell in row)
        assert not re.search(r"\b(allows|decided|month|units)\b", told)


@pytest.mark.parametrize("language", OTHERS)
def test_lines_of_a_chart_lose_no_letter_and_fit(language: str) -> None:
    text = max(catalogue.texts(language).values(), key=len)
    with spoken.speaking(language):
        lines = layout.wrap(text, 300, 13)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(layout.text_width(line.rstrip(), 13) <= 300 for line in lines)
        assert not any(line[0] in "、。）」" for line in lines)


def test_a_font_that_is_missing_is_named_before_a_picture_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not fonts.found("ja", (str(tmp_path),))
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert fonts.found("ko", (f"{tmp_path}/.",))
    monkeypatch.setattr(fonts, "found", lambda language: False)
    fonts.check("en")
    with pytest.raises(InputError, match="Korean takes a font .* install fonts-noto-cjk"):
        fonts.check("ko")


def test_the_page_of_terms_is_what_its_command_writes() -> None:
    page = glossary_page.PAGE
    assert page.read_text(encoding="utf-8") == glossary_page.page(), "run make docs"
    assert "No native reader has checked" in page.read_text(encoding="utf-8")
