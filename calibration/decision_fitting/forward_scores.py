"""How good the fitted decisions are forward in time: fitted until a year, scored on the five after.

python -m calibration.decision_fitting.forward_scores
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.months import month_number

from .decision_posterior import Sampler, tell, write
from .decision_terms import Asks, Terms, asks, terms
from .missions_left_out import CHAINS, SAMPLES, WARMUP, held_back, scores

CUTS = ("2004-12", "2009-12", "2014-12", "2019-12")
AHEAD = 60  # months scored after a cut


def forward(asked: Asks, ended: Terms) -> pd.DataFrame:
    """Chance of what was done, and of yes, of every decision in the five years after each cut."""
    month = np.array([one.month for one in (*asked.made, *ended.made)])
    sampler = Sampler(asked, ended, SAMPLES, WARMUP, CHAINS)
    parts = []
    for cut in CUTS:
        last = month_number(cut)
        after = (month > last) & (month <= last + AHEAD)
        parts.append(held_back(sampler, asked, ended, month <= last, after).assign(cut=cut))
        tell(len(parts), len(CUTS))
    return pd.concat(parts, ignore_index=True)


def main() -> None:
    """Fit until each cut; keep and print the scores."""
    frame = forward(asks(tell), terms(tell))
    write(frame.round(5), "forward")
    print(scores(frame).to_string(index=False, float_format="%.3f"))


if __name__ == "__main__":
    main()
