"""Sweeps: every configuration of a design simulated, on any executor, into a folder.

A sweep that is killed, or whose disk is full, goes on with ``resume`` and ends with the bytes of
one left alone; a changed design, model or data table is refused.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pyarrow import dataset

from model import input_files
from model.core import jit
from model.errors import InputError

from ..running import labelled_arrays
from ..running.model_adapter import COMPILING_NOTICE
from ..running.other_tables import takes_tables
from ..storage import manifest as manifests
from ..storage.display import Displayed
from . import chunk as blocks
from . import executors, sampling, store
from .chunk import Block
from .design import Design, of_manifest
from .executors import Place
from .plan import Plan, plan
from .store import Store

if TYPE_CHECKING:
    import pandas as pd
    import xarray

Progress = Callable[[int, int, int], None]


class SweepInterrupted(KeyboardInterrupt):
    """The sweep was interrupted; what is finished is in its folder."""

    def __init__(self, done: int, chunks: int) -> None:
        super().__init__(f"{done} of {chunks} chunks are finished")
        self.done, self.chunks = done, chunks


@dataclass(frozen=True, repr=False)
class SweepResult(Displayed):
    """A sweep's folder, finished or not; its tables are read when they are asked for.

    ``outcomes`` (one row a run), ``series`` (monthly people, where the design keeps them),
    ``statistics`` (one row for each configuration and outcome) and ``design`` (one row a
    configuration) are pyarrow datasets: filter, pick columns, ``to_table().to_pandas()``, join on
    ``configuration``; DuckDB and polars read them without a copy.

    Example:
        >>> import peacekeeping as pk
        >>> swept = pk.sweep("pressure.toml", "joined")  # the design of the sixth tutorial
        >>> swept.joined().groupby("home_threat")["japan_unit"].count().tolist()
        [12, 12]
    """

    folder: Path
    manifest: dict[str, Any]

    def __repr__(self) -> str:
        """In a line: what was swept, whether it is finished, and where it lies."""
        state = "finished" if self.complete else "unfinished"
        return f"Sweep {self.manifest['design']['name']}, {state}, in {self.folder}"

    @cached_property
    def outcomes(self) -> dataset.Dataset:
        """One row for each configuration and run: each outcome, and ``error`` where it failed."""
        return self._table(store.OUTCOMES)

    @cached_property
    def series(self) -> dataset.Dataset:
        """Monthly people by configuration, state, framework and kind; what is missing is zero."""
        if not self.manifest["series"]:
            raise InputError(
                'this sweep has no series; write keep = "summary" under [series] in its design'
            )
        return self._table(store.SERIES)

    @cached_property
    def statistics(self) -> dataset.Dataset:
        """Mean, spread and quantiles over runs, one row for each configuration and outcome.

        The file in the folder is called ``summary``.
        """
        if not self.complete:
            raise InputError(f"the sweep in {self.folder} is not finished; go on with --resume")
        return self._table(store.SUMMARY)

    @cached_property
    def design(self) -> dataset.Dataset:
        """One row for each configuration: its number and the value of each factor."""
        return self._dataset([self.folder / f"{store.DESIGN}.parquet"])

    @property
    def complete(self) -> bool:
        """Whether every configuration has been run."""
        return bool(self.manifest["complete"])

    def joined(self, filter: Any = None) -> pd.DataFrame:
        """Outcomes next to the factors of their configuration; ``filter`` as pyarrow takes it."""
        outcomes = self.outcomes.to_table(filter=filter).to_pandas()
        return outcomes.merge(self.design.to_table().to_pandas(), on=sampling.CONFIGURATION)

    def summary(self) -> pd.DataFrame:
        """Each outcome's mean over runs: lowest, median and highest over all configurations."""
        means = self.statistics.to_table(columns=["outcome", "mean"]).to_pandas()
        design = of_manifest(self.manifest["design"], str(self.folder))
        spread = means.groupby("outcome")["mean"].agg(["min", "median", "max"])
        spread = spread.reindex(list(design.outcomes)).reset_index()
        spread.columns = ["outcome", "lowest", "median", "highest"]
        spread.insert(1, "unit", [one.unit or one.variable for one in design.outcomes.values()])
        return spread

    def to_frame(self, table: Literal["outcomes", "series"] = "outcomes") -> pd.DataFrame:
        """Every run beside the factors of its configuration.

        Args:
            table: ``outcomes``, indexed by configuration and run; or ``series``, monthly people
                where the design keeps them, indexed by month.

        Raises:
            InputError: another table, or one that the sweep does not keep.
        """
        labelled_arrays.chosen("table", table, ["outcomes", "series"])
        if table == "outcomes":
            return self.joined().set_index([sampling.CONFIGURATION, "run"]).sort_index()
        rows = self.series.to_table().to_pandas()
        rows = rows.merge(self.design.to_table().to_pandas(), on=sampling.CONFIGURATION)
        return rows.set_index(labelled_arrays.periods(rows.pop("month")))

    def to_xarray(self) -> xarray.Dataset:
        """Each outcome by configuration and run; the factors are coordinates of the configuration.

        Raises:
            InputError: xarray is not installed (extra ``analysis``).

        Example:
            >>> import peacekeeping as pk
            >>> swept = pk.sweep("pressure.toml", "labelled")  # the design of the sixth tutorial
            >>> dict(swept.to_xarray().japan_unit.sizes)
            {'configuration': 6, 'run': 4}
        """
        rows = self.outcomes.to_table().to_pandas()
        factors = self.design.to_table().to_pandas()
        whole = {
            sampling.CONFIGURATION: factors.pop(sampling.CONFIGURATION).tolist(),
            "run": list(range(int(self.manifest["runs"]))),
        }
        design = of_manifest(self.manifest["design"], str(self.folder))
        arrays = {}
        for name in design.outcomes:
            grid = rows.pivot(index=sampling.CONFIGURATION, columns="run", values=name)
            filled = grid.reindex(index=whole[sampling.CONFIGURATION], columns=whole["run"])
            arrays[name] = (tuple(whole), filled.to_numpy(dtype=float))
        own = {name: (sampling.CONFIGURATION, factors[name].to_numpy()) for name in factors}
        units = {name: one.unit or one.variable for name, one in design.outcomes.items()}
        about = {"design": design.name, "seed": str(design.seed), "runs": design.runs}
        return labelled_arrays.dataset(arrays, whole | own, about, units)

    def save(self, folder: str | Path) -> SweepResult:
        """Copy the sweep into a new folder, with its analysis where it has one.

        Raises:
            InputError: the folder exists, or cannot be written to.
        """
        place = input_files.place(folder)
        if place.exists():
            raise InputError(f"{folder} exists already; choose another folder")
        try:
            shutil.copytree(self.folder, place, ignore=shutil.ignore_patterns(".*"))
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise InputError(f"{folder} cannot be written: {error.strerror or error}") from None
        return read_sweep(place)

    def _table(self, name: str) -> dataset.Dataset:
        whole = self.folder / f"{name}.parquet"
        files = [whole] if self.complete else list(store.chunk_tables(self.folder, name))
        if not files:
            raise InputError(f"the sweep in {self.folder} has no finished chunk yet")
        return self._dataset(files)

    @staticmethod
    def _dataset(files: list[Path]) -> dataset.Dataset:
        try:
            return dataset.dataset([str(path) for path in files], format="parquet")
        except (OSError, ValueError) as error:
            raise InputError(f"a table cannot be read: {str(error).splitlines()[0]}") from None


