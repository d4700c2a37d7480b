"""The page ``docs/glossary_ja_ko.md``: terms in Japanese and Korean with their sources, and what of
the translation is not checked.  ``python -m viz.reports.glossary_page`` writes it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from calibration.validation.markdown_table import markdown_table

from ..language import languages, names
from . import catalogue_messages

PAGE = Path("docs/glossary_ja_ko.md")
TOP = """# Glossary: Japanese and Korean

Written by `python -m viz.reports.glossary_page` from `viz/language/glossary.csv` and
`viz/language/names.csv`.

The web app and the brief speak English, Japanese and Korean. Terms follow the words of the two
governments where a source was found; each is named below. **No native reader has checked the
translations yet.** The web app and the brief say so where they are not in English. The English text
decides.

What stays in English: the statements of the record and their notes, descriptions of uncertainties,
the text of the validation report, names of places, messages about faulty input, the command line
apart from `brief`, and the documents. Missions are named by the abbreviations of the United
Nations.

To correct a text, edit `viz/language/catalogues/ja.po` or `ko.po`; a name, `names.csv`; a term,
`glossary.csv`. In a Korean text `[은/는]` and the like stand for the particle that fits the word
before it.

## Terms
"""
SHARE = """
## How much is translated

{texts}

{names}

Sorts and sources of the names (official: the words of a government or of the United Nations, with
its page in the table; standard: a public table of names; translation: ours):
"""


def page() -> str:
    """The page as Markdown."""
    terms = pd.DataFrame(names.terms())
    heads = {"term": "English", "ja": "Japanese", "ko": "Korean"}
    heads |= {"source_ja": "Source (Japanese)", "source_ko": "Source (Korean)", "note": "Note"}
    shown = terms.rename(columns=heads).drop(columns=["status", "searched"])
    whole = len(catalogue_messages.messages())
    texts = "\n".join(
        f"- {languages.IN_ENGLISH[code]}: {whole - len(catalogue_messages.missing(code)):,} of "
        f"{whole:,} texts."
        for code in ("ja", "ko")
    )
    rows = names.rows()
    counts = Counter((row["sort"], row["status"]) for row in rows)
    by_sort = [f"{sort} {status}: {number}" for (sort, status), number in sorted(counts.items())]
    named = f"- Names: {len(rows):,} in both languages."
    told = "\n".join(f"- {line}" for line in by_sort)
    share = SHARE.format(texts=texts, names=named)
    return f"{TOP}\n{markdown_table(shown)}\n{share}\n{told}\n"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
