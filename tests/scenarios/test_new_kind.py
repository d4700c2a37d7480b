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

from model.data_folder import SHIPPED, VARIABLE
from model.vocabulary import FORMED, INDIVIDUALS, KINDS, POLICE_KINDS, UNITS

ROOT = Path(__file__).parents[2]
DRONES = "drone,1,20,40,troops,support,0.3,1,0.3,drone units,#123456,this test,assumption\n"
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
    tables = shutil.copytree(SHIPPED, folder / "tables")
    with (tables / "kinds.csv").open("a", encoding="utf-8") as file:
        file.write(DRONES)
    events = "".join(EVENT.format(state=state) for state in ASKED)
    states = ", ".join(f'"{state}"' for state in ASKED)
    scenario = folder / "drones.toml"
    scenario.write_text(SCENARIO.format(states=states, events=events), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(scenario)],
        env=os.environ | {VARIABLE: str(tables), "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_kind_added_by_a_row_is_asked_for_and_sent(answered: dict[str, Any]) -> None:
    assert answered["asked"] == list(ASKED)
    assert "accepted" in answered["outcomes"]
    assert answered["people"] >= 20


def test_a_kind_added_by_a_row_has_its_words_its_colour_and_its_place_in_the_law(
    answered: dict[str, Any],
) -> None:
    assert (answered["label"], answered["colour"]) == ("drone units", "#123456")
    assert answered["unit"] and answered["in law"]


def test_every_kind_is_a_unit_or_an_individual_or_formed_police() -> None:
    assert set(FORMED) | set(INDIVIDUALS) == set(KINDS)
    assert set(FORMED) - set(UNITS) == {"formed_police"} < set(POLICE_KINDS)
