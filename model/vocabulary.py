"""The closed lists of the field: kinds of contribution, frameworks, stances, and their codes.

Kinds and frameworks are the rows of ``data/kinds.csv`` and ``data/frameworks.csv``; a code is the
number of a row, so new rows go to the end.  The constants are those that a rule must tell apart.
"""

from __future__ import annotations

from .closed_tables import rows

_KINDS = rows(
    "kinds",
    "kind",
    columns=("formed", "category", "label", "colour"),
    needed=("naval", "staff", "observer", "police", "civilian", "election", "instructor"),
)
_FRAMEWORKS = rows(
    "frameworks",
    "framework",
    columns=("group",),
    needed=(
        "un_pko", "un_spm", "coalition", "coalition_un_mandated", "anti_piracy", "own_mission",
        "disaster_relief", "bilateral_training",
    ),
)  # fmt: skip

GROUPS = ("un", "coalition", "other")
REPORTED = ("troops", "police", "experts")  # categories under which the United Nations reports
CATEGORIES = (*REPORTED, "none")
CATEGORY_TROOPS = CATEGORIES.index("troops")
CATEGORY_POLICE = CATEGORIES.index("police")

KINDS = tuple(_KINDS)
FORMED = tuple(kind for kind in KINDS if _KINDS[kind]["formed"] == "1")
INDIVIDUALS = tuple(kind for kind in KINDS if kind not in FORMED)
OFFICERS = ("staff", "observer")  # individuals who come from the pool of trained staff
POLICE_KINDS = tuple(kind for kind in KINDS if _KINDS[kind]["category"] == "police")
UNITS = tuple(kind for kind in FORMED if kind not in POLICE_KINDS)  # what a law calls units
COUNTED = tuple(kind for kind in KINDS if _KINDS[kind]["category"] != "none")
KIND_LABELS = {kind: row["label"] for kind, row in _KINDS.items()}
SERVICE_OF = {kind: row.get("service") or "none" for kind, row in _KINDS.items()}
KIND_COLOURS = {kind: row["colour"] for kind, row in _KINDS.items()}

FRAMEWORKS = tuple(_FRAMEWORKS)
FRAMEWORK_GROUPS = {name: row["group"] for name, row in _FRAMEWORKS.items()}

# How parties judge a kind, before they look at the framework.
KIND_STANCES = ("combat", "support", "naval", "training", "relief", "none")
STANCE_COMBAT, STANCE_SUPPORT, STANCE_NAVAL, STANCE_TRAINING, STANCE_RELIEF, STANCE_NONE = range(6)

# What a parliament or a public distinguishes when it accepts or rejects a dispatch.
STANCE_CLASSES = (
    "un_support",
    "un_infantry",
    "coalition_support",
    "coalition_combat",
    "naval",
    "training",
    "relief",
)
CLASSES_OF_GROUP = {
    "un": ("un_support", "un_infantry"),
    "coalition": ("coalition_support", "coalition_combat"),
}

# Where a site lies, in the area of operations or, as a base of support, outside it; how binding an
# ask is, by its first contact, from the weakest; whose forces a kind draws on.
SETTINGS = ("land", "sea", "base")
SETTING_LAND, SETTING_SEA, SETTING_BASE = range(len(SETTINGS))
GRADES = ("none", "own_study", "general_call", "sounding", "leader", "formal_note")
(
    GRADE_NONE,
    GRADE_OWN_STUDY,
    GRADE_GENERAL_CALL,
    GRADE_SOUNDING,
    GRADE_LEADER,
    GRADE_FORMAL_NOTE,
) = range(len(GRADES))
SERVICES = ("none", "ground", "helicopter", "air", "sea", "medical", "individual")
(
    SERVICE_NONE,
    SERVICE_GROUND,
    SERVICE_HELICOPTER,
    SERVICE_AIR,
    SERVICE_SEA,
    SERVICE_MEDICAL,
    SERVICE_INDIVIDUAL,
) = range(len(SERVICES))

REGIONS = ("Africa", "Americas", "Asia", "Europe", "Middle East", "Oceania")
STUDIED = ("JPN", "KOR")  # the two states whose law, requests and contributions are documented

# Goals of status that a scenario may date, and the weight of each: that of its kind in
# ``status_goals.csv``, for a permanent seat that of the bid of 2004 and 2005.
STATUS_GOALS = {
    "campaign": 0.3,
    "seat": 0.4,
    "permanent_bid": 0.8,
    "permanent_seat": 0.8,
    "summit": 0.4,
    "chair": 0.3,
}

