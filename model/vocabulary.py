"""The closed lists of the field: kinds of contribution, frameworks, stances, and their codes.

Kinds and frameworks are the rows of ``data/kinds.csv`` and ``data/frameworks.csv``; a code is the
number of a row, so new rows go to the end.  The constants are those that a rule must tell apart.
"""

from __future__ import annotations

from .closed_tables import rows

_KINDS = rows("kinds", "kind", needed=("naval", "staff", "observer", "police"))
_FRAMEWORKS = rows(
    "frameworks",
    "framework",
    needed=(
        "un_pko", "un_spm", "coalition", "coalition_un_mandated", "anti_piracy", "own_mission",
        "disaster_relief",
    ),
)  # fmt: skip

GROUPS = ("un", "coalition", "other")
CATEGORIES = ("troops", "police", "experts", "none")  # under which the United Nations reports

KINDS = tuple(_KINDS)
FORMED = tuple(kind for kind in KINDS if _KINDS[kind]["formed"] == "1")
INDIVIDUALS = tuple(kind for kind in KINDS if kind not in FORMED)
OFFICERS = ("staff", "observer")  # individuals who come from the pool of trained staff
POLICE_KINDS = tuple(kind for kind in KINDS if _KINDS[kind]["category"] == "police")
UNITS = tuple(kind for kind in FORMED if kind not in POLICE_KINDS)  # what a law calls units
COUNTED = tuple(kind for kind in KINDS if _KINDS[kind]["category"] != "none")
KIND_LABELS = {k: row.get("label") or k.replace("_", " ") for k, row in _KINDS.items()}
KIND_COLOURS = {k: row.get("colour") or "#59636e" for k, row in _KINDS.items()}

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
STAFF = KINDS.index("staff")
OBSERVER = KINDS.index("observer")
POLICE = KINDS.index("police")

UN_PKO = FRAMEWORKS.index("un_pko")
UN_SPM = FRAMEWORKS.index("un_spm")
COALITION = FRAMEWORKS.index("coalition")
COALITION_UN_MANDATED = FRAMEWORKS.index("coalition_un_mandated")
ANTI_PIRACY = FRAMEWORKS.index("anti_piracy")
OWN_MISSION = FRAMEWORKS.index("own_mission")

GROUP_UN = GROUPS.index("un")
GROUP_COALITION = GROUPS.index("coalition")
