"""Every fault of a file, not the first alone: each a sentence with its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from model.errors import InputError


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

    @property
    def sentences(self) -> list[str]:
        """One for each fault, in the order found."""
        return [str(error) for error in self.found]
