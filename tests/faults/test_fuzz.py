"""Every file the program reads, damaged at random: a correct result or one sentence, no traceback.

Damage is drawn by hypothesis: bytes changed, cut out, doubled, another encoding; cells and values
replaced by what spreadsheets, other programs and slips of the hand leave behind.  ``make fuzz``
tries many times more and counts; FUZZ_EXAMPLES and FUZZ_REPORT are its two handles.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration import documented_record
from calibration.fitting import posterior
from model import csv_rows
from model import tables as model_tables
from model.errors import InputError
from model.settings import Settings
from model.world import build
from scenarios.comparison import comparison_result
from scenarios.comparison.compare import compare
from scenarios.definition import library, lookup
from scenarios.definition import loader as scenario_file
from scenarios.running import model_adapter, result
from scenarios.running.result_writer import Writer
from scenarios.running.run import run
from scenarios.running.run_options import resolve
from scenarios.storage import csv_export, scenario_folders
from scenarios.sweeps import design
from scenarios.sweeps.sampling import configurations
from scenarios.sweeps.sweep import read_sweep, sweep
from viz.web.visit import url_state
from viz.web.visit.url_state import View

from ..support.sweep_design import write_design
from .test_texts_are_checked import design_with_table

ROOT = Path(__file__).parents[2]
ODD = [
    *("", " ", "nan", "inf", "-1", "1e308", "1e999", "=1+1", "NULL", "２", "\u202e7", "-"),
    *("0000-00", "2012-13", "99999-01", "all", "JPN;KOR", "é" * 300, "'", '"', "1,5", "true"),
    *("@SUM(A1)", "+1", "9" * 400, "2012-02-30", "\x00", "\r\n", "𝟕", "None", "../../x", "#REF!"),
]
LITERALS = [
    *("nan", "inf", "-1", "0", "1e308", "9" * 30, "''", "'=1+1'", "true", "[]", "{}", "['JPN']"),
    *("'2012-13'", "'0000-00'", "2001-01-01", "'" + "é" * 300 + "'", "[[1]]", "'all'", "'2035-12'"),
    *("-0.0", "1979-05-27T07:32:00Z", "'\u202e7'", "{a=1}", "'JPN;KOR'", "0x10", "'../../x'"),
]  # fmt: skip
ENCODINGS = ("utf-16", "utf-8-sig", "cp1252", "cp932", "utf-32", "cp500")
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
LONGEST = 30.0  # seconds of a processor that any reader may take

SHORT = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HALF = settings(SHORT, max_examples=max(1, EXAMPLES // 2))  # where a world is built each time

TRIED: Counter[tuple[str, str]] = Counter()


@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[None]:
    """Write how many bad inputs were tried, if somebody asks for it."""
    yield
    if place := os.environ.get("FUZZ_REPORT"):
        kinds = sorted({kind for kind, _ in TRIED})
        told = {kind: {a: TRIED[kind, a] for a in ("read", "refused")} for kind in kinds}
        whole = {
            "command": f"make fuzz FUZZ={EXAMPLES}",
            "tried": sum(TRIED.values()),
            "faults": 0,
            "files": told,
        }
        Path(place).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def attempt(kind: str, action: Callable[[], Any]) -> Any:
    """Do something with a damaged file: a result, or one sentence, and soon.  Anything else is a
    fault and fails the test, so that the report is only written without one."""
    begun = time.process_time()
    found, answer = None, "read"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = action()
    except InputError as error:
        answer = "refused"
        one_sentence(error)
    assert time.process_time() - begun < LONGEST
    TRIED[kind, answer] += 1
    return found


def one_sentence(error: InputError) -> None:
    text = str(error)
    assert text.strip() and "\n" not in text and "Traceback" not in text
    assert len(text) < 9000  # the command shortens it


def test_a_message_stays_on_one_line_whatever_it_quotes() -> None:
    assert str(InputError("it has \r\n, a\u202e7 and 島")) == r"it has \r\n, a\u202e7 and 島"


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, float, float, bytes]:
    kind = draw(st.sampled_from(["cut", "change", "double", "insert", "truncate", "encode"]))
    return kind, draw(st.floats(0, 1)), draw(st.floats(0, 0.1)), draw(st.binary(max_size=6))


def damaged(content: bytes, how: tuple[str, float, float, bytes]) -> bytes:
    kind, place, length, insert = how
    start = int(place * len(content))
    stop = min(len(content), start + 1 + int(length * len(content)))
    before, part, after = content[:start], content[start:stop], content[stop:]
    if kind == "encode":
        text = content.decode("utf-8", errors="replace")
        return text.encode(ENCODINGS[int(place * 0.999 * len(ENCODINGS))], errors="replace")
    return {
        "cut": before + after,
        "change": before + insert + after,
        "double": before + part + part + after,
        "insert": before + insert + part + after,
        "truncate": before,
    }[kind]


def odd_cells(path: Path, data: st.DataObject) -> None:
    """Put something odd into one or two cells of a table, and sometimes into its head."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for _ in range(data.draw(st.integers(1, 2))):
        row = data.draw(st.integers(0, len(frame) - 1))
        column = data.draw(st.integers(0, len(frame.columns) - 1))
        frame.iloc[row, column] = data.draw(st.sampled_from(ODD))
    if data.draw(st.integers(0, 4)) == 0:
        label = data.draw(st.sampled_from(list(frame.columns)))
        frame = frame.rename(columns={label: data.draw(st.sampled_from(ODD))})
    frame.to_csv(path, index=False)


