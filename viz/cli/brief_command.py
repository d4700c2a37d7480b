"""The command ``brief``: a comparison as two pages to take home."""

from typing import Annotated

import typer

from ..progress import Progress, telling_what_is_left
from . import options
from .options import (
    DeliberatingOption,
    EndOption,
    PointOption,
    ScenarioName,
    SeedOption,
    SetOption,
    StartOption,
    WithOption,
)

app = typer.Typer()


@app.command()
def brief(
    scenario: ScenarioName,
    out: Annotated[str, typer.Option(metavar="FILE", help="File to write: .docx, .pdf or .html.")],
    against: Annotated[
        str | None,
        typer.Option(metavar="BASE", help="What it is compared with; default: its own baseline."),
    ] = None,
    about: Annotated[
        str | None,
        typer.Option(metavar="JPN", help="State that the answer is about; default: any."),
    ] = None,
    runs: Annotated[int, typer.Option(help="Number of paired runs (common random numbers).")] = 200,
    seed: SeedOption = 1,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    settings: SetOption = None,
    others: WithOption = None,
    point: PointOption = False,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Language: en, ja (Japanese) or ko (Korean).")
    ] = "en",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if it is there.")
    ] = False,
) -> None:
    """Write a brief of two pages: question, answer, figure, table, reasons with sources, what would
    change it, how far to trust it, how it was made.

    Example: peacekeeping brief dues-shortfall/restored --out dues.docx
    """
    from scenarios.definition import library

    from ..briefs import brief as briefing

    briefing.ready(out, overwrite, language)
    named = options.together(scenario, others)
    with telling_what_is_left(), Progress("comparing") as progress:
        found = briefing.brief(
            named,
            against,
            out=out,
            runs=runs,
            seed=seed,
            language=language,
            overwrite=overwrite,
            about=about,
            progress=progress,
            **options.given(start, end, deliberating, settings, point),
        )
    if against is None and library.find(named).baseline is None:
        typer.echo(f"{named} names no baseline: compared with {found.comparison.base}.")
    typer.echo(f"{found.answer}\nWritten: {out}")