@takes_tables
def sweep(
    design: str | Path | Mapping[str, Any] | Design,
    out: str | Path,
    *,
    resume: bool = False,
    overwrite: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    executor: Executor | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    tables: str | Path | None = None,
) -> SweepResult:
    """Run every configuration of a design into a folder.

    Args:
        design: a design that ships with the program, a TOML file, a dictionary with the keys of
            one, or a Design.
        out: the folder.
        resume: go on with an unfinished sweep in the folder; a finished one is checked and read.
        overwrite: put the sweep in the place of another one in the folder.
        workers: worker processes on this machine; without, threads of this process.
        cluster: address of a Dask cluster instead.
        executor: any ``concurrent.futures`` executor instead; it is not closed.
        threads: threads of this process, all cores when not given.
        progress: called with runs done, runs in all and runs that failed.
        tell: called with sentences about what was found, such as a damaged chunk.
        tables: folder of tables to run with, as for ``run``.

    Raises:
        InputError: a fault in the design, a folder in use or of another sweep, a full disk.
        SweepInterrupted: on an interruption; the folder can be resumed.

    Example:
        >>> import peacekeeping as pk
        >>> swept = pk.sweep("pressure.toml", "swept")  # the design of the sixth tutorial
        >>> swept.design.count_rows(), swept.outcomes.count_rows()
        (6, 24)
    """
    if sum(way is not None for way in (workers, cluster, executor)) > 1:
        raise InputError("choose one of workers, cluster and executor")
    if resume and overwrite:
        raise InputError("choose one of --resume and --overwrite")
    if workers is not None and not 1 <= workers <= 1024:
        raise InputError(f"workers = {workers} is out of range; ask for 1 to 1024")
    out = input_files.place(out)
    whole = plan(design)
    manifest = whole.manifest()
    say = tell or (lambda sentence: None)
    wanted = [store.OUTCOMES, store.SERIES] if manifest["series"] else [store.OUTCOMES]
    far = None if cluster is None else executors.cluster(cluster)  # before anything is written
    with Store(out) as kept:
        try:
            if kept.open(manifest, whole.table, resume, overwrite):
                say(f"The sweep in {out} is complete already.")
                return SweepResult(out, store.manifest_of(out))
            finished = kept.finished(wanted, whole.chunks)
            if kept.damaged:
                say(f"Damaged, so run again: {', '.join(kept.damaged)}.")
            if finished:
                say(f"{len(finished)} of {whole.chunks} chunks are there already.")
            missing = [number for number in range(whole.chunks) if number not in finished]
            if missing:
                if workers is not None and not is_ready():  # workers do not say it themselves
                    say(COMPILING_NOTICE)
                near = _place(workers, executor, threads, len(missing))
                try:
                    _run(whole, kept, far or near, missing, progress)
                except KeyboardInterrupt:  # counted on the disk: one may be written just now
                    done_now = len(kept.finished(wanted, whole.chunks))
                    raise SweepInterrupted(done_now, whole.chunks) from None
            done = kept.compact(store.manifest_of(out), whole.design.quantiles)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise InputError(
                f"the sweep cannot be written to {out}: {reason}; what is finished is kept, make "
                "room and go on with --resume"
            ) from None
    return SweepResult(out, done)


