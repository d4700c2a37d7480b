"""Serving the web app: on this machine alone by default, without telemetry or network."""

import ipaddress
import logging
import os
import socket
import sys
import threading
import warnings
from collections.abc import Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from model import csv_rows, input_files
from model.errors import InputError
from scenarios.definition import lookup

from .visit import computation, usage
from .visit.fair_queue import PLACES
from .visit.memory import keep_small
from .visit.url_state import FOLDERS, View

HOST = "127.0.0.1"
PORT = 8765
EVERYWHERE = ("0.0.0.0", "::")
APPLICATION = "viz.web.app"
ENVIRONMENT = {
    "SOLARA_APP": APPLICATION,
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_TITLE": "Peacekeeping contribution policy",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_PROXY": "true",  # scripts come from here, never from a public network
    "SOLARA_ROOT_PATH": "",  # else it is what the first request says
}
FORGOTTEN_AFTER = "2m"  # a visitor who left
LONGEST_MESSAGE = 1_000_000  # bytes that a browser may send at once; an opened file is the largest
MOST_CONNECTIONS = 400
LOGGERS = (
    *("Comm", "asyncio", "uvicorn.error", "solara.server.app", "solara.server.fastapi"),
    *("solara.server.kernel", "solara.server.patch", "solara.server.server"),
)


def serve(
    port: int = PORT,
    host: str = HOST,
    called: Sequence[str] = (),
    folder: Path | None = None,
    log: Path | None = None,
) -> None:
    """Serve until interrupted; the address is printed when the web app answers.

    Args:
        port: 0 takes any free one.
        host: an address or name of this machine; blank: this machine alone.
        called: what others call this machine, besides its addresses.
        folder: whose sweeps may be opened; by default the one where the program was started.
        log: gets a line a minute with counts of visitors and work, and nothing of any visitor.

    Raises:
        InputError: the port is taken or out of range, the folder is none, the log or the data
            cannot be written or read, or the web app's packages are missing.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"--port {port} is out of range; it goes from 1 to 65535")
    sweeps = Path.cwd() if folder is None else input_files.place(folder)
    if not sweeps.is_dir():
        raise InputError(f"--folder {sweeps} is no folder")
    log = None if log is None else input_files.place(log)
    check()
    place = listening(host, port)
    shown, port = place.getsockname()[:2]
    os.environ[FOLDERS] = str(sweeps.resolve())
    keep_small()
    if log is not None:
        try:
            usage.write_log(log)
        except OSError as error:
            raise InputError(f"--log {log} cannot be written to: {error.strerror}") from None
    application = build([*called, *own_names(host)])
    import uvicorn

    from .connection import Connection

    class Server(uvicorn.Server):
        fault: InputError | None = None

        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            address = f"[{shown}]" if ":" in shown else shown
            print(f"The web app is at http://{address}:{port}/ (Ctrl-C ends it)", flush=True)
            for line in exposed(shown, os.environ[FOLDERS]):
                print(line, file=sys.stderr, flush=True)
            threading.Thread(target=self.prepare, daemon=True).start()

        def prepare(self) -> None:
            try:
                warm()
            except InputError as error:
                self.fault, self.should_exit = error, True

    config = uvicorn.Config(
        application,
        http=Connection,
        log_level="error",
        timeout_graceful_shutdown=1,
        ws_max_size=LONGEST_MESSAGE,
        limit_concurrency=MOST_CONNECTIONS,
        server_header=False,
    )
    server = Server(config)
    server.run(sockets=[place])
    if server.fault is not None:
        raise server.fault
    if not server.started:
        raise InputError("the web app could not be started")


def check() -> None:
    """Whether what the web app cannot do without can be read; quick, and before anything is served.

    Raises:
        InputError: the first fault of a table or of the first scenario.
    """
    View().resolved()
    for table in ("missions.csv", "contributions.csv", "requests.csv", "instruments.csv"):
        csv_rows.read(lookup.DATA / table, ())
    lookup.states()
    lookup.parameters()


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on a host; on this machine alone where the host is blank, or where it
    only might mean every address of this machine.

    Raises:
        InputError: there is no such host here, or the port is taken.
    """
    asked = host.strip().strip("[]'\" ") or HOST
    try:
        found = socket.getaddrinfo(asked, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError, ValueError):
        raise InputError(
            f"--host {host!r} is no address or name of this machine; leave it out to serve on "
            "this machine alone"
        ) from None
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    if ipaddress.ip_address(str(address[0]).partition("%")[0]).is_unspecified:
        if asked not in EVERYWHERE:
            family, address = socket.AF_INET, (HOST, port)
    place = socket.socket(family, kind, protocol)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(address)
    except OSError as error:
        place.close()
        raise InputError(
            f"the web app cannot be served on {asked}, port {port}: {error.strerror}; "
            "choose another with --port"
        ) from None
    return place


def exposed(address: str, folder: str) -> list[str]:
    """What others can reach of this machine, where the web app is served to them."""
    where = ipaddress.ip_address(address.partition("%")[0])
    if where.is_loopback:
        return []
    who = "every network of this machine" if where.is_unspecified else f"the network of {address}"
    return [
        f"Anyone on {who} can use it: there is no login and no encryption.",
        f"They can run scenarios here ({PLACES} works at once, {usage.MOST} visitors), read the "
        f"sweeps stored under {folder}, and see counts of use at /health.",
        "They can write no file here. Put a proxy with HTTPS and a login before it; "
        "`peacekeeping docs hosting` says how.",
    ]


def own_names(host: str) -> list[str]:
    """What this machine is called by others, where they can reach the web app."""
    asked = host.strip()
    return [asked, socket.gethostname()] if asked and asked != HOST else []


def warm() -> None:
    """Make ready what the first visitor asks for: rules compiled, the first view computed.

    Raises:
        InputError: the tables of the model cannot be read.
    """
    first = View()
    computation.compute(first.resolved(), first.runs, first.seed)


def build(called: Sequence[str] = ()) -> Any:
    """The web app as an ASGI application; ``called``: its names, besides addresses.

    Raises:
        InputError: the packages of the web app are not installed.
    """
    os.environ.update(ENVIRONMENT)
    os.environ.setdefault("SOLARA_KERNEL_CULL_TIMEOUT", FORGOTTEN_AFTER)
    # on this machine alone the web app needs no encryption, and falls back to what plain HTTP
    # allows
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    try:
        import solara.server.starlette as solara_server
        from starlette.applications import Starlette
        from starlette.middleware import Middleware

        from .guard import Guard, OneLine
        from .routes import routes
    except ImportError as error:
        raise InputError(
            f"the web app needs the package {error.name!r}; install the program with the web app: "
            "pip install 'peacekeeping[app]', or use make app"
        ) from None

    for logger in LOGGERS:
        logging.getLogger(logger).addFilter(OneLine())

    @asynccontextmanager
    async def lifespan(_: Any) -> Any:
        async with solara_server.lifespan(solara_server.app):
            yield

    guard = Middleware(Guard, names=called)
    return Starlette(routes=routes(), lifespan=lifespan, middleware=[guard])
