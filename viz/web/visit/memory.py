"""Memory of the server: kept small among many threads, and given back to the machine.

The C library of Linux keeps a store of freed memory for each of many threads, and takes large
tables from it; after twenty visitors that is more than everything that is still in use.
"""

import ctypes
import gc
import sys
from contextlib import suppress

import pyarrow as pa

ARENA_MAX, MMAP_THRESHOLD = -8, -3  # numbers of glibc's mallopt
STORES = 2  # of freed memory, for all threads
# Seconds after a visitor has left: work begun for one may end later.
CLEARED_AFTER = (2.0, 15.0, 60.0)
LARGE = 256 * 1024  # bytes from which a table has a place of its own, given back when it is freed


SWITCH = 0.001  # seconds: compiled runs need the interpreter after each run, and waited 5 ms for it


def keep_small() -> None:
    """Settle how the process takes memory, before its threads begin; nothing elsewhere."""
    sys.setswitchinterval(SWITCH)
    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(ARENA_MAX, STORES)
        library.mallopt(MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Give memory that is free again back to the machine, where the C library can."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
