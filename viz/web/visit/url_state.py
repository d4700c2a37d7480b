"""What a visitor has chosen: one value, written into a link and read back from it.

Nothing else decides what the page shows, so two visitors share nothing and a link is enough to see
the same, seeds included.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from model.errors import InputError
from model.vocabulary import GROUPS
from scenarios.definition import library, lookup
from scenarios.definition.loader import parse
from scenarios.definition.schema import Scenario
from scenarios.running.run import LARGEST_SEED, resolve

TABS = ("explore", "why", "compare", "sweep", "fit", "record")
MOST_RUNS = 2000  # of a live ensemble; the command line makes more
LONGEST_LINK = 8000  # letters; browsers and mail programs cut longer ones
LARGEST_UPLOAD = 100_000  # bytes of a scenario file opened on the page
SHOWN = ("all", "kinds")
LOCAL = "PEACEKEEPING_PAGE_LOCAL"  # 1 where only this machine can reach the web app


@dataclass(frozen=True)
class View:
    """Everything that is chosen.  Blank months and states are those of the scenario.

    ``values``: levers and uncertainties moved away from the scenario's own, by name.
    ``text``: a scenario file of the visitor's own, which then stands instead of ``scenario``.
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
        base = parse(self.text, "own.toml") if self.text else library.find(self.scenario)
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


def read(query: str) -> tuple[View, list[str]]:
    """The view of a link, and a sentence for each part of it that is not valid and was left out."""
    view, faults = View(), []
    if len(query) > 4 * LONGEST_LINK:
        return view, ["The link is too long to be one of this page; it was left out."]
    for name, text in parse_qsl(query.lstrip("?")):
        try:
            view = _with(view, name, text)
        except (InputError, ValueError, zlib.error) as error:
            told = str(error) if isinstance(error, InputError) else "it cannot be read"
            faults.append(ended(f"The link's {name!r} was left out: {told}"))
    try:
        view.resolved()
    except InputError as error:
        faults.append(ended(f"The link's settings were left out: {error}"))
        view = replace(view, scenario="historical", values=(), text="", start="", end="", states="")
    return view, faults


def ended(text: str) -> str:
    """A sentence with its capital and its end, which a question has already."""
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")


def _with(view: View, name: str, text: str) -> View:
    """The view with one part of a link, checked."""
    if name.startswith("set."):
        number = float(text)
        lookup.setting(name[4:], number)
        return view.setting(name[4:], number)
    if name == "file":
        return replace(view, text=_unpacked(text))
    known = {field.name: field for field in fields(View)}
    if name not in known or name in ("values", "text"):
        raise InputError("the page knows no such part")
    if len(text) > 200:
        raise InputError("it is too long")
    chosen: dict[str, Any] = {name: int(text) if isinstance(known[name].default, int) else text}
    return checked(replace(view, **chosen))


def checked(view: View) -> View:
    """The view itself if every single choice is valid.

    Raises:
        InputError: a sentence on the first choice that is not.
    """
    _among("tab", view.tab, TABS)
    _among("framework", view.framework, GROUPS)
    _among("panels", view.shown, SHOWN)
    if not 1 <= view.runs <= MOST_RUNS:
        raise InputError(f"runs = {view.runs} is out of range; the page makes 1 to {MOST_RUNS}")
    if not 0 <= view.seed <= LARGEST_SEED:
        raise InputError(f"seed = {view.seed} is out of range; it goes from 0 to 2**64 - 1")
    if not 0 <= view.traced < view.runs:
        raise InputError(f"run {view.traced} is none of the {view.runs} runs, which begin at 0")
    return view


def _among(what: str, value: str, valid: tuple[str, ...]) -> None:
    if value not in valid:
        raise InputError(f"{what} {value!r} is not valid; valid are {', '.join(valid)}")


def _unpacked(text: str) -> str:
    unpacker = zlib.decompressobj()
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    plain = unpacker.decompress(packed, LARGEST_UPLOAD)
    if unpacker.unconsumed_tail:
        raise InputError("the scenario in it is too large")
    if not unpacker.eof:
        raise InputError("the scenario in it is cut short")
    return plain.decode("utf-8", "replace")
