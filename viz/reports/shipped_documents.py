"""Tutorials and other documents that come with the program: where they lie, and copies of them."""

import contextlib
import re
from pathlib import Path

from model.errors import InputError, unknown
from scenarios.storage import atomic_write

VIZ = Path(__file__).parents[1]
PLACES = (VIZ / "docs", VIZ.parent / "docs")  # as installed, and in a checkout
FILE = re.compile(r"```\w+ file=(\S+)\n(.*?)```", flags=re.DOTALL)


def folder() -> Path:
    """Where the documents lie.

    Raises:
        InputError: they are in neither place.
    """
    for place in PLACES:
        if (place / "tutorials").is_dir():
            return place
    raise InputError(f"the documents are missing from {PLACES[0]}; install the program again")


def documents() -> dict[str, Path]:
    """Name to file: tutorials by their number, then the other documents."""
    place = folder()
    tutorials = {path.stem.partition("-")[0]: path for path in (place / "tutorials").glob("*.md")}
    tutorials = {number: tutorials[number] for number in sorted(tutorials, key=int)}
    return tutorials | {path.stem: path for path in sorted(place.glob("*.md"))}


def find(name: str) -> Path:
    """The file of a document, by its name or, for a tutorial, by its number.

    Raises:
        InputError: there is no such document; the nearest is named.
    """
    known = documents()
    whole = {path.stem: path for path in known.values()}
    if name not in known and name not in whole:
        raise unknown("document", name, [*known])
    return known.get(name) or whole[name]


def heading(path: Path) -> str:
    """The first line of a document, without its mark."""
    return path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def files(text: str) -> dict[str, str]:
    """Name to content of the files that a tutorial tells its reader to write."""
    return dict(FILE.findall(text))


def write(path: Path, out: Path) -> list[Path]:
    """Write a document and the files that it contains into a folder; nothing is overwritten.

    Raises:
        InputError: a file is there already with another content, or cannot be written.
    """
    text = path.read_text(encoding="utf-8")
    contents = {path.name: text} | files(text)
    for name, content in contents.items():
        there = out / name
        if there.exists() and (not there.is_file() or there.read_bytes() != content.encode()):
            raise InputError(f"{there} is there already and differs; name another folder")
    new = [out / name for name in contents if not (out / name).exists()]
    with atomic_write.opening(out):
        try:
            out.mkdir(parents=True, exist_ok=True)
            for there in new:
                atomic_write.write_whole(there, contents[there.name].encode())
        except OSError:
            for there in new:  # all of it or nothing
                with contextlib.suppress(OSError):
                    there.unlink(missing_ok=True)
            raise
    return [out / name for name in contents]
