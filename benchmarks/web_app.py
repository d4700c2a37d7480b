"""The page measured in a real browser: one visitor who moves levers, and twenty at once.

``python -m benchmarks.web_app [--out FILE]`` serves the web app and measures, for 200 runs of the
two-state history:

- seconds from a moved lever to the first answer and to the chart of all runs, for one visitor and
  for twenty who move at the same moment, each another value: median and worst;
- processor time of the server, which other work on the machine moves less than seconds;
- whether every visitor's chart has the engine's numbers for that visitor's own settings;
- resident memory of the server before they come, with all of them, and after they have left.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from model.vocabulary import STUDIED

ROOT = Path(__file__).parent.parent
VISITORS = 20
MOVES = 12
LEVERS = ("un_demand", "home_threat", "slots_added", "public_support")  # each moves UN missions
FORGOTTEN_AFTER = 10  # seconds until the server forgets a visitor who left; two minutes by default

TIMED = """([name, value]) => {
  const stamp = () => document.querySelector(".pk-figure").getAttribute("data-drawn");
  const input = document.querySelector(`[data-test=set-${name}]`);
  const before = stamp(), start = performance.now();
  window.pkFirst = window.pkTook = null;
  window.pkWatch = new MutationObserver(() => {
    if (stamp() === before) { return; }
    const took = performance.now() - start;
    if (window.pkFirst === null) { window.pkFirst = took; }
    const figure = document.querySelector(".pk-figure");
    if (figure.getAttribute("data-drawn-stage") === "first") { return; }
    window.pkWatch.disconnect();
    window.pkTook = took;
  });
  window.pkWatch.observe(document.querySelector(".pk-main"),
    { attributes: true, subtree: true, attributeFilter: ["data-drawn"] });
  input.value = value; input.dispatchEvent(new Event("input"));
}"""


class Visitor:
    """One browser context of its own."""

    def __init__(self, browser: Any, address: str) -> None:
        self._context = browser.new_context(viewport={"width": 1280, "height": 800})
        self.page = self._context.new_page()
        self.page.set_default_timeout(300_000)
        self.page.goto(address)

    def ready(self) -> None:
        """Wait until the whole first tab is there."""
        self.page.wait_for_selector(".pk-figure[data-drawn]")
        self.page.wait_for_function("document.querySelectorAll('[data-drawn]').length >= 3")

    def move(self, lever: str, value: float) -> None:
        """Move a lever; ``took`` waits for the chart."""
        self.page.evaluate(TIMED, [lever, value])

    def took(self) -> tuple[float, float]:
        """Seconds from the move to the first answer, and to the chart of all runs."""
        self.page.wait_for_function("window.pkTook !== null")
        first, whole = self.page.evaluate("[window.pkFirst, window.pkTook]")
        return first / 1000, whole / 1000

    def medians(self) -> list[int]:
        """The medians of the last month, as written next to the fans."""
        plot = self.page.locator(".pk-plot").first
        texts = plot.locator("svg text").all_text_contents()
        found = (re.match(r"Median: ([\d,]+)", text) for text in texts)
        return [int(one[1].replace(",", "")) for one in found if one]

    def leave(self) -> None:
        self._context.close()


def resident(process: int) -> float:
    """Resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024 / 1e6


