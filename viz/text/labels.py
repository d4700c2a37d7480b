"""Words for states, kinds, frameworks, requests and what decided an answer, said once for all."""

from collections.abc import Mapping
from functools import lru_cache

from model import csv_rows
from model.data_folder import DATA
from model.errors import InputError
from model.vocabulary import KIND_LABELS
from scenarios.definition import lookup
from scenarios.explanation.decisions import NOBODY_ASKED

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
FRAMEWORK_NAMES: dict[str, str] = {
    "un": "UN missions",
    "coalition": "coalitions",
    "other": "other missions",
}


REASONS = {
    "new_mandate": "open call for a new mandate",
    "reinforcement": "open call for a reinforcement",
    "vacancy": "open call for a vacancy",
    "documented": "documented request",
    "ally": "documented request of the ally",
    "renewal": "renewal",
}
GATES = {
    "open": "open",
    "open_after_lead": "open, with a vote before",
    "needs_statute": "needs a statute",
    "shut": "shut",
}
STOPS = {
    "law": "the law",
    "capacity": "capacity",
    "choice": "choice",
    "vote": "the vote",
    "no_need": "no need left to fill",
}
AUTHORISERS = {
    "none": "no particular body",
    "minister": "minister",
    "cabinet": "cabinet",
    "diet": "{legislature}, before dispatch",
    "diet_after": "{legislature}, after dispatch",
    "assembly": "{legislature}",
}
MODES = {"routine": "at routine pace", "crisis": "in a crisis"}
ANSWERS = {  # where the word of the table needs the ladder to be understood
    "smaller": "a smaller unit",
    "cheaper": "something smaller of another kind",
    "substitute": "something else instead",
}
ASKERS = {"un": "the UN", "ally": "the ally", "host": "the host", "body": "another body"}


def authoriser(name: str, state: str) -> str:
    """Who agrees to a dispatch, a legislature by what it is called in the state."""
    return AUTHORISERS.get(name, name).format(legislature=lookup.legislature(state))


def documented(request: Mapping[str, str]) -> str:
    """The documented answer to a request, with its note and source."""
    text = answered(request)
    if request.get("note"):
        # the note may open with the word for the pace, which is printed next to the asker
        text += f"; {request['note'].removeprefix(request.get('mode', '') + ': ')}"
    return text + f" (source: {request['source']})" if request.get("source") else text


def answered(request: Mapping[str, str]) -> str:
    """The documented answer to a request: what, when, and when people arrived."""
    answer = request["documented_answer"]
    if answer == NOBODY_ASKED:
        return "no request is documented"
    when = f" in {request['answer_month']}" if request.get("answer_month") else ""
    arrival = f", there in {request['arrival_month']}" if request.get("arrival_month") else ""
    words = ANSWERS.get(answer, answer)
    return f"{words}{when}{arrival}" if answer else "answer not documented"


def state_name(iso3: str) -> str:
    """Return the short English name of a state, or the code itself where it is none's."""
    return STATE_NAMES.get(iso3) or _listed_names().get(iso3, iso3)


@lru_cache(maxsize=1)
def _listed_names() -> dict[str, str]:
    """Names in the table of states."""
    table = csv_rows.read(DATA / "states.csv", ("iso3", "name"))
    return {row["iso3"]: row["name"] for row in table}


def kind_name(kind: str) -> str:
    """Return the words for a kind in running text, e.g. 'engineers'."""
    return KIND_NAMES.get(kind, kind.replace("_", " "))


def framework_name(framework: str) -> str:
    """Return the words for a framework group: un, coalition or other."""
    if framework not in FRAMEWORK_NAMES:
        valid = ", ".join(FRAMEWORK_NAMES)
        raise InputError(f"Framework '{framework}' cannot be drawn; choose one of: {valid}.")
    return FRAMEWORK_NAMES[framework]
