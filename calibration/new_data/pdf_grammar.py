"""The United Nations' monthly report: from the words of its pages to cells and printed sums.

Since 2015 the report had ten layouts: by country or by mission, sums before or after, kinds as rows
or as columns.  They share one grammar.  A line has words, numbers or both; words are a mission (in
capitals), a contributor, a kind or a sum; what a line does not say is as on the lines before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import pandas as pd

from model.errors import InputError

from .pdf_pages import Page, Word
from .publisher_names import KIND
from .reading import CELLS, SUMS, Reading

NUMBER = re.compile(r"-?\d[\d,.]*")
DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
MISSION = re.compile(r"[A-Z]{4,}")
PRINTED = (
    re.compile(r"\d{1,2}/(?P<number>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"\d{1,2}-(?P<name>[A-Z][a-z]{2})-(?P<year>\d{2})"),
    re.compile(r"End of (?P<name>[A-Z][a-z]{2})[a-z]*,? (?P<year>\d{4})"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FOOT = re.compile(r"\bPage \d+ of \d+|^Report Generated|^[AP]M$")
HEAD = re.compile(r"(?i)\b(country|contributor)\b.*\b(totals?|mso [mf])\b")
BY_MISSION = re.compile(r"(?i)mission\b.*\b(country|contributor)\b")
MORE_HEAD = re.compile("(?i)mission units police")  # the second line of a head
SUM = re.compile(r"(?i)(grand )?total\b( (for|by) (mission|country)\b)?")


def read(pages: Sequence[Page], file: str, known: Callable[[str], bool]) -> Reading:
    """Cells and printed sums of a report.

    Args:
        file: its name, for errors; it tells the month where the report prints none.
        known: whether words are the name of a contributor.

    Raises:
        InputError: it is no such report, a line has another form, or no month is told.
    """
    grammar = _Grammar(file, known)
    for number, page in enumerate(pages, start=1):
        for line in grammar.table(page):
            grammar.line(line, f"page {number}")
    if not grammar.cells:
        raise InputError(
            f"{file}: the PDF is not the UN's monthly report of contributors by country and "
            "mission; 'peacekeeping data sources' says where that is"
        )
    month, notes = _month(pages, file)
    cells = pd.DataFrame(grammar.cells, columns=list(CELLS[1:]))
    sums = pd.DataFrame(grammar.sums, columns=list(SUMS[1:]))
    return Reading(file, "UN reports", cells.assign(month=month), sums.assign(month=month), notes)


def _month(pages: Sequence[Page], file: str) -> tuple[str, tuple[str, ...]]:
    """The month printed on the first page, else that of the file's name; a note on the two."""
    named = re.search(r"(20\d\d)[-_ ]?(0[1-9]|1[0-2])(?!\d)", file)
    of_name = f"{named[1]}-{named[2]}" if named else ""
    first = "\n".join(_text(line) for line in pages[0].lines())
    for form in PRINTED:
        if found := form.search(first):
            said = found.groupdict()
            number = int(said.get("number") or MONTHS.index(said["name"]) + 1)
            month = f"20{int(said['year']) % 100:02d}-{number:02d}"
            other = of_name not in ("", month)
            return month, (f"{file}: its name says {of_name}, the report {month}",) * other
    if of_name:
        return of_name, (f"{file}: the report prints no month; its name says {of_name}",)
    raise InputError(
        f"{file}: the report prints no month; rename it so that it ends in _2024_07.pdf, say"
    )


def _text(line: Sequence[Word]) -> str:
    return " ".join(word.text for word in line)


def _named(page: Page, lines: list[list[Word]], head: list[Word]) -> list[list[Word]]:
    """Lines of a table whose contributor stands once, in the middle of a ruled cell across them."""
    by_text = {word.text.lower(): word for word in head}
    title, after = by_text["country"], by_text["personnel"]
    cell = [r for r in page.rulings if r[0] <= title.left <= r[1] <= after.left + 1]
    left, right = max(r[0] for r in cell) - 1, min(r[1] for r in cell) + 1
    out = []
    for top, bottom in pairwise([0.0, *sorted({r[2] for r in cell}), float("inf")]):
        rows = [line for line in lines if top < line[0].middle <= bottom]
        inside = [word for row in rows for word in row if left <= word.left and word.right <= right]
        for row in rows:
            rest = [word for word in row if word not in inside]
            if any(NUMBER.fullmatch(word.text) for word in rest):
                before = [word for word in rest if word.left < left]
                rest = [*before, *inside, *rest[len(before) :]]
            out.append(rest)
    return [row for row in out if row]


