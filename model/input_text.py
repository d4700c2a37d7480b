"""What a name or a text from outside may hold: judged once, where it enters, for every way in.

Scenario files, data tables, links and calls from Python all come through here, so that nothing
further in (a drawing library, a terminal, a browser, the disk) meets a text that it cannot bear.
"""

import re
import unicodedata
from collections.abc import Collection

from .errors import InputError

LONGEST_NAME = 120  # letters
LONGEST_TEXT = 20_000  # letters of a title, a note, a cell
RESERVED = ("all", "largest", "none", "units", "individuals")  # words with a meaning of their own

DEVICES = (
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789\u00b9\u00b2\u00b3"),
)

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_SURROGATES = "\ud800-\udfff"
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the reading direction
_NO_TEXT = "\u2028\u2029\ufeff\ufffe\uffff\ufff9-\ufffb"
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")  # categories of Unicode; none in a name
FORBIDDEN = re.compile(f"[{_CONTROLS}{_SURROGATES}{_TURNING}{_NO_TEXT}]")


def text_fault(text: str, longest: int = LONGEST_TEXT) -> str:
    """What is wrong with a text of one or several lines, in words that follow it; blank if
    nothing."""
    found = FORBIDDEN.search(text)
    if found:
        return f"holds {_described(found[0])}; take it out"
    if len(text) > longest:
        return f"has {len(text):,} letters; at most {longest:,} are taken"
    return ""


def name_fault(name: str, reserved: Collection[str] = ()) -> str:
    """What is wrong with the name of a thing, in words that follow it; blank if nothing.

    ``reserved``: words that the name may not be, in any case.
    """
    if not name.strip():
        return "is blank; write a name"
    if len(name) > LONGEST_NAME:
        return f"has {len(name):,} letters; a name has at most {LONGEST_NAME}"
    unseen = [c for c in name if unicodedata.category(c) in UNSEEN or FORBIDDEN.match(c)]
    if unseen:
        return f"holds {_described(unseen[0])}; take it out"
    if name != name.strip():
        return "begins or ends with a blank; take it out"
    if name.casefold() in reserved:
        return f"is a word with a meaning of its own ({', '.join(reserved)}); choose another name"
    return ""


def device_fault(path: str) -> str:
    """What is wrong with the last part of a path where it names a device of Windows, on which no
    such file can be made or unpacked; blank if nothing."""
    name = re.split(r"[/\\]", path.rstrip("/\\"))[-1].partition(".")[0].strip().casefold()
    return f"is kept by Windows for a device ({name}); choose another name" * (name in DEVICES)


def checked_name(name: str, what: str, where: str = "", reserved: Collection[str] = ()) -> str:
    """The name itself.

    Raises:
        InputError: it may not be one; ``what`` it names and ``where`` it stands are told.
    """
    if fault := name_fault(name, reserved):
        shown = name if len(name) <= 40 else f"{name[:40]}..."
        raise InputError(f"{where + ': ' if where else ''}{what} {shown!r} {fault}")
    return name


def check_lines(text: str, place: str) -> None:
    """Raise InputError where a file holds what no text may hold; its line is told."""
    found = FORBIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(f"{place}, line {line}: holds {_described(found[0])}; take it out")


def _described(character: str) -> str:
    number = ord(character)
    if unicodedata.category(character) == "Cs":
        return f"half a character (U+{number:04X})"
    if re.match(f"[{_TURNING}]", character):
        return f"a mark that turns the reading direction (U+{number:04X})"
    if unicodedata.category(character) == "Cc":
        return f"a control character (U+{number:04X})"
    return f"a character that cannot be seen (U+{number:04X})"
