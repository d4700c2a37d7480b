"""Events about what states have decided, promised or have at stake, from a file to its effect."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.engine import long_tables
from model.errors import InputError
from model.months import month_number
from model.vocabulary import KINDS, SERVICES
from model.world.build import Atlas
from scenarios.definition.loader import faults, of_mapping, parse
from scenarios.file_format.schema import Scenario
from scenarios.running import model_adapter

RUNS = 12
START, END = "2026-04", "2029-12"


def scenario(*events: str, deliberating: str = '["JPN", "KOR"]') -> Scenario:
    text = f'title = "T"\ndeliberating = {deliberating}\n'
    text += f'[period]\nstart = "{START}"\nend = "{END}"\n'
    return parse(text + "".join(f"[[events]]\n{event}\n" for event in events), "mine.toml")


def world(*events: str, **other: str) -> Atlas:
    return model_adapter.world_of(scenario(*events, **other))


def here(mission: str, state: str, *events: str, kind: str = "") -> np.ndarray:
    """People of a state in a mission by run and month."""
    atlas = world(*events)
    out = np.zeros((RUNS, month_number(END) - month_number(START) + 1))
    (chunk,) = model_adapter.chunks(atlas, range(RUNS), 1)
    table = long_tables.missions(chunk)
    table = table[(table["mission"] == mission) & (table["state"] == state)]
    for row in table.to_dict("records"):
        if kind in ("", row["kind"]):
            out[int(row["run"]), place(row["month"])] += row["value"]
    return out


def place(month: str) -> int:
    return month_number(month) - month_number(START)


def problem(*events: str) -> str:
    text = f'title = "T"\n[period]\nstart = "{START}"\nend = "{END}"\n'
    (told,) = faults(text + "".join(f"[[events]]\n{event}\n" for event in events), "mine.toml")
    return told


def event(event_type: str, /, **values: Any) -> str:
    def cell(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key} = {cell(one)}" for key, one in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(cell, value)) + "]"
        if isinstance(value, bool):
            return str(value).lower()
        return f'"{value}"' if isinstance(value, str) else str(value)

    return "\n".join(
        f"{key} = {cell(value)}" for key, value in {"type": event_type, **values}.items()
    )


HANBIT = {"state": "KOR", "mission": "UNMISS", "kind": "engineer"}


def test_who_is_given_to_be_there_is_there_in_every_run_until_it_is_decided_again() -> None:
    given = event("deploy", month="2026-06", until="2028-01", people=280, **HANBIT)
    free, held = (
        here("UNMISS", "KOR", kind="engineer"),
        here("UNMISS", "KOR", given, kind="engineer"),
    )
    first, until = place("2026-06"), place("2028-01")
    assert (free[:, :first] == held[:, :first]).all()
    assert (held[:, first:until] == 280).all()
    assert (free[:, first:until] != 280).all()
    assert held[:, until:].min() == 0 < held[:, until:].max()


def test_a_deployment_can_begin_where_nobody_was() -> None:
    given = event(
        "deploy", month="2027-01", until="2028-01", people=150, **(HANBIT | {"state": "JPN"})
    )
    people = here("UNMISS", "JPN", given, kind="engineer")
    assert (people[:, place("2027-01") : place("2028-01")] == 150).all()
    assert not people[:, : place("2027-01")].any()


def test_who_is_given_to_leave_leaves_and_does_not_come_back_before() -> None:
    left = event("withdraw", month="2026-09", state="KOR", mission="UNMISS")
    people = here("UNMISS", "KOR", left)
    assert people[:, place("2026-08")].all()
    assert not people[:, place("2026-09") :].any()


ASKED = {"month": "2026-07", "state": "KOR", "mission": "Gaza force", "kind": "engineer"}
FORCE = event(
    "open_mission", month="2026-06", mission="Gaza force", framework="coalition_un_mandated",
    host="PSE", strength=10000,
)  # fmt: skip


def test_a_mission_in_a_territory_has_places_of_its_own() -> None:
    asked = event("request", **ASKED, personnel=200, site={"id": "Rafah", "fighting": 0.4})
    atlas = world(FORCE, asked)
    row = atlas.mission_row("Gaza force")
    assert atlas.arrays.missions[row].host == -1
    assert atlas.arrays.missions[row].latitude == pytest.approx(31.9)
    site = atlas.sites.index(("Gaza force", "Rafah"))
    assert atlas.arrays.asks["site"][atlas.asks.index("SCENARIO-KOR-Gaza force-2026-07")] == site
    fighting = atlas.arrays.site_fighting[:, site]
    assert fighting[month_number("2026-07")] == 0.4 and fighting[month_number("2026-06")] == 0.0


def test_more_come_to_a_quieter_place() -> None:
    def people(fighting: float) -> float:
        site = {"id": "Rafah", "fighting": fighting}
        asks = [
            event("request", **(ASKED | {"kind": kind}), personnel=200, grade="leader", site=site)
            for kind in ("engineer", "medical", "transport")
        ]
        return float(here("Gaza force", "KOR", FORCE, *asks).sum())

    assert people(0.0) > people(1.0)


def test_a_goal_of_status_raises_that_of_its_months_alone() -> None:
    plain = world().arrays.state_months["status"]
    atlas = world(event("status", month="2027-01", until="2029-01", state="JPN", goal="seat"))
    status, row = atlas.arrays.state_months["status"], atlas.state_row("JPN")
    months = slice(month_number("2027-01"), month_number("2029-01"))
    assert (status[months, row] == 0.4).all()
    changed = np.argwhere(status != plain)
    assert set(changed[:, 1]) == {row} and changed[:, 0].max() < month_number("2029-01")


def test_ties_with_the_other_side_keep_away_and_with_the_host_draw() -> None:
    def yes(*ties: str) -> float:
        asked = event("request", **ASKED, personnel=200, grade="leader")
        trace = model_adapter.chunks(world(FORCE, asked, *ties), range(RUNS), 1)
        table = next(iter(trace)).decisions()
        return float(table[table["mission"] == "Gaza force"]["probability"].iloc[0])

    ties = {"month": "2026-06", "state": "KOR", "mission": "Gaza force", "level": 1.0}
    away, drawn = event("ties", **ties), event("ties", **ties, side="host")
    assert yes(away) < yes() < yes(drawn)


def test_incidents_move_support_cabinet_and_fighting_for_their_months() -> None:
    plain = world()
    row, first = plain.state_row("KOR"), month_number("2027-01")
    mission = plain.mission_row("UNMISS")
    taken = {"month": "2027-01", "months": 4, "mission": "UNMISS"}
    after = world(event("incident", what="hostages", state="KOR", **taken)).arrays
    before = plain.arrays
    change = after.state_months["opinion_un"] - before.state_months["opinion_un"]
    assert change[first : first + 4, row] == pytest.approx(-0.15)
    assert np.count_nonzero(change) == 4
    followed = after.state_months["incidents"] - before.state_months["incidents"]
    assert followed[first, row] == 1.0 and np.count_nonzero(followed) == 1
    more = after.mission_months["fighting"] - before.mission_months["fighting"]
    assert (more[first : first + 4, mission] > 0).all() and more[first + 4, mission] == 0
    affair = world(event("incident", what="scandal", state="KOR", month="2027-01")).arrays
    fallen = before.state_months["strength"] - affair.state_months["strength"]
    assert fallen[first, row] == pytest.approx(0.3) and fallen[first + 6, row] == 0
    struck = world(event("incident", what="attack", site="BOR", **taken)).arrays.site_fighting
    place = plain.sites.index(("UNMISS", "BOR"))
    moved = np.argwhere(struck != before.site_fighting)
    assert set(moved[:, 1]) == {place} and len(moved) == 4


def test_a_hostage_crisis_is_followed_and_then_forgotten() -> None:
    crisis = world(event("incident", what="hostages", state="KOR", month="2027-01",
                         mission="UNMISS"))  # fmt: skip
    found = []
    for atlas in (world(), crisis):
        (chunk,) = model_adapter.chunks(atlas, range(2), 1)
        rows = long_tables.in_words(long_tables.series(chunk))
        own = rows[(rows["state"] == "KOR") & (rows["variable"] == "attention")]
        found.append(own.groupby("month")["value"].mean())
    more = found[1] - found[0]
    assert more["2026-12"] == 0.0 and more["2027-01"] == 1.0
    assert more["2027-02"] == pytest.approx(1.0 - 0.04)
    assert 0.0 < more["2029-12"] < 0.3


def test_a_pledge_is_asked_for_is_ready_sooner_and_binds_forces_at_home() -> None:
    promised = {"month": "2026-06", "state": "KOR", "kind": "engineer", "people": 300}
    plain, ready = world(), world(event("pledge", level="rapid", **promised))
    row, month = plain.state_row("KOR"), month_number("2027-01")
    names = [name for name in ready.asks if name.startswith("PLEDGE-KOR-engineer ")]
    asks = ready.arrays.asks[[ready.asks.index(name) for name in names]]
    assert len(asks) > 30 and (asks["chance"] == 0.5).all() and (asks["people"] == 300).all()
    (levy,) = ready.arrays.levies
    assert (levy.state, levy.lead_time, levy.kinds) == (row, 0.4, 1 << KINDS.index("engineer"))
    binds = ready.arrays.state_months["crisis"] - plain.arrays.state_months["crisis"]
    assert binds[month, row] == 0.5
    at_sea = world(event("pledge", level="rapid", **(promised | {"kind": "naval"})))
    assert (at_sea.arrays.state_months["crisis"] == plain.arrays.state_months["crisis"]).all()
    assert SERVICES[at_sea.arrays.kinds[KINDS.index("naval")].service] == "sea"


def test_more_people_than_any_army_sends_are_refused() -> None:
    given = {"month": "2027-03", "state": "KOR", "mission": "UNMISS", "kind": "infantry"}
    assert "20000" in problem(event("deploy", **given, people=20001))


def test_nobody_is_kept_in_a_mission_beyond_its_end() -> None:
    given = {"month": "2026-06", "state": "KOR", "mission": "UNIFIL", "kind": "infantry"}
    told = problem(event("deploy", **given, people=250, until="2027-12"))
    assert "UNIFIL ends in 2026-12; choose a month up to then" in told


def test_what_is_pledged_is_in_one_place_at_a_time() -> None:
    pledge = event(
        "pledge", level="rapid", month="2026-06", state="KOR", kind="engineer", people=300, chance=1
    )
    atlas = world(pledge)
    (chunk,) = model_adapter.chunks(atlas, range(RUNS), 1)
    pledged = [number for number, name in enumerate(atlas.asks) if name.startswith("PLEDGE-")]
    sent = 0
    for ledger in chunk.ledgers:
        rows = ledger.deployments
        own = rows[np.isin(rows["ask"], pledged)]
        sent += len(own)
        for row in own:
            others = own[own["ask"] != row["ask"]]
            there = (others["ordered"] <= row["ordered"]) & (row["ordered"] < others["leaves"])
            assert not there.any()
    assert sent > RUNS / 2


def test_a_request_keeps_its_name_and_its_draws_whatever_stands_before_it() -> None:
    asked = event("request", month="2026-09", state="KOR", mission="UNMISS", kind="infantry",
                  personnel=200)  # fmt: skip
    again = event("request", month="2026-09", state="KOR", mission="UNMISS", kind="medical",
                  personnel=40)  # fmt: skip
    other = event("opinion", month="2026-08", state="JPN", group="un", change=0.01)
    alone, behind = world(asked).arrays.asks, world(other, asked).arrays.asks
    assert (alone["identity"] == behind["identity"]).all()
    names = [name for name in world(asked, again).asks if name.startswith("SCENARIO-")]
    assert names == ["SCENARIO-KOR-UNMISS-2026-09", "SCENARIO-KOR-UNMISS-2026-09-2"]


PACKAGE = {"month": "2026-06", "state": "JPN", "to": "KEN", "equipment": 1.3, "instructors": 20}


def test_a_package_makes_its_recipient_readier_and_takes_teachers_from_its_giver() -> None:
    states = '["JPN", "KOR", "KEN"]'
    plain = world(deliberating=states).arrays.state_months
    given = world(event("package", **PACKAGE), deliberating=states)
    after, month = given.arrays.state_months, month_number("2028-01")
    here, there = given.state_row("JPN"), given.state_row("KEN")
    assert after["forces"][month, there] == pytest.approx(1.3 * plain["forces"][month, there])
    assert after["capability"][month, there] > plain["capability"][month, there]
    assert after["centres"][month, there] == pytest.approx(2.0)
    assert after["instructors"][month, here] == 20
    retired = world(event("package", **PACKAGE, retired=True), deliberating=states)
    assert not retired.arrays.state_months["instructors"].any()


OF_2028 = {"month": "2028-01", "state": "KOR"}
KILLED: dict[str, Any] = {"what": "accident", "killed": 1}
CLOSED = event("close_mission", month="2027-06", mission="UNMISS")
LATE: dict[str, dict[str, Any]] = {
    "shock": {"state": "KOR", **KILLED},
    "incident": {"what": "attack"},
    "request": {"state": "KOR", "kind": "engineer", "personnel": 200},
    "deploy": {"state": "KOR", "kind": "engineer", "people": 200},
    "withdraw": {"state": "KOR"},
    "ties": {"state": "KOR", "level": 0.3},
}


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (
            [event("deploy", **(HANBIT | OF_2028 | {"mission": "UNIFIL"}), people=9)],
            "UNIFIL ends in 2026-12",
        ),
        ([event("withdraw", month="2027-06", state="KOR", mission="UNMIS")], "UNMIS ended in"),
        ([event("shock", **OF_2028, **KILLED, mission="UNMIS")], "UNMIS ended in"),
        (
            [event("shock", month="2026-05", state="KOR", **KILLED, mission="Gaza force"), FORCE,
             event("request", **ASKED, personnel=9)],
            "Gaza force begins in 2026-06; choose that month or a later one",
        ),
        ([event("close_mission", month="2028-01", mission="UNMIS")], "UNMIS ends in 2011-07 as it"),
        (
            [event("ties", month="2026-04", until="2026-06", state="KOR", mission="Gaza force",
                   level=0.3), FORCE, event("request", **ASKED, personnel=9)],
            "Gaza force begins in 2026-06; ties until 2026-06",
        ),
        *[
            ([CLOSED, event(kind, month="2028-01", mission="UNMISS", **rest)],
             f"UNMISS ends in 2027-06; the {kind} of 2028-01 would change nothing")
            for kind, rest in LATE.items()
        ],
        (
            [
                event("deploy", month="2026-06", people=9, **HANBIT),
                event("withdraw", month="2027-06", state="KOR", mission="UNMISS"),
            ],
            "overlaps with the deploy",
        ),
        ([FORCE.replace("PSE", "PSX")], "no members: ESH, PSE"),
        ([FORCE, event("request", **ASKED, personnel=9, site="Rafah")], "with its fighting: {"),
        ([FORCE + '\nsites = [{ id = "A", fighting = 0.1 }]'], "nothing asks anybody"),
        ([event("status", **OF_2028, until="2028-06", goal="chair")], "G20 chair"),
        (
            [event("ties", month="2027-01", state="KOR", mission="Aspides", level=0.3)],
            "are 0.3 already",
        ),
        (
            [event("incident", month="2027-01", what="attack", mission="UNMISS", state="KOR")],
            "endangers whoever is there",
        ),
        (
            [event("incident", month="2027-01", what="attack", mission="UNMISS", site="XXX")],
            "unknown site of UNMISS",
        ),
        ([event("package", **PACKAGE)], "KEN does not decide"),
        (
            [event("pledge", month="2027-01", state="KOR", level="rapid", kind="naval", people=9,
                   binds=1.0)],
            "slots are of ground forces",
        ),
        ([event("capacity", **OF_2028, pool=2.0, kinds=["engineer"])], "is a unit"),
        ([event("shock", **OF_2028, what="accident", killed=1, months=3)], "no slots are taken"),
        (
            [event("shock", **OF_2028, what="accident", killed=1, mission="UNMISS", group="un")],
            "is of one group",
        ),
        (
            [event("open_centre", **OF_2028, centre="Empty", staff_per_year=0.0)],
            "a centre without staff",
        ),
    ],
)  # fmt: skip
def test_what_would_change_nothing_is_told_why(events: list[str], words: str) -> None:
    assert words in problem(*events)


def test_the_law_of_the_giver_must_let_a_package_go() -> None:
    text = 'title = "T"\ndeliberating = ["JPN", "KEN"]\n[[events]]\n'
    (told,) = faults(text + event("package", **(PACKAGE | {"month": "2012-06"})), "mine.toml")
    assert "no law of JPN lets equipment go in 2012-06" in told and "2017-06" in told


def test_conscription_is_a_path_of_the_forces() -> None:
    plain = world().arrays.state_months
    fewer = event("capacity", month="2027-01", ramp=24, state="KOR", forces=0.8)
    after = world(fewer).arrays.state_months
    row = world().state_row("KOR")
    ratio = after["forces"][:, row] / plain["forces"][:, row]
    assert ratio[month_number("2026-12")] == 1.0
    assert ratio[month_number("2029-06")] == pytest.approx(0.8)
    assert after["capability"][month_number("2029-06"), row] < plain["capability"][-1, row]


COURSE = event(
    "open_mission", month="2026-06", mission="Course in Kenya", framework="bilateral_training",
    host="KEN", strength=40, kinds={"instructor": 1.0},
)  # fmt: skip


def test_instructors_can_be_asked_for_and_need_a_ministers_leave_alone() -> None:
    asked = [
        event(
            "request",
            **(ASKED | {"state": state, "mission": "Course in Kenya", "kind": "instructor"}),
            personnel=20,
        )
        for state in ("JPN", "KOR")
    ]
    atlas = world(COURSE, *asked)
    trace = model_adapter.chunks(atlas, range(RUNS), 1)
    decisions = next(iter(trace)).decisions()
    own = decisions[decisions["kind"] == "instructor"]
    assert set(own["state"]) == {"JPN", "KOR"}
    assert set(own["authoriser"]) == {"minister"}
    assert here("Course in Kenya", "JPN", COURSE, *asked, kind="instructor").max() == 20


def test_a_dictionary_without_a_period_takes_the_months_of_its_events_as_a_file_does() -> None:
    event = {"type": "withdraw", "month": "2028-01", "state": "JPN", "mission": "CTF-151"}
    written = '[[events]]\ntype = "withdraw"\nmonth = "2028-01"\nstate = "JPN"\nmission = "CTF-151"'
    of_file = parse(f'title = "Home"\n{written}\n', "home.toml")
    assert of_mapping({"events": [event]}).period == of_file.period
    assert of_file.period.start > "2026" and of_file.period.end > "2028"


def test_hostages_need_no_mission_and_an_attack_does() -> None:
    event = {"type": "incident", "month": "2024-04", "what": "hostages", "state": "KOR"}
    assert of_mapping({"events": [event]}).events[0].mission is None  # type: ignore[union-attr]
    with pytest.raises(InputError, match="attack needs a mission"):
        of_mapping({"events": [{"type": "incident", "month": "2024-04", "what": "attack"}]})
