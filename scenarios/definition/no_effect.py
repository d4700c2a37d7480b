"""Events that would change nothing are refused, never ignored."""

from __future__ import annotations

from collections.abc import Callable, Collection

from model.coverage import world_end
from model.errors import InputError, unknown
from model.months import month_number
from model.vocabulary import FORMED, NUMBERS_READ, OFFICERS, STANCE_CLASSES

from ..file_format.dated_event import Event
from ..file_format.law_events import Amend, Enact, LawEvent, Provision
from ..file_format.scenario_events import (
    Alliance,
    Cabinet,
    Capacity,
    Demand,
    OpenCentre,
    Opinion,
    Shock,
    Stance,
    Threat,
)
from . import lookup

BACKGROUND = "background"
POLICE = "police"
NUMBERS = tuple(dict.fromkeys(name for read in NUMBERS_READ.values() for name in read))
NEEDED = {  # what a provision with an effect must say, one of these
    "condition": ("conditions",),
    "ceiling": ("ceiling",),
    "prenegotiate": ("months_saved",),
    "weapons": ("weapons_ease",),
    "weapons_limit": ("weapons_ease",),
    "norm": ("weight_norms",),
    "term": ("term_months", "term_ends"),
    "exit": ("lead_max",),
    "standing_force": ("ceiling",),
}
SEATS = ("lower_seats", "upper_seats", "partner", "override")


def check(event: Event, place: str, at: Callable[[str], str]) -> None:
    """Raise InputError where an event, or a field of it, would change nothing.

    Args:
        place: where the event stands in the file.
        at: the place of one of its fields.
    """
    if isinstance(event, Alliance) and event.pivot != "USA":
        raise InputError(f"{at('pivot')}: the pivotal ally of the tables is the USA; write 'USA'")
    if isinstance(event, Alliance) and event.salience != 1.0 and event.state != "all":
        raise InputError(
            f"{at('state')}: salience applies to all states; remove 'state', or use 'requests' or "
            "'embeddedness', which can differ by state"
        )
    if isinstance(event, LawEvent):
        _background(event, at)
    if isinstance(event, Amend):
        _amend(event, at)
    elif isinstance(event, Enact):
        _enact(event, at)
    elif isinstance(event, Demand):
        _demand(event, at)
    elif isinstance(event, Capacity):
        _capacity(event, at)
    elif isinstance(event, Shock):
        _shock(event, at)
    elif isinstance(event, OpenCentre):
        if event.staff_per_year == 0.0:
            raise InputError(f"{at('staff_per_year')}: a centre without staff changes nothing")
        if event.home and event.partner is not None:
            raise InputError(
                f"{at('partner')}: a partner's centre is not at home; add home = false"
            )
    elif isinstance(event, Cabinet):
        _cabinet(event, at)
    elif isinstance(event, Stance):
        _stance(event, place, at)
    _something(event, place)


def _background(event: LawEvent, at: Callable[[str], str]) -> None:
    """Refuse a change of provisions that no rule reads: by name, or where all that are meant are
    such."""
    if isinstance(event, Amend) and event.change.effect not in (None, BACKGROUND):
        return
    idle = _idle(lookup.provisions(event.instruments, event.reform))
    named = [name for name in idle if name in event.instruments]
    if named or len(idle) == len(lookup.provisions(event.instruments, event.reform)):
        key = "instruments" if event.instruments else "reform"
        raise InputError(
            f"{at(key)}: {(named or idle)[0]} is background, which no rule of the model reads; the "
            f"{event.type_name()} of it would change nothing, name another provision"
        )


def _idle(names: Collection[str]) -> list[str]:
    """Those of the provisions that are background."""
    known = lookup.instruments()
    return [name for name in names if known[name].get("effect") == BACKGROUND]


def _amend(event: Amend, at: Callable[[str], str]) -> None:
    known = lookup.instruments()
    named = lookup.provisions(event.instruments, event.reform)
    effects = {known[name]["effect"] for name in named}
    _numbers(event.change, effects, at("change"))


def _enact(event: Enact, at: Callable[[str], str]) -> None:
    new = event.provision or Provision()
    copied = lookup.provisions(event.like, None) if event.like else []
    if new.effect == BACKGROUND:
        raise InputError(
            f"{at('provision')}: no rule of the model reads a provision that is background; write "
            "another effect"
        )
    if copied and new.effect is None and len(_idle(copied)) == len(copied):
        raise InputError(
            f"{at('like')}: {copied[0]} is background, which no rule of the model reads; a copy of "
            "it would change nothing, name another provision"
        )
    if event.provision is not None:
        known = lookup.instruments()
        _numbers(new, {known[name]["effect"] for name in copied}, at("provision"))


def new_provision(written: Provision, place: str) -> None:
    """Refuse a provision that lacks what its effect is read with."""
    if written.effect is None:
        raise InputError(f"{place}: a new provision needs an 'effect'")
    for key, means in (("kinds", "of people"), ("frameworks", "of missions")):
        if not getattr(written, key):
            raise InputError(
                f"{place}: a new provision needs '{key}'; write [\"all\"] for every one {means}"
            )
    needed = NEEDED.get(written.effect, ())
    if needed and not any(getattr(written, name) for name in needed):
        if written.effect == "ceiling" and written.ceiling == 0:  # nobody may go
            return
        other = " other than 0" if getattr(written, needed[0]) == 0 else ""
        raise InputError(
            f"{place}: a provision whose effect is {written.effect!r} needs "
            f"{' or '.join(needed)}{other}; without, it changes nothing"
        )