@st.composite
def other_values(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """A TOML text of which one or two values, or a key, have become others."""
    lines = texts[draw(st.integers(0, len(texts) - 1))].splitlines()
    places = [n for n, line in enumerate(lines) if re.match(r"[\w.]+\s*=\s*\S+", line)]
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(places))
        key, _, _ = lines[place].partition("=")
        if draw(st.integers(0, 5)) == 0:
            key = draw(st.sampled_from([key.strip()[:-1] or "x", key.strip() + "s", "type", "''"]))
        lines[place] = f"{key.strip()} = {draw(st.sampled_from(LITERALS))}"
    return "\n".join(lines) + "\n"


# --- what a person writes -----------------------------------------------------------------------


def texts_in(folder: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml")))


@SHORT
@given(name=st.sampled_from(library.available()), how=damage())
def test_a_damaged_scenario_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, how: tuple[str, float, float, bytes]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "scenario.toml"
    path.write_bytes(damaged((scenario_folders.FOLDER / f"{name}.toml").read_bytes(), how))
    attempt("scenario", lambda: scenario_file.load(path))


@SHORT
@given(text=other_values(texts_in(scenario_folders.FOLDER)))
def test_a_scenario_with_other_values_runs_or_is_refused(text: str) -> None:
    scenario = attempt("scenario", lambda: scenario_file.parse(text, "odd.toml"))
    if scenario is not None:
        attempt("scenario, world", lambda: model_adapter.world_of(scenario))


@SHORT
@given(name=st.sampled_from(design.available()), how=damage())
def test_a_damaged_design_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, how: tuple[str, float, float, bytes]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "design.toml"
    path.write_bytes(damaged((design.FOLDER / f"{name}.toml").read_bytes(), how))
    attempt("sweep design", lambda: design.load(path))


@SHORT
@given(text=other_values(texts_in(design.FOLDER)))
def test_a_design_with_other_values_is_planned_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "design.toml"
    path.write_text(text, encoding="utf-8")
    found = attempt("sweep design", lambda: design.load(path))
    if found is not None:
        attempt("sweep design, points", lambda: configurations(found))


AXIS = (
    "values = [{}]",
    "values = [{}]",
    "low = {}\nhigh = {}",
    "choices.{} = {{}}",
    "table = '{}'",
)
VARIED = ("law", "party_lean", "configuration", "''", "a.b", "'a b'", "seed")
NUMBERS = ["0.5", "0.75", "0, 1", "0.25, 0.5, 1"]
CELLS = (*NUMBERS * 9, *ODD, "0, " * 9_000 + "1", "x", "'x'", "home_threat")


@st.composite
def axes(draw: st.DrawFn) -> str:
    """A design whose factors vary in any number of ways, some without sense, some without end."""
    odd = draw(st.integers(0, 3)) == 0
    method = draw(st.sampled_from(["grid", "sobol", "morris", "latin_hypercube", "odd"][: 4 + odd]))
    samples = (
        ""
        if method == "grid"
        else f"samples = {draw(st.sampled_from([8, 0, 10**12])) if odd else 8}"
    )
    lines = ["title = 'T'", "question = 'Q'", f"method = '{method}'", samples]
    lines += ["[outcomes.people]", "state = 'JPN'"]
    names = draw(st.lists(st.sampled_from(lookup.levers()), max_size=12, unique=True))
    for name in [*names, draw(st.sampled_from(VARIED))] if odd else names:
        form = draw(st.sampled_from(AXIS if odd else AXIS[:1] if method == "grid" else AXIS[2:3]))
        first, last = (draw(st.sampled_from(CELLS)) if odd else cell for cell in NUMBERS[:2])
        lines += [f"[vary.{name}]", form.format(first, last)]
    return "\n".join(lines) + "\n"


@SHORT
@given(text=axes())
def test_axes_of_a_sweep_are_planned_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "axes.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    found = attempt("sweep axes", lambda: design.load(path))
    if found is not None:
        attempt("sweep axes, points", lambda: configurations(found))


@SHORT
@given(
    head=st.just(["home_threat", "law"]) | st.lists(st.sampled_from(CELLS), max_size=4),
    cells=st.lists(
        st.tuples(st.sampled_from(["0.5", "-1", "1e0"]), st.sampled_from(["NA", "null", "2015"]))
        | st.lists(st.sampled_from(CELLS), max_size=5),
        max_size=4,
    ),
    mark=st.sampled_from(["\ufeff", "", "", "\n"]),
    comma=st.sampled_from([",", ",", ",", ";", "\t", ", "]),
    coding=st.just("utf-8") | st.sampled_from(ENCODINGS),
)
def test_a_table_of_configurations_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    head: list[str],
    cells: list[tuple[str, str] | list[str]],
    mark: str,
    comma: str,
    coding: str,
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    table = mark + "\n".join(comma.join(row) for row in (head, *cells))
    path = design_with_table(folder, table.encode(coding, errors="replace"))
    attempt("sweep table", lambda: configurations(design.load(path)))


# --- links of the web app -----------------------------------------------------------------------

PARTS = [field.name for field in fields(View)]
SAID = st.sampled_from([*ODD, *LITERALS, "garbage", "all", "0:12", "2012-01:staff"]) | st.text(
    max_size=30
)
NAMED = st.sampled_from([*PARTS, "file", "set.", "set.home_threat", "set.__class__", "", "x"])


@SHORT
@given(pairs=st.lists(st.tuples(NAMED | st.text(max_size=9), SAID), max_size=8), raw=st.booleans())
def test_a_link_gives_a_view_and_a_sentence_for_each_part_left_out(
    pairs: list[tuple[str, str]], raw: bool
) -> None:
    written = [(name, said.encode(errors="replace").decode()) for name, said in pairs]
    query = (
        "&".join(f"{n}={t}" for n, t in written) if raw else urlencode(written, errors="replace")
    )
    view, told = attempt("link", lambda: url_state.read(query))
    for sentence in told:
        one_sentence(InputError(sentence))
        assert sentence == sentence.strip() and sentence[-1] in ".?"
    view.resolved()
    assert url_state.read(view.query()) == (view, [])


# --- tables of the model and of the record ------------------------------------------------------


SETTING = st.sampled_from(sorted(lookup.levers())) | st.text(max_size=9)
HANDED = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.binary(max_size=4)
    | st.sampled_from(["2010-01", "2012-13", "JPN", "all", "korea"])
    | st.text(max_size=9)
    | st.lists(st.text(max_size=4) | st.integers(), max_size=3)
    | st.dictionaries(SETTING, st.floats() | st.text(max_size=5) | st.booleans(), max_size=3)
)
HANDED_OVER = ("start", "end", "deliberating", "settings", "point")


