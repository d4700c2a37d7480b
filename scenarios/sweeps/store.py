"""The folder of a sweep: chunks that survive anything, and the tables they become.

A finished chunk is one file for each table, written under a temporary name, flushed to disk and
renamed to its number and the hash of its content, so that a name never promises what the file does
not hold.  When all are there they are joined in their order into ``outcomes.parquet`` and
``series.parquet``; the manifest that calls the sweep complete comes last, then the chunks go.
No time, host or traceback is in any file.
"""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import filelock
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import InputError

from ..storage import atomic_write, provenance
from ..storage import manifest as manifests
from ..storage.manifest import MANIFEST
from ..storage.output_folder import LOCK, NOT_COUNTED, OutputFolder
from . import chunk_file
from .chunk import Done
from .sampling import CONFIGURATION

if TYPE_CHECKING:
    import pandas as pd

CHUNKS = "chunks"
DESIGN, OUTCOMES, SERIES, SUMMARY = "design", "outcomes", "series", "summary"
LEFT_AT_START = (CHUNKS, f"{DESIGN}.parquet", f".{DESIGN}.parquet.tmp", f".{MANIFEST}.tmp")
TABLES = tuple(f"{name}.parquet" for name in (OUTCOMES, SERIES, SUMMARY))
ANALYSIS = "sensitivity"  # folder of what was found in a sweep, within that of the sweep
LAYOUT = 1
GROUP = 1 << 17  # rows of a group in a finished table
BOUND_PACKAGES = ("numpy", "numba", "pandas", "pyarrow")  # on which the bytes rest


