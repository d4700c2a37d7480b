"""Break a sweep at each of its file operations in turn, resume it, and compare the bytes.

Run as a program of its own, so that every attempt is a fork of a process that has the machine code
loaded and no thread. Prints one line for each attempt that went wrong, and how many there were.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

WATCHED = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate")


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every file of a finished sweep."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def attempt(design: Path, out: Path, number: int, how: str) -> bool:
    """Sweep in a child that is killed, or whose disk is full, at the nth operation; True if so."""
    child = os.fork()
    if child == 0:
        _break_at(out, number, how)
        from model.errors import InputError
        from scenarios.sweeps.sweep import sweep

        try:
            sweep(design, out, resume=(out / "manifest.json").exists(), threads=1)
        except InputError as error:
            told = "go on with --resume" in str(error) or "cannot be written to" in str(error)
            os._exit(3 if told else 4)
        except BaseException as error:
            print(f"operation {number}: {type(error).__name__}: {error}", flush=True)
            os._exit(5)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return True
    code = os.WEXITSTATUS(status)
    if code > 3:
        print(f"operation {number}: ended with {code}", flush=True)
    return code == 3


def _break_at(out: Path, number: int, how: str) -> None:
    """From the nth operation in the folder on: killed there, or every write fails."""
    seen = 0

    def watch(event: str, values: tuple[Any, ...]) -> None:
        nonlocal seen
        if event not in WATCHED or not str(values[0]).startswith(str(out)):
            return
        if event == "open" and not any(mark in str(values[1]) for mark in "wa+"):
            return
        broken()

    def broken() -> None:
        nonlocal seen
        seen += 1
        if how == "kill" and seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "full" and seen >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    real = os.fsync

    def fsync(handle: Any) -> None:
        broken()
        real(handle)

    vars(os)["fsync"] = fsync
    sys.addaudithook(watch)


def main() -> None:
    """Arguments: design, a folder to work in, kill or full, and how many operations to step on."""
    from scenarios.sweeps.chunk import simulate
    from scenarios.sweeps.plan import plan

    design, work, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    whole = plan(design)
    for block in whole.blocks(list(range(whole.chunks))):
        simulate(block)  # worlds and machine code, which the children inherit
    attempt(design, work / "whole", 10**9, how)
    expected = contents(work / "whole")
    assert "outcomes.parquet" in expected, expected
    wrong, tried = 0, 0
    for number in count(1, int(sys.argv[4])):
        out = work / f"{how}-{number}"
        if not attempt(design, out, number, how):
            break
        tried += 1
        attempt(design, out, 10**9, how)
        if contents(out) != expected:
            wrong += 1
            print(f"operation {number}: other bytes, {sorted(contents(out))}", flush=True)
    print(f"{tried} attempts, {wrong} wrong")


if __name__ == "__main__":
    main()
