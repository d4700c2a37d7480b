"""The commands ``explain``, ``record`` and ``law``: why a state answered; what is documented."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.errors import InputError

from . import options, terminal_tables
from .broken_pipe import may_leave
from .json_output import JsonOption, print_json
from .options import (
    DeliberatingOption,
    EndOption,
    OutOption,
    OverwriteOption,
    PointOption,
    ScenarioName,
    SeedOption,
    SetOption,
    StartOption,
    TermOption,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from ..text.explanation_text import Explanation

app = typer.Typer()


@app.command()
def explain(
    context: typer.Context,
    scenario: ScenarioName,
    state: Annotated[str, typer.Option(metavar="JPN", help="Code or name of the state.")],
    mission: Annotated[
        str | None,
        typer.Option(metavar="UNMIS", help="Mission; default: an overview of all requests."),
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Show the answers of this month only.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Number of runs to count outcomes over.")] = 100,
    everything: Annotated[
        bool, typer.Option("--all", help="Explain renewals in which the state stays, too.")
    ] = False,
    factors: Annotated[
        bool,
        typer.Option(
            "--factors", help="Group the terms by the five factors for authorising a deployment."
        ),
    ] = False,
    seed: SeedOption = 1,
    settings: SetOption = None,
    start: StartOption = None,
    end: EndOption = None,
    deliberating: DeliberatingOption = None,
    point: PointOption = False,
    terms: TermOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Explain why a state answered as it did: law, capacity, choice, vote, answer.

    Detailed for run 0, then the outcomes over all runs and what is documented. With --month, what
    would have turned that answer over the runs. With --out, write text, tables and figures.

    Example: peacekeeping explain historical --state JPN --mission UNMISS --from 2010-01
    """
    from rich.console import Console

    from ..text import explanation_text, text_lines

    if mission is not None and not mission.strip():
        raise InputError("--mission is blank; leave it out for an overview of all requests")
    folder = options.folder(out, context)
    found = explanation_text.explain(
        scenario,
        state,
        mission,
        month,
        runs=runs,
        seed=seed,
        everything=everything,
        factors=factors,
        **options.given(start, end, deliberating, settings, point, terms),
    )
    if folder is not None:
        _save(found, folder, overwrite)
    if as_json:
        print_json(_explained(found))
        return
    found.print(Console(width=text_lines.WIDTH))


def _save(found: Explanation, folder: Path, overwrite: bool) -> None:
    """Write an explanation with its figures."""
    from scenarios.storage import display

    from ..reports import result_figures

    display.drawn_by(lambda: result_figures)
    found.save(folder, overwrite=overwrite)
    typer.echo(f"Written to {folder}.", err=True)


def _explained(found: Explanation) -> dict[str, Any]:
    """An explanation as data: the answers of run 0 with what would have turned those that the text
    gives in full, the outcomes and renewals of all runs."""
    asked, shown = found.answers, set(found.shown())
    rows = found.decisions
    if found.month is not None and len(rows):
        rows = rows[rows["month"] == found.month]
    return {
        "scenario": asked.scenario.name,
        "state": asked.state,
        "mission": asked.mission,
        "runs": asked.runs,
        "seed": asked.seed,
        "answers": [
            {**row, "turns": found.turns(number) if number in shown else []}
            for number, row in rows.to_dict("index").items()
        ],
        "outcomes": found.outcomes,
        "renewals": found.renewals,
    }


@app.command()
def record(
    state: Annotated[str | None, typer.Option(metavar="KOR", help="Code or name.")] = None,
    year: Annotated[int | None, typer.Option(help="Year that the statement is about.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Category, such as law, opinion or vote.")
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(help="Words or numbers that all occur in the statement, in either spelling."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List documented facts, each with its source.

    Example: peacekeeping record --state KOR --year 2007
    """
    from calibration.documented_record import entries

    found = entries(state, year, category, text)
    if as_json:
        print_json(found)
        return
    terminal_tables.print_entries(found)


@app.command()
def law(
    state: Annotated[
        str, typer.Option(metavar="KOR", help="Code or name of a state with documented law.")
    ],
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Month.")],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM", help="Show what changed since this earlier month, by which act."
        ),
    ] = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Print each provision with note and source.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a state's law allows in a month: what is permitted, who decides, which provision;
    and what else it does: ceilings, weapons, terms, norms, supplies, surveys, standing forces.

    Example: peacekeeping law --state JPN --month 2016-03 --since 2015-08
    """
    from scenarios.definition import law_table, lookup

    state = lookup.state(state)
    if since is not None:
        from scenarios.explanation import law_changes

        terminal_tables.print_law_changes(state, since, month)
        if notes:
            named = law_changes.provisions_between(state, since, month)["provision"]
            terminal_tables.print_provisions(named, state)
        return
    if law_table.has_law(state) and not as_json:
        law_table.in_range(month)
        with may_leave():  # printed before the heavy packages are loaded
            terminal_tables.print_law_title(state, month)
    from scenarios.explanation.law_at_date import beside_the_gate, law_at, weapons_left

    table, beside = law_at(state, month), beside_the_gate(state, month)
    if as_json:
        _print_law(table, beside, weapons_left(state, month), state, month)
        return
    terminal_tables.print_law(table)
    terminal_tables.print_beside_the_gate(beside, weapons_left(state, month), state)
    if notes:
        terminal_tables.print_provisions([*table["provision"], *beside], state)


def _print_law(
    table: DataFrame,
    beside: list[str],
    weapons: Mapping[str, tuple[float, float]],
    state: str,
    month: str,
) -> None:
    """A state's law in a month as JSON, with every provision that is named in it."""
    from scenarios.definition.law_table import table as provisions

    from ..text.provision_text import says

    named = {*table["provision"], *beside}
    print_json(
        {
            "state": state,
            "month": month,
            "answers": table.rename(columns={"decided by": "decided_by"}),
            "beside": beside,
            "use_of_weapons": {
                name: {"least": least, "most": most} for name, (least, most) in weapons.items()
            },
            "provisions": [
                {key: row[key] for key in ("id", "title", "in_force", "note", "source")}
                | {"says": says(row, state)}
                for row in provisions(())
                if row["id"] in named
            ],
        }
    )


@app.command()
def criteria(
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO", help="Scenario that is simulated."),
    ] = "historical",
    start: Annotated[
        str, typer.Option("--from", metavar="YYYY-MM", help="First month of the period.")
    ] = "2000-01",
    end: Annotated[
        str, typer.Option("--to", metavar="YYYY-MM", help="Last month of the period.")
    ] = "2010-12",
    runs: Annotated[int, typer.Option(help="Number of runs.")] = 100,
    seed: SeedOption = 1,
) -> None:
    """Compare Japan and Korea by the three criteria of the comparative study: law and first
    participation; human resources; agreements and dialogue. Recorded beside simulated.

    Example: peacekeeping criteria --from 2000-01 --to 2010-12
    """
    from scenarios.studies.three_criteria import three_criteria

    from ..progress import Progress, telling_what_is_left

    with telling_what_is_left(), Progress("running") as progress:
        table = three_criteria(scenario, start, end, runs=runs, seed=seed, progress=progress)
    terminal_tables.print_criteria(table, f"{scenario}, {start} to {end}, {runs} runs, seed {seed}")
