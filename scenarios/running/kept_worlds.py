"""Worlds kept on disk, so that a second run of a scenario does not build its world again.

They lie with the machine code, in a folder of the user's own whose name changes with the sources; a
world's name is a hash of its settings and of every table.  A damaged file is made again, and where
nothing can be kept every world is built.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from model import tables
from model.core import code_cache, jit
from model.world import build

if TYPE_CHECKING:
    from model.settings import Settings
    from model.world.build import Atlas

MOST = 16  # worlds kept, of one or two megabytes each
ENDING = ".world"


def built(settings: Settings) -> Atlas:
    """The world of these settings: from disk, else built and put there.

    Raises:
        InputError: as ``build``.
    """
    if jit.CACHE is None:
        return build.build(settings)
    path = jit.CACHE / f"{_key(settings)}{ENDING}"
    with suppress(OSError, ValueError):
        atlas: Atlas = pickle.loads(_unpacked(code_cache.content(path)))
        os.utime(path)
        return atlas
    atlas = build.build(settings)
    with suppress(OSError):  # a full disk: built again next time
        _put(path, _packed(pickle.dumps(atlas, pickle.HIGHEST_PROTOCOL)))
    return atlas


def _key(settings: Settings) -> str:
    """Hash of all that a world follows from, but for the sources."""
    digest = hashlib.sha256(f"{jit.COMPILING} {settings!r}".encode())
    for path in sorted(tables.FOLDER.glob("*.csv")):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _packed(whole: bytes) -> bytes:
    return len(whole).to_bytes(8, "big") + pa.compress(whole, codec="zstd", asbytes=True)


def _unpacked(packed: bytes) -> bytes:
    """What was packed.

    Raises:
        ValueError: it is not what ``_packed`` gave.
    """
    try:
        size = int.from_bytes(packed[:8], "big")
        return bytes(pa.decompress(packed[8:], size, codec="zstd", asbytes=True))
    except (pa.ArrowException, OverflowError) as error:
        raise ValueError(str(error)) from None


def _put(path: Path, content: bytes) -> None:
    """Write a file in one go, then let the oldest worlds go."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".world-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(code_cache.signed(content))
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    kept = sorted(path.parent.glob(f"*{ENDING}"), key=lambda one: one.stat().st_mtime)
    for old in kept[:-MOST]:
        old.unlink(missing_ok=True)
