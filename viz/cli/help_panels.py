"""The order and the panels in which ``peacekeeping --help`` lists the commands; ``--quiet``, which
every command has, and ``--tables``, which those have that read the tables of the model."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from model import data_folder
from scenarios.storage import repeated_rows

from ..progress import quiet

PANELS: dict[str, tuple[str, ...]] = {
    "Ask the model": ("run", "explain", "compare", "brief", "app"),
    "Look up": ("scenarios", "law", "record", "criteria", "docs"),
    "Many scenarios": ("outlook", "designs", "sweep", "sensitivity"),
    "Fit and validate": ("calibrate", "validate"),
    "Data": ("data", "export"),
}
WITHOUT_TABLES = ("docs",)  # commands that read none


def _use(folder: str | None) -> None:
    """Take the tables from a folder before anything reads them."""
    if folder is not None:
        data_folder.use(folder)
        if data_folder.DATA != data_folder.SHIPPED:
            repeated_rows.check(data_folder.DATA)


TablesOption = Annotated[
    str | None,
    typer.Option(
        "--tables",
        metavar="DIR",
        help="Folder of tables to use instead of the shipped ones, as 'peacekeeping data add' "
        "writes it.",
        callback=_use,
        is_eager=True,
        expose_value=False,
    ),
]


def _hush(asked: bool) -> None:
    if asked:
        quiet()


QuietOption = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="No progress and no notes on the error stream; what is wrong is still said.",
        callback=_hush,
        is_eager=True,
        expose_value=False,
    ),
]


class Commands(TyperGroup):
    """Lists commands panel by panel; one that no panel names comes last."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, command in self.commands.items():
            shared = ("--quiet",) if name in WITHOUT_TABLES else ("--tables", "--quiet")
            _add(command, shared)

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the panels."""
        names = super().list_commands(ctx)
        listed = [name for panel in PANELS.values() for name in panel if name in names]
        for title, panel in PANELS.items():
            for name in panel:
                if name in self.commands:
                    self.commands[name].rich_help_panel = title  # type: ignore[attr-defined]
        return [*listed, *(name for name in names if name not in listed)]


def _add(command: Any, shared: tuple[str, ...]) -> None:
    """Give a command, or each of a group, options that many have."""
    for one in getattr(command, "commands", {}).values():
        _add(one, shared)
    if not hasattr(command, "commands"):
        command.params += [one for one in _pattern().params if set(shared) & set(one.opts)]


@cache
def _pattern() -> Any:
    """A command with the options, as typer makes them."""
    pattern = typer.Typer(add_completion=False)

    @pattern.command()
    def command(tables: TablesOption = None, quiet: QuietOption = False) -> None:
        """Nothing else."""

    return typer.main.get_command(pattern)
