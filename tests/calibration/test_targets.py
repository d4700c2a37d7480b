"""Targets: what is observed, what is simulated, and how likely the one is under the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from calibration.evidence import (
    historical_replay,
    national_target_points,
    request_outcomes,
    targets,
)
from calibration.evidence.national_target_points import Points
from calibration.validation import request_ranking
from model.errors import InputError
from model.vocabulary import STUDIED
from model.world import recorded_contributions

RUNS = 6


@pytest.fixture(scope="module")
def history():
    return historical_replay.replay(RUNS, 1)


@pytest.fixture(scope="module")
def scored(history):
    return targets.score(history)


def test_every_target_of_japan_and_korea_is_observed_and_simulated(scored):
    named = [row["target"] for row in targets.rows() if row["state"] in ("JPN", "KOR")]
    assert [target.row["target"] for target in scored] == named
    for target in scored:
        assert len(target.points.observed) > 0, target.row["target"]
        assert target.points.simulated.shape == (len(target.points.observed), RUNS)
    assert np.isfinite(targets.total(scored))


def test_the_record_of_japan_and_korea_is_what_the_documents_say(history):
    seen, _ = history.monthly("JPN", ("un",), national_target_points.COMPONENTS["units"])
    month = (2002 - 1990) * 12 + 5 - history.first  # June 2002: engineers in Timor and the Golan
    assert 600 <= seen[month] <= 760
    seen, _ = history.monthly("KOR", ("un",), national_target_points.COMPONENTS["units"])
    assert seen[(2010 - 1990) * 12 + 6 - history.first] > 500  # Lebanon and Haiti


def test_the_record_itself_does_as_is_documented(history):
    """A target that the documented world would miss asks for something else than the document."""
    people, first = history.record, history.first
    spells = recorded_contributions.spells().assign(run=0)
    spells = spells[spells["state"].isin(STUDIED)]
    nothing = pd.DataFrame()
    told = historical_replay.Replay(
        history.atlas, people[None], people, spells, nothing, people[None], first
    )
    for row in targets.rows():
        if row["quantity"] in (*targets.APART, "kinds"):
            found = national_target_points.OF_HISTORY[row["quantity"]](row, told)
            wrong = [
                label
                for label, seen, said in zip(
                    found.labels, found.observed, found.simulated[:, 0], strict=True
                )
                if seen != said
            ]
            assert found.labels and not wrong, row["target"]


def test_thirteen_clean_refusals_are_ranked():
    asked = request_outcomes.unit_requests()
    refused = asked[(asked["verdict"] == "refused") & (asked["month"] >= 10)]
    assert len(refused) == 13
    assert set(asked.loc[asked["verdict"] == "accepted", "documented_answer"]) == {"accepted"}


def test_a_reduction_of_place_is_no_reduction_of_size(scored):
    labels = {t.row["target"]: t.points.labels for t in scored}
    assert labels["reductions-kor"] == ("DEC-029 MNF-I", "DEC-035 OEF/ISAF")
    assert "DEC-030 OEF/ISAF" in labels["exits-kor"]


def test_before_and_after_tell_what_the_fit_gains(scored):
    worse = [targets.Scored(one.row, one.points, one.log_likelihood - 1.0) for one in scored]
    table = targets.before_and_after(worse, scored).set_index("target")
    gain = table["weight"] * table["points"]
    assert table["gained"].to_numpy() == pytest.approx(gain.to_numpy())
    assert (table["prior_median"] == table["median"]).all()
    assert set(table["enters"]) == {"distance", "decisions", "checked"}
    assert table.loc["personnel-units-un-jpn", "enters"] == "distance"
    assert table.loc["joins-kor", "enters"] == "decisions"
    assert table.loc["survey-un-jpn", "enters"] == "checked"


def test_a_unit_under_the_name_of_a_successor_has_come():
    assert national_target_points._with_successors("UNTAET") == ("UNTAET", "UNMISET")
    assert national_target_points._with_successors("UNMISS") == ("UNMISS",)


def row(likelihood: str, spread: str = "0") -> dict[str, str]:
    return {"likelihood": likelihood, "spread": spread, "weight": "1"}


def test_likelihoods_are_those_of_the_distributions_they_name():
    rng = np.random.default_rng(1)
    normal = rng.normal(3.0, 2.0, (1, 40_000))
    found = targets.log_likelihood(Points(("a",), np.array([4.0]), normal), row("normal"))
    assert found[0] == pytest.approx(stats.norm.logpdf(4.0, 3.0, 2.0), abs=0.02)
    wide = targets.log_likelihood(Points(("a",), np.array([4.0]), normal), row("normal", "3"))
    assert wide[0] == pytest.approx(stats.norm.logpdf(4.0, 3.0, np.sqrt(13.0)), abs=0.02)
    yes = Points(("a",), np.array([1.0]), rng.uniform(size=(1, 40_000)) < 0.3)
    assert targets.log_likelihood(yes, row("Bernoulli"))[0] == pytest.approx(np.log(0.3), abs=0.02)
    counts = Points(("a",), np.array([2.0]), rng.negative_binomial(3, 0.5, (1, 40_000)))
    assert targets.log_likelihood(counts, row("negative binomial"))[0] == pytest.approx(
        stats.nbinom.logpmf(2, 3, 0.5), abs=0.02
    )


def test_what_no_run_speaks_of_has_no_likelihood():
    silent = Points(("a",), np.array([1.0]), np.full((1, 5), np.nan))
    assert np.isnan(targets.log_likelihood(silent, row("Bernoulli"))[0])


def test_never_and_always_are_not_certain():
    never = Points(("a",), np.array([1.0]), np.zeros((1, 9)))
    assert targets.log_likelihood(never, row("Bernoulli"))[0] == pytest.approx(np.log(0.05))


def test_an_unknown_quantity_is_refused_with_its_line(monkeypatch):
    frame = targets.coded("targets", targets.COLUMNS)
    frame.loc[2, "quantity"] = "persons"
    monkeypatch.setattr(targets, "coded", lambda *_: frame)
    with pytest.raises(InputError, match=r"line 4: unknown quantity 'persons'"):
        targets.rows()


def answers(refused: list[float], accepted: list[float]) -> pd.DataFrame:
    verdict = ["refused"] * len(refused) + ["accepted"] * len(accepted)
    chance = [*refused, *accepted]
    return pd.DataFrame({"verdict": verdict, "at_once": chance, "within_year": chance})


def test_the_area_is_one_where_refusals_rank_below_and_a_half_where_nothing_is_told():
    apart = request_ranking.ranked(answers([0.1, 0.2, 0.3], [0.6, 0.7, 0.9]), "at_once", "all")
    assert (apart.auc, apart.low, apart.high) == (1.0, 1.0, 1.0)
    same = request_ranking.ranked(answers([0.5] * 9, [0.5] * 9), "at_once", "all")
    assert same.auc == 0.5
    mixed = request_ranking.ranked(answers([0.2, 0.4, 0.6], [0.3, 0.5, 0.7]), "at_once", "all")
    assert mixed.auc == pytest.approx(6 / 9)
    assert mixed.low < mixed.auc < mixed.high


def test_a_request_is_put_in_the_documented_situation(monkeypatch):
    asked = request_outcomes.unit_requests()
    chosen = asked[asked["id"].isin(["REQ-JPN-018", "REQ-JPN-025", "REQ-JPN-052"])]
    monkeypatch.setattr(request_outcomes, "unit_requests", lambda: chosen)
    found = request_ranking.answers(8).set_index("id").to_dict("index")
    # The freeze of core tasks and the truce keep Japan from East Timor in September 1999.
    assert found["REQ-JPN-018"]["within_year"] <= 0.25
    # Refuelling needed the law of November 2001: not at once, but within the year.
    assert found["REQ-JPN-025"]["at_once"] == 0.0
    assert found["REQ-JPN-025"]["within_year"] > 0.5
    assert found["REQ-JPN-052"]["at_once"] > found["REQ-JPN-018"]["within_year"]


def test_the_second_unit_in_haiti_is_sent_at_once(monkeypatch):
    asked = request_outcomes.unit_requests()
    chosen = asked[asked["id"].isin(["REQ-JPN-018", "REQ-JPN-025", "REQ-JPN-052"])]
    monkeypatch.setattr(request_outcomes, "unit_requests", lambda: chosen)
    found = request_ranking.answers(8).set_index("id").to_dict("index")
    assert found["REQ-JPN-052"]["at_once"] > 0.5
