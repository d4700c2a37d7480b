"""One fair queue: nobody waits long because of another, and work for nobody ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from model.errors import InputError
from viz.web.visit import fair_queue
from viz.web.visit.fair_queue import FIRST, LATER, WHOLE, FairQueue, Place, Stopped

STEP = 0.01


def work(seconds: float) -> Callable[[Place], None]:
    """Work of so many seconds in short steps."""

    def todo(place: Place) -> None:
        end = seconds
        while end > 0:
            time.sleep(STEP)
            end -= STEP
            place.step()

    return todo


def begun(
    queue: FairQueue, visitor: str, todo: Callable[[Place], None], stop: threading.Event
) -> threading.Thread:
    def run() -> None:
        try:
            with queue.place(visitor, stop) as place:
                todo(place)
        except Stopped:
            pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_one_visitor_who_asks_for_much_leaves_a_place_to_others() -> None:
    queue, stop = FairQueue(places=2), threading.Event()
    greedy = [begun(queue, "greedy", work(5), stop) for _ in range(10)]
    time.sleep(0.1)
    start = time.monotonic()
    with queue.place("modest") as place:
        work(0.2)(place)
    took = time.monotonic() - start
    stop.set()
    for thread in greedy:
        thread.join(timeout=2)
    assert took < 0.45
    assert not any(thread.is_alive() for thread in greedy)


def test_long_work_of_many_gives_way_to_one_who_has_had_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fair_queue, "HEAD_START", 0.2)
    queue, stop = FairQueue(places=2), threading.Event()
    greedy = [begun(queue, name, work(5), stop) for name in ("one", "two", "three")]
    time.sleep(0.8)
    start = time.monotonic()
    with queue.place("modest") as place:
        work(0.1)(place)
    took = time.monotonic() - start
    stop.set()
    for thread in greedy:
        thread.join(timeout=2)
    assert took < 0.5


def test_what_comes_later_waits_for_what_others_wait_for_first() -> None:
    queue, order = FairQueue(places=1), []

    def ask(name: str, rank: int) -> None:
        with queue.place(name, rank=rank):
            order.append(name)

    with queue.place("first"):
        threads = []
        for name, rank in (("below", LATER), ("above", WHOLE), ("first", FIRST)):
            threads.append(threading.Thread(target=ask, args=(name, rank)))
            threads[-1].start()
            time.sleep(0.05)
    for thread in threads:
        thread.join(timeout=2)
    assert order == ["first", "above", "below"]


def test_a_first_answer_waits_for_one_step_of_whole_ones_and_no_longer() -> None:
    """However much its visitor has had of late."""
    queue, stop, first = FairQueue(places=2), threading.Event(), threading.Event()
    with queue.place("keen") as place:
        work(0.1)(place)
        queue._had["keen"] = 60.0, time.monotonic()
    whole = [begun(queue, name, work(5), stop) for name in ("one", "two", "three")]
    time.sleep(0.1)
    start = time.monotonic()
    with queue.place("keen", rank=FIRST) as place:
        took = time.monotonic() - start
        place.said = lambda value: first.set()
        place.show("a first answer")  # from here on it stands behind the others
        assert place.rank == WHOLE
    stop.set()
    for thread in whole:
        thread.join(timeout=2)
    assert took < 0.2 and first.is_set()


def test_one_alone_uses_all_cores_and_many_share_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "CORES", 2)
    queue, stop = FairQueue(places=2), threading.Event()
    with queue.place("alone") as place:
        assert place.threads() == 2
        other = begun(queue, "other", work(5), stop)
        time.sleep(0.1)
        assert place.threads() == 1
        stop.set()
        other.join(timeout=2)


def test_work_ends_when_nobody_wants_it_any_more() -> None:
    queue, stop = FairQueue(places=1), threading.Event()
    working = begun(queue, "a", work(60), stop)
    waiting = begun(queue, "b", work(60), stop)
    time.sleep(0.1)
    stop.set()
    for thread in (working, waiting):
        thread.join(timeout=2)
        assert not thread.is_alive()
    with queue.place("c"):  # nothing is left behind
        pass


def test_work_pauses_while_its_visitor_is_not_connected() -> None:
    queue, there, steps = FairQueue(places=1), threading.Event(), []
    there.set()
    stop = threading.Event()

    def run() -> None:
        try:
            with queue.place("away", stop, there=there.is_set) as place:
                while True:
                    time.sleep(STEP)
                    steps.append(1)
                    place.step()
        except Stopped:
            pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    time.sleep(0.2)
    there.clear()
    time.sleep(0.1)
    before = len(steps)
    with queue.place("other"):  # its place is free meanwhile
        time.sleep(0.3)
    assert before > 0 and len(steps) <= before + 1
    there.set()
    time.sleep(0.3)
    assert len(steps) > before + 1
    stop.set()
    thread.join(timeout=2)


def test_work_that_takes_too_long_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "LONGEST", 0.1)
    with pytest.raises(InputError, match="command line"), FairQueue().place("a") as place:
        work(5)(place)


def _note(done: list[int], number: int, place: Place) -> None:
    done.append(number)


def test_several_works_of_one_visitor_are_all_done() -> None:
    queue = FairQueue(places=2)
    done: list[int] = []
    threads = [begun(queue, "a", partial(_note, done, n), threading.Event()) for n in range(5)]
    for thread in threads:
        thread.join(timeout=5)
    assert sorted(done) == [0, 1, 2, 3, 4]
