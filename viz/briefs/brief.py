"""A brief of two pages on one comparison: question, answer, figure, table, reasons, what would
change it, how far to trust it, how it was made.

Here is what it says, as a list of blocks; ``brief_page``, ``brief_word`` and ``brief_pdf`` write
them down.  Every figure comes from the runs, every misfit from the files that hold them.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from model import input_files
from model.errors import InputError
from model.months import month_number
from scenarios.comparison import compare as comparing
from scenarios.comparison.paired_decisions import NOBODY, NOT_AGAIN, NOT_ASKED
from scenarios.definition import law_table, library, lookup
from scenarios.explanation import decisions
from scenarios.explanation.over_runs import turning
from scenarios.file_format.schema import Scenario
from scenarios.running.other_tables import takes_tables
from scenarios.running.run_options import RunOptions
from scenarios.storage import atomic_write

from ..charts.fans.comparison_fans import difference_fans
from ..charts.style import fonts
from ..charts.style.export import render, specification
from ..language import languages
from ..language.languages import ENGLISH
from ..language.spoken import current, say, speaking, translated
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

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison
    from scenarios.explanation.decisions import Answers

WRITERS = {".docx": "brief_word", ".pdf": "brief_pdf", ".html": "brief_page"}
DRAWN = (".docx", ".pdf")  # with a picture, which takes a font
PANEL = 200  # pixels of each panel of the figure, so that its words can be read in print
REASONS, CHANGES, CASES, CITED = 4, 3, 3, 6  # lines of each sort at most, so that it is two pages
SEARCHED = 60  # runs among which the answer is looked for that is explained
HEADS = ("baseline", "scenario", "difference", "80% of the runs", "runs needed")
OWN_FILE = "scenario.toml"  # settings of the web app, as it gives them to take away
GOES = ("accepted", "smaller", "stays")
ABSENT = (NOT_ASKED, NOT_AGAIN, NOBODY)
NO_ANSWER = "No single answer to a documented mission carries the difference."
NOTHING_MOVED = "No state's personnel differs in any run, so there is no figure."


@dataclass(frozen=True)
class Block:
    """One part of a brief: a ``heading``, ``text``, ``points``, ``table`` or ``figure``.

    ``lines``: the text, the points, or the cells of the table row by row, its heads first;
    ``figure``: a drawing as SVG.
    """

    sort: str
    lines: tuple[Any, ...] = ()
    figure: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Brief:
    """A brief: its title and its blocks; ``write`` makes a file of it.

    Example:
        >>> import peacekeeping as pk
        >>> found = pk.brief("korea-act-in-2000", runs=3, end="2003-12")
        >>> found.blocks[0].lines
        ('Question',)
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...] = field(repr=False)
    comparison: Comparison = field(repr=False)
    language: str = ENGLISH
    about: str = ""

    def __str__(self) -> str:
        """The words without the figure."""
        return "\n".join([self.title, self.subtitle, *(_plain(one) for one in self.blocks)])

    @property
    def answer(self) -> str:
        """The answer in a sentence."""
        with speaking(self.language):
            return answer_text.answer(self.comparison, self.comparison.others[0], self.about)

    def write(self, out: str | Path, overwrite: bool = False) -> Path:
        """Write the brief to a file whose name ends in .docx, .pdf or .html.

        Raises:
            InputError: another ending; no font has the letters of the language; the file is there
                and may not be overwritten, or cannot be written; a package is missing, which is
                named.
        """
        path = place(out, overwrite)
        writer = writer_of(path)
        with speaking(self.language):
            content = writer(self)
        with atomic_write.opening(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write.write_whole(path, content)
        return path


def place(out: str | Path, overwrite: bool) -> Path:
    """Where a brief is written; refused before anything is simulated."""
    if not str(out).strip():
        raise InputError("the name of the brief is blank; write one such as brief.docx")
    path = input_files.place(out)
    if path.suffix.lower() not in WRITERS:
        raise InputError(f"{path.name!r} is no brief; its name ends in {', '.join(WRITERS)}")
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file in it, such as {path / 'brief.docx'}")
    if path.exists() and not overwrite:
        raise InputError(f"{path} exists; write over it with --overwrite or choose another name")
    atomic_write.check_file(path)
    return path


def ready(out: str | Path, overwrite: bool = False, language: str = ENGLISH) -> None:
    """Whether a brief can be written, before anything is simulated.

    Raises:
        InputError: as ``place`` and ``writer_of``; there is no such language, or no font for it.
    """
    path = place(out, overwrite)
    writer_of(path)
    if path.suffix.lower() in DRAWN:
        fonts.check(languages.chosen(language))


def writer_of(path: Path) -> Callable[[Brief], bytes]:
    """What makes the bytes of a file of this ending.

    Raises:
        InputError: a package that it takes is missing.
    """
    try:
        module = import_module(f".{WRITERS[path.suffix.lower()]}", __package__)
    except ModuleNotFoundError as error:
        raise InputError(
            f"a brief as {path.suffix} needs the package {error.name}; install peacekeeping[brief] "
            "or write it as .html"
        ) from None
    written: Callable[[Brief], bytes] = module.written
    return written


@takes_tables
def brief(
    scenario: str | Path | Scenario,
    against: str | Path | Scenario | None = None,
    *,
    out: str | Path | None = None,
    runs: int = 200,
    seed: int = 1,
    language: str = ENGLISH,
    overwrite: bool = False,
    about: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    tables: str | Path | None = None,
    **options: Unpack[RunOptions],
) -> Brief:
    """Compare a scenario with a baseline and write the brief to take home.

    Args:
        scenario: a name in the library, a TOML file, or a Scenario.
        against: what it is compared with; its own baseline if not given.
        out: file to write, ending in .docx, .pdf or .html; none: nothing is written.
        runs, seed, tables, progress, options: as for ``compare``.
        language: ``en``, ``ja`` or ``ko``.
        overwrite: replace the file.
        about: the state that the answer is about, by code or name; none: whichever changes most.

    Raises:
        InputError: anything misspelt or out of range; no baseline is named; see ``Brief.write``.

    Example:
        >>> import peacekeeping as pk
        >>> pk.brief("korea-act-in-2000", runs=3, end="2003-12", out="act.html").title
        "Korea's participation act in 2000"
    """
    language = languages.chosen(language)
    if out is not None:
        ready(out, overwrite, language)
    chosen = scenario if isinstance(scenario, Scenario) else library.find(scenario)
    state = lookup.state(about) if about else ""
    if against is None:
        against = library.baseline(chosen)
    comparison = comparing.compare(
        against, chosen, runs=runs, seed=seed, progress=progress, **options
    )
    file = "" if isinstance(scenario, Scenario) else _file(scenario)
    found = of_comparison(comparison, language, about=state, file=file)
    if out is not None:
        found.write(out, overwrite)
    return found


def of_comparison(
    comparison: Comparison,
    language: str = ENGLISH,
    progress: Callable[[int, int], None] = lambda done, total: None,
    about: str = "",
    file: str = "",
) -> Brief:
    """The brief of a comparison of two scenarios, in a language; ``progress`` gets the parts done
    and all; ``about`` is the code of the state that it answers for, blank for any; ``file``: what a
    scenario outside the library is called in the command that repeats it.

    Raises:
        InputError: there is no such language.
    """
    with speaking(language):
        return _of_comparison(comparison, language, progress, about, file)


def _of_comparison(
    comparison: Comparison,
    language: str,
    progress: Callable[[int, int], None],
    about: str,
    file: str,
) -> Brief:
    other = comparison.others[0]
    scenario = _scenario(comparison, other)
    base = answer_text.scenario_title(comparison, comparison.base)
    row = answer_text.largest(comparison, other, about)
    found = [
        Block("heading", (say("Question"),)),
        Block("text", (say(scenario.question),)),
        Block("heading", (say("Answer"),)),
        Block("text", (answer_text.answer(comparison, other, about),)),
        *_figure(comparison, other, row),
        *_table(comparison),
        Block("heading", (say("Reasons"),)),
        Block("points", tuple(_reasons(comparison, other, row))),
        Block("heading", (say("What would change it"),)),
        *_changes(comparison, row, progress),
        Block("heading", (say("How far to trust it"),)),
        Block("points", tuple(_trust(comparison, other, row))),
        Block("heading", (say("How it was made"),)),
        Block("points", tuple(_made(comparison, scenario, about, file))),
    ]
    title = answer_text.scenario_title(comparison, other)
    under = say("Compared with “{base}”", base=base)
    return Brief(title, under, tuple(found), comparison, language, about)


def _figure(comparison: Comparison, other: str, row: Mapping[Any, Any] | None) -> list[Block]:
    """The difference that the answer is about, by year."""
    if row is None:
        return [Block("text", (say(NOTHING_MOVED),))]
    only = (str(row["state"]), str(row["framework"]))
    chart = difference_fans(comparison, other, PANEL, only)
    title = comparison_text.headline(comparison, other, *only)
    return [Block("figure", (title,), render(specification(chart), "svg"))]


def _table(comparison: Comparison) -> list[Block]:
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


def _reasons(comparison: Comparison, other: str, row: Mapping[Any, Any] | None) -> list[str]:
    """Where runs diverge, first what the answer is about; what first causes moved; the provisions
    with their sources."""
    rows = divergence_text.foremost(comparison, other, REASONS)
    if row is not None:
        own = answer_text.moving(comparison, other, row).head(REASONS - 1)
        rows = pd.concat([own, rows[~rows.index.isin(own.index)]]).head(REASONS)
    laws = divergence_text.titles(comparison, other)
    told = [divergence_text.divergence(one, laws) for one in rows.to_dict("records")]
    classes = divergence_text.by_class(comparison, other)
    known = {
        str(one["id"]): one
        for events in (_scenario(comparison, other).events, ())  # as documented, where it is
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
    asked = scenario_requests.answered(
        _scenario(comparison, other),
        min(comparison.runs, SEARCHED),
        int(comparison.manifest["seed"]),
        tuple(comparison.manifest["frame"]["states"]),
        {(str(one["state"]), str(one["mission"])) for one in rows.to_dict("records")},
    )
    if not told:
        told = [say("No answer differs in any run.")]
    return [*asked, *told, *([classes] if classes else []), *law]


def _scenario(comparison: Comparison, name: str) -> Scenario:
    """A scenario of the comparison as it was run."""
    number = [comparison.base, *comparison.others].index(name)
    kept = {k: v for k, v in comparison.manifest["scenarios"][number].items() if k != "name"}
    return Scenario.model_validate(kept).named(name)


def _changes(
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
            if answer in ABSENT or not _known(_scenario(comparison, name), top["mission"]):
                continue
            found = decisions.find(
                _scenario(comparison, name),
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


def _trust(comparison: Comparison, other: str, row: Mapping[Any, Any] | None) -> list[str]:
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


def _made(comparison: Comparison, scenario: Scenario, about: str, file: str) -> list[str]:
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
    command = ["peacekeeping", "brief", other, "--against", base, *program["command"][4:]]
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


def _file(scenario: str | Path) -> str:
    """A file of a scenario with its variant, without the folders that it lies in; blank: none."""
    parts = Path(scenario).parts
    first = next((n for n, part in enumerate(parts) if part.endswith(".toml")), len(parts))
    return "/".join(parts[first:])


def _plain(block: Block) -> str:
    """A block as text."""
    if block.sort == "heading":
        return f"\n{block.lines[0]}"
    if block.sort == "table":
        return "\n".join("  ".join(str(cell) for cell in row) for row in block.lines)
    mark = "- " if block.sort == "points" else ""
    return "\n".join(f"{mark}{line}" for line in block.lines)
