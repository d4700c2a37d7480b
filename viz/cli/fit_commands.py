"""The commands ``calibrate`` and ``validate``: fit the model to data, and score its forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from model import input_files
from model.errors import InputError
from scenarios.storage import atomic_write, csv_export

from ..progress import WorkProgress, telling_what_is_left
from . import extras, options
from .options import SeedOption

MOST_RUNS = 10_000  # of a forecast: all of them are in memory at once

app = typer.Typer()

ORDER = ("crps", "ratio", "log_score", "brier", "inside_50", "inside_80", "inside_95")
HEADS = ("CRPS", "of persistence", "log score", "Brier", "in 50%", "in 80%", "in 95%")


@app.command()
def calibrate(
    context: typer.Context,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Folder of the calibration; needed without --with-term."),
    ] = None,
    until: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="Last month of data used.")
    ] = "2014-08",
    population: Annotated[int, typer.Option(help="Number of parameter sets per generation.")] = 60,
    generations: Annotated[int, typer.Option(help="Number of generations.")] = 1,
    runs: Annotated[int, typer.Option(help="Number of runs per parameter set and window.")] = 12,
    seed: SeedOption = 1,
    synthetic: Annotated[
        int,
        typer.Option(help="Recover this many known parameter sets from simulated data instead."),
    ] = 0,
    pool: Annotated[
        int, typer.Option(help="With --synthetic: number of prior draws that all repeats share.")
    ] = 600,
    with_term: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Instead: fit the weight of a term of your own (a CSV file, as for run --term) to "
            "the documented answers of Japan and Korea.",
        ),
    ] = None,
) -> None:
    """Fit what all contributors share, with its uncertainty.

    Forecasts from two to four years before the end are scored, and, once every contributor is
    observed mission by mission, who is in which. Sequential approximate Bayesian computation keeps
    what scores best. The decision weights of Japan and Korea are fitted by make fit-decisions.
    Interrupted, it goes on from the last parameter set tried when called again with the same
    folder, and ends with the same draws.

    Example: peacekeeping calibrate --until 2010-12 --out results/fit
    """
    if with_term is not None:
        others = [name for name in context.params if name != "with_term"]
        options.refuse(context, others, "with --with-term")
        _fit_term(with_term)
        return
    if synthetic:
        options.refuse(context, ["generations"], "with --synthetic")
    else:
        options.refuse(context, ["pool"], "without --synthetic")
    if out is None:
        raise InputError("--out is missing; name a folder, such as results/fit")
    extras.require("pyabc", "scoringrules", "statsmodels")
    from calibration.fitting import calibrate, posterior
    from calibration.fitting import parameter_recovery as known_truth

    if not out.strip():
        raise InputError("--out is blank; name a folder, such as results/fit")
    folder = input_files.place(out)
    left = f"what was tried is kept in {folder}; call again with the same folder to go on"
    with telling_what_is_left(left), WorkProgress("parameter sets") as progress:

        def tell(done: int, total: int) -> None:
            progress(done, total, 0)

        if synthetic:
            table = known_truth.recover(
                synthetic, until, folder, population, pool, runs, seed, tell
            )
        else:
            draws = calibrate.calibrate(until, folder, population, generations, runs, seed, tell)
    if synthetic:
        typer.echo(table[table["repeat"] == 0].to_string(index=False, float_format="%.3f"))
        typer.echo(known_truth.summary(table).to_string(index=False, float_format="%.3f"))
        typer.echo(known_truth.coverage(table))
        return
    typer.echo(posterior.summary(draws).to_string(index=False, float_format="%.3f"))
    typer.echo(f"Draws in {folder / 'draws.csv'}")


def _fit_term(written: str) -> None:
    """Fit the weight of a term of the user's own and print what was found."""
    term = options.term(written)
    extras.require("numpyro", "arviz")
    from calibration.decision_fitting.own_term_weight import fit_term

    with WorkProgress("asks") as progress:
        found = fit_term(term, lambda done, total: progress(done, total, 0))
    typer.echo(str(found))


@app.command()
def validate(
    context: typer.Context,
    origin: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="Last month known to the forecast.")
    ] = "2010-12",
    until: Annotated[str, typer.Option(metavar="YYYY-MM", help="Last month scored.")] = "2014-08",
    runs: Annotated[int, typer.Option(help="Number of runs.")] = 400,
    seed: SeedOption = 1,
    decisions: Annotated[
        bool,
        typer.Option(
            "--decisions",
            help="Instead: the chance of every documented decision of Japan and Korea, put to the "
            "model in its month. 200 runs take some minutes.",
        ),
    ] = False,
    given: Annotated[
        str,
        typer.Option(
            metavar="calendar|nothing",
            help="What the forecast knows of later dates: the calendar of missions (dates, "
            "mandate, first strength), or nothing.",
        ),
    ] = "calendar",
    fit: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of a calibration. Default: the latest stored one that uses no later data.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Folder for the report: Markdown, HTML, JSON, figures."),
    ] = None,
    overwrite: options.OverwriteOption = False,
    table: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="CSV file for the scores; with --out, beside the report."
        ),
    ] = None,
) -> None:
    """Forecast from a month on and score it against persistence, climatology and a regression.

    Scores are of yearly mean people in UN missions, on log(1 + people); lower is better. "in 80%"
    is the share of outcomes within the 80% band.

    Example: peacekeeping validate --origin 2010-12 --until 2014-08
    """
    if decisions:
        options.refuse(context, ["origin", "until", "given"], "with --decisions")
    options.folder(out, context)
    extras.require("scoringrules", "scipy", "sklearn", "statsmodels")
    from calibration.validation import backtest, report_tables

    if table is not None:
        atomic_write.check_file(input_files.place(table))
    if decisions:
        checked("2010-12", "2014-08", runs, seed, "calendar", fit)
        validate_decisions(runs, seed, fit, out, overwrite, table)
        return
    asked = checked(origin, until, runs, seed, given, fit)
    if out is None:
        result = backtest.validate(*asked)
        write_scores(result.skill, table)
        print_skill(result.skill)
        print_moves(result.moves)
        print_fitted(origin, until, fit)
        return
    from scenarios.storage.output_folder import OutputFolder

    from ..reports import validation_report as page

    command = ["peacekeeping", "validate", "--origin", origin, "--until", until]
    command += ["--runs", str(runs), "--seed", str(seed), "--given", given]
    command += ["--fit", fit.name] if fit is not None else []
    with OutputFolder(out, command, overwrite) as place:
        made = report_tables.make(*asked, lambda part: typer.echo(f"{part} ...", err=True))
        written = page.write(made, place, command)
    write_scores(made.found.skill, table)
    print_skill(made.found.skill)
    print_moves(made.found.moves)
    print_fitted(origin, until, fit)
    typer.echo(f"\nWritten to {out}: {', '.join(written)}")


