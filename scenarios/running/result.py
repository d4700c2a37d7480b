"""Results of a run: two long tables, decisions, record and manifest, in memory or in a folder.

Of very many runs only summaries are kept instead of the two long tables.

A folder changes whole, figures included (see ``output_folder``): one without ``manifest.json`` is
not a complete result.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model import input_files
from model.errors import InputError
from model.vocabulary import SERIES_COLUMNS

from ..storage import provenance
from ..storage.csv_export import plain
from ..storage.output_folder import MANIFEST, OutputFolder
from . import record_series
from .run_options import FORMATS, KEEPS, Format, Keep

if TYPE_CHECKING:
    from .model_adapter import Frames

COLUMNS = ("scenario", *SERIES_COLUMNS)
WORDS = (  # text of a comparison, too
    "year", "detail", "cause", "base_answer", "other_answer", "what", "expected", "verdict",
    "finding",
)  # fmt: skip
TYPES = {"run": "int32", "seed": "uint64", "value": "float64"}
TABLES = ("series", "missions", "decisions")  # of every chunk of runs
RECORD = "record"  # what is documented, in the same long form, once
FILES = (*TABLES, RECORD)
SUMMARIES = ("summary", "presence", "moves")  # instead of series and missions, of all runs at once
COMPARISON = (  # of several scenarios
    "differences", "levels", "divergences", "changes", "moments", "expectations"
)  # fmt: skip
ALL_FILES = (*FILES, *SUMMARIES, *COMPARISON)
FIGURES = "figures"  # folder within that of the result
ROWS_READ = 200_000  # of a CSV file at a time
LAYOUT = 1  # version of the layout of a result folder

Draw = Callable[[dict[str, Any], Path], None]  # draws the figures of a manifest's tables, there


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

    def parts(self, name: str) -> Iterator[pd.DataFrame]:
        """A table of runs in parts, each of whole runs, so that it need not be in memory at once.

        Text is in categories.
        """
        if self.folder is None:
            yield from (compact(frames.make[name]()) for frames in self.frames)
            return
        file = self.folder / self.manifest["tables"][name]["file"]
        if file.suffix == ".csv":
            yield from map(compact, _runs_of_csv(file))
            return
        with pq.ParquetFile(file) as stored:
            for group in range(stored.num_row_groups):
                yield compact(stored.read_row_group(group).to_pandas())

    def lean(self, name: str, **only: str) -> pd.DataFrame:
        """The rows of a table of runs in which columns have these values, text in categories.

        For tables of many runs, which as text would take several times the memory.
        """
        kept = []
        for part in self.parts(name):
            chosen = part
            for column, value in only.items():
                chosen = chosen[chosen[column] == value]
            kept.append(chosen)
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


def compact(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its text in categories, which takes less memory."""
    text = [column for column in COLUMNS if column in table.columns and column not in TYPES]
    return table.astype(dict.fromkeys(text, "object")).astype(dict.fromkeys(text, "category"))


def _runs_of_csv(path: Path) -> Iterator[pd.DataFrame]:
    """A table of runs in parts of whole runs, which stand one after the other."""
    rest = None
    with pd.read_csv(path, dtype=_csv_types(), keep_default_na=False, chunksize=ROWS_READ) as parts:
        for part in parts:
            rest = part if rest is None else pd.concat([rest, part], ignore_index=True)
            unfinished = rest["run"] == rest["run"].iloc[-1]
            if not unfinished.all():
                yield rest[~unfinished]
            rest = rest[unfinished]
    if rest is not None:
        yield rest


