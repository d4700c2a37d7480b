"""Japan and Korea with each other's provisions: what each may then do, and who must agree."""

from __future__ import annotations

import pytest

from model.engine import ensemble
from model.months import month_number
from model.rules.law import ALL_CONDITIONS
from model.rules.law import gate as fold
from model.vocabulary import FRAMEWORKS, GATES, KINDS
from scenarios.definition.loader import parse
from scenarios.running import model_adapter

FORCE = '"JPN-CON9-1", "JPN-CON9-2*"'  # the constitutional rule on force and its reading


def swapped(keeps_force_rule: bool):
    """The atlas with both laws exchanged from October 1992."""
    keep = f"keep = [{FORCE}]" if keeps_force_rule else ""
    without = f"without = [{FORCE}]" if keeps_force_rule else ""
    text = f"""title = "Swapped"
question = "What if?"
references = ["test"]
[[events]]
type = "replace"
month = "1992-10"
state = "JPN"
by = "KOR"
{keep}
[[events]]
type = "replace"
month = "1992-10"
state = "KOR"
by = "JPN"
{without}
"""
    return model_adapter.world_of(parse(text, "swapped.toml"))


@pytest.fixture(scope="module", params=[True, False], ids=["A", "B"])
def world(request):
    return request.param, swapped(request.param)


def answer(atlas, state: str, month: str, kind: str, framework: str) -> str:
    """The gate on law alone."""
    arrays = atlas.arrays
    regime = arrays.states[atlas.state_row(state)].regime
    matter = arrays.covering[regime, KINDS.index(kind)]
    place = FRAMEWORKS.index(framework)
    found = fold(
        arrays.provisions,
        arrays.covering_rows,
        matter[place],
        matter[place + 1],
        month_number(month),
        ALL_CONDITIONS,
    )
    return GATES[found[0]]


@pytest.mark.parametrize(
    ("state", "month", "kind", "framework", "with_rule", "without_rule"),
    [
        # Korea under the task lists of Japan (model_review section 3)
        ("KOR", "1999-10", "infantry", "un_pko", "needs_statute", "needs_statute"),
        ("KOR", "2003-05", "engineer", "coalition_un_mandated", "needs_statute", "needs_statute"),
        ("KOR", "2003-10", "engineer", "coalition_un_mandated", "open", "open"),
        ("KOR", "2011-01", "special_forces_training", "bilateral_training", *2 * ["needs_statute"]),
        ("KOR", "2004-08", "infantry", "coalition_un_mandated", "needs_statute", "shut"),
        # Japan under the consent rule of Korea
        ("JPN", "1999-10", "infantry", "un_pko", "open_after_lead", "open_after_lead"),
        ("JPN", "2003-05", "engineer", "coalition_un_mandated", *2 * ["open_after_lead"]),
        ("JPN", "2004-08", "infantry", "coalition_un_mandated", "shut", "open_after_lead"),
    ],
)
def test_each_state_may_do_what_the_other_might(
    world, state, month, kind, framework, with_rule, without_rule
):
    keeps_force_rule, atlas = world
    expected = with_rule if keeps_force_rule else without_rule
    assert answer(atlas, state, month, kind, framework) == expected


def test_before_the_exchange_nothing_differs(world):
    _, atlas = world
    (plain,) = ensemble.simulate(
        model_adapter.world_of(parse('title="T"\nquestion="Q"\nreferences=["R"]\n', "t.toml")),
        range(5),
        1,
    )
    (other,) = ensemble.simulate(atlas, range(5), 1)
    before = month_number("1992-10") - month_number("1990-11")
    a, b = plain.personnel(), other.personnel()
    assert (a[:, :before] == b[:, :before]).all()
    assert (a != b).any()


def test_units_of_korea_can_be_agreed_by_one_chamber(world):
    """Where the law asks for both houses, a state with one has the seats of that one."""
    _, atlas = world
    regime = atlas.arrays.states[atlas.state_row("KOR")].regime
    seats = atlas.arrays.politics[:, regime]
    assert (seats["upper"] == seats["lower"]).all()
