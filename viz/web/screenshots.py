"""The pictures of the web app in the documents, taken from a real browser: ``make screenshots``."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

OUT = Path("docs/web_app")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
TABS = {  # name of the picture: the view's link, and what must be there before it is taken
    "explore": ("", ".pk-figure[data-drawn]"),
    "why": ("tab=why", ".pk-figure[data-drawn]"),
    "compare": ("tab=compare&scenario=alliance-surge", ".pk-figure[data-drawn]"),
    "sweep": ("tab=sweep", ".pk-figure[data-drawn]"),
    "law": ("tab=law", "td"),
    "fit": ("tab=fit", ".pk-figure[data-drawn]"),
    "record": ("tab=record&search=Sudan", "td"),
}
SETTLED = "!document.querySelector('.pk-skeleton, .pk-plot.waiting, .pk-progress.running')"


def browser_path() -> str:
    """Where Chromium is.

    Raises:
        RuntimeError: there is none.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise RuntimeError("no chromium; on Debian: apt-get install chromium")
    return found


def main() -> int:
    """Serve the web app, take a picture of every tab; 0, or 2 with one sentence."""
    from playwright.sync_api import sync_playwright

    try:
        browser = browser_path()
    except RuntimeError as error:
        print(f"screenshots: {error}", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "viz.cli.main", "app", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        found = re.search(r"http://\S+/", served.stdout.readline())
        try:
            if found is None:
                print("screenshots: the web app did not start", file=sys.stderr)
                return 2
            OUT.mkdir(parents=True, exist_ok=True)
            with sync_playwright() as driver:
                opened = driver.chromium.launch(executable_path=browser, args=FLAGS)
                page = opened.new_page(viewport={"width": 1280, "height": 800})
                page.set_default_timeout(300_000)
                for name, (query, ready) in TABS.items():
                    page.goto(f"{found[0]}?{query}")
                    page.wait_for_selector(ready)
                    page.wait_for_function(SETTLED)
                    page.wait_for_timeout(1500)
                    page.screenshot(path=OUT / f"{name}.png")
                opened.close()
        finally:
            served.terminate()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