@SHORT
@given(values=st.fixed_dictionaries({}, optional=dict.fromkeys(HANDED_OVER, HANDED)))
def test_what_a_notebook_hands_over_is_taken_or_refused(values: dict[str, Any]) -> None:
    attempt("options in Python", lambda: resolve("historical", **values))


def build_from(folder: Path) -> Any:
    """A world from tables in another folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_tables, "FOLDER", folder)
        model_tables.table.cache_clear()
        try:
            return build.build(Settings(end="1995-12"))
        finally:
            model_tables.table.cache_clear()


def table_names() -> list[str]:
    return sorted(path.stem for path in model_tables.FOLDER.glob("*.csv"))


def copied(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder of the model's tables in which one is a copy and the others are links."""
    folder = factory.mktemp("tables")
    for path in model_tables.FOLDER.glob("*.csv"):
        if path.stem == name:
            shutil.copy(path, folder / path.name)
        else:
            (folder / path.name).symlink_to(path)
    return folder


@SHORT
@given(data=st.data())
def test_a_damaged_table_of_the_model_builds_a_world_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    often = ["parameters", "posterior", "instruments", "missions"]
    name = data.draw(st.sampled_from(often) | st.sampled_from(table_names()))
    folder = copied(tmp_path_factory, name)
    odd_cells(folder / f"{name}.csv", data)
    attempt(f"table {name}" if name in often else "other tables", lambda: build_from(folder))


