"""Saying a text in the language of the reader: the one place where catalogues are looked up.

English text is the key and is said as it is written; in another language it is looked up, filled
in, and finished as that language has it: months in its own form, Korean particles by the sound.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, update_wrapper
from types import ModuleType, SimpleNamespace
from typing import Any, Generic, ParamSpec, TypeVar

from .catalogue import texts
from .korean_particles import fitted
from .languages import ENGLISH, chosen

Given = ParamSpec("Given")
Found = TypeVar("Found")

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
MONTHS = {"ja": "{year}年{month}月", "ko": "{year}년 {month}월"}

_language: ContextVar[str] = ContextVar("language", default="")
_reader: list[Callable[[], str]] = []  # what knows the language of whoever reads; none: English


def current() -> str:
    """The code of the language that is spoken now."""
    return _language.get() or (_reader[-1]() if _reader else ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while.

    Raises:
        InputError: there is none of that code.

    Example:
        >>> with speaking("ja"):
        ...     say("Download")
        'ダウンロード'
    """
    token = _language.set(chosen(language))
    try:
        yield
    finally:
        _language.reset(token)


def ask(reader: Callable[[], str]) -> None:
    """Take the language from ``reader`` from now on, wherever none is set."""
    _reader[:] = [reader]


class Text(str):
    """A text of a catalogue, which is finished when its places are filled in."""

    def format(self, *args: Any, **values: Any) -> str:
        language = current()
        if language == ENGLISH:
            return str.format(self, *args, **values)
        told = {name: _as_written(value, language) for name, value in values.items()}
        return finished(str.format(self, *args, **told), language)


def looked_up(text: str) -> Text:
    """A text in the language that is spoken; in English where it is not translated."""
    language = current()
    return Text(text if language == ENGLISH else texts(language).get(text, text))


def say(text: str, /, **values: Any) -> str:
    """A text with its places filled in, in the language that is spoken.

    Example:
        >>> say("from {first} to {last}", first="2011-07", last="2017-05")
        'from 2011-07 to 2017-05'
    """
    return looked_up(text).format(**values)


def several(one: str, many: str, number: float, /, **values: Any) -> str:
    """A text for a number of things: ``one`` for one of them, else ``many``; fills in ``number``.

    Example:
        >>> several("{number} month", "{number} months", 3)
        '3 months'
    """
    return say(one if number == 1 else many, number=number, **values)


def month(text: str) -> str:
    """A month 'YYYY-MM' as the language writes it; another text as it is."""
    return str(_as_written(text, current()))


def month_in_full(text: str) -> str:
    """A month 'YYYY-MM' in words: 'March 2012'.

    Example:
        >>> month_in_full("2012-03")
        'March 2012'
    """
    if current() in MONTHS:
        return month(text)
    year, number = text.split("-")
    return f"{month_name[int(number)]} {year}"


def finished(text: str, language: str) -> str:
    """A text after its places are filled in."""
    return fitted(text) if language == "ko" else text


def _as_written(value: Any, language: str) -> Any:
    found = MONTH.fullmatch(value) if isinstance(value, str) else None
    if found is None or language not in MONTHS:
        return value
    return MONTHS[language].format(year=found[1], month=int(found[2]))


class Words(Mapping[str, str]):
    """A table of words, each said in the language that is spoken."""

    def __init__(self, words: Mapping[Any, str]) -> None:
        self.english = dict(words)

    def __getitem__(self, name: Any) -> str:
        return looked_up(self.english[name])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)


def translated(value: Any) -> Any:
    """A text, or a table or row of texts, in the language that is spoken; other values as they
    are."""
    if isinstance(value, str):
        return looked_up(value)
    if isinstance(value, Mapping):
        return {key: translated(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return tuple(translated(one) for one in value)
    return value


class Texts:
    """The texts of modules of constants, each in the language that is spoken.

    Attributes:
        modules: where they stand; no name is in two of them.
        english: all of them as they are written.
    """

    def __init__(self, *modules: ModuleType) -> None:
        self.modules = modules
        self.english = SimpleNamespace()
        for module in modules:
            vars(self.english).update(
                {name: value for name, value in vars(module).items() if name.isupper()}
            )

    def __getattr__(self, name: str) -> Any:
        language = current()
        if language == ENGLISH:
            return getattr(self.english, name)
        return _in_language(self, name, language)


@lru_cache(maxsize=2000)
def _in_language(said: Texts, name: str, language: str) -> Any:
    with speaking(language):
        return translated(getattr(said.english, name))


class Kept(Generic[Given, Found]):
    """A function whose results are kept, for each language apart."""

    def __init__(self, function: Callable[Given, Found], most: int) -> None:
        @lru_cache(maxsize=most)
        def made(language: str, *args: Any, **named: Any) -> Any:
            with speaking(language):
                return function(*args, **named)

        self._made = made
        update_wrapper(self, function)

    def __call__(self, *args: Given.args, **named: Given.kwargs) -> Found:
        options: Any = named
        result: Found = self._made(current(), *args, **options)
        return result

    def cache_clear(self) -> None:
        """Forget what was kept."""
        self._made.cache_clear()


def kept_by_language(most: int) -> Callable[[Callable[Given, Found]], Kept[Given, Found]]:
    """Keep what a function makes, for each language apart; ``most`` results at once."""
    return lambda function: Kept(function, most)
