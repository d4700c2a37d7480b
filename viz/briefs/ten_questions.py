"""``docs/ten_questions.md``: questions of 2026, from each to its brief, with the answers given.

    python -m viz.briefs.ten_questions [--runs N]   runs every command: some ten minutes
    python -m viz.briefs.ten_questions --text       writes the page without answers

Questions, files, commands and what is quoted of each answer stand in
``docs/parts/ten_questions.toml``; the figures are those that the commands print.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
PARTS = DOCS / "parts" / "ten_questions.toml"
PAGE = DOCS / "ten_questions.md"
RUNS = 100
WITH_RUNS = ("brief", "compare", "explain", "criteria")
QUOTED = 10  # lines of one answer at most
HEAD = (
    "# Ten questions of 2026",
    "Written by `python -m viz.briefs.ten_questions`; change `docs/parts/ten_questions.toml`, not "
    "this page. The questions were written down before any was run. They come from the five "
    "founding documents and from the record of 2018 to 2026; `peacekeeping record --text ID` "
    "prints a source.",
    "Each begins with a question and ends with a brief. What is quoted is what the commands print, "
    "from {runs} paired runs; what had to be mended for it is said. A model's answer holds for the "
    "model: [limitations](limitations.md), [validation](validation.md).",
)


def questions() -> list[dict[str, Any]]:
    """The questions, each with ``name``, ``asked``, ``sources``, ``commands`` and what to quote."""
    with PARTS.open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["question"]
    return found


def in_a_process(words: list[str], folder: Path) -> str:
    """What a command prints, run in a folder by a process of its own.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    program = [sys.executable, "-m", "peacekeeping", *words]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def answers(
    question: Mapping[str, Any], runs: int, run: Callable[[list[str], Path], str] = in_a_process
) -> Iterator[tuple[str, str]]:
    """Each command of a question with what it prints, run in a folder that holds its files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in question.get("files", {}).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        for command in question["commands"]:
            words = shlex.split(command)
            more = ["--runs", str(runs)] if words[0] in WITH_RUNS else []
            yield command, run([*words, *more], Path(folder))


def quoted(question: Mapping[str, Any], printed: str) -> list[str]:
    """The lines of an answer that the page quotes."""
    found = [line.rstrip() for line in printed.splitlines()]
    return [line for line in found if any(re.search(one, line) for one in question["keep"])][
        :QUOTED
    ]


def page(told: Mapping[str, list[tuple[str, list[str]]]], runs: int) -> str:
    """The page as Markdown; ``told``: by question, each command with the lines quoted of it."""
    parts = [part.format(runs=runs) for part in HEAD]
    for number, one in enumerate(questions(), start=1):
        parts.append(f"## {number}. {one['name'].replace('-', ' ').capitalize()}")
        parts.append(f"**{one['asked']}** [{', '.join(one['sources'])}]")
        for name, text in one.get("files", {}).items():
            parts.append(f"`{name}`:\n\n```toml\n{text.strip()}\n```")
        for command, lines in told.get(one["name"], [(each, []) for each in one["commands"]]):
            shown = "\n".join([f"$ peacekeeping {command}", *lines])
            parts.append(f"```text\n{shown}\n```")
        parts += [one[key] for key in ("note",) if key in one]
        parts += [f"*Mended:* {one['mended']}"] if "mended" in one else []
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run every command, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--text", action="store_true")
    chosen = parser.parse_args(arguments)
    runs, told = chosen.runs, {}
    for one in [] if chosen.text else questions():
        print(one["name"], file=sys.stderr, flush=True)
        told[one["name"]] = [
            (command, quoted(one, printed)) for command, printed in answers(one, runs)
        ]
    PAGE.write_text(page(told, runs), encoding="utf-8")
    print(f"wrote {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
