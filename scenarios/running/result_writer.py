"""Writing a result: chunk by chunk into a folder that changes whole, figures included."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.engine.long_tables import in_words

from ..storage import provenance
from ..storage.csv_export import ENCODING, plain
from ..storage.output_folder import OutputFolder
from .result_folder import ALL_FILES, COLUMNS, FIGURES, LAYOUT, TABLES, TYPES
from .run_options import Format

if TYPE_CHECKING:
    from .model_adapter import Frames

Draw = Callable[[dict[str, Any], Path], None]  # draws the figures of a manifest's tables, there


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
        need nothing else; a further one under its name comes below."""
        self._append(name, table)
        self.rows[name] += len(table)

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
                self._open[name] = self._file(name).open("w", encoding=ENCODING, newline="")
            written = plain(in_words(table))
            written.to_csv(self._open[name], index=False, header=first, lineterminator="\n")
            return

        arrow = _arrow(table)
        if name not in self._open:
            # Readers get plain text, however it was handed over: the schema here is not stored.
            self._open[name] = pq.ParquetWriter(
                self._file(name), arrow.schema, compression="zstd", store_schema=False
            )
        schema = self._open[name].schema
        rows = max(1, len(table))  # in one group, so that a group has whole runs
        self._open[name].write_table(arrow.cast(schema, safe=False), row_group_size=rows)


def _arrow(table: pd.DataFrame) -> pa.Table:
    """A table for Parquet: categories as they are, text plain, whatever pandas made of it, so that
    chunks agree."""
    coded = {
        str(name): pa.DictionaryArray.from_arrays(
            pa.array(column.cat.codes.to_numpy()),
            pa.array(column.cat.categories.tolist(), pa.string()),
        )
        for name, column in table.items()
        if isinstance(column.dtype, pd.CategoricalDtype)
    }
    rest = pa.Table.from_pandas(table.drop(columns=list(coded)), preserve_index=False)
    rest = rest.cast(_schema(rest.schema)).replace_schema_metadata(None)
    columns = {str(name): coded.get(str(name)) for name in table}
    return pa.table(
        {name: rest[name] if column is None else column for name, column in columns.items()}
    )


def _schema(schema: Any) -> Any:
    """Text plain."""

    def plain(kind: Any) -> Any:
        textual = pa.types.is_dictionary(kind) or pa.types.is_large_string(kind)
        return pa.string() if textual or pa.types.is_null(kind) else kind

    return pa.schema([pa.field(part.name, plain(part.type)) for part in schema])


def _ordered(table: pd.DataFrame, name: str) -> pd.DataFrame:
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise ValueError(f"the engine's {name} lacks the columns {missing}")
    return table[list(COLUMNS)].astype(TYPES)
