"""Charts: true bands, one colour per state, valid figures, files written whole or not at all."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest

from model.vocabulary import KINDS
from viz.charts.fans.fan import personnel_fan_by_kind, personnel_fans
from viz.charts.fans.fan_data import fan_table
from viz.charts.fans.quantile_bands import bands
from viz.charts.heatmap import heatmap
from viz.charts.maps.map_labels import map_labels
from viz.charts.maps.world_map import map_drawing
from viz.charts.style import export, theme
from viz.charts.style.layout import axis_steps, month_ticks, spread, table_of
from viz.charts.timeline import mission_timeline
from viz.charts.timeline_data import timeline_table
from viz.text import labels

from ..support.chart_example import FIRST, LAST, recorded, simulated

FRAME = (FIRST, LAST)


@pytest.fixture(scope="module")
def example() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return (series, missions, record) of the invented example, few runs."""
    series, missions = simulated(runs=20)
    return series, missions, recorded()


def rows(cells: list[tuple[int, str, float]], state: str = "JPN") -> pd.DataFrame:
    """Return a run-level table from (run, month, people)."""
    frame = pd.DataFrame(cells, columns=["run", "month", "value"])
    frame = frame.assign(scenario="s", seed=0, state=state, framework="un", mission="all")
    return frame.assign(kind="all", variable="personnel", unit="people")


def test_bands_of_eleven_known_runs_are_their_deciles():
    table = bands(rows([(r, "2000-01", 10.0 * r) for r in range(1, 11)]), runs=11)
    wide = table[table["level"] == 0.8].iloc[0]
    narrow = table[table["level"] == 0.5].iloc[0]
    assert (wide["lower"], wide["median"], wide["upper"]) == (10, 50, 90)
    assert (narrow["lower"], narrow["upper"]) == (25, 75)


def test_a_run_without_a_row_counts_as_zero_people():
    # two of four runs send 100 in January, one in February, nobody in March
    sent = rows([(0, "2000-01", 100), (1, "2000-01", 100), (0, "2000-02", 100)])
    table = bands(sent, levels=(0.5,), runs=4, months=("2000-01", "2000-03"))
    assert table["month"].tolist() == ["2000-01", "2000-02", "2000-03"]
    assert table["median"].tolist() == [50, 0, 0]
    assert table["upper"].tolist() == [100, 25, 0]


def test_bands_equal_the_slow_way_on_a_sparse_table():
    chance = np.random.default_rng(0)
    cells = [
        (run, f"2001-{month:02d}", float(chance.integers(1, 900)))
        for run in range(30)
        for month in range(1, 13)
        if chance.random() < 0.5
    ]
    table = bands(rows(cells), levels=(0.8,), runs=30, months=("2001-01", "2001-12"))
    people = {(run, month): value for run, month, value in cells}
    for _, row in table.iterrows():
        sent = [people.get((run, row["month"]), 0.0) for run in range(30)]
        expected = np.quantile(sent, [0.1, 0.5, 0.9])
        assert np.allclose([row["lower"], row["median"], row["upper"]], expected)


def test_the_same_run_number_under_two_seeds_is_two_runs():
    both = pd.concat([rows([(0, "2000-01", 10)]), rows([(0, "2000-01", 30)]).assign(seed=1)])
    table = bands(both, levels=(0.5,))
    assert (table["runs"].iloc[0], table["median"].iloc[0]) == (2, 20)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"levels": (80,)}, "between 0 and 1"),
        ({"runs": 1}, "only 1 were declared"),
        ({"months": ("2000-01", "2000-01")}, "outside the declared frame"),
    ],
)
def test_bands_refuse_a_wrong_frame_in_a_sentence(change, said):
    with pytest.raises(ValueError, match=said):
        bands(rows([(0, "2000-01", 1), (1, "2000-02", 1)]), **change)


def test_bands_refuse_doubled_rows():
    with pytest.raises(ValueError, match="doubled"):
        bands(rows([(0, "2000-01", 1), (0, "2000-01", 2)]))


def test_two_hundred_runs_of_four_hundred_months_are_summarised_quickly():
    months = [f"{year}-{month:02d}" for year in range(1990, 2024) for month in range(1, 13)][:400]
    cells = pd.DataFrame({"month": np.tile(months, 200), "run": np.repeat(np.arange(200), 400)})
    table = rows([(0, "2000-01", 1.0)]).drop(columns=["month", "run"]).merge(cells, how="cross")
    start = time.perf_counter()
    bands(table)
    assert time.perf_counter() - start < 2  # a fifth of a second on a laptop


