"""A state under Mesa decides in steps, each of which a theory may replace."""

from __future__ import annotations

from typing import Any

import pytest

from model.core.records import STOCKS
from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import Trace
from model.engine.state_agent import STEPS, StateAgent
from model.errors import InputError
from model.settings import Settings
from model.world.build import build
from tests.support.digest import digest_of

TRACE = Trace(states=("JPN", "KOR"), runs=(0,))


@pytest.fixture(scope="module")
def atlas() -> Any:
    return build(Settings(end="1996-12"))


class HandsOn(StateAgent):
    """Every step its own, each saying what ours says."""

    def consider(self, request: Any) -> Any:
        return super().consider(request)

    def menu(self, request: Any, laid_out: Any) -> Any:
        return super().menu(request, laid_out)

    def value(self, request: Any, alternative: Any) -> Any:
        return super().value(request, alternative)

    def authorise(self, request: Any, alternative: Any) -> Any:
        return super().authorise(request, alternative)

    def choose(self, request: Any, menu: Any) -> Any:
        return super().choose(request, menu)

    def prepare(self, request: Any, alternative: Any, months: int) -> Any:
        return super().prepare(request, alternative, months)

    def extend(self, presence: Any) -> Any:
        return super().extend(presence)


def model(atlas: Any, agent: Any, **more: Any) -> PeacekeepingModel:
    return PeacekeepingModel(atlas=atlas, seed_key=1, trace=TRACE, agent_class=agent, **more)


def spells(atlas: Any, agent: Any, state: str = "JPN") -> Any:
    table = model(atlas, agent).run_all().spells()
    return table[table["state"] == state]


def test_steps_that_hand_on_what_ours_say_give_the_same_bits(atlas: Any) -> None:
    assert {name for name in STEPS if name in vars(HandsOn)} == set(STEPS)
    (chunk,) = ensemble.simulate(atlas, [0], 1, trace=TRACE)
    assert len(chunk.ledgers[0].decisions) > 20
    for agent in (None, HandsOn, {"KOR": HandsOn}):
        assert digest_of(model(atlas, agent).run_all().ledgers) == digest_of(chunk.ledgers), agent


def test_another_choice_of_one_state_is_that_of_one_state(atlas: Any) -> None:
    class Never(StateAgent):
        def choose(self, request: Any, menu: Any) -> Any:
            return None

    assert spells(atlas, {"JPN": Never}).empty
    assert len(spells(atlas, {"JPN": Never}, "KOR")) > 0


def test_a_rule_that_always_goes_goes_as_law_and_people_permit(atlas: Any) -> None:
    class Always(StateAgent):
        def choose(self, request: Any, menu: Any) -> Any:
            return next((one for one in menu if not one.shut_by), None)

    run = model(atlas, {"JPN": Always}).run_all()
    table = run.decisions()
    asked = table[(table["state"] == "JPN") & (table["reason"] != "renewal")]
    assert set(asked["stopped_by"]) <= {"nothing", "law", "capacity", "vote", "too_small"}
    went = asked[asked["stopped_by"] == "nothing"]
    assert len(went) > 5
    assert (went["draw"] < 1e-6).all() and (went["probability"] > 0.999).all()


def test_what_is_shut_or_not_on_the_menu_cannot_be_chosen(atlas: Any) -> None:
    class Lawless(StateAgent):
        def choose(self, request: Any, menu: Any) -> Any:
            return next((one for one in menu if one.shut_by == "law"), None)

    with pytest.raises(InputError, match="Lawless.choose returned what is shut by law"):
        model(atlas, {"JPN": Lawless}).run_all()


def test_each_step_is_asked(atlas: Any) -> None:
    def counted(**steps: Any) -> int:
        return len(spells(atlas, {"KOR": type("Other", (StateAgent,), steps)}, "KOR"))

    ours = counted(prepare=StateAgent.prepare)
    assert ours > 0
    assert counted(consider=lambda self, request: False) == 0
    assert counted(menu=lambda self, request, laid_out: []) == 0
    assert counted(value=lambda self, request, one: -30.0) == 0
    assert counted(value=lambda self, request, one: 30.0) > ours
    assert counted(authorise=lambda self, request, one: False) == 0


