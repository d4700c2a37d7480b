"""Comparisons: paired with common random numbers, exact where nothing differs, and told with
reasons."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.documented_decisions import known_cases
from model.errors import InputError
from scenarios.comparison.compare import compare
from scenarios.comparison.comparison_result import Comparison, read_comparison
from scenarios.comparison.divergence_causes import CAUSES, CLASSES, FINDING, first_cause
from scenarios.comparison.expectations import Examination, table
from scenarios.comparison.outcome_window import TOUR
from scenarios.definition import library
from scenarios.definition.loader import parse
from scenarios.file_format.outcome_catalogue import MEASURES
from scenarios.file_format.schema import Expectation, Scenario
from scenarios.running.exact_counts import Tally
from scenarios.running.result import read
from scenarios.running.result_folder import COMPARISON
from scenarios.running.run import run
from scenarios.running.run_options import FORMATS, Format
from viz.text import answer_text, comparison_text, divergence_text
from viz.text.comparison_text import first_screen
from viz.text.number_text import often, rule

RUNS = 30
NUMBERS = ["mean", "median", "low80", "high80", "low95", "high95"]

PLAIN = """title = "A period"
question = "What is sent?"
references = ["test"]
baseline = "historical"

[period]
start = "1990-11"
end = "2016-12"
"""
EARLY = (
    PLAIN
    + """
[[events]]
type = "move"
reform = "KPKA2010"
month = "2000-01"
"""
)
WITHOUT = (
    PLAIN
    + """
