"""What each part of a brief says: the figure, the table, the reasons, what would change the answer,
how far to trust it, how it was made."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.months import month_number
from scenarios.comparison.dated_givens import KEPT_HOME, OWN_DECISION, SENT
from scenarios.comparison.paired_decisions import NOBODY, NOT_AGAIN, NOT_ASKED
from scenarios.definition import law_table, library, lookup
from scenarios.explanation import decisions
from scenarios.explanation.over_runs import turning
from scenarios.file_format.schema import Scenario

from ..charts.fans.comparison_fans import difference_fans
from ..charts.style.export import render, specification
from ..language.languages import ENGLISH
from ..language.spoken import current, say, translated
from ..reports import shipped_documents
from ..text import (
    answer_text,
    change_text,
    comparison_text,
    divergence_text,
    factor_text,
    misfit_text,
    wording,
)
from ..text.labels import (
    framework_name,
    mission_name,
    people_of,
    provision_title,
    scenario_name,
    state_name,
)
from ..text.number_text import needed, percent, signed, span
from ..text.provision_text import says
from . import scenario_requests
from .brief_block import Block

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison
    from scenarios.explanation.decisions import Answers

PANEL = 200  # pixels of each panel of the figure, so that its words can be read in print
REASONS, CHANGES, CASES, CITED = 4, 3, 3, 6  # lines of each sort at most, so that it is two pages
SEARCHED = 60  # runs among which the answer is looked for that is explained
HEADS = ("baseline", "scenario", "difference", "80% of the runs", "runs needed")
OWN_FILE = "scenario.toml"  # settings of the web app, as it gives them to take away
GOES = ("accepted", "smaller", "stays")
ABSENT = (NOT_ASKED, NOT_AGAIN, NOBODY, SENT, KEPT_HOME, OWN_DECISION)  # no decision to explain
NO_ANSWER = "No single answer to a documented mission carries the difference."
NOTHING_MOVED = "No state's personnel differs in any run, so there is no figure."


def figure(comparison: Comparison, other: str, row: Mapping[Any, Any] | None) -> list[Block]:
    """The difference that the answer is about, by year."""
    if row is None:
        return [Block("text", (say(NOTHING_MOVED),))]
    only = (str(row["state"]), str(row["framework"]))
    chart = difference_fans(comparison, other, PANEL, only)
    title = comparison_text.headline(comparison, other, *only)
    return [Block("figure", (title,), render(specification(chart), "svg"))]


def table(comparison: Comparison) -> list[Block]:
    """People in an average month by state and framework."""
    rows, left_out = comparison_text.worth_telling(comparison)
    if rows.empty:
        return []
    cells = [
        (
            say(
                "{state}, {framework}, {year}",
                state=state_name(row["state"]),
                framework=framework_name(row["framework"]),
                year=_years(str(row["year"])),
            ),
            f"{row['base']:,.1f}",
            f"{row['other']:,.1f}",
            signed(row["mean"]),
            span(signed(row["low80"]), signed(row["high80"])),
            needed(row["runs_needed"]),
        )
        for row in rows.to_dict("records")
    ]
    note = " ".join([say("Personnel in an average month."), left_out]).strip()
    return [Block("table", (("", *translated(HEADS)), *cells)), Block("text", (note,))]


def _years(year: str) -> str:
    """The years of a row: one, all, or from one on."""
    if year.startswith("from "):
        return say("from {year}", year=year.removeprefix("from "))
    return say(year)


def reasons(comparison: Comparison, other: str, row: Mapping[Any, Any] | None) -> list[str]:
    """Where runs diverge, first what the answer is about; what first causes moved; the provisions
    with their sources."""
    rows = divergence_text.foremost(comparison, other, REASONS)
    if row is not None:
        own = answer_text.moving(comparison, other, row).head(REASONS - 1)
        rows = pd.concat([own, rows[~rows.index.isin(own.index)]]).head(REASONS)
    laws = divergence_text.titles(comparison, other)
    traced = comparison.manifest["traced"]
    told = [divergence_text.divergence(one, laws, traced) for one in rows.to_dict("records")]
    classes = divergence_text.by_class(comparison, other)
    known = {
        str(one["id"]): one
        for events in (scenario(comparison, other).events, ())  # as documented, where it is
        for one in law_table.table(events)
    }
    details = " ".join(rows[rows["class"] == "law"]["detail"].astype(str)) if len(rows) else ""
    law = [
        say(
            "{key}: {title}, in force from {since}: {says} (source: {source})",
            key=key,
            title=provision_title(key, row["title"]),
            since=row["in_force"],
            says=says(row, row["state"]),
            source=row["source"],
        )
        for key, row in known.items()
        if key in details.replace(",", " ").split()
    ]
    asked = requests_answered(
        comparison,
        other,
        {(str(one["state"]), str(one["mission"])) for one in rows.to_dict("records")},
    )
    if not told:
        told = [say("No answer differs in any run.")]
    return [*asked, *told, *([classes] if classes else []), *law]


def requests_answered(
    comparison: Comparison, other: str, told: Collection[tuple[str, str]] = ()
) -> Iterator[str]:
    """How the requests of a scenario are answered, save those of which is ``told`` already."""
    return scenario_requests.answered(
        scenario(comparison, other),
        min(comparison.runs, SEARCHED),
        int(comparison.manifest["seed"]),
        tuple(comparison.manifest["frame"]["states"]),
        told,
    )


def scenario(comparison: Comparison, name: str) -> Scenario:
    """A scenario of the comparison as it was run, checked then: expectations beyond a shorter end
    stand in it still."""
    number = [comparison.base, *comparison.others].index(name)
    kept = {k: v for k, v in comparison.manifest["scenarios"][number].items() if k != "name"}
    return Scenario.model_validate(kept).named(name).as_checked()


def changes(
    comparison: Comparison,
    row: Mapping[Any, Any] | None,
    progress: Callable[[int, int], None],
) -> list[Block]:
    """What would turn the answer that moves most people over the runs: levers and provisions."""
    located = None if row is None else _located(comparison, row)
    if located is None:
        return [Block("text", (say(NO_ANSWER),))]
    found, number = located
    answer = found.decisions.iloc[number].to_dict()
    renewal = answer["reason"] == "renewal"
    over = turning(found, number, progress=progress)
    lines = [
        change_text.over_runs(over),
        *(
            say("Lever {line}", line=line) if line[0].islower() else line
            for line in change_text.over_lever_lines(over)[:CHANGES]
        ),
        *(
            say("Law: {line}", line=line)
            for line in change_text.over_law_lines(found, over)[:CHANGES]
        ),
    ]
    head = say(
        "The answer that moves most people, here in run {run} of {scenario}: {state}, {mission}, "
        "{month}, {what}: {verdict}. What would turn it over {runs} runs, one thing changed at a "
        "time, all random draws the same:",
        run=found.run,
        scenario=scenario_name(found.scenario.name),
        state=state_name(found.state),
        mission=mission_name(answer["mission"]),
        month=answer["month"],
        what=people_of(int(answer["asked"]), answer["kind"]),
        verdict=change_text.then(str(answer["outcome"]), renewal),
        runs=over.runs,
    )
    sheet = factor_text.summary(found, answer)
    return [Block("text", (head,)), Block("points", (*lines, sheet))]


def _located(comparison: Comparison, row: Mapping[Any, Any]) -> tuple[Answers, int] | None:
    """A run that gives the answer which moves most people, and its number there: of the scenario,
    or of the baseline where only that has such an answer."""
    moving = answer_text.moving(comparison, comparison.others[0], row)
    for top in moving.head(REASONS).to_dict("records"):
        for name, side in ((comparison.others[0], "other"), (comparison.base, "base")):
            answer = str(top[f"{side}_answer"])
            if answer in ABSENT or not _known(scenario(comparison, name), top["mission"]):
                continue
            found = decisions.find(
                scenario(comparison, name),
                str(row["state"]),
                top["mission"],
                runs=min(comparison.runs, SEARCHED),
                seed=int(comparison.manifest["seed"]),
            )
            run = _run_with(found.everything, top, answer in GOES)
            if run is not None:
                own = found.in_run(run)
                return own, int(_matching(own.decisions, top, answer in GOES).index[0])
    return None


def _known(scenario: Scenario, mission: str) -> bool:
    """Whether a mission is documented or opened by the scenario, and not drawn at random."""
    opened = {event.mission for event in scenario.events if event.type == "open_mission"}
    return mission in opened or mission in lookup.missions()


def _run_with(table: pd.DataFrame, top: Mapping[Any, Any], goes: bool) -> int | None:
    """The first run with the answer, in the usual month if there is one."""
    if table.empty:
        return None
    own = _matching(table, top, goes)
    if own.empty:
        return None
    usual = month_number(str(top["usual_month"]))
    apart = own["month"].map(month_number).sub(usual).abs()
    return int(own["run"].iloc[int(apart.argmin())])


def _matching(table: pd.DataFrame, top: Mapping[Any, Any], goes: bool) -> pd.DataFrame:
    """Answers of the kind and sort that a divergence names, those that go through or the others."""
    return table[
        (table["kind"] == top["kind"])
        & ((table["reason"] == "renewal") == (top["reason"] == "renewal"))
        & ((table["stopped_by"] == "nothing") == goes)
    ]


def trust(comparison: Comparison, other: str, row: Mapping[Any, Any] | None) -> list[str]:
    """Whether the runs suffice, what the model is known to get wrong, and how its forecasts did."""
    told = comparison_text.sufficiency(comparison)
    if row is not None:
        missions = answer_text.moving(comparison, other, row)["mission"].tolist()
        own = answer_text.cases(str(row["state"]), missions, str(row["framework"]))
        told += [
            say(
                "Known to be wrong: “{case}” is true in {share} of {runs} runs, should be {aim}.",
                case=say(case.name),
                share=percent(case.share),
                runs=case.runs,
                aim=answer_text.aim(case.aim),
            )
            for case in own[:CASES]
        ]
    told += [
        line[:1].upper() + line[1:]
        for line in comparison_text.expectations(comparison, other, True)
    ]
    frame = comparison.manifest["frame"]
    numbers = shipped_documents.folder() / "validation.json"
    told.append(misfit_text.measured(json.loads(numbers.read_text(encoding="utf-8"))))
    return told + misfit_text.assumed(frame["start"], frame["end"])


def made(comparison: Comparison, scenario: Scenario, about: str, file: str) -> list[str]:
    """Command, seed, runs, version, and what the scenario rests on."""
    manifest = comparison.manifest
    program = manifest["program"]
    version = " ".join(filter(None, (program.get("version"), program.get("git"))))
    references = list(scenario.references)
    cited = say("; ").join(references[:CITED])
    if len(references) > CITED:
        cited = say("{sources}; and {more} more", sources=cited, more=len(references) - CITED)
    base, other = (
        name if name.partition("/")[0] in library.available() else shlex.quote(file or OWN_FILE)
        for name in program["command"][2:4]
    )
    against = [] if base == scenario.baseline else ["--against", base]  # its own fits its months
    command = ["peacekeeping", "brief", other, *against, *program["command"][4:]]
    command += ["--about", about] if about else []
    command += ["--language", current()] if current() != ENGLISH else []
    return [
        say("Command: {command}", command=" ".join(command)),
        say(
            "peacekeeping {version}; seed {seed}; {runs:,} paired runs with common random numbers, "
            "{start} to {end}.",
            version=version,
            seed=manifest["seed"],
            runs=comparison.runs,
            start=manifest["frame"]["start"],
            end=manifest["frame"]["end"],
        ),
        *([say("Sources of the scenario: {sources}.", sources=cited)] if cited else []),
        *([wording.UNCHECKED] if current() != ENGLISH else []),
    ]
