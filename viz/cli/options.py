"""Options that several commands share, and their parsing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from model import input_files
from model.errors import InputError
from model.input_text import number
from model.own_terms import Term

if TYPE_CHECKING:
    from scenarios.running.run_options import RunOptions

Word = TypeVar("Word", bound=str)

ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A name from 'peacekeeping scenarios list' (name/variant where it has variants), "
        "or a .toml file.",
    ),
]
SeedOption = Annotated[int, typer.Option(help="Random seed (non-negative integer).")]
StartOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="YYYY-MM",
        help="First simulated month; earlier months replay historical data.",
    ),
]
EndOption = Annotated[
    str | None, typer.Option("--to", metavar="YYYY-MM", help="Last simulated month.")
]
DeliberatingOption = Annotated[
    str | None,
    typer.Option(metavar="JPN,KOR|all", help="Active states; the others replay historical data."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a lever or an uncertainty, or reform=endogenous|none|dated. Repeatable.",
    ),
]
WithOption = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="SCENARIO",
        help="Add the changes of another scenario (in a comparison: to all but the baseline). "
        "Repeatable. Conflicting changes are rejected.",
    ),
]
OutOption = Annotated[
    str | None,
    typer.Option(metavar="DIR", help="Write tables, manifest and figures to this folder."),
]
OverwriteOption = Annotated[
    bool,
    typer.Option(
        "--overwrite",
        help="Replace an earlier result of this program in the folder. Other files are never "
        "touched.",
    ),
]
PointOption = Annotated[
    bool, typer.Option("--point", help="Use point estimates instead of posterior draws.")
]
TermOption = Annotated[
    list[str] | None,
    typer.Option(
        "--term",
        metavar="FILE[=WEIGHT]",
        help="A term of your own theory: a CSV file with the column value and any of state, "
        "mission and month, named as the term. Repeatable.",
    ),
]
FormatOption = Annotated[str, typer.Option(metavar="parquet|csv", help="Format of the tables.")]


def folder(out: str | None, context: typer.Context | None = None) -> Path | None:
    """The folder behind ``--out``; a blank one is refused.  With the ``context`` of a command that
    writes nothing without it, so are options of what is written."""
    if out is None and context is not None:
        refuse(context, ["overwrite", "format"], "without --out")
    if out is not None and not out.strip():
        raise InputError("--out is blank; name a folder, such as results/mine")
    return None if out is None else input_files.place(out)


def choice(option: str, word: str, valid: Sequence[Word]) -> Word:
    """One of the words that an option takes."""
    known = {str(name): name for name in valid}
    if word not in known:
        raise InputError(f"{option} {word!r} is not valid; valid are {', '.join(known)}")
    return known[word]


def refuse(context: typer.Context, names: Iterable[str], where: str) -> None:
    """Refuse those of the named options that a person gave; ``where`` they have no effect."""
    for name in names:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = f"--{name.replace('_', '-')}"
            raise InputError(f"{option} has no effect {where}; leave it out")


def states(deliberating: str | None) -> list[str] | None:
    """The codes behind ``--deliberating``."""
    if deliberating is None:
        return None
    parts = [part.strip() for part in deliberating.split(",") if part.strip()]
    if not parts:
        raise InputError("--deliberating names no state; write codes such as JPN,KOR, or all")
    return parts


def given(
    start: str | None,
    end: str | None,
    deliberating: str | None,
    pairs: Sequence[str] | None,
    point: bool,
    terms: Sequence[str] | None = None,
) -> RunOptions:
    """What is changed of a scenario, as every function that runs one takes it."""
    numbers = settings(pairs)
    _tell_idle(numbers)
    return {
        **({"terms": [term(one) for one in terms]} if terms else {}),
        "start": start,
        "end": end,
        "deliberating": states(deliberating),
        "settings": numbers,
        "point": True if point else None,
    }


def term(written: str) -> Term:
    """The term behind ``--term``: named as its file, of weight 1 unless another is written."""
    file, mark, text = written.rpartition("=")
    if not mark or text.strip().endswith(".csv"):
        file, text = written, "1"
    weight = number(text)
    if not math.isfinite(weight):
        raise InputError(f"--term {written!r}: {text!r} is not a number; write FILE.csv=WEIGHT")
    path = input_files.place(file)
    name = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    return Term(name, path, weight)


def together(scenario: str, others: Sequence[str] | None) -> str:
    """The name of a scenario with those behind ``--with`` on top."""
    from scenarios.storage.scenario_folders import JOIN

    return JOIN.join([scenario, *(others or ())])


def _tell_idle(numbers: Mapping[str, float | str]) -> None:
    """Say which levers are set to what they are wherever a scenario sets no other value."""
    from scenarios.definition import lookup

    for name, value in numbers.items():
        if name in lookup.levers() and value == float(lookup.parameters()[name]["value"]):
            typer.echo(
                f"{name} is {value:g} wherever a scenario does not set it: there, --set "
                f"{name}={value:g} changes nothing.",
                err=True,
            )


def settings(pairs: Sequence[str] | None) -> dict[str, float | str]:
    """Name to value of every ``--set``."""
    values: dict[str, float | str] = {}
    for pair in pairs or ():
        name, mark, text = pair.partition("=")
        name = name.strip()
        if not mark or not name:
            raise InputError(f"--set {pair!r} is not understood; write NAME=VALUE")
        value = text.strip() if name == "reform" else number(text)
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(f"--set {name}: {text.strip()!r} is not a number")
        if name in values:
            raise InputError(f"--set {name} is given twice")
        values[name] = value
    return values
