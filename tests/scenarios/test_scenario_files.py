"""A scenario file is read as it was meant, or refused in one sentence with its line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from model.errors import InputError
from model.months import month_text
from model.own_terms import Term
from model.vocabulary import AUTHORISERS, CONDITIONS, EFFECTS
from scenarios.definition import law_table, library, lookup
from scenarios.definition.loader import faults, load, parse
from scenarios.file_format import scenario_events
from scenarios.file_format.law_events import Provision
from scenarios.file_format.schema import Period, Scenario, json_schema
from scenarios.file_format.toml_lines import key_lines
from scenarios.running import model_adapter
from scenarios.storage.scenario_folders import OWN
from viz.cli.main import call

from ..support.small_world import SCENARIO


def fault(text: str) -> str:
    """The sentence with which a text is refused."""
    with pytest.raises(InputError) as caught:
        parse(text, "mine.toml")
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_minimal_file_is_a_scenario_with_the_documented_defaults(tables: Path) -> None:
    scenario = parse('title = "T"\nquestion = "Q"\nreferences = ["R"]\n', "mine.toml")
    assert scenario.name == "mine"
    assert scenario.period.start == "1990-11"
    assert scenario.deliberating == ["JPN", "KOR"]


@pytest.mark.parametrize(
    ("extra", "line", "words"),
    [
        ("levrs = {}", 4, ["unknown key 'levrs'", "did you mean 'levers'?"]),
        ("[levers]\nhome_thret = 1", 5, ["unknown lever 'home_thret'", "'home_threat'"]),
        ("[levers]\nhome_threat = 9", 5, ["out of range", "from -3 to 3"]),
        ("[levers]\nparty_lean = 0.5", 5, ["'party_lean' is no lever but listed as uncertainty"]),
        ('[levers]\nhome_threat = "high"', 5, ["levers.home_threat = 'high'", "number"]),
        ("[period]\nstrat = '1996-01'", 5, ["unknown key 'strat' in period", "'start'"]),
        ("[period]\nstart = '1980-01'", 5, ["out of range", "1990-11"]),
        ("[period]\nend = '2041-01'", 5, ["out of range", "2040-12"]),
        ("[period]\nstart = '2001-13'", 5, ["'2001-13' is not a month"]),
        ("[period]\nstart = '2001-02'\nend = '2001-01'", 6, ["before the start"]),
        ("deliberating = ['JPN', 'KRO']", 4, ["unknown state 'KRO'", "'KOR'"]),
        ("deliberating = ['japan']", 4, ["write the state 'japan' as its code 'JPN'"]),
        ("deliberating = 'none'", 4, ["deliberating"]),
        ("afterwards = 'deliberat'", 4, ["afterwards = 'deliberat'", "'deliberate'"]),
        ("[[events]]\nmonth = '2001-01'", 4, ["has no 'type'"]),
        ("[[events]]\ntype = 'thret'\nmonth = '2001-01'", 4, ["'thret'", "'threat'"]),
        ("[[events]]\ntype = 'repeal'\nmonth = '2001-01'\nreform = 'PKO1993'", 7, ["'PKO1992'"]),
        (
            "[[events]]\ntype = 'repeal'\nmonth = '2001-01'\ninstruments = ['JPN-Z']",
            7,
            ["unknown instrument 'JPN-Z'"],
        ),
        (
            "[[events]]\ntype = 'threat'\nmonth = '2001-01'\nstate = 'JPN'\nchnge = 1",
            8,
            ["unknown key 'chnge' in events[1]", "'change'"],
        ),
        (  # a key of the table within
            "[[events]]\ntype = 'enact'\nmonth = '2001-01'\nstate = 'JPN'\neffect = 'allow'",
            8,
            ["unknown key 'effect' in events[1]; it belongs in 'provision'"],
        ),
        ("start = '2001-01'", 4, ["unknown key 'start'; it belongs in 'period'"]),
        (
            "[[events]]\ntype = 'threat'\nmonth = '2001-01'\nstate = 'JPN'\nchange = 50",
            8,
            ["events[1].change = 50", "less than or equal to 5"],
        ),
        (
            "[[events]]\ntype = 'close_mission'\nmonth = '2001-01'\nmission = 'UNMIZ'",
            7,
            ["unknown mission 'UNMIZ'", "'UNMIS'"],
        ),
        (  # a country, a place, a word of the label: those that may be meant
            "[[events]]\ntype = 'close_mission'\nmonth = '2001-01'\nmission = 'Sudan'",
            7,
            ["unknown mission 'Sudan'", "it may be one of UNMIS, UNMISS"],
        ),
        (
            "[[events]]\ntype = 'request'\nmonth = '2001-01'\nstate = 'JPN'\nmission = 'UNMIS'\n"
            "kind = 'engineer'\npersonnel = 100\nrequester = 'US'",
            11,
            ["requester = 'US' is not valid", "valid are un, ally, host, body"],
        ),
        ("[period]\nend = 2012-01-01", 5, ["2012-01-01 is a date", '"2012-01"']),
        ("[[expect]]\ndirection = 'upp'", 5, ["'upp'", "'up'"]),
        ("[variants.b]\ntitle = 'B'\nlevrs = {}", 6, ["'levrs' in variants.b", "'levers'"]),
    ],
)
def test_a_fault_names_file_line_thing_and_what_would_be_right(
    tables: Path, extra: str, line: int, words: list[str]
) -> None:
    message = fault('title = "T"\nquestion = "Q"\nreferences = ["R"]\n' + extra + "\n")
    assert message.startswith(f"mine.toml, line {line}: "), message
    for word in words:
        assert word in message, message


def test_nothing_is_asked_for_where_a_mission_is_long_over() -> None:
    text = 'title = "T"\nquestion = "Q"\nreferences = ["R"]\n[[events]]\nmission = "UNTAC"\n'
    event = "type = 'request'\nstate = 'KOR'\nkind = 'engineer'\npersonnel = 200\n"
    assert "UNTAC ended in 1993-" in fault(text + "month = '2012-01'\n" + event)


def test_a_missing_key_is_named(tables: Path) -> None:
    assert "the key 'title' is missing" in fault('question = "Q"\n')


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('title = "T"\nquestion = \n', 2),
        ('title = "T"\n[levers\nx = 1\n', 2),
        ('title = "T"\ntitle = "U"\n', 2),
        ('title = "T"\nperiod = { start = 2005-04 }\n', 2),
        ('title = "T"\nreferences = ["R"', 2),
    ],
)
def test_malformed_toml_is_told_with_its_line(tables: Path, text: str, line: int) -> None:
    assert fault(text).startswith(f"mine.toml, line {line}: not valid TOML: ")


def test_a_file_that_is_not_text_is_refused(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"bad\.toml cannot be read as UTF-8 text"):
        load(path)


def law_events(*texts: str) -> str:
    period = SCENARIO.replace("1996-06", "2020-12")
    return period + "\n".join(f"[[events]]\n{text}\n" for text in texts)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "type='repeal'\nmonth='2001-01'\ninstruments=['JPN-A']",
            "type='move'\nmonth='2002-01'\nreform='PKO1992'",
        ),
        (
            "type='repeal'\nmonth='2001-01'\ninstruments=['JPN-A']",
            "type='amend'\nmonth='2002-01'\ninstruments=['JPN-A']\nchange={ceiling=5}",
        ),
        (
            "type='threat'\nmonth='2001-01'\nstate='JPN'\nchange=1",
            "type='threat'\nmonth='2002-01'\nstate='JPN'\nchange=2",
        ),
        (
            "type='open_centre'\nmonth='2002-01'\nstate='JPN'\ncentre='C'\nstaff_per_year=5",
            "type='close_centre'\nmonth='2001-01'\nstate='JPN'\ncentre='C'",
        ),
        (
            "type='close_mission'\nmonth='2002-01'\nmission='UNMIS'",
            "type='close_mission'\nmonth='2001-01'\nmission='UNMIS'",
        ),
        (
            "type='replace'\nmonth='2001-01'\nstate='JPN'\nby='KOR'",
            "type='replace'\nmonth='2002-01'\nstate='JPN'\nby='KOR'",
        ),
        (
            "type='replace'\nmonth='2001-01'\nstate='JPN'\nby='KOR'",
            "type='repeal'\nmonth='2002-01'\ninstruments=['JPN-A']",
        ),
    ],
)
def test_contradictory_events_are_refused_with_both_places(
    tables: Path, first: str, second: str
) -> None:
    message = fault(law_events(first, second))
    lines = re.findall(r"mine\.toml, line (\d+)", message)
    assert len(lines) in (1, 2), message
    assert int(lines[0]) > 8, message


def test_events_that_follow_each_other_are_accepted(tables: Path) -> None:
    scenario = parse(
        law_events(
            "type='threat'\nmonth='2001-01'\nuntil='2002-01'\nstate='JPN'\nchange=1",
            "type='threat'\nmonth='2002-01'\nstate='JPN'\nchange=2",
            "type='amend'\nmonth='2001-01'\ninstruments=['JPN-A']\nchange={ceiling=5}",
            "type='repeal'\nmonth='2002-01'\ninstruments=['JPN-A']",
        ),
        "mine.toml",
    )
    assert [event.type for event in scenario.events] == ["threat", "threat", "amend", "repeal"]


def test_a_variant_comes_on_top_of_its_scenario(tables: Path) -> None:
    text = SCENARIO + (
        "[levers]\nhome_threat = 1\nalliance_pressure = 2\n"
        "[variants.high]\ntitle = 'High'\n[variants.high.levers]\nhome_threat = 3\n"
        "[[variants.high.events]]\ntype='close_mission'\nmonth='1996-02'\nmission='UNDOF'\n"
    )
    scenario = parse(text, "mine.toml").variant("high")
    assert scenario.name == "mine/high"
    assert scenario.levers == {"home_threat": 3, "alliance_pressure": 2}
    assert len(scenario.events) == 1


def test_the_library_is_valid_and_complete(tables: Path) -> None:
    assert library.available()[0] == "historical"
    historical = library.find("historical")
    assert (historical.period.start, historical.period.end) == ("1990-11", "2023-12")
    assert not historical.events and not historical.levers


def test_a_scenario_shows_itself_in_a_line(tables: Path) -> None:
    whole = library.find("historical")
    assert repr(whole) == "Scenario historical: As it happened, 1990-11 to 2023-12"
    term = Term("asia", [{"value": 1.0}])
    assert repr(whole.with_terms(term)).endswith(", with asia")
    with pytest.raises(InputError, match=r"with_terms\(first, second\); list is no Term"):
        whole.with_terms([term])  # type: ignore[arg-type]


def test_an_unknown_scenario_names_the_nearest(tables: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'historical'"):
        library.find("historicle")
    with pytest.raises(InputError, match="no variants"):
        library.find("historical/b")


def test_states_are_found_by_code_name_and_alias(tables: Path) -> None:
    for text in ("KOR", "kor", "Republic of Korea", "south korea"):
        assert lookup.state(text) == "KOR"


def test_a_cut_table_is_told_with_its_line(tables: Path) -> None:
    (tables / "states.csv").write_text("iso3,name\nJPN,Japan\nKOR", encoding="utf-8")
    with pytest.raises(InputError, match=r"states\.csv, line 3: 1 cells .* cut short"):
        lookup.states()


@pytest.mark.parametrize(
    ("field", "wrong", "listed"),
    [
        ("effect", "permit", EFFECTS),
        ("authoriser", "king", AUTHORISERS),
        ("conditions", ["good_weather"], CONDITIONS),
    ],
)
def test_a_provision_takes_the_words_of_the_model_and_no_others(
    field: str, wrong: Any, listed: tuple[str, ...]
) -> None:
    for word in listed:
        value: Any = [word] if isinstance(wrong, list) else word
        assert getattr(Provision(**{field: value}), field) == value
    with pytest.raises(ValidationError):
        Provision(**{field: wrong})


def test_the_json_schema_knows_every_event_type() -> None:
    text = str(json_schema())
    assert all(f"'const': '{kind}'" in text for kind in scenario_events.EVENT_TYPES)


def rows_by_id(tables: Path, *texts: str) -> dict[str, dict[str, str]]:
    scenario = parse(law_events(*texts), "mine.toml")
    return {row["id"]: row for row in law_table.table(scenario.events)}


def test_without_events_the_law_is_the_documented_one(tables: Path) -> None:
    assert law_table.table([]) == list(lookup.instruments().values())


def test_a_repeal_before_entry_removes_a_reform_altogether(tables: Path) -> None:
    rows = rows_by_id(tables, "type='repeal'\nmonth='1990-11'\nreform='PEACE2015'")
    assert rows["JPN-C"]["in_force"] == ""
    assert rows["JPN-A"] == lookup.instruments()["JPN-A"]


def test_a_repeal_after_entry_ends_a_provision(tables: Path) -> None:
    rows = rows_by_id(tables, "type='repeal'\nmonth='1995-01'\nreform='PKO1992'")
    assert rows["JPN-A"]["lapses"] == rows["JPN-B"]["lapses"] == "1995-01"


def test_a_moved_package_keeps_the_distances_between_its_parts(tables: Path) -> None:
    rows = rows_by_id(tables, "type='move'\nmonth='1993-08'\nreform='PKO1992'")
    assert (rows["JPN-B"]["in_force"], rows["JPN-B"]["lapses"]) == ("1993-08", "2002-12")


def test_an_amendment_ends_where_a_documented_one_takes_over(tables: Path) -> None:
    rows = rows_by_id(
        tables, "type='amend'\nmonth='2000-01'\ninstruments=['JPN-A']\nchange={conditions=[]}"
    )
    new = rows["JPN-A@2000-01"]
    assert rows["JPN-A"]["lapses"] == "2000-01"
    assert (new["in_force"], new["lapses"], new["conditions"]) == ("2000-01", "2016-03", "")
    assert new["kinds"] == "engineer"


def test_a_provision_can_be_copied_to_another_state(tables: Path) -> None:
    rows = rows_by_id(
        tables,
        "type='enact'\nmonth='1990-11'\nstate='KOR'\nlike=['JPN-*']\nprovision={authoriser='assembly'}",
    )
    assert rows["KOR:JPN-A"]["state"] == "KOR"
    assert rows["KOR:JPN-B"]["authoriser"] == "assembly"
    assert rows["JPN-A"] == lookup.instruments()["JPN-A"]


def test_two_states_exchange_their_laws_with_all_their_later_dates(tables: Path) -> None:
    rows = rows_by_id(
        tables,
        "type='replace'\nmonth='1995-01'\nstate='JPN'\nby='KOR'",
        "type='replace'\nmonth='1995-01'\nstate='KOR'\nby='JPN'",
    )
    assert rows["JPN-A"]["lapses"] == rows["KOR-A"]["lapses"] == "1995-01"
    assert rows["JPN-C"]["in_force"] == ""  # enters later, so it never does
    assert (rows["JPN:KOR-A"]["state"], rows["JPN:KOR-A"]["in_force"]) == ("JPN", "1995-01")
    assert rows["KOR:JPN-A"]["in_force"] == "1995-01"
    assert (rows["KOR:JPN-B"]["in_force"], rows["KOR:JPN-B"]["lapses"]) == ("1995-01", "2001-12")
    assert (rows["KOR:JPN-C"]["in_force"], rows["KOR:JPN-C"]["amends"]) == ("2016-03", "KOR:JPN-A")
    assert "JPN:KOR:JPN-A" not in rows


def test_what_a_state_keeps_stays_and_what_it_leaves_does_not_come(tables: Path) -> None:
    rows = rows_by_id(
        tables,
        "type='replace'\nmonth='1995-01'\nstate='JPN'\nby='KOR'\nkeep=['JPN-B']\nwithout=['KOR-*']",
    )
    assert rows["JPN-B"] == lookup.instruments()["JPN-B"]
    assert rows["JPN-A"]["lapses"] == "1995-01"
    assert not any(key.startswith("JPN:") for key in rows)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("state='JPN'\nby='JPN'", "replace itself"),
        ("state='JPN'\nby='FRA'", "state with documented provisions 'FRA'"),
        ("state='JPN'\nby='KOR'\nkeep=['KOR-A']", "KOR-A is no provision of JPN"),
        ("state='JPN'\nby='KOR'\nwithout=['KOR-Z']", "unknown instrument 'KOR-Z'"),
    ],
)
def test_a_replacement_that_cannot_be_is_refused(tables: Path, event: str, expected: str) -> None:
    assert expected in fault(law_events(f"type='replace'\nmonth='2001-01'\n{event}"))


@given(st.integers(0, 611))
def test_every_month_survives_being_written_in_a_file(number: int) -> None:
    text = month_text(number)
    assert scenario_events.Threat(type="threat", month=text, state="JPN", change=0.5).month == text


KEYS = st.text("abcXYZ09_-", min_size=1, max_size=6)
VALUES = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(
        ['"a # b"', "'x = [1'", '"""\nlong\n"""', "'''\n[no]\n'''", "true", '"q\\"]"', "[]", "{}"]
    ),
    st.lists(st.sampled_from(["1", "2"]), max_size=3).map(lambda v: "[\n" + ",\n".join(v) + "\n]"),
)
TABLE = st.dictionaries(KEYS, VALUES, max_size=4)


@given(TABLE, st.dictionaries(KEYS, TABLE, max_size=3), st.lists(TABLE, max_size=3))
def test_the_line_of_every_key_is_found(
    top: dict[str, str], inner: dict[str, dict[str, str]], many: list[dict[str, str]]
) -> None:
    text = ""
    expected: dict[tuple[Any, ...], int] = {}

    def write(prefix: tuple[Any, ...], pairs: dict[str, str]) -> None:
        nonlocal text
        for key, value in pairs.items():
            expected[(*prefix, key)] = text.count("\n") + 1
            text += f"{key} = {value}  # a comment\n"

    write((), {f"t{key}": value for key, value in top.items()})
    for key, pairs in inner.items():
        expected[("in ner", key)] = text.count("\n") + 1
        text += f'["in ner".{key}]\n'
        write(("in ner", key), pairs)
    for number, pairs in enumerate(many):
        expected[("many", number)] = text.count("\n") + 1
        text += "[[many]]\n"
        write(("many", number), pairs)
    tomllib.loads(text)
    lines = key_lines(text)
    assert {path: lines.get(path) for path in expected} == expected


@given(st.text(max_size=60))
def test_no_text_is_answered_with_anything_but_a_sentence(text: str) -> None:
    try:
        assert isinstance(parse(text, "mine.toml"), Scenario)
    except InputError as error:
        assert "mine.toml" in str(error)


def test_a_scenario_reaches_the_engine_with_its_law_as_one_table(tables: Path) -> None:
    scenario = parse(
        law_events(
            "type='threat'\nmonth='2001-01'\nstate='JPN'\nchange=1",
            "type='repeal'\nmonth='1990-11'\nreform='PEACE2015'",
        ),
        "mine.toml",
    )
    found = model_adapter.settings_of(scenario.changed(levers={"home_threat": 1.0}))
    assert (found.start, found.end) == ("1996-01", "2020-12")
    assert dict(found.overrides) == {"home_threat": 1.0}
    law_event, threat = found.events
    assert law_event.type == "law"
    assert {row["id"]: row["in_force"] for row in law_event.values["instruments"]}["JPN-C"] == ""
    assert (threat.type, threat.values["change"], threat.values["until"]) == ("threat", 1, None)


MANY = """title = "A test"
question = "Does it work?"
references = ["test"]

