"""The languages there are, and which of them a reader wants."""

from __future__ import annotations

from model.errors import InputError

ENGLISH = "en"
LANGUAGES = {"en": "English", "ja": "日本語", "ko": "한국어"}  # code to its own name
IN_ENGLISH = {"en": "English", "ja": "Japanese", "ko": "Korean"}
LONGEST = 200  # letters of a browser's wish that are read


def chosen(code: str) -> str:
    """A language by its code, as a person wrote it.

    Raises:
        InputError: there is none of that code.

    Example:
        >>> chosen("JA")
        'ja'
    """
    found = code.strip().lower()
    if found not in LANGUAGES:
        valid = ", ".join(f"{key} ({name})" for key, name in LANGUAGES.items())
        raise InputError(f"language {code!r} is not valid; choose one of {valid}")
    return found


def wished(accepted: str) -> str:
    """The language that a browser's Accept-Language asks for first; English where it has none.

    Example:
        >>> wished("fr;q=0.9, ko-KR;q=0.8, en;q=0.5")
        'ko'
    """
    wishes = []
    for place, part in enumerate(accepted[:LONGEST].split(",")):
        tag, _, weight = part.partition(";")
        code = tag.strip().lower().partition("-")[0]
        if code in LANGUAGES:
            wishes.append((-_weight(weight), place, code))
    return min(wishes)[2] if wishes and min(wishes)[0] < 0 else ENGLISH


def _weight(text: str) -> float:
    """The weight of a wish, 'q=0.8'; one where it gives none."""
    name, _, number = text.strip().partition("=")
    try:
        return float(number) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
