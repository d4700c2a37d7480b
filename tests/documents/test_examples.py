"""Every public function and class shows an example, and the examples run as they stand."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import pytest

import peacekeeping
from viz.reports import shipped_documents

ROOT = Path(__file__).parents[2]
TUTORIALS = ROOT / "docs" / "tutorials"


@pytest.mark.parametrize("name", peacekeeping.__all__)
def test_the_example_of_a_public_name_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for tutorial in ("4-write-a-scenario.md", "6-sweep-on-a-cluster.md"):
        text = (TUTORIALS / tutorial).read_text(encoding="utf-8")
        for file, content in shipped_documents.files(text).items():
            (tmp_path / file).write_text(content, encoding="utf-8")
    public = getattr(peacekeeping, name)
    own = vars(public).items() if isinstance(public, type) else ()
    texts = {name: inspect.getdoc(public) or ""}
    texts |= {part: inspect.getdoc(one) or "" for part, one in own if inspect.isfunction(one)}
    for place, said in texts.items():
        test = doctest.DocTestParser().get_doctest(said, {}, place, None, None)
        assert test.examples or place != name, f"{name} has no example"
        report: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        assert runner.run(test, out=report.append).failed == 0, "".join(report)
