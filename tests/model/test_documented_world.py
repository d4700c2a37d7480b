"""Where the documented world ends is data; a run from then on begins with who is documented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model import coverage
from model.data_folder import DATA
from model.months import month_number, month_text
from model.settings import Settings
from model.vocabulary import KINDS, STUDIED
from model.world import missions, recorded_contributions
from model.world.build import Atlas, build

PRESENT = Settings(start="2026-04", end="2026-12", afterwards="recorded")


@pytest.fixture(scope="module")
def present() -> Atlas:
    return build(PRESENT)


def begins_with(atlas: Atlas, state: str) -> dict[tuple[str, str], int]:
    """People in the field at the start by mission and kind."""
    rows = atlas.arrays.initial
    own = rows[rows["state"] == atlas.state_row(state)]
    return {(atlas.missions[row.mission], KINDS[row.kind]): int(row.people) for row in own}


def test_japan_begins_in_april_2026_with_who_is_documented(present: Atlas) -> None:
    assert begins_with(present, "JPN") == {
        ("UNMISS", "staff"): 4,
        ("MFO", "staff"): 4,
        ("CTF-151", "naval"): 200,  # the ship in the Gulf of Oman too
        ("Gaza CMCC", "civilian"): 2,
    }


def test_korea_begins_in_april_2026_with_who_is_documented(present: Atlas) -> None:
    here = begins_with(present, "KOR")
    units = {place: people for place, people in here.items() if people > 60}
    assert units == {
        ("UNMISS", "engineer"): 268,
        ("UNIFIL", "infantry"): 184,
        ("CTF-151", "naval"): 249,
        ("UAE training", "special_forces_training"): 150,
    }
    assert ("UNMOGIP", "observer") in here and ("UNIFIL", "staff") in here
    assert "UNMHA" not in {mission for mission, _ in here}


def test_everyone_in_the_field_in_the_last_documented_month_is_there_at_the_start(
    present: Atlas,
) -> None:
    last = coverage.last("deployments")
    seen = recorded_contributions.monthly(STUDIED, last, last)
    ends = dict(zip(present.missions, present.arrays.missions["end"], strict=True))
    there = seen[(seen["mission"].map(ends) > last) & (seen["value"] > 0)]
    assert len(there) > 10
    for row in there.itertuples():
        assert begins_with(present, str(row.state))[str(row.mission), str(row.kind)] == row.value


def test_people_of_a_mission_go_over_to_the_one_that_takes_its_place(present: Atlas) -> None:
    frame = recorded_contributions.continued()
    before, after = (frame[frame["mission"] == name] for name in ("UNSOM", "UNTMIS"))
    last = before[before["last"] == month_number("2024-10")]
    assert last["people"].sum() == after["people"].sum() > 600
    assert (after["first"] == month_number("2024-11")).all()
    row = present.mission_row("UNTMIS")
    assert present.arrays.mission_months[month_number("2026-03"), row].recorded > 500


def test_the_row_of_coverage_moves_the_end_of_the_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (DATA / "coverage.csv").read_text()
    (row,) = [line for line in text.splitlines() if line.startswith("world,")]
    shorter = row.replace(coverage.world_end(), "2023-12")
    (tmp_path / "coverage.csv").write_text(text.replace(row, shorter))
    monkeypatch.setattr(coverage, "DATA", tmp_path)
    assert Settings().end == "2023-12"
    atlas = build(Settings(start="2023-06", end="2026-12", afterwards="recorded"))
    drawn = [name for name in atlas.missions if name.startswith("New mission")]
    assert drawn[0] == "New mission 2024-01" and len(drawn) == 36
    held = atlas.arrays.asked[:, atlas.mission_row("MINURSO")].sum(axis=1)
    assert held[month_number("2025-09")] == held[month_number("2023-12")]


def test_new_missions_are_drawn_after_the_documented_world_only(present: Atlas) -> None:
    drawn = [name for name in present.missions if name.startswith("New mission")]
    assert drawn[0] == f"New mission {month_text(coverage.last('world') + 1)}"
    assert len(drawn) == 9


def test_losses_end_with_the_last_year_of_which_deaths_and_people_are_known() -> None:
    months = month_number("2030-12") + 1
    out = missions.mission_months(months)
    names = list(missions.roster()["mission"])
    people = recorded_contributions.mission_totals(names, months).sum(axis=2)
    missions.losses(out, people)
    known = slice(month_number("2019-01"), month_number("2023-12") + 1)
    for mission in ("MINUSCA", "MONUSCO"):
        for sort in ("hostile", "accident"):
            rates = out[sort][:, names.index(mission)]
            assert np.allclose(rates[known.stop :], rates[known].mean())
            assert rates[known].mean() > 0


def test_the_cuts_of_late_2025_are_in_the_present(present: Atlas) -> None:
    asked = present.arrays.mission_months["asked"]
    recorded = present.arrays.mission_months["recorded"]
    last = month_number("2026-03")
    for mission in ("UNMISS", "UNIFIL", "UNDOF"):
        row = present.mission_row(mission)
        assert asked[last, row] < 0.9 * asked[month_number("2025-09"), row]
        assert recorded[last, row] < 0.9 * recorded[month_number("2025-09"), row]
    assert recorded[last, present.mission_row("UNIFIL")] == pytest.approx(7500, rel=0.1)
