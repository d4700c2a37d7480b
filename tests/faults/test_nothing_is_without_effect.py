"""What would change nothing is refused: in a file, and in what a user changes of a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import peacekeeping as pk
from model.errors import InputError
from model.own_terms import Term
from scenarios.definition import conflicts, deciders, library
from scenarios.definition.loader import faults, parse
from scenarios.running.run_options import resolve
from viz.briefs import brief
from viz.cli.main import call

Captured = pytest.CaptureFixture[str]

HEAD = 'title = "T"\n'
RECORD = '[period]\nstart = "2000-01"\nend = "2014-12"\n'
SHOCK = "type='shock'\nmonth='2013-01'\nstate='KOR'\nwhat='accident'\nkilled=3"
ASKED = "state='KOR'\nmission='UNMISS'\nkind='engineer'\npersonnel=200\nmode='crisis'"
REQUEST = f"type='request'\nmonth='2013-06'\n{ASKED}"
FORCE = "mission='Force'\nhost='PHL'\nstrength=500"
OPENED = f"type='open_mission'\nmonth='2010-01'\n{FORCE}\nframework="
NEW = "type='enact'\nmonth='2005-01'\nstate='JPN'\nid='JPN-NEW'\nprovision="
AMEND = "type='amend'\nmonth='2005-01'\ninstruments="
ALL = "kinds=['all'], frameworks=['all']"


def text(*events: str, head: str = HEAD + RECORD) -> str:
    return head + "".join(f"[[events]]\n{event}\n" for event in events)


def told(*events: str, head: str = HEAD + RECORD) -> str:
    found = faults(text(*events, head=head), "mine.toml")
    assert len(found) == 1, found
    assert found[0].startswith("mine.toml, line ") and "\n" not in found[0]
    return found[0]


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (
            ["type='demand'\nmonth='2005-01'\ngroup='other'\ncouncil=false"],
            "concerns coalitions, not other",
        ),
        ([NEW + "{effect='allow', frameworks=['un_pko']}"], "needs 'kinds'"),
        ([NEW + "{effect='allow', kinds=['infantry']}"], "needs 'frameworks'"),
        ([NEW + f"{{effect='norm', {ALL}}}"], "'norm' needs weight_norms; without"),
        ([NEW + f"{{effect='term', {ALL}}}"], "needs term_months or term_ends"),
        ([NEW + f"{{effect='exit', {ALL}}}"], "needs lead_max"),
        ([NEW + f"{{effect='condition', {ALL}}}"], "needs conditions"),
        ([NEW + f"{{effect='weapons', weapons_ease=0.0, {ALL}}}"], "weapons_ease other than 0"),
        (
            [REQUEST, f"type='deploy'\nmonth='2013-01'\npeople=200\n{ASKED.splitlines()[0]}\n"
             "mission='UNMISS'\nkind='engineer'"],
            "KOR is not asked for engineer in UNMISS from 2013-01 on, by the deploy",
        ),
        (
            ["type='withdraw'\nmonth='2013-01'\nstate='KOR'\nmission='UNMISS'", REQUEST],
            "by the withdraw in mine.toml, line 5",
        ),
        (
            ["type='withdraw'\nmonth='2013-01'\nstate='KOR'\nmission='UNMISS'",
             SHOCK + "\nmission='UNMISS'"],
            "KOR has no personnel in UNMISS from 2013-01 on",
        ),
        ([REQUEST, REQUEST + "\nnote='again'"], "would be put twice"),
        ([REQUEST.replace("2013", "1999")], "the request would never be put"),
        (
            [f"type='open_mission'\nmonth='1995-01'\nend='1999-12'\n{FORCE}\nframework='un_pko'"],
            "1999-12 is before the start of the period",
        ),
        (
            ["type='capacity'\nmonth='2005-01'\nstate='JPN'\npool=2.0\nkinds=['civilian']"],
            "a pool is of staff, observer and police",
        ),
        *[
            ([OPENED + f"'{framework}'"], f"a mission of {framework} puts no open calls")
            for framework in ("disaster_relief", "un_relief", "anti_piracy", "coalition")
        ],
        (
            ["type='replace'\nmonth='2005-01'\nstate='JPN'\nby='KOR'\nkeep=['JPN-*']\n"
             "without=['KOR-*']"],
            "no provision of JPN goes, and none of KOR comes",
        ),
        ([AMEND + "['KOR-PKA-2']\nchange={title='T'}"], "no rule of the model reads a title"),
        (
            [AMEND + "['KOR-CON60-1']\nchange={lead_max=9.0}"],
            "leave within 2 months in a crisis (crisis_high)",
        ),
        (
            [AMEND + "['KOR-CON60-1']\nchange={lapses='2020-01'}"],
            "2020-01 is after the end of the period, 2014-12",
        ),
        ([AMEND + "['KOR-CON60-1']\nchange={authoriser='assembly'}"], "or is so already"),
        (
            ["type='threat'\nmonth='2005-01'\nuntil='2006-01'\nramp=24\nstate='JPN'\nchange=1"],
            "24 months are more than the 12 from 2005-01 to 2006-01",
        ),
    ],
)  # fmt: skip
def test_an_event_that_cannot_act_is_told_why(events: list[str], words: str) -> None:
    assert words in told(*events)


@pytest.mark.parametrize(
    "events",
    [
        [NEW + f"{{effect='ceiling', ceiling=0, {ALL}}}"],
        [NEW + f"{{effect='bar', {ALL}}}"],
        [NEW + f"{{effect='survey', {ALL}}}"],
        [OPENED + "'un_pko'"],
        [OPENED + "'coalition'", REQUEST.replace("UNMISS", "Force")],
        [REQUEST, REQUEST.replace("200", "100")],
        [REQUEST, "type='withdraw'\nmonth='2012-01'\nuntil='2013-06'\nstate='KOR'\n"
                  "mission='UNMISS'"],
        # a survey may go before a routine request for a unit, which is put when it is back
        [REQUEST.replace("crisis", "routine"),
         "type='withdraw'\nmonth='2013-01'\nuntil='2013-12'\nstate='KOR'\nmission='UNMISS'"],
        [SHOCK.replace("2013", "1998")],  # which is remembered
        [f"type='open_mission'\nmonth='1995-01'\n{FORCE}\nframework='un_pko'"],
        ["type='capacity'\nmonth='2005-01'\nstate='JPN'\npool=2.0\nkinds=['civilian']",
         OPENED + "'un_pko'\nkinds={civilian=0.5, infantry=0.5}"],
        ["type='capacity'\nmonth='2005-01'\nstate='JPN'\npool=2.0\nkinds=['civilian', 'police']"],
        ["type='replace'\nmonth='2005-01'\nstate='JPN'\nby='KOR'",
         "type='replace'\nmonth='2005-01'\nstate='KOR'\nby='JPN'"],
        [AMEND + "['KOR-CON60-1']\nchange={lead_max=1.0}"],
        [AMEND + "['JPN-ATS-1']\nchange={lapses='2020-01'}"],  # it would have lapsed before
        ["type='threat'\nmonth='2005-01'\nuntil='2006-01'\nramp=12\nstate='JPN'\nchange=1"],
    ],
)  # fmt: skip
def test_an_event_that_can_act_is_taken(events: list[str]) -> None:
    assert faults(text(*events), "mine.toml") == []


def test_a_variant_may_ask_for_what_the_scenario_opens() -> None:
    asked = REQUEST.replace("UNMISS", "Force")
    variant = f"[variants.a]\ntitle='A'\n[[variants.a.events]]\n{asked}\n"
    assert faults(text(OPENED + "'coalition'") + variant, "mine.toml") == []


def test_the_longest_survey_is_that_of_the_model() -> None:
    from model.steps.request_rounds import LONGEST_SURVEY

    assert conflicts.LONGEST_SURVEY == LONGEST_SURVEY


def test_a_title_of_blanks_and_a_scenario_that_is_its_own_baseline_are_refused() -> None:
    assert "title: it is blank" in told(head="title = '  '\n")
    assert "mine names itself as its baseline" in told(head=HEAD + "baseline = 'mine'\n")
    with pytest.raises(InputError, match="names itself"):
        library.find({"baseline": "own"})


def test_a_deviation_of_another_state_says_whose_there_are() -> None:
    with pytest.raises(InputError, match="deviations of slots are of JPN and KOR; write slots.JPN"):
        resolve("historical", settings={"slots.DEU": 2})
    with pytest.raises(InputError, match="home_threat has one value for all states; write home_t"):
        resolve("historical", settings={"home_threat.DEU": 2})


def mine(*events: str, head: str = HEAD + RECORD) -> pk.Scenario:
    return parse(text(*events, head=head), "mine.toml")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"end": "2012-12"}, "mine, event 1: 2013-01 is after the end of the period, 2012-12"),
        ({"deliberating": "JPN"}, "mine, event 1: KOR does not decide in this scenario"),
        ({"settings": {"new_missions": 2}}, "--set new_missions: new_missions is of missions that"),
        ({"settings": {"closures": 2}}, "--set closures: closures is of missions that"),
    ],
)
def test_what_a_user_changes_leaves_no_event_and_no_lever_without_effect(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        resolve(mine(SHOCK), **options)
    assert words in str(caught.value)
    options = {"end": "2014-12", **options}
    for ask in (
        lambda: pk.run(mine(SHOCK), runs=2, **options),
        lambda: pk.compare("historical", mine(SHOCK), runs=2, **options),
    ):
        with pytest.raises(InputError) as caught:
            ask()
        assert words.partition(": ")[2] in str(caught.value)


def test_a_later_start_leaves_no_spell_and_no_request_behind() -> None:
    spell = "type='threat'\nmonth='2005-01'\nuntil='2006-01'\nstate='JPN'\nchange=1"
    for event, words in ((spell, "2006-01 is not after"), (REQUEST, "would never be put")):
        assert resolve(mine(event), start="2004-01")
        with pytest.raises(InputError, match=words):
            resolve(mine(event), start="2014-01")


def test_levers_of_a_scenario_are_judged_by_what_a_user_changes() -> None:
    future = HEAD + "[period]\nstart = '2020-01'\nend = '2035-12'\n[levers]\nnew_missions = 2\n"
    assert resolve(mine(head=future), end="2030-12")
    with pytest.raises(InputError, match="mine, new_missions: .* the period ends in 2024-12"):
        resolve(mine(head=future), end="2024-12")


def test_a_state_that_would_decide_after_a_record_does_not_before() -> None:
    head = HEAD + "afterwards = 'deliberate'\n[period]\nstart = '2000-01'\nend = '{}'\n"
    assert not deciders.decides(mine(head=head.format("2014-12")), "DEU")
    assert deciders.decides(mine(head=head.format("2030-12")), "DEU")


def test_what_adds_nothing_to_a_scenario_is_not_put_on_top(capsys: Captured) -> None:
    for other, words in (
        ("historical", "historical adds nothing to regional-threat"),
        ("regional-threat", "regional-threat is there already"),
    ):
        assert call(["run", "regional-threat", "--with", other, "--runs", "1"]) == 2
        assert words in capsys.readouterr().err


ROW = {"month": "2001-01", "value": 1.0}


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Term("mine", [ROW], weight=0.0), "its weight is 0"),
        (Term("mine", [ROW | {"value": 0.0}]), "every value is 0"),
        (Term("mine", lambda state, mission, month: 0.0), "every value is 0"),
        (Term("mine", [ROW | {"state": "DEU"}]), "for states that do not decide in mine"),
        (Term("mine", [ROW | {"month": "2014-12"}]), "between 2000-01 and 2014-12"),
        (
            Term("mine", [ROW | {"month": "1995-01"}, ROW | {"month": "1999-12", "value": 0.0}]),
            "between 2000-01 and 2014-12",
        ),
        (Term("mine", [ROW | {"mission": "UNTAC", "month": "1992-01"}]), "have ended by 2000-01"),
    ],
)
def test_a_term_that_moves_nobody_is_told_why(term: Term, words: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve(mine(), terms=[term])
    assert "the term mine (" in str(caught.value) and words in str(caught.value)


@pytest.mark.parametrize(
    "term",
    [
        Term("mine", [ROW | {"month": "2014-11"}]),  # seen in the last month
        Term("mine", [ROW | {"month": "1995-01"}]),  # which holds until another
        Term("mine", [ROW | {"value": 0.0}], default=1.0),
        Term("mine", [ROW | {"state": "DEU"}, ROW | {"state": "KOR"}]),
    ],
)
def test_a_term_that_moves_somebody_is_taken(term: Term) -> None:
    assert resolve(mine(), terms=[term]).terms


def test_a_lever_set_to_what_it_is_is_told_and_taken(capsys: Captured) -> None:
    from viz.cli import options

    assert options.given(None, None, None, ["home_threat=1"], False)["settings"]
    assert "--set home_threat=1 changes nothing" in capsys.readouterr().err
    options.given(None, None, None, ["home_threat=1.5", "un_demand=1"], False)
    assert "home_threat" not in capsys.readouterr().err


def test_a_brief_is_about_a_state_that_decides(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "b.html"
    line = ["brief", "regional-threat", "--out", str(out), "--runs", "1", "--about", "DEU"]
    assert call(line) == 2
    said = capsys.readouterr().err
    assert "DEU does not decide in regional-threat" in said and "--deliberating DEU" in said
    assert not out.exists()
    with pytest.raises(InputError, match="choose one of the deliberating states"):
        brief.brief("regional-threat", about="DEU", runs=1)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["validate", "--decisions", "--until", "2014-08"], "--until has no effect with"),
        (["validate", "--overwrite"], "--overwrite has no effect without --out"),
        (["run", "historical", "--overwrite"], "--overwrite has no effect without --out"),
        (["run", "historical", "--format", "csv"], "--format has no effect without --out"),
        (["compare", "alliance-surge", "--format", "csv"], "--format has no effect without --out"),
        (["outlook", "--overwrite"], "--overwrite has no effect without --out"),
        (["explain", "historical", "--state", "JPN", "--overwrite"], "no effect without --out"),
        (["validate", "--decisions", "--origin", "2010-12"], "--origin has no effect with"),
        (["validate", "--decisions", "--given", "nothing"], "--given has no effect with"),
        (["calibrate", "--pool", "60", "--out", "x"], "--pool has no effect without --synthetic"),
        (
            ["calibrate", "--synthetic", "2", "--generations", "2", "--out", "x"],
            "--generations has no effect with --synthetic",
        ),
        (
            ["calibrate", "--with-term", "mine.csv", "--out", "x"],
            "--out has no effect with --with-term",
        ),
    ],
)
def test_options_that_do_nothing_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, line: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(line) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
