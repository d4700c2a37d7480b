"""The hand-coded tables and the documented record hold together: ids, dates, labels, gate cases."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from calibration import documented_record
from calibration.documented_decisions.coded_tables import FINER
from model.vocabulary import MODES

ROOT = Path(__file__).parents[2]
DATA = ROOT / "model" / "data"
RECORD = ROOT / "calibration" / "record"
TABLES = (
    "missions_other",
    "requests",
    "instruments",
    "politics",
    "legislatures",
    "stances",
    "surveys",
    "home_threat",
    "crises",
    "status_goals",
    "pivotal_interest",
    "training_centres",
    "training_support",
    "agreements",
)
STATUSES = {"sourced", "derived", "calibrated", "assumption"}
ANSWERS = {"accepted", "smaller", "cheaper", "substitute", "deferred", "refused", "none"}
RECORD_ID = re.compile(r"\b(?:AUM|YAM|JSG|KAN|STI|WEB|RT|DEC)-\d{3}\b")
MONTH = re.compile(r"^\d{4}-(?:0[1-9]|1[0-2])$")
MONTH_COLUMNS = (
    "month",
    "from",
    "to",
    "start",
    "end",
    "in_force",
    "lapses",
    "answer_month",
    "arrival_month",
)
MEASURES = {"snapshot", "rotation", "cumulative", "requested", "authorised", "money", "other", ""}


def rows(path: Path) -> list[dict[str, str]]:
    """All rows of a CSV table as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name: str) -> list[dict[str, str]]:
    """A hand-coded table of the model."""
    return rows(DATA / f"{name}.csv")


def record_ids() -> set[str]:
    """Ids of every fact and refusal."""
    return {r["id"] for r in rows(RECORD / "facts.csv") + rows(RECORD / "refusals.csv")}


def mission_spans() -> dict[str, tuple[str, str]]:
    """First and last month of every mission that the tables name; a blank end is open."""
    spans = {r["mission"]: (r["start"], r["end"]) for r in table("missions_other")}
    if (DATA / "missions.csv").exists():
        spans |= {r["mission"]: (r["start"], r["end"]) for r in table("missions")}
    return spans


@pytest.mark.parametrize("name", TABLES)
def test_every_cited_record_id_exists(name: str) -> None:
    known = record_ids()
    cited = {(i, r["source"]) for r in table(name) for i in RECORD_ID.findall(r["source"])}
    assert cited, f"{name}.csv cites no record at all"
    assert {i for i, _ in cited} <= known


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_and_a_valid_status(name: str) -> None:
    for row in table(name):
        assert row["source"].strip(), row
        assert row["status"] in STATUSES, row


@pytest.mark.parametrize("name", TABLES)
def test_months_are_well_formed_and_in_order(name: str) -> None:
    for row in table(name):
        for column in MONTH_COLUMNS:
            if row.get(column):
                assert MONTH.match(row[column]), (name, column, row)
        for first, last in (("from", "to"), ("start", "end"), ("in_force", "lapses")):
            if row.get(first) and row.get(last):
                assert row[first] <= row[last], row


def test_background_knowledge_is_never_called_sourced() -> None:
    for name in TABLES:
        for row in table(name):
            if row["source"].strip() == "background":
                assert row["status"] == "assumption", (name, row)


@pytest.mark.parametrize("name", ["politics", "home_threat"])
def test_spells_of_a_state_touch_without_gap_or_overlap(name: str) -> None:
    def number(month: str) -> int:
        return int(month[:4]) * 12 + int(month[5:])

    for state in ("JPN", "KOR"):
        spells = [r for r in table(name) if r["state"] == state]
        for before, after in zip(spells, spells[1:], strict=False):
            assert number(after["from"]) == number(before["to"]) + 1, after
        assert spells[-1]["to"] == ""


def test_shares_and_levels_stay_in_their_ranges() -> None:
    for row in table("politics"):
        for column in ("lower_seats", "upper_seats", "partner", "override", "strength"):
            if row[column]:
                assert 0 <= float(row[column]) <= 1, row
    for row in table("home_threat"):
        assert 0 <= float(row["level"]) <= 1.5
    for row in table("stances"):
        assert 0 <= float(row["acceptance"]) <= 1
    for row in table("surveys"):
        assert 0 <= float(row["support"]) <= 100
    for name, column in (("pivotal_interest", "interest"), ("status_goals", "weight")):
        assert all(0 <= float(r[column]) <= 1 for r in table(name))


