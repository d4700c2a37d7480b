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
from typing import Annotated

import typer

from model.errors import InputError

from ..progress import BAD_INPUT, INTERRUPTED, CommandEnded, loud, telling_what_is_left
from . import (
    brief_command,
    data_commands,
    document_commands,
    extras,
    fit_commands,
    question_commands,
    run_commands,
    scenario_commands,
    sweep_commands,
)
from .broken_pipe import silence
from .help_panels import Commands

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
for commands in (
    run_commands,
    question_commands,
    brief_command,
    sweep_commands,
    fit_commands,
    document_commands,
):
    app.add_typer(commands.app)
app.add_typer(data_commands.app, name="data")


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
    log: Annotated[
        Path | None,
        typer.Option(help="File for a line of counts a minute; nothing of any visitor is in it."),
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
        serve(port, host, called or (), folder, log)


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
        for stream in ("stdout", "stderr"):
            if getattr(sys, stream) is None:  # closed by the shell, as with >&-
                setattr(sys, stream, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        try:
            status = app(args=arguments, prog_name="peacekeeping", standalone_mode=False)
        finally:
            loud()
        if status == INTERRUPTED:  # typer turns an interruption into this status
            return _interrupted()
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except InputError as error:
        return _complain(str(error))
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except CommandEnded as leave:
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
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package not in extras.EXTRAS:
            raise
        return _complain(str(extras.missing(package)))
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
