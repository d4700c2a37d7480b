"""What is stored and gone on with is bound to all code that makes its numbers."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

import calibration
import model
import scenarios
from calibration.fitting.calibrate import _settings
from scenarios.storage import provenance
from scenarios.sweeps import chunk as block
from scenarios.sweeps import store

PACKAGES = tuple(Path(one.__file__ or "").parent for one in (model, scenarios))
ROOT = PACKAGES[0].parent


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, ...]:
    ignored = shutil.ignore_patterns("__pycache__", "data", "library", "designs")
    return tuple(
        Path(shutil.copytree(one, tmp_path / one.name, ignore=ignored)) for one in PACKAGES
    )


def of(folders: tuple[Path, ...]) -> list[str]:
    provenance.source_hashes.cache_clear()
    return [provenance.sources_hash(folder) for folder in folders]


def test_the_hash_covers_every_source_file_of_model_and_scenarios(copies: tuple[Path, ...]) -> None:
    same = of(copies)
    assert provenance.text_hash(" ".join(same)) == provenance.code_hash()
    sources = [path for folder in copies for path in sorted(folder.rglob("*.py"))]
    assert len(sources) > 100
    for path in sources[::9]:
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        assert of(copies) != same, path
        path.write_bytes(before)
    new = copies[1] / "deeper" / "new.py"
    new.parent.mkdir()
    new.write_text("")
    assert of(copies) != same


def test_a_sweep_is_not_gone_on_with_under_other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {"design": {}, "program": provenance.describe()}
    monkeypatch.setattr(provenance, "code_hash", lambda *_: "other")
    theirs = {"design": {}, "program": provenance.describe()}
    assert "code that makes its numbers has changed" in store._difference(theirs, ours)


def test_a_worker_of_other_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    before = block.binding()
    monkeypatch.setattr(provenance, "code_hash", lambda *_: "other")
    assert block.binding() != before


def test_a_fit_is_bound_to_the_code_of_all_three_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Path, ...]] = []

    def code_hash(*further: Path) -> str:
        seen.append(further)
        return "hash"

    recorder = SimpleNamespace(
        code_hash=code_hash,
        data_hashes=provenance.data_hashes,
        text_hash=provenance.text_hash,
    )
    monkeypatch.setattr("calibration.fitting.calibrate.provenance", recorder)
    assert _settings("2010-12", 4, 2, 1)["code"] == "hash"
    assert seen == [(Path(calibration.__file__ or "").parent,)]
