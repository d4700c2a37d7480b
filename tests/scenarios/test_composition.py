"""Scenarios put together, and the commands that list and combine them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from model.coverage import world_end
from model.errors import InputError
from model.months import month_number, month_text
from scenarios.definition import event_types, library
from scenarios.definition.composition import compose
from scenarios.definition.loader import parse
from scenarios.studies.outlook import outlook
from scenarios.studies.outlook_axes import moved
from scenarios.studies.outlook_spread import spread
from viz.cli.main import call

HEAD = """title = "{title}"
question = "Q"
references = ["R"]
[period]
start = "2000-01"
end = "2005-12"
"""


def made(name: str, text: str = "") -> object:
    return parse(HEAD.format(title=name) + text, f"{name}.toml")


def test_the_changes_of_one_scenario_come_on_top_of_another() -> None:
    whole = library.find("korea-act-in-2000/standing-unit+alliance-surge")
    parts = [library.find(name) for name in ("korea-act-in-2000/standing-unit", "alliance-surge")]
    assert whole.name == "korea-act-in-2000/standing-unit+alliance-surge"
    assert list(whole.events) == [*parts[0].events, *parts[1].events]
    assert whole.baseline == "korea-act-in-2000/standing-unit"
    assert set(whole.references) == {*parts[0].references, *parts[1].references}


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("[levers]\nhome_threat = 3", "[levers]\nhome_threat = 2", "home_threat is 3 in the one"),
        (
            "[[events]]\ntype='threat'\nmonth='2001-01'\nstate='JPN'\nchange=1",
            "[[events]]\ntype='threat'\nmonth='2002-01'\nstate='all'\nchange=2",
            "b, event 1: the event overlaps with that in a, event 1",
        ),
        (
            "[[events]]\ntype='repeal'\nmonth='2001-01'\nreform='PKO1992'",
            "[[events]]\ntype='move'\nmonth='2001-01'\nreform='PKO1992'",
            "contradicts the repeal in a, event 1",
        ),
    ],
)
def test_what_contradicts_is_refused_in_one_sentence(first: str, second: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        compose([made("a", first), made("b", second)])  # type: ignore[list-item]
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_change_after_the_period_of_the_first_is_refused() -> None:
    with pytest.raises(InputError, match="after the end of the period"):
        library.find("alliance-surge+unifil-exit/quiet-offer")


def test_the_command_runs_scenarios_put_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "both"
    line = ["run", "alliance-surge", "--with", "regional-threat", "--runs", "2", "--out", str(out)]
    assert call([*line, "--from", "2006-01", "--to", "2010-12"]) == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenario"]["name"] == "alliance-surge+regional-threat"
    assert len(manifest["scenario"]["events"]) == 3
    assert call(["run", "alliance-surge", "--with", "regional-treat"]) == 2
    assert "did you mean 'regional-threat'" in capsys.readouterr().err


def test_a_comparison_puts_scenarios_on_top_of_all_but_the_base(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    span = ["--from", "2006-01", "--to", "2010-12", "--runs", "2"]
    names = {
        ("historical", "alliance-surge"): ["historical", "alliance-surge+regional-threat"],
        ("alliance-surge",): ["alliance-surge", "alliance-surge+regional-threat"],
    }
    for number, (given, compared) in enumerate(names.items()):
        out = tmp_path / str(number)
        line = ["compare", *given, "--with", "regional-threat", *span, "--out", str(out)]
        assert call(line) == 0
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        assert [one["name"] for one in manifest["scenarios"]] == compared
    assert call(["compare", "historical", "alliance-surge", "--with", "regional-treat"]) == 2
    assert "did you mean 'regional-threat'" in capsys.readouterr().err


def test_levers_outcomes_and_schema_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["scenarios", "levers"]) == 0
    assert "alliance_pressure" in capsys.readouterr().out
    assert call(["scenarios", "levers", "--role", "levr"]) == 2
    assert "did you mean 'lever'" in capsys.readouterr().err
    assert call(["scenarios", "events"]) == 0
    assert "withdraw " in capsys.readouterr().out
    assert call(["scenarios", "events", "request"]) == 0
    told = capsys.readouterr().out
    assert "kind (infantry, engineer," in told and '[[events]]\ntype = "request"' in told
    assert call(["scenarios", "events", "requests"]) == 2
    assert "did you mean 'request'" in capsys.readouterr().err
    assert call(["scenarios", "outcomes"]) == 0
    assert "unit_presence" in capsys.readouterr().out
    assert call(["scenarios", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Scenario"


AXES = """
[axes.law.old]
title = "old"
[axes.law.new]
title = "new"
[axes.threat.low]
title = "low"
[axes.threat.high]
title = "high"
[[axes.threat.high.events]]
type = "threat"
month = "2000-06"
state = "all"
change = 2
"""


def test_an_outlook_has_every_combination_with_bands() -> None:
    table = outlook(made("mine", AXES), runs=3)  # type: ignore[arg-type]
    assert set(zip(table["law"], table["threat"], strict=True)) == {
        ("old", "low"),
        ("old", "high"),
        ("new", "low"),
        ("new", "high"),
    }
    assert set(table["year"]) == {str(year) for year in range(2000, 2006)}
    assert (table["q0.1"] <= table["q0.5"]).all() and (table["q0.5"] <= table["q0.9"]).all()
    assert table["mean"].max() > 0
    with pytest.raises(InputError, match="has no axes"):
        outlook("historical", runs=1)


def test_the_shipped_outlook_begins_in_the_month_after_the_record() -> None:
    today = month_text(month_number(world_end()) + 1)
    assert library.find("outlook-2035").period.start == today
    assert library.find("outlook-2035/held-steady-held").period.start == today
    assert library.find("outlook-2035").period.end == "2035-12"


AHEAD = """title = "ahead"
[period]
start = "2026-04"
end = "2030-12"
[axes.law.old]
title = "old"
[axes.law.new]
title = "new"
[axes.ally.steady]
title = "steady"
[axes.ally.loud]
title = "loud"
[[axes.ally.loud.events]]
type = "alliance"
month = "2026-06"
salience = 2.0
"""


def test_the_spread_of_an_outlook_is_told_by_its_source() -> None:
    scenario = parse(AHEAD, "ahead.toml")
    found = spread(scenario, runs=60)
    parts = found["sd_fit"] ** 2 + found["sd_missions"] ** 2 + found["sd_rest"] ** 2
    assert parts.to_numpy() == pytest.approx(found["sd"].to_numpy() ** 2, rel=1e-6, abs=1e-6)
    late = found[(found["year"] == "2030") & (found["framework"] == "coalition")]
    assert (late["sd_missions"] > 0.5 * late["sd"]).all()
    with pytest.raises(InputError, match="runs = 0 is out of range"):
        spread(scenario, runs=0)


def test_an_axis_that_no_rule_reads_in_what_is_asked_is_told_to_be_inert() -> None:
    found = moved(parse(AHEAD, "ahead.toml"), runs=20)
    assert set(found["axis"]) == {"law", "ally"}
    law = found[found["axis"] == "law"]
    assert not law["moves"].any() and (law["difference"] == 0).all() and (law["met"] == 0).all()
    ally = found[(found["axis"] == "ally") & (found["framework"] == "coalition")]
    assert (ally["met"] > 0).all()
    assert ((ally["low"] <= ally["difference"]) & (ally["difference"] <= ally["high"])).all()


def test_the_outlook_is_written_with_a_figure_for_each_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "mine.toml", tmp_path / "results" / "outlook"
    path.write_text(HEAD.format(title="mine") + AXES, encoding="utf-8")
    assert call(["outlook", str(path), "--runs", "1", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "old" in told and "Written to" in told
    assert "inert   law, JPN" in told and "the fit" in told
    names = {file.name for file in out.iterdir()}
    assert {
        "outlook.csv",
        "axes.csv",
        "spread.csv",
        "manifest.json",
        "outlook-JPN.svg",
        "outlook-KOR.png",
    } <= names
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["runs"] == 1
    (tmp_path / "file").write_text("")
    assert call(["outlook", str(path), "--runs", "1", "--out", str(tmp_path / "file" / "x")]) == 2
    assert "cannot be written to" in capsys.readouterr().err


def test_the_page_of_the_library_agrees_with_its_files() -> None:
    from scenarios.comparison.expectations import what
    from viz.reports import scenario_catalogue

    results = scenario_catalogue.results()
    assert scenario_catalogue.PAGE.read_text(encoding="utf-8") == scenario_catalogue.page(
        results
    ), "run python -m viz.reports.scenario_catalogue, or with --text where only words changed"
    wanted = [
        (full, number, what(one))
        for name in library.available()
        for full in scenario_catalogue.shown(name)
        for number, one in enumerate(library.find(full).expect)
    ]
    assert [(r.scenario, r.number, r.what) for r in results.itertuples()] == wanted


def test_every_expectation_of_the_library_holds_or_is_explained() -> None:
    from viz.reports import scenario_catalogue

    for row in scenario_catalogue.results().itertuples():
        one = library.find(str(row.scenario)).expect[int(str(row.number))]
        assert (row.verdict == "holds") != bool(one.finding), (row.scenario, row.what)


def test_every_example_of_an_event_is_toml_of_its_type() -> None:
    for one in event_types.listed():
        written, scenario = event_types.example(one.name)
        if written:
            (event,) = tomllib.loads(written)["events"]
            assert event["type"] == one.name and scenario in library.available()
