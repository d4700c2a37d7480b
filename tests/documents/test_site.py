"""The site has every document, opens from disk, and its links lead somewhere."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from playwright import sync_api as playwright

from viz.notebooks import executed_notebooks, tutorial_pages
from viz.reports import site_pages

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


def test_links_of_the_repository_become_links_of_the_site() -> None:
    for link, origin, page, expected in (
        ("docs/odd.md", "README.md", "index.md", "odd.md"),
        ("docs/tutorials", "README.md", "index.md", "tutorials/1-first-run.md"),
        ("../CONTRIBUTING.md", "docs/results.md", "results.md", "contributing.md"),
        ("../scenarios.md", "docs/tutorials/2.md", "tutorials/2.md", "../scenarios.md"),
        ("../model/rules/law.py", "docs/odd.md", "odd.md", "reference/model/rules/law.html"),
        ("../../elsewhere.md", "docs/odd.md", "odd.md", "../../elsewhere.md"),
    ):
        assert site_pages.target(link, origin, page) == expected


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built; the reference, which takes long, has a test of its own."""
    pytest.importorskip("material", reason="the extra site is not installed")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)],
        cwd=ROOT,
        env=dict(os.environ, PYTHONPATH=str(ROOT), NO_MKDOCS_2_WARNING="1"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_a_tutorial_of_the_site_shows_what_it_prints_and_offers_its_notebook(site: Path) -> None:
    page = (site / "tutorials" / "1-first-run.html").read_text(encoding="utf-8")
    assert 'href="../notebooks/1-first-run.ipynb"' in page
    assert (site / "notebooks" / "1-first-run.ipynb").exists()
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    first = executed_notebooks.printed(
        nbformat.read(ROOT / "docs" / "notebooks" / "1-first-run.ipynb", as_version=4)
    )[0]
    assert first.strip() in text


def test_output_stands_under_its_block() -> None:
    text = "# 1\n\n```toml file=a\nb\n```\n\n```python\nc\n```\n\n```text\nd\n```\n"
    shown = tutorial_pages.with_output(text, ["Writing a\n", "answer\n"], "1.ipynb")
    assert "Writing a" not in shown
    assert '```python\nc\n```\n\n```{.text .no-copy title="Output"}\nanswer\n```\n' in shown
    assert shown.startswith("# 1\n\n[This page as a notebook](../notebooks/1.ipynb), executed.")


def test_the_site_is_whole_and_loads_nothing_from_a_network(site: Path) -> None:
    for path in [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "tutorials").glob("*.md")]:
        page = site / path.relative_to(ROOT / "docs").with_suffix(".html")
        assert page.exists(), path
    loaded = re.compile(
        r"<(?:script|img|iframe)[^>]+src=\"?https?:|<link[^>]+stylesheet[^>]+https?:"
    )
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not loaded.search(text), page
        for link in re.findall(r"(?:href|src)=\"?([^\"\s>]+)", text):
            if re.match(r"https?:|#|mailto:|data:|javascript:", link) or page.name == "404.html":
                continue
            place = (page.parent / unquote(link).partition("#")[0]).resolve()
            if place.is_relative_to(site / "reference"):  # built from the modules, by pdoc
                module = ROOT / place.relative_to(site / "reference").with_suffix("")
                assert (
                    module.name == "index" or module.exists() or module.with_suffix(".py").exists()
                ), f"{page.name}: {link}"
                continue
            assert place.exists(), f"{page.name}: {link}"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_a_page_opened_from_disk_can_be_searched(site: Path) -> None:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index.html", "tutorials/1-first-run.html"):
            page.goto((site / name).as_uri())
            page.click("input.md-search__input")
            page.keyboard.type("frictionless")
            first = page.locator(".md-search-result__item a").first
            first.wait_for(timeout=20_000)
            assert "other_tools.html" in str(first.get_attribute("href"))
        browser.close()
    assert all(url.startswith(("file:", "data:", "about:")) for url in asked)
