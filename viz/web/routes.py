"""What the server answers: the web app, its socket, its scripts and styles, and nothing else.

Solara's own application answers more, among it a proxy of a public network of scripts; here each
place is named that the web app needs.
"""

from functools import lru_cache
from typing import Any

import solara.server.starlette as solara_server
import vl_convert
from solara.server.cdn_helper import cdn_url_path
from solara.server.kernel_context import contexts
from solara.server.settings import assets
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from scenarios.storage import provenance

from .guard import policy
from .visit import usage
from .visit.visitors import FULL, place, room

KEPT = {"Cache-Control": "public, max-age=3600"}


def routes() -> list[BaseRoute]:
    """Every place that is served."""
    return [
        Route("/", page),
        Route("/health", health),
        WebSocketRoute("/jupyter/api/kernels/{kernel_id}/{name}", listen),
        Route("/_solara/api/close/{kernel_id}", close, methods=["POST"]),
        Route("/charts/vega.js", charts),
        Mount(f"/{cdn_url_path}", app=Shelf(directory=assets.proxy_cache_dir)),
        Mount("/static/public", app=solara_server.StaticPublic()),
        Mount("/static/assets", app=solara_server.StaticAssets()),
        Mount("/static", app=Shelf(directory=solara_server.server.solara_static)),
        Mount("/jupyter/nbextensions", app=solara_server.StaticNbFiles()),
    ]


class Shelf(solara_server.StaticFilesOptionalAuth):
    """Files that are installed; what is not among them is not found, and not fetched."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        response = super().file_response(*given, **named)
        response.headers.setdefault("Cache-Control", KEPT["Cache-Control"])
        return response


async def page(request: Request) -> Response:
    """The web app itself, where there is room for one more visitor."""
    if not room():
        return PlainTextResponse(FULL, 503, {"Retry-After": "60"})
    response = await solara_server.root(request)
    host = request.headers["host"]
    response.headers["Content-Security-Policy"] = policy(bytes(response.body), host)
    response.headers["Cache-Control"] = "no-store"
    return response


def health(_: Request) -> Response:
    """Whether the server answers, and how much it is used: counts, nothing of any visitor."""
    told = {"status": "ok", "version": provenance.version(), **usage.counts()}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def listen(socket: WebSocket) -> None:
    """The socket of one tab."""
    with place(socket.path_params["kernel_id"]) as free:
        if free:
            await solara_server.kernel_connection(socket)
        else:
            await socket.close(1013)


def close(request: Request) -> Response:
    """A tab says that it is closed."""
    context = contexts.get(request.path_params["kernel_id"])
    tab = request.query_params.get("session_id", "")
    own = solara_server.server.get_session_id_cookie(request.cookies)
    if context is not None and own == context.session_id and tab in context.page_status:
        context.page_close(tab)
    return Response(status_code=204)


def charts(_: Request) -> Response:
    """The script that draws charts in the browser."""
    return Response(charts_library(), media_type="text/javascript", headers=KEPT)


@lru_cache(maxsize=1)
def charts_library() -> str:
    """The libraries of charts, taken from the installed package."""
    bundle: Any = vl_convert.javascript_bundle  # without a snippet: the libraries alone
    return str(bundle())
