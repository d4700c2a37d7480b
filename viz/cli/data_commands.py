"""The commands ``data``: what is held, newer files added to a copy of it, and both checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from model import input_files
from model.errors import InputError

from ..progress import BAD_INPUT, CommandEnded, tell_fault
from . import options
from .json_output import JsonOption, print_json

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="The UN's monthly PDF, its hub's CSV or a copy of it, a spreadsheet, or a zip.",
    ),
]
Out = Annotated[str, typer.Option("--out", metavar="DIR", help="Folder for the new tables.")]
NewMission = Annotated[
    list[str] | None,
    typer.Option(
        "--new-mission",
        metavar="NAME",
        help="Keep the people of a mission that the tables lack, without simulating it. "
        "Repeatable.",
    ),
]

app = typer.Typer(
    help="Newer data: what is held, the UN's newer reports added, and tables checked.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command()
def sources(
    as_json: JsonOption = False,
) -> None:
    """List what is held, from when to when, under which terms, and where newer files come from.

    Example: peacekeeping data sources
    """
    from calibration.new_data import held_series

    found = held_series.series()
    if as_json:
        print_json(found)
        return
    for row in found:
        typer.echo(f"{row['series']}: {row['from']} to {row['to']}")
        for label in ("what", "derived", "licence", "newer"):
            if row[label]:
                typer.echo(f"  {label:<9}{row[label]}")


@app.command()
def add(
    files: Files,
    out: Out,
    overwrite: options.OverwriteOption = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take the file's numbers for months that are held already."),
    ] = False,
    new_mission: NewMission = None,
) -> None:
    """Add newer reports of the UN to a copy of the tables; runs use it with --tables.

    Everything is checked before anything is written: names, numbers, months, and every printed sum.

    Example: peacekeeping data add UN_report_2024_07.pdf --out newer
    """
    from calibration.new_data import file_kinds, folder_of_tables, new_months
    from model.coverage import record_end
    from model.months import month_number, month_text

    folder = options.folder(out)
    assert folder is not None
    readings = file_kinds.read(files)
    found = new_months.add(readings, new_mission or (), replace)
    command = ["peacekeeping", "data", "add", *(Path(name).name for name in files)]
    more = {"added": found.months.to_dict("records"), "notes": found.notes}
    folder_of_tables.write(found.tables, folder, command, overwrite, more)
    _print_months(found.months)
    for note in found.notes:
        typer.echo(f"Note: {note}.")
    end = max(str(found.months["month"].max()), record_end())
    after = month_text(month_number(end) + 1)
    typer.echo(
        f"Written to {folder}: the record goes to {end}. Parameters were fitted on older data and "
        f"are unchanged.\nNext: peacekeeping run continued --from {after} --tables {folder}"
    )


def _print_months(months: Any) -> None:
    for row in months.to_dict("records"):
        typer.echo(f"{row['month']}  {row['people']:>8,} people  {row['file']}")


@app.command()
def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE...]", help="Files to judge; without any, the tables in use."),
    ] = None,
    new_mission: NewMission = None,
) -> None:
    """Judge files without writing anything, each by itself; or the tables in use.

    Example: peacekeeping data check UN_report_2024_07.pdf
    """
    from calibration.new_data import table_checks

    faults = 0
    if not files:
        typer.echo(table_checks.of_tables())
        return
    for name in files:
        try:
            for line in table_checks.of_file(input_files.place(name), new_mission or ()):
                typer.echo(line)
        except InputError as fault:
            faults += 1
            tell_fault(str(fault))
    if faults:
        raise CommandEnded(BAD_INPUT)


@app.command()
def build(
    raw: Annotated[
        str, typer.Option(metavar="DIR", help="Folder of raw files, as docs/sources.md names them.")
    ],
    out: Out,
    overwrite: options.OverwriteOption = False,
) -> None:
    """Compile the tables from the raw files of their publishers into a folder.

    Example: peacekeeping data build --raw raw --out tables
    """
    from calibration.compiler import compile_tables
    from calibration.new_data import folder_of_tables
    from calibration.raw_data.raw_files import Raw

    folder = options.folder(out)
    assert folder is not None
    built = compile_tables.tables(Raw(input_files.place(raw)))
    folder_of_tables.write(built, folder, ["peacekeeping", "data", "build"], overwrite)
    typer.echo(f"Written to {folder}: {len(built)} tables compiled, the others copied")


@app.command()
def package(out: Out, overwrite: options.OverwriteOption = False) -> None:
    """Copy the tables in use with a description for other programs (Frictionless datapackage.json).

    Example: peacekeeping data package --out tables
    """
    from calibration.compiler import table_package

    folder = options.folder(out)
    assert folder is not None
    typer.echo(f"Written to {table_package.write(folder, overwrite)}: tables and datapackage.json")
