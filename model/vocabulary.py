"""The closed tables of the field: kinds of contribution, frameworks, and their codes.

Codes are the row numbers of ``data/kinds.csv`` and ``data/frameworks.csv``; the constants below are
those that a rule must tell apart, and a test holds them to the tables.
"""

from __future__ import annotations

KINDS = (
    "infantry",
    "engineer",
    "transport",
    "movement_control",
    "communications",
    "medical",
    "air_transport",
    "naval",
    "guard",
    "special_forces_training",
    "relief_unit",
    "staff",
    "observer",
    "police",
    "formed_police",
    "civilian",
    "election",
)
FRAMEWORKS = (
    "un_pko",
    "un_spm",
    "un_relief",
    "un_election",
    "regional_election",
    "coalition",
    "coalition_un_mandated",
    "anti_piracy",
    "bilateral_training",
    "disaster_relief",
    "own_mission",
    "non_un_coordinated",
)
GROUPS = ("un", "coalition", "other")
CATEGORIES = ("troops", "police", "experts", "none")

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

INFANTRY = 0
ENGINEER = 1
NAVAL = 7
STAFF = 11
OBSERVER = 12
POLICE = 13

UN_PKO = 0
UN_SPM = 1
COALITION = 5
COALITION_UN_MANDATED = 6
ANTI_PIRACY = 7
OWN_MISSION = 10

GROUP_UN = 0
GROUP_COALITION = 1
GROUP_OTHER = 2
