"""Results behave in a notebook, and are saved as the commands write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import peacekeeping as pk
from scenarios.storage import provenance
from viz.cli.main import call

from ..support.sweep_design import SERIES, write_design

PERIOD: Any = {"start": "1999-01", "end": "2006-12"}
WORDS = ["--from", "1999-01", "--to", "2006-12", "--runs", "4", "--seed", "3"]


@pytest.fixture(scope="module")
def result() -> pk.Result:
    return pk.run("historical", runs=4, seed=3, **PERIOD)


@pytest.fixture(scope="module")
def comparison() -> pk.Comparison:
    return pk.compare("historical", "korea-act-in-2000/act", runs=4, seed=3, **PERIOD)


@pytest.fixture(scope="module")
def answers() -> pk.Explanation:
    return pk.explain("historical", "JPN", "UNMIS", runs=4, seed=3, **PERIOD)


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("[!.]*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_a_saved_run_is_the_folder_of_the_command(
    result: pk.Result, tmp_path: Path, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "historical", *WORDS, "--format", format, "--out", str(tmp_path / "command")]
    assert call(command) == 0
    saved = result.save(tmp_path / "saved", format=format)  # type: ignore[arg-type]
    assert "figures/personnel-un.png" in contents(tmp_path / "saved")
    assert contents(tmp_path / "saved") == contents(tmp_path / "command")
    copied = pk.read(tmp_path / "saved").save(tmp_path / "copied")
    assert contents(tmp_path / "copied") == contents(tmp_path / "command")
    assert saved.folder == tmp_path / "saved" and copied.series.equals(saved.series)


def test_what_is_read_back_equals_what_was_in_memory(result: pk.Result, tmp_path: Path) -> None:
    back = pk.read(result.save(tmp_path / "kept").folder or "")
    for name in ("series", "missions", "decisions", "record"):
        pd.testing.assert_frame_equal(getattr(result, name), getattr(back, name))


def test_a_folder_of_an_explanation_says_what_it_holds(
    answers: pk.Explanation, tmp_path: Path
) -> None:
    with pytest.raises(pk.InputError, match=r"no complete result but another output \(explanation"):
        pk.read(answers.save(tmp_path / "why").folder or "")


def test_a_summary_and_a_folder_without_figures_are_saved_with_them(tmp_path: Path) -> None:
    bare = pk.run("historical", runs=3, keep="summary", out=tmp_path / "bare", **PERIOD)
    assert not (tmp_path / "bare" / "figures").exists()
    bare.save(tmp_path / "drawn")
    memory = pk.run("historical", runs=3, keep="summary", **PERIOD)
    memory.save(tmp_path / "memory")
    assert contents(tmp_path / "drawn") == contents(tmp_path / "memory")
    assert "figures/personnel-un.svg" in contents(tmp_path / "memory")


def test_a_saved_comparison_is_the_folder_of_the_command(
    comparison: pk.Comparison, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["historical", "korea-act-in-2000/act"]
    assert call(["compare", *names, *WORDS, "--out", str(tmp_path / "command")]) == 0
    comparison.save(tmp_path / "saved")
    assert contents(tmp_path / "saved") == contents(tmp_path / "command")


def test_a_saved_explanation_is_the_folder_of_the_command(
    answers: pk.Explanation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["explain", "historical", "--state", "JPN", "--mission", "UNMIS", *WORDS]
    assert call([*asked, "--out", str(tmp_path / "command")]) == 0
    saved = answers.save(tmp_path / "saved")
    assert (saved.folder, str(saved)) == (tmp_path / "saved", str(answers))  # as of other results
    found = contents(tmp_path / "saved")
    assert found == contents(tmp_path / "command")
    assert found["explanation.txt"].decode() == str(answers)
    assert any(name.startswith("figures/answer-") for name in found)


def test_a_frame_has_every_month_and_the_numbers_of_the_long_table(result: pk.Result) -> None:
    frame = result.to_frame(state="KOR", framework="un")
    assert frame.index.equals(pd.period_range("1999-01", "2006-12", freq="M"))
    assert list(frame.columns) == [0, 1, 2, 3]
    rows = result.series.query(
        "state == 'KOR' and framework == 'un' and kind == 'all' and variable == 'personnel'"
    )
    assert frame.to_numpy().sum() == rows["value"].sum() > 0
    assert frame.loc["2001-05", 2] == rows.query("month == '2001-05' and run == 2")["value"].sum()
    one = result.to_frame(mission="UNMISET", state="JPN").T.groupby("run").sum().T
    parts = result.missions.query("mission == 'UNMISET' and state == 'JPN'")
    assert one.to_numpy().sum() == parts["value"].sum() > 0
    assert 0 < result.to_frame("opinion_un")["JPN", 0].iloc[-1] < 1
    for wrong in ({"state": "FRA"}, {"kind": "tank"}, {"variable": "x"}, {"mission": "UNX"}):
        with pytest.raises(pk.InputError, match="unknown"):
            result.to_frame(**wrong)
    with pytest.raises(pk.InputError, match="leave out"):
        result.to_frame("opinion_un", kind="staff")


def test_labelled_arrays_hold_the_same_numbers(
    result: pk.Result, comparison: pk.Comparison, answers: pk.Explanation
) -> None:
    cubes = result.to_xarray()
    frame = result.to_frame(state="JPN", framework="coalition")
    picked = cubes.personnel.sel(state="JPN", framework="coalition").transpose("month", "run")
    np.testing.assert_array_equal(picked, frame)
    assert (cubes.personnel_by_kind.sum("kind") == cubes.personnel).all()
    assert cubes.opinion_un.attrs["units"] == "share"

    table = comparison.to_frame()
    mean = comparison.to_xarray()["mean"]
    own = table["korea-act-in-2000/act", "KOR", "all", "mean"]
    np.testing.assert_array_equal(mean.sel(state="KOR", framework="all").squeeze(), own)
    rows = comparison.differences.query(
        "state == 'KOR' and framework == 'all' and variable == 'personnel' and kind == 'all'"
    )
    assert own.loc["2004"] == rows.query("year == '2004'")["mean"].sum()

    terms = answers.to_xarray()
    assert len(answers.answers.everything) == terms.sizes["answer"] > len(answers.decisions)
    assert answers.to_frame().index.dtype == "period[M]"


def test_quantiles_have_frames_and_arrays_too() -> None:
    result = pk.run("historical", runs=3, keep="summary", **PERIOD)
    frame = result.to_frame(state="KOR", framework="un")
    np.testing.assert_array_equal(
        frame["mean"], result.to_xarray()["mean"].sel(state="KOR", framework="un", kind="all")
    )
    assert frame["mean"].sum() > 0
    with pytest.raises(pk.InputError, match="keep='runs'"):
        result.to_frame(mission="UNMIS")


def test_every_result_has_a_line_a_table_and_a_figure(
    result: pk.Result, comparison: pk.Comparison, answers: pk.Explanation
) -> None:
    for one in (result, comparison, answers):
        assert len(repr(one)) < 120 and "\n" not in repr(one)
        assert repr(one) in one._repr_html_() and "<table" in one._repr_html_()
        assert len(one.summary()) and one.plot().to_dict()["vconcat"]
        with pytest.raises(pk.InputError, match="unknown figure 'fan'"):
            one.plot("fan")
    assert result.figures()[0] == "personnel-un" and answers.figures()[0] == "answer-0"


def test_a_result_of_other_tables_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = pk.run("historical", runs=4, seed=3, **PERIOD)  # of which nothing is kept yet
    monkeypatch.setattr(provenance, "data_hashes", lambda: {"states.csv": "other"})
    for use in (result.summary, lambda: result.save(tmp_path / "out")):
        with pytest.raises(pk.InputError, match="other tables than those in use"):
            use()
    assert "other tables than those in use" in result._repr_html_() and not list(tmp_path.iterdir())


def test_a_dictionary_is_a_scenario_and_its_faults_are_sentences() -> None:
    plain: dict[str, Any] = {
        "levers": {"home_threat": 1.5},
        "period": {"start": "2010-01", "end": "2010-12"},
    }
    assert pk.run(plain, runs=1).manifest["scenario"]["levers"] == {"home_threat": 1.5}
    assert pk.scenario(plain).name == "own"
    for wrong, words in (
        ({**plain, "levrs": {}}, "scenario own: unknown key 'levrs'; did you mean 'levers'?"),
        ({"levers": {"home_threa": 1}}, "scenario own, levers.home_threa: unknown lever"),
        ({"events": [{"type": "stanse"}]}, r"unknown type 'stanse' of events\[1\]"),
        ({"period": {"start": "2010-01", "end": "2009-01"}}, "scenario own"),
    ):
        with pytest.raises(pk.InputError, match=words):
            pk.run(wrong, runs=1)


def test_a_scenario_made_by_hand_is_checked_when_it_is_run() -> None:
    made = pk.Scenario(
        title="Mine", question="What?", references=["none"], levers={"home_threa": 1.0}
    )
    with pytest.raises(pk.InputError, match="scenario Mine, levers.home_threa: unknown lever"):
        pk.run(made, runs=1)


def test_a_folder_of_ones_own_scenarios_is_known_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'title = "Mine"\nquestion = "What?"\nreferences = ["none"]\n'
    (tmp_path / "calm.toml").write_text(text + "[levers]\nhome_threat = 0.5\n")
    monkeypatch.setenv("PEACEKEEPING_SCENARIOS", str(tmp_path))
    assert pk.scenarios()[-1] == "calm" and pk.scenario("calm").levers == {"home_threat": 0.5}
    assert call(["scenarios", "list"]) == 0 and "calm" in capsys.readouterr().out
    (tmp_path / "historical.toml").write_text(text)
    with pytest.raises(pk.InputError, match="has the name of a scenario that ships"):
        pk.scenarios()
    monkeypatch.setenv("PEACEKEEPING_SCENARIOS", str(tmp_path / "none"))
    with pytest.raises(pk.InputError, match="is no folder of scenarios"):
        pk.scenarios()


def test_a_sweep_has_frames_arrays_figures_and_copies(tmp_path: Path) -> None:
    design = write_design(tmp_path, runs=3, threats=4, extra=SERIES)
    swept = pk.sweep(design, tmp_path / "out")
    assert len(repr(swept)) < 200 and "<table" in swept._repr_html_()
    summary = swept.summary().set_index("outcome")
    assert list(summary.index) == ["japan_units", "japan_ever", "korea_first", "opinion"]
    assert summary.loc["japan_ever", "unit"] == "share of runs"
    frame = swept.to_frame()
    cubes = swept.to_xarray()
    assert frame.loc[(5, 2), "opinion"] == cubes.opinion.sel(configuration=5, run=2)
    assert cubes.home_threat.sel(configuration=2) == frame.loc[(2, 0), "home_threat"]
    assert summary.loc["japan_units", "highest"] == cubes.japan_units.mean("run").max()
    monthly = swept.to_frame("series")
    assert monthly.index.dtype == "period[M]" and "home_threat" in monthly
    assert "tornado-japan_units" in swept.figures() and swept.plot().to_dict()["vconcat"]
    copied = swept.save(tmp_path / "copied")
    assert contents(tmp_path / "copied") == contents(tmp_path / "out")
    assert copied.to_frame().equals(frame)
    with pytest.raises(pk.InputError, match="exists already"):
        swept.save(tmp_path / "copied")
