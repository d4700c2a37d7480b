"""Every fault of a file, not the first alone: each a sentence with its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from model.errors import InputError

MOST_TOLD = 40  # faults of one file; whoever has more mends these first


class EnoughFaults(Exception):
    """So many faults were found that the rest is not looked for."""


class Faults:
    """Collects what independent checks raise, so that each is told once."""

    def __init__(self) -> None:
        self.found: list[InputError] = []

    @contextmanager
    def beside(self) -> Iterator[None]:
        """A check that does not keep those after it from being made."""
        try:
            yield
        except InputError as error:
            if str(error) not in self.sentences:
                self.found.append(error)
            if len(self.found) >= MOST_TOLD:
                raise EnoughFaults from None

    @property
    def sentences(self) -> list[str]:
        """One for each fault, in the order found."""
        return [str(error) for error in self.found]
