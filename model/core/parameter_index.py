"""Parameters: one number each, in ``data/parameters.csv`` with unit, range, source and status.

A constant here is the column of a parameter in a state's row of numbers; its name in lower case is
the name in the table.  A table row with a state adds its own deviation to the shared value.
"""

from __future__ import annotations

from . import utility_terms

# The first columns are the weights of the utility terms, in the order of ``terms``.
_FIRST = utility_terms.COUNT

(
    # levers of policy and surroundings (1 or 0 = as documented)
    ALLIANCE_PRESSURE,
    HOME_THREAT,
    UN_DEMAND,
    COALITION_DEMAND,
    MANDATE_ROBUSTNESS,
    TRAINING_EFFORT,
    PUBLIC_SUPPORT,
    SLOTS_ADDED,
    NEW_MISSIONS,
    CLOSURES,
    # who is approached
    APPROACH_UNIT,
    APPROACH_OFFICER,
    APPROACH_STAFF,
    APPROACH_POLICE,
    APPROACH_CAPABILITY,
    APPROACH_RECORD,
    APPROACH_REGION,
    APPROACH_PRESENCE,
    APPROACH_NEED,
    BUILD_UP,
    ANTICIPATION,
    ADAPTATION_MONTHS,
    ROUND_INTERVAL,
    ROUND_SLACK,
    # choice
    UNIT_INTERCEPT,
    OFFICER_INTERCEPT,
    POLICE_INTERCEPT,
    COALITION_INTERCEPT,
    RELIEF_INTERCEPT,
    THREAT_RAISES_REQUEST,
    UN_DESK,
    ASK_INTEREST,
    AVERSION_BASE,
    AVERSION_MEMORY,
    MEMORY_DECAY,
    OFFICER_DAMPING,
    SIZE_CAPABILITY,
    SIZE_WEALTH,
    SIZE_OFFICER,
    SIZE_POLICE,
    SIZE_SPREAD,
    RENEWAL_NOISE,
    RENEWAL_OFFICER,
    RENEWAL_RISK,
    TASK_YEARS,
    RESIZE_UNIT,
    RESIZE_OFFICER,
    RESIZE_POLICE,
    RESIZE_ROOM,
    # law as judged
    PARTY_ORGANISED,
    PARTY_QUASI_STATE,
    PARTY_LEAN,
    COMBAT_AREA,
    # capacity
    SLOTS,
    SLOTS_BASE,
    SLOTS_PER_LOG,
    LOAD_SMALL,
    LOAD_LARGE,
    DEPLOYABLE_SHARE,
    EXPERIENCE_DECAY,
    STAFF_CENTRE_RATE,
    STAFF_DECAY,
    STAFF_MISSED,
    STAFF_POOL,
    # votes
    VOTE_SWING,
    WALKOUT_TURNOUT,
    DEFER_MONTHS,
    # time
    CRISIS_LOW,
    CRISIS_HIGH,
    ROUTINE_LOW,
    ROUTINE_HIGH,
    TERM_MONTHS,
    SUSPENSION_MONTHS,
    SURVEY_MONTHS,
    # opinion
    OPINION_FLOOR,
    OPINION_CEILING,
    OPINION_SCALE,
    OPINION_SPEED,
    REFORM_COST,
    DEATH_COST_UN,
    COALITION_BASE,
    COALITION_SPEED,
    ASKED_COST,
    DEATH_COST_COALITION,
    # substitutes, training support, dialogue
    SUBSTITUTE_BASE,
    SUBSTITUTE_PRESSURE,
    SUPPORT_BASE,
    SUPPORT_WEALTH,
    SUPPORT_STATUS,
    SUPPORT_REPUTATION,
    SPILL_OVER,
    BLOCKED_DECAY,
    AGREEMENT_BASE,
    AGREEMENT_STATUS,
    AGREEMENT_THREAT,
    AGREEMENT_TREND,
    # reform
    REFORM_BASE,
    REFORM_PRESSURE,
    REFORM_THREAT,
    REFORM_STRENGTH,
    REFORM_SPECIAL_BASE,
    REFORM_SPECIAL_PRESSURE,
    REFORM_ELSEWHERE,
    REFORM_MAKESHIFT,
    REFORM_DECAY,
    REFORM_URGENCY,
    PANEL_LOW,
    PANEL_HIGH,
    PANEL_LOST,
    DRAFT_LOW,
    DRAFT_HIGH,
    BILL_LOW,
    BILL_HIGH,
    SPECIAL_LOW,
    SPECIAL_HIGH,
    BILL_LOST,
    REFORM_BARGAIN,
    RIVALS_SETTLE,
    SESSION_MONTHS,
    REFORM_PAUSE,
) = range(_FIRST, _FIRST + 120)

NAMES: tuple[str, ...] = tuple(f"weight_{name}" for name in utility_terms.NAMES) + tuple(
    name.lower()
    for name, value in sorted(
        ((k, v) for k, v in list(globals().items()) if k.isupper() and not k.startswith("_")),
        key=lambda item: item[1],
    )
)
COUNT = len(NAMES)
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