def test_request_ids_are_unique_and_parts_name_a_request() -> None:
    ids = [r["id"] for r in table("requests")]
    assert len(ids) == len(set(ids))
    assert {r["part_of"] for r in table("requests") if r["part_of"]} <= set(ids)


def test_request_answers_come_after_the_ask() -> None:
    for row in table("requests"):
        assert row["documented_answer"] in ANSWERS, row
        assert row["mode"] in MODES
        assert row["note"].startswith(row["mode"] + ":"), row["id"]
        assert int(row["personnel"]) > 0
        if row["answer_month"]:
            assert row["month"] <= row["answer_month"], row
        if row["arrival_month"]:
            assert row["answer_month"] <= row["arrival_month"], row
        if row["documented_answer"] in {"accepted", "smaller"} and row["occasion"] != "renewal":
            assert row["arrival_month"], row


def test_every_documented_request_has_a_mission_open_at_arrival() -> None:
    spans = mission_spans()
    for row in table("requests"):
        assert row["mission"] in spans, row["id"]
        start, end = spans[row["mission"]]
        if row["arrival_month"]:
            assert row["arrival_month"] >= start, row
            assert not end or row["arrival_month"] <= end, row


def test_kinds_and_frameworks_of_requests_and_instruments_are_known() -> None:
    kinds = {r["kind"] for r in table("kinds")}
    frameworks = {r["framework"] for r in table("frameworks")}
    assert {r["kind"] for r in table("requests")} <= kinds
    for row in table("instruments"):
        named = set(filter(None, row["kinds"].split(";")))
        assert named <= kinds | {"all", "all_units", "all_individuals"}, row["id"]
        assert set(filter(None, row["frameworks"].split(";"))) <= frameworks | {"all"}, row["id"]
    assert {r["framework"] for r in table("missions_other")} <= frameworks


def test_amended_instruments_exist() -> None:
    ids = {r["id"] for r in table("instruments")}
    assert {r["amends"] for r in table("instruments") if r["amends"]} <= ids


def test_gate_cases_are_well_formed() -> None:
    kinds = {r["kind"] for r in table("kinds")}
    frameworks = {r["framework"] for r in table("frameworks")}
    cases = rows(RECORD / "gate_cases.csv")
    assert len(cases) >= 63
    for case in cases:
        assert re.match(r"^\d{4}-\d{2}-\d{2}$", case["date"]), case
        assert case["state"] in {"JPN", "KOR"}
        assert case["kind"] in kinds and case["framework"] in frameworks, case
        assert case["gate"] in {"open", "shut"}


def test_facts_are_measured_checked_and_grouped() -> None:
    facts = rows(RECORD / "facts.csv")
    ids = [r["id"] for r in facts]
    assert len(ids) == len(set(ids)) >= 574
    same = {r["id"]: r["same_as"] for r in facts if r["same_as"]}
    assert set(same.values()) <= set(ids)
    assert not set(same) & set(same.values()), "same_as must name the row that is kept"
    for row in facts:
        assert row["measure"] in MEASURES, row["id"]
        assert bool(row["quantity"]) == bool(row["measure"]), row["id"]
        from_web = row["id"].startswith(("WEB", "RT"))
        assert (row["checked"] == "web") == from_web, row["id"]
        assert row["checked"] in {"web", "agrees", "differs", "not_in_source"}
        if row["checked"] == "differs":
            assert row["check_note"], row["id"]


PUT = {"own_study": "entry", "substitute": "entry", "none": "standing"}  # else the same word
SAME = {"month": "asked", "kind": "kind", "answer_month": "answered", "arrival_month": "arrived"}


