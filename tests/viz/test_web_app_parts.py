"""The web app without a browser: links, files, numbers and drawings match the command line."""

from __future__ import annotations

import io
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")

import ipyvuetify
import solara

import peacekeeping as pk
from model.errors import InputError
from scenarios.definition import lookup
from scenarios.definition.checks import AFTER_THE_RECORD
from scenarios.definition.loader import parse
from scenarios.running import model_adapter
from viz.briefs.brief import of_comparison
from viz.charts import figures
from viz.charts.menu_chart import menu_chart
from viz.charts.style.export import specification
from viz.charts.style.layout import table_of
from viz.language import names
from viz.language.spoken import speaking
from viz.reports import shipped_documents
from viz.text import labels, wording
from viz.web.components import sharing
from viz.web.decision import selection
from viz.web.tabs import compare_tab, explore_tab, why_tab
from viz.web.visit import computation, jobs
from viz.web.visit.url_state import View, changed, read

MOVED = View(
    scenario="alliance-surge",
    values=(("alliance_pressure", 2.25), ("weight_risk", -1.1)),
    start="1995-01",
    end="2015-12",
    runs=30,
    seed=2**63 + 5,
    tab="why",
    mission="UNMIS",
    answer="REQ-JPN-044:cheaper",
)


@pytest.fixture(scope="module")
def moved():
    """The ensemble of a view with levers moved."""
    return computation.compute(MOVED.resolved(), MOVED.runs, MOVED.seed)


@pytest.fixture(scope="module")
def result():
    """The same as the command line makes it."""
    return pk.run(
        MOVED.scenario,
        runs=MOVED.runs,
        seed=MOVED.seed,
        start=MOVED.start,
        end=MOVED.end,
        settings=dict(MOVED.values),
    )


def test_a_link_brings_back_the_very_view():
    found, faults = read("?" + MOVED.query())
    assert (found, faults) == (MOVED, [])


def test_a_link_carries_a_scenario_file_of_ones_own():
    text = sharing.as_toml(View(scenario="alliance-surge"))
    found, faults = read(View(text=text).query())
    assert faults == [] and found.text == text


@pytest.mark.parametrize(
    "query",
    [
        "runs=0",
        "runs=x",
        "tab=nowhere",
        "set.alliance_pressure=99",
        "set.nothing=1",
        "seed=-1",
        "scenario=nothing",
        "scenario=korea-act-in-2000/with-unit",
        "file=%%%",
        "start=2030-13",
        "states=XYZ",
        "sudo=1",
        "framework=moon",
        "outcome=DEU.un.mean",
        "outcome=JPN.foo.mean",
    ],
)
def test_a_false_link_is_told_in_a_sentence_and_left_out(query):
    view, faults = read(query)
    assert faults and all(re.search(r"[^.?][.?]$", fault) for fault in faults)
    view.resolved()


def test_the_outcome_of_a_state_that_is_made_to_decide_is_taken():
    view, faults = read("states=DEU,JPN&outcome=DEU.coalition.peak")
    assert view.outcome == "DEU.coalition.peak" and faults == []


def test_languages_that_there_are_are_listed_without_an_empty_one():
    _, (fault,) = read("language=xx")
    assert "valid are en, ja, ko." in fault


def test_two_months_of_law_come_in_any_order():
    for query in ("law_since=2018-01&law_month=2020-01", "law_since=2020-01&law_month=2018-01"):
        view, faults = read(query)
        assert (view.law_since, view.law_month, faults) == ("2018-01", "2020-01", [])
    view = changed(View(), law_month="2010-01")
    assert (view.law_since, view.law_month) == ("2010-01", "2015-08")


def test_the_figure_has_the_numbers_of_the_command_line(moved, result):
    drawn = figures.charts(result)["personnel-un"]()
    wanted = table_of(drawn, specification(drawn)).to_csv(index=False)
    page = explore_tab.people_figure(moved, "un", "all", "JPN")
    assert page is not None
    found = pd.read_csv(io.BytesIO(page.csv()))
    assert found.to_csv(index=False) == pd.read_csv(io.StringIO(wanted)).to_csv(index=False)


def test_a_first_answer_is_made_of_the_first_runs_of_the_whole():
    computation.forget()
    view = replace(MOVED, runs=60)
    shown: list[computation.Ensemble] = []
    whole = computation.compute(view.resolved(), 60, view.seed, show=shown.append)
    (first,) = shown
    assert (first.runs, whole.runs) == (computation.FIRST, 60)
    for key, cell in first.people.items():
        assert np.array_equal(cell, whole.people[key][: computation.FIRST])
    few = computation.compute(view.resolved(), computation.FIRST, view.seed)
    assert all(np.array_equal(few.people[key], first.people[key]) for key in few.people)


