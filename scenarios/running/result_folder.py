"""The folder of a result: its tables, the layout of each, and reading them back.

Of very many runs only summaries are kept instead of the two long tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model import input_files
from model.errors import InputError
from model.vocabulary import SERIES_COLUMNS

from ..storage import manifest as manifests
from ..storage import provenance
from ..storage.manifest import MANIFEST
from .run_options import FORMATS, KEEPS

COLUMNS = ("scenario", *SERIES_COLUMNS)
WORDS = (  # text of a comparison, too
    "year", "detail", "cause", "base_answer", "other_answer", "what", "expected", "verdict",
    "finding",
)  # fmt: skip
TYPES = {"run": "int32", "seed": "uint64", "value": "float64"}
TEXT = [column for column in COLUMNS if column not in TYPES]
CSV_TYPES = dict.fromkeys((*COLUMNS, *WORDS), "str") | TYPES
ROWS_READ = 200_000  # of a CSV file of runs at a time
TABLES = ("series", "missions", "decisions")  # of every chunk of runs
RECORD = "record"  # what is documented, in the same long form, once
FILES = (*TABLES, RECORD)
SUMMARIES = ("summary", "presence", "moves")  # instead of series and missions, of all runs at once
COMPARISON = (  # of several scenarios
    "differences", "levels", "divergences", "changes", "moments", "expectations"
)  # fmt: skip
ALL_FILES = (*FILES, *SUMMARIES, *COMPARISON)
FIGURES = "figures"  # folder within that of the result
LAYOUT = 1  # version of the layout of a result folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a result folder, whatever the result is of; faults as ``manifest.read``."""
    return manifests.read(folder, "complete result", LAYOUT, {"tables": dict})


def run_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run's folder, once every table is found to be there, whole and unchanged.

    Raises:
        InputError: not a complete result of a run, or a damaged file, which is named.
    """
    manifest = read_manifest(folder)
    path = folder / MANIFEST
    if "scenarios" in manifest:
        raise InputError(f"{folder} holds a comparison, not a run; read it with read_comparison")
    kept = SUMMARIES if manifest.get("keep") == "summary" else TABLES[:2]
    missing = [name for name in (*kept, "decisions") if name not in manifest["tables"]]
    if missing:
        raise InputError(f"{path} is damaged: it does not list the table {missing[0]}")
    manifests.require(path, manifest, {"frame": dict, "runs": int, "seed": int, "scenario": dict})
    if manifest.get("keep", "runs") not in KEEPS:
        raise InputError(f"{path} is damaged: keep is {manifest['keep']!r}, not runs or summary")
    check_files(folder, manifest)
    return manifest


def check_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Hold every file of a result folder to the manifest.

    Raises:
        InputError: a file is missing or was changed; it is named.
    """
    manifests.check_tables(folder, manifest, FORMATS)
    for name, digest in manifest.get("files", {}).items():
        file = folder / str(name)
        if not file.resolve().is_relative_to(folder.resolve()):
            raise InputError(f"{folder / MANIFEST} is damaged: it names the file {name}")
        if input_files.exists(file) and provenance.file_hash(file) != digest:  # may be put away
            raise InputError(f"{file} is not of the result in {folder}: it was changed later")


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
            table = pd.read_csv(path, dtype=CSV_TYPES, keep_default_na=blank)
            words = table.select_dtypes(exclude="number").columns  # a blank in them is no number
            table[words] = table[words].fillna("")
        else:
            table = pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        raise InputError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if len(table) != entry["rows"]:
        raise InputError(f"{path} has {len(table)} rows, the manifest says {entry['rows']}")
    return table


def parquet_parts(path: Path) -> Iterator[pd.DataFrame]:
    """A table of runs in parts as it was written: of whole runs."""
    with pq.ParquetFile(path, read_dictionary=TEXT) as stored:
        for group in range(stored.num_row_groups):
            yield stored.read_row_group(group).to_pandas()


def csv_parts(path: Path) -> Iterator[pd.DataFrame]:
    """A table of runs in parts of whole runs, which stand one after the other."""
    rest = pd.DataFrame()
    with pd.read_csv(path, dtype=CSV_TYPES, keep_default_na=False, chunksize=ROWS_READ) as parts:
        for part in parts:
            rest = pd.concat([rest, part], ignore_index=True) if len(rest) else part
            begun = rest["run"] == rest["run"].max()
            if not begun.all():
                yield rest[~begun]
            rest = rest[begun]
    yield rest


def compact(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its text in categories, which takes less memory."""
    text = [column for column in TEXT if column in table.columns]
    return table.assign(**{column: _in_categories(table[column]) for column in text})


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Compact parts of a table one after the other, their categories together."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0] if parts else pd.DataFrame(columns=list(COLUMNS))
    columns: dict[str, Any] = {}
    for column in filled[0].columns:
        values = [part[column] for part in filled]
        if isinstance(values[0].dtype, pd.CategoricalDtype):
            columns[column] = pd.api.types.union_categoricals(values, sort_categories=True)
        else:
            columns[column] = pd.concat(values, ignore_index=True)
    return pd.DataFrame(columns)


def _in_categories(column: pd.Series[str]) -> Any:
    found = pd.Categorical(column).remove_unused_categories()
    return found.reorder_categories(sorted(found.categories))
