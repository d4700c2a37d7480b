"""Sites of missions: where they lie, what is fought there, and who asks for them how bindingly."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model import tables, vocabulary
from model.core import records
from model.core.rng import identity
from model.data_folder import SHIPPED
from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.errors import InputError
from model.months import month_number
from model.settings import Event, Settings
from model.vocabulary import GRADES, KINDS, SERVICES, SETTINGS
from model.world import documented_requests, missions, sites
from model.world.build import Atlas, build
from scenarios.definition.loader import parse

SCENARIO = """
title = "T"
question = "Q"
references = ["R"]
[[events]]
type = "request"
month = "2012-03"
state = "JPN"
mission = "UNMISS"
kind = "engineer"
personnel = 300
"""


@pytest.fixture(scope="module")
def world() -> Atlas:
    asked = {"month": "2012-03", "state": "JPN", "kind": "engineer", "personnel": 300}
    new = {"month": "2012-02", "framework": "un_pko", "host": "SDN", "strength": 500}
    events = (
        Event("open_mission", new | {"mission": "UNX"}),
        Event("request", asked | {"mission": "UNX", "requester": "ally"}),
        Event("request", asked | {"mission": "UNMISS", "grade": "leader", "site": "BOR"}),
        Event("request", asked | {"mission": "UNMISS"}),
    )
    return build(Settings(start="2012-01", end="2012-12", events=events))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the tables, in use for one test."""
    copied = Path(shutil.copytree(SHIPPED, tmp_path / "tables"))
    monkeypatch.setattr(tables, "FOLDER", copied)
    tables.table.cache_clear()
    yield copied
    tables.table.cache_clear()


def names() -> list[str]:
    return list(missions.roster()["mission"])


def edit(path: Path, line: int, column: str, cell: str) -> None:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[line - 2, column] = cell
    frame.to_csv(path, index=False)


def asks(folder_names: list[str]) -> tuple[np.ndarray, list[str]]:
    """The documented asks to Japan and Korea, without a world around them."""
    codes = ["JPN", "KOR"]
    known = sites.places(folder_names)
    begins = np.zeros(2, dtype=int)
    return documented_requests.documented(
        codes, folder_names, Settings(), begins, pd.DataFrame(), known
    )


def test_sites_lie_by_mission_and_are_found_from_it(world: Atlas) -> None:
    rows, first = world.arrays.sites, world.arrays.sites_from
    assert len(first) == len(world.missions) + 1 and first[-1] == len(rows) == len(world.sites)
    for number, name in enumerate(world.missions):
        own = slice(first[number], first[number + 1])
        assert [mission for mission, _ in world.sites[own]] == [name] * (own.stop - own.start)
        assert (rows["mission"][own] == number).all()
    juba = world.sites.index(("UNMISS", "JUB"))
    assert rows["identity"][juba] == identity("JUB")
    assert (rows["latitude"][juba], rows["longitude"][juba]) == (4.852, 31.602)
    opened = world.mission_row("UNX")
    assert first[opened] == first[opened + 1]  # nobody has looked at a place there


def test_a_place_is_a_base_for_one_mission_and_the_place_of_another() -> None:
    known = sites.places(names())
    setting = dict(zip(known, sites.sites(names())["setting"], strict=True))
    assert setting["Gulf War 1991", "AMM"] == vocabulary.SETTING_BASE
    assert setting["Iraq refugees airlift 2003", "AMM"] == vocabulary.SETTING_LAND
    assert setting["MNF-I", "KWI"] == vocabulary.SETTING_BASE
    assert setting["MNF-I", "SAM"] == vocabulary.SETTING_LAND
    assert setting["CTF-151", "GOA"] == vocabulary.SETTING_SEA
    assert SETTINGS[vocabulary.SETTING_BASE] == "base"


def test_fighting_at_a_site_is_that_of_its_year_and_held_where_none_is_coded(world: Atlas) -> None:
    level = world.arrays.site_fighting
    assert level.shape == (len(world.arrays.paths), len(world.sites))
    assert level.min() == 0.0 and level.max() == 0.7
    juba = level[:, world.sites.index(("UNMISS", "JUB"))]
    assert set(juba[month_number("2013-01") : month_number("2013-12") + 1]) == {0.7}
    assert juba[month_number("2012-12")] == 0.0
    table = tables.table("site_fighting")
    own = table[table["site"] == "GOA"].sort_values("from")
    gulf = level[:, world.sites.index(("CTF-151", "GOA"))]
    first, last = own.iloc[0], own.iloc[-1]
    assert first["from"] > "1990-01"
    assert set(gulf[: month_number(first["to"])]) == {float(first["level"])}
    assert set(gulf[month_number(last["from"]) :]) == {float(last["level"])}


def test_the_same_place_sees_the_same_fighting_in_every_mission(world: Atlas) -> None:
    level = world.arrays.site_fighting
    for site in {site for _, site in world.sites}:
        own = [number for number, (_, other) in enumerate(world.sites) if other == site]
        assert (level[:, own] == level[:, own[:1]]).all()