def test_fan_of_bands_equals_fan_of_runs(example):
    series, _, record = example
    summary = bands(series, runs=20, months=FRAME)
    direct = fan_table(series, record, ["JPN"], "un", ["all"], runs=20, months=FRAME)
    ready = fan_table(summary, record, ["JPN"], "un", ["all"], months=FRAME)
    pd.testing.assert_frame_equal(direct, ready)


def test_a_month_before_the_first_recorded_row_is_zero_and_after_the_record_blank():
    series = rows([(0, "2000-01", 5), (0, "2000-04", 5)])
    record = rows([(0, "2000-02", 7), (0, "2000-03", 7)]).drop(columns=["run", "seed"])
    table = fan_table(series, record, ["JPN"], "un", ["all"])
    seen = table[table["level"] == 0.8]["recorded"].tolist()
    assert seen[:3] == [0, 7, 7] and np.isnan(seen[3])


def test_a_state_in_no_table_is_refused_by_name(example):
    with pytest.raises(ValueError, match="'JAP' is in no table; present: JPN, KOR"):
        personnel_fans(example[0], None, ["JAP"])


def test_two_scenarios_are_never_mixed_silently(example):
    both = pd.concat([example[0], example[0].assign(scenario="other")])
    with pytest.raises(ValueError, match="choose one of: historical, other"):
        personnel_fans(both, None, ["JPN"])


@pytest.fixture(scope="module")
def figures(example) -> dict[str, alt.VConcatChart]:
    """Return one of each figure, drawn from the invented example."""
    series, missions, record = example
    return {
        "fan": personnel_fans(series, record, ["JPN"], months=FRAME),
        "engineers": personnel_fan_by_kind(series, record, "JPN", kinds=["engineer"], months=FRAME),
        "outlook": personnel_fans(series, None, ["KOR"], "coalition", months=FRAME),
        "kinds": personnel_fan_by_kind(series, record, "KOR", months=FRAME),
        "fans": personnel_fans(series, record, months=FRAME),
        "timeline": mission_timeline(missions, record, months=FRAME),
    }


@pytest.mark.slow
def test_every_figure_is_valid_vega_lite_with_title_source_and_units(figures):
    for name, chart in figures.items():
        spec = chart.to_dict()  # validates against the schema
        text = json.dumps(spec, ensure_ascii=False)
        assert spec["title"]["text"] and len(spec["title"]["subtitle"]) >= 2, name
        assert "20 runs, seed 1" in " ".join(spec["title"]["subtitle"]), name
        assert "Source: " in text and "people" in text, name
        assert not table_of(chart).empty, name


@pytest.mark.slow
def test_every_people_axis_starts_at_zero(figures):
    def people_scales(node):
        if isinstance(node, dict):
            y = node.get("encoding", {}).get("y", {})
            if y.get("field") in ("lower", "median", "recorded"):
                yield y["scale"]["domain"]
            for child in node.values():
                yield from people_scales(child)
        elif isinstance(node, list):
            for child in node:
                yield from people_scales(child)

    for name in ("fan", "kinds", "fans"):
        domains = list(people_scales(figures[name].to_dict()))
        assert domains and all(domain[0] == 0 for domain in domains)


@pytest.mark.slow
def test_a_state_has_the_same_colour_in_every_figure(figures):
    drawn = figures
    for state, names in {"JPN": ("fan", "fans", "timeline"), "KOR": ("outlook", "fans")}.items():
        for name in names:
            spec = json.dumps({**drawn[name].to_dict(), "datasets": {}})
            assert theme.state_colour(state) in spec, (state, name)
    assert theme.state_colour("JPN") not in json.dumps(drawn["outlook"].to_dict())


def test_colours_do_not_depend_on_who_else_is_drawn_and_kinds_have_one_each():
    assert theme.state_colour("SWE") == theme.state_colour("SWE") in theme.SHARED_COLOURS
    assert set(KINDS) | {"all"} == set(theme.KIND_COLOURS) == set(labels.KIND_NAMES)
    assert len(set(theme.KIND_COLOURS.values())) == len(theme.KIND_COLOURS)
    assert len(set(theme.STATE_COLOURS.values())) == len(theme.STATE_COLOURS)
    with pytest.raises(ValueError, match="known kinds: all, infantry"):
        theme.kind_colour("cavalry")