class FiguresInterrupted(KeyboardInterrupt):
    """The drawing of figures was interrupted; the tables are complete in their folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"the tables in {folder} are complete, the figures not")


class Writer:
    """Writes a result chunk by chunk; as a context manager it leaves nothing half-written.

    Raises:
        InputError: as ``OutputFolder`` (checked before anything is simulated).
    """

    def __init__(
        self,
        folder: str | Path,
        format: Format = "parquet",
        command: Sequence[str] = (),
        overwrite: bool = False,
    ) -> None:
        self.format = format
        self.rows = dict.fromkeys(ALL_FILES, 0)
        self._open: dict[str, Any] = {}
        self._output = OutputFolder(folder, command, overwrite)
        self.folder = self._output.folder

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for stream in self._open.values():
            with contextlib.suppress(OSError):  # closing writes what is left
                stream.close()
        self._open = {}
        self._output.__exit__(kind, error, trace)

    def add(self, frames: Frames) -> None:
        """Append the tables of one chunk."""
        for name in TABLES:
            table = frames.make[name]()
            if name != "decisions":
                table = _ordered(table, name)
            if len(table) or name not in self._open:
                self._append(name, table)
                self.rows[name] += len(table)

    def add_whole(self, name: str, table: pd.DataFrame) -> None:
        """Put a table next to the runs in one go, such as the observed series, so that figures
        need nothing else."""
        self._append(name, table)
        self.rows[name] = len(table)

    def finish(self, manifest: dict[str, Any], draw: Draw | None = None) -> dict[str, Any]:
        """Close the tables, have the figures drawn and put all in its place; returns the manifest.

        Raises:
            FiguresInterrupted: drawing was interrupted; the tables are in their place without them.
        """
        for stream in self._open.values():
            stream.close()
        files = {}
        for name in self._open:
            files[name] = {
                "file": f"{name}.{self.format}",
                "rows": self.rows[name],
                "sha256": provenance.file_hash(self._file(name)),
            }
        self._open = {}
        whole = {"layout": LAYOUT, "format": self.format, "tables": files, **manifest}
        try:
            if draw is not None:
                draw(whole, self._output.new)
        except KeyboardInterrupt:
            shutil.rmtree(self._output.new / FIGURES, ignore_errors=True)
            self._output.commit(whole)
            raise FiguresInterrupted(self.folder) from None
        return self._output.commit(whole)

    def _file(self, name: str) -> Path:
        return self._output.new / f"{name}.{self.format}"

    def _append(self, name: str, table: pd.DataFrame) -> None:
        if self.format == "csv":
            first = name not in self._open
            if first:
                self._open[name] = self._file(name).open("w", encoding="utf-8", newline="")
            plain(table).to_csv(self._open[name], index=False, header=first, lineterminator="\n")
            return

        if name not in self._open:
            arrow = pa.Table.from_pandas(table, preserve_index=False)
            schema = _schema(arrow.schema).remove_metadata()
            self._open[name] = pq.ParquetWriter(self._file(name), schema, compression="zstd")
        schema = self._open[name].schema
        rows = max(1, len(table))  # in one group, so that a group has whole runs
        self._open[name].write_table(
            pa.Table.from_pandas(table, schema=schema, preserve_index=False, safe=False),
            row_group_size=rows,
        )


def _schema(schema: Any) -> Any:
    """Text plain, whatever pandas made of it, so that chunks agree."""

    def plain(kind: Any) -> Any:
        textual = pa.types.is_dictionary(kind) or pa.types.is_large_string(kind)
        return pa.string() if textual or pa.types.is_null(kind) else kind

    return pa.schema([pa.field(part.name, plain(part.type)) for part in schema])


def _ordered(table: pd.DataFrame, name: str) -> pd.DataFrame:
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise ValueError(f"the engine's {name} lacks the columns {missing}")
    return table[list(COLUMNS)].astype(TYPES)


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
    for key, kind in (("frame", dict), ("runs", int), ("seed", int), ("scenario", dict)):
        if not isinstance(manifest.get(key), kind):
            raise InputError(f"{path} is damaged: {key!r} is missing or not of its kind")
    if manifest.get("keep", "runs") not in KEEPS:
        raise InputError(f"{path} is damaged: keep is {manifest['keep']!r}, not runs or summary")
    check_files(folder, manifest)
    return Result(manifest, folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a result folder, whatever the result is of.

    Raises:
        InputError: there is none, it is damaged or of another layout.
    """
    path = folder / MANIFEST
    if not input_files.exists(path):
        raise InputError(f"{folder} is not a complete result: it has no {MANIFEST}")
    text = input_files.text(path, "manifest", input_files.LARGEST_MANIFEST)
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{path} is damaged: it is not valid JSON") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("tables"), dict):
        raise InputError(f"{path} is damaged: it does not list the tables")
    if manifest.get("layout") != LAYOUT:
        raise InputError(
            f"{path} has layout {manifest.get('layout')!r}; this version reads layout {LAYOUT}"
        )
    return provenance.unsigned(manifest, path)


def check_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Hold every table of a result folder to the manifest.

    Raises:
        InputError: a file is missing or was changed; it is named.
    """
    path = folder / MANIFEST
    for name, entry in manifest["tables"].items():
        if not isinstance(entry, dict) or entry.get("file") not in _names_of(name):
            raise InputError(f"{path} is damaged: it does not name the file of {name}")
        if not isinstance(entry.get("rows"), int) or not isinstance(entry.get("sha256"), str):
            raise InputError(f"{path} is damaged: it does not count or sign the table {name}")
        file = folder / entry["file"]
        found = provenance.file_hash(file)
        if found != entry["sha256"]:
            raise InputError(
                f"{file} is damaged or was changed after the run: its SHA-256 is not that of the "
                "manifest"
            )
    for name, digest in manifest.get("files", {}).items():
        file = folder / str(name)
        if not file.resolve().is_relative_to(folder.resolve()):
            raise InputError(f"{path} is damaged: it names the file {name}")
        if input_files.exists(file) and provenance.file_hash(file) != digest:  # may be put away
            raise InputError(f"{file} is not of the result in {folder}: it was changed later")


def _names_of(table: str) -> list[str]:
    """Names that the file of a table may have."""
    return [f"{table}.{ending}" for ending in FORMATS]


def _expected(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Tables that a result must have, by what it keeps."""
    kept = SUMMARIES if manifest.get("keep") == "summary" else TABLES[:2]
    return (*kept, "decisions")


def _csv_types() -> dict[str, str]:
    return dict.fromkeys((*COLUMNS, *WORDS), "str") | TYPES


def read_table(folder: Path, manifest: dict[str, Any], name: str) -> pd.DataFrame:
    """One table of a result folder as pandas.

    Raises:
        InputError: the file is missing, cut short, or has not the rows the manifest says.
    """
    entry = manifest["tables"][name]
    path = folder / entry["file"]
    try:
        if path.suffix == ".csv":
            blank = name == "decisions" or name in COMPARISON  # in which a number may be missing
            table = pd.read_csv(path, dtype=_csv_types(), keep_default_na=blank)
            words = table.select_dtypes(exclude="number").columns  # a blank in them is no number
            table[words] = table[words].fillna("")
        else:
            table = pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        raise InputError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if len(table) != entry["rows"]:
        raise InputError(f"{path} has {len(table)} rows, the manifest says {entry['rows']}")
    return table