def test_requests_are_the_asks_of_the_coding() -> None:
    """A difference stands in ``contradictions.csv`` as refused, with its reason."""
    asks = {row["id"]: row for row in rows(RECORD / "asks.csv")}
    kept = {
        (row["row"], word)
        for row in rows(RECORD / "contradictions.csv")
        if row["file"] == "requests.csv" and row["verdict"] == "refused"
        for word in row["sources_say"].split()
    }
    told = {"month": "asked", "arrival_month": "arrived"}
    found = {row["id"]: row for row in table("requests")}
    for name, row in found.items():
        if name not in asks:
            assert name > "REQ-JPN-063" and row["grade"], name  # asked after the coding ended
            continue
        ask = dict(asks[name])
        if ask["kind"] in FINER:  # a team of trainers; the model has single instructors
            ask["kind"] = "instructor"
        assert row["occasion"] == PUT.get(ask["occasion"], ask["occasion"]), name
        assert (row["mission"], row["state"]) == (ask["mission"], ask["state"]), name
        assert row["grade"] == (ask["grade"] or "none") and row["site"] == ask["site"], name
        phantom = ask["occasion"] == "none"
        assert row["documented_answer"] == ("none" if phantom else ask["answer"]), name
        for column, cell in SAME.items():
            if phantom and column.endswith("_month"):
                assert row[column] == "", name
            elif (name, told.get(column)) in kept:
                assert row[column] != ask[cell], (name, column)
            else:
                assert row[column] == ask[cell], (name, column)
        if ask["people"]:
            assert row["personnel"] == ask["people"], name
    put = [row for row in asks.values() if row["occasion"] in {"entry", "reinforcement"}]
    absent = {row["id"] for row in put if row["id"] not in found}
    kinds = {row["kind"] for row in table("kinds")}
    assert all(not asks[one]["answer"] or asks[one]["kind"] not in kinds for one in absent)
    assert absent == {"NEW-05", "NEW-06"}


def test_what_nobody_asked_for_is_no_request() -> None:
    standing = [row for row in table("requests") if row["occasion"] == "standing"]
    assert len(standing) >= 10
    for row in standing:
        assert row["documented_answer"] == "none" and not row["part_of"], row["id"]
        assert not row["answer_month"] and not row["arrival_month"], row["id"]


def test_sites_of_requests_are_those_of_their_missions() -> None:
    known = {
        (mission, row["id"]) for row in table("sites") for mission in row["missions"].split(";")
    }
    for row in table("requests") + table("deployment_sites"):
        assert not row["site"] or (row["mission"], row["site"]) in known, row
    scored = {row["site"] for row in table("site_fighting")}
    assert {site for _, site in known} == scored
    for row in table("sites"):
        assert (row["setting"] == "base") == bool(row["note"]), row


def test_votes_and_refusals_name_requests_of_the_same_state() -> None:
    asked = {r["id"]: r["state"] for r in table("requests")}
    for vote in rows(RECORD / "korea_votes.csv"):
        if vote["request"]:
            assert asked[vote["request"]] == "KOR", vote
    for refusal in rows(RECORD / "refusals.csv"):
        if refusal["request"]:
            assert asked[refusal["request"]] == refusal["actor"], refusal["id"]


def test_disagreements_say_what_is_used() -> None:
    known = record_ids()
    for row in rows(RECORD / "disagreements.csv"):
        assert row["what_we_use"].strip(), row
        for side in ("source_a", "source_b"):
            assert set(RECORD_ID.findall(row[side])) <= known, row


def test_deployments_have_a_mission_a_kind_and_a_size() -> None:
    kinds = {r["kind"] for r in table("kinds")}
    known = record_ids()
    for row in rows(RECORD / "deployments.csv"):
        assert row["kind"] in kinds, row
        assert MONTH.match(row["from"]) and MONTH.match(row["to"]) and row["from"] <= row["to"], row
        assert int(row["national_personnel"]) > 0, row
        assert set(RECORD_ID.findall(row["source"])) <= known, row
        assert row["status"] in STATUSES


