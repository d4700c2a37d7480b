"""A brief of two pages on one comparison: question, answer, figure, table, reasons, what would
change it, how far to trust it, how it was made.

Here is what it says, as a list of blocks; ``brief_page``, ``brief_word`` and ``brief_pdf`` write
them down.  Every figure comes from the runs, every misfit from the files that hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from model import input_files
from model.errors import InputError
from scenarios.comparison import compare as comparing
from scenarios.definition import deciders, library, lookup
from scenarios.definition.loader import UNSTATED
from scenarios.file_format.schema import Scenario
from scenarios.running.model_adapter import reported_states
from scenarios.running.other_tables import takes_tables
from scenarios.running.run_options import RunOptions, resolve
from scenarios.storage import atomic_write

from ..charts.style import fonts
from ..language import languages
from ..language.languages import ENGLISH
from ..language.spoken import say, speaking
from ..text import answer_text
from . import brief_sections
from .brief_block import Block

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison

WRITERS = {".docx": "brief_word", ".pdf": "brief_pdf", ".html": "brief_page"}
DRAWN = (".docx", ".pdf")  # with a picture, which takes a font


@dataclass(frozen=True)
class Brief:
    """A brief: its title and its blocks; ``write`` makes a file of it.

    Example:
        >>> import peacekeeping as pk
        >>> found = pk.brief("korea-act-in-2000/act", runs=3, end="2003-12")
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
        return "\n".join([self.title, self.subtitle, *map(str, self.blocks)])

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
        against: what it is compared with; if not given its own baseline, as ``compare`` takes it.
        out: file to write, ending in .docx, .pdf or .html; none: nothing is written.
        runs, seed, tables, progress, options: as for ``compare``.
        language: ``en``, ``ja`` or ``ko``.
        overwrite: replace the file.
        about: the state that the answer is about, by code or name; none: whichever changes most.

    Raises:
        InputError: anything misspelt or out of range; see ``Brief.write``.

    Example:
        >>> import peacekeeping as pk
        >>> pk.brief("korea-act-in-2000/act", runs=3, end="2003-12", out="act.html").title
        "Korea's participation act in 2000: A: the Act without its standing unit"
    """
    language = languages.chosen(language)
    if out is not None:
        ready(out, overwrite, language)
    chosen = scenario if isinstance(scenario, Scenario) else library.to_run(scenario)
    state = lookup.state(about) if about else ""
    if against is None:
        chosen = library.with_baseline(chosen)
        against = library.baseline(chosen)
    if state:
        _check_about(state, [resolve(one, **options) for one in (chosen, against)])
    comparison = comparing.compare(
        against, chosen, runs=runs, seed=seed, progress=progress, **options
    )
    file = "" if isinstance(scenario, Scenario) else _file(scenario)
    found = of_comparison(comparison, language, about=state, file=file)
    if out is not None:
        found.write(out, overwrite)
    return found


def _check_about(state: str, scenarios: Sequence[Scenario]) -> None:
    """Refuse a state that decides in no scenario: it does what it did, whatever they change."""
    if not any(deciders.decides(one, state) for one in scenarios):
        first = scenarios[0]
        raise deciders.refusal(state, first.name, reported_states(first))


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
    scenario = brief_sections.scenario(comparison, other)
    title = answer_text.scenario_title(comparison, other)
    base = answer_text.scenario_title(comparison, comparison.base)
    row = answer_text.largest(comparison, other, about)
    found = [
        Block("heading", (say("Question"),)),
        Block("text", (_question(scenario) or title,)),
        Block("heading", (say("Answer"),)),
        Block("text", (answer_text.answer(comparison, other, about),)),
        *brief_sections.figure(comparison, other, row),
        *brief_sections.table(comparison),
        Block("heading", (say("Reasons"),)),
        Block("points", tuple(brief_sections.reasons(comparison, other, row))),
        Block("heading", (say("What would change it"),)),
        *brief_sections.changes(comparison, row, progress),
        Block("heading", (say("How far to trust it"),)),
        Block("points", tuple(brief_sections.trust(comparison, other, row))),
        Block("heading", (say("How it was made"),)),
        Block("points", tuple(brief_sections.made(comparison, scenario, about, file))),
    ]
    under = say("Compared with “{base}”", base=base)
    return Brief(title, under, tuple(found), comparison, language, about)


def _question(scenario: Scenario) -> str:
    """What a scenario asks; blank where it does not say."""
    return "" if scenario.question in ("", UNSTATED) else say(scenario.question)


def _file(scenario: str | Path) -> str:
    """A file of a scenario with its variant, without the folders that it lies in; blank: none."""
    parts = Path(scenario).parts
    first = next((n for n, part in enumerate(parts) if part.endswith(".toml")), len(parts))
    return "/".join(parts[first:])
