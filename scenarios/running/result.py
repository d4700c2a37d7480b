"""Results of a run: two long tables, decisions, record and manifest, in memory or in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model import input_files
from model.engine.long_tables import in_words
from model.errors import InputError
from model.vocabulary import GROUPS, KINDS, STOCK_UNITS

from ..storage import forks
from ..storage.display import Displayed
from . import (
    exported_result,
    labelled_arrays,
    record_comparison,
    record_series,
    saved_result,
)
from .result_folder import (
    COLUMNS,
    RECORD,
    SUMMARIES,
    TABLES,
    TYPES,
    compact,
    csv_parts,
    joined,
    parquet_parts,
    read_table,
    run_manifest,
)
from .run_options import Format, Keep

if TYPE_CHECKING:
    import xarray

    from .model_adapter import Frames
    from .result_writer import Writer


@dataclass(repr=False)
class Result(Displayed):
    """What a run leaves behind: ``series`` (totals), ``missions`` (parts), ``decisions`` (traced).

    With ``keep="summary"`` it has ``quantiles``, ``presence`` and ``moves`` instead of the first
    two.  Tables of a result in a folder are read when they are first asked for.

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
    def quantiles(self) -> pd.DataFrame:
        """Mean and quantiles over all runs by month, state, framework and kind (all, and each).

        The file in a folder is called ``summary``.
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
        saved_result.check_tables(self.manifest)
        frame = self.manifest["frame"]
        return record_series.monthly(frame["states"], frame["start"], frame["end"])

    def take_along(self) -> None:
        """Keep the record and the summary, which come from the tables in use."""
        _ = self.record, self._beside_record

    def summary(self) -> pd.DataFrame:
        """Presence and size by state and mission, recorded and simulated: ``beside_record``.

        Raises:
            InputError: the result was made with other tables than those in use.
        """
        return self._beside_record.copy()

    @cached_property
    def _beside_record(self) -> pd.DataFrame:
        saved_result.check_tables(self.manifest)
        return record_comparison.beside_record(self)

    def to_frame(
        self,
        variable: str = "personnel",
        *,
        state: str | None = None,
        framework: str | None = None,
        kind: str = "all",
        mission: str | None = None,
    ) -> pd.DataFrame:
        """One variable by month: a row for each month, indexed by month, zeros filled in.

        Args:
            variable: ``personnel`` (people), or a stock such as ``opinion_un``.
            state, framework: one of them; without it, a level of the columns.
            kind: ``all`` kinds together, or one of them; ``personnel`` only.
            mission: people in one mission; without it, in all.

        Returns:
            Columns by state, framework and run; with ``keep="summary"`` by state, framework and
            statistic (``mean``, ``q0.1`` ...).

        Raises:
            InputError: a name that the result does not have, or a part that it does not keep.

        Example:
            >>> import peacekeeping as pk
            >>> result = pk.run("historical", runs=3, start="2010-01", end="2011-12")
            >>> korea = result.to_frame(state="KOR", framework="un")
            >>> korea.loc["2010-03":"2011-02"].shape  # months x runs
            (12, 3)
        """
        people = variable == "personnel"
        labelled_arrays.chosen("variable", variable, ["personnel", *STOCK_UNITS])
        if self.keep == "summary" and (mission is not None or not people):
            raise InputError(
                "a result with keep='summary' has monthly personnel by state, framework and kind "
                "only; run it again with keep='runs'"
            )
        if not people and (mission is not None or kind != "all" or framework is not None):
            raise InputError(
                f"{variable} is a number of the state; leave out framework, kind and mission"
            )
        axes = self._axes(state, framework if people else "all", people)
        fixed = ["state"] * (state is not None)
        fixed += ["framework"] * (framework is not None or not people)
        if self.keep == "summary":
            rows = self.quantiles
        else:
            rows = self.lean("series" if mission is None else "missions", variable=variable)
        labelled_arrays.chosen("kind", kind, ["all", *_kinds(rows)])
        if mission is not None:
            labelled_arrays.chosen("mission", mission, sorted(set(rows["mission"])))
            rows = rows[rows["mission"] == mission]
        if mission is None or kind != "all":  # of parts, all kinds are added up
            rows = rows[rows["kind"] == kind]
        if self.keep == "summary":
            names = _statistics(rows)
            parts = [labelled_arrays.cube(rows, axes, name) for name in names]
            return labelled_arrays.wide(np.stack(parts, -1), {**axes, "statistic": names}, fixed)
        axes["run"] = range(int(self.manifest["runs"]))
        return labelled_arrays.wide(labelled_arrays.cube(rows, axes), axes, fixed)

    def to_xarray(self) -> xarray.Dataset:
        """People and stocks as labelled arrays, months as the first day of each, zeros filled in.

        Returns:
            ``personnel`` by run, month, state and framework; ``personnel_by_kind`` with a
            dimension more; each stock by run, month and state, with its unit as an attribute.  With
            ``keep="summary"``: mean and quantiles of personnel by month, state, framework and kind,
            ``all`` among the kinds.

        Raises:
            InputError: xarray is not installed (extra ``analysis``).

        Example:
            >>> import peacekeeping as pk
            >>> result = pk.run("historical", runs=3, start="2010-01", end="2011-12")
            >>> people = result.to_xarray().personnel
            >>> people.sel(state="KOR", month="2010").mean("run").sizes["month"]
            12
        """
        axes = self._axes(None, None, True, totals=False)
        about = {
            "scenario": str(self.manifest["scenario"]["name"]),
            "seed": str(self.manifest["seed"]),  # larger ones are no number of a NetCDF file
            "runs": int(self.manifest["runs"]),
            "version": str(self.manifest["program"]["version"]),
        }
        if self.keep == "summary":
            axes["kind"] = ["all", *_kinds(self.quantiles)]
            arrays: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
                name: (tuple(axes), labelled_arrays.cube(self.quantiles, axes, name))
                for name in _statistics(self.quantiles)
            }
            return labelled_arrays.dataset(arrays, axes, about)
        axes = {"run": range(int(self.manifest["runs"])), **axes}
        rows = self.lean("series")
        people = rows[rows["variable"] == "personnel"]
        kinds = {**axes, "kind": _kinds(people)}
        whole = people[people["kind"] == "all"]
        arrays = {
            "personnel": (tuple(axes), labelled_arrays.cube(whole, axes).astype("int32")),
            "personnel_by_kind": (
                tuple(kinds),
                labelled_arrays.cube(people, kinds).astype("int32"),
            ),
        }
        stocks = {name: axis for name, axis in axes.items() if name != "framework"}
        for name in STOCK_UNITS:
            own = rows[rows["variable"] == name]
            arrays[name] = (tuple(stocks), labelled_arrays.cube(own, stocks))
        return labelled_arrays.dataset(arrays, kinds, about, STOCK_UNITS)

    def save(
        self, folder: str | Path, *, format: Format | None = None, overwrite: bool = False
    ) -> Result:
        """Write the result into a folder with its figures, as ``peacekeeping run --out`` does.

        Args:
            folder: where; a result of the same command is replaced unasked.
            format: ``parquet`` (the default) or ``csv``; that of a result in a folder is kept.
            overwrite: replace another result of this program; other files are never touched.

        Returns:
            The result in that folder.

        Raises:
            InputError: a folder that cannot be written to, or is in use for something else.

        Example:
            >>> import peacekeeping as pk
            >>> result = pk.run("historical", runs=3, start="2010-01", end="2011-12")
            >>> (result.save("saved").folder / "figures" / "missions.png").exists()
            True
        """
        if self.folder is not None:
            return Result(*saved_result.copy(self.manifest, self.folder, folder, format, overwrite))
        return Result(*saved_result.save(self.manifest, self._write, folder, format, overwrite))

    def export(
        self, folder: str | Path, *, format: Format = "parquet", overwrite: bool = False
    ) -> Path:
        """Write the tables for other programs, as ``peacekeeping export`` does.

        Beside each month stands its first day as a date, the seed is a signed whole number, and
        ``datapackage.json`` describes every column.  Returns the folder.

        Raises:
            InputError: as ``save``, or a seed above 2**63 - 1.

        Example:
            >>> import peacekeeping as pk
            >>> result = pk.run("historical", runs=3, start="2010-01", end="2011-12")
            >>> (result.export("for-r") / "datapackage.json").exists()
            True
        """
        long = [name for name in TABLES[:2] if self.keep == "runs"]
        tables: dict[str, Any] = {name: partial(self.parts, name) for name in long}
        whole = ["decisions", *(SUMMARIES if self.keep == "summary" else ())]
        tables |= {name: partial(self._once, name) for name in whole}
        tables[RECORD] = lambda: [self.record]
        return exported_result.export(self.manifest, tables, folder, format, overwrite)

    def _once(self, name: str) -> list[pd.DataFrame]:
        return [self._table(name)]

    def _write(self, writer: Writer) -> None:
        for frames in self.frames:
            writer.add(frames)
        for name, table in self.tables.items():
            writer.add_whole(name, table)
        writer.add_whole(RECORD, self.record)

    def _axes(
        self, state: str | None, framework: str | None, people: bool, totals: bool = True
    ) -> dict[str, Any]:
        """Labels by month, state and framework; ``totals``: states of which only those are kept."""
        frame = self.manifest["frame"]
        states = [*frame["states"], *(frame.get("totals_only", ()) if people and totals else ())]
        groups = GROUPS if people else ("all",)
        return {
            "month": labelled_arrays.months(frame["start"], frame["end"]),
            "state": labelled_arrays.chosen("state", state, states),
            "framework": labelled_arrays.chosen("framework", framework, groups),
        }

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
        return joined(list(self.parts(name, **only)))

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

        with forks.call():
            parts = [frames.make[name]() for frames in self.frames]
        filled = [part for part in parts if len(part)]
        if filled:
            parts = [pd.concat(filled, ignore_index=True)]
        if not parts:
            return pd.DataFrame(columns=list(COLUMNS))
        whole = in_words(parts[0])
        return whole.astype(TYPES) if name in TABLES[:2] else whole  # as it is read back


def _kinds(rows: pd.DataFrame) -> list[str]:
    """Kinds of the tables in use, then those that only the tables of the result have."""
    return list(dict.fromkeys([*KINDS, *sorted(set(rows["kind"]) - {"all"})]))


def _statistics(rows: pd.DataFrame) -> list[str]:
    return [str(name) for name in rows if name == "mean" or str(name).startswith("q")]


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
    return Result(run_manifest(folder), folder)
