"""The one decorator that compiles a rule, and where its machine code is kept.

Numba's own cache looks only at the file of the outermost function: a kernel that calls an edited
rule would silently return old numbers.  So the cache folder is named after a hash of every source
file in this package and of the codes that tables give, and is set before numba is imported.  A
read-only installation falls back to the user's cache folder (see ``code_cache``).  Whoever waits
for compiling is told so.
"""

import contextlib
import hashlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from .. import vocabulary
from . import code_cache, parameter_index

Function = TypeVar("Function", bound=Callable[..., Any])


HERE = Path(__file__).parents[1]  # the whole package: a rule may call any other


def source_hash(folder: Path = HERE) -> str:
    """Hash (16 hexadecimal digits) of every Python file of the package and its sub-packages, names
    included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def table_hash(*lists: object) -> str:
    """Hash (8 hexadecimal digits) of what compiled code takes from tables: codes by name."""
    return hashlib.sha256(repr(lists).encode()).hexdigest()[:8]


CODES = {name: code for name, code in vars(vocabulary).items() if isinstance(code, int)}
CACHE = code_cache.folder(
    code_cache.parents(HERE),
    f"{source_hash()}-{table_hash(CODES, parameter_index.INDEX)}"
    f"-{sys.version_info.major}{sys.version_info.minor}",
)
if CACHE is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(CACHE)

import numba  # noqa: E402  (the cache folder must be known to numba before it is imported)
from numba.core import caching, event  # noqa: E402

from . import linked_parts  # noqa: E402  (which imports numba)

vars(numba.config)["CACHE_DIR"] = "" if CACHE is None else str(CACHE)
vars(caching)["IndexDataCacheFile"] = code_cache.checked_files(caching.IndexDataCacheFile)

RULES: list[
    str
] = []  # names of all rules, ``module.function``: tests and documents go through them

COMPILING = not vars(numba.config)["DISABLE_JIT"]


KERNEL = "single_run.simulate-*.nbc"  # the outermost function: made when all it calls is
EVERY = 10.0  # seconds between two lines about compiling


def is_cached() -> bool:
    """Whether machine code for these very sources is already on disk."""
    return CACHE is not None and any(CACHE.rglob(KERNEL))


class _Notice(event.Listener):
    """Says on the error stream that rules are compiled, when they are, and how far it is."""

    def __init__(self) -> None:
        self.begun = self.told = 0.0
        self.done = 0

    def on_start(self, event: Any) -> None:
        if self.begun or multiprocessing.parent_process() is not None:
            return
        self.begun = self.told = time.monotonic()
        how = "once for this version" if CACHE is not None else UNCACHED
        _say(f"Compiling the rules, {how}; this takes a minute or two.")

    def on_end(self, event: Any) -> None:
        self.done += 1
        now = time.monotonic()
        if self.begun and now - self.told >= EVERY:
            self.told = now
            if self.done < FUNCTIONS:
                _say(f"Compiling: {self.done} of {FUNCTIONS} rules and steps.")
            else:  # the great steps that take in the others
                _say("Compiling: every rule is done; they are being put together.")


UNCACHED = "in every process, because no folder of your own can keep the result"
FUNCTIONS = 0  # compiled ones, counted as they are declared


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # a closed error stream
        print(sentence, file=sys.stderr, flush=True)


if COMPILING:
    event.register("numba:compile", _Notice())


def rule(function: Function) -> Function:
    """Compile a pure function on numbers and arrays; plain Python under ``NUMBA_DISABLE_JIT=1``.

    No fast-math and double precision throughout, so that both ways give the same bits; nothing
    allocates, so references need no counting.
    """
    RULES.append(f"{function.__module__.removeprefix('model.')}.{function.__name__}")
    compiled = entry(function)
    if COMPILING:
        cast(Any, compiled).__class__ = linked_parts.Callable
        cast(Any, compiled).inner = _part(function)
    return compiled


def entry(function: Function) -> Function:
    """Compile a function that Python calls, with all it calls, and keep its machine code."""
    return _compile(function, cache=CACHE is not None, pipeline_class=linked_parts.WholeCompiler)


def month_step(function: Function) -> Function:
    """Compile one of the few great steps: as ``shared_step``, but kept on disk for every entry
    that takes it in."""
    return _part(function, cache=CACHE is not None)


def step(function: Function) -> Function:
    """Compile a part of a month that only compiled code calls: as ``rule``, without an entry from
    Python, which for functions that take a whole world is most of the work of compiling.

    It is written into its caller: a call would hand over every array of the world and of the run,
    some four hundred words, which cost more than most steps do themselves.
    """
    return _part(function, forceinline=True)


def shared_step(function: Function) -> Function:
    """Compile a long step that is reached from several places: as ``step``, but called, because
    copies of it everywhere would take minutes to compile."""
    return _part(function)


def _part(function: Function, **options: Any) -> Function:
    global FUNCTIONS
    FUNCTIONS += 1
    options |= {"no_cpython_wrapper": True, "pipeline_class": linked_parts.PartCompiler}
    compiled = _compile(function, **options)
    if COMPILING:
        cast(Any, compiled).__class__ = linked_parts.Part
    return compiled


def _compile(function: Function, **options: Any) -> Function:
    always = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
    decorate: Any = numba.njit
    compiled: Function = decorate(**always, **options)(function)
    return compiled
