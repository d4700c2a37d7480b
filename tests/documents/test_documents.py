"""The documents come with the program and are read by a command."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from model.errors import InputError
from viz.cli import document_commands
from viz.cli.main import call
from viz.reports import shipped_documents

ROOT = Path(__file__).parents[2]


def test_every_tutorial_and_document_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["docs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for path in [*(ROOT / "docs" / "tutorials").glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        assert any(line.endswith(document_commands.heading(path)) for line in lines), path


def test_a_document_is_printed_by_number_and_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("3", "3-explain-a-decision", "sweeps"):
        assert call(["docs", name]) == 0
        assert capsys.readouterr().out == document_commands.find(name).read_text(encoding="utf-8")


def test_a_tutorial_is_written_with_its_files(tmp_path: Path) -> None:
    out = tmp_path / "new" / "germany"
    for _ in range(2):  # the same again is no harm
        assert call(["docs", "5", "--out", str(out)]) == 0
        written = {path.name for path in out.iterdir()}
        assert written == {"5-add-a-country.md", "add_germany.py", "calibrate_germany.py"}
    (out / "add_germany.py").write_text("mine\n")
    with pytest.raises(InputError, match=r"add_germany\.py is there already and differs"):
        document_commands.write(document_commands.find("5"), out)
    assert (out / "add_germany.py").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["docs", "70"], "unknown document '70'"),
        (["docs", "sweps"], "did you mean 'sweeps'?"),
        (["docs", "--out", "x"], "--out needs the name of a document"),
        (["docs", "1", "--out", " "], "--out is blank"),
    ],
)
def test_a_wrong_name_ends_in_one_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(arguments) == 2
    told = capsys.readouterr()
    assert words in told.err and len(told.err.splitlines()) == 1 and not told.out


def test_a_folder_that_cannot_be_written_and_missing_documents_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        document_commands.write(document_commands.find("1"), tmp_path / "file" / "below")
    monkeypatch.setattr(shipped_documents, "PLACES", (tmp_path,))
    with pytest.raises(InputError, match="install the program again"):
        document_commands.folder()


def test_the_wheel_takes_the_documents_from_where_they_are_written() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert tool["setuptools"]["package-dir"] == {"viz.docs": "docs"}
    patterns = tool["setuptools"]["package-data"]["viz.docs"]
    shipped = {path for pattern in patterns for path in (ROOT / "docs").glob(pattern)}
    assert set(document_commands.documents().values()) <= shipped


def test_every_link_of_a_document_leads_to_a_file() -> None:
    for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md"]:
        if path.parent.name == "parts":  # links of these count from the page they become
            continue
        for link in re.findall(r"\]\((?!http)([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"
