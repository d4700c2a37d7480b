"""The web app in a real browser: every tab through its main task, numbers read off and compared."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from viz.web.screenshots import FLAGS

from ..support.served_app import Served

pytest.importorskip("solara", reason="the packages of the web app are not installed")
playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright, which drives the browser, is not installed"
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240_000  # milliseconds: the rules may have to be compiled first
SMALL = "runs=20&seed=4"


@pytest.fixture
def address(served: Served) -> str:
    """Where the web app is served."""
    return served.address


@pytest.fixture(scope="module")
def browser():
    """One browser; every test opens contexts of its own."""
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    """A visitor; requests that leave this machine are a fault."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    left: list[str] = []
    context.on(
        "request",
        lambda request: (
            None
            if urlparse(request.url).hostname in ("127.0.0.1", None)
            else left.append(request.url)
        ),
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    assert left == []
    assert "Traceback" not in opened.inner_text("body")
    keep = os.environ.get("PEACEKEEPING_SCREENSHOTS")
    if keep:
        Path(keep).mkdir(parents=True, exist_ok=True)
        opened.screenshot(path=Path(keep) / f"{time.monotonic_ns()}.png", full_page=True)
    context.close()


def texts(page) -> list[str]:
    """Every text drawn in the first chart."""
    return page.locator(".pk-plot").first.locator("svg text").all_text_contents()


def settled(page, before: str | None = None) -> str:
    """The stamp of the first chart once it is drawn, and drawn again after ``before``."""
    page.wait_for_selector(".pk-figure[data-drawn]")
    figure = page.locator(".pk-figure").first
    stamp = figure.get_attribute("data-drawn")
    end = time.monotonic() + 60
    while stamp == before and time.monotonic() < end:
        time.sleep(0.05)
        stamp = figure.get_attribute("data-drawn")
    assert stamp != before, "the chart was not drawn again"
    return str(stamp)


def slide(page, name: str, value: float) -> None:
    """Move a lever as a visitor does."""
    page.locator(f"[data-test=set-{name}]").evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", value
    )


def median(page, state: int = 0) -> int:
    """The last median written next to a fan."""
    found = [text for text in texts(page) if text.startswith("Median")]
    return int(found[state].split(":")[1].replace(",", ""))


def test_a_lever_moves_the_fan_and_the_link_brings_it_back(address, page, browser):
    page.goto(f"{address}?{SMALL}")
    before = settled(page)
    first = texts(page)
    slide(page, "un_demand", 0)
    settled(page, before)
    moved = texts(page)
    assert moved != first
    end = time.monotonic() + 20
    while "un_demand" not in page.url and time.monotonic() < end:
        time.sleep(0.05)
    assert parse_qs(urlparse(page.url).query)["set.un_demand"] == ["0.0"]

    import peacekeeping as pk

    result = pk.run("historical", runs=20, seed=4, settings={"un_demand": 0})
    last = result.series.query(
        "state == 'KOR' and framework == 'un' and kind == 'all' and variable == 'personnel' "
        "and month == '2023-12'"
    )["value"]
    values = sorted([*last, *[0.0] * (20 - len(last))])
    assert median(page, 1) == round((values[9] + values[10]) / 2)

    other = browser.new_context().new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(page.url)
    settled(other)
    assert texts(other) == moved
    other.context.close()


WATCH = """() => {
  const figure = document.querySelector(".pk-figure"), seen = window.pkSeen = [];
  const look = () => seen.push([figure.getAttribute("data-drawn-stage"),
    document.querySelector(".pk-main").innerText.match(/First answer.*follow/), // or none
    figure.querySelectorAll("svg text").length, figure.clientHeight]);
  new MutationObserver(look).observe(figure, { attributes: true, attributeFilter: ["data-drawn"] });
}"""