def test_japan_has_three_missions_with_units_only_in_2012() -> None:
    formed = {r["kind"] for r in table("kinds") if r["formed"] in {"1", "true", "True"}}
    units = [
        r
        for r in rows(RECORD / "deployments.csv")
        if r["state"] == "JPN"
        and r["mission"].startswith(("UN", "ONU", "MINU"))
        and r["kind"] in formed
    ]
    months = [f"{y}-{m:02d}" for y in range(1992, 2018) for m in range(1, 13)]
    at_once = {
        month: len({r["mission"] for r in units if r["from"] <= month <= r["to"]})
        for month in months
    }
    assert {month for month, n in at_once.items() if n > 2} == {
        f"2012-{m:02d}" for m in range(1, 12)
    }
    empty = {month for month, n in at_once.items() if n == 0 and "1992-09" <= month <= "2017-04"}
    assert empty == {f"1995-{m:02d}" for m in range(1, 13)} | {"1996-01"}


def test_rivals_are_coded_by_spell_without_overlap() -> None:
    spells: dict[str, list[tuple[str, str]]] = {}
    for row in rows(RECORD / "rivals.csv"):
        assert row["rival"] in {"none", "bands", "organised", "quasi_state"}, row
        assert row["status"] in STATUSES and row["source"], row
        spells.setdefault(row["mission"], []).append((row["from"], row["to"]))
    for mission, dates in spells.items():
        for before, after in zip(dates, dates[1:], strict=False):
            assert before[1] and before[1] < after[0], mission


def test_a_category_that_a_state_has_no_entry_of_is_no_error():
    assert documented_record.entries("DEU", category="withdrawn") == []


GOVERNED = {  # parties behind the cabinet after an election, and the month from which it governs
    ("JPN", "upper", "2019-07-21"): (("LDP", "Komeito"), "2020-09"),
    ("JPN", "lower", "2021-10-31"): (("LDP", "Komeito"), "2021-10"),
    ("JPN", "upper", "2022-07-10"): (("LDP", "Komeito"), "2022-07"),
    ("JPN", "lower", "2024-10-27"): (("LDP", "Komeito"), "2024-10"),
    ("JPN", "upper", "2025-07-20"): (("LDP", "Komeito"), "2025-07"),
    ("JPN", "lower", "2026-02-08"): (("LDP", "Ishin"), "2026-02"),
    ("KOR", "assembly", "2024-04-10"): (("People Power and its list",), "2024-05"),
}


def test_seats_of_the_cabinet_add_up_to_those_of_its_parties() -> None:
    for (state, house, election), (parties, month) in GOVERNED.items():
        found = [
            row
            for row in rows(RECORD / "party_seats.csv")
            if (row["state"], row["house"], row["election"]) == (state, house, election)
        ]
        seats = sum(int(row["seats"]) for row in found if row["party"] in parties)
        column = "upper_seats" if house == "upper" else "lower_seats"
        (cabinet,) = (
            row
            for row in table("politics")
            if row["state"] == state and row["from"] <= month <= (row["to"] or month)
        )
        assert float(cabinet[column]) == pytest.approx(seats / int(found[0]["total"]), abs=0.001)


@pytest.mark.parametrize(
    ("text", "wanted", "absent"),
    [
        ("58.9", "JSG-009", ""),
        ("85.2", "JSG-010", ""),
        ("164", "STI-005", "WEB-164"),
        ("138", "STI-006", "WEB-138"),
        ("85 %", "STI-009", "JSG-010"),
        ("58", "WEB-310", "JSG-009"),  # 58.9 is another number
        ("85", "STI-009", "WEB-278"),  # in whose source an address has it
        ("7,000", "JSG-006", ""),
    ],
)
def test_a_fact_is_found_by_its_number_alone(text: str, wanted: str, absent: str) -> None:
    found = {entry.id: entry for entry in documented_record.entries(text=text)}
    assert wanted in found and absent not in found


def test_quantities_are_shown_with_their_units() -> None:
    shown = {entry.id: entry.amount for entry in documented_record.facts()}
    assert shown["JSG-006"] == "7,000 personnel" and shown["JSG-005"] == "26 assignments"
    assert sum(map(bool, shown.values())) > 250


def test_both_spellings_find_the_same() -> None:
    for british, american in (("remilitarising", "remilitarizing"), ("programmes", "programs")):
        found = [{e.id for e in documented_record.entries(text=t)} for t in (british, american)]
        assert found[0] == found[1] and found[0]
    assert documented_record.entries(text="Yamashita 2014")
