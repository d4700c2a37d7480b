"""Tables for other programs: dates, signed seeds, and a description that holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import peacekeeping as pk
from model import csv_rows, tables
from scenarios.storage import data_package
from viz.cli.main import call

PERIOD: Any = {"start": "2005-01", "end": "2006-12"}


@pytest.fixture(scope="module")
def result() -> pk.Result:
    return pk.run("historical", runs=3, seed=2**63 - 1, **PERIOD)


def described(folder: Path) -> dict[str, dict[str, str]]:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {one["path"] for one in package["resources"]} == {
        path.name for path in folder.glob("*.*") if path.suffix in (".csv", ".parquet")
    }
    return {
        one["path"]: {field["name"]: field["type"] for field in one["schema"]["fields"]}
        for one in package["resources"]
    }


def test_other_programs_get_dates_and_signed_seeds(result: pk.Result, tmp_path: Path) -> None:
    folder = result.export(tmp_path / "out")
    schema = pq.read_schema(folder / "series.parquet")
    assert schema.field("date").type == pa.date32() and schema.field("seed").type == pa.int64()
    table = pq.read_table(folder / "series.parquet").to_pandas()
    assert (pd.to_datetime(table["date"]).dt.strftime("%Y-%m") == table["month"]).all()
    assert set(table["seed"]) == {2**63 - 1} and len(table) == len(result.series)
    known = described(folder)
    for name, fields in known.items():
        assert list(fields) == pq.read_schema(folder / name).names
    assert known["series.parquet"]["date"] == "date" and known["series.parquet"]["run"] == "integer"
    with pytest.raises(pk.InputError, match="holds no complete result but another output"):
        pk.read(folder)
    large = pk.run("historical", runs=1, seed=2**63, **PERIOD)
    with pytest.raises(pk.InputError, match="above 2\\*\\*63 - 1"):
        large.export(tmp_path / "large")


def test_the_command_exports_runs_summaries_and_comparisons(
    result: pk.Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result.save(tmp_path / "run")
    pk.run("historical", runs=3, keep="summary", out=tmp_path / "summary", **PERIOD)
    pk.compare("historical", "korea-act-in-2000/act", runs=3, out=tmp_path / "pair", **PERIOD)
    for name in ("run", "summary", "pair"):
        words = ["export", str(tmp_path / name), "--out", str(tmp_path / f"{name}-csv")]
        assert call([*words, "--format", "csv"]) == 0
        assert described(tmp_path / f"{name}-csv")
    assert call(["export", str(tmp_path / "none"), "--out", str(tmp_path / "x")]) == 2
    assert "holds no complete result" in capsys.readouterr().err
    result.export(tmp_path / "again", format="csv")
    for path in (tmp_path / "again").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "run-csv" / path.name).read_bytes()


def test_the_tables_of_the_model_are_described_column_by_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["data", "package", "--out", str(tmp_path / "tables")]) == 0
    known = described(tmp_path / "tables")
    assert set(known) == {f"{name}.csv" for name in tables.names()}
    for name in tables.names():
        assert list(known[f"{name}.csv"]) == list(csv_rows.parse(tables.FOLDER / f"{name}.csv")[0])
    assert known["deployment_sites.csv"] and known["requests.csv"]["month"] == "yearmonth"
    text = (tmp_path / "tables" / "datapackage.json").read_text(encoding="utf-8")
    package = json.loads(text)
    assert len(package["sources"]) > 10 and all(one["title"] for one in package["sources"])
    assert (
        call(
            [
                "run",
                "historical",
                "--runs",
                "1",
                "--to",
                "1990-12",
                "--tables",
                str(tmp_path / "tables"),
            ]
        )
        == 2
    )  # of this process, which has read its own
    assert "has read tables already" in capsys.readouterr().err


def test_the_descriptions_are_valid(result: pk.Result, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    result.export(tmp_path / "run", format="csv")
    assert call(["data", "package", "--out", str(tmp_path / "tables")]) == 0
    for name in ("run", "tables"):
        report = frictionless.validate(str(tmp_path / name / data_package.FILE))
        assert report.valid, report.flatten(["type", "note"])[:5]
        assert report.stats["tasks"] >= 4
