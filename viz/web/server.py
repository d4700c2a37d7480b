"""Serving the page: on this machine alone unless told otherwise, without telemetry or network."""

from __future__ import annotations

import os
import socket
import threading
import warnings
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Any

from model.errors import InputError

from .visit.memory import keep_small
from .visit.url_state import LOCAL

HOST = "127.0.0.1"
PORT = 8765
APPLICATION = "viz.web.app"
ENVIRONMENT = {
    "SOLARA_APP": APPLICATION,
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_TITLE": "Peacekeeping contribution policy",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_MODE": "production",
}

LOOPBACK = ("127.0.0.1", "::1", "localhost")
FORGOTTEN_AFTER = "2m"  # a visitor who left


def serve(port: int = PORT, host: str = HOST) -> None:
    """Serve until interrupted; the address is printed when the page answers.

    Raises:
        InputError: the port is taken or out of range, or the page's packages are missing.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"--port {port} is out of range; it goes from 1 to 65535")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            port = int(probe.getsockname()[1])
    except OSError as error:
        raise InputError(
            f"the page cannot be served on {host}, port {port}: {error.strerror}; "
            "choose another with --port"
        ) from None
    keep_small()
    os.environ[LOCAL] = "1" if host in LOOPBACK else "0"
    application = build()
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            print(f"The page is at http://{host}:{port}/ (Ctrl-C ends it)", flush=True)
            threading.Thread(target=warm, daemon=True).start()

    config = uvicorn.Config(
        application, host=host, port=port, log_level="error", timeout_graceful_shutdown=1
    )
    Server(config).run()


def warm() -> None:
    """Make ready what the first visitor asks for: rules compiled, the first view computed."""
    from .visit import computation
    from .visit.url_state import View

    first = View()
    with suppress(InputError):  # the visitor is told
        computation.compute(first.resolved(), first.runs, first.seed)


def build() -> Any:
    """The page as an ASGI application.

    Raises:
        InputError: the packages of the page are not installed.
    """
    os.environ.update(ENVIRONMENT)
    os.environ.setdefault("SOLARA_KERNEL_CULL_TIMEOUT", FORGOTTEN_AFTER)
    # on this machine alone the page needs no encryption, and falls back to what plain HTTP allows
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    try:
        import solara.server.starlette as solara_server
        from starlette.applications import Starlette
        from starlette.responses import Response
        from starlette.routing import Mount, Route
    except ImportError as error:
        raise InputError(
            f"the page needs the package {error.name!r}; install the program with its page: "
            "pip install 'peacekeeping[page]', or use make app"
        ) from None

    def library(_: Any) -> Response:
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(charts_library(), media_type="text/javascript", headers=headers)

    @asynccontextmanager
    async def lifespan(_: Any) -> Any:
        async with solara_server.lifespan(solara_server.app):
            yield

    routes = [Route("/charts/vega.js", library), Mount("/", app=solara_server.app)]
    return Starlette(routes=routes, lifespan=lifespan)


@lru_cache(maxsize=1)
def charts_library() -> str:
    """The script that draws charts in the browser, taken from the installed package."""
    import vl_convert

    bundle: Any = vl_convert.javascript_bundle  # without a snippet: the libraries alone
    return str(bundle())
