"""What a visitor has chosen: one value, written into a link and read back from it.

Nothing else decides what the web app shows, so two visitors share nothing and a link is enough to
see the same, seeds included.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from calibration import documented_record
from calibration.evidence import scores
from model import csv_rows
from model.errors import InputError, unknown
from model.input_text import number, text_fault
from model.vocabulary import GROUPS, KINDS, OUTCOMES
from scenarios.definition import library, lookup
from scenarios.definition.loader import parse
from scenarios.explanation import law_at_date
from scenarios.file_format.schema import Scenario, within_reach
from scenarios.running import model_adapter
from scenarios.running.run_options import LARGEST_SEED, resolve
from scenarios.storage.scenario_folders import JOIN

from ...language.languages import LANGUAGES

TABS = ("explore", "why", "compare", "sweep", "law", "fit", "record")
MOST_PARTS = 200  # of a link
MOST_RUNS = 2000  # of a live ensemble; the command line makes more
LONGEST_LINK = 8000  # letters; browsers and mail programs cut longer ones
LARGEST_UPLOAD = 100_000  # bytes of a scenario file opened on the web app
LONGEST_TEXT = 200  # letters of one choice
SHOWN = ("all", "kinds", "resources", "dialogue")
UNMOVED = "."  # in a link: the scenario itself without what was moved
OUTCOME = re.compile(rf"([A-Z]{{3}})\.({'|'.join(GROUPS)})\.(mean|peak|last)")
SKILL_GROUPS = (*scores.GROUPS, *map(scores.years_ahead, range(1, 11)))
ANSWERS = (
    "write run:number as 0:12, a month with a kind as 2012-01:engineer, or a request with an "
    "outcome as REQ-JPN-044:cheaper"
)
FOLDERS = "PEACEKEEPING_WEB_FOLDERS"  # the folder whose sweeps may be opened


@dataclass(frozen=True)
class View:
    """Everything that is chosen.  Blank months and states are those of the scenario.

    ``values``: levers and uncertainties moved away from the scenario's own, by name.
    ``text``: a scenario file of the visitor's own, which then stands instead of ``scenario``.
    ``language``: what the page is shown in; blank: what the browser asks for.
    """

    tab: str = "explore"
    scenario: str = "historical"
    values: tuple[tuple[str, float], ...] = ()
    states: str = ""
    start: str = ""
    end: str = ""
    runs: int = 200
    seed: int = 1
    state: str = "JPN"
    framework: str = "un"
    shown: str = "all"
    month: str = ""
    traced: int = 0
    mission: str = ""
    answer: str = ""
    other: str = ""
    across: str = "alliance_pressure"
    down: str = "public_support"
    outcome: str = ""
    folder: str = ""
    group: str = ""
    search: str = ""
    about: str = ""
    year: str = ""
    category: str = ""
    law_state: str = "JPN"
    law_since: str = "2015-08"
    law_month: str = "2016-03"
    language: str = ""
    text: str = ""

    def setting(self, name: str, value: float | None) -> View:
        """The view with a lever moved, or put back (None)."""
        kept = {key: old for key, old in self.values if key != name}
        if value is not None:
            kept[name] = float(value)
        return replace(self, values=tuple(sorted(kept.items())))

    def resolved(self) -> Scenario:
        """The scenario that is asked for, with everything that was changed.

        Raises:
            InputError: as the command line says it.
        """
        base = own(self.text) if self.text else offered(self.scenario)
        states = [part for part in self.states.split(",") if part]
        return resolve(
            base,
            start=self.start or None,
            end=self.end or None,
            deliberating=states or None,
            settings=dict(self.values),
        )

    def query(self) -> str:
        """The link's part after the question mark; only what differs from the first view."""
        pairs = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            if field.name == "values":
                pairs += [(f"set.{name}", repr(number)) for name, number in value]
            elif field.name == "text":
                packed = zlib.compress(value.encode(), 9)
                pairs.append(("file", base64.urlsafe_b64encode(packed).decode().rstrip("=")))
            else:
                pairs.append((field.name, str(value)))
        return urlencode(pairs)


