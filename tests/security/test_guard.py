"""Who may use the web app: Host and Origin, what an answer allows, what a socket may say."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import struct
from typing import Any

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")

from starlette.responses import PlainTextResponse

from viz.web import guard
from viz.web.guard import HEADERS, Guard, OneLine, policy, refusal, understood

NAMES = frozenset({"desk"})


def asked(kind: str = "http", **headers: str) -> dict[str, Any]:
    """A request as the server hands it on; ``_`` in a name stands for a hyphen."""
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return {"type": kind, "method": "GET", "path": "/", "headers": raw}


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8765", "localhost:1", "LOCALHOST", "[::1]:8765", "192.168.1.4:80", "desk:8765"],
)
def test_its_own_names_and_addresses_are_served(host: str) -> None:
    assert refusal(asked(host=host), NAMES) == ""
    assert refusal(asked("websocket", host=host, origin=f"http://{host}"), NAMES) == ""
    assert refusal(asked(host=host, origin=f"https://{host}"), NAMES) == ""  # behind a proxy


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8765",
        "desk.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "[::1].evil.example",
        "",
        " ",
        "127.0.0.1:8765, evil.example",
    ],
)
def test_a_name_that_another_site_can_point_here_is_refused(host: str) -> None:
    assert "name" in refusal(asked(host=host), NAMES)
    assert "name" in refusal(asked("websocket", host=host, origin=f"http://{host}"), NAMES)


def test_a_request_without_a_host_or_with_two_is_refused() -> None:
    assert refusal(asked(), NAMES)
    twice = asked(host="127.0.0.1")
    twice["headers"].append((b"host", b"evil.example"))
    assert refusal(twice, NAMES)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9",
        "http://localhost:8765",
        "null",
        "file://",
        "http://127.0.0.1:8765.evil.example",
        "http://127.0.0.1:8765@evil.example",
        "",
    ],
)
def test_another_origin_is_refused(kind: str, origin: str) -> None:
    assert "site" in refusal(asked(kind, host="127.0.0.1:8765", origin=origin), NAMES)


def test_other_sites_may_link_to_the_page_and_nothing_else() -> None:
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    own = {"host": "127.0.0.1:8765"}
    assert refusal(asked(**own, **link, sec_fetch_dest="document"), NAMES) == ""
    assert refusal(asked(**own, **link, sec_fetch_dest="iframe"), NAMES)
    embedded = {"sec_fetch_mode": "no-cors", "sec_fetch_dest": "script"}
    assert refusal(asked(**own, sec_fetch_site="cross-site", **embedded), NAMES)
    assert refusal(asked(**own, sec_fetch_site="same-site", **embedded), NAMES)
    assert refusal(asked(**own, sec_fetch_site="same-origin", **embedded), NAMES) == ""


def answered(**headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and text of what a guarded application answers."""
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    asyncio.run(Guard(PlainTextResponse("here"), NAMES)(asked(**headers), receive, send))
    sent = {name.decode(): value.decode() for name, value in told[0]["headers"]}
    return told[0]["status"], sent, told[1]["body"]


