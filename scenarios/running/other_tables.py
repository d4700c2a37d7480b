"""``tables=``: a public function run with another folder of tables, in a process of its own.

A process has one set of tables, because rules are compiled with the places of their names.  So
the call goes to a new process that starts with that folder, and its answer comes back, with what
it can only say while that folder is in use.
"""

from __future__ import annotations

import functools
import importlib
import os
import pickle
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from model import data_folder
from model.errors import InputError

from ..storage import forks, repeated_rows
from ..storage.display import Displayed
from .run_options import check_keywords

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
NOT_OURS = (
    "with tables= the call goes to another process, which cannot be given a function or a class "
    "from within this session ({what}); put it into a module of its own and import it, or set "
    "PEACEKEEPING_DATA before Python starts"
)
CHILD = """
import sys
try:
    from scenarios.running.other_tables import answer
    answer(sys.argv[1])
except KeyboardInterrupt:  # the caller says so
    sys.exit(130)
"""


def takes_tables(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let the argument ``tables`` of a function name the folder from which it takes its tables."""

    @functools.wraps(function)
    def call(*args: Given.args, **options: Given.kwargs) -> Answer:
        check_keywords(function, options)
        tables = options.pop("tables", None)
        with forks.call():
            if tables is None:
                return function(*args, **options)
            folder = data_folder.checked(str(tables))
            if folder == data_folder.DATA:
                return function(*args, **options)
            repeated_rows.check(folder)
            return _elsewhere(function, args, options, folder)

    return call


def _elsewhere(function: Callable[..., Any], args: Any, options: Any, folder: Path) -> Any:
    """The answer of a call in a process that has the tables of a folder."""
    try:
        called = pickle.dumps((function.__module__, function.__qualname__, args, options))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise InputError(NOT_OURS.format(what=error)) from None
    path = os.pathsep.join(filter(None, sys.path))
    with tempfile.TemporaryDirectory() as room:
        (Path(room) / "call").write_bytes(called)
        done = subprocess.run(
            [sys.executable, "-c", CHILD, room],
            env={**os.environ, data_folder.VARIABLE: str(folder), "PYTHONPATH": path},
        )
        try:
            found = pickle.loads((Path(room) / "answer").read_bytes())
        except FileNotFoundError:
            raise RuntimeError(
                f"the process with the tables of {folder} ended with status {done.returncode}"
            ) from None
    if isinstance(found, Exception):
        raise found
    return found


def answer(room: str) -> None:
    """Answer the call in a folder; what this process runs."""
    found: Any
    try:
        found = _answered((Path(room) / "call").read_bytes())
    except InputError as fault:
        found = fault
    except Exception as fault:  # of a class or a function of the user's own
        traceback.print_exc()
        found = RuntimeError(f"the call with other tables: {type(fault).__name__}: {fault}")
    (Path(room) / "answer").write_bytes(pickle.dumps(found))


def _answered(call: bytes) -> Any:
    try:
        module, name, args, options = pickle.loads(call)
    except (AttributeError, ImportError) as error:
        raise InputError(NOT_OURS.format(what=error)) from None
    found = getattr(importlib.import_module(module), name)(*args, **options)
    if isinstance(found, Displayed):
        found.take_along()
    return found
