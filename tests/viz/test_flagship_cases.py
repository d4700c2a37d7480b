"""The page of flagship cases says what its table judges and what the model computes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calibration import documented_record
from calibration.documented_decisions import flagship_evidence
from calibration.documented_decisions.decision_chances import Chance, share
from calibration.documented_decisions.decision_evidence import decisions
from calibration.documented_decisions.flagship_evidence import JUDGEMENTS, RIGHT, FlagshipCase
from model.errors import InputError
from viz.reports import flagship_cases

NAN = float("nan")


def chance(
    name: str, yes: float, stopped: str = "nothing 90%", terms: dict[str, float] | None = None
) -> Chance:
    made = next(one for one in decisions() if one.id == name)
    said = {"sent": yes, "stays": yes, "carried": 0.0}
    key = "stays" if made.event in ("extension", "stay", "exit") else "sent"
    return Chance(made, 200, {key: said[key]}, NAN, "open JPN-PKO92-A1", stopped, terms or {})


def listed(name: str) -> FlagshipCase:
    return next(case for case in flagship_evidence.listed() if case.name.startswith(name))


def test_every_case_is_documented_and_judged() -> None:
    cases = flagship_evidence.listed()
    assert len(cases) == 19
    known = {entry.id for entry in documented_record.entries()}
    for case in cases:
        assert set(case.source.split(";")) <= known, case.name
        assert case.judgement == RIGHT or case.cause, case.name
        assert all(len(text.split()) <= 40 for text in (case.documented, case.cause, case.grounds))
    assert {case.judgement for case in cases} == set(JUDGEMENTS)


def test_the_page_has_every_case_and_counts_the_judgements() -> None:
    cases = flagship_evidence.listed()
    page = flagship_cases.PAGE.read_text(encoding="utf-8")
    for case in cases:
        row = next(line for line in page.splitlines() if line.startswith(f"| {_title(case)} |"))
        assert flagship_cases.JUDGED[case.judgement] in row and case.documented in row
    count = sum(case.judgement == RIGHT for case in cases)
    assert f"Of {len(cases)} cases, {count} have the right answer for the right reason" in page


def _title(case: FlagshipCase) -> str:
    return flagship_cases.title(case)


def test_a_refusal_paid_for_with_money_is_on_the_side_of_the_refusal() -> None:
    refused = chance("REQ-JPN-043", yes=0.0)
    assert refused.probability < 0.01  # it gave something, and the record has nothing
    assert flagship_evidence.sided(refused) == share(200.0, 200)
    left = chance("JPN-UNDOF exit 2012-11", yes=0.75)
    assert flagship_evidence.sided(left) == share(50.0, 200)


def test_reasons_are_those_of_the_side_that_most_runs_take() -> None:
    terms = {"ask": 4.0, "risk": -1.0, "distance": -3.0, "alliance": 2.0}
    sent = flagship_cases.reasons(chance("REQ-JPN-031", 0.9, terms=terms))
    assert sent == "asked by name +4.0, the ally's request +2.0"  # no one can move a country
    kept_out = flagship_cases.reasons(chance("REQ-JPN-031", 0.1, "choice 90%", terms))
    assert kept_out == "danger to its personnel -1.0"
    assert flagship_cases.reasons(chance("REQ-JPN-043", 0.0, "law 100%")) == "the law stops it"
    stays = chance(
        "JPN-UNDOF exit 2012-11", 0.7, terms={"risk": -0.3, "occasion": -2.4, "intercept": 5.0}
    )
    assert flagship_cases.reasons(stays) == (
        "extension is the rule; against it occasion to leave -2.4, danger that has grown -0.3"
    )


def test_a_right_case_with_a_decision_that_most_runs_miss_is_named() -> None:
    case = listed("Timor 2002")
    good = replace(case, chances=(chance("REQ-JPN-021", 0.9),))
    doubtful = replace(case, chances=(chance("REQ-JPN-021", 0.9), chance("REQ-JPN-022", 0.3)))
    assert not flagship_cases.is_doubtful(good) and flagship_cases.is_doubtful(doubtful)
    assert "most runs are on the other side" in flagship_cases.page([doubtful], 200)
    assert "most runs are on the other side" not in flagship_cases.page([good], 200)


def test_a_decision_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flagship_evidence, "decisions", list)
    with pytest.raises(InputError, match="no decision 'REQ-JPN-004'"):
        flagship_evidence.listed()