@HALF
@given(data=st.data(), how=damage())
def test_a_table_of_the_model_with_damaged_bytes_builds_a_world_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    how: tuple[str, float, float, bytes],
) -> None:
    often = ["parameters", "posterior"]
    name = data.draw(st.sampled_from(often) | st.sampled_from(table_names()))
    folder = copied(tmp_path_factory, name)
    path = folder / f"{name}.csv"
    path.write_bytes(damaged(path.read_bytes(), how))
    attempt(f"table {name}" if name in often else "other tables", lambda: build_from(folder))


RECORDS = ["facts", "refusals", "korea_votes"]


def entries_from(folder: Path) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documented_record, "FOLDER", folder)
        return documented_record.entries("JPN", year=2007)


@SHORT
@given(name=st.sampled_from(RECORDS), how=damage())
def test_a_damaged_record_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, how: tuple[str, float, float, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("record") / "record"
    shutil.copytree(documented_record.FOLDER, folder)
    path = folder / f"{name}.csv"
    path.write_bytes(damaged(path.read_bytes(), how))
    attempt("record", lambda: entries_from(folder))


@SHORT
@given(data=st.data())
def test_a_record_with_odd_cells_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("record") / "record"
    shutil.copytree(documented_record.FOLDER, folder)
    odd_cells(folder / f"{data.draw(st.sampled_from(RECORDS))}.csv", data)
    attempt("record", lambda: entries_from(folder))


@SHORT
@given(data=st.data(), how=damage())
def test_damaged_draws_of_a_fit_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    how: tuple[str, float, float, bytes],
) -> None:
    path = tmp_path_factory.mktemp("fit") / "draws.csv"
    stored = posterior.FITS / "2010-12.csv"
    if data.draw(st.booleans()):
        path.write_bytes(damaged(stored.read_bytes(), how))
    else:
        shutil.copy(stored, path)
        odd_cells(path, data)
    attempt("draws of a fit", lambda: posterior.shipped(posterior.read(path)))