def test_what_one_visitor_had_computed_is_served_to_the_next(monkeypatch):
    view = replace(MOVED, runs=44)
    made = computation.compute(view.resolved(), 44, view.seed)
    monkeypatch.setattr(model_adapter, "chunks", None)  # nothing is run again
    assert computation.compute(view.resolved(), 44, view.seed) is made
    assert computation.first_answer(view.resolved(), 44, view.seed).runs == computation.FIRST


def test_axes_stay_when_a_lever_is_moved_and_when_the_other_runs_have_come():
    """For every lever at a quarter and at three quarters of its range."""
    base = View(runs=100, start="2000-01", end="2012-12")
    scale = computation.first_answer(base.resolved(), base.runs, base.seed)
    levers = {name: row for name, row in lookup.parameters().items() if row["role"] == "lever"}
    for name in AFTER_THE_RECORD:  # which move nothing in these years, and are refused
        del levers[name]
    moved = 0
    for name, row in list(levers.items())[::2]:
        low, high = float(row["low"]), float(row["high"])
        view = base.setting(name, low + (high - low) / 4)
        shown: list[computation.Ensemble] = []
        whole = computation.compute(view.resolved(), base.runs, base.seed, show=shown.append)
        for framework in ("un", "coalition"):
            figures_ = [
                explore_tab.people_figure(one, framework, "all", "JPN", scale)
                for one in (*shown, whole)
            ]
            first, last = figures_
            if first is None or last is None:
                continue
            assert first.plot == last.plot, (name, framework)
            moved += first.tables != last.tables
    assert moved > 3


def test_a_kept_world_with_numbers_put_in_is_the_world_built_with_them():
    scenario = MOVED.resolved()
    computation.world(replace(MOVED, values=()).resolved())
    kept, built = computation.world(scenario), model_adapter.world_of(scenario)
    assert kept.parameters.tolist() == built.parameters.tolist()
    assert kept.draws.tolist() == built.draws.tolist()
    assert kept.settings == built.settings
    assert kept.arrays is computation.world(replace(MOVED, values=()).resolved()).arrays
    for here, there in zip(kept.arrays, built.arrays, strict=True):
        assert np.array_equal(here, there)


@pytest.mark.slow
def test_a_world_is_built_anew_where_more_than_numbers_differs():
    scenario = MOVED.resolved()
    other = replace(MOVED, scenario="japan-without-2015-legislation").resolved()
    assert computation.world(other).arrays is not computation.world(scenario).arrays
    shorter = replace(MOVED, end="2014-12").resolved()
    assert computation.world(shorter).arrays.span[2] < computation.world(scenario).arrays.span[2]


def test_a_figure_with_new_numbers_is_the_one_drawn_anew(moved):
    from viz.charts.fans.fan import fans_drawing
    from viz.web.components.chart_component import figure, redrawn

    def drawing(factor):
        bands = moved.bands(moved.states, "un", ("all",))
        for column in ("lower", "upper", "median"):
            bands[column] = (bands[column] * factor).round()
        options = {"scenario": moved.scenario.name, "months": moved.frame}
        return fans_drawing(bands, moved.record, moved.states, "un", **options)

    redrawn(drawing(1.0))
    for factor in (0.999, 3.0):
        assert redrawn(drawing(factor)).spec == figure(drawing(factor).chart).spec


def test_the_scenario_file_is_accepted_and_gives_the_same_runs(moved):
    text = sharing.as_toml(MOVED)
    scenario = parse(text, "scenario.toml")
    assert scenario.levers == MOVED.resolved().levers
    assert [e.model_dump() for e in scenario.events] == (
        [e.model_dump() for e in MOVED.resolved().events]
    )
    again = computation.compute(scenario, MOVED.runs, MOVED.seed)
    assert again.people.keys() == moved.people.keys()
    assert all(np.array_equal(again.people[key], moved.people[key]) for key in moved.people)
    tomllib.loads(text)


