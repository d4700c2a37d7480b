"""Machine code is kept by the hash of the sources, where it can be written."""

from __future__ import annotations

import shutil

from model.core import jit
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
    found = jit.cache_folder((blocked, tmp_path / "free"), "name")
    assert found == tmp_path / "free" / "name"
    assert found.is_dir()


def test_rules_are_on_the_list():
    assert schedule.begin is not None  # importing it brings in every rule
    assert "rules.law.gate" in jit.RULES
    assert "rules.choice.probability" in jit.RULES
    assert len(jit.RULES) == len(set(jit.RULES)) > 40
