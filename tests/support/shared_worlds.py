"""Worlds of scenarios, built once and handed out as copies: tests ask for the same ones over and
over, and building one takes a second."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from model import tables
from model.settings import Settings
from model.world.build import Atlas

MOST = 8  # worlds kept, of thirty megabytes each


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every table: other tables make another world."""
    found = [(path.name, path.stat()) for path in sorted(folder.glob("*.csv"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def shared(build: Callable[[Settings], Atlas]) -> Callable[[Settings], Atlas]:
    """``build``, but a world that was built from these tables before is copied."""
    kept: OrderedDict[object, bytes] = OrderedDict()

    def built(settings: Settings) -> Atlas:
        key = (str(tables.FOLDER), stamp(tables.FOLDER), repr(settings))
        if key not in kept:
            world = build(settings)
            kept[key] = pickle.dumps(world, protocol=pickle.HIGHEST_PROTOCOL)
            while len(kept) > MOST:
                kept.popitem(last=False)
            return world
        kept.move_to_end(key)
        copy: Atlas = pickle.loads(kept[key])
        return copy

    return built
