"""How far a long command is, and how long it will take: a bar on the error stream.

``quiet`` leaves out all that stands on the error stream but what is wrong.
"""

import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TextIO

BAD_INPUT = 2  # exit status
INTERRUPTED = 130  # status of a command that was interrupted
EVERY = 30.0  # seconds between two lines where the error stream is not a terminal


class _Nowhere(io.TextIOBase):
    """A stream that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


_errors: list[TextIO | None] = []  # the error stream, while it is quiet


def quiet() -> None:
    """Drop what is written to the error stream from now on, apart from ``tell_fault``."""
    if not _errors:
        _errors.append(sys.stderr)
        sys.stderr = _Nowhere()


def loud() -> None:
    """Write to the error stream again."""
    if _errors:
        sys.stderr = _errors.pop()


def tell_fault(sentence: str) -> None:
    """Say on the error stream what is wrong, quiet or not."""
    stream = _errors[0] if _errors else sys.stderr
    if stream is not None:  # closed by the shell
        print(sentence, file=stream, flush=True)


class CommandEnded(Exception):
    """A command ends with a status; the reason has been printed."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@contextmanager
def telling_what_is_left(left: str = "") -> Iterator[None]:
    """Say of an interruption in here what is there now: ``left``, or what it says itself.

    Raises:
        CommandEnded: interrupted, which has been said.
    """
    try:
        yield
    except KeyboardInterrupt as stop:
        if not left and not str(stop):
            raise
        tell_fault(f"Interrupted; {left or stop}.")
        raise CommandEnded(INTERRUPTED) from None


class _Bar:
    """A bar on the error stream, where that is a terminal, with what stands around it."""

    def __init__(self, *columns: Any) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bar

        self._console = Console(stderr=True)
        self._bar = Bar(*columns, console=self._console, transient=True)
        self._task: Any = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away, which may be done before the work ends."""
        if self._console.is_terminal:
            self._bar.stop()


class Progress(_Bar):
    """A bar on the error stream with the time left; silent where that is not a terminal."""

    def __init__(self, what: str) -> None:
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f} runs"),
            TimeRemainingColumn(compact=True),
        )
        self._what = what

    def __call__(self, done: int, total: int) -> None:
        if self._task is None:
            self._task = self._bar.add_task(self._what, total=total)
        self._bar.update(self._task, completed=done)
        if done == total:  # what comes next may print
            self.stop()


class WorkProgress(_Bar):
    """Long work with its rate and the time left: a bar on a terminal, else a line now and then."""

    def __init__(self, unit: str) -> None:
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

        super().__init__(
            BarColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} " + unit),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[failed]}"),
        )
        self._unit = unit
        self._begun = self._told = time.monotonic()
        self._first: tuple[float, int] | None = None

    def __call__(self, done: int, total: int, failed: int) -> None:
        now = time.monotonic()
        rate = done / max(now - self._begun, 1e-6)
        if self._first is None:  # what came before it was getting ready, not the rate of the work
            self._first = (now, done)
        elif now > self._first[0]:
            rate = max(rate, (done - self._first[1]) / (now - self._first[0]))
        speed = f"{rate:,.0f} {self._unit} a second"
        wrong = f"{failed:,} failed" if failed else ""
        if self._console.is_terminal:
            if self._task is None:
                self._task = self._bar.add_task("", total=total, rate=speed, failed=wrong)
            self._bar.update(self._task, completed=done, rate=speed, failed=wrong)
        elif now - self._told >= EVERY:
            self._told = now
            left = (total - done) / rate
            print(
                f"{done:,} of {total:,} {self._unit}, {speed}, {left:,.0f} seconds left"
                + (f", {wrong}" if wrong else ""),
                file=sys.stderr,
                flush=True,
            )
