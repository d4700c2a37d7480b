"""Where each key of a TOML text stands, so that an error can name the line.

The standard reader of TOML forgets lines.  This one keeps nothing but them: it walks a text that
the standard reader has already accepted, and returns the line (from 1) of every table, key and
array element under its path, for example ``("events", 2, "month")``.
"""

import re
import tomllib
from bisect import bisect_left

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """Line of every path of a valid TOML text; the empty path is line 1."""
    walker = _Walker(text)
    walker.document()
    return walker.lines


FIRST_ELEMENTS = 2000  # of an array, whose lines are kept

# the four forms of a string, ended or not; a long one may end in quotes of its own
_STRINGS = (
    r'"""(?:[^\\]|\\.)*?(?:"{3,5}|\\?\Z)|\'\'\'.*?(?:\'{3,5}|\Z)'
    r'|"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)|\'[^\'\n]*+\'?'
)
_STRING = re.compile(_STRINGS, flags=re.DOTALL)
_ASIDE = re.compile(rf"{_STRINGS}|#[^\n]*+", flags=re.DOTALL)
_PLAIN = re.compile(rf"(?:[^\[\]{{}}\"'#]++|#[^\n]*+|{_STRINGS})*+", flags=re.DOTALL)
_BLANKS = re.compile(r"[ \t]*+")
_SPACE = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_BARE = re.compile(r"[\w-]*+")
_SCALAR = re.compile(r"[^,\]}#\n]*+")
_DOTTED = re.compile(r"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++)++")


def extent(text: str) -> tuple[int, int]:
    """About how many values a text holds, and the parts of its longest dotted key.

    Told without building anything; the text need not be valid TOML.
    """
    bare = _ASIDE.sub(lambda found: "s" if found[0][0] != "#" else "", text)
    dots = [found[0].count(".") for found in _DOTTED.finditer(bare)]
    return sum(bare.count(mark) for mark in "=,[") + sum(dots), max(dots, default=0) + 1


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Line of a path, or of the nearest enclosing one that is written in the text."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Walker:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.ends = [found.start() for found in re.finditer("\n", self.text)]
        self.at = 0
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}

    def document(self) -> None:
        prefix: Path = ()
        while True:
            self.space(newlines=True)
            if self.at >= len(self.text):
                return
            if self.text.startswith("[[", self.at):
                self.at += 2
                prefix = self.header(self.key(), array=True)
                self.at += 2
            elif self.text[self.at] == "[":
                self.at += 1
                prefix = self.header(self.key(), array=False)
                self.at += 1
            else:
                self.pair(prefix)

    def header(self, parts: list[str], array: bool) -> Path:
        """The full path of a table header, with the index of the last element of each array."""
        path: Path = ()
        for number, part in enumerate(parts):
            path += (part,)
            last = number == len(parts) - 1
            if array and last:
                self.counts[path] = self.counts.get(path, 0) + 1
            self.note(path)
            if path in self.counts:
                path += (self.counts[path] - 1,)
                self.note(path)
        return path

    def pair(self, prefix: Path) -> None:
        line = self.line()
        path = prefix
        for part in self.key():
            path += (part,)
            self.lines.setdefault(path, line)
        self.space(newlines=False)
        self.at += 1  # the equals sign
        self.value(path)

    def key(self) -> list[str]:
        """A dotted key; stops at what follows it."""
        parts = []
        while True:
            self.space(newlines=False)
            start = self.at
            if self.text[self.at] in "\"'":
                self.skip(_STRING)
                raw = self.text[start : self.at]
                parts.append(str(tomllib.loads(f"key = {raw}")["key"]))
            else:
                self.skip(_BARE)
                parts.append(self.text[start : self.at])
            self.space(newlines=False)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def value(self, path: Path) -> None:
        self.space(newlines=False)
        first = self.text[self.at]
        if first in "\"'":
            self.skip(_STRING)
        elif first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        else:
            self.skip(_SCALAR)

    def array(self, path: Path) -> None:
        self.at += 1
        count = 0
        while True:
            self.space(newlines=True)
            if self.text[self.at] == "]":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            if count >= FIRST_ELEMENTS:  # of so many the further ones need no line of their own
                self.skip(_PLAIN)
                if self.text[self.at] == "]":
                    continue
            element = (*path, count)
            self.note(element)
            self.value(element)
            count += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        while True:
            self.space(newlines=True)
            if self.text[self.at] == "}":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.pair(path)

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Go past what the pattern takes here."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()

    def space(self, newlines: bool) -> None:
        """Skip blanks, and with ``newlines`` also line ends and comments."""
        self.skip(_SPACE if newlines else _BLANKS)

    def line(self) -> int:
        return bisect_left(self.ends, self.at) + 1

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, self.line())