def test_a_first_answer_comes_at_once_and_is_refined_in_its_place(address, page):
    """It says so; the chart is never blank, and neither its place nor its axes change.  All runs
    take seconds: else they may be there before a busy browser has drawn the first."""
    page.goto(f"{address}?runs=1000&seed=4")
    settled(page)
    page.evaluate(WATCH)
    slide(page, "un_demand", 0.4)
    page.wait_for_function("window.pkSeen.some(([stage]) => stage === 'whole')")
    seen = page.evaluate("window.pkSeen")
    assert [stage for stage, *_ in seen] == ["first", "whole"]
    assert seen[0][1] == ["First answer, from 20 runs; all 1,000 follow"]
    assert len({tuple(rest) for _, _, *rest in seen}) == 1 and seen[0][2] > 10
    assert "First answer" not in page.inner_text(".pk-main")


def test_two_visitors_share_nothing(address, page, browser):
    other = browser.new_context().new_page()
    other.set_default_timeout(PATIENCE)
    for one in (page, other):
        one.goto(f"{address}?{SMALL}")
    stamps = [settled(one) for one in (page, other)]
    still = texts(other)
    slide(page, "un_demand", 0)
    settled(page, stamps[0])
    time.sleep(0.5)
    assert texts(other) == still and texts(page) != still
    assert other.locator("[data-test=set-un_demand]").input_value() == "1"
    other.context.close()


def test_why_two_officers_went_to_sudan_and_what_would_have_changed_it(address, page):
    """From the first view it is one click, and nothing to scroll or to choose."""
    page.goto(f"{address}?{SMALL}")
    page.get_by_role("button", name="Why did Japan send two officers").click()
    page.wait_for_selector(".pk-verdict")
    for answer in (".pk-verdict", "text=What the sources say", "text=What the model says"):
        place = page.locator(answer).first.bounding_box()
        assert place is not None and place["y"] + place["height"] < 800, answer
    page.wait_for_selector("text=What would have turned it, over 20 runs")
    page.wait_for_selector(".pk-turned .pk-figure[data-drawn]")
    over = page.inner_text(".pk-turned")
    assert "of the 20 runs that are asked send what is asked for" in over
    assert "struck out" in over and " upwards (now " in over + " downwards (now "
    page.get_by_role("button", name="In this one run alone").click()
    page.wait_for_selector("text=Levers that alone would have changed it")
    page.wait_for_selector("text=Provisions that alone would have changed it")
    told = page.inner_text(".pk-main")
    assert "two officers promised" in told and "2008" in told
    assert "What would have changed the answer" in told or "What carried the answer" in told
    assert "what could be answered to the request for engineers" in told
    assert "Where: the sites of UNMIS" in told
    assert "PKO Act" in told and "Source:" in told
    page.wait_for_selector(".pk-figure[data-drawn]")


def test_the_record_is_searched(address, page):
    page.goto(f"{address}?tab=record")
    page.fill("[data-test=record-search]", "UNDOF transport")
    page.wait_for_function("document.querySelectorAll('.pk-scroll tbody tr').length < 60")
    found = page.locator(".pk-scroll tbody tr").all_text_contents()
    assert found and all("undof" in row.lower() for row in found)


def test_two_scenarios_are_compared_and_a_divergence_asks_why(address, page):
    page.goto(
        f"{address}?tab=compare&scenario=alliance-decoupling/threat-fixed&runs=12&end=2012-12"
    )
    page.wait_for_selector(".pk-divergences tbody tr")
    told = page.inner_text(".pk-main")
    assert "alliance-decoupling/threat-fixed compared with historical: 12 paired runs" in told
    assert "Where and why runs diverge" in told
    row = page.locator(".pk-divergences tbody tr").first
    mission, state = row.locator("button").inner_text().split("\n")
    month = row.locator("td").nth(1).inner_text()[:7]
    row.locator("button").click()
    page.wait_for_selector(".pk-verdict")
    told = page.inner_text(".pk-main")
    assert f"{state} and {mission}" in told
    assert month in page.inner_text("button[aria-pressed=true]")
    page.wait_for_selector(".pk-figure[data-drawn]")


def test_two_levers_are_swept_and_a_folder_without_a_sweep_is_told(address, page):
    page.goto(f"{address}?tab=sweep&runs=2&end=1994-12&seed=4")
    page.get_by_role("button", name="Compute 50 runs").click()
    page.wait_for_selector(".pk-figure[data-drawn]:has-text('2 runs in each cell, seed 4')")
    assert page.get_by_role("button", name="Compute").count() == 0
    cells = [text for text in texts(page) if text.replace(",", "").isdigit()]
    assert len(cells) >= 25
    page.select_option("[data-test=down]", "un_demand")
    page.wait_for_selector("text=The charts show earlier settings")
    assert page.get_by_role("button", name="Compute 50 runs").is_visible()
    page.fill("[data-test=sweep-folder]", "nowhere")
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_selector("[role=alert]")
    assert "holds no sweep" in page.inner_text("[role=alert]")