def processor(process: int) -> float:
    """Seconds of the processors that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def expected(values: dict[str, float]) -> list[int]:
    """The medians of the last month as the engine has them."""
    import numpy as np

    import peacekeeping as pk

    series = pk.run("historical", runs=200, seed=1, settings=values).series
    last = series[
        (series["month"] == "2023-12")
        & (series["framework"] == "un")
        & (series["kind"] == "all")
        & (series["variable"] == "personnel")
    ]
    found = []
    for state in STUDIED:
        own = last.loc[last["state"] == state, "value"].to_numpy()
        people = np.concatenate([own, np.zeros(200 - len(own))])
        found.append(int(f"{np.median(people):.0f}"))
    return found


def one_visitor(browser: Any, address: str) -> dict[str, Any]:
    """A single visitor moves levers one after the other."""
    visitor = Visitor(browser, address)
    visitor.ready()
    times = []
    for number in range(MOVES):
        lever = LEVERS[number % len(LEVERS)]
        visitor.page.wait_for_timeout(1500)  # as long as a person looks at least
        visitor.move(lever, 0.2 + 0.1 * (number // len(LEVERS)))
        times.append(visitor.took())
    first, whole = map(list, zip(*times, strict=True))
    visitor.move(LEVERS[0], 0.2)  # back to a value that was computed already
    again, _ = visitor.took()
    visitor.leave()
    return {
        "slider to first answer, median, s (target 0.3)": statistics.median(first),
        "slider to first answer, worst, s": max(first),
        "slider to all runs, median, s (target 0.8)": statistics.median(whole),
        "slider to all runs, worst, s": max(whole),
        "slider back to what was computed, s": again,
    }


def many_visitors(browser: Any, address: str, server: int) -> dict[str, Any]:
    """Twenty visitors come, move a lever at the same moment, each another value, and leave."""
    from viz.web.visit.memory import CLEARED_AFTER

    before = resident(server)
    start = time.perf_counter()
    visitors = [Visitor(browser, address) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.ready()
    opened = time.perf_counter() - start
    values = [0.2 + 0.15 * number for number in range(VISITORS)]
    begun = processor(server)
    for visitor, value in zip(visitors, values, strict=True):
        visitor.move("un_demand", value)
    first, whole = map(list, zip(*(visitor.took() for visitor in visitors), strict=True))
    work = processor(server) - begun
    shown = [visitor.medians() for visitor in visitors]
    most = resident(server)
    for visitor in visitors:
        visitor.leave()
    time.sleep(FORGOTTEN_AFTER + CLEARED_AFTER[-1] + 10)
    after = resident(server)
    right = [
        found == expected({"un_demand": round(round(value / 0.05) * 0.05, 2)})
        for found, value in zip(shown, values, strict=True)
    ]
    return {
        "visitors": VISITORS,
        "all have their first charts, s": opened,
        "first answers at the same moment, median, s (target 2)": statistics.median(first),
        "first answers at the same moment, worst, s (target 4)": max(first),
        "all runs at the same moment, median, s": statistics.median(whole),
        "all runs at the same moment, worst, s (target 10)": max(whole),
        "processor time of the server for them, s": work,
        "charts with the engine's own numbers": sum(right),
        "memory of the server before, MB": before,
        "memory of the server with all, MB": most,
        "memory of the server after they left, MB": after,
    }


def measured() -> dict[str, Any]:
    """Serve the web app and measure it.

    Raises:
        RuntimeError: there is no browser, or the web app does not start.
    """
    from playwright.sync_api import sync_playwright

    from viz.web.screenshots import FLAGS, browser_path

    command = [sys.executable, "-m", "viz.cli.main", "app", "--port", "0"]
    environment = os.environ | {"SOLARA_KERNEL_CULL_TIMEOUT": f"{FORGOTTEN_AFTER}s"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as served:
        try:
            assert served.stdout is not None
            found = re.search(r"http://\S+/", served.stdout.readline())
            if found is None:
                raise RuntimeError("the web app did not start")
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
                first = Visitor(browser, found[0])  # compiles the rules where need be
                first.ready()
                first.leave()
                results = {
                    "one visitor": one_visitor(browser, found[0]),
                    "twenty visitors": many_visitors(browser, found[0], served.pid),
                }
                browser.close()
            return results
        finally:
            served.terminate()


def main() -> None:
    """Measure, print and write."""
    from .speed import machine, tell

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "web_app.json")
    options = parser.parse_args()
    results = {"machine": machine(), **measured()}
    tell(results, options.out)


if __name__ == "__main__":
    main()
