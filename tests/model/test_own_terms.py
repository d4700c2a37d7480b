"""A term of a user's own theory: read from a table or a function, weighed by both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.core import utility_terms
from model.engine import ensemble
from model.engine.mesa_model import PeacekeepingModel
from model.engine.run_arrays import Trace
from model.errors import InputError
from model.months import month_number
from model.own_terms import Term, added, checked
from model.settings import Event, Settings
from model.world.build import build
from tests.support.digest import digest_of

TRACE = Trace(states=("JPN", "KOR"), runs=(0,))
ROWS = [
    {"state": "JPN", "mission": "UNTAC", "month": "1992-04", "value": 2.0},
    {"state": "JPN", "mission": "UNTAC", "month": "1993-01", "value": -1.0},
    {"state": "KOR", "mission": "UNOSOM II", "month": "1990-01", "value": 4.0},
]


def world(*terms: Term, **more: Any) -> Any:
    return build(Settings(end="1994-12", terms=terms, **more))


def run(atlas: Any) -> Any:
    return next(ensemble.simulate(atlas, [0], 1, trace=TRACE))


def test_both_engines_weigh_a_term_to_the_same_bits() -> None:
    atlas = world(Term("mine", ROWS, weight=2.0), Term("more", [{"value": 0.5}]))
    model = PeacekeepingModel(atlas=atlas, seed_key=1, trace=TRACE)
    assert digest_of(run(atlas).ledgers) == digest_of(model.run_all().ledgers)
    assert digest_of(run(atlas).ledgers, decisions=False) != digest_of(
        run(world()).ledgers, decisions=False
    )


def test_a_term_without_weight_changes_no_run() -> None:
    none = run(world(Term("mine", ROWS, weight=0.0)))
    assert digest_of(none.ledgers, decisions=False) == digest_of(
        run(world()).ledgers, decisions=False
    )


def test_the_utility_holds_weight_times_the_value_of_the_month_before() -> None:
    menus = run(world(Term("mine", ROWS, weight=0.5))).menus()
    plain = run(world()).menus()
    first = menus[menus["mission"] == "UNTAC"].iloc[0]
    same = plain[plain["mission"] == "UNTAC"].iloc[0]
    month = run(world(Term("mine", ROWS, weight=0.5))).decisions()
    month = month[month["mission"] == "UNTAC"]["month"].iloc[0]
    assert "1992-04" < month < "1993-01"
    assert first["term_mine"] == 1.0
    assert first["utility"] - same["utility"] == pytest.approx(1.0)
    weighed, rows = added(
        [Term("mine", ROWS)], ["JPN", "KOR"], ["UNTAC", "UNOSOM II"], 60, [True] * 2
    )
    told = weighed[0, :, rows[0], 0]
    assert (told[: month_number("1992-04")] == 0).all()
    assert (told[month_number("1992-04") : month_number("1993-01")] == 2).all()
    assert (told[month_number("1993-01") :] == -1).all()
    assert (weighed[0, :, rows[1], 1] == 4).all()


def test_a_decision_reads_the_month_before() -> None:
    decided = run(world()).decisions()
    month = decided[decided["mission"] == "UNTAC"]["month"].iloc[0]
    late = Term("late", [{"mission": "UNTAC", "month": month, "value": 3.0}])
    table = run(world(late)).decisions()
    assert table[table["month"] == month]["term_late"].iloc[0] == 0.0


def test_states_that_never_decide_take_no_room() -> None:
    atlas = world(Term("mine", ROWS))
    rows = atlas.arrays.own_rows
    assert atlas.arrays.own_terms.shape[2] == 2
    assert sorted(np.flatnonzero(rows >= 0)) == sorted(map(atlas.state_row, ("JPN", "KOR")))


def test_a_function_gives_what_its_table_gives() -> None:
    yes = Term("yes", lambda s, m, t: m == "UNTAC").tabulated(["JPN"], ["UNTAC", "UNDOF"], 3)
    assert [yes.value("JPN", mission, 2) for mission in ("UNTAC", "UNDOF")] == [1.0, 0.0]
    function = Term("mine", lambda s, m, t: 2.0 if m == "UNTAC" and t >= "1992-04" else 0.0)
    missions = list(world().missions)
    as_table = function.tabulated(["JPN", "KOR"], missions, month_number("1994-12"))
    rows = [{"mission": "UNTAC", "month": "1992-04", "value": 2.0}]
    assert digest_of(run(world(as_table)).ledgers) == digest_of(
        run(world(Term("mine", rows))).ledgers
    )
    assert as_table.source == function.source == "function <lambda>"


def test_a_mission_that_a_scenario_opens_has_the_default() -> None:
    opened = {"month": "1993-01", "framework": "un_pko", "host": "KHM", "strength": 500}
    events = (Event("open_mission", opened | {"mission": "UNX"}),)
    named = {"mission": "UNX", "month": "1994-01", "value": 0.2}
    atlas = world(Term("mine", ROWS, default=0.7), Term("named", [named]), events=events)
    column = atlas.mission_row("UNX")
    assert (atlas.arrays.own_terms[0, :, :, column] == 0.7).all()
    assert (atlas.arrays.own_terms[1, month_number("1994-01") :, :, column] == 0.2).all()


def test_a_table_a_list_and_a_file_are_the_same_term(tmp_path: Any) -> None:
    frame = pd.DataFrame(ROWS)
    frame.to_csv(tmp_path / "mine.csv", index=False)
    dated = frame.assign(month=pd.PeriodIndex(frame["month"], freq="M"))
    hashes = {Term("mine", source).sha256 for source in (ROWS, frame, dated, tmp_path / "mine.csv")}
    assert len(hashes) == 1
    assert Term("mine", ROWS[:2]).sha256 not in hashes


BAD = [
    ([{"state": "GER", "value": 1}], "unknown state 'GER'; did you mean"),
    ([{"state": "Japan", "value": 1}], "write the state 'Japan' as its code 'JPN'"),
    ([{"state": "Japonia", "value": 1}], "(table): unknown state 'Japonia'; write the code"),
    ([{"mission": "UNTACC", "value": 1}], "did you mean 'UNTAC'?"),
    ([{"month": "1989-12", "value": 1}], "months go from 1990-01 to 2040-12"),
    ([{"month": "1992-13", "value": 1}], "is not a month"),
    ([{"value": float("nan")}], "row 1, column value: nan is not a number"),
    ([{"value": "much"}], "'much' is not a number"),
    ([{"value": True}], "True is not a number"),
    ([{"value": 31.0}], "which decides alone"),
    ([*ROWS, ROWS[0]], "row 4: JPN, UNTAC, 1992-04 is listed twice"),
    ([{"state": "", "value": 1}], "the state is blank; leave the column out"),
    ([{"state": "JPN"}], "the column 'value' is missing"),
    ([{"states": "JPN", "value": 1}], "did you mean 'state'?"),
    ([], "has no rows"),
    (3, "int is no table"),
]


@pytest.mark.parametrize(("values", "words"), BAD)
def test_what_cannot_be_used_is_refused_in_a_sentence(values: Any, words: str) -> None:
    with pytest.raises(InputError) as told:
        world(Term("mine", values))
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["", "Mine", "1st", "a b", "a" * 31, 3])
def test_a_name_is_small_letters_digits_and_underscores(name: Any) -> None:
    with pytest.raises(InputError, match="is no name of a term"):
        Term(name, ROWS)


@pytest.mark.parametrize("weight", [float("inf"), float("nan"), "x", None])
def test_a_weight_is_a_number(weight: Any) -> None:
    with pytest.raises(InputError, match="the weight of the term mine: .* is not a number"):
        Term("mine", ROWS, weight=weight)


def test_a_term_has_a_name_of_its_own() -> None:
    one = Term("mine", ROWS)
    with pytest.raises(InputError, match="there is a term 'mine' already"):
        checked([one, one])
    with pytest.raises(InputError, match="there is a term 'risk' already"):
        checked([Term("risk", ROWS)], utility_terms.NAMES)
    with pytest.raises(InputError, match="terms is no list of terms"):
        checked(one)


def test_a_function_that_fails_is_told_with_its_place() -> None:
    def broken(state: str, mission: str, month: str) -> float:
        return {"1990-01": 0.0}[month]

    with pytest.raises(InputError, match="the term mine, JPN, UNTAC, 1990-02: the function fails"):
        Term("mine", broken).tabulated(["JPN"], ["UNTAC"], 3)
    with pytest.raises(InputError, match="JPN, UNTAC, 1990-01: None is not a number"):
        Term("mine", lambda *_: None).tabulated(["JPN"], ["UNTAC"], 3)
