"""The command line: every question a user may ask without writing Python.

Heavy packages are imported by the command that needs them, so that ``--help`` answers at once.
Bad input ends with one sentence on the error stream and status 2; an interruption with 130.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from model.errors import InputError
from scenarios.storage.output_folder import OutputFolder

from ..progress import BAD_INPUT, INTERRUPTED, Progress, Told, telling_what_is_left
from . import (
    data_commands,
    document_commands,
    fit_commands,
    options,
    scenario_commands,
    sweep_commands,
    terminal_tables,
)
from .broken_pipe import may_leave, silence
from .help_panels import Commands
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
    WithOption,
)

LONGEST = 800  # letters of a complaint; a name may be of any length

app = typer.Typer(
    name="peacekeeping",
    cls=Commands,
    help="What states send to peace operations, and why: a simulation of contribution policy.\n\n"
    "Begin with: peacekeeping run historical",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(scenario_commands.app, name="scenarios")
sweep_commands.register(app)
app.add_typer(data_commands.app, name="data")
app.add_typer(fit_commands.app)
app.add_typer(document_commands.app)


def _version(value: bool) -> None:
    if value:
        from scenarios.storage.provenance import version

        typer.echo(f"peacekeeping {version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def run(
    scenario: ScenarioName,
    runs: Annotated[int, typer.Option(help="Number of runs.")] = 200,
    seed: SeedOption = 1,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    settings: SetOption = None,
    others: WithOption = None,
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
    folder = options.folder(out)
    asked = options.given(start, end, deliberating, settings, point)
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
            draw=_drawer(folder),
        )
    with may_leave():
        terminal_tables.print_beside_record(result)
        _print_files(result)
        _print_figures(result)


def _print_files(result: Any) -> None:
    if result.folder is not None:
        names = [str(entry["file"]) for entry in result.manifest["tables"].values()]
        typer.echo(f"Written to {result.folder}: {', '.join([*names, 'manifest.json'])}")


def _drawer(folder: Any) -> Any:
    """What draws the figures; nothing where no folder is written."""
    if folder is None:
        return None
    from ..charts import figures

    return figures.draw


def _print_figures(result: Any) -> None:
    """Name the figures that were drawn."""
    if result.folder is None:
        return
    drawn = [name for name in result.manifest["files"] if name.endswith(".png")]
    stems = [name.rpartition("/")[2].removesuffix(".png") for name in drawn]
    if drawn:
        place = result.folder / "figures"
        typer.echo(f"Figures in {place}, each as PNG, SVG and CSV: {', '.join(stems)}")
    else:
        typer.echo(
            "No figure: nothing differs in any run."
            if "scenarios" in result.manifest
            else "No figure: no personnel, observed or simulated."
        )


@app.command()
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="BASE OTHER...",
            help="The baseline, then one or more scenarios: names or .toml files. A single "
            "scenario is compared with the baseline that it names.",
        ),
    ],
    runs: Annotated[int, typer.Option(help="Number of paired runs (common random numbers).")] = 500,
    seed: SeedOption = 1,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    settings: SetOption = None,
    others: WithOption = None,
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
    folder = options.folder(out)
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
            draw=_drawer(folder),
            **options.given(start, end, deliberating, settings, point),
        )
    with may_leave():
        terminal_tables.print_comparison(result)
        _print_files(result)
        _print_figures(result)


@app.command()
def outlook(
    scenario: ScenarioName = "outlook-2035",
    runs: Annotated[int, typer.Option(help="Number of paired runs of each combination.")] = 200,
    seed: SeedOption = 1,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Run every combination of a scenario's axes: personnel by year with 80% and 95% bands.

    Example: peacekeeping outlook outlook-2035 --runs 200 --out results/outlook
    """
    from scenarios.definition import library
    from scenarios.studies import outlook as looking

    from . import outlook_files as drawing

    folder = options.folder(out)
    chosen = library.find(scenario)
    command = ["peacekeeping", "outlook", chosen.name, "--runs", str(runs), "--seed", str(seed)]
    names: list[str] = []
    with contextlib.ExitStack() as stack:
        place = None
        if folder is not None:
            place = stack.enter_context(OutputFolder(folder, command, overwrite))
        progress = stack.enter_context(Progress("looking ahead"))
        table = looking.outlook(chosen, runs, seed, progress=progress)
        if place is not None:
            manifest = looking.manifest(chosen, runs, seed, command)
            names = drawing.write(table, place, manifest, list(chosen.axes))
    terminal_tables.print_outlook(table, list(chosen.axes))
    if names:
        typer.echo(f"Written to {folder}: {', '.join(names)}")