def write_scores(skill: Any, table: Path | None) -> None:
    """Write the scores of all forecasters to a CSV file, if asked."""
    if table is not None:
        with atomic_write.opening(input_files.place(table)):
            text = skill.round(4).to_csv(index=False, lineterminator="\n")
            atomic_write.write_whole(input_files.place(table), text.encode())


def validate_decisions(
    runs: int, seed: int, fit: Path | None, out: str | None, overwrite: bool, table: Path | None
) -> None:
    """Print, and store if asked, the chance of every documented decision."""
    from contextlib import ExitStack

    from calibration.documented_decisions import decision_chances, decision_evidence
    from calibration.documented_decisions import decision_scores as scoring
    from calibration.fitting import posterior
    from scenarios.storage.output_folder import OutputFolder
    from viz.reports import decisions_report as page

    draws = None if fit is None else posterior.read(input_files.place(fit))
    rows = None if draws is None else (lambda atlas: posterior.rows(draws, atlas, runs, seed))
    command = ["peacekeeping", "validate", "--decisions", "--runs", str(runs), "--seed", str(seed)]
    command += ["--fit", fit.name] if fit is not None else []
    with ExitStack() as stack:
        place = (
            stack.enter_context(OutputFolder(out, command, overwrite)) if out is not None else None
        )
        if table is not None:
            stack.enter_context(atomic_write.opening(input_files.place(table)))
        with WorkProgress("decisions") as progress:
            found = decision_chances.chances(
                decision_evidence.decisions(), runs, seed, rows, lambda a, b: progress(a, b, 0)
            )
        frame = scoring.table(found)
        if table is not None:
            atomic_write.write_whole(input_files.place(table), csv_export.as_csv(frame.round(4)))
        shown = [
            "id",
            "mission",
            "month",
            "kind",
            "done",
            "probability",
            "base",
            "stopped",
            "terms",
        ]
        typer.echo(frame[shown].to_string(index=False, float_format="%.3f", na_rep=""))
        for part in (
            scoring.scores(frame, seed),
            scoring.calibration(frame),
            scoring.worst(frame)[shown],
        ):
            typer.echo("")
            typer.echo(part.to_string(index=False, float_format="%.3f", na_rep=""))
        if place is not None:
            written = page.write(frame, place, command, runs, seed)
            typer.echo(f"\nWritten to {out}: {', '.join(written)}")


def checked(
    origin: str, until: str, runs: int, seed: int, given: str, fit: Path | None
) -> tuple[str, str, int, int, str, Path | None]:
    """What ``validate`` is asked, judged before any work."""
    from calibration.evidence.forecast import GIVEN
    from calibration.fitting.posterior import read
    from model.months import month_number
    from scenarios.running.run_options import check_numbers

    last = month_number(until, "--until")
    if month_number(origin, "--origin") >= last:
        raise InputError(f"--until {until} is not after --origin {origin}")
    check_numbers(runs, seed, MOST_RUNS)
    if runs < 2:  # the fair CRPS of a single run is not defined
        raise InputError(f"runs = {runs} is out of range; ask for 2 to {MOST_RUNS}")
    options.choice("--given", given, list(GIVEN))
    if fit is not None:
        fit = input_files.place(fit)
        read(fit)
    return origin, until, runs, seed, given, fit


def print_fitted(origin: str, until: str, fit: Path | None) -> None:
    """What the months scored are, where the tables go beyond those that the program came with."""
    from calibration.fitting.posterior import held_out
    from model import coverage
    from model.data_folder import SHIPPED
    from model.months import month_number

    end = coverage.span("un_reports", SHIPPED)[1]
    if until > end:
        seen = "of --fit" if fit else f"to {held_out(month_number(origin))[1]}"
        typer.echo(
            f"\nMonths after {end} are from your own tables. Nothing was fitted on them: "
            f"parameters saw data {seen}, the weights of Japan and Korea their decisions until the "
            f"origin, priors and the generator of missions the shipped tables."
        )


def print_moves(moves: Any) -> None:
    """Brier scores of joins and exits as text."""
    if len(moves):
        typer.echo("\njoins and exits by state and mission")
        typer.echo(moves.to_string(index=False, float_format="%.4f"))


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
