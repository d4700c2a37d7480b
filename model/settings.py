"""What a run is asked to do: the one object that scenarios hand to the model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .coverage import world_end
from .own_terms import Term
from .vocabulary import STUDIED

FIRST_MONTH = "1990-11"  # the first month of the panel
LATEST_MONTH = "2040-12"  # no world is built beyond it
REFORMS = ("dated", "endogenous", "none")  # how reform packages come about


@dataclass(frozen=True)
class Event:
    """A dated departure from the baseline; ``values`` are the fields of its ``type``."""

    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """Everything that defines a run except its seed.

    Attributes:
        start, end: first and last month reported, ``YYYY-MM``, both inclusive; without ``end``, the
            last month of the documented world.
        deliberating: ISO codes of the states that decide from the start; ``("all",)`` for everyone.
        afterwards: what the other states do after their data end: ``deliberate`` or ``recorded``
            (they keep observed mission totals).
        overrides: levers and parameters by name; ``name.JPN`` sets one state's deviation.
        events: dated departures, in the order in which they apply.
        point: every run uses point estimates instead of posterior draws.
        reported: states whose people and stocks the tables hold; a matter of output only.
        terms: terms of the user's own theory, those that are functions tabulated.
        reform: ``dated`` as documented, ``endogenous`` an outcome of each run, or ``none``.
    """

    start: str = FIRST_MONTH
    end: str = field(default_factory=world_end)
    deliberating: tuple[str, ...] = STUDIED
    afterwards: str = "recorded"
    overrides: Mapping[str, float] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    reported: tuple[str, ...] = STUDIED
    reform: str = "dated"
    point: bool = False
    terms: tuple[Term, ...] = ()
