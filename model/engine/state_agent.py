"""A state as an agent: its stocks by name, and its decision in steps that a theory may replace.

An agent that replaces no step decides in one go, as the ensemble does.  One that does walks the
same parts one by one (``month_steps.part``) and asks its own steps between them; with steps that
only hand on what ours say, the results are the same to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from ..core import parameter_index as P
from ..core import records
from ..core.records import STOCKS
from ..errors import InputError
from ..own_terms import MOST
from ..steps.deployments import NO_NOTICE
from ..steps.menu import NONE_CHOSEN
from ..steps.proposal import BY_CHOICE, BY_VOTE, NOTHING
from ..steps.schedule import GONE
from ..vocabulary import FRAMEWORKS, GRADES, GROUPS, KINDS, NESTS, REASONS, STOPS
from . import month_steps
from .agent_requests import Alternative, Presence, Request
from .month_steps import PARTS

if TYPE_CHECKING:
    from .mesa_model import PeacekeepingModel

STEPS = ("consider", "menu", "value", "authorise", "choose", "prepare", "extend")
SURE = 1e-9  # a rule without a draw: its yes and no lie so near to certain


class StateAgent(mesa.Agent):
    """A state that decides by our rules, or replays its record; a row of the arrays with a name.

    A theory of one's own is a class that replaces some of the steps.  In a month a state looks at
    each presence whose term ends (``extend``), then at each request that reaches it: whether at all
    (``consider``), with what on the menu (``menu``), what each is worth (``value``), whether the
    cabinet or parliament agrees (``authorise``), which is taken (``choose``) and how long it takes
    (``prepare``).  Law and capacity are looked at while the menu is laid out.

    Attributes:
        code: ISO code.  row: of the world's arrays.

    Example:
        >>> import peacekeeping as pk
        >>> class Follower(pk.StateAgent):
        ...     def choose(self, request, menu):
        ...         open_ones = [one for one in menu if not one.shut_by]
        ...         return open_ones[0] if request.by_ally and open_ones else None
        >>> result = pk.run("historical", runs=1, end="1993-12", agent_class={"JPN": Follower})
        >>> result.manifest["overrides"]["agents"]
        {'JPN': 'Follower'}
    """

    model: PeacekeepingModel

    def __init__(self, model: PeacekeepingModel, code: str, row: int) -> None:
        super().__init__(model)
        self.code = code
        self.row = row
        self._drawn: int | None = None  # place that our own choice fell on, for one request

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code}: {self.people} people in the field>"

    # --- what it is ---------------------------------------------------------------------------

    @property
    def deliberating(self) -> bool:
        """Whether the state decides by the rules in the current month."""
        here = self.model.world.states[self.row]
        return bool(here.deliberates <= self.model.month < here.until)

    @property
    def people(self) -> int:
        """People in the field at the end of the last month."""
        return int(self._own.people)

    @property
    def opinion_un(self) -> float:
        """Public support for UN missions, 0..1."""
        return float(self._own.opinion_un)

    @property
    def opinion_coalition(self) -> float:
        """Public support for coalitions, 0..1."""
        return float(self._own.opinion_coalition)

    @property
    def casualty_memory(self) -> float:
        """Own deaths that are still remembered."""
        return float(self._own.memory)

    @property
    def attention(self) -> float:
        """Incidents that the public still follows."""
        return float(self._own.attention)

    @property
    def experience(self) -> float:
        """Own past deployments, in hundred person-months."""
        return float(self._own.experience)

    @property
    def trained_staff(self) -> float:
        """Trained staff officers and observers."""
        return float(self._own.staff_pool)

    @property
    def slots_used(self) -> float:
        """Load of all that is in the field or promised, in slots."""
        return float(self._own.load)

    @property
    def suspended(self) -> int:
        """People in the field whose work a condition of the law suspends."""
        return int(self._own.suspended)

    @property
    def alliance_pressure(self) -> float:
        """Pull of the pivotal ally, 0..1 and more; a reported state only, else not a number."""
        return self._noted("alliance_pressure")

    @property
    def home_threat(self) -> float:
        """Threat at home; a reported state only, else not a number."""
        return self._noted("home_threat")

    @property
    def training_support(self) -> float:
        """Training given abroad in the last month; a reported state only, else not a number."""
        return self._noted("training_support")

    @property
    def agreements(self) -> float:
        """Agreements made in the last month; a reported state only, else not a number."""
        return self._noted("agreements")

    @property
    def presences(self) -> dict[str, int]:
        """People in the field or under way, by mission."""
        here = self.model.run.people_here[self.row]
        return {self.model.atlas.missions[n]: int(here[n]) for n in here.nonzero()[0]}

    @property
    def _own(self) -> Any:
        return self.model.run.states[self.row]

    def _noted(self, stock: str) -> float:
        place = int(self.model.world.states[self.row].reported)
        if place < 0:
            return float("nan")
        last = max(self.model.month - 1, 0)
        return float(self.model.run.stocks[last, place, STOCKS.index(stock)])

    # --- the steps that a theory may replace --------------------------------------------------

    def consider(self, request: Request) -> bool:
        """Whether it looks at a request that has reached it; if not, no answer is given."""
        return True

    def menu(self, request: Request, laid_out: Sequence[Alternative]) -> Sequence[Alternative]:
        """Of the alternatives laid out, those that it weighs."""
        return laid_out

    def value(self, request: Request, alternative: Alternative) -> float:
        """What an alternative is worth, in log odds, of which 30 decide; sending nothing is 0."""
        return alternative.utility

    def authorise(self, request: Request, alternative: Alternative) -> bool:
        """Whether whoever must authorise an alternative does; law and capacity permit it."""
        return alternative.shut_by != "vote"

    def choose(self, request: Request, menu: Sequence[Alternative]) -> Alternative | None:
        """The alternative that it takes, None for nothing; here by chance, the likelier the more
        each is worth."""
        self._drawn = self._part("choose", request.number)
        return next((one for one in menu if one.place == self._drawn), None)

    def prepare(self, request: Request, alternative: Alternative, months: int) -> int:
        """Months from its answer to the arrival; ``months``: by our rules."""
        return months

    def extend(self, presence: Presence) -> bool | None:
        """Whether people whose term ends stay for another; None: by our rules."""
        return None

    # --- a month ------------------------------------------------------------------------------

    def deliberate(self) -> None:
        """Renew or end what the state has, and answer what it is asked."""
        if not self.deliberating:
            return
        model = self.model
        if not any(getattr(type(self), name) is not getattr(StateAgent, name) for name in STEPS):
            month_steps.deliberate(model.world, model.run, model.month, self.row)
            return
        self._extend()
        self._part("review")
        self._part("approach")
        for number in range(int(model.run.counts[records.REQUESTS])):
            if self._part("is_answered", number):
                self._answer(number)
        self._reopen()

    def live(self) -> None:
        """Let opinion, memory, experience, training and dialogue move on."""
        model = self.model
        month_steps.live(model.world, model.run, model.month, self.row, self.row + 1)

    def _part(self, name: str, number: int = 0, chosen: int = NONE_CHOSEN) -> int:
        model = self.model
        which = PARTS.index(name)
        return int(
            month_steps.part(
                model.world, model.run, model.month, self.row, which, int(number), int(chosen)
            )
        )

    def _extend(self) -> None:
        """Let ``extend`` decide on terms that end: one that stays gets a new term at once, one that
        leaves a date of departure, before our own review comes to it."""
        model = self.model
        run, month, atlas = model.run, model.month, model.atlas
        p = run.parameters[self.row]
        here = int(self._own.head)
        while here >= 0:
            place, unit = here, run.deployments[here]
            here = int(unit.next)
            ends = unit.arrives < month and month >= unit.term and unit.notice == NO_NOTICE
            if not ends or month > model.world.missions[unit.mission].end:
                continue
            presence = Presence(
                mission=atlas.missions[unit.mission],
                kind=KINDS[unit.kind],
                people=int(unit.people),
                months=int(month - unit.since),
            )
            stays = self.extend(presence)
            if stays is not None:
                stays = self._yes_or_no("extend", stays)
            if stays:
                unit.term = self._part("next_term", place)
            elif stays is not None:
                unit.notice = month + int(p[P.NOTICE_MONTHS])

    def _answer(self, number: int) -> int:
        """Answer one request by the steps; returns what stopped it, as a compiled answer does."""
        run = self.model.run
        request = self._request(number)
        if not self._yes_or_no("consider", self.consider(request)):
            return BY_CHOICE
        self._part("lay_out", number)
        laid_out = [self._alternative(place) for place in range(int(run.counts[records.MENU]))]
        weighed = self._weighed(request, laid_out)
        menu = []
        for one in laid_out:
            row = run.menu[one.place]
            if one.place not in weighed:
                row.stopped = BY_CHOICE
                continue
            if one.shut_by in ("", "vote"):
                agreed = self._yes_or_no("authorise", self.authorise(request, one))
                row.stopped = NOTHING if agreed else BY_VOTE
            worth = self.value(request, one)
            if worth != one.utility:  # ours is left as it is, to the bit
                row.utility = self._bounded(worth)
            shut = "" if row.stopped == NOTHING else STOPS[row.stopped]
            menu.append(replace(one, utility=float(row.utility), shut_by=shut))
        self._drawn = None
        chosen = self.choose(request, menu)
        if not isinstance(chosen, Alternative | None):
            raise self._wrong("choose", chosen, "an alternative of the menu, or None for nothing")
        place = NONE_CHOSEN if chosen is None else chosen.place
        if chosen is not None:
            here = next((one for one in menu if one.place == place), None)
            why = "is not on the menu" if here is None else f"is shut by {here.shut_by}"
            if here is None or here.shut_by:
                raise InputError(f"{type(self).__name__}.choose returned what {why}")
        if place != self._drawn:
            self._take(menu, place)
        written, offered = int(run.counts[records.DECISIONS]), int(run.counts[records.OFFERS])
        stopped = self._part("follow_up", number, place)
        if chosen is not None and run.counts[records.OFFERS] > offered:
            offer = run.offers[offered]
            months = self.prepare(request, chosen, int(offer.lead))
            if not isinstance(months, Integral) or months < 0:
                raise self._wrong("prepare", months, "whole months, 0 or more")
            offer.lead = int(months)
            if run.counts[records.DECISIONS] > written:
                run.decisions[written].lead = offer.lead
        return stopped

    def _bounded(self, value: Any) -> float:
        """A value that the choice can be made from."""
        if not isinstance(value, Real) or math.isnan(value):
            raise self._wrong("value", value, "a number")
        return max(-MOST, min(MOST, float(value)))

    def _weighed(self, request: Request, laid_out: Sequence[Alternative]) -> set[int]:
        """Places of the alternatives that ``menu`` leaves."""
        left = self.menu(request, laid_out)
        if not isinstance(left, Sequence) or not all(isinstance(one, Alternative) for one in left):
            raise self._wrong("menu", left, "a list of the alternatives laid out, [] for none")
        return {one.place for one in left}

    def _yes_or_no(self, step: str, said: Any) -> bool:
        if not isinstance(said, bool | np.bool_):
            also = " (None: by our rules)" if step == "extend" else ""
            raise self._wrong(step, said, f"True or False{also}")
        return bool(said)

    def _wrong(self, step: str, said: Any, valid: str) -> InputError:
        shown = repr(said)
        shown = shown if len(shown) <= 60 else f"{shown[:60]}..."
        return InputError(f"{type(self).__name__}.{step} returned {shown}; return {valid}")

    def _take(self, menu: Sequence[Alternative], place: int) -> None:
        """Write down a choice that has no draw."""
        for one in menu:
            row = self.model.run.menu[one.place]
            taken = one.place == place
            if not one.shut_by:
                row.stopped = NOTHING if taken else BY_CHOICE
                row.probability = 1.0 - SURE if taken else 0.0
            row.draw = SURE if place >= 0 else 1.0 - SURE

    def _reopen(self) -> None:
        """As ``schedule.reopen``."""
        run = self.model.run
        kept = 0
        for place in range(int(run.counts[records.PENDINGS])):
            stays = True
            if run.pending[place].state == self.row:
                number = self._part("taken_up", place)
                stays = number != GONE
                if number >= 0:
                    stays = self._answer(number) != NOTHING
            if stays:
                if kept != place:
                    run.pending[kept] = run.pending[place]
                kept += 1
        run.counts[records.PENDINGS] = kept

    def _request(self, number: int) -> Request:
        model = self.model
        row = model.run.requests[number]
        framework = int(model.world.missions[row.mission].framework)
        return Request(
            number=number,
            name=model.atlas.asks[row.ask] if row.ask >= 0 else "",
            mission=model.atlas.missions[row.mission],
            framework=FRAMEWORKS[framework],
            group=GROUPS[model.world.groups[framework]],
            kind=KINDS[row.kind],
            people=int(row.people),
            by_name=bool(row.state >= 0),
            by_ally=bool(row.ask >= 0 and model.world.asks[row.ask].ally),
            grade=GRADES[row.grade],
            crisis=bool(row.crisis),
            reason=REASONS[row.reason],
        )

    def _alternative(self, place: int) -> Alternative:
        model = self.model
        row, terms = model.run.menu[place], model.run.menu_terms[place]
        atlas, own = model.atlas, model.run.parameters[self.row]
        ours = len(terms) - len(model.world.own_terms)
        named = {
            name: float(terms[n] * (own[n] if n < ours else 1.0))
            for n, name in enumerate(atlas.terms)
        }
        return Alternative(
            place=place,
            form=NESTS[row.nest],
            mission=atlas.missions[row.mission],
            kind=KINDS[row.kind],
            people=int(row.people),
            site=atlas.sites[row.site][1] if row.site >= 0 else "",
            utility=float(row.utility),
            terms=named,
            shut_by="" if row.stopped == NOTHING else STOPS[row.stopped],
        )


def class_of(
    given: type[StateAgent] | Mapping[str, type[StateAgent]] | None, codes: Sequence[str]
) -> dict[str, type[StateAgent]]:
    """Class of each state: ours where no other is given.

    Args:
        given: one class for all, or by ISO code.

    Raises:
        InputError: no class of agents, or a state that is not there.
    """
    if given is None:
        return dict.fromkeys(codes, StateAgent)
    named = given if isinstance(given, Mapping) else dict.fromkeys(codes, given)
    for code, one in named.items():
        if code not in codes:
            raise InputError(f"agent_class: {code!r} is no state; write its code, such as JPN")
        if not (isinstance(one, type) and issubclass(one, StateAgent)):
            raise InputError(
                f"agent_class: {one!r} is no class of agents; derive one from "
                "peacekeeping.StateAgent"
            )
        for name in {*dir(one)} - {*dir(StateAgent)}:
            if name == "survey":  # a step of its own in the design, part of the menu here
                raise InputError(
                    f"agent_class: {one.__name__}.survey is no step; what a survey finds is in the "
                    "terms of each alternative: override menu or value"
                )
            if near := get_close_matches(name, STEPS, 1, 0.8):
                raise InputError(
                    f"agent_class: {one.__name__}.{name} is no step; did you mean {near[0]!r}? The "
                    f"steps are {', '.join(STEPS)}"
                )
    return {code: named.get(code, StateAgent) for code in codes}