def luminance(colour: str) -> float:
    """Return relative luminance as the web's contrast rule defines it."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_text_colours_are_legible_on_white():
    for colour in (theme.INK, theme.QUIET, *theme.STATE_COLOURS.values()):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


def test_japan_and_korea_stay_apart_for_colour_blind_eyes():
    # Machado, Oliveira and Fernandes (2009), full protanopia and deuteranopia
    views = [
        [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    ]
    pair = [
        np.array([int(theme.state_colour(s)[i : i + 2], 16) for i in (1, 3, 5)])
        for s in ("JPN", "KOR")
    ]
    for view in views:
        japan, korea = (np.array(view) @ colour for colour in pair)
        assert np.abs(japan - korea).max() > 80


def test_timeline_joins_months_into_spells_with_the_share_of_runs(example):
    missions = pd.concat(
        [
            rows([(0, "2000-01", 5), (0, "2000-02", 5), (1, "2000-02", 9)]).assign(kind="staff"),
            rows([(1, "2000-02", 3)]).assign(kind="observer"),
        ]
    ).assign(mission="UNDOF")
    record = missions[(missions["run"] == 1)].assign(value=4)
    frame = ("2000-01", "2000-03")
    table = timeline_table(missions, record, ["JPN"], None, None, 4, frame)
    simulated_rows = table[table["what"] == "simulated"]
    assert simulated_rows[["from", "to", "share"]].values.tolist() == [
        ["2000-01", "2000-02", 0.25],
        ["2000-02", "2000-03", 0.5],
    ]
    known = table[table["what"] == "recorded"].iloc[0]
    assert (known["from"], known["to"], known["most"]) == ("2000-02", "2000-03", 8)


def test_timeline_rows_stand_in_order_of_entry_and_the_height_follows(example):
    _, missions, record = example
    table = table_of(mission_timeline(missions, record, ("JPN",), months=FRAME))
    entries = table.drop_duplicates("mission")["entry"].tolist()
    assert entries == sorted(entries)
    un = [part[part["framework"] == "un"] for part in (missions, record)]
    spec = mission_timeline(un[0], un[1], ("JPN",), months=FRAME).to_dict()
    shown = table[table["framework"] == "un"]["mission"].nunique()
    assert spec["vconcat"][1]["height"] == 26 * shown


PLACES = pd.DataFrame(
    [("UNDOF", 33.1, 35.9), ("UNIFIL", 33.2, 35.2)], columns=["mission", "latitude", "longitude"]
)
CAPITALS = pd.DataFrame(
    [("JPN", 35.7, 139.7), ("KOR", 37.6, 127.0)], columns=["iso3", "capital_lat", "capital_lon"]
)


def test_map_shows_the_mean_over_all_runs_and_needs_no_network():
    sent = rows([(0, "2008-01", 40), (1, "2008-01", 60)]).assign(mission="UNDOF", kind="transport")
    chart = map_drawing(sent, PLACES, CAPITALS, "2008-01", ["JPN"], runs=4).chart()
    assert table_of(chart)["people"].tolist() == [25]
    spec = chart.to_dict()
    assert '"url"' not in json.dumps(spec)
    assert export.render(spec, "svg").startswith(b"<svg")


def test_land_lies_where_missions_are_and_not_at_sea():
    from viz.charts.maps.coastline import land

    def inside(longitude, latitude):
        count = 0
        for (x1, y1), (x2, y2) in (
            pair
            for polygon in land()["coordinates"]
            for ring in polygon
            for pair in itertools.pairwise(ring)
        ):
            if (y1 > latitude) != (y2 > latitude):
                count += longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
        return count % 2 == 1

    for longitude, latitude in ((32.5, 15.5), (104.9, 12.6), (31.6, 4.9), (138.5, 36.2)):
        assert inside(longitude, latitude)
    assert not inside(-30.0, 20.0) and not inside(80.0, -20.0)


def test_land_is_compiled_from_topojson():
    from viz.charts.maps.coastline import compiled

    topology = {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [10.0, -20.0]},
        "arcs": [[[0, 0], [4, 0], [0, 4]], [[0, 0], [0, 4], [4, 0]]],
        "objects": {"land": {"type": "MultiPolygon", "arcs": [[[0, ~1]]]}},
    }
    assert compiled(topology).splitlines()[1] == "1,100 -200 120 -200 120 -180 100 -180 100 -200"
    with pytest.raises(ValueError, match="no TopoJSON"):
        compiled({})


def test_map_refuses_a_mission_without_coordinates():
    sent = rows([(0, "2008-01", 40)]).assign(mission="UNXYZ", kind="staff")
    with pytest.raises(ValueError, match="mission UNXYZ; add coordinates"):
        map_drawing(sent, PLACES, CAPITALS, "2008-01", ["JPN"])


def test_labels_of_neighbouring_missions_do_not_cover_each_other():
    table = PLACES.assign(state="JPN", people=[30.0, 400.0]).merge(
        CAPITALS.rename(columns={"iso3": "state"}), on="state"
    )
    labels, without = map_labels(table, zoom=175.0, area=0.5)
    assert without == []
    missions = labels[labels["text"] != "Japan"]
    apart_y = missions["lat"].diff().abs().max() * np.pi / 180 * 175
    apart_x = missions["lon"].diff().abs().max() * np.pi / 180 * 175
    assert apart_y >= 15 or apart_x >= 60


def crowded(sizes):
    return pd.DataFrame(
        {
            "mission": [f"MISSION {number}" for number in range(len(sizes))],
            "people": sizes,
            "latitude": [33.0 + 0.2 * (number % 8) for number in range(len(sizes))],
            "longitude": 40.0,
            "state": "JPN",
        }
    ).merge(CAPITALS.rename(columns={"iso3": "state"}), on="state")


def test_where_missions_crowd_a_line_leads_to_a_label_further_away_and_none_touches_another():
    crowd, zoom = crowded([3.0, 530.0, 9.0, 340.0, 43.0, 7.0, 11.0, 5.0]), 175.0
    labels, without = map_labels(crowd, zoom, area=1.0)
    assert without == [] and len(labels) == 9
    degree = np.pi / 180 * zoom
    beside = labels.assign(mission=labels["text"].str.rpartition(" ")[0]).merge(crowd, "inner")
    near = beside[beside["tip_lon"].isna()]
    assert 0 < len(near) < len(beside)
    away = (near["lat"] - near["latitude"]).abs() * degree
    assert (away <= np.sqrt(near["people"] / np.pi) + 18).all()
    led = beside[beside["tip_lon"].notna()]
    ends = np.hypot(led["tip_lon"] - led["longitude"], led["tip_lat"] - led["latitude"]) * degree
    assert (ends <= np.sqrt(led["people"] / np.pi) + 2).all()
    boxes = [
        (one["lon"] * degree, -one["lat"] * degree, len(one["text"]))
        for _, one in labels.iterrows()
    ]
    for number, (x, y, size) in enumerate(boxes):
        for other_x, other_y, other in boxes[number + 1 :]:
            assert abs(y - other_y) >= 15 or x + 5 * size < other_x or other_x + 5 * other < x


def test_a_mission_without_room_for_a_label_is_named_in_words():
    crowd = crowded([float(60 - number) for number in range(60)])
    labels, without = map_labels(crowd, zoom=175.0, area=1.0)
    named = set(labels["text"]) - {"Japan"}
    assert {"MISSION 0 60", "MISSION 1 59"} <= named and without
    assert named | set(without) == {f"MISSION {n} {60 - n}" for n in range(60)}
    sent = rows([(0, "2008-01", 40)]).assign(kind="staff")
    sent = pd.concat([sent.assign(mission=name) for name in crowd["mission"]])
    chart = map_drawing(sent, crowd, CAPITALS, "2008-01", ["JPN"], runs=1).chart()
    assert "Without room for a name: MISSION" in " ".join(chart.to_dict()["title"]["subtitle"])


def test_a_label_stands_off_the_lines_where_it_can():
    from viz.charts.maps.map_labels import _crosses

    table = (
        PLACES[:1]
        .assign(state="JPN", people=40.0)
        .merge(CAPITALS.rename(columns={"iso3": "state"}), on="state")
    )
    labels, _ = map_labels(table, zoom=175.0, area=1.0)
    own = labels.loc[labels["text"] == "UNDOF 40", "lon"]
    assert (own < 35.9).all() and len(own) == 1  # the line goes east
    assert _crosses((0, 0, 10, 10), (4, 6, 4, 6)) and _crosses((0, 5, 10, 5), (4, 6, 4, 6))
    assert not _crosses((0, 0, 10, 10), (6, 8, 0, 4)) and not _crosses((0, 0, 3, 3), (4, 6, 4, 6))


@pytest.mark.parametrize(
    ("first", "last", "form"),
    [
        ("1990-11", "2023-12", "%Y"),
        ("2011-06", "2013-12", "%b %Y"),
        ("2020-01", "2020-01", "%b %Y"),
    ],
)
def test_axis_dates_are_few_and_never_say_the_same_twice(first, last, form):
    values, written = month_ticks(first, last, 9)
    assert written == form and 1 <= len(values) <= 9


def test_labels_keep_their_order_and_distance():
    placed = spread([5, 5, 6, 98], gap=10, low=0, high=100)
    assert placed == [5, 15, 25, 98]
    squeezed = spread([99, 99, 99], gap=10, low=0, high=100)
    assert squeezed == [80, 90, 100]


@pytest.mark.parametrize("most", [0, 1, 3, 7, 12, 43, 270, 680, 1058, 2800])
def test_axis_values_are_whole_people_from_zero_to_above_the_data(most):
    steps = axis_steps(most)
    assert steps[0] == 0 and steps[-1] >= most and len(steps) <= 7
    assert all(value % 1 == 0 for value in steps)


def test_a_grid_says_its_title_once_and_has_the_width_that_is_given():
    table = pd.DataFrame({"x": ["0", "1"], "y": "0", "facet": "", "outcome": "a", "value": 1.0})
    table["configurations"] = 1

    def drawn(title: str, across: int | None = None) -> str:
        chart = heatmap(
            table,
            x=("x", ["0", "1"]),
            y=("y", ["0"]),
            facets=[("", "")],
            rows=[("a", "People", ".0f")],
            title=title,
            subtitle=[],
            source="",
            across=across,
        )
        return json.dumps(chart.to_dict())

    text = drawn("People: x by y", 880)
    assert text.count('"People') == 2, "the title of the figure and that of the tooltip"
    assert '"width": 802' in text
    assert drawn("A grid").count('"People') == 2, "here it is a head"


def test_save_writes_picture_drawing_and_numbers(figures, tmp_path):
    chart = figures["fan"]
    png, svg, csv = export.save(chart, tmp_path / "deep" / "jpn.un", scale=1)
    assert png.read_bytes().startswith(b"\x89PNG")
    assert svg.read_text().startswith("<svg")
    numbers = pd.read_csv(csv)
    assert {"month", "level", "lower", "upper", "median", "recorded"} <= set(numbers.columns)
    assert numbers["recorded"].max() == 736
    assert sorted(p.name for p in csv.parent.iterdir()) == [
        "jpn.un.csv",
        "jpn.un.png",
        "jpn.un.svg",
    ]


@pytest.mark.parametrize("broken", ["render", "rasterise", "fsync"])
def test_a_failed_save_leaves_what_was_there(figures, tmp_path, monkeypatch, broken):
    (tmp_path / "a.svg").write_text("older")
    done: list[int] = []

    last = 2 if broken == "fsync" else 1

    def fail_at_last(*arguments, **options):
        done.append(1)
        if len(done) == last:
            raise OSError("disk full")

    target = (export.os, "fsync") if broken == "fsync" else (export, broken)
    monkeypatch.setattr(*target, fail_at_last)
    with pytest.raises(OSError, match="disk full"):
        export.save(figures["fan"], tmp_path / "a", scale=0.2)
    assert [p.name for p in Path(tmp_path).iterdir()] == ["a.svg"]
    assert (tmp_path / "a.svg").read_text() == "older"


@pytest.mark.slow
def test_every_figure_fits_a_laptop_screen(figures):
    for name, chart in figures.items():
        svg = export.render(chart.to_dict(), "svg").decode()
        width = float(svg.split('width="')[1].split('"')[0])
        assert width <= 1280, f"{name} is {width} pixels wide"
