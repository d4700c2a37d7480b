"""A kind of contribution is a row of ``kinds.csv``: the recipe of CONTRIBUTING, followed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from model import closed_tables, tables, vocabulary
from model.data_folder import SHIPPED, VARIABLE
from model.errors import InputError
from model.vocabulary import FORMED, INDIVIDUALS, KINDS, POLICE_KINDS, UNITS
from model.world import missions

ROOT = Path(__file__).parents[2]
DRONES = "drone,1,20,40,troops,support,0.3,1,0.3,drone units,#123456,air,this test,assumption\n"
ASKED = ("BGD", "ETH", "GHA", "NPL", "RWA")

SCENARIO = """
title = "Drones for South Sudan"
question = "Who sends a unit of a kind that the tables did not have?"
author = "test"
references = ["none"]
baseline = "historical"
deliberating = [{states}]
afterwards = "recorded"

[period]
start = "2012-01"
end = "2013-12"

{events}
"""
EVENT = """
[[events]]
type = "request"
month = "2012-03"
state = "{state}"
mission = "UNMISS"
kind = "drone"
personnel = 40
interest = 1.0
"""
ASK = """
import json, sys
from model.vocabulary import UNITS
from scenarios.explanation.law_at_date import law_at
from scenarios.running.run import run
from viz.charts.style.theme import kind_colour
from viz.text.labels import kind_name

found = run(sys.argv[1], runs=3, seed=1)
made = found.decisions
own = made[(made["kind"] == "drone") & (made["reason"] != "renewal")]
series = found.series
law = law_at("JPN", "2012-03")
print(json.dumps({
    "asked": sorted(set(own["state"])),
    "outcomes": sorted(set(own["outcome"])),
    "people": float(series.loc[series["kind"] == "drone", "value"].max()),
    "label": kind_name("drone"),
    "colour": kind_colour("drone"),
    "unit": "drone" in UNITS,
    "in law": bool(law["kinds"].str.split(", ").map(lambda kinds: "drone" in kinds).any()),
}))
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("kind")
    copied = shutil.copytree(SHIPPED, folder / "tables")
    with (copied / "kinds.csv").open("a", encoding="utf-8") as file:
        file.write(DRONES)
    events = "".join(EVENT.format(state=state) for state in ASKED)
    states = ", ".join(f'"{state}"' for state in ASKED)
    scenario = folder / "drones.toml"
    scenario.write_text(SCENARIO.format(states=states, events=events), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(scenario)],
        env=os.environ | {VARIABLE: str(copied), "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.slow
def test_a_kind_added_by_a_row_is_asked_for_and_sent(answered: dict[str, Any]) -> None:
    assert answered["asked"] == list(ASKED)
    assert "accepted" in answered["outcomes"]
    assert answered["people"] >= 20


@pytest.mark.slow
def test_a_kind_added_by_a_row_has_its_words_its_colour_and_its_place_in_the_law(
    answered: dict[str, Any],
) -> None:
    assert (answered["label"], answered["colour"]) == ("drone units", "#123456")
    assert answered["unit"] and answered["in law"]


def test_every_kind_is_a_unit_or_an_individual_or_formed_police() -> None:
    assert set(FORMED) | set(INDIVIDUALS) == set(KINDS)
    assert set(FORMED) - set(UNITS) == {"formed_police"} < set(POLICE_KINDS)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("staff,0", "officer,0"),  # a kind that rules tell apart
        lambda text: text + DRONES + DRONES,
    ],
    ids=["a kind that rules need is gone", "a kind is listed twice"],
)
def test_a_table_of_kinds_that_cannot_be_used_is_refused_in_a_sentence(
    damage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (SHIPPED / "kinds.csv").read_text(encoding="utf-8")
    (tmp_path / "kinds.csv").write_text(damage(text), encoding="utf-8")
    needed = ("naval", "staff", "observer", "police")
    assert tuple(closed_tables.rows("kinds", "kind", (), needed, tmp_path)) == KINDS  # the shipped
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    tables.table.cache_clear()
    with pytest.raises(InputError, match="column kind must list each name once, among them"):
        missions.kinds()
    tables.table.cache_clear()


def test_a_table_of_one_s_own_adds_kinds_after_the_shipped(tmp_path: Path) -> None:
    text = (SHIPPED / "kinds.csv").read_text(encoding="utf-8")
    (tmp_path / "kinds.csv").write_text(text + DRONES, encoding="utf-8")
    assert tuple(closed_tables.rows("kinds", "kind", folder=tmp_path)) == (*KINDS, "drone")


def test_choices_that_are_a_closed_list_are_named_not_repeated() -> None:
    lists = {
        frozenset(value)
        for name, value in vars(vocabulary).items()
        if name.isupper() and isinstance(value, tuple) and isinstance(value[0], str)
    }
    for line in tables.COLUMNS.read_text(encoding="utf-8").splitlines():
        written = line.rpartition(",")[2]
        assert ";" not in written or frozenset(written.split(";")) not in lists, line
