"""The documented record: facts, refusals and votes, each with its source, to search and to list."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path

from model import csv_rows
from model.errors import InputError, unknown
from scenarios.definition import lookup

FOLDER = Path(__file__).parent / "record"

FACT_COLUMNS = (
    "id", "actor", "year_start", "month_start", "year_end", "month_end", "category", "mission",
    "contribution_type", "quantity", "unit", "statement", "source_file", "source_locator",
    "confidence", "measure", "same_as", "checked",
)  # fmt: skip
REFUSAL_COLUMNS = ("id", "actor", "year", "month", "mission", "decision", "reason", "source")
VOTE_COLUMNS = ("date", "motion", "framework", "kind", "yes", "no", "source")
KINDS = ("fact", "refusal", "vote")
DATE = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?")


ADDRESS = re.compile(r"https?://\S+")
NUMBER = re.compile(r"[0-9][0-9.,]*%?")
ENDING = re.compile(r"is(e|ed|es|er|ers|ing|ation|ations)\b")  # British; American has a z
OTHER_SPELLINGS = {
    "centre": "center", "defence": "defense", "offence": "offense", "licence": "license",
    "programme": "program", "labour": "labor", "behaviour": "behavior", "neighbour": "neighbor",
    "favour": "favor", "honour": "honor", "harbour": "harbor", "armour": "armor",
    "judgement": "judgment", "travell": "travel", "enrol": "enroll",
}  # fmt: skip
UNITS_OF_MONEY = ("USD", "JPY")

REASONS = ("legal", "security", "capacity", "opinion")


@dataclass(frozen=True)
class Entry:
    """One documented statement; ``end`` is blank for a moment, months are blank where unknown.

    ``reasons``: those of ``REASONS`` that a refusal is documented to have, with semicolons;
    ``request``: id of the request that it answers; ``quantity`` and ``unit``: the number that a
    fact is about, blank where it has none.
    """

    id: str
    kind: str
    state: str
    start: str
    end: str
    category: str
    mission: str
    statement: str
    source: str
    confidence: str
    reasons: str = ""
    request: str = ""
    quantity: str = ""
    unit: str = ""

    @property
    def amount(self) -> str:
        """Quantity and unit as they are read, such as '164 personnel' or '58.9%'; blank for none.

        Example:
            >>> import peacekeeping as pk
            >>> [fact.amount for fact in pk.record(text="JSG-009")]
            ['58.9%']
        """
        if not self.quantity:
            return ""
        number = self.quantity
        if number.replace("-", "").isdigit() and len(number) > 3 or self.unit in UNITS_OF_MONEY:
            number = f"{float(number):,.10g}"
        if self.unit == "percent":
            return f"{number}%"
        return f"{number} {self.unit}".strip()

    def covers(self, year: int) -> bool:
        """Whether the statement is about a moment or a span that touches the year."""
        if not self.start:
            return False
        last = self.end or self.start
        return int(self.start[:4]) <= year <= int(last[:4])

    def says(self, text: str) -> bool:
        """Whether the words occur in it, in any case, order and spelling; a number only by itself,
        not as a part of another, of an id or of an address."""
        everything = " ".join(
            (self.id, self.state, self.category, self.mission, self.statement, self.source)
        ).lower()
        dates = f"{self.start} {self.end}"
        named = ADDRESS.sub("", self.source)
        numbers = _plain_numbers(f"{self.statement} {dates} {self.amount} {named}")
        folded = _one_spelling(everything)
        for word in text.lower().replace(" %", "%").split():
            if NUMBER.fullmatch(word):
                if not _holds_number(numbers, word):
                    return False
            elif word not in everything and _one_spelling(word) not in folded:
                return False
        return True


def _one_spelling(text: str) -> str:
    """A text in lower case with the spellings of two countries made one."""
    text = ENDING.sub(r"iz\1", text)
    for british, american in OTHER_SPELLINGS.items():
        text = text.replace(british, american)
    return text


def _plain_numbers(text: str) -> str:
    """A text without the commas between thousands, and with a sign for percent."""
    without = re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", text)
    return re.sub(r" percent\b| per cent\b| %", "%", without)


def _holds_number(text: str, number: str) -> bool:
    """Whether a number stands in a text by itself, not as a part of another or of an id."""
    plain = re.escape(_plain_numbers(number).rstrip(".,"))
    return re.search(rf"(?<![\w.,-]){plain}(?![0-9]|[.,][0-9])", text) is not None


def facts() -> list[Entry]:
    """Every dated fact."""
    return [
        Entry(
            id=row["id"],
            kind="fact",
            state=row["actor"],
            start=_date(row["id"], row["year_start"], row["month_start"]),
            end=_date(row["id"], row["year_end"], row["month_end"]),
            category=row["category"],
            mission=row["mission"],
            statement=row["statement"],
            source=_joined(row["source_file"], row["source_locator"]),
            confidence=row["confidence"],
            quantity=row["quantity"],
            unit=row["unit"],
        )
        for row in csv_rows.read(FOLDER / "facts.csv", FACT_COLUMNS)
    ]


def refusals() -> list[Entry]:
    """Refusals, reductions, exits and delays with their reasons."""
    return [
        Entry(
            id=row["id"],
            kind="refusal",
            state=row["actor"],
            start=_date(row["id"], row["year"], row["month"]),
            end="",
            category=row["decision"],
            mission=row["mission"],
            statement=row["reason"],
            source=row["source"],
            confidence=row.get("confidence", ""),
            reasons="; ".join(one for one in REASONS if row.get(f"reason_{one}") == "1"),
            request=row.get("request", ""),
        )
        for row in csv_rows.read(FOLDER / "refusals.csv", REFUSAL_COLUMNS)
    ]


def votes() -> list[Entry]:
    """Motions to send troops in the National Assembly of the Republic of Korea."""
    entries = []
    for number, row in enumerate(csv_rows.read(FOLDER / "korea_votes.csv", VOTE_COLUMNS), start=1):
        count = f"{row['yes']} for, {row['no']} against" if row["yes"] else "no count found"
        stance = row.get("opposition_stance", "")
        entries.append(
            Entry(
                id=row.get("id") or f"VOTE-{number:03d}",
                kind="vote",
                state="KOR",
                start=_dated(row["motion"], row["date"]),
                end="",
                category="vote",
                mission=row["motion"],
                statement=_joined(f"{row['motion']}: {count}", stance, mark="; opposition: "),
                source=row["source"],
                confidence="",
            )
        )
    return entries


def entries(
    state: str | None = None,
    year: int | None = None,
    category: str | None = None,
    text: str | None = None,
    kinds: Iterable[str] = KINDS,
) -> list[Entry]:
    """Documented statements in the order of their dates, narrowed down.

    Args:
        state: code, name or alias; ``UNO`` for the United Nations itself.
        year: a year that the statement touches.
        category: for example ``law`` or ``opinion``; refusals carry their decision, votes ``vote``.
        text: words that all occur in it, in British or American spelling; a number is found where
            it stands by itself, in the statement or as quantity ('164', '85%', '7,000').
        kinds: which of ``fact``, ``refusal`` and ``vote``.

    Raises:
        InputError: an unknown state or category (the nearest is named), an impossible year.

    Example:
        >>> import peacekeeping as pk
        >>> facts = pk.record(state="KOR", year=2007, text="Lebanon")
        >>> all(fact.source for fact in facts)
        True
    """
    for what, asked in (("state", state), ("category", category), ("text", text)):
        if asked is not None and not isinstance(asked, str):
            raise InputError(f"{what} = {asked!r} is no text")
    if year is not None and (not isinstance(year, Integral) or isinstance(year, bool)):
        raise InputError(f"year = {year!r} is not a whole number")
    readers = {"fact": facts, "refusal": refusals, "vote": votes}
    found: list[Entry] = []
    for kind in kinds:
        if kind not in readers:
            raise unknown("kind of record", kind, readers)
        found += readers[kind]()
    valid = sorted({entry.category for entry in found if entry.category})
    if state is not None:
        code = _actor(state, found)
        found = [entry for entry in found if entry.state == code]
    if category is not None:
        if category not in valid:
            raise unknown("category", category, valid)
        found = [entry for entry in found if entry.category == category]
    if year is not None:
        if not 1940 <= year <= 2100:
            raise InputError(f"the year {year} is out of range; write four digits, such as 2007")
        found = [entry for entry in found if entry.covers(year)]
    if text is not None:
        found = [entry for entry in found if entry.says(text)]
    return sorted(found, key=lambda entry: (entry.start or "9999", KINDS.index(entry.kind)))


def evidence(request: Mapping[str, str]) -> list[Entry]:
    """What is documented of a request (a row of the table of requests): how it was answered, with
    the reasons, first; then the statements that the row rests on."""
    named = {part.strip() for part in request["source"].split(";")}
    found = [one for one in entries() if one.id in named or one.request == request["id"]]
    return sorted(found, key=lambda one: (one.kind != "refusal", one.start or "9999"))


def _actor(state: str, among: list[Entry]) -> str:
    """The record's own actors first (it knows the United Nations as UNO), then every state."""
    if any(entry.state == state.upper() for entry in among):
        return state.upper()
    return lookup.state(state)


def _date(entry: str, year: str, month: str) -> str:
    """``YYYY`` or ``YYYY-MM``; blank without a year."""
    year, month = year.strip(), month.strip()
    if not year or not month:
        return _dated(entry, year)
    return _dated(entry, f"{year}-{month:0>2}")


def _dated(entry: str, date: str) -> str:
    """A date as it stands, if it is one or blank; the entry is named if not."""
    if date and not DATE.fullmatch(date):
        what = entry[:40] or "a row without a name"
        raise InputError(
            f"the record dates {what!r} {date[:40]!r}, which is no date; write a year of four "
            "digits, and a month from 1 to 12 or nothing"
        )
    return date


def _joined(first: str, second: str, mark: str = ", ") -> str:
    return mark.join(part for part in (first, second) if part)
