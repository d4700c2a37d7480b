"""A state's law by date in words: what it answers in a month, and what changed since another.

The same rows serve the command line and the web app.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from model.vocabulary import KINDS, UNITS
from scenarios.definition.law_table import table as law_table
from scenarios.explanation.law_at_date import BODIES, law_at
from scenarios.explanation.law_changes import LAPSED, provisions_between

from ..language.spoken import Words, say
from .labels import GATES, kind_name, provision_title
from .provision_text import condition, says

CHANGES = ("When", "Act", "What it says", "What it opens")
NOTHING = "No provision of the law of {state} entered into force or lapsed from {since} to {month}."
SAME = "as before"
REST = "all else"
CITED = "["  # before the id of a provision
NOTHING_NEW = "nothing new"
FRAMEWORKS = Words(
    {  # where the word of the table is not plain
        "un_pko": "UN peacekeeping",
        "un_spm": "UN political missions",
        "un_relief": "UN relief",
        "un_election": "UN elections",
        "regional_election": "elections of regional bodies",
        "anti_piracy": "anti-piracy",
        "own_mission": "operations of its own",
        "coalition": "coalitions",
        "coalition_un_mandated": "coalitions with a UN mandate",
        "non_un_coordinated": "coordinated operations outside the UN",
    }
)
GROUPS = Words({", ".join(KINDS): "all personnel", ", ".join(UNITS): "all units"})


def change_rows(state: str, since: str, month: str) -> list[tuple[str, str, str, str]]:
    """Provisions that came and went, by date, in the columns of ``CHANGES``.

    Raises:
        InputError: as ``provisions_between``.
    """
    known = {row["id"]: row for row in law_table(())}
    rows = []
    for row in provisions_between(state, since, month).to_dict("records"):
        law = known[row["provision"]]
        lapsed = row["change"] == LAPSED
        opens = "" if lapsed else _opens(row)
        rows.append(
            (
                say("{month}, lapsed" if lapsed else "{month}", month=row["month"]),
                f"{provision_title(row['provision'], law['title'])} [{row['provision']}]",
                says(law, state) or say("marks a gap in the law"),
                opens,
            )
        )
    return rows


def beside_rows(state: str, since: str, month: str) -> list[tuple[str, str, str, str]]:
    """The law of two months side by side: frameworks, kinds, and the answer in each; what is the
    same in the later one is ``SAME``."""
    parts = [_answers(state, one) for one in (since, month)]
    frameworks: dict[Any, list[str]] = {}
    for place in parts[0]:
        pairs: dict[tuple[str, str], list[str]] = {}
        for kind in KINDS:
            pair = (parts[0][place][kind], parts[1][place][kind])
            pairs.setdefault(pair, []).append(kind)
        alike = tuple((", ".join(kinds), *pair) for pair, kinds in pairs.items())
        frameworks.setdefault(alike, []).append(place)
    rows = []
    for alike, names in frameworks.items():
        ordered = _ordered(alike)
        for number, (kinds, before, after) in enumerate(ordered):
            name = "" if number else say(", ").join(framework(one) for one in names)
            last = number and number == len(ordered) - 1 and CITED not in before + after
            words = say(REST) if last else kinds_named(kinds)
            rows.append((name, words, before, say(SAME) if after == before else after))
    return rows


def kinds_named(kinds: str) -> str:
    """Kinds in words, all units or all personnel by one name."""
    return GROUPS.get(kinds) or say(", ").join(kind_name(kind) for kind in kinds.split(", "))


def framework(name: str) -> str:
    """A framework as words."""
    return say(FRAMEWORKS.english.get(name, name.replace("_", " ")))


def answer(row: Mapping[Any, Any]) -> str:
    """What the law says of a matter, in a clause with the provision."""
    gate = GATES.get(str(row["gate"]).replace(" ", "_"), str(row["gate"]))
    parts = [gate]
    if row["decided by"] and row["decided by"] != BODIES["none"]:
        parts.append(say("decided by {who}", who=say(str(row["decided by"]))))
    if row["if"]:
        met = say(", ").join(condition(one) for one in str(row["if"]).split(", "))
        parts.append(say("if {conditions}", conditions=met))
    where = "" if row["provision"] == "no provision" else f" [{row['provision']}]"
    return say("; ").join(parts) + where


def _answers(state: str, month: str) -> dict[str, dict[str, str]]:
    """By framework and kind what the law answers."""
    found: dict[str, dict[str, str]] = {}
    for row in law_at(state, month).to_dict("records"):
        kinds = found.setdefault(str(row["framework"]), {})
        kinds.update(dict.fromkeys(str(row["kinds"]).split(", "), answer(row)))
    return found


def _ordered(alike: Iterable[Any]) -> list[Any]:
    """What changed first, what neither month speaks of last."""
    return sorted(alike, key=lambda one: (one[1] == one[2], CITED not in one[1] + one[2]))


def _opens(row: Mapping[Any, Any]) -> str:
    """What a new provision opens, and what it decides from now on that was open before."""
    parts = [_matters(row["opens"])] if row["opens"] else []
    if row["takes_over"]:
        parts.append(say("decides from now on {what}", what=_matters(row["takes_over"])))
    return say("; ").join(parts) or say(NOTHING_NEW)


def _matters(text: str) -> str:
    """'framework: kinds; ...' in words."""
    told = []
    for part in text.split("; "):
        names, _, kinds = part.partition(": ")
        where = say(", ").join(framework(one) for one in names.split(", "))
        told.append(say("{kinds} in {frameworks}", kinds=kinds_named(kinds), frameworks=where))
    return say("; ").join(told)
