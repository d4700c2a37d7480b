"""What every figure has around its plot: title sentence, subtitle, source line, its own data.

A finished figure carries the table that it draws under one name, so that it can be written as
CSV next to the picture, and carries its look, so that no global theme changes it.
"""

import math
import re
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text

from ...language.languages import ENGLISH
from ...language.spoken import current, say
from .theme import QUIET, style

BEHIND = "behind"  # name of the dataset that holds the table behind a figure
WIDE_SCRIPTS = ("ja", "ko")
CLOSING = "、。，．）」』】〉》〕・：；？！ー々％"
# a word of Latin letters and figures, or one letter, with the marks that may not begin a line
PIECES = rf"(?:[!-~−–’]+|[（「『【〈《〔“]*.)[{CLOSING}”]*\s*"
STEADY = "steady-"  # names of datasets begin so that are the same in every figure of a kind
SOURCE = "Source: simulation runs; observed contributions from UN reports and national documents."


def drawn(*months: str) -> alt.Chart:
    """Return a chart on the figure's own table, with a date for each column of months.

    Column `month` ('YYYY-MM') gains `month_date`, the first of the month in universal time,
    so that a figure is the same in every time zone.
    """
    chart = alt.Chart(alt.NamedData(name=BEHIND))
    for column in months:
        chart = chart.transform_calculate(
            as_=f"{column}_date", calculate=f"toDate(datum['{column}'] + '-01T00:00:00Z')"
        )
    return chart


def finish(
    plots: Sequence[
        alt.Chart | alt.LayerChart | alt.FacetChart | alt.ConcatChart | alt.HConcatChart
    ],
    table: pd.DataFrame,
    *,
    title: str,
    subtitle: Sequence[str],
    source: str,
    width: int,
    indent: int = 46,
    spacing: int = 14,
) -> alt.VConcatChart:
    """Stack `plots` under a title and over a source line.

    `width`: pixels of the whole figure; `indent`: pixels left of the plots, taken by their axes.
    """
    caption = (
        alt.Chart(pd.DataFrame({"text": ["\n".join(wrap(say(source), width, 11))]}))
        .mark_text(align="left", baseline="top", fontSize=11, color=QUIET, lineBreak="\n")
        .encode(text="text:N", x=alt.value(-indent), y=alt.value(4))
        .properties(width=10, height=16)
    )
    lines = heading(title, subtitle, width)
    figure = alt.vconcat(  # everything at once: each further step would copy the whole
        *plots,
        caption,
        spacing=spacing,
        title=alt.Title(text=lines["text"], subtitle=lines["subtitle"]),
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(color="independent", shape="independent")),
    )
    figure.datasets = {BEHIND: rows_of(table)}
    figure.config = alt.Config.from_dict(style())
    return figure


def heading(title: str, subtitle: Sequence[str], width: int) -> dict[str, list[str]]:
    """Return title and subtitle broken into lines that fit a figure `width` pixels wide."""
    lines = [part for sentence in subtitle for part in wrap(sentence, width, 13)]
    return {"text": wrap(title, width, 19), "subtitle": lines}


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as the rows of a dataset, blanks as None."""
    names = [str(name) for name in table.columns]
    columns = [
        column.astype(object).where(column.notna(), None).tolist() for _, column in table.items()
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def table_of(chart: alt.TopLevelMixin, spec: dict[str, Any] | None = None) -> pd.DataFrame:
    """Return the table behind a finished figure, as drawn; `spec`: its dictionary, if at hand."""
    datasets = (chart.to_dict() if spec is None else spec).get("datasets", {})
    if BEHIND not in datasets:
        raise InputError("This chart carries no table of its own; pass the data to be saved.")
    return pd.DataFrame(datasets[BEHIND])


def wrap(text: str, width: float, size: float) -> list[str]:
    """Break `text` into lines that fit `width` pixels at a type size of `size` pixels."""
    if current() in WIDE_SCRIPTS:
        return _wrapped(text, width / size)
    return textwrap.wrap(text, max(20, int(width / (0.53 * size)))) or [""]


def _wrapped(text: str, most: float) -> list[str]:
    """Lines of letters as wide as they are high, and others half as wide, no wider than ``most``.

    Japanese breaks after any letter but never before a closing mark; Korean between words.
    """
    lines, line = [], ""
    for piece in pieces(text):
        if line and _ems(line + piece.rstrip()) > most:
            lines.append(line)
            line = ""
        line += piece
    return [*lines, line] if line else [""]


def pieces(text: str) -> list[str]:
    """The parts of a text between which a line may end in the language that is spoken, each with
    the space after it."""
    return re.findall(PIECES if current() == "ja" else r"\S+\s*", text)


def _ems(text: str) -> float:
    """How wide a text is, in widths of a letter of Japanese or Korean."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WF" else 0.56 for one in text)


def text_width(text: str, size: float = 12) -> float:
    """Return about how many pixels a line of text takes, on the generous side."""
    if current() in WIDE_SCRIPTS:
        return size * _ems(text)
    return 0.57 * size * len(text)


def titled(word: str) -> Any:
    """The title of a field in another language; in English a field is called by its name."""
    return say(word) if current() != ENGLISH else alt.Undefined


def date(month: str) -> alt.DateTime:
    """Return the first of a month 'YYYY-MM' as an Altair date."""
    return alt.DateTime(year=int(month[:4]), month=int(month[5:7]), utc=True)


def month_ticks(first: str, last: str, most: int) -> tuple[list[alt.DateTime], str]:
    """Return at most `most` round dates from `first` to `last`, and how to write them.

    Round means the same month of every n-th year, or of every n-th month in a short frame.
    """
    low, high = month_number(first), month_number(last)
    for step in (1, 3, 6, 12, 24, 60, 120, 240):
        # months count from January 1990, which is no round year for steps above two years
        numbers = [n for n in range(low, high + 1) if (n - month_number("2000-01")) % step == 0]
        if len(numbers) <= most:
            break
    return [date(month_text(n)) for n in numbers], say("%Y") if step >= 12 else say("%b %Y")


def axis_steps(value: float, steps: int = 5) -> list[float]:
    """Return round axis values from zero to at or above `value`, whole people, about `steps`."""
    if value <= 0:
        return [0.0, 1.0]
    rough = value / steps
    power = 10.0 ** math.floor(math.log10(rough))
    sizes = (m * power for m in (1, 2, 2.5, 4, 5, 10))
    step = next(size for size in sizes if size >= rough - 1e-9 and (size < 1 or size % 1 == 0))
    step = max(1.0, step)
    return [step * i for i in range(math.ceil(value / step - 1e-9) + 1)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move label positions as little as needed so that neighbours are `gap` apart in low..high.

    Positions keep their order; ties keep the order given. Units are those of the caller.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [min(max(wanted[i], low), high) for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    if placed and placed[-1] > high:
        placed[-1] = high
        for i in range(len(placed) - 2, -1, -1):
            placed[i] = min(placed[i], placed[i + 1] - gap)
    result = [0.0] * len(wanted)
    for position, i in zip(placed, order, strict=True):
        result[i] = position
    return result
