"""Output whose reader may leave before its end, as ``| head`` does."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def may_leave() -> Iterator[None]:
    """What is printed in here may go unread; what follows it, such as figures, is still done."""
    try:
        yield
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # rich makes an exit of it
        silence()


def silence() -> None:
    """What is left in the buffer of the standard output, and all to come, goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
