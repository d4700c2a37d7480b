"""Every target that was set, what was measured, and why what falls short does.

    python -m viz.reports.scorecard

writes ``docs/scorecard.md`` and ``docs/scorecard.csv`` from what other commands stored; ``make
scorecard`` runs those first.  A target is a row of ``TARGETS``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from calibration.decision_fitting.decision_draws import STORE
from calibration.decision_fitting.missions_left_out import scores
from calibration.documented_decisions.coder_agreement import agreement
from calibration.panel_fitting import panel_posterior
from calibration.validation.markdown_table import markdown_table
from model.tables import table

ROOT = Path(__file__).parents[2]
PAGE, TABLE = ROOT / "docs" / "scorecard.md", ROOT / "docs" / "scorecard.csv"
INTRODUCTION = """
# Scorecard

Written by `python -m viz.reports.scorecard`; `make scorecard` measures everything first (hours).

{met} of {measured} measured targets are met; {missing} could not be read because the command
beside them has not been run here.
"""
SHORT = "## What falls short, and why"
UNITS, STAY, OFFICERS = "unit asked for", "stay or leave", "officers asked for"


class Target(NamedTuple):
    """One target.

    Attributes:
        subject: part of the program.
        what: the quantity.
        measure: reads it; raises ``OSError`` or ``KeyError`` where it has not been measured.
        side: ``least``, ``most`` or ``between``.
        aim: the value, or both ends.
        command: that measures it.
        short: why it is missed and what was tried; shown where it is missed.
    """

    subject: str
    what: str
    measure: Callable[[], float]
    side: str
    aim: tuple[float, ...]
    command: str
    short: str = ""

    def met(self, value: float) -> bool:
        """Whether a value is as aimed at."""
        if self.side == "least":
            return value >= self.aim[0]
        if self.side == "most":
            return value <= self.aim[0]
        return self.aim[0] <= value <= self.aim[1]

    @property
    def aimed(self) -> str:
        """The aim in words."""
        if self.side == "between":
            return f"{self.aim[0]:g} to {self.aim[1]:g}"
        return f"at {self.side} {self.aim[0]:g}"


def row(frame: pd.DataFrame, **key: str) -> dict[Any, Any]:
    """The first row with these values.

    Raises:
        KeyError: there is none.
    """
    for found in frame.to_dict("records"):
        if all(found[name] == value for name, value in key.items()):
            return found
    raise KeyError(key)


def held(name: str, question: str, column: str) -> float:
    """A score of the fit's stored judgements; ``gain`` is the share of the base rates' log loss
    that it saves."""
    found = row(scores(pd.read_csv(STORE / f"{name}.csv")), question=question)
    return float(1.0 - found["log_loss"] / found["base"] if column == "gain" else found[column])


def stored(name: str, column: str) -> float:
    """The first value of a column of a table of the fit."""
    return float(pd.read_csv(STORE / f"{name}.csv")[column].iloc[0])


def covered(share: int) -> float:
    """Share of true values inside an interval, over all parameters."""
    frame = pd.read_csv(STORE / "coverage.csv")
    return float(row(frame, parameter="all parameters")[f"in_{share}"])


def history() -> float:
    """Number of cases of the free-running history whose aim is met."""
    return float(pd.read_csv(STORE / "free_history.csv")["met"].sum())


SET_YEARS = (1995, 2000, 2005, 2010)
FROZEN = "out_of_sample_2019-12.csv"
CALENDAR = "persistence, calendar known"


def frozen(group: str, column: str) -> float:
    """A score of the simulation among the forecasts frozen in 2019; ``ratio`` is its error against
    that of persistence that knows the calendar of missions, too."""
    frame = pd.read_csv(ROOT / "docs" / FROZEN)
    ours = row(frame, group=group, forecaster="simulation")
    if column == "ratio":
        return float(ours["crps"] / row(frame, group=group, forecaster=CALENDAR)["crps"])
    return float(ours[column])


def forecast(group: str, column: str = "ratio") -> float:
    """A score of the simulation in the validation of today."""
    rows = json.loads((ROOT / "docs" / "validation.json").read_text(encoding="utf-8"))["skill"]
    ours = row(pd.DataFrame(rows), group=group, forecaster="simulation")
    return float(ours[column])


def later(column: str) -> float:
    """A score of the fit of the panel on the years after it."""
    return float(pd.read_csv(panel_posterior.STORE / "forecasts.csv")[column].iloc[-1])


def waits(what: str, visitors: str, figure: str, most: float) -> Target:
    """A wait of the web app in seconds, and its aim."""
    return Target(
        "web app", f"{what}, seconds", partial(measured, "web_app.json", visitors, figure),
        "most", (most,), BENCH, "Two cores run the server and the browsers of all visitors.",
    )  # fmt: skip


def carried() -> float:
    """People in a run of all states from 1990 over those recorded, of the years that were set the
    one that is furthest off."""
    frame = pd.read_csv(panel_posterior.STORE / "long_run.csv")
    ratio = frame.loc[frame["year"].isin(SET_YEARS), "ratio"]
    return float(ratio.loc[np.log(ratio).abs().idxmax()])


def measured(name: str, *keys: str) -> float:
    """A number in a file of ``benchmarks``; a key may be the beginning of one."""
    found: Any = json.loads((ROOT / "benchmarks" / name).read_text(encoding="utf-8"))
    for key in keys:
        found = found[next(one for one in [*found, ""] if one.startswith(key))]
    return float(found)


def catalogue() -> float:
    """Share of the expectations of the library that hold."""
    frame = pd.read_csv(ROOT / "docs" / "scenarios.csv")
    return float((frame["verdict"] == "holds").mean())


def limits() -> float:
    """Share of attempts to break the model's claims after which they hold."""
    return float((pd.read_csv(ROOT / "docs" / "limits.csv")["holds"] == "yes").mean())


