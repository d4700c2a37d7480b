"""Machine code is kept by the hash of the sources, where it can be written."""

from __future__ import annotations

import importlib
import pkgutil
import shutil

import pytest

import model.steps
from model import vocabulary
from model.core import code_cache, jit, parameter_index
from model.steps import schedule


def test_an_edited_rule_gets_another_cache(tmp_path):
    """Numba's own cache would hand out the old numbers when a rule in another file is edited."""
    left_out = shutil.ignore_patterns("__pycache__")
    copy = shutil.copytree(jit.HERE, tmp_path / "model", ignore=left_out)
    before = jit.source_hash(copy)
    assert before == jit.source_hash()
    rule = copy / "rules" / "opinion.py"
    rule.write_text(rule.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert jit.source_hash(copy) != before
    assert str(jit.CACHE).find(before) > 0


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("in the way", encoding="utf-8")
    found = code_cache.folder((blocked, tmp_path / "free"), "name")
    assert found == tmp_path / "free" / "name"
    assert found is not None and found.is_dir()


def test_a_code_that_tables_move_gets_another_cache():
    """Compiled rules hold the places of kinds and parameters as constants."""
    assert jit.CODES["STAFF"] == vocabulary.STAFF
    moved = jit.CODES | {"STAFF": vocabulary.STAFF + 1}
    found = jit.table_hash(jit.CODES, parameter_index.INDEX)
    assert found != jit.table_hash(moved, parameter_index.INDEX)
    assert f"-{found}-" in str(jit.CACHE)


def test_rules_are_on_the_list():
    assert schedule.begin is not None  # importing it brings in every rule
    assert "rules.law.gate" in jit.RULES
    assert "rules.choice.probability" in jit.RULES
    assert len(jit.RULES) == len(set(jit.RULES)) > 40


def test_a_step_without_an_entry_refuses_a_call_from_python():
    """Without the guard the call would run machine code that expects other arguments."""
    modules = [f"model.steps.{found.name}" for found in pkgutil.iter_modules(model.steps.__path__)]
    members = [vars(importlib.import_module(name)).values() for name in modules]
    steps = [one for group in members for one in group if isinstance(one, jit.linked_parts.Part)]
    assert len(steps) > 50
    for one in steps:
        with pytest.raises(TypeError, match=f"{one.py_func.__name__} is a compiled step"):
            one(None, None, 0)
