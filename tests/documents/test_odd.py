"""The description of the model says what the program does."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import tables
from model.core import parameter_index, utility_terms
from model.core.jit import HERE, RULES
from model.errors import InputError
from viz.reports import odd


@pytest.fixture(scope="module")
def page() -> str:
    return odd.page()


def test_the_page_is_what_the_generator_writes(page: str) -> None:
    assert page == odd.PAGE.read_text(encoding="utf-8"), (
        "docs/odd.md differs from the program; run make docs"
    )


def test_every_rule_has_its_entry_with_a_link_to_the_function(page: str) -> None:
    for name in RULES:
        module, _, function = name.rpartition(".")
        file = f"{module.replace('.', '/')}.py"
        short = f"{module.rpartition('.')[2]}.{function}"
        place = page.split(f"[`{short}`](../model/{file}#L", 1)[1]
        line = int(place.split(")", 1)[0])
        text = (HERE / file).read_text(encoding="utf-8").splitlines()
        assert text[line - 1].startswith(f"def {function}("), name


def test_every_parameter_and_term_has_its_entry(page: str) -> None:
    for row in tables.table("parameters").to_dict("records"):
        name = f"{row['name']}.{row['state']}" if row["state"] else row["name"]
        assert f"| `{name}` | {row['role']} | {row['value']} |" in page
    for name in utility_terms.NAMES:
        assert f"| `{name}` | {utility_terms.MEANING[name]} |" in page


def test_a_state_variable_without_a_meaning_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    own = odd.DOCS / "parts" / "state_variables.csv"
    lines = own.read_text(encoding="utf-8").splitlines(keepends=True)
    (parts / own.name).write_text("".join(line for line in lines if "threat" not in line))
    monkeypatch.setattr(odd, "DOCS", tmp_path)
    with pytest.raises(InputError, match=r"STATE_MONTH\.threat must be described"):
        odd._state_variables()


def test_a_parameter_that_no_step_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odd, "_read_by", lambda node: [])
    with pytest.raises(InputError, match="no step reads"):
        odd._parameters()
    assert len(utility_terms.NAMES) < parameter_index.COUNT
