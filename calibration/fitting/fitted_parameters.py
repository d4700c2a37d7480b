"""What is fitted, and how a candidate becomes a row of numbers."""

import numpy as np

from model.core import parameter_values
from model.vocabulary import STUDIED

# Parameters that decide who is asked, who stays and how sizes vary; the panel of all contributors
# speaks about these and nothing else.  Of the first the two watched states keep their own level,
# set against their own record; for the others they have slots, forces and sizes of their own.
KEPT = (
    "approach_unit", "approach_officer", "approach_staff", "approach_police", "approach_capability",
    "approach_record", "approach_region", "approach_presence", "approach_need", "weight_presence",
    "weight_wealth", "renewal_noise", "renewal_officer", "resize_unit", "resize_officer",
    "resize_police", "size_officer", "size_police",
)  # fmt: skip
SHARED = (
    "resize_room", "size_capability", "size_wealth", "size_spread", "slots_base",
    "deployable_share",
)  # fmt: skip
FITTED = (*KEPT, *SHARED)
# What the panel's likelihood (``panel_fitting``) tells beside these; fits by forecasts take it.
WEIGHED = (
    "unit_intercept", "officer_intercept", "police_intercept", "weight_alliance",
    "weight_distance", "weight_region", "weight_affinity", "weight_need", "weight_opinion",
    "weight_risk", "weight_robustness", "weight_threat", "weight_congestion",
    "weight_experience", "weight_capability", "weight_task_done", "weight_drawdown",
    "renewal_risk",
)  # fmt: skip
OWN = (*KEPT, *WEIGHED)  # of these Japan and Korea keep their own levels


def row_of(
    known: list[parameter_values.Column], centre: np.ndarray, chosen: dict[str, float]
) -> np.ndarray:
    """A row of numbers with some shared parameters replaced.

    Where a parameter is among ``OWN``, the deviations of Japan and Korea take up the difference,
    so that their own levels stay.
    """
    place = {column.name: number for number, column in enumerate(known)}
    row = centre.copy()
    for name, value in chosen.items():
        shift = value - centre[place[name]]
        row[place[name]] = value
        if name in OWN:
            for state in STUDIED:
                own = place.get(f"{name}.{state}")
                if own is not None:
                    row[own] -= shift
    return row