def test_documented_asks_know_their_grade_and_their_site(world: Atlas) -> None:
    found = dict(zip(world.asks, world.arrays.asks, strict=True))
    samawah = found["REQ-JPN-031"]
    assert world.sites[samawah["site"]] == ("MNF-I", "SAM")
    assert samawah["grade"] == vocabulary.GRADE_FORMAL_NOTE
    assert found["REQ-JPN-036"]["grade"] == vocabulary.GRADE_OWN_STUDY
    assert found["REQ-JPN-064"]["site"] == sites.NOWHERE
    assert KINDS[found["REQ-KOR-025"]["kind"]] == "helicopter"
    for row in found.values():
        if row["site"] >= 0:
            assert world.arrays.sites[row["site"]]["mission"] == row["mission"]


def test_asks_of_a_scenario_have_the_grade_that_it_gives_or_the_usual_one(world: Atlas) -> None:
    asked = {
        name: (GRADES[row["grade"]], row["site"])
        for name, row in zip(world.asks, world.arrays.asks, strict=True)
        if name.startswith("SCENARIO")
    }
    bor = world.sites.index(("UNMISS", "BOR"))
    assert sorted(asked.values()) == [("formal_note", -1), ("leader", bor), ("sounding", -1)]


def test_an_ask_of_a_mission_to_come_has_no_site(world: Atlas) -> None:
    later = build(Settings(start="2026-01", end="2027-12"))
    new = [n for n, name in enumerate(later.asks) if name.startswith("New mission")]
    assert len(new) > 10
    rows = later.arrays.asks[new]
    assert set(rows["site"]) == {sites.NOWHERE}
    assert set(rows["grade"][rows["ally"] == 0]) == {vocabulary.GRADE_FORMAL_NOTE}
    assert set(rows["grade"][rows["ally"] == 1]) == {vocabulary.GRADE_SOUNDING}


def test_what_is_carried_over_stands_where_it_stood(world: Atlas) -> None:
    here = {
        (world.states[row["state"]], world.missions[row["mission"]], KINDS[row["kind"]]): (
            world.sites[row["site"]][1] if row["site"] >= 0 else ""
        )
        for row in world.arrays.initial
    }
    assert here["JPN", "UNDOF", "transport"] == "FAO"
    assert here["JPN", "CTF-151", "naval"] == "GOA"
    assert here["KOR", "UNIFIL", "infantry"] == "TYR"
    assert here["KOR", "MINURSO", "observer"] == ""


def test_what_has_moved_stands_where_it_stood_the_month_before() -> None:
    known = sites.places(names())
    out = records.records(3, records.INITIAL)
    out["state"], out["mission"] = 0, names().index("OEF/ISAF")
    out["kind"] = KINDS.index("medical")
    out["month"] = [month_number(month) for month in ("2002-02", "2002-12", "2009-01")]
    sites.write_initial(out, ["KOR", "JPN"], names(), known)
    shown = [known[site][1] if site >= 0 else "" for site in out["site"]]
    assert shown == ["FRU", "FRU", ""]


@pytest.mark.parametrize(
    ("table", "column", "cell", "words"),
    [
        ("requests", "site", "JUB", "requests.csv, REQ-JPN-001, column site: unknown site of Gulf"),
        ("requests", "grade", "letter", "'letter' is not one of none, own_study, general_call"),
        ("sites", "missions", "UNTACC", "line 2, column missions: unknown mission 'UNTACC'"),
        ("sites", "missions", "UNTAC;UNTAC", "TAK is listed twice for UNTAC"),
        ("sites", "setting", "air", "'air' is not one of land, sea, base"),
        ("sites", "latitude", "95", "out of range; it goes from -90 to 90"),
        ("site_fighting", "site", "AANN", "site_fighting.csv, line 2: unknown site 'AANN'"),
        ("site_fighting", "level", "1.5", "out of range; it goes from 0 to 1"),
        ("deployment_sites", "site", "PAP", "line 2: unknown site of Afghan refugees"),
        ("deployment_sites", "kind", "infantri", "did you mean 'infantry'?"),
        ("kinds", "service", "space", "'space' is not one of none, ground, helicopter, air"),
    ],
)
def test_a_wrong_cell_is_refused_in_a_sentence(
    folder: Path, table: str, column: str, cell: str, words: str
) -> None:
    edit(folder / f"{table}.csv", 2, column, cell)
    with pytest.raises(InputError) as told:
        known = sites.places(names())
        sites.sites(names())
        sites.fighting(known, 12)
        missions.kinds()
        asks(names())
        sites.write_initial(records.records(0, records.INITIAL), ["JPN", "KOR"], names(), known)
    assert words in str(told.value) and f"{table}.csv" in str(told.value)


