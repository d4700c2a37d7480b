"""Calls in a process that was forked while another thread was in the middle of one.

A fork copies locks as they are, and one that another thread held stays shut: a call in the new
process could wait for ever.  It is refused instead.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from model.errors import InputError

_calls: dict[int, int] = {}  # thread to its calls under way, one within the other
_shut: list[bool] = []  # not empty: this process was forked during a call of another thread


@contextmanager
def call() -> Iterator[None]:
    """Around whatever takes locks: computing, reading, loading modules.

    Raises:
        InputError: this process was forked while another thread was in such a call.
    """
    if _shut:
        raise InputError(
            "this process was forked while another thread was running the model, and cannot run it "
            "itself; start processes with multiprocessing.get_context('spawn')"
        )
    own = threading.get_ident()
    _calls[own] = _calls.get(own, 0) + 1
    try:
        yield
    finally:
        left = _calls.pop(own, 1) - 1
        if left > 0:
            _calls[own] = left


def _forked() -> None:
    if _calls.keys() - {threading.get_ident()}:
        _shut.append(True)
    _calls.clear()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_forked)