@app.command()
def explain(
    scenario: ScenarioName,
    state: Annotated[str, typer.Option(metavar="JPN", help="Code or name of the state.")],
    mission: Annotated[
        str | None,
        typer.Option(metavar="UNMIS", help="Mission; default: an overview of all requests."),
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Show the answers of this month only.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Number of runs to count outcomes over.")] = 100,
    everything: Annotated[
        bool, typer.Option("--all", help="Explain renewals in which the state stays, too.")
    ] = False,
    seed: SeedOption = 1,
    settings: SetOption = None,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    point: PointOption = False,
) -> None:
    """Explain why a state answered as it did: law, capacity, choice, vote, answer.

    Detailed for run 0, with what would have changed each answer; then the outcomes over all runs
    and what is documented.

    Example: peacekeeping explain historical --state JPN --mission UNMISS --from 2010-01
    """
    from rich.console import Console

    from ..text import decision_text, explanation_text

    if mission is not None and not mission.strip():
        raise InputError("--mission is blank; leave it out for an overview of all requests")
    found = explanation_text.explain(
        scenario,
        state,
        mission,
        month,
        runs=runs,
        seed=seed,
        everything=everything,
        **options.given(start, end, deliberating, settings, point),
    )
    found.print(Console(width=decision_text.WIDTH))


@app.command()
def record(
    state: Annotated[str | None, typer.Option(metavar="KOR", help="Code or name.")] = None,
    year: Annotated[int | None, typer.Option(help="Year that the statement is about.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Category, such as law, opinion or vote.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Words that all occur in the statement.")] = None,
) -> None:
    """List documented facts, each with its source.

    Example: peacekeeping record --state KOR --year 2007
    """
    from calibration.documented_record import entries

    found = entries(state, year, category, text)
    terminal_tables.print_entries(found)


@app.command()
def law(
    state: Annotated[str, typer.Option(metavar="KOR", help="Code of a state with documented law.")],
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Month.")],
    notes: Annotated[
        bool, typer.Option("--notes", help="Print each provision with note and source.")
    ] = False,
) -> None:
    """Show what a state's law allows in a month: what is permitted, who decides, which provision.

    Example: peacekeeping law --state JPN --month 2016-03
    """
    from scenarios.explanation.law_at_date import law_at

    terminal_tables.print_law(law_at(state, month), state, month, notes)


@app.command("app")
def page(
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.")] = 8765,
    host: Annotated[
        str,
        typer.Option(
            help="Address to serve on; default: this machine only. 0.0.0.0 admits others."
        ),
    ] = "127.0.0.1",
    called: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name by which others reach this machine. Repeatable."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder whose sweeps may be opened; default: the current one."),
    ] = None,
) -> None:
    """Start the web app: explore, ask why and compare in a browser.

    Example: peacekeeping app --port 8765
    """
    from scenarios.definition import library, lookup

    from ..web.server import serve

    library.find("historical")  # tables that cannot be read are reported before anything is served
    lookup.states()
    with telling_what_is_left("the web app is closed"):
        serve(port, host, called or (), folder)


def main() -> None:
    """Entry point of the command."""
    status = call(sys.argv[1:])
    # Threads of native libraries that still run must not meet an interpreter that is taken apart.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def call(arguments: list[str]) -> int:
    """Run one command and return its exit status; no traceback for anything the user did."""
    try:
        if sys.stdout is None:  # closed by the shell, as with >&-
            sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
        status = app(args=arguments, prog_name="peacekeeping", standalone_mode=False)
        if status == INTERRUPTED:  # typer turns an interruption into this status
            return _interrupted()
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except InputError as error:
        return _complain(str(error))
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except Told as leave:
        return leave.status
    except typer.Exit as leave:
        return int(leave.exit_code)
    except (BrokenPipeError, SystemExit):
        # The reader of a pipe has left, as with `| head` (typer makes an exit of it); keep Python
        # from complaining at its end.
        silence()
        return 0
    except OSError as error:  # of the standard output; folders and files report their own
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT):
            raise
        silence()
        return _complain(f"the answer cannot be written: {error.strerror}")
    except Exception as error:
        tell = getattr(error, "format_message", None)  # a fault in the options
        if tell is None:
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(tell(), err=True)
            return BAD_INPUT
        return _complain(str(tell()))


def _interrupted() -> int:
    typer.echo("Interrupted; nothing was written.", err=True)
    return INTERRUPTED


def _complain(message: str) -> int:
    sentence = " ".join(message.split())
    if len(sentence) > LONGEST:
        sentence = f"{sentence[: LONGEST // 2]} ... {sentence[-LONGEST // 2 :]}"
    typer.echo(f"peacekeeping: {sentence}", err=True)
    return BAD_INPUT


if __name__ == "__main__":
    main()
