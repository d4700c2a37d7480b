"""Answers as text: tables, scenarios, decisions and documents, printed line by line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from scenarios.running import confidence

from ..text.number_text import signed

if TYPE_CHECKING:
    from calibration.documented_record import Entry
    from scenarios.comparison.comparison_result import Comparison
    from scenarios.definition.schema import Scenario
    from scenarios.running.result import Result


UNRECORDED_SHOWN = 5  # missions of each state that only the simulation has


def _width(columns: int) -> int | None:
    """That of the terminal or of COLUMNS (None: rich reads either), else so many columns."""
    return None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else columns


def print_title(scenario: Scenario, runs: int) -> None:
    """What is run: scenario, runs, period."""
    period = scenario.period
    typer.echo(f"{scenario.name}: {runs} runs, {period.start} to {period.end}")


def print_beside_record(result: Result) -> None:
    """The table of presence and size, recorded beside simulated."""
    from rich.console import Console
    from rich.table import Table as RichTable

    from model.coverage import record_end
    from scenarios.running.record_comparison import beside_record

    frame, table = result.manifest["frame"], RichTable()
    for heading in ("state", "mission"):
        table.add_column(heading)
    for heading in (
        "months recorded",
        "months simulated",
        "share of runs",
        "size recorded",
        "size simulated",
    ):
        table.add_column(heading, justify="right")
    full = beside_record(result)
    unrecorded = full["recorded_months"] == 0
    # what the record does not have is ordered by simulated presence; the longest are enough here
    rank = full[unrecorded].groupby("state").cumcount().reindex(full.index, fill_value=0)
    shown = full[~unrecorded | (rank < UNRECORDED_SHOWN)]
    for row in shown.itertuples(index=False):
        people = ["" if value != value else f"{value:.0f}" for value in row[5:]]
        table.add_row(row[0], row[1], f"{row[2]:.0f}", f"{row[3]:.1f}", f"{row[4]:.2f}", *people)
    Console(width=_width(110)).print(table)
    if len(shown) < len(full):
        typer.echo(
            f"{len(full) - len(shown)} more missions without recorded presence, each shorter than "
            "those shown; peacekeeping.beside_record(result) holds all."
        )
    _assumed(frame["start"], frame["end"])
    last = result.record.groupby("state")["month"].max()
    short = sorted(last.index[last <= record_end()]) if frame["end"] > record_end() else []
    if short:
        more = " and others" if len(short) > 6 else ""
        typer.echo(
            f"The record of {', '.join(short[:6])}{more} ends in {record_end()}; the months "
            f"simulated go on to {frame['end']}."
        )


def _assumed(start: str, end: str) -> None:
    """Of months that the record does not reach: who is taken to be there, and what is drawn."""
    from model.coverage import record_end, span, world_end

    if start > record_end():
        typer.echo(
            f"Who is in the field in {start} is taken from the reports of {record_end()} (Japan "
            f"and Korea from deployments to {span('deployments')[1]}), without missions that have "
            "ended since."
        )
    if end > world_end():
        typer.echo(
            f"After {world_end()} new missions and most requests are drawn at random: set "
            "scenarios beside each other rather than take a level for a forecast."
        )


def print_comparison(comparison: Comparison) -> None:
    """What changes, where and why; the table of people and whether the runs are enough for it; what
    the scenarios expect and whether it holds."""
    from rich.console import Console
    from rich.table import Table as RichTable

    from ..text import comparison_text as words

    typer.echo(words.first_screen(comparison))
    rows, left_out = words.worth_telling(comparison)
    table = RichTable(title="People in an average month", title_justify="left")
    for heading in ("scenario", "state", "framework", "years"):
        table.add_column(heading, overflow="fold")
    for heading in (
        "base",
        "other",
        "difference",
        "95 % of the mean",
        "80 % of runs",
        "95 % of runs",
        "more",
        "same",
        "fewer",
    ):
        table.add_column(heading, justify="right")
    for row in rows.to_dict("records"):
        low, high = confidence.ends(row["mean"], row["error"])
        spans = ((low, high), (row["low80"], row["high80"]), (row["low95"], row["high95"]))
        table.add_row(
            row["scenario"], row["state"], row["framework"], row["year"],
            f"{row['base']:,.1f}", f"{row['other']:,.1f}", signed(row["mean"]),
            *(f"{signed(a)} to {signed(b)}" for a, b in spans),
            *(f"{100 * row[name]:.0f} %" for name in ("up", "equal", "down")),
        )  # fmt: skip
    if len(rows):
        Console(width=_width(150)).print(table)
    if left_out:
        typer.echo(left_out)
    typer.echo("\n".join(words.sufficiency(comparison)))
    frame = comparison.manifest["frame"]
    _assumed(frame["start"], frame["end"])
    for other in comparison.others:
        for number, line in enumerate(words.expectations(comparison, other)):
            typer.echo(f"  {line}" if number else f"\n{line}")


def print_outlook(table: Any, axes: Sequence[str]) -> None:
    """People in the last year by combination: median and the middle 80 % of runs."""
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
        title=f"People in {table['year'].max()}: median (80 % of {table['runs'].max()} runs)",
        title_justify="left",
    )
    for axis in axes:
        shown.add_column(axis)
    for state, group in columns:
        shown.add_column(f"{state} {group}", justify="right")
    for levels, part in last.groupby(list(axes), sort=False):
        cells = []
        for state, group in columns:
            row = part[(part["state"] == state) & (part["framework"] == group)].iloc[0]
            cells.append(f"{row['q0.5']:.0f} ({row['q0.1']:.0f} to {row['q0.9']:.0f})")
        shown.add_row(*(str(level) for level in levels), *cells)
    Console(width=_width(130)).print(shown)


def print_law(table: Any, state: str, month: str, notes: bool = False) -> None:
    """The law of a state at a month; frameworks that it treats alike share their rows.

    ``notes``: below, each provision with what it says, the note of the table and its source.
    """
    from rich.console import Console
    from rich.table import Table as RichTable

    from model.vocabulary import KINDS, UNITS

    names = {", ".join(KINDS): "all", ", ".join(UNITS): "all units"}
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for framework, rows in table.groupby("framework", sort=False):
        parts = list(rows.drop(columns="framework").itertuples(index=False))
        parts.sort(key=lambda row: row.provision == "no provision")
        answers = tuple((names.get(kinds, kinds), *rest) for kinds, *rest in parts)
        if len(answers) > 1 and "no provision" in answers[-1]:
            answers = (*answers[:-1], ("all else", *answers[-1][1:]))
        alike.setdefault(answers, []).append(str(framework))
    title = f"The law of {state} in {month}, every condition granted"
    shown = RichTable(title=title, title_justify="left")
    for heading in table.columns:
        shown.add_column(heading, overflow="fold")
    for answers, frameworks in alike.items():
        for number, answer in enumerate(answers):
            shown.add_row("" if number else ", ".join(frameworks), *answer)
        shown.add_section()
    Console(width=_width(150)).print(shown)
    if notes:
        _print_provisions(dict.fromkeys(table["provision"]), state)


def _print_provisions(keys: Iterable[str], state: str) -> None:
    from scenarios.definition.law_table import table

    from ..text.provision_text import says

    known = {row["id"]: row for row in table(())}
    for row in (known[key] for key in keys if key in known):
        typer.echo(f"{row['id']}  {row['title']}, in force from {row['in_force']}")
        for heading, text in (("", says(row, state)), ("note: ", row["note"])):
            if text:
                typer.echo(f"    {heading}{text}")
        typer.echo(f"    source: {row['source']}")


def print_entries(entries: Sequence[Entry]) -> None:
    """Documented statements with their sources, then their number on the error stream."""
    for entry in entries:
        when = f"{entry.start}..{entry.end}" if entry.end else entry.start or "undated"
        place = f" {entry.mission}" if entry.mission else ""
        typer.echo(f"{entry.id}  {when}  {entry.state}  {entry.category}{place}")
        typer.echo(f"    {entry.statement}")
        confidence = f" (confidence {entry.confidence})" if entry.confidence else ""
        typer.echo(f"    source: {entry.source}{confidence}")
    count = "statement" if len(entries) == 1 else "statements"
    typer.echo(f"{len(entries)} {count}.", err=bool(entries))