@pytest.mark.parametrize("what", ["nothing there", "a file", "empty", "one table", "not text"])
def test_an_odd_folder_of_tables_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    place = tmp_path / "tables"
    if what == "a file":
        place.write_text("iso3\n")
    elif what != "nothing there":
        place.mkdir()
    if what in ("one table", "not text"):
        for path in model_tables.FOLDER.glob("*.csv"):
            if what == "not text" or path.stem == "states":
                shutil.copy(path, place)
    if what == "not text":
        (place / "states.csv").write_bytes(b"\xff\xfe\x00\xd8" * 50)
    done = subprocess.run(
        [sys.executable, "-m", "viz.cli.main", "run", "historical", "--runs", "1", "--out", "out"],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(ROOT), PEACEKEEPING_DATA=str(place)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
    TRIED["folder of tables", "refused"] += 1


# --- what the program wrote ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Finished folders of every kind, over a year."""
    home = tmp_path_factory.mktemp("stored")
    folders = {kind: home / kind for kind in ("csv", "parquet", "summary", "comparison", "sweep")}
    run("historical", runs=1, end="1991-12", out=folders["csv"], format="csv")
    run("historical", runs=1, end="1991-12", out=folders["parquet"])
    run("historical", runs=1, end="1991-12", out=folders["summary"], keep="summary")
    found = compare("historical", "swapped-laws/all", runs=2, end="1991-12")
    with Writer(folders["comparison"]) as writer:
        comparison_result.write(found, writer)
    sweep(write_design(home, runs=1, threats=2), out=folders["sweep"])
    return folders


def opened(kind: str, folder: Path) -> None:
    """Read everything that a folder holds."""
    if kind == "sweep":
        swept = read_sweep(folder)
        assert swept.complete
        for part in (swept.outcomes, swept.design):
            part.to_table()
        swept.joined()
    elif kind == "comparison":
        found = comparison_result.read_comparison(folder)
        assert found.runs >= 0 and isinstance(found.summary(), pd.DataFrame)
    else:
        whole = result.read(folder)
        assert len((whole.quantiles if kind == "summary" else whole.series).columns) >= 10
        assert len(whole.decisions.columns) > 5


@SHORT
@given(data=st.data(), how=damage())
def test_a_damaged_result_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    stored: dict[str, Path],
    data: st.DataObject,
    how: tuple[str, float, float, bytes],
) -> None:
    kind = data.draw(st.sampled_from(sorted(stored)))
    folder = tmp_path_factory.mktemp("damaged") / "result"
    shutil.copytree(stored[kind], folder)
    files = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    path = folder / data.draw(st.sampled_from(files))
    if data.draw(st.integers(0, 5)) == 0:
        path.unlink()
    else:
        path.write_bytes(damaged(path.read_bytes(), how))
    attempt(f"stored {kind}", lambda: opened(kind, folder))


@SHORT
@given(data=st.data())
def test_a_manifest_with_odd_values_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, stored: dict[str, Path], data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(sorted(stored)))
    folder = tmp_path_factory.mktemp("damaged") / "result"
    shutil.copytree(stored[kind], folder)
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    inner = content
    while True:
        key = data.draw(st.sampled_from(sorted(inner)))
        if not (isinstance(inner[key], dict) and inner[key] and data.draw(st.booleans())):
            break
        inner = inner[key]
    odd: list[Any] = [
        None,
        [],
        {},
        "",
        "=1+1",
        -1,
        1e308,
        10**30,
        True,
        "x" * 5000,
        float("nan"),
        [[]],
        {"a": 1},
    ]
    inner[key] = data.draw(st.sampled_from(odd))
    path.write_text(json.dumps(content), encoding="utf-8")
    attempt(f"stored {kind}", lambda: opened(kind, folder))


