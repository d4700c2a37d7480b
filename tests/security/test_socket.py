"""A socket that is not the web app's own script: messages are ignored, the server goes on."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from typing import Any

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")
pytest.importorskip("websockets", reason="websockets, which speaks to the server, is not installed")

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync import client

from ..support.served_app import Served

CDN = "/_solara/cdn/@jupyter-widgets/base@99.9.9/dist/index.js"


def socket(served: Served, query: str = "?session_id=1", **headers: str) -> Any:
    kernel = uuid.uuid4()
    address = f"ws://127.0.0.1:{served.port}/jupyter/api/kernels/{kernel}/channels{query}"
    return client.connect(address, additional_headers=headers, open_timeout=20)


def said(kind: str, **content: Any) -> str:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "a"}
    message: dict[str, Any] = {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
    }
    message["buffers"] = []
    return json.dumps(message | {"content": content})


def answer(served: Served, path: str = "/", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("GET", path, headers=headers)
    told = connection.getresponse()
    return told.status, told.read()


def kernel_answers(told: Any) -> bool:
    """Whether the socket is still heard."""
    told.send(said("kernel_info_request"))
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if "kernel_info_reply" in str(told.recv(timeout=20)):
            return True
    return False


ODD = [
    said("comm_msg", comm_id="a", data={"method": "update", "state": {}}).replace("buffers", "b"),
    "",
    "no json",
    "[]",
    "null",
    "[" * 50_000,
    b"",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\1\0\0\0\x08{}",
    said("comm_msg"),
    said("comm_msg", comm_id=[], data={}),
    said("comm_msg", comm_id="nobody", data={"method": "update", "state": {}}),
    said("comm_open", comm_id="x", target_name="jupyter.widget", data={"state": {}}),
    said("comm_info_request", target_name=[]),
    said("execute_request", code="import os"),
    said("shutdown_request"),
]


def control(comm: str, **data: Any) -> str:
    return said("comm_msg", comm_id=comm, data=data)


def test_odd_messages_leave_no_trace_and_no_silence(served: Served) -> None:
    with socket(served) as told:
        for message in ODD:
            told.send(message)
        told.send(said("comm_open", comm_id="c", target_name="solara.control", data={}))
        for data in (
            {"method": "run", "args": {"appName": "nothing"}},
            {"method": "run", "args": 1},
            {"method": "run"},
            {"method": "reload"},
            {"method": "request_states"},
            {"method": "update", "state": {"a": 1}},
        ):
            told.send(control("c", **data))
        assert kernel_answers(told)
    assert answer(served)[0] == 200
    time.sleep(0.5)
    assert "Traceback" not in served.log.read_text()


def test_events_of_a_wrong_kind_leave_no_trace(served: Served) -> None:
    """Every control of the first tab is told an odd thing under its own name."""
    controls: dict[str, list[str]] = {}
    with socket(served) as told:
        told.send(said("comm_open", comm_id="c", target_name="solara.control", data={}))
        told.send(control("c", method="run", args={"path": "/?runs=1&end=1991-12"}))
        end = time.monotonic() + 240
        while time.monotonic() < end and len(controls) < 8:
            text = told.recv(timeout=240)
            if isinstance(text, bytes):
                continue
            message = json.loads(text)
            if message["header"]["msg_type"] != "comm_open":
                continue
            state = message["content"]["data"].get("state", {})
            if state.get("events"):
                controls[message["content"]["comm_id"]] = state["events"]
        assert len(controls) >= 4
        odd: tuple[object, ...] = (
            None,
            [],
            {},
            "x",
            1.5,
            {"runs": []},
            {"set": {}, "value": "x"},
            {"month": 1},
            -1,
        )
        for comm, events in controls.items():
            for event in events:
                for value in odd:
                    content = {"event": event, "data": value}
                    told.send(control(comm, method="custom", content=content))
            told.send(control(comm, method="update", state={"events": 1, "_dom_classes": 5}))
            told.send(control(comm, method="custom", content={"event": "no_such"}))
        assert kernel_answers(told)
    time.sleep(1)
    assert "Traceback" not in served.log.read_text()


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?session_id=1", {"Origin": "http://evil.example"}),
        ("?session_id=1", {"Origin": "null"}),
        ("", {}),
        ("?session_id=", {}),
    ],
)
def test_other_sockets_are_refused(served: Served, query: str, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as caught:
        socket(served, query, **headers)
    assert caught.value.response.status_code == 403


def test_its_own_origin_is_heard(served: Served) -> None:
    with socket(served, Origin=served.address.rstrip("/")) as told:
        assert kernel_answers(told)


def test_a_message_too_long_ends_its_socket_alone(served: Served) -> None:
    with socket(served) as told, pytest.raises(ConnectionClosed):
        told.send("x" * 2_000_000)
        told.recv(timeout=20)
    assert answer(served)[0] == 200


def test_another_name_and_another_site_are_refused(served: Served) -> None:
    for headers in (
        {"Host": "evil.example"},
        {"Host": f"evil.example:{served.port}"},
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
    ):
        for path in ("/", "/charts/vega.js", "/static/main-vuetify.js"):
            status, text = answer(served, path, **headers)
            assert status in (403, 421) and b"<script" not in text


def test_nothing_is_fetched_for_a_visitor(served: Served) -> None:
    """The library would ask a public network, for ten seconds and more."""
    start = time.monotonic()
    assert answer(served, CDN)[0] == 404
    assert time.monotonic() - start < 3
    for path in (
        "/resourcez",
        "/readyz",
        "/jupyter/api/kernels/a",
        "/..%2f..%2fetc/passwd",
        "/x/y",
    ):
        assert answer(served, path)[0] == 404


def test_a_header_moves_no_script_elsewhere(served: Served) -> None:
    for name in ("Script-Name", "X-Script-Name", "X-Forwarded-Host", "X-Forwarded-Prefix"):
        _, text = answer(served, "/", **{name: "//evil.example"})
        assert b"evil.example" not in text
    assert b"evil.example" not in answer(served)[1]
