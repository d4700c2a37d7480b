"""The page on sources says what the tables say."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration.raw_data.raw_files import coded, records
from model.errors import InputError
from viz.reports import source_catalogue


def test_the_page_is_what_the_generator_writes(tmp_path: Path) -> None:
    out = tmp_path / "sources.md"
    assert source_catalogue.main(["--out", str(out)]) == 0
    again = out.read_text(encoding="utf-8")
    assert again == source_catalogue.PAGE.read_text(encoding="utf-8"), (
        "docs/sources.md differs; run python -m viz.reports.source_catalogue"
    )


def test_every_outside_source_is_cited_with_a_licence() -> None:
    text = source_catalogue.page()
    for row in records(coded("outside_sources", ("key", "citation", "licence"))):
        assert row["citation"] and row["licence"], row["key"]
        assert row["citation"] in text and row["licence"] in text


def test_a_table_that_nobody_describes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "moons.csv").write_text("moon\nEuropa\n")
    with pytest.raises(InputError, match="moons.csv must be there and described once"):
        source_catalogue._all_described("model/data", tmp_path, [])
