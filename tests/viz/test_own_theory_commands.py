"""A theory of the user's own through the command line and the public functions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import peacekeeping as pk
from model.own_terms import Term
from scenarios.running.run_options import resolve
from viz.cli import options
from viz.cli.main import call

ROWS = [{"mission": "UNTAC", "month": "1992-01", "value": 1.0}]
SHORT = ("--runs", "2", "--to", "1994-12")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "My theory.csv").write_text("mission,month,value\nUNTAC,1992-01,1\n")
    return "My theory.csv"


def test_a_run_keeps_its_terms_in_the_manifest(file: str, capsys: pytest.CaptureFixture) -> None:
    assert call(["run", "historical", *SHORT, "--term", f"{file}=-2.5", "--out", "out"]) == 0
    manifest = json.loads(Path("out/manifest.json").read_text())
    (kept,) = manifest["overrides"]["terms"]
    assert kept == {
        "name": "my_theory", "weight": -2.5, "default": 0.0, "source": "My theory.csv",
        "sha256": Term("x", ROWS).sha256,
    }  # fmt: skip
    assert manifest["program"]["command"][-2:] == ["--term", "My theory.csv=-2.5"]
    assert pk.read("out").manifest["overrides"]["terms"] == [kept]
    same = pk.run("historical", runs=2, end="1994-12", terms=[Term("mine", ROWS, weight=-2.5)])
    assert same.series["value"].tolist() == pk.read("out").series["value"].tolist()
    assert "terms" not in pk.run("historical", runs=1, end="1993-12").manifest["overrides"]


def test_a_weight_follows_an_equals_sign(file: str) -> None:
    assert options.term(file).weight == 1.0
    assert options.term(f"{file}=-0.5").weight == -0.5
    with pytest.raises(pk.InputError, match="'x' is not a number; write FILE.csv=WEIGHT"):
        options.term(f"{file}=x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("state,value\nGER,1\n", "unknown state 'GER'"),
        ("mission,value\nUNTACC,1\n", "did you mean 'UNTAC'?"),
        ("mission,month,value\nUNTAC,1992-01,1\nUNTAC,1992-01,2\n", "line 3: UNTAC, 1992-01 is"),
        ("mission,value\nUNTAC,nan\n", "bad.csv, line 2, column value: 'nan' is not a number"),
        ("mission,value\nUNTAC\n", "bad.csv, line 2: not as many cells as the header has"),
        ("", "bad.csv: the column 'value' is missing"),
    ],
)
def test_a_bad_file_is_one_sentence_on_every_command(
    file: str, text: str, words: str, capsys: pytest.CaptureFixture
) -> None:
    Path("bad.csv").write_text(text)
    for command in (
        ["run", "historical", *SHORT, "--term", "bad.csv"],
        ["compare", "historical", "korea-act-in-2000/act", *SHORT, "--term", "bad.csv"],
        ["explain", "historical", "--state", "JPN", *SHORT, "--term", "bad.csv"],
        ["calibrate", "--with-term", "bad.csv"],
    ):
        assert call(command) == 2, command
        said = capsys.readouterr()
        assert words in said.err and said.err.strip().count("\n") == 0, said.err
        assert not said.out


def test_an_explanation_shows_the_term_with_its_value(
    file: str, capsys: pytest.CaptureFixture
) -> None:
    command = ["explain", "historical", "--state", "JPN", "--mission", "UNTAC", *SHORT]
    assert call([*command, "--term", f"{file}=2"]) == 0
    assert "my theory     +2.00" in (said := capsys.readouterr().out)
    assert "own term: weight +2.00 x value +1.00" in said
    assert call([*command, "--term", f"{file}=2", "--factors"]) == 0
    assert "+2.00 x +1.00" in capsys.readouterr().out
    answers = pk.explain(
        "historical", "JPN", "UNTAC", runs=2, end="1994-12", terms=[Term("mine", ROWS, weight=3)]
    )
    asked_for = answers.decisions["reason"] != "renewal"  # which a presence gets by default
    assert set(answers.decisions[asked_for]["term_mine"]) == {3.0}
    assert set(answers.decisions[~asked_for]["term_mine"]) <= {0.0}
    assert "mine" in answers.to_xarray().term
    weighed = answers.decisions.filter(like="term_").sum(axis=1)
    rest = [answers.answers.rest(row)[1] for row in answers.decisions.to_dict("records")]
    assert (weighed + rest).tolist() == pytest.approx(answers.decisions["utility"].tolist())
    assert answers.figures()


def test_with_and_without_a_term_in_paired_runs() -> None:
    never = pk.scenario("historical").with_terms(Term("never", [{"value": -1.0}], weight=20))
    found = pk.compare("historical", never, runs=2, end="1996-12")
    ((label, (kept,)),) = found.manifest["terms"].items()
    assert (label, kept["name"]) == ("historical (2)", "never")
    assert "terms" not in found.manifest["overrides"]
    people = found.differences[found.differences["variable"] == "personnel"]
    assert (people["mean"] <= 0).all() and (people["mean"] < 0).any()
    choices = found.divergences[found.divergences["cause"] == "choice"]
    assert "never" in set(choices["detail"])
    assert str(found.summary())


def test_a_comparison_with_a_term_in_both_is_told_in_words(
    file: str, capsys: pytest.CaptureFixture
) -> None:
    command = ["compare", "historical", "korea-act-in-2000/act", "--runs", "4", "--to", "2006-12"]
    assert call([*command, "--term", f"{file}=-2.5"]) == 0
    assert "korea-act-in-2000/act compared with historical" in capsys.readouterr().out


def test_the_terms_of_a_scenario_stay_with_it_until_others_are_given() -> None:
    one = pk.scenario("historical").with_terms(Term("mine", ROWS))
    assert [term.name for term in resolve(one, end="1994-12").terms] == ["mine"]
    other = resolve(one, terms=[Term("other", lambda state, mission, month: 1.0)])
    assert [(term.name, term.is_function) for term in other.terms] == [("other", False)]
    with pytest.raises(pk.InputError, match="terms is no list of terms"):
        resolve(one, terms="mine.csv")  # type: ignore[arg-type]


def test_a_run_with_an_agent_names_its_class() -> None:
    class Never(pk.StateAgent):
        def choose(self, request, menu):
            return None

    found = pk.run("historical", runs=1, end="1993-06", agent_class={"JPN": Never})
    assert found.manifest["overrides"]["agents"] == {"JPN": "Never"}
    assert "JPN=Never" in found.manifest["program"]["command"]
    assert not (found.missions["state"] == "JPN").any()
    ours = pk.run("historical", runs=1, end="1993-06", agent_class=pk.StateAgent)
    assert ours.series.equals(pk.run("historical", runs=1, end="1993-06").series)