def test_the_months_to_arrival_are_those_of_prepare(atlas: Any) -> None:
    class Slow(StateAgent):
        def prepare(self, request: Any, alternative: Any, months: int) -> int:
            return 17

    table = model(atlas, {"KOR": Slow}).run_all().decisions()
    sent = table[(table["state"] == "KOR") & (table["offered"] > 0)]
    sent = sent[sent["reason"] != "renewal"]
    assert len(sent) > 0 and (sent["lead_months"] == 17).all()


def test_who_never_extends_leaves_at_the_end_of_a_term(atlas: Any) -> None:
    class Leaves(StateAgent):
        def extend(self, presence: Any) -> bool:
            assert presence.people > 0 and presence.months > 0
            return False

    class Stays(StateAgent):
        def extend(self, presence: Any) -> bool:
            return True

    def longest(agent: Any) -> int:
        table = spells(atlas, {"KOR": agent}, "KOR")
        return int((table["last"] - table["first"]).max())

    assert longest(Leaves) < longest(StateAgent)
    assert longest(Leaves) < longest(Stays)


@pytest.mark.parametrize(
    ("step", "said", "words"),
    [
        ("consider", "no", "returned 'no'; return True or False"),
        ("menu", None, "returned None; return a list of the alternatives laid out"),
        ("value", None, "returned None; return a number"),
        ("value", float("nan"), "returned nan; return a number"),
        ("authorise", 1, "returned 1; return True or False"),
        ("choose", 3, "returned 3; return an alternative of the menu, or None for nothing"),
        ("prepare", 2.5, "returned 2.5; return whole months, 0 or more"),
        ("prepare", -1, "returned -1; return whole months, 0 or more"),
        ("extend", "no", r"returned 'no'; return True or False \(None: by our rules\)"),
    ],
)
def test_a_step_that_returns_what_it_may_not_is_named(
    atlas: Any, step: str, said: Any, words: str
) -> None:
    theory = type("Theory", (StateAgent,), {step: lambda *_: said})
    with pytest.raises(InputError, match=rf"^Theory\.{step} {words}"):
        model(atlas, {"JPN": theory}).run_all()


def test_a_survey_is_told_to_be_part_of_the_menu(atlas: Any) -> None:
    theory = type("Theory", (StateAgent,), {"survey": lambda *_: 0.5})
    with pytest.raises(InputError, match=r"Theory\.survey is no step; .* override menu or value"):
        model(atlas, {"JPN": theory})


def test_a_misspelt_step_is_not_left_without_effect(atlas: Any) -> None:
    theory = type("Theory", (StateAgent,), {"chose": lambda *_: None})
    with pytest.raises(InputError, match=r"Theory\.chose is no step; did you mean 'choose'\?"):
        model(atlas, {"JPN": theory})
    helper = type("Theory", (StateAgent,), {"mood": lambda *_: None})
    assert model(atlas, {"JPN": helper}).states["JPN"].code == "JPN"


def test_a_model_and_a_state_show_themselves(atlas: Any) -> None:
    found = model(atlas, None)
    assert repr(found) == (
        "<PeacekeepingModel, run 0 of seed 1: 1990-11 to 1996-12, now 1990-01; no state active>"
    )
    found.run_all()
    japan = found.states["JPN"]
    assert repr(japan) == f"<StateAgent JPN: {japan.people} people in the field>"


def test_stocks_have_names(atlas: Any) -> None:
    run = model(atlas, None, agent_reporters={name: name for name in STOCKS})
    for _ in range(60):
        run.step()
    japan = run.states["JPN"]
    place = int(atlas.arrays.states[japan.row].reported)
    for number, name in enumerate(STOCKS):
        assert getattr(japan, name) == run.run.stocks[run.month - 1, place, number], name
    france = run.states["FRA"]
    assert 0 < france.opinion_un < 1 and france.home_threat != france.home_threat
    told = run.datacollector.get_agent_vars_dataframe()
    assert list(told.columns) == list(STOCKS)
    assert told.loc[(60, japan.unique_id), "opinion_un"] == japan.opinion_un


def test_what_is_no_class_of_agents_is_refused(atlas: Any) -> None:
    with pytest.raises(InputError, match="'XXX' is no state"):
        model(atlas, {"XXX": StateAgent})
    with pytest.raises(InputError, match="is no class of agents"):
        model(atlas, dict)
