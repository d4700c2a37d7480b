"""How many visitors there are, and what is cleared up when one has left."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from solara.server.kernel_context import PageStatus, contexts

from . import computation, followed, usage
from .memory import CLEARED_AFTER, give_back
from .usage import MOST

MOST_MEMORY = 4000  # MB of the process above which no more visitors are let in
MOST_SOCKETS = 3 * MOST  # a tab that connects again may have two for a while
FULL = f"The web app serves {MOST} visitors at once, and is full; try again in a minute.\n"


_open: list[str] = []  # the tab of each open socket


def room() -> bool:
    """Whether one more may come; those who have lost the connection make room for them."""
    for one in [one for one in list(contexts.values()) if not _connected(one)]:
        if _places() < MOST:
            break
        one.close(reason="cull")
    if (usage.memory() or 0) > MOST_MEMORY:
        give_back()
        if (usage.memory() or 0) > MOST_MEMORY:
            return False
    return _places() < MOST


def _places() -> int:
    """How many places are taken, by tabs and by sockets of tabs that are only coming or going."""
    return len({*contexts, *_open})


@contextmanager
def place(tab: str) -> Iterator[bool]:
    """A place for one socket of a tab while it lasts; False where there is none."""
    known = tab in contexts or tab in _open
    if len(_open) >= MOST_SOCKETS or not (known or room()):
        yield False
        return
    _open.append(tab)
    try:
        yield True
    finally:
        _open.remove(tab)


def _connected(context: object) -> bool:
    status = getattr(context, "page_status", {})
    return not status or PageStatus.CONNECTED in list(status.values())


def visited() -> Callable[[], None]:
    """What is done when a visitor comes: nothing; returns what is done when one has left."""
    return left


def left() -> None:
    """Clear up soon after a visitor has left, and again as what was still at work ends."""
    for seconds in CLEARED_AFTER:
        timer = threading.Timer(seconds, cleared)
        timer.daemon = True
        timer.start()


def cleared() -> None:
    """Give back the memory of a visitor who has left; of the last, also what was kept for all."""
    if not contexts:
        computation.forget()
        followed.forget()
    give_back()
