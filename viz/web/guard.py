"""Who may use the web app: this site alone, under a name that is its own.

A browser sends what other sites ask of it to any address that it can reach, this machine's own
included.  It says truly which host it was told to ask (``Host``) and which site asks (``Origin``,
``Sec-Fetch-Site``); every request and every socket is held against both.
"""

import asyncio
import base64
import hashlib
import ipaddress
import json
import logging
import re
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from solara.server.kernel import deserialize_binary_message
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OTHER_HOST = "The web app is not served under that name.\n"
OTHER_SITE = "Another site may not use the web app.\n"
LONGEST_MESSAGE = 1_000_000  # bytes that a browser may send at once; an opened file is the largest
MOST_PARTS = 16  # of a binary message
TOLD_AGAIN_AFTER = 60.0  # seconds, of the same line of the log
BURST, RATE = 500, 50  # messages of one socket: at once, and each second after that
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# The web app's controls are Vue templates, compiled in the browser: that needs unsafe-eval.
# Scripts within the web app are named by their hash, so that one put there by a table or a file
# does not run.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {scripts}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-src 'none'; frame-ancestors 'none'"
)
INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
KERNEL = re.compile(r"[\w-]{1,64}")
HEARD = ("kernel_info_request", "comm_info_request", "comm_open", "comm_msg", "comm_close")
ASKED = ("request_state", "request_states", "run", "app-status")
OPENED = ("solara.control", "jupyter.widget.control")  # what a browser opens of itself

logger = logging.getLogger("peacekeeping.page")


class Guard:
    """Refuses requests and sockets of other sites and under other names, and drops messages that
    are none of the web app's; every answer tells the browser to be careful with it."""

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self._app = app
        self._names = frozenset(name.lower().rstrip(".") for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        fault = refusal(scope, self._names)
        if scope["type"] == "websocket":
            if fault or not _is_a_kernel(scope):
                await _refuse_socket(receive, send)
                return
            await self._app(scope, Listener(receive), send)
            return
        answer = _with_headers(send)
        if fault:
            status = 421 if fault == OTHER_HOST else 403
            await PlainTextResponse(fault, status)(scope, receive, answer)
            return
        await self._app(scope, receive, answer)


def refusal(scope: Scope, names: frozenset[str]) -> str:
    """Why a request is refused, as a sentence; blank where it may pass.

    ``names``: what the web app is called besides addresses, which no other site's name can stand
    for.
    """
    headers = Headers(scope=scope)
    host = headers.getlist("host")
    if len(host) != 1 or not is_own(host[0], names):
        return OTHER_HOST
    if not all(_same(origin, host[0]) for origin in headers.getlist("origin")):
        return OTHER_SITE
    # A link on another site may open the web app, which it can neither frame nor read.
    opens = (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not opens:
        return OTHER_SITE
    return ""


def is_own(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header names this server: an address, ``localhost``, or one of ``names``.

    Names of other sites can be made to lead here (DNS rebinding); addresses cannot.
    """
    place = _place(f"http://{host}")
    if place is None:
        return False
    name = place[0]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name in names
    return True


def _same(origin: str, host: str) -> bool:
    """Whether an origin is the site that a Host header names, by either scheme."""
    place = _place(origin)
    return place is not None and place == _place(f"{origin.partition(':')[0]}://{host}")


def _place(origin: str) -> tuple[str, int] | None:
    """Host and port of an origin; None where it has none, as ``null`` of a sandboxed frame."""
    found = re.fullmatch(r"(https?)://(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?", origin.lower())
    if found is None:
        return None
    scheme, name, port = found.groups()
    return name.strip("[]").rstrip("."), int(port or (443 if scheme == "https" else 80))


def _is_a_kernel(scope: Scope) -> bool:
    """Whether a socket asks for what the web app's own script asks for."""
    parts = scope["path"].strip("/").split("/")
    query = scope.get("query_string", b"").decode("latin-1")
    return bool(
        len(parts) == 5
        and KERNEL.fullmatch(parts[3])
        and re.search(r"(?:^|&)session_id=[\w-]{1,64}(?:&|$)", query)
    )


async def _refuse_socket(receive: Receive, send: Send) -> None:
    await receive()  # its wish to connect
    await send({"type": "websocket.close", "code": 1008})


def _with_headers(send: Send) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return answer


def policy(body: bytes, host: str) -> str:
    """The Content-Security-Policy of a page: its own scripts run, nothing else."""
    hashes = {
        base64.b64encode(hashlib.sha256(script).digest()).decode()
        for script in INLINE.findall(body)
    }
    scripts = " ".join(f"'sha256-{one}'" for one in sorted(hashes))
    return POLICY.format(scripts=scripts, host=host)


class Listener:
    """What one socket says, without what the web app's script never says, and no faster than
    ``RATE``.

    A message of a wrong form would otherwise end as a trace in the log.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._allowed, self._at = float(BURST), time.monotonic()
        self._told = False

    async def __call__(self) -> Message:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            await self._pace()
            if understood(message):
                return message
            if not self._told:
                logger.warning("a message that is none of the web app's was left out")
            self._told = True

    async def _pace(self) -> None:
        now = time.monotonic()
        self._allowed = min(BURST, self._allowed + RATE * (now - self._at)) - 1
        self._at = now
        if self._allowed < 0:
            await asyncio.sleep(-self._allowed / RATE)


def understood(message: Message) -> bool:
    """Whether a message has the form of those that the web app's script sends."""
    text, data = message.get("text"), message.get("bytes")
    if len(text or data or "") > LONGEST_MESSAGE:
        return False
    if data is not None and not 1 <= int.from_bytes(data[:4], "big") <= MOST_PARTS:
        return False  # as many parts as it says would be made room for
    try:
        said: Any = deserialize_binary_message(data) if text is None else json.loads(text)
        kind, content = said["header"]["msg_type"], said["content"]
        if kind not in HEARD or not isinstance(said["channel"], str):
            return False
        if not isinstance(said["header"]["msg_id"], str):
            return False
        if not isinstance(said["buffers"], list):
            return False
        if kind == "comm_open":
            return isinstance(content["comm_id"], str) and content["target_name"] in OPENED
        if kind == "comm_close":
            return isinstance(content["comm_id"], str)
        return kind != "comm_msg" or (
            isinstance(content["comm_id"], str) and _is_of_a_control(content["data"])
        )
    except Exception:  # whatever is wrong with it, it is none of ours
        return False


def _is_of_a_control(data: dict[str, Any]) -> bool:
    """Whether a control may say this: its state, or an event.

    Templates would also let a browser import any module of the server and call what is in it.
    """
    method = data["method"]
    if method == "custom":
        content = data["content"]
        return isinstance(content["event"], str) and set(content) <= {"event", "data"}
    if method == "update":
        return isinstance(data["state"], dict)
    return method in ASKED


class OneLine(logging.Filter):
    """Tells what a message led to in one line, and the same line once a minute, as anybody could
    fill the log."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            place = traceback.extract_tb(error.__traceback__)[-1:]
            where = ", ".join(f"{Path(one.filename).name}:{one.lineno}" for one in place)
            told = " ".join(str(error).split())[:200]
            record.msg = f"a message could not be taken: {type(error).__name__}: {told!r} ({where})"
            record.args, record.exc_info, record.exc_text = (), None, None
        line, now = str(record.msg), time.monotonic()  # whatever is put into it
        self._told = {text: at for text, at in self._told.items() if now - at < TOLD_AGAIN_AFTER}
        return self._told.setdefault(line, now) == now
