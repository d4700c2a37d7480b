"""CONTRIBUTING names files, commands and parts of the program that are there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from model import tables
from model.vocabulary import GRADES, MODES
from model.world.documented_requests import OWN_OCCASIONS

from ..calibration.test_record import ANSWERS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))
BLOCKS = "\n".join(re.findall(r"```\n(.*?)```", TEXT, flags=re.DOTALL))
HOMES = ("", "model/data", "calibration/record")
RECIPES = (
    "newer reports of the United Nations",
    *("a fact or a correction", "a state with its law", "a mission"),
    *(
        "a kind of contribution",
        "a documented request",
        "a word of a closed list",
        "a text",
        "a site",
    ),
    "a legal instrument",
    *(
        "a lever, an uncertainty or a constant",
        "a theory of your own",
        "a term of the utility",
        "a rule",
        "an outcome",
        "a chart",
        "a scenario",
    ),
)


@pytest.mark.parametrize("name", sorted({c for c in CODE if re.fullmatch(r"[\w/.-]+/?", c)}))
def test_a_file_that_it_names_is_there(name):
    if re.search(r"\.(csv|py|md|toml|json)$|/", name):
        assert any((ROOT / home / name).exists() for home in HOMES), name


def test_every_make_target_that_it_names_is_there():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"\bmake ([a-z]+)", "\n".join([*CODE, BLOCKS])))
    assert named and named <= targets


def test_every_module_that_it_runs_is_there():
    for name in re.findall(r"python -m ([\w.]+)", "\n".join(CODE)):
        assert importlib.util.find_spec(name), name


def test_every_recipe_is_there():
    assert tuple(re.findall(r"^\*\*([^*]+)\.\*\*", TEXT, flags=re.MULTILINE)) == RECIPES


def test_what_the_recipes_name_inside_files_is_there():
    from model.core import records, utility_terms
    from scenarios.file_format import outcome_catalogue
    from scenarios.file_format.scenario_events import EVENT_TYPES

    assert set(records.STOCKS) == set(outcome_catalogue.STOCKS)
    assert set(utility_terms.MEANING) == set(utility_terms.NAMES)
    assert {"open_mission", "enact"} <= set(EVENT_TYPES)


def test_the_recipe_of_a_request_says_what_each_word_of_a_column_means() -> None:
    recipe = TEXT.partition("**a documented request.**")[2].partition("**a word of")[0]
    told = set(re.findall(r"`([^`]+)`", recipe))
    assert {*GRADES, *MODES, *ANSWERS, *OWN_OCCASIONS} <= told
    assert set(tables.table("requests").columns) - {"id", "source", "status"} <= told
