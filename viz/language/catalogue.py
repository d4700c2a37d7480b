"""The catalogues: English text to the text of a language, one ``.po`` file for each language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from model.errors import InputError

FOLDER = Path(__file__).with_name("catalogues")


def read(language: str) -> Catalog:
    """A whole catalogue, with its comments.

    Raises:
        InputError: the file is missing or damaged.
    """
    path = FOLDER / f"{language}.po"
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (OSError, ValueError, PoFileError):
        raise InputError(
            f"the catalogue viz/language/catalogues/{path.name} is missing or damaged; install the "
            "program again"
        ) from None


@lru_cache(maxsize=8)
def texts(language: str) -> dict[str, str]:
    """English text to the text of a language; what is not translated, or in doubt, is left out.

    Japanese and Korean have one form for any number: an English plural leads to it, too.

    Raises:
        InputError: as ``read``.
    """
    found: dict[str, str] = {}
    for message in read(language):
        told = message.string
        told = told[0] if isinstance(told, (tuple, list)) else told
        if not message.id or not told or message.fuzzy:
            continue
        named = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        found |= dict.fromkeys(named, told)
    return found
