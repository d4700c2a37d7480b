"""The coded evidence on decisions, the model's chances of them, and how these are scored."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.documented_decisions import (
    answer_regression,
    coded_tables,
    decision_chances,
    decision_evidence,
    decision_scores,
    free_history,
    known_cases,
)
from calibration.documented_decisions.decision_chances import Chance, share
from calibration.documented_decisions.decision_evidence import Decision
from calibration.raw_data.raw_files import coded, records
from model import csv_rows
from model.errors import InputError
from model.months import month_number, month_text
from viz.cli.main import call

RUNS = 12


@pytest.fixture(scope="module")
def every() -> list[Decision]:
    return decision_evidence.decisions()


@pytest.mark.parametrize("name", coded_tables.TABLES)
def test_every_cell_of_the_coding_is_what_its_column_may_hold(name: str) -> None:
    frame = coded_tables.table(name)
    assert len(frame) and set(frame["status"]) <= set(coded_tables.STATUSES)
    background = frame[frame["source"] == "background"]
    assert set(background["status"]) <= {"assumption"}  # nobody opened a source


@pytest.mark.parametrize(
    ("name", "column", "cell", "words"),
    [
        ("asks", "kind", "helicopters", "did you mean 'helicopter'?"),
        ("asks", "asked", "2005-13", "line 2, column asked: '2005-13' is not a month"),
        ("asks", "grade", "letter", "unknown value 'letter'"),
        ("asks", "mission", "UNMISSS", "did you mean 'UNMISS'?"),
        ("asks", "sites", "PGF;XXX", "unknown site 'XXX'"),
        ("asks", "occasion", "", "is blank; a value is needed"),
        ("sites", "latitude", "north", "'north' is no number"),
        ("sites", "id", "PNH", "PNH is twice"),
        ("exits", "trigger", "bored", "unknown value 'bored'"),
        ("ally_wishes", "ask", "REQ-JPN-999", "unknown ask"),
    ],
)
def test_a_wrong_cell_is_refused_with_table_line_and_choice(
    monkeypatch: pytest.MonkeyPatch, name: str, column: str, cell: str, words: str
) -> None:
    coded = coded_tables.coded

    def damaged(table: str, columns: list[str]) -> pd.DataFrame:
        frame = coded(table, columns).copy()
        if table == name and len(columns) > 1:
            frame.loc[0, column] = cell
        return frame

    monkeypatch.setattr(coded_tables, "coded", damaged)
    with pytest.raises(InputError, match=f"{name}.csv, line ") as told:
        coded_tables.table.__wrapped__(name)
    assert words in str(told.value)


def test_scores_follow_from_the_counts_beside_them() -> None:
    for row in coded_tables.table("site_security").to_dict("records"):
        count = {name: float(cell) for name, cell in row.items() if cell[:1].isdigit()}
        if row["rule"] == "events":
            found = coded_tables.score_of_events(
                count["events_50km"], count["deaths_50km"], count["deaths_200km"]
            )
        elif row["rule"] == "events at 25 km":
            found = coded_tables.score_of_events(count["events_25km"], count["deaths_25km"], 0.0)
        elif row["rule"] == "attacks":
            found = coded_tables.score_of_attacks(int(count["reports"]))
        elif row["rule"] == "incidents":
            found = coded_tables.score_of_reports(count["reports"] / count["reports_months"])
        else:
            assert row["status"] == "assumption"
            continue
        assert found == count["score"], row
    asks = coded_tables.table("asks")
    for row in asks[asks["events_50km"] != ""].to_dict("records"):
        near = float(row["events_50km"]), float(row["deaths_50km"])
        found = coded_tables.score_of_events(*near, float(row["deaths_200km"]))
        assert found == int(row["score"]), row["id"]


def test_no_helicopter_was_ever_sent_and_every_aircraft_was() -> None:
    sent = {
        kind: [one.done == "sent" for one in decision_evidence.answers() if one.kinds == (kind,)]
        for kind in ("helicopter", "air_transport")
    }
    assert len(sent["helicopter"]) >= 7 and not any(sent["helicopter"])
    assert len(sent["air_transport"]) >= 9 and all(sent["air_transport"])


def test_decisions_are_known_by_one_name_and_end_after_they_begin(every: list[Decision]) -> None:
    assert not [name for name, n in Counter(one.id for one in every).items() if n > 1]
    for one in every:
        assert one.until >= one.month, one.id
        assert one.event in decision_evidence.EVENTS
    assert [one.month for one in every] == sorted(one.month for one in every)
    kept = Counter(
        (one.id.split()[0], one.month) for one in every if one.event in ("extension", "stay")
    )
    assert max(kept.values()) == 1  # what was prolonged after an incident is told once


def test_asks_that_nobody_made_are_evidence_and_no_decision(every: list[Decision]) -> None:
    asks = coded_tables.table("asks").set_index("id")
    decided = {one.id for one in every if one.event in ("unit", "individual")}
    assert {"REQ-JPN-034", "REQ-KOR-045", "REQ-JPN-026"}.isdisjoint(decided)
    assert set(asks.loc[list(decided), "occasion"]) == set(decision_evidence.PUT)
    assert decided | set(asks.index) == set(asks.index)


def test_a_finding_counts_only_if_it_was_known_before(every: list[Decision]) -> None:
    found = {one.id: one.finding for one in every}
    assert found["REQ-JPN-036"] == "not_ok"
    # Officers had been promised when the team left for Juba in 2008.
    assert coded_tables.table("asks").set_index("id")["finding"]["REQ-JPN-044"] == "not_ok"
    assert found["REQ-JPN-044"] == ""


def test_what_goes_on_is_never_held_beyond_the_departure_of_its_plan(
    every: list[Decision],
) -> None:
    left = {
        row["plan"]: month_number(row["left"])
        for row in coded_tables.table("exits").to_dict("records")
        if row["event"] == "exit"
    }
    stays = [one for one in every if one.done == "stays"]
    assert len(stays) > 60
    for one in stays:
        end = left.get(one.id.split()[0])
        assert end is None or not one.month < end <= one.until, one.id


def test_security_is_of_the_months_before() -> None:
    rows = coded_tables.table("site_security")
    score = rows[rows["site"] == "JUB"].set_index("year")["score"].astype(int)
    assert decision_evidence.security("JUB", month_number("2013-04")) == score["2012"]
    assert decision_evidence.security("JUB", month_number("2013-12")) == score["2013"]
    assert score["2012"] != score["2013"]
    assert decision_evidence.security("nowhere", 0) is None


def test_implied_extensions_are_told_apart_and_spread_over_their_years() -> None:
    more = decision_evidence.extensions(implied=True)
    implied = [one for one in more if not one.documented]
    assert len(more) - len(implied) == len(decision_evidence.extensions())
    golan = [one.month for one in implied if one.mission == "UNDOF"]
    assert len(golan) == 30 and min(golan) == month_number("1996-08")
    assert max(golan) == month_number("2012-02")
    assert len(set(golan)) == 30


@pytest.fixture(scope="module")
def found(every: list[Decision]) -> dict[str, Chance]:
    """Decisions of two months: a refusal by law, and the second unit in Haiti."""
    months = {month_number("2008-07"), month_number("2010-01")}
    chosen = [one for one in every if one.month in months]
    return {one.decision.id: one for one in decision_chances.chances(chosen, RUNS)}


@pytest.mark.slow
def test_chances_tell_law_from_will(found: dict[str, Chance]) -> None:
    helicopters = found["REQ-JPN-043"]
    assert helicopters.yes == 0.0 and helicopters.gate == "needs_statute"
    assert helicopters.stopped == "law 100%"
    haiti = found["REQ-JPN-052"]
    assert haiti.gate.startswith("open") and 0.0 < haiti.yes < 1.0
    assert haiti.probability == share(haiti.yes * RUNS, RUNS)
    assert "ask +" in haiti.largest


def test_the_second_unit_in_haiti_is_likelier_than_not(found: dict[str, Chance]) -> None:
    assert found["REQ-JPN-052"].yes > 0.5


def test_chances_of_presence_are_shares_of_all_runs(found: dict[str, Chance]) -> None:
    lebanon = found["KOR-UNIFIL extension 2008-07"]
    assert lebanon.runs == RUNS and sum(lebanon.outcomes.values()) == pytest.approx(1.0)
    assert lebanon.yes > 0.5
    vote = found["VOTE-008"]
    assert vote.runs and set(vote.outcomes) <= {"carried", "lost"}


def test_only_what_was_decided_in_the_month_is_asked() -> None:
    month = month_number("2010-01")
    ask = next(one for one in decision_evidence.answers() if one.id == "REQ-JPN-052")
    new = replace(ask, id="NEW-99", request="NEW-99", kinds=("helicopter",), asked=0)
    world = decision_chances.situation(month, month, [ask, new])
    assert world.asks == ("REQ-JPN-052", "NEW-99")
    asks = world.arrays.asks
    assert set(asks["month"]) == {month} and asks["people"][0] == ask.asked
    assert asks["people"][1] >= 1  # a size that nobody wrote down is the usual one
    japan = world.arrays.states[world.state_row("JPN")]
    assert japan["deliberates"] == month
    assert world.arrays.asks_from[month + 1] - world.arrays.asks_from[month] == 2


def test_no_share_of_runs_is_nought_or_one() -> None:
    assert share(0, 200) == pytest.approx(0.5 / 201)
    assert share(200, 200) == pytest.approx(200.5 / 201)


def said(done: str, chance: float, number: int, given: bool = False) -> Chance:
    """A chance of yes for a unit ask."""
    made = Decision(
        f"X{number}", "JPN", "UNMIS", 200, "unit", ("engineer",), done, 200, documented=True
    )
    return Chance(made, 100, {"sent": chance, "nothing": 1 - chance}, np.nan, "", "", {}, given)


def test_a_base_rate_leaves_the_decision_itself_out() -> None:
    rows = decision_scores.table(
        [said("sent", 0.9, 0), said("sent", 0.9, 1), said("nothing", 0.5, 2)]
    ).set_index("id")
    assert rows["base"]["X0"] == share(1, 2)  # one of two others was sent
    assert rows["base"]["X2"] == share(0, 2)  # none of the others was refused
    assert rows["base_yes"]["X2"] == share(2, 2)


def test_scores_are_those_of_known_chances() -> None:
    rows = decision_scores.table(
        [said("sent", 0.8, 0), said("sent", 0.6, 1), said("nothing", 0.3, 2),
         said("nothing", 0.1, 3), said("sent", 0.0, 4, given=True)]
    )  # fmt: skip
    both = decision_scores.scores(rows).set_index("among").loc["both states"]
    assert both["cases"] == 4 and both["auc"] == 1.0  # what was given is not scored
    chances = [share(80, 100), share(60, 100), share(70, 100), share(90, 100)]
    assert both["log_score"] == pytest.approx(-np.log(chances).mean())
    assert both["brier"] == pytest.approx((0.2**2 + 0.4**2 + 0.3**2 + 0.1**2) / 4)
    assert decision_scores.worst(rows)["id"].iloc[0] == "X1"
    bins = decision_scores.calibration(rows)
    assert list(bins["cases"]) == [1, 1, 1, 1] and list(bins["happened"]) == [0, 0, 1, 1]


def test_what_the_coding_says_is_set_beside_what_was_done() -> None:
    graded = [
        replace(one, decision=replace(one.decision, grade=grade, score=score, kinds=(kind,)))
        for one, grade, score, kind in [
            (said("sent", 0.8, 0), "formal_note", 0, "engineer"),
            (said("nothing", 0.6, 1), "sounding", 3, "helicopter"),
            (said("nothing", 0.2, 2), "sounding", None, "helicopter"),
        ]
    ]
    rows = decision_scores.by_evidence(decision_scores.table(graded)).set_index("value")
    sounding = rows.loc["sounding"]
    assert (sounding["cases"], sounding["happened"]) == (2, 0.0)
    assert sounding["said"] == pytest.approx(0.4)
    assert rows["cases"]["helicopter"] == 2
    assert rows["cases"]["site at sea or not known"] == 1


def test_the_area_counts_ties_half() -> None:
    area = decision_scores.area(np.array([0.2, 0.5]), np.array([0.5, 0.9]))
    assert area[0] == pytest.approx(3.5 / 4) and area[1] <= area[0] <= area[2]
    assert np.isnan(decision_scores.area(np.array([0.2]), np.array([0.5, 0.9]))).all()


def test_a_mission_is_predicted_from_the_others_alone() -> None:
    missions = np.repeat(["A", "B", "C"], 6)
    yes = np.tile([True, False, True, False, True, True], 3)
    own = (missions == "A").astype(float)[:, None]
    yes[missions == "A"] = True  # which only the mission itself could tell
    chance = answer_regression.left_out(own, yes, missions)
    assert chance[missions == "A"] == pytest.approx(chance[missions == "A"][0])
    assert chance[missions == "A"][0] == pytest.approx(8 / 12, abs=0.05)
    none = answer_regression.left_out(np.empty((18, 0)), yes, missions)
    assert none[missions == "A"][0] == share(8, 12)


def test_the_regression_finds_a_known_sign() -> None:
    given = np.random.default_rng(0).normal(size=(200, 2))
    yes = given[:, 0] > 0
    weights, _ = answer_regression.fitted(given, yes)
    assert weights[0] > 1.0 > abs(weights[1])


def test_the_command_writes_table_scores_and_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [said("sent", 0.8, 0), said("sent", 0.6, 1), said("nothing", 0.3, 2)]
    asked = []

    def few(*arguments: object) -> list[Chance]:
        asked.append(arguments[1:3])
        return [*made, said("nothing", 0.9, 3)]

    monkeypatch.setattr(decision_chances, "chances", few)
    out = str(tmp_path / "out")
    options = ["validate", "--decisions", "--runs", "20", "--seed", "7", "--out", out]
    assert call(options) == 0 and asked == [(20, 7)]
    files = {path.name for path in Path(out).iterdir()}
    assert files == {"decisions.csv", "decisions.json", "decisions.md", "manifest.json"}
    stored = pd.read_csv(Path(out) / "decisions.csv")
    assert list(stored["id"]) == ["X0", "X1", "X2", "X3"]
    told = capsys.readouterr().out
    assert "log_score" in told and "decisions.md" in told
    page = (Path(out) / "decisions.md").read_text()
    assert "20 runs each, seed 7" in page and "| X3 |" in page
    assert call(options) == 0  # the same again replaces its own result
    assert call(["validate", "--decisions", "--out", str(tmp_path)]) == 2


def test_months_of_decisions_are_written_as_months(every: list[Decision]) -> None:
    frame = decision_scores.table([said("sent", 0.5, 0), said("sent", 0.5, 1)])
    assert set(frame["month"]) == {month_text(200)}


def test_what_is_known_to_be_wrong_is_listed_worst_first() -> None:
    cases = known_cases.wrong()
    listed = {row["id"]: row for row in records(coded("free_history", free_history.COLUMNS))}
    missed = [abs(case.share - float(listed[case.name]["aim"])) for case in cases]
    assert missed == sorted(missed, reverse=True)
    for case in cases:
        aim = float(listed[case.name]["aim"])
        assert case.share < aim if "least" in case.aim else case.share > aim


@pytest.mark.slow
def test_stored_shares_of_known_cases_are_those_of_this_model() -> None:
    """``make decisions`` measures them again."""
    runs = 60
    measured = free_history.cases(free_history.history(runs), runs).set_index("case")["share"]
    stored = {row["case"]: row for row in csv_rows.read(known_cases.MEASURED)}
    assert set(stored) == set(measured.index)
    for case, row in stored.items():
        known = float(row["share"])
        noise = 3.5 * (max(known * (1 - known), 0.02) / runs) ** 0.5
        assert measured[case] == pytest.approx(known, abs=noise), case
