"""Work in the background of one visitor: progress, stop, and the last result kept meanwhile."""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import solara
from solara.server.kernel_context import PageStatus, get_current_context

from model.errors import InputError

from ...text import wording
from .fair_queue import QUEUE, WHOLE, Place, Stopped
from .url_state import ended

BETWEEN_REPORTS = 0.4  # seconds
Work = Callable[[Place], Any]


@dataclass(frozen=True)
class Job:
    """How far some work is.

    Attributes:
        value: its last result, with the ``key`` it was made for; ``first``: a first answer only.
    """

    status: str = "idle"
    done: int = 0
    total: int = 0
    value: Any = None
    key: Hashable = None
    first: bool = False
    fault: str = ""

    @property
    def busy(self) -> bool:
        return self.status == "running"


def visitor(stop: threading.Event) -> tuple[str, Callable[[], bool]]:
    """Whose page is being drawn, and what tells whether it is open; ``stop``: once it is closed."""
    context = get_current_context()

    def there() -> bool:
        if context.closed_event.is_set():
            stop.set()
        return PageStatus.CONNECTED in list(context.page_status.values())

    return context.session_id, there


def use_background(
    work: Work | None,
    key: Hashable,
    *,
    rank: int = WHOLE,
    ready: Callable[[], Any] = lambda: None,
) -> tuple[Job, Callable[[], None]]:
    """Do ``work`` in its turn whenever ``key`` changes; returns how far it is, and how to stop it.

    A result that comes after another key was asked for is dropped.  None as work: nothing to do.
    ``rank``: what visitors wait for first has ``FIRST``, what stands below it ``LATER``.
    ``ready`` gives the result where it is there already, and needs no place; else None.
    """
    job = solara.use_reactive(Job())
    stopper = solara.use_ref(threading.Event())

    def start() -> Callable[[], None]:
        stop = threading.Event()
        stopper.current = stop
        if work is None:
            job.set(replace(job.peek(), status="idle"))
            return stop.set
        todo = work
        job.set(replace(job.peek(), status="running", done=0, total=0, fault=""))

        told = [time.monotonic()]
        who, there = visitor(stop)

        def report(done: int, total: int) -> None:
            # each report draws the tab again, so that few are enough, and quick work has none
            if time.monotonic() - told[0] > BETWEEN_REPORTS:
                told[0] = time.monotonic()
                job.set(replace(job.peek(), done=done, total=total))

        def show(value: Any) -> None:
            job.set(replace(job.peek(), value=value, key=key, first=True))

        def run() -> None:
            try:
                value = ready()
                if value is None:
                    with QUEUE.place(who, stop, there=there, rank=rank) as place:
                        place.tell, place.said = report, show
                        value = todo(place)
            except Stopped:
                return
            except InputError as error:
                fault = ended(str(error))
            except Exception:
                logging.getLogger("peacekeeping.page").exception("work in the background failed")
                fault = wording.WENT_WRONG
            else:
                if not stop.is_set():
                    job.set(Job("done", value=value, key=key))
                return
            if not stop.is_set():
                job.set(replace(job.peek(), status="fault", fault=fault))

        threading.Thread(target=run, daemon=True).start()
        return stop.set

    solara.use_effect(start, [key])

    def stop() -> None:
        stopper.current.set()
        job.set(replace(job.peek(), status="stopped"))

    return job.value, stop
