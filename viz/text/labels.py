"""Words for states, kinds, frameworks, requests and what decided an answer, said once for all."""

from collections.abc import Mapping
from functools import lru_cache

from model import csv_rows
from model.data_folder import DATA
from model.errors import InputError
from model.vocabulary import KIND_LABELS
from model.world.documented_requests import ADDED
from scenarios.definition import lookup

from ..language.languages import ENGLISH
from ..language.names import name_of
from ..language.spoken import Words, current, say

OPENED = "own"  # name of a scenario file that a visitor of the web app has opened
OWN_FILE = "Own file"
STATE_NAMES: dict[str, str] = {
    "JPN": "Japan",
    "KOR": "Korea",
    "USA": "United States",
    "CHN": "China",
    "IND": "India",
    "BGD": "Bangladesh",
    "PAK": "Pakistan",
    "NPL": "Nepal",
    "ETH": "Ethiopia",
    "RWA": "Rwanda",
}
KIND_NAMES: dict[str, str] = {"all": "people"} | KIND_LABELS
PERSONNEL: dict[str, str] = {  # so many of a kind, where its name is no word for people
    "transport": "transport personnel",
    "movement_control": "movement control personnel",
    "communications": "communications personnel",
    "medical": "medical personnel",
    "air_transport": "air transport personnel",
    "naval": "naval personnel",
    "helicopter": "helicopter personnel",
    "special_forces_training": "special forces trainers",
    "relief_unit": "relief personnel",
    "formed_police": "formed police",
}
FRAMEWORK_NAMES = Words(
    {
        "un": "UN missions",
        "coalition": "coalitions",
        "other": "other missions",
    }
)


REASONS = Words(
    {
        "new_mandate": "open call for a new mandate",
        "reinforcement": "open call for a reinforcement",
        "vacancy": "open call for a vacancy",
        "documented": "documented request",
        "ally": "documented request of the ally",
        "renewal": "renewal",
    }
)
GATES = Words(
    {
        "open": "open",
        "open_after_lead": "open, with a vote before",
        "needs_statute": "needs a statute",
        "shut": "shut",
    }
)
STOPS = Words(
    {
        "law": "the law",
        "capacity": "capacity",
        "choice": "choice",
        "vote": "the vote",
        "too_small": "its usual size, below the smallest unit",
    }
)
AUTHORISERS = Words(
    {
        "none": "no particular body",
        "minister": "minister",
        "cabinet": "cabinet",
        "diet": "{legislature}, before dispatch",
        "diet_after": "{legislature}, after dispatch",
        "assembly": "{legislature}",
    }
)
MODES = Words(
    {"routine": "at routine pace", "crisis": "urgently", "disaster": "after a natural disaster"}
)
GRADE_WORDS = Words(  # how a request first came; blank where nobody knows
    {
        "none": "",
        "own_study": "a study of its own",
        "general_call": "a general call",
        "sounding": "a sounding",
        "leader": "a leader in person",
        "formal_note": "a formal note",
    }
)
THE_SCENARIO = "the scenario"  # asks for what no document has
ANSWERS = Words(
    {  # where the word of the table needs the ladder to be understood
        "smaller": "a smaller unit",
        "cheaper": "a few people of another kind instead",
        "substitute": "something else instead",
    }
)
ASKERS = Words({"un": "the UN", "ally": "the ally", "host": "the host", "body": "another body"})


def authoriser(name: str, state: str) -> str:
    """Who agrees to a dispatch, a legislature by what it is called in the state."""
    return say(AUTHORISERS.english.get(name, name), legislature=legislature(state))


def legislature(state: str) -> str:
    """What the legislature of a state is called."""
    return name_of("body", f"legislature of {state}", lookup.legislature(state))


def is_added(request: str) -> bool:
    """Whether a scenario adds the request of this name."""
    return request.startswith(ADDED)


def documented(request: Mapping[str, str], noted: bool = True) -> str:
    """The documented answer to a request, with its source, and its note where that is in the
    language of the reader, English; ``noted``: whether the note is wanted."""
    text = answered(request)
    note = note_of(request)
    if noted and note and current() == ENGLISH:
        text += f"; {note}"
    source = request.get("source")
    return text + say(" (source: {source})", source=source) if source else text


def note_of(request: Mapping[str, str]) -> str:
    """The note of the record on a request, in English; blank where it has none."""
    # it may open with the word for the pace, which is printed next to the asker
    return request.get("note", "").removeprefix(request.get("mode", "") + ": ")


def answered(request: Mapping[str, str]) -> str:
    """The documented answer to a request: what, when, and when people arrived."""
    answer = request["documented_answer"]
    if answer == lookup.NOBODY_ASKED:
        return say("no request is documented")
    if not answer:
        return say("answer not documented")
    words = say(ANSWERS.english.get(answer, answer))
    when, there = request.get("answer_month"), request.get("arrival_month")
    if when and there:
        return say("{words} in {month}, there in {there}", words=words, month=when, there=there)
    if when:
        return say("{words} in {month}", words=words, month=when)
    return say("{words}, there in {there}", words=words, there=there) if there else words


def mission_name(mission: str) -> str:
    """What a mission is called: an abbreviation as it is; one that the model names by English
    words by its name in the language of the reader."""
    return name_of("mission", mission, mission) if any(map(str.islower, mission)) else mission


def scenario_name(name: str) -> str:
    """What a scenario is called where its name stands in English; in Japanese and Korean, its
    title, and the name itself where it has none.  A file opened in the web app has no name."""
    if name == OPENED:
        return say(OWN_FILE)
    return name_of("variant" if "/" in name else "scenario", name, name)


def provision_title(key: str, title: str) -> str:
    """The title of a provision; in Japanese and Korean the official one."""
    return name_of("provision", key, title)


def state_name(iso3: str) -> str:
    """Return the short name of a state, or the code itself where it is none's."""
    return name_of("state", iso3, STATE_NAMES.get(iso3) or _listed_names().get(iso3, iso3))


@lru_cache(maxsize=1)
def _listed_names() -> dict[str, str]:
    """Names in the table of states."""
    table = csv_rows.read(DATA / "states.csv", ("iso3", "name"))
    return {row["iso3"]: row["name"] for row in table}


def kind_name(kind: str) -> str:
    """Return the words for a kind in running text, e.g. 'engineers'."""
    return name_of("kind", kind, KIND_NAMES.get(kind, kind.replace("_", " ")))


def personnel_of(kind: str) -> str:
    """People of a kind without their number.

    Example:
        >>> personnel_of("engineer"), personnel_of("naval")
        ('engineers', 'naval personnel')
    """
    return name_of("kind", kind, PERSONNEL.get(kind) or kind_name(kind))


def people_of(number: int, kind: str) -> str:
    """So many people of a kind.

    Example:
        >>> people_of(350, "engineer"), people_of(1, "staff"), people_of(100, "helicopter")
        ('350 engineers', '1 staff officer', '100 helicopter personnel')
    """
    name = PERSONNEL.get(kind) or KIND_NAMES.get(kind, kind.replace("_", " "))
    name = name.removesuffix("s") if number == 1 else name
    return say("{number:,} {kind}", number=number, kind=name_of("kind", kind, name))


def framework_name(framework: str) -> str:
    """Return the words for a framework group: un, coalition or other."""
    if framework not in FRAMEWORK_NAMES:
        valid = ", ".join(FRAMEWORK_NAMES)
        raise InputError(f"Framework '{framework}' cannot be drawn; choose one of: {valid}.")
    return FRAMEWORK_NAMES[framework]