[levers]
alliance_presure = 2.0
home_threat = 9.0

[[events]]
type = "threat"
state = "XXX"
month = "2012-01"
change = 1.0

[[events]]
type = "shock"
what = "accident"
state = "JPN"
month = "2012-01"

[[expect]]
variable = "people"
direction = "up"
"""


def test_every_fault_of_a_file_is_told_on_its_own_line_with_its_place(tables: Path) -> None:
    told = faults(MANY, "mine.toml")
    assert [one.partition(":")[0] for one in told] == [
        f"mine.toml, line {line}" for line in (6, 7, 11, 15, 22)
    ]
    with pytest.raises(InputError) as caught:
        parse(MANY, "mine.toml")
    assert str(caught.value) == told[0]
    misspelt = MANY.replace("title", "titel").replace('"accident"', '"acident"')
    (unknown, missing, wrong, *rest) = faults(misspelt, "mine.toml")
    assert "unknown key 'titel'" in unknown and "'title' is missing" in missing
    assert wrong.startswith("mine.toml, line 17: ") and "'accident'" in wrong
    assert rest == [one for one in told if ", line 15:" not in one]


def test_what_the_schema_refuses_does_not_hide_the_rest_nor_shift_its_lines(tables: Path) -> None:
    event = "[[events]]\ntype = 'threat'\nmonth = '2012-01'\nstate = '{}'\nchange = {}\n"
    text = "title = 'T'\n" + event.format("JPN", "'much'") + event.format("XXX", 1.0)
    (change, state) = faults(text, "mine.toml")
    assert change.startswith("mine.toml, line 6: events[1].change = 'much'")
    assert state.startswith("mine.toml, line 10: unknown state 'XXX'")


def test_a_wrong_period_does_not_hide_a_wrong_name(tables: Path) -> None:
    text = "title = 'T'\n[period]\nstart = '2012-01'\nend = '2011-01'\n[levers]\nhome_thret = 1\n"
    (period, lever) = faults(text, "mine.toml")
    assert "before the start" in period and "'home_threat'" in lever


def test_a_lever_left_at_its_value_is_told_to_change_nothing(tables: Path) -> None:
    text = "title = 'T'\n[levers]\nalliance_pressure = 1\n"
    assert "alliance_pressure is 1 as it is" in fault(text)


def test_an_event_of_a_state_that_does_not_decide_is_told_to_change_nothing(tables: Path) -> None:
    text = "title = 'T'\n{}[[events]]\ntype = 'threat'\nmonth = '2000-01'\nstate = 'FRA'\n"
    text += "change = 1.0\n"
    assert "FRA does not decide in this scenario" in fault(text.format(""))
    assert parse(text.format("deliberating = ['JPN', 'FRA']\n"), "mine.toml").question == ""


def test_the_command_tells_every_fault_and_a_file_without_one_has_none(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(MANY, encoding="utf-8")
    assert call(["scenarios", "check", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"peacekeeping: {one}" for one in faults(MANY, "mine.toml")]
    assert faults(SCENARIO, "mine.toml") == []


@pytest.mark.parametrize(
    ("months", "period"),
    [
        (["2000-01"], ("1990-11", "2026-03")),
        (["2027-01"], ("2026-04", "2035-12")),
        (["2000-01", "2037-01"], ("1990-11", "2039-01")),
    ],
)
def test_a_title_and_events_are_enough_for_a_scenario(
    months: list[str], period: tuple[str, str]
) -> None:
    event = "[[events]]\ntype = 'threat'\nstate = 'JPN'\nchange = 1.0\n"
    event += "month = '{}'\nuntil = '{}-12'\n"
    text = "title = 'T'\n" + "".join(event.format(month, month[:4]) for month in months)
    found = parse(text, "mine.toml").period
    assert (found.start, found.end) == period


def test_without_events_the_period_is_that_of_the_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "title = 'T'\nbaseline = '{}'\n[levers]\nun_demand = 0.5\n"
    future = library.find("continued").period
    for name in ("continued", "gaza-force/rafah"):
        assert parse(text.format(name), "mine.toml").period == library.find(name).period
    after_the_record = text.format("continued") + "new_missions = 0.5\n"
    assert faults(after_the_record, "mine.toml") == []
    made = {"baseline": "continued", "levers": {"un_demand": 0.5}}
    assert library.find(made).period == future

    (tmp_path / "first.toml").write_text(text.format("second"))
    (tmp_path / "second.toml").write_text(text.format("continued"))
    (tmp_path / "round.toml").write_text(text.format("again"))
    (tmp_path / "again.toml").write_text(text.format("round"))
    monkeypatch.setenv(OWN, str(tmp_path))
    assert library.find("first").period == future
    assert library.find("round").period == Period()


def test_one_wrong_name_of_an_event_does_not_hide_another(tables: Path) -> None:
    event = "[[events]]\ntype = 'withdraw'\nmonth = '2012-01'\nstate = 'JPNN'\n"
    told = faults(f"title = 'T'\n{event}mission = 'UNMISSS'\nkind = 'engineers'\n", "mine.toml")
    assert [one.partition(";")[0] for one in told] == [
        "mine.toml, line 5: unknown state 'JPNN'",
        "mine.toml, line 6: unknown mission 'UNMISSS'",
        "mine.toml, line 7: unknown kind 'engineers'",
    ]
    event = "{type='pledge', month='2012-01', state='JPN', level='rapid', kind='tanks', people=9}"
    (one,) = faults(f"title = 'T'\nevents = [{event}, {event}]\n", "mine.toml")  # on one line
    assert "unknown kind 'tanks'" in one


OPENED = """title = "T"
[[events]]
type = "open_mission"
month = "2027-01"
mission = "Test Force"
framework = "un_pko"
host = "PSE"
strength = 5000
sites = [ {id = "Rafah", setting = "SETTING", fighting = 0.8} ]
[[events]]
type = "request"
month = "2027-03"
state = "JPN"
mission = "Test Force"
kind = "engineer"
personnel = NUMBER
site = "Rafah"
[[events]]
type = "incident"
month = "2027-04"
what = "attack"
mission = "Test Force"
site = "Rafah"
[[events]]
type = "close_mission"
month = "2030-01"
mission = "Test Force"
"""


@pytest.mark.parametrize(
    ("setting", "number", "line"),
    [("castle", "200", 9), ("land", "'many'", 16), ("land", "200", None)],
)
def test_what_a_faulty_event_opens_or_asks_for_is_not_missed_elsewhere(
    setting: str, number: str, line: int | None
) -> None:
    told = faults(OPENED.replace("SETTING", setting).replace("NUMBER", number), "mine.toml")
    assert [one.partition(":")[0] for one in told] == (
        [f"mine.toml, line {line}"] if line else []
    ), told
