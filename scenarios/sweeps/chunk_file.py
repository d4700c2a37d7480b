"""The file of a finished chunk: its name says table, number and the hash of what it holds."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from model import input_files
from model.errors import InputError

DIGITS = 16  # of the hash in the name


def named(name: str, number: int, content: bytes) -> str:
    """The name of the file that holds a table of a chunk."""
    return f"{name}-{number:06d}.{signature(name, number, content)}.parquet"


def parts_of(path: Path) -> tuple[str, int, str]:
    """Table, number and hash in the name of a chunk."""
    name, _, rest = path.name.partition("-")
    number, _, rest = rest.partition(".")
    return name, int(number) if number.isdecimal() else -1, rest.partition(".")[0]


def content_of(path: Path) -> bytes:
    """The bytes of a chunk; what is no file, such as a pipe, is refused before it is waited for."""
    with input_files.opened(path, "chunk of a sweep") as stream:
        return stream.read()


def signature(name: str, number: int, content: bytes) -> str:
    """Hash of a chunk's table, number and content, so that no chunk passes for another."""
    digest = hashlib.sha256(f"{name}-{number} ".encode())
    digest.update(content)
    return digest.hexdigest()[:DIGITS]


def table_of(path: Path) -> pa.Table:
    """The table in a chunk, checked against the hash in its name."""
    content = content_of(path)
    name, number, signed = parts_of(path)
    if signature(name, number, content) != signed:
        raise InputError(f"the chunk {path.name} was damaged meanwhile; go on with --resume")
    return pq.read_table(io.BytesIO(content))
