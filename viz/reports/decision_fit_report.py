"""The fit of the decision weights as a document: what was seen, how good, what the data say.

    python -m viz.reports.decision_fit_report

writes ``docs/decision_fit.md`` from the stored draws; ``make fit-decisions`` makes those first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.decision_fitting import opinion_series
from calibration.decision_fitting.calibration_by_simulation import judged
from calibration.decision_fitting.decision_draws import STORE
from calibration.decision_fitting.lead_times import documented
from calibration.decision_fitting.missions_left_out import scores
from calibration.decision_fitting.rival_theories import COLUMNS
from calibration.fitting import posterior
from calibration.fitting.fitted_parameters import SIZED
from calibration.panel_fitting import panel_posterior
from calibration.raw_data.raw_files import coded
from calibration.validation import fit_comparison
from model.core import parameter_values

PAGE = Path(__file__).parents[2] / "docs" / "decision_fit.md"
INTRODUCTION = """
# The fitted decisions

Written by `python -m viz.reports.decision_fit_report`; `make fit-decisions` makes the fit itself.

The weights of the utility are sampled from the joint likelihood of the documented answers and ends
of terms, each given the documented situation of its month. Priors are in
`calibration/record/decision_priors.csv`; the coding is described in the README beside it. Sizes of
extensions are in it. Votes are not: every documented motion carried, and the stances of parties are
coded from the votes. Public support, lead times, training support and agreements have likelihoods
of their own, below.
"""
LEFT_OUT = """
## Whole missions left out

The weights come from all other groups of missions and judge this one. Base is the log loss of the
base rates of the kept decisions; AUC is that of yes, with its 90% interval.
"""
FORWARD = """
## Forward in time

The weights come from the decisions until the cut and judge those of the five years after it.
"""
THEORIES = """
## Simpler theories, and the model without each mechanism

The same likelihood with fewer parameters. Difference is the expected log chance of all decisions,
each left out, less that of the whole model (Pareto-smoothed importance sampling); below nought, the
whole model is better. A difference within two standard errors says nothing. The next two columns
split it into answers to asks and ends of terms.
"""
MISSING = (
    "Fitted so far: {found} of {known} rows; "
    "`python -m calibration.decision_fitting.rival_theories` fits all of them."
)
NOTHING_ADDED = "No loss beyond two standard errors without: {}."
COVERAGE = """
## Does the fit find what was put in?

Parameters are drawn from the prior, decisions from the likelihood in the documented situations, and
the fit is made to these, {repeats} times. A repeat whose chain does not mix is left out, as such a
fit would not be shipped. Share of true values inside the central intervals, over all parameters
and for the five that are furthest off. By chance alone, that of one parameter differs from 0.80 by
{error:.2f} (one standard error):
"""
LATER = "Not repeated since these are fitted, too: {}."
TRAINING = """
## Training support and agreements

Yearly counts of both states around what the rules expect, by
`python -m calibration.decision_fitting.training_and_dialogue`. `spill_over` is what a request that
the law shut adds to training support: the 90% interval runs from {low:.2f} to {high:.2f}, so the
documents do not tell whether blocked effort goes there, and it stays at nought in the model. That
training and dialogue grow under legal restraint does not emerge from exchanged laws, therefore; one
blocked request a year would have to weigh {needed:.1f} to double the support.
"""
OPINION = """
## Public support

The Cabinet Office's series on UN operations has {un} points, which give Japan's own values; {other}
surveys on coalitions, each with a question of its own, give values that both states share
(`python -m calibration.decision_fitting.opinion_series`). No survey followed a death, so that the
cost of one keeps its assumption.
"""
LEAD_TIMES = """
## Months from request to arrival

Routine units that were asked for and came: {cases}, after {least} to {most} months, {median:g}
in the median. They are log-logistic, by `python -m calibration.decision_fitting.lead_times`; both
states share the values.
"""
PANEL = """
## The weights of all other contributors

