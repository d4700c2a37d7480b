"""Connections that ask for nothing, and tabs that come and go, keep nobody out."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")

import uvicorn
from solara.server.kernel_context import PageStatus
from starlette.responses import PlainTextResponse

from viz.web import connection
from viz.web.connection import Connection
from viz.web.visit import visitors

MOST = 5
LARGE = 30_000_000  # bytes; more than the system takes before anybody reads


async def answer(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("a" * (LARGE if scope["path"] == "/large" else 1))(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A small server with few places and little patience."""
    monkeypatch.setattr(connection, "ASKED_WITHIN", 1.0)
    monkeypatch.setattr(connection, "LOOKED_AFTER", 0.5)
    place = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        answer, http=Connection, limit_concurrency=MOST, log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
    thread.start()
    yield place.getsockname()[1]
    server.should_exit = server.force_exit = True
    thread.join(timeout=10)


def asked(port: int, path: str = "/") -> int:
    told = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    told.request("GET", path)
    return told.getresponse().status


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_half_open_connections_make_room(port: int, begun: bytes) -> None:
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(4 * MOST)]
    for one in held:
        one.sendall(begun)
    assert asked(port) == 200
    for one in held:
        one.close()


def test_a_request_that_never_becomes_whole_is_given_up(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as slow:
        begun = time.monotonic()
        slow.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError):  # however slowly it goes on
            while time.monotonic() - begun < 20:
                slow.sendall(b"A: b\r\n")
                time.sleep(0.2)
        assert time.monotonic() - begun < 10


def test_an_answer_that_nobody_takes_is_given_up(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(4)
        slow.settimeout(10)
        taken = 0
        with pytest.raises(OSError):
            while found := slow.recv(1 << 20):
                taken += len(found)
            raise OSError
        assert taken < LARGE
    assert asked(port) == 200


def test_those_who_have_left_make_room_for_sockets_that_are_coming(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contexts: dict[str, Any] = {}
    for name, status in (("here", PageStatus.CONNECTED), ("left", PageStatus.DISCONNECTED)):
        for number in range(visitors.MOST // 4):
            key = f"{name}{number}"
            contexts[key] = SimpleNamespace(
                page_status={"1": status}, close=lambda reason, key=key: contexts.pop(key)
            )
    monkeypatch.setattr(visitors, "contexts", contexts)
    monkeypatch.setattr(visitors, "_open", [f"new{n}" for n in range(visitors.MOST // 2)])
    assert visitors.room()
    assert sum(name.startswith("left") for name in contexts) == visitors.MOST // 4 - 1
    assert sum(name.startswith("here") for name in contexts) == visitors.MOST // 4
