"""A real browser on a page of another site, which tries to use the web app on this machine."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")
pytest.importorskip(
    "playwright.sync_api", reason="playwright, which drives the browser, is not installed"
)

from playwright.sync_api import sync_playwright

from viz.web.screenshots import FLAGS

from ..support.served_app import Served

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
)

KERNEL = "jupyter/api/kernels/11111111-2222-3333-4444-555555555555/channels?session_id=1"
# What a socket, a request that reads, a script and a frame of another site come to.
TRIED = """async ([address, kernel]) => {
  const late = new Promise((done) => setTimeout(() => done("late"), 60000));
  const after = (promise) => Promise.race([promise, late]);
  const socket = after(new Promise((done) => {
    const tried = new WebSocket(address.replace("http", "ws") + kernel);
    tried.onopen = () => done("open"); tried.onerror = () => done("refused");
  }));
  const read = after(fetch(address).then((r) => r.text()).then(() => "read", () => "refused"));
  const blind = after(fetch(address, { mode: "no-cors" }).then((r) => r.type, () => "refused"));
  const posted = after(fetch(address + "_solara/api/close/x", { method: "POST", mode: "no-cors" })
    .then((r) => r.type, () => "refused"));
  const script = after(new Promise((done) => {
    const tried = document.createElement("script");
    tried.src = address + "charts/vega.js";
    tried.onload = () => done("loaded"); tried.onerror = () => done("refused");
    document.head.appendChild(tried);
  }));
  return {
    socket: await socket, read: await read, blind: await blind, posted: await posted,
    script: await script,
  };
}"""


class Page(http.server.BaseHTTPRequestHandler):
    """A page of another site."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>other</title><body>other</body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def other() -> Iterator[int]:
    """The port of another site on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as driver:
        names = "--host-resolver-rules=MAP evil.example 127.0.0.1"
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, names])
        yield opened
        opened.close()


@pytest.mark.parametrize("site", ["http://127.0.0.1:{}/", "http://localhost:{}/"])
def test_another_origin_can_use_nothing(
    served: Served, other: int, browser: Any, site: str
) -> None:
    page = browser.new_context().new_page()
    page.goto(site.format(other))
    found = page.evaluate(TRIED, [served.address, KERNEL])
    assert found["socket"] == found["read"] == found["script"] == "refused"
    assert found["blind"] in ("refused", "opaque") and found["posted"] in ("refused", "opaque")
    page.context.close()


def test_its_own_page_can(served: Served, browser: Any) -> None:
    """Else the other tests would pass with nothing there."""
    page = browser.new_context().new_page()
    page.goto(f"{served.address}?tab=record")
    page.wait_for_selector("td", timeout=240_000)
    found = page.evaluate(TRIED, [served.address, KERNEL])
    assert found["socket"] == "open" and found["read"] == "read" and found["script"] == "loaded"
    page.context.close()


def test_another_site_cannot_frame_it(served: Served, other: int, browser: Any) -> None:
    page = browser.new_context().new_page()
    page.goto(f"http://localhost:{other}/")
    page.evaluate(
        "(address) => { const f = document.createElement('iframe'); f.src = address; "
        "document.body.appendChild(f); }",
        served.address,
    )
    page.wait_for_timeout(3000)
    framed = [frame for frame in page.frames if frame != page.main_frame]
    assert framed and "Peacekeeping" not in framed[0].content()
    page.context.close()


def test_a_name_that_is_made_to_lead_here_gets_nothing(served: Served, browser: Any) -> None:
    page = browser.new_context().new_page()
    answer = page.goto(f"http://evil.example:{served.port}/")
    assert answer.status == 421 and "Peacekeeping" not in page.content()
    socket = page.evaluate(
        "(address) => new Promise((done) => { const tried = new WebSocket(address); "
        "tried.onopen = () => done('open'); tried.onerror = () => done('refused'); })",
        f"ws://evil.example:{served.port}/{KERNEL}",
    )
    assert socket == "refused"
    page.context.close()


def test_a_link_on_another_site_opens_it(served: Served, other: int, browser: Any) -> None:
    page = browser.new_context().new_page()
    page.goto(f"http://localhost:{other}/")
    page.evaluate("(address) => { location.href = address; }", f"{served.address}?tab=record")
    page.wait_for_selector("td", timeout=240_000)
    page.context.close()


def test_no_script_but_its_own_runs(served: Served, browser: Any) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{served.address}?tab=record")
    page.wait_for_selector("td", timeout=240_000)
    page.evaluate(
        "() => { document.body.insertAdjacentHTML('beforeend', "
        '\'<img src=x onerror="window.ran=1"><a href="javascript:window.ran=2" id=j>j</a>\'); '
        "const s = document.createElement('script'); s.textContent = 'window.ran=3'; "
        "document.body.appendChild(s); document.getElementById('j').click(); }"
    )
    page.wait_for_timeout(1000)
    assert page.evaluate("window.ran") is None
    page.context.close()
