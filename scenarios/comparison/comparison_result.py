"""A comparison: what differs between scenarios, where and why, in memory or in a folder.

The folder is written like that of a run: it changes whole, and one whose files are not those of its
manifest is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model import input_files
from model.errors import InputError
from model.months import month_number, year_of
from model.vocabulary import GROUPS

from ..running import exported_result, labelled_arrays, saved_result
from ..running.result_folder import COMPARISON, check_files, read_manifest, read_table
from ..running.result_writer import Draw, Writer
from ..running.run_options import Format
from ..storage import manifest as manifests
from ..storage.display import Displayed
from ..storage.manifest import MANIFEST

if TYPE_CHECKING:
    import xarray

STATISTICS = ("base", "other", "mean", "error", "median", "low80", "high80", "low95", "high95")


@dataclass(frozen=True, repr=False)
class Comparison(Displayed):
    """Scenarios compared with a base, the first of them.

    Attributes:
        manifest: scenarios with everything overridden, runs, seed, period, versions.
        differences: paired differences by scenario, variable, unit, state, framework, kind and
            year (``all``: the whole period; ``from 2005``: from that year to the end): mean in the
            base and in the other, mean difference with its standard error, median, middle 80 and
            95% of the runs, shares of runs up, down and equal, ``detectable``, ``runs_needed``
            and ``enough``.  What is zero in both scenarios in every run is left out.
        levels: the same outcomes of each scenario itself, the base included.
        divergences: where and why runs diverge, one row for each scenario, state and mission.
        changes: every change of answer behind them, with the share of runs that have it.
        moments: share of runs that part in each month for the first time, by state.
        expectations: what each scenario whose baseline is the base expects, and whether it holds,
            by its ``number`` in the file; of 0 runs where it lies outside what is compared.

    Example:
        >>> import peacekeeping as pk
        >>> found = pk.compare("historical", "korea-act-in-2000/act", runs=3, end="2003-12")
        >>> {"mean", "error", "up", "down"} <= set(found.summary().columns)
        True
    """

    manifest: dict[str, Any]
    differences: pd.DataFrame = field(repr=False)
    levels: pd.DataFrame = field(repr=False)
    divergences: pd.DataFrame = field(repr=False)
    changes: pd.DataFrame = field(repr=False)
    moments: pd.DataFrame = field(repr=False)
    expectations: pd.DataFrame = field(repr=False)
    folder: Path | None = None

    def __repr__(self) -> str:
        """In a line: what was compared, and where it lies."""
        place = "in memory" if self.folder is None else f"in {self.folder}"
        return f"Comparison of {', '.join([self.base, *self.others])}, {self.runs} runs, {place}"

    @property
    def base(self) -> str:
        """Name of the scenario that the others are compared with."""
        return str(self.manifest["scenarios"][0]["name"])

    @property
    def others(self) -> list[str]:
        """Names of the scenarios compared with the base."""
        return [str(scenario["name"]) for scenario in self.manifest["scenarios"][1:]]

    @property
    def states(self) -> list[str]:
        """Codes of the states that are compared."""
        return [str(code) for code in self.manifest["frame"]["states"]]

    @property
    def runs(self) -> int:
        """Paired runs."""
        return int(self.manifest["runs"])

    def summary(self, variable: str = "personnel", kind: str = "all") -> pd.DataFrame:
        """One row for each scenario, state and framework: the average difference from the year in
        which runs diverge to the end.

        Args:
            variable: ``personnel`` or ``unit_presence`` (with kind ``units``).
            kind: ``all``, ``units`` or ``individuals``.
        """
        table = self.differences
        own = table[(table["variable"] == variable) & (table["kind"] == kind)]
        parts = []
        for other in self.others:
            for state in self.states:
                rows = own[(own["scenario"] == other) & (own["state"] == state)]
                parts.append(rows[rows["year"] == window(self, other, state)])
        found = pd.concat(parts)
        return found.drop(columns=["variable", "kind"]).reset_index(drop=True)

    def to_frame(self, variable: str = "personnel", kind: str = "all") -> pd.DataFrame:
        """Paired differences by year: a row for each year, zeros filled in.

        Args:
            variable, kind: as for ``summary``.

        Returns:
            Columns by scenario, state, framework and statistic: mean in the base and in the other,
            mean difference, its standard error, median, and where 80 and 95% of runs lie.

        Raises:
            InputError: a variable or a kind that is not compared.

        Example:
            >>> import peacekeeping as pk
            >>> found = pk.compare("historical", "korea-act-in-2000/act", runs=3, end="2003-12")
            >>> found.to_frame()["korea-act-in-2000/act", "KOR", "un", "mean"].index[-1]
            Period('2003', 'Y-DEC')
        """
        axes, array = self._cube(variable, kind)
        return labelled_arrays.wide(array, axes)

    def to_xarray(self, variable: str = "personnel", kind: str = "all") -> xarray.Dataset:
        """The same as labelled arrays: each statistic by year, scenario, state and framework.

        Raises:
            InputError: as ``to_frame``, or xarray is not installed (extra ``analysis``).
        """
        axes, array = self._cube(variable, kind)
        names, table = axes.pop("statistic"), self.differences
        units = table[table["variable"] == variable]["unit"]
        arrays = {name: (tuple(axes), array[..., place]) for place, name in enumerate(names)}
        about = {
            "base": self.base, "runs": self.runs, "seed": str(self.manifest["seed"]),
            "variable": variable, "kind": kind,
        }  # fmt: skip
        unit = str(units.iloc[0]) if len(units) else ""
        return labelled_arrays.dataset(arrays, axes, about, dict.fromkeys(names, unit))

    def save(
        self, folder: str | Path, *, format: Format | None = None, overwrite: bool = False
    ) -> Comparison:
        """Write the comparison into a folder with its figures, as ``peacekeeping compare --out``.

        Arguments and errors as for the result of a run.

        Example:
            >>> import peacekeeping as pk
            >>> found = pk.compare("historical", "korea-act-in-2000/act", runs=3, end="2003-12")
            >>> found.save("kept").folder.name
            'kept'
        """
        if self.folder is not None:
            whole = saved_result.copy(self.manifest, self.folder, folder, format, overwrite)
        else:
            whole = saved_result.save(self.manifest, self._write, folder, format, overwrite)
        return replace(self, manifest=whole[0], folder=whole[1])

    def export(
        self, folder: str | Path, *, format: Format = "parquet", overwrite: bool = False
    ) -> Path:
        """Write the tables for other programs, as ``peacekeeping export`` does.

        Arguments and errors as for the result of a run.
        """
        tables: dict[str, Any] = {name: partial(self._once, name) for name in COMPARISON}
        return exported_result.export(self.manifest, tables, folder, format, overwrite)

    def _once(self, name: str) -> list[pd.DataFrame]:
        return [getattr(self, name)]

    def _write(self, writer: Writer) -> None:
        for name in COMPARISON:
            writer.add_whole(name, getattr(self, name))

    def _cube(self, variable: str, kind: str) -> tuple[dict[str, Any], np.ndarray]:
        """Statistics by year, scenario, state, framework and statistic."""
        table, frame = self.differences, self.manifest["frame"]
        labelled_arrays.chosen("variable", variable, sorted(set(table["variable"])))
        rows = table[table["variable"] == variable]
        labelled_arrays.chosen("kind", kind, sorted(set(rows["kind"])))
        rows = rows[rows["kind"] == kind]
        first, last = (year_of(month_number(frame[key])) for key in ("start", "end"))
        axes: dict[str, Any] = {
            "year": [str(year) for year in range(first, last + 1)],
            "scenario": self.others,
            "state": self.states,
            "framework": [name for name in ("all", *GROUPS) if name in set(rows["framework"])],
        }
        parts = [labelled_arrays.cube(rows, axes, name) for name in STATISTICS]
        return {**axes, "statistic": list(STATISTICS)}, np.stack(parts, axis=-1)


def window(comparison: Comparison, other: str, state: str) -> str:
    """The years in which a state's differences are averaged: from its first difference of people or
    of answers to the end; all of them where there is none.
    """
    table = comparison.differences
    people = table["variable"] == "personnel"
    own = table[people & (table["scenario"] == other) & (table["state"] == state)]
    years = own[own["year"].str.isdigit() & (own["equal"] < 1)]["year"]
    return f"from {years.min()}" if len(years) else "all"


def write(comparison: Comparison, writer: Writer, draw: Draw | None = None) -> Comparison:
    """Write the tables and the manifest; returns the comparison that is in the folder then."""
    comparison._write(writer)
    whole = writer.finish(comparison.manifest, draw)
    return replace(comparison, manifest=whole, folder=writer.folder)


def read_comparison(folder: Path | str) -> Comparison:
    """A comparison from its folder, checked: complete, every table whole and unchanged.

    Raises:
        InputError: not a complete comparison, or a damaged file, which is named.

    Example:
        >>> import peacekeeping as pk
        >>> _ = pk.compare("historical", "korea-act-in-2000/act", runs=3, end="2003-12", out="act")
        >>> pk.read_comparison("act").runs
        3
    """
    folder = input_files.place(folder)
    manifest = read_manifest(folder)
    path = folder / MANIFEST
    if "scenarios" not in manifest:
        raise InputError(f"{folder} does not hold a comparison; read a run with read")
    manifests.require(path, manifest, {"frame": dict, "runs": int, "seed": int, "scenarios": list})
    missing = [name for name in COMPARISON if name not in manifest["tables"]]
    if missing:
        raise InputError(f"{path} is damaged: it does not list the table {missing[0]}")
    check_files(folder, manifest)
    return of_tables(manifest, folder)


def of_tables(manifest: dict[str, Any], folder: Path) -> Comparison:
    """The comparison of a manifest, with the tables in a folder, which are not checked."""
    tables: dict[str, Any] = {name: read_table(folder, manifest, name) for name in COMPARISON}
    return Comparison(manifest, folder=folder, **tables)