def test_an_opened_file_is_checked_as_on_the_command_line():
    with pytest.raises(InputError, match=r"mine\.toml, line 1: unknown key 'titel'"):
        sharing.opened("mine.toml", 'titel = "x"\n', 12)
    with pytest.raises(InputError, match="too large to open"):
        sharing.opened("mine.toml", "", 10_000_000)
    with pytest.raises(InputError, match=r"letter\.txt, line 1: not valid TOML"):
        sharing.opened("letter.txt", "Dear class, this is no scenario", 31)


def test_a_scenario_of_the_years_after_the_record_is_computed_whole():
    period = View(scenario="continued", start="2026-04", end="2027-03", runs=3)
    found = computation.compute(period.resolved(), period.runs, period.seed)
    assert found.presence is not None and set(found.presence["month"]) <= set(found.months)


def test_the_record_is_searched_by_names_in_japanese_and_korean():
    from viz.web.tabs import record_tab

    for name, english in (
        ("레바논", "Lebanon"),
        ("南スーダン", "South Sudan"),
        ("UNMISS", "UNMISS"),
    ):
        found = record_tab.found_for(View(search=name))
        assert found and found == record_tab.found_for(View(search=english)), name
    for name, english in (
        ("自衛隊", "SDF"),
        ("국회", "National Assembly"),
        ("自衛隊 南スーダン", ""),
    ):
        found = record_tab.found_for(View(search=name))
        assert found and found == record_tab.found_for(View(search=english or "SDF South Sudan"))
    assert record_tab.found_for(View(search="없는 나라")) == []
    assert record_tab.found_for(View(search="自衛隊 無い国")) == []
    for row in names.terms():  # what a term is searched as is there
        assert not row["searched"] or record_tab.found_for(View(search=row["searched"])), row
    with speaking("ja"):
        assert record_tab.named("EUR") == "欧州連合" and record_tab.named("UNO") == "国際連合"


def test_why_begins_with_the_first_request_of_the_scenario_and_offers_its_missions():
    view = View(scenario="unifil-exit/quiet-offer")
    scenario = view.resolved()
    assert why_tab.asked(view, scenario, ("JPN", "KOR")) == ("KOR", "Quiet mission 2027", "")
    assert why_tab.asked(view, scenario, ("JPN",)) == why_tab.FIRST
    asked, others = why_tab.mission_groups("KOR", scenario)
    assert asked["rows"][0]["name"].startswith("Quiet mission 2027 (asked 2027)")
    assert "Quiet mission 2027" in [
        one["key"] for one in why_tab.mission_groups("JPN", scenario)[1]["rows"]
    ]


def test_an_answer_picked_by_its_outcome_is_one_that_was_so():
    view = View(runs=60)
    state, mission, answer = why_tab.asked(view, view.resolved(), ("JPN", "KOR"))
    found = why_tab.find(view.resolved(), state, mission, runs=view.runs, seed=view.seed)
    run, number = selection.chosen(found, answer)
    assert number is not None
    row = found.in_run(run).decisions.iloc[number]
    assert (row["request"], row["outcome"]) == ("REQ-JPN-044", "cheaper")
    assert row["run"] == run


def test_shares_of_the_page_are_rounded_as_on_the_command_line(officers):
    found, _ = officers
    table = found.outcomes.assign(accepted=0.305, refused=0.695)
    shares = why_tab.outcome_rows(replace(found, outcomes=table))[0]["shares"]
    label = {one["key"]: one["label"] for one in shares}["accepted"]
    assert label == f"{100 * 0.305:.0f}%" == "30%"  # a browser rounds half up
    source = Path(why_tab.__file__).parents[1] / "components" / "parts" / "outcomes.vue"
    assert "Math.round" not in source.read_text(encoding="utf-8")


def test_notes_of_the_record_stand_apart_as_english_in_another_language(officers):
    found, number = officers
    request = found.requests["REQ-JPN-044"]
    note = labels.note_of(request)
    assert note and note in labels.documented(request)
    row = found.decisions.iloc[number].to_dict()
    for language in ("ja", "ko"):
        with speaking(language):
            (told,) = [one for one in why_tab.outcome_rows(found) if one["key"] == "REQ-JPN-044"]
            assert told["note"] == note and note not in told["documented"]
            subtitle = json.dumps(menu_chart(found.menu(row), row, "JPN", request).to_dict())
            assert note not in subtitle
    assert all(one["note"] == "" for one in why_tab.outcome_rows(found))


def test_files_of_people_are_called_by_what_they_show():
    named = explore_tab.people_file
    assert named(View(framework="coalition")) == "personnel-coalition"
    assert named(View(shown="kinds", state="KOR")) == "personnel-un-KOR"
    assert [named(View(shown=key)) for key in explore_tab.STOCKS] == ["resources", "dialogue"]


