"""A figure taken apart into what is drawn once and what changes with every run of the model.

Making a chart takes most of the time between a moved lever and the picture.  Its tables, title and
subtitle change each time, its marks and axes seldom: figures of the same ``look`` share those.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec

import altair as alt
import pandas as pd

from .layout import BEHIND, SOURCE, finish, heading, rows_of

Given = ParamSpec("Given")


@dataclass(frozen=True)
class Drawing:
    """One figure before it is drawn.

    Attributes:
        look: everything that ``plots`` depends on; figures of the same look differ only in words
            and in their datasets.
        plots: draws what stands below each other.
        table: the table behind the figure; ``datasets``: others that it draws, by name.
        width, indent, spacing: pixels, as for ``layout.finish``.
    """

    look: Hashable
    plots: Callable[[], Sequence[Any]] = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    datasets: Mapping[str, Any] = field(repr=False)
    title: str
    subtitle: Sequence[str]
    width: int
    source: str = SOURCE
    indent: int = 46
    spacing: int = 14

    def chart(self) -> alt.VConcatChart:
        """The figure, drawn."""
        chart = finish(
            self.plots(),
            self.table,
            title=self.title,
            subtitle=self.subtitle,
            source=self.source,
            width=self.width,
            indent=self.indent,
            spacing=self.spacing,
        )
        chart.datasets = self.contents()
        return chart

    def contents(self) -> dict[str, Any]:
        """Every dataset by its name."""
        return {BEHIND: rows_of(self.table), **self.datasets}

    def words(self) -> dict[str, list[str]]:
        """Title and subtitle in lines."""
        return heading(self.title, self.subtitle, self.width)


def charted(make: Callable[Given, Drawing]) -> Callable[Given, alt.VConcatChart]:
    """The function that draws at once what another describes; it takes the same."""

    @wraps(make)
    def chart(*args: Given.args, **options: Given.kwargs) -> alt.VConcatChart:
        return make(*args, **options).chart()

    return chart
