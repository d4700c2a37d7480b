"""Regressions on the sizes of contingents: known coefficients are found, and only what is asked of
the panel enters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.fitting.fitted_parameters import SIZED
from calibration.panel_fitting import panel_sizes
from model.core import parameter_values
from model.errors import InputError
from model.vocabulary import STUDIED


def values(found: list[panel_sizes.Told]) -> dict[str, float]:
    return {
        name: float(value)
        for block in found
        for name, value in zip(block.names, block.value, strict=True)
    }


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    """Contingents made with coefficients that are known."""
    rng = np.random.default_rng(7)
    count = 12_000
    frame = pd.DataFrame({
        "state": rng.integers(0, 60, count).astype(str),
        "class": rng.choice(["unit", "officer", "police"], count),
        "usual": 400.0,
        "room": rng.uniform(-0.5, 1.0, count),
        "capability": rng.normal(0, 1, count),
        "wealth": rng.normal(0, 1, count),
        "region": rng.integers(0, 2, count) * 1.0,
    })  # fmt: skip
    unit = frame["class"] == "unit"
    came = rng.random(count) < 0.3
    size = -0.5 + unit * (0.6 * frame["room"] + 0.1 * frame["capability"] - 0.3 * frame["wealth"])
    first = 400.0 * np.exp(size + 0.4 * rng.logistic(size=count))
    was = 400.0 * np.exp(rng.normal(0, 1, count))
    centre = -0.1 - 0.2 * np.log(was / 400.0) + 0.7 * frame["room"]
    centre += unit * (0.05 * frame["capability"] - 0.08 * frame["wealth"] + 0.1 * frame["region"])
    change = centre + 0.25 * rng.logistic(size=count)
    change = np.where(np.abs(change) < panel_sizes.SMALLEST_STEP, 0.2, change)
    change = np.where(rng.random(count) < 0.3, change, 0.0)
    return frame.assign(
        was=np.where(came, 0.0, was), then=np.where(came, first, was * np.exp(change))
    )


def test_known_coefficients_of_sizes_at_arrival_are_found(known: pd.DataFrame) -> None:
    found = values(panel_sizes.arrivals(known))
    for name, value in (("size_unit", -0.5), ("size_officer", -0.5), ("size_room", 0.6),
                        ("size_capability", 0.1), ("size_wealth", 0.3),
                        ("size_spread", 0.4)):  # fmt: skip
        assert found[name] == pytest.approx(value, abs=0.1), name


def test_known_coefficients_of_changes_are_found(known: pd.DataFrame) -> None:
    found = values(panel_sizes.changes(known))
    for name, value in (("resize_share_unit", 0.3), ("resize_share_police", 0.3),
                        ("growth_unit", -0.1), ("growth_size_unit", 0.2),
                        ("growth_room_unit", 0.7), ("growth_room_officer", 0.7),
                        ("growth_capability", 0.05), ("growth_wealth", 0.08),
                        ("growth_region", 0.1), ("resize_unit", 0.25)):  # fmt: skip
        assert found[name] == pytest.approx(value, abs=0.12), name


def test_every_size_has_draws_within_its_range(known: pd.DataFrame) -> None:
    found = [*panel_sizes.arrivals(known), *panel_sizes.changes(known)]
    drawn = panel_sizes.draws(found, 300)
    assert tuple(drawn) == SIZED
    ranges = {column.name: (column.low, column.high) for column in parameter_values.columns()}
    for name in drawn:
        assert drawn[name].between(*ranges[str(name)]).all(), name
    told = values(found)
    assert drawn["size_room"].mean() == pytest.approx(told["size_room"], abs=0.05)
    assert drawn.equals(panel_sizes.draws(found, 300))


def test_contingents_are_of_other_states_and_of_half_years_seen() -> None:
    early, late = panel_sizes.contingents("2010-12"), panel_sizes.contingents("2012-12")
    assert not set(late["state"]) & set(STUDIED)
    assert len(early) < len(late)
    assert late.head(len(early)).equals(early)
    assert (late["then"] > 0).all() and late["room"].between(-0.5, 1.0).all()
    with pytest.raises(InputError, match="too early"):
        panel_sizes.contingents("2009-12")


def test_the_larger_a_unit_the_more_seldom_it_leaves() -> None:
    """As the changelog and ``choice.foothold`` say of the whole panel."""
    found = panel_sizes.leaving("2024-06")
    assert found["share"].is_monotonic_decreasing
    assert found["share"].round(3).iloc[[0, -1]].tolist() == [0.076, 0.0]
