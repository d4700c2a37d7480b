"""Odd input ends in one sentence, and nothing that is accepted is silently ignored."""

from __future__ import annotations

import errno
import json
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.documented_record import entries
from model.errors import InputError
from scenarios.definition import law_table, lookup
from scenarios.definition.loader import load, parse
from scenarios.running.result import read
from scenarios.running.run import run
from scenarios.running.run_options import in_command, in_manifest, resolve
from scenarios.storage import atomic_write, csv_export
from viz.cli import main
from viz.cli.main import call

from ..support.small_world import SCENARIO, InventedEngine

HEAD = "title = 'T'\nquestion = 'Q'\nreferences = ['R']\n"
STANCE = "type='stance'\nstate='{}'\nparty='{}'\n"


def fault(body: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(HEAD + body, "mine.toml")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("type='demand'\nclosures=0.5", "no documented mission is kept longer than it was"),
        ("type='demand'\ngroup='un'\ncouncil=false", "concerns coalitions"),
        ("type='demand'", "changes nothing; write new_missions or closures or size"),
        ("type='alliance'\npivot='FRA'\nsalience=2.0", "write 'USA'"),
        ("type='alliance'\nstate='KOR'\nsalience=2.0", "salience applies to all states"),
        ("type='capacity'\nstate='JPN'\nslots=1\nkinds=['engineer']", "slots hold any kind"),
        ("type='shock'\nstate='JPN'\nwhat='accident'", "changes nothing; write killed or slots"),
        ("type='shock'\nstate='JPN'\nwhat='home_crisis'\nkilled=1", "kills no contingent"),
        ("type='cabinet'\nstate='JPN'", "changes nothing"),
        ("type='cabinet'\nstate='JPN'\nstrength=0.1\nramp=3", "leave out ramp"),
        ("type='cabinet'\nstate='FRA'\nlower_seats=0.1", "parliament of FRA"),
        (STANCE.format("FRA", "government") + "group='un'\nchange=-0.5", "choose JPN or KOR"),
        (STANCE.format("XXX", "government") + "group='un'\nchange=-0.5", "unknown state 'XXX'"),
        (STANCE.format("KOR", "labour") + "group='un'\nchange=-0.5", "valid are government, par"),
        (STANCE.format("KOR", "opposition") + "group='eu'\nchange=-0.5", "valid are un, coalition"),
        (STANCE.format("KOR", "opposition") + "change=-0.5", "either 'group' (un or coalition)"),
        (STANCE.format("KOR", "opposition") + "group='un'", "either 'acceptance'"),
        (STANCE.format("KOR", "opposition") + "group='un'\nchange=0.0", "changes nothing"),
        (STANCE.format("KOR", "opposition") + "group='un'\nacceptance=1.5", "less than or equal"),
        (STANCE.format("KOR", "opposition") + "classes=['un']\nchange=-0.5", "class of dispatch"),
        (
            "type='open_centre'\nstate='JPN'\ncentre='C'\nstaff_per_year=5.0\npartner='KOR'",
            "a partner's centre is not at home",
        ),
        ("type='open_centre'\nstate='JPN'\ncentre='C'\nstaff_per_year=inf", "staff_per_year = inf"),
        ("type='close_centre'\nstate='JPN'\ncentre='Nowhere'", "unknown training centre of JPN"),
        ("type='threat'\nstate='JPN'\nchange=0.0", "changes nothing"),
        ("type='enact'\nstate='JPN'\nid='=1+1'\nprovision={effect='bar'}", "events[1].id = '=1+1'"),
        (
            "type='amend'\ninstruments=['JPN-A']\nchange={lapses='1991-01'}",
            "1991-01 is not after 2003-01",
        ),
        ("type='amend'\ninstruments=['JPN-A']\nchange={lead_min=inf}", "lead_min = inf"),
        ("type='amend'\ninstruments=['JPN-A']\nchange={}", "changes nothing"),
        ("type='amend'\ninstruments=['JPN-A']\nchange={weapons_ease=0.5}", "'weapons_limit' only"),
        ("type='amend'\ninstruments=['JPN-A']\nchange={term_months=6}", "'term' only"),
        ("type='amend'\ninstruments=['JPN-A']\nchange={months_saved=3}", "'prenegotiate' only"),
        (
            "type='enact'\nstate='JPN'\nid='X'\n"
            "provision={effect='allow', kinds=['all'], frameworks=['all'], months_saved=3}",
            "'prenegotiate' only",
        ),
    ],
)
def test_what_would_be_ignored_is_refused(tables: Path, event: str, words: str) -> None:
    message = fault(f"[[events]]\nmonth='2003-01'\n{event}\n")
    assert words in message
    assert "mine.toml, line" in message