def test_another_run_is_told_with_its_own_draws():
    found = why_tab.find("historical", "JPN", "UNMIS", runs=20)
    for run in (3, 11):
        told = found.in_run(run)
        assert set(told.decisions["run"]) == {run}
        for number in range(len(told.decisions)):
            told.turns(number)
    with pytest.raises(InputError, match="runs are numbered 0 to 19"):
        found.in_run(20)


def test_an_answer_is_picked_by_month_and_kind():
    found = why_tab.find(View(runs=20).resolved(), "JPN", "UNMIS", runs=20)
    run, number = selection.chosen(found, "2009-11:engineer")
    assert number is not None
    row = found.in_run(run).decisions.iloc[number]
    assert (row["month"][:4], row["kind"]) == ("2009", "engineer")


def test_the_example_of_engineers_who_leave_tells_of_leaving():
    from viz.text import wording
    from viz.web.decision.record_evidence import evidence

    ((_, mission, answer, _),) = (one for one in wording.EXAMPLES if "leave" in one[3])
    found = why_tab.find(View().resolved(), "JPN", mission, runs=60)
    run, number = selection.chosen(found, answer)
    assert number is not None
    row = found.in_run(run).decisions.iloc[number].to_dict()
    assert (row["reason"], row["kind"], row["outcome"]) == ("renewal", "engineer", "refused")
    assert "between 2012-01 and 2017-0" in evidence(found.in_run(run), row)


@pytest.mark.slow
def test_every_example_shows_the_answer_that_it_asks_about():
    from viz.text import wording

    for state, mission, answer, _ in wording.EXAMPLES:
        request, _, outcome = answer.partition(":")
        if not request.startswith("REQ"):
            continue
        found = why_tab.find(View().resolved(), state, mission, runs=View().runs)
        run, number = selection.chosen(found, answer)
        assert number is not None
        row = found.in_run(run).decisions.iloc[number]
        assert (row["request"], row["outcome"]) == (request, outcome)


@pytest.fixture(scope="module")
def officers():
    """The run in which Japan answered the request of 2008 with officers, and that answer."""
    found = why_tab.find(View().resolved(), "JPN", "UNMIS", runs=60)
    run, number = selection.chosen(found, "REQ-JPN-044:cheaper")
    assert number is not None
    return found.in_run(run), number


def test_the_record_stands_beside_the_model_with_its_reasons_and_sources(officers):
    from viz.web.decision.record_evidence import evidence

    found, number = officers
    told = evidence(found, found.decisions.iloc[number].to_dict())
    assert "Asked for 200 engineers, it sent 2 staff officers instead" in told
    assert "The sources give this reason: security" in told
    assert "DEC-013" in told and "sudantribune.com" in told
    assert "Security enters the choice as" in told and "danger to its personnel" in told
    assert "different reason" not in told  # the choice, in which danger counts


def test_a_documented_reason_without_weight_in_the_choice_is_not_called_the_same():
    from viz.text import wording
    from viz.web.decision.record_evidence import agreement

    assert agreement(["security"], "choice", {"risk": -0.4}) == wording.AGREE
    assert agreement(["security"], "choice", {"risk": -0.001}) == wording.SAME_STEP
    assert agreement(["security"], "law", {"risk": -0.4}) == wording.DIFFER
    assert agreement(["legal"], "law", {}) == wording.AGREE


@pytest.mark.slow
def test_a_lever_turns_the_answer_from_the_value_told_and_not_before(officers):
    from scenarios.definition import lookup
    from scenarios.explanation.lever_thresholds import HALVINGS, STEPS, by_levers

    for run in range(10):  # some answers no lever turns
        found = officers[0].in_run(run)
        asked = found.decisions["request"] == "REQ-JPN-044"
        for number in np.flatnonzero(asked & (found.decisions["stopped_by"] == "choice")):
            levers = by_levers(found, int(number))
            if levers:
                break
        else:
            continue
        break
    row = found.decisions.iloc[int(number)]
    assert levers
    for lever in levers:

        def answer(value, name=lever.name):
            again = (
                why_tab.find(
                    found.scenario, "JPN", "UNMIS", runs=found.run + 1, settings={name: value}
                )
                .in_run(found.run)
                .decisions
            )
            same = again[(again["request"] == row["request"]) & (again["kind"] == row["kind"])]
            return same.iloc[0]

        turned = answer(lever.needed)
        assert turned["stopped_by"] == "nothing" and turned["outcome"] == lever.outcome
        known = lookup.parameters()[lever.name]
        end = float(known["high"] if lever.needed > lever.now else known["low"])
        short = lever.needed - 1.01 * (end - lever.now) / STEPS / 2**HALVINGS  # as found
        assert answer(short)["stopped_by"] != "nothing"


