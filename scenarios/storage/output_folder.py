"""An output folder that changes whole or not at all, and only where it holds what we wrote.

Everything is written into a new folder beside the wanted one (``.NAME.writing``); the manifest,
with a hash of every other file, comes last; then the two change places in one step.  Killed at any
moment, what can be read is the old result or the new one; the next run removes what is left.  Where
the folder cannot change places (it is where the user stands, or a mount point), its files are moved
one by one with the manifest gone meanwhile, and a kill is made good by the next run.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from model import input_files
from model.errors import InputError

from . import atomic_write, provenance
from .manifest import MANIFEST

WRITING = ".writing"  # ends the name of the folder that is written
LOCK = ".lock"
MOVING = "moving.json"  # names that are moved one by one just now
NOT_COUNTED = (".DS_Store", "Thumbs.db", "desktop.ini")  # of the system, in any folder


class OutputFolder:
    """Where a result is written; as a context manager it leaves nothing half-written.

    Attributes:
        folder: the wanted folder.
        new: the folder to write into until ``commit``.

    Raises:
        InputError: the folder cannot be written to; it holds something that this program did not
            write; it holds another result and ``overwrite`` is false; another run writes into it.
    """

    def __init__(self, folder: str | Path, command: Sequence[str], overwrite: bool = False) -> None:
        """``command``: what is run; the result of the same command is replaced unasked."""
        self.folder = input_files.place(folder)
        self._made: list[Path] = []
        self._lock: Lock | None = None
        with atomic_write.opening(self.folder):
            there = Path(os.path.realpath(self.folder))
            if there.exists() and not there.is_dir():
                raise InputError(f"{folder} is a file, not a folder; choose another with --out")
            self._there = there
            self._swapped = _can_change_places(there)
            beside = there.parent if self._swapped else there
            self._made = [path for path in (beside, *beside.parents) if not path.exists()]
            try:
                beside.mkdir(parents=True, exist_ok=True)
                name = f".{there.name}" if self._swapped else ""
                self.new = beside / f"{name}{WRITING}"
                self._lock = Lock(beside / f"{name}{LOCK}", self.folder)
                self._clear()
                self._refuse_what_is_not_ours(list(command), overwrite)
                self.new.mkdir()
            except BaseException:
                self._leave()
                raise

    def __enter__(self) -> OutputFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()
        if isinstance(error, OSError):  # a full disk, a folder that is gone
            reason = os.strerror(error.errno) if error.errno else str(error).splitlines()[0]
            raise InputError(
                f"the result cannot be written to {self.folder}: {reason}; nothing of it is left "
                "there"
            ) from None

    def commit(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """Sign what was written and put it in the place of what was there; returns the manifest.

        ``files`` of the manifest has the SHA-256 of each file that ``tables`` does not sign.
        """
        signed = {str(entry["file"]) for entry in manifest.get("tables", {}).values()}
        files = {}
        for path in _files(self.new):
            atomic_write.flush(path)
            name = path.relative_to(self.new).as_posix()
            if name not in signed:
                files[name] = provenance.file_hash(path)
        whole = {**manifest, "files": files}
        atomic_write.write_whole(self.new / MANIFEST, provenance.signed(whole).encode())
        if self._swapped:
            self._change_places()
        else:
            self._move([*signed, *files])
        self._made = []
        return whole

    def _change_places(self) -> None:
        old = self._there
        if old.exists():
            shutil.copymode(old, self.new)
            if not _exchange(self.new, old):
                aside = old.with_name(f".{old.name}.old")
                old.rename(aside)
                self.new.rename(old)
                aside.rename(self.new)
        else:
            self.new.rename(old)
        atomic_write.flush_folder(old.parent)
        shutil.rmtree(self.new, ignore_errors=True)  # what was there

    def _move(self, names: Sequence[str]) -> None:
        before = [*_ours(self._there), MANIFEST]
        journal = json.dumps([*names, *before]).encode()
        atomic_write.write_whole(self.new / MOVING, journal)
        for name in (MANIFEST, *before):
            (self._there / name).unlink(missing_ok=True)
        _remove_empty_folders(self._there, before)
        for name in (*names, MANIFEST):
            (self._there / name).parent.mkdir(parents=True, exist_ok=True)
            (self.new / name).replace(self._there / name)
        atomic_write.flush_folder(self._there)

    def _clear(self) -> None:
        """Make good what a killed run left."""
        aside = self._there.with_name(f".{self._there.name}.old")
        if self._swapped and aside.exists():
            if self._there.exists():
                shutil.rmtree(aside)
            else:
                aside.rename(self._there)
        inside = self._there / WRITING
        if (inside / MOVING).exists() and not (self._there / MANIFEST).exists():
            for name in json.loads((inside / MOVING).read_text(encoding="utf-8")):
                path = self._there / name
                if path.resolve().is_relative_to(self._there):
                    path.unlink(missing_ok=True)
            _remove_empty_folders(self._there, [])
        for left in (inside, self.new):
            if left.exists():
                shutil.rmtree(left)

    def _refuse_what_is_not_ours(self, command: list[str], overwrite: bool) -> None:
        """Raise InputError unless the folder is empty, of the same command, or to be replaced."""
        if not self._there.exists():
            return
        own = _ours(self._there)
        for path in _entries(self._there):
            name = path.relative_to(self._there).as_posix()
            if name == LOCK or path.name in NOT_COUNTED:
                continue
            if name not in own and not any(one.startswith(f"{name}/") for one in own):
                raise InputError(
                    f"{self.folder} holds {name}, which is not of a result that this program wrote "
                    "there; choose another folder with --out"
                )
            if path.is_file() and own[name] and provenance.file_hash(path) != own[name]:
                raise InputError(
                    f"{self.folder} holds {name}, which was changed after it was written; choose "
                    "another folder with --out"
                )
        found = _manifest(self._there) if own else {}
        before = found.get("program", {}).get("command", [])
        if own and before != command and not overwrite:
            what = " ".join(map(str, before)) or "another command"
            raise InputError(
                f"{self.folder} holds the result of {what}; choose another folder with --out, or "
                "replace it with --overwrite"
            )

    def _leave(self) -> None:
        with contextlib.suppress(OSError):
            if self._lock is not None:
                shutil.rmtree(self.new, ignore_errors=True)
                self._lock.release()
        for path in self._made:
            try:
                path.rmdir()
            except (OSError, ValueError):  # not empty, not made, no name of a folder
                return


class Lock:
    """A file that one process holds at a time and removes when it lets go; a kill lets go, too."""

    def __init__(self, path: Path, folder: Path) -> None:
        import filelock

        self._path = path
        while True:
            self._lock = filelock.FileLock(path, timeout=0)
            try:
                self._lock.acquire()
            except filelock.Timeout:
                if not path.exists():  # filelock waits for what cannot be made, too
                    path.touch()  # says why, unless its holder removed it just now
                    continue
                raise InputError(
                    f"another run is writing into {folder}; wait for it, or choose another folder "
                    "with --out"
                ) from None
            if path.exists():  # else its holder removed it when we had it open already
                return
            self._lock.release()

    def release(self) -> None:
        if os.name == "posix":
            self._path.unlink(missing_ok=True)
        self._lock.release()


def _manifest(folder: Path) -> dict[str, Any]:
    """The signed manifest of a folder; empty where there is none."""
    path = folder / MANIFEST
    try:
        found = json.loads(input_files.text(path, "manifest", input_files.LARGEST_MANIFEST))
        return provenance.unsigned(found, path)
    except (InputError, ValueError, RecursionError, AttributeError):
        return {}


def _ours(folder: Path) -> dict[str, str]:
    """Files that a finished result in a folder says it has, with the SHA-256 of each; blank of the
    manifest, which is signed; none where there is no finished result."""
    found = _manifest(folder)
    if not found or found.get("complete") is False:
        return {}
    try:
        tables = {str(one["file"]): str(one["sha256"]) for one in found.get("tables", {}).values()}
        return {**tables, **dict(found.get("files", {})), MANIFEST: ""}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}


def _entries(folder: Path) -> Iterator[Path]:
    """Everything in a folder and in its folders; links are not followed."""
    for path in sorted(folder.iterdir()):
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _entries(path)


def _files(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if path.is_file()]


def _remove_empty_folders(folder: Path, names: Sequence[str]) -> None:
    for parent in {(folder / name).parent for name in (*names, "figures/x")} - {folder}:
        with contextlib.suppress(OSError):
            parent.rmdir()


def _can_change_places(folder: Path) -> bool:
    """Whether another folder can be put in the place of this one."""
    parent = folder.parent
    while not parent.exists():
        parent = parent.parent
    inside = folder.exists() and Path.cwd().resolve().is_relative_to(folder)
    return not inside and not os.path.ismount(folder) and os.access(parent, os.W_OK | os.X_OK)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; false where the system cannot."""
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(system.renamex_np(os.fsencode(one), os.fsencode(other), 2) == 0)
        here = -100  # names are from the working directory
        done = system.renameat2(here, os.fsencode(one), here, os.fsencode(other), 2)
        return bool(done == 0)
    except (AttributeError, OSError, TypeError):
        return False
