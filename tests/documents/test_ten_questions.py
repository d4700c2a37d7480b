"""The ten questions: each goes from a question to its brief by the commands that the page gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from calibration.documented_record import entries
from viz.briefs import ten_questions
from viz.cli import main

QUESTIONS = ten_questions.questions()


def test_there_are_ten_and_each_rests_on_the_record() -> None:
    assert len(QUESTIONS) == len({one["asked"] for one in QUESTIONS}) == 10
    known = {one.id for one in entries()}
    assert all(set(one["sources"]) <= known and one["sources"] for one in QUESTIONS)


def test_the_page_gives_every_question_command_and_file() -> None:
    page = ten_questions.PAGE.read_text(encoding="utf-8")
    for one in QUESTIONS:
        assert f"**{one['asked']}**" in page
        for command in one["commands"]:
            assert f"$ peacekeeping {command}\n" in page
        for text in one.get("files", {}).values():
            assert text.strip() in page


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=[one["name"] for one in QUESTIONS])
def test_the_commands_run_from_question_to_brief(
    question: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def called(words: list[str], folder: Path) -> str:
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            status = main.call(words)
        said = capsys.readouterr()
        assert status == 0, said.err
        return said.out

    for command, printed in ten_questions.answers(question, runs=2, run=called):
        assert ten_questions.quoted(question, printed), f"nothing is quoted of {command}"
        if command.startswith("brief"):
            assert printed.startswith("Under “") and "Written: " in printed
