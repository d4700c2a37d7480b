"""Pictures and texts: what a table or a file holds ends no server and runs in no browser."""

from __future__ import annotations

import io
import time

import altair as alt
import pandas as pd
import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")

from model.errors import InputError
from viz.charts.style import export
from viz.web.components import drawing_process
from viz.web.components.chart_component import csv_file, xlsx_file
from viz.web.components.drawing_process import draw
from viz.web.tabs.fit_tab import rendered


def chart(title: str) -> dict[str, object]:
    table = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
    drawn = alt.Chart(table).mark_line().encode(x="x:Q", y="y:Q").properties(title=title)
    return dict(drawn.to_dict())


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_text_that_ends_the_library_ends_no_more(form: str) -> None:
    """Drawn in this process, it would abort it."""
    with pytest.raises(InputError, match="could not be drawn"):
        draw(chart("a\0b\x1b"), form)
    assert draw(chart("good"), form)


def test_a_picture_is_the_same_in_a_process_of_its_own() -> None:
    assert draw(chart("same"), "svg") == export.render(chart("same"), "svg")


def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_process, "LONGEST", 0.05)
    start = time.monotonic()
    with pytest.raises(InputError, match="could not be drawn"):
        draw(chart("slow"), "svg")
    assert time.monotonic() - start < 5


def test_excel_is_told_the_letters() -> None:
    content = csv_file(pd.DataFrame({"a": ["Côte d'Ivoire", "한국"]}))
    assert content.startswith(b"\xef\xbb\xbf")
    assert "한국" in content.decode("utf-8-sig")


def test_no_cell_of_a_workbook_is_a_formula_nor_loses_digits() -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    table = pd.DataFrame({"=1+1": ["=2+2", "#N/A"], "seed": [2**64 - 1, 7]})
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(table))).active
    cells = [(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row]
    assert cells[:4] == [("=1+1", "s"), ("seed", "s"), ("=2+2", "s"), (str(2**64 - 1), "s")]
    assert cells[4:] == [("#N/A", "s"), (7, "n")]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
        "<div onclick=alert(1)>\n\nb</div>",
        "[x](javascript:alert(1))",
        "[x](JaVa&#x0a;Script:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x][a]\n\n[a]: javascript:alert(1)",
        '![a" onerror="alert(1)](x.png)',
        '[x](https://a.b/" onmouseover="alert(1))',
        "<javascript:alert(1)>",
    ],
)
def test_a_report_runs_nothing_in_the_browser(text: str) -> None:
    made = rendered(text)
    assert "<script" not in made and "<img src=x" not in made and "<div" not in made
    assert "javascript:" not in made.partition("href=")[2]
    assert '" on' not in made
    assert 'href="data:' not in made


def test_a_report_keeps_its_links_tables_and_pictures() -> None:
    made = rendered("[x](https://a.b/c)\n\n| a |\n|---|\n| 1 < 2 |")
    assert '<a href="https://a.b/c">' in made and '<table tabindex="0">' in made
    assert "1 &lt; 2" in made
    assert 'src="data:image/svg+xml;base64,AAAA"' in rendered(
        "![p](data:image/svg+xml;base64,AAAA)"
    )