# --- formulas -----------------------------------------------------------------------------------

FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1")


def test_no_cell_of_an_exported_table_begins_a_formula(tmp_path: Path) -> None:
    """A spreadsheet would run a cell that begins with =, +, - or @."""
    text = (scenario_folders.FOLDER / "historical.toml").read_text(encoding="utf-8")
    path = tmp_path / "=cmd.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        run(path, runs=1, end="1991-12", out=tmp_path / "out", format="csv")
    frame = pd.DataFrame({"word": FORMULAS, "number": range(len(FORMULAS)), "=head": "plain"})
    again = pd.read_csv(io.BytesIO(csv_export.as_csv(frame)), dtype=str)
    for label in again.columns:
        assert not re.match(r"[=+\-@\t\r\n＝]", label)
        assert not again[label].str.match(r"[=+\-@\t\r\n＝]").any()
    assert list(again["word"].str[1:]) == [word.replace("\r", " ") for word in FORMULAS]
    TRIED["formulas", "read"] += len(FORMULAS)


def test_harmless_cells_stay_as_they_are() -> None:
    frame = pd.DataFrame(
        {"word": ["JPN", "-0.5", "+1e3", "a=b", ""], "number": [-1.5, 2, 0, -3, 4], "flag": True}
    )
    assert csv_export.plain(frame) is frame
    mixed = pd.DataFrame({"any": ["=1", -1.0, None]}, dtype=object)
    assert list(csv_export.plain(mixed)["any"][:2]) == ["'=1", -1.0]
    words = pd.DataFrame({"word": pd.Categorical(["=1", "a", "=1"])})
    assert list(csv_export.plain(words)["word"]) == ["'=1", "a", "'=1"]


def test_every_exported_table_goes_through_the_one_writer() -> None:
    """Tables that users take away are written in one place; the others say why they are not."""
    inputs = {
        "calibration/fitting/posterior.py": "tables of the model, checked when read",
        "calibration/decision_fitting/decision_posterior.py": "tables of the model, numbers only",
        "calibration/fitting/calibrate.py": "numbers only",
        "calibration/fitting/mission_generator.py": "tables of the model",
        "calibration/new_data/folder_of_tables.py": "tables of the model",
        "calibration/fitting/panel_priors.py": "a table of the record, numbers only",
        "calibration/fitting/parameter_recovery.py": "a table of the record, numbers only",
        "scenarios/sweeps/plan.py": "a text to hash",
        "viz/reports/scorecard.py": "texts of the program and numbers",
        "viz/cli/fit_commands.py": "scores: names of the program and numbers",
        "scenarios/running/result_writer.py": "through spreadsheet.plain",
        "scenarios/storage/csv_export.py": "the one writer",
    }
    found = {
        path.relative_to(ROOT).as_posix()
        for room in ("model", "scenarios", "calibration", "viz")
        for path in (ROOT / room).rglob("*.py")
        if ".to_csv(" in path.read_text(encoding="utf-8")
    }
    assert found <= set(inputs), sorted(found - set(inputs))


def test_every_column_of_every_table_has_its_type() -> None:
    listed = pd.read_csv(model_tables.COLUMNS, dtype=str, keep_default_na=False)
    found = {
        (name, column)
        for name in model_tables.names()
        if name != "posterior"  # its columns are parameters, held to their own ranges
        for column in pd.read_csv(model_tables.FOLDER / f"{name}.csv", nrows=0).columns
    }
    assert set(zip(listed["table"], listed["column"], strict=True)) == found


def test_rows_of_a_table_that_is_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "states.csv"
    path.write_bytes("iso3,name\nJPN,Japan\n".encode("utf-16"))
    with pytest.raises(InputError):
        list(csv_rows.read(path, ("iso3", "name")))
