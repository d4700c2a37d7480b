"""A run that keeps only a summary says what a run that keeps everything says, in flat memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from scenarios.running import model_adapter
from scenarios.running import run as running
from scenarios.running.record_comparison import beside_record
from scenarios.running.result import read
from scenarios.running.result_folder import RECORD, SUMMARIES
from scenarios.running.run_options import FORMATS, Format, Keep
from scenarios.running.streaming_summary import LEVELS
from viz.charts import figures
from viz.cli.main import call

ROOT = Path(__file__).parents[2]
RUNS = 60
PERIODS: dict[str, dict[str, Any]] = {
    "from the beginning": {"start": "1991-06", "end": "1994-06"},
    "carried in from the record": {"start": "2012-01", "end": "2013-12"},
    "one decides later": {"start": "2003-01", "end": "2004-12", "deliberating": ["KOR", "TLS"]},
}


@pytest.fixture(scope="module", params=PERIODS)
def both(request: pytest.FixtureRequest):
    period = PERIODS[request.param]
    return tuple(
        running.run("historical", RUNS, seed=3, keep=keep, **period) for keep in ("runs", "summary")
    )


def test_quantiles_and_means_are_those_of_all_runs(both) -> None:
    every, summarised = both
    keys = ["month", "state", "framework", "kind"]
    people = every.series[every.series["variable"] == "personnel"]
    wide = people.pivot_table(index=keys, columns="run", values="value", observed=True)
    wide = wide.reindex(columns=range(RUNS)).fillna(0.0)
    table = summarised.quantiles.set_index(keys).loc[wide.index]
    assert len(table) == len(summarised.quantiles) > 50
    np.testing.assert_allclose(table["mean"], wide.mean(axis=1))
    for level in LEVELS:
        expected = np.quantile(wide.to_numpy(), level, axis=1, method="inverted_cdf")
        assert (table[f"q{level:g}"].to_numpy() == expected).all()


def test_presence_and_the_table_beside_the_record_are_those_of_all_runs(both) -> None:
    every, summarised = both
    pd.testing.assert_frame_equal(beside_record(every), beside_record(summarised))
    keys = ["month", "state", "framework", "mission"]
    here = every.missions.groupby(keys, observed=True)
    presence = summarised.presence.set_index(keys)
    share = (here["run"].nunique() / RUNS).reindex(presence.index)
    mean = (here["value"].sum() / RUNS).reindex(presence.index)
    assert len(here) == len(presence)
    np.testing.assert_allclose(presence["share"], share)
    np.testing.assert_allclose(presence["mean"], mean)


def test_entries_and_exits_account_for_who_is_there_at_the_end() -> None:
    """Units carried in from the record and those that enter, less those that leave, are there."""
    scenario = running.resolve("historical", start="2012-01", end="2013-12")
    world = model_adapter.world_of(scenario)
    reported = [world.state_row(code) for code in world.reported]
    carried = sum(
        row.month == world.arrays.span[1] and row.state in reported for row in world.arrays.initial
    )
    spells = pd.concat([chunk.spells() for chunk in model_adapter.chunks(world, range(RUNS), 3)])
    spells = spells[spells["state"].isin(world.reported)]
    there = (spells["last"] == world.arrays.span[2]).sum() / RUNS
    moves = model_adapter.summarise(scenario, range(RUNS), 3)["moves"]
    assert carried > 5 and min(moves["entries"].sum(), moves["exits"].sum()) > 0.5
    assert carried + moves["entries"].sum() - moves["exits"].sum() == pytest.approx(there)


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_reads_back_what_memory_holds(tmp_path: Path, format: Format) -> None:
    short: Any = {"start": "1992-06", "end": "1993-06", "keep": "summary"}
    memory = running.run("historical", 8, **short)
    running.run("historical", 8, out=tmp_path, format=format, **short)
    stored = read(tmp_path)
    assert stored.keep == "summary"
    for name in (*SUMMARIES, RECORD, "decisions"):
        held = "quantiles" if name == "summary" else name  # ``summary`` is a method
        one, two = getattr(memory, held), getattr(stored, held)
        pd.testing.assert_frame_equal(
            one.astype(str).replace("nan", ""), two.astype(str).replace("nan", "")
        )
    with pytest.raises(InputError, match="keep='runs'"):
        _ = stored.series
    drawn = {path.stem for path in figures.write(stored, tmp_path)}
    assert {"personnel-un", "missions"} <= drawn
    path = tmp_path / f"moves.{format}"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match="moves"):
        read(tmp_path)


def test_a_result_of_every_run_names_what_would_have_a_summary() -> None:
    result = running.run("historical", 1, start="1992-06", end="1992-09")
    with pytest.raises(InputError, match="keep='summary'"):
        _ = result.quantiles


def test_chunks_engines_and_threads_change_nothing() -> None:
    scenario = running.resolve("historical", start="1992-06", end="1993-03")
    seen: list[int] = []
    one = model_adapter.summarise(scenario, range(120), 5, threads=1, done=seen.append)
    two = model_adapter.summarise(scenario, range(120), 5, threads=2)
    assert seen == [50, 50, 20]
    few = model_adapter.summarise(scenario, range(4), 5)
    slow = model_adapter.summarise(scenario, range(4), 5, engine="mesa")
    for name in SUMMARIES:
        pd.testing.assert_frame_equal(one[name], two[name])
        pd.testing.assert_frame_equal(few[name], slow[name])


PEAKS = """
import resource
from scenarios.running import run as running

