"""Answers as text: tables, scenarios, decisions and documents, printed line by line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from scenarios.running import confidence

from ..text.number_text import needed, signed

if TYPE_CHECKING:
    from calibration.documented_record import Entry
    from scenarios.comparison.comparison_result import Comparison
    from scenarios.file_format.schema import Scenario
    from scenarios.running.result import Result


UNRECORDED_SHOWN = 5  # missions of each state that only the simulation has


def width(columns: int) -> int | None:
    """That of the terminal or of COLUMNS (None: rich reads either), else so many columns."""
    return None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else columns


def print_title(scenario: Scenario, runs: int) -> None:
    """What is run: scenario, runs, period."""
    period = scenario.period
    typer.echo(f"{scenario.name}: {runs} runs, {period.start} to {period.end}")


def print_beside_record(result: Result) -> None:
    """The table of presence and size, observed and simulated."""
    from rich.console import Console
    from rich.table import Table as RichTable

    from model.coverage import record_end
    from scenarios.running.record_comparison import beside_record

    from ..text import misfit_text

    frame, table = result.manifest["frame"], RichTable()
    for heading in ("state", "mission"):
        table.add_column(heading)
    for heading in (
        "months observed",
        "months simulated",
        "share of runs",
        "size observed",
        "size simulated",
    ):
        table.add_column(heading, justify="right")
    narrow = Console(width=width(110)).width < 100
    if narrow:  # the headings take two lines, the missions what is left
        table = RichTable(box=None, pad_edge=False)
        table.add_column("state")
        table.add_column("mission", overflow="fold", ratio=1)
        for heading in ("months\nobserved", "\nsimulated", "of\nruns", "size\nobserved", "\nsim."):
            table.add_column(heading, justify="right", no_wrap=True)
    full = beside_record(result)
    unrecorded = full["recorded_months"] == 0
    # what the record does not have is ordered by simulated presence; the longest are enough here
    rank = full[unrecorded].groupby("state").cumcount().reindex(full.index, fill_value=0)
    shown = full[~unrecorded | (rank < UNRECORDED_SHOWN)]
    for row in shown.itertuples(index=False):
        people = ["" if value != value else f"{value:.0f}" for value in row[5:]]
        table.add_row(row[0], row[1], f"{row[2]:.0f}", f"{row[3]:.1f}", f"{row[4]:.2f}", *people)
    Console(width=width(110)).print(table)
    if len(shown) < len(full):
        typer.echo(
            f"{len(full) - len(shown)} more missions without observed presence, each shorter than "
            "those shown; peacekeeping.beside_record(result) lists all."
        )
    for line in misfit_text.assumed(frame["start"], frame["end"]):
        typer.echo(line)
    last = result.record.groupby("state")["month"].max()
    short = sorted(last.index[last <= record_end()]) if frame["end"] > record_end() else []
    if short:
        more = " and others" if len(short) > 6 else ""
        typer.echo(
            f"Data for {', '.join(short[:6])}{more} end in {record_end()}; simulated months "
            f"continue to {frame['end']}."
        )


def print_comparison(comparison: Comparison) -> None:
    """The answer in a sentence; the table of people and whether the runs are enough for it; where
    and why runs diverge; what the scenarios expect and whether it holds."""
    from ..text import comparison_text as words
    from ..text import misfit_text

    typer.echo(words.first_screen(comparison))
    rows, left_out = words.worth_telling(comparison)
    if len(rows):
        _print_differences(rows)
    if left_out:
        typer.echo(left_out)
    typer.echo("\n".join(words.sufficiency(comparison)))
    typer.echo(words.reasons(comparison))
    for other in comparison.others:
        own = comparison.differences[comparison.differences["scenario"] == other]
        if (own["equal"] == 1).all():  # then at least how its requests are answered
            from ..briefs.brief_sections import requests_answered

            for sentence in requests_answered(comparison, other):
                typer.echo(f"  {sentence}")
    frame = comparison.manifest["frame"]
    for line in misfit_text.assumed(frame["start"], frame["end"]):
        typer.echo(line)
    for other in comparison.others:
        for number, line in enumerate(words.expectations(comparison, other)):
            typer.echo(f"  {line}" if number else f"\n{line}")


def _print_differences(rows: Any) -> None:
    """People in an average month; where the terminal is narrow, each row over several lines."""
    from rich.console import Console
    from rich.table import Table as RichTable

    console = Console(width=width(150))
    if console.width < 140:
        typer.echo("People in an average month")
        for row in rows.to_dict("records"):
            for number, line in enumerate(_difference_lines(row)):
                typer.echo(f"    {line}" if number else line)
        return
    table = RichTable(title="People in an average month", title_justify="left")
    for heading in ("scenario", "state", "framework", "years"):
        table.add_column(heading, overflow="fold")
    for heading in (
        "base",
        "other",
        "difference",
        "95% of the mean",
        "80% of runs",
        "95% of runs",
        "more",
        "same",
        "fewer",
        "runs needed",
    ):
        table.add_column(heading, justify="right")
    for row in rows.to_dict("records"):
        table.add_row(
            row["scenario"], row["state"], row["framework"], row["year"],
            f"{row['base']:,.1f}", f"{row['other']:,.1f}", signed(row["mean"]),
            *_spans(row), *_shares(row), needed(row["runs_needed"]),
        )  # fmt: skip
    console.print(table)


def _spans(row: Mapping[Any, Any]) -> list[str]:
    """Interval of the mean, and where 80 and 95% of runs lie."""
    low, high = confidence.ends(row["mean"], row["error"])
    spans = ((low, high), (row["low80"], row["high80"]), (row["low95"], row["high95"]))
    return [f"{signed(a)} to {signed(b)}" for a, b in spans]


def _shares(row: Mapping[Any, Any]) -> list[str]:
    """Shares of runs with more, the same and fewer."""
    return [f"{100 * row[name]:.0f}%" for name in ("up", "equal", "down")]


def _difference_lines(row: Mapping[Any, Any]) -> list[str]:
    """A row of the table as lines of less than 80 letters, but for the names."""
    mean, middle, wide = _spans(row)
    more, same, fewer = _shares(row)
    return [
        f"{row['scenario']}, {row['state']}, {row['framework']}, {row['year']}",
        f"base {row['base']:,.1f}, other {row['other']:,.1f}, difference {signed(row['mean'])} "
        f"({mean})",
        f"80% of runs {middle}, 95% {wide}",
        f"more in {more} of runs, the same in {same}, fewer in {fewer}; "
        f"needs {needed(row['runs_needed'])} runs",
    ]


def print_law_title(state: str, month: str) -> None:
    """The line above ``print_law``."""
    typer.echo(f"The law of {state} in {month}, every condition granted")


def print_law(table: Any) -> None:
    """The law of a state in a month; frameworks that it treats alike share their rows."""
    from rich.console import Console
    from rich.table import Table as RichTable

    from ..text import law_text
    from ..text.provision_text import condition

    def told(row: Any) -> tuple[str, ...]:
        conditions = ", ".join(condition(one) for one in row["if"].split(", ") if one)
        return (
            law_text.kinds_named(row["kinds"]),
            *(row[name] for name in ("gate", "decided by", "provision")),
            conditions,
        )

    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for framework, rows in table.groupby("framework", sort=False):
        parts = rows.to_dict("records")
        parts.sort(key=lambda row: row["provision"] == "no provision")
        answers = tuple(told(row) for row in parts)
        if len(answers) > 1 and "no provision" in answers[-1]:
            answers = (*answers[:-1], ("all else", *answers[-1][1:]))
        alike.setdefault(answers, []).append(str(framework))
    shown = RichTable()
    for heading in table.columns:
        shown.add_column(heading, overflow="fold")
    for answers, frameworks in alike.items():
        for number, answer in enumerate(answers):
            names = ", ".join(law_text.framework(one) for one in frameworks)
            shown.add_row("" if number else names, *answer)
        shown.add_section()
    Console(width=width(150)).print(shown)


def print_law_changes(state: str, since: str, month: str) -> None:
    """Which provisions came and went between two months, and what the law answers otherwise."""
    from rich.console import Console
    from rich.table import Table as RichTable

    from ..text import law_text

    changes = law_text.change_rows(state, since, month)
    if not changes:
        typer.echo(law_text.NOTHING.format(state=state, since=since, month=month))
        return
    console = Console(width=width(150), markup=False)
    changed = [row for row in law_text.beside_rows(state, since, month) if row[3] != law_text.SAME]
    beside = ("Framework", "Kinds", f"In {since}", f"In {month}")
    title = f"What changed in the law of {state} from {since} to {month}"
    for heading, heads, rows in (
        (title, law_text.CHANGES, changes),
        ("What it answers otherwise, every condition granted", beside, changed),
    ):
        shown = RichTable(title=heading, title_justify="left", show_lines=True)
        for head in heads:
            shown.add_column(head, overflow="fold")
        for row in rows:
            shown.add_row(*row)
        console.print(shown)


def print_beside_the_gate(
    keys: Iterable[str], weapons: Mapping[str, tuple[float, float]], state: str
) -> None:
    """What the law does beside opening and shutting: a row for each provision, and what is left of
    the use of weapons where something is taken away."""
    from rich.console import Console
    from rich.table import Table as RichTable

    from scenarios.definition.law_table import table

    from ..text import law_text
    from ..text.provision_text import says, steps_left

    known = {row["id"]: row for row in table(())}
    told = [(row, words) for row in (known[key] for key in keys) if (words := says(row, state))]
    if not told:
        return
    shown = RichTable(title="What else it does", title_justify="left")
    for heading in ("provision", "what it does", "frameworks"):
        shown.add_column(heading, overflow="fold")
    for row, words in told:
        where = ", ".join(law_text.framework(one) for one in row["frameworks"].split(";") if one)
        shown.add_row(row["id"], words, where)
    alike: dict[str, list[str]] = {}
    for framework, (least, most) in weapons.items():
        if least < 1:
            alike.setdefault(steps_left(least, most), []).append(law_text.framework(framework))
    for share, frameworks in alike.items():
        shown.add_row("together", share, ", ".join(frameworks))
    Console(width=width(150)).print(shown)


def print_criteria(table: Any, title: str) -> None:
    """The three criteria, one table for each; then what stands behind the numbers."""
    from rich.console import Console
    from rich.table import Table as RichTable

    from ..reports import criteria_table

    console = Console(width=width(130), markup=False)
    typer.echo(f"The three criteria of the comparative study: {title}")
    rows = criteria_table.rows(table)
    for number, criterion in enumerate(dict.fromkeys(name for name, _ in rows), 1):
        shown = RichTable(title=f"{number} {criterion}", title_justify="left")
        for place, head in enumerate(criteria_table.heads(table)):
            shown.add_column(head, overflow="fold", justify="left" if place < 2 else "right")
        for _, cells in (row for row in rows if row[0] == criterion):
            shown.add_row(*cells)
        console.print(shown)
    typer.echo(f"{criteria_table.NOTE}\n")
    for line in criteria_table.details(table):
        typer.echo(f"  {line}")


def print_provisions(keys: Iterable[str], state: str) -> None:
    """Each provision with what it says, the note of the table and its source."""
    from scenarios.definition.law_table import table

    from ..text.provision_text import says

    known = {row["id"]: row for row in table(())}
    for row in (known[key] for key in dict.fromkeys(keys) if key in known):
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
        if entry.amount:
            typer.echo(f"    quantity: {entry.amount}")
        confidence = f" (confidence {entry.confidence})" if entry.confidence else ""
        typer.echo(f"    source: {entry.source}{confidence}")
    count = "statement" if len(entries) == 1 else "statements"
    typer.echo(f"{len(entries)} {count}.", err=bool(entries))
