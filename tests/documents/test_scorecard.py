"""The scorecard says what the measuring commands have stored, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.errors import InputError
from scenarios.storage.csv_rows import read
from viz.reports import scorecard

TARGETS = read(scorecard.TARGETS, scorecard.COLUMNS)


def test_the_scorecard_agrees_with_what_is_stored() -> None:
    assert scorecard.PAGE.read_text(encoding="utf-8") == scorecard.page(), (
        "run python -m viz.reports.scorecard"
    )


def test_every_target_has_a_command_that_measures_it() -> None:
    assert {row["file"] for row in TARGETS} == set(scorecard.commands())
    makefile = (scorecard.ROOT / "Makefile").read_text(encoding="utf-8")
    for file, command in scorecard.commands().items():
        words = command.split()
        if not (scorecard.ROOT / file).exists():
            continue
        if words[0] == "make":
            assert f"\n{words[1]}:" in makefile, command
        elif words[0] == "python":
            assert (scorecard.ROOT / (words[2].replace(".", "/") + ".py")).exists(), command


def test_whatever_is_missed_says_why() -> None:
    for line in scorecard.lines():
        assert line.verdict != scorecard.MISSED or line.shortfall, line.target


def test_keys_find_values_rows_counts_and_differences(tmp_path: Path) -> None:
    file = tmp_path / "stored.json"
    rows = [{"group": "all", "ratio": 0.5}, {"group": "two", "ratio": 1.5}]
    file.write_text(json.dumps({"rows": rows, "b": {"c": 3, "d, e": 1}}), encoding="utf-8")
    assert scorecard.found(file, "rows[group=two] > ratio") == 1.5
    assert scorecard.found(file, "rows > #") == 2
    assert scorecard.found(file, "rows[group=three] > #") == 0
    assert scorecard.found(file, "b > c minus b > d, e") == 2
    assert scorecard.found(file, "rows[group=three] > ratio") is None
    assert scorecard.found(file, "b > f") is None
    assert scorecard.found(tmp_path / "absent.json", "b") is None
    page = tmp_path / "page.md"
    page.write_text("It holds for 6 of 9 packages.", encoding="utf-8")
    assert scorecard.found(page, r"for (\d+) of \d+ packages") == 6
    assert scorecard.found(page, r"in (\d+) runs") is None


@pytest.mark.parametrize(
    ("value", "aim", "verdict"),
    [
        (4.0, "<= 4", scorecard.MET),
        (4.1, "<= 4", scorecard.MISSED),
        (300, ">= 300", scorecard.MET),
        (0.5, "> 0.5", scorecard.MISSED),
        (0.7, "0.72 to 0.88", scorecard.MISSED),
        (0, "= 0", scorecard.MET),
        (True, "= True", scorecard.MET),
        (False, "= True", scorecard.MISSED),
        (5, "", scorecard.REPORTED),
    ],
)
def test_an_aim_is_met_or_missed(value: object, aim: str, verdict: str) -> None:
    assert scorecard.judged(value, aim) == verdict


def test_an_aim_that_nobody_understands_is_refused() -> None:
    with pytest.raises(InputError, match="about 4"):
        scorecard.judged(4, "about 4")
