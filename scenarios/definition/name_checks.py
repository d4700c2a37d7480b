"""Names and dates as a file must write them; each check raises InputError with the place."""

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


def mission(text: str, own: list[str], place: str) -> None:
    """A documented mission, or one of the scenario's ``own``."""
    if text not in own and text not in lookup.missions():
        raise unknown("mission", text, [*own, *lookup.missions()], place)


def site(text: str, mission: str, place: str) -> None:
    """A site of a documented mission."""
    known = lookup.sites(mission)
    if not known:
        raise InputError(f"{place}: {mission} has no sites in sites.csv; leave {text!r} out")
    if text not in known:
        raise unknown(f"site of {mission}", text, known, place)


def kind(text: str, place: str) -> None:
    """A kind of contribution."""
    if text not in KINDS:
        raise unknown("kind", text, KINDS, place)
