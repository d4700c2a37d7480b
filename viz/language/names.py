"""Names by the words of the two governments: states, missions, kinds, provisions, bodies, units.

``names.csv`` has them in Japanese and Korean with their sources; in English they stand in the
tables of the model.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from model import csv_rows

from .languages import ENGLISH
from .spoken import current

TABLE = Path(__file__).with_name("names.csv")
GLOSSARY = Path(__file__).with_name("glossary.csv")
GLOSSARY_COLUMNS = (
    "term", "ja", "ko", "source_ja", "source_ko", "status", "note", "searched",
)  # fmt: skip
COLUMNS = ("sort", "key", "ja", "ko", "source", "status", "note")
SORTS = ("state", "mission", "kind", "provision", "scenario", "variant", "lever", "body", "unit")
# official: a government's or the UN's own words; standard: of a public table of names;
# translation: ours, not checked by a native reader
STATUSES = ("official", "standard", "translation")


@lru_cache(maxsize=1)
def rows() -> list[dict[str, str]]:
    """The whole table."""
    return csv_rows.read(TABLE, COLUMNS)


@lru_cache(maxsize=1)
def _by_key() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["sort"], row["key"]): row for row in rows()}


def named_so(text: str) -> list[tuple[str, str]]:
    """Sort and key of whatever has exactly this name in a language other than English.

    Example:
        >>> named_so("레바논")
        [('state', 'LBN')]
    """
    wanted = text.strip()
    return [(row["sort"], row["key"]) for row in rows() if wanted in (row["ja"], row["ko"])]


@lru_cache(maxsize=1)
def terms() -> list[dict[str, str]]:
    """The glossary; ``searched``: the words of the record for a term, blank where it has none."""
    return csv_rows.read(GLOSSARY, GLOSSARY_COLUMNS)


def searched_as(text: str) -> str:
    """The English words of the record for a Japanese or Korean term; blank where it is none.

    Example:
        >>> searched_as("自衛隊"), searched_as("국회")
        ('SDF', 'National Assembly')
    """
    wanted = text.strip()
    found = (row["searched"] for row in terms() if wanted in (row["ja"], row["ko"]))
    return next(filter(None, found), "")


def name_of(sort: str, key: str, english: str) -> str:
    """The name of a thing in the language that is spoken; ``english`` where there is no other.

    ``sort``: one of ``SORTS``; ``key``: its code or id in the tables of the model.

    Example:
        >>> name_of("state", "KOR", "Korea")
        'Korea'
    """
    language = current()
    if language == ENGLISH:
        return english
    row = _by_key().get((sort, key))
    return (row[language] if row else "") or english
