"""An outlook on disk and in the terminal: people by combination, what the axes move, the spread."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import typer

from scenarios.file_format.schema import Scenario
from scenarios.storage.csv_export import as_csv
from scenarios.storage.output_folder import OutputFolder

from ..charts.style.export import save
from ..charts.style.layout import BEHIND, SOURCE, finish
from ..charts.style.theme import state_colour
from ..text.labels import state_name
from .terminal_tables import width

TABLE, MOVED, SPREAD = "outlook.csv", "axes.csv", "spread.csv"
SIZE = (150, 80)  # pixels of one panel


def write(
    table: pd.DataFrame,
    place: OutputFolder,
    manifest: dict[str, Any],
    axes: Sequence[str],
    moved: pd.DataFrame,
    spread: pd.DataFrame,
) -> list[str]:
    """Write the tables, the figures and, last, the manifest; return the names of the files.

    ``moved``: what each axis moves.  ``spread``: where the spread comes from.

    Raises:
        OSError: of the disk.
    """
    names = [TABLE, MOVED, SPREAD]
    for name, one in zip(names, (table, moved, spread), strict=True):
        (place.new / name).write_bytes(as_csv(one, float_format="%.6g"))
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


def print_outlook(table: Any, axes: Sequence[str]) -> None:
    """People in the last year by combination: median and the middle 80% of runs."""
    from rich.console import Console
    from rich.table import Table as RichTable

    last = table[table["year"] == table["year"].max()]
    columns = list(last.groupby(["state", "framework"], sort=False).groups)
    columns = [
        (state, group)
        for state, group in columns
        if last[(last["state"] == state) & (last["framework"] == group)]["mean"].max() > 0
    ]
    shown = RichTable(
        title=f"People in {table['year'].max()}: median (80% of {table['runs'].max()} runs)",
        title_justify="left",
    )
    for axis in axes:
        shown.add_column(axis, overflow="fold")
    for state, group in columns:
        shown.add_column(f"{state} {group}", justify="right")
    for levels, part in last.groupby(list(axes), sort=False):
        cells = []
        for state, group in columns:
            row = part[(part["state"] == state) & (part["framework"] == group)].iloc[0]
            cells.append(f"{row['q0.5']:.0f} ({row['q0.1']:.0f} to {row['q0.9']:.0f})")
        shown.add_row(*(str(level) for level in levels), *cells)
    Console(width=width(130)).print(shown)


def print_axes(moved: pd.DataFrame) -> None:
    """Each axis in a line for every state and framework that it leaves as they are, and why."""
    late = "in the last five years, each level against the middle one"
    typer.echo(f"\nWhat the axes move ({late}; chance, half a person and 5% count as nothing)")
    for (axis, state, group), rows in moved.groupby(["axis", "state", "framework"], sort=False):
        if rows["base"].max() == 0 and not rows["moves"].any():
            continue
        told = "; ".join(
            f"{row.level} {row.difference:+,.0f} ({row.low:+,.0f} to {row.high:+,.0f})"
            for row in rows.itertuples()
        )
        what = f"{axis}, {state} {group} (of {rows['base'].iloc[0]:,.0f} people)"
        if rows["moves"].any():
            typer.echo(f"  moves   {what}: {told}")
        else:
            typer.echo(f"  inert   {what}: {told}")
            typer.echo(f"          {_why(rows)}")


FEW = 0.02  # share of answers below which an axis turns next to none


def _why(rows: pd.DataFrame) -> str:
    """Why an axis leaves the people of a state as they are, from what became of the answers."""
    strongest = rows.iloc[int((rows["met"] + rows["new"]).to_numpy().argmax())]
    gained, lost = strongest["gained"], strongest["lost"]
    if strongest["answers"] == 0:
        return "because nothing is asked there"
    if strongest["met"] + strongest["new"] == 0:
        return f"because no answer meets it ({strongest['answers']:.1f} a run are given)"
    bears = (
        f"it bears on {strongest['met']:.0%} of {strongest['answers']:.1f} answers a run"
        + (f", adds or takes away {strongest['new']:.0%}" if strongest["new"] >= 0.005 else "")
        + f", turns {gained:.1%} into a yes and {lost:.1%} into a no (extensions apart)"
    )
    if gained + lost < FEW:
        return f"because hardly any answer depends on it: {bears}"
    if min(gained, lost) > 0.5 * max(gained, lost):
        return f"because what it gains it loses: {bears}"
    return f"because those whom it moves are few, or chance hides them: {bears}"


def print_spread(spread: pd.DataFrame, scenario: Scenario) -> None:
    """In three years, people with the middle 80% of runs, and the spread by its source."""
    from rich.console import Console
    from rich.table import Table as RichTable

    years = list(dict.fromkeys(spread["year"]))
    chosen = years[1 :: max(1, len(years) // 3)]
    shown = RichTable(
        title=f"Where the spread comes from ({scenario.period.start} on, middle levels): people "
        "more or less (one standard deviation) from one source alone",
        title_justify="left",
    )
    heads = ("state", "framework", "year", "mean (80%)", "all", "the fit", "missions", "the rest")
    for head in heads:
        shown.add_column(head, justify="right" if head not in heads[:2] else "left")
    for row in spread[spread["year"].isin(chosen)].to_dict("records"):
        if row["sd"] > 0:
            shown.add_row(
                row["state"],
                row["framework"],
                row["year"],
                f"{row['mean']:,.0f} ({row['q0.1']:,.0f} to {row['q0.9']:,.0f})",
                *(f"{row[name]:,.0f}" for name in ("sd", "sd_fit", "sd_missions", "sd_rest")),
            )
    Console(width=width(130)).print(shown)
    typer.echo(
        "The fit: what the posterior leaves open. Missions: which come, how large, and who is "
        "asked. The rest: single decisions, and all together."
    )
