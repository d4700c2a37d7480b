"""Names and dates as a file must write them; each check raises InputError with the place."""

from collections.abc import Collection

from model.errors import InputError, unknown
from model.months import month_number
from model.vocabulary import KINDS

from . import lookup


def order(first: str, last: str, place: str) -> None:
    """Two months of which the last must come after the first."""
    if month_number(last) <= month_number(first):
        raise InputError(f"{place}: {last} is not after {first}; the dates are out of order")


def code(text: str, place: str) -> None:
    """In files states are written as codes only, so that a file reads the same everywhere."""
    code = lookup.state(text, place)
    if code != text:
        raise InputError(f"{place}: write the state {text!r} as its code {code!r}")


def mission(text: str, known: Collection[str], place: str) -> None:
    """One of the ``known`` missions: documented, or opened by the scenario."""
    if text not in known:
        raise lookup.unknown_mission(text, known, place)


def host(text: str, place: str) -> None:
    """A state by its code, or a territory that is none."""
    if text not in lookup.hosts():
        try:
            code(text, place)
        except InputError as error:
            others = ", ".join(lookup.hosts()[len(lookup.states()) :])
            raise InputError(f"{error}; of those that are no members: {others}") from None


def kind(text: str, place: str) -> None:
    """A kind of contribution."""
    if text not in KINDS:
        raise unknown("kind", text, KINDS, place)
