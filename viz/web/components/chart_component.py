"""A chart as the browser needs it, and as a file: the same specification for both.

The web app sets title, subtitle and source as text around the plot, where they can be read aloud
and copied; the downloaded picture carries them itself.
"""

import io
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd

from scenarios.storage.csv_export import as_csv

from ...charts.style import fonts
from ...charts.style.chart_spec import Drawing
from ...charts.style.export import specification
from ...charts.style.layout import BEHIND, STEADY, table_of
from ...language.spoken import current
from .drawing_process import draw

CAPTION_TEXT = "text"
LOOKS_KEPT = 60  # of all visitors; one is a few kilobytes
LARGEST_EXACT = 2**53  # whole number that a spreadsheet keeps to the last digit

_looks: OrderedDict[Hashable, dict[str, Any]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Figure:
    """A drawn figure of ``viz``.

    Attributes:
        spec: its Vega-Lite specification, whole.
        title, subtitle, source: its words.
    """

    spec: dict[str, Any] = field(repr=False)
    title: str
    subtitle: str
    source: str

    @cached_property
    def plot(self) -> dict[str, Any]:
        """The specification without words and without tables that change, for the browser."""
        bare = {key: value for key, value in self.spec.items() if key != "title"}
        bare["datasets"] = {
            name: rows for name, rows in self.spec["datasets"].items() if name.startswith(STEADY)
        }
        bare["vconcat"] = bare["vconcat"][:-1]
        bare["config"] = {**bare["config"], "padding": 4}
        bare["autosize"] = {"type": "pad", "contains": "padding"}
        return bare

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The tables that the plot draws, by name; only what the plot reads of them is sent."""
        kept = {
            name: rows
            for name, rows in self.spec["datasets"].items()
            if not name.startswith(STEADY)
        }
        drawn = json.dumps({key: part for key, part in self.plot.items() if key != "datasets"})
        columns = [column for column in kept[BEHIND][0] if column in drawn] if kept[BEHIND] else []
        kept[BEHIND] = [{column: row[column] for column in columns} for row in kept[BEHIND]]
        return kept

    @cached_property
    def plot_text(self) -> str:
        """``plot`` as JSON: a text is sent and compared in a moment, a table is walked through."""
        return json.dumps(self.plot, default=_plain)

    @cached_property
    def tables_text(self) -> str:
        """``tables`` as JSON."""
        return json.dumps(self.tables, default=_plain)

    def png(self) -> bytes:
        """The whole figure as a picture, two pixels for each of its own."""
        fonts.check(current())
        return draw(self.spec, "png", 2.0)

    def svg(self) -> bytes:
        """The whole figure as a drawing."""
        return draw(self.spec, "svg")

    def csv(self) -> bytes:
        """The numbers behind the figure."""
        return csv_file(self.table())

    def xlsx(self) -> bytes:
        """The numbers behind the figure as a workbook."""
        return xlsx_file(self.table())

    def table(self) -> pd.DataFrame:
        """The numbers behind the figure."""
        return table_of(alt.Chart(), self.spec)


def xlsx_file(table: pd.DataFrame) -> bytes:
    """A table as a workbook of one sheet; text stays text, also where it begins like a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")

    def cell(value: Any) -> Any:
        plain = getattr(value, "item", lambda: value)()
        if isinstance(plain, int) and abs(plain) > LARGEST_EXACT:
            plain = str(plain)
        written = WriteOnlyCell(sheet, value=plain)
        if isinstance(plain, str):
            written.data_type = "s"
        return written

    sheet.append([cell(str(name)) for name in table.columns])
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
        sheet.append(list(map(cell, row)))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_file(table: pd.DataFrame) -> bytes:
    """A table as a file to take away, with the mark by which Excel knows its letters."""
    return as_csv(table)


def figure(chart: Callable[[], alt.VConcatChart]) -> Figure:
    """Draw a chart of ``viz``; its specification is checked by that chart's own tests."""
    with alt.utils.schemapi.debug_mode(False):
        return _figure(specification(chart()))


def taken(chart: alt.VConcatChart) -> Figure:
    """A chart of ``viz`` that is drawn already."""
    return _figure(specification(chart))


def redrawn(drawing: Drawing) -> Figure:
    """A figure whose look may have been drawn before: then only words and datasets are new."""
    look = (current(), drawing.look)
    with _lock:
        spec = _looks.get(look)
        if spec is not None:
            _looks.move_to_end(look)
    if spec is None:
        with alt.utils.schemapi.debug_mode(False):
            spec = specification(drawing.chart())
        with _lock:
            _looks[look] = spec
            while len(_looks) > LOOKS_KEPT:
                _looks.popitem(last=False)
    return _figure(
        {
            **spec,
            "title": {**spec["title"], **drawing.words()},
            "datasets": {**spec["datasets"], **drawing.contents()},
        }
    )


def _figure(spec: dict[str, Any]) -> Figure:
    title = spec["title"]
    caption = spec["vconcat"][-1]["data"]["name"]
    return Figure(
        spec=spec,
        title=_joined(title["text"]),
        subtitle=_joined(title.get("subtitle", "")),
        source=_joined(spec["datasets"][caption][0][CAPTION_TEXT].split("\n")),
    )


def _plain(value: Any) -> Any:
    """A number of numpy as one of Python."""
    return value.item()


def _joined(text: Any) -> str:
    between = "" if current() == "ja" else " "  # there lines end where no space is
    return text if isinstance(text, str) else between.join(text)
