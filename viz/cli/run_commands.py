"""The commands ``run``, ``compare`` and ``outlook``: scenarios simulated, with figures."""

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from model import input_files
from scenarios.storage.output_folder import OutputFolder

from ..progress import Progress, telling_what_is_left
from . import options, terminal_tables
from .broken_pipe import may_leave
from .options import (
    DeliberatingOption,
    EndOption,
    FormatOption,
    OutOption,
    OverwriteOption,
    PointOption,
    ScenarioName,
    SeedOption,
    SetOption,
    StartOption,
    TermOption,
    WithOption,
)

app = typer.Typer()


@app.command()
def run(
    context: typer.Context,
    scenario: ScenarioName,
    runs: Annotated[int, typer.Option(help="Number of runs.")] = 200,
    seed: SeedOption = 1,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    settings: SetOption = None,
    others: WithOption = None,
    terms: TermOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    format: FormatOption = "parquet",
    engine: Annotated[
        str,
        typer.Option(
            metavar="ensemble|mesa",
            help="ensemble is fast; mesa is the readable agent-based model, one agent at a time "
            "(seconds per run). Both give the same results.",
        ),
    ] = "ensemble",
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="runs|summary",
            help="runs keeps every run; summary keeps only means, quantiles, presence, entries and "
            "exits, in constant memory. The default is runs up to 2,000 runs, then summary.",
        ),
    ] = None,
    point: PointOption = False,
) -> None:
    """Run a scenario many times and compare it with historical data.

    With --out, write tables and figures. Each run draws its own parameters from the posterior.

    Example: peacekeeping run historical --runs 200 --seed 1 --out results/historical
    """
    from scenarios.running.run_options import ENGINES, FORMATS, KEEPS, check_numbers, resolve

    written = options.choice("--format", format, FORMATS)
    walked = options.choice("--engine", engine, ENGINES)
    kept = None if keep is None else options.choice("--keep", keep, KEEPS)
    folder = options.folder(out, context)
    asked = options.given(start, end, deliberating, settings, point, terms)
    chosen = resolve(options.together(scenario, others), **asked)
    check_numbers(runs, seed)
    with may_leave():  # printed before the heavy packages are loaded
        terminal_tables.print_title(chosen, runs)
    from scenarios.running import run as running

    with telling_what_is_left(), Progress("running") as progress:
        result = running.run(
            chosen,
            runs,
            seed,
            **asked,
            out=folder,
            format=written,
            engine=walked,
            keep=kept,
            progress=progress,
            overwrite=overwrite,
            draw=_drawer(folder, terminal_tables.print_beside_record),
        )
    _print_result(result, terminal_tables.print_beside_record)


@app.command()
def compare(
    context: typer.Context,
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="BASE OTHER...",
            help="The baseline, then one or more scenarios: names or .toml files. A single "
            "scenario is compared with the baseline that it names; one with variants stands for "
            "each of them.",
        ),
    ],
    runs: Annotated[int, typer.Option(help="Number of paired runs (common random numbers).")] = 500,
    seed: SeedOption = 1,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    settings: SetOption = None,
    others: WithOption = None,
    terms: TermOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    format: FormatOption = "parquet",
    point: PointOption = False,
) -> None:
    """Compare scenarios with a baseline, using common random numbers: what differs, where and why.

    --with adds the changes of another scenario to each scenario except the baseline: 'compare A
    --with B' says what B changes in A.

    Example: peacekeeping compare historical my-scenario.toml --runs 500 --out results/mine
    """
    from scenarios.comparison import compare as comparing
    from scenarios.running.run_options import FORMATS

    written = options.choice("--format", format, FORMATS)
    folder = options.folder(out, context)
    base, compared = (scenarios[:1], scenarios[1:]) if len(scenarios) > 1 else ([], scenarios)
    with telling_what_is_left(), Progress("comparing") as progress:
        result = comparing.compare(
            *base,
            *(options.together(one, others) for one in compared),
            runs=runs,
            seed=seed,
            out=folder,
            format=written,
            progress=progress,
            overwrite=overwrite,
            draw=_drawer(folder, terminal_tables.print_comparison),
            **options.given(start, end, deliberating, settings, point, terms),
        )
    _print_result(result, terminal_tables.print_comparison)


