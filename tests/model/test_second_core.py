"""Properties that the decision rules must have, whatever their weights."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.core import parameter_index, utility_terms
from model.rules import capacity, choice, force_generation, request_grade
from model.steps import renewal, utility
from model.vocabulary import GRADES, GROUP_COALITION, GROUP_UN, MODES

share = st.floats(0.0, 1.0)
load = st.floats(0.0, 8.0)
power = st.floats(1.0, 4.0)
comfort = st.floats(0.25, 10.0)


def plain(rule):
    return getattr(rule, "py_func", rule)


@given(share, share, share)
def test_a_request_of_lower_grade_never_binds_more(call: float, sounding: float, leader: float):
    binding = plain(request_grade.binding)
    levels = [binding(grade, call, sounding, leader) for grade in range(1, len(GRADES))]
    assert levels == sorted(levels)
    assert levels[0] == 0.0 and levels[-1] == 1.0
    unknown = binding(GRADES.index("none"), call, sounding, leader)
    assert unknown == binding(GRADES.index("sounding"), call, sounding, leader)


@given(load, load, st.floats(0.05, 3.0), comfort, power)
def test_with_two_plans_leaving_one_never_makes_the_other_dearer(one, less, own, ease, steep):
    more, fewer = max(one, less), min(one, less)
    dear = plain(capacity.congestion)(more, own, ease, steep)
    cheap = plain(capacity.congestion)(fewer, own, ease, steep)
    assert cheap <= dear + 1e-9
    stay = plain(capacity.congestion_of_staying)
    assert stay(fewer + own, own, ease, steep) <= stay(more + own, own, ease, steep) + 1e-9
    assert abs(stay(own, own, ease, steep)) < 1e-9  # alone it costs nothing


@given(st.lists(st.floats(-6.0, 6.0), min_size=1, max_size=6), st.floats(0.1, 1.0))
def test_a_nest_weighs_at_least_as_much_as_its_best_alternative(utilities, scale):
    total = sum(plain(choice.inclusive)(u, scale) for u in utilities)
    weight = plain(choice.nest_weight)(total, scale)
    assert weight >= math.exp(max(utilities)) * (1 - 1e-9)
    assert plain(choice.nest_weight)(0.0, scale) == 0.0


@given(st.floats(-6.0, 6.0), st.floats(0.1, 1.0))
def test_one_alternative_is_a_plain_logit(utility, scale):
    weight = plain(choice.nest_weight)(plain(choice.inclusive)(utility, scale), scale)
    assert math.isclose(weight / (1.0 + weight), plain(choice.probability)(utility), rel_tol=1e-9)


@given(share, share, st.floats(0.0, 0.5), st.floats(-4.0, 4.0))
def test_a_survey_finds_more_where_there_is_more(level, more, error, draw):
    found = plain(choice.surveyed)
    low, high = min(level, more), max(level, more)
    assert 0.0 <= found(low, error, draw) <= found(high, error, draw) <= 1.0


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_fewer_people_than_asked_for_are_worth_less(size, asked):
    worth = plain(choice.fraction)(size, asked)
    assert worth <= 0.0
    assert (worth == 0.0) == (size >= asked)


@given(load, share)
def test_a_service_recovers_no_faster_than_it_may(now, recovery):
    after = plain(capacity.strain_next)(now, 0.0, recovery)
    assert 0.0 <= after <= now
    assert plain(capacity.strain_next)(0.0, now, recovery) == now


level = st.floats(-6.0, 3.0)


sizes = st.integers(0, 5000)


@given(sizes, sizes, level, level, st.floats(0.05, 1.0), st.floats(0.0, 1.0))
def test_an_extension_keeps_the_size_cuts_it_or_raises_it(people, room, cut, raised, step, draw):
    size = plain(force_generation.extended_size)
    minimum = min(people, 20)
    found = size(people, minimum, room, cut, raised, step, 0.25, draw)
    assert found <= people + room and found <= people * math.exp(0.25) + 1
    assert found >= minimum
    weights = (math.exp(cut), 1.0, math.exp(raised))
    below = draw * sum(weights)
    if below < weights[0]:
        assert found <= people
    elif below < weights[0] + weights[1] - 1e-9:
        assert found == people
    else:
        assert found >= people
    # More load of its service, a higher level: never a larger size.
    assert size(people, minimum, 0, cut + 1.0, -99.0, step, 0.25, draw) <= size(
        people, minimum, 0, cut, -99.0, step, 0.25, draw
    )


def test_work_is_done_once():
    class Unit:
        kind = 0
        since = 0

    class Of:
        def __init__(self, **parts):
            self.__dict__.update(parts)

    world = Of(kinds=[Of(completes=1.0)])
    parameters = np.zeros((1, len(parameter_index.NAMES)))
    parameters[0, parameter_index.TASK_YEARS] = 4.0
    told = []
    for month in range(12, 120, 12):
        terms = np.zeros(utility_terms.COUNT)
        terms[utility_terms.TASK_DONE] = plain(choice.task_done)(month, 0.0, 1.0, 4.0)
        run = Of(terms=terms, parameters=parameters)
        told.append(plain(renewal.work_done_since)(world, run, month, 0, Unit(), month - 12))
    assert sum(told) == 1 and told.index(True) > 0  # and it takes more than a year


def test_help_after_a_disaster_is_relief_under_any_flag():
    parameters = np.zeros(len(parameter_index.NAMES))
    parameters[parameter_index.RELIEF_INTERCEPT] = 1.5
    willing = plain(utility.intercept)
    disaster, crisis = MODES.index("disaster"), MODES.index("crisis")
    for group in (GROUP_UN, GROUP_COALITION):
        assert willing(parameters, group, True, 0, disaster) == 1.5
        assert willing(parameters, group, True, 0, crisis) == 0.0
    relief = max(GROUP_UN, GROUP_COALITION) + 1
    assert willing(parameters, relief, True, 0, disaster) == 1.5  # and not twice
    assert willing(parameters, relief, True, 0, crisis) == 1.5