[[events]]
type = "repeal"
instruments = ["JPN-PKO92-A1"]
month = "2009-06"
"""
)


def scenario(text: str, name: str) -> Scenario:
    return parse(text, f"{name}.toml")


@pytest.fixture(scope="module")
def plain() -> Scenario:
    return scenario(PLAIN, "plain")


@pytest.fixture(scope="module")
def without() -> Scenario:
    return scenario(WITHOUT, "without")


@pytest.fixture(scope="module")
def both(plain: Scenario, without: Scenario) -> Comparison:
    """Two scenarios compared with a third, one of them the same."""
    return compare(plain, plain, without, scenario(EARLY, "early"), runs=RUNS)


def of(comparison: Comparison, table: str, other: str) -> pd.DataFrame:
    found: pd.DataFrame = getattr(comparison, table)
    return found[found["scenario"] == other]


def test_a_scenario_beside_itself_differs_in_nothing(both: Comparison) -> None:
    same = of(both, "differences", "plain (2)")
    assert len(same) > 1000
    assert (same[[*NUMBERS, "error", "up", "down", "detectable"]] == 0).all().all()
    assert (same["equal"] == 1).all() and same["enough"].all()
    assert (same["base"] == same["other"]).all()
    for name in ("divergences", "changes", "moments"):
        assert of(both, name, "plain (2)").empty


def test_a_state_that_decides_in_one_decides_in_all(plain: Scenario) -> None:
    """It would be as recorded in the other, and differ by that alone."""
    ghana = plain.changed(deliberating=["JPN", "KOR", "GHA"])
    found = compare("historical", ghana, runs=2, start="2012-01", end="2013-12")
    assert (found.differences["equal"] == 1).all()
    assert "GHA" in set(found.differences["state"])


def test_a_file_that_changes_nothing_is_its_baseline_and_says_what_else_it_assumes(
    plain: Scenario,
) -> None:
    same = compare("historical", plain, runs=4, start="2012-01", end="2018-12")
    assert (same.differences["equal"] == 1).all()
    assert "Mind" not in first_screen(same)
    other = scenario('afterwards = "deliberate"\n' + PLAIN, "other")
    apart = compare("historical", other, runs=4, start="2012-01", end="2018-12")
    assert "Note that afterwards is 'deliberate' here" in first_screen(apart)


def test_before_the_first_change_both_histories_agree_exactly(both: Comparison) -> None:
    changed = of(both, "differences", "without")
    before = changed[changed["year"].str.isdigit() & (changed["year"] < "2009")]
    after = changed[changed["year"].str.isdigit() & (changed["year"] >= "2009")]
    assert (before["equal"] == 1).all() and (before["mean"] == 0).all()
    assert (after["equal"] < 1).any()
    assert of(both, "divergences", "without")["month"].min() >= "2009-06"
    assert of(both, "moments", "without")["month"].min() >= "2009-06"


def test_a_repealed_permission_is_named_where_it_shuts_out_a_unit(both: Comparison) -> None:
    own = of(both, "changes", "without")
    lawful = own[(own["cause"] == "law") & own["other_answer"].str.contains("law")]
    assert (lawful["state"] == "JPN").all() and len(lawful)
    assert lawful["detail"].str.contains("JPN-PKO92-A1").all()
    where = of(both, "divergences", "without")
    assert "UNMISS" in set(where["mission"])
    korea = own[own["state"] == "KOR"]  # feels the law of Japan only in the room left to it
    assert set(korea["class"]) <= {"asked", "others", "value", "congestion"}


def test_a_shorter_lead_time_is_put_down_to_its_provision(both: Comparison) -> None:
    own = of(both, "changes", "early")
    earlier = own[(own["cause"] == "law") & (own["delta"] < 0)]
    assert len(earlier) and (earlier["detail"] == "KOR-PKA-3").all()
    assert (earlier["other_arrives"] < earlier["base_arrives"]).all()


def test_the_order_of_scenarios_only_turns_the_signs(
    both: Comparison, plain: Scenario, without: Scenario
) -> None:
    turned = compare(without, plain, runs=RUNS, threads=1)
    keys = ["variable", "state", "framework", "kind", "year"]
    left = of(both, "differences", "without").set_index(keys)
    right = turned.differences.set_index(keys).reindex(left.index)
    assert len(left) == len(turned.differences)
    for name in ("mean", "median"):
        np.testing.assert_array_equal(left[name], -right[name])
    for low, high in (("low80", "high80"), ("low95", "high95"), ("up", "down")):
        sign = 1 if low == "up" else -1
        np.testing.assert_array_equal(left[low], sign * right[high])
        np.testing.assert_array_equal(left[high], sign * right[low])
    swapped = {"base_answer": "other_answer", "other_answer": "base_answer"}
    answers = ["state", "mission", "month", "kind", "base_answer", "other_answer"]
    one = of(both, "changes", "without").groupby(answers)["share"].sum()
    two = turned.changes.rename(columns=swapped).groupby(answers)["share"].sum()
    pd.testing.assert_series_equal(one, two)


def test_neither_threads_nor_other_scenarios_change_a_comparison(
    both: Comparison, plain: Scenario, without: Scenario
) -> None:
    alone = compare(plain, without, runs=RUNS, threads=1)
    for name in COMPARISON:
        mine = of(both, name, "without").reset_index(drop=True)
        theirs = of(alone, name, "without").reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, theirs, check_exact=True)


def test_the_missions_add_up_to_the_difference_of_the_state(both: Comparison) -> None:
    table = both.differences
    people = (table["variable"] == "personnel") & (table["kind"] == "all")
    whole = table[people & (table["framework"] == "all") & (table["year"] == "all")]
    states = whole.set_index(["scenario", "state"])["mean"]
    parts = both.divergences.groupby(["scenario", "state"])["people"].sum()
    np.testing.assert_allclose(parts, states.reindex(parts.index), atol=1e-9)
    assert abs(parts.loc["without", "JPN"]) > 1


def test_the_average_from_a_year_on_is_that_of_its_months(both: Comparison) -> None:
    table = of(both, "differences", "without")
    own = table[
        (table["variable"] == "personnel")
        & (table["kind"] == "all")
        & (table["state"] == "JPN")
        & (table["framework"] == "un")
    ].set_index("year")["mean"]
    later = own.reindex([str(year) for year in range(2010, 2017)])
    assert own["from 2010"] == pytest.approx(later.mean())
    assert (
        both.summary()
        .query("scenario == 'without' and state == 'JPN'")["year"]
        .eq("from 2009")
        .all()
    )


def test_the_answer_comes_first_with_figures_of_the_runs_and_the_misfit_of_the_record(
    both: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = first_screen(both).splitlines()
    own = both.summary().query("scenario == 'without' and state == 'JPN' and framework == 'un'")
    row = own.iloc[0]
    (line,) = [one for one in told if one.startswith("Under “A period”, Japan")]
    match = re.search(r"about ([\d,]+) fewer people in UN missions from (\d+) to 2016", line)
    assert match and int(match[1].replace(",", "")) == float(f"{-row['mean']:.2g}")
    assert f"from {match[2]}" == row["year"]
    assert f"to {float(format(-row['low80'], '.2g')):,.0f} fewer)" in line
    top = of(both, "divergences", "without").iloc[0]
    assert top["mission"] in line and "through the law (JPN-PKO92-A1)" in line
    same = answer_text.answer(both, "plain (2)")
    assert same.endswith("no state would have other personnel in any month of any run.")
    cases = (
        known_cases.KnownCase("Korea far off", "KOR", (top["mission"],), 0.9, "at most 0.1", 200),
        known_cases.KnownCase("Japan elsewhere", "JPN", ("Nowhere",), 0.1, "at least 0.9", 200),
        known_cases.KnownCase("Japan there", "JPN", (top["mission"],), 0.27, "at least 0.7", 200),
    )
    monkeypatch.setattr(known_cases, "wrong", lambda: cases)
    assert answer_text.answer(both, "without").endswith(
        "known to be wrong about “Japan there” (true in 27% of its runs, should be at least 70%)."
    )
    monkeypatch.setattr(known_cases, "wrong", lambda: cases[:1])
    assert answer_text.answer(both, "without").endswith(
        answer_text.NO_CASE.format(state="Japan") + "."
    )


def test_reasons_say_where_and_why_and_every_effect_how_many_runs_it_needs(
    both: Comparison,
) -> None:
    told = comparison_text.reasons(both)
    own = told.split("\nwithout\n")[1].split("\nearly\n")[0]
    assert "Japan: " in own and "fewer people in UN missions" in own
    assert "Law: no permission / JPN-PKO92-A1 (PKO Act" in own
    assert re.search(r"Share of the change by first cause: the law \d+%", own)
    same = told.split("\nplain (2)\n")[1].split("\nwithout\n")[0]
    assert "Japan: no difference in any year of any run." in same
    (enough,) = comparison_text.sufficiency(both)
    short = pd.concat(comparison_text.effects(both, o, s) for o in both.others for s in both.states)
    short = short[~short["enough"]]
    assert len(short) and enough.count(" needs ") == len(short)
    for row in short.to_dict("records"):
        assert f"needs {row['runs_needed']:,.0f}" in enough


def test_a_mission_of_one_history_is_no_matter_of_law() -> None:
    """The reader would think that a law kept a state out of a mission that does not exist there."""
    found = compare("asian-regional-framework/listed-2027", runs=2)
    there = found.changes[found.changes["mission"] == "Asian framework mission"]
    assert len(there) and (there["class"] == "asked").all()


@pytest.mark.parametrize(
    ("cause", "detail", "wanted"),
    [
        ("choice", "congestion", "congestion"),
        ("capacity", "ready personnel", "congestion"),
        ("choice", FINDING, "site"),
        ("choice", "risk", "value"),
        ("call", "", "asked"),
        ("request", "", "asked"),
        ("law", "JPN-PKO92-A1", "law"),
    ],
)
def test_causes_have_one_class_each(cause: str, detail: str, wanted: str) -> None:
    assert first_cause(cause, detail) == wanted
    assert {first_cause(one, "") for one in CAUSES} <= set(CLASSES)


def test_a_dated_withdrawal_is_told_as_what_the_scenario_decides() -> None:
    event = {"type": "withdraw", "month": "2026-10", "state": "JPN", "mission": "CTF-151"}
    found = compare("continued", {"title": "Home", "events": [event]}, runs=3, end="2028-12")
    own = found.divergences.query("state == 'JPN' and mission == 'CTF-151'")
    assert set(own["cause"]) == {"decided"} and set(own["class"]) == {"decided"}
    assert "through what the scenario itself decides" in answer_text.answer(found, found.others[0])


@pytest.mark.parametrize(
    ("state", "kind", "people"),
    [("JPN", "engineer", 350), ("KOR", "engineer", 270)],  # nobody is there; people are there
)
def test_a_dated_deployment_comes_before_the_decisions_that_follow_it(
    state: str, kind: str, people: int
) -> None:
    deploy = {"type": "deploy", "month": "2027-03", "state": state, "mission": "UNMISS"}
    event = deploy | {"kind": kind, "people": people}
    plain = library.find("continued").model_dump(mode="json", exclude={"variants", "events"})
    sent = Scenario.model_validate(plain | {"events": [event]}).named("sent")
    found = compare("continued", sent, runs=4, end="2030-12")
    (row,) = found.divergences.query(f"state == '{state}' and mission == 'UNMISS'").to_dict(
        "records"
    )
    assert row["cause"] == "decided" and row["share"] == row["cause_share"] == 1
    assert row["month"] == "2027-03" and row["kind"] == kind
    assert row["other_answer"] == "in the field by the scenario's decision"
    assert row["base_answer"] == "what it decides itself"
    assert row["other_people"] == people and row["framework"] == "un"
    told = answer_text.answer(found, found.others[0])
    assert "UNMISS, through what the scenario itself decides;" in told
    back = compare(sent, "continued", runs=4, end="2030-12").divergences
    (turned,) = back.query(f"state == '{state}' and mission == 'UNMISS'").to_dict("records")
    assert turned["base_answer"] == row["other_answer"] and turned["people"] == -row["people"]


def test_new_missions_count_as_what_they_are_in_each_run() -> None:
    found = compare("continued", "decentralisation", runs=12, end="2031-12")
    table = found.differences
    people = (table["variable"] == "personnel") & (table["kind"] == "all")
    whole = table[people & (table["framework"] != "all") & (table["year"] == "all")]
    groups = whole.set_index(["state", "framework"])["mean"]
    parts = found.divergences.groupby(["state", "framework"])["people"].sum()
    np.testing.assert_allclose(parts.reindex(groups.index, fill_value=0.0), groups, atol=1e-9)
    assert groups["KOR", "coalition"] > 1 and groups["KOR", "un"] < -0.5
    (row,) = found.summary().query("state == 'KOR' and framework == 'coalition'").to_dict("records")
    behind = answer_text.moving(found, found.others[0], row)
    assert (behind["people"] > 0).all() and (behind["framework"] == "coalition").all()
    told = " ".join(divergence_text.divergences(found, found.others[0]))
    assert re.search(r"New mission \d{4}-\d\d \(coalitions\), Korea", told)


def test_a_mission_that_hardly_moves_anybody_is_no_source_of_a_change(both: Comparison) -> None:
    row = answer_text.largest(both, "without")
    assert row is not None
    top, following = answer_text.moving(both, "without", row).index[:2]

    def told(part: float) -> str:
        table = both.divergences.copy()
        table.loc[table.index != top, "people"] = 0.0
        table.loc[following, "people"] = part * table.loc[top, "people"]
        return answer_text.answer(replace(both, divergences=table), "without")

    name = str(both.divergences.loc[following, "mission"])
    source = "from UNMISS and " + name
    assert source in told(0.5) and source not in told(0.05)


@pytest.mark.parametrize(
    ("side", "detail", "words", "more"),
    [
        ("host", "host_ties", "stakes with the host, on whose side the operation is", True),
        ("other_side", "other_side", "stakes with the side that the operation is", False),
    ],
)
def test_ties_are_told_apart_by_whom_they_are_with(
    side: str, detail: str, words: str, more: bool
) -> None:
    ties = {"type": "ties", "month": "2026-09", "state": "KOR", "mission": "UNMISS", "level": 1.0}
    tied = {"title": "Tied", "events": [ties | {"side": side}]}
    found = compare("continued", tied, runs=12, end="2031-12")
    own = found.divergences.query("mission == 'UNMISS' and cause == 'choice'")
    assert set(own["detail"]) == {detail} and ((own["delta"] > 0) == more).all()
    assert all(words in divergence_text.because(row, {}) for row in own.to_dict("records"))


def test_a_reason_of_zero_is_told_as_the_threshold_and_one_run_as_one(both: Comparison) -> None:
    row = both.divergences.iloc[0].to_dict()
    row |= {
        "cause": "choice", "detail": "risk", "delta": 0.001, "base_chance": 0.631,
        "other_chance": 0.6312, "share": 0.005, "cause_share": 1.0,
    }  # fmt: skip
    told = divergence_text.divergence(row, {}, 200)
    assert "in 1 of 200 runs" in told and "0%" not in told
    assert "by less than 0.01; the draw lay at the threshold" in told and "+0.00" not in told
    told = divergence_text.divergence(row | {"delta": 0.012, "share": 0.5}, {}, 200)
    assert "in 50% of the runs" in told and "(+0.01); the draw lay at the threshold" in told
    assert "acceptance 63% to 75%" in divergence_text.because(row | {"other_chance": 0.75}, {})
    assert (often(0.005, 200), often(0.0, 200), often(0.25, 8)) == ("1 of 200", "0%", "25%")


def test_trifles_are_left_out_by_a_stated_rule_and_counted(both: Comparison) -> None:
    from viz.text import comparison_text as told
    from viz.text import divergence_text

    table = both.differences.copy()
    where = (table["scenario"] == "without") & (table["state"] == "KOR")
    table.loc[where, ["mean", "base", "equal", "error"]] = [0.4, 400.0, 0.9, 0.01]
    changed = replace(both, differences=table)
    (line,) = [one for one in told.headlines(changed, "without") if one.startswith("Korea")]
    assert (
        "no difference except, " in line
        and "changes below 0.5 people" in line
        and "5% of the base" in line
    )
    rows, left = told.worth_telling(changed)
    whole = changed.summary().query("framework != 'all'")
    assert left == f"{len(whole) - len(rows)} rows left out: {rule()}."
    assert not ((rows["scenario"] == "without") & (rows["state"] == "KOR")).any()
    table.loc[where, "base"] = 4.0  # the tenth of four officers is no trifle
    (line,) = [one for one in told.headlines(changed, "without") if one.startswith("Korea")]
    assert "0.4 more people" in line
    moved = int((of(both, "divergences", "without")["people_moved"] > 0).sum())
    shown = len(divergence_text.divergences(both, "without", 1))
    assert f"In {moved - shown} other missions" in divergence_text.slighter(both, "without", 1)


EXPECTING = (
    EARLY
    + """
