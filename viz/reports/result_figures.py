"""The figures of every kind of result, for ``plot`` and ``save`` of the public API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenarios.comparison.comparison_result import Comparison
from scenarios.running.result import Result
from scenarios.sweeps.design import of_manifest
from scenarios.sweeps.sensitivity import analyse
from scenarios.sweeps.sweep import SweepResult

from ..charts import figures
from ..charts.answer_chart import answer_waterfall, has_choice
from ..text.explanation_text import Explanation
from . import sensitivity_report

if TYPE_CHECKING:
    import altair as alt

Drawings = Mapping[str, Callable[[], "alt.VConcatChart"]]


def charts_of(result: Any) -> Drawings:
    """What draws each figure of a result, a comparison, an explanation or a sweep, by name."""
    if isinstance(result, Result):
        return figures.charts(result)
    if isinstance(result, Comparison):
        return figures.charts_of_comparison(result)
    if isinstance(result, SweepResult):
        return _of_sweep(result)
    if isinstance(result, Explanation):
        return _of_answers(result)
    raise TypeError(f"no figures are known of {type(result).__name__}")


def draw(manifest: dict[str, Any], folder: Path) -> None:
    """Draw the figures of the tables in a folder into it."""
    figures.draw(manifest, folder)


def export(drawings: Drawings, folder: Path) -> None:
    """Draw figures into the folder ``figures`` within a folder."""
    figures.export(drawings, folder)


def _of_sweep(result: SweepResult) -> Drawings:
    design = of_manifest(result.manifest["design"], str(result.folder))
    charts = sensitivity_report.charts(analyse(result, design), result, design)
    order = sorted(charts, key=lambda name: name != "heatmap")
    return {name: partial(charts.__getitem__, name) for name in order}


def _of_answers(found: Explanation) -> Drawings:
    """The waterfall of each answer of run 0 that was chosen, as ``answer-3``; those of the text
    first.  The number is that of ``turns`` and of the row of ``decisions``."""
    numbers = dict.fromkeys([*found.shown(), *range(len(found.decisions))])
    return {
        f"answer-{number}": partial(answer_waterfall, found.answers, number)
        for number in numbers
        if has_choice(found.answers, number)
    }
