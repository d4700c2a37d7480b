"""Every English text that a catalogue has to translate, taken from the program and its tables.

``python -m viz.reports.catalogue_messages`` prints what the catalogues lack, and what they have
that nothing says any more.
"""

from __future__ import annotations

import ast
import json
import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from calibration import documented_record
from calibration.documented_decisions import known_cases
from model import csv_rows
from model.core.utility_terms import MEANING
from model.vocabulary import OUTCOMES, STOCK_UNITS, SUBSTITUTES
from scenarios.comparison import dated_givens, divergence_causes, paired_decisions
from scenarios.definition import library, lookup
from scenarios.explanation import counterfactuals, law_at_date
from scenarios.file_format.outcome_catalogue import MEASURES

from ..language import catalogue, languages
from ..text import wording
from . import shipped_documents

HERE = Path(__file__).resolve().parents[1]
SAYS = {"say": 1, "several": 2, "looked_up": 1, "titled": 1}  # and how many texts they take
LEFT_IN_ENGLISH = (  # of viz: for the command line and for documents, which are English
    "cli",
    "reports",
    "progress.py",
)
SPOKEN_REPORTS = ("criteria_table.py",)
CODE = (
    r"[.#][a-z-]+|docx|pdf|html|"
    r"REQ-\S+|[0-9-]+:\S+|[a-z0-9-]+/[a-z0-9-]+|#[0-9a-f]{6}|[A-Z]+-[A-Z]"
)
DEEPEST = 3  # names that stand for names


@lru_cache(maxsize=1)
def messages() -> dict[str, str]:
    """Every English text to where it comes from."""
    sources = {}
    for path in sorted(HERE.rglob("*.py")):
        part = path.relative_to(HERE)
        if part.parts[0] not in LEFT_IN_ENGLISH or part.name in SPOKEN_REPORTS:
            sources[f"viz/{part}"] = path.read_text(encoding="utf-8")
    elsewhere: dict[str, ast.expr] = {}
    for source in sources.values():
        elsewhere |= constants_of(ast.parse(source))
    found: dict[str, str] = {}
    for place, source in sources.items():
        for text in of_source(source, elsewhere):
            found.setdefault(text, place)
    for module in wording.modules:
        where = f"{module.__name__.replace('.', '/')}.py"
        for text in _texts({name: one for name, one in vars(module).items() if name.isupper()}):
            found.setdefault(text, where)
    for where, texts in of_tables():
        for text in texts:
            found.setdefault(text, where)
    codes = {"", *library.available(), *lookup.missions(), *lookup.states()}
    codes |= {name for name in lookup.parameters() if "_" in name}
    return {text: where for text, where in found.items() if text not in codes and is_text(text)}


def is_text(text: str) -> bool:
    """Whether a text has words of its own, and is no code, file or place to fill in."""
    return bool(re.sub(r"{[^}]*}", "", text)) and not re.fullmatch(CODE, text)


def of_source(source: str, elsewhere: Mapping[str, ast.expr] = MappingProxyType({})) -> list[str]:
    """The texts that a module says, or holds as a table of words.

    A name stands for what it is given in the function or the module; ``elsewhere``: constants of
    other modules.
    """
    tree = ast.parse(source)
    module = constants_of(tree)
    found: list[str] = list(_said(ast.Name("SOURCE"), module)) if "SOURCE" in module else []
    for scope in ast.walk(tree):
        if not isinstance(scope, (ast.FunctionDef, ast.Module)):
            continue
        own = scope.body if isinstance(scope, ast.Module) else [scope]
        local = {} if isinstance(scope, ast.Module) else _given(scope)
        names: dict[str, Any] = {**elsewhere, **module, **local}
        for statement in own:
            if isinstance(scope, ast.Module) and isinstance(
                statement, (ast.FunctionDef, ast.ClassDef)
            ):
                continue
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    found += _of_call(node, names)
    return list(dict.fromkeys(text for text in found if not text.startswith("#")))


