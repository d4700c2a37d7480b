"""A process that was forked during a call of another thread says so instead of waiting for ever."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from model.errors import InputError
from scenarios.storage import forks

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]


@pytest.fixture
def busy() -> Iterator[None]:
    """Another thread in the middle of a call."""
    begun, done = threading.Event(), threading.Event()

    def work() -> None:
        with forks.call():
            begun.set()
            done.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait(60)
    yield
    done.set()
    thread.join()


def said_in_a_child() -> str:
    """What a call says in a process forked here; blank where it is answered."""
    inlet, outlet = os.pipe()
    if os.fork() == 0:
        try:
            with forks.call():
                os._exit(0)
        except InputError as fault:
            os.write(outlet, str(fault).encode())
        finally:
            os._exit(0)
    os.close(outlet)
    with os.fdopen(inlet) as told:
        text = told.read()
    os.wait()
    return text


def test_a_process_forked_during_a_call_of_another_thread_is_refused(busy: None) -> None:
    assert "was forked while another thread was running the model" in said_in_a_child()
    with forks.call():  # the process itself goes on
        pass


def test_a_process_forked_at_rest_or_within_a_call_of_its_own_is_answered() -> None:
    assert not said_in_a_child()
    with forks.call(), forks.call():
        assert not said_in_a_child()
    assert not said_in_a_child()
