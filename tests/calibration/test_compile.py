"""The compiled tables keep their promises, and compiling again gives the same bytes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.compiler import compile_tables as compiler
from calibration.compiler import sites_table, unit_maps
from calibration.compiler.fighting_table import episodes
from calibration.raw_data import monthly_reports, report_gaps
from calibration.raw_data.compiler_constants import TABLE, constant
from calibration.raw_data.month_spells import dated, runs, spread
from calibration.raw_data.proportional_fitting import apportioned, fit, sparse_fit
from calibration.raw_data.raw_files import COLUMNS, RECORD, Raw, coded, records
from model.coverage import last as last_known
from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import FRAMEWORKS, KINDS
from viz.cli.main import call

ROOT = Path(__file__).parents[2]
DATA = ROOT / "model" / "data"
RAW = Path(os.environ.get("PEACEKEEPING_RAW") or ROOT.parent / "shared" / "data")
BUILD = ["data", "build", "--raw"]
POLICE = ("police", "formed_police")
CATEGORY = {"observer": "experts", "police": "police", "formed_police": "police"}
LAST = last_known("world")
COUNTED_BY = ["state", "mission", "kind", "from", "to"]


def table(name: str) -> pd.DataFrame:
    """A compiled table as text."""
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def monthly(frame: pd.DataFrame) -> pd.DataFrame:
    """Contributions that the UN panels count, one row a month, with category and people."""
    counted = frame[frame["rule"].isin(["", "ipf", "attributed", "divided", "observed"])].copy()
    counted["category"] = [CATEGORY.get(kind, "troops") for kind in counted["kind"]]
    counted["people"] = counted["personnel"].astype(int)
    for name in ("from", "to"):
        counted[name] = counted[name].map(month_number)
    return spread(counted[["state", "mission", "category", "rule", "from", "to", "people"]])


def monthly_all(frame: pd.DataFrame) -> pd.DataFrame:
    """Every month of every spell."""
    out = frame[COUNTED_BY].copy()
    for name in ("from", "to"):
        out[name] = out[name].map(month_number)
    return spread(out)


@pytest.fixture(scope="module")
def missions() -> pd.DataFrame:
    return table("missions")


@pytest.fixture(scope="module")
def contributions() -> pd.DataFrame:
    return table("contributions")


@pytest.mark.parametrize("name", sorted(compiler.KEYS))
def test_rows_have_keys_statuses_and_sources(name: str, missions: pd.DataFrame) -> None:
    frame = table(name)
    compiler.check(name, frame, set(missions["mission"]))
    if name not in set(table("coverage")["series"]):  # where sources stand by month
        assert (frame["source"] != "").all()
    for column in {"from", "to", "month", "start", "end"} & set(frame.columns):
        filled = frame.loc[frame[column] != "", column]
        assert filled.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])").all()


def test_missions_form_chains_in_time(missions: pd.DataFrame) -> None:
    by_name = missions.set_index("mission")
    assert set(missions["framework"]) <= set(FRAMEWORKS)
    assert ((missions["end"] == "") | (missions["end"] >= missions["start"])).all()
    for row in records(missions[missions["succeeds"] != ""]):
        assert by_name.loc[row["succeeds"], "start"] <= row["start"]
    assert by_name.loc["UNMISET", "succeeds"] == "UNTAET"
    assert by_name.loc["UNMISS", "succeeds"] == ""
    assert by_name.loc["UNOSOM II", "end"] == "1995-03"
    assert by_name.loc["UNAMET", "end"] == "1999-09"


# The force in Bosnia stayed beside the one in Croatia; the coalition in East Timor kept the peace
# while the administration was built up.
SIDE_BY_SIDE = {("UNPROFOR", "UNCRO"), ("INTERFET", "UNTAET")}


def test_no_handover_counts_twice(missions: pd.DataFrame) -> None:
    by_name = missions.set_index("mission")
    together = set()
    for row in records(missions[missions["succeeds"] != ""]):
        end = by_name.loc[row["succeeds"], "end"]
        assert end, row
        if end >= row["start"]:
            together.add((row["succeeds"], row["mission"]))
    assert together == SIDE_BY_SIDE
    totals = table("mission_totals")
    held = totals.groupby("mission")["month"].agg(["min", "max"])
    for row in records(missions[missions["succeeds"] != ""]):
        older, newer = row["succeeds"], row["mission"]
        if {older, newer} <= set(held.index) and (older, newer) not in SIDE_BY_SIDE:
            assert held.loc[older, "max"] < held.loc[newer, "min"], (older, newer)


def test_headquarters_lie_in_the_right_hemisphere(missions: pd.DataFrame) -> None:
    latitude = dict(zip(missions["mission"], missions["latitude"].astype(float), strict=True))
    longitude = dict(zip(missions["mission"], missions["longitude"].astype(float), strict=True))
    assert longitude["UNOSOM II"] > 40
    assert latitude["MINUSMA"] > 10
    assert latitude["UNAVEM II"] < 0
    assert longitude["MINUSTAH"] < -70


@pytest.mark.parametrize("name", ["mission_conditions", "mission_strength"])
def test_spells_cover_every_month_once(name: str, missions: pd.DataFrame) -> None:
    frame = table(name)
    for row in records(missions):
        own = frame[frame["mission"] == row["mission"]]
        if name == "mission_strength" and own.empty:
            assert row["framework"] not in ("un_pko",), row["mission"]
            continue
        first = max(0, month_number(row["start"]))
        last = month_number(row["end"]) if row["end"] else LAST
        covered = np.zeros(last + 1, dtype=int)
        for spell in records(own):
            covered[month_number(spell["from"]) : month_number(spell["to"]) + 1] += 1
        assert (covered[first:] == 1).all(), row["mission"]
        assert (covered[:first] == 0).all(), row["mission"]


def test_shares_of_kinds_sum_to_one() -> None:
    frame = table("mission_kinds")
    frame["share"] = frame["share"].astype(float)
    police = frame["kind"].isin(POLICE)
    sums = frame.groupby([frame["mission"], police])["share"].sum()
    assert np.allclose(sums, 1.0)
    assert set(frame["kind"]) <= set(KINDS)


def test_conditions_use_closed_words() -> None:
    frame = table("mission_conditions")
    assert set(frame["ceasefire"]) <= {"holds", "partial", "fails"}
    assert set(frame["consent"]) <= {"full", "strained", "none"}
    assert set(frame["rival"]) <= {"none", "bands", "organised", "quasi_state"}
    assert set(frame["force_level"]) <= set("0123")
    assert set(frame["protection"]) | set(frame["un_resolution"]) <= {"0", "1"}


def test_levels_of_fighting() -> None:
    frame = table("fighting")
    levels = frame["level"].astype(float)
    assert levels.between(0, 1).all()
    assert (levels[frame["basis"] == "yearly"] <= 0.6).all()
    episodes = frame[frame["basis"] == "episode"].sort_values(["mission", "from"])
    for _, own in episodes.groupby("mission"):
        assert (own["from"].to_numpy()[1:] > own["to"].to_numpy()[:-1]).all()


def test_years_of_states_have_no_gaps() -> None:
    frame = table("state_years")
    states = table("states")
    assert len(frame) == len(states) * 37
    numbers = frame.drop(columns=["iso3", "source", "status", "note"]).astype(float)
    assert numbers.notna().all().all()
    assert ((frame["status"] == "sourced") == (frame["note"] == "")).all()
    income = frame[frame["year"] >= "2019"].groupby("iso3")["gdp_per_capita_2011"]
    assert (income.nunique() == 1).all(), "income is held after 2019"
    held = frame[(frame["year"] > "2019") & (frame["status"] == "derived")]
    assert held["note"].str.contains("income held|income unknown").all()
    korea = frame[(frame["iso3"] == "KOR") & (frame["year"] == "2010")].iloc[0]
    assert korea["rivalry"] == "1" and korea["us_alliance"] == "1"


@pytest.mark.parametrize("state", ["JPN", "KOR"])
def test_watched_states_add_up_to_the_observed_totals(
    state: str, contributions: pd.DataFrame
) -> None:
    totals = table("state_totals")
    totals = totals[totals["state"] == state].set_index("month")
    own = monthly(contributions[contributions["state"] == state])
    sums = own.groupby(["month", "category"])["people"].sum().unstack(fill_value=0)
    sums.index = dated(pd.DataFrame({"month": sums.index}), ["month"])["month"]
    sums = sums.reindex(totals.index, fill_value=0)
    for category in ("troops", "police", "experts"):
        assert (sums[category] == totals[category].astype(int)).all()


def test_first_arrivals_stand_beside_the_un_count(contributions: pd.DataFrame) -> None:
    """They were there a month before the panel has them, and are counted nowhere else."""
    rows = contributions[contributions["personnel"] == "0"].astype(str)
    arrivals = set(rows[[*COUNTED_BY, "national_personnel"]].itertuples(index=False, name=None))
    assert ("JPN", "MINUSTAH", "engineer", "2010-02", "2010-02", "203") in arrivals
    assert ("JPN", "UNMISS", "staff", "2011-11", "2011-11", "3") in arrivals
    uncounted = contributions[contributions["personnel"] == "0"]
    spells = monthly_all(uncounted).merge(
        monthly_all(contributions[contributions["personnel"] != "0"]),
        on=["state", "mission", "kind", "month"],
    )
    assert spells.empty


def test_koreans_leave_somalia_in_march_1994(contributions: pd.DataFrame) -> None:
    own = contributions[
        (contributions["state"] == "KOR") & (contributions["mission"] == "UNOSOM II")
    ]
    late = own[own["to"] >= "1994-03"]
    assert (late["personnel"].astype(int) <= 10).all()
    assert own.loc[own["kind"] == "engineer", "to"].max() == "1994-02"


def test_spells_lie_inside_their_missions(
    contributions: pd.DataFrame, missions: pd.DataFrame
) -> None:
    dates = missions.set_index("mission")
    end = contributions["mission"].map(dates["end"])
    early = contributions["from"] < contributions["mission"].map(dates["start"])
    late = (end != "") & (contributions["to"] > end)
    assert contributions[early | late].empty


# Advance parties and people on their way home, a month outside the mission's dates.
OUTSIDE = {
    ("MINUSTAH", "2004-05"),
    ("UNTAC", "1993-10"),
    ("UNPREDEP", "1999-03"),
    ("UNMOT", "2000-06"),
}


def test_totals_lie_inside_their_missions(missions: pd.DataFrame) -> None:
    dates = missions.set_index("mission")
    totals = table("mission_totals")
    end = totals["mission"].map(dates["end"])
    early = totals["month"] < totals["mission"].map(dates["start"])
    outside = totals[early | ((end != "") & (totals["month"] > end))]
    assert set(zip(outside["mission"], outside["month"], strict=True)) == OUTSIDE


def test_kinds_do_not_overlap(contributions: pd.DataFrame) -> None:
    frame = contributions.sort_values(["state", "mission", "kind", "from"])
    before = frame.shift(1)
    same = (frame[["state", "mission", "kind"]] == before[["state", "mission", "kind"]]).all(axis=1)
    assert (frame.loc[same, "from"] > before.loc[same, "to"]).all()


def test_estimates_meet_the_margins(contributions: pd.DataFrame) -> None:
    """Person-months by mission, category and year before November 2009, Japan and Korea included;
    whole numbers and merged months cost a little."""
    before = month_number("2009-11")
    got = monthly(contributions)
    got = got[got["month"] < before]
    totals = table("mission_totals")
    totals["month"] = totals["month"].map(month_number)
    totals = totals[totals["month"] < before]
    wanted = totals.melt(
        ["mission", "month"], ["troops", "police", "experts"], "category", "people"
    )
    wanted["people"] = wanted["people"].astype(int)
    for frame in (got, wanted):
        frame["year"] = 1990 + frame["month"] // 12
    keys = ["mission", "category", "year"]
    both = pd.concat(
        [frame.groupby(keys)["people"].sum() for frame in (got, wanted)],
        axis=1,
        keys=["got", "wanted"],
    ).fillna(0)
    gap = (both["got"] - both["wanted"]).abs()
    assert gap.sum() < 0.005 * both["wanted"].sum()
    assert (gap <= 0.1 * both["wanted"] + 120).all(), both[gap > 0.1 * both["wanted"] + 120]


def test_estimates_say_so(contributions: pd.DataFrame) -> None:
    early = contributions["to"] < "2009-11"
    others = ~contributions["state"].isin(["JPN", "KOR"])
    assert set(contributions.loc[early & others, "rule"]) == {"ipf"}
    assert set(contributions.loc[contributions["rule"] == "ipf", "status"]) == {"derived"}
    assert (DATA / "contributions.csv").stat().st_size < 1_400_000


def test_fitting_meets_margins_and_keeps_empty_cells() -> None:
    seed = np.array([[1.0, 2.0, 0.0], [3.0, 1.0, 1.0], [0.5, 0.0, 2.0]])
    rows, columns = np.array([30.0, 50.0, 20.0]), np.array([40.0, 25.0, 35.0])
    out = fit(seed, rows, columns)
    assert np.allclose(out.sum(axis=1), rows, rtol=1e-4)
    assert np.allclose(out.sum(axis=0), columns, rtol=1e-4)
    assert (out[seed == 0] == 0).all()
    sparse = sparse_fit(seed, rows, columns, 2.0, 0.05)
    assert np.allclose(sparse.sum(axis=0), columns, rtol=1e-3)
    with pytest.raises(InputError, match="no cell"):
        fit(np.array([[0.0], [1.0]]), np.array([1.0, 1.0]), np.array([2.0]))


def test_spells_and_months_are_inverse() -> None:
    months = pd.DataFrame({"who": "a", "month": [1, 2, 3, 5, 6], "n": [4, 4, 5, 5, 5]})
    spells = runs(months, ["who"], ["n"])
    assert list(spells["from"]) == [1, 3, 5] and list(spells["to"]) == [2, 3, 6]
    assert spread(spells)[["who", "month", "n"]].equals(months[["who", "month", "n"]])


def test_constants_say_where_they_come_from() -> None:
    frame = coded(TABLE, ("name", "value", "unit", "source", "status"))
    assert frame["name"].is_unique
    assert (frame[["value", "unit", "source"]] != "").all().all()
    assert set(frame["status"]) <= compiler.STATUSES
    assert set(frame.loc[frame["source"] == "background", "status"]) == {"assumption"}
    code = "".join(p.read_text() for p in sorted(RECORD.parent.rglob("*.py")))
    for name in frame["name"]:
        family = name.split("_")[0]
        assert f'"{name}"' in code or f'f"{family}_' in code or "fit_smallest_" in name, name
    with pytest.raises(InputError, match="no 'site_moon'"):
        constant("site_moon")


def test_apportioned_parts_sum_to_the_total() -> None:
    assert apportioned(7, [1.0, 1.0, 1.0]) == [3, 2, 2]
    assert sum(apportioned(26, [9.0, 7.0, 2.0, 2.0])) == 26


def test_what_is_coded_by_hand_reaches_the_tables(missions: pd.DataFrame) -> None:
    """A coding changed in one place only shows here even where the raw inputs are absent."""
    dated = table("fighting").query("basis == 'episode'")
    assert records(dated) == records(episodes(missions))
    assert records(table("aliases")) == records(coded("aliases", ("alias", "kind", "name")))
    places = sites_table.sites()
    assert records(table("sites")) == records(places)
    assert records(table("site_fighting")) == records(sites_table.fighting(places))
    assert records(table("deployment_sites")) == records(sites_table.deployments())
    spells = records(coded("conditions", ("mission", "from", "to", "ceasefire", "consent")))
    held = {
        (row["mission"], month): row
        for row in records(table("mission_conditions"))
        for month in range(month_number(row["from"]), month_number(row["to"]) + 1)
    }
    for row in spells:
        months = [month for name, month in held if name == row["mission"]]
        first = max(month_number(row["from"]) if row["from"] else min(months), min(months))
        last = min(month_number(row["to"]) if row["to"] else max(months), max(months))
        for month in range(first, last + 1):
            kept = held[row["mission"], month]
            for name in ("ceasefire", "consent", "force_level"):
                assert kept[name] == row[name], (row["mission"], month_text(month), name)


def test_a_missing_folder_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call([*BUILD, str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "no such folder" in said and said.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("19x2", "'19x2' is not a number"),
        ("inf", "'inf' is not a number"),
        ("-5", "'-5' is out of range; it goes from 0 up"),
    ],
)
def test_a_wrong_number_of_a_raw_file_is_one_sentence_with_its_line(
    tmp_path: Path, cell: str, told: str
) -> None:
    name = "covariates/ucdp_organized_violence_cy_v25_1.csv"
    (tmp_path / "covariates").mkdir()
    (tmp_path / name).write_text(f"iso3,year,sb_best\nJPN,1992,\nJPN,1993,{cell}\n")
    with pytest.raises(InputError) as raised:
        Raw(tmp_path).table(name)
    assert str(raised.value) == f"{name}, line 3, column sb_best: {told}"


def test_a_year_of_a_raw_file_has_a_range(tmp_path: Path) -> None:
    name = "covariates/unsc_membership.csv"
    (tmp_path / "covariates").mkdir()
    (tmp_path / name).write_text("iso3,year,seat\nJPN,19920,elected\n")
    with pytest.raises(InputError, match="line 2, column year: '19920' is out .* 1800 to 2100$"):
        Raw(tmp_path).table(name)


@pytest.fixture(scope="module")
def raw() -> Path:
    """The folder of raw files; tests that need it are skipped without it."""
    if not (RAW / "contributions").is_dir():
        pytest.skip("raw files are not here; set PEACEKEEPING_RAW to their folder")
    return RAW


def test_compiling_again_gives_the_committed_tables(raw: Path, tmp_path: Path) -> None:
    assert call([*BUILD, str(raw), "--out", str(tmp_path)]) == 0
    for name in compiler.KEYS:
        again = (tmp_path / f"{name}.csv").read_bytes()
        same = again == (DATA / f"{name}.csv").read_bytes()
        assert same, f"{name}.csv differs; compile it again"
    assert not list(tmp_path.glob(".*"))


def test_filled_months_keep_every_printed_total(raw: Path) -> None:
    files = Raw(raw)
    panel = report_gaps.filled(files, table("missions"))
    printed = monthly_reports.state_kinds(files)
    sums = panel.long().groupby(["state", "kind", "month"])["people"].sum()
    wanted = printed.set_index(["state", "kind", "month"])["people"]
    assert len(wanted) > 7000
    assert (sums.reindex(wanted.index).fillna(0) == wanted).all()
    reported = monthly_reports.cells(files).set_index([*monthly_reports.CELL, "month"])["people"]
    held = panel.long().set_index([*monthly_reports.CELL, "month"])["people"]
    assert (held.reindex(reported.index) == reported).all()


def overlap(frame: pd.DataFrame, found: unit_maps.Units) -> float:
    """Share of the troops in RADPKO that stand in the right cell of a table.

    Args:
        frame: state, mission, year, people (yearly means of troops), for the mission-years to look
            at.
    """
    keys = ["mission", "year", "state"]
    cells = pd.DataFrame(frame.groupby(keys, as_index=False)["people"].sum())
    said = {(r["mission"], r["year"], r["state"]): r["people"] for r in records(cells)}
    years = {(mission, year) for mission, year, _ in said}
    same = total = 0.0
    for key in years & set(found.bases):
        for code, people in found.bases[key].items():
            total += people
            same += min(people, said.get((*key, code), 0.0))
    return same / total


def test_estimates_put_most_troops_where_bases_are_known(
    raw: Path, contributions: pd.DataFrame
) -> None:
    frame = contributions[contributions["rule"] == "ipf"]
    frame = frame[frame["kind"].isin(["infantry", "staff"]) & frame["from"].between("2000", "2009")]
    first, last = (frame[name].map(month_number) for name in ("from", "to"))
    people = frame["personnel"].astype(int) * (last - first + 1) / 12.0
    cells = frame[["state", "mission"]].assign(year=1990 + first // 12, people=people)
    assert overlap(cells, unit_maps.units(Raw(raw))) > 0.8


def test_a_malformed_file_writes_nothing(raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    for name in COLUMNS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(raw / name, folder / name)
    (folder / "covariates/unsc_membership.csv").write_text("iso3,year\nJPN,1992\n")
    with pytest.raises(InputError, match="unsc_membership.csv: the column 'seat' is missing"):
        compiler.tables(Raw(folder))
    assert call([*BUILD, str(folder), "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
    (folder / "covariates/unsc_membership.csv").unlink()
    with pytest.raises(InputError, match="unsc_membership.csv is missing"):
        compiler.tables(Raw(folder))
