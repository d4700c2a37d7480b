"""Options that several commands share, and the reading of what is written behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from model import input_files
from model.errors import InputError

Word = TypeVar("Word", bound=str)

ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A name from 'peacekeeping scenarios list' (name/variant for a variant), or a .toml "
        "file of your own.",
    ),
]
SeedOption = Annotated[int, typer.Option(help="Seed of all luck, 0 or more.")]
StartOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="YYYY-MM",
        help="First month decided; up to the month before, the record is followed.",
    ),
]
EndOption = Annotated[
    str | None, typer.Option("--to", metavar="YYYY-MM", help="Last month, inclusive.")
]
DeliberatingOption = Annotated[
    str | None,
    typer.Option(metavar="JPN,KOR|all", help="States that decide; the others are recorded."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a lever or uncertainty, or reform=endogenous|none|dated; may be repeated.",
    ),
]
WithOption = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="SCENARIO",
        help="Put the changes of another scenario on top (in a comparison: on top of all but the "
        "base); may be repeated. What contradicts is refused.",
    ),
]
OutOption = Annotated[
    str | None,
    typer.Option(metavar="DIR", help="Folder for the tables, the manifest and the figures."),
]
OverwriteOption = Annotated[
    bool,
    typer.Option(
        "--overwrite",
        help="Replace another result of this program in the folder; what is not of the program is "
        "never touched.",
    ),
]
FormatOption = Annotated[
    str, typer.Option(metavar="parquet|csv", help="Format of the tables in the folder.")
]


def folder(out: str | None) -> Path | None:
    """The folder behind ``--out``; a blank one is refused."""
    if out is not None and not out.strip():
        raise InputError("--out is blank; name a folder, such as results/mine")
    return None if out is None else input_files.place(out)


def choice(option: str, word: str, valid: Sequence[Word]) -> Word:
    """One of the words that an option takes."""
    known = {str(name): name for name in valid}
    if word not in known:
        raise InputError(f"{option} {word!r} is not valid; valid are {', '.join(known)}")
    return known[word]


def states(deliberating: str | None) -> list[str] | None:
    """The codes behind ``--deliberating``."""
    if deliberating is None:
        return None
    parts = [part.strip() for part in deliberating.split(",") if part.strip()]
    if not parts:
        raise InputError("--deliberating names no state; write codes such as JPN,KOR, or all")
    return parts


def together(scenario: str, others: Sequence[str] | None) -> str:
    """The name of a scenario with those behind ``--with`` on top."""
    from scenarios.definition.composition import JOIN

    return JOIN.join([scenario, *(others or ())])


def settings(pairs: Sequence[str] | None) -> dict[str, float | str]:
    """Name to value of every ``--set``."""
    values: dict[str, float | str] = {}
    for pair in pairs or ():
        name, mark, text = pair.partition("=")
        name = name.strip()
        if not mark or not name:
            raise InputError(f"--set {pair!r} is not understood; write NAME=VALUE")
        value: float | str
        try:
            value = float(text)
        except ValueError:
            value = text.strip() if name == "reform" else math.nan
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(f"--set {name}: {text.strip()!r} is not a number")
        if name in values:
            raise InputError(f"--set {name} is given twice")
        values[name] = value
    return values
