"""How long units take to come to a new mission, as the record of strength tells it."""

from __future__ import annotations

import pandas as pd
import pytest

from calibration.panel_fitting import build_up
from model.core import parameter_values
from model.errors import InputError
from model.months import month_text


def test_the_lead_that_is_shipped_is_the_one_that_the_record_tells() -> None:
    value = {column.name: column.value for column in parameter_values.columns()}
    found = build_up.lead("2024-06")
    assert value["routine_months"] == round(found.months, 1)
    assert value["routine_spread"] == round(found.spread, 2)
    assert found.missions > 10


def test_missions_with_a_predecessor_and_those_that_only_observe_tell_nothing() -> None:
    told = build_up.arrivals("2024-06")
    missions = set(told["mission"])
    assert {"UNMEE", "UNMIL", "MINUSMA"} <= missions
    assert not missions & {"MONUSCO", "UNMISET", "MINURSO", "UNOMIG"}
    assert told.groupby("mission")["share"].sum().to_numpy() == pytest.approx(1.0)
    assert told["month"].min() > build_up.HATS


def invented(monkeypatch: pytest.MonkeyPatch, came: dict[int, int]) -> None:
    """A mission of January 2001 to which so many troops came in these months after it."""
    months = range(132, 132 + build_up.WATCHED + 1)
    troops = [sum(n for after, n in came.items() if after <= month - 132) for month in months]
    totals = pd.DataFrame(
        {"mission": "M", "month": [month_text(month) for month in months], "troops": troops}
    )
    rows = {
        "missions": [{"mission": "M", "framework": "un_pko", "succeeds": "", "start": "2001-01"}],
        "mission_strength": [{"mission": "M", "from": "2001-01", "military": "5000"}],
    }
    monkeypatch.setattr(build_up, "table", lambda name: totals)
    monkeypatch.setattr(build_up, "rows", rows.__getitem__)


def test_who_is_there_within_a_month_wore_another_hat_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invented(monkeypatch, {0: 3000, 1: 2000, 8: 1000})
    told = build_up.arrivals("2024-06").set_index("month")["share"]
    assert told[8] == 1.0 and told.sum() == 1.0


def test_a_later_arrival_is_a_longer_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    invented(monkeypatch, {4: 500, 6: 1000, 9: 500})
    early = build_up.lead("2024-06")
    invented(monkeypatch, {8: 500, 12: 1000, 18: 500})
    late = build_up.lead("2024-06")
    assert 5.0 < early.months < 7.0 and 11.0 < late.months < 13.5


def test_a_month_before_two_years_of_any_mission_is_refused() -> None:
    with pytest.raises(InputError, match="1991-01"):
        build_up.lead("1991-01")
