"""A stored sweep opened by its folder: what each factor does, which matters, and two of them as a
heatmap."""

import os
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import solara

from model.errors import InputError
from scenarios.sweeps import store
from scenarios.sweeps.design import of_manifest
from scenarios.sweeps.sensitivity import analyse
from scenarios.sweeps.sweep import read_sweep

from ...reports import sensitivity_report
from ...text import wording
from ..components.chart_component import Figure, taken
from ..components.controls import Select
from ..components.shared_parts import Drawn, Note, Progress, Skeleton, heading
from ..visit.jobs import use_background
from ..visit.url_state import FOLDERS

LARGEST = 2_000_000  # rows of outcomes that the web app reads
KINDS = ("tornado", "indices")


@dataclass(frozen=True)
class Stored:
    """A sweep's question, its outcomes (name to words), and its figures by name."""

    name: str
    question: str
    outcomes: dict[str, str]
    figures: dict[str, Figure]


def opened(text: str) -> Stored:
    """What a folder holds, drawn.

    Raises:
        InputError: it is outside what may be opened, holds no finished sweep, or is damaged.
    """
    folder = permitted(text)
    manifest = store.manifest_of(folder)
    if int(manifest["configurations"]) * int(manifest["runs"]) > LARGEST:
        raise InputError(f"the sweep in {text} is too large for the web app; use the command line")
    result = read_sweep(folder)
    if not result.complete:
        raise InputError(f"the sweep in {text} is not finished; go on with sweep --resume")
    design = of_manifest(result.manifest["design"], text)
    with alt.utils.schemapi.debug_mode(False):
        drawn = sensitivity_report.charts(analyse(result, design), result, design)
        figures = {key: taken(chart) for key, chart in drawn.items()}
    outcomes = {key: sensitivity_report.title_of(design, key) for key in design.outcomes}
    return Stored(design.name, design.question, outcomes, figures)


def root() -> Path:
    """The folder whose sweeps may be opened."""
    return Path(os.environ.get(FOLDERS) or Path.cwd()).resolve()


def permitted(text: str) -> Path:
    """The folder that is meant, inside the one whose sweeps may be opened.

    Raises:
        InputError: it lies elsewhere.
    """
    here = root()
    try:
        folder = (here / text).resolve()
    except (OSError, ValueError, RuntimeError):  # a character that no path has, or a loop
        raise InputError(f"{text!r} is not the name of a folder") from None
    if not folder.is_relative_to(here):
        raise InputError(f"{text} is outside the folder that the web app may read")
    return folder


def nearby() -> list[str]:
    """Folders of sweeps under ``results``, to choose from."""
    here = root()
    return sorted(
        str(path.parent.relative_to(here))
        for path in (here / "results").glob("*/manifest.json")
        if (path.parent / "design.parquet").exists()
    )


@solara.component
def StoredSweep(folder: str) -> None:
    """The figures of a stored sweep, one outcome at a time."""
    job, stop = use_background(lambda place: opened(folder), folder)
    outcome = solara.use_reactive("")
    Progress(job, stop)
    if job.fault:
        return
    if job.value is None or job.key != folder:
        Skeleton()
        return
    found: Stored = job.value
    chosen = outcome.value if outcome.value in found.outcomes else next(iter(found.outcomes))
    with solara.Div(classes=["pk-card", "pk-flat"]):
        heading(2, found.name)
        Note(found.question)
        Select(
            label=wording.OUTCOME_OF,
            options=[{"key": key, "name": name} for key, name in found.outcomes.items()],
            chosen=chosen,
            name="stored-outcome",
            event_picked=outcome.set,
        )
    for kind in KINDS:
        if f"{kind}-{chosen}" in found.figures:
            Drawn(found.figures[f"{kind}-{chosen}"], f"{kind}-{chosen}").key(f"{kind}-{chosen}")
    if "heatmap" in found.figures:
        Drawn(found.figures["heatmap"], "heatmap")
