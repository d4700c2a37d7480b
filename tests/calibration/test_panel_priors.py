"""Regressions on the panel: known coefficients are found, later months are not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.fitting import fitted_parameters, panel_pairs, panel_priors
from calibration.fitting import priors as fitted_priors
from calibration.raw_data.raw_files import coded
from model.errors import InputError


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    """A panel made with coefficients that are known: region 1.2, record 0.5, size on forces 0.4."""
    rng = np.random.default_rng(5)
    count = 9000
    frame = pd.DataFrame(
        {
            "state": rng.integers(0, 60, count).astype(str),
            "class": rng.choice(list(panel_pairs.CLASSES), count),
            "region": rng.integers(0, 2, count).astype(float),
            "presence": rng.integers(0, 2, count).astype(float),
            "capability": rng.normal(0, 1, count),
            "wealth": rng.normal(0, 1, count),
            "record": rng.normal(1, 1, count),
            "habit": rng.normal(1, 1, count),
            "asked": rng.uniform(2, 8, count),
            "was": 0.0,
        }
    )
    odds = -4.0 + 1.2 * frame["region"] + 0.5 * frame["record"] + 0.2 * frame["asked"]
    joins = rng.uniform(size=count) < 1 / (1 + np.exp(-odds))
    middle = np.exp(5.5 + 0.4 * frame["capability"] - 0.3 * frame["wealth"])
    people = np.round(middle * np.exp(0.3 * rng.logistic(size=count)))
    frame["then"] = np.where(joins, np.maximum(people, 1.0), 0.0)
    stays = frame.sample(400, random_state=1).index
    change = np.exp(0.2 * rng.logistic(size=400))
    frame.loc[stays, "then"] = np.maximum(people[stays], 1.0)
    frame.loc[stays, "was"] = frame.loc[stays, "then"] / change
    return frame


def test_known_coefficients_of_joining_are_found(known):
    table = panel_priors.joining(known)
    for name, value in (("region", 1.2), ("record", 0.5), ("presence", 0.0), ("asked", 0.2)):
        cell = table.loc[name]
        assert abs(cell["estimate"] - value) < 3.5 * cell["error"], name
    assert table["error"]["region"] < 0.2


def test_known_coefficients_of_size_and_change_are_found(known):
    size = panel_priors.sizes(known[known["was"] == 0])
    assert size["estimate"]["capability"] == pytest.approx(0.4, abs=0.08)
    assert size["estimate"]["wealth"] == pytest.approx(-0.3, abs=0.08)
    change = panel_priors.changes(known)
    assert change["estimate"]["unit"] == pytest.approx(0.2, abs=0.04)


def test_priors_come_from_the_coefficients_with_their_sign(known):
    found = panel_priors.priors(known, "2010-12").set_index("name").astype({"centre": float})
    assert found["centre"]["size_wealth"] == pytest.approx(0.3, abs=0.08)
    assert found["centre"]["approach_region"] == pytest.approx(1.2, abs=0.4)
    assert set(found.index) <= {column for column, *_ in panel_priors.SPEAKS_OF}
    assert (found["spread"].astype(float) > 0).all()


def test_the_table_of_priors_keeps_what_the_panel_does_not_speak_of(known, tmp_path):
    path = tmp_path / "priors.csv"
    line = "assumption,search"
    path.write_text(
        "name,centre,spread,unit,status,source\n"
        f"approach_unit,-6,0.5,log odds,{line}\nsize_wealth,9,9,log,{line}\n"
    )
    panel_priors.write(panel_priors.priors(known, "2010-12"), path)
    written = pd.read_csv(path).set_index("name")
    assert written["centre"]["approach_unit"] == -6
    assert written["centre"]["size_wealth"] == pytest.approx(0.3, abs=0.08)


def test_the_fit_reads_a_prior_for_every_parameter_and_within_its_range():
    priors = fitted_priors.priors()
    assert set(fitted_parameters.FITTED) <= set(priors.index)
    sources = coded("priors", ("name", "status", "source")).set_index("name")
    panel = sources[sources["source"].str.startswith("calibration.fitting.panel_priors")]
    assert len(panel) >= 8 and (panel["status"] == "derived").all()
    assert panel["source"].str.contains("to 2010-12").all()


def test_a_year_without_pairs_is_refused():
    with pytest.raises(InputError, match="mission by mission from 2009-11"):
        panel_pairs.pairs("2009-12")


def test_months_after_the_last_one_seen_are_not_in_the_panel():
    months = panel_pairs.pairs("2010-12")["month"].unique()
    assert list(months) == ["2010-12"]


def test_groups_that_came_are_measured_against_the_usual_size_of_their_kind():
    """Who was there already does not count, nor do formed units of police among the groups."""
    rows = [("officer", 0.0, 5.0), ("officer", 0.0, 5.0), ("officer", 4.0, 90.0)]
    rows += [("police", 0.0, 8.0), ("police", 0.0, 2.0), ("police", 0.0, 160.0)]
    rows += [("unit", 0.0, 800.0)]
    found = panel_priors.groups(pd.DataFrame(rows, columns=["class", "was", "then"]))
    assert found["estimate"]["officer"] == pytest.approx(0.0)  # five is usual for observers
    assert found["estimate"]["police"] == pytest.approx(0.0)  # eight and two around four
    assert found["cases"]["police"] == 2
