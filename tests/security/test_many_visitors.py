"""Visitors of one server: work for those who left ends, and one who asks for much is bounded."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")
pytest.importorskip(
    "playwright.sync_api", reason="playwright, which drives the browser, is not installed"
)

from playwright.sync_api import sync_playwright
from websockets.exceptions import InvalidStatus
from websockets.sync import client

from viz.web.screenshots import FLAGS
from viz.web.visit import visitors

from ..support.served_app import Served, start, stop

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or sys.platform != "linux", reason="no chromium, or no /proc"
)
SEEDS = itertools.count(11)  # what was computed once is there at once
PATIENCE = 300_000  # milliseconds: the rules may have to be compiled first


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with nobody else on it."""
    found = start(tmp_path_factory.mktemp("served") / "log")
    yield found
    stop(found)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def seconds_of_processor(process: int) -> float:
    """What a process has had of the processors."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def visit(browser: Any, address: str) -> Any:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def busy(served: Served, browser: Any) -> Any:
    """A visitor with an ensemble of all states under way, as large as the web app makes it."""
    page = visit(browser, f"{served.address}?states=all&runs=240&seed={next(SEEDS)}")
    page.wait_for_selector("text=/Running [1-9]/")
    return page


@pytest.mark.parametrize("abruptly", [False, True])
def test_work_ends_when_its_tab_is_closed(served: Served, browser: Any, abruptly: bool) -> None:
    page = busy(served, browser)
    if abruptly:  # the connection is lost, and nothing says that the tab is closed
        page.context.set_offline(True)
        page.evaluate("window.stop()")
    page.close(run_before_unload=False)
    page.context.close()
    time.sleep(6)
    before = seconds_of_processor(served.process.pid)
    time.sleep(4)
    assert seconds_of_processor(served.process.pid) - before < 0.4


def test_another_visitor_is_served_beside_one_who_asks_for_much(
    served: Served, browser: Any
) -> None:
    """Long before the work of the others is done, which takes a minute and more."""
    greedy = [busy(served, browser) for _ in range(3)]
    start = time.monotonic()
    modest = visit(browser, f"{served.address}?runs=50&seed=77&end=1999-12")
    modest.wait_for_selector(".pk-figure[data-drawn]")
    took = time.monotonic() - start
    assert any(one.locator(".pk-progress.running").count() for one in greedy)
    assert took < 60
    for one in greedy:
        one.context.close()
    modest.context.close()


def test_no_more_visitors_come_than_there_is_room_for(served: Served) -> None:
    come = 0
    with ExitStack() as sockets:
        for _ in range(visitors.MOST + 5):
            kernel = uuid.uuid4()
            address = f"ws://127.0.0.1:{served.port}/jupyter/api/kernels/{kernel}/channels"
            try:
                told = client.connect(f"{address}?session_id=1", open_timeout=30)
                sockets.enter_context(told)
            except InvalidStatus:  # refused
                break
            come += 1
    assert visitors.MOST - 2 <= come <= visitors.MOST