def test_what_if_the_ally_had_not_asked_is_one_click(address, page):
    page.goto(f"{address}?tab=compare&runs=12&end=2006-12")
    page.get_by_role("button", name="What if the ally had not asked?").click()
    page.wait_for_selector("text=historical (changed) compared with historical: 12 paired runs")
    assert page.locator("[data-test=set-alliance_pressure]").input_value() == "0"


def test_an_example_is_drawn_until_a_sweep_is_asked_for_which_can_be_stopped(address, page):
    page.goto(f"{address}?tab=sweep&states=all&end=2000-12&seed=4")
    start = page.get_by_role("button", name="Compute 500 runs")
    start.wait_for()
    assert "500 runs, everything else" in page.inner_text(".pk-main")
    page.wait_for_selector(".pk-figure[data-drawn]")
    assert "An example to begin with" in page.inner_text(".pk-main")
    assert "Scenario: historical. 10 runs in each cell, seed 1" in page.inner_text(
        ".pk-figure >> nth=0"
    )
    start.click()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("text=Stopped at your request")
    assert start.is_visible()


def test_a_comparison_is_taken_home_as_a_brief_and_its_numbers_as_a_workbook(address, page):
    page.goto(f"{address}?tab=compare&set.alliance_pressure=0&runs=6&end=2006-12")
    page.locator(".pk-brief").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download brief.html").click()
    told = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "What would change it" in told and "<svg" in told
    assert "peacekeeping brief scenario.toml --against historical --runs 6" in told
    for ending, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Download brief.{ending}").click()
        assert Path(waiting.value.path()).read_bytes().startswith(begins)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download differences.xlsx").click()
    import pandas as pd

    assert {"base", "other", "runs_needed"} <= set(pd.read_excel(waiting.value.path()).columns)


def test_human_resources_and_dialogue_stand_beside_people(address, page):
    page.goto(f"{address}?{SMALL}&end=2006-12")
    before = settled(page)
    framework = page.get_by_role("radiogroup", name="Personnel in")
    assert framework.is_visible() and page.locator("[title='personnel-un.csv']").count() == 1
    page.get_by_role("radio", name="Human resources").click()
    page.wait_for_selector(".pk-figure:has-text('personnel trained, and capacity in use')")
    before = settled(page, before)
    assert any("Japan: trained for missions" in text for text in texts(page))
    assert framework.count() == 0, "they are of no framework"
    assert page.locator("[title='resources.csv']").count() == 1
    page.get_by_role("radio", name="Dialogue").click()
    page.wait_for_selector(".pk-figure:has-text('training given to others')")
    assert "shown=dialogue" in page.url or page.wait_for_url("**shown=dialogue**") is None


def test_a_tour_of_six_steps_is_offered_until_it_is_put_away(address, page):
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{address}?tab=fit&{SMALL}&end=1995-12")
    page.locator("[data-test=tour]").click()
    for step in range(1, 7):
        assert page.inner_text(".pk-tour-card p >> nth=0") == f"{step} / 6"
        assert page.locator(".pk-tour-card p").last.is_visible(), "its words are there"
        if step < 3:  # levers and chart, wherever the tour began
            page.wait_for_selector([".pk-side.pk-pointed", ".pk-figure.pk-pointed"][step - 1])
            assert page.get_attribute("#tab-explore", "aria-selected") == "true"
        if step < 6:
            onward = page.locator("[data-test=tour-next]")
            onward.hover()
            ink, ground = onward.evaluate(
                "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
            )
            assert ink == "rgb(255, 255, 255)" and ground != ink, "legible under the mouse"
            onward.click()
    page.keyboard.press("Escape")
    assert page.locator(".pk-tour-card").count() == 0
    assert page.evaluate("document.activeElement.dataset.test") == "tour"
    page.reload()
    page.wait_for_selector("[data-test=tour]")
    assert page.locator("[data-test=tour-away]").count() == 0


