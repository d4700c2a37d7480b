"""What a state agent's steps are given: a request, an alternative, a presence whose term ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..vocabulary import FORMED


@dataclass(frozen=True)
class Request:
    """What a state is asked for.

    Attributes:
        number: among the requests of the month.  name: id of a documented one, else blank.
        mission, framework, group, kind: labels; ``group`` is un, coalition or other.
        people: asked for, or wanted in all where the call is open.
        by_name: this state was asked, not whoever may help.  by_ally: and by its pivotal ally.
        grade: of the first contact.  crisis: whether time presses.  reason: of the request.
    """

    number: int
    name: str
    mission: str
    framework: str
    group: str
    kind: str
    people: int
    by_name: bool
    by_ally: bool
    grade: str
    crisis: bool
    reason: str

    @property
    def is_unit(self) -> bool:
        """Whether a formed unit is asked for, and not single officers or police."""
        return self.kind in FORMED


@dataclass(frozen=True)
class Alternative:
    """One way to answer a request.

    Attributes:
        place: on the menu.  form: ``as_asked``, ``officers`` instead, or ``own_operation``.
        mission, kind, people, site: what would be sent where.
        utility: its worth, in log odds.  terms: what each term adds to it, by name.
        shut_by: ``law``, ``capacity`` or ``vote`` where it cannot be sent, else blank.
    """

    place: int
    form: str
    mission: str
    kind: str
    people: int
    site: str
    utility: float
    terms: Mapping[str, float]
    shut_by: str


@dataclass(frozen=True)
class Presence:
    """People whose term ends now.

    Attributes:
        mission, kind, people: what is there.  months: since it was ordered there.
    """

    mission: str
    kind: str
    people: int
    months: int
