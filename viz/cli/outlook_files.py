"""The outlook on disk: one table, its manifest, and a fan for each combination side by side."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from scenarios.storage.csv_export import as_csv
from scenarios.storage.output_folder import OutputFolder

from ..charts.style.export import save
from ..charts.style.layout import BEHIND, SOURCE, finish
from ..charts.style.theme import state_colour
from ..text.labels import state_name

TABLE = "outlook.csv"
SIZE = (150, 80)  # pixels of one panel


def write(
    table: pd.DataFrame, place: OutputFolder, manifest: dict[str, Any], axes: Sequence[str]
) -> list[str]:
    """Write the table, its figures and, last, the manifest; return the names of the files.

    Raises:
        OSError: of the disk.
    """
    names = [TABLE]
    (place.new / TABLE).write_bytes(as_csv(table, float_format="%.6g"))
    for state in dict.fromkeys(table["state"]):
        chart = small_fans(table, state, "un", axes)
        names += [path.name for path in save(chart, place.new / f"outlook-{state}", scale=1.0)]
    place.commit(manifest)
    return [*names, "manifest.json"]


def small_fans(
    table: pd.DataFrame, state: str, framework: str, axes: Sequence[str]
) -> alt.VConcatChart:
    """Draw people by year of every combination: median, 80 and 95% of runs.

    The first axis goes across, every combination of the others down.
    """
    kept = table[(table["state"] == state) & (table["framework"] == framework)].copy()
    kept = kept.rename(columns={name: name.replace("0.", "_") for name in kept.columns})
    across, *down = axes
    kept["row"] = ["; ".join(f"{axis} {row[axis]}" for axis in down) for _, row in kept.iterrows()]
    kept["column"] = across + " " + kept[across]
    top = float(kept["q_975"].max())
    colour = state_colour(state)
    rows = []
    columns, lines = list(dict.fromkeys(kept["column"])), list(dict.fromkeys(kept["row"]))
    for line in lines:
        panels = []
        for column in columns:
            base = (
                alt.Chart(alt.NamedData(name=BEHIND))
                .transform_filter((alt.datum.row == line) & (alt.datum.column == column))
                .encode(x=alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=4)))
            )
            scale = alt.Scale(domain=[0, top])
            layers = [
                base.mark_area(opacity=0.18, color=colour).encode(
                    y=alt.Y("q_025:Q", title=None, scale=scale), y2="q_975:Q"
                ),
                base.mark_area(opacity=0.3, color=colour).encode(
                    y=alt.Y("q_1:Q", scale=scale), y2="q_9:Q"
                ),
                base.mark_line(color=colour).encode(y=alt.Y("q_5:Q", scale=scale)),
            ]
            title = alt.Title(
                [column, line] if line == lines[0] else [line], fontSize=10, anchor="start"
            )
            panels.append(alt.layer(*layers).properties(width=SIZE[0], height=SIZE[1], title=title))
        rows.append(alt.hconcat(*panels, spacing=14))
    return finish(
        rows,
        kept.reset_index(drop=True),
        title=f"{state_name(state)}: people in UN missions under every combination",
        subtitle=["Median, 80% and 95% of the runs; mean of each year."],
        source=SOURCE,
        width=(SIZE[0] + 60) * len(columns),
    )
