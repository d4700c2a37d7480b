"""A sceptic's attempts to break what the model claims, and the page that tells what came of them.

An attempt may surprise, if ``docs/parts/limits.csv`` explains it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from calibration.stress_tests import extremes, lever_signs
from calibration.stress_tests.attempt import Attempt, Histories
from calibration.stress_tests.term_signs import PUSHES, signs
from model.core import utility_terms
from model.world.build import build
from viz.reports import limits_report as page

RUNS = 10
MANY = 160  # runs that show what a fitted weight does at its extreme


@pytest.fixture(scope="module")
def base() -> Histories:
    return Histories(build(extremes.SPAN), RUNS)


def hold(attempts: Iterable[Attempt]) -> None:
    """Every attempt ends as claimed, or is explained."""
    known = page.explanations()
    odd = [one for one in attempts if not one.holds and (one.change, one.claim) not in known]
    assert not odd, "\n".join(f"{one.change}: {one.claim}? {one.measured}" for one in odd)


def test_every_term_is_moved_by_its_own_input_alone_and_in_the_documented_direction() -> None:
    assert {push.term for push in PUSHES} == set(utility_terms.NAMES)
    hold(signs())


def test_what_depends_on_an_extreme_stops(base: Histories) -> None:
    hold(extremes.extremes(Histories(base.atlas, MANY), MANY))


def test_placebos_change_no_bit(base: Histories) -> None:
    hold(extremes.placebos(base, RUNS))


def test_no_state_is_known_by_its_name() -> None:
    hold(extremes.exchanged(2, ("DEU",)))


def test_the_history_fits_its_own_state_best(base: Histories) -> None:
    hold(extremes.shuffled(base, RUNS))


def test_strong_levers_move_what_they_name() -> None:
    """The weak ones need hundreds of runs: they stand in the page."""
    strong = ("coalition_demand", "slots_added")
    hold(lever_signs.levers(20, [pull for pull in lever_signs.PULLS if pull.lever in strong]))


def test_the_page_of_limits_agrees_with_its_table() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page(page.stored(), page.explanations()), (
        "run python -m viz.reports.limits_report, or with --text where only words changed"
    )