for runs in (200, 2000):
    running.run("historical", runs, start="1992-06", end="1993-06", keep="summary")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def test_memory_does_not_grow_with_the_runs() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PEAKS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    few, many = (float(line) for line in answer.stdout.split())
    assert many < few + 40  # MB; to keep every run takes ninety


@pytest.mark.parametrize(("keep", "kept"), [(None, "summary"), ("runs", "runs")])
def test_very_many_runs_are_summarised_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], keep: Keep, kept: Keep
) -> None:
    monkeypatch.setattr(running, "MOST_RUNS_KEPT", 5)
    monkeypatch.setattr(running, "MUCH", 0)
    short: Any = {"start": "1992-06", "end": "1992-09"}
    result = running.run("historical", 6, keep=keep, **short)
    assert result.keep == kept == result.manifest["keep"]
    told = capsys.readouterr().err
    assert "--keep summary" in told  # done so, or named as what takes less memory
    assert ("GB of memory" in told) == (keep == "runs")
    assert running.run("historical", 5, **short).keep == "runs"


def test_the_command_keeps_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = ["--runs", "5", "--from", "1992-06", "--to", "1993-06"]
    assert call(["run", "historical", *short, "--keep", "summary", "--out", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "UNTAC" in shown and "summary.parquet" in shown and "personnel-un" in shown
    command = " ".join(read(tmp_path).manifest["program"]["command"])
    assert command.endswith("--keep summary")
    assert call(["run", "historical", *short, "--keep", "some"]) == 2
    assert "runs, summary" in capsys.readouterr().err


def test_every_state_has_its_totals_where_all_decide_and_runs_are_few(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    short: Any = {"start": "1991-01", "end": "1991-12", "deliberating": ["all"]}
    result = running.run("historical", 3, **short)
    others = result.manifest["frame"]["totals_only"]
    series = result.series
    assert len(others) > 100 and not {"JPN", "KOR"} & set(others)
    own = series[series["state"].isin(others)]
    assert set(own["kind"]) == {"all"} and set(own["run"]) == {0, 1, 2}
    (chunk,) = model_adapter.chunks(
        model_adapter.world_of(running.resolve("historical", **short)), range(1), 1
    )
    spells = chunk.spells()
    last = spells[(spells["state"] == "CAN") & (spells["last"] == spells["last"].max())]
    canada = own[(own["state"] == "CAN") & (own["run"] == 0) & (own["month"] == "1991-12")]
    assert canada["value"].sum() == last["people"].sum() > 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(model_adapter, "MOST_RUNS_OF_ALL", 2)
    monkeypatch.setattr(running, "MOST_RUNS_OF_ALL", 2)
    assert running.run("historical", 3, **short).manifest["frame"]["totals_only"] == []
    assert "only JPN and KOR are kept" in capsys.readouterr().err
