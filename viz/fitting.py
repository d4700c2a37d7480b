"""The commands that fit the model to the record and say how well: ``validate``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

app = typer.Typer()

ORDER = ("crps", "ratio", "log_score", "brier", "inside_50", "inside_80", "inside_95")
HEADS = ("CRPS", "of persistence", "log score", "Brier", "in 50 %", "in 80 %", "in 95 %")


@app.command()
def validate(
    origin: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="Last month known to the forecast.")
    ] = "2010-12",
    until: Annotated[str, typer.Option(metavar="YYYY-MM", help="Last month scored.")] = "2014-08",
    runs: Annotated[int, typer.Option(help="Runs of the ensemble.")] = 400,
    seed: Annotated[int, typer.Option(help="Seed of all luck, 0 or more.")] = 1,
    given: Annotated[
        str,
        typer.Option(
            metavar="calendar|nothing",
            help="What of later date the forecast is told: the calendar of missions (dates, "
            "mandate, first strength), or nothing.",
        ),
    ] = "calendar",
) -> None:
    """Forecast from a month on and score it beside persistence, climatology and a regression.

    Scores are of yearly mean people in UN missions, on log(1 + people); lower is better. "in 80 %"
    is the share of outcomes within the 80 % band.

    Example: peacekeeping validate --origin 2010-12 --until 2014-08
    """
    from calibration import validation

    result = validation.validate(origin, until, runs, seed, given)
    print_skill(result.skill)


def print_skill(skill: Any) -> None:
    """The skill table as text."""
    width = max(len(name) for name in skill["forecaster"]) + 2
    for group, part in skill.groupby("group", sort=False):
        cases = int(part["cases"].iloc[0])
        typer.echo(f"\n{group} ({cases} state-years)")
        typer.echo(" " * width + "".join(f"{head:>16}" for head in HEADS))
        for _, row in part.iterrows():
            cells = "".join(
                f"{row[name]:>16.0%}" if name.startswith("inside") else f"{row[name]:>16.3f}"
                for name in ORDER
            )
            typer.echo(f"{row['forecaster']:<{width}}{cells}")