def assumed_weights() -> float:
    """Decision weights of Japan and Korea that are assumptions."""
    frame = table("parameters")
    weights = frame["name"].str.startswith("weight_") & (frame["state"] != "")
    return float((weights & (frame["status"] == "assumption")).sum())


def keep_suite(path: Path = ROOT / "results" / "tests.xml") -> None:
    """Keep the numbers of the last run of the tests, where there was one here."""
    if not path.exists():
        return
    suites = list(ElementTree.parse(path).getroot().iter("testsuite"))
    found = {
        name: sum(float(one.attrib[name]) for one in suites)
        for name in ("tests", "failures", "errors", "time")
    }
    kept = ROOT / "benchmarks" / "tests.json"
    kept.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def kappa(name: str) -> float:
    """Agreement of the two coders beyond chance."""
    return float(row(agreement(), coded=name)["kappa"])


FIT, DECISIONS = "make fit-decisions", "make decisions"
VALIDATE, BENCH, PANEL = "make validate", "make bench", "make fit-panel"
FEW = "Few decisions are documented: half of all officers' asks say yes in all but one case."
TARGETS = (
    Target("decisions", "R-hat of the fit, worst", partial(stored, "diagnostics", "rhat"),
           "most", (1.01,), FIT),
    Target("decisions", "effective draws, fewest", partial(stored, "diagnostics", "ess"),
           "least", (400,), FIT),
    Target("decisions", "log loss saved on units, missions left out",
           partial(held, "left_out", UNITS, "gain"), "least", (0.25,), FIT),
    Target("decisions", "AUC of yes on units, missions left out",
           partial(held, "left_out", UNITS, "auc"), "least", (0.75,), FIT),
    Target("decisions", "log loss saved on stay or leave, missions left out",
           partial(held, "left_out", STAY, "gain"), "least", (0.25,), FIT,
           "What ends a presence is often outside the record: a pledge, a reason never published."),
    Target("decisions", "log loss saved on officers, missions left out",
           partial(held, "left_out", OFFICERS, "gain"), "least", (0.25,), FIT, FEW),
    Target("decisions", "log loss saved on units, forward in time",
           partial(held, "forward", UNITS, "gain"), "least", (0.25,), FIT),
    Target("decisions", "log loss saved on stay or leave, forward in time",
           partial(held, "forward", STAY, "gain"), "least", (0.25,), FIT,
           "As for missions left out."),
    Target("decisions", "true values inside 50% intervals, synthetic decisions",
           partial(covered, 50), "between", (0.45, 0.55), FIT),
    Target("decisions", "true values inside 80% intervals, synthetic decisions",
           partial(covered, 80), "between", (0.75, 0.85), FIT),
    Target("decisions", "true values inside 95% intervals, synthetic decisions",
           partial(covered, 95), "between", (0.92, 0.98), FIT),
    Target("decisions", "weights of Japan and Korea that are assumptions", assumed_weights,
           "most", (0,), FIT,
           "Norms of politics are too rare to be fitted."),
    Target("decisions", "cases of the free-running history met, of 21", history,
           "least", (21,), DECISIONS,
           "A case asks for one course in most runs. The model sends engineers to Sudan and Darfur "
           "in half of them, without the surveys' reasons for a no, and their load then keeps it "
           "from South Sudan. Chances of coming and of each term multiply: no long stay is sure."),
    Target("evidence", "kappa of two coders, grade", partial(kappa, "grade"), "least", (0.6,),
           "python -m calibration.documented_decisions.coder_agreement"),
    Target("evidence", "kappa of two coders, finding", partial(kappa, "finding"), "least", (0.6,),
           "python -m calibration.documented_decisions.coder_agreement",
           "What a survey found is told with the answer, if at all; the fit does not use it."),
    Target("evidence", "kappa of two coders, consent", partial(kappa, "consent"), "least", (0.6,),
           "python -m calibration.documented_decisions.coder_agreement"),
    Target("forecasts", "CRPS of persistence, all states, two years and more",
           partial(forecast, "two years and more"), "most", (0.8,), VALIDATE,
           "Near years are as persistence says; the gain comes from the fourth year on."),
    Target("forecasts", "outcomes in the 80% band, all states",
           partial(forecast, "all states", "inside_80"), "between", (0.75, 0.85), VALIDATE),
    Target("forecasts", "CRPS of persistence, Japan and Korea",
           partial(forecast, "Japan and Korea"), "most", (0.6,), VALIDATE,
           "Weights saw no later decision, and later requests are not known."),
    Target("forecasts from 2014", "CRPS of persistence that knows the calendar, all states",
           partial(later, "crps to persistence, calendar known"), "most", (0.8,), PANEL),
    Target("forecasts from 2014", "outcomes in the 80% band",
           partial(later, "inside 80"), "between", (0.75, 0.85), PANEL),
    Target("forecasts from 2014", "outcomes in the 50% band",
           partial(later, "inside 50"), "between", (0.45, 0.55), PANEL,
           "Most small contributors hardly move."),
    Target("forecasts from 2014", "people forecast over people seen, the year of most",
           partial(later, "total, most"), "most", (1.1,), PANEL),
    Target("forecasts from 2014", "people forecast over people seen, the year of fewest",
           partial(later, "total, least"), "least", (0.9,), PANEL,
           "New missions fill up too slowly."),
    Target("all states from 1990", "people over those recorded, the worst of four years", carried,
           "between", (0.85, 1.15), PANEL,
           "Too few accept a new mission. With every capital asked for units (long_run --set "
           "approach_need_unit=4) it is 0.54 in 1995, 0.45 in 2000, 0.72 in 2005 and 0.85 in 2010. "
           "The panel begins in 2009 and sees few new missions."),
    Target("forecasts, frozen in 2019", "CRPS of persistence that knows the calendar, two years on",
           partial(frozen, "two years and more", "ratio"),
           "most", (0.8,), "docs/out_of_sample.md",
           "Missions shrank faster than their calendar says, and newcomers are not told apart."),
    Target("forecasts, frozen in 2019", "outcomes in the 80% band",
           partial(frozen, "all states", "inside_80"),
           "between", (0.75, 0.85), "docs/out_of_sample.md",
           "Most small contributors hardly move; bands that hold 80% elsewhere are wide for them."),
    Target("forecasts, frozen in 2019", "outcomes in the 50% band",
           partial(frozen, "all states", "inside_50"),
           "between", (0.45, 0.55), "docs/out_of_sample.md",
           "As for the 80% band."),
    Target("library", "expectations that hold", catalogue, "least", (0.8,), "make docs",
           "Expectations were written first; each that fails has a finding in its file."),
    Target("limits", "attempts after which the claims hold", limits, "least", (1.0,), "make docs",
           "Each surprise is explained in docs/limits.md."),
    Target("speed", "runs of all states a second over plain Python, times",
           partial(measured, "speed.json", "every state", "ratio to plain Python"),
           "least", (1000,), BENCH),
    Target("speed", "a run over the bare loop of its draws, times",
           partial(measured, "speed.json", "every state", "ratio to the bare loop"),
           "most", (4.0,), BENCH,
           "What is not draws is spent approaching states and answering (benchmarks/README.md)."),
    Target("speed", "500 two-state runs summarised, seconds",
           partial(measured, "speed.json", "two states", "500 runs summarised"),
           "most", (0.5,), BENCH,
           "What is left are keyed draws and the calls of each month (benchmarks/README.md)."),
    waits("one visitor, first answer", "one visitor", "slider to first answer, median", 0.3),
    waits("one visitor, all runs", "one visitor", "slider to all runs, median", 0.8),
    waits("twenty at once, first answer", "twenty visitors",
          "first answers at the same moment, median", 2.0),
    waits("twenty at once, the last to have all runs", "twenty visitors",
          "all runs at the same moment, worst", 10.0),
    Target("tests", "tests that fail", partial(measured, "tests.json", "failures"), "most", (0,),
           "make test"),
    Target("tests", "time of the suite, seconds", partial(measured, "tests.json", "time"),
           "most", (600,), "make test",
           "Whole runs, a real browser and clean environments take most of it."),
)  # fmt: skip


