"""``docs/scenarios.md``: every scenario of the library with its question, sources, what it expects
and what paired runs show.

    python -m viz.reports.scenario_catalogue [--runs N] [--only NAME,...]  runs all: a few minutes
    python -m viz.reports.scenario_catalogue --text  writes the page again from stored figures

The page is made from the files of the library and of ``docs/scenarios.csv``, which holds the
measured figures; a test writes it again and compares.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import InputError
from scenarios.comparison.expectations import Examination, expected, table, unit_of, what
from scenarios.definition import library
from scenarios.file_format.outcome_catalogue import MEASURES
from scenarios.file_format.schema import Scenario
from scenarios.running.run_options import resolve
from scenarios.storage import scenario_folders
from scenarios.storage.csv_export import as_csv

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "scenarios.md"
RESULTS = DOCS / "scenarios.csv"
RUNS = 200
SEED = 1
COLUMNS = ("scenario", "number", "what", "base", "other", "mean", "low", "high", "runs", "verdict")


def page(results: pd.DataFrame) -> str:
    """The whole page as Markdown, from the library and the measured figures."""
    held = results["verdict"].eq("holds").sum()
    few, many = int(results["runs"].min()), int(results["runs"].max())
    runs = f"{few} to {many}" if few < many else f"{many}"
    parts = [
        "# The scenario library",
        "Written by `python -m viz.reports.scenario_catalogue` from `scenarios/data/library` and "
        "measured figures; change those, not this page. Ids in brackets are rows of "
        "`calibration/record`; `peacekeeping record --text ID` prints one.",
        f"Each scenario states in advance in which direction outcomes should move. {len(results)} "
        f"expectations are measured over {runs} paired runs with common random numbers: {held} "
        "hold. The others are not removed: where the model disagrees the file says what was found "
        "and why, and so does this page, under **Finding**. A difference is the mean over runs of "
        "scenario less baseline, in brackets its 95% interval. *Inconclusive* means that this many "
        "runs cannot distinguish the effect from zero.",
        _contents(),
        "Combine scenarios with `--with`: `peacekeeping run swapped-laws/all --with "
        "alliance-surge`. Conflicting changes are rejected.",
        "Outcomes that an expectation may name:",
        _outcomes(),
    ]
    for name in scenario_folders.shipped():
        parts += _section(library.find(name), results)
    return "\n\n".join(parts) + "\n"


def _contents() -> str:
    lines = ["| scenario | question |", "|---|---|"]
    for name in scenario_folders.shipped():
        lines.append(f"| [{name}](#{name}) | {library.find(name).question} |")
    return "\n".join(lines)


def _section(scenario: Scenario, results: pd.DataFrame) -> list[str]:
    name = scenario.name
    baseline = f", compared with `{scenario.baseline}`" if scenario.baseline else ""
    parts = [
        f"## {name}",
        f"**{scenario.question}**",
        scenario.description.strip(),
        f"*{scenario.period.start} to {scenario.period.end}{baseline}.* "
        f"`peacekeeping {'compare' if scenario.baseline else 'run'} {_first(scenario)}`",
    ]
    listed = [f"- `{name}/{key}`: {_said(one)}" for key, one in scenario.variants.items()]
    listed += [
        f"- {axis} `{key}`: {_said(one)}"
        for axis, levels in scenario.axes.items()
        for key, one in levels.items()
    ]
    if listed:
        parts.append("\n".join(listed))
    chosen = results[results["scenario"].str.partition("/")[0] == name]
    if len(chosen):
        parts += _results(chosen)
    parts.append("Sources: " + "; ".join(scenario.references) + ".")
    return [part for part in parts if part]


def _said(one: Any) -> str:
    more = " ".join(one.description.split())
    return f"{one.title}. {more}".strip() if more else f"{one.title}."


def _first(scenario: Scenario) -> str:
    choices = list(scenario.choices())
    return f"{scenario.name}/{choices[0]}" if choices else scenario.name


def _results(chosen: pd.DataFrame) -> list[str]:
    """The table of what was expected and found, then the findings."""
    lines = [
        "| variant | outcome | expected | baseline | scenario | difference | |",
        "|---|---|---|---:|---:|---:|---|",
    ]
    findings = []
    told: set[str] = set()
    for row in chosen.itertuples(index=False):
        scenario = library.find(str(row.scenario))
        one = scenario.expect[int(str(row.number))]
        variant = str(row.scenario).partition("/")[2] or "all"
        level = one.of == "level"
        difference = "" if level else f"{row.mean:+.3g} ({row.low:+.3g} to {row.high:+.3g})"
        base = "" if level else f"{row.base:.4g}"
        verdict = str(row.verdict) if row.verdict == "holds" else f"**{row.verdict}**"
        lines.append(
            f"| {variant} | {what(one)} ({unit_of(one)}) | {expected(one)} [{one.reference}] | "
            f"{base} | {row.other:.4g} | {difference} | {verdict} |"
        )
        text = " ".join(one.finding.split())
        if text and text not in told:
            told.add(text)
            findings.append(f"**Finding** ({variant}; {what(one)}). {text}")
    return ["\n".join(lines), *findings]


def shown(name: str) -> list[str]:
    """Scenarios of a file that are run: its variants; of combined axes one moved at a time."""
    scenario = library.find(name)
    if not scenario.axes:
        return [full for full in library.complete() if full.split("/")[0] == name]
    middle = [list(levels)[len(levels) // 2] for levels in scenario.axes.values()]
    found = ["-".join(middle)]
    for place, levels in enumerate(scenario.axes.values()):
        for level in levels:
            found.append("-".join([*middle[:place], level, *middle[place + 1 :]]))
    return [f"{name}/{key}" for key in dict.fromkeys(found)]


def measured(names: list[str], runs: int, seed: int = SEED) -> pd.DataFrame:
    """Examine scenarios and return the table of results."""
    examination = Examination(runs, seed)
    wanted = {name: [resolve(full) for full in shown(name)] for name in names}
    examination.prepare([one for many in wanted.values() for one in many])
    parts: list[pd.DataFrame] = []
    for name, many in wanted.items():
        if not any(one.expect for one in many):
            continue
        for one in many:
            parts.append(table(examination.findings(one)).assign(scenario=one.name))
        print(name, file=sys.stderr, flush=True)
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def results() -> pd.DataFrame:
    """The stored figures."""
    return pd.read_csv(RESULTS)


def _outcomes() -> str:
    lines = ["| outcome | unit | range | means |", "|---|---|---|---|"]
    for name, one in MEASURES.items():
        high = "" if one.high is None else f"{one.high:g}"
        lines.append(f"| `{name}` | {one.unit} | {one.low:g} to {high or 'any'} | {one.means} |")
    return "\n".join(lines)


def write(runs: int | None, only: list[str]) -> None:
    """Run what is asked for (``runs`` None: nothing), then write the page."""
    if runs is not None:
        names = only or scenario_folders.shipped()
        found = measured(names, runs)
        if RESULTS.exists():
            old = results()
            old = old[~old["scenario"].str.partition("/")[0].isin(names)]
            found = pd.concat([old, found], ignore_index=True) if len(old) else found
        order = {name: place for place, name in enumerate(scenario_folders.shipped())}
        place = found["scenario"].str.partition("/")[0].map(order)
        found = found[place.notna()].assign(place=place).sort_values("place", kind="stable")
        text = as_csv(found.drop(columns="place"), float_format="%.6g").decode("utf-8-sig")
        RESULTS.write_text(text, encoding="utf-8")
    PAGE.write_text(page(results()), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m viz.reports.scenario_catalogue", description=__doc__
    )
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", default="")
    parser.add_argument("--text", action="store_true")
    arguments = parser.parse_args()
    only = [name for name in arguments.only.split(",") if name]
    try:
        for name in only:
            library.find(name)
        write(None if arguments.text else arguments.runs, only)
    except InputError as error:
        print(f"viz.reports.scenario_catalogue: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