def test_a_mission_to_ask_about_has_its_full_name_which_tells_where_it_is():
    asked, others = why_tab.mission_groups("JPN")
    named = {row["key"]: row["name"] for row in asked["rows"] + others["rows"]}
    assert named["UNMIS"] == "UNMIS (asked 2005, 2008, 2009): UN Mission in the Sudan"
    assert named["MINURSO"].endswith("in Western Sahara")
    assert named["LBB"] == "LBB: UN Logistics Base in Brindisi"
    assert all(": " in name or any(map(str.islower, key)) for key, name in named.items())
    assert set(named) == set(why_tab.lookup.missions())


def test_weights_are_those_of_the_run_that_is_told():
    found = why_tab.find(View().resolved(), "JPN", "UNMIS", runs=12)
    drawn = {tuple(found.in_run(run).weights.values()) for run in range(12)}
    assert len(drawn) > 1


@pytest.mark.slow
def test_what_the_settings_are_compared_with():
    from viz.web.tabs import compare_tab

    assert compare_tab.chosen(View()) == compare_tab.EXAMPLE
    assert compare_tab.chosen(View(scenario="alliance-surge")) == "historical"
    moved = View(values=(("un_demand", 0.5),), runs=3)
    assert compare_tab.chosen(moved) == compare_tab.UNMOVED
    found = compare_tab.compared(moved)
    assert (found.base, found.others) == ("historical", ["historical (changed)"])
    example = compare_tab.compared(View(runs=2))
    assert (example.base, example.others) == ("historical", [compare_tab.EXAMPLE])


@pytest.mark.slow
def test_every_question_of_what_if_is_answered_beside_history():
    from viz.text import wording
    from viz.web.tabs import compare_tab

    for question, scenario, values in wording.WHAT_IFS:
        view = View(scenario=scenario, values=values, runs=20)
        assert compare_tab.chosen(view) in ("historical", compare_tab.UNMOVED), question
        assert compare_tab.differs(compare_tab.compared(view)), question


@pytest.mark.slow
def test_a_grid_has_the_numbers_of_the_command_line():
    from viz.web.tabs import sweep_tab

    scenario = View(end="1996-12").resolved()
    table = sweep_tab.grid(scenario, "un_demand", "public_support", 4, 1)
    assert len(table) == 25 * 2 * 3 * 3
    x, y = sweep_tab.steps("un_demand")[1], sweep_tab.steps("public_support")[3]
    own = table[(table["x"] == f"{x:g}") & (table["y"] == f"{y:g}")].set_index("outcome")["value"]
    result = pk.run(
        "historical", runs=4, end="1996-12", settings={"un_demand": x, "public_support": y}
    )
    people = result.series.query(
        "state == 'KOR' and framework == 'un' and kind == 'all' and variable == 'personnel'"
    )
    assert own["KOR.un.mean"] == pytest.approx(people["value"].sum() / 4 / 74)
    assert own["KOR.un.peak"] == pytest.approx(people.groupby("run")["value"].max().sum() / 4)


@pytest.mark.slow
def test_a_stored_sweep_is_opened_and_anything_else_refused_in_a_sentence(tmp_path, monkeypatch):
    from scenarios.sweeps.sweep import sweep as run_sweep
    from tests.support.sweep_design import write_design
    from viz.web.tabs import stored_sweep_tab

    monkeypatch.setenv(stored_sweep_tab.FOLDERS, str(tmp_path))
    run_sweep(write_design(tmp_path, runs=4, threats=6), tmp_path / "out")
    found = stored_sweep_tab.opened(str(tmp_path / "out"))
    assert found.outcomes["japan_units"] == "Japan's units in UN missions"
    assert {"tornado-japan_units", "indices-japan_units"} <= set(found.figures)
    assert b"home_threat" in found.figures["tornado-japan_units"].csv()
    with pytest.raises(InputError, match="holds no sweep"):
        stored_sweep_tab.opened(str(tmp_path))
    (tmp_path / "out" / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="not valid JSON"):
        stored_sweep_tab.opened(str(tmp_path / "out"))
    monkeypatch.setenv(stored_sweep_tab.FOLDERS, str(tmp_path / "elsewhere"))
    with pytest.raises(InputError, match="outside the folder"):
        stored_sweep_tab.opened(str(tmp_path / "out"))


