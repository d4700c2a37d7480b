"""Names as publishers write them, today and before, to the codes of the tables.

``states.csv`` and ``aliases.csv`` have the names; the forms in which the United Nations inverts,
brackets, mistypes or cuts them off are undone here.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from functools import cache

from scenarios.definition import lookup

KINDS = {
    "troops": "contingent troops?|troops?",
    "staff_officers": "staff officers?|mso",
    "experts_on_mission": "experts on(?: mission)?|unmem",
    "individual_police": "ind(?:ividual)?(?: police)?\\b|unpol",
    "formed_police_units": "formed police(?: units?)?|fpu",
}
KIND = re.compile("|".join(f"(?P<{kind}>\\b(?:{words}))" for kind, words in KINDS.items()), re.I)

# Cut off by a narrow column in September 2019, where more than one name begins so.
CUT_OFF = {"republic of": "KOR", "north": "MKD"}
LOST = "\ufffd"  # stands for a letter that is lost
WRONG = (  # the encoding in which names were read, and the one in which they were written
    ("cp1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("mac_roman", "utf-8"),
    ("mac_roman", "cp1252"),
    ("cp1252", "mac_roman"),
)
SHORTEST = 7  # letters of a name that was cut off and is still told from others


@cache
def _codes() -> dict[str, str]:
    """Code by every folded name, code or alias."""
    listed = lookup.states()
    names = {name: code for code, name in listed.items()} | lookup.aliases("state")
    return {_folded(name): code for name, code in (names | {code: code for code in listed}).items()}


def _folded(name: str) -> str:
    plain = re.sub(r"\bsaint\b", "st", lookup.folded(name.replace("&", " and ")))
    return " ".join(word for word in plain.split() if word != "the")


def whole(name: str) -> str | None:
    """The code of a contributor whose name is written out; None for an unknown name."""
    return next((_codes()[form] for form in _forms(name) if form in _codes()), None)


def state(name: str) -> str | None:
    """The code of a contributor whose name may be cut off; None for an unknown name."""
    code, cut = whole(name), _folded(name)
    if code is None and len(cut) >= SHORTEST:
        found = {one for known, one in _codes().items() if known.startswith(cut)}
        code = found.pop() if len(found) == 1 else None
    return code or CUT_OFF.get(cut)


def _forms(name: str) -> Iterator[str]:
    """The folded name, and what it is without brackets, inversion or a wrong encoding."""
    for text in (name, *_encodings(name)):
        yield _folded(text)
        plain = re.sub(r"\s*\([^)]*\)?", "", text)
        yield _folded(plain)
        front, comma, back = plain.partition(",")
        if comma:
            yield _folded(f"{back} {front}")
            yield _folded(front)


def _encodings(name: str) -> Iterator[str]:
    """What a name may have been before it was read in a wrong encoding."""
    for wrong, right in WRONG:
        with contextlib.suppress(UnicodeError):
            yield name.encode(wrong).decode(right)
    if LOST in name:
        form = re.compile(_folded(name.replace(LOST, "q0q")).replace("q0q", "."))
        yield from (known for known in _codes() if form.fullmatch(known))


def kind(text: str) -> str | None:
    """A kind of the reports, in whatever words; None for words of nothing."""
    found = KIND.fullmatch(text.strip()) or KIND.fullmatch(text.strip().replace("_", " "))
    return found.lastgroup if found else None


def mission(label: str) -> str:
    """The label under which the tables have a mission, or the label itself."""
    return lookup.aliases("mission").get(lookup.folded(label), label.strip())
