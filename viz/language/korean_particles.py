"""Korean particles, which follow the sound that the word before them ends in.

A template names both forms, as in ``{state}[은/는]``; the one that fits is put in when the name is
known.  Latin letters are taken by the sound of their Korean names, figures by how they are read.
"""

from __future__ import annotations

import re

PAIR = re.compile(r"\[(은/는|이/가|을/를|과/와|으로/로|이라는/라는|이다/다)\]")
CLOSING = "\"'”’)]}」』>．.,·… "  # passed over on the way back to the last sound
FIRST, LAST, FINALS = "가", "힣", 28
RIEUL = 8  # the final consonant after which it is 로
LETTERS = {"L": RIEUL, "R": RIEUL, "M": 16, "N": 4}
DIGITS = {"0": 21, "1": RIEUL, "3": 16, "6": 1, "7": RIEUL, "8": RIEUL}


def fitted(text: str) -> str:
    """The text with the particle that fits in place of each pair.

    Example:
        >>> fitted("일본[은/는] UNMISS[을/를]")
        '일본은 UNMISS를'
    """

    def fit(found: re.Match[str]) -> str:
        after_consonant, after_vowel = found[1].split("/")
        final = final_of(text[: found.start()])
        if after_vowel == "로" and final == RIEUL:
            return after_vowel
        return after_consonant if final else after_vowel

    return PAIR.sub(fit, text)


def final_of(text: str) -> int:
    """The number of the final consonant of the last sound of a text; 0: it ends in a vowel."""
    for letter in reversed(text):
        if FIRST <= letter <= LAST:
            return (ord(letter) - ord(FIRST)) % FINALS
        if letter in DIGITS or letter.upper() in LETTERS:
            return DIGITS.get(letter) or LETTERS.get(letter.upper(), 0)
        if letter.isalnum():
            return 0
        if letter not in CLOSING:
            return 0
    return 0