def test_every_answer_tells_the_browser_to_be_careful() -> None:
    expected = {name.lower(): value for name, value in HEADERS.items()}
    assert {"x-frame-options", "x-content-type-options", "referrer-policy"} < set(expected)
    for headers, status in (
        ({"host": "127.0.0.1"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1", "origin": "http://evil.example"}, 403),
    ):
        code, sent, text = answered(**headers)
        assert code == status and expected.items() <= sent.items()
        assert (text == b"here") == (status == 200)


def test_only_the_scripts_of_the_page_may_run() -> None:
    told = policy(b"<script>one()</script><script src='/two.js'></script>", "127.0.0.1:1")
    scripts = re.search(r"script-src ([^;]*)", told)
    assert scripts is not None and "unsafe-inline" not in scripts[1]
    assert scripts[1].count("sha256-") == 1
    assert "frame-ancestors 'none'" in told and "object-src 'none'" in told
    assert "http:" not in told and "https:" not in told and "*" not in told


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_origins_both_must_be_its_own(order: int) -> None:
    request = asked(host="127.0.0.1:8765", origin="http://127.0.0.1:8765")
    request["headers"].append((b"origin", b"http://evil.example"))
    request["headers"] = request["headers"][::order]
    assert "site" in refusal(request, NAMES)


def said(kind: str = "comm_msg", **content: Any) -> dict[str, str]:
    message = {
        "header": {"msg_type": kind, "msg_id": "1"},
        "channel": "shell",
        "content": content,
        "buffers": [],
    }
    return {"type": "websocket.receive", "text": json.dumps(message)}


def test_what_the_page_says_is_understood() -> None:
    event = {"method": "custom", "content": {"event": "picked", "data": "why"}}
    assert understood(said(comm_id="a", data=event))
    assert understood(said(comm_id="a", data={"method": "update", "state": {}}))
    assert understood(said("kernel_info_request"))
    assert understood(said("comm_open", comm_id="a", target_name="solara.control", data={}))


@pytest.mark.parametrize(
    "content",
    [
        {"comm_id": 1, "data": {"method": "update", "state": {}}},
        {"comm_id": "a", "data": []},
        {"comm_id": "a", "data": {"method": "update", "state": 1}},
        {"comm_id": "a", "data": {"method": "burn"}},
        {"comm_id": "a", "data": {"method": "custom", "content": {"event": ["picked"]}}},
        {},
    ],
)
def test_messages_of_a_wrong_form_are_left_out(content: dict[str, Any]) -> None:
    assert not understood(said(**content))


def test_a_browser_cannot_call_modules_of_the_server() -> None:
    """Templates of the library would import what a message names, and call it."""
    made = {"create_widget": ["os", "system"], "props": {"command": "id"}, "id": "x"}
    called = {"update_ref": {"function_ref": "close_all"}, "id": "x", "prop": "y"}
    for content in (made, called, made | {"event": "picked"}):
        data = {"method": "custom", "content": content}
        assert not understood(said(comm_id="a", data=data))
    assert not understood(said("comm_open", comm_id="a", target_name="jupyter.widget", data={}))


@pytest.mark.parametrize("header", [{}, {"msg_id": 1}, {"msg_id": None}])
def test_a_message_without_an_id_cannot_be_answered(header: dict[str, Any]) -> None:
    message = json.loads(said("kernel_info_request")["text"])
    message["header"] = header | {"msg_type": "kernel_info_request"}
    assert not understood({"type": "websocket.receive", "text": json.dumps(message)})


def test_the_app_cannot_be_loaded_anew() -> None:
    """What only a developer's server does ends in an assertion here."""
    assert not understood(said(comm_id="a", data={"method": "reload"}))


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "1", "[" * 100_000, '{"header": 1}'])
def test_what_is_no_message_is_left_out(text: str) -> None:
    assert not understood({"type": "websocket.receive", "text": text})


@pytest.mark.parametrize("data", [b"", b"\0", struct.pack("!i", 2**31 - 1), b"\xff" * 64])
def test_damaged_binary_messages_are_left_out(data: bytes) -> None:
    assert not understood({"type": "websocket.receive", "bytes": data})


def test_what_a_message_led_to_is_told_in_one_line() -> None:
    try:
        raise KeyError("no such\nthing")
    except KeyError as error:
        record = logging.LogRecord(
            "Comm", logging.ERROR, "", 0, "odd %s", ("a",), (KeyError, error, error.__traceback__)
        )
    assert OneLine().filter(record)
    text = logging.Formatter().format(record)
    assert "\n" not in text and "KeyError" in text and "test_guard.py" in text


def test_the_same_line_is_told_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    told = OneLine()
    line = {text: logging.makeLogRecord({"msg": text, "args": (text,)}) for text in ("a %s", "b")}
    assert [told.filter(line[text]) for text in ("a %s", "a %s", "b", "a %s", "b")] == [
        *(True, False, True, False, False)
    ]
    monkeypatch.setattr(guard, "TOLD_AGAIN_AFTER", 0.0)
    assert told.filter(line["b"])
