"""Files from outside: regular ones of bounded size only, so that reading always ends.

A pipe, a device or a folder in place of a file is refused before a byte is read; a byte order mark
(as Excel and Notepad write it) is skipped.
"""

import os
import re
import stat
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from .errors import InputError
from .input_text import device_fault

PIECE = 1 << 20  # bytes read at a time
LARGEST_TABLE = 200_000_000  # bytes of a table
LARGEST_MANIFEST = 50_000_000  # bytes


def opened(path: Path, what: str, largest: int | None = None) -> BinaryIO:
    """A regular file opened for reading; ``what`` it should hold is named in errors.

    Raises:
        InputError: it is missing, no regular file, larger than ``largest`` bytes, or unreadable.
    """
    try:
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except FileNotFoundError:
        raise InputError(f"there is no {what} {path}") from None
    except ValueError:  # a NUL or half a character
        raise InputError(f"{str(path)!r} is not the name of a file") from None
    except OSError as error:
        raise InputError(f"the {what} {path} cannot be read: {error.strerror}") from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise InputError(f"{path} is not a file, so not a {what}")
    if largest is not None and found.st_size > largest:
        os.close(handle)
        raise InputError(f"{path} is larger than {_amount(largest)}, too large to be a {what}")
    return os.fdopen(handle, "rb")


def exists(path: Path) -> bool:
    """Whether there is something of that name; false also where it cannot be one."""
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, a NUL, half a character
        return False


def content(path: Path, what: str, largest: int) -> bytes:
    """The bytes of a regular file; faults as in ``opened``."""
    with opened(path, what, largest) as stream:
        try:
            pieces = iter(lambda: stream.read(PIECE), b"")  # not the whole room at once
            found = b"".join(islice(pieces, largest // PIECE + 2))
        except OSError as error:
            raise InputError(f"the {what} {path} cannot be read: {error.strerror}") from None
    if len(found) > largest:
        raise InputError(f"{path} is larger than {_amount(largest)}, too large to be a {what}")
    return found


def text(path: Path, what: str, largest: int) -> str:
    """The text of a regular file in UTF-8, without a byte order mark; faults as in ``opened``."""
    try:
        return content(path, what, largest).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} cannot be read as UTF-8 text (byte {error.start}), so it is not a {what}"
        ) from None


def place(written: str | Path) -> Path:
    """A path that a person wrote, with ``~`` as the home folder; the one place where it is.

    Raises:
        InputError: it is blank, an address such as ``s3://x``, of an unknown user, or no name of a
            file or folder.
    """
    if not isinstance(written, str | Path):
        raise InputError(f"{written!r} is no name of a file or folder")
    if not str(written).strip():
        raise InputError("the name of a file or folder is blank; write one, such as results/mine")
    if fault := device_fault(str(written)):
        raise InputError(f"{str(written)!r} {fault}")
    if address := re.match("[A-Za-z][A-Za-z0-9+.-]+:", str(written)):
        raise InputError(
            f"{str(written)!r} is written like an address ({address[0]}); name a file or folder of "
            "this machine"
        )
    try:
        os.fsencode(str(written))
        if "\0" in str(written):
            raise ValueError
        return Path(written).expanduser()
    except (ValueError, UnicodeError):
        raise InputError(f"{str(written)!r} is no name of a file or folder") from None
    except RuntimeError:
        raise InputError(f"{str(written)!r}: there is no such home folder") from None


def _amount(size: int) -> str:
    return "a megabyte" if size == 1_000_000 else f"{size // 1_000_000} megabytes"
