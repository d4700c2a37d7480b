"""Whether this machine can draw the letters of a language into a picture.

In a browser and in an SVG the reader's own fonts are used; a PNG, a Word document and a PDF need a
font here.  None is shipped, as one has many megabytes.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

from model.errors import InputError

from ...language.languages import ENGLISH, IN_ENGLISH

FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
    "/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
BOTH = ("notosanscjk", "notoserifcjk", "sourcehansans")
FILES = {  # beginnings of the names of files, small letters
    "ja": (*BOTH, "notosansjp", "yugoth", "meiryo", "msgothic", "ヒラギノ", "hiragino", "ipag"),
    "ko": (*BOTH, "notosanskr", "malgun", "applesdgothicneo", "nanumgothic"),
}
MISSING = (
    "a picture in {language} takes a font with its letters, and none was found; install Noto Sans "
    "CJK (on Debian and Ubuntu: apt-get install fonts-noto-cjk)"
)


def check(language: str) -> None:
    """Whether the letters of a language can be drawn.

    Raises:
        InputError: no font was found, with what to install.
    """
    if language != ENGLISH and not found(language):
        raise InputError(MISSING.format(language=IN_ENGLISH[language]))


@lru_cache(maxsize=4)
def found(language: str, folders: tuple[str, ...] = FOLDERS) -> bool:
    """Whether there is a file of a font for a language in one of the usual folders."""
    usual = [Path(one).expanduser() for one in folders]
    usual.append(Path(sys.prefix) / "share" / "fonts")  # as of a conda environment
    return any(
        path.name.lower().replace(" ", "").startswith(FILES[language])
        for folder in usual
        if folder.is_dir()
        for path in folder.rglob("*")
    )