def test_no_partner_stops_an_assembly_that_decides_alone() -> None:
    event = STANCE.format("{}", "partner") + "group='un'\nchange=-0.5\nmonth='2003-01'\n"
    assert "choose government or opposition" in fault(f"[[events]]\n{event.format('KOR')}")
    parse(f"{HEAD}[[events]]\n{event.format('JPN')}", "mine.toml")


def test_two_stances_of_one_bloc_on_one_class_clash() -> None:
    event = "[[events]]\nmonth='2003-01'\n" + STANCE.format("KOR", "opposition")
    shared = f"{event}group='un'\nchange=-0.5\n{event}classes=['un_infantry']\nchange=0.1\n"
    assert "overlaps" in fault(shared)
    parse(HEAD + shared.replace("un_infantry", "naval"), "mine.toml")


def test_a_repeal_reaches_an_amended_provision(tables: Path) -> None:
    scenario = parse(
        HEAD + "[[events]]\ntype='amend'\nmonth='2001-01'\ninstruments=['JPN-A']\n"
        "change={ceiling=5}\n[[events]]\ntype='repeal'\nmonth='2002-01'\ninstruments=['JPN-A']\n",
        "mine.toml",
    )
    law = {row["id"]: row for row in law_table.table(scenario.events)}
    assert law["JPN-A@2001-01"]["lapses"] == "2002-01"


def test_a_repealed_amendment_brings_back_what_it_had_amended() -> None:
    period = "[period]\nstart = '2024-01'\nend = '2030-12'\n"
    body = period + "[[events]]\ntype='repeal'\nmonth='2027-01'\nreform='PEACE2015'\n"
    law = {row["id"]: row for row in law_table.table(parse(HEAD + body, "mine.toml").events)}
    again = law["JPN-PKO92-P1@2027-01"]
    assert (again["in_force"], again["lapses"]) == ("2027-01", "")
    assert again["conditions"] == law["JPN-PKO92-P1"]["conditions"] == "agreement_or_no_party"
    never = "[[events]]\ntype='repeal'\nmonth='1990-11'\nreform='PEACE2015'\n"
    law = {row["id"]: row for row in law_table.table(parse(HEAD + never, "mine.toml").events)}
    assert not [name for name in law if "@" in name]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("deliberating = []", "names no state"),
        ("deliberating = ['JPN', 'JPN']", "is listed twice"),
        ("[period]\nstart = '٢٠٠٥-٠١'", "is not a month"),
        ("[levers]\nhome_threat = " + "9" * 5000, "too many digits"),
        ("[variants.'']\ntitle = 'V'", "is no name"),
        ("[levers]\n'home_threat.KOR' = 9.0", "one value for all states"),
        ("afterwards = '" + "y" * 9000 + "'", "deliberate"),
    ],
)
def test_odd_values_are_refused(tables: Path, body: str, words: str) -> None:
    message = fault(body)
    assert words in message and len(message) < 500


def test_a_mission_is_not_closed_after_its_end() -> None:
    from scenarios.running import model_adapter

    body = "[[events]]\ntype='close_mission'\nmonth='%s'\nmission='UNMIS'\n"
    with pytest.raises(InputError, match="line 6: UNMIS ends in 2011-07 as it is; choose an earli"):
        parse(HEAD + body % "2020-01", "mine.toml")
    scenario = parse(HEAD + body % "2010-01", "mine.toml")
    late = [one.model_copy(update={"month": "2020-01"}) for one in scenario.events]
    with pytest.raises(InputError, match="UNMIS ends already in 2011"):  # of a program of one's own
        model_adapter.world_of(scenario.changed(events=late))


def test_odd_files_are_refused(tables: Path, tmp_path: Path) -> None:
    marked = tmp_path / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert load(marked).title == "T"
    large = tmp_path / "large.toml"
    large.write_text(HEAD + "#" * 1_000_001)
    with pytest.raises(InputError, match="larger than a megabyte"):
        load(large)
    formula = tmp_path / "=1+1.toml"
    formula.write_text(HEAD)
    with pytest.raises(InputError, match="begins with '='"):
        load(formula)
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(InputError, match="is not a file"):
        load(tmp_path / "pipe.toml")