def _numbers(written: Provision, effects: Collection[str], place: str) -> None:
    """Refuse a number that no provision with these effects, or the effect written, reads."""
    if written.effect is not None:
        effects = {written.effect}
    for name in NUMBERS:
        readers = [effect for effect, read in NUMBERS_READ.items() if name in read]
        if getattr(written, name) is not None and not set(readers) & set(effects):
            raise InputError(
                f"{place}: {name} has an effect in a provision whose effect is "
                f"{' or '.join(map(repr, readers))} only; leave it out, or write that effect"
            )


def _capacity(event: Capacity, at: Callable[[str], str]) -> None:
    if (event.slots or event.forces != 1.0) and event.kinds:
        what = "slots hold" if event.slots else "forces are of"
        raise InputError(
            f"{at('kinds')}: {what} any kind; write kinds for a pool or a lead time only"
        )
    if event.pool != 1.0 and event.kinds and not set(event.kinds) - set(FORMED):
        raise InputError(
            f"{at('pool')}: a pool is of individuals, and {event.kinds[0]} is a unit; name "
            "kinds of individuals, or change slots or forces"
        )


def pool(event: Capacity, asking: Collection[str], at: Callable[[str], str]) -> None:
    """Refuse a pool of individuals whom no mission asks for by rounds; ``asking``: kinds that the
    scenario has asked for beside officers and police."""
    kinds = [kind for kind in event.kinds if kind not in FORMED]
    if event.pool != 1.0 and kinds and not set(kinds) & {*OFFICERS, POLICE, *asking}:
        raise InputError(
            f"{at('pool')}: a pool is of {', '.join(OFFICERS)} and {POLICE}, and no mission looks "
            f"for {kinds[0]} among all states; name one of those kinds"
        )


def _shock(event: Shock, at: Callable[[str], str]) -> None:
    if event.what.startswith("home") and event.killed:
        raise InputError(f"{at('killed')}: a {event.what} takes slots and kills no contingent")
    if event.months != 1 and not event.slots:
        raise InputError(
            f"{at('months')}: deaths are of one month, and no slots are taken; write slots, or "
            "leave out months"
        )
    if event.group is not None and event.mission != "largest":
        raise InputError(
            f"{at('group')}: {event.mission} is of one group; name a group or a mission"
        )


def _demand(event: Demand, at: Callable[[str], str]) -> None:
    if event.closures < 1.0 and month_number(event.month) <= month_number(world_end()):
        raise InputError(
            f"{at('closures')}: no documented mission is kept longer than it was; below 1 "
            f"closures concern new missions, from a month after {world_end()}"
        )
    if not event.council and event.group in ("un", "other"):
        raise InputError(
            f"{at('council')}: the Council's resolution concerns coalitions, not {event.group}"
        )


def _cabinet(event: Cabinet, at: Callable[[str], str]) -> None:
    written = [key for key in SEATS if getattr(event, key) is not None]
    if event.ramp:
        raise InputError(f"{at('ramp')}: a cabinet changes in one month; leave out ramp")
    if written:
        _has_parliament(event.state, "seats", at(written[0]))
    others = [key for key in written if key != "lower_seats"]
    if others and event.state != "all" and lookup.has_one_chamber(event.state):
        raise InputError(
            f"{at(others[0])}: {event.state} has an assembly that decides alone; write lower_seats"
        )


def _stance(event: Stance, place: str, at: Callable[[str], str]) -> None:
    _has_parliament(event.state, "parties", at("state"))
    if (event.group is None) == (not event.classes):
        raise InputError(
            f"{place}: write either 'group' (un or coalition) or 'classes', a list of "
            f"{', '.join(STANCE_CLASSES)}"
        )
    for name in event.classes:
        if name not in STANCE_CLASSES:
            raise unknown("class of dispatch", name, STANCE_CLASSES, at("classes"))
    if (event.acceptance is None) == (event.change is None):
        raise InputError(
            f"{place}: write either 'acceptance', the share of the bloc that accepts (0 to 1), or "
            "'change', what is added to the documented share (-1 to 1)"
        )
    if event.change == 0.0:
        raise InputError(f"{at('change')}: the stance event changes nothing; write another change")
    if event.party == "partner" and event.state != "all" and lookup.has_one_chamber(event.state):
        raise InputError(
            f"{at('party')}: {event.state} has an assembly that decides alone, and no partner "
            "stops a dispatch; choose government or opposition"
        )


def _has_parliament(state: str, what: str, place: str) -> None:
    governed = {row["state"] for row in lookup.instruments().values()}
    if state not in (*governed, "all"):
        choices = " or ".join(sorted(governed))
        raise InputError(
            f"{place}: no {what} are known of the parliament of {state}; choose {choices}"
        )


def _something(event: Event, place: str) -> None:
    """An event with every field at its neutral value is a slip."""
    neutral: dict[str, object]
    if isinstance(event, Alliance):
        neutral = {"requests": 1.0, "salience": 1.0, "embeddedness": 1.0}
    elif isinstance(event, Demand):
        neutral = {
            "new_missions": 1.0,
            "closures": 1.0,
            "size": 1.0,
            "robustness": 1.0,
            "council": True,
        }
    elif isinstance(event, Capacity):
        neutral = {"slots": 0, "pool": 1.0, "lead_time": 1.0, "forces": 1.0}
    elif isinstance(event, Shock):
        neutral = {"killed": 0, "slots": 0}
    elif isinstance(event, Cabinet):
        neutral = dict.fromkeys((*SEATS, "strength"))
    elif isinstance(event, Opinion | Threat):
        neutral = {"change": 0.0}
    else:
        return
    if all(getattr(event, key) == value for key, value in neutral.items()):
        raise InputError(
            f"{place}: the {event.type_name()} event changes nothing; write {' or '.join(neutral)}"
        )
