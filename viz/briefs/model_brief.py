"""The opening of ``docs/validation.md``: what a sceptic should know of the model, in three minutes.

    python -m viz.briefs.model_brief

writes it anew from what is stored; ``make validate`` does so last.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from calibration.decision_fitting.decision_draws import STORE
from calibration.documented_decisions.flagship_evidence import COLUMNS, OTHER, RIGHT, WRONG
from calibration.panel_fitting import panel_posterior
from calibration.raw_data.raw_files import coded
from calibration.validation import fit_comparison
from calibration.validation.markdown_table import markdown_table
from model.vocabulary import STUDIED

from ..reports import scorecard
from ..reports.decision_fit_report import says
from ..reports.scorecard import OFFICERS, STAY, UNITS

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
HEADING, NEXT = "## In three minutes", "## One forecast in full"
PAGE_TEXT = """
{heading}

**What the fit has seen.** Of Japan and Korea {answers} documented answers to requests and {ends}
ends of terms, each with its situation. Of all other contributors {rows:,} half years of a state in
a mission, to {shipped}, with {came:,} arrivals and {left:,} departures.

**How good it is on what it has not seen.** Saved is the share
of the base rate's log loss.

{table}

**Where not to trust it.**

- Officers: the chance of a yes is no better than the base rate of yes.
- A long presence: chances of coming and of each term multiply. Run freely from 1990, the model
  gives {history:.0f} of 21 documented courses of Japan and Korea as often as was aimed at.
- Totals of people: missions shrank faster than their calendars said, and new ones filled up faster
  than the model fills them.
- Reasons: of {cases} cases that every specialist knows, {right} come out right for the right
  reason, {other} right for another, {wrong} wrong ([flagship cases](flagship_cases.md)).
- Weights: of {weights} weights of Japan and Korea, {idle} stand where their prior put them
  ([the fit](decision_fit.md)).

All targets, met and missed: [scorecard](scorecard.md). What the model leaves out:
[limitations](limitations.md).
"""


def page() -> str:
    """The opening, in Markdown."""
    held = pd.read_csv(STORE / "left_out.csv")
    panel = pd.read_csv(
        panel_posterior.STORE / f"diagnostics-{panel_posterior.UNTIL[-1]}.csv"
    ).iloc[0]
    fit = pd.read_csv(STORE / "summary.csv")
    idle = [row["parameter"] for row in fit.to_dict("records") if says(row)]
    judged = coded("flagship_cases", COLUMNS)["judgement"].value_counts()
    return PAGE_TEXT.format(
        heading=HEADING,
        answers=int((held["question"] != STAY).sum()),
        ends=int((held["question"] == STAY).sum()),
        rows=int(panel["half_years"]),
        came=int(panel["came"]),
        left=int(panel["left"]),
        shipped=panel_posterior.UNTIL[-1],
        table=markdown_table(proof()),
        history=scorecard.history(),
        cases=int(judged.sum()),
        right=judged[RIGHT],
        other=judged[OTHER],
        wrong=judged[WRONG],
        weights=len(fit) // len(STUDIED),
        idle=len({name.split(".")[0] for name in idle}),
    ).strip()


def proof() -> pd.DataFrame:
    """What was left out or lay ahead, and how well it was told."""

    def saved(name: str, question: str) -> str:
        share = scorecard.held(name, question, "gain")
        return f"{100 * abs(share):.0f}% {'saved' if share >= 0.0 else 'more'}"

    auc = scorecard.held("left_out", UNITS, "auc")
    rows = [
        ("units asked of Japan and Korea", "whole missions left out",
         f"{saved('left_out', UNITS)}, AUC {auc:.2f}"),
        ("staying or leaving", "whole missions left out", saved("left_out", STAY)),
        ("officers asked for", "whole missions left out", saved("left_out", OFFICERS)),
        ("units asked of Japan and Korea", "five years after each cut", saved("forward", UNITS)),
        ("staying or leaving", "five years after each cut", saved("forward", STAY)),
        ("people of all contributors",
         f"{fit_comparison.ORIGIN} to {fit_comparison.LAST}",
         f"error {scorecard.later('crps to persistence, calendar known'):.2f} of persistence that "
         f"knows the calendar; {100 * scorecard.later('inside 80'):.0f}% in the 80% band"),
        ("people in all missions together",
         f"{fit_comparison.ORIGIN} to {fit_comparison.LAST}",
         f"{scorecard.later('total, least'):.2f} to {scorecard.later('total, most'):.2f} of what "
         "was seen, by year"),
        ("people of all contributors", "2010-12 to 2014-08, two years ahead and more",
         f"error {scorecard.forecast('two years and more'):.2f} of persistence"),
        ("people of Japan and Korea", "2010-12 to 2014-08",
         f"error {scorecard.forecast('Japan and Korea'):.2f} of persistence"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "not seen", "how good"])


def opened(report: str) -> str:
    """A validation report with the opening in it, in place of an earlier one."""
    before, found, rest = report.partition(NEXT)
    if not found:
        raise SystemExit(f"{PAGE} has no heading {NEXT!r}; run make validate first")
    return f"{before.partition(HEADING)[0].rstrip()}\n\n{page()}\n\n{NEXT}{rest}"


def main() -> None:
    """Write the opening into the page."""
    PAGE.write_text(opened(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
