"""The one decorator that compiles a rule, and where its machine code is kept.

Numba's own cache looks only at the file of the outermost function: a kernel that calls an edited
rule would silently return old numbers.  So the cache folder is named after a hash of every source
file in this package, and is set before numba is imported.  A read-only installation falls back to
the user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

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


def cache_parents() -> tuple[Path, ...]:
    """Where machine code may be kept: beside the package, the user's cache, a temporary folder."""
    import tempfile

    import platformdirs

    return (
        HERE / "__pycache__" / "compiled",
        Path(platformdirs.user_cache_dir("peacekeeping")) / "compiled",
        Path(tempfile.gettempdir()) / "peacekeeping-compiled",
    )


def cache_folder(parents: tuple[Path, ...], name: str) -> Path:
    """The first of the parents' folders of that name that can be written; the last if none can."""
    for parent in parents:
        folder = parent / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return folder
    return parents[-1] / name


CACHE = cache_folder(
    cache_parents(), f"{source_hash()}-{sys.version_info.major}{sys.version_info.minor}"
)
os.environ["NUMBA_CACHE_DIR"] = str(CACHE)

import numba  # noqa: E402  (the cache folder must be known to numba before it is imported)

vars(numba.config)["CACHE_DIR"] = str(CACHE)

RULES: list[
    str
] = []  # names of all rules, ``module.function``: tests and documents go through them

COMPILING = not vars(numba.config)["DISABLE_JIT"]


def is_cached() -> bool:
    """Whether machine code for these very sources is already on disk."""
    return any(CACHE.rglob("*.nbc"))


def rule(function: Function) -> Function:
    """Compile a pure function on numbers and arrays; plain Python under ``NUMBA_DISABLE_JIT=1``.

    No fast-math and double precision throughout, so that both ways give the same bits; nothing
    allocates, so references need no counting.
    """
    RULES.append(f"{function.__module__.removeprefix('model.')}.{function.__name__}")
    return _compile(function, {})


def entry(function: Function) -> Function:
    """Compile a step of a month that Python calls too; as ``rule``, but not one of the rules."""
    return _compile(function, {})


def step(function: Function) -> Function:
    """Compile a part of a month that only compiled code calls: as ``rule``, without an entry from
    Python, which for functions that take a whole world is most of the work of compiling.

    It is written into its caller: a call would hand over every array of the world and of the run,
    some four hundred words, which cost more than most steps do themselves.
    """
    return _compile(function, {"no_cpython_wrapper": True, "forceinline": True})


def shared_step(function: Function) -> Function:
    """Compile a long step that is reached from several places: as ``step``, but called, because
    copies of it everywhere would take minutes to compile."""
    return _compile(function, {"no_cpython_wrapper": True})


def _compile(function: Function, options: dict[str, Any]) -> Function:
    always = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    decorate: Any = numba.njit
    compiled: Function = decorate(no_cfunc_wrapper=True, **always, **options)(function)
    return compiled