def own(text: str, file: str = "own.toml") -> Scenario:
    """A scenario file of the visitor's own, whose baseline is one that the web app offers.

    Raises:
        InputError: the fault, with file and line.
    """
    scenario = parse(text, file)
    if scenario.baseline is not None:
        offered(scenario.baseline)
    return scenario


def offered(name: str) -> Scenario:
    """A scenario of the library by its name; files of the server are not offered.

    Raises:
        InputError: the library has none of that name, whether or not there is such a file.
    """
    for part in name.split(JOIN):
        base = part.strip().partition("/")[0]
        if base not in library.available():
            raise unknown("scenario", base, library.available())
    return library.find(name)


def read(query: str) -> tuple[View, list[str]]:
    """The view of a link, and a sentence for each part of it that is not valid and was left out."""
    view, faults = View(), []
    if len(query) > 4 * LONGEST_LINK:
        return view, ["The link is too long to be one of the web app; it was left out."]
    try:
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=MOST_PARTS)
    except ValueError:
        return view, ["The link has too many parts to be one of the web app; it was left out."]
    for name, text in pairs:
        try:
            view = _with(view, name, text)
        except (InputError, ValueError, zlib.error, binascii.Error) as error:
            told = str(error) if isinstance(error, InputError) else "it cannot be read"
            faults.append(ended(f"The link's {name!r} was left out: {told}"))
    try:
        scenario = view.resolved()
    except InputError as error:
        faults.append(ended(f"The link's settings were left out: {error}"))
        view = replace(view, scenario="historical", values=(), text="", start="", end="", states="")
        scenario = view.resolved()
    named = {name for name, _ in pairs}
    for name, fault in _beside(view, scenario):
        if name in named:
            faults.append(ended(f"The link's {name!r} was left out: {fault}"))
            view = replace(view, **{name: getattr(View, name)})
    return in_order(view), faults


def _beside(view: View, scenario: Scenario) -> list[tuple[str, str]]:
    """Choices of a view that its scenario does not have, each with what is wrong with it."""
    found = []
    period = scenario.period
    if view.month and not period.start <= view.month <= period.end:
        found.append(("month", f"{view.month} is not from {period.start} to {period.end}"))
    deciding = model_adapter.reported_states(scenario)
    if view.state not in deciding:
        told = f"{view.state} does not decide in it; deciding are {', '.join(deciding)}"
        found.append(("state", told))
    state = view.outcome.partition(".")[0]
    if state and state not in deciding:
        told = f"{state} does not decide in it; deciding are {', '.join(deciding)}"
        found.append(("outcome", told))
    opened = [event.mission for event in scenario.events if event.type == "open_mission"]
    if view.mission and view.mission not in opened:
        try:
            lookup.mission(view.mission)
        except InputError as error:
            found.append(("mission", str(error)))
    return found


def ended(text: str) -> str:
    """A sentence with its capital and its end, which a question has already."""
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")


def _with(view: View, name: str, text: str) -> View:
    """The view with one part of a link, checked."""
    if name.startswith("set."):
        lookup.setting(name[4:], number(text))
        return view.setting(name[4:], number(text))
    if name == "file":
        return replace(view, text=_unpacked(text))
    known = {field.name: field for field in fields(View)}
    if name not in known or name in ("values", "text"):
        raise InputError("the web app knows no such part")
    chosen: dict[str, Any] = {
        name: whole(name, text) if isinstance(known[name].default, int) else text
    }
    return checked(replace(view, **chosen))


def whole(name: str, text: Any) -> int:
    """A whole number that a person wrote, or a browser sends.

    Raises:
        InputError: it is none.
    """
    written = str(text).strip()
    if not re.fullmatch(r"-?[0-9]{1,20}", written):
        raise InputError(f"{name} = {written[:40]!r} is not a whole number; write it in digits")
    return int(written)


def changed(view: View, **told: Any) -> View:
    """The view with what a visitor changed.

    Raises:
        InputError: a sentence on the first choice that is not valid.
    """
    known = {field.name: field.default for field in fields(View)}
    taken: dict[str, Any] = {}
    for name, value in told.items():
        if name not in known:
            raise InputError(f"the web app knows no {name!r}")
        taken[name] = whole(name, value) if isinstance(known[name], int) else value
    return in_order(checked(replace(view, **taken)))


