"""What a state faced when it answered: the numbers that a trace leaves out, reckoned again.

A trace holds what was found (gate, terms, draw, support, answer), not all that it was found from.
That follows from the world, the run's parameters and its stocks by the model's own rules, called
here as plain Python for one decision at a time; tests hold it to the trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from model.months import month_number
from model.vocabulary import GROUP_COALITION, GROUPS, KINDS, OBSERVER, OWN_MISSION, STAFF

from ..definition import lookup
from . import counterfactuals
from .counterfactuals import plain

if TYPE_CHECKING:
    from model.engine.run_output import Chunk
    from model.world.build import Atlas


@dataclass(frozen=True)
class Faced:
    """The circumstances of one state's decisions in one run of a world.

    ``row`` of a method is a decision, as a mapping from the columns of the table of decisions.
    """

    atlas: Atlas
    chunks: tuple[Chunk, ...]
    state: str
    seed: int
    run: int

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weight of every term for this state, its own deviation included."""
        from model.core import utility_terms

        return dict(
            zip(utility_terms.NAMES, self.parameters[: utility_terms.COUNT].tolist(), strict=True)
        )

    @cached_property
    def parameters(self) -> Any:
        """Parameters of the state in this run, its own shifts included."""
        from model.core import parameter_index

        drawn = self.atlas.row(self.seed, self.run)
        row = drawn[: parameter_index.COUNT].copy()
        own = self.atlas.state_row(self.state)
        for shift in self.atlas.arrays.deviations:
            if shift["state"] == own:
                row[shift["shared"]] += drawn[shift["column"]]
        return row

    def stock(self, name: str, month: int) -> float:
        """A stock of the state at the end of a month, in the told run."""
        from model.core.records import STOCKS

        watched = self.atlas.watch.index(self.state)
        ledger = next(one for chunk in self.chunks for one in chunk.ledgers if one.run == self.run)
        return float(ledger.stocks[month, watched, STOCKS.index(name)])

    def needs(self, row: Mapping[Any, Any]) -> dict[str, tuple[float, float]]:
        """What a dispatch of this kind takes: name to what is free and what is needed."""
        from model.core import parameter_index as P
        from model.rules import capacity

        if row["reason"] == "renewal" or row["stopped_by"] == "no_need":
            return {}
        kind, people, p = KINDS.index(row["kind"]), int(row["asked"]), self.parameters
        shape = self.atlas.arrays.kinds[kind]
        if shape["formed"]:
            load = plain(capacity.slot_load)(people, p[P.LOAD_SMALL], p[P.LOAD_LARGE])
            return {
                "slots": (float(row["headroom"]), float(load * shape["load"])),
                "ready people": (float(row["ready"]), float(people)),
            }
        if kind in (STAFF, OBSERVER):
            pool = self.stock("trained_staff", max(month_number(row["month"]) - 1, 0))
            return {"trained officers": (pool, float(people))}
        return {}

    def met(self, row: Mapping[Any, Any]) -> int:
        """Bits of the legal conditions that the mission met, as the cabinet judged them."""
        return next(met for met in self._readings(row) if met >= 0)

    def _readings(self, row: Mapping[Any, Any]) -> list[int]:
        """The bits that give the traced answer, with and without own people there (the trace does
        not say which held when the law was read); the plain reading last."""
        from model.rules import law

        found = [self._conditions(row, present) for present in (0.0, 1.0)]
        fold = plain(law.gate)
        ids = [*self.atlas.provisions, ""]
        covering = self.covering(row)
        month = month_number(row["month"])
        fitting = []
        for met in found:
            answer, provision, *_ = fold(
                self.atlas.arrays.provisions, covering, 0, len(covering), month, met
            )
            if (law.ANSWERS[answer], ids[provision]) == (row["gate"], row["provision"]):
                fitting.append(met)
        return [*fitting, found[0]]

    def _conditions(self, row: Mapping[Any, Any], present: float) -> int:
        from model.core import parameter_index as P
        from model.core import rng
        from model.rules import law

        world, p = self.atlas.arrays, self.parameters
        before = max(month_number(row["month"]) - 1, 0)
        number = self.atlas.mission_row(row["mission"])
        place, now = world.missions[number], world.mission_months[before, number]
        recognised = False
        if now["ceasefire"] < 0.5:
            chance = plain(law.party_chance)(
                int(now["rival"]),
                present,
                p[P.PARTY_ORGANISED],
                p[P.PARTY_QUASI_STATE],
                p[P.PARTY_LEAN],
            )
            reading = self._draw(rng.PARTY, 0, 0, world.missions[place["root"]]["identity"])
            recognised = reading < chance
        fighting = min(1.0, float(now["fighting"] + world.paths[before]["fighting"]))
        return int(
            plain(law.conditions_met)(
                now["ceasefire"],
                now["consent"],
                recognised,
                now["force_level"],
                fighting,
                now["un_resolution"],
                place["disaster"],
                p[P.COMBAT_AREA],
                place["un_command"],
            )
        )

    def _draw(self, purpose: int, kind: int, month: int, mission: Any) -> float:
        from model.core import rng

        state = self.atlas.arrays.states[self.atlas.state_row(self.state)]["identity"]
        key = rng.key(self.seed, self.run)
        return float(plain(rng.uniform)(key, purpose, kind, month, state, mission))

    def covering(self, row: Mapping[Any, Any]) -> list[int]:
        """Provisions that cover the kind in the deployment's framework, in their order.

        That is the mission's, but for an operation of one's own in the same waters.
        """
        world = self.atlas.arrays
        regime = world.states[self.atlas.state_row(self.state)]["regime"]
        mission = world.missions[self.atlas.mission_row(row["mission"])]
        begins = world.covering[regime, KINDS.index(row["kind"])]
        framework = int(mission["framework"])
        if row["provision"]:
            decisive = world.provisions[self.atlas.provisions.index(row["provision"])]
            if not decisive["frameworks"] >> framework & 1:
                framework = OWN_MISSION
        return [int(r) for r in world.covering_rows[begins[framework] : begins[framework + 1]]]

    def seats(self, row: Mapping[Any, Any]) -> tuple[dict[str, float], float, float]:
        """Support by house, share of seats present, and the coalition partner's acceptance."""
        from model.core import parameter_index as P
        from model.core import rng
        from model.rules import authorisation
        from model.steps import voting

        world, p = self.atlas.arrays, self.parameters
        month, kind = month_number(row["month"]), KINDS.index(row["kind"])
        before = max(month - 1, 0)
        regime = world.states[self.atlas.state_row(self.state)]["regime"]
        mission = world.missions[self.atlas.mission_row(row["mission"])]
        group = int(mission["group"])
        seats = world.politics[before, regime]
        stance_class = plain(voting.stance_class)(int(world.kinds[kind]["stance"]), group)
        stance = world.stances[before, regime, stance_class]
        partner = float(stance["partner"]) if seats["partner"] > 0 else 1.0
        if row["authoriser"] not in ("diet", "diet_after", "assembly"):
            return {}, 1.0, partner
        opinion = "opinion_coalition" if group == GROUP_COALITION else "opinion_un"
        public = self.stock(opinion, before) - 0.5
        draw = self._draw(rng.VOTE, kind, month, mission["identity"])
        support = {
            house: float(
                plain(authorisation.support)(
                    seats[house],
                    stance["government"],
                    stance["opposition"],
                    public,
                    p[P.VOTE_SWING],
                    draw,
                )
            )
            for house in ("lower", "upper")
        }
        traced = float(row["support"])
        if row["authoriser"] == "assembly":
            present = float(p[P.WALKOUT_TURNOUT]) if stance["walkout"] > 0 else 1.0
            return {lookup.legislature(self.state): traced}, present, 1.0
        if lookup.has_one_chamber(self.state):  # under a law of two houses: its own decides alone
            return {lookup.legislature(self.state): traced}, 1.0, partner
        houses = {"lower house": traced}
        # Where the lower house overrides, or its support cannot be found again, it is alone.
        if not seats["override"] > 0 and abs(support["lower"] - traced) < 1e-9:
            houses["upper house"] = support["upper"]
        return houses, 1.0, partner

    def limits(self, row: Mapping[Any, Any]) -> dict[str, tuple[float, float]]:
        """Range of each term for this decision; the ally can want no more than it ever does."""
        from model.core import parameter_index as P
        from model.rules import alliance

        world, p = self.atlas.arrays, self.parameters
        before = max(month_number(row["month"]) - 1, 0)
        home = world.state_months[before, self.atlas.state_row(self.state)]
        mission = world.missions[self.atlas.mission_row(row["mission"])]
        salience = 1.5 * float(p[P.ALLIANCE_PRESSURE] * world.paths[before]["alliance"])
        most = plain(alliance.alliance_request)(home["embeddedness"], home["dependence"], salience)
        if mission["group"] == GROUP_COALITION:
            threat = float(home["threat"] * p[P.HOME_THREAT])
            most = plain(alliance.threat_raises)(most, threat, p[P.THREAT_RAISES_REQUEST])
        else:
            most = plain(alliance.united_nations_desk)(most, p[P.UN_DESK])
        limits = counterfactuals.RANGES | {"alliance": (0.0, float(most))}
        formed = bool(world.kinds[KINDS.index(row["kind"])]["formed"])
        if not (formed and GROUPS[mission["group"]] == "un"):
            del limits["threat"]
        if mission["group"] == GROUP_COALITION:
            del limits["gap"]
        return limits
