"""A sweep measures what a run leaves behind, keeps every configuration, and can be read back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import peacekeeping as pk
from model.errors import InputError
from model.vocabulary import FORMED, KINDS
from scenarios.sweeps import chunk, sampling
from scenarios.sweeps.design import find
from scenarios.sweeps.plan import plan
from scenarios.sweeps.sweep import read_sweep, sweep

from ..support.sweep_design import SERIES, write_design


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pk.SweepResult]:
    folder = tmp_path_factory.mktemp("small")
    design = write_design(folder, extra=SERIES)
    return design, sweep(design, folder / "out")


def test_a_configuration_gives_what_the_same_run_gives(small):
    _, swept = small
    table = swept.joined()
    run = pk.run("historical", 6, 1, end="1996-12", settings={"home_threat": 0.8})
    series = run.series
    people = series[(series["variable"] == "personnel") & (series["state"] == "JPN")]
    formed = people[people["kind"].isin(FORMED) & (people["framework"] == "un")]
    expected = formed.groupby("run")["value"].sum().reindex(range(6), fill_value=0.0) / 74
    got = table[(table["law"] == "documented") & (table["home_threat"] == 0.8)]
    np.testing.assert_allclose(got["japan_units"], expected, rtol=1e-12)
    assert expected.max() > 0
    opinion = series[(series["variable"] == "opinion_un") & (series["state"] == "KOR")]
    last = opinion[opinion["month"] == "1996-12"].set_index("run")["value"]
    np.testing.assert_array_equal(got["opinion"], last.loc[got["run"]])
    korea = series[(series["variable"] == "personnel") & (series["state"] == "KOR")]
    total = korea[korea["kind"] == "all"].groupby(["run", "month"])["value"].sum()
    months = sorted(series["month"].unique())
    first = [
        min((months.index(m) for r, m in total[total >= 100].index if r == run), default=np.nan)
        for run in range(6)
    ]
    np.testing.assert_array_equal(got["korea_first"], first)


def test_a_choice_without_a_law_sends_no_unit(small):
    table = small[1].joined()
    assert (table.loc[table["law"] == "none", "japan_units"] == 0).all()
    assert (table.loc[table["law"] == "none", "japan_ever"] == 0).all()
    assert table.loc[table["law"] == "documented", "japan_ever"].mean() > 0.5


def test_monthly_people_are_those_of_a_run(small):
    _, swept = small
    run = pk.run("historical", 6, 1, end="1996-12", settings={"home_threat": 0.5})
    keys = ["month", "state", "framework", "kind"]
    people = run.series[run.series["variable"] == "personnel"]
    expected = people.groupby(keys)["value"].sum() / 6
    table = swept.series.to_table().to_pandas()
    assert set(table["kind"]) <= {"all", *KINDS}
    got = table[table["configuration"] == 0].set_index(keys)["mean"]
    pd.testing.assert_series_equal(
        got.sort_index(), expected.sort_index(), check_names=False, check_dtype=False
    )


def test_summary_agrees_with_the_rows(small):
    swept = small[1]
    rows = swept.outcomes.to_table().to_pandas()
    summary = swept.statistics.to_table().to_pandas()
    one = summary[(summary["outcome"] == "japan_units") & (summary["configuration"] == 3)].iloc[0]
    values = rows.loc[rows["configuration"] == 3, "japan_units"]
    assert one["mean"] == pytest.approx(values.mean())
    assert one["deviation"] == pytest.approx(values.std())
    assert one["q0.5"] == np.quantile(values, 0.5, method="inverted_cdf")
    never = rows["korea_first"].isna().groupby(rows["configuration"]).sum()
    first = summary[summary["outcome"] == "korea_first"].set_index("configuration")
    assert (first["counted"] == 6 - never).all()


def test_draws_are_common_between_configurations(small):
    table = small[1].joined()
    by_run = table[table["law"] == "documented"].pivot(
        index="home_threat", columns="run", values="opinion"
    )
    assert by_run.nunique().max() < len(by_run)  # threat leaves most runs as they were
    assert by_run.iloc[0].nunique() > 1


def test_every_configuration_stands_there_once_in_order(small):
    design, swept = small
    rows = swept.outcomes.to_table().to_pandas()
    assert rows["configuration"].tolist() == np.repeat(np.arange(16), 6).tolist()
    assert rows["run"].tolist() == list(range(6)) * 16
    assert plan(design).chunks == 16


def test_worker_processes_give_the_same_bytes(small, tmp_path):
    design, swept = small
    other = sweep(design, tmp_path / "out", workers=2)
    for name in ("outcomes", "series", "summary", "design"):
        assert (other.folder / f"{name}.parquet").read_bytes() == (
            swept.folder / f"{name}.parquet"
        ).read_bytes()
    assert (other.folder / "manifest.json").read_text() == (
        swept.folder / "manifest.json"
    ).read_text()


def test_a_failing_configuration_is_rows_with_its_error(tmp_path, monkeypatch):
    design = write_design(tmp_path, runs=2, threats=2)
    real = chunk.world_of

    def world_of(scenario, reported=()):
        if scenario.events:
            raise RuntimeError("no such world\nsecond line")
        return real(scenario, reported)

    monkeypatch.setattr(chunk, "world_of", world_of)
    monkeypatch.setattr(chunk, "_worlds", type(chunk._worlds)())
    swept = sweep(design, tmp_path / "out")
    table = swept.joined()
    failed = table[table["law"] == "none"]
    assert (failed["error"] == "RuntimeError: no such world second line").all()
    assert failed["japan_units"].isna().all() and len(failed) == 4
    assert (table.loc[table["law"] == "documented", "error"] == "").all()
    summary = swept.statistics.to_table().to_pandas()
    assert summary.groupby("configuration")["failed"].first().tolist() == [0, 2, 0, 2]


def test_read_back_with_filter_duckdb_and_polars(small):
    import pyarrow.dataset as ds

    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    swept = read_sweep(small[1].folder)
    some = swept.joined(ds.field("japan_units") > 0)
    assert set(some["law"]) == {"documented"}
    outcomes, design = swept.outcomes, swept.design  # noqa: F841 (duckdb reads them by name)
    (share,) = duckdb.sql(
        "select avg(japan_ever) from outcomes join design using (configuration)"
        " where law = 'documented'"
    ).fetchall()[0]
    table = swept.joined()
    assert share == pytest.approx(table.loc[table["law"] == "documented", "japan_ever"].mean())
    lazy = polars.scan_pyarrow_dataset(swept.outcomes).select("japan_ever").collect()
    assert len(lazy) == len(table)


@pytest.mark.parametrize(
    ("method", "size"), [("latin_hypercube", 8), ("sobol", 8 * 4), ("morris", 8 * 3)]
)
def test_samples_lie_within_their_ranges_and_are_the_same_again(tmp_path, method, size):
    path = write_design(tmp_path)
    text = path.read_text().replace('"grid"', f'"{method}"\nsamples = 8')
    path.write_text(
        text.replace(f"values = {text.split('values = ')[1].splitlines()[0]}", "low = 1\nhigh = 2")
    )
    table = sampling.configurations(find(path))
    assert len(table) == size == sampling.count(find(path))
    assert table["home_threat"].between(1, 2).all()
    assert set(table["law"]) == {"documented", "none"}
    pd.testing.assert_frame_equal(table, sampling.configurations(find(path)))


def test_configurations_may_stand_in_a_table(tmp_path):
    path = write_design(tmp_path)
    text = path.read_text().replace('"grid"', '"list"\ntable = "mine.csv"')
    path.write_text(text)
    (tmp_path / "mine.csv").write_text("home_threat,law\n1,none\n2.5,documented\n")
    table = sampling.configurations(find(path))
    assert table["home_threat"].tolist() == [1, 2.5]
    (tmp_path / "mine.csv").write_text("home_threat,law\n1,non\n")
    with pytest.raises(InputError, match="mine.csv, configuration 1: .*did you mean 'none'"):
        sampling.configurations(find(path))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('measure = "ever"', 'measure = "even"', "line 27: .*did you mean 'ever'"),
        ("vary.home_threat", "vary.home_treat", "line 10: .*did you mean 'home_threat'"),
        ('method = "grid"', 'method = "gird"', "line 3: .*did you mean 'grid'"),
        ('method = "grid"', 'method = "grid"\nluck = "own"', "it is called 'draws' now"),
        ("at_least = 100", "at_last = 100", "did you mean 'at_least'"),
        ("runs = 6", "runs = 0", "runs = 0 is out of range"),
        ('state = "KOR"', 'state = "KRO"', "unknown state 'KRO'"),
        ("values = [", "low = 1\nvalues = [", "exactly one of values, low with high"),
        ('end = "1996-12"', 'end = "1986-12"', "out of range"),
    ],
)
def test_a_fault_in_a_design_is_told_with_its_line(tmp_path, old, new, told):
    path = write_design(tmp_path)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError, match=told):
        plan(path)


def test_the_documentation_of_sweeps_is_true(tmp_path, monkeypatch):
    text = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")
    (toml,) = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    pytest.importorskip("duckdb"), pytest.importorskip("polars")
    short = toml.replace("runs = 20", "runs = 2")
    (tmp_path / "mine.toml").write_text(short, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with ThreadPoolExecutor(2) as executor:
        names: dict = {"my_executor": executor}
        for code in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
            exec(code, names)
    assert names["by_law"].index.tolist() == ["consent", "documented"]


def test_what_the_page_of_sweeps_says_of_the_shipped_example_is_in_its_table():
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / "sweeps.md").read_text(encoding="utf-8")
    table = pd.read_csv(docs / "figures" / "japan-returns.csv")
    unit = table[table["outcome"] == "japan_unit"]
    by = {name: unit.groupby(name)["value"].mean() for name in ("x", "y", "facet")}
    threat, pressure, law = by["y"], by["x"], by["facet"]
    assert f"is {threat[0]:.0%} where the threat is taken away, {threat[1]:.0%} where" in text
    assert f"and {threat[4]:.0%} where it is four times" in text
    assert f"moves it from {pressure[0]:.0%} to {pressure[4]:.0%}" in text
    assert f"{law['narrower']:.0%} with the laws of 2015 repealed, {law['held']:.0%} with" in text
    assert f"{law['wider']:.0%} with the host's consent" in text
    korea = table[table["outcome"] == "korea_un"]["value"]
    assert f"Korea keeps {korea.min():.0f} to {korea.max():.0f} people" in text
