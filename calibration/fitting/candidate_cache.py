"""Candidates that a fit has tried: the parameters and the distance of each, kept as they come.

A fit is seeded, so a broken one tries the same candidates when it is begun again; those found here
cost nothing, and what follows is what an unbroken one would have done.
"""

import os
import zlib
from collections.abc import Callable
from pathlib import Path

from scenarios.storage import atomic_write

Candidate = tuple[float, ...]


class Tried:
    """A file of candidates, a line each: parameters, distance, checksum.

    Attributes:
        found, measured: how many distances were looked up here, and how many were worked out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._distances = _read(path.read_bytes()) if path.exists() else {}
        self.found = self.measured = 0
        whole = b"".join(_line(one, distance) for one, distance in self._distances.items())
        atomic_write.write_whole(path, whole)  # without what a kill left half-written

    def distance(self, candidate: Candidate, measure: Callable[[], float]) -> float:
        """Distance of a candidate: the one kept, or what ``measure`` says, which is kept from now
        on, whatever happens to the program or the machine."""
        known = self._distances.get(candidate)
        if known is not None:
            self.found += 1
            return known
        distance = float(measure())
        with self._path.open("ab") as stream:
            stream.write(_line(candidate, distance))
            stream.flush()
            os.fsync(stream.fileno())
        self._distances[candidate] = distance
        self.measured += 1
        return distance


def _line(candidate: Candidate, distance: float) -> bytes:
    content = ",".join(repr(float(value)) for value in (*candidate, distance)).encode()
    return content + f",{zlib.crc32(content):08x}\n".encode()


def _read(content: bytes) -> dict[Candidate, float]:
    """What is whole; a damaged line is left out, so that its candidate is measured again."""
    out = {}
    for line in content.split(b"\n"):
        values, _, checksum = line.rpartition(b",")
        if values and checksum == f"{zlib.crc32(values):08x}".encode():
            *candidate, distance = map(float, values.split(b","))
            out[tuple(candidate)] = distance
    return out
