"""Where the chunks of a sweep run: any executor of ``concurrent.futures``.

In this process (the compiled loop lets threads run side by side), in worker processes, on a Dask
cluster that is there already, or on an executor of the caller's.
"""

import multiprocessing
import multiprocessing.context
import os
import re
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from model.errors import InputError

from .chunk import Block, Done, Stopped, simulate

BREAKS = 3  # times in a row that a pool may break before the sweep gives up


@dataclass(frozen=True)
class Place:
    """Where blocks run.

    Attributes:
        open: makes the executor; called again when its workers died.
        width: blocks that run side by side.
        own: whether it is ours to close and to open again.
        stop: set to make blocks in this very process stop on the way; None elsewhere.
    """

    open: Callable[[], AbstractContextManager[Executor]]
    width: int
    own: bool
    stop: threading.Event | None = None


def in_process(threads: int | None = None) -> Place:
    """Threads of this process, all cores by default."""
    width = threads or os.cpu_count() or 1
    return Place(lambda: ThreadPoolExecutor(width), width, own=True, stop=threading.Event())


def processes(workers: int) -> Place:
    """Worker processes on this machine."""
    context = _Context()  # no lock or thread is inherited
    return Place(
        lambda: ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker),
        workers,
        own=True,
    )


class _Worker(multiprocessing.context.SpawnProcess):
    """A worker that does not run the caller's script again: its work lies in this package."""

    def start(self) -> None:
        """Start it, with the script out of sight."""
        script = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = script


class _Context(multiprocessing.context.SpawnContext):
    Process = _Worker


def _begin_worker() -> None:
    """A worker leaves an interruption to the coordinator, and ends when that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def given(executor: Executor, width: int | None = None) -> Place:
    """An executor of the caller's, who also closes it."""

    @contextmanager
    def opened() -> Iterator[Executor]:
        yield executor

    guess = getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    return Place(opened, width or guess, own=False)


def cluster(address: str) -> Place:
    """A Dask cluster that is there already, such as ``tcp://127.0.0.1:8786``.

    Raises:
        InputError: Dask is not installed, nothing answers at the address, or no worker is there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "--cluster needs Dask; install it with: pip install 'peacekeeping[cluster]'"
        ) from None
    if not re.fullmatch(r"(tcp|tls|ucx|wss?|inproc)://\S+:\d+/?\S*", address):
        raise InputError(
            f"{address!r} is no address of a Dask scheduler; write it as tcp://HOST:PORT, such as "
            "tcp://127.0.0.1:8786"
        )
    try:
        client = Client(address, timeout=5, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"no Dask scheduler answers at {address}: {told}") from None
    cores = client.ncores()
    if not cores:
        client.close()
        raise InputError(f"the Dask scheduler at {address} has no workers; start some first")

    @contextmanager
    def opened() -> Iterator[Executor]:
        executor = client.get_executor(pure=False)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)  # what has not begun is cancelled
            client.close()

    return Place(opened, max(1, sum(cores.values())), own=False)


def results(place: Place, blocks: Iterator[Block]) -> Iterator[Done]:
    """What the blocks leave behind, as they finish; a few wait, so that memory stays flat.

    Blocks whose worker process died are run again.  Closing the iterator cancels what has not begun
    and, in this process, stops what has.

    Raises:
        InputError: the workers died again and again, or are of another version.
    """
    again: list[Block] = []
    breaks = 0
    while True:
        try:
            for done in _until_broken(place, blocks, again):
                breaks = 0
                yield done
            return
        except BrokenExecutor as error:
            breaks += 1
            if not place.own or breaks > BREAKS:
                raise InputError(
                    f"the workers died {breaks} times ({type(error).__name__}), perhaps for want "
                    "of memory; what is finished is kept, go on with --resume"
                ) from None


def _until_broken(place: Place, blocks: Iterator[Block], again: list[Block]) -> Iterator[Done]:
    """Results until all are there or the executor breaks; ``again`` holds what is under way."""
    extra = () if place.stop is None else (place.stop,)
    running: dict[Future[Done], Block] = {}
    with place.open() as executor:
        try:
            again.extend(islice(blocks, max(0, 2 * place.width - len(again))))
            for block in again:
                running[executor.submit(simulate, block, *extra)] = block
            while running:
                ready, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ready:
                    block = running.pop(future)
                    done = _result(future, block)
                    again.remove(block)
                    for following in islice(blocks, 1):
                        again.append(following)
                        running[executor.submit(simulate, following, *extra)] = following
                    yield done
        finally:
            if place.stop is not None:
                place.stop.set()
            for future in running:
                future.cancel()


def _result(future: Future[Done], block: Block) -> Done:
    try:
        return future.result()
    except (InputError, BrokenExecutor, Stopped):
        raise
    except Exception as error:  # of the executor, not of a configuration
        told = " ".join(str(error).split())[:200] or "no reason given"
        raise InputError(
            f"chunk {block.number} could not be run ({type(error).__name__}: {told}); what is "
            "finished is kept, go on with --resume"
        ) from None