# Effects of a provision, and the numbers of its row that each reads.
EFFECTS = (
    "allow",
    "bar",
    "freeze",
    "unfreeze",
    "condition",
    "ceiling",
    "authorise",
    "exempt",
    "prenegotiate",
    "weapons",
    "weapons_limit",
    "duty",
    "norm",
    "term",
    "exit",
    "supply",
    "survey",
    "standing_force",
    "background",
    "none",
)
_PERMISSION = ("ceiling", "lead_min", "lead_max")
NUMBERS_READ = {
    "allow": _PERMISSION,
    "unfreeze": _PERMISSION,
    "authorise": _PERMISSION,
    "exempt": _PERMISSION,
    "ceiling": ("ceiling",),
    "prenegotiate": ("months_saved",),
    "weapons": ("weapons_ease",),
    "weapons_limit": ("weapons_ease",),
    "norm": ("weight_norms",),
    "term": ("term_months", "term_ends"),
    "exit": ("lead_min", "lead_max"),
    "survey": ("lead_min", "lead_max"),
    "standing_force": ("ceiling", "lead_min", "lead_max"),
}
# Conditions of a provision, one bit each.
CONDITIONS = (
    "agreement_or_no_party",
    "host_consent",
    "impartial",
    "no_combat_area",
    "no_current_combat",
    "un_resolution",
    "un_resolution_or_host_request",
    "disaster_only",
    "hostilities_over",
    "stable_consent",
    "un_command",
    "japan_linked_ships_only",
)

# Who must agree to a dispatch; parliaments, and those of them that vote first.
AUTHORISERS = ("none", "minister", "cabinet", "diet", "diet_after", "assembly")
PARLIAMENTS = ("diet", "diet_after", "assembly")
VOTED_BEFORE = ("diet", "assembly")

# What the law answers; where it lets people go.
GATES = ("open", "open_after_lead", "needs_statute", "shut")
OPEN_GATES = ("open", "open_after_lead")

# How soon a request wants an answer; after a natural disaster as soon as in a crisis.
MODES = ("routine", "crisis", "disaster")
MODE_DISASTER = MODES.index("disaster")

# Why a request was made, what stopped it, what became of it, what was given instead of people.
REASONS = ("new_mandate", "reinforcement", "vacancy", "documented", "ally", "renewal")
STOPS = ("nothing", "law", "capacity", "choice", "vote", "too_small")
OUTCOMES = ("accepted", "smaller", "cheaper", "substitute", "deferred", "refused")
NESTS = ("as_asked", "officers", "own_operation")  # of a menu, beside sending nothing
AS_ASKED, OFFICERS_INSTEAD, OWN_INSTEAD = range(len(NESTS))
SUBSTITUTES = ("none", "money", "equipment", "instructors", "own_operation")

# Stocks of a state, each with its unit, in the order of the columns of ``Run.stocks``.
STOCK_UNITS = {
    "opinion_un": "share",
    "opinion_coalition": "share",
    "casualty_memory": "deaths",
    "attention": "incidents",
    "experience": "hundred person-months",
    "trained_staff": "people",
    "slots_used": "slots",
    "training_support": "activities",
    "agreements": "agreements",
    "alliance_pressure": "0..1",
    "home_threat": "0..1.5",
    "suspended": "people",
}

# Columns of the long table of results, as one run gives them.
SERIES_COLUMNS = (
    "run", "seed", "month", "state", "framework", "mission", "kind", "variable", "unit", "value",
)  # fmt: skip

(
    UN_SUPPORT,
    UN_INFANTRY,
    COALITION_SUPPORT,
    COALITION_COMBAT,
    NAVAL_CLASS,
    TRAINING_CLASS,
    RELIEF_CLASS,
) = range(len(STANCE_CLASSES))

NAVAL = KINDS.index("naval")
INFANTRY = KINDS.index("infantry")
STAFF = KINDS.index("staff")
OBSERVER = KINDS.index("observer")
POLICE = KINDS.index("police")
CIVILIAN = KINDS.index("civilian")
ELECTION = KINDS.index("election")
INSTRUCTOR = KINDS.index("instructor")

UN_PKO = FRAMEWORKS.index("un_pko")
UN_SPM = FRAMEWORKS.index("un_spm")
COALITION = FRAMEWORKS.index("coalition")
COALITION_UN_MANDATED = FRAMEWORKS.index("coalition_un_mandated")
ANTI_PIRACY = FRAMEWORKS.index("anti_piracy")
OWN_MISSION = FRAMEWORKS.index("own_mission")
BILATERAL_TRAINING = FRAMEWORKS.index("bilateral_training")

GROUP_UN = GROUPS.index("un")
GROUP_COALITION = GROUPS.index("coalition")
