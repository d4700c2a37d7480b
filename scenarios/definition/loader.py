"""TOML files that a person writes, checked against a schema; errors name their line."""

from __future__ import annotations

import re
import tomllib
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from model import input_files
from model.errors import InputError, nearest
from model.input_text import device_fault, name_fault

from ..file_format.scenario_events import EVENT_TYPES
from ..file_format.schema import Period, Scenario
from ..file_format.toml_lines import extent, key_lines, line_of
from ..storage.scenario_folders import JOIN, file_of
from . import checks
from .sound_parts import lost, without

LARGEST = 1_000_000  # bytes of a file
MOST_SORTED = 1000  # faults of the schema that are put in order; of very many, the first of them
MOST_VALUES = 40_000
DEEPEST = 10  # parts of one dotted key
SHORTEST_GUESSED = 3  # letters; of a shorter word every valid one is listed

Content = TypeVar("Content", bound=BaseModel)
KeyPath = tuple[str | int, ...]
Where = Callable[[KeyPath], str]

UNSTATED = "not stated"  # what a scenario in a dictionary need not say
RENAMED = {"luck": "draws"}  # keys of older files and what they are called now


def load(path: str | Path) -> Scenario:
    """The scenario in a TOML file.

    Raises:
        InputError: one sentence with the file, the line, the offending key or value and what would
            be right.

    Example:
        >>> import peacekeeping as pk
        >>> pk.load("no-motion.toml").title  # the file of the fourth tutorial
        'Korea without a vote on UN missions'
    """
    path = input_files.place(path)
    return parse(read(path, "scenario"), path.name)


def read(path: Path, what: str) -> str:
    """The text of a file that a person wrote; ``what`` it should hold is named in errors."""
    return input_files.text(input_files.place(path), f"{what} file", LARGEST)


def parse(text: str, file: str) -> Scenario:
    """The scenario in a TOML text; ``file`` is the name that errors show."""
    scenario, where = validated(text, file, Scenario)
    scenario = _dated(scenario).named(Path(file).stem)
    checks.check(scenario, where)
    return scenario.as_checked()


def of_mapping(content: Mapping[str, Any], name: str = "own") -> Scenario:
    """The scenario in a dictionary with the keys of a scenario file.

    ``title``, ``question`` and ``references`` may be left out; without a ``period``, it is the one
    that the events need, without events that of the baseline, as in a file.

    Raises:
        InputError: one sentence with the place, the offending key or value and what would be right.
    """
    stated = {"title": name, "question": UNSTATED, "references": [UNSTATED], **content}
    return checked(_dated(of_keys(stated, Scenario, name)).named(name))


def _dated(scenario: Scenario) -> Scenario:
    """The same scenario; where it writes neither a period nor events, over the months of the
    baseline that it names, if that is known by its name."""
    if scenario.is_dated or scenario.baseline is None:
        return scenario.dated()
    return scenario.changed(period=_period_of(scenario.baseline) or scenario.period)


def _period_of(name: str) -> Period | None:
    """The period of a scenario that is known by its name; none where it cannot be read, which is
    told where it is run."""
    passed: list[str] = []
    while True:
        name = name.split(JOIN)[0].partition("/")[0].strip()
        file = file_of(name)
        if file is None or name in passed:
            return None
        passed.append(name)
        try:
            found, _ = validated(read(file, "scenario"), file.name, Scenario)
        except InputError:
            return None
        if found.is_dated or found.baseline is None:
            return found.dated().period
        name = found.baseline


def of_keys(content: Mapping[str, Any], schema: type[Content], name: str) -> Content:
    """A dictionary held against a schema; its names and dates are not checked yet.

    Raises:
        InputError: as ``of_mapping``.
    """
    try:
        return schema.model_validate(dict(content))
    except ValidationError as error:
        found = _faults(error, schema)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise InputError(f"{_what(schema)} {name}: {found[0].sentence()}{more}") from None


def place_in(what: str) -> Where:
    """How a place in what was made in Python is told."""
    return lambda path: f"{what}, {_key(path)}" if path else what


def checked(scenario: Scenario) -> Scenario:
    """A scenario that was made in Python, its names, dates and numbers held against the tables.

    Raises:
        InputError: one sentence with the place, the offending value and what would be right.
    """
    checks.check(scenario, place_in(f"scenario {scenario.name}"))
    return scenario.as_checked()