class _Grammar:
    """Where the reader stands: the mission, the contributor, and kinds that are columns."""

    def __init__(self, file: str, known: Callable[[str], bool]) -> None:
        self.file, self.known = file, known
        self.mission = self.name = ""
        self.open = False  # whether the last line may have told the first part of a name only
        self.by_mission = False
        self.columns: list[str] = []
        self.cells: list[tuple[str, ...]] = []  # as in ``CELLS`` without the month
        self.sums: list[tuple[str, ...]] = []

    def table(self, page: Page) -> list[list[Word]]:
        """The lines of a page's table, without what stands above and below it."""
        lines = [line for line in page.lines() if not FOOT.search(_text(line))]
        at = next((n for n, line in enumerate(lines) if HEAD.search(_text(line))), None)
        if at is None:
            return lines
        head, lines = lines[at], lines[at + 1 :]
        self.by_mission = bool(BY_MISSION.match(_text(head)))
        kinds = dict.fromkeys(found.lastgroup or "" for found in KIND.finditer(_text(head)))
        self.columns = list(kinds) if len(kinds) > 1 else []
        lines = [line for line in lines if not MORE_HEAD.fullmatch(_text(line))]
        merged = "personnel type" in _text(head).lower() and page.rulings
        return _named(page, lines, head) if merged else lines

    def line(self, line: Sequence[Word], place: str) -> None:
        """Take in one line."""
        texts = [word.text for word in line if not DATE.fullmatch(word.text)]
        if len(texts) > 1 and texts[0].isdecimal() and not NUMBER.fullmatch(texts[1]):
            del texts[0]  # countries are numbered
        numbers = [text for text in texts if NUMBER.fullmatch(text)]
        words = " ".join(text for text in texts if not NUMBER.fullmatch(text))
        if of := SUM.match(words):
            self._sum(of, words[of.end() :].strip(), numbers, place)
            return
        kind = KIND.search(words) if numbers and not self.columns else None
        if kind is not None:
            words = f"{words[: kind.start()]} {words[kind.end() :]}".strip()
        first, _, rest = words.partition(" ")
        mission = MISSION.fullmatch(first) is not None
        if mission:
            self.mission, words = first, rest
        if words:
            self._contributor(words, bool(numbers))
        # a sum after the rows of a contributor has the name whole; so has a line of its own kind
        self.open = bool(words) and (self.by_mission or bool(self.columns) or not numbers)
        if kind is not None and numbers:
            self._cells([kind.lastgroup or ""], numbers, place)
        elif self.columns and numbers:
            self._cells(self.columns, numbers, place)
        elif numbers and (words or mission or len(numbers) > 1):
            whole = self.by_mission and not words
            of_name = bool(words) and not self.by_mission
            names = ("" if of_name else self.mission, "" if whole else self.name)
            self.sums.append((*names, numbers[-1], place))
        elif numbers and int(numbers[0]) != len(self.cells):  # the number of rows is printed
            raise InputError(
                f"{self.file}, {place}: {numbers[0]} rows are printed and {len(self.cells)} read; "
                "the file is cut short or has a new layout"
            )

    def _contributor(self, words: str, numbers: bool) -> None:
        """Begin with a contributor, or go on with a name that fills two lines."""
        goes_on = self.open and not numbers and not (self.known(self.name) and self.known(words))
        if not goes_on:
            self.name = words
            if not self.by_mission:
                self.mission = self.mission if numbers else ""
            return
        before, self.name = self.name, f"{self.name} {words}"
        for rows in (self.cells, self.sums):
            for at in range(len(rows) - 1, -1, -1):
                if rows[at][1] != before:
                    break
                rows[at] = (rows[at][0], self.name, *rows[at][2:])

    def _cells(self, kinds: Sequence[str], numbers: list[str], place: str) -> None:
        """People of one kind (men, women, together) or of each column, and the sum if printed."""
        width = len(numbers) / len(kinds)
        if len(kinds) == 1 and width in (1, 3):
            people = numbers[-1:]
            if width == 3 and _whole(numbers[0]) + _whole(numbers[1]) != _whole(numbers[2]):
                raise self._form(numbers, place)
        elif len(kinds) > 1 and width == 2:  # men and women
            people = [str(sum(map(_whole, numbers[n : n + 2]))) for n in range(0, len(numbers), 2)]
        elif len(kinds) > 1 and len(numbers) - len(kinds) in (0, 1):
            people = numbers[: len(kinds)]
            if len(numbers) > len(kinds):
                self.sums.append((self.mission, self.name, numbers[-1], place))
        else:
            raise self._form(numbers, place)
        for kind, amount in zip(kinds, people, strict=True):
            self.cells.append((self.mission, self.name, kind, amount, place))

    def _sum(self, of: re.Match[str], named: str, numbers: list[str], place: str) -> None:
        """A printed sum of the mission, of the contributor or of everything."""
        if not numbers:
            return
        if self.columns and len(numbers) == 2 * len(self.columns):
            numbers = [str(sum(map(_whole, numbers)))]
        what = (of[4] or "").lower()
        mission = self.mission if what == "mission" else named
        name = self.name if what else ""
        self.sums.append((mission, name, numbers[-1], place))

    def _form(self, numbers: list[str], place: str) -> InputError:
        return InputError(
            f"{self.file}, {place}: the numbers {' '.join(numbers)} of {self.name or 'a line'} "
            f"{'in ' + self.mission if self.mission else ''} do not add up or are of a new layout"
        )


def _whole(text: str) -> int:
    try:
        return int(text.replace(",", ""))
    except ValueError:
        return -1  # told when cells are judged
