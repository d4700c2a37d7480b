"""The pages of the site that lie outside ``docs``, and links that lead out of it.

MkDocs calls these functions (``mkdocs.yml``); ``make site`` builds the reference beside.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "CITATION.cff": "CITATION.cff",
}
TUTORIALS = "tutorials/1-first-run.md"  # what a link to their folder, or their notebooks', opens
LINK = re.compile(r"(\]\()(?!https?:|#|mailto:)([^)#\s]+)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages of the repository's first folder."""
    from mkdocs.structure.files import File

    for name, page in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Let every link lead to a page of the site, or to the reference of the module it names."""
    path = str(page.file.src_uri)
    origin = {new: old for old, new in PAGES.items()}.get(path, f"docs/{path}")

    def led(found: re.Match[str]) -> str:
        return found[1] + target(found[2], origin, path)

    return LINK.sub(led, markdown)


def target(link: str, origin: str, page: str) -> str:
    """Where a link of a file of the repository leads from its page of the site."""
    place = (ROOT / origin).parent.joinpath(link).resolve()
    try:
        name = place.relative_to(ROOT).as_posix()
    except ValueError:
        return link
    if name in PAGES:
        found = PAGES[name]
    elif name in ("docs/tutorials", "docs/notebooks"):
        found = TUTORIALS
    elif name.startswith("docs/"):
        found = name.removeprefix("docs/")
    elif name.endswith(".py"):
        found = f"reference/{name.removesuffix('/__init__.py').removesuffix('.py')}.html"
    else:
        return link
    return "../" * page.count("/") + found
