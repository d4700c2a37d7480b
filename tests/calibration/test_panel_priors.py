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
    """A panel made with coefficients that are known: region 1.2, record 0.5."""
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
    return frame.assign(then=np.where(joins, 100.0, 0.0))


def test_known_coefficients_of_joining_are_found(known):
    table = panel_priors.joining(known)
    for name, value in (("region", 1.2), ("record", 0.5), ("presence", 0.0), ("asked", 0.2)):
        cell = table.loc[name]
        assert abs(cell["estimate"] - value) < 3.5 * cell["error"], name
    assert table["error"]["region"] < 0.2


def test_priors_come_from_the_coefficients_with_their_sign(known):
    found = panel_priors.priors(known, "2010-12").set_index("name").astype({"centre": float})
    assert found["centre"]["approach_region"] == pytest.approx(1.2, abs=0.4)
    assert set(found.index) <= {column for column, *_ in panel_priors.SPEAKS_OF}
    assert (found["spread"].astype(float) > 0).all()


def test_the_table_of_priors_keeps_what_the_panel_does_not_speak_of(known, tmp_path):
    path = tmp_path / "priors.csv"
    line = "assumption,search"
    path.write_text(
        "name,centre,spread,unit,status,source\n"
        f"approach_unit,-6,0.5,log odds,{line}\napproach_region,9,9,log odds,{line}\n"
    )
    panel_priors.write(panel_priors.priors(known, "2010-12"), path)
    written = pd.read_csv(path).set_index("name")
    assert written["centre"]["approach_unit"] == -6
    assert written["centre"]["approach_region"] == pytest.approx(1.2, abs=0.4)


def test_the_fit_reads_a_prior_for_every_parameter_and_within_its_range():
    priors = fitted_priors.priors()
    assert set(fitted_parameters.FITTED) <= set(priors.index)
    sources = coded("priors", ("name", "status", "source")).set_index("name")
    panel = sources[sources["source"].str.startswith("calibration.fitting.panel_priors")]
    assert len(panel) >= 4 and (panel["status"] == "derived").all()
    assert panel["source"].str.contains("to 2010-12").all()


def test_a_year_without_pairs_is_refused():
    with pytest.raises(InputError, match="mission by mission from 2009-11"):
        panel_pairs.pairs("2009-12")


def test_months_after_the_last_one_seen_are_not_in_the_panel():
    months = panel_pairs.pairs("2010-12")["month"].unique()
    assert list(months) == ["2010-12"]
