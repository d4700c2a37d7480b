"""Settling a month: offers beyond the need are scaled, promises become deployments."""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import records
from ..core.jit import entry, shared_step
from ..rules.force_generation import largest_remainder
from .deployments import deploy


@entry
def settle(world, run, month):
    """Step 3 of a month: scale what exceeds the need, turn promises into deployments."""
    offers = run.counts[records.OFFERS]
    for number in range(run.counts[records.REQUESTS]):
        row = run.requests[number]
        if row.state >= 0:
            continue
        scale(world, run, number, row.kind, row.people)
    for i in range(offers):
        offer = run.offers[i]
        people = offer.people
        if people <= 0:
            continue
        if (run.kinds_here[offer.state, offer.mission] >> offer.kind) & 1 == 1:
            # Rounds may bring a further unit where one is; a request by name brings the first.
            by_name = run.requests[offer.request].state >= 0
            if by_name or not world.kinds[offer.kind].formed:
                continue
        arrives = max(month + offer.lead, world.missions[offer.mission].start)
        deploy(
            world,
            run,
            offer.state,
            mission=offer.mission,
            kind=offer.kind,
            framework=offer.framework,
            people=people,
            asked=offer.since,
            ordered=month,
            arrives=arrives,
            since=arrives,
            crisis=offer.crisis,
            ask=offer.ask,
            term=arrives + int(run.parameters[offer.state, P.TERM_MONTHS]),
        )


@shared_step
def scale(world, run, number, kind, need):
    """Scale the offers of one request to its need; units below their minimum are dropped, the
    smallest first, and the rest scaled again."""
    minimum = world.kinds[kind].minimum if world.kinds[kind].formed else 1
    while True:
        count = 0
        for i in range(run.counts[records.OFFERS]):
            offer = run.offers[i]
            if offer.request == number and offer.kind == kind and offer.people > 0:
                run.amounts[0, count] = offer.people
                count += 1
        if count == 0:
            return
        largest_remainder(run.amounts[0], count, need, run.amounts[1])
        smallest = -1
        place = 0
        for i in range(run.counts[records.OFFERS]):
            offer = run.offers[i]
            if offer.request == number and offer.kind == kind and offer.people > 0:
                if run.amounts[1, place] < minimum:
                    if smallest < 0 or offer.people < run.offers[smallest].people:
                        smallest = i
                place += 1
        if smallest < 0 or count == 1:
            place = 0
            for i in range(run.counts[records.OFFERS]):
                offer = run.offers[i]
                if offer.request == number and offer.kind == kind and offer.people > 0:
                    offer.people = run.amounts[1, place] if smallest < 0 else 0
                    place += 1
            return
        run.offers[smallest].people = 0
