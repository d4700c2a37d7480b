"""Where machine code is kept between runs, and what is loaded from there: only our own, and whole.

What lies there is loaded as code, so a folder counts only if it belongs to the user and nobody else
can write into it; each file carries a hash of its content, and a damaged one is made again.  Where
no such folder can be had, nothing is kept.
"""

import hashlib
import os
import pickle
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs

USER: int | None = os.getuid() if hasattr(os, "getuid") else None  # none on Windows
DIGEST = 32  # bytes of the hash before a file's content


def parents(package: Path) -> tuple[Path, ...]:
    """Where machine code may be kept: beside the package, the user's cache, a temporary folder."""
    found = [package / "__pycache__" / "compiled"]
    with suppress(RuntimeError, KeyError, OSError):  # a user without a home
        found.append(Path(platformdirs.user_cache_dir("peacekeeping")) / "compiled")
    with suppress(OSError):  # no temporary folder can be written to
        name = f"peacekeeping-compiled-{'user' if USER is None else USER}"
        found.append(Path(tempfile.gettempdir()) / name)
    return tuple(found)


def folder(parents: tuple[Path, ...], name: str) -> Path | None:
    """The first of the parents' folders of that name that is the user's own and can be written."""
    for parent in parents:
        chosen = parent / name
        try:
            parent.parent.mkdir(parents=True, exist_ok=True)
            for one in (parent, chosen):
                with suppress(FileExistsError):
                    one.mkdir(mode=0o700)
            if not (_safe(parent.parent) and _own(parent) and _own(chosen)):
                continue
            handle, probe = tempfile.mkstemp(dir=chosen, prefix=".probe-")
            os.close(handle)
            os.unlink(probe)
        except OSError:
            continue
        return chosen
    return None


def _own(path: Path) -> bool:
    """Whether a folder, and no link to one, is the user's and closed to the writing of others."""
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode):
        return False
    return USER is None or (found.st_uid == USER and not found.st_mode & 0o022)


def _safe(path: Path) -> bool:
    """Whether nobody else can put another folder in the place of one of ours in here.

    A group that may write is left alone: it may write the sources beside it, too.
    """
    mode = os.stat(path).st_mode
    return USER is None or not mode & 0o002 or bool(mode & stat.S_ISVTX)


def checked_files(base: Any) -> Any:
    """Numba's class for the files of a cached function, with every file checked by its hash."""

    class CheckedFiles(base):
        """As numba's, but what is damaged counts as missing, and what cannot be kept is not."""

        def save(self, key: Any, data: Any) -> None:
            with suppress(OSError):  # a full disk: compiled again next time
                super().save(key, data)

        def _load_index(self) -> dict[Any, str]:
            try:
                version, stamp, overloads = _read(self._index_path)
            except (OSError, ValueError):
                return {}
            fresh = (version, stamp) == (self._version, self._source_stamp)
            return dict(overloads) if fresh else {}

        def _save_index(self, overloads: dict[Any, str]) -> None:
            content = self._dump((self._version, self._source_stamp, overloads))
            self._write(self._index_path, content)

        def _load_data(self, name: str) -> Any:
            try:
                return _read(self._data_path(name))
            except ValueError:
                raise OSError(f"{name} is damaged") from None  # which numba takes for missing

        def _save_data(self, name: str, data: Any) -> None:
            self._write(self._data_path(name), self._dump(data))

        def _write(self, path: str, content: bytes) -> None:
            with self._open_for_write(path) as stream:
                stream.write(signed(content))

    return CheckedFiles


def signed(content: bytes) -> bytes:
    """Content with its hash in front, as it lies in a file."""
    return hashlib.sha256(content).digest() + content


def content(path: str | Path) -> bytes:
    """What was ``signed`` and written to a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not what was written.
    """
    whole = Path(path).read_bytes()
    digest, found = whole[:DIGEST], whole[DIGEST:]
    if hashlib.sha256(found).digest() != digest:
        raise ValueError(f"{path} is damaged")
    return found


def _read(path: str) -> Any:
    """What a file of the cache holds; raises as ``content``."""
    return pickle.loads(content(path))