def faults(text: str, file: str) -> list[str]:
    """Every fault of a scenario in a TOML text, each a sentence with its place; none: it is valid.

    What the schema refuses is told first and left out; names, dates and conflicts of the rest are
    then checked. Of very many faults the first are told.

    Raises:
        InputError: the text is no TOML at all, so that nothing further can be said.
    """
    scenario, where, found, content = _held(text, file, Scenario)
    if scenario is not None:
        named = _dated(scenario).named(Path(file).stem)
        return [str(fault) for fault in checks.faults(named, where)]
    first: dict[tuple[str | int, ...], _Fault] = {}
    for fault in found:
        first.setdefault(fault.path, fault)
    told = [f"{where(path)}: {fault.sentence()}" for path, fault in first.items()]
    if len(told) < checks.MOST_TOLD:
        told += _faults_of_the_rest(content, where, list(first))
    return list(dict.fromkeys(told))[: checks.MOST_TOLD]


def _faults_of_the_rest(content: Any, where: Where, paths: list[KeyPath]) -> list[str]:
    """Faults of a content without what the schema refuses at the ``paths``."""
    rest, places = without(content, paths)
    rest.setdefault("title", "untitled")
    try:
        scenario = _dated(Scenario.model_validate(rest))
    except ValidationError:
        return []
    gone = lost(content, paths)
    return [str(one) for one in checks.faults(scenario, lambda path: where(places(path)), gone)]


def validated(text: str, file: str, schema: type[Content]) -> tuple[Content, Where]:
    """A TOML text held against a schema, and the function that tells the line of a path in it."""
    content, where, faults, _ = _held(text, file, schema)
    if content is None:
        more = len({fault.path for fault in faults}) - 1
        rest = f" (and {more} more)" if more else ""
        raise InputError(f"{where(faults[0].path)}: {faults[0].sentence()}{rest}")
    return content, where


def _held(
    text: str, file: str, schema: type[Content]
) -> tuple[Content | None, Where, list[_Fault], dict[str, Any]]:
    """A text held against a schema: the content, or every fault, the one to tell first first; and
    the tables as they were read."""
    text = text.removeprefix("\ufeff")
    stem = Path(file).stem
    if fault := name_fault(stem) or device_fault(stem):  # the name of what is in it, too
        raise InputError(f"the name of the file, {file[:60]!r}, {fault}")
    if stem[:1] in "=+-@":  # it stands in every row of a result, and a spreadsheet reads a formula
        raise InputError(f"the name {file!r} begins with {stem[:1]!r}; begin it with a letter")
    if len(text) > LARGEST:  # bytes of a file, letters of a text from elsewhere
        raise InputError(f"{file} is larger than a megabyte, too large to be a {_what(schema)}")
    values, deepest = extent(text)  # judged before anything is built
    if values > MOST_VALUES:
        raise InputError(
            f"{file} holds some {values:,} values; a {_what(schema)} has at most {MOST_VALUES:,}"
        )
    if deepest > DEEPEST:
        raise InputError(f"{file} has a key of more than {DEEPEST} parts; no {_what(schema)} has")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _malformed(str(error), text, file) from None
    except ValueError:
        raise InputError(f"{file} holds a number of too many digits") from None
    except RecursionError:
        raise InputError(f"{file} is nested too deeply to be a {_what(schema)}") from None
    lines: dict[tuple[str | int, ...], int] = {}

    def line(path: tuple[str | int, ...]) -> int:
        if not lines:  # found when the first place is told
            lines.update(key_lines(text))
        return line_of(lines, path)

    def where(path: tuple[str | int, ...]) -> str:
        return f"{file}, line {line(path)}"

    try:
        return schema.model_validate(content), where, [], content
    except ValidationError as error:
        found = _faults(error, schema)
        return None, where, sorted(found, key=lambda one: (one.order, line(one.path))), content


def _faults(error: ValidationError, schema: type[BaseModel]) -> list[_Fault]:
    """The faults of a content; an unknown key often explains a missing one, so it is told first."""
    details = sorted(
        error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden"
    )
    return [_Fault(detail, schema) for detail in details[:MOST_SORTED]]


def _what(schema: type[BaseModel]) -> str:
    return schema.__name__.lower()


def _malformed(message: str, text: str, file: str) -> InputError:
    """A sentence from the words of the standard reader."""
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if place is None:
        return InputError(f"{file} is not valid TOML: {message}")
    line = int(place[1]) if place[1] else len(text.splitlines())
    what = message[: place.start()]
    return InputError(f"{file}, line {line}: not valid TOML: {what[:1].lower()}{what[1:]}")


