"""The three criteria of the comparative study: counted from the tables, beside the runs."""

from __future__ import annotations

import pandas as pd
import pytest

from model.errors import InputError
from model.tables import table
from scenarios.running.run import run
from scenarios.studies.three_criteria import three_criteria
from viz.cli.main import call
from viz.language.spoken import speaking
from viz.reports import criteria_table


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return three_criteria(runs=4, seed=2)


def cell(found: pd.DataFrame, measure: str, state: str, column: str) -> float:
    (value,) = found[(found["measure"] == measure) & (found["state"] == state)][column]
    return float(value)


def test_the_record_is_counted_within_the_period(found: pd.DataFrame) -> None:
    titles = table("agreements")
    inside = titles["month"].between("2000-01", "2010-12") & (titles["state"] == "JPN")
    assert cell(found, "all together", "JPN", "recorded") == inside.sum() == 16
    assert cell(found, "all together", "KOR", "recorded") == 6
    assert cell(found, "training centres at home", "JPN", "recorded") == 3
    # 18.5 million to mid-2010 (AUM-029), and half a year of what was given to October 2014
    money = cell(found, "money for centres", "JPN", "recorded")
    assert money == pytest.approx(18_500_000 + 18_100_000 * 6 / 52, rel=0.01)
    assert cell(found, "exercises", "KOR", "recorded") >= 4
    early = three_criteria(start="1990-11", end="1999-12", runs=1)
    assert cell(early, "money for centres", "JPN", "recorded") == 0
    assert cell(early, "training centres at home", "KOR", "recorded") == 1


def test_the_first_mission_and_the_law_are_named(found: pd.DataFrame) -> None:
    told = {(row["measure"], row["state"]): row["detail"] for row in found.to_dict("records")}
    assert "UNTAET 2000-02" in told["first new mission", "KOR"]
    assert "KOR-CON60-4 2001-12" in told["provisions newly in force", "KOR"]
    assert cell(found, "first new mission", "KOR", "recorded") == pytest.approx(2000 + 1 / 12)


def test_what_is_simulated_is_that_of_the_same_runs(found: pd.DataFrame) -> None:
    series = run("historical", runs=4, seed=2, end="2010-12").series
    own = series[(series["month"] >= "2000-01") & (series["variable"] == "personnel")]
    own = own[(own["state"] == "KOR") & (own["framework"] == "un") & (own["kind"] == "all")]
    people = cell(found, "personnel in UN missions", "KOR", "simulated")
    assert people == pytest.approx(own["value"].sum() / 4 / 132)
    months = series[(series["month"] >= "2000-01") & (series["variable"] == "agreements")]
    counted = months[months["state"] == "JPN"]["value"].sum() / 4
    assert cell(found, "all together", "JPN", "simulated") == pytest.approx(counted)
    law = found[found["measure"] == "provisions newly in force"]
    assert law["simulated"].isna().all()


def test_the_command_prints_the_three_tables_and_refuses_other_periods(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call(["criteria", "--from", "2003-01", "--to", "2004-12", "--runs", "2"]) == 0
    told = capsys.readouterr().out
    for number, name in enumerate(("law and first", "human resources", "agreements and"), 1):
        assert f"{number} {name}" in told
    for given in (["--to", "2050-12"], ["--from", "2011-01"]):
        assert call(["criteria", *given]) == 2
        assert "is no period within historical" in capsys.readouterr().err
    with pytest.raises(InputError, match="did you mean 'JPN'"):
        three_criteria(states=["JPX"], runs=1)


def test_after_the_record_nothing_is_recorded_and_who_is_there_already_does_not_come_first() -> (
    None
):
    later = three_criteria("continued", "2026-04", "2028-12", runs=4)
    assert later["recorded"].isna().all()
    told = later[later["measure"] == "first new mission"]
    assert not told["detail"].str.contains("CTF-151").any()  # both have ships there in March 2026
    assert not told["detail"].str.startswith(";").any()


def test_months_and_blanks_are_written_plainly(found: pd.DataFrame) -> None:
    rows = {cells[0]: cells for _, cells in criteria_table.rows(found)}
    assert rows["first new mission"][4] == "2000-02"
    assert rows["provisions newly in force"][3] == criteria_table.BLANK
    assert len(criteria_table.heads(found)) == len(rows["all together"]) == 6


def test_people_are_whole_and_a_band_without_width_is_one_number() -> None:
    row = {
        "criterion": "human resources", "unit": "people, last month", "recorded": float("nan"),
        "simulated": 89.5, "low80": 89.5, "high80": 89.5,
    }  # fmt: skip
    ready, sent = "trained officers ready", "instructors sent"

    def told(measure: str, **changed: float | str) -> list[str]:
        both = [row | {"measure": measure, "state": one} | changed for one in ("JPN", "KOR")]
        return criteria_table.rows(pd.DataFrame(both))[0][1]

    assert told(ready)[3] == "90 (the same in every run)"
    assert told(ready, low80=80.2, high80=95.0)[3] == "90 (80 to 95)"
    assert told(sent, simulated=3.0, low80=2.5, high80=3.0)[3] == "3 (2.5 to 3)"
    assert told(ready, simulated=89.6, low80=89.7)[3] == "90", "rounded alike, but not the same"


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_a_number_has_the_word_for_what_is_counted(found: pd.DataFrame, language: str) -> None:
    assert set(criteria_table.COUNTED) <= set(found["measure"])
    with speaking(language):
        told = {
            measure: criteria_table.unit_of(measure, "number")
            for measure in found.loc[found["unit"] == "number", "measure"]
        }
    words = {"ja": ("人", "回", "か所", "件"), "ko": ("명", "회", "곳", "건")}
    people, times, places, cases = words[language]
    assert told["people trained"] == told["instructors sent"] == people
    assert told["exercises"] == times and told["training centres at home"] == places
    assert told["missions joined for the first time"] == told["all together"] == cases
    assert criteria_table.unit_of("exercises", "number") == "number"


def test_the_past_is_carried_on_to_the_end_of_the_record() -> None:
    found = three_criteria(runs=2, start="2021-01", end="2025-12")
    assert found["recorded"].notna().any()
    with pytest.raises(InputError, match="2027-12 is no period within historical"):
        three_criteria(runs=2, start="2021-01", end="2027-12")
