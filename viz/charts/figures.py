"""The figures of a result: fans with the observed line, a timeline.

Drawn from the result alone (series, missions, record, manifest), so that a folder brought to
another machine gives the same pictures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from model.errors import InputError
from scenarios.comparison.comparison_result import of_tables
from scenarios.running.result import Result
from scenarios.running.result_folder import FIGURES as FOLDER

from .divergence_chart import divergences_chart
from .fans.comparison_fans import difference_fans
from .fans.fan import personnel_fan_by_kind, personnel_fans
from .fans.quantile_bands import bands, bands_of_summary
from .style.export import save
from .timeline import mission_timeline
from .timeline_data import presence

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison

PRESENT = 0.3  # missions that fewer runs ever send people to, and no record has, are left out
STATES_DRAWN = 6  # more fans above each other than this cannot be read


def charts(result: Result) -> dict[str, Callable[[], alt.VConcatChart]]:
    """Name of every figure of a result to what draws it; none where no personnel were ever sent.

    ``personnel-un``: people in UN missions of the states of the result, above each other;
    ``kinds-un-JPN``: one state's by kind; ``missions``: who was where.
    """
    frame = result.manifest["frame"]
    months = (str(frame["start"]), str(frame["end"]))
    runs = int(result.manifest["runs"])
    scenario = str(result.manifest["scenario"]["name"])
    record = result.record
    summarised = result.keep == "summary"
    known = record[record["framework"] == "un"]
    fans = {}  # taken once: a fan of bands is drawn in a moment, one of a thousand runs is not
    for state in frame["states"]:
        own = _bands_of(result, state, runs, months)  # of one state after the other: memory
        if len(own) or _any(known, state):
            fans[state] = own
        if len(fans) == STATES_DRAWN:
            break
    states, summary = list(fans), pd.concat(fans.values(), ignore_index=True) if fans else None
    options: dict[str, Any] = {"scenario": scenario, "months": months}
    found: dict[str, Callable[[], alt.VConcatChart]] = {}
    if summary is not None and len(summary):
        found["personnel-un"] = partial(personnel_fans, summary, record, states, **options)
        for state in states:
            kinds = _kinds(summary, known, state)
            if kinds:
                found[f"kinds-un-{state}"] = partial(
                    personnel_fan_by_kind, summary, record, state, kinds=kinds, **options
                )
    if summarised:
        parts = result.presence.assign(seed=int(result.manifest["seed"]))
    else:
        rows = result.parts("missions")
        parts = presence(rows, record, frame["states"], None, None, months, runs)
        parts = parts.assign(
            mean=parts["share"], scenario=scenario, seed=int(result.manifest["seed"])
        )
    present = [s for s in frame["states"] if _any(parts, s) or _any(record, s)][:STATES_DRAWN]
    if present and len(parts):
        parts = parts[parts["state"].isin(present)]
        found["missions"] = partial(
            mission_timeline, parts, record, present, runs=runs, at_least=PRESENT, **options
        )
    return found


def _bands_of(result: Result, state: str, runs: int, months: tuple[str, str]) -> pd.DataFrame:
    """Bands of a state's people in UN missions; none where none are ever sent."""
    if result.keep == "summary":
        own = result.quantiles.query("framework == 'un' and state == @state")
        return bands_of_summary(own, int(result.manifest["seed"]))
    rows = result.lean("series", variable="personnel", framework="un", state=state)
    return bands(rows, runs=runs, months=months) if len(rows) else rows


def write(result: Result, folder: Path) -> list[Path]:
    """Draw every figure of a result into ``folder``/figures as PNG, SVG and CSV.

    Raises:
        InputError: the folder cannot be written to.
    """
    return export(charts(result), folder)


def charts_of_comparison(comparison: Comparison) -> dict[str, Callable[[], alt.VConcatChart]]:
    """Name of every figure of a comparison to what draws it; none where nothing differs.

    For each scenario other than the base ``difference-NAME``: both levels and the paired
    difference; ``divergences-NAME``: the missions where runs diverge, and why.
    """
    found: dict[str, Callable[[], alt.VConcatChart]] = {}
    people = comparison.summary()
    divergences = comparison.divergences
    for other in comparison.others:
        name = re.sub(r"[^\w.()-]+", "-", other)
        if (people[people["scenario"] == other]["equal"] < 1).any():
            found[f"difference-{name}"] = partial(difference_fans, comparison, other)
        if (divergences[divergences["scenario"] == other]["people_moved"] > 0).any():
            found[f"divergences-{name}"] = partial(divergences_chart, comparison, other)
    return found


def write_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Draw every figure of a comparison, as ``write`` does those of a run."""
    return export(charts_of_comparison(comparison), folder)


def draw(
    manifest: Mapping[str, Any], folder: Path, first: Callable[[Any], None] | None = None
) -> None:
    """Draw the figures of the tables in a folder that has no manifest yet; as ``write``.

    ``first`` is called with the result or the comparison before anything is drawn.
    """
    compared = "scenarios" in manifest
    result: Any = of_tables(dict(manifest), folder) if compared else Result(dict(manifest), folder)
    if first is not None:
        first(result)
    (write_comparison if compared else write)(result, folder)


def export(drawings: Mapping[str, Callable[[], alt.VConcatChart]], folder: Path) -> list[Path]:
    """Draw figures by name into ``folder``/figures; faults as for ``write``."""
    place = folder / FOLDER
    try:
        written: list[Path] = []
        with alt.utils.schemapi.debug_mode(False):  # as in export: checked by their tests
            for name, draw in drawings.items():
                written += save(draw(), place / name)
    except OSError as error:
        raise InputError(f"the figures cannot be written to {place}: {error.strerror}") from None
    return written


def _any(table: pd.DataFrame, state: str) -> bool:
    return bool((table["state"] == state).any())


def _kinds(summary: pd.DataFrame, record: pd.DataFrame, state: str) -> list[str]:
    """Kinds that were recorded, or that at least one run in ten sends in some month."""
    own = summary[(summary["state"] == state) & (summary["kind"] != "all")]
    peaks = own.groupby("kind", observed=True)["upper"].max()
    recorded = record.loc[record["state"] == state, "kind"]
    return sorted({*peaks[peaks > 0].index, *recorded})
