"""How a result shows itself: as a small table in a notebook, as a figure.

Figures are made by ``viz``, which stands above this package and is not imported here; the public
API says where they are made (``drawn_by``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from model.errors import InputError, unknown

if TYPE_CHECKING:
    import pandas as pd

ROWS = 20  # of a table in a notebook


class Studio(Protocol):
    """Where figures are made."""

    def charts_of(self, result: Any) -> Mapping[str, Callable[[], Any]]:
        """What draws each figure of a result, by name, the most telling first."""

    def draw(self, manifest: dict[str, Any], folder: Path) -> None:
        """Draw the figures of the tables in a folder into it."""

    def export(self, drawings: Mapping[str, Callable[[], Any]], folder: Path) -> None:
        """Draw figures into the folder ``figures`` within a folder."""


_studio: list[Callable[[], Any]] = []


def drawn_by(studio: Callable[[], Any]) -> None:
    """Say where figures are made; it is called when the first one is asked for."""
    _studio[:] = [studio]


def studio() -> Studio:
    """Where figures are made.

    Raises:
        InputError: ``drawn_by`` has not been called.
    """
    if not _studio:
        raise InputError("figures need the public API; write 'import peacekeeping' first")
    found: Studio = _studio[0]()
    return found


class Displayed(ABC):
    """What results of every kind can do in a notebook."""

    @abstractmethod
    def summary(self) -> pd.DataFrame:
        """The table that the command prints."""

    def take_along(self) -> None:  # noqa: B027 - most need nothing
        """Work out whatever needs the tables in use, before they are no longer at hand."""

    def figures(self) -> list[str]:
        """Names of the figures that ``plot`` draws, the most telling first."""
        return list(studio().charts_of(self))

    def plot(self, name: str | None = None) -> Any:
        """One of the command's figures, as an Altair chart; a notebook shows it.

        Args:
            name: one of ``figures()``; the first without it.

        Raises:
            InputError: there is no such figure, or none at all.
        """
        drawings = studio().charts_of(self)
        if not drawings:
            raise InputError(f"there is no figure of this result, as nothing is in it: {self!r}")
        if name is not None and name not in drawings:
            raise unknown("figure", name, drawings)
        return drawings[name or next(iter(drawings))]()

    def _repr_html_(self) -> str:
        """In a notebook: the line of ``repr``, and the first rows of the summary."""
        head = f"<p><b>{escape(repr(self))}</b></p>"
        try:
            table = self.summary()
        except InputError as fault:
            return f"{head}<p>{escape(str(fault))}</p>"
        more = f"<p>and {len(table) - ROWS} rows more: .summary()</p>" if len(table) > ROWS else ""
        shown = table.head(ROWS).to_html(index=False, float_format="{:,.4g}".format, border=0)
        return f"{head}{shown}{more}"
