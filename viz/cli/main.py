"""The command line: every question a user may ask without writing Python.

Heavy packages are imported by the command that needs them, so that ``--help`` answers at once.
Bad input ends with one sentence on the error stream and status 2; an interruption with 130.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from model.errors import InputError
from scenarios.storage.output_folder import OutputFolder

from ..progress import BAD_INPUT, INTERRUPTED, Progress, Told, telling_what_is_left
from . import (
    document_commands,
    fit_commands,
    options,
    scenario_commands,
    sweep_commands,
    terminal_tables,
)
from .broken_pipe import may_leave, silence
from .options import (
    DeliberatingOption,
    EndOption,
    FormatOption,
    OutOption,
    OverwriteOption,
    ScenarioName,
    SeedOption,
    SetOption,
    StartOption,
    WithOption,
)

LONGEST = 800  # letters of a complaint; a name may be of any length

app = typer.Typer(
    name="peacekeeping",
    help="What states send to peace operations, and why: a simulation of contribution policy.\n\n"
    "Begin with: peacekeeping scenarios list, then peacekeeping run historical.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(scenario_commands.app, name="scenarios")
sweep_commands.register(app)
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
    runs: Annotated[int, typer.Option(help="Replications, differing only by their luck.")] = 200,
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
            help="ensemble is fast; mesa is the slow, readable model of agents, one at a time "
            "(seconds a run), with the same results.",
        ),
    ] = "ensemble",
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="runs|summary",
            help="runs keeps every run; summary only mean, quantiles, presence, entries and exits, "
            "in the memory of a few runs. Above 2,000 runs it is summary unless you say runs.",
        ),
    ] = None,
    point: Annotated[
        bool,
        typer.Option("--point", help="The centre of the parameters in every run, no draws."),
    ] = False,
) -> None:
    """Run a scenario many times and set it beside the record; with --out, tables and figures.

    Each run has its own draw of the fitted parameters (--point: all have the centre).

    Example: peacekeeping run historical --runs 200 --seed 1 --out results/historical
    """
    from scenarios.running import run as running
    from scenarios.running.model_adapter import ENGINES
    from scenarios.running.result import FORMATS, KEEPS

    written = options.choice("--format", format, FORMATS)
    walked = options.choice("--engine", engine, ENGINES)
    kept = None if keep is None else options.choice("--keep", keep, KEEPS)
    folder = options.folder(out)
    asked: dict[str, Any] = {
        "start": start,
        "end": end,
        "deliberating": options.states(deliberating),
        "settings": options.settings(settings),
        "point": True if point else None,
    }
    chosen = running.resolve(options.together(scenario, others), **asked)
    running.check_numbers(runs, seed)
    with may_leave():  # said before the heavy packages are loaded
        terminal_tables.print_title(chosen, runs)
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
    """Name the figures that stand beside the tables."""
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
            else "No figure: nobody was sent, in the record or in a run."
        )


@app.command()
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="BASE OTHER...",
            help="The base, then one or more scenarios: names or .toml files. One alone is "
            "compared with the baseline that it names.",
        ),
    ],
    runs: Annotated[int, typer.Option(help="Paired runs, each with the same luck in all.")] = 500,
    seed: SeedOption = 1,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    settings: SetOption = None,
    others: WithOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    format: FormatOption = "parquet",
) -> None:
    """Set scenarios beside a base, run by run under the same luck: what differs, where and why.

    With --with, its changes come on top of each scenario but the base: 'compare A --with B' says
    what B changes in A.

    Example: peacekeeping compare historical my-scenario.toml --runs 500 --out results/mine
    """
    from scenarios.comparison import compare as comparing
    from scenarios.running.result import FORMATS

    written = options.choice("--format", format, FORMATS)
    folder = options.folder(out)
    base, compared = (scenarios[:1], scenarios[1:]) if len(scenarios) > 1 else ([], scenarios)
    with telling_what_is_left(), Progress("comparing") as progress:
        result = comparing.compare(
            *base,
            *(options.together(one, others) for one in compared),
            runs=runs,
            seed=seed,
            start=start,
            end=end,
            deliberating=options.states(deliberating),
            settings=options.settings(settings),
            out=folder,
            format=written,
            progress=progress,
            overwrite=overwrite,
            draw=_drawer(folder),
        )
    with may_leave():
        terminal_tables.print_comparison(result)
        _print_files(result)
        _print_figures(result)


@app.command()
def outlook(
    scenario: ScenarioName = "outlook-2035",
    runs: Annotated[int, typer.Option(help="Paired runs of each combination.")] = 200,
    seed: SeedOption = 1,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Run every combination of a scenario's axes: people by year with 80 and 95 % bands.

    Example: peacekeeping outlook outlook-2035 --runs 200 --out results/outlook
    """
    from scenarios.definition import library
    from scenarios.studies import outlook as looking

    from . import outlook_files as drawing

    folder = options.folder(out)
    chosen = library.find(scenario)
    command = ["peacekeeping", "outlook", chosen.name, "--runs", str(runs), "--seed", str(seed)]
    names: list[str] = []
    with ExitStack() as stack:
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
        typer.Option(metavar="UNMIS", help="Mission; without it, an overview of all requests."),
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Only the answers of this month.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Runs over which outcomes are counted.")] = 100,
    everything: Annotated[
        bool, typer.Option("--all", help="Tell renewals in full where it stays, too.")
    ] = False,
    seed: SeedOption = 1,
    settings: SetOption = None,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
) -> None:
    """Why a state answered as it did: law, terms, chance, vote, capacity, answer.

    Told in full for run 0, with what would have turned each answer; then the outcomes over all
    runs beside what is documented.

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
        settings=options.settings(settings),
        start=start,
        end=end,
        deliberating=options.states(deliberating),
        everything=everything,
    )
    found.print(Console(width=decision_text.WIDTH))


@app.command()
def record(
    state: Annotated[str | None, typer.Option(metavar="KOR", help="Code or name.")] = None,
    year: Annotated[int | None, typer.Option(help="A year that the statement touches.")] = None,
    category: Annotated[
        str | None, typer.Option(help="For example law, opinion, mission_participation, vote.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Words that all occur in it.")] = None,
) -> None:
    """List what is documented, each statement with its source.

    Example: peacekeeping record --state KOR --year 2007
    """
    from calibration.documented_record import entries

    found = entries(state, year, category, text)
    terminal_tables.print_entries(found)


@app.command()
def law(
    state: Annotated[str, typer.Option(metavar="KOR", help="Code of a state with a law.")],
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="The month looked at.")],
    notes: Annotated[
        bool, typer.Option("--notes", help="Tell each provision below, with note and source.")
    ] = False,
) -> None:
    """Show what a state's law allows in a month: what is open, who decides, by which provision.

    Example: peacekeeping law --state JPN --month 2016-03
    """
    from scenarios.explanation.law_at_date import law_at

    terminal_tables.print_law(law_at(state, month), state, month, notes)


@app.command("app")
def page(
    port: Annotated[int, typer.Option(help="Port of the address; 0 takes any free one.")] = 8765,
    host: Annotated[
        str,
        typer.Option(
            help="Address to serve on; by default this machine alone. 0.0.0.0 lets others in."
        ),
    ] = "127.0.0.1",
    called: Annotated[
        list[str] | None,
        typer.Option(
            "--name", help="A name by which others reach this machine; may stand several times."
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder whose sweeps may be opened; by default the one you are in."),
    ] = None,
) -> None:
    """Open the web app: explore, ask why, compare, in a browser on this machine.

    Example: peacekeeping app --port 8765
    """
    from ..web.server import serve

    with telling_what_is_left("the web app is closed"):
        serve(port, host, called or (), folder)


def main() -> None:
    """Entry point of the command."""
    sys.exit(call(sys.argv[1:]))


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
    except OSError as error:  # of the standard output; folders and files tell their own
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