def checked(view: View) -> View:
    """The view itself if every single choice is valid.

    Raises:
        InputError: a sentence on the first choice that is not.
    """
    for field in fields(view):
        text = getattr(view, field.name)
        if isinstance(field.default, str) and field.name != "text":
            _legible(field.name, text)
    _among("tab", view.tab, TABS)
    _among("framework", view.framework, GROUPS)
    _among("panels", view.shown, SHOWN)
    _among("language", view.language, ("", *LANGUAGES))
    if not 1 <= view.runs <= MOST_RUNS:
        raise InputError(f"runs = {view.runs} is out of range; the web app makes 1 to {MOST_RUNS}")
    if not 0 <= view.seed <= LARGEST_SEED:
        raise InputError(f"seed = {view.seed} is out of range; it goes from 0 to 2**64 - 1")
    if not 0 <= view.traced < view.runs:
        raise InputError(
            f"run {view.traced} does not exist; runs are numbered 0 to {view.runs - 1}"
        )
    if view.state not in lookup.states():
        raise unknown("state", view.state, lookup.states())
    if view.states and not view.states.strip(", "):
        raise InputError("states names no state; write codes such as JPN,KOR, or all")
    if view.month:
        within_reach(view.month, "the month")
    if view.year and not re.fullmatch("[0-9]{4}", view.year):
        raise InputError(f"{view.year!r} is not a year; write four digits")
    if view.about or view.category or view.year:
        year = int(view.year) if view.year else None
        documented_record.entries(view.about or None, year, view.category or None)
    if view.group and view.group not in SKILL_GROUPS:
        raise unknown("group", view.group, SKILL_GROUPS)
    if view.answer and not _names_an_answer(view.answer):
        raise InputError(f"answer {view.answer!r} is not valid; {ANSWERS}")
    for lever in (view.across, view.down):
        if lever not in lookup.levers():
            raise unknown("lever", lever, lookup.levers())
    if view.other not in ("", UNMOVED):
        offered(view.other)
    if view.law_state not in law_at_date.states_with_law():
        raise unknown("state with a documented law", view.law_state, law_at_date.states_with_law())
    for month in (view.law_since, view.law_month):
        law_at_date.in_range(month)
    if view.outcome and not OUTCOME.fullmatch(view.outcome):
        raise InputError(f"outcome {view.outcome!r} is not valid; one is JPN.un.mean")
    return view


def in_order(view: View) -> View:
    """The view with the earlier of the two months of law first, in whichever order they came."""
    since, month = sorted((view.law_since, view.law_month))
    return replace(view, law_since=since, law_month=month)


def _names_an_answer(text: str) -> bool:
    """Whether ``decision.selection.chosen`` can make anything of it."""
    first, _, rest = text.partition(":")
    kind, _, outcome = rest.partition(":")
    if re.fullmatch("[0-9]{1,6}", first):
        return re.fullmatch("[0-9]{1,6}", rest) is not None
    if re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", first):
        return kind in ("", *KINDS) and outcome in ("", *OUTCOMES)
    requests = csv_rows.read(lookup.DATA / "requests.csv", ("id",))
    return rest in OUTCOMES and (first in KINDS or any(row["id"] == first for row in requests))


def _legible(name: str, text: Any) -> None:
    if not isinstance(text, str):
        raise InputError(f"{name} is not a text")
    if fault := text_fault(text, LONGEST_TEXT):
        raise InputError(f"{name} {fault}")


def _among(what: str, value: str, valid: tuple[str, ...]) -> None:
    if value not in valid:
        listed = ", ".join(filter(None, valid))
        raise InputError(f"{what} {value!r} is not valid; valid are {listed}")


def _unpacked(text: str) -> str:
    unpacker = zlib.decompressobj()
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    plain = unpacker.decompress(packed, LARGEST_UPLOAD)
    if unpacker.unconsumed_tail:
        raise InputError("the scenario in it is too large")
    if not unpacker.eof:
        raise InputError("the scenario in it is cut short")
    return plain.decode("utf-8", "replace")
