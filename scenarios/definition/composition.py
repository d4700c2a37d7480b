"""Scenarios put together: the changes of one on top of another, or why they conflict."""

from collections.abc import Sequence

from model.errors import InputError

from ..file_format.schema import Scenario
from ..storage.scenario_folders import JOIN
from . import checks
from .limits import MOST_EVENTS, MOST_JOINED


def compose(scenarios: Sequence[Scenario]) -> Scenario:
    """The first scenario with the changes of the others; its name is theirs with ``+`` between.

    Period, and what others do after their data end, are those of the first, which is also the
    baseline of the whole; the states that decide are those of all.  What the others expect is left
    out, for it was expected without the rest.

    Raises:
        InputError: two of them contradict each other, or one adds nothing within the period.
    """
    if len(scenarios) > MOST_JOINED:
        raise InputError(
            f"{len(scenarios)} scenarios to put together; at most {MOST_JOINED} are taken"
        )
    if sum(len(one.events) for one in scenarios) > MOST_EVENTS:
        raise InputError(f"the scenarios have more than {MOST_EVENTS} events together")
    whole = scenarios[0]
    for place, other in enumerate(scenarios[1:], start=1):
        if other in scenarios[:place]:
            raise InputError(f"{other.name} is there already; name another scenario to add to it")
        whole = _joined(whole, other)
    return whole.changed(baseline=scenarios[0].name, expect=[])


def _joined(first: Scenario, second: Scenario) -> Scenario:
    for part in ("levers", "uncertainties"):
        mine, theirs = getattr(first, part), getattr(second, part)
        for name in mine:
            if name in theirs and mine[name] != theirs[name]:
                raise InputError(
                    f"{first.name} and {second.name} contradict each other: {name} is "
                    f"{mine[name]:g} in the one and {theirs[name]:g} in the other"
                )
    reforms = {first.reform, second.reform} - {"dated"}
    if len(reforms) > 1:
        raise InputError(
            f"{first.name} and {second.name} contradict each other: reform is {first.reform} in "
            f"the one and {second.reform} in the other"
        )
    checks.together(first, second)
    states: list[str] | str = "all"
    if first.deliberating != "all" and second.deliberating != "all":
        states = list(dict.fromkeys([*first.deliberating, *second.deliberating]))
    whole = first.changed(
        title=f"{first.title}; {second.title}",
        deliberating=states,
        reform=reforms.pop() if reforms else "dated",
        levers=first.levers | second.levers,
        uncertainties=first.uncertainties | second.uncertainties,
        events=[*first.events, *second.events],
        references=list(dict.fromkeys([*first.references, *second.references])),
        variants={},
        axes={},
    ).named(f"{first.name}{JOIN}{second.name}")
    parts = ("deliberating", "reform", "levers", "uncertainties", "events")
    if all(getattr(whole, part) == getattr(first, part) for part in parts):
        raise InputError(
            f"{second.name} adds nothing to {first.name}; name one with events or levers of its own"
        )
    checks.still_decided(second, whole)
    return whole
