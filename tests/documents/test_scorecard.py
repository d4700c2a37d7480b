"""The scorecard reads what is stored, keeps what falls short, and says what was not measured."""

from __future__ import annotations

import pandas as pd
import pytest

from viz.briefs import model_brief
from viz.reports import scorecard


def test_every_target_says_how_it_is_measured_and_when_it_is_met():
    for one in scorecard.TARGETS:
        assert one.command and one.aimed and one.side in {"least", "most", "between"}
        assert len(one.aim) == (2 if one.side == "between" else 1)
        assert one.met(one.aim[0])
        assert not one.met(one.aim[0] + (1 if one.side == "most" else -1))
    assert len({(one.subject, one.what) for one in scorecard.TARGETS}) == len(scorecard.TARGETS)


def test_the_table_in_the_documents_holds_what_the_commands_stored():
    kept = pd.read_csv(scorecard.TABLE, dtype=str, keep_default_na=False)
    assert kept.to_dict("records") == scorecard.measure().to_dict("records")
    assert scorecard.PAGE.read_text(encoding="utf-8") == scorecard.page(kept)


def test_what_was_not_measured_is_told_and_what_falls_short_stays(monkeypatch: pytest.MonkeyPatch):
    def lost() -> float:
        raise OSError

    targets = (
        scorecard.Target("a", "lost", lost, "least", (1,), "make a"),
        scorecard.Target("a", "short", lambda: 0.5, "least", (1,), "make b", "for a reason"),
    )
    monkeypatch.setattr(scorecard, "TARGETS", targets)
    frame = scorecard.measure()
    assert list(frame["measured"]) == ["not measured", "0.5"]
    text = scorecard.page(frame)
    assert "0 of 1 measured targets are met; 1 could not be read" in text
    assert "- **short** (0.5, at least 1): for a reason" in text


def test_the_validation_opens_with_what_was_seen_what_was_not_and_where_not_to_trust_it():
    """The opening is that of the stored figures, and a second writing changes nothing."""
    text = model_brief.PAGE.read_text(encoding="utf-8")
    assert model_brief.opened(text) == text
    opening = text.partition(model_brief.HEADING)[2].partition(model_brief.NEXT)[0]
    for part in ("has seen", "has not seen", "Where not to trust it"):
        assert part in opening
    assert len(opening.split()) < 500  # three minutes, with a table to look at
    plain = f"# A report\n\n{model_brief.NEXT}\n\nAll of it.\n"
    assert model_brief.opened(plain).startswith(f"# A report\n\n{model_brief.HEADING}")
    assert model_brief.opened(plain).endswith("All of it.\n")
    with pytest.raises(SystemExit, match="make validate"):
        model_brief.opened("# Another page\n")