@app.command()
def outlook(
    context: typer.Context,
    scenario: ScenarioName = "outlook-2035",
    runs: Annotated[int, typer.Option(help="Number of paired runs of each combination.")] = 200,
    seed: SeedOption = 1,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Run every combination of a scenario's axes: personnel by year with 80% and 95% bands.

    Then which axes move nothing, and why; and how much of the spread comes from what the fit leaves
    open, and how much from which missions come.

    Example: peacekeeping outlook outlook-2035 --runs 200 --out results/outlook
    """
    from scenarios.definition import library
    from scenarios.studies import outlook as looking
    from scenarios.studies import outlook_axes, outlook_spread

    from . import outlook_report

    folder = options.folder(out, context)
    chosen = library.find(scenario)
    command = ["peacekeeping", "outlook", chosen.name, "--runs", str(runs), "--seed", str(seed)]
    names: list[str] = []
    with contextlib.ExitStack() as stack:
        place = None
        if folder is not None:
            place = stack.enter_context(OutputFolder(folder, command, overwrite))
        progress = stack.enter_context(Progress("looking ahead"))
        table = looking.outlook(chosen, runs, seed, progress=progress)
        moved = outlook_axes.moved(chosen, runs, seed)
        spread = outlook_spread.spread(chosen, runs, seed)
        if place is not None:
            manifest = looking.manifest(chosen, runs, seed, command)
            names = outlook_report.write(table, place, manifest, list(chosen.axes), moved, spread)
    outlook_report.print_outlook(table, list(chosen.axes))
    outlook_report.print_axes(moved)
    outlook_report.print_spread(spread, chosen)
    if names:
        typer.echo(f"Written to {folder}: {', '.join(names)}")


@app.command()
def export(
    result: Annotated[
        str, typer.Argument(metavar="RESULT", help="Folder of a run or a comparison.")
    ],
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the tables.")],
    format: FormatOption = "parquet",
    overwrite: OverwriteOption = False,
) -> None:
    """Write the tables of a result for other programs: R, DuckDB, spreadsheets, repositories.

    Months get their first day as a date, the seed is a signed whole number, and datapackage.json
    describes every column.

    Example: peacekeeping export results/historical --out for-r
    """
    from scenarios.comparison.comparison_result import read_comparison
    from scenarios.running.result import read
    from scenarios.running.result_folder import read_manifest
    from scenarios.running.run_options import FORMATS

    written = options.choice("--format", format, FORMATS)
    place, source = options.folder(out), input_files.place(result)
    assert place is not None
    one = read_comparison if "scenarios" in read_manifest(source) else read
    folder = one(source).export(place, format=written, overwrite=overwrite)
    typer.echo(f"Written to {folder}: tables and datapackage.json")


def _print_result(result: Any, print_tables: Callable[[Any], None]) -> None:
    """End a run or a comparison: its tables, or the files and figures below them."""
    with may_leave():
        if result.folder is None:
            print_tables(result)
            return
        names = [str(entry["file"]) for entry in result.manifest["tables"].values()]
        typer.echo(f"Written to {result.folder}: {', '.join([*names, 'manifest.json'])}")
        drawn = [Path(name).stem for name in result.manifest["files"] if name.endswith(".png")]
        if drawn:
            place = result.folder / "figures"
            typer.echo(f"Figures in {place}, each as PNG, SVG and CSV: {', '.join(drawn)}")
        elif "scenarios" in result.manifest:
            typer.echo("No figure: nothing differs in any run.")
        else:
            typer.echo("No figure: no personnel, observed or simulated.")


def _drawer(folder: Any, print_tables: Callable[[Any], None]) -> Any:
    """What prints the tables and draws the figures; nothing where no folder is written."""
    if folder is None:
        return None
    from ..charts import figures

    def printed(result: Any) -> None:
        with may_leave():
            print_tables(result)

    return partial(figures.draw, first=printed)