def _key(path: tuple[str | int, ...]) -> str:
    """A path as text, its entries of lists counted from one: ``events[2].month``."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else str(part) for part in path)
    return ".".join(parts).replace(".[", "[")


class _Fault:
    """One fault found by the schema, put into words."""

    def __init__(self, detail: Any, schema: type[BaseModel]) -> None:
        self.kind: str = detail["type"]
        self.message: str = detail["msg"]
        self.value: Any = detail.get("input")
        self.context: dict[str, Any] = detail.get("ctx", {})
        self.path, self.table = _follow(detail["loc"], schema)
        if self.kind == "too_many":  # judged for the whole table, before its keys
            self.path = (*self.path, self.context["key"])
        self.order = 0 if self.kind == "extra_forbidden" else 1

    @property
    def key(self) -> str:
        return _key(self.path)

    def sentence(self) -> str:
        fields = list(self.table.model_fields)
        if self.kind == "extra_forbidden":
            owner = self.key.rpartition(".")[0]
            place = f" in {owner}" if owner else ""
            key = str(self.path[-1])
            now = RENAMED.get(key)
            inner = _place_of(key, self.table)
            hint = f"it belongs in {inner!r}" if inner else nearest(key, fields)
            hint = f"it is called {now!r} now" if now in fields else hint
            return f"unknown key {_short(key)}{place}; {hint}"
        if self.kind == "too_many":
            return f"{self.key} {self.context['fault']}"
        if self.kind == "missing":
            owner, _, last = self.key.rpartition(".")
            return f"the key {last!r} is missing" + (f" in {owner}" if owner else "")
        if self.kind == "union_tag_not_found":
            return f"{self.key} has no 'type'; valid are {', '.join(EVENT_TYPES)}"
        if self.kind == "union_tag_invalid":
            tag = str(self.context["tag"])
            return f"unknown type {_short(tag)} of {self.key}; {nearest(tag, EVENT_TYPES)}"
        if self.kind == "literal_error":
            valid = re.findall(r"'([^']*)'", self.context["expected"])
            written = str(self.value)
            near = len(written) >= SHORTEST_GUESSED  # 'US' is not near 'un'
            hint = nearest(written, valid) if near else f"valid are {', '.join(valid)}"
            return f"{self.key} = {_short(self.value)} is not valid; {hint}"
        if self.kind == "value_error":
            return f"{self.key}: {self.context['error']}".replace(": month: ", ": ", 1)
        wish = self.message.replace("Input should be ", "").replace("a valid ", "a ")
        wish = re.sub(r"^(String|List|Dictionary) should have", "with", wish)
        wish = re.sub(r" after validation, not \d+$| or instance of \w+$", "", wish)
        return f"{self.key} = {_short(self.value)} is not valid; it should be {wish}"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "{...}"
    try:
        text = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number of very many digits"
    return text if len(text) <= 60 else text[:57] + "..."


def _follow(
    location: tuple[str | int, ...], schema: type[BaseModel]
) -> tuple[tuple[str | int, ...], type[BaseModel]]:
    """The path in the file of a location in the schema, and the table that holds its last key.

    Locations carry the tags of unions, which are no keys of the file.
    """
    path: list[str | int] = []
    table = holder = schema
    for number, part in enumerate(location):
        before = location[number - 1] if number else None
        if isinstance(before, int) and part in EVENT_TYPES and "events" in location[:number]:
            table = holder = EVENT_TYPES[str(part)]
            continue
        if isinstance(part, str) and re.match(r"(list|literal|dict)\[", part):
            continue
        holder = table
        path.append(part)
        field = table.model_fields.get(str(part))
        inner = _table_in(field.annotation) if field is not None else None
        if inner is not None:
            table = inner
    return tuple(path), holder


def _place_of(key: str, schema: type[BaseModel]) -> str:
    """The key of the one table within a table that would take a key; blank if there is none."""
    for name, field in schema.model_fields.items():
        single = get_origin(field.annotation) not in (list, dict)
        inner = _table_in(field.annotation) if single else None
        if inner is not None and key in inner.model_fields:
            return name
    return ""


def _table_in(annotation: Any) -> type[BaseModel] | None:
    """The table class inside an annotation such as ``dict[str, Variant]``; none for events."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    origin = get_origin(annotation)
    if origin in (list, dict, Union, types.UnionType, Annotated):
        found = [_table_in(part) for part in get_args(annotation)]
        tables = [table for table in found if table is not None]
        return tables[0] if len(tables) == 1 else None
    return None