class Store:
    """A sweep's folder, held by one process at a time; as a context manager it lets go of it.

    Raises:
        InputError: the folder cannot be made or written to, or another sweep writes into it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chunks = folder / CHUNKS
        self.damaged: list[str] = []  # chunks found damaged, which are run again
        self._made = not folder.exists()
        with atomic_write.opening(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = filelock.FileLock(folder / LOCK, timeout=0)
            try:
                self._lock.acquire()
            except filelock.Timeout:
                raise InputError(
                    f"another sweep is writing into {folder}; wait for it, or choose another "
                    "folder with --out"
                ) from None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()
        nothing = not (self.folder / MANIFEST).exists()
        if nothing and self._made:
            with contextlib.suppress(OSError):
                (self.folder / LOCK).unlink(missing_ok=True)
                self.folder.rmdir()

    def open(
        self, wanted: dict[str, Any], design: pd.DataFrame, resume: bool, overwrite: bool = False
    ) -> bool:
        """Begin a sweep, or take up the one that is there; True if it is complete already.

        Raises:
            InputError: there is a sweep and neither ``resume`` nor ``overwrite`` is true; what is
                there is something else, damaged, or of another design, model or data.
        """
        path = self.folder / MANIFEST
        if not path.exists():
            self._refuse_what_is_not_ours()
            self._begin(wanted, design)
            return False
        try:
            found = manifest_of(self.folder)
        except InputError as error:
            raise InputError(
                f"{error}; --overwrite replaces only a sweep that can be read, so choose another "
                "folder with --out, or remove this one"
            ) from None
        if overwrite:
            self._replace(found, wanted, design)
            return False
        state = "a finished" if found["complete"] else "an unfinished"
        if not resume:
            raise InputError(
                f"{self.folder} holds {state} sweep of {found['design']['name']}; "
                "go on with it with --resume, replace it with --overwrite, or choose another "
                "folder with --out"
            )
        difference = _difference(found, wanted)
        if difference:
            raise InputError(
                f"the sweep in {self.folder} cannot be resumed: {difference}; choose another "
                "folder with --out, or replace it with --overwrite"
            )
        if found["complete"]:
            manifests.check_tables(self.folder, found, ("parquet",))
            self._remove_chunks()
            return True
        self._tidy()
        atomic_write.write_whole(self.folder / f"{DESIGN}.parquet", design_bytes(design))
        return False

    def _refuse_what_is_not_ours(self) -> None:
        """A folder without a manifest may hold what a sweep killed at its start left, no more."""
        begun = self.chunks.is_dir()
        if begun and any(not path.name.endswith(".tmp") for path in self.chunks.iterdir()):
            raise InputError(
                f"{self.folder} holds chunks of a sweep but no {MANIFEST}, so it cannot be known "
                "of which; choose another folder with --out"
            )
        self._refuse_others(LEFT_AT_START if begun else ())

    def _refuse_others(self, ours: Sequence[str]) -> None:
        known = (LOCK, *NOT_COUNTED, *ours)
        others = [path.name for path in self.folder.iterdir() if path.name not in known]
        if others:
            raise InputError(
                f"{self.folder} holds {min(others)}, which is not of a sweep; choose another "
                "folder with --out"
            )

    def _replace(self, found: dict[str, Any], wanted: dict[str, Any], design: pd.DataFrame) -> None:
        """Put a new sweep in the place of one that is there, which is unfinished until it is not.

        Its chunks go first, so that none is ever taken for the new one's.
        """
        manifests.check_tables(self.folder, found, ("parquet",))
        self._refuse_others((MANIFEST, ANALYSIS, *LEFT_AT_START, *TABLES))
        analysis = self.folder / ANALYSIS
        if analysis.exists():
            with OutputFolder(analysis, (), overwrite=True):  # refuses what is not ours
                pass
        self._remove_chunks()
        self.chunks.mkdir(exist_ok=True)
        if analysis.exists():
            analysis.rename(self.chunks / ANALYSIS)
        self._write_manifest({**wanted, "complete": False, "tables": {}})
        self._remove_chunks()
        self._tidy()
        atomic_write.write_whole(self.folder / f"{DESIGN}.parquet", design_bytes(design))

    def _begin(self, wanted: dict[str, Any], design: pd.DataFrame) -> None:
        self.chunks.mkdir(exist_ok=True)
        atomic_write.write_whole(self.folder / f"{DESIGN}.parquet", design_bytes(design))
        self._write_manifest({**wanted, "complete": False, "tables": {}})

    def _write_manifest(self, manifest: dict[str, Any]) -> None:
        text = provenance.signed(manifest)
        atomic_write.write_whole(self.folder / MANIFEST, text.encode())

    def _tidy(self) -> None:
        """Remove what a killed sweep left under temporary names, and tables that it replaced."""
        self.chunks.mkdir(exist_ok=True)
        for name in TABLES:
            (self.folder / name).unlink(missing_ok=True)
        for place in (self.folder, self.chunks):
            for path in place.glob(".*.tmp"):
                path.unlink(missing_ok=True)

    def add(self, done: Done) -> None:
        """Write a finished chunk; once ``outcomes`` has its name, all of it is there."""
        for name in sorted(done.tables, reverse=True):  # outcomes last
            content = done.tables[name]
            path = self.chunks / chunk_file.named(name, done.number, content)
            atomic_write.write_whole(path, content)

    def finished(self, tables: Sequence[str], chunks: int) -> set[int]:
        """Numbers of the chunks whose files are all there and whole; damaged ones are removed."""
        whole: dict[int, set[str]] = {}
        for path in sorted(self.chunks.glob("*.parquet")):
            name, number, signed = chunk_file.parts_of(path)
            known = name in tables and 0 <= number < chunks
            if known and chunk_file.signature(name, number, chunk_file.content_of(path)) == signed:
                whole.setdefault(number, set()).add(name)
            elif number >= 0:  # else it is none of ours
                self.damaged.append(path.name)
                path.unlink()
        return {number for number, names in whole.items() if names == set(tables)}

    def compact(self, manifest: dict[str, Any], quantiles: Sequence[float]) -> dict[str, Any]:
        """Join the chunks in their order, sum up, call the sweep complete, remove the chunks.

        Memory does not grow with the sweep.

        Raises:
            InputError: a chunk is missing or damaged.
        """
        tables = [OUTCOMES, SERIES] if manifest["series"] else [OUTCOMES]
        rows = {name: self._join(name, manifest["chunks"]) for name in tables}
        rows[SUMMARY] = self._sum_up(manifest["outcomes"], quantiles)
        rows[DESIGN] = manifest["configurations"]
        entries = {
            name: {
                "file": f"{name}.parquet",
                "rows": rows[name],
                "sha256": provenance.file_hash(self.folder / f"{name}.parquet"),
            }
            for name in (DESIGN, *tables, SUMMARY)
        }
        whole = {**manifest, "complete": True, "tables": entries}
        self._write_manifest(whole)
        self._remove_chunks()
        return whole

    def _join(self, name: str, chunks: int) -> int:
        """Write one table out of its chunks; returns its rows."""
        files = {
            chunk_file.parts_of(path)[1]: path for path in self.chunks.glob(f"{name}-*.parquet")
        }
        target = self.folder / f"{name}.parquet"
        temporary = atomic_write.temporary_name(target)
        rows = 0
        writer: pq.ParquetWriter | None = None
        waiting: list[pa.Table] = []
        try:
            for number in range(chunks):
                table = chunk_file.table_of(files[number])
                rows += table.num_rows
                if writer is None:
                    writer = pq.ParquetWriter(temporary, table.schema, compression="zstd")
                waiting.append(table)
                if sum(part.num_rows for part in waiting) >= GROUP:
                    waiting = _write_groups(writer, waiting, whole=False)
            if writer is not None:
                _write_groups(writer, waiting, whole=True)
                writer.close()
            atomic_write.flush(temporary)
            temporary.replace(target)
            atomic_write.flush_folder(self.folder)
        except BaseException:
            with contextlib.suppress(Exception):
                if writer is not None:
                    writer.close()
            temporary.unlink(missing_ok=True)
            raise
        return rows

    def _sum_up(self, outcomes: Sequence[str], quantiles: Sequence[float]) -> int:
        """Write ``summary``: mean, spread and quantiles of each outcome by configuration."""
        files = sorted(self.chunks.glob(f"{OUTCOMES}-*.parquet"))
        parts = [_summed(chunk_file.table_of(path), outcomes, quantiles) for path in files]
        table = pa.concat_tables(parts)
        stream = io.BytesIO()
        pq.write_table(table, stream, compression="zstd", row_group_size=GROUP)
        atomic_write.write_whole(self.folder / f"{SUMMARY}.parquet", stream.getvalue())
        return int(table.num_rows)

    def _remove_chunks(self) -> None:
        """Remove what is ours among the chunks, and their folder if that was all."""
        shutil.rmtree(self.chunks / ANALYSIS, ignore_errors=True)
        for path in (*self.chunks.glob("*.parquet"), *self.chunks.glob(".*.tmp")):
            if chunk_file.parts_of(path)[1] >= 0:
                path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.chunks.rmdir()


def _write_groups(writer: pq.ParquetWriter, parts: list[pa.Table], whole: bool) -> list[pa.Table]:
    """Write full groups of rows (with ``whole`` the rest, too); returns what waits.

    Groups are cut by rows, so the bytes do not depend on the size of the chunks.
    """
    table = pa.concat_tables(parts).combine_chunks() if parts else None
    if table is None:
        return []
    full = table.num_rows if whole else table.num_rows // GROUP * GROUP
    if full:
        writer.write_table(table.slice(0, full), row_group_size=GROUP)
    return [table.slice(full)] if table.num_rows > full else []


def _summed(table: pa.Table, outcomes: Sequence[str], quantiles: Sequence[float]) -> pa.Table:
    """Whole configurations of a chunk summed up: one row for each and outcome.

    ``counted`` is the number of runs with a value: a run that failed has none, nor has one that
    never came to what ``first`` waits for.
    """
    numbers = table[CONFIGURATION].to_numpy()
    configurations, counts = np.unique(numbers, return_counts=True)
    runs = int(counts[0])
    failed = (table["error"].to_numpy(zero_copy_only=False) != "").reshape(-1, runs).sum(axis=1)
    parts = []
    for name in outcomes:
        values = table[name].to_numpy().reshape(-1, runs)
        held = ~np.isnan(values)
        counted = held.sum(axis=1)
        total = np.where(held, values, 0.0).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total / counted
            off = np.where(held, values - mean[:, None], 0.0)
            spread = np.sqrt((off**2).sum(axis=1) / (counted - 1))
        columns: dict[str, Any] = {
            CONFIGURATION: configurations,
            "outcome": np.full(len(configurations), name),
            "runs": np.full(len(configurations), runs, dtype=np.int32),
            "failed": failed.astype(np.int32),
            "counted": counted.astype(np.int32),
            "mean": mean,
            "deviation": spread,
        }
        ordered = np.sort(values, axis=1)  # what is not a number comes last
        for level in quantiles:
            place = np.maximum(np.ceil(level * counted - 1e-9).astype(int), 1) - 1
            columns[f"q{level:g}"] = ordered[np.arange(len(ordered)), place]
        parts.append(pa.table(columns))
    joined = pa.concat_tables(parts)
    return joined.take(pa.array(np.argsort(joined[CONFIGURATION].to_numpy(), kind="stable")))


def design_bytes(design: pd.DataFrame) -> bytes:
    """The list of configurations as the bytes of a Parquet file."""
    stream = io.BytesIO()
    table = pa.Table.from_pandas(design, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a sweep's folder.

    Raises:
        InputError: it is missing, damaged, of another layout, or no sweep's.
    """
    kinds = {"design": dict, "program": dict, "complete": bool, "tables": dict, "chunks": int}
    found = manifests.read(folder, "sweep", LAYOUT, kinds, content="sweep")
    if not isinstance(found["design"].get("name"), str):
        raise InputError(f"{folder / MANIFEST} is damaged: the design has no name")
    return found