What other states do is known mission by mission from November 2009 on; what they were asked is not.
So the likelihood of the panel takes the chance of coming as that of being asked times that of a
yes, given the situation of each half year, and averages over a taste of each state for each line of
missions (`python -m calibration.panel_fitting.panel_posterior`). A row is a half year of a state, a
mission and a class of people. Draws come by importance sampling around the peak; with Pareto's k
below 0.7 they can be trusted. The fit to {shipped} is shipped; the one to {held} is kept to
forecast what it has not seen.
"""
SHIFTS = """
Three shifts of how often capitals are asked, and one of the noise of staying, are found by
approximate Bayesian computation on forecasts, as the model scales offers beyond the need, which the
likelihood does not see: of who is where, and of how many people each mission has. A weight of which
the panel tells the wrong sign is held at nought for these states. Robust mandates draw them,
against the literature on single states. The values of Japan and Korea are fitted to their own
decisions, with the same priors for region, affinity, past missions, forces, income and presence.
Priors centred on the panel's posterior were tried: missions left out were told worse.

Prior and posterior of the fit to {shipped}:
"""
SIZES = """
How large contingents are when they come, how often they change and by how much comes from
regressions on the same half years (`python -m calibration.panel_fitting.panel_sizes`), of the form
of the model's own rules. Sizes are logarithms over the usual size of a kind; room is the share of a
mission's strength that is open. How long units take to come to a new mission is read from its
monthly strength (`python -m calibration.panel_fitting.build_up`). Means and standard deviations of
the draws of sizes that are shipped:
"""
FORECASTS = """
Both fits forecast from {origin} to {last}, years that neither saw, with the calendar of missions
known (`python -m calibration.validation.fit_comparison`). Totals are people forecast over people
seen, in the year where that is least and in the year where it is most.
"""
CHAINS = """
## Did the chains agree?

R-hat is at most {rhat:.3f}, there are at least {ess:.0f} effective draws, and {divergences}
divergences. Draws are shipped only with R-hat at most 1.01, at least 400 effective draws and no
divergence.
"""
PRIOR_AND_POSTERIOR = """
## Prior and posterior

