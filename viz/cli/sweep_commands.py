"""The commands ``sweep`` and ``sensitivity``: designs run into a folder, and their results."""

from __future__ import annotations

import shlex
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..progress import INTERRUPTED, CommandEnded, WorkProgress, tell_fault
from . import extras, options, terminal_tables

if TYPE_CHECKING:
    from scenarios.sweeps.sweep import SweepResult

DesignName = Annotated[
    str,
    typer.Argument(metavar="DESIGN", help="A name from 'peacekeeping designs', or a .toml file."),
]
OutOption = Annotated[
    str | None, typer.Option(metavar="DIR", help="Folder of the sweep (default: results/NAME).")
]
ResumeOption = Annotated[
    bool, typer.Option("--resume", help="Continue an unfinished sweep in the folder.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option(help="Number of worker processes (default: this process, on all cores)."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Address of a Dask cluster to use instead, such as tcp://127.0.0.1:8786.",
    ),
]
DryOption = Annotated[
    bool, typer.Option("--dry-run", help="Only estimate size, time and disk space.")
]


app = typer.Typer()


@app.command()
def designs() -> None:
    """List the designs that ship with the program, each with its question."""
    from scenarios.sweeps.design import available, find

    for name in available():
        typer.echo(f"{name:<28} {find(name).question}")


@app.command()
def sweep(
    design: DesignName,
    out: OutOption = None,
    resume: ResumeOption = False,
    overwrite: options.OverwriteOption = False,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    dry_run: DryOption = False,
) -> None:
    """Run every configuration of a design. Interrupted sweeps continue with --resume.

    Example: peacekeeping sweep japan-returns --out results/japan-returns
    """
    result = swept(design, out, resume, workers, cluster, dry_run, overwrite)
    if result is None:
        return
    _print_summary(result)
    files = ", ".join(f"{name}.parquet" for name in result.manifest["tables"])
    typer.echo(f"Written to {result.folder}: {files}, manifest.json")


def swept(
    design: str,
    out: str | None,
    resume: bool,
    workers: int | None,
    cluster: str | None,
    dry_run: bool,
    overwrite: bool = False,
) -> SweepResult | None:
    """Run a sweep with progress; None after a dry run.

    Raises:
        CommandEnded: interrupted, which has been said.
    """
    from scenarios.sweeps.design import find
    from scenarios.sweeps.sweep import SweepInterrupted
    from scenarios.sweeps.sweep import sweep as run_sweep

    wanted = options.folder(out)
    found = find(design)
    folder = wanted or Path("results") / found.name
    if dry_run:
        _estimate(found, folder, workers)
        return None
    before = {one: signal.signal(one, _interrupt_once) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        with WorkProgress("runs") as progress:
            return run_sweep(
                found,
                folder,
                resume=resume,
                overwrite=overwrite,
                workers=workers,
                cluster=cluster,
                progress=progress,
                tell=lambda sentence: typer.echo(sentence, err=True),
            )
    except SweepInterrupted as stopped:
        command = ["peacekeeping", "sweep", design, "--out", str(folder), "--resume"]
        command += ["--workers", str(workers)] if workers else []
        command += ["--cluster", cluster] if cluster else []
        tell_fault(f"Interrupted; {stopped}. Go on with: {shlex.join(command)}")
        raise CommandEnded(INTERRUPTED) from None
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _interrupt_once(*_: object) -> None:
    """The first interruption ends the sweep; further ones do not disturb what is put away then."""
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def _estimate(design: Any, folder: Path, workers: int | None) -> None:
    from scenarios.sweeps.sweep import estimate

    size = estimate(design, folder, workers)
    typer.echo(
        f"{design.title}: {size.configurations:,} configurations of {design.runs:,} runs, "
        f"{size.runs:,} runs in {size.chunks:,} chunks; {size.worlds:,} worlds to build."
    )
    typer.echo(f"About {lasting(size.seconds)} on this machine, {amount(size.size)} of disk.")
    if size.free is not None and size.free < 2 * size.size:
        typer.echo(
            f"Only {amount(size.free)} are free at {folder}; up to {amount(2 * size.size)} are "
            "needed while the tables are joined.",
            err=True,
        )


def lasting(seconds: float) -> str:
    """A time as text."""
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"


def amount(size: float) -> str:
    """Bytes as text."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _print_summary(result: SweepResult) -> None:
    """Each outcome over all configurations, and how many runs failed."""
    from rich.console import Console
    from rich.table import Table

    from scenarios.sweeps.design import UNITS

    summary = result.statistics.to_table().to_pandas()
    asked = result.manifest["design"]["outcomes"]
    table = Table(title=result.manifest["design"]["title"], title_justify="left", box=None)
    for name in ("outcome", "unit", "lowest", "median", "highest"):
        table.add_column(name, justify="left" if name in ("outcome", "unit") else "right")
    for name, outcome in asked.items():
        mean = summary.loc[summary["outcome"] == name, "mean"]
        values = (mean.min(), mean.median(), mean.max())
        stock = outcome["variable"] != "personnel" and UNITS[outcome["measure"]] == "people"
        unit = outcome["variable"] if stock else UNITS[outcome["measure"]]
        cells = [f"{value:,.3g}" for value in values]
        table.add_row(outcome["title"] or name, unit, *cells)
    console = Console(width=terminal_tables.width(100))
    console.print(table)
    count = result.manifest["configurations"]
    typer.echo(f"Means over {result.manifest['runs']} runs, of {count:,} configurations.")
    failed = summary[summary["failed"] > 0]["configuration"].nunique()
    if failed:
        tell_fault(f"{failed:,} configurations failed; their rows hold the error.")


@app.command()
def sensitivity(
    design: DesignName,
    out: OutOption = None,
    resume: ResumeOption = False,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    overwrite: options.OverwriteOption = False,
) -> None:
    """Find which factor of a design matters, and where. Runs the sweep, or reads a finished one.

    Example: peacekeeping sensitivity japan-returns --out results/japan-returns
    """
    extras.require("SALib", "sklearn")
    from scenarios.sweeps.design import find
    from scenarios.sweeps.sensitivity import analyse
    from scenarios.sweeps.store import MANIFEST

    found = find(design)
    folder = options.folder(out) or Path("results") / found.name
    done = (folder / MANIFEST).exists() and _is_complete(folder)
    if not done:
        typer.echo(f"No finished sweep of {found.name} in {folder}: it is run first.", err=True)
    result = swept(design, out, resume or done, workers, cluster, dry_run=False)
    if result is None:
        return
    answers = analyse(result, found)
    from ..reports import sensitivity_report

    written = sensitivity_report.write(answers, result, found, overwrite)
    sensitivity_report.print_answers(answers, found)
    tables = [name for name in written if "/" not in name]
    drawn = [name.partition("/")[2].removesuffix(".png") for name in written if ".png" in name]
    place = result.folder / sensitivity_report.FOLDER
    typer.echo(f"Tables in {place}: {', '.join(tables)}")
    typer.echo(f"Figures in {place / 'figures'}, each as PNG, SVG and CSV: {', '.join(drawn)}")


def _is_complete(folder: Path) -> bool:
    from scenarios.sweeps.store import manifest_of

    return bool(manifest_of(folder)["complete"])