def _difference(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    """What keeps a stored sweep from being resumed, as a sentence; blank if nothing does."""
    ours, theirs = wanted["program"], found["program"]
    if found["design"] != wanted["design"]:
        keys = {*found["design"], *wanted["design"]}
        odd = [k for k in sorted(keys) if found["design"].get(k) != wanted["design"].get(k)]
        return f"its design has changed since it was begun ({', '.join(odd)})"
    if theirs.get("data_sha256") != ours["data_sha256"]:
        before, now = theirs.get("data_sha256") or {}, ours["data_sha256"]
        odd = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
        return f"the data have changed since it was begun ({', '.join(odd[:5])})"
    if theirs.get("rules_sha256") != ours["rules_sha256"]:
        return "the rules of the model have changed since it was begun"
    if theirs.get("code_sha256") != ours["code_sha256"]:
        return "the code that makes its numbers has changed since it was begun"
    if theirs.get("version") != ours["version"]:
        return f"it was begun with version {theirs.get('version')} of the program"
    for package in BOUND_PACKAGES:
        before = theirs.get("packages", {}).get(package)
        if before != ours["packages"][package]:
            return f"it was begun with {package} {before}, here is {ours['packages'][package]}"
    for key in wanted:
        if key != "program" and found.get(key) != wanted[key]:
            return f"what it was made from has changed since it was begun ({key})"
    return ""


def chunk_tables(folder: Path, name: str) -> Iterator[Path]:
    """Files of a table in an unfinished sweep, in their order."""
    yield from sorted((folder / CHUNKS).glob(f"{name}-*.parquet"))
