"""The valid parts of a file, once its faulty parts are taken out, so that the rest is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Lost:
    """Names in the events that were taken out, about which the rest is given the benefit of the
    doubt: missions that they open or put anything in, and training centres."""

    opened: frozenset[str] = frozenset()
    missions: frozenset[str] = frozenset()
    centres: frozenset[str] = frozenset()


NOTHING = Lost()


def lost(content: dict[str, Any], paths: Iterable[Path]) -> Lost:
    """What the events say that go with what stands at the paths."""
    events = [_at(content, whole) for whole in {_whole(path) for path in paths}]
    events = [event for event in events if isinstance(event, dict)]

    def named(key: str, *types: str) -> frozenset[str]:
        found = [event.get(key) for event in events if not types or event.get("type") in types]
        return frozenset(name for name in found if isinstance(name, str))

    return Lost(named("mission", "open_mission"), named("mission"), named("centre"))


def _at(content: Any, path: Path) -> Any:
    """What stands at a path; none where a key of it is missing."""
    for part in path:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return None
    return content


def without(
    content: dict[str, Any], paths: Iterable[Path]
) -> tuple[dict[str, Any], Callable[[Path], Path]]:
    """A copy of tables without what stands at the paths, and the way back to where a thing stood.

    An entry of a list goes as a whole, an event with one faulty key too; elsewhere the key goes.
    """
    gone = {_whole(path) for path in paths}
    kept: dict[Path, list[int]] = defaultdict(list)  # of each list: where its entries stood

    def copy(part: Any, path: Path) -> Any:
        if isinstance(part, dict):
            own = {key: (*path, key) for key in part}
            return {key: copy(part[key], at) for key, at in own.items() if at not in gone}
        if isinstance(part, list):
            kept[path] = [n for n in range(len(part)) if (*path, n) not in gone]
            return [copy(part[n], (*path, n)) for n in kept[path]]
        return part

    rest = copy(content, ())

    def places(path: Path) -> Path:
        found: Path = ()
        for part in path:
            own = kept.get(found, [])  # none for what the file leaves to its default
            inside = isinstance(part, int) and part < len(own)
            found = (*found, own[int(part)] if inside else part)
        return found

    return rest, places


def _whole(path: Path) -> Path:
    """The outermost entry of a list that a path leads into, else the path itself."""
    for place, part in enumerate(path):
        if isinstance(part, int):
            return path[: place + 1]
    return path