def test_in_print_stand_the_results_alone(address, page):
    page.goto(f"{address}?tab=record&search=Sudan")
    page.wait_for_selector("td")
    page.emulate_media(media="print")
    assert page.locator("td").first.is_visible()
    for part in (".pk-tabs", ".pk-share", ".pk-filter"):
        assert not page.locator(part).first.is_visible(), part
    page.goto(f"{address}?tab=compare&scenario=korea-act-in-2000/act&{SMALL}&end=2003-12")
    page.wait_for_selector(".pk-select", state="attached")
    assert not page.locator(".pk-select").first.is_visible()
    assert not page.locator("text=The scenario on the left").first.is_visible()
    page.wait_for_selector(".pk-divergences tbody button")
    assert page.locator(".pk-divergences tbody button").first.is_visible(), "a mission is named"
    page.goto(f"{address}?tab=law")
    page.wait_for_selector(".pk-law table")
    assert page.locator(".pk-law table").first.evaluate(
        "one => getComputedStyle(one).minWidth"
    ) in (
        "0px",
        "auto",
    )


def test_the_map_has_land_and_plays_through_the_months(address, page):
    page.goto(f"{address}?{SMALL}&month=2008-09")
    page.wait_for_function("document.querySelectorAll('[data-drawn]').length >= 3")
    figure = page.locator(".pk-figure", has_text="Who was where in September 2008")
    land = figure.locator("svg .mark-shape path").first.get_attribute("d") or ""
    assert len(land) > 10_000
    page.get_by_role("button", name="Next month").click()
    page.wait_for_selector(".pk-figure:has-text('Who was where in October 2008')")
    page.locator("[data-test=play]").click()
    page.wait_for_selector(".pk-figure:has-text('Who was where in December 2008')")
    page.locator("[data-test=play]").click()


def test_the_fit_says_what_was_met_and_what_was_missed(address, page):
    page.goto(f"{address}?tab=fit")
    page.wait_for_selector(".pk-figure[data-drawn]")
    told = page.inner_text(".pk-main")
    assert "missed" in told and "Known misfits" in told
    assert "held out" in " ".join(texts(page))
    page.select_option("[data-test=fit-group]", "Japan and Korea")
    page.wait_for_function("document.querySelector('.pk-skill').innerText.includes('8 state')")


def test_a_false_link_and_a_false_file_are_told_in_a_sentence(address, page, tmp_path):
    page.goto(f"{address}?tab=record&set.alliance_pressure=99&runs=x")
    page.wait_for_selector("[role=alert]")
    told = page.inner_text("[role=alert]")
    assert "alliance_pressure = 99 is out of range" in told and "'runs'" in told
    file = tmp_path / "mine.toml"
    file.write_text('title = "x"\nqestion = "y"\n')
    page.set_input_files("[data-test=open-file]", file)
    page.wait_for_function(
        "document.querySelector('[role=alert]').innerText.includes('mine.toml, line 2')"
    )


