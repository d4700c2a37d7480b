"""What a state's law allows in a month, as the command ``law`` tells it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from model.errors import InputError
from scenarios.explanation.law_at_date import beside_the_gate, law_at, weapons_left
from scenarios.explanation.law_changes import matters, provisions_between
from viz.cli.main import call
from viz.text import law_text


def kinds(table, framework, **wanted):
    """Kinds of a framework in rows where the columns are as wanted."""
    rows = table[table["framework"] == framework]
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    return {kind for cell in rows["kinds"] for kind in cell.split(", ")}


def test_korean_units_need_a_vote_from_the_act_on_by_the_act():
    for month, provision in (("2009-12", "KOR-CON60-1"), ("2010-04", "KOR-PKA-2")):
        rows = law_at("KOR", month).rename(columns={"decided by": "body"})
        units = kinds(rows, "un_pko", body="parliament", provision=provision)
        assert {"infantry", "engineer", "medical"} <= units
        assert {"staff", "observer", "police"} <= kinds(rows, "un_pko", body="minister")


def test_japans_law_names_conditions_and_what_no_text_covers():
    rows = law_at("JPN", "1993-01")
    assert "engineer" in kinds(rows, "un_pko", gate="open")
    assert "infantry" in kinds(rows, "un_pko", gate="needs statute")
    engineers = rows["kinds"].str.contains("engineer") & (rows["framework"] == "un_pko")
    (wanted,) = rows.loc[engineers, "if"]
    assert "agreement or no party" in wanted and "host consent" in wanted
    shut = rows[rows["gate"].isin(["shut", "needs statute"])]
    assert (shut["decided by"] == "").all() and (shut["if"] == "").all()


def test_every_matter_is_told_once():
    from model.vocabulary import FRAMEWORKS, KINDS

    rows = law_at("JPN", "2016-03")
    for framework in FRAMEWORKS:
        told = rows.loc[rows["framework"] == framework, "kinds"]
        assert sorted(", ".join(told).split(", ")) == sorted(KINDS)


@pytest.mark.parametrize(
    ("state", "month", "words"),
    [
        ("JAP", "2016-03", "did you mean 'JPN'?"),
        ("FRA", "2016-03", "no law in instruments.csv"),
        ("JPN", "2016-13", "is not a month"),
    ],
)
def test_what_cannot_be_told_is_told(state, month, words, capsys):
    with pytest.raises(InputError):
        law_at(state, month)
    assert call(["law", "--state", state, "--month", month]) == 2
    assert words in capsys.readouterr().err


def test_the_command_prints_a_table(capsys):
    assert call(["law", "--state", "KOR", "--month", "2010-04"]) == 0
    told = capsys.readouterr().out
    assert "parliament" in told and "all units" in told
    assert call(["law", "--state", "JPN", "--month", "1991-01"]) == 0
    assert "all else" in capsys.readouterr().out


def test_what_the_law_does_beside_opening_and_shutting_is_told(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")  # no phrase is broken over two lines
    assert "JPN-PKO92-P5" in beside_the_gate("JPN", "1992-09")
    assert "JPN-PKO92-P5" not in beside_the_gate("JPN", "2002-01")  # amended
    assert "JPN-PKO92-A1" not in beside_the_gate("JPN", "1992-09")  # stands in the table
    least, most = weapons_left("JPN", "1992-09")["un_pko"]
    assert least == most == pytest.approx(0.2)
    assert weapons_left("KOR", "2012-01")["un_pko"] == (1.0, 1.0)
    assert call(["law", "--state", "KOR", "--month", "2012-01"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for words in ("last 12 months", "1,000 people", "report of a survey", "is background"):
        assert words in told, words
    assert call(["law", "--state", "JPN", "--month", "1992-09"]) == 0
    assert "leave one of five steps of the use of weapons" in capsys.readouterr().out


def test_the_tables_of_the_law_speak_in_words_not_in_codes(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    for state, month in (("JPN", "2009-04"), ("JPN", "2016-04"), ("KOR", "2012-01")):
        assert call(["law", "--state", state, "--month", month]) == 0
        told = capsys.readouterr().out
        assert "_" not in told and "% of the use" not in told, told
        assert "UN peacekeeping" in told and "un pko" not in told
    assert call(["law", "--state", "JPN", "--month", "2020-01"]) == 0
    told = capsys.readouterr().out
    assert "a UN resolution or a request of the host" in told
    assert "lets consent for naval personnel last 12 months" in told
    assert "leaves all personnel no use of weapons" in told
    assert "leave two to five of five steps of the use of weapons" in told


def test_every_framework_shows_what_is_left_of_the_use_of_weapons():
    left = weapons_left("JPN", "2016-04")
    assert left["un_pko"] == pytest.approx((1.0, 1.0))
    assert left["disaster_relief"] == (0.0, 0.0)
    assert left["evacuation"] == pytest.approx((0.4, 1.0))  # rescuers have more than pilots


def test_what_the_legislation_of_2015_opened_is_told_by_act():
    table = provisions_between("JPN", "2015-08", "2016-03").set_index("provision")
    assert (table["month"] == "2016-03").all()
    assert table.loc["JPN-PKO92-P1", "change"] == "lapsed"
    opens = str(table.loc["JPN-IPS-1", "opens"])
    assert opens.startswith("coalition, coalition_un_mandated: transport")
    infantry = table.loc["JPN-PKO15-2"]
    assert "un_pko, un_spm: infantry" in infantry["takes_over"]
    assert "guard" in infantry["opens"] and "un_pko, un_spm: infantry" not in infantry["opens"]
    assert provisions_between("JPN", "2015-08", "2016-02").empty  # promulgated, not yet in force
    assert matters("JPN", "2015-08", "2016-02").empty


@pytest.mark.parametrize("state", ["JPN", "KOR"])
def test_every_change_of_the_law_is_one_of_a_provision_that_came_or_went(state):
    months = ["1985-01", "1992-08", "2001-12", "2003-09", "2010-04", "2016-03", "2026-01"]
    for since, month in pairwise(months):
        moved = set(provisions_between(state, since, month)["provision"])
        for row in matters(state, since, month).to_dict("records"):
            named = {row["provision"], row["provision_before"]} - {"no provision"}
            same = row["provision"] == row["provision_before"]  # a condition came beside it
            assert named & moved or same, row


def test_law_by_date_is_told_on_the_command_line(capsys):
    given = ["law", "--state", "JPN", "--month", "2016-03", "--since", "2015-08", "--notes"]
    assert call(given) == 0
    told = capsys.readouterr().out
    assert "What changed in the law of JPN from 2015-08 to 2016-03" in told
    assert "In 2015-08" in told and "needs a statute" in told and "source: WEB-144" in told
    assert call(["law", "--state", "KOR", "--month", "2012-03", "--since", "2012-01"]) == 0
    assert "No provision of the law of KOR entered into force" in capsys.readouterr().out
    assert call(["law", "--state", "KOR", "--month", "2010-04", "--since", "2010-04"]) == 2
    assert "2010-04 is not before 2010-04" in capsys.readouterr().err


def test_both_months_stand_side_by_side_with_what_changed():
    rows = law_text.beside_rows("JPN", "2015-08", "2016-03")
    changed = {(row[1], row[3]) for row in rows if row[3] != law_text.SAME}
    assert any(kinds == "guards" and "[JPN-PKO15-2]" in after for kinds, after in changed)
    assert len(rows) > len(changed) > 3
    same = law_text.beside_rows("JPN", "2016-04", "2016-05")
    assert {row[3] for row in same} == {law_text.SAME}
