"""The start of a run, the four steps of a month and their parts, as Python calls them."""

from ..core.jit import entry
from ..steps import menu, renewal, response, schedule
from . import run_arrays


@entry
def reset(world, run, key, row):
    """As ``run_arrays.reset``."""
    run_arrays.reset(world, run, key, row)


@entry
def begin(world, run, month):
    """As ``schedule.begin``."""
    schedule.begin(world, run, month)


@entry
def deliberate(world, run, month, state):
    """As ``schedule.deliberate``."""
    schedule.deliberate(world, run, month, state)


PARTS = (
    "review",
    "approach",
    "is_answered",
    "lay_out",
    "choose",
    "follow_up",
    "taken_up",
    "next_term",
)
REVIEW, APPROACH, IS_ANSWERED, LAY_OUT, CHOOSE, FOLLOW_UP, TAKEN_UP, NEXT_TERM = range(len(PARTS))


@entry
def part(world, run, month, state, which, number, chosen):
    """One of ``PARTS`` of ``deliberate`` alone, for an agent that does another its own way.

    One entry for all: handing over a world is most of the work of compiling one.

    Args:
        number: of a request; of a refused one for ``taken_up``; of a deployment for ``next_term``.
        chosen: place on the menu.

    Returns:
        What the part returns; 0 where that is nothing.
    """
    if which == REVIEW:
        schedule.review(world, run, month, state)
    elif which == APPROACH:
        schedule.approach(world, run, month, state)
    elif which == IS_ANSWERED:
        return 1 if schedule.is_answered(world, run, month, state, number) else 0
    elif which == TAKEN_UP:
        return schedule.taken_up(world, run, month, state, number)
    elif which == NEXT_TERM:
        return renewal.next_term(world, run, month, state, number)
    elif which == CHOOSE:
        row = run.requests[number]
        return menu.choose_from(world, run, state, row.mission, row.kind)
    else:
        size = response.size_for(world, run, month, state, number)
        if which == FOLLOW_UP:
            return response.follow_up(world, run, month, state, number, size, chosen)
        response.lay_out(world, run, month, state, number, size)
    return 0


@entry
def settle(world, run, month):
    """As ``schedule.settle``."""
    schedule.settle(world, run, month)


@entry
def live(world, run, month, first, last):
    """As ``schedule.live``, for the states from the row ``first`` to the one before ``last``."""
    for state in range(first, last):
        schedule.live(world, run, month, state)
