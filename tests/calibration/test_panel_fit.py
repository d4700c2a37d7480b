"""The panel's likelihood: who came, stayed and left, and what is fitted to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from calibration.fitting import posterior, training_windows
from calibration.fitting.fitted_parameters import FITTED, GIVEN, OWN
from calibration.fitting.panel_pairs import CLASSES
from calibration.panel_fitting import panel_levels, panel_likelihood, panel_posterior, panel_terms
from calibration.panel_fitting.panel_terms import (
    APPROACHES,
    MOST,
    NO_ROUND,
    STANDING,
    PanelTerms,
)
from model import tables
from model.core import parameter_values, utility_terms
from model.errors import InputError
from model.months import month_number
from model.vocabulary import STUDIED

DYADS, WINDOWS = 1000, 8


def invented(seed: int = 1) -> tuple[PanelTerms, dict[str, float]]:
    """Half years of invented states, drawn by the rules of the likelihood, and the true values."""
    rng = np.random.default_rng(seed)
    truth = {str(name): float(row["centre"]) for name, row in panel_likelihood.priors().iterrows()}
    negative = panel_likelihood.priors()["form"] == "negative"
    truth |= {str(name): -truth[str(name)] for name in negative[negative].index}
    truth |= {"approach_officer": -1.0, "approach_record": 0.5, "weight_risk": -4.0}
    truth |= {"weight_presence": 3.0, "renewal_noise": 1.2}
    count = DYADS * WINDOWS
    terms = np.zeros((count, utility_terms.COUNT))
    terms[:, utility_terms.NAMES.index("risk")] = rng.uniform(0.0, 0.6, count)
    standing = np.zeros((count, len(STANDING)))
    standing[:, STANDING.index("record")] = rng.uniform(0.0, 4.0, count)
    dyad = np.repeat(np.arange(DYADS), WINDOWS)
    rows = PanelTerms(
        state=dyad.astype(str), mission=np.full(count, "M"),
        window=np.tile(np.arange(WINDOWS) * 6, DYADS),
        stays=np.zeros(count, dtype=bool), done=np.zeros(count, dtype=bool),
        kind=np.ones(count, dtype=int),
        approach=np.where(np.arange(MOST) == 0, APPROACHES.index("officer"), NO_ROUND)
        * np.ones((count, 1), dtype=int),
        need=np.zeros((count, MOST)), share=np.zeros((count, MOST)), standing=standing,
        terms=terms, left=np.ones(count), in_time=np.ones(count), dyad=dyad,
    )  # fmt: skip
    there = np.zeros(DYADS, dtype=bool)
    taste = rng.logistic(size=DYADS)
    fixed = panel_likelihood.fixed_values() | truth
    for window in range(WINDOWS):
        here = rows.window == window * 6
        rows.stays[here] = there
        rows.terms[here, utility_terms.NAMES.index("presence")] = there
        told = panel_likelihood.told(rows)
        worth = np.asarray(panel_likelihood.utility(told, fixed))[here]
        reached = np.asarray(panel_likelihood.asked(told, fixed))[here] > rng.uniform(size=DYADS)
        noise = fixed["renewal_noise"] * fixed["renewal_officer"]
        stays = worth + noise * rng.logistic(size=DYADS) > taste
        there = np.where(there, stays, reached & (worth > taste))
        rows.done[here] = there
    return rows, truth


def test_the_likelihood_finds_the_values_by_which_states_came_and_left() -> None:
    rows, truth = invented()
    surface = panel_posterior.Surface(panel_likelihood.told(rows))
    peak, root = surface.peak()
    error = np.sqrt((root**2).sum(axis=1))
    prior = panel_likelihood.priors().to_dict("index")
    for name in ("approach_record", "weight_risk", "weight_presence", "renewal_noise"):
        place = surface.names.index(name)
        centre, spread = float(prior[name]["centre"]), float(prior[name]["spread"])
        level = prior[name]["form"] == "level"
        true = (
            (truth[name] - centre) / spread if level else np.log(abs(truth[name]) / centre) / spread
        )
        assert error[place] < 0.7, f"{name}: the data say next to nothing"
        assert abs(peak[place] - true) < 3.0 * error[place], name


def test_states_without_people_stand_for_all_of_their_kind() -> None:
    rows, _ = invented()
    idle = ~np.isin(rows.dyad, rows.dyad[rows.done])
    told = panel_likelihood.told(rows, 0.25)
    assert told.weight.sum() == pytest.approx(DYADS, rel=0.1)
    assert set(told.weight) == {1.0, 4.0}
    assert len(told.done) < len(rows.done) - idle.sum() // 2


def test_a_state_that_was_there_stays_likelier_the_less_danger_there_is() -> None:
    rows, truth = invented()
    told = panel_likelihood.told(rows)
    fixed = panel_likelihood.fixed_values() | truth
    safer = replace(rows, terms=rows.terms.copy())
    safer.terms[:, utility_terms.NAMES.index("risk")] = 0.0
    there = rows.stays
    more = panel_likelihood.utility(panel_likelihood.told(safer), fixed)
    less = panel_likelihood.utility(told, fixed)
    assert (np.asarray(more)[there] >= np.asarray(less)[there]).all()


def test_half_years_need_half_a_year() -> None:
    with pytest.raises(InputError, match="too early"):
        panel_terms.half_years("2010-03")
    months = panel_terms.half_years("2012-12")
    assert months[0] == month_number("2009-11")
    assert months[-1] + panel_terms.STEP <= month_number("2012-12")


def test_what_states_faced_is_what_the_rules_weigh() -> None:
    """Of half a year: who was there could leave, the host and the absent without room could not
    come, and Japan and Korea are left out."""
    month = month_number("2012-11")
    frame = panel_terms._faced(month, month + panel_terms.STEP, begins=False)
    assert not set(frame["state"]) & set(STUDIED)
    there = frame[frame["stays"]]
    assert 0.9 < there["done"].mean() < 1.0
    away = frame[~frame["stays"]]
    assert 0.0 < away["done"].mean() < 0.05
    approach, need = np.stack(list(away["approach"])), np.stack(list(away["need"]))
    assert ((approach != NO_ROUND).sum(axis=1) >= 1).all()
    assert (need == 0.0).all()  # of missions that stand, vacancies alone are put to capitals
    assert not ((frame["state"] == "LBN") & (frame["mission"] == "UNIFIL")).any()
    italy = there[(there["state"] == "ITA") & (there["mission"] == "UNIFIL")]
    assert italy["done"].all() and (italy["term_presence"] == 1.0).all()
    risk = frame.groupby("mission")["term_risk"].max()
    assert risk["UNAMID"] > risk["UNFICYP"]


def test_a_new_mission_asks_for_the_more_the_larger_it_is_to_be() -> None:
    """South Sudan, July 2011: infantry for several contingents, engineers for less."""
    frame = panel_terms._faced(month_number("2011-06"), month_number("2011-11"), begins=True)
    assert set(frame["mission"]) == {"UNMISS"}
    units = frame[frame["kind"] == list(CLASSES).index("unit")]
    need = np.stack(list(units["need"]))
    assert need.max() > np.log(4.0) and len(np.unique(need[0])) > 2
    # Four months after the first call a quarter to a half of routine leads are over.
    assert units["in_time"].nunique() == 1 and 0.2 < units["in_time"].iloc[0] < 0.5
    officers = frame[frame["kind"] == list(CLASSES).index("officer")]
    assert (officers["in_time"] == 1.0).all()


def test_who_was_promised_and_is_still_on_the_way_has_not_come() -> None:
    rows, truth = invented()
    fixed = panel_likelihood.fixed_values() | truth
    came = replace(rows, done=np.ones_like(rows.done), stays=np.zeros_like(rows.stays))
    half = replace(came, in_time=np.full(len(rows.state), 0.5))
    whole, part = (
        np.asarray(panel_likelihood.dyad_chance(panel_likelihood.told(one), fixed))
        for one in (came, half)
    )
    assert part == pytest.approx(whole + WINDOWS * np.log(0.5))


def test_every_kind_that_is_asked_for_has_a_round_of_its_own() -> None:
    """Who may be reached by two rounds is reached more often than by either; a larger need reaches
    more."""
    rows, truth = invented()
    slopes = {"approach_need": 1.0, "approach_need_unit": 0.0}
    fixed = panel_likelihood.fixed_values() | truth | slopes
    one = float(np.asarray(panel_likelihood.asked(panel_likelihood.told(rows), fixed))[0])
    both = replace(rows, approach=rows.approach.copy(), need=rows.need.copy())
    both.approach[:, 1] = APPROACHES.index("officer")
    two = float(np.asarray(panel_likelihood.asked(panel_likelihood.told(both), fixed))[0])
    assert two == pytest.approx(1.0 - (1.0 - one) ** 2)
    both.need[:, 1] = 2.0
    assert np.asarray(panel_likelihood.asked(panel_likelihood.told(both), fixed))[0] > two
    both.need[:, 1] = 0.0
    both.approach[:, 1] = APPROACHES.index("unit")
    least = np.asarray(panel_likelihood.asked(panel_likelihood.told(both), fixed))[0]
    both.need[:, 1] = 2.0  # of units by a slope of their own
    assert np.asarray(panel_likelihood.asked(panel_likelihood.told(both), fixed))[0] == least
    own = fixed | {"approach_need_unit": 1.0}
    assert np.asarray(panel_likelihood.asked(panel_likelihood.told(both), own))[0] > least


def test_a_weight_of_the_wrong_sign_is_held_at_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    class Found:
        def __init__(self, given: object, absent: list[str]) -> None:
            self.names = [n for n in ("weight_need", "weight_risk") if n not in absent]

        def peak(self) -> tuple[np.ndarray, np.ndarray]:
            z = {"weight_need": 0.0, "weight_risk": 3.0}  # a risk that draws people
            return np.array([z[name] for name in self.names]), np.eye(len(self.names))

    monkeypatch.setattr(panel_posterior, "Surface", Found)
    monkeypatch.setattr(panel_posterior, "_unbounded", lambda name, z: z)
    surface, _, _ = panel_posterior.signed(None)  # type: ignore[arg-type]
    assert surface.names == ["weight_need"]


def test_shifts_are_judged_by_the_strength_of_missions_too() -> None:
    world: Any = None
    window = training_windows.Window(
        world, (), (), np.array([[0, 1, 0], [4, 4, 5], [0, 0, 0]]),
        np.array([600.0, 300.0, 20.0]), np.ones(3) / 3, 1.0,
    )  # fmt: skip
    right = np.log1p(np.array([[300.0] * 2, [600.0] * 2, [900.0] * 2]))
    assert panel_levels.strength([window], [right]) == pytest.approx(0.0, abs=1e-9)
    half = np.log1p(np.array([[150.0] * 2, [300.0] * 2, [20.0] * 2]))
    assert panel_levels.strength([window], [half]) == pytest.approx(np.log(901 / 451))


def test_japan_and_korea_keep_what_they_have_when_the_panel_is_shipped() -> None:
    stored = tables.table("posterior").astype(float)
    drawn = posterior.read(posterior.FITS / f"{panel_posterior.UNTIL[0]}.csv")
    made = posterior.shipped(drawn)
    centre = {c.name: c.value for c in parameter_values.columns()}
    for name in OWN:
        for state in STUDIED:
            own = f"{name}.{state}"
            before = stored.get(name, centre[name]) + stored.get(own, centre.get(own, 0.0))
            after = made[name] + made[own]
            assert np.allclose(before, after, atol=2e-3 * (1.0 + abs(made[name]).max())), own


def test_stored_fits_have_every_parameter_within_its_range() -> None:
    known = {column.name: column for column in parameter_values.columns()}
    for until in panel_posterior.UNTIL:
        drawn = posterior.read(posterior.FITS / f"{until}.csv")
        for name in (*FITTED, *GIVEN):
            assert drawn[name].between(known[name].low - 1e-3, known[name].high + 1e-3).all(), name
        judged = pd.read_csv(panel_posterior.STORE / f"diagnostics-{until}.csv").iloc[0]
        found = judged.drop("held_at_nought")
        assert not panel_posterior.refusal({str(k): float(v) for k, v in found.items()})


def test_shifts_move_what_they_name_and_stay_within_ranges() -> None:
    drawn = pd.DataFrame({name: [0.5, 7.9] for name in ("approach_unit", "approach_officer",
                          "approach_staff", "approach_police", "renewal_noise")})  # fmt: skip
    shifts = pd.DataFrame({"asked_unit": [0.1, 9.0], "asked_officer": [0.2, 0.2],
                           "asked_police": [0.0, 0.0], "noise": [0.0, 1.0]})  # fmt: skip
    moved = panel_levels.shifted(drawn, shifts)
    known = {column.name: column.high for column in parameter_values.columns()}
    assert moved["approach_unit"].tolist() == [0.6, known["approach_unit"]]
    assert moved["approach_staff"].iloc[0] == pytest.approx(0.7)
    assert moved["renewal_noise"].tolist() == [0.5, known["renewal_noise"]]


def test_a_proposal_that_misses_the_posterior_is_moved_to_its_mean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Far:
        names = ("approach_need", "approach_need_unit")

        @staticmethod
        def at(z: Any) -> Any:
            return 0.5 * ((z - 5.0) ** 2).sum()

    monkeypatch.setattr(panel_posterior, "signed", lambda given: (Far, np.zeros(2), np.eye(2)))
    told = panel_likelihood.told(invented()[0])
    drawn, judged = panel_posterior.sampled(told)
    assert not panel_posterior.refusal(judged)
    prior = panel_likelihood.priors().to_dict("index")["approach_need"]
    mean = float(prior["centre"]) + 5.0 * float(prior["spread"])
    assert drawn["approach_need"].mean() == pytest.approx(mean, abs=0.1)
    monkeypatch.setattr(panel_posterior, "PROPOSALS", panel_posterior.PROPOSALS[:1])
    assert panel_posterior.refusal(panel_posterior.sampled(told)[1])