def is_ready() -> bool:
    """Whether the machine code of these very rules is on disk, or none is wanted."""
    return not jit.COMPILING or jit.is_cached()


def _place(
    workers: int | None, executor: Executor | None, threads: int | None, chunks: int
) -> Place:
    if executor is not None:
        return executors.given(executor)
    if workers is not None:
        return executors.processes(min(workers, chunks))
    return executors.in_process(min(threads or os.cpu_count() or 1, chunks))


def _run(
    whole: Plan, kept: Store, place: Place, missing: list[int], progress: Progress | None
) -> None:
    """Run the missing chunks and write each as it comes."""
    done, failed = 0, 0
    runs = sum(_runs_of(whole, number) for number in missing)
    coming = executors.results(place, whole.blocks(missing))
    try:
        for found in coming:
            kept.add(found)
            done += found.runs
            failed += found.failed
            if progress is not None:
                progress(done, runs, failed)
    finally:
        coming.close()  # type: ignore[attr-defined]


def _runs_of(whole: Plan, number: int) -> int:
    first = number * whole.size
    return min(whole.size, len(whole.table) - first) * whole.design.runs


def read_sweep(folder: str | Path) -> SweepResult:
    """A sweep's folder, finished or still under way.

    Raises:
        InputError: it holds no sweep, or a damaged manifest or table.

    Example:
        >>> import peacekeeping as pk
        >>> _ = pk.sweep("pressure.toml", "again")  # the design of the sixth tutorial
        >>> pk.read_sweep("again").statistics.count_rows()
        6
    """
    folder = input_files.place(folder)
    manifest = store.manifest_of(folder)
    manifests.check_tables(folder, manifest, ("parquet",))
    return SweepResult(folder, manifest)


@dataclass(frozen=True)
class Estimate:
    """What a sweep would take, measured on one of its chunks."""

    configurations: int
    runs: int
    chunks: int
    worlds: int
    seconds: float
    size: int  # bytes at the end; about twice as much while the chunks are joined
    free: int | None  # bytes free where the folder would be


def estimate(
    design: str | Path | Design, out: str | Path | None = None, threads: int | None = None
) -> Estimate:
    """What a sweep would take, from a few runs of its first configurations, without writing."""
    whole = plan(design)
    seen = whole.table[whole.choices].drop_duplicates()
    one = next(iter(whole.blocks([0])))
    few = max(1, min(len(one.values), -(-60 // one.runs)))
    small = Block(
        **{
            **vars(one),
            "scenarios": one.scenarios[:1],
            "scenario": np.zeros(few, dtype=np.int64),
            "values": one.values[:few],
            "runs": min(one.runs, 200),
        }
    )
    begun = time.perf_counter()
    blocks.simulate(small)  # the world is built, the machine code loaded
    ready = time.perf_counter()
    found = blocks.simulate(small)
    once = time.perf_counter() - ready
    width = threads or os.cpu_count() or 1
    build = max(0.0, ready - begun - once)
    seconds = once / found.runs * whole.runs / min(width, whole.chunks) + build * len(seen)
    size = sum(len(content) for content in found.tables.values()) / found.runs * whole.runs
    return Estimate(
        len(whole.table), whole.runs, whole.chunks, len(seen), seconds, int(size), _free(out)
    )


def _free(out: str | Path | None) -> int | None:
    path = input_files.place(out or ".").absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        return shutil.disk_usage(path).free
    except OSError:
        return None