Contraction is the share of the prior's variance that the data took away. Low and high are the ends
of the 90% interval.
"""
SPILL_OVER = "spill_over.JPN"
NOT_IDENTIFIED = 0.1  # contraction of the variance below which the prior stands
MOVED = 0.5  # prior standard deviations by which the mean has moved


def table(frame: pd.DataFrame) -> str:
    """A table in Markdown; numbers with two digits after the point."""
    head = "| " + " | ".join(str(name).replace("_", " ") for name in frame.columns) + " |"
    rule = "|" + " --- |" * len(frame.columns)
    rows = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.to_numpy()]
    return "\n".join([head, rule, *rows])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.2f}"
    return str(value)


def says(row: Mapping[Any, Any]) -> str:
    """What the data say of a parameter, in words."""
    if row["contraction"] >= NOT_IDENTIFIED:
        return ""
    if abs(row["mean"] - row["prior"]) > MOVED * row["prior_sd"]:
        return "moved, and wide"
    return "not identified: the prior stands"


def forward() -> str:
    """The scores after each cut."""
    held = pd.read_csv(STORE / "forward.csv")
    parts = [scores(part).assign(until=cut) for cut, part in held.groupby("cut")]
    frame = pd.concat(parts, ignore_index=True)
    return table(
        frame[["until", "question", "decisions", "log_loss", "base", "auc", "low", "high"]]
    )


def theories() -> list[str]:
    """Each theory beside the whole model, and which mechanisms add nothing."""
    path = STORE / "theories.csv"
    if not path.exists():
        return []
    frame = pd.read_csv(path)
    without = frame[frame["sort"] == "without"]
    idle = without[without["difference"] > -2.0 * without["standard_error"]]["name"]
    known = 1 + len(coded("decision_theories", COLUMNS))
    missing = [MISSING.format(found=len(frame), known=known)] if len(frame) < known else []
    return [THEORIES, *missing, table(frame), NOTHING_ADDED.format(", ".join(idle))]


def coverage() -> list[str]:
    """Coverage of the intervals over all parameters, and the worst parameters."""
    path = STORE / "coverage.csv"
    if not path.exists():
        return []
    frame = pd.read_csv(path)
    whole = frame[frame["parameter"] == "all parameters"]
    each = frame[frame["parameter"] != "all parameters"]
    worst = each.assign(off=(each["in_80"] - 0.8).abs()).nlargest(5, "off").drop(columns="off")
    shown = pd.concat([whole, worst], ignore_index=True).drop(columns="repeats")
    repeats = int(frame["repeats"].iloc[0])
    said = COVERAGE.format(repeats=repeats, error=(0.8 * 0.2 / repeats) ** 0.5)
    later = [f"`{one}`" for one in judged() if one not in set(each["parameter"])]
    return [said, *([LATER.format(", ".join(later))] if later else []), table(shown)]


def training() -> list[str]:
    """What the yearly counts say, and how large the spill-over would have to be."""
    path = STORE / "training.csv"
    if not path.exists():
        return []
    frame = pd.read_csv(path)
    spill = frame[frame["parameter"] == SPILL_OVER].iloc[0]
    kept = {column.name: column.value for column in parameter_values.columns()}
    remembered = (1.0 - (1.0 - kept["blocked_decay"]) ** 12) / kept["blocked_decay"] / 12.0
    said = TRAINING.format(
        low=spill["low"], high=spill["high"], needed=float(np.log(2.0)) / remembered
    )
    return [said, table(frame)]


def opinion() -> list[str]:
    """The surveys, and what they say."""
    path = STORE / "opinion.csv"
    if not path.exists():
        return []
    told = opinion_series.surveys()
    return [
        OPINION.format(un=len(told.un[0]), other=len(told.coalition[0])),
        table(pd.read_csv(path)),
    ]


def arrivals() -> list[str]:
    """The documented lead times, and what they say."""
    path = STORE / "lead_times.csv"
    if not path.exists():
        return []
    months = documented()["months"]
    said = LEAD_TIMES.format(
        cases=len(months), least=months.min(), most=months.max(), median=months.median()
    )
    return [said, table(pd.read_csv(path))]


def panel() -> list[str]:
    """The fits of the panel: how good their draws are, prior and posterior, and forecasts."""
    months = {"held": panel_posterior.UNTIL[0], "shipped": panel_posterior.UNTIL[-1]}
    each = [
        pd.read_csv(panel_posterior.STORE / f"diagnostics-{until}.csv").assign(until=until)
        for until in panel_posterior.UNTIL
    ]
    fits = pd.concat(each, ignore_index=True).rename(columns={"ess": "effective draws"})
    fits["effective draws"] = fits["effective draws"].round().astype(int)
    fits["held_at_nought"] = fits["held_at_nought"].str.replace(";", ", ")
    fit = pd.read_csv(panel_posterior.STORE / f"summary-{months['shipped']}.csv")
    fit["says"] = [says(row) for row in fit.to_dict("records")]
    front = ["until", "half_years", "came", "left", "pareto_k", "effective draws"]
    parts = [PANEL.format(**months), table(fits[[*front, "held_at_nought"]])]
    parts += [SHIFTS.format(**months), table(fit)]
    drawn = posterior.read(posterior.FITS / f"{months['shipped']}.csv")[[*SIZED]]
    sizes = pd.DataFrame({"parameter": SIZED, "mean": drawn.mean(), "sd": drawn.std()})
    parts += [SIZES, table(sizes)]
    path = panel_posterior.STORE / "forecasts.csv"
    if path.exists():
        told = FORECASTS.format(origin=fit_comparison.ORIGIN, last=fit_comparison.LAST)
        parts += [told, table(pd.read_csv(path))]
    return parts


def page() -> str:
    """The document."""
    fit = pd.read_csv(STORE / "summary.csv")
    judged = pd.read_csv(STORE / "diagnostics.csv").iloc[0]
    held = pd.read_csv(STORE / "left_out.csv")
    found = scores(held)
    found["gain"] = [
        f"{100 * (1 - loss / base):.0f}%"
        for loss, base in zip(found["log_loss"], found["base"], strict=True)
    ]
    fit["says"] = [says(row) for row in fit.to_dict("records")]
    worst = held.assign(loss=-np.log(held["chance"])).nlargest(10, "loss")
    worst = worst[["id", "mission", "question", "done", "chance", "base"]]
    chains = CHAINS.format(
        rhat=judged["rhat"], ess=judged["ess"], divergences=int(judged["divergences"])
    )
    parts = [INTRODUCTION, LEFT_OUT, table(found), "## The worst ten", table(worst)]
    parts += [FORWARD, forward(), *theories(), *coverage(), *opinion()]
    parts += [*arrivals(), *training()]
    parts += [*panel(), chains, PRIOR_AND_POSTERIOR, table(fit)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def main() -> None:
    """Write the document."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
