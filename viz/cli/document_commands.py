"""The command ``docs``: the tutorials and the other documents, which come with the program."""

from typing import Annotated

import typer

from model.errors import InputError

from ..reports.shipped_documents import documents, find, folder, heading, write
from . import options

app = typer.Typer()


@app.command("docs")
def show(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A number (tutorial) or a name from the list."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Write the document and its files to this folder."),
    ] = None,
) -> None:
    """Print a tutorial or another document; without a name, list them.

    Example: peacekeeping docs 5 --out mine
    """
    place = options.folder(out)
    if name is None:
        if place is not None:
            raise InputError("--out needs the name of a document; peacekeeping docs lists them")
        found = documents()
        width = max(map(len, found))
        for short, path in found.items():
            typer.echo(f"{short:<{width}}  {heading(path)}")
        typer.echo(f"All lie in {folder()}.")
        return
    path = find(name)
    if place is None:
        typer.echo(path.read_text(encoding="utf-8"), nl=False)
    else:
        written = ", ".join(str(one) for one in write(path, place))
        typer.echo(f"Written: {written}")
