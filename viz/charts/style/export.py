"""Saving a figure: PNG and SVG to show, CSV of the numbers behind it to check.

Everything is rendered before anything is written, and each file appears under its name whole or
not at all. No browser and no network is needed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from model.errors import InputError
from scenarios.storage.csv_export import as_csv

from ...language.spoken import current
from . import fonts
from .layout import table_of


def save(
    chart: alt.TopLevelMixin,
    stem: str | Path,
    data: pd.DataFrame | None = None,
    *,
    scale: float = 2.0,
) -> list[Path]:
    """Write `stem`.png, `stem`.svg and `stem`.csv; return the three paths.

    `data` defaults to the table that the figure carries. `scale` is PNG pixels per figure pixel.
    If rendering or writing fails, files already there keep their content and none is added.
    """
    stem = Path(stem)
    spec = specification(chart)
    table = table_of(chart, spec) if data is None else data
    drawn = render(spec, "svg")
    contents = {
        # from the drawing just made: the same bytes as drawing again, in a fraction of the time
        ".png": rasterise(drawn, scale),
        ".svg": drawn,
        ".csv": as_csv(table),
    }
    return write_together({stem.with_name(stem.name + end): c for end, c in contents.items()})


def specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return a chart as a Vega-Lite dictionary, unchecked and its own table uncopied.

    Charts of this package are checked by their tests; checking and copying take most of the time.
    """
    tables = getattr(chart, "datasets", alt.Undefined)
    if not isinstance(tables, dict):
        return chart.to_dict(validate=False)
    chart.datasets = alt.Undefined  # type: ignore[attr-defined]
    try:
        spec: dict[str, Any] = chart.to_dict(validate=False)
    finally:
        chart.datasets = tables  # type: ignore[attr-defined]
    spec["datasets"] = {**spec.get("datasets", {}), **tables}
    return spec


def render(spec: dict[str, Any], form: str, scale: float = 1.0) -> bytes:
    """Return a Vega-Lite specification drawn as 'png' or 'svg', in bytes."""
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    if form == "png":
        return rasterise(render(spec, "svg"), scale)
    if form == "svg":
        return str(vl_convert.vegalite_to_svg(spec, vl_version=version)).encode()
    raise InputError(f"Figures cannot be saved as '{form}'; choose png or svg.")


def rasterise(svg: bytes, scale: float) -> bytes:
    """Return an SVG drawing as PNG, `scale` pixels for each of its own.

    Raises InputError where no font has the letters of the language that is spoken.
    """
    fonts.check(current())
    return bytes(vl_convert.svg_to_png(svg.decode(), scale=scale))


def write_together(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write several files; only when all are safely on disk do they take their names."""
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            waiting.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o666 & ~_umask())
        for name_, path in waiting:
            os.replace(name_, path)
    except BaseException:
        for name_, _ in waiting:
            name_.unlink(missing_ok=True)
        raise
    return [path for _, path in waiting]


def _umask() -> int:
    """Return the process's file mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