def test_a_copy_of_the_tables_that_is_older_than_the_sites_still_works(folder: Path) -> None:
    for name in ("sites", "site_fighting", "deployment_sites"):
        (folder / f"{name}.csv").unlink()
    for name, columns in (("requests", ["grade"]), ("kinds", ["service"])):
        frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        frame.drop(columns=columns).to_csv(folder / f"{name}.csv", index=False)
    known = sites.places(names())
    assert known == [] and sites.fighting(known, 12).shape == (12, 0)
    assert set(sites.first_rows(sites.sites(names()), len(names()))) == {0}
    rows, ids = asks(names())
    assert set(rows["site"]) == {sites.NOWHERE}
    assert rows["grade"][ids.index("REQ-JPN-003")] == vocabulary.GRADE_FORMAL_NOTE
    assert rows["grade"][ids.index("REQ-JPN-001")] == vocabulary.GRADE_SOUNDING
    assert set(missions.kinds()["service"]) == {vocabulary.SERVICE_NONE}
    out = records.records(2, records.INITIAL)
    sites.write_initial(out, ["JPN"], names(), known)
    assert list(out["site"]) == [sites.NOWHERE] * 2
    frame = tables.table("requests").drop(columns="site")
    frame.to_csv(folder / "requests.csv", index=False)
    tables.table.cache_clear()
    assert set(asks(names())[0]["site"]) == {sites.NOWHERE}


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("grade = 'letter'", ["line 12", "grade = 'letter' is not valid; did you mean 'leader'?"]),
        ("site = 'JUBA'", ["line 12", "unknown site of UNMISS 'JUBA'", "did you mean 'JUB'?"]),
        ("site = 'PAP'", ["line 12", "unknown site of UNMISS 'PAP'", "JUB"]),
    ],
)
def test_a_scenario_names_a_grade_and_a_site_of_the_mission(extra: str, words: list[str]) -> None:
    with pytest.raises(InputError) as told:
        parse(SCENARIO + extra + "\n", "mine.toml")
    assert all(word in str(told.value) for word in words), str(told.value)
    for grade in GRADES[vocabulary.GRADE_OWN_STUDY :]:
        text = SCENARIO + f"grade = '{grade}'\nsite = 'BOR'\n"
        event: Any = parse(text, "mine.toml").events[0]
        assert (event.grade, event.site.id) == (grade, "BOR")


def test_a_mission_without_sites_says_so() -> None:
    text = SCENARIO.replace("UNMISS", "MINUSMA") + "site = 'BOR'\n"
    with pytest.raises(InputError, match=r"MINUSMA has no sites in sites.csv; leave 'BOR' out"):
        parse(text, "mine.toml")


def test_every_kind_draws_on_a_service() -> None:
    service = {
        kind: SERVICES[row["service"]] for kind, row in zip(KINDS, missions.kinds(), strict=True)
    }
    assert (service["helicopter"], service["air_transport"]) == ("helicopter", "air")
    assert (service["naval"], service["medical"]) == ("sea", "medical")
    for kind in vocabulary.FORMED:
        assert service[kind] not in ("none", "individual"), kind
    assert {service[kind] for kind in ("staff", "observer", "police")} == {"individual"}
    assert {service[kind] for kind in ("civilian", "election")} == {"none"}
    assert KINDS[-2:] == (
        "helicopter",
        "instructor",
    )  # a code is the number of a row: new ones go to the end


def test_grades_are_ordered_from_the_weakest() -> None:
    assert GRADES == (
        "none",
        "own_study",
        "general_call",
        "sounding",
        "leader",
        "formal_note",
    )
    assert vocabulary.GRADE_NONE < vocabulary.GRADE_SOUNDING < vocabulary.GRADE_FORMAL_NOTE


@pytest.mark.parametrize(("site", "shut"), [("BGW", (0.7, 1.0)), ("SAM", (0.0, 0.1))])
def test_the_law_on_iraq_looks_at_the_area_of_activity(
    site: str, shut: tuple[float, float]
) -> None:
    """Baghdad was a combat area in 2004, Samawah was not; the country around both was the same."""
    values = {"month": "2004-07", "state": "JPN", "mission": "MNF-I", "kind": "medical",
              "personnel": 40, "requester": "ally", "mode": "crisis", "site": site}  # fmt: skip
    world = build(
        Settings(start="2004-01", end="2004-09", events=(Event("request", values),), point=True)
    )
    runs = tuple(range(60))
    chunk = next(ensemble.simulate(world, runs, 1, threads=1, trace=Trace(runs=runs)))
    menus = chunk.menus()
    there = menus[(menus["site"] == site) & (menus["kind"] == "medical")]
    assert there["run"].nunique() >= 40
    share = (there["gate"] == "shut").groupby(there["run"]).first().mean()
    assert shut[0] <= share <= shut[1], share


def test_no_grade_is_left_blank_and_not_named() -> None:
    """A grade ``none`` once counted as a sounding, above a study of one's own."""
    with pytest.raises(InputError, match="grade.*own_study"):
        parse(SCENARIO + 'grade = "none"\n', "mine.toml")
    assert parse(SCENARIO + 'grade = "own_study"\n', "mine.toml")