def constants_of(tree: ast.Module) -> dict[str, ast.expr]:
    """What is assigned to names at the top of a module."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found |= dict(_pairs(node))
    return found


def _pairs(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """The names of an assignment with what each is given."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield target.id, node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for name, value in zip(target.elts, node.value.elts, strict=True):
                if isinstance(name, ast.Name):
                    yield name.id, value


def _given(scope: ast.AST) -> dict[str, ast.expr]:
    """What is assigned to names within a function, each with everything that it may hold."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for name, value in _pairs(node):
                found.setdefault(name, []).append(value)
    return {name: ast.List(values) for name, values in found.items()}


def _of_call(node: ast.Call, names: Mapping[str, Any]) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in SAYS:
        for part in node.args[: SAYS[name]]:
            yield from _said(part, names)
    elif name in ("Words", "translated") and node.args:
        yield from _said(node.args[0], names)


def _said(node: ast.AST, names: Mapping[str, Any], deep: int = 0) -> Iterator[str]:
    """The whole texts in an expression."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and node.value:
            yield node.value
    elif deep > DEEPEST:
        return
    elif isinstance(node, (ast.Name, ast.Attribute)):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name in names:
            yield from _said(names[name], names, deep + 1)
    elif isinstance(node, ast.IfExp):
        yield from _said(node.body, names, deep)
        yield from _said(node.orelse, names, deep)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for part in node.elts:
            yield from _said(part, names, deep)
    elif isinstance(node, ast.Dict):
        for part in node.values:
            yield from _said(part, names, deep)
    elif isinstance(node, ast.Subscript):  # one of a table of constants
        yield from _said(node.value, names, deep)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words":
        yield from _said(node.args[0], names, deep)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a constant; codes, links and names of files are none."""
    if isinstance(value, str):
        if value and (" " in value or value[:1].isupper() or value.islower()):
            yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if not str(name).startswith("_") and name != "annotations":
                yield from _texts(one)
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _texts(one)


def of_tables() -> list[tuple[str, list[str]]]:
    """Texts that come from tables of the model and of the record, which are said as they are."""
    parameters = list(lookup.parameters().values())
    levers = [row for row in parameters if row["role"] == "lever"]
    entries = documented_record.entries()
    numbers = json.loads(
        (shipped_documents.folder() / "validation.json").read_text(encoding="utf-8")
    )
    forecasts = numbers["skill"]
    aims = [one["aim"] for one in numbers["aims"]]
    named = [one.replace("CRPS of persistence", wording.english.RATIO) for one in aims]
    report = (shipped_documents.folder() / "validation.md").read_text(encoding="utf-8")
    record = documented_record.FOLDER / "disagreements.csv"
    heads = list(csv_rows.read(record)[0])
    kinds = {row["type"] for row in csv_rows.read(lookup.DATA / "agreements.csv", ("type",))}
    plural = {"treaty": "treaties", "memorandum": "memoranda"}
    agreements = sorted(plural.get(kind, f"{kind}s") for kind in kinds)
    requests = csv_rows.read(lookup.DATA / "requests.csv", ("asker",))
    spaced = [name.replace("_", " ") for name in SUBSTITUTES]
    conditions = [text.replace("un resolution", "UN resolution") for text in spaced]
    return [
        ("model/core/utility_terms.py", list(MEANING.values())),
        ("model/vocabulary.py", [*OUTCOMES, *spaced, *conditions, "coalition", "other"]),
        ("scenarios/explanation/counterfactuals.py", [*counterfactuals.AT_BEST.values(), *TURNS]),
        ("scenarios/explanation/law_at_date.py", list(law_at_date.BODIES.values())),
        (
            "scenarios/comparison/divergence_causes.py",
            [*divergence_causes.CAUSES.values(), *divergence_causes.CLASSES.values()],
        ),
        (
            "scenarios/comparison/paired_decisions.py",
            [paired_decisions.NOT_ASKED, paired_decisions.NOT_AGAIN, paired_decisions.NOBODY],
        ),
        (
            "scenarios/comparison/dated_givens.py",
            [dated_givens.SENT, dated_givens.KEPT_HOME, dated_givens.OWN_DECISION],
        ),
        ("model/data/parameters.csv", [row["unit"] for row in levers]),
        ("model/data/parameters.csv", [_capital(row["description"]) for row in levers]),
        ("model/data/parameters.csv", sorted({row["status"] for row in parameters})),
        ("scenarios/data/library", [library.find(name).question for name in library.available()]),
        (
            "calibration/documented_decisions",  # all, as another fit may miss others
            [row["case"] for row in csv_rows.read(known_cases.MEASURED)],
        ),
        ("calibration/record", sorted({one.category.replace("_", " ") for one in entries})),
        ("calibration/record", ["high", "medium", "low"]),
        ("calibration/record/disagreements.csv", [head.replace("_", " ") for head in heads]),
        ("docs/validation.json", sorted({one["group"] for one in forecasts})),
        ("docs/validation.json", sorted({one["forecaster"] for one in forecasts})),
        ("docs/validation.json", [*aims, *map(_capital, named)]),
        (
            "docs/validation.md",
            [line.removeprefix("## ") for line in report.splitlines() if line.startswith("## ")],
        ),
        ("scenarios/studies/three_criteria.py", [*CRITERIA, *agreements]),
        ("viz/charts", list(FIELDS)),
        ("model/vocabulary.py", [STOCK_UNITS[name] for name in wording.english.STOCKS]),
        ("model/vocabulary.py", [name.replace("_", " ") for name in PLAIN]),
        ("scenarios/file_format/outcome_catalogue.py", [one.unit for one in MEASURES.values()]),
        ("model/data/requests.csv", sorted({row["asker"] for row in requests})),
        ("calibration/documented_decisions", ["at least {share}", "at most {share}"]),
    ]


TURNS = (  # what the counterfactuals say of a change, and what they call what is lacking
    "open without it",
    "refused without it",
    "the coalition partner would have to agree",
    "ready personnel",
    "trained officers",
    "lower house",
    "upper house",
    "Diet",
    "National Assembly",
    "no permission",
    "stays",
    "leaves",
    "all",
)
CRITERIA = (  # names of ``three_criteria`` and of the types of its agreements
    "law and first participation", "human resources", "agreements and dialogue",
    "personnel in UN missions", "personnel in coalitions", "first new mission",
    "provisions newly in force", "missions joined for the first time", "training centres at home",
    "centres abroad supported", "money for centres", "instructors sent", "people trained",
    "courses, visits and programmes", "exercises", "training support", "trained officers ready",
    "all together", "number", "USD", "activities", "month", "people, average month",
    "people, last month",
)  # fmt: skip
PLAIN = (  # frameworks by their names
    "disaster_relief", "bilateral_training", "evacuation", "mine_clearance",
)  # fmt: skip
FIELDS = (  # of tables behind charts
    "chance", "verdict", "name", "from", "to", "share", "most", "what", "up", "down",
)  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def missing(language: str) -> list[str]:
    """Texts that a catalogue does not translate."""
    known = catalogue.texts(language)
    return [text for text in messages() if text not in known]


def unused(language: str) -> list[str]:
    """Texts that a catalogue translates and nothing says."""
    return [text for text in catalogue.texts(language) if text not in messages()]


def places(text: str) -> list[str]:
    """The places that are filled in in a text, with their format, in order of their names."""
    return sorted(
        f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None
    )


def main(arguments: Iterable[str]) -> int:
    """Print what is missing and what is left over; 1 where a catalogue lacks a text."""
    lacking = False
    for language in languages.LANGUAGES:
        if language == languages.ENGLISH:
            continue
        lacks, over = missing(language), unused(language)
        whole = len(messages())
        print(f"{language}: {whole - len(lacks)} of {whole} texts; {len(over)} not used")
        if "--list" in arguments:
            print(*(f"- {text}" for text in lacks), sep="\n")
            print(*(f"+ {text}" for text in over), sep="\n")
        lacking = lacking or bool(lacks)
    return int(lacking)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
