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
    "weight_wealth", "renewal_noise", "renewal_officer",
)  # fmt: skip
SHARED = ("slots_base", "deployable_share")
FITTED = (*KEPT, *SHARED)
# What the panel's likelihood (``panel_fitting``) tells beside these; fits by forecasts take it.
WEIGHED = (
    "unit_intercept", "officer_intercept", "police_intercept", "weight_alliance",
    "weight_distance", "weight_region", "weight_affinity", "weight_need", "weight_opinion",
    "weight_risk", "weight_robustness", "weight_threat", "weight_congestion",
    "weight_experience", "weight_capability", "weight_foothold", "weight_task_done",
    "weight_drawdown", "renewal_risk", "approach_need_unit",
)  # fmt: skip
# What regressions on the panel (``panel_sizes``) tell of sizes; all fits take it.
ARRIVED = ("size_unit", "size_room", "size_officer", "size_police")
SIZED = (
    *ARRIVED, "size_capability", "size_wealth", "size_spread",
    "resize_share_unit", "resize_share_officer", "resize_share_police",
    "growth_unit", "growth_officer", "growth_police",
    "growth_size_unit", "growth_size_officer", "growth_size_police",
    "growth_room_unit", "growth_room_officer", "growth_room_police",
    "growth_capability", "growth_wealth", "growth_region",
    "resize_unit", "resize_officer", "resize_police",
)  # fmt: skip
GIVEN = (*WEIGHED, *SIZED)
OWN = (*KEPT, *WEIGHED, *ARRIVED)  # of these Japan and Korea keep their own levels


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
