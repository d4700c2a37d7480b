"""Writing that leaves nothing half-written: an output folder opened, a file written whole."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from model.errors import InputError


@contextlib.contextmanager
def opening(folder: Path) -> Iterator[None]:
    """What keeps an output folder from being made or written to, as a sentence.

    Raises:
        InputError: it cannot be made or written to, or is no name of a folder.
    """
    try:
        str(folder).encode()  # the names of the files are written in UTF-8
        yield
    except InputError:
        raise
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"the output folder {folder} cannot be written to: {reason}; choose another with --out"
        ) from None
    except ValueError:
        raise InputError(f"{str(folder)!r} is no name of a folder") from None


def check_file(path: Path) -> None:
    """Whether a file can be written, found out before the work for it; leaves no trace.

    Raises:
        InputError: it is a folder; its folder cannot be made or written to; its name is too long.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file in it")
    with opening(path.parent):
        made = [folder for folder in path.parents if not folder.exists()]
        temporary = temporary_name(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.touch()
            temporary.unlink()
        finally:
            for folder in made:
                with contextlib.suppress(OSError):
                    folder.rmdir()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that its name stands for all of it or nothing, whatever happens."""
    temporary = temporary_name(path)
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        flush_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def temporary_name(path: Path) -> Path:
    """Name of a file until it is whole, next to its own."""
    return path.with_name(f".{path.name}.tmp")


def flush(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Make a rename last through a loss of power, where folders can be flushed."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
