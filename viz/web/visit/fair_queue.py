"""One fair queue for the work of all visitors: first answers, then who has had least of late.

A visitor has one place at a time, and hands it over between two steps of the work when somebody
waits for a first answer, or who has had less.  So one who asks for much slows others by at most
half, as there are two places; and whoever asks for little after that is served at once.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from model.errors import InputError

CORES = os.cpu_count() or 1
PLACES = max(2, min(6, CORES))  # work that goes on at the same time
FIRST, WHOLE, LATER = 0, 1, 2  # what comes first: first answers, then whole ones, then the rest
LONGEST = 180.0  # seconds that one work may hold a place
HEAD_START = 4.0  # seconds of work by which one is behind another who must wait for it
HALVED_AFTER = 30.0  # seconds after which what was had counts half
LOOK = 0.1  # seconds between two looks whether the visitor is still there
MOST_WAITING = 300  # works in the queue; of one visitor a tab has six at most
BUSY = "the web app has more to do than it can; try again in a minute"
TOO_LONG = (
    "this takes longer than the web app works for one visitor; ask for fewer runs, or use the "
    "command line"
)


class Stopped(Exception):
    """The visitor has asked for something else meanwhile, or has left."""


@dataclass(eq=False)
class Place:
    """One work in the queue.

    Attributes:
        visitor: whose it is; ``rank``: ``FIRST``, ``WHOLE`` or ``LATER``.
        stop: set when it is no longer wanted; ``there``: whether its visitor is connected.
        tell: gets the steps done and asked for; ``said``: gets a first answer.
    """

    visitor: Hashable
    stop: threading.Event
    there: Callable[[], bool]
    rank: int
    queue: FairQueue = field(repr=False)
    tell: Callable[[int, int], None] = field(default=lambda done, total: None, repr=False)
    said: Callable[[Any], None] = field(default=lambda value: None, repr=False)
    spent: float = 0.0
    since: float = 0.0

    def step(self) -> None:
        """Between two steps of the work: go on, or wait where others come first.

        Raises:
            Stopped: it is no longer wanted.
            InputError: it has taken longer than one visitor may.
        """
        self.queue.step(self)

    def over(self) -> bool:
        """A step, for work that ends by itself when it is no longer wanted."""
        try:
            self.step()
        except Stopped:
            return True
        return False

    def report(self, done: int, total: int) -> None:
        """A step, after which so much is done."""
        self.step()
        self.tell(done, total)

    def show(self, value: Any) -> None:
        """A first answer is there; what is still to do comes after the first answers of others."""
        if not self.stop.is_set():
            self.said(value)
        self.rank = max(self.rank, WHOLE)
        self.step()

    def threads(self) -> int:
        """How many threads the work may use now: all cores where no other visitor needs them."""
        return max(1, CORES // self.queue.wanted())


class FairQueue:
    """Places for work; ``places`` of them at the same time."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = places
        self._changed = threading.Condition()
        self._waiting: list[Place] = []
        self._working: list[Place] = []
        self._had: dict[Hashable, tuple[float, float]] = {}  # seconds of late, and when counted

    @contextmanager
    def place(
        self,
        visitor: Hashable,
        stop: threading.Event | None = None,
        *,
        there: Callable[[], bool] = lambda: True,
        rank: int = WHOLE,
    ) -> Iterator[Place]:
        """A place for one work, waited for.

        Raises:
            Stopped: it was stopped while waiting.
            InputError: too many works wait already.
        """
        if self.lengths()[1] >= MOST_WAITING:
            raise InputError(BUSY)
        place = Place(visitor, stop or threading.Event(), there, rank, self)
        self._wait(place)
        try:
            yield place
        finally:
            self._leave(place)

    def lengths(self) -> tuple[int, int]:
        """How many works go on, and how many wait."""
        with self._changed:
            return len(self._working), len(self._waiting)

    def wanted(self) -> int:
        """How many works go on or wait, up to the number of places."""
        with self._changed:
            waiting = sum(one.there() for one in self._waiting)
            return max(1, min(self._places, len(self._working) + waiting))

    def step(self, place: Place) -> None:
        """See ``Place.step``."""
        if place.stop.is_set():
            raise Stopped
        if place.spent + time.monotonic() - place.since > LONGEST:
            raise InputError(TOO_LONG)
        with self._changed:
            self._count(place)
            gives_way = (
                not place.there()
                or any(self._comes_before(one, place) for one in self._waiting + self._working)
                or any(
                    one.rank < place.rank and one.there() and not self._held_back(one)
                    for one in self._waiting
                )
            )
        if gives_way:
            self._leave(place)
            self._wait(place)

    def _wait(self, place: Place) -> None:
        with self._changed:
            self._waiting.append(place)
            try:
                while not (place.there() and self._may(place)):
                    if place.stop.is_set():
                        raise Stopped
                    self._changed.wait(LOOK)
                if place.stop.is_set():
                    raise Stopped
            finally:
                self._waiting.remove(place)
                self._changed.notify_all()
            place.since = time.monotonic()
            self._working.append(place)

    def _leave(self, place: Place) -> None:
        with self._changed:
            if place in self._working:
                self._count(place)
                self._working.remove(place)
                self._changed.notify_all()

    def _may(self, place: Place) -> bool:
        """Whether a waiting work has a place now."""
        if len(self._working) >= self._places or self._held_back(place):
            return False
        rivals = [one for one in self._waiting if one.there() and not self._held_back(one)]
        now = time.monotonic()  # once for all: what was had counts less from moment to moment
        first = min(rivals, key=lambda one: (one.rank, self._of_late(one.visitor, now)))
        return first is place

    def _held_back(self, place: Place) -> bool:
        """Whether its own visitor's work, or that of one who comes before, is going on."""
        return any(
            other.visitor == place.visitor or self._comes_before(other, place)
            for other in self._working
        )

    def _comes_before(self, other: Place, place: Place) -> bool:
        """Whether one work must wait for another, of a visitor who has had much less."""
        if other is place or other.visitor == place.visitor or not other.there():
            return False
        if place.rank < other.rank:  # a first answer waits for no whole one
            return False
        now = time.monotonic()
        return self._of_late(other.visitor, now) + HEAD_START < self._of_late(place.visitor, now)

    def _of_late(self, visitor: Hashable, now: float) -> float:
        """Seconds of work that a visitor has had, those of long ago less and less."""
        had, at = self._had.get(visitor, (0.0, 0.0))
        return float(had * 0.5 ** ((now - at) / HALVED_AFTER))

    def _count(self, place: Place) -> None:
        """Add what a work has had since it was counted last."""
        now = time.monotonic()
        more = now - place.since
        place.since, place.spent = now, place.spent + more
        self._had[place.visitor] = self._of_late(place.visitor, now) + more, now
        for visitor in [one for one in self._had if self._of_late(one, now) < 0.01]:
            del self._had[visitor]


QUEUE = FairQueue()
