"""Results of a run: two long tables, decisions, record and manifest, in memory or in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from model import input_files
from model.errors import InputError

from ..storage import manifest as manifests
from ..storage.manifest import MANIFEST
from . import record_series
from .result_folder import (
    COLUMNS,
    RECORD,
    SUMMARIES,
    TABLES,
    check_files,
    compact,
    csv_parts,
    parquet_parts,
    read_manifest,
    read_table,
)
from .run_options import KEEPS, Keep

if TYPE_CHECKING:
    from .model_adapter import Frames


@dataclass(repr=False)
class Result:
    """What a run leaves behind: ``series`` (totals), ``missions`` (parts), ``decisions`` (traced).

    With ``keep="summary"`` it has ``summary``, ``presence`` and ``moves`` instead of the first two.
    Tables of a result in a folder are read when they are first asked for.

    Example:
        >>> import peacekeeping as pk
        >>> result = pk.run("historical", runs=3, start="2010-01", end="2011-12")
        >>> result.manifest["runs"], result.folder
        (3, None)
        >>> units = result.series.query("state == 'KOR' and kind == 'infantry' and value > 0")
        >>> units["run"].nunique()
        3
    """

    manifest: dict[str, Any]
    folder: Path | None = None
    frames: list[Frames] = field(default_factory=list, repr=False)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        """In a line: what was run, and where it lies."""
        scenario = self.manifest.get("scenario", {}).get("name", "")
        place = "in memory" if self.folder is None else f"in {self.folder}"
        return f"Result of {scenario}, {self.manifest.get('runs')} runs, {place}"

    @property
    def keep(self) -> Keep:
        """Whether every run is kept, or a summary of them."""
        return "summary" if self.manifest.get("keep") == "summary" else "runs"

    @cached_property
    def series(self) -> pd.DataFrame:
        """Totals: mission ``all``; kind ``all`` and each kind."""
        return self._table("series")

    @cached_property
    def missions(self) -> pd.DataFrame:
        """Parts by mission and kind; no totals among them."""
        return self._table("missions")

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """One row for each answered request of the traced runs."""
        return self._table("decisions")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Mean and quantiles over all runs by month, state, framework and kind (all, and each).

        A cell that is missing is zero in every run.
        """
        return self._table("summary")

    @cached_property
    def presence(self) -> pd.DataFrame:
        """Share of runs with anybody there by month, state and mission, and mean people."""
        return self._table("presence")

    @cached_property
    def moves(self) -> pd.DataFrame:
        """Mean entries and exits in a run by state, mission and kind."""
        return self._table("moves")

    @cached_property
    def record(self) -> pd.DataFrame:
        """People in the field as recorded, by mission and kind, within the frame of the result."""
        if self.folder is not None and RECORD in self.manifest["tables"]:
            return self._table(RECORD)
        frame = self.manifest["frame"]
        return record_series.monthly(frame["states"], frame["start"], frame["end"])

    def parts(self, name: str, **only: str) -> Iterator[pd.DataFrame]:
        """A table of runs in parts, each of whole runs, so that it need not be in memory at once.

        ``only``: values that columns must have.  Text is in categories.
        """
        whole: Iterator[pd.DataFrame]
        if self.folder is None:
            whole = (frames.make[name]() for frames in self.frames)
        else:
            file = self.folder / self.manifest["tables"][name]["file"]
            read = csv_parts if file.suffix == ".csv" else parquet_parts
            whole = read(file)
        for part in whole:
            kept = part
            for column, value in only.items():
                kept = kept[kept[column] == value]
            yield compact(kept)

    def lean(self, name: str, **only: str) -> pd.DataFrame:
        """The rows of a table of runs in which columns have these values, text in categories.

        For tables of many runs, which as text would take several times the memory.
        """
        kept = list(self.parts(name, **only))
        filled = [part for part in kept if len(part)]
        if not filled:
            return kept[0] if kept else pd.DataFrame(columns=list(COLUMNS))
        columns: dict[str, Any] = {}
        for column in filled[0].columns:
            values = [part[column] for part in filled]
            if isinstance(values[0].dtype, pd.CategoricalDtype):
                columns[column] = pd.api.types.union_categoricals(values, sort_categories=True)
            else:
                columns[column] = pd.concat(values, ignore_index=True)
        return pd.DataFrame(columns)

    def _table(self, name: str) -> pd.DataFrame:
        other = {"summary": TABLES[:2], "runs": SUMMARIES}[self.keep]
        if name in other:
            raise InputError(
                f"this result has no table {name!r}, as it was run with keep={self.keep!r}; run it "
                f"again with keep={'runs' if self.keep == 'summary' else 'summary'!r}"
            )
        if self.folder is not None:
            return read_table(self.folder, self.manifest, name)
        if name in self.tables:
            return self.tables[name]

        parts = [frames.make[name]() for frames in self.frames]
        filled = [part for part in parts if len(part)]
        if filled:
            return pd.concat(filled, ignore_index=True)
        return parts[0] if parts else pd.DataFrame(columns=list(COLUMNS))


def read(folder: Path | str) -> Result:
    """A result folder, checked: complete, every table whole and unchanged.

    Raises:
        InputError: not a complete result, or a damaged file, which is named.

    Example:
        >>> import peacekeeping as pk
        >>> _ = pk.run("historical", runs=3, start="2010-01", end="2011-12", out="mine")
        >>> pk.read("mine").manifest["runs"]
        3
    """
    folder = input_files.place(folder)
    manifest = read_manifest(folder)
    path = folder / MANIFEST
    if "scenarios" in manifest:
        raise InputError(f"{folder} holds a comparison, not a run; read it with read_comparison")
    missing = [name for name in _expected(manifest) if name not in manifest["tables"]]
    if missing:
        raise InputError(f"{path} is damaged: it does not list the table {missing[0]}")
    manifests.require(path, manifest, {"frame": dict, "runs": int, "seed": int, "scenario": dict})
    if manifest.get("keep", "runs") not in KEEPS:
        raise InputError(f"{path} is damaged: keep is {manifest['keep']!r}, not runs or summary")
    check_files(folder, manifest)
    return Result(manifest, folder)


def _expected(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Tables that a result must have, by what it keeps."""
    kept = SUMMARIES if manifest.get("keep") == "summary" else TABLES[:2]
    return (*kept, "decisions")
