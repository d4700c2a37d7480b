"""Japanese and Korean in a real browser: chosen by the browser and by the switch, kept in the link,
and no page wider than the window at 1024."""

from __future__ import annotations

import shutil
import time

import pytest

from viz.web.screenshots import FLAGS, SETTLED

from ..support.served_app import Served

pytest.importorskip("solara", reason="the packages of the web app are not installed")
playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright, which drives the browser, is not installed"
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
PATIENCE = 240_000  # milliseconds: the rules may have to be compiled first
TABS = {"explore": ".pk-figure", "why": ".pk-steps", "law": "td", "fit": ".pk-aim", "record": "td"}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAMES = {"ja": "平和維持活動への貢献政策", "ko": "평화유지활동 기여 정책"}


@pytest.fixture(scope="module")
def browser():
    """One browser, which asks for Korean; every test opens contexts of its own."""
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--accept-lang=ko-KR"]
        )
        yield opened
        opened.close()


def visitor(browser):
    """A page of a visitor.  A locale of the context alone would not reach the live connection."""
    context = browser.new_context(viewport={"width": 1024, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def test_the_browser_chooses_the_switch_changes_and_the_link_keeps(served: Served, browser) -> None:
    page = visitor(browser)
    opened(page, served, "?tab=law", f"h1:text('{NAMES['ko']}')")
    assert page.evaluate("document.documentElement.lang") == "ko"
    page.click("button[role=radio]:text('日本語')")
    page.wait_for_selector(f"h1:text('{NAMES['ja']}')")
    page.wait_for_selector("text=母語話者による確認を受けていない")
    end = time.monotonic() + 20
    while "language=ja" not in page.url and time.monotonic() < end:
        time.sleep(0.05)
    link = page.url
    assert "language=ja" in link and page.evaluate("document.documentElement.lang") == "ja"
    other = visitor(browser)
    other.goto(link)
    other.wait_for_selector(f"h1:text('{NAMES['ja']}')")
    other.click("button[role=radio]:text('English')")
    other.wait_for_selector("h1:text('Peacekeeping contribution policy')")
    assert other.get_by_text("native reader").count() == 0
    page.context.close()
    other.context.close()


def opened(page, served: Served, link: str, there: str) -> None:
    """Open the first page of a server, which on a busy machine may take a second try.

    Raises:
        AssertionError: it is not what it should be, with what it shows and what the server says.
    """
    for _ in range(3):
        page.goto(served.address + link)
        try:
            page.wait_for_selector(there, timeout=PATIENCE / 3)
            return
        except playwright.TimeoutError:
            continue
    shown = page.inner_text("body")
    raise AssertionError(f"no {there} in: {shown[:500]}\n{served.log.read_text()[-2000:]}")


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_no_tab_is_wider_than_a_window_of_1024(served: Served, browser, language: str) -> None:
    page = visitor(browser)
    for tab, there in TABS.items():
        page.goto(f"{served.address}?tab={tab}&runs=20&seed=4&language={language}")
        page.wait_for_selector(f"h1:text('{NAMES[language]}')")
        page.wait_for_selector(there)
        page.wait_for_function(SETTLED)
        assert page.evaluate(WIDER) <= 0, tab
        clipped = page.evaluate(
            "[...document.querySelectorAll('.pk-tabs button, .pk-header button')]"
            ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText)"
        )
        assert clipped == [], tab
    page.context.close()
