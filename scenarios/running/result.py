"""Results of a run: two long tables, decisions, record and manifest, in memory or in a folder.

Of very many runs only summaries are kept instead of the two long tables.

A folder is written under temporary names that are renamed at the end, the manifest last: a folder
without ``manifest.json`` is not a complete result.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from model.errors import InputError

from ..storage import atomic_write, provenance
from ..storage.csv_export import plain
from . import record_series

if TYPE_CHECKING:
    import pandas as pd

    from .model_adapter import Frames

COLUMNS = (
    "scenario",
    "run",
    "seed",
    "month",
    "state",
    "framework",
    "mission",
    "kind",
    "variable",
    "unit",
    "value",
)
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
    "differences", "levels", "partings", "changes", "moments", "expectations"
)  # fmt: skip
ALL_FILES = (*FILES, *SUMMARIES, *COMPARISON)
MANIFEST = "manifest.json"
LAYOUT = 1  # version of the layout of a result folder

Format = Literal["parquet", "csv"]
FORMATS: tuple[Format, ...] = ("parquet", "csv")
Keep = Literal["runs", "summary"]
KEEPS: tuple[Keep, ...] = ("runs", "summary")


@dataclass
class Result:
    """What a run leaves behind: ``series`` (totals), ``missions`` (parts), ``decisions`` (traced).

    With ``keep="summary"`` it has ``summary``, ``presence`` and ``moves`` instead of the first two.
    Tables of a result in a folder are read when they are first asked for.
    """

    manifest: dict[str, Any]
    folder: Path | None = None
    frames: list[Frames] = field(default_factory=list, repr=False)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

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
        import pandas as pd

        parts = [getattr(frames, name) for frames in self.frames]
        filled = [part for part in parts if len(part)]
        if filled:
            return pd.concat(filled, ignore_index=True)
        return parts[0] if parts else pd.DataFrame(columns=list(COLUMNS))


class Writer:
    """Writes a result chunk by chunk; as a context manager it leaves nothing half-written.

    Raises:
        InputError: the folder cannot be made or written to (told before anything is simulated).
    """

    def __init__(self, folder: Path, format: Format = "parquet") -> None:
        self.folder = folder
        self.format = format
        self.rows = dict.fromkeys(ALL_FILES, 0)
        self._open: dict[str, Any] = {}
        self._made: list[Path] = []
        try:
            with atomic_write.opening(folder):
                self._made = [path for path in (folder, *folder.parents) if not path.exists()]
                folder.mkdir(parents=True, exist_ok=True)
                probe = self._temporary("probe")
                probe.write_bytes(b"")
                probe.unlink()
        except InputError:
            self._remove_folders()
            raise

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()
        if isinstance(error, OSError):  # a full disk, a folder that is gone
            reason = os.strerror(error.errno) if error.errno else str(error).splitlines()[0]
            raise InputError(
                f"the result cannot be written to {self.folder}: {reason}; nothing of it is left "
                "there"
            ) from None

    def add(self, frames: Frames) -> None:
        """Append the tables of one chunk."""
        for name in TABLES:
            table = getattr(frames, name)
            if name != "decisions":
                table = _ordered(table, name)
            if len(table) or name not in self._open:
                self._append(name, table)
                self.rows[name] += len(table)

    def add_whole(self, name: str, table: pd.DataFrame) -> None:
        """Put a table beside the runs in one go, such as the record, so that figures need nothing
        else."""
        self._append(name, table)
        self.rows[name] = len(table)

    def finish(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """Close the tables, move everything into place, the manifest last; returns it whole."""
        for stream in self._open.values():
            stream.close()
        files = {}
        for name in self._open:
            temporary = self._temporary(name)
            atomic_write.flush(temporary)
            files[name] = {
                "file": f"{name}.{self.format}",
                "rows": self.rows[name],
                "sha256": provenance.file_hash(temporary),
            }
        whole = {"layout": LAYOUT, "format": self.format, "tables": files, **manifest}
        temporary = self._temporary("manifest")
        temporary.write_text(provenance.signed(whole), encoding="utf-8")
        atomic_write.flush(temporary)
        # From here the old result, if any, is no longer complete; the new one is when all is moved.
        (self.folder / MANIFEST).unlink(missing_ok=True)
        for name in ALL_FILES:
            for ending in FORMATS:
                (self.folder / f"{name}.{ending}").unlink(missing_ok=True)
        for name, entry in files.items():
            self._temporary(name).replace(self.folder / str(entry["file"]))
        temporary.replace(self.folder / MANIFEST)
        self._open = {}
        self._made = []
        return whole

    def discard(self) -> None:
        """Remove what is unfinished, and the folder if it was made for it and is empty."""
        for stream in self._open.values():
            with contextlib.suppress(OSError):  # closing writes what is left
                stream.close()
        self._open = {}
        for name in (*ALL_FILES, "manifest", "probe"):
            with contextlib.suppress(OSError):
                self._temporary(name).unlink(missing_ok=True)
        self._remove_folders()

    def _remove_folders(self) -> None:
        for path in self._made:
            try:
                path.rmdir()
            except (OSError, ValueError):  # not empty, not made, no name of a folder
                return

    def _temporary(self, name: str) -> Path:
        return self.folder / f".{name}.{os.getpid()}.tmp"

    def _append(self, name: str, table: pd.DataFrame) -> None:
        if self.format == "csv":
            first = name not in self._open
            if first:
                self._open[name] = self._temporary(name).open("w", encoding="utf-8", newline="")
            plain(table).to_csv(self._open[name], index=False, header=first, lineterminator="\n")
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        if name not in self._open:
            arrow = pa.Table.from_pandas(table, preserve_index=False)
            schema = _schema(arrow.schema).remove_metadata()
            self._open[name] = pq.ParquetWriter(self._temporary(name), schema, compression="zstd")
        schema = self._open[name].schema
        self._open[name].write_table(
            pa.Table.from_pandas(table, schema=schema, preserve_index=False, safe=False)
        )


def _schema(schema: Any) -> Any:
    """Text plain, whatever pandas made of it, so that chunks agree."""
    import pyarrow as pa

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
    """
    folder = Path(folder)
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
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder} is not a complete result: it has no {MANIFEST}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
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
        try:
            found = provenance.file_hash(file)
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}") from None
        if found != entry["sha256"]:
            raise InputError(
                f"{file} is damaged or was changed after the run: its SHA-256 is not that of the "
                "manifest"
            )


def _names_of(table: str) -> list[str]:
    """Names that the file of a table may have."""
    return [f"{table}.{ending}" for ending in FORMATS]


def _expected(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Tables that a result must have, by what it keeps."""
    kept = SUMMARIES if manifest.get("keep") == "summary" else TABLES[:2]
    return (*kept, "decisions")


def read_table(folder: Path, manifest: dict[str, Any], name: str) -> pd.DataFrame:
    """One table of a result folder as pandas.

    Raises:
        InputError: the file is missing, cut short, or has not the rows the manifest says.
    """
    import pandas as pd
    import pyarrow as pa

    entry = manifest["tables"][name]
    path = folder / entry["file"]
    try:
        if path.suffix == ".csv":
            text = {column: "str" for column in (*COLUMNS, *WORDS) if column not in TYPES}
            blank = name == "decisions" or name in COMPARISON  # in which a number may be missing
            table = pd.read_csv(path, dtype=TYPES | text, keep_default_na=blank)
            words = table.select_dtypes(exclude="number").columns  # a blank in them is no number
            table[words] = table[words].fillna("")
        else:
            table = pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        raise InputError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if len(table) != entry["rows"]:
        raise InputError(f"{path} has {len(table)} rows, the manifest says {entry['rows']}")
    return table
