"""Keyword arguments of the public functions: one that is misspelt is named with the nearest."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from model.errors import nearest

from .run_options import RunOptions


def check(function: Callable[..., Any], names: Iterable[str]) -> None:
    """Raise TypeError, as Python does, for a keyword that a public function does not take."""
    valid: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            valid += RunOptions.__annotations__
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            valid.append(parameter.name)
    for name in names:
        if name not in valid:
            told = f"{function.__name__}() got an unexpected keyword argument {name!r}"
            raise TypeError(f"{told}; {nearest(name, valid)}")
