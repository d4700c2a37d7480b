"""The shape of a release: one place for the version, a changelog that has it, a citation."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import yaml

import peacekeeping

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_version_stands_in_one_place() -> None:
    assert peacekeeping.__version__ == PROJECT["version"]
    packages = ("model", "scenarios", "calibration", "viz", "benchmarks", "tests")
    paths = [ROOT / "peacekeeping.py", ROOT / "README.md", ROOT / "Makefile"]
    paths += [path for package in packages for path in (ROOT / package).rglob("*.py")]
    word = re.compile(rf"\b{re.escape(PROJECT['version'])}\b")
    assert not [path for path in paths if word.search(path.read_text(encoding="utf-8"))]


def test_the_changelog_has_the_version_and_what_comes_next() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert headings[0] == "Unreleased" and headings[1] == PROJECT["version"]
    numbers = [[int(part) for part in heading.split(".")] for heading in headings[1:]]
    assert numbers == sorted(numbers, reverse=True)
    for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        heads = re.findall(r"^### (.+)$", part, flags=re.MULTILINE)
        assert heads and set(heads) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed"}
        assert len(re.findall(r"^### .+\n\n- \S", part, flags=re.MULTILINE)) == len(heads)


def test_the_citation_file_is_whole_and_agrees_with_the_project() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "date-released"} <= set(cited)
    assert cited["version"] == PROJECT["version"]
    assert cited["cff-version"] == "1.2.0" and cited["type"] == "software"
    assert cited["license"] == PROJECT["license"]
    assert [one["name"] for one in cited["authors"]] == [one["name"] for one in PROJECT["authors"]]
    for path in re.findall(r"docs/[\w./]+\w", cited["message"]):
        assert (ROOT / path).exists()


def test_every_package_says_that_it_is_typed_and_the_wheel_carries_it() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    for package in ("model", "scenarios", "calibration", "viz"):
        assert (ROOT / package / "py.typed").exists()
        assert "py.typed" in tool["setuptools"]["package-data"][package]


def test_the_entry_for_zenodo_agrees_with_the_project() -> None:
    entry = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert entry["license"] == PROJECT["license"]
    assert entry["creators"] == [{"name": one["name"]} for one in PROJECT["authors"]]
