"""The commands ``scenarios``: list, show and check scenarios, and what they may set and expect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..progress import BAD_INPUT, CommandEnded, tell_fault
from .json_output import JsonOption, print_json
from .options import ScenarioName

if TYPE_CHECKING:
    from scenarios.file_format.schema import Scenario, Variant

KIND_FIELDS = ("`kind`", "`kinds`")  # of an event: one of a long list
LONGEST_NAME = 48  # of a scenario with its variant, in the list
PLACES = {"type": -2, "variable": -2, "month": -1, "note": 1, "reference": 2, "finding": 3}

app = typer.Typer(
    help="List, show and check scenarios.", no_args_is_help=True, rich_markup_mode="rich"
)


@app.command("list")
def list_scenarios(
    text: Annotated[
        str,
        typer.Option(help="Words that all occur in title, question, description or a variant."),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """List the scenarios of the library with their years, and their variants.

    With --text, also the question of each.

    Example: peacekeeping scenarios list --text "Korea coalition"
    """
    from scenarios.definition import library

    found = [library.find(name) for name in library.available()]
    found = [scenario for scenario in found if _speaks_of(scenario, text)]
    if as_json:
        print_json([_listed(scenario) for scenario in found])
        return
    for scenario in found:
        years = f"{scenario.period.start[:4]} to {scenario.period.end[:4]}"
        typer.echo(f"{scenario.name:<{LONGEST_NAME + 2}} {years}  {scenario.title}")
        if text:
            typer.echo(f"  {scenario.question}")
        for key, variant in scenario.variants.items():
            typer.echo(f"  {scenario.name + '/' + key:<{LONGEST_NAME}} {variant.title}")
        print_axes(scenario, LONGEST_NAME)
    if not found:
        typer.echo("No scenario of the library speaks of this.")


def _speaks_of(scenario: Scenario, text: str) -> bool:
    """Whether every word of a text occurs in what a scenario says of itself."""
    variants = [one.title for parts in scenario.choices().values() for one in parts]
    said = " ".join(
        [scenario.name, scenario.title, scenario.question, scenario.description, *variants]
    ).casefold()
    return all(word in said for word in text.casefold().split())


def _listed(scenario: Scenario) -> dict[str, Any]:
    """A scenario as the list has it, as data; ``variants`` are names that can be run."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "baseline": scenario.baseline,
        "period": scenario.period.model_dump(),
        "deliberating": scenario.deliberating,
        "variants": {
            f"{scenario.name}/{key}": "; ".join(one.title for one in parts)
            for key, parts in scenario.choices().items()
        },
    }


@app.command("show")
def show_scenario(scenario: ScenarioName) -> None:
    """Show a scenario: its question, sources, changes and expected effects."""
    from scenarios.definition import library

    print_scenario(library.find(scenario))


@app.command("missions")
def list_missions(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT", help="Part of a label, of a name, or a country or site."),
    ] = "",
) -> None:
    """List the missions that events and questions may name: label, months, framework, name.

    Example: peacekeeping scenarios missions Djibouti
    """
    from scenarios.definition import lookup

    rows = lookup.mission_rows()
    wanted = lookup.missions_meant(text) if text else [row["mission"] for row in rows]
    if not wanted:
        lookup.mission(text)  # says which is the nearest
    dates = lookup.mission_dates()
    for row in rows:
        label = row["mission"]
        if label in wanted:
            months = " to ".join(dates[label]).strip()
            typer.echo(
                f"{label:<30} {months:<19} {row.get('framework', ''):<21} {row.get('name', '')}"
            )


@app.command("events")
def list_events(
    name: Annotated[
        str,
        typer.Argument(metavar="TYPE", help="A type of event; none: list all of them."),
    ] = "",
) -> None:
    """List the types of event that a scenario file may have; of one, its fields and an example.

    A decision that is taken, whatever the rules would decide, is a deploy or a withdraw. A
    parliament that turns against a dispatch, and may be overcome, is a stance of its parties. A
    request is put to one state, by the UN unless it names another requester.

    Example: peacekeeping scenarios events request
    """
    from model.vocabulary import KINDS
    from scenarios.definition import event_types

    if not name:
        for one in event_types.listed():
            typer.echo(f"{one.name:<14} {' '.join(one.what.split()).partition('. ')[0]}")
        return
    one = event_types.named(name)
    kinds = f" ({', '.join(KINDS)})"
    typer.echo(f"{one.name}: {' '.join(one.what.split())}".replace("``", ""))
    for heading, fields in (
        ("must have", ("month", *one.must)),
        ("may have", (*one.may, "note", "reference")),
    ):
        typer.echo(f"{heading}:")
        for field in fields:
            typer.echo(f"  {field.replace('`', '')}" + (kinds if field in KIND_FIELDS else ""))
    written, scenario = event_types.example(name)
    if written:
        typer.echo(f"example, from {scenario}:\n{written}")


