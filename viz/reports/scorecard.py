"""The scorecard: every target, what was measured, on which machine, by which command.

``python -m viz.reports.scorecard`` writes ``docs/scorecard.md`` from what the measuring commands
have stored; with ``--measure`` it runs them first, one after the other.  Targets stand in
``docs/parts/scorecard.csv``; a target whose measure is not stored is told as not measured, and one
that is missed with its reason and what was tried.
"""

from __future__ import annotations

import csv
import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from model.errors import InputError
from scenarios.storage.csv_rows import read

ROOT = Path(__file__).parents[2]
TARGETS = ROOT / "docs" / "parts" / "scorecard.csv"
COMMANDS = ROOT / "docs" / "parts" / "measures.csv"
PAGE = ROOT / "docs" / "scorecard.md"
COLUMNS = ("part", "target", "aim", "shown", "file", "key", "shortfall", "note")
STEP = " > "  # between the parts of a key
MINUS = " minus "
NOT_MEASURED = "not measured"
SIGNS = {"<=": "at most", ">=": "at least", "<": "less than", ">": "more than", "=": "exactly"}
MET, MISSED, REPORTED = "met", "**missed**", "reported"


@dataclass(frozen=True)
class Line:
    """A target and what was measured."""

    part: str
    target: str
    aim: str
    measured: str
    verdict: str
    machine: str
    command: str
    shortfall: str  # why, told where it is missed
    note: str  # how to read it, told in any case


@cache
def commands() -> dict[str, str]:
    """Stored file to the command that writes it, in the order in which they run."""
    return {row["file"]: row["command"] for row in read(COMMANDS, ("file", "command"))}


def lines() -> Iterator[Line]:
    """Every target, in the order of the table."""
    for row in read(TARGETS, COLUMNS):
        value = found(ROOT / row["file"], row["key"])
        verdict = NOT_MEASURED if value is None else judged(value, row["aim"])
        yield Line(
            part=row["part"],
            target=row["target"],
            aim=wanted(row["aim"], row["shown"]),
            measured=NOT_MEASURED if value is None else shown(value, row["shown"]),
            verdict="" if value is None else verdict,
            machine=machine(ROOT / row["file"]) if value is not None else "",
            command=commands()[row["file"]],
            shortfall=row["shortfall"],
            note=row["note"],
        )


def found(path: Path, key: str) -> Any:
    """A stored value; None where the file or the key is not there.

    A key names its way with `` > `` between the steps; ``name[column=value;...]`` is the first row
    of a table with these cells, ``#`` counts what is reached; two keys may stand around ``minus``.
    In a page that a command writes the key is a pattern whose group is the number.
    """
    if MINUS in key:
        more, less = (found(path, part) for part in key.split(MINUS))
        return None if more is None or less is None else more - less
    if not path.exists():
        return None
    here: Any
    if path.suffix == ".md":
        match = re.search(key, path.read_text(encoding="utf-8"))
        return None if match is None else float(match[1])
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            here = {"rows": list(csv.DictReader(stream))}
    else:
        here = json.loads(path.read_text(encoding="utf-8"))
    for step in key.split(STEP):
        if step == "#":
            here = len(here)
            continue
        match = re.fullmatch(r"(.*?)\[(.*)\]", step)
        name, wanted = match.groups() if match else (step, "")
        if not isinstance(here, dict) or name not in here:
            return None
        here = here[name]
        if match:
            cells = dict(cell.split("=", 1) for cell in wanted.split(";") if cell)
            here = [r for r in here if all(str(r.get(k)) == v for k, v in cells.items())]
            if not key.endswith("#"):
                if not here:
                    return None
                here = here[0]
    return here


def judged(value: Any, aim: str) -> str:
    """Whether a value meets an aim: ``<= 4``, ``>= 300``, ``72 to 88``, ``= 0``; blank: no aim."""
    if not aim:
        return REPORTED
    span = re.fullmatch(r"(\S+) to (\S+)", aim)
    if span:
        return MET if float(span[1]) <= float(value) <= float(span[2]) else MISSED
    sign, _, text = aim.partition(" ")
    if sign == "=":
        return MET if str(value) == text or _number(value) == _number(text) else MISSED
    number, limit = float(value), float(text)
    if sign not in ("<=", ">=", "<", ">"):
        raise InputError(f"docs/parts/scorecard.csv: the aim {aim!r} is not understood")
    held = {"<=": number <= limit, ">=": number >= limit, "<": number < limit, ">": number > limit}
    return MET if held[sign] else MISSED


def wanted(aim: str, form: str) -> str:
    """An aim in words, its numbers in the form of its row."""
    span = re.fullmatch(r"(\S+) to (\S+)", aim)
    if span:
        return f"{shown(float(span[1]), form)} to {shown(float(span[2]), form)}"
    sign, _, text = aim.partition(" ")
    number = _number(text)
    if number is None:
        return {"True": "yes"}.get(text, text)
    whole = int(number) if number == int(number) and "d}" in form else number
    return f"{SIGNS[sign]} {shown(whole, form)}"


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def shown(value: Any, form: str) -> str:
    """A value in the form of its row, such as ``{:.2f}``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return form.format(value) if form and not isinstance(value, str) else str(value)


@cache
def machine(path: Path) -> str:
    """Where a file was measured; what is the same on every machine says so."""
    known = None
    if path.suffix == ".json":
        known = json.loads(path.read_text(encoding="utf-8")).get("machine")
    if not known:
        return "any"
    return f"{known['cores']} cores, {known['system']} {known['processor']}, Python " + str(
        known["python"]
    )


def page() -> str:
    """The document."""
    every = list(lines())
    counts = Counter(one.verdict for one in every)
    absent = sum(one.measured == NOT_MEASURED for one in every)
    text = [
        "# Scorecard",
        "",
        f"{len(every)} targets and figures: {counts[MET]} met, {counts[MISSED]} missed, "
        f"{counts[REPORTED]} reported "
        f"without a target, {absent} not measured. `make scorecard` measures all of it in one go "
        "(hours) and writes this page; `python -m viz.reports.scorecard` writes it again "
        "from what the commands have stored. A figure that does not depend on the machine says "
        "`any`.",
    ]
    for part in dict.fromkeys(one.part for one in every):
        own = [one for one in every if one.part == part]
        text += ["", f"## {part}", ""]
        text += ["| target | aim | measured | | machine | command |", "|---|---|---|---|---|---|"]
        for one in own:
            text.append(
                f"| {one.target} | {one.aim} | {one.measured} | {one.verdict} | {one.machine} "
                f"| `{one.command}` |"
            )
        for one in own:
            told = [one.shortfall if one.verdict == MISSED else "", one.note]
            if any(told):
                text += ["", f"**{one.target}.** {' '.join(filter(None, told))}"]
    return "\n".join(text) + "\n"


def measure() -> int:
    """Run every measuring command, each told; returns how many failed."""
    failed = 0
    for command in dict.fromkeys(commands().values()):
        print(f"== {command}", flush=True)
        words = shlex.split(command)
        if words[0] == "python":
            words[0] = sys.executable
        elif words[0] == "peacekeeping":
            words[:1] = [sys.executable, "-m", "viz.cli.main"]
        failed += subprocess.run(words, cwd=ROOT).returncode != 0
    return failed


def main(arguments: list[str]) -> int:
    """Measure (with ``--measure``) and write the page."""
    failed = measure() if "--measure" in arguments else 0
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
