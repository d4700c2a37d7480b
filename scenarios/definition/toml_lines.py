"""Where each key of a TOML text stands, so that an error can name the line.

The standard reader of TOML forgets lines.  This one keeps nothing but them: it walks a text that
the standard reader has already accepted, and returns the line (from 1) of every table, key and
array element under its path, for example ``("events", 2, "month")``.
"""

from __future__ import annotations

import tomllib

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """Line of every path of a valid TOML text; the empty path is line 1."""
    walker = _Walker(text)
    walker.document()
    return walker.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Line of a path, or of the nearest enclosing one that is written in the text."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Walker:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
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
                self.string()
                raw = self.text[start : self.at]
                parts.append(str(tomllib.loads(f"key = {raw}")["key"]))
            else:
                while self.at < len(self.text) and (
                    self.text[self.at].isalnum() or self.text[self.at] in "_-"
                ):
                    self.at += 1
                parts.append(self.text[start : self.at])
            self.space(newlines=False)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def value(self, path: Path) -> None:
        self.space(newlines=False)
        first = self.text[self.at]
        if first in "\"'":
            self.string()
        elif first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

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

    def string(self) -> None:
        """Skip a string of any of the four forms."""
        quote = self.text[self.at]
        long = self.text.startswith(quote * 3, self.at)
        self.at += 3 if long else 1
        while True:
            here = self.text[self.at]
            if here == "\\" and quote == '"':
                self.at += 2
            elif long and self.text.startswith(quote * 3, self.at):
                self.at += 3
                # a long string may end in one or two quotes of its own
                while self.text.startswith(quote, self.at):
                    self.at += 1
                return
            elif not long and here == quote:
                self.at += 1
                return
            else:
                self.at += 1

    def space(self, newlines: bool) -> None:
        """Skip blanks, and with ``newlines`` also line ends and comments."""
        while self.at < len(self.text):
            here = self.text[self.at]
            if here in " \t" or (newlines and here == "\n"):
                self.at += 1
            elif newlines and here == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, self.line())
