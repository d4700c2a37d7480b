"""A chart as the browser needs it, and as a file: the same specification for both.

The page sets title, subtitle and source as text around the plot, where they can be read aloud and
copied; the downloaded picture carries them itself.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import altair as alt

from ..export import render, specification
from ..sheet import BEHIND, table_of

CAPTION_TEXT = "text"


@dataclass(frozen=True)
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
        """The specification without words and without tables, for the browser."""
        bare = {key: value for key, value in self.spec.items() if key not in ("datasets", "title")}
        bare["vconcat"] = bare["vconcat"][:-1]
        bare["config"] = {**bare["config"], "padding": 4}
        bare["autosize"] = {"type": "pad", "contains": "padding"}
        return bare

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The tables that the plot draws, by name."""
        return dict(self.spec["datasets"])

    def png(self) -> bytes:
        """The whole figure as a picture, two pixels for each of its own."""
        return render(self.spec, "png", 2.0)

    def svg(self) -> bytes:
        """The whole figure as a drawing."""
        return render(self.spec, "svg")

    def csv(self) -> bytes:
        """The numbers behind the figure."""
        table = table_of(alt.Chart(), {"datasets": {BEHIND: self.tables[BEHIND]}})
        return table.to_csv(index=False, lineterminator="\n").encode()


def figure(draw: Callable[[], alt.VConcatChart]) -> Figure:
    """Draw a chart of ``viz``; its specification is checked by that chart's own tests."""
    with alt.utils.schemapi.debug_mode(False):
        spec = specification(draw())
    heading = spec["title"]
    caption = spec["vconcat"][-1]
    name = caption["data"]["name"]
    rows = spec["datasets"][name]
    return Figure(
        spec=spec,
        title=_joined(heading["text"]),
        subtitle=_joined(heading.get("subtitle", "")),
        source=_joined(rows[0][CAPTION_TEXT].split("\n")),
    )


def with_tables(old: Figure, tables: dict[str, Any], title: str, subtitle: str) -> Figure:
    """The same drawing on other tables."""
    spec = copy.copy(old.spec)
    spec["datasets"] = {**old.spec["datasets"], **tables}
    spec["title"] = {**old.spec["title"], "text": title, "subtitle": subtitle}
    return Figure(spec, title, subtitle, old.source)


def _joined(text: Any) -> str:
    return text if isinstance(text, str) else " ".join(text)