def test_the_browser_is_sent_only_columns_that_are_drawn(moved):
    page = explore_tab.people_figure(moved, "un", "all", "JPN")
    assert page is not None
    sent = set(page.tables["behind"][0])
    assert {"state", "month", "lower", "upper", "median", "recorded"} <= sent
    assert not sent & {"seeds", "runs", "unit"}
    assert b"seeds" in page.csv()


def test_the_fit_marks_the_years_held_out_and_survives_without_a_report(tmp_path, monkeypatch):
    from viz.web.tabs import fit_tab

    fit_tab.report.cache_clear()
    found = fit_tab.report()
    assert found is not None and "Known misfits" in found.sections
    table = pd.read_csv(io.BytesIO(found.held_out.csv()))
    ahead = table[table["median"].notna()]
    assert int(found.numbers["origin"][:4]) + 1 == ahead["year"].min()
    assert (table[table["year"] < ahead["year"].min()]["median"]).isna().all()
    (tmp_path / "tutorials").mkdir()
    for place in ((tmp_path,), (tmp_path / "nowhere",)):
        monkeypatch.setattr(shipped_documents, "PLACES", place)
        fit_tab.report.cache_clear()
        assert fit_tab.report() is None
    fit_tab.report.cache_clear()


def test_misfits_are_told_in_words_and_whole_people_as_in_the_report():
    from viz.text.misfit_text import HEADING, section
    from viz.web.tabs import fit_tab

    found = fit_tab.report()
    assert found is not None
    tables = [pd.DataFrame(found.numbers[one]) for one in ("known", "misfits", "sorts")]
    assert found.sections[HEADING] == section(*tables)
    with speaking("ja"):  # marked as English, it is English throughout
        other = fit_tab.report()
        assert other is not None and other.sections[HEADING] == found.sections[HEADING]
    listed = found.sections[HEADING].split("lost most to persistence")[1]
    assert not re.search(r"\b[A-Z]{3},? (\||and|[A-Z]{3})", listed)
    assert not re.search(r"\d\.\d{3}", listed)
    assert "people at the origin" in listed and " to " in listed


def test_the_wheel_carries_what_the_report_is_shown_from():
    project = tomllib.loads((shipped_documents.VIZ.parent / "pyproject.toml").read_text())["tool"]
    carried = project["setuptools"]["package-data"]["viz.docs"]
    place = shipped_documents.folder()
    found = {path.relative_to(place) for pattern in carried for path in place.glob(pattern)}
    pictures = re.findall(r"\]\((figures/.*?)\.svg\)", (place / "validation.md").read_text())
    assert len(pictures) == 4
    for name in ("validation.json", "validation.md", "figures/validation-bands.csv"):
        assert Path(name) in found
    assert {Path(f"{name}.svg") for name in pictures} <= found


def test_when_the_last_visitor_has_left_nothing_computed_is_kept(moved):
    key = "x"
    computation._remember(key, moved)
    computation.forget()
    assert computation._remembered(key) is None
    assert len(computation._worlds) <= 1


def test_no_more_is_kept_than_so_many_bytes(moved, monkeypatch):
    monkeypatch.setattr(computation, "BYTES_KEPT", 2 * moved.size)
    for number in range(5):
        computation._remember(str(number), moved)
    kept = [number for number in range(5) if computation._remembered(str(number)) is not None]
    assert kept == [3, 4]
    computation.forget()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("other", "same"), [({}, True), ({"levers": {"home_threat": 3.0}}, False)])
def test_a_comparison_offers_its_brief_whether_anything_differs_or_not(other, same, monkeypatch):
    monkeypatch.setattr(jobs, "visitor", lambda stop: ("one", lambda: True))
    short = {"period": {"start": "1992-01", "end": "1993-12"}}
    found = pk.compare(short, {**short, **other}, runs=6)
    assert compare_tab.differs(found) != same
    _, context = solara.render(
        compare_tab.Compared(found, View(), lambda **changes: None), handle_error=False
    )
    (button,) = [
        one.widget for one in context.find(ipyvuetify.Btn) if "pk-brief" in str(one.widget.class_)
    ]
    assert button.children == [wording.BRIEF_MAKE]
    assert any(compare_tab.written(made, "html") for made in [of_comparison(found, "en")])
