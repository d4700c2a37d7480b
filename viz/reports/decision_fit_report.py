"""The fit of the decision weights as a document: what was seen, how good, what the data say.

    python -m viz.reports.decision_fit_report

writes ``docs/decision_fit.md`` from the stored draws; ``make fit-decisions`` makes those first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from calibration.decision_fitting.decision_draws import STORE
from calibration.decision_fitting.missions_left_out import scores

PAGE = Path(__file__).parents[2] / "docs" / "decision_fit.md"
INTRODUCTION = """
# The fitted decisions of Japan and Korea

Written by `python -m viz.reports.decision_fit_report`; `make fit-decisions` makes the fit itself.

The weights of the utility are sampled from the joint likelihood of the documented answers and ends
of terms, each given the documented situation of its month. Priors are in
`calibration/record/decision_priors.csv`; the coding is described in the README beside it. Votes,
times, training and opinion are not in this likelihood yet.
"""
LEFT_OUT = """
## Whole missions left out

The weights come from all other groups of missions and judge this one. Base is the log loss of the
base rates of the kept decisions; AUC is that of yes, with its 90% interval.
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
NOT_IDENTIFIED = 0.1  # contraction of the variance below which the prior stands


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
    fit["says"] = [
        "not identified: the prior stands" if left < NOT_IDENTIFIED else ""
        for left in fit["contraction"]
    ]
    worst = held.assign(loss=-np.log(held["chance"])).nlargest(10, "loss")
    worst = worst[["id", "mission", "question", "done", "chance", "base"]]
    chains = CHAINS.format(
        rhat=judged["rhat"], ess=judged["ess"], divergences=int(judged["divergences"])
    )
    parts = [INTRODUCTION, LEFT_OUT, table(found), "## The worst ten", table(worst)]
    parts += [chains, PRIOR_AND_POSTERIOR, table(fit)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def main() -> None:
    """Write the document."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