[[expect]]
variable = "lead_time"
state = "KOR"
start = "2000-01"
direction = "down"
finding = "It does not fall."

[[expect]]
state = "KOR"
end = "1998-12"
direction = "up"

[[expect]]
variable = "answers"
direction = "zero"
low = -500

[[expect]]
variable = "ever"
of = "level"
state = "DEU"
direction = "unsigned"
low = 0.5

[[expect]]
start = "2014-01"
direction = "up"
"""
)


def test_expectations_are_judged_as_for_the_library_from_the_runs_of_the_comparison() -> None:
    mine = scenario(EXPECTING, "mine")
    found = compare(mine, runs=12, seed=3, end="2012-12")
    inside = mine.changed(
        period=mine.period.model_copy(update={"end": "2012-12"}), expect=mine.expect[:3]
    )
    wanted = table(Examination(12, 3).findings(inside)).assign(scenario="mine")
    rows = found.expectations
    pd.testing.assert_frame_equal(rows[:3], wanted[rows.columns], check_exact=True)
    # neither a state that is not compared nor months outside can be shown
    assert rows["runs"].tolist()[3:] == [0, 0]
    assert rows["verdict"].tolist()[1:] == ["inconclusive", "holds", "inconclusive", "inconclusive"]
    assert compare("historical", mine.changed(expect=[]), runs=1, end="2016-12").expectations.empty


def test_assignments_and_people_sent_are_counted_over_the_months() -> None:
    text = PLAIN.replace("2016-12", "1999-12")
    for variable in ("assignments", "people_sent", "entries"):
        text += (
            f'\n[[expect]]\nvariable = "{variable}"\nof = "level"\nstate = "JPN"\ngroup = "un"\n'
            'kind = "transport"\ndirection = "unsigned"\nlow = 0\n'
        )
    missions, sent, entries = table(Examination(6, 1).findings(scenario(text, "mine")))["mean"]
    assert 0 < missions <= entries
    whole = run("historical", runs=6, end="1999-12").series.query(
        "state == 'JPN' and framework == 'un' and kind == 'transport' and variable == 'personnel'"
    )
    tours = whole["value"].sum() / 6 / TOUR  # person-months of a run, in tours
    rounding = 1e-9  # the two sums are taken in another order
    assert tours - rounding <= sent <= tours + rounding + 100 * entries


def test_one_alone_is_compared_over_its_own_months_and_states() -> None:
    mine = scenario(EXPECTING, "mine").changed(deliberating=["JPN", "VNM"])
    found = compare(mine, runs=2)
    assert found.manifest["frame"] == {
        "start": "1990-11", "end": "2016-12", "states": ["JPN", "VNM"]
    }  # fmt: skip
    assert found.base == "historical" and len(found.expectations) == 5
    assert found.manifest["program"]["command"][:3] == ["peacekeeping", "compare", "mine"]
    # named beside it, the base has the same states deciding
    named = compare("historical", mine, runs=1, end="2016-12")
    assert named.manifest["frame"]["states"] == ["JPN", "KOR", "VNM"]
    assert len(named.expectations) == 5


def test_decades_of_missions_to_come_are_compared() -> None:
    found = compare("asian-regional-framework/listed-2027", runs=2)
    assert found.manifest["frame"]["end"] == "2035-12" and len(found.divergences)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "holds: personnel, of Korea: expected up; found +2.5 people (95%: −0.5 to 0)."),
        ({"finding": "It falls."}, "holds: .* The file found otherwise: It falls."),
        ({"verdict": "inconclusive"}, "inconclusive with 30 runs: personnel, of Korea"),
        ({"runs": 0}, "cannot be shown: personnel, .* no run covers it within this comparison."),
        ({"verdict": "contradicted", "finding": "It falls."}, "does not hold: .*0[)]. It falls."),
        ({"verdict": "contradicted"}, "does not hold: .* no finding to explain it."),
        (
            {"of": "level", "high": 3.0, "direction": "unsigned"},
            "holds: .* expected level at most 3; found 2.5 people",
        ),
    ],
)
def test_each_expectation_is_told_with_its_verdict(change: dict[str, object], words: str) -> None:
    from viz.text.comparison_text import expectation

    row = {
        "unit": "people", "mean": 2.5, "low": -0.5, "high": 0.0, "runs": 30, "verdict": "holds",
        "finding": "",
    }  # fmt: skip
    asked = {name: change[name] for name in ("of", "high", "direction") if name in change}
    one = Expectation.model_validate({"direction": "up", "state": "KOR", **asked})
    told = expectation(row | change, one)
    assert re.match(words if ".*" in words else re.escape(words), told)


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_an_expectation_is_told_whole_in_another_language(language: str) -> None:
    from viz.language.spoken import speaking
    from viz.text import wording
    from viz.text.comparison_text import expectation

    row = {
        "unit": "answers", "mean": 0.01, "low": -0.02, "high": 0.04, "runs": 30,
        "verdict": "contradicted", "finding": "It falls, as the file says.",
    }  # fmt: skip
    narrowed = {"group": "coalition", "state": "KOR", "start": "2005-01", "end": "2007-12"}
    assert set(wording.EXPECTED_OUTCOMES) == set(MEASURES)
    for variable, measure in MEASURES.items():
        for more in ({}, {"low": 0.0, "high": 1.0}, {"of": "level", "low": 1.0}):
            for kind in ("all", "units", "engineer"):
                asked = {"variable": variable, "kind": kind, "direction": "down_or_zero"}
                one = Expectation.model_validate(asked | narrowed | more)
                with speaking(language):
                    told = expectation(row | {"unit": measure.unit}, one)
                assert not re.search("[A-Za-z]", told), told


def test_figures_are_drawn_from_the_tables_and_only_where_something_differs(
    both: Comparison, tmp_path: Path
) -> None:
    from viz.charts.fans.comparison_fans import difference_fans, difference_table
    from viz.charts.figures import charts_of_comparison, write_comparison

    names = set(charts_of_comparison(both))
    assert names == {
        f"{what}-{name}" for what in ("difference", "divergences") for name in ("without", "early")
    }
    table = difference_table(both, "without").query("state == 'JPN' and framework == 'un'")
    wide = table.pivot(index="year", columns="view", values="mean")
    np.testing.assert_allclose(wide["other"] - wide["base"], wide["difference"], atol=1e-9)
    with pytest.raises(InputError, match="as many people"):
        difference_fans(both, "plain (2)")
    with pytest.raises(InputError, match="there is plain"):
        difference_fans(both, "nowhere")
    small = replace(both, manifest={**both.manifest, "scenarios": both.manifest["scenarios"][:3]})
    drawn = write_comparison(small, tmp_path)
    assert {path.suffix for path in drawn} == {".png", ".svg", ".csv"} and len(drawn) == 6


def test_the_command_prints_and_writes_and_refuses_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from viz.cli.main import call

    file = tmp_path / "mine.toml"
    file.write_text(WITHOUT + EXPECTING[len(EARLY) :], encoding="utf-8")
    out = tmp_path / "out"
    arguments = ["--to", "2012-12", "--runs", "4", "--seed", "0", "--set", "home_threat=1"]
    assert call(["compare", str(file), *arguments, "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "mine compared with historical: 4 paired runs" in shown
    asked = "What mine expects, without the settings of this command:"
    assert shown.index("80% of runs") < shown.index("4 runs are") < shown.index(asked)
    assert "cannot be shown: personnel, 2014-01 to the end: expected up" in shown
    assert "Where and why runs diverge" in shown and "difference-mine" in shown
    again = read_comparison(out)
    assert again.manifest["overrides"]["settings"] == {"home_threat": 1.0}
    assert (out / "figures" / "divergences-mine.png").exists()
    for arguments, words in (
        (["historical"], "names no baseline"),
        (["historical", "historcal"], "'historical'"),
        (["historical", "historical", "--runs", "0"], "runs = 0"),
        (["historical", "historical", "--format", "xls"], "parquet, csv"),
    ):
        assert call(["compare", *arguments]) == 2
        told = capsys.readouterr().err
        assert words in told and told.count("\n") == 1


@settings(max_examples=60)
@given(
    st.integers(1, 40).flatmap(
        lambda runs: st.lists(
            st.lists(st.integers(-6, 6), min_size=3, max_size=3), min_size=runs, max_size=runs
        )
    ),
    st.integers(1, 7),
)
def test_counts_add_up_however_the_runs_are_cut(rows: list[list[int]], step: int) -> None:
    values = np.array(rows)
    whole, cut = Tally(), Tally()
    whole.add(values)
    for first in range(0, len(values), step):
        cut.add(values[first : first + step])
    found, other = whole.statistics(), cut.statistics()
    assert found.mean.tolist() == other.mean.tolist() == values.mean(axis=0).tolist()
    assert found.deviation.tolist() == other.deviation.tolist()
    np.testing.assert_allclose(found.deviation, values.std(axis=0, ddof=min(1, len(values) - 1)))
    np.testing.assert_array_equal(found.up, (values > 0).mean(axis=0))
    np.testing.assert_array_equal(found.down, (values < 0).mean(axis=0))
    for level in (0.8, 0.95):
        assert found.lower[level].tolist() == other.lower[level].tolist()
        below = (values <= found.lower[level]).mean(axis=0)
        strictly = (values < found.lower[level]).mean(axis=0)
        assert (below >= (1 - level) / 2 - 1e-9).all()
        assert (strictly <= (1 - level) / 2 + 1e-9).all()
    np.testing.assert_array_equal(
        found.lower[0.8],
        np.quantile(values, (1 - 0.8) / 2, axis=0, method="inverted_cdf"),
    )


def test_the_runs_needed_are_those_that_would_tell_the_effect_from_zero() -> None:
    tally = Tally()
    tally.add(np.array([[4, 0], [0, 0], [4, 0], [0, 0]]))
    found = tally.statistics()
    assert found.mean.tolist() == [2, 0] and found.median.tolist() == [2, 0]
    assert found.deviation[0] == pytest.approx(np.sqrt(16 / 3))


@pytest.mark.parametrize("format", FORMATS)
def test_a_comparison_reads_back_as_it_was_written(
    both: Comparison, plain: Scenario, without: Scenario, tmp_path: Path, format: Format
) -> None:
    stored = compare(plain, without, runs=3, out=tmp_path / "out", format=format)
    again = read_comparison(tmp_path / "out")
    assert again.base == "plain" and again.others == ["without"] and again.runs == 3
    for name in COMPARISON:
        pd.testing.assert_frame_equal(
            getattr(stored, name), getattr(again, name), check_dtype=False
        )
    assert stored.manifest == again.manifest
    assert str(tmp_path) not in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="comparison"):
        read(tmp_path / "out")
    (tmp_path / "out" / f"divergences.{format}").write_bytes(b"x")
    with pytest.raises(InputError, match="divergences"):
        read_comparison(tmp_path / "out")
    (tmp_path / "out" / "manifest.json").unlink()
    with pytest.raises(InputError, match="no complete result"):
        read_comparison(tmp_path / "out")


def test_no_runs_or_other_periods_are_refused(plain: Scenario) -> None:
    with pytest.raises(InputError, match="1990-11 to 2023-12.*--from and --to"):
        compare(plain, "historical", runs=2)
    with pytest.raises(InputError, match="runs = 0"):
        compare(plain, plain, runs=0)


def test_a_scenario_with_variants_is_compared_as_each_of_them() -> None:
    """What they share would change nothing here, and say so of all of them."""
    found = compare("gaza-force", runs=2)
    assert (found.base, found.others) == ("continued", ["gaza-force/rafah", "gaza-force/egypt"])
    assert found.manifest["program"]["command"][:3] == ["peacekeeping", "compare", "gaza-force"]
    beside = compare("continued", "gaza-force", runs=1, end="2030-12")
    assert beside.others == found.others
    with pytest.raises(InputError, match=r"name one: gaza-force/rafah, gaza-force/egypt$"):
        compare("gaza-force", "continued", runs=1)


def test_more_variants_than_are_compared_at_once_are_listed(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    variants = [f"[variants.v{n}]\ntitle = 'V'\nlevers.home_threat = 1.{n}\n" for n in range(1, 10)]
    mine.write_text("title = 'T'\nbaseline = 'historical'\n" + "".join(variants))
    with pytest.raises(InputError, match=rf"9 variants, .* {mine}/v1, .*/v9$"):
        compare(mine, runs=1)


@pytest.mark.parametrize(
    ("month", "end", "base"),
    [("1992-01", "1992-12", "historical"), ("2027-01", "2027-12", "continued")],
)
def test_a_scenario_that_names_no_baseline_is_compared_with_that_of_its_time(
    month: str, end: str, base: str
) -> None:
    event = {"type": "threat", "month": month, "state": "JPN", "change": 1.0}
    expected = {"variable": "home_threat", "state": "JPN", "start": month, "direction": "up"}
    found = compare({"events": [event], "expect": [expected]}, runs=1, end=end)
    assert found.base == base and len(found.expectations) == 1
    assert first_screen(found).startswith(f"own compared with {base}: ")
    with pytest.raises(InputError, match="continued names no baseline"):
        compare("continued", runs=1)


def test_a_setting_that_acts_on_both_sides_alike_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    short: Any = {"start": "2010-01", "end": "2010-12"}
    warning = "what is set acts on every scenario of a comparison, the baseline too"
    compare("historical", "historical", runs=1, settings={"militarisation": 1}, **short)
    told = capsys.readouterr().err
    assert told.count(warning) == 1 and told.startswith("militarisation: ")
    other = {"levers": {"home_threat": 1.5}}
    compare("historical", other, runs=1, settings={"militarisation": 1}, **short)
    compare("historical", "historical", runs=1, **short)
    assert warning not in capsys.readouterr().err
    compare("historical", other, runs=1, settings={"home_threat": 1.5}, **short)
    assert warning in capsys.readouterr().err
