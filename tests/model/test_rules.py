"""Invariants of the rules: ranges, signs, limits."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import months, tables, vocabulary
from model.core import jit, parameter_index, parameter_values, utility_terms
from model.rules import (
    alliance,
    authorisation,
    capacity,
    capacity_building,
    casualties,
    choice,
    force_generation,
    law,
    lead_time,
    opinion,
    reform,
)
from model.steps import asker_knowledge, response, voting
from model.tables import table

share = st.floats(0.0, 1.0)
positive = st.floats(0.0, 100.0)


@given(share, share, share)
def test_an_ally_presses_harder_the_closer_the_more_dependent_the_more_it_wants(a, b, c):
    request = alliance.alliance_request(a, b, c)
    assert 0.0 <= request <= 1.0
    assert alliance.alliance_request(a, b, 0.0) == 0.0
    assert alliance.alliance_request(a, b, 1.0) >= request
    assert alliance.threat_raises(request, 1.0, 0.8) >= request
    assert alliance.united_nations_desk(request, 0.3) <= request


@given(share, share, positive)
def test_risk_rises_with_fighting_and_is_less_for_those_already_there(fighting, exposure, aversion):
    full = choice.risk(fighting, exposure, aversion)
    assert 0.0 <= full <= aversion
    assert choice.risk_once_there(full, 0.5) <= full
    assert choice.risk(0.0, exposure, aversion) == 0.0


@given(share, st.sampled_from([0.0, 0.5, 1.0]))
def test_only_a_state_with_the_condition_pays_the_gap(fighting, ceasefire):
    assert choice.ceasefire_gap(fighting, ceasefire, 0) == 0.0
    gap = choice.ceasefire_gap(fighting, ceasefire, 1)
    assert 0.0 <= gap <= fighting
    assert gap <= choice.ceasefire_gap(fighting, 0.0, 1)


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(-89, 89), st.floats(-180, 180))
def test_distance_is_symmetric_and_at_most_half_way_round(a, b, c, d):
    there = choice.distance_thousands(a, b, c, d)
    assert 0.0 <= there <= 20.1
    assert there == pytest.approx(choice.distance_thousands(c, d, a, b))


def test_distance_from_tokyo_to_juba():
    assert choice.distance_thousands(35.68, 139.69, 4.85, 31.6) == pytest.approx(11.2, abs=0.3)


@given(st.floats(-30, 30))
def test_choice_is_a_probability_that_rises(utility):
    chance = choice.probability(utility)
    assert 0.0 <= chance <= 1.0
    assert choice.probability(utility + 1.0) >= chance
    assert choice.accepts(chance, 0.0) == (chance > 0.0)


@given(st.integers(0, 3), share, share, share, st.integers(0, 1))
def test_presence_makes_a_cabinet_less_ready_to_see_a_party(rival, organised, quasi, lean, present):
    chance = law.party_chance(rival, present, organised, quasi, lean)
    assert 0.0 <= chance <= 1.0
    assert law.party_chance(rival, 1, organised, quasi, lean) <= law.party_chance(
        rival, 0, organised, quasi, lean
    )


def test_who_is_asked_by_name_offers_what_is_asked_and_else_no_less_than_a_unit():
    of = {"need": 500, "typical": 40, "minimum": 10, "formed": 1}
    assert force_generation.offer_size(asked=7, factor=1.0, **of) == 7
    assert force_generation.offer_size(asked=0, factor=0.2, **of) == 0
    assert force_generation.offer_size(asked=0, factor=0.25, **of) == 10
    assert force_generation.offer_size(asked=600, factor=1.0, **of) == 500


def test_the_share_that_is_open_stays_within_its_bounds():
    assert force_generation.share_open(1000, 250) == 0.75
    assert force_generation.share_open(1000, 1200) == pytest.approx(-0.2)
    assert force_generation.share_open(1000, 9000) == force_generation.LEAST_OPEN
    assert force_generation.share_open(0, 0) == force_generation.LEAST_OPEN


def test_large_contingents_shrink_and_those_in_missions_that_lack_people_grow():
    of = {"level": -0.1, "weight_size": 0.2, "typical": 400, "weight_room": 0.7}
    usual = force_generation.growth(people=400, room=0.0, **of)
    assert usual == pytest.approx(-0.1)
    assert force_generation.growth(people=800, room=0.0, **of) < usual
    assert force_generation.growth(people=400, room=0.5, **of) > usual


def test_a_renewal_changes_a_size_as_often_as_its_share_says_and_within_bounds():
    of = {"people": 400, "minimum": 100, "most": 900, "share": 0.2, "centre": 0.1, "spread": 0.3}
    assert force_generation.resized(draw=0.2, **of) == 400
    assert force_generation.resized(draw=0.1, **of) == 442  # the middle: exp(0.1) of 400
    assert force_generation.resized(draw=1e-9, **of) == 100
    assert force_generation.resized(draw=0.2 - 1e-9, **of) == 900
    assert force_generation.resized(draw=0.0, **(of | {"share": 0.0})) == 400


def test_the_more_people_are_in_place_the_more_holds_them():
    assert choice.foothold(400, 400) == 0.0
    assert choice.foothold(100, 400) < 0.0 < choice.foothold(800, 400)


@given(st.integers(20, 5000))
def test_larger_units_never_take_fewer_slots(size):
    assert capacity.slot_load(size + 1, 100, 700) >= capacity.slot_load(size, 100, 700)


@given(st.floats(1000, 3e6), share, st.floats(0, 1e5))
def test_ready_people_shrink_with_what_is_in_the_field(forces, deployable, field):
    ready = capacity.ready_people(forces, deployable, field)
    assert 0.0 <= ready <= forces
    assert capacity.ready_people(forces, deployable, field + 100) <= ready


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=30), st.integers(0, 5000))
def test_scaled_offers_add_up_to_the_need(offers, need):
    given_, scaled = np.array(offers), np.zeros(len(offers), dtype=np.int64)
    force_generation.largest_remainder(given_, len(offers), need, scaled)
    assert scaled.sum() == min(need, sum(offers))
    assert (scaled >= 0).all()
    assert (scaled <= given_).all()


def test_ties_in_scaling_go_to_the_first():
    scaled = np.zeros(3, dtype=np.int64)
    force_generation.largest_remainder(np.array([10, 10, 10]), 3, 10, scaled)
    assert scaled.tolist() == [4, 3, 3]


def lead(draw, crisis=False, formed=True, saved=0):
    return lead_time.lead_months(
        crisis, formed, draw, math.log(draw / (1 - draw)), 1, 2, 8.0, 0.4, 24, saved
    )


@given(st.floats(1e-6, 1 - 1e-6), st.booleans(), st.booleans())
def test_lead_times_lie_in_their_mode(draw, crisis, formed):
    months = lead(draw, crisis, formed)
    if not formed:
        assert 1 <= months <= 5
    elif crisis:
        assert 1 <= months <= 3
    else:
        assert 3 <= months <= 24


def test_half_of_the_routine_units_take_the_median_or_less():
    assert lead(0.5) == 8
    assert lead(0.25) < 8 < lead(0.75)
    assert lead(0.5, saved=3) == 5
    assert lead(0.5, saved=20) == 3  # never as soon as in a crisis


@given(share, share, share, st.floats(-0.5, 0.5), st.floats(0, 2), share)
def test_support_is_a_share_of_seats(bloc, own, other, view, swing, luck):
    seats = authorisation.support(bloc, own, other, view, swing, luck)
    assert 0.0 <= seats <= 1.0 + 1e-12


def test_a_hostile_upper_house_can_be_overridden_but_a_partner_cannot():
    assert authorisation.diet_carries(0.7, 0.4, True, 1.0)
    assert not authorisation.diet_carries(0.7, 0.4, False, 1.0)
    assert not authorisation.diet_carries(0.9, 0.9, True, 0.0)


@given(share, share, share, share, st.integers(0, 5))
def test_opinion_stays_a_share_and_deaths_cost_it(level, target, speed, salience, deaths):
    following = opinion.un_next(level, target, speed, salience, 0.01, deaths, 0.02)
    assert 0.0 <= following <= 1.0
    assert following <= opinion.un_next(level, target, speed, 0.0, 0.01, 0, 0.02)


@given(st.floats(0.0, 5.0), st.floats(1e-9, 1 - 1e-9))
def test_events_in_a_month_grow_with_the_rate(rate, luck):
    count = capacity_building.events_in_month(rate, luck)
    assert 0 <= count <= 8
    assert capacity_building.events_in_month(rate + 0.5, luck) >= count


@given(st.floats(0, 0.001), st.floats(0, 5000), share)
def test_incident_chance_is_a_probability(rate, people, exposure):
    chance = casualties.incident_chance(rate, people, exposure)
    assert 0.0 <= chance < 1.0
    if chance > 0.0:
        assert casualties.deaths_in_incident(chance / 2, chance) == 1


@given(st.integers(0, 5000), st.floats(0.1, 3), st.floats(0, 1e4), st.integers(0, 9000))
def test_need_is_never_negative_and_falls_with_presence(asked, lever, filled, present):
    recorded = response.recorded_of_kind(asked, max(asked, 1), filled)
    need = response.need_for(asked, lever, recorded, present)
    assert need >= 0
    assert response.need_for(asked, lever, recorded, present + 10) <= need
    assert response.recorded_of_kind(asked, 2 * max(asked, 1), filled) <= recorded
    assert response.recorded_of_kind(asked, 0, filled) == 0


@given(st.floats(-9, 3), st.booleans(), st.booleans(), st.floats(0, 8))
def test_a_known_bar_keeps_askers_away(base, region, present, anticipation):
    free = force_generation.approach_chance(base, region, 0.5, present, 0.8, False, anticipation)
    barred = force_generation.approach_chance(base, region, 0.5, present, 0.8, True, anticipation)
    assert 0.0 <= barred <= free <= 1.0


def test_constants_equal_the_closed_tables():
    assert tuple(table("kinds")["kind"]) == vocabulary.KINDS
    assert tuple(table("frameworks")["framework"]) == vocabulary.FRAMEWORKS
    assert vocabulary.KINDS[vocabulary.NAVAL] == "naval"
    assert vocabulary.KINDS[vocabulary.STAFF] == "staff"
    assert vocabulary.KINDS[vocabulary.OBSERVER] == "observer"
    assert vocabulary.KINDS[vocabulary.POLICE] == "police"
    assert vocabulary.FRAMEWORKS[vocabulary.COALITION] == "coalition"
    assert vocabulary.FRAMEWORKS[vocabulary.COALITION_UN_MANDATED] == "coalition_un_mandated"
    assert vocabulary.FRAMEWORKS[vocabulary.ANTI_PIRACY] == "anti_piracy"
    assert vocabulary.FRAMEWORKS[vocabulary.OWN_MISSION] == "own_mission"


def test_every_term_has_a_weight_a_meaning_and_a_row():
    names = [column.name for column in parameter_values.columns()]
    assert tuple(names[: parameter_index.COUNT]) == parameter_index.NAMES
    for column in parameter_values.columns():
        assert column.source, column.name
        assert column.status in ("sourced", "derived", "calibrated", "assumption"), column.name


def constants_read(alias):
    """Names that the sources of the model read as ``alias.NAME``, in lower case."""
    sources = "".join(path.read_text(encoding="utf-8") for path in jit.HERE.rglob("*.py"))
    return {name.lower() for name in re.findall(rf"\b{alias}\.([A-Z][A-Z_]*)\b", sources)}


def test_every_parameter_has_a_use_and_every_use_a_row():
    weights = set(parameter_index.NAMES[: utility_terms.COUNT])
    composite = set(tables.table("trends")["trend"])  # read through the table of what they move
    assert constants_read("P") == set(parameter_index.NAMES) - weights - composite
    assert parameter_index.NAMES.index("slots_base") == parameter_index.SLOTS_BASE
    with pytest.raises(AttributeError, match="parameters.csv has no row 'slots_bass'"):
        _ = parameter_index.SLOTS_BASS


def test_every_term_is_computed_and_every_term_computed_is_listed():
    assert constants_read("utility_terms") - {"names", "count", "meaning"} == set(
        utility_terms.NAMES
    )
    assert utility_terms.NAMES.index("risk") == utility_terms.RISK
    with pytest.raises(AttributeError, match="no term 'luck'"):
        _ = utility_terms.LUCK


@given(st.integers(0, 1200))
def test_months_are_written_as_they_are_read(number):
    text = months.month_text(number)
    assert months.month_number(text) == number
    assert text == f"{1990 + number // 12}-{1 + number % 12:02d}"
    assert months.year_of(number) == int(text[:4])


LEVELS = st.floats(0, 5)


@given(share, share, share, st.booleans(), st.booleans())
def test_a_refused_request_presses_at_least_as_much_as_one_that_is_met(
    interest, elsewhere, makeshift, covered, more
):
    refused = reform.press(interest, True, covered, elsewhere, makeshift)
    answered = reform.press(interest, False, covered, elsewhere, makeshift)
    assert 0.0 <= answered <= refused <= 1.5
    assert reform.press(interest, more, True, elsewhere, makeshift) >= reform.press(
        interest, more, False, elsewhere, makeshift
    )


@given(LEVELS, LEVELS, share, share)
def test_shock_threat_and_a_strong_cabinet_open_windows(pressure, more, threat, strength):
    def chance(pressure, threat, strength):
        return reform.window_chance(-5.0, pressure, 3.0, threat, 1.5, strength, 2.0)

    first = chance(pressure, threat, strength)
    assert 0.0 < first < 1.0
    assert chance(pressure + more, threat, strength) >= first
    assert chance(pressure, threat + more, strength) >= first
    assert chance(pressure, threat, strength + more) >= first


@given(st.integers(0, 20), st.integers(0, 20), st.floats(0, 1, exclude_max=True))
def test_drawn_months_lie_between_their_bounds(low, more, luck):
    assert low <= reform.months_drawn(low, low + more, luck) <= low + more


def test_the_inside_veto_needs_a_partner():
    assert reform.partner_agrees(0.0, 0.0, 0.99)
    assert not reform.partner_agrees(0.1, 0.55, 0.6)
    assert reform.partner_agrees(0.1, 0.55, 0.5)


def test_work_is_lost_only_with_its_cabinet():
    assert not reform.is_lost(False, 0.0, 1.0)
    assert reform.is_lost(True, 0.6, 0.7)
    assert not reform.is_lost(True, 0.8, 0.7)


def test_a_shock_needs_no_panel_and_calm_does():
    assert reform.needs_panel(0.2, 0.5)
    assert not reform.needs_panel(0.75, 0.5)


@given(st.integers(0, 400), st.integers(0, 60), st.integers(0, 60), st.integers(1, 24))
def test_a_dated_change_is_in_force_between_its_months_and_grows_over_its_ramp(
    first, later, length, ramp
):
    until = first + length
    at_once = capacity.in_force(first + later, first, until, 0)
    assert at_once == (1.0 if later < length else 0.0)
    assert capacity.in_force(first - 1, first, until, 0) == 0.0
    grown = capacity.in_force(first + later, first, until, ramp)
    assert grown == at_once * min(1.0, (later + 1) / ramp)


@given(share, st.floats(0.0, 8.0), st.floats(0.01, 4.0))
def test_the_more_askers_anticipate_the_fewer_ask_in_vain(luck, much, more):
    assert asker_knowledge.asked_anyway(0.0, 0.0) and not asker_knowledge.asked_anyway(0.0, 1.0)
    if asker_knowledge.asked_anyway(much + more, luck):
        assert asker_knowledge.asked_anyway(much, luck)


def test_parties_tell_classes_of_dispatch_apart():
    classes, groups = vocabulary.STANCE_CLASSES, vocabulary.GROUPS
    stances = ("combat", "support", "naval", "training", "relief", "none")
    wanted = {
        "un": ("un_infantry", "un_support", "naval", "training", "relief", "un_support"),
        "coalition": (
            *("coalition_combat", "coalition_support", "naval", "training", "relief"),
            "coalition_support",
        ),
        "other": ("relief", "relief", "naval", "training", "relief", "relief"),
    }
    for group, names in wanted.items():
        for number, _ in enumerate(stances):
            found = voting.stance_class(number, groups.index(group))
            assert classes[found] == names[number]


CALM = {"ceasefire": 1.0, "consent": 1.0, "recognised": False, "force_level": 1, "fighting": 0.1,
        "un_resolution": 1, "disaster": 1, "combat_area": 0.5, "current_combat": 0.95,
        "un_command": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({}, set()),
        ({"ceasefire": 0.0, "recognised": True}, {"agreement_or_no_party"}),
        ({"consent": 0.5}, {"stable_consent"}),
        ({"consent": 0.0}, {"host_consent", "stable_consent"}),
        ({"force_level": 3}, {"impartial"}),
        ({"fighting": 0.5}, {"no_combat_area", "hostilities_over", "stable_consent"}),
        (
            {"fighting": 0.95},
            {"no_combat_area", "hostilities_over", "stable_consent", "no_current_combat"},
        ),
        ({"un_resolution": 0}, {"un_resolution"}),
        (
            {"un_resolution": 0, "consent": 0.5},
            {"un_resolution", "un_resolution_or_host_request", "stable_consent"},
        ),
        ({"disaster": 0}, {"disaster_only"}),
        ({"un_command": 0}, {"un_command"}),
    ],
)
def test_each_circumstance_costs_its_own_conditions(change, lost):
    met = law.conditions_met(*(CALM | change).values())
    assert {name for n, name in enumerate(law.CONDITIONS) if not met >> n & 1} == lost


@given(share, share, st.floats(0, 3))
def test_a_swing_of_opinion_moves_the_opposition_alone(bloc, other, swing):
    even = authorisation.support(bloc, 1.0, other, 0.0, swing, 0.5)
    assert even == pytest.approx(bloc + (1.0 - bloc) * other)
    liked = authorisation.support(bloc, 1.0, other, 0.2, swing, 0.5)
    assert even <= liked <= even + (1.0 - bloc) * 0.2 * swing + 1e-12