def test_a_full_disk_ends_in_a_sentence_and_leaves_nothing(
    invented: InventedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "Error writing bytes to file")

    monkeypatch.setattr(atomic_write, "flush", full)
    out = tmp_path / "out"
    assert call(["run", str(mine), "--runs", "2", "--out", str(out)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--out", ""], "--out is blank"),
        (["--out", "x" * 300], "cannot be written to"),
        (["--out", "a\0b"], "is no name of a file or folder"),
        (["--set", "home_threat=\u0663"], "is not a number"),
        (["--set", "home_threat=1_0"], "is not a number"),
        (["--from", ""], "is not a month"),
        (["--to", "٢٠٠٥-٠١"], "is not a month"),
    ],
)
def test_odd_options_are_refused(
    invented: InventedEngine, tmp_path: Path, capsys: Any, options: list[str], words: str
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    assert call(["run", str(mine), "--runs", "1", *options]) == 2
    err = capsys.readouterr().err
    assert words in err and err.count("\n") == 1


@pytest.mark.parametrize(
    "odd",
    [
        *({"deliberating": b"JPN"}, {"deliberating": [None]}, {"settings": ["a"]}, {"out": 3}),
        *({"settings": {1: 1.0}}, {"out": b"x"}, {"start": 2010}, {"seed": None}, {"runs": True}),
    ],
)
def test_what_is_of_a_wrong_kind_in_python_is_told(invented: InventedEngine, odd: Any) -> None:
    with pytest.raises(InputError):
        run(parse(SCENARIO, "mine.toml"), **{"runs": 1, **odd})
    assert not invented.seen


def test_states_in_one_text_are_those_of_the_command(invented: InventedEngine) -> None:
    kept = resolve(parse(SCENARIO, "mine.toml"), deliberating="JPN,KOR")
    assert kept.deliberating == ["JPN", "KOR"]
    for written in ("JPN, KOR", ["JPN", "KOR"]):
        assert in_command(in_manifest({"deliberating": written})) == ["--deliberating", "JPN,KOR"]


def test_a_complaint_is_never_endless(capsys: Any) -> None:
    main._complain("a" * 100_000)
    assert len(capsys.readouterr().err) < 1000


@pytest.mark.parametrize(
    ("key", "value"),
    [("frame", None), ("runs", "two"), ("keep", "some"), ("scenario", None), ("tables", 1)],
)
def test_a_damaged_manifest_is_refused(
    invented: InventedEngine, tmp_path: Path, key: str, value: object
) -> None:
    folder = _result(tmp_path)
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {key: value}))
    with pytest.raises(InputError, match="is damaged"):
        read(folder)
    for entry in ("x", {"file": "../../x"}, {"file": 3}, {"file": "series.parquet", "rows": "2"}):
        tables = content["tables"] | {"series": entry}
        path.write_text(json.dumps(content | {"tables": tables}))
        with pytest.raises(InputError, match="is damaged"):
            read(folder)
    path.write_text("[" * 100_000)
    with pytest.raises(InputError, match="not valid JSON"):
        read(folder)


def _result(tmp_path: Path) -> Path:
    mine = tmp_path / "mine.toml"
    mine.write_text(SCENARIO, encoding="utf-8")
    assert call(["run", str(mine), "--runs", "2", "--out", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


@pytest.mark.parametrize("value", [10**400, Fraction(10**400), float("inf"), True, Decimal("0.5")])
def test_a_number_that_the_model_cannot_hold_is_told(value: Any) -> None:
    with pytest.raises(InputError, match="home_threat.* is not a number"):
        resolve("historical", settings={"home_threat": value})


@pytest.mark.parametrize("value", [Fraction(1, 3), np.float32(0.1), np.int64(1)])
def test_a_number_of_another_kind_reaches_the_manifest(value: Any) -> None:
    kept = in_manifest({"settings": {"home_threat": value}})
    assert json.loads(json.dumps(kept))["settings"] == {"home_threat": float(value)}
    words = in_command(kept)
    assert float(words[-1].removeprefix("home_threat=")) == float(value)
    assert resolve("historical", settings={"home_threat": value}).levers["home_threat"] == float(
        value
    )


@pytest.mark.parametrize("odd", [None, 5, ["JPN"], b"JPN"])
def test_names_from_python_are_texts(odd: Any) -> None:
    for read_name in (lookup.state, lookup.mission):
        with pytest.raises(InputError, match="is no name of a"):
            read_name(odd)
    with pytest.raises(InputError):
        load(odd)
    if odd is not None:
        for name in ("state", "category", "text", "year"):
            with pytest.raises(InputError, match=rf"^{name} = "):
                given: dict[str, Any] = {name: odd if (name, odd) != ("year", 5) else 5.0}
                entries(**given)


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", True])
def test_threads_are_counted(invented: InventedEngine, threads: Any) -> None:
    chosen = parse(SCENARIO, "mine.toml")
    with pytest.raises(InputError, match="threads = .* is not a whole number of 1 or more"):
        run(chosen, runs=1, threads=threads)


@pytest.mark.parametrize("mark", list("\x00\x7f\u00ad\u034f\u061c\u180e\u202a\u2066\u3164\ufe0f"))
def test_a_formula_behind_a_mark_that_is_not_seen_is_harmless(mark: str) -> None:
    assert csv_export.harmless(f"{mark}=1+1") == f"'{mark}=1+1"
    assert csv_export.harmless(f"{mark}1+1") == f"{mark}1+1"
