"""A world from disk is the world that would be built, and nothing else is taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model import tables
from model.core import jit
from model.settings import Event, Settings
from model.world import build
from model.world.build import Atlas
from scenarios.running import kept_worlds

SHORT = Settings(end="1992-12")


class Built:
    """Counts what is built."""

    def __init__(self, make: object) -> None:
        self.make, self.times = make, 0

    def __call__(self, settings: Settings) -> Atlas:
        self.times += 1
        made: Atlas = self.make(settings)  # type: ignore[operator]
        return made


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Built]:
    counting = Built(build.build)
    monkeypatch.setattr(jit, "CACHE", tmp_path)
    monkeypatch.setattr(build, "build", counting)
    yield counting


def test_the_second_world_comes_from_disk_and_is_the_same(built: Built, tmp_path: Path) -> None:
    first, second = kept_worlds.built(SHORT), kept_worlds.built(SHORT)
    assert built.times == 1
    assert len(list(tmp_path.iterdir())) == 1
    for name, one, other in zip(first.arrays._fields, first.arrays, second.arrays, strict=True):
        assert one.dtype == other.dtype and type(one) is type(other), name
        assert one.tobytes() == other.tobytes(), name
        assert other.flags.writeable and not np.shares_memory(one, other)
    assert (first.states, first.missions, first.asks) == (
        second.states,
        second.missions,
        second.asks,
    )


@pytest.mark.parametrize(
    "other",
    [
        Settings(end="1992-11"),
        Settings(end="1992-12", overrides={"home_threat": 1.1}),
        Settings(end="1992-12", point=True),
        Settings(
            end="1992-12",
            events=(Event("casualties", {"month": "1992-01", "state": "JPN", "killed": 1}),),
        ),
    ],
)
def test_other_settings_are_another_world(built: Built, other: Settings) -> None:
    assert kept_worlds._key(SHORT) != kept_worlds._key(other)


def test_other_tables_are_another_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept_worlds._key(SHORT)
    for path in tables.FOLDER.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    assert kept_worlds._key(SHORT) == before  # the same tables in another place
    with (tmp_path / "states.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert kept_worlds._key(SHORT) != before


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_file_is_built_anew(built: Built, tmp_path: Path, damage: str) -> None:
    kept_worlds.built(SHORT)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    path.write_bytes({"cut": whole[:middle], "flipped": flipped, "empty": b""}[damage])
    kept_worlds.built(SHORT)
    assert built.times == 2
    kept_worlds.built(SHORT)
    assert built.times == 2


def test_only_so_many_are_kept(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_worlds, "MOST", 2)
    for end in ("1991-10", "1991-11", "1991-12"):
        kept_worlds.built(Settings(end=end))
    assert len(list(tmp_path.iterdir())) == 2


def test_without_a_place_every_world_is_built(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "CACHE", None)
    kept_worlds.built(SHORT)
    kept_worlds.built(SHORT)
    assert built.times == 2