def measure() -> pd.DataFrame:
    """Every target with what was measured; a value is NaN where nothing is stored."""
    rows = []
    for one in TARGETS:
        try:
            value = one.measure()
        except (OSError, KeyError, StopIteration):
            value = float("nan")
        known = not np.isnan(value)
        rows.append(
            {"subject": one.subject, "target": one.what, "aim": one.aimed,
             "measured": f"{value:.3g}" if known else "not measured",
             "met": ("yes" if one.met(value) else "no") if known else "",
             "command": one.command, "short": one.short if known and not one.met(value) else ""}
        )  # fmt: skip
    return pd.DataFrame(rows)


def page(frame: pd.DataFrame) -> str:
    """The document."""
    known = frame[frame["met"] != ""]
    missed = frame[frame["met"] == "no"]
    head = INTRODUCTION.format(
        met=int((known["met"] == "yes").sum()), measured=len(known),
        missing=len(frame) - len(known),
    )  # fmt: skip
    parts = [head.strip()]
    for subject, part in frame.groupby("subject", sort=False):
        shown = part[["target", "aim", "measured", "met", "command"]]
        name = str(subject)
        parts += [f"## {name[0].upper()}{name[1:]}", markdown_table(shown)]
    reasons = [
        f"- **{one['target']}** ({one['measured']}, {one['aim']}): "
        f"{one['short'] or 'no reason known yet.'}"
        for one in missed.to_dict("records")
    ]
    parts += [SHORT, "\n".join(reasons)]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Read what is stored; write the page and the table."""
    keep_suite()
    frame = measure()
    frame.to_csv(TABLE, index=False, lineterminator="\n")
    PAGE.write_text(page(frame), encoding="utf-8")
    print(frame[["target", "aim", "measured", "met"]].to_string(index=False))


if __name__ == "__main__":
    main()
