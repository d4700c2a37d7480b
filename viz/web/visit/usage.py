"""How much the web app is used, as counts: for its health address and its log.

Nothing of a visitor is in them: no address, no name, no link, no setting.
"""

import logging
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .fair_queue import QUEUE

MOST = 40  # visitors at once
EVERY = 60.0  # seconds between two lines of the log

logger = logging.getLogger("peacekeeping.use")


def counts() -> dict[str, Any]:
    """Visitors, works that go on and wait, and memory of the process in MB (None: not known)."""
    working, waiting = QUEUE.lengths()
    return {
        "visitors": visitors(),
        "working": working,
        "waiting": waiting,
        "memory_mb": memory(),
    }


def visitors() -> int:
    """How many visitors there are."""
    from solara.server.kernel_context import contexts  # settled before it may be imported

    return len(contexts)


def memory() -> int | None:
    """Memory that the process holds, in MB, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return round(pages * 4096 / 1e6)


def line() -> str:
    """The counts in one line of a log, with the time."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{now} " + " ".join(f"{name}={value}" for name, value in counts().items())


def write_log(path: Path) -> None:
    """Add a line to a file every minute, and once more when the visitors have gone.

    Raises:
        OSError: it cannot be written to.
    """
    with path.open("a", encoding="utf-8"):
        pass
    threading.Thread(target=_write, args=(path,), daemon=True).start()


def _write(path: Path) -> None:
    quiet = False
    while True:
        empty = visitors() == 0
        if not (empty and quiet):
            try:
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"{line()}\n")
            except OSError:
                logger.warning("the log of use could not be written")
        quiet = empty
        time.sleep(EVERY)
