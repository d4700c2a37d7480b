"""What a link, a file or a browser asks for is judged before anything is read or built."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("solara", reason="the packages of the web app are not installed")

from model.errors import InputError
from viz.web.components import sharing
from viz.web.components.controls import heard
from viz.web.tabs import stored_sweep_tab as stored
from viz.web.tabs import sweep_tab
from viz.web.visit import computation as ensemble
from viz.web.visit.url_state import FOLDERS, View, changed, own, read

SMALL = "title = 'T'\nquestion = 'Q'\nauthor = 'A'\nreferences = ['R']\n"


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    """A scenario on the server that nobody offered."""
    path = tmp_path / "hidden.toml"
    path.write_text(f"{SMALL}baseline = 'historical'\n[levers]\nhome_threat = 1.5\n")
    return path


@pytest.mark.parametrize("part", ["scenario", "other"])
@pytest.mark.parametrize("form", ["{}", "{}/x", "historical+{}", "../../../../../..{}"])
def test_a_link_reads_no_file_of_the_server(hidden: Path, part: str, form: str) -> None:
    """Nor does it tell a file that is there from one that is not."""
    told = []
    for path in (hidden, hidden.with_name("absent.toml")):
        view, faults = read(f"{part}={quote(form.format(path))}")
        assert getattr(view, part) == getattr(View, part)
        assert len(faults) == 1 and "unknown scenario" in faults[0]
        told.append(faults[0].replace("hidden", "absent"))
    assert told[0] == told[1]


def test_an_opened_file_names_no_file_as_its_baseline(hidden: Path) -> None:
    text = f"{SMALL}baseline = '{hidden}'\n"
    with pytest.raises(InputError, match="unknown scenario"):
        sharing.opened("mine.toml", text, len(text))
    view, faults = read(View(text=text).query())
    assert view.text == "" and "unknown scenario" in faults[0]
    assert own(text.replace(str(hidden), "alliance-surge")).baseline == "alliance-surge"


@pytest.mark.parametrize(
    "name", ["\0", "a\0b", "..", "/", "/etc", "../elsewhere", "link", "~", "a" * 5000, "\ud800"]
)
def test_folders_lie_under_one_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv(FOLDERS, str(root))
    with pytest.raises(InputError):
        stored.opened(name)
    if name not in ("~", "a" * 5000):
        with pytest.raises(InputError, match="outside|not the name"):
            stored.permitted(name)


@pytest.mark.parametrize(
    ("link", "part", "words"),
    [
        ("state=XXX", "state", "unknown state 'XXX'"),
        ("state=FRA", "state", "does not decide"),
        ("month=garbage", "month", "not a month"),
        ("month=1889-01", "month", "out of range"),
        ("month=2030-01", "month", "is not from 1990-11 to"),
        ("mission=NOWHERE", "mission", "unknown mission"),
        ("runs=1e3", "runs", "not a whole number"),
        ("runs=1.5", "runs", "not a whole number"),
        ("runs=%D9%A1", "runs", "not a whole number"),
        ("seed=1e2", "seed", "not a whole number"),
        ("seed=-1", "seed", "out of range"),
        ("seed=1" + "0" * 400, "seed", "not a whole number"),
        ("traced=x", "traced", "not a whole number"),
        ("year=1e3", "year", "is not a year"),
        ("year=0001", "year", "out of range"),
        ("about=garbage", "about", "unknown state"),
        ("category=garbage", "category", "unknown category"),
        ("group=garbage", "group", "unknown group"),
        ("answer=garbage", "answer", "is not valid; write run:number"),
        ("answer=2012-13:staff", "answer", "is not valid"),
        ("states=,,", "states", "names no state"),
        ("set.home_threat=%EF%BC%91", "values", "is not a number"),
        ("set.home_threat=1_0", "values", "is not a number"),
        ("answer=1e3:0", "answer", "is not valid"),
        ("answer=2012-01:engineer:perhaps", "answer", "is not valid"),
        ("answer=REQ-XXX-001:accepted", "answer", "is not valid"),
        ("across=nothing", "across", "unknown lever"),
        ("outcome=x", "outcome", "is not valid"),
        ("folder=%00", "folder", "take it out"),
        ("search=%E2%80%AE", "search", "take it out"),
        ("search=" + "a" * 201, "search", "at most 200"),
        ("tab=%00", "tab", "take it out"),
        ("tab=", "tab", "is not valid"),
        ("file=!!", "text", "cannot be read"),
    ],
)
def test_what_is_wrong_in_a_link_is_told(link: str, part: str, words: str) -> None:
    view, faults = read(link)
    assert len(faults) == 1 and words in faults[0]
    assert getattr(view, part) == getattr(View, part)


@pytest.mark.parametrize(
    "link",
    [
        *("about=UNO", "about=KOR", "category=law", "group=two+years+and+more", "year=2007"),
        *("group=1+year+ahead", "answer=0:12", "answer=2012-01:engineer", "answer=2012-01:"),
        *("answer=2012-01:engineer:refused", "answer=REQ-JPN-044:cheaper", "answer=staff:refused"),
    ],
)
def test_what_is_right_in_a_link_is_taken(link: str) -> None:
    view, faults = read(link)
    assert not faults and view != View()


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "NaN", "1e999"])
def test_a_lever_is_a_number(number: str) -> None:
    for lever in ("home_threat", "weight_risk"):
        view, faults = read(f"set.{lever}={number}")
        assert view == View() and len(faults) == 1
    with pytest.raises(InputError):
        View(values=(("home_threat", float(number)),)).resolved()


def test_a_link_of_many_parts_is_left_out_at_once() -> None:
    start = time.monotonic()
    _, faults = read("&".join("a=b" for _ in range(8000)))
    assert len(faults) == 1 and time.monotonic() - start < 1


@pytest.mark.parametrize("value", [None, [], {}, 1, 1.5, b"x", "x" * 300])
@pytest.mark.parametrize("name", ["tab", "state", "month", "runs", "text_", "folder", "search"])
def test_a_browser_that_says_something_odd_gets_a_sentence(name: str, value: object) -> None:
    if (name, value) == ("runs", 1):
        return
    with pytest.raises(InputError):
        changed(View(), **{name: value})


def test_an_event_of_a_wrong_kind_reaches_no_handler() -> None:
    got: list[object] = []
    odd: tuple[object, ...] = (1, None, [], {"a": []}, {"a": {}}, "x")
    for value in odd:
        heard(got.append, dict)(value)
    assert got == []
    heard(got.append, dict)({"runs": "5"})
    heard(got.append, int)(True)
    assert got == [{"runs": "5"}]


def test_an_ensemble_too_large_is_refused_from_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def built(*_: object) -> None:
        raise AssertionError("a world was built")

    monkeypatch.setattr(ensemble, "world", built)
    every = View(states="all", runs=2000).resolved()
    with pytest.raises(InputError, match=r"ask for \d+ runs"):
        ensemble.compute(every, 2000, 1)
    ensemble.judge(every, 200)
    ensemble.judge(View(runs=2000).resolved(), 2000)
    listed = View(states=",".join(["FRA", "JPN", "KOR", "IND", "BGD", "USA", "GBR", "DEU"]))
    with pytest.raises(InputError, match="8 deciding states"):
        ensemble.judge(listed.resolved(), 2000)


def test_the_first_grid_of_every_state_is_of_a_size_that_is_made() -> None:
    for states in ("", "all"):
        scenario = View(states=states).resolved()
        runs = sweep_tab.runs_of_a_cell(scenario, View().runs)
        assert runs >= 5
        ensemble.judge(scenario, sweep_tab.STEPS**2 * runs)


def test_no_more_is_begun_when_visitors_hold_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ensemble, "MOST_BYTES", -1)
    with pytest.raises(InputError, match="in a few minutes"):
        ensemble.compute(View(end="1994-12").resolved(), 1, 987654321)


def test_the_axes_of_a_link_are_judged_before_they_are_built() -> None:
    axis = "[axes.a{n}.low]\ntitle='l'\n[axes.a{n}.high]\ntitle='h'\nlevers={{home_threat=1.{n}}}\n"
    bomb = SMALL + "".join(axis.format(n=n) for n in range(26))
    query = View(text=bomb).query()
    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(read(query)), daemon=True)
    thread.start()
    thread.join(timeout=10)
    assert done, "a link of axes keeps the server busy"
