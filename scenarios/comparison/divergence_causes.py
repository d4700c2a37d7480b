"""Which step made two paired decisions differ, or put a question in one history only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.core import parameter_index as P
from model.rules import force_generation, law
from model.steps import observation
from model.vocabulary import OBSERVER, STAFF, STOPS
from model.world.scenario_commitments import ANY_KIND

from ..explanation.counterfactuals import plain

if TYPE_CHECKING:
    from model.world.build import Atlas

REST = "alternatives"  # of a choice: what else was on the menu
FINDING = "finding"  # of a choice: a survey found more or less fighting at the place
HOST_TIES = "host_ties"  # of a choice: a world has ties with the host, not with the other side
CAUSES = {
    "decided": "decided by the scenario itself",
    "mission": "the mission exists in one run only",
    "request": "asked in one run only",
    "call": "an open call reached it in one run only",
    "again": "asked again in one run only",
    "presence": "personnel were there in one run only",
    "law": "the legal gate",
    "capacity": "capacity",
    "choice": "the choice",
    "vote": "the vote",
    "menu": "what was chosen from the menu",
    "size": "the size offered",
    "timing": "the time of answer or arrival",
}
CLASSES = {  # of the first decision that differs, as a reader sorts them
    "decided": "what the scenario itself decides",
    "asked": "requests made in one run only",
    "law": "the law",
    "site": "the place and what a survey finds there",
    "congestion": "the load of its services",
    "value": "what the mission is worth to it",
    "vote": "the vote",
    "others": "what happens in other missions",
    "timing": "the time of answer or arrival",
}
_CLASS_OF = {
    "decided": "decided", "mission": "asked", "request": "asked", "again": "others",
    "call": "asked",
    "presence": "others", "law": "law", "capacity": "congestion",
    "vote": "vote", "menu": "value", "size": "value", "timing": "timing",
}  # fmt: skip
_CHOICE_CLASS = {"congestion": "congestion", "place": "site", FINDING: "site"}
_STEPS = ("size", "law", "capacity", "vote", "choice", "menu")  # as a request meets them
_STEP_OF = {"nothing": "menu", "too_small": "size"}
_RANK = np.array([_STEPS.index(_STEP_OF.get(stop, stop)) for stop in STOPS])


@dataclass(frozen=True)
class Causes:
    """Causes of divergences between two worlds.

    ``states`` and ``missions`` are the names behind the numbers of a paired decision.
    """

    worlds: tuple[Atlas, Atlas]
    states: tuple[str, ...]
    missions: tuple[str, ...]

    def of(
        self, pair: tuple[dict[str, Any] | None, dict[str, Any] | None]
    ) -> tuple[str, str, float]:
        """Which step made the difference, what in it changed most, and by how much."""
        base, other = pair
        if base is None or other is None:
            known = base or other
            assert known is not None
            return *self._asked_apart(known), 0.0
        steps = _RANK[base["stopped"]], _RANK[other["stopped"]]
        if steps[0] == steps[1]:
            if any(base[name] != other[name] for name in ("outcome", "offered_kind", "substitute")):
                return "menu", "", 0.0
            if base["offered"] != other["offered"]:
                return "size", "", float(other["offered"] - base["offered"])
            delta = arrives(other) - arrives(base)
            shorter = self._negotiated(base, other)
            return ("law", shorter, delta) if shorter else ("timing", "", delta)
        cause = _STEPS[min(steps)]
        if cause == "law":
            ids = [
                ([*atlas.provisions, ""][row["provision"]], row["gate"])
                for atlas, row in zip(self.worlds, (base, other), strict=True)
            ]
            shut, opened = ids if steps[0] < steps[1] else ids[::-1]
            words = [name or "no permission" for name, _ in (shut, opened)]
            return cause, words[0] if words[0] == words[1] else " / ".join(words), 0.0
        if cause == "capacity":
            if base["kind"] in (STAFF, OBSERVER):
                return cause, "trained officers", 0.0
            return cause, "ready personnel", float(other["ready"] - base["ready"])
        if cause == "choice":
            moved = other["utility"] - base["utility"]
            change = _as_long(other["terms"], base["terms"]) - _as_long(
                base["terms"], other["terms"]
            )
            change = np.append(change, moved - change.sum())  # the rest of the menu
            most = int(np.argmax(change * np.sign(moved)))
            names = max((atlas.terms for atlas in self.worlds), key=len)
            name = (*names, REST)[most]
            return cause, self._told_apart(name, base, other), float(change[most])
        if cause == "vote":
            return cause, "seats", float(other["support"] - base["support"])
        return cause, "", 0.0

    def _told_apart(self, term: str, base: dict[str, Any], other: dict[str, Any]) -> str:
        """A term of the choice by what in it differs, where it stands for more than one thing."""
        if term == "risk" and base["finding"] != other["finding"]:
            return FINDING
        if term == "other_side":
            stakes = [
                self._stake(atlas, row)
                for atlas, row in zip(self.worlds, (base, other), strict=True)
            ]
            return HOST_TIES if min(stakes) < 0.0 else term
        return term

    def _stake(self, atlas: Atlas, known: dict[str, Any]) -> float:
        """What a state had at stake with the other side when it decided; below 0 with the host."""
        state = atlas.state_row(self.states[known["state"]])
        mission = atlas.mission_row(self.missions[known["mission"]])
        before = max(int(known["month"]) - 1, 0)
        return float(plain(observation.stake)(atlas.arrays, before, state, mission))

    def _asked_apart(self, known: dict[str, Any]) -> tuple[str, str]:
        """Why one decision has no pair, with the provisions where it is the law."""
        if any(self.missions[known["mission"]] not in atlas.missions for atlas in self.worlds):
            return "mission", ""
        if self._decided_apart(known):
            return "decided", ""
        lawful = self._permitted_apart(known)
        if lawful:
            return "law", lawful
        if known["reason"] == force_generation.RENEWAL:
            return "presence", ""
        if known["time"]:
            return "again", ""
        return ("request" if known["ask"] >= 0 else "call"), ""

    def _decided_apart(self, known: dict[str, Any]) -> bool:
        """Whether a dated deployment, withdrawal or end of the mission is in one world only."""
        found = []
        for atlas in self.worlds:
            state = atlas.state_row(self.states[known["state"]])
            mission = atlas.mission_row(self.missions[known["mission"]])
            given = atlas.arrays.givens
            own = given[
                (given["state"] == state)
                & (given["mission"] == mission)
                & np.isin(given["kind"], (ANY_KIND, known["kind"]))
                & (given["first"] <= known["month"])
            ]
            ended = int(atlas.arrays.missions[mission]["end"]) < known["month"]
            found.append((ended, own[["kind", "people", "first", "until"]].tolist()))
        return bool(found[0] != found[1])

    def _permitted_apart(self, known: dict[str, Any]) -> str:
        """The provisions by which the law, every condition granted, opens in one world only.

        People leave when their permission ends, and the asker leaves out whom the law as it knows
        it bars; neither is a decision of the state's.
        """
        found = []
        for atlas in self.worlds:
            world = atlas.arrays
            month = int(known["month"])
            if known["reason"] != force_generation.RENEWAL:
                month = max(0, month - int(atlas.parameters[P.ADAPTATION_MONTHS]))
            first, last = self._covering(atlas, known, int(known["kind"]))
            fold = plain(law.gate)
            legal = fold(
                world.provisions, world.covering_rows, first, last, month, law.ALL_CONDITIONS
            )
            is_open = legal.answer <= law.OPEN_AFTER_LEAD
            found.append((is_open, [*atlas.provisions, ""][legal.provision]))
        if found[0][0] == found[1][0]:
            return ""
        shut, opened = sorted(found)
        return f"{shut[1] or 'no permission'} / {opened[1]}"

    def _covering(self, atlas: Atlas, known: dict[str, Any], kind: int) -> tuple[int, int]:
        """Where the provisions begin and end that cover a kind in the framework of a decision."""
        world, mission = atlas.arrays, self.missions[known["mission"]]
        regime = world.states[atlas.state_row(self.states[known["state"]])]["regime"]
        if mission not in atlas.missions:
            return 0, 0
        framework = int(known["framework"])
        begins = world.covering[regime, kind]
        return int(begins[framework]), int(begins[framework + 1])

    def _negotiated(self, base: dict[str, Any], other: dict[str, Any]) -> str:
        """Provisions that shorten the lead time in one world only, where that is what differs."""
        if base["month"] != other["month"]:
            return ""
        found = []
        for atlas, row in zip(self.worlds, (base, other), strict=True):
            world = atlas.arrays
            first, last = self._covering(atlas, row, row["offered_kind"])
            covering = world.covering_rows[first:last]
            found.append(
                {
                    atlas.provisions[number]
                    for number in covering
                    if world.provisions[number]["effect"] == law.PRENEGOTIATE
                    and world.provisions[number]["since"] <= row["month"]
                    and row["month"] < world.provisions[number]["until"]
                }
            )
        return ", ".join(sorted(found[0] ^ found[1]))


def first_cause(cause: str, detail: str) -> str:
    """Class of a cause with its detail, a key of ``CLASSES``.

    Example:
        >>> first_cause("choice", "congestion"), first_cause("choice", "threat")
        ('congestion', 'value')
    """
    return _CHOICE_CLASS.get(detail, "value") if cause == "choice" else _CLASS_OF[cause]


def arrives(decision: dict[str, Any]) -> float:
    """Month of arrival."""
    return float(decision["month"] + decision["lead"])


def _as_long(terms: np.ndarray, as_these: np.ndarray) -> np.ndarray:
    """Terms of a decision, with noughts for those that only the other world has."""
    return np.append(terms, np.zeros(max(0, len(as_these) - len(terms))))