@app.command("outcomes")
def list_outcomes() -> None:
    """List the outcomes that an expectation of a scenario may name, with units and ranges."""
    from scenarios.file_format.outcome_catalogue import MEASURES

    for name, one in MEASURES.items():
        high = "" if one.high is None else f" to {one.high:g}"
        span = f"from {one.low:g}{high}"
        typer.echo(f"{name:<18} {one.unit:<22} {span:<12} {one.means}")


@app.command("levers")
def list_levers(
    role: Annotated[
        str,
        typer.Option(
            metavar="lever|uncertainty|constant",
            help="lever: what a policy maker can set; uncertainty: what is not known; constant.",
        ),
    ] = "lever",
) -> None:
    """List levers, uncertainties or constants with value, range, unit and source.

    Of a trend, which moves several numbers at once, also what it moves.
    """
    from model.errors import unknown
    from scenarios.definition import lookup

    if role not in lookup.ROLES:
        raise unknown("role", role, lookup.ROLES)
    trends = lookup.trends()
    for name, row in lookup.parameters().items():
        if row["role"] == role:
            span = f"{row['low']} to {row['high']}"
            typer.echo(f"{name:<22} {row['value']:<8} {span:<14} {row['unit']}")
            origin = f"{row.get('status', '')}: {row.get('source', '')}"
            typer.echo(f"{'':<22} {row.get('description', '')} ({origin})")
            for part in trends.get(name, []):
                factor = part["how"] == "factor"
                effect = f"{100 * float(part['effect']):+g}%" if factor else f"+{part['effect']}"
                typer.echo(f"{'':<22} at 1: {part['parameter']} {effect} ({part['source']})")


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of a scenario file, for editors that complete and check TOML.

    Example: peacekeeping scenarios schema > scenario.schema.json
    """
    import json

    from scenarios.file_format.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command("check")
def check_scenario(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file (.toml).")],
) -> None:
    """Check a scenario file and list every error, one per line.

    'peacekeeping scenarios events' lists what its events may be.
    """
    from model.errors import InputError
    from scenarios.definition import library
    from scenarios.definition.loader import faults, load, read

    found = faults(read(file, "scenario"), file.name)
    if len(found) > 1:
        for fault in found:
            tell_fault(f"peacekeeping: {fault}")
        raise CommandEnded(BAD_INPUT)
    if found:
        raise InputError(found[0])
    scenario = load(file)
    if scenario.baseline is not None:
        library.find(scenario.baseline)
    typer.echo(f"{file.name} is a valid scenario: {scenario.title}")


def print_scenario(scenario: Scenario) -> None:
    """A scenario as text: question, period, changes, expected effects, sources."""
    typer.echo(f"{scenario.name}: {scenario.title}")
    if scenario.question:
        typer.echo(scenario.question)
    if scenario.description:
        typer.echo(scenario.description.strip())
    period = scenario.period
    states = "all" if scenario.deliberating == "all" else ", ".join(scenario.deliberating)
    typer.echo(f"period        {period.start} to {period.end}")
    typer.echo(f"deliberating  {states}")
    if scenario.baseline:
        typer.echo(f"baseline      {scenario.baseline}")
    _print_changes(scenario, "")
    for key, variant in scenario.variants.items():
        typer.echo(f"variant       {key}: {variant.title}")
        _print_changes(variant, "  ")
    print_axes(scenario, 12, _print_changes)
    for reference in scenario.references:
        typer.echo(f"source        {reference}")


def _print_changes(section: Scenario | Variant, margin: str) -> None:
    """What a scenario, or a variant of it on top, sets, changes and expects."""
    for heading, values in (("levers", section.levers), ("uncertainties", section.uncertainties)):
        for name, value in values.items():
            typer.echo(f"{margin}{heading:<13} {name} = {value:g}")
    for heading, many in (("event", section.events), ("expect", section.expect)):
        for one in many:
            parts = one.model_dump(exclude_defaults=True, exclude_none=True)
            keys = sorted(parts, key=lambda key: PLACES.get(key, 0))  # else as in the schema
            told = ", ".join(f"{key} {_plain(parts[key])}" for key in keys)
            typer.echo(f"{margin}{heading:<13} {told}")


def _plain(value: Any) -> str:
    """A value of a scenario file on one line, without the marks of a program."""
    if isinstance(value, dict):
        return f"({', '.join(f'{key} {_plain(inner)}' for key, inner in value.items())})"
    if isinstance(value, list):
        return "; ".join(_plain(inner) for inner in value)
    return " ".join(str(value).split())


def print_axes(
    scenario: Scenario, width: int, below: Callable[[Variant, str], None] | None = None
) -> None:
    """The levels of each axis, each with what ``below`` prints of it; a variant is named by one of
    each, as in ``name/low-high``."""
    for axis, levels in scenario.axes.items():
        for key, level in levels.items():
            typer.echo(f"  {axis + ' ' + key:<{width}} {level.title}")
            if below is not None:
                below(level, "    ")
    if scenario.axes:
        pattern = "-".join(axis.upper() for axis in scenario.axes)
        typer.echo(f"  every combination is a variant: {scenario.name}/{pattern}")