def test_back_and_forward_go_through_the_tabs(address, page):
    page.goto(f"{address}?tab=record&search=Sudan&{SMALL}")
    for tab in ("Fit", "Record"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_selector(f"[role=tab][aria-selected=true]:has-text('{tab}')")
        page.wait_for_function("(tab) => location.search.includes('tab=' + tab)", arg=tab.lower())
    for go, tab in ((page.go_back, "Fit"), (page.go_back, "Record"), (page.go_forward, "Fit")):
        go()
        page.wait_for_selector(f"[role=tab][aria-selected=true]:has-text('{tab}')")
        link = parse_qs(urlparse(page.url).query)
        assert (
            link["tab"] == [tab.lower()] and link["search"] == ["Sudan"] and link["seed"] == ["4"]
        )


@pytest.mark.parametrize("field", ["runs", "seed"])
def test_numbers_written_oddly_are_taken_or_told(address, page, field):
    page.goto(f"{address}?{SMALL}&end=1992-12")
    settled(page)
    before = page.input_value(f"[data-test={field}]")
    for text, taken in (("1e1", "10"), ("1.5", ""), ("-3", ""), ("12", "12")):
        page.fill(f"[data-test={field}]", text)
        page.locator(f"[data-test={field}]").blur()
        if taken:
            page.wait_for_function(
                "([field, text]) => location.search.includes(field + '=' + text)",
                arg=[field, taken],
            )
            before = taken
        else:
            page.wait_for_selector("[role=alert]")
            assert field in page.inner_text("[role=alert]").lower()
        page.wait_for_function(
            "([field, text]) => document.querySelector(`[data-test=${field}]`).value === text",
            arg=[field, before],
        )


LOOK = """(one) => { const s = getComputedStyle(one);
  return [s.borderBottomWidth, s.borderBottomStyle, s.backgroundColor, s.color].join(" "); }"""


def test_what_is_chosen_can_be_told_in_high_contrast(address, browser):
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}?{SMALL}&end=1992-12")
    settled(page)
    for chosen, others in (
        ("[role=tab][aria-selected=true]", "[role=tab][aria-selected=false]"),
        ("[role=radio][aria-checked=true]", "[role=radio][aria-checked=false]"),
    ):
        like = {one.evaluate(LOOK) for one in page.locator(others).all()}
        assert like and page.locator(chosen).first.evaluate(LOOK) not in like
    context.close()


def test_the_law_of_two_months_stands_side_by_side(address, page):
    page.goto(f"{address}?tab=law")
    page.wait_for_selector(".pk-changed")
    assert "JPN-PKO15-2" in page.inner_text(".pk-sides .pk-changed >> nth=0")
    page.select_option("[data-test=law-state]", "KOR")
    page.wait_for_selector("text=No provision of the law of Korea entered into force")
    page.fill("[data-test=law-since]", "2009-12")
    page.wait_for_selector("text=UN PKO Participation Act")
    page.fill("[data-test=law-since]", "2018-12")
    page.wait_for_selector("text=2016-03 and 2018-12 side by side")  # earlier first, as they came
    assert page.input_value("[data-test=law-since]") == "2016-03"
    assert page.input_value("[data-test=law-month]") == "2018-12"
    page.fill("[data-test=law-month]", "2016-03")
    page.wait_for_selector("[role=alert]:has-text('Both months are the same')")


def test_the_scenario_file_is_taken_away(address, page, tmp_path):
    page.goto(f"{address}?tab=record&scenario=alliance-surge&set.home_threat=1.5")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download scenario.toml").click()
    text = Path(waiting.value.path()).read_text()
    assert "home_threat = 1.5" in text and "--runs 200 --seed 1" in text


TABS = ("explore", "why", "compare", "sweep", "law", "fit", "record")


def opened(page, address, tab):
    """A tab with all that it shows first."""
    page.goto(f"{address}?tab={tab}&{SMALL}")
    if tab == "sweep":
        page.wait_for_selector(".pk-go")
    page.wait_for_selector("td" if tab in ("law", "record") else ".pk-main .pk-figure[data-drawn]")
    # Solara's own bar, without a name, stands there for as long as a tab is being built.
    page.wait_for_selector(".v-progress-linear--absolute", state="hidden")


LETTERS = """[...document.querySelectorAll(".pk-plot svg text")].map((one) => {
  const shown = one.getScreenCTM();
  return parseFloat(getComputedStyle(one).fontSize) * Math.hypot(shown.a, shown.b);
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_everything_is_labelled_legible_and_within_the_width(address, page, width):
    """On a laptop and on a telephone, where charts and tables scroll within their place."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    page.set_viewport_size({"width": width, "height": 800})
    faults = {}
    for tab in TABS:
        opened(page, address, tab)
        faults[tab] = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in axe.run(page).response["violations"]
        ]
        assert page.evaluate("document.documentElement.scrollWidth") == width, tab
        assert all(size > 7 for size in page.evaluate(LETTERS)), tab
        assert page.locator("[role=tabpanel]").bounding_box()["width"] > 340, tab
    assert faults == {tab: [] for tab in faults}


def test_tabs_are_walked_with_the_keyboard(address, page):
    page.goto(f"{address}?tab=fit")
    page.get_by_role("tab", name="Fit").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[role=tab][aria-selected=true]:has-text('Record')")
